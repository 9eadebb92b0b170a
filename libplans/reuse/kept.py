"""Which pairs of plans have been matched before, just as they are now, and with which passages?

The passages of two plans follow from their characters, the seeds between them and the wide wording in what matches;
the kinds of passages from the marks in and beside them. A pair is known by a digest (128 bits) of its seeds, and the
wide wording near them, counted from the beginning of each plan, and taken where the wide wording in its longer matches
and the marks are what they were (64 bits each); so it is found again after another text was added, before anything is
made of its seeds, and is not where anything about it has changed. Deleting what is kept costs time only. (With the wide
wording of whole plans in the digest, one plan added to 1,000 had 73 % of all pairs matched again.)
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..runs import packing
from ..tables import write_whole
from .ranges import parts_of, ranges
from .seeds import mixed, numbered, sorted_order

FILE = "pairs.kept"
HELD = ("digest", "marks", "wide", "edges", "rows", "identity", "bounds", "matches")
BESIDE = 16  # characters beside a passage whose marks its kinds may depend on: names that were swapped there
CLOSE = 16  # characters beside a seed that a match of it reaches, unless it is kept with its pair
CELL = 16  # characters of a cell by which wide wording is known
COLUMNS = 10  # of a passage, as `blocks.range_passages` has them
_SALTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))


def plan_digests(keys, settings):
    """Two 64-bit numbers for each plan, from its file's key and the settings; uint64 array (plans, 2)."""
    found = [hashlib.sha256(f"{settings!r} {key}".encode()).digest()[:16] for key in keys]
    return np.frombuffer(b"".join(found), np.uint64).reshape(-1, 2)


class Wording:
    """Wide wording (`covered`, spans of the long array) as a number for any stretch of a plan: equal where it begins,
    goes on and ends at the same places of the plan, in the cells of CELL characters that the stretch touches. Plans
    begin at `starts`."""

    def __init__(self, covered, starts):
        first, last = (np.searchsorted(starts, side, side="right") - 1 for side in (covered.starts, covered.ends - 1))
        sizes = last - first + 1  # a span that reaches into the next plan is one of each
        plan, span = ranges(first, sizes), np.repeat(np.arange(len(first)), sizes)
        begin = np.maximum(covered.starts[span], starts[plan]) - starts[plan]
        end = np.minimum(covered.ends[span], starts[plan + 1]) - starts[plan]
        self.first = np.concatenate([[0], np.cumsum(np.diff(starts) // CELL + 1)])  # cell of each plan
        cells = self.first[plan] + begin // CELL, self.first[plan] + (end - 1) // CELL
        inside, value = np.zeros(self.first[-1] + 1, np.int32), np.zeros(self.first[-1], np.uint64)
        np.add.at(inside, cells[0], 1)
        np.add.at(inside, cells[1] + 1, -1)
        value[np.cumsum(inside[:-1]) > 0] = _SALTS[0]
        np.add.at(value, cells[0], mixed((begin * 2).astype(np.uint64)))
        np.add.at(value, cells[1], mixed((end * 2 + 1).astype(np.uint64)))
        self.sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(value, dtype=np.uint64)])

    def of(self, plans, places, length, beside=0):
        """A 64-bit number for each match, from both sides (`plans`, and the `places` in them) and `beside` characters
        on either hand: uint64 array."""
        found = np.zeros(len(plans[0]), np.uint64)
        for plan, place in zip(plans, places, strict=True):
            low = self.first[plan] + np.maximum(place - beside, 0) // CELL
            high = np.minimum(self.first[plan] + (place + length + beside - 1) // CELL, self.first[plan + 1] - 1)
            found = mixed(found + self.sums[high + 1] - self.sums[low])
        return found


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


def pairs_of(texts, digests, wording, seeds, families):
    """The pairs of plans that have a seed, or a place of wide wording, with their digests; and at which of them each
    seed is (a list of int arrays). `seeds` are (x, y, characters), a kind each, and `families` `Matches`."""
    count = max(len(texts.plans), 1)
    parts = [*seeds, (families.x, families.y, families.length)]
    plans = [(texts.plan_of(x), texts.plan_of(y)) for x, y, _ in parts]
    number, at = numbered(np.concatenate([a * count + b for a, b in plans]))
    at = np.split(at, np.cumsum([len(x) for x, _, _ in parts])[:-1])
    total = np.zeros((len(number), 2), np.uint64)
    for kind, ((x, y, length), (a, b), pair) in enumerate(zip(parts, plans, at, strict=True)):
        order = sorted_order(pair)
        edges = np.searchsorted(pair[order], np.arange(len(number) + 1))
        length = np.atleast_1d(np.asarray(length, np.uint64)) * np.uint64(len(parts)) + np.uint64(kind)
        x, y = x - texts.starts[a], y - texts.starts[b]
        place = mixed((x << 32 | y).astype(np.uint64) + mixed(length))
        if kind < len(seeds):
            place += wording.of((a, b), (x, y), seeds[kind][2], CLOSE)
        place = place[order]
        for side, salt in enumerate(_SALTS):
            total[:, side] += summed(mixed(place + salt), edges)
    for side in (0, 1):
        plan = digests[number // count, side], digests[number % count, side]
        total[:, side] = mixed(total[:, side] + mixed(plan[0] + mixed(plan[1])))
    return Pairs(number, total), at[:-1]


@dataclass
class Held:
    """Pairs that were matched before: `digest`, sorted by its first column, `marks` (`mark_digests`) and `wide`
    (`Wording`, of its longer matches) of each.

    The passages of the one at i are rows[edges[i]:edges[i + 1]], with their identities, its longer matches (x, y,
    length) matches[bounds[i]:bounds[i + 1]], all counted from the beginning of each plan.
    """

    digest: np.ndarray
    marks: np.ndarray
    wide: np.ndarray
    edges: np.ndarray
    rows: np.ndarray
    identity: np.ndarray
    bounds: np.ndarray
    matches: np.ndarray

    def place_of(self, digest):
        """Where each digest is held; -1 where it is not."""
        if not len(self.digest):
            return np.full(len(digest), -1, np.int64)
        at = np.minimum(np.searchsorted(self.digest[:, 0], digest[:, 0]), len(self.digest) - 1)
        same = (self.digest[at, 0] == digest[:, 0]) & (self.digest[at, 1] == digest[:, 1])
        return np.where(same, at, -1)

    def take(self, at):
        """The pairs at these places, in this order."""
        index, edges = _picked(self.edges, at)
        links, bounds = _picked(self.bounds, at)
        rows, identity, matches = self.rows[index], self.identity[index], self.matches[links]
        return Held(self.digest[at], self.marks[at], self.wide[at], edges, rows, identity, bounds, matches)


def _picked(edges, at):
    """The rows of the stretches at these places, and the edges of the stretches among them."""
    sizes = edges[at + 1] - edges[at]
    return ranges(edges[at], sizes), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def nothing_held():
    """No pair at all."""
    none, edges = np.zeros((0, 2), np.uint64), np.zeros(1, np.int64)
    rows, matches = np.zeros((0, COLUMNS), np.int32), np.zeros((0, 3), np.int32)
    return Held(none, none[:, 0], none[:, 0], edges, rows, np.zeros(0), edges, matches)


def joined(parts):
    """Several `Held` made one, sorted by digest."""
    found = {name: [vars(part)[name] for part in parts] for name in HELD}
    for name in ("edges", "bounds"):
        sizes = np.concatenate([np.diff(edges) for edges in found[name]])
        found[name] = [np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)]
    held = Held(**{name: np.concatenate(arrays) for name, arrays in found.items()})
    return held.take(np.argsort(held.digest[:, 0], kind="stable"))


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


def recalled(texts, marks, wording, held, pairs, families, wide):
    """(which pairs are held with the same marks, and the same wide wording in their longer matches, what is held of
    them, their passages as rows of the long array)."""
    at = held.place_of(pairs.digest)
    while True:
        hit = at >= 0
        old, here = held.take(at[hit]), pairs.take(hit)
        rows = known_rows(texts, here, old, families, wide)
        other = mark_digests(texts, marks, rows, old.edges) != old.marks
        a, b = np.divmod(np.repeat(here.number, np.diff(old.bounds)), max(len(texts.plans), 1))
        x, y, length = old.matches.T.astype(np.int64)
        other |= summed(wording.of((a, b), (x, y), length), old.bounds) != old.wide
        if not other.any():
            return hit, old, rows
        at[np.flatnonzero(hit)[other]] = -1


def kept_rows(texts, marks, wording, pairs, matches, rows, identity, places, families):
    """`Held` of pairs with their matches and passages (rows of the long array), both sorted by pair. In the stead of
    the family of wide wording, which is a number of this run, the place of its match among those of the pair is kept:
    `places` are the first positions (x, y) of each passage's blocks."""
    count = len(texts.plans)
    matches = matches.take(np.flatnonzero(matches.length > CLOSE))  # those that may reach further from a seed
    number, ends = rows[:, 0] * count + rows[:, 1], np.append(pairs.number, np.iinfo(np.int64).max)
    edges, bounds = np.searchsorted(number, ends), np.searchsorted(matches.a * count + matches.b, ends)
    x, y = matches.x - texts.starts[matches.a], matches.y - texts.starts[matches.b]
    covered = summed(wording.of((matches.a, matches.b), (x, y), matches.length), bounds)
    links = np.stack([x, y, matches.length], axis=1).astype(np.int32)
    pair = families.a * count + families.b
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
    return Held(pairs.digest, marked, covered, edges, rows.astype(np.int32), identity, bounds, links)


def read_kept(cache, key):
    """What a run with the same `key` has kept; nothing where there is none, or where it is damaged."""
    try:
        found = packing.unpack((Path(cache) / FILE).read_bytes())
        return Held(**found["held"]) if found["key"] == key else nothing_held()
    except (OSError, packing.Damaged, KeyError, TypeError):
        return nothing_held()


def write_kept(cache, key, held):
    """Keep pairs and their passages for the next run."""
    write_whole(Path(cache) / FILE, packing.pieces({"key": key, "held": dict(vars(held))}))


def without(part, number, drop, count):
    """(matches of the pairs that are not dropped, their rows); `number` are all pairs, ascending, `drop` says which."""
    rows = np.flatnonzero(~drop[np.searchsorted(number, part.a * count + part.b)]) if len(part) else np.zeros(0, int)
    return part.take(rows), rows
