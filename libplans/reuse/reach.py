"""Reach: can a lone match become a passage of some length, and does it stand beside one that has it?

Asked before anything is aligned, of many matches at once. Most short runs that two texts share are a name or a turn of
law: they go on nowhere and stand beside nothing. The answer is a bound, not a guess: a match that is turned away here
would have been turned away after its alignment, and a flank of which nothing is taken need not be aligned.
"""

from dataclasses import dataclass

import numpy as np

from .alignment import FLANK
from .chains import GAP_EXTEND, GAP_OPEN
from .ranges import ranges
from .seeds import SATELLITE, mixed

CELL = 256  # characters of a cell in which passages are looked up
ENDLESS = 1 << 40  # reach that is not known
LANES = 1 << 13  # runs whose flanks are looked at together
NEVER = -60  # half characters; below what any alignment of two flanks may fall to
CELLS = 64  # up to which those of a passage are looked at in both texts at once
ON_LEFT, ON_RIGHT = 0xFFFE, 0xFFFF  # stand for what lies beyond a plan; equal nothing


@dataclass
class Reach:
    """What alignment may win beyond runs of matches: `most`, by how many characters a passage that comes of it may be
    longer than the run, at the most (ENDLESS where that is not known); and whether anything is to be won `before` and
    `behind` it, or stands there as a passage of its own. Where nothing does the flank need not be aligned."""

    most: np.ndarray
    before: np.ndarray
    behind: np.ndarray

    def take(self, rows):
        """The reach of the runs at these rows."""
        return Reach(self.most[rows], self.before[rows], self.behind[rows])


def reach_of(texts, first, last=None, least=SATELLITE):
    """The `Reach` of runs from one maximal match to another of the same plans (`Matches`; by default the same); `least`
    characters make a passage of its own.

    A stretch beyond a match belongs to its passage only where it brings as much as its gaps cost: whether any alignment
    of the two flanks (FLANK characters) does is told by the best score of all (Gotoh 1982, characters and gaps as in
    `dense_stretches`), and how much it brings by their longest common subsequence, and by the best score where each
    character counts twice. Where half of a flank may match, what lies beyond it is not known.
    """
    last = first if last is None else last
    most, goes_on = np.zeros(len(first), np.int64), np.zeros((2, len(first)), bool)
    for start in range(0, len(first), LANES):
        rows = slice(start, start + LANES)
        one, other = first.take(rows), last.take(rows)
        ends = (one.x - 1, one.y - 1, -1), (other.x + other.length, other.y + other.length, 1)
        won, alone = np.zeros((2, 2, len(one)), np.int64)
        for side, (x, y, step) in enumerate(ends):
            won[side], alone[side], goes_on[side, rows] = _beyond(texts, one.a, one.b, x, y, step, least)
        most[rows] = np.maximum(won.sum(0), alone.max(0) - (other.x + other.length - one.x))
    return Reach(most, *goes_on)


def _beyond(texts, a, b, x, y, step, least):
    """What the flanks from x and y on in one direction hold: (characters that can be won, characters that a passage of
    its own can match, whether there is either)."""
    left = _flank(texts.codes, x, texts.starts[a], texts.starts[a + 1], step, ON_LEFT)
    right = _flank(texts.codes, y, texts.starts[b], texts.starts[b + 1], step, ON_RIGHT)
    score, common = _best(left, right, 2), _common(left, right).astype(np.int64)
    found = np.zeros((2, len(x)), np.int64)
    rows = np.flatnonzero(score >= 0)
    found[0, rows] = np.minimum(_best(left[:, rows], right[:, rows], 4) // 2, common[rows])
    rows = np.flatnonzero(common >= least)
    most = _best(left[:, rows], right[:, rows], 4, anywhere=True) // 2
    found[1, rows] = np.where(most > least, np.minimum(most, common[rows]), 0)
    found[:, common >= FLANK // 2] = ENDLESS
    return *found, found.any(0)


def _best(left, right, gain, anywhere=False):
    """The best score of an alignment of two flanks that begins at the match, or `anywhere`, and ends in a matching
    character, in half characters; a matching character brings `gain`.

    `top` is the best score up to a cell, `gap` that of a gap which may go on there; row i of them is the cell of the
    i-th character, row 0 lies before the first.
    """
    lanes, kind = left.shape[1], np.int8 if gain * FLANK - NEVER < 128 else np.int16
    open_gap, more, best = kind(2 * GAP_OPEN), kind(2 * GAP_EXTEND), np.full(lanes, NEVER, kind)
    top, gap = np.full((2, 2, FLANK + 1, lanes), NEVER, kind)
    top[0, 0], gap[0, 0] = 0, -open_gap
    top[1, :2] = gap[1, :2] = -open_gap - more
    for here, before, edges, same in _antidiagonals(left, right):
        matched = np.maximum(top[0, before], 0) if anywhere else top[0, before]
        matched = (matched + kind(gain - NEVER)) * same + kind(NEVER)  # ten times as quick as numpy.where
        np.maximum(best, matched.max(0), out=best)
        gapped = np.maximum(np.maximum(gap[0, before], gap[1, before]), gap[1, here]) - more
        np.maximum(matched, gapped, out=top[0, here])
        np.maximum(matched - open_gap, gapped, out=gap[0, here])
        top[0, edges] = gap[0, edges] = -open_gap - more * kind(here.stop)
        top, gap = top[::-1], gap[::-1]
    return best


def _common(left, right):
    """The length of the longest common subsequence of two flanks (Hirschberg 1975)."""
    common = np.zeros((2, FLANK + 1, left.shape[1]), np.int8)
    for here, before, _, same in _antidiagonals(left, right):
        one_less = np.maximum(common[1, before], common[1, here])
        np.maximum(one_less, common[0, before] + same, out=common[0, here])
        common = common[::-1]
    return common[1, FLANK]


def _antidiagonals(left, right):
    """The cells of two flanks, all flanks at once (a column each), one antidiagonal after the other: (rows of its
    cells, rows of the cells before them, rows of the cells at its ends that lie before a first character, int8 array of
    whether the characters are equal)."""
    turned = right[::-1]
    for diagonal in range(2 * FLANK - 1):
        low, high = max(0, diagonal - FLANK + 1), min(FLANK, diagonal + 1)
        same = left[low:high] == turned[FLANK - 1 - diagonal + low : FLANK - 1 - diagonal + high]
        edges = [0, diagonal + 2] if diagonal + 2 <= FLANK else []
        yield slice(low + 1, high + 1), slice(low, high), edges, same.view(np.int8)


def _flank(codes, first, low, high, step, beyond):
    """The characters from `first` on in one direction, a row each, by their last 16 bits (more may seem equal than
    are); `beyond` where the plan has none."""
    place = first + np.arange(FLANK)[:, None] * step
    rows = codes[np.clip(place, low, high - 1)].astype(np.uint16)
    rows[(place < low) | (place >= high)] = beyond
    return rows


def beside(matches, pairs, spans, near):
    """Which matches may make a passage within `near` characters of one of these spans, in both texts: bool array.

    `pairs` are numbers of pairs of plans, one for each match and one for each of the spans (rows of a_start, a_end,
    b_start, b_end). A span is known by the cells that it touches in both texts; a long one by those in either.
    """
    found = np.zeros(len(matches), bool)
    if not len(matches) or not len(spans):
        return found
    margin = near + FLANK + int(matches.length.max())
    known, at = np.unique(pairs[0], return_inverse=True)
    owner = np.minimum(np.searchsorted(known, pairs[1]), len(known) - 1)
    asked = np.flatnonzero(known[owner] == pairs[1])
    owner, spans = owner[asked], spans[asked]
    rows = np.flatnonzero(np.isin(at, owner))
    if not len(rows):
        return found
    at = at[rows]
    cells = np.stack([matches.x[rows], matches.y[rows]]) // CELL
    first = np.maximum(spans[:, [0, 2]].T - margin, 0) // CELL
    sizes = (spans[:, [1, 3]].T + margin) // CELL - first + 1
    width = int(max(cells.max(initial=0), (first + sizes).max())) + 1
    few = sizes[0] * sizes[1] <= CELLS
    within, touched = _counting((sizes[0] * sizes[1])[few])
    cell_a = first[0, few][touched] + within // sizes[1, few][touched]
    cell_b = first[1, few][touched] + within % sizes[1, few][touched]
    found[rows] = _among((at * width + cells[0], cells[1]), (owner[few][touched] * width + cell_a, cell_b))
    long = np.ones(len(rows), bool)
    for side in (0, 1):
        within, touched = _counting(sizes[side, ~few])
        cell = first[side, ~few][touched] + within
        long &= _among((at, cells[side]), (owner[~few][touched], cell))
    found[rows] |= long
    return found


def _counting(sizes):
    """(0, 1, … up to each of these sizes, one after the other, the place of the size of each)."""
    return ranges(np.zeros_like(sizes), sizes), np.repeat(np.arange(len(sizes)), sizes)


def _among(rows, others):
    """Which rows (two columns of whole numbers) are among others; hashes that collide let a row pass too many."""
    asked, known = (mixed(one.astype(np.uint64)) + other.astype(np.uint64) for one, other in (rows, others))
    if not len(known):
        return np.zeros(len(asked), bool)
    known.sort()
    return known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked
