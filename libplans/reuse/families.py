"""Families: which passages are the same wording, over more than two plans?"""

from collections import defaultdict

import numpy as np

from .ranges import linked


def mark_families(passages):
    """Number the families: passages whose spans in a plan are (nearly) the same place, over more than two plans."""
    sides = [(p.a, p.b, p.a_start, p.a_end, p.b_start, p.b_end, p.wide) for p in passages]
    for passage, number in zip(passages, family_numbers(sides), strict=True):
        passage.family = number


def family_numbers(passages):
    """The number of the family of each passage, from 1 on, None where it has none: list.

    `passages` are tuples (a, b, a_start, a_end, b_start, b_end, wide), spans half-open on the long array; those of wide
    wording (`wide` from 0 on) have their family already. Families are the connected components of passages that have a
    place in common, counted where they stand in more than two plans.
    """
    groups = defaultdict(list)
    one, other = np.array(_in_one_place(passages), np.int64).reshape(-1, 2).T
    for number, group in enumerate(linked(len(passages), one, other).tolist()):
        groups[group].append(number)
    numbers, family = [None] * len(passages), 0
    for group in sorted(groups.values()):
        if len({plan for i in group for plan in passages[i][:2]}) > 2:
            family += 1
            for i in group:
                numbers[i] = family
    return numbers


def _in_one_place(passages):
    """Pairs of passages (numbers) of one place: the same span, spans that overlap (0.8 of the
    shorter, 0.3 of both together), or one wide family."""
    pairs, same, wide = [], {}, {}
    for i, (_, _, a_start, a_end, b_start, b_end, family) in enumerate(passages):
        if family >= 0:
            pairs.append((i, wide.setdefault(family, i)))
            continue
        for side in ((a_start, a_end), (b_start, b_end)):
            pairs.append((i, same.setdefault(side, i)))
    open_sides = []
    for (start, end), i in sorted(same.items()):
        open_sides = [side for side in open_sides if side[1] > start][-32:]
        for other_start, other_end, j in open_sides:
            over = min(end, other_end) - start
            shorter, both = min(end - start, other_end - other_start), max(end, other_end) - other_start
            if over >= 0.8 * shorter and over >= 0.3 * both:
                pairs.append((i, j))
        open_sides.append((start, end, i))
    return pairs
