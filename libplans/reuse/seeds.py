"""Seeds: where do two plans share a run of characters, exactly?

Every n-gram of the long array is hashed to 64 bits; equal hashes are brought together by one sort; equal n-grams in
two plans are seeds; seeds that follow one another on a diagonal are one maximal match. Cost grows with the text and
with what is really shared, not with the number of pairs of plans. For large corpora the n-grams are winnowed
(Schleimer, Wilkerson and Aiken 2003): with n-gram size n and window w every shared run of n + w - 1 characters keeps
at least one seed.
"""

from dataclasses import dataclass

import numpy as np

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_GOLD = np.uint64(0x9E3779B97F4A7C15)


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
    """64-bit hash of the n-gram at each position (len(codes) - n + 1 of them), by doubling: O(len · log n)."""
    if len(codes) < n:
        return np.zeros(0, np.uint64)
    power, width, result, done = mixed(codes.astype(np.uint64)), 1, None, 0
    while True:
        if n & width:
            if result is None:
                result, done = power, width
            else:
                size = len(power) - done
                result = mixed(result[:size] * _GOLD + power[done : done + size])
                done += width
        if done == n:
            return result[: len(codes) - n + 1]
        power = mixed(power[:-width] * _GOLD + power[width:])
        width *= 2


def winnowed(hashes, window):
    """Positions kept by winnowing: the rightmost smallest hash of each window of `window` hashes."""
    if window <= 1 or len(hashes) <= window:
        return np.arange(len(hashes))
    best, where = hashes[: len(hashes) - window + 1].copy(), np.zeros(len(hashes) - window + 1, np.int32)
    for shift in range(1, window):
        here = hashes[shift : shift + len(best)]
        smaller = here <= best
        best[smaller] = here[smaller]
        where[smaller] = shift
    kept = np.zeros(len(hashes), bool)
    kept[where + np.arange(len(best))] = True
    return np.flatnonzero(kept)


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


def seed_pairs(texts, positions, keys, limit, common=None):
    """Pairs of positions in two plans that hold the same n-gram.

    An n-gram that stands at more than `limit` places, or that is `common` (bool, by position), is not paired all
    against all but with one plan (`_star`), so that its wording is still found in every plan (as a family). Two
    references are never paired.
    """
    order = np.argsort(keys, kind="stable")
    keys, positions = keys[order], positions[order]
    edges = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1], [True]])) if len(keys) else np.zeros(1, int)
    sizes = np.diff(edges)
    wide = sizes > limit
    if common is not None and len(keys):
        wide |= common[positions[edges[:-1]]] & (sizes > 1)
    left, right = [], []
    for lag in range(1, min(int(sizes.max(initial=1)), limit)):
        able = (sizes > lag) & ~wide
        if not able.any():
            break
        index = _runs(edges[:-1][able], sizes[able] - lag)
        left.append(positions[index])
        right.append(positions[index + lag])
    if wide.any():
        one, other = _star(texts, positions, edges[:-1][wide], sizes[wide])
        left.append(one)
        right.append(other)
    if not left:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = np.concatenate(left), np.concatenate(right)
    plan_left, plan_right = texts.plan_of(left), texts.plan_of(right)
    good = (plan_left < plan_right) & (texts.target[plan_left] | texts.target[plan_right])
    return left[good], right[good]


def _star(texts, positions, starts, sizes):
    """Pairs of frequent n-grams: the k-th place in each plan with the k-th place in the first plan that has the n-gram
    (with its last, where it has fewer); places of that first plan with those of the last one.

    So a wording is found in every plan, and a text that repeats itself is paired along one diagonal.
    """
    index = _runs(starts, sizes)
    plan = texts.plan_of(positions[index])
    group = np.repeat(np.arange(len(starts)), sizes)
    new = np.ones(len(index), bool)
    new[1:] = (group[1:] != group[:-1]) | (plan[1:] != plan[:-1])
    begin = np.flatnonzero(new)
    block = np.cumsum(new) - 1
    count = np.diff(np.concatenate([begin, [len(index)]]))
    rank = np.arange(len(index)) - begin[block]
    first = np.searchsorted(begin, np.cumsum(sizes) - sizes)
    last = np.concatenate([first[1:], [len(begin)]]) - 1
    home = block == first[group]
    partner = np.where(home, last[group], first[group])
    mate = begin[partner] + np.minimum(rank, count[partner] - 1)
    one, other = positions[index], positions[index[mate]]
    return np.minimum(one, other), np.maximum(one, other)


def _runs(starts, sizes):
    """Indices start, start + 1, … of several runs, laid end to end."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - np.concatenate([[0], ends[:-1]]), sizes)


def maximal_matches(texts, n=6, window=1, limit=64, spread=None):
    """All maximal exact matches between plans that hold a seed.

    n-grams inside wording that is spread over the plans (`spread`, bool by position) are paired as those above
    `limit` are.

    With window 1 these are all maximal shared runs of at least n characters; with a window w all of at least n + w - 1
    (w <= n, so that neighbouring seeds of one run touch) and many shorter ones.
    """
    if window > n:
        raise ValueError(f"window {window} is wider than the n-gram ({n}): runs would be cut")
    common = None
    if spread is not None:
        total = np.concatenate([[0], np.cumsum(spread)])
        common = total[n:] - total[:-n] == n
    x, y = seed_pairs(texts, *seed_positions(texts, n, window), limit, common)
    a, b = texts.plan_of(x), texts.plan_of(y)
    same = _equal(texts.codes, x, y, n)
    x, y, a, b = x[same], y[same], a[same], b[same]
    order = np.lexsort((x, y - x, b, a))
    x, y, a, b = x[order], y[order], a[order], b[order]
    new = np.ones(len(x), bool)
    if len(x):
        new[1:] = (np.diff(y - x) != 0) | (np.diff(x) > n) | (np.diff(a) != 0) | (np.diff(b) != 0)
        keep = np.ones(len(x), bool)
        keep[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
        x, y, a, b, new = x[keep], y[keep], a[keep], b[keep], new[keep]
    first = np.flatnonzero(new)
    last = np.concatenate([first[1:] - 1, [len(x) - 1]]) if len(first) else first
    return _to_edges(texts, Matches(a[first], b[first], x[first], y[first], x[last] + n - x[first]))


def _equal(codes, x, y, n):
    """Which seeds are equal character by character (a hash may collide; then the pair is no seed)."""
    good = np.ones(len(x), bool)
    for shift in range(n):
        good &= codes[x + shift] == codes[y + shift]
    return good


def _to_edges(texts, matches):
    """Matches extended to both sides while the characters are equal, each once, sorted by plans and place."""
    left = _steps(texts.codes, matches.x - 1, matches.y - 1, texts.starts[matches.a], texts.starts[matches.b], -1)
    ends = matches.x + matches.length, matches.y + matches.length
    right = _steps(texts.codes, *ends, texts.starts[matches.a + 1], texts.starts[matches.b + 1], 1)
    found = Matches(matches.a, matches.b, matches.x - left, matches.y - left, matches.length + left + right)
    order = np.lexsort((found.y, found.x, found.b, found.a))
    found = found.take(order)
    fresh = np.ones(len(found), bool)
    fresh[1:] = (np.diff(found.x) != 0) | (np.diff(found.y) != 0) | (np.diff(found.a) != 0) | (np.diff(found.b) != 0)
    return found.take(np.flatnonzero(fresh))


def _steps(codes, x, y, edge_x, edge_y, step):
    """How many characters each match can be extended in one direction."""
    count, live = np.zeros(len(x), np.int64), np.arange(len(x))
    shift = 0
    while len(live):
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
