"""Families: which passages are the same wording, over more than two plans?"""

import numpy as np

from .ranges import linked
from .seeds import sorted_order

OPEN = 32  # spans that reach over the beginning of another, at the most, that it is held against


def mark_families(passages):
    """Number the families: passages whose spans in a plan are (nearly) the same place, over more than two plans."""
    sides = [(p.a, p.b, p.a_start, p.a_end, p.b_start, p.b_end, p.wide) for p in passages]
    numbers = family_numbers(np.array(sides, np.int64).reshape(-1, 7))
    for passage, number in zip(passages, numbers.tolist(), strict=True):
        passage.family = number or None


def family_numbers(passages):
    """The number of the family of each passage, from 1 on, 0 where it has none: int array.

    `passages` is an int array with columns a, b, a_start, a_end, b_start, b_end, wide, spans half-open on the long
    array; those of wide wording (`wide` from 0 on) have their family already. Families are the connected components of
    passages that have a place in common, counted where they stand in more than two plans.
    """
    size = len(passages)
    label = linked(size, *_in_one_place(passages))
    group, plan = np.tile(label, 2), passages[:, :2].T.reshape(-1)
    order = sorted_order(group, plan)
    group, plan = group[order], plan[order]
    new = (np.diff(group, prepend=-1) != 0) | (np.diff(plan, prepend=-1) != 0)
    many = np.bincount(group[new], minlength=size) > 2  # a group is known by its first passage
    return np.where(many[label], np.cumsum(many)[label], 0)


def _in_one_place(passages):
    """Pairs of passages (numbers) of one place, as two arrays: the same span, spans that overlap (0.8 of the
    shorter, 0.3 of both together), or one wide family."""
    wide = np.flatnonzero(passages[:, 6] >= 0)
    _, first, at = np.unique(passages[wide, 6], return_index=True, return_inverse=True)
    one, other = [wide], [wide[first[at]]]
    rows = np.flatnonzero(passages[:, 6] < 0)
    start, end = passages[rows][:, [2, 4, 3, 5]].T.reshape(2, -1)
    rows = np.tile(rows, 2)
    order = sorted_order(start, end)
    start, end, rows = start[order], end[order], rows[order]
    new = (np.diff(start, prepend=-1) != 0) | (np.diff(end, prepend=-1) != 0)
    at = np.cumsum(new) - 1
    places = rows[new]  # each span by the first that has it
    left, right = _overlapping(start[new], end[new])
    return np.concatenate([*one, rows, places[left]]), np.concatenate([*other, places[at], places[right]])


def _overlapping(start, end):
    """Pairs of spans (numbers, two arrays) that overlap: 0.8 of the shorter, 0.3 of both together. The spans differ,
    and are sorted by both ends."""
    reach = np.maximum.accumulate(end)
    behind = np.zeros(len(start), bool)
    behind[1:] = start[1:] < reach[:-1]
    able = behind.copy()
    able[:-1] |= behind[1:]
    numbers = np.flatnonzero(able)
    one, other, waiting = [], [], []
    for number, low, high in zip(numbers.tolist(), start[numbers].tolist(), end[numbers].tolist(), strict=True):
        waiting = [span for span in waiting if span[1] > low][-OPEN:]
        size = high - low
        for first, last, there in waiting:
            both, shorter = (high if high > last else last) - first, last - first
            over = (high if high < last else last) - low
            if over >= 0.3 * both and over >= 0.8 * (size if size < shorter else shorter):
                one.append(number)
                other.append(there)
        waiting.append((low, high, number))
    return np.array(one, np.int64), np.array(other, np.int64)
