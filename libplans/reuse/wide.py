"""Wide wording: what stands at so many places that not all its pairs are counted, and what stands for them instead?

A shared run of LENGTH characters is paired wherever it stands at FAMILY places or fewer (at fewer where pairs would be
too many, `family_limit`), and is no formula. Wording at more places, or spread over the plans, is a family: each of its
places is paired once, with the first place of that wording, so that it is found in every plan at a cost that grows with
the places and not with their pairs.
"""

from dataclasses import dataclass

import numpy as np

from .seeds import LENGTH, Matches, group_pairs, hashes_at, matches_of, seed_positions, shared_groups, to_edges

FAMILY = 64  # places up to which wording is paired all against all ...
FEW_PLANS = 20  # plans from which on wording spread over them is known before plans are compared
LIMITS = (64, 48, 32, 24, 16, 12, 8)  # ... or one of these, where pairs would be too many
PAIRS, PAIRS_A_CHARACTER = 2_500_000, 0.15  # pairs of places of n-grams that are never too many: the more of both
CHANCE = 4  # characters beside wide wording that two plans share by chance: a word
CUT = 1.5  # ratio of the numbers of places of neighbouring stretches from which on they are two families


@dataclass
class Wide:
    """Places of wide wording: `positions` (ascending) of n-grams of LENGTH characters, how many `places` each has, the
    first of them (`home`) and the first in another plan (`away`, -1 where there is none)."""

    positions: np.ndarray
    places: np.ndarray
    home: np.ndarray
    away: np.ndarray


def bounds_pairs(texts, limit):
    """Whether the places of a family depend on how many pairs a corpus has: not in a small one, where an n-gram may
    stand at more than FAMILY places (`limit`), nor among few plans, where formulae are known by what pairs share."""
    return limit <= FAMILY and int(texts.target.sum()) >= FEW_PLANS


def family_limit(pairs, size):
    """Places up to which wording is paired all against all, in a corpus of `size` characters: FAMILY, or the most of
    LIMITS at which there are no more pairs than PAIRS, or PAIRS_A_CHARACTER.

    `pairs` says how many pairs the n-grams at 0, 1, 2, … places have (`pairs_by_places`). So their number grows with
    the text, however much is copied: in laws the n-grams at 33 to 64 places have as many pairs as those at 5 to 8.
    """
    most, pairs = max(PAIRS, PAIRS_A_CHARACTER * size), np.cumsum(pairs)
    return next((family for family in LIMITS if pairs[family] <= most), LIMITS[-1])


def pairs_by_places(texts, groups, common):
    """How many pairs of places in two plans the n-grams outside formulae have that stand at 0, 1, … FAMILY places: int
    array."""
    chosen = (groups.sizes <= FAMILY) & ~common
    sizes, places = groups.sizes[chosen], groups.members(chosen)
    group, plan = np.repeat(np.arange(len(sizes)), sizes), texts.plan_of(places)
    new = np.flatnonzero((np.diff(group, prepend=-1) != 0) | (np.diff(plan, prepend=-1) != 0))
    same = np.diff(new, append=len(places))
    within = np.bincount(group[new], same * (same - 1) // 2, len(sizes))
    return np.bincount(sizes, sizes * (sizes - 1) // 2 - within, FAMILY + 1).astype(np.int64)


def shared_wording(texts, n=6, window=1, limit=FAMILY, spread=None, length=LENGTH):
    """(matches, families): maximal exact matches of all pairs of plans, and wide wording as `Families`.

    n-grams at `limit` places or fewer (`family_limit`) outside `spread` (bool by position) are paired all against all.
    Where they stand at more, longer ones (`length` characters, and n + window - 1 at least) are looked at in their
    stead, so that every shared run of that length is in a match, or is wide.
    """
    if window > n:
        raise ValueError(f"window {window} is wider than the n-gram ({n}): runs would be cut")
    length = max(length, n + window - 1)
    stock = spans_of(spread)
    groups = shared_groups(*seed_positions(texts, n, window))
    common = stock.hold(groups.first, n)
    family = FAMILY
    if bounds_pairs(texts, limit):
        family = limit = family_limit(pairs_by_places(texts, groups, common), len(texts.codes))
    often = (groups.sizes > min(limit, family)) | common
    places = around(texts, groups.members(often), n, length)
    longer = shared_groups(places, hashes_at(texts.codes, places, length))
    wide = (longer.sizes > family) | stock.hold(longer.first, length)
    found = wide_places(texts, longer, wide)
    starts, ends = runs_of(found.positions, length)
    seeds = narrow_pairs(texts, groups, (groups.sizes <= limit) & ~common, n, starts, ends)
    more = group_pairs(texts, longer.positions, longer.starts[~wide], longer.sizes[~wide])
    matches = matches_of(texts, (*seeds, n), (*more, length))
    covered = joined_spans(stock, Spans(starts, ends))
    return matches.take(np.flatnonzero(own_matches(matches, covered))), families_of(texts, found, length)


def around(texts, places, n, length):
    """All places at which a stretch of `length` characters begins that holds one of these n-grams and stays in its
    plan, ascending."""
    if not len(places):
        return np.zeros(0, np.int64)
    places = np.sort(places)
    plan = texts.plan_of(places)
    low = np.maximum(places - (length - n), texts.starts[plan])
    high = np.minimum(places, texts.starts[plan + 1] - length)
    good = low <= high
    if not good.any():
        return low[good]
    low, high, base = low[good], high[good], int(low[good].min())
    flags = np.zeros(int(high.max()) - base + 2, np.int32)
    np.add.at(flags, low - base, 1)
    np.add.at(flags, high - base + 1, -1)
    return np.flatnonzero(np.cumsum(flags, out=flags) > 0) + base


def wide_places(texts, groups, wide):
    """The places of the wide groups, as `Wide`."""
    starts, sizes = groups.starts[wide], groups.sizes[wide]
    positions = groups.members(wide)
    group = np.repeat(np.arange(len(starts)), sizes)
    home = groups.positions[starts]
    plan = texts.plan_of(positions)
    other = plan != texts.plan_of(home)[group]
    away = np.full(len(starts), -1, np.int64)
    numbers, first = np.unique(group[other], return_index=True)
    away[numbers] = positions[other][first]
    order = np.argsort(positions)
    group = group[order]
    return Wide(positions[order], sizes[group], home[group], away[group])


def runs_of(positions, length):
    """(starts, ends) of the stretches that n-grams of `length` characters at these ascending positions cover."""
    if not len(positions):
        return positions, positions
    new = np.concatenate([[True], np.diff(positions) > length])
    return positions[new], positions[np.concatenate([new[1:], [True]])] + length


def narrow_pairs(texts, groups, narrow, n, starts, ends):
    """All pairs of the narrow groups, but places inside wide stretches where an n-gram stands at more than FAMILY."""
    few = narrow & (groups.sizes <= FAMILY)
    some = narrow & ~few
    x, y = group_pairs(texts, groups.positions, groups.starts[few], groups.sizes[few])
    if not some.any():
        return x, y
    places = groups.members(some)
    group = np.repeat(np.arange(int(some.sum())), groups.sizes[some])
    at = np.searchsorted(starts, places, side="right") - 1
    inside = (at >= 0) & (places + n <= ends[at]) if len(ends) else np.zeros(len(places), bool)
    places, group = places[~inside], group[~inside]
    sizes = np.bincount(group, minlength=int(some.sum()))
    more = group_pairs(texts, places, np.cumsum(sizes) - sizes, sizes)
    return np.concatenate([x, more[0]]), np.concatenate([y, more[1]])


class Spans:
    """Disjoint half-open spans of the long array, ascending: how much of other spans do they cover?"""

    def __init__(self, starts, ends):
        self.starts, self.ends = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
        self.before = np.concatenate([[0], np.cumsum(self.ends - self.starts)])

    def _up_to(self, places):
        at = np.searchsorted(self.starts, places, side="right")
        last = np.maximum(at - 1, 0)
        beyond = np.maximum(self.ends[last] - places, 0) if len(self.ends) else 0
        return self.before[at] - np.where(at > 0, beyond, 0)

    def inside(self, starts, ends):
        """How many characters of each span stand in these spans."""
        return self._up_to(ends) - self._up_to(starts)

    def hold(self, places, n):
        """Whether the n characters from each place on all stand in these spans."""
        return self.inside(places, places + n) == n


def spans_of(mask):
    """The spans in which a mask (bool by position, or None) is true."""
    if mask is None:
        return Spans([], [])
    edges = np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8))
    return Spans(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1))


def joined_spans(one, other):
    """What stands in the spans of either."""
    starts, ends = np.concatenate([one.starts, other.starts]), np.concatenate([one.ends, other.ends])
    if not len(starts):
        return Spans(starts, ends)
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    new = np.concatenate([[True], starts[1:] > ends[:-1]])
    return Spans(starts[new], ends[np.concatenate([new[1:], [True]])])


def own_matches(matches, covered):
    """Which matches are more than wide wording and a few characters beside it that agree by chance."""
    own = np.full(len(matches), np.iinfo(np.int64).max)
    for side in (matches.x, matches.y):
        own = np.minimum(own, matches.length - covered.inside(side, side + matches.length))
    return own > np.minimum(CHANCE, matches.length - 1)


@dataclass
class Families:
    """Wide wording by its places: `starts`, `ends` and `family` (the start of the first place of the same wording) of
    each place; `pairs` (`Matches`), one for each place, and the family of each pair."""

    starts: np.ndarray
    ends: np.ndarray
    family: np.ndarray
    pairs: Matches
    pair_family: np.ndarray


def families_of(texts, wide, length=LENGTH):
    """The families of wide wording, with one exact match for each of their places: with the first place of the wording,
    or, in the plan of that, with the first place in another plan.

    A place is a stretch of wide n-grams; it is cut where the number of places changes by the factor CUT (a stock
    sentence that is followed by the same heading in some of the plans).
    """
    positions, places = wide.positions, wide.places
    if not len(positions):
        none = np.zeros(0, np.int64)
        return Families(none, none, none, Matches(none, none, none, none, none), none)
    big, small = np.maximum(places[1:], places[:-1]), np.minimum(places[1:], places[:-1])
    new = np.concatenate([[True], (np.diff(positions) != 1) | (big > CUT * small)])
    starts, ends = positions[new], positions[np.concatenate([new[1:], [True]])] + length
    segment = np.cumsum(new) - 1
    most = np.flatnonzero(places == np.maximum.reduceat(places, np.flatnonzero(new))[segment])
    pivot = most[np.concatenate([[True], np.diff(segment[most]) != 0])]
    x, y = positions[pivot], wide.home[pivot]
    family = starts[np.searchsorted(starts, y, side="right") - 1]
    y = np.where(texts.plan_of(x) == texts.plan_of(y), wide.away[pivot], y)
    good = (y >= 0) & (texts.target[texts.plan_of(x)] | texts.target[texts.plan_of(np.maximum(y, 0))])
    x, y = np.minimum(x, y)[good], np.maximum(x, y)[good]
    found = Matches(texts.plan_of(x), texts.plan_of(y), x, y, np.full(len(x), length, np.int64))
    pairs, rows = to_edges(texts, found)
    return Families(starts, ends, family, pairs, family[good][rows])
