"""Kinds: is a passage word for word, adapted, or only a formula?

verbatim: at least 0.9 of the target passage stands in the same order in the source; punctuation and swapped names of
institutions and regions are no change. adapted: clearly derived, with less. formula: what matches is stock wording,
the name of a document or an institution, or wording of a reference document. A formula inside a longer run copied
from one plan belongs to that run.
"""

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


def gaps(passage):
    """The gaps of a passage, with its flanks: (x, x_end, y, y_end), one for each stretch that does not match."""
    x, y = passage.a_start, passage.b_start
    for block_x, block_y, length in [*passage.blocks, (passage.a_end, passage.b_end, 0)]:
        if block_x > x or block_y > y:
            yield x, block_x, y, block_y
        x, y = block_x + length, block_y + length


def swapped(gap, names):
    """Whether a gap is nothing but a swap of names: what stands in it, on either side, stands in names."""
    x, x_end, y, y_end = gap
    return bool(names[x:x_end].all() and names[y:y_end].all())


class _Sides:
    """A mask on the two sides of a passage, read once."""

    def __init__(self, passage, mask):
        self.a, self.b = passage.a_start, passage.b_start
        self.on_a, self.on_b = mask[self.a : passage.a_end], mask[self.b : passage.b_end]

    def __getitem__(self, places):
        if places.start >= self.b:  # b lies behind a
            return self.on_b[places.start - self.b : places.stop - self.b]
        return self.on_a[places.start - self.a : places.stop - self.a]


def fidelity(passage, names, body):
    """(share of plan a's passage found in b, the reverse, identity): swapped names count as found, headings do not
    count."""
    kept_a = kept_b = kept = passage.matched
    lost_a = lost_b = lost = 0
    if passage.matched == passage.a_end - passage.a_start == passage.b_end - passage.b_start:
        return 1.0, 1.0, 1.0
    names, body = _Sides(passage, names), _Sides(passage, body)
    for gap in gaps(passage):
        wide_a, wide_b = gap[1] - gap[0], gap[3] - gap[2]
        if swapped(gap, names):
            kept_a, kept_b, kept = kept_a + wide_a, kept_b + wide_b, kept + max(wide_a, wide_b)
        else:
            wide_a, wide_b = int(body[gap[0] : gap[1]].sum()), int(body[gap[2] : gap[3]].sum())
            lost_a, lost_b, lost = lost_a + wide_a, lost_b + wide_b, lost + max(wide_a, wide_b)
    return kept_a / (kept_a + lost_a), kept_b / (kept_b + lost_b), kept / (kept + lost)


def kinds_of(passage, formula, free, names, body, references, related=True, trade=None, least=FREE):
    """The kinds of a passage, seen with plan a as target and with plan b as target; `free` as in `is_formula`."""
    if passage.a in references or passage.b in references or is_formula(passage, formula, free, related, trade, least):
        return "formula", "formula"
    share_a, share_b, identity = fidelity(passage, names, body)
    return tuple(
        "verbatim" if share >= VERBATIM and identity >= CONDENSED else "adapted" for share in (share_a, share_b)
    )


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
