"""Seeds: where do two plans share a run of characters, exactly?

Every n-gram of the long array is hashed to 64 bits; equal hashes are brought together by one sort; equal n-grams in
two plans are seeds; seeds that follow one another on a diagonal are one maximal match. Cost grows with the text and
with what is really shared, not with the number of pairs of plans. For large corpora the n-grams are winnowed
(Schleimer, Wilkerson and Aiken 2003): with n-gram size n and window w every shared run of n + w - 1 characters keeps
at least one seed.
"""

from dataclasses import dataclass

import numpy as np

from .ranges import ranges

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_GOLD = np.uint64(0x9E3779B97F4A7C15)
LENGTH = 15  # characters that a passage must match in texts of the size of a plan ...
SATELLITE = 8  # ... and beside a longer passage, or in very short texts
PLACE_BITS = 20  # of a hash that give way to the place, where the smallest of a window is looked for
NEAR = 1 << 13  # rows that are looked at together, so that what they read stays near the processor
MANY = 64  # characters from which on a match is prolonged by stretches, one match at a time


@dataclass
class Matches:
    """Maximal exact matches: plan indices `a` < `b`, first positions `x` in a and `y` in b (of the long array),
    `length`."""

    a: np.ndarray
    b: np.ndarray
    x: np.ndarray
    y: np.ndarray
    length: np.ndarray

    def __len__(self):
        return len(self.x)

    def take(self, rows):
        """The matches at these rows, in this order."""
        return Matches(self.a[rows], self.b[rows], self.x[rows], self.y[rows], self.length[rows])


def mixed(values):
    """A well-spread 64-bit hash of 64-bit integers (splitmix64)."""
    values = values + _GOLD
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))


def ngram_hashes(codes, n):
    """64-bit hash of the n-gram at each position (len(codes) - n + 1 of them), by doubling: O(len · log n).

    A polynomial in the code points modulo 2^64, mixed at the end so that every bit depends on every character.
    """
    if len(codes) < n:
        return np.zeros(0, np.uint64)
    power, factor, width, result, done = codes.astype(np.uint64), _GOLD, 1, None, 0
    while True:
        if n & width:
            if result is None:
                result, done = power, width
            else:
                size = len(power) - done
                result = result[:size] * factor + power[done : done + size]
                done += width
        if done == n:
            return mixed(result[: len(codes) - n + 1])
        power = power[:-width] * factor + power[width:]
        factor, width = np.uint64(int(factor) ** 2 % 2**64), 2 * width


def winnowed(hashes, window):
    """Positions kept by winnowing: the rightmost smallest hash of each window of `window` hashes (by their first 44
    bits)."""
    if window <= 1 or len(hashes) <= window:
        return np.arange(len(hashes))
    kept, piece = [], (1 << PLACE_BITS) - window
    for first in range(0, len(hashes) - window + 1, piece):
        part = hashes[first : first + piece + window - 1]
        places = np.uint64((1 << PLACE_BITS) - 1) - np.arange(len(part), dtype=np.uint64)  # rightmost is smallest
        best, width = part & ~np.uint64((1 << PLACE_BITS) - 1) | places, 1
        while width < window:  # windows twice as wide from two narrower ones
            step = min(width, window - width)
            best = np.minimum(best[:-step], best[step:])
            width += step
        where = best[np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]))]
        where = (1 << PLACE_BITS) - 1 - (where & np.uint64((1 << PLACE_BITS) - 1)).astype(np.int64) + first
        kept.append(where[1:] if kept and kept[-1][-1] == where[0] else where)
    return np.concatenate(kept)


def sorted_order(*columns):
    """The order of rows by these columns (whole numbers from 0 on), the first of them first; equal rows stay in theirs.

    Where all columns fit into 64 bits they are sorted as one number, which takes an eighth of the time, and with the
    number of the row a fortieth (4 million rows).
    """
    rows = np.arange(len(columns[0]))
    if (keys := packed(*columns, rows)) is not None:
        return _last_column(keys, rows)
    if (keys := packed(*columns)) is None:
        return np.lexsort(columns[::-1])
    order = np.argsort(keys)
    keys = keys[order]
    group = np.cumsum(np.concatenate([[0], keys[1:] != keys[:-1]]))
    return _last_column(packed(group, order), rows)


def _last_column(keys, column):
    """Sort packed numbers; the last of their columns, which holds the same numbers as `column`."""
    keys.sort()
    return (keys & np.uint64((1 << int(column.max(initial=0)).bit_length()) - 1)).astype(np.int64)


def sorted_rows(*columns):
    """Rows sorted by their columns (whole numbers from 0 on), the first of them first: the columns in that order."""
    if (keys := packed(*columns)) is None:
        order = np.lexsort(columns[::-1])
        return [column[order] for column in columns]
    keys.sort()
    found = []
    for column in columns[::-1]:
        size = np.uint64(int(column.max(initial=0)).bit_length())
        found.append((keys & ((np.uint64(1) << size) - np.uint64(1))).astype(np.int64))
        keys = keys >> size
    return found[::-1]


def numbered(values):
    """(each of these whole numbers from 0 on once, ascending; at which of them each row is)."""
    order = sorted_order(values)
    values = values[order]
    new = np.concatenate([values[:1] == values[:1], values[1:] != values[:-1]])
    at = np.empty(len(values), np.int64)
    at[order] = np.cumsum(new) - 1
    return values[new], at


def packed(*columns):
    """Whole numbers from 0 on as one number a row that sorts as they do, or None where they do not fit into 64 bits."""
    bits = [int(column.max(initial=0)).bit_length() for column in columns]
    if sum(bits) > 64:
        return None
    keys = columns[0].astype(np.uint64)
    for column, size in zip(columns[1:], bits[1:], strict=True):
        keys <<= np.uint64(size)
        keys |= column.astype(np.uint64)
    return keys


def hashes_at(codes, places, n):
    """`ngram_hashes` of the n-gram at each of some places, ascending."""
    if len(places) and len(places) > (places[-1] - places[0]) // 4:  # most of a stretch
        return ngram_hashes(codes[places[0] : places[-1] + n], n)[places - places[0]]
    value = np.zeros(len(places), np.uint64)
    for shift in range(n):
        value = value * _GOLD + codes[places + shift]
    return mixed(value)


def seed_positions(texts, n, window=1):
    """Positions and hashes of the n-grams that are kept; none reaches over the end of a plan."""
    kept, keys = [], []
    for first, last in zip(texts.starts[:-1], texts.starts[1:], strict=False):
        hashes = ngram_hashes(texts.codes[first:last], n)
        places = winnowed(hashes, window)
        kept.append(places + first)
        keys.append(hashes[places])
    if not kept:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate(kept).astype(np.int64), np.concatenate(keys)


@dataclass
class Groups:
    """Places with the same n-gram, together: `positions` sorted by key and place; group i has `sizes[i]` of them from
    `starts[i]` on."""

    positions: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    @property
    def first(self):
        """The first place of each group."""
        return self.positions[self.starts]

    def members(self, chosen):
        """The places of the chosen groups (bool array), group after group."""
        return self.positions[ranges(self.starts[chosen], self.sizes[chosen])]


def shared_groups(positions, keys):
    """The groups of more than one place with equal keys, in the order of the keys, the places of each ascending."""
    order = np.argsort(keys)
    keys = keys[order]
    edges = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1], [True]])) if len(keys) else np.zeros(1, int)
    starts, sizes = edges[:-1], np.diff(edges)
    starts, sizes = starts[sizes > 1], sizes[sizes > 1]
    places, group = positions[order[ranges(starts, sizes)]], np.repeat(np.arange(len(sizes)), sizes)
    return Groups(sorted_rows(group, places)[1], np.cumsum(sizes) - sizes, sizes)


def group_pairs(texts, positions, starts, sizes):
    """All pairs of places (x < y) of two plans inside groups; two references are never paired."""
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    starts, sizes = starts[sizes > 1], sizes[sizes > 1]
    able = texts.plan_of(positions[starts]) < texts.plan_of(positions[starts + sizes - 1])  # places ascend
    starts, sizes = starts[able], sizes[able]
    for lag in range(1, int(sizes.max(initial=1))):
        able = sizes > lag
        index = ranges(starts[able], sizes[able] - lag)
        one, other = positions[index], positions[index + lag]
        plan_one, plan_other = texts.plan_of(one), texts.plan_of(other)
        good = (plan_one < plan_other) & (texts.target[plan_one] | texts.target[plan_other])
        left.append(one[good])
        right.append(other[good])
    return np.concatenate(left), np.concatenate(right)


def matches_of(texts, *seeds):
    """The maximal exact matches of seeds, each once, sorted by plans and place; `seeds` are (x, y, characters)."""
    found = [_on_diagonals(texts, *kind) for kind in seeds]
    columns = (np.concatenate([vars(part)[name] for part in found]) for name in ("a", "b", "x", "y", "length"))
    return to_edges(texts, Matches(*columns))[0]


def _on_diagonals(texts, x, y, n):
    """Seeds that follow one another on a diagonal made one match; pairs of places that only share a hash go out."""
    same = _equal(texts.codes, x, y, n)
    x, y = x[same], y[same]
    a, b = texts.plan_of(x), texts.plan_of(y)
    low, place = int(a.min(initial=0)), x - texts.starts[a]
    shift = y - texts.starts[b] - place
    least = int(shift.min(initial=0))
    a, b, shift, place = sorted_rows(a - low, b, shift - least, place)
    a += low
    x = place + texts.starts[a]
    y = place + texts.starts[b] + (shift + least)
    new = np.ones(len(x), bool)
    if len(x):
        new[1:] = (np.diff(y - x) != 0) | (np.diff(x) > n) | (np.diff(a) != 0) | (np.diff(b) != 0)
        keep = np.ones(len(x), bool)
        keep[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
        x, y, a, b, new = x[keep], y[keep], a[keep], b[keep], new[keep]
    first = np.flatnonzero(new)
    last = np.concatenate([first[1:] - 1, [len(x) - 1]]) if len(first) else first
    return Matches(a[first], b[first], x[first], y[first], x[last] + n - x[first])


def _equal(codes, x, y, n):
    """Which seeds are equal character by character (a hash may collide; then the pair is no seed)."""
    good = np.ones(len(x), bool)
    for first in range(0, len(x), NEAR):
        rows = slice(first, first + NEAR)
        for shift in range(n):
            good[rows] &= codes[x[rows] + shift] == codes[y[rows] + shift]
    return good


def to_edges(texts, matches):
    """Matches extended to both sides while the characters are equal, each once, sorted by plans and place; and the rows
    that they come from."""
    left = _steps(texts.codes, matches.x - 1, matches.y - 1, texts.starts[matches.a], texts.starts[matches.b], -1)
    ends = matches.x + matches.length, matches.y + matches.length
    right = _steps(texts.codes, *ends, texts.starts[matches.a + 1], texts.starts[matches.b + 1], 1)
    found = Matches(matches.a, matches.b, matches.x - left, matches.y - left, matches.length + left + right)
    low = int(found.a.min(initial=0))
    order = sorted_order(found.a - low, found.b, found.x - texts.starts[found.a], found.y - texts.starts[found.b])
    found = found.take(order)
    fresh = np.ones(len(found), bool)
    fresh[1:] = (np.diff(found.x) != 0) | (np.diff(found.y) != 0) | (np.diff(found.a) != 0) | (np.diff(found.b) != 0)
    return found.take(np.flatnonzero(fresh)), order[fresh]


def _steps(codes, x, y, edge_x, edge_y, step):
    """How many characters each match can be extended in one direction."""
    count, live = np.zeros(len(x), np.int64), np.arange(len(x))
    shift = 0
    while len(live):
        if shift == MANY:
            for row in live.tolist():
                count[row] = _far(codes, int(x[row]), int(y[row]), int(edge_x[row]), int(edge_y[row]), step)
            break
        here_x, here_y = x[live] + step * shift, y[live] + step * shift
        if step < 0:
            inside = (here_x >= edge_x[live]) & (here_y >= edge_y[live])
        else:
            inside = (here_x < edge_x[live]) & (here_y < edge_y[live])
        live, here_x, here_y = live[inside], here_x[inside], here_y[inside]
        live = live[codes[here_x] == codes[here_y]]
        count[live] += 1
        shift += 1
    return count


def _far(codes, x, y, edge_x, edge_y, step):
    """How many characters equal each other from x and y on, by stretches that grow."""
    reach = min(edge_x - x, edge_y - y) if step > 0 else min(x - edge_x, y - edge_y) + 1
    done, width = 0, MANY
    while done < reach:
        width = min(2 * width, reach - done)
        at, there = (x + done, y + done) if step > 0 else (x - done - width + 1, y - done - width + 1)
        differ = np.flatnonzero(codes[at : at + width] != codes[there : there + width])
        if len(differ):
            return done + int(differ[0] if step > 0 else width - 1 - differ[-1])
        done += width
    return done
