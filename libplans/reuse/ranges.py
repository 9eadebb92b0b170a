"""Ranges of positions, and rows that are linked: many of them gone through at once, without a loop in Python."""

import numpy as np


def ranges(starts, sizes):
    """The positions start, start + 1, … of several stretches of these sizes (0 or more), laid end to end: int array."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes)


def parts_of(sizes, most=4_000_000):
    """Stretches in parts (slices of rows) of about `most` positions, or of one stretch: memory is bounded."""
    first, ends = 0, np.cumsum(sizes)
    while first < len(sizes):
        last = max(first + 1, int(np.searchsorted(ends, (ends[first - 1] if first else 0) + most, side="right")))
        yield slice(first, last)
        first = last


def linked(size, left, right):
    """The smallest row that each of `size` rows is linked with, over any number of links (`left` with `right`): int
    array, the label of its connected component."""
    label = np.arange(size)
    while len(left):  # the smaller label holds, until all that are linked have the same
        one, other = label[left], label[right]
        np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(label, further := label[label]):
            label = further
        apart = label[left] != label[right]
        left, right = left[apart], right[apart]
    return label
