"""How do many files come into their places together, all or none?

Files are made in a stage, a folder inside the project. When all are there, a journal names them: from that moment they
are in force, and each is moved into its place by a rename. A run that is ended before leaves what was there; one that
is ended while the files move leaves the journal, and the next run moves the rest before it does anything else. So no
file is ever half, and no mix of two runs outlives the next. Where a move fails, what was moved is put back. Files that
are the same already are not touched.

For a moment, while the files move, a reader can see some new and some old. Power failure: files and journal are flushed
to disk before the first move.
"""

import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from ..errors import PlanError
from ..tables import write_whole

WORK = ".unfinished"
JOURNAL = "journal.json"
OLD = ".old"  # folder in a stage: what stood in the places before, under a second name


@contextmanager
def publishing(root, work=None, replaces=()):
    """A stage for files below `root`: what is written into it stands below `root` at the end, or nothing does.

    Gives the path of the stage; a file at `stage/a/b` goes to `root/a/b`. Links, and names that begin with a dot, stay
    behind. Files of an earlier run named in `replaces` (paths below `root`) go where the stage has none. `work` is the
    folder that holds stage and journal (default: `.unfinished` in `root`), on the same disk. Hold `lock.alone`
    meanwhile. An exception inside the block leaves everything as it was.
    """
    root = Path(root)
    work = Path(work or root / WORK)
    work.mkdir(parents=True, exist_ok=True)
    try:
        if finish_moves(root, work):
            sys.stderr.write(f"{root}: the last run was ended while its files moved; the others were moved now\n")
        for left in work.glob("stage-*"):
            shutil.rmtree(left, ignore_errors=True)
        stage = Path(os.path.realpath(tempfile.mkdtemp(prefix="stage-", dir=work)))
        try:
            yield stage
            _publish(root, work, stage, replaces)
        except OSError as error:
            if not str(error.filename).startswith(f"{stage}{os.sep}"):
                raise
            meant = root / os.path.relpath(error.filename, stage)  # the file meant, not the one in the stage
            raise OSError(error.errno, error.strerror, str(meant)) from None
        finally:
            if not (work / JOURNAL).exists():
                shutil.rmtree(stage, ignore_errors=True)
    finally:
        _remove_if_empty(work)


def finish_moves(root, work):
    """Finish what a run has begun that was ended while its files moved; True where there was one."""
    journal = work / JOURNAL
    if not journal.is_file():
        return False
    try:
        found = json.loads(journal.read_bytes())
        stage, names, gone, back = work / found["stage"], found["files"], found["gone"], found["back"]
        if Path(found["stage"]).name != found["stage"] or any(map(_leaves, [*names, *gone])):
            raise ValueError("a path that leaves the project")
    except (ValueError, KeyError, TypeError) as error:
        raise PlanError(f"{journal}: damaged ({error}); delete the folder {work} and run again") from None
    _put_back(root, stage, [*names, *gone]) if back else _bring_in(root, stage, names, gone)
    journal.unlink()
    shutil.rmtree(stage, ignore_errors=True)
    return True


def _publish(root, work, stage, replaces):
    made = staged(stage)
    names = [name for name in made if not _same_content(stage / name, root / name)]
    gone = sorted(name for name in {*replaces} - {*made} if (root / name).is_file())
    if not names and not gone:
        return
    for name in names:
        _flush(stage / name)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
    for name in [*names, *gone]:
        if os.path.lexists(root / name):
            (stage / OLD / name).parent.mkdir(parents=True, exist_ok=True)
            _twin(root / name, stage / OLD / name)
    journal = {"stage": stage.name, "files": names, "gone": gone, "back": False}
    _record(work, journal)
    try:
        _bring_in(root, stage, names, gone)
    except BaseException:
        _record(work, {**journal, "back": True})
        _put_back(root, stage, [*names, *gone])
        (work / JOURNAL).unlink()
        raise
    (work / JOURNAL).unlink()


def _record(work, journal):
    write_whole(work / JOURNAL, json.dumps(journal).encode("utf-8"), flush=True)


def _bring_in(root, stage, names, gone):
    for name in names:
        if (stage / name).exists():  # else it was moved before
            _move(stage / name, root / name)
    for name in gone:
        (root / name).unlink(missing_ok=True)


def _put_back(root, stage, names):
    """The files as they were; the twins stay, so that it can be begun again."""
    for name in names:
        if os.path.lexists(stage / OLD / name):
            (stage / OLD / "again").unlink(missing_ok=True)
            _twin(stage / OLD / name, stage / OLD / "again")
            _move(stage / OLD / "again", root / name)
        elif not (stage / name).exists():  # moved to a place where nothing was
            (root / name).unlink(missing_ok=True)


def staged(stage):
    """The files of a stage, as sorted paths with `/`: without links and without names that begin with a dot."""
    found = []
    for folder, folders, names in os.walk(stage):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
        paths = [Path(folder) / name for name in names if not name.startswith(".")]
        found += [path.relative_to(stage).as_posix() for path in paths if path.is_file() and not path.is_symlink()]
    return sorted(found)


def _leaves(name):
    parts = Path(name).parts
    return not parts or Path(name).is_absolute() or ".." in parts


def _same_content(one, other):
    try:
        if one.stat().st_size != other.stat().st_size:
            return False
        with open(one, "rb") as left, open(other, "rb") as right:
            while True:
                piece = left.read(1 << 20)
                if piece != right.read(1 << 20):
                    return False
                if not piece:
                    return True
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _flush(path):
    with open(path, "r+b") as file:
        os.fsync(file.fileno())


def _twin(path, twin):
    """The same file under a second name; a copy where the disk has no such thing."""
    try:
        os.link(path, twin, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, twin, follow_symlinks=False)


def _move(path, target):
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)
    except OSError as error:
        if error.errno != 18:  # EXDEV: the target's folder is a link to another disk
            raise OSError(error.errno, error.strerror, str(target)) from None
        write_whole(target, path.read_bytes())
        path.unlink()


def _remove_if_empty(folder):
    try:
        folder.rmdir()
    except OSError:
        pass
