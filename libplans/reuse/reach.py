"""Reach: can a lone match become a passage of some length, and does it stand beside one that has it?

Asked before anything is aligned, of many matches at once. Most short runs that two texts share are a name or a turn of
law: they go on nowhere and stand beside nothing. The answer is a bound, not a guess: a match that is turned away here
would have been turned away after its alignment.
"""

import numpy as np

from .alignment import FLANK
from .chains import GAP_EXTEND, GAP_OPEN
from .seeds import NEAR

CELL = 64  # characters of a cell in which passages are looked up
ON_LEFT, ON_RIGHT = np.uint32(0xFFFFFFFE), np.uint32(0xFFFFFFFF)  # stand for what lies beyond a plan; equal nothing


def may_reach(texts, matches, least):
    """Which of these maximal matches may match `least` characters (an array) with what stands beside them: bool array.

    A stretch beyond a match belongs to its passage only where it brings as much as its gaps cost, whatever the
    alignment: so a character counts if it stands anywhere in the other's flank, and where that is enough, if it stands
    no further off than gaps that are paid for.
    """
    found = np.zeros(len(matches), bool)
    for first in range(0, len(matches), NEAR):
        part = slice(first, first + NEAR)
        rows = np.arange(first, min(first + NEAR, len(matches)))
        near = matches.take(part)
        reach, wide = _both_sides(texts, near, FLANK - 1)
        maybe = (near.length + reach.sum(0) >= least[part]) & ~wide
        found[rows[wide]] = True
        rows, reach = rows[maybe], reach[:, maybe]
        for gap in (3, 7):  # characters of gaps that so many matched ones can pay for
            close = (reach <= (gap / 2 + 1.5)).all(0) & (reach.sum(0) > 0)
            if close.any():
                better, _ = _both_sides(texts, matches.take(rows[close]), gap)
                reach[:, close] = np.minimum(reach[:, close], better)
        found[rows] = matches.length[rows] + reach.sum(0) >= least[rows]
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
        wide |= (np.minimum(*own) >= OWN) | (np.minimum(*count) >= FLANK // 2)
    return reach, wide


OWN = 8  # characters from which on a stretch in a flank may be a passage of its own (`passages.SATELLITE`)


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
    b_start, b_end).
    """
    found = np.ones(len(matches), bool)
    if not len(matches):
        return found
    margin = near + FLANK + int(matches.length.max())
    known = np.unique(pairs[1])
    at = np.minimum(np.searchsorted(known, pairs[0]), max(len(known) - 1, 0))
    found &= known[at] == pairs[0] if len(known) else False
    for side, places in enumerate((matches.x, matches.y)):
        first, last = (spans[:, 2 * side] - margin) // CELL, (spans[:, 2 * side + 1] + margin) // CELL
        sizes = last - first + 1
        cells = np.arange(int(sizes.sum())) + np.repeat(first - (np.cumsum(sizes) - sizes), sizes)
        width = int(max(places.max(), cells.max(initial=0) * CELL)) // CELL + margin
        taken = np.unique(np.repeat(np.searchsorted(known, pairs[1]), sizes) * width + np.maximum(cells, 0))
        rows = np.flatnonzero(found)
        found[rows] = np.isin(at[rows] * width + places[rows] // CELL, taken)
    return found
