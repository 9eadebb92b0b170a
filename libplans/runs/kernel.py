"""How is a notebook run and stored, and what must be the same for it to show the same again?

`run_notebook` runs one in its own folder and stores it with its outputs, the same bytes for the same results.
`keep_notebook` runs it only if something changed that it depends on: its cells, the package with its data and the
environment, any file of the project's data folder, the names of the files beside it, and any other file or folder that
it opened the last time. What it opens is noted by an audit hook inside the kernel. A notebook that starts a program,
opens a connection, or writes outside the folders that a report makes is run each time.

It cannot be seen that a notebook asks for the time or for chance: such a notebook shows what it showed when it was run.
"""

import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

from ..errors import PlanError
from ..tables import write_whole
from .packing import pack
from .publish import staged


def run_notebook(path, shown=None, watch=None, project="."):
    """Run a notebook in its own folder and store it with its outputs, the same bytes for the same results.

    `shown` stands for its path in an error. `watch` is a file that gets an entry for each file that the kernel opens
    outside its Python, and outside the folder for temporary files where that is not in `project`.
    Raises PlanError for a file that is no notebook and for a cell that fails; the notebook stays as it was then.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path, shown = Path(path), shown or path
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise PlanError(
            f"{shown}: not a notebook that can be read ({type(error).__name__}); restore it from the repository"
        ) from None
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    with tempfile.TemporaryDirectory() as profile:  # no start-up files of the user, and a home that may be read-only
        surroundings = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
        surroundings.update(IPYTHONDIR=profile, PYTHONHASHSEED="0")
        client.create_kernel_manager().connection_file = str(Path(profile) / "kernel.json")
        if watch:
            startup = Path(profile) / "profile_default" / "startup"
            startup.mkdir(parents=True)
            call = f"_watch({str(watch)!r}, {str(project)!r}, {profile!r})\ndel _watch\n"
            (startup / "watch.py").write_text(WATCH + call, "utf-8")
        try:
            client.execute(env=surroundings, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            raise PlanError(
                f"{shown}: a cell failed: {error.ename}: {error.evalue}; open the notebook and run it to see the place"
            ) from None
    write_whole(path, notebook_bytes(notebook))


def notebook_bytes(notebook):
    """A notebook as it is stored: steady metadata, streams joined, cells numbered, keys sorted, one trailing line
    feed."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
            for output in cell.outputs:
                if "metadata" in output:
                    output["metadata"] = {}
    return (json.dumps(_lines(notebook), indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")


def _joined_streams(outputs):
    joined = []
    for output in outputs:
        if (
            joined
            and output.output_type == "stream"
            and joined[-1].output_type == "stream"
            and joined[-1].name == output.name
        ):
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _lines(notebook):
    """Multi-line texts as lists of lines, as nbformat stores them."""
    import copy

    from nbformat.v4.rwbase import split_lines

    return split_lines(copy.deepcopy(notebook))


# ---- what a notebook depends on -------------------------------------------------------------------------------------

#: runs in the kernel before the first cell: a line for each file opened, and for what cannot be followed
WATCH = """
def _watch(log, project, profile):
    import os
    import sys
    import tempfile

    def below(*places):
        return tuple({side + os.sep for place in places for side in (os.path.abspath(place), os.path.realpath(place))})

    installed = [path for path in sys.path if path.endswith(("-packages", ".zip"))]
    own = below(sys.prefix, sys.base_prefix, sys.exec_prefix, *installed, profile, "/proc", "/sys", "/dev")
    passing, project = below(tempfile.gettempdir()), below(project)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    follow = {"os.system", "os.exec", "os.posix_spawn", "os.spawn", "socket.connect", "socket.getaddrinfo"}
    harmless = ("fc-list", "libplans.workers")
    opening = {"open": "r ", "os.listdir": "d ", "os.scandir": "d "}
    seen = set()

    def note(event, arguments):
        if event in opening and isinstance(arguments[0], (str, bytes, os.PathLike, type(None))):
            path, mode, flags = (*arguments, "r", 0)[:3]
            path = os.path.abspath(os.fsdecode(path or "."))
            place = path + os.sep
            if place.startswith(own) or place.startswith(passing) and not place.startswith(project):
                return
            writes = any(letter in (mode or "r") for letter in "wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
            line = ("w " if writes else opening[event]) + path
        elif event in follow or event == "subprocess.Popen" and not any(name in str(arguments[1]) for name in harmless):
            line = "x " + event
        else:
            return
        if line not in seen:
            seen.add(line)
            os.write(handle, line.encode("utf-8", "surrogateescape") + bytes([0]))

    sys.addaudithook(note)
"""


def keep_notebook(cache, path, stage, project, data, shown, note=None):
    """Run the notebook at `path` in the stage of a report, or store what it gave before where nothing has changed.

    `stage` is a folder laid out as the project, with the data folder named `data`; what the notebook writes into
    folders of the stage is kept with it. `note` is told where nothing was run.
    """
    data = stage / data
    beside = sorted(name for name in staged(stage / "notebooks") if not name.endswith(".ipynb"))
    key = _hash([cache.sources.digest(""), _cells(path), path.name, beside, tree_digest(data)])
    kept = cache.read(key)
    if kept and all(_file_digest(stage / name) == digest for name, digest in kept[0]["opened"]):
        for name, content in kept[0]["files"]:
            write_whole(stage / name, content)
        if note:
            note("kept")
        return
    before = {name: _stamp(stage / name) for name in staged(stage)}
    with tempfile.TemporaryDirectory() as folder:
        watch = Path(folder) / "opened"
        run_notebook(path, shown, watch, project)
        events = watch.read_bytes().decode("utf-8", "surrogateescape").split("\0")[:-1]
    made = [name for name in staged(stage) if before.get(name) != _stamp(stage / name)]
    opened = _opened(events, stage, data, cache.sources.package, set(made))
    if opened is not None and cache.sources.unchanged():
        files = [[name, (stage / name).read_bytes()] for name in made]
        cache.write(key, pack({"opened": opened, "files": files}))


def _cells(path):
    """What a notebook holds besides its outputs; its bytes where it cannot be read (running it then says so)."""
    try:
        notebook = json.loads(path.read_bytes())
        run = ("outputs", "execution_count", "id", "metadata")
        cells = [{name: part for name, part in cell.items() if name not in run} for cell in notebook["cells"]]
        tags = [cell.get("metadata", {}).get("tags") for cell in notebook["cells"]]
        return [notebook.get("nbformat"), notebook.get("nbformat_minor"), cells, tags]
    except (ValueError, KeyError, TypeError, AttributeError):
        return path.read_bytes().hex()


def _opened(events, stage, data, package, made):
    """Files that a notebook opened besides the package and the data, with their SHA-256; None: it cannot be kept."""
    found = set()
    for event in events:
        kind, _, name = event.partition(" ")
        if kind == "x":
            return None
        path = Path(name)
        if path.is_relative_to(package):
            continue
        within = path.relative_to(stage).as_posix() if path.is_relative_to(stage) else None
        if kind == "w" and within is None or kind == "w" and _through_link(stage, path):
            return None
        if kind != "w" and not path.is_relative_to(data):
            found.add(within or name)
    return [[name, _file_digest(stage / name)] for name in sorted(found - made)]


def _through_link(stage, path):
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(stage))


def _stamp(path):
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _file_digest(path):
    """The SHA-256 of a file, of the names in a folder; "" where there is neither."""
    try:
        if os.path.isdir(path):
            return _hash(sorted(name for name in os.listdir(path) if not name.startswith(".")))
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def tree_digest(folder):
    """The SHA-256 of all files below a folder, with their names; links are followed."""
    lines = []
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(place) / name for name in sorted(names) if not name.startswith(".")):
            lines.append(f"{path.relative_to(folder).as_posix()} {_file_digest(path)}")
    return _hash(lines)


def _hash(value):
    return hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()
