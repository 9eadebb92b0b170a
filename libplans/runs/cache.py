"""What need not be computed again? Results of steps, kept under a key made of all that they depend on.

A step is a call with its arguments. Its key holds
- the code: every module and data file of the package that the called function can reach, and the environment
  (`sources`);
- the arguments, by content: the SHA-256 of the packed value (`packing`), never a time, a size or a name;
- of a corpus, and of a dict of tables, what the call has looked at, by content. A call gets a proxy that notes which
  facets it reads: the texts, single columns of the register, single tables. They are stored with the result. The call
  does the same as before where its code, its other arguments and all that it read are the same, whatever else has
  changed: that is how a new English title redraws the labels and matches no text again.

What cannot be packed, so cannot be compared, is computed each time. Nothing is stored if a source file changed while
the call ran. An entry carries a checksum: a damaged one is said, deleted and made anew. Entries are data, not code:
nothing in them is ever run. The folder is private to its owner (mode 0700) and refused where it is a link or belongs to
another user; still, who can write into it can change results, as who can write into the project can. `libplans report
--fresh` reads nothing from it, and deleting it costs time only.
"""

import hashlib
import json
import os
import sys
from dataclasses import fields
from functools import lru_cache, partial
from pathlib import Path

from ..corpus import Corpus, _facts, _prepared, _source
from ..errors import PlanError
from ..reading import shelf
from ..reading.plan import Reading, read_plan
from ..reading.register import find_register, read_register
from ..tables import TABLES, write_whole
from ..workers import in_processes, processes_for
from .packing import Damaged, Unpackable, pack, packed_digest, unpack
from .sources import Sources

#: bytes of results from earlier runs that stay beside those of the last one
SPARE = 500_000_000

ALL_COLUMNS = tuple(TABLES["register"])
#: what an attribute of a corpus tells of: columns of the register, or the texts with all that was read out of them
FACETS = {
    "plan_ids": (),
    "roles": ("role",),
    "aliases": ("aliases", "issuer", "region"),
    "issued": ("issued",),
    "names": ("issuer", "issuer_en", "title", "role"),
    **dict.fromkeys("raw text stream sentence_offsets sections sentences cleaning rows".split(), ("texts",)),
}
EVERYTHING = (*ALL_COLUMNS, "texts")


def first(call, *args, **options):
    """The first of the results of a call."""
    return call(*args, **options)[0]


class Seen:
    """A corpus that notes which of its facets are read."""

    def __init__(self, corpus, read):
        self._corpus, self._read = corpus, read

    def __getattr__(self, name):
        if name.startswith("__") or name in ("_corpus", "_read"):
            raise AttributeError(name)
        self._read.update(f"corpus {facet}" for facet in FACETS.get(name, EVERYTHING))
        return getattr(self._corpus, name)

    def __len__(self):
        return len(self._corpus)

    def __reduce__(self):  # on its way to another process, where nothing could be noted
        self._read.update(f"corpus {facet}" for facet in EVERYTHING)
        return _itself, (self._corpus,)


def _itself(value):
    return value


class SeenTables(dict):
    """A dict of tables that notes which are asked for; `find(name)` gives a table, or None where there is none."""

    def __init__(self, find, read):
        super().__init__()
        self._find, self._read = find, read

    def __contains__(self, name):
        self._read.add(f"table {name}")
        return super().__contains__(name) or self._find(name) is not None

    def __getitem__(self, name):
        if name not in self:
            raise KeyError(name)
        return super().__getitem__(name) if super().__contains__(name) else self._find(name)

    def get(self, name, default=None):
        return self[name] if name in self else default

    def _all(self, *_):
        raise Unpackable("a step that goes through all tables")

    __iter__ = __len__ = keys = values = items = copy = _all


class Cache:
    """The kept results in `folder`; `keep` runs a call, or gives what it gave before."""

    def __init__(self, folder, fresh=False):
        self.folder, self.fresh = Path(folder), fresh
        self._known, self._facets, self._codes, self.hits = {}, {}, {}, 0
        self.sources = Sources()
        key = _hash(["graph", sorted(self.sources.hashes.items())])
        kept = self.read(key)
        if kept:
            self.sources.graph = kept[0]  # of these very files; made anew it takes half a second
        else:
            self.write(key, pack(self.sources.graph))

    def keep(self, call, *args, code=None, stop=(), find=None):
        """call(*args), or its result from before; `code` are the modules it depends on (default: of the functions).

        A corpus among the arguments is replaced by a proxy that notes what is read of it. With `find` the call gets a
        dict of tables as one more argument, which asks `find(name)` for each.
        """
        try:
            key = self._key(call, args, code, stop)
        except Unpackable:
            return call(*args, *([SeenTables(find, set())] if find else []))
        kept = self._kept(key, args, find)
        if kept is not None:
            self.hits += 1
            return kept[0]
        read = set()
        views = [Seen(arg, read) if _is_corpus(arg) else arg for arg in args]
        result = call(*views, *([SeenTables(find, read)] if find else []))
        self._store(key, sorted(read), args, find, result)
        return result

    def keep_as(self, call, module, given):
        """call(), or its result from before, where `module` and the values `given`, all it depends on, are the same."""
        key = _hash([self._code((module,), ("plots.catalogue",)), self.digest(given)])
        kept = self.read(key)
        if kept:
            return kept[0]
        result = call()
        if self.sources.unchanged():
            self.write(key, pack(result))
        return result

    def digest(self, value):
        """The SHA-256 of a value's content; raises Unpackable."""
        known = self._known.get(id(value))
        return known[1] if known else self._know(value, packed_digest(pack(value)))

    def _know(self, value, digest):
        if not isinstance(value, str):
            self._known[id(value)] = (value, digest)  # kept with it: an id counts only as long as its object lives
        return digest

    def forget(self, value):
        """Let go of a value and its digest, which is returned."""
        digest = self.digest(value)
        del self._known[id(value)]
        return digest

    # ---- keys

    def _key(self, call, args, code, stop):
        names, modules = [], set()
        self._describe(call, names, modules)
        for arg in args:
            if _is_corpus(arg):
                names.append(["corpus", arg.plan_ids])
            else:
                self._describe(arg, names, modules)
        return _hash([self._code(tuple(code or sorted(modules)), tuple(stop)), names])

    def _describe(self, value, names, modules):
        """What stands for a function or an argument in a key; the modules of functions go to `modules`."""
        if isinstance(value, partial):
            for part in (value.func, *value.args, *(part for pair in sorted(value.keywords.items()) for part in pair)):
                self._describe(part, names, modules)
        elif callable(value) and hasattr(value, "__qualname__"):
            package, _, module = value.__module__.partition(".")
            if package != "libplans" or "<" in value.__qualname__:
                raise Unpackable(f"a function of {value.__module__}")
            names.append(["function", module, value.__qualname__])
            modules.add(module)
        else:
            names.append(["value", self.digest(value)])

    def _code(self, modules, stop):
        if (modules, stop) not in self._codes:
            own = [self.sources.hashes[name] for name in ("runs/cache.py", "runs/packing.py")]
            self._codes[modules, stop] = _hash([self.sources.digest(*modules, stop=stop), *own])
        return self._codes[modules, stop]

    def _readings(self, reads, args, find):
        """The content of what was read, as text for a key."""
        corpora = [arg for arg in args if _is_corpus(arg)]
        found = []
        for read in reads:
            kind, name = read.split(" ", 1)
            if kind == "corpus":
                found.append([read, *(self._facet(corpus, name) for corpus in corpora)])
            else:
                table = find(name)
                found.append([read, "none" if table is None else self.digest(table)])
        return found

    def _facet(self, corpus, name):
        facets = self._facets.setdefault(id(corpus), {"corpus": corpus})
        if name not in facets:
            facets[name] = _hash(text_digests(corpus) if name == "texts" else corpus.plans[name].tolist())
        return facets[name]

    def know_texts(self, corpus, digests):
        """Take it as given what the texts of a corpus are, from `load_kept`."""
        self._facets[id(corpus)] = {"corpus": corpus, "texts": _hash(digests)}

    # ---- entries

    def _path(self, key):
        return self.folder / key[:2] / key

    def _kept(self, key, args, find):
        trace = self.read(key)
        if trace is None:
            return None
        try:
            return self.read(_hash([key, self._readings(trace[0]["reads"], args, find)]))
        except Unpackable:
            return None

    def _store(self, key, reads, args, find, result):
        try:
            content = _hash([key, self._readings(reads, args, find)])
            data = pack(result)
        except Unpackable:
            return
        self._know(result, packed_digest(data))
        if self.sources.unchanged():
            self.write(content, data)
            self.write(key, pack({"reads": reads}))

    def read(self, key):
        """(value, digest) of an entry, None where there is none that is whole."""
        if self.fresh:
            return None
        path = self._path(key)
        try:
            data = path.read_bytes()
            value = unpack(data)
            os.utime(path)
        except FileNotFoundError:
            return None
        except (Damaged, OSError) as error:
            sys.stderr.write(f"cache: an entry is damaged ({error}) and is made anew\n")
            path.unlink(missing_ok=True)
            return None
        self._know(value, packed_digest(data))
        return value, packed_digest(data)

    def write(self, key, data):
        """Store packed bytes; where that fails the run goes on without."""
        try:
            write_whole(self._path(key), data)
        except OSError as error:
            if self.folder.is_dir():
                sys.stderr.write(f"cache: not written ({error.strerror})\n")

    def prune(self, since, spare=SPARE):
        """Delete entries last used before `since` (seconds), oldest first, until those left hold `spare` bytes."""
        stats = [(path.stat().st_mtime, path.stat().st_size, path) for path in self.folder.glob("??/*")]
        for used, size, path in sorted(stats, reverse=True):
            spare -= size if used < since else 0
            if spare < 0 and used < since:
                path.unlink(missing_ok=True)


def _is_corpus(value):
    return type(value).__name__ == "Corpus" and type(value).__module__ == "libplans.corpus"


def _hash(value):
    return hashlib.sha256(json.dumps(value, separators=(",", ":")).encode("ascii")).hexdigest()


# ---- readings -------------------------------------------------------------------------------------------------------


def load_kept(folder, cache, progress=None):
    """As `corpus.load`, each plan from the cache where its text, its row and the code that reads it are the same."""
    register = find_register(folder)
    jobs = [(row, register.parent / row["file"], register) for row in read_register(register)]
    processes = processes_for([path.stat().st_size if path.is_file() else 0 for _, path, _ in jobs])
    given = (((_prepared(job) if processes > 1 else job), cache.folder, cache.fresh) for job in jobs)
    corpus, digests = Corpus(), []
    call = _read_packed if processes > 1 else _read
    for done, (facts, reading, digest) in enumerate(in_processes(call, given, processes), 1):
        corpus._take(facts, reading)
        digests.append(digest)
        if progress:
            progress(done, len(jobs))
    cache.know_texts(corpus, digests)
    return corpus


def _read(job):
    """(facts, reading, digest of what was read) of a job of `load_kept`."""
    (row, path, register, *given), folder, fresh = job
    source = given[0] if given else _source(row, path, register)
    if isinstance(source, PlanError):
        raise source
    cache = cache_in(folder, fresh)
    state = cache.keep(read_state, row, source[0], code=("corpus",))
    reading = Reading(row=row, raw=source[0], **state)
    return _facts(reading, path, source[1]), reading, _hash([source[0], cache.forget(state)])


def _read_packed(job):
    facts, reading, digest = _read(job)
    return facts, shelf.pack(reading), digest


def read_state(row, raw):
    """What `reading.read_plan` makes of a plan, as plain values by name, without its row and its raw text."""
    reading = read_plan(row, raw)
    return {field.name: getattr(reading, field.name) for field in fields(reading) if field.name not in ("row", "raw")}


def text_digests(corpus):
    """The SHA-256 of what was read of each plan."""
    states = ({f.name: getattr(r, f.name) for f in fields(r) if f.name != "row"} for r in corpus._readings.values())
    return [packed_digest(pack(state)) for state in states]


@lru_cache
def cache_in(folder, fresh=False):
    """The cache in a folder that is there already; one for each process."""
    return Cache(folder, fresh)


def open_cache(folder, fresh=False):
    """The cache in `folder`, made where it is missing; None, with a line that says why, where it cannot be used."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.is_symlink() or hasattr(os, "geteuid") and folder.stat().st_uid != os.geteuid():
            raise PermissionError(0, "it belongs to another user, or is a link")
        os.chmod(folder, 0o700)
        write_whole(folder / "probe", b"")
        (folder / "probe").unlink()
    except OSError as error:
        sys.stderr.write(f"cache: {folder} cannot be used ({error.strerror}); the run goes on without it\n")
        return None
    cache_in.cache_clear()  # the sources as they are now
    return cache_in(folder, fresh)
