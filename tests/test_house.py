"""The house: the files that say how the project is installed, built and licensed agree with each other."""

import ast
import configparser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def tree():
    """Every file of the project that is or would be committed (without git: every file that no tool has made)."""
    made = {".git", ".venv", "__pycache__", "build", "dist", "libplans.egg-info", ".pytest_cache", ".ruff_cache"}
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.split("\0")
        return [path for path in sorted({ROOT / name for name in listed if name}) if path.is_file()]
    return [path for path in sorted(ROOT.rglob("*")) if path.is_file() and not made & set(path.relative_to(ROOT).parts)]


def pins(text):
    """{name: requirement} of a requirements file; a name that stands twice is an error."""
    found = [Requirement(line.split(" \\")[0].split(" #")[0]) for line in re.findall(r"^[A-Za-z0-9].*", text, re.M)]
    assert len({canonicalize_name(pin.name) for pin in found}) == len(found)
    return {canonicalize_name(pin.name): pin for pin in found}


def wanted():
    """Every requirement that pyproject.toml names, wherever it names it."""
    groups = [*PROJECT["optional-dependencies"].values(), *PYPROJECT["dependency-groups"].values()]
    groups += [PROJECT["dependencies"], PYPROJECT["build-system"]["requires"]]
    named = [Requirement(line) for group in groups for line in group]
    return [requirement for requirement in named if requirement.name != PROJECT["name"]]  # one extra in another


# ---- the four files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_requirements_pins_each_dependency_within_its_bounds(requirement):
    (pin,) = pins(read("requirements.txt"))[canonicalize_name(requirement.name)].specifier
    assert pin.operator == "==" and requirement.specifier.contains(pin.version)


def test_every_dependency_states_the_least_version_it_needs():
    unbound = [line for line in PROJECT["dependencies"] if ">=" not in line]
    assert unbound == []


def imported(folder):
    """The modules from elsewhere that the Python files of a folder import, lazily or not."""
    files = [path for path in tree() if path.suffix == ".py" and folder in path.parents]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"libplans"}


def test_whatever_the_package_imports_is_declared_and_installed():
    lines = [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["scale"],
    ]  # the extra only where it is asked for
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    givers = metadata.packages_distributions()
    given = {name: {canonicalize_name(giver) for giver in givers.get(name, [])} for name in imported(ROOT / "libplans")}
    assert {name: found for name, found in given.items() if not found & declared} == {}


def test_the_lock_is_the_requirements_with_hashes():
    lock = read("requirements.lock")
    assert {name: str(pin) for name, pin in pins(lock).items()} == {
        name: str(pin) for name, pin in pins(read("requirements.txt")).items()
    }
    blocks = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", lock, re.M | re.S)
    unhashed = [block for block in blocks if not re.fullmatch(r"\S+==.*?( \\\n +--hash=sha256:[0-9a-f]{64})+\n", block)]
    assert unhashed == [] and len(blocks) > 100


def test_nothing_but_pins_stands_in_the_requirements():
    odd = [line for line in read("requirements.txt").splitlines() if not re.match(r"[a-z0-9-]+==[\w.]+( ; .*)?$", line)]
    assert odd == []


def test_the_pins_hold_on_every_supported_system_and_python():
    """A pin may leave a system out (pywinpty), but all that the project names itself is there for all."""
    named = {canonicalize_name(requirement.name) for requirement in wanted()}
    assert [str(pin) for name, pin in pins(read("requirements.txt")).items() if name in named and pin.marker] == []


def test_conda_adds_nothing_to_the_pins():
    environment = yaml.safe_load(read("environment.yml"))
    *packages, pip = environment["dependencies"]
    assert environment["channels"] == ["conda-forge"]
    assert pip == {"pip": ["-r requirements.txt", "-e ."]}
    python, installer = map(Requirement, packages)
    assert (python.name, str(installer)) == ("python", "pip")
    assert python.specifier == supported()


def supported():
    """The Pythons that pyproject.toml allows, up to the last that its classifiers name."""
    named = [int(name) for name in re.findall(r"Python :: 3\.(\d+)", "\n".join(PROJECT["classifiers"]))]
    assert named == list(range(named[0], named[-1] + 1))
    assert PROJECT["requires-python"] == f">=3.{named[0]}"
    return SpecifierSet(f">=3.{named[0]},<3.{named[-1] + 1}")


def test_the_set_up_takes_the_same_pythons():
    assert supported() == SpecifierSet(f">={setup.version(setup.OLDEST)},<3.{setup.NEWEST[1] + 1}")


def test_no_second_lock_no_registry_no_path_of_this_machine():
    words = ["pypi" + ".org", "python" + "hosted", "anaconda" + ".org", "mirrors" + ".aliyun", "tuna" + ".tsinghua"]
    words += ["index" + "-url", "find" + "-links", "--trusted" + "-host", "PIP_" + "INDEX", "UV_" + "INDEX", str(ROOT)]
    found = {}
    for path in tree():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found[path.name] = [word for word in words if word in text]
    assert {name: said for name, said in found.items() if said} == {}
    assert {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"} & {path.name for path in tree()} == set()


# ---- what is installed ----------------------------------------------------------------------------------------------


def test_a_wheel_carries_the_package_with_its_data(tmp_path):
    """A wheel built from a copy of the tree holds every file of the package, the data and fonts among them."""
    pytest.importorskip("setuptools", minversion="77")  # as [build-system] asks; the lock has it
    files = [path.relative_to(ROOT) for path in tree() if path.is_relative_to(ROOT / "libplans")]
    for name in [*files, Path("pyproject.toml"), Path("README.md"), Path("LICENSE")]:
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "tree" / name)
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, tmp_path], cwd=tmp_path / "tree", capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        entry = configparser.ConfigParser()
        (points,) = (name for name in inside if name.endswith("entry_points.txt"))
        entry.read_string(archive.read(points).decode())
    assert {name.as_posix() for name in files} - inside == set()
    assert entry["console_scripts"]["libplans"] == "libplans.cli:main"


def test_one_version_and_one_licence():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"] == read("LICENSE").split()[0] == "MIT"
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert "libplans contributors" in read("LICENSE")


# ---- make, CI, git --------------------------------------------------------------------------------------------------


def test_each_make_target_is_one_line():
    rules = dict(re.findall(r"^([a-z]+):.*\n((?:\t.*\n)*)", read("Makefile"), re.M))
    assert {"setup", "test", "report", "lab", "lock", "clean"} <= set(rules)
    assert {name: recipe for name, recipe in rules.items() if recipe.count("\n") != 1} == {}


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_make_says_when_the_python_is_missing(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    run = subprocess.run(
        ["make", "PYTHON=python-of-nobody", "setup"], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert run.returncode != 0 and "No python-of-nobody here: install Python 3.11 or later" in run.stderr


def test_ci_runs_the_tests_then_the_report_then_looks_for_changes():
    text = read(".ci/run")
    assert "set -euo pipefail" in text
    steps = [text.index(step) for step in ("\nmake test\n", "\nmake report\n", '\nunchanged "make report"\n')]
    assert steps == sorted(steps)
    assert os.name == "nt" or os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.skipif(not (shutil.which("git") and (ROOT / ".git").exists()), reason="no git repository here")
@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        ("data/raw/national.txt", {"text": "unset"}),  # hashed: never converted
        ("data/processed/plans.csv", {"text": "auto", "eol": "lf"}),
        ("figures/reuse.svg", {"text": "auto", "eol": "lf"}),
        ("notebooks/01_corpus.ipynb", {"text": "auto", "eol": "lf"}),
        ("figures/reuse.png", {"text": "unset"}),
    ],
)
def test_checkouts_have_the_same_bytes_on_every_system(path, attributes):
    command = ["git", "check-attr", "text", "eol", "--", path]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    found = dict(line.split(": ")[1:] for line in said.splitlines())
    assert found.items() >= attributes.items()


# ---- tools/environment.py -------------------------------------------------------------------------------------------

_SPEC = importlib.util.spec_from_file_location("environment", ROOT / "tools" / "environment.py")
setup = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(setup)


@pytest.fixture
def ready(tmp_path, monkeypatch):
    """A project whose environment has just been built."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(setup, "ROOT", str(tmp_path))
    monkeypatch.setattr(setup, "STAMP", str(tmp_path / ".venv" / "stamp"))
    monkeypatch.setattr(setup, "VENV_PYTHON", sys.executable)
    (tmp_path / ".venv" / "stamp").write_text(setup.stamp(), encoding="utf-8")
    assert setup.is_ready()
    return tmp_path


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_the_environment_is_built_anew_when_the_pins_change(ready, name):
    with open(ready / name, "a", encoding="utf-8") as file:
        file.write("\n")
    assert not setup.is_ready()


def test_the_environment_is_built_anew_when_the_folder_has_moved(ready, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", str(shutil.copytree(ready, ready / "moved")))
    assert not setup.is_ready()


def test_the_environment_is_built_anew_after_an_interruption(ready):
    (ready / ".venv" / "stamp").unlink()
    assert not setup.is_ready()


@pytest.mark.parametrize(("python", "reason"), [((3, 9), "is too old"), ((3, 99), "is newer than the pinned")])
def test_an_unfit_python_is_named_with_what_to_do(monkeypatch, python, reason):
    monkeypatch.setattr(setup.sys, "version_info", (*python, 0, "final", 0))
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as stopped:
        setup.main()
    assert reason in str(stopped.value) and "make PYTHON=python3.14 setup" in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_a_fit_python_on_the_path_is_taken_instead(monkeypatch, capfd):
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 0, "final", 0))
    monkeypatch.setattr(setup.shutil, "which", lambda name: sys.executable if name == "python3.12" else None)
    monkeypatch.setattr(setup.subprocess, "call", lambda command: command)
    assert setup.main()[0] == sys.executable
    assert "is Python 3.9; taking" in capfd.readouterr().out
