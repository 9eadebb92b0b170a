"""Text reuse of whole folders: the command `libplans reuse`, from files to tables, for five texts or for thousands.

A few texts are read and matched in memory, with all the tables of evidence. Many are matched in blocks, with what has
been read kept in a cache, on an engine of one's choice; the passages are the same.
"""

import shutil
import tempfile
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from ..errors import PlanError
from ..reading.read import shown, text_files
from ..tables import write, write_whole
from ..workers import threads_beside
from . import engines
from .lock import alone
from .packing import Damaged
from .progress import Progress
from .publish import publishing

FEW_TEXTS, FEW_BYTES = 19, 20_000_000  # up to which texts are matched in memory
LONG_TEXT = 500_000  # characters from which on a text has no tables of evidence where texts are matched in blocks
PACK_FILES, PACK_BYTES = 32, 3_000_000  # files that are read in one task
HERE = 2048  # files that are looked at while the workers start
ENGINES = ("local", "dask")
FORMATS = ("csv", "parquet")


def write_reuse(paths, out, engine="local", scheduler=None, form="csv", cache=None, processes=None, step=None):
    """Find the passages that the texts in files and folders share, and write the tables to the folder `out`.

    `engine` is `local` (processes on this machine) or `dask` (a cluster: the one at `scheduler`, or one of processes on
    this machine); `form` is `csv` or `parquet`; `cache` keeps what was read (default: `.cache` in `out`), with a
    cluster it must be a folder that all workers see. Returns lines that say what was done. Raises PlanError, also where
    a text changed meanwhile; no table is written then.
    """
    step, out, files = step or Progress(), Path(out), named_files(paths)
    _known("engine", engine, ENGINES)
    _known("format", form, FORMATS)
    if scheduler and engine != "dask":
        raise PlanError("--scheduler: only Dask has a scheduler; add --engine dask")
    few = len(files) <= FEW_TEXTS and sum(map(_size, files.values())) <= FEW_BYTES
    out.mkdir(parents=True, exist_ok=True)
    replaces = [f"{name}.{other}" for name in TABLES for other in FORMATS]
    with alone(out), publishing(out, replaces=replaces) as stage:

        def put(tables):
            for name, table in tables.items():
                write_table(table, stage / f"{name}.{form}", form)

        if few:
            count, said = _few(files, step, put)
        else:
            with _engine(engine, scheduler, processes) as run:
                count, said = _many(run, files, Path(cache) if cache else out / ".cache", step, put)
    return [*said, f"{len(files)} texts, {count} shared passages: {out}"]


TABLES = "passages reuse families family_places formulae coding substitutions leftovers direction".split()


def _size(path):
    """Bytes of a file; 0 where it cannot be looked at (reading it says why)."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _known(what, value, known):
    if value not in known:
        raise PlanError(f"--{what} {value}: not known; choose {' or '.join(known)}")


def named_files(paths):
    """{plan id: file} of files and folders, sorted by id; the id is the file's stem. Raises PlanError where two share
    one."""
    found = {}
    for path in text_files([paths] if isinstance(paths, (str, Path)) else paths):
        if path.stem in found:
            raise PlanError(
                f"{shown(path)}: the plan id {path.stem!r} is taken by {shown(found[path.stem])}; rename one of the two"
            )
        found[path.stem] = path
    if not found:
        raise PlanError("no file given; name text files or folders of text files")
    return dict(sorted(found.items()))


def write_table(table, path, form):
    """Write a table as CSV or Parquet, whole or not at all."""
    if form == "csv":
        write(table, path)
        return
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise PlanError("--format parquet: pyarrow is not installed; run: pip install 'libplans[scale]'") from None
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(table, preserve_index=False), sink, compression="zstd")
    write_whole(path, sink.getvalue())


@contextmanager
def _engine(engine, scheduler, processes):
    with engines.dask(scheduler, processes) if engine == "dask" else engines.local(processes) as run:
        yield run


def _few(files, step, put):
    """All tables of a few texts, matched in memory; how many passages they share, and what is to be said."""
    from ..corpus import read_texts
    from ..reuse.rows import families_of
    from .report import build_reuse

    corpus = step("reading", read_texts, list(files.values()), step.count)
    tables = build_reuse(corpus, step)
    tables["families"], tables["family_places"] = families_of(tables["passages"])
    put(tables)
    corpus.check_files()
    return len(tables["passages"]) // 2, _on_families(tables["families"])


def _many(run, files, cache, step, put):
    """The tables of many texts, matched in blocks, and evidence for those that share the most; how many passages they
    share, and what is to be said."""
    cache.mkdir(parents=True, exist_ok=True)
    for left in cache.glob("work-*"):  # of a run that was ended from outside
        shutil.rmtree(left, ignore_errors=True)
    keys = step("looking at files", _keys, run, [*files.values()])
    try:
        count, said = _matched(run, files, keys, cache, step, put)
    except Damaged as error:
        step.out.write(f"{cache}: {error}: damaged, made anew\n")
        count, said = _matched(run, files, keys, cache, step, put, check=True)
    if 4 <= len(files) <= FEW_TEXTS:
        said.append(
            f"{len(files)} texts of more than {FEW_BYTES // 10**6} MB in all: wording that four of them or more share "
            "is called a formula only where the list of formulae has it"
        )
    return count, said


def _keys(run, files):
    from ..reuse import packs

    if len(files) <= HERE:
        return packs.file_keys(files)
    batches = [(files[first : first + 256],) for first in range(0, len(files), 256)]
    return [key for part in run(packs.file_keys, batches) for key in part]


def _check_files(run, files, keys):
    """Raise PlanError where a file is no longer what it was at the beginning of the run."""
    for path, before, now in zip(files, keys, _keys(run, files), strict=True):
        if before != now:
            raise PlanError(f"{shown(path)}: changed while it was being worked on; nothing was written; run it again")


def _matched(run, files, keys, cache, step, put, check=False):
    """Match texts in blocks and put their tables in their places, the large ones first, while the shares are counted
    and the evidence is made; how many passages they share, and what is to be said."""
    from ..reuse.matching import Match

    places, said = read_packs(run, list(files.values()), keys, cache, step, check)
    sizes = [size for _, _, size in places]
    short = [plan for plan, size in zip(files, sizes, strict=True) if size < LONG_TEXT]
    # on Windows files that a process has mapped cannot be deleted; the next run deletes them
    folder = tempfile.TemporaryDirectory(prefix="work-", dir=cache, ignore_cleanup_errors=True)
    with folder as work, threads_beside(2) as aside:
        rows = aside.submit(import_module, "libplans.reuse.rows")  # the tables' library loads while processes match
        match = Match(run, Path(work), cache, list(files), [place[:2] for place in places], sizes, keys, step)
        found = match.passages()
        kept = aside.submit(match.keep)
        made = rows.result().Tables(match, *found)
        passages = made.passages()
        further = aside.submit(_further, run, cache, files, keys, made, passages, short)
        families = made.families()
        step("tables", put, {"passages": passages, **families})
        close, tables = step("shares and evidence", further.result)
        put(tables)
        kept.result()
    said += [*match.said(), *_on_families(families["families"]), *_on_evidence(close, short, files)]
    return len(passages) // 2, said


def _further(run, cache, files, keys, made, passages, short):
    """(the texts of which there is evidence, the table `reuse` and those of evidence); with that no file is read again,
    and all are looked at once more."""
    from .evidence import kept_evidence, with_evidence

    reuse = made.reuse()
    close = with_evidence(short, reuse)
    evidence = kept_evidence(run, cache, [files[plan] for plan in close], passages, close)
    _check_files(run, [*files.values()], keys)
    return close, {"reuse": reuse, **evidence}


def read_packs(run, files, keys, cache, step, check=False):
    """Read files that the cache does not hold yet; (pack, place in it, size) of each file, and what is to be said.

    With `check` the packs are looked through first, and damaged ones made anew.
    """
    from ..reuse import packs

    index = packs.pack_index(cache)
    names = sorted({index[key][0] for key in keys if key in index}) if check else []
    sound = run(packs.is_sound, [(str(cache), name) for name in names])
    held = {name for name, _, _ in index.values()} - {name for name, good in zip(names, sound, strict=True) if not good}
    wanted = set(keys)
    index = {key: place for key, place in index.items() if place[0] in held and key in wanted}
    new = list({key: (path, key) for path, key in zip(files, keys, strict=True) if key not in index}.values())
    known = sum(key in index for key in keys)
    jobs = [(str(cache), *map(list, zip(*batch, strict=True))) for batch in _batches(new)]
    if len(jobs) > 1:
        read = step("reading", run, packs.pack_files, jobs, step.count)
    else:
        read = step("reading", lambda: [packs.pack_files(*job) for job in jobs])  # while the processes start
    for (name, sizes), (_, _, part) in zip(read, jobs, strict=True):
        index.update({key: (name, place, size) for place, (key, size) in enumerate(zip(part, sizes, strict=True))})
    packs.write_index(cache, index)
    return [index[key] for key in keys], [f"{known} of {len(keys)} texts read before"] if known else []


def _batches(new):
    """Files (path, key) in batches for one task each."""
    batch, size = [], 0
    for path, key in new:
        bytes_here = path.stat().st_size
        if batch and (len(batch) == PACK_FILES or size + bytes_here > PACK_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((path, key))
        size += bytes_here
    if batch:
        yield batch


def _on_families(families):
    """A line on families that stand for more pairs than are listed."""
    more = families[families["wide"] == 1]
    if not len(more):
        return []
    return [
        f"{len(more)} wordings stand at many places: one pair a place, {int(more['listed'].sum()):,} in all, stands "
        f"for their {int(more['pairs'].sum()):,} pairs (families, family_places)"
    ]


def _on_evidence(close, short, files):
    """Lines on the texts of which there is evidence: `close`, of those that are not too long (`short`)."""
    names, said = "coding, substitutions, leftovers and direction", []
    if not close:
        said.append(f"{names}: empty; no two texts share more than formulae")
    elif len(close) < len(short):
        said.append(
            f"{names}: of the {len(close)} texts that share the most, among themselves; for others run the command on "
            "those files alone"
        )
    if len(short) < len(files):
        said.append(f"{names}: without {len(files) - len(short)} texts of {LONG_TEXT:,} characters or more")
    return said
