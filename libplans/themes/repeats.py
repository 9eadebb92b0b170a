"""Repeats: which sections say the same thing in the same words, by the passages that text reuse has found?"""

import bisect
import math
from collections import Counter, defaultdict


def repeated_groups(corpus, passages, keys):
    """Sections that repeat each other, either for at least half of its own text: dict (plan, section) -> first of
    its group.

    `keys` are the sections to look at, `passages` the table of `find_reuse`; a section that repeats nothing is its
    own first.
    """
    order = {plan: number for number, plan in enumerate(corpus.plan_ids)}
    parts = contained(corpus, keys, passages)
    leader = {key: key for key in sorted(keys, key=lambda key: (order[key[0]], key[1]))}

    def first(key):
        while leader[key] != key:
            key = leader[key]
        return key

    for one, other in sorted(parts):
        if (other, one) in parts:
            low, high = sorted((first(one), first(other)), key=lambda key: (order[key[0]], key[1]))
            leader[high] = low
    return {key: first(key) for key in leader}


def contained(corpus, keys, passages):
    """(section, section of another plan) -> share (0.5–1) of the first that a passage repeats from the second, where
    that is at least half of its heading and own text."""
    length = {
        (row.plan, int(row.section)): int(row.body_end) - int(row.start)
        for row in corpus.sections.itertuples(index=False)
    }
    shared = shared_characters(corpus, keys, passages)
    return {pair: min(count / length[pair[0]], 1.0) for pair, count in shared.items() if 2 * count >= length[pair[0]]}


def shared_characters(corpus, keys, passages):
    """(section, section of another plan) -> characters of the first that a passage repeats from the second (own text
    only).
    """
    own = defaultdict(list)
    for row in corpus.sections.itertuples(index=False):
        if row.body_end > row.body_start and (row.plan, int(row.section)) in keys:
            own[row.plan].append((int(row.start), int(row.body_end), int(row.section)))
    shared = Counter()
    for row in passages[passages["kind"].isin(["verbatim", "adapted"])].itertuples(index=False):
        low, high, from_low, from_high = map(int, (row.target_start, row.target_end, row.source_start, row.source_end))
        scale = (from_high - from_low) / max(high - low, 1)
        for start, end, section in _overlapping(own[row.target], low, high):
            a, b = max(start, low), min(end, high)
            there = from_low + (a - low) * scale, from_low + (b - low) * scale
            for other_start, other_end, other in _overlapping(own[row.source], *there):
                part = (min(other_end, there[1]) - max(other_start, there[0])) / max(there[1] - there[0], 1)
                shared[(row.target, section), (row.source, other)] += (b - a) * part
    return shared


def _overlapping(intervals, low, high):
    at = max(bisect.bisect_right(intervals, (low, math.inf, 0)) - 1, 0)
    while at < len(intervals) and intervals[at][0] < high:
        if intervals[at][1] > low:
            yield intervals[at]
        at += 1
