"""What has been read of a text, kept so that it need not be read again?

A pack holds the readings of some files: streams, places, sections, and which characters stand in formulae or names that
need no other text to be recognised; and its seeds. Packs are keyed by the content of the files and by the code, so they
are never stale; one that is damaged is made anew. Deleting them costs time only.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..errors import PlanError
from ..normalise import code_points
from ..reading.read import decode, named_encoding, shown
from ..runs import packing
from ..tables import TABLES, write_whole
from .formulae import bare, documented_formulae, formula_mask, name_mask, places_of
from .seeds import ngram_hashes, winnowed
from .texts import Texts

BITS = 19  # of a hash: how many buckets n-grams are counted in
PER_CHAR = {"codes": np.uint32, "offsets": np.int32, "sentence": np.int32, "static": np.uint8}  # arrays of a pack
FORMULA, NAME, BODY = 1, 2, 4  # bits of `static`


@lru_cache(1)
def code_key():
    """SHA-256 of the modules and data of this package: results of other code are not used again."""
    root, found = Path(__file__).resolve().parent.parent, hashlib.sha256()
    for path in sorted([*root.rglob("*.py"), *root.glob("data/*.csv")]):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def file_key(path):
    """The key of a file's reading: its bytes, what its name says of its format, and the code that reads it."""
    path, found = Path(path), hashlib.sha256(code_key().encode())
    found.update(f"{path.suffix.lower()} {named_encoding(path)}\0".encode("utf-8", "surrogateescape"))
    try:
        found.update(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{shown(path)}: cannot be read ({error.strerror})") from None
    return found.hexdigest()


def file_keys(paths):
    """The keys of files, in their order."""
    return [file_key(path) for path in paths]


def pack_files(folder, paths, keys):
    """Read files and store what was read as a pack; returns its name and the sizes of the streams."""
    from ..reading.plan import read_plan  # only where there is something to read

    readings = []
    for path, key in zip(map(Path, paths), keys, strict=True):
        row = {**dict.fromkeys(TABLES["register"], ""), "plan": path.stem, "role": "plan", "file": path.name}
        readings.append(read_plan(row, decode(path.read_bytes(), path)))
        if file_key(path) != key:
            raise PlanError(f"{shown(path)}: changed while it was being read; nothing was written; run it again")
    name = hashlib.sha256("".join(keys).encode()).hexdigest()[:32]
    columns = _columns(readings)
    write_whole(Path(folder) / f"{name}.pack", packing.pack({"keys": list(keys), **columns}))
    return name, columns["sizes"].tolist()


def _columns(readings):
    """The arrays of a pack."""
    streams = [reading.stream for reading in readings]
    sizes = np.array([len(stream) for stream in streams], np.int64)
    texts = Texts(
        codes=code_points("".join(stream.chars for stream in streams)),
        starts=np.concatenate([[0], np.cumsum(sizes)]),
        plans=list(range(len(readings))),
        target=np.ones(len(readings), bool),
        offsets=_joined([stream.offsets for stream in streams], np.int64),
        sentence=_joined([stream.sentence for stream in streams], np.int32),
        body=_joined([stream.body for stream in streams], bool),
        chars=None,
    )
    corpus = _Nameless([reading.raw for reading in readings])
    marks = formula_mask(texts, corpus, np.zeros(len(texts.codes), bool)) * np.uint8(FORMULA)
    marks |= name_mask(texts, corpus) * np.uint8(NAME)
    marks |= texts.body * np.uint8(BODY)
    ordered = [reading._in_order for reading in readings]
    places = [_runs(np.asarray(offsets, np.int64), 1) for _, offsets in ordered]
    return {
        "sizes": sizes,
        "codes": texts.codes.astype(np.uint16 if texts.codes.max(initial=0) < 1 << 16 else np.uint32),
        **{
            f"{name} runs": _runs(values, step)
            for name, values, step in (
                ("offsets", texts.offsets, 1),
                ("sentence", texts.sentence, 0),
                ("static", marks, 0),
            )
        },
        "sections": [reading.section.astype(np.int32) for reading in readings],
        "text": [np.frombuffer(chars.encode("utf-8", "surrogatepass"), np.uint8) for chars, _ in ordered],
        "place runs": [runs.reshape(-1) for runs in places],
        "stock": _stock(texts, streams),
    }


def _runs(values, step):
    """Where an array does not go on by `step` (0 or 1): int64 array (2, n) of places and values there."""
    values = np.asarray(values, np.int64)
    new = np.flatnonzero(np.concatenate([[True], np.diff(values) != step])) if len(values) else np.zeros(0, np.int64)
    return np.stack([new, values[new]])


def _unrolled(runs, step, size, kind):
    """The array that `_runs` was made of."""
    places, values = runs
    out = np.repeat(values - step * places, np.diff(places, append=size))
    return (out + step * np.arange(size) if step else out).astype(kind)


def _first_from(runs, size, values):
    """The first place in an array of this size, that `_runs` was made of by steps of 1 and that ascends, with at least
    each of these values; `size` where there is none."""
    places, begins = runs
    run = np.maximum(np.searchsorted(begins, values, side="right") - 1, 0)
    last = np.append(places[1:], size)[run] if len(places) else np.zeros(len(values), np.int64)
    return np.clip(places[run] + values - begins[run], places[run], last) if len(places) else last


class _Nameless:
    """Texts without a register: nobody's names are known."""

    def __init__(self, raw):
        self.raw = raw

    def aliases(self, plan):
        """No names."""
        return []


def _joined(arrays, kind):
    return np.concatenate([np.asarray(array, kind) for array in arrays]) if arrays else np.zeros(0, kind)


def _stock(texts, streams):
    """How often each documented formula stands in each text: int64 arrays (number of the formula, count) flattened."""
    found, numbers = [[] for _ in streams], {}
    for number, (formula, _) in enumerate(documented_formulae()):
        numbers.setdefault(bare(formula), []).append(number)
    for wording, at in places_of(texts, numbers.keys() - {""}):
        for plan in np.unique(texts.plan_of(at)).tolist():
            count = streams[plan].chars.count(wording)  # places that overlap count once
            found[plan] += [(number, count) for number in numbers[wording]]
    return [np.array(sorted(counts), np.int64).reshape(-1) for counts in found]


class _Pack(dict):
    """What a pack holds; its arrays are laid out when they are asked for."""

    def __missing__(self, column):
        runs = dict.__getitem__(self, f"{column} runs")
        self[column] = _unrolled(runs, int(column == "offsets"), int(self["sizes"].sum()), PER_CHAR[column])
        return self[column]


def sentences_at(pack, places):
    """The number of the sentence at each of these places of a pack, counted from 1 in each text."""
    begins, numbers = dict.__getitem__(pack, "sentence runs")
    return numbers[np.searchsorted(begins, places, side="right") - 1]


@lru_cache(4)
def open_pack(folder, name):
    """A pack, by its columns."""
    pack = _Pack(_read(Path(folder) / f"{name}.pack"))
    pack["codes"] = pack["codes"].astype(PER_CHAR["codes"])
    return pack


def _read(path):
    try:
        return packing.unpack(path.read_bytes())
    except FileNotFoundError:
        raise packing.Damaged(f"{path.name} is missing") from None


def is_sound(folder, name):
    """Whether a pack is there and undamaged."""
    try:
        _read(Path(folder) / f"{name}.pack")
    except packing.Damaged:
        return False
    return True


def pack_texts(folder, name, places, starts, ends):
    """Cleaned texts of raw spans: each lies in the text at its place in the pack, places ascend; a list of str."""
    pack, found = open_pack(folder, name), []
    for place in np.unique(places).tolist():
        rows = slice(*np.searchsorted(places, (place, place + 1)))
        text = pack["text"][place].tobytes().decode("utf-8", "surrogatepass")
        runs = pack["place runs"][place].reshape(2, -1)
        first, last = (_first_from(runs, len(text), side[rows]).tolist() for side in (starts, ends))
        found += [text[one:other] for one, other in zip(first, last, strict=True)]
    return found


@lru_cache(1)
def pack_seeds(folder, name, n, window, spread):
    """Seeds of the texts in a pack, stored beside it: dict of `places` in each text, `keys`, `sizes` (seeds of each
    text), `buckets` (how many n-grams of `spread` characters fall in each, a plan may count more than once)."""
    path = Path(folder) / f"{name}-{n}-{window}.seeds"
    try:
        return _read(path)
    except packing.Damaged:
        pack = open_pack(folder, name)
        held = _seeds(pack["codes"], np.concatenate([[0], np.cumsum(pack["sizes"])]), n, window, spread)
        write_whole(path, packing.pack(held))
        return held


def _seeds(codes, starts, n, window, spread):
    places, keys, sizes, grams = [], [], [], []
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        hashes = ngram_hashes(codes[first:last], n)
        kept = winnowed(hashes, window)
        places.append(kept.astype(np.int32))
        keys.append(hashes[kept])
        sizes.append(len(kept))
        grams.append((ngram_hashes(codes[first:last], spread) >> np.uint64(64 - BITS)).astype(np.int32))
    buckets = np.bincount(_joined(grams, np.int32), minlength=1 << BITS)
    return {
        "sizes": np.array(sizes, np.int64),
        "places": _joined(places, np.int32),
        "keys": _joined(keys, np.uint64),
        "buckets": buckets.astype(np.uint16 if buckets.max() < 1 << 16 else np.int64),
    }


def pack_index(folder):
    """{key of a file: (pack, place in it, size of its stream)} of all packs made by the code that runs; {} where there
    is no index."""
    try:
        held = json.loads((Path(folder) / "index.json").read_text("utf-8"))
        return {key: tuple(place) for key, place in held["files"].items()} if held["code"] == code_key() else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_index(folder, index):
    """Store the index, and delete the packs that are not in it."""
    folder = Path(folder)
    write_whole(folder / "index.json", json.dumps({"code": code_key(), "files": index}, sort_keys=True).encode())
    used = {name for name, _, _ in index.values()}
    for path in [*folder.glob("*.pack"), *folder.glob("*.seeds")]:
        if path.name[:32] not in used:
            path.unlink(missing_ok=True)
