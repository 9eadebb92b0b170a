"""Matching in blocks: the steps of `find_reuse` as tasks that work on a part of a corpus of any size.

Texts lie in a work folder as arrays that are read where they are needed. Seeds are parted by their hash, pairs of
places by the plan in which the first of them lies; every task reads whole files and writes whole files (`lay_out` its
part of one), so that one that was cut off is done again. The results are those of `find_reuse`, whatever the parts.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..runs.packing import Damaged
from .formulae import SPREAD
from .kept import HELD, Held, Wording, joined, kept_rows, nothing_held, pairs_of, recalled, without
from .packs import BITS, BODY, FORMULA, NAME, PER_CHAR, open_pack, pack_seeds
from .passages import passages_of, related_plans, tell_kinds
from .seeds import Groups, Matches, group_pairs, hashes_at, matches_of, ngram_hashes, shared_groups, sorted_order
from .texts import Texts
from .wide import Spans, around, bounds_pairs, narrow_pairs, own_matches, pairs_by_places, wide_places

TRADE = 8  # bit of `marks`: words of the trade
BATCH = 4_000_000  # pairs of places that a task holds at a time
KINDS = ("verbatim", "adapted", "formula")


@dataclass(frozen=True)
class Settings:
    """How texts are matched: sizes of n-gram and window, widest gap, places up to which an n-gram is a seed, places up
    to which wording is no family, characters of a run that must be found, whether words of the trade are known."""

    n: int
    window: int
    max_gap: int
    limit: int
    family: int
    length: int
    trade: bool


class _Bits:
    """One bit of the marks in a work folder as a bool array that is read where it is asked."""

    def __init__(self, work, bit):
        self.work, self.bit = work, bit

    def __len__(self):
        return len(open_marks(self.work))

    def __getitem__(self, places):
        return open_marks(self.work)[places] & self.bit != 0


@lru_cache(2)
def open_marks(work):
    """Formulae, names, body and words of the trade (`packs`), a byte a position."""
    return _on_disk(work, "marks")


def _on_disk(work, name):
    """An array of the work folder that stays on disk, and takes memory while it is held."""
    return np.load(Path(work) / f"{name}.npy", mmap_mode="r").view(np.ndarray)


def save(work, name, **arrays):
    """Write arrays to the work folder, each to a file of its own, whole or not at all."""
    for key, array in arrays.items():
        path = Path(work) / f"{name}-{key}.npy"
        with open(_draft(path), "wb") as file:
            np.save(file, array)
        Path(file.name).replace(path)


def _draft(path):
    """A file beside one that will be put in its place when it is whole."""
    return path.with_suffix(f".{np.random.default_rng().integers(1 << 62)}.tmp")


def load(work, name, *keys):
    """Arrays from the work folder, by these names; they stay on disk until they are used."""
    return {key: _on_disk(work, f"{name}-{key}") for key in keys}


@lru_cache(2)
def open_texts(work):
    """The texts in a work folder; their arrays stay on disk."""
    arrays = {name: _on_disk(work, name) for name in ("codes", "sentence")}
    held = load(work, "plans", "starts", "plans")
    return Texts(
        codes=arrays["codes"],
        starts=held["starts"],
        plans=held["plans"].tolist(),
        target=np.ones(len(held["plans"]), bool),
        offsets=np.zeros(0, np.int64),  # those of the packs are used
        sentence=arrays["sentence"],
        body=_Bits(work, BODY),
    )


@lru_cache(4)
def open_spans(work, name):
    """Spans from the work folder."""
    held = load(work, name, "starts", "ends")
    return Spans(held["starts"], held["ends"])


@lru_cache(2)
def open_wording(work):
    """The wide wording that passages do not come from, as numbers (`kept.Wording`)."""
    return Wording(open_spans(work, "covered"), open_texts(work).starts)


@lru_cache(2)
def open_held(work):
    """The pairs of plans that an earlier run has matched; their arrays stay on disk."""
    held = load(work, "held", *HELD)
    held["digest"] = np.asfortranarray(held["digest"])  # its first column is searched
    return Held(**held)


# ---- texts -----------------------------------------------------------------------------------------------------------


LAID = ("codes", "sentence", "static")  # arrays of packs that are laid out


def make_room(work, plans, starts):
    """Files in the work folder for the arrays of texts that begin at `starts`, as yet empty; and the texts' names."""
    for name in LAID:
        close_array_file(array_file(work, name, PER_CHAR[name]), PER_CHAR[name], int(starts[-1]))
    save(work, "plans", starts=starts, plans=np.array(plans, dtype=str))


def lay_out(work, cache, places, starts):
    """Write some texts that follow one another, at `places` (pack, place in it), where there is room for them; they
    begin at `starts`. Returns how often each holds each documented formula (`packs`)."""
    stock, files = [], {name: open(Path(work) / f"{name}.npy", "r+b") for name in LAID}
    for name, file in files.items():
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        file.seek(int(starts[0]) * np.dtype(PER_CHAR[name]).itemsize, os.SEEK_CUR)
    for (name, place), size in zip(places, np.diff(starts).tolist(), strict=True):
        pack = open_pack(cache, name)
        first = int(pack["sizes"][:place].sum())
        if size != pack["sizes"][place]:
            raise Damaged(f"{name}.pack is not the one of the index")
        stock.append(pack["stock"][place])
        for column, file in files.items():
            file.write(pack[column][first : first + size].data)
    for file in files.values():
        file.close()
    return stock


def array_file(work, name, kind):
    """An open file for a one-dimensional array that is written from its beginning."""
    file = open(_draft(Path(work) / f"{name}.npy"), "wb")
    _write_header(file, kind, 0)
    return file


def close_array_file(file, kind, size):
    """Close such a file, to which `size` values were written, or for which there shall be room, and put it in its
    place."""
    file.seek(0)
    _write_header(file, kind, size)  # as long as before: numpy leaves room for it to grow
    file.truncate(file.tell() + size * np.dtype(kind).itemsize)
    file.close()
    draft = Path(file.name)
    draft.replace(draft.with_name(draft.name.split(".")[0] + ".npy"))


def _write_header(file, kind, size):
    header = {"descr": np.lib.format.dtype_to_descr(np.dtype(kind)), "fortran_order": False, "shape": (size,)}
    np.lib.format.write_array_header_1_0(file, header)


# ---- seeds -----------------------------------------------------------------------------------------------------------


def scatter_seeds(work, cache, number, members, settings, parts):
    """Seeds of some packs, parted by hash; members are (pack, places in it, first position of the text at each).

    Returns the buckets of n-grams of `SPREAD` characters.
    """
    buckets, places, keys = np.zeros(1 << BITS, np.int64), [], []
    for name, at, starts in members:
        held = pack_seeds(cache, name, settings.n, settings.window, SPREAD)
        buckets += held["buckets"]
        first = np.full(len(held["sizes"]), -1, np.int64)
        first[at] = starts
        first = np.repeat(first, held["sizes"])
        used = first >= 0
        places.append((first + held["places"])[used])
        keys.append(held["keys"][used])
    _scatter(work, f"seeds-{number}", np.concatenate(places), np.concatenate(keys), parts)
    return buckets


def _scatter(work, name, places, keys, parts):
    """Store places and their keys part by part; where each part begins (and the last ends) in `edges`."""
    part = ((keys >> np.uint64(32)) % np.uint64(parts)).astype(np.uint16 if parts < 1 << 16 else np.uint64)
    order = np.argsort(part, kind="stable")
    edges = np.searchsorted(part[order], np.arange(parts + 1))
    save(work, name, places=places[order], keys=keys[order], edges=edges)


def _gather(work, name, files, part):
    """Groups of more than one place of a part, from the files that hold it, places ascending."""
    places, keys = [], []
    for number in files:
        edges = _on_disk(work, f"{name}-{number}-edges")[part : part + 2].tolist()
        places.append(_on_disk(work, f"{name}-{number}-places")[slice(*edges)])
        keys.append(_on_disk(work, f"{name}-{number}-keys")[slice(*edges)])
    return shared_groups(np.concatenate(places), np.concatenate(keys))


def spread_candidates(work, first, last, full):
    """n-grams of the plans first to last (indices) in full buckets: (keys, in how many of these plans each stands)."""
    texts, keys, places, once = open_texts(work), [], [], []
    for plan in range(first, last):
        start, end = int(texts.starts[plan]), int(texts.starts[plan + 1])
        hashes = ngram_hashes(np.asarray(texts.codes[start:end]), SPREAD)
        rows = np.flatnonzero(full[(hashes >> np.uint64(64 - BITS)).astype(np.int64)])
        keys.append(hashes[rows])
        places.append(rows + start)
        once.append(_counted(keys[-1])[0])
    save(work, f"spread-{first}", places=np.concatenate(places), keys=np.concatenate(keys))
    return _counted(np.concatenate(once))


def _counted(keys):
    """(each key once, ascending, how often it is there); by sorting, which is quicker than `np.unique` by hashing."""
    keys = np.sort(keys)
    first = np.flatnonzero(np.concatenate([keys[:1] == keys[:1], keys[1:] != keys[:-1]]))
    return keys[first], np.diff(first, append=len(keys))


def spread_spans(work, first, wide):
    """Spans of the plans from `first` on that stand in wide n-grams (their keys, ascending): (starts, ends)."""
    held = load(work, f"spread-{first}", "places", "keys")
    at = np.minimum(np.searchsorted(wide, held["keys"]), max(len(wide) - 1, 0))
    places = held["places"][wide[at] == held["keys"]] if len(wide) else held["places"][:0]
    new = np.ones(len(places), bool)
    new[1:] = np.diff(places) > SPREAD
    ends = np.ones(len(places), bool)
    ends[:-1] = new[1:]
    return places[new], places[ends] + SPREAD


def group_seeds(work, files, part, settings):
    """The groups of equal seeds of a part, stored; returns how many pairs those at 0, 1, … places have (None where that
    matters nothing), and the places of seeds that stand at many."""
    groups = _gather(work, "seeds", files, part)
    common = open_spans(work, "spread").hold(groups.first, settings.n)
    save(work, f"groups-{part}", positions=groups.positions, starts=groups.starts, sizes=groups.sizes, common=common)
    texts = open_texts(work)
    pairs = pairs_by_places(texts, groups, common) if bounds_pairs(texts, settings.limit) else None
    return pairs, often_places(work, part, settings)


def often_places(work, part, settings):
    """The places of the seeds of a part that stand at more places than wording that is no family."""
    held = load(work, f"groups-{part}", "positions", "starts", "sizes", "common")
    groups = Groups(held["positions"], held["starts"], held["sizes"])
    return groups.members((groups.sizes > settings.family) | held["common"])


def scatter_longer(work, number, places, settings, parts):
    """The longer n-grams around seeds that stand at many places (`places`, of some plans), parted by hash."""
    texts = open_texts(work)
    places = around(texts, places, settings.n, settings.length)
    _scatter(work, f"longer-{number}", places, hashes_at(texts.codes, places, settings.length), parts)


def group_longer(work, files, part, settings):
    """Pairs of equal longer n-grams of a part, stored; returns the columns of its wide places."""
    texts = open_texts(work)
    groups = _gather(work, "longer", files, part)
    wide = (groups.sizes > settings.family) | open_spans(work, "spread").hold(groups.first, settings.length)
    pairs = group_pairs(texts, groups.positions, groups.starts[~wide], groups.sizes[~wide])
    _save_pairs(work, f"longer-pairs-{part}", *pairs)
    found = wide_places(texts, groups, wide)
    return found.positions, found.places, found.home, found.away


def pair_seeds(work, part, settings):
    """All pairs of places with the same seed of a part, stored."""
    held = load(work, f"groups-{part}", "positions", "starts", "sizes", "common")
    runs = open_spans(work, "runs")
    groups = Groups(held["positions"], held["starts"], held["sizes"])
    narrow = (groups.sizes <= settings.limit) & ~held["common"]
    pairs = narrow_pairs(open_texts(work), groups, narrow, settings.n, runs.starts, runs.ends)
    _save_pairs(work, f"pairs-{part}", *pairs)
    return len(pairs[0])


def _save_pairs(work, name, x, y):
    """Store pairs of places, sorted by the first."""
    order = sorted_order(x)
    save(work, name, x=x[order], y=y[order])


# ---- passages --------------------------------------------------------------------------------------------------------


def range_passages(work, number, first, last, low, high, parts, settings):
    """The passages of the pairs of plans whose first is one of first to last and whose second one of low to high
    (indices), and their identities.

    Columns (int64 array, a row a passage) are a, b, a_start, a_end, b_start, b_end, matched, kind of a, kind of b
    (places in KINDS), wide (as `Passage` has it). What is held of an earlier run is taken from there; all of it is
    stored as `kept-` for the next.
    """
    texts, covered = open_texts(work), open_spans(work, "covered")
    bounds = [texts.bounds[plan] for plan in (first, last, low, high)]
    seeds = [_between(load(work, f"pairs-{part}", "x", "y"), *bounds) for part in range(parts)]
    longer = [_between(load(work, f"longer-pairs-{part}", "x", "y"), *bounds) for part in range(parts)]
    families, wide = _families_between(work, first, last, low, high)
    marks = [_Bits(work, bit) for bit in (FORMULA, NAME)]
    trade = _Bits(work, TRADE) if settings.trade else None
    held, digests, wording = open_held(work), _on_disk(work, "held-digests"), open_wording(work)
    rows, identities, kept = [np.zeros((0, 10), np.int64)], [np.zeros(0)], [nothing_held()]
    for first, last in _batches(texts, [*seeds, *longer], families):
        some = [
            (*_joined_pairs([_between(part, first, last) for part in kind]), length)
            for kind, length in ((seeds, settings.n), (longer, settings.length))
        ]
        rank = np.flatnonzero((families.x >= first) & (families.x < last))
        here, here_wide = families.take(rank), wide[rank]
        pairs, at = pairs_of(texts, digests, wording, some, here)
        hit, old, old_rows = recalled(texts, open_marks(work), wording, held, pairs, here, here_wide)
        some = [(x[~hit[pair]], y[~hit[pair]], length) for (x, y, length), pair in zip(some, at, strict=True)]
        every = matches_of(texts, *some)
        matches = every.take(np.flatnonzero(own_matches(every, covered)))
        few, left = without(here, pairs.number, hit, len(texts.plans))
        found = passages_of(texts, matches, (few, here_wide[left]), max_gap=settings.max_gap)
        tell_kinds(texts, found, related_plans(texts, found), *marks, trade)
        new = np.array([_row(passage) for passage in found], np.int64).reshape(-1, 10)
        identity = np.array([passage.identity for passage in found])
        places = [passage.blocks[0][:2] for passage in found]
        about = texts, open_marks(work), wording, pairs.take(~hit), every
        kept += [old, kept_rows(*about, new, identity, places, here)]
        both = np.concatenate([old_rows, new])
        order = np.argsort(both[:, 0] * len(texts.plans) + both[:, 1], kind="stable")
        rows.append(both[order])
        identities.append(np.concatenate([old.identity, identity])[order])
    save(work, f"kept-{number}", **vars(joined(kept)))
    return np.concatenate(rows), np.concatenate(identities)


def _row(p):
    kinds = [KINDS.index(kind) for kind in p.kinds]
    return p.a, p.b, p.a_start, p.a_end, p.b_start, p.b_end, p.matched, *kinds, p.wide


def _batches(texts, parts, families):
    """Ranges (first position, last) of whole plans in which no more than BATCH pairs of places begin, if may be."""
    plans = np.concatenate([*(texts.plan_of(part["x"]) for part in parts), families.a])
    if not len(plans):
        return
    first, held = int(plans.min()), 0
    for plan, count in zip(*(column.tolist() for column in np.unique(plans, return_counts=True)), strict=True):
        if held and held + count > BATCH:
            yield int(texts.starts[first]), int(texts.starts[plan])
            first, held = plan, 0
        held += count
    yield int(texts.starts[first]), int(texts.starts[int(plans.max()) + 1])


def _between(pairs, first, last, low=0, high=None):
    """The pairs of places (x, y; sorted by x) whose first place lies in a range of positions; and the second from low
    to high."""
    rows = slice(*np.searchsorted(pairs["x"], (first, last)))
    found = {side: pairs[side][rows] for side in "xy"}
    if high is None or low <= first:  # whatever follows
        return found
    here = (found["y"] >= low) & (found["y"] < high)
    return {side: found[side][here] for side in "xy"}


def _joined_pairs(parts):
    return [np.concatenate([part[side] for part in parts]) for side in "xy"]


def _families_between(work, first, last, low, high):
    """The places of wide wording (`Matches`) in pairs of plans whose first is one of first to last, whose second one of
    low to high, and the family of each."""
    held = load(work, "families", "a", "b", "x", "y", "length", "wide")
    edges = np.searchsorted(held["a"], (first, last))
    rows = edges[0] + np.flatnonzero((held["b"][slice(*edges)] >= low) & (held["b"][slice(*edges)] < high))
    wide = held.pop("wide")[rows]
    return Matches(**{name: np.array(column[rows]) for name, column in held.items()}), wide
