"""Which pairs of plans have been matched before, just as they are now, and with which passages?

The passages of two plans follow from their characters, the wide wording in them and the seeds between them, the kinds
of passages from the marks in and beside them. A pair is known by a digest (128 bits) of the first three, counted from
the beginning of each plan, and another (64 bits) of the marks; so it is found again after another text was added,
before anything is made of its seeds, and is not where anything about it has changed. Deleting what is kept costs time
only. (A digest of the wide wording in the matches alone would hold more pairs where wording becomes wide, but asks for
the places of a million matches to be kept and read, which takes as long as matching those pairs again.)
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..runs import packing
from ..tables import write_whole
from .ranges import parts_of, ranges
from .seeds import mixed

FILE = "pairs.kept"
HELD = ("digest", "marks", "edges", "rows", "identity")
BESIDE = 16  # characters beside a passage whose marks its kinds may depend on: names that were swapped there
COLUMNS = 10  # of a passage, as `blocks.range_passages` has them
_SALTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))


def plan_digests(keys, settings, starts, covered):
    """Two 64-bit numbers for each plan, from its file's key, the settings and the wide wording in it (`covered`, spans
    of the long array, on which the plans begin at `starts`); uint64 array (plans, 2)."""
    found = [hashlib.sha256(f"{settings!r} {key}".encode()).digest()[:16] for key in keys]
    first, last = (np.searchsorted(starts, side, side="right") - 1 for side in (covered.starts, covered.ends - 1))
    sizes = last - first + 1  # a span that reaches into the next plan is one of each
    plan, span = ranges(first, sizes), np.repeat(np.arange(len(first)), sizes)
    start = np.maximum(covered.starts[span], starts[plan]) - starts[plan]
    end = np.minimum(covered.ends[span], starts[plan + 1]) - starts[plan]
    wide = summed(mixed((start << 32 | end).astype(np.uint64)), np.searchsorted(plan, np.arange(len(keys) + 1)))
    return mixed(np.frombuffer(b"".join(found), np.uint64).reshape(-1, 2) + wide[:, None])


def summed(values, edges):
    """The sum of values[edges[i]:edges[i + 1]] for each i, modulo 2^64: uint64 array."""
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
    return sums[edges[1:]] - sums[edges[:-1]]


def mark_digests(texts, marks, rows, edges):
    """A 64-bit number for each pair, from the marks in and beside its passages: uint64 array.

    The passages of pair i are rows[edges[i]:edges[i + 1]], on the long array; `marks` are bytes, one a position.
    """
    spans = np.concatenate([rows[:, [0, 2, 3]], rows[:, [1, 4, 5]]])
    first, last = texts.starts[spans[:, 0]], texts.starts[spans[:, 0] + 1]
    start, end = np.maximum(spans[:, 1] - BESIDE, first), np.minimum(spans[:, 2] + BESIDE, last)
    found, length = np.zeros(len(spans), np.uint64), end - start
    for part in parts_of(length):
        begins = np.cumsum(length[part]) - length[part]
        place = ranges(start[part], length[part])
        value = (place - np.repeat(first[part], length[part])) << 8 | marks[place]
        found[part] = np.add.reduceat(mixed(value.astype(np.uint64)), begins)
    return summed(mixed(found[: len(rows)]) * _SALTS[0] + mixed(found[len(rows) :]), edges)


@dataclass
class Pairs:
    """Pairs of plans: `number` (a times the number of plans, plus b; ascending), `digest` (uint64, two columns)."""

    number: np.ndarray
    digest: np.ndarray

    def take(self, rows):
        """The pairs at these rows."""
        return Pairs(self.number[rows], self.digest[rows])


def pairs_of(texts, digests, seeds, families):
    """The pairs of plans that have a seed, or a place of wide wording, with their digests; and at which of them each
    seed is (a list of int arrays). `seeds` are (x, y, characters), a kind each, and `families` `Matches`."""
    count = max(len(texts.plans), 1)
    parts = [*seeds, (families.x, families.y, families.length)]
    plans = [(texts.plan_of(x), texts.plan_of(y)) for x, y, _ in parts]
    number, at = np.unique(np.concatenate([a * count + b for a, b in plans]), return_inverse=True)
    at = np.split(at.reshape(-1), np.cumsum([len(x) for x, _, _ in parts])[:-1])
    total = np.zeros((len(number), 2), np.uint64)
    for kind, ((x, y, length), (a, b), pair) in enumerate(zip(parts, plans, at, strict=True)):
        order = np.argsort(pair)
        edges = np.searchsorted(pair[order], np.arange(len(number) + 1))
        length = np.atleast_1d(np.asarray(length, np.uint64)) * np.uint64(len(parts)) + np.uint64(kind)
        place = ((x - texts.starts[a]) << 32 | (y - texts.starts[b])).astype(np.uint64)
        place = mixed(place + mixed(length))[order]
        for side, salt in enumerate(_SALTS):
            total[:, side] += summed(mixed(place + salt), edges)
    for side in (0, 1):
        plan = digests[number // count, side], digests[number % count, side]
        total[:, side] = mixed(total[:, side] + mixed(plan[0] + mixed(plan[1])))
    return Pairs(number, total), at[:-1]


@dataclass
class Held:
    """Pairs that were matched before: `digest`, sorted by its first column, and `marks` (`mark_digests`) of each.

    The passages of the one at i are rows[edges[i]:edges[i + 1]], counted from the beginning of each plan, with their
    identities.
    """

    digest: np.ndarray
    marks: np.ndarray
    edges: np.ndarray
    rows: np.ndarray
    identity: np.ndarray

    def place_of(self, digest):
        """Where each digest is held; -1 where it is not."""
        if not len(self.digest):
            return np.full(len(digest), -1, np.int64)
        at = np.minimum(np.searchsorted(self.digest[:, 0], digest[:, 0]), len(self.digest) - 1)
        same = (self.digest[at, 0] == digest[:, 0]) & (self.digest[at, 1] == digest[:, 1])
        return np.where(same, at, -1)

    def take(self, at):
        """The pairs at these places, in this order."""
        sizes = self.edges[at + 1] - self.edges[at]
        index = ranges(self.edges[at], sizes)
        edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Held(self.digest[at], self.marks[at], edges, self.rows[index], self.identity[index])


def nothing_held():
    """No pair at all."""
    none = np.zeros((0, 2), np.uint64)
    return Held(none, none[:, 0], np.zeros(1, np.int64), np.zeros((0, COLUMNS), np.int32), np.zeros(0))


def joined(parts):
    """Several `Held` made one, sorted by digest."""
    digest = np.concatenate([part.digest for part in parts])
    sizes = np.concatenate([np.diff(part.edges) for part in parts])
    marks, rows, identity = (
        np.concatenate([vars(part)[name] for part in parts]) for name in ("marks", "rows", "identity")
    )
    edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Held(digest, marks, edges, rows, identity).take(np.argsort(digest[:, 0], kind="stable"))


def known_rows(texts, pairs, held, families, wide):
    """The passages that are held of these pairs (`held.take`), as rows of the long array; `families` are the places of
    wide wording now, `wide` the family of each."""
    rows, number = held.rows.astype(np.int64), np.repeat(pairs.number, np.diff(held.edges))
    rows[:, 0], rows[:, 1] = number // len(texts.plans), number % len(texts.plans)
    rows[:, 2:4] += texts.starts[rows[:, 0], None]
    rows[:, 4:6] += texts.starts[rows[:, 1], None]
    if len(wide):
        first = np.searchsorted(families.a * len(texts.plans) + families.b, number)
        rows[:, 9] = np.where(rows[:, 9] < 0, -1, wide[np.minimum(first + rows[:, 9], len(wide) - 1)])
    return rows


def recalled(texts, marks, held, pairs, families, wide):
    """(which pairs are held with the same marks, what is held of them, their passages as rows of the long array)."""
    at = held.place_of(pairs.digest)
    while True:
        hit = at >= 0
        old = held.take(at[hit])
        rows = known_rows(texts, pairs.take(hit), old, families, wide)
        other = mark_digests(texts, marks, rows, old.edges) != old.marks
        if not other.any():
            return hit, old, rows
        at[np.flatnonzero(hit)[other]] = -1


def kept_rows(texts, marks, pairs, rows, identity, places, families):
    """`Held` of pairs and their passages (rows of the long array, sorted by pair). In the stead of the family of wide
    wording, which is a number of this run, the place of its match among those of the pair is kept: `places` are the
    first positions (x, y) of each passage's blocks."""
    number = rows[:, 0] * len(texts.plans) + rows[:, 1]
    edges = np.searchsorted(number, np.append(pairs.number, np.iinfo(np.int64).max))
    pair = families.a * len(texts.plans) + families.b
    order = dict(zip(zip(families.x.tolist(), families.y.tolist(), strict=True), range(len(pair)), strict=True))
    first = np.searchsorted(pair, number).tolist()
    wide = [
        -1 if family < 0 else order[place] - start
        for family, place, start in zip(rows[:, 9].tolist(), places, first, strict=True)
    ]
    marked = mark_digests(texts, marks, rows, edges)
    rows = rows.copy()
    rows[:, 2:4] -= texts.starts[rows[:, 0], None]
    rows[:, 4:6] -= texts.starts[rows[:, 1], None]
    rows[:, 0] = rows[:, 1] = 0
    rows[:, 9] = wide
    return Held(pairs.digest, marked, edges, rows.astype(np.int32), identity)


def read_kept(cache, key):
    """What a run with the same `key` has kept; nothing where there is none, or where it is damaged."""
    try:
        found = packing.unpack((Path(cache) / FILE).read_bytes())
        return Held(**found["held"]) if found["key"] == key else nothing_held()
    except (OSError, packing.Damaged, KeyError, TypeError):
        return nothing_held()


def write_kept(cache, key, held):
    """Keep pairs and their passages for the next run."""
    write_whole(Path(cache) / FILE, packing.pack({"key": key, "held": dict(vars(held))}))


def without(part, number, drop, count):
    """(matches of the pairs that are not dropped, their rows); `number` are all pairs, ascending, `drop` says which."""
    rows = np.flatnonzero(~drop[np.searchsorted(number, part.a * count + part.b)]) if len(part) else np.zeros(0, int)
    return part.take(rows), rows
