"""Build the project's environment: `.venv` with exactly what requirements.lock pins, and this package in it.

    python3 tools/environment.py

Done once, in about a minute. Run again it does nothing, unless requirements.lock, pyproject.toml, the Python or the
place of the folder has changed, or the last run was interrupted: then .venv is built anew. Needs nothing but Python; on
Windows use the plain pip lines of the README.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCK = os.path.join(ROOT, "requirements.lock")
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "libplans.stamp")
OLDEST, NEWEST = (3, 11), (3, 14)  # the Pythons that the pins have wheels for


def main():
    """Build `.venv` if it is not there as it should be; exit status 0 when it is."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return other_python()
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(f"{sys.executable} has no venv module: install it (Debian, Ubuntu: apt install python3-venv)")
    with open(LOCK, "rb") as held:
        wait_for_others(held)
        if not is_ready():
            build()
    return 0


def stop(message):
    """End with one line."""
    sys.exit("libplans: " + message)


def version(info=None):
    """Major and minor version, as in 3.11; without `info` that of the Python that runs this."""
    major, minor = (info or sys.version_info)[:2]
    return f"{major}.{minor}"


def other_python():
    """Hand over to a Python on the path that the pins are made for."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:  # not an empty shim
            print(f"libplans: {sys.executable} is Python {version()}; taking {found}", flush=True)
            return subprocess.call([found, os.path.abspath(__file__)])
    reason = "is too old" if sys.version_info[:2] < OLDEST else "is newer than the pinned packages know"
    return stop(
        f"Python {version()} ({sys.executable}) {reason}: install one from {version(OLDEST)} to {version(NEWEST)}, "
        f"or name it: make PYTHON=python{version(NEWEST)} setup"
    )


def wait_for_others(held):
    """Let one run build at a time."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("libplans: another run is building .venv; waiting for it", flush=True)
        fcntl.flock(held, fcntl.LOCK_EX)


def stamp():
    """What an environment depends on: the Python, the place, the pins, the project file."""
    lines = [sys.version.split()[0], os.path.realpath(sys.executable), ROOT]
    for name in ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            lines.append(hashlib.sha256(file.read()).hexdigest() + " " + name)
    return "\n".join(lines) + "\n"


def is_ready():
    """Whether `.venv` is there, whole, and made from what lies here now."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return file.read() == stamp() and os.access(VENV_PYTHON, os.X_OK)
    except (OSError, UnicodeDecodeError):
        return False


def build():
    """Create `.venv`, install the pins by their hashes, then the package, then write the stamp."""
    with open(LOCK, encoding="utf-8") as file:
        lock = file.read()
    print(f"libplans: making .venv for Python {version()}", flush=True)
    run([sys.executable, "-m", "venv", "--clear", VENV], "the environment could not be made")
    builder = re.search(r"^setuptools==.*?(?=^\S|\Z)", lock, re.M | re.S).group()
    with tempfile.TemporaryDirectory() as folder:
        first = os.path.join(folder, "builder.txt")
        with open(first, "w", encoding="utf-8") as file:
            file.write(builder)
        pip("--require-hashes", "-r", first)  # jieba comes as source: what builds it is pinned too
    total = len(re.findall(r"^[A-Za-z0-9]", lock, re.M))
    print(f"libplans: installing {total} packages from requirements.lock, by their hashes", flush=True)
    pip("--require-hashes", "--no-build-isolation", "--use-pep517", "-r", LOCK)
    pip("--no-deps", "--no-build-isolation", "-e", ROOT)
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(stamp())
    print("libplans: .venv is ready", flush=True)


def pip(*arguments):
    """Install into `.venv`, quietly but for a count of the packages; on failure show what pip said last."""
    command = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar=off"]
    run([*command, *arguments], "requirements.lock could not be installed (the network is needed, this once)")


def run(command, trouble):
    """Run a command; print how many packages it has collected, every 20; stop with its last lines if it fails."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX")
    environment = {key: value for key, value in os.environ.items() if key not in foreign}
    environment.update(PIP_USER="0", PYTHONUTF8="1")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
    said, collected = [], 0
    for line in process.stdout:
        said.append(line)
        if line.startswith(("Collecting ", "Processing ")):
            collected += 1
            if collected % 20 == 0:
                print(f"libplans: {collected:4} packages fetched", flush=True)
        elif line.startswith("Installing collected packages") and collected > 20:
            print("libplans:  all packages fetched; installing them", flush=True)
    if process.wait():
        sys.stderr.write("".join(said[-12:]))
        stop(trouble)


if __name__ == "__main__":
    sys.exit(main())
