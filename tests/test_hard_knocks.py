"""Hard knocks: whatever happens to a run, no file is ever half, no two generations mix, and the next run succeeds."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from small_project import make, reported, results, started

from libplans import PlanError
from libplans.runs import publish
from libplans.runs.lock import alone
from libplans.runs.publish import JOURNAL, WORK, publishing, staged

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits as on Unix")
LEFT = (".tmp", ".old")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A project reported once, in a hostile place: spaces and Chinese in its path, locale C, a home that is a file."""
    root = tmp_path_factory.mktemp("规划 一") / "my project 项目"
    make(root)
    home = root / "home"
    home.write_text("a file", "utf-8")
    hostile = {"LC_ALL": "C", "LANG": "C", "HOME": str(home), "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1"}
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONUTF8", "JUPYTER_DATA_DIR")}
    status, said = reported(root, env={**environment, **hostile, "OMP_NUM_THREADS": "2"})
    assert status == 0, said
    return root


@pytest.fixture
def project(reports, tmp_path):
    """A copy of that project with its cache."""
    return shutil.copytree(reports, tmp_path / "项 目")


def whole(root):
    """Nothing is left behind of an interrupted run."""
    assert not (root / "data" / WORK).exists()
    assert [path.name for path in root.rglob("*") if path.name.endswith(LEFT) and ".cache" not in path.parts] == []


def test_a_report_in_a_hostile_place_is_whole(reports):
    made = results(reports)
    assert {"data/processed/plans.csv", "figures/corpus_zh.pdf", "figures/reader.html", "notebooks/tiny.ipynb"} <= set(
        made
    )
    outputs = [cell["outputs"] for cell in json.loads(made["notebooks/tiny.ipynb"])["cells"]]
    assert "one" in str(outputs[-1]) and "two" in str(outputs[-1])
    whole(reports)


def unshared():
    """The start of a command that has no network, where the system allows it."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return []
    start = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return start if subprocess.run([*start, "true"], capture_output=True).returncode == 0 else []


def test_another_machine_gives_the_same_bytes_without_network_and_without_cache(project):
    """Other hash seed, threads, time zone and locale; `.cache` is a file, so that nothing can be kept there."""
    before = results(project)
    shutil.rmtree(project / ".cache")
    (project / ".cache").write_text("", "utf-8")
    for path in [*(project / "data" / "processed").glob("*.csv"), *(project / "figures").glob("*.*")]:
        path.unlink()
    other = {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1"}
    status, said = reported(project, env={**os.environ, **other}, command=unshared())
    assert status == 0, said
    assert said.count("cache:") == 1 and "the run goes on without it" in said
    assert results(project) == before


def test_an_unchanged_second_run_computes_nothing_and_leaves_every_byte_and_time(project):
    before = results(project)
    times = {path: path.stat().st_mtime_ns for path in project.rglob("*.*") if ".cache" not in path.parts}
    status, said = reported(project)
    assert status == 0 and said.count("kept") >= 11 and "0 of 2 drawn" in said and "notebook tiny … kept" in said
    assert results(project) == before
    assert {path: path.stat().st_mtime_ns for path in times if path.is_file()} == {
        path: stamp for path, stamp in times.items() if path.is_file()
    }
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2_000_000  # kB, the largest of all runs so far


def test_a_damaged_cache_is_said_and_made_anew(project):
    """In each entry one bit is another, or the last byte is missing."""
    before = results(project)
    for number, path in enumerate(sorted((project / ".cache").glob("libplans/??/*"))):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content if number % 2 else path.read_bytes()[:-1])
    status, said = reported(project)
    assert status == 0 and said.count("is damaged") > 10 and "kept" not in said
    assert results(project) == before


def edit_notebook(project, *sources):
    path = project / "notebooks" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(notebook, path)


def lose_a_table(project):
    """A table is missing, so that the next run has more to write than it changes."""
    (project / "data" / "processed" / "plans.csv").unlink()


def test_a_cell_that_fails_late_leaves_the_tables_as_they_were(project):
    lose_a_table(project)
    edit_notebook(project, "raise ValueError('late')")
    before = results(project)
    status, said = reported(project)
    last = said.strip().split("\n")[-1]
    assert status == 1 and "notebooks/tiny.ipynb: a cell failed: ValueError: late" in last
    assert results(project) == before
    whole(project)


def test_a_changed_parameter_runs_its_notebook_and_nothing_else(project):
    before = results(project)
    edit_notebook(project, 'import libplans as lp\n\nprint(len(lp.load("../data")))', "share = 2")
    status, said = reported(project)
    assert status == 0 and "0 of 2 drawn" in said and "notebook tiny … kept" not in said and "clusters … kept" in said
    after = results(project)
    assert {name for name in after if after[name] != before[name]} == {
        "notebooks/tiny.ipynb",
        "figures/notebooks/tiny.html",
    }


def test_a_raw_file_that_changes_during_a_run_is_noticed(project):
    """A cell writes into a plan: what the tables say no longer stands in it."""
    edit_notebook(project, 'open("../data/raw/two.txt", "a").write("后加的一句。")')
    before = results(project)
    status, said = reported(project)
    last = said.strip().split("\n")[-1]
    assert status == 1 and "two.txt: changed while the report was made; nothing was written" in last
    assert results(project) == before
    whole(project)


def limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_full_disk_is_said_in_one_line_and_nothing_is_written(project):
    """No file may grow beyond 20 kB, as if the disk were full in the middle of the figures."""
    lose_a_table(project)
    shutil.rmtree(project / "figures")
    before = results(project)
    status, said = reported(project, preexec_fn=limited)
    last = said.strip().split("\n")[-1]
    assert status == 1 and last.startswith("libplans: ") and "File too large; check the path" in last
    assert WORK not in last
    assert results(project) == before
    whole(project)


def test_an_output_folder_that_cannot_be_written_leaves_all_others_as_they_were(project):
    """A file stands where the folder of the figures should: the tables must not be new beside old figures."""
    shutil.rmtree(project / "figures")
    (project / "figures").write_text("", "utf-8")
    lose_a_table(project)
    before = results(project)
    status, said = reported(project)
    assert status == 1 and "figures" in said.strip().split("\n")[-1]
    assert results(project) == before
    whole(project)


def test_two_runs_at_once_take_turns_and_say_so(project):
    with alone(project / "data" / "raw"):
        run = started(project)
        line = run.stderr.readline()
        assert "another run of libplans is at work here; waiting for it to end" in line
        assert run.poll() is None
    assert run.communicate() and run.returncode == 0


def test_a_lock_ends_with_its_process(tmp_path):
    code = "import sys, time; from libplans.runs.lock import alone\n"
    code += "with alone(sys.argv[1]): print(flush=True), time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE)
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    said = []
    with alone(tmp_path, said.append):
        assert said == []


@pytest.mark.parametrize("moment", [0.5, 2])
def test_after_kill_nine_nothing_has_changed_and_the_next_run_is_whole(project, moment):
    """Killed while it reads, draws or runs the notebook (seconds; more kills in benchmarks/knocks.py)."""
    lose_a_table(project)
    edit_notebook(project, "print('second generation')")
    before = results(project)
    run = started(project)
    time.sleep(moment)
    run.kill()
    run.communicate()  # comes back only when the processes that it had started have ended too
    assert results(project) == before or run.returncode == 0
    status, said = reported(project)
    made = results(project)
    assert status == 0, said
    assert made.keys() == before.keys() | {"data/processed/plans.csv"}
    assert all(b"second generation" in made[name] for name in ("notebooks/tiny.ipynb", "figures/notebooks/tiny.html"))
    assert {name for name in before if made[name] != before[name]} <= {
        "notebooks/tiny.ipynb",
        "figures/notebooks/tiny.html",
    }
    whole(project)


# ---- the moves at the end -------------------------------------------------------------------------------------------

MOVES = """
import os, signal, sys
from pathlib import Path
from libplans.runs import publish

root, last = Path(sys.argv[1]), int(sys.argv[2])
move, done = publish._move, []

def count(path, target):
    if len(done) == last:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(target)
    move(path, target)

publish._move = count
with publish.publishing(root, replaces=["gone.csv"]) as stage:
    for name in ("a.csv", "b.csv", "new/c.csv"):
        (stage / name).parent.mkdir(exist_ok=True)
        (stage / name).write_text("new")
"""


def old_files(root):
    for name in ("a.csv", "b.csv", "gone.csv", "other.csv"):
        (root / name).write_text("old", "utf-8")
    return {"a.csv": "old", "b.csv": "old", "gone.csv": "old", "other.csv": "old"}


def texts(root):
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


NEW = {"a.csv": "new", "b.csv": "new", "new/c.csv": "new", "other.csv": "old"}


@pytest.mark.parametrize("last", [0, 1, 2, 3])
def test_a_run_killed_while_its_files_move_is_finished_by_the_next(tmp_path, last, capsys):
    old_files(tmp_path)
    code = subprocess.run([sys.executable, "-c", MOVES, tmp_path, str(last)]).returncode
    assert code == (-signal.SIGKILL if last < 3 else 0)
    assert set(texts(tmp_path).values()) == {"old", "new"} or last == 3 or (tmp_path / WORK / JOURNAL).exists()
    with publishing(tmp_path):
        pass
    assert texts(tmp_path) == NEW
    assert ("the others were moved now" in capsys.readouterr().err) == (last < 3)


def test_a_move_that_fails_is_taken_back(tmp_path, monkeypatch):
    """a.csv is in its place already when b.csv cannot be moved; aa.csv was not there before."""
    before, move = old_files(tmp_path), publish._move

    def deny(path, target):
        if target.name == "b.csv" and publish.OLD not in path.parts:
            raise PermissionError(13, "denied", str(target))
        move(path, target)

    monkeypatch.setattr(publish, "_move", deny)
    with pytest.raises(OSError, match="b.csv"), publishing(tmp_path, replaces=["gone.csv"]) as stage:
        for name in ("a.csv", "aa.csv", "b.csv"):
            (stage / name).write_text("new", "utf-8")
    assert texts(tmp_path) == before
    assert not (tmp_path / WORK).exists()


def test_a_folder_in_the_place_of_a_file_stops_all_before_the_first_move(tmp_path):
    before = old_files(tmp_path)
    (tmp_path / "b.csv").unlink()
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(OSError, match="b.csv"), publishing(tmp_path) as stage:
        for name in ("a.csv", "b.csv"):
            (stage / name).write_text("new", "utf-8")
    assert texts(tmp_path) == {name: text for name, text in before.items() if name != "b.csv"}


def test_an_error_before_the_end_publishes_nothing(tmp_path):
    before = old_files(tmp_path)
    with pytest.raises(RuntimeError), publishing(tmp_path, replaces=["gone.csv"]) as stage:
        (stage / "a.csv").write_text("new", "utf-8")
        raise RuntimeError
    assert texts(tmp_path) == before


def test_links_and_hidden_files_stay_in_the_stage(tmp_path):
    (tmp_path / "a.csv").write_text("", "utf-8")
    (tmp_path / ".hidden").write_text("", "utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "folder").symlink_to(tmp_path)
    assert staged(tmp_path) == ["a.csv"]


def test_a_journal_cannot_lead_out_of_the_project(tmp_path):
    work = tmp_path / "project" / WORK
    (work / "stage-x").mkdir(parents=True)
    (work / "stage-x" / "f").write_text("evil", "utf-8")
    journal = {"stage": "stage-x", "files": ["../../f"], "gone": [], "back": False}
    (work / JOURNAL).write_text(json.dumps(journal), "utf-8")
    with pytest.raises(PlanError, match="damaged .a path that leaves the project.; delete the folder"):
        with publishing(tmp_path / "project"):
            pass
    assert not (tmp_path / "f").exists()
