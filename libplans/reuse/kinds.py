"""Kinds: is a passage word for word, adapted, or only a formula?

verbatim: at least 0.9 of the target passage stands in the same order in the source; punctuation and swapped names of
institutions and regions are no change. adapted: clearly derived, with less. formula: what matches is stock wording,
the name of a document or an institution, or wording of a reference document. A formula inside a longer run copied
from one plan belongs to that run.
"""

from dataclasses import dataclass

import numpy as np

from .ranges import parts_of, ranges

VERBATIM = 0.87  # "about 0.9": share of the target passage that must stand in the source in the same order
CONDENSED = 0.65  # below this identity a passage is adapted even if all its words stand in the source
FREE = 10  # characters outside formulae from which on a match is more than a formula
FREE_RUN = 12  # the run outside formulae that two otherwise unrelated plans must share
CLOSE = 0.75  # identity of a passage without such a run that still counts between unrelated plans
LONG_BLOCK = 4096  # characters from which on a matching run is looked at by itself
FREE_SHARE = 0.35  # ... or, in a longer match, this share of it


def free_characters(blocks, formula, side):
    """Matched characters that stand in no formula; `side` 0 counts in plan a, 1 in plan b."""
    return sum(block[2] - np.count_nonzero(formula[block[side] : block[side] + block[2]]) for block in blocks)


def free_counts(passages, formula):
    """`free_characters` of all passages, the smaller of both sides: int array."""
    sizes = np.array([len(passage.blocks) for passage in passages], np.int64)
    blocks = np.array([block for passage in passages for block in passage.blocks], np.int64).reshape(-1, 3)
    bound = np.zeros((2, len(blocks)), np.int64)
    length = blocks[:, 2]
    for row in np.flatnonzero(length > LONG_BLOCK).tolist():
        for side in (0, 1):
            first = int(blocks[row, side])
            bound[side, row] = np.count_nonzero(formula[first : first + int(length[row])])
    rows = np.flatnonzero(length <= LONG_BLOCK)
    for part in parts_of(length[rows]):
        here = rows[part]
        first = np.cumsum(length[here]) - length[here]
        for side in (0, 1):
            inside = formula[ranges(blocks[here, side], length[here])]
            bound[side, here] = np.add.reduceat(inside, first, dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    return np.add.reduceat(length - bound, starts, axis=1).min(0) if len(sizes) else sizes


def is_formula(passage, formula, free, related=True, trade=None, least=FREE):
    """Whether what matches is a formula on one side: too few free characters (`least`) to be a run of its own.

    `free` are the free characters on the side that has fewer (`free_counts`).

    Two plans that share little else (`related` false) must share a free run of FREE_RUN characters, or twice FREE
    characters in a close passage, or `least` characters that are no words of the trade either (`trade`, a mask).
    """
    if free >= FREE_RUN and _has_free_run(passage.blocks, formula, free == passage.matched):
        return False
    if free >= 2 * FREE and (related or passage.identity >= CLOSE):
        return False
    if not related and trade is not None:
        rare = min(free_characters(passage.blocks, mask, side) for mask in (formula, trade) for side in (0, 1))
        related = rare >= least
    return not related or free < least or free < FREE_SHARE * passage.matched


def _has_free_run(blocks, formula, free):
    """Whether FREE_RUN characters of a matching run stand outside formulae; `free`: all of them do."""
    for x, y, length in blocks:
        if length < FREE_RUN:
            continue
        if free:
            return True
        bound = np.flatnonzero(formula[x : x + length] | formula[y : y + length]).tolist()
        if any(there - here > FREE_RUN for here, there in zip([-1, *bound], [*bound, length], strict=True)):
            return True
    return False


@dataclass
class Gaps:
    """The stretches of passages that do not match, before, between and behind their blocks: `owner` (number of the
    passage), and `x`, `x_end`, `y`, `y_end` in the two plans; one side may be empty."""

    owner: np.ndarray
    x: np.ndarray
    x_end: np.ndarray
    y: np.ndarray
    y_end: np.ndarray


def gaps(passages):
    """The `Gaps` of passages, with their flanks."""
    sizes = np.array([len(passage.blocks) for passage in passages], np.int64) + 1
    spans = np.array([(p.a_start, p.a_end, p.b_start, p.b_end) for p in passages], np.int64).reshape(-1, 4).T
    last = np.cumsum(sizes) - 1
    first = last - sizes + 1
    blocks = np.zeros((int(sizes.sum()), 3), np.int64)
    blocks[np.delete(np.arange(len(blocks)), last)] = [block for passage in passages for block in passage.blocks]
    found = [np.repeat(np.arange(len(passages)), sizes)]
    for side in (0, 1):
        start, end = blocks[:, side].copy(), np.empty(len(blocks), np.int64)
        start[1:], end[:] = blocks[:-1, side] + blocks[:-1, 2], blocks[:, side]
        start[first], end[last] = spans[2 * side], spans[2 * side + 1]
        found += [start, end]
    open_rows = (found[2] > found[1]) | (found[4] > found[3])
    return Gaps(*(column[open_rows] for column in found))


def _counts(mask, starts, ends):
    """How many positions of each stretch a mask holds: int array."""
    found, sizes = np.zeros(len(starts), np.int64), ends - starts
    for part in parts_of(sizes):
        inside = np.concatenate([[0], np.cumsum(mask[ranges(starts[part], sizes[part])], dtype=np.int64)])
        last = np.cumsum(sizes[part])
        found[part] = inside[last] - inside[last - sizes[part]]
    return found


def fidelity(passages, names, body):
    """Of each passage, the share of plan a's wording found in b, the reverse, and the identity: three float arrays.

    Swapped names count as found (a gap in which nothing but names stands, on either side), headings do not count.
    """
    here, count = gaps(passages), len(passages)
    wide = [here.x_end - here.x, here.y_end - here.y]
    sides = (here.x, here.x_end), (here.y, here.y_end)
    swapped = np.ones(len(here.owner), bool)
    for (start, end), width in zip(sides, wide, strict=True):
        swapped &= _counts(names, start, end) == width
    text = [np.where(swapped, 0, _counts(body, start, end)) for start, end in sides]
    kept = [np.where(swapped, width, 0) for width in wide]
    matched = np.array([passage.matched for passage in passages], np.int64)
    found = []
    for found_here, lost_here in (*zip(kept, text, strict=True), (np.maximum(*kept), np.maximum(*text))):
        whole = matched + np.bincount(here.owner, found_here, count)
        found.append(whole / (whole + np.bincount(here.owner, lost_here, count)))
    return found


def kinds_of(passages, names, body):
    """The kinds of passages that are no formulae, each seen with plan a as target and with plan b as target."""
    if not passages:
        return []
    share_a, share_b, identity = fidelity(passages, names, body)
    close = identity >= CONDENSED
    found = np.stack([(share >= VERBATIM) & close for share in (share_a, share_b)], axis=1)
    return [tuple("verbatim" if same else "adapted" for same in sides) for sides in found.tolist()]


def at_names(passages, names):
    """Which passages have names right before, or right after them, on both sides: bool array."""
    edges = np.array([(p.a_start - 1, p.b_start - 1, p.a_end, p.b_end) for p in passages], np.int64).reshape(-1, 4)
    inside = (edges >= 0) & (edges < len(names))
    found = inside & names[np.where(inside, edges, 0)] if len(names) else inside
    return found[:, :2].all(1) | found[:, 2:].all(1)


def with_name_edges(texts, passage, names):
    """The passage widened over names that were swapped right before or after it (吉林|省图书馆… → 黑龙江|省图书馆…)."""
    before = _name_run(texts, passage.a_start, names, -1), _name_run(texts, passage.b_start, names, -1)
    after = _name_run(texts, passage.a_end, names, 1), _name_run(texts, passage.b_end, names, 1)
    if min(before):
        passage.a_start, passage.b_start = passage.a_start - before[0], passage.b_start - before[1]
    if min(after):
        passage.a_end, passage.b_end = passage.a_end + after[0], passage.b_end + after[1]
    return passage


def _name_run(texts, place, names, step, limit=12):
    """How many characters of a name follow (or precede) a place within its sentence."""
    first, inside = (place, place - 1) if step > 0 else (place - 1, place)
    plan = int(texts.plan_of(inside))
    low, high = int(texts.starts[plan]), int(texts.starts[plan + 1])
    count = 0
    while count < limit and low <= first < high and names[first]:
        if texts.sentence[first] != texts.sentence[inside]:
            break
        count, first = count + 1, first + step
    return count
