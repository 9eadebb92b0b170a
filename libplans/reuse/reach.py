"""Reach: can a lone match become a passage of some length, and does it stand beside one that has it?

Asked before anything is aligned, of many matches at once. Most short runs that two texts share are a name or a turn of
law: they go on nowhere and stand beside nothing. The answer is a bound, not a guess: a match that is turned away here
would have been turned away after its alignment.
"""

import numpy as np

from .alignment import FLANK
from .chains import GAP_EXTEND, GAP_OPEN
from .ranges import ranges
from .seeds import NEAR, SATELLITE, mixed

CELL = 256  # characters of a cell in which passages are looked up
ENDLESS = 1 << 40  # reach that is not known
CELLS = 64  # up to which those of a passage are looked at in both texts at once
ON_LEFT, ON_RIGHT = np.uint32(0xFFFFFFFE), np.uint32(0xFFFFFFFF)  # stand for what lies beyond a plan; equal nothing


def reach_of(texts, matches):
    """How many characters each of these maximal matches may win from what stands beside it, at the most: int array.

    A stretch beyond a match belongs to its passage only where it brings as much as its gaps cost, whatever the
    alignment: so a character counts if it stands anywhere in the other's flank, and where that is enough, if it stands
    no further off than gaps that are paid for. Where it is 0 the passage is the match. Where a flank may hold more than
    half of its characters, or a passage of its own, it is ENDLESS.
    """
    found = np.zeros(len(matches), np.int64)
    for first in range(0, len(matches), NEAR):
        near = matches.take(slice(first, first + NEAR))
        reach, wide = _both_sides(texts, near, FLANK - 1)
        for gap in (7, 3, 1):  # characters of gaps that so many matched ones can pay for
            rows = np.flatnonzero((reach <= gap / 2 + 1.5).all(0) & (reach > 0).any(0) & ~wide)
            if len(rows):
                better, _ = _both_sides(texts, near.take(rows), gap)
                reach[:, rows] = np.minimum(reach[:, rows], better)
        found[first : first + NEAR] = np.where(wide, ENDLESS, reach.sum(0))
    return found


def _both_sides(texts, matches, drift):
    """(characters that can be won before and behind each match, whether a flank may hold a passage of its own)."""
    low_x, high_x = texts.starts[matches.a], texts.starts[matches.a + 1]
    low_y, high_y = texts.starts[matches.b], texts.starts[matches.b + 1]
    sides = (matches.x - 1, matches.y - 1, -1), (matches.x + matches.length, matches.y + matches.length, 1)
    reach, wide = np.zeros((2, len(matches)), np.int64), np.zeros(len(matches), bool)
    for side, (x, y, step) in enumerate(sides):
        left = _flank(texts.codes, x, low_x, high_x, step, ON_LEFT)
        right = _flank(texts.codes, y, low_y, high_y, step, ON_RIGHT)
        equal = np.zeros((2, FLANK, len(matches)), bool)
        for i in range(FLANK):
            for j in range(max(0, i - drift), min(FLANK, i + drift + 1)):
                same = left[i] == right[j]
                equal[0, i] |= same
                equal[1, j] |= same
        won, own, count = zip(*(_won(flank) for flank in equal), strict=True)
        reach[side] = np.minimum(*won)
        wide |= (np.minimum(*own) >= SATELLITE) | (np.minimum(*count) >= FLANK // 2)
    return reach, wide


def _flank(codes, first, low, high, step, beyond):
    """The characters from `first` on in one direction, a row each; `beyond` where the plan has none."""
    rows = np.empty((FLANK, len(first)), np.uint32)
    for i in range(FLANK):
        place = first + i * step
        inside = (place >= low) & (place < high)
        rows[i] = np.where(inside, codes[np.where(inside, place, low)], beyond)
    return rows


def _won(equal):
    """Of characters that may match, in the order of their distance: (how many can belong to the passage, how many at
    the most to a stretch of its own, how many there are)."""
    size = equal.shape[1]
    net = np.full(size, -GAP_OPEN - GAP_EXTEND)  # the first character beyond a match differs ...
    net += GAP_EXTEND * equal[0]  # ... and one that may match need not be taken
    own, inside, most = np.zeros(size), np.zeros(size, np.int64), np.zeros(size, np.int64)
    count, won = np.zeros(size, np.int64), np.zeros(size, np.int64)
    before = np.zeros(size, bool)  # whether the one before matched
    for i, here in enumerate(equal):
        cost = GAP_EXTEND + GAP_OPEN * before
        net += np.where(here, 1.0, 0.0 if i == 0 else -cost)
        own += np.where(here, 1.0, -cost)
        count += here
        inside += here
        over = own <= 0
        own[over], inside[over] = 0.0, 0
        most = np.maximum(most, inside)
        won = np.where(net >= 0, count, won)
        before = here
    return won, most, count


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
