"""Marks: which characters of a target does a passage account for?

The table of passages gives spans; here they are aligned again, and each character of the target's stream is marked
when it matches, when it belongs to a swapped name, or when the passage merely reaches over it.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import PlanError
from .alignment import blocks_between
from .formulae import name_mask
from .texts import lay_out

HELD = 20_000_000  # characters whose marks are kept


@dataclass
class Marks:
    """Alignment of one row of passages: stream indices of the target's characters and what became of them."""

    target: str
    source: str
    kind: str
    pair: int
    indices: np.ndarray  # stream indices of the target span
    kept: np.ndarray  # bool: matched or a swapped name
    sources: np.ndarray  # stream index of the matching source character, -1 where none
    matched: int
    identity: float


class Aligner:
    """Rows of passages aligned on the normalised streams of a corpus; tables of evidence that share one align once."""

    def __init__(self, corpus):
        self.corpus, self.held, self.size = corpus, {}, 0
        self.texts = lay_out(corpus)
        names = name_mask(self.texts, corpus)
        bounds = self.texts.starts
        self.names = {plan: names[bounds[i] : bounds[i + 1]] for i, plan in enumerate(self.texts.plans)}
        self.streams = {plan: corpus.stream(plan) for plan in self.texts.plans}
        self.ascending = {plan: bool((np.diff(stream.offsets) >= 0).all()) for plan, stream in self.streams.items()}

    def span(self, plan, start, end):
        """Stream indices (first, last + 1) of a raw span; PlanError for a plan that is not in the corpus."""
        if plan not in self.streams:
            raise PlanError(f"passages: {plan!r} is not a plan of this corpus; known are {', '.join(self.streams)}")
        offsets = np.asarray(self.streams[plan].offsets)
        if self.ascending[plan]:
            first, last = np.searchsorted(offsets, (start, end)).tolist()
            return (first, last) if first < last else (0, 0)
        inside = np.flatnonzero((offsets >= start) & (offsets < end))
        return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)

    def blocks(self, row):
        """(target index, source index, length) of the matching blocks of a row, chance characters left out."""
        return self._aligned(row)[0]

    def _spans(self, row):
        return (
            self.span(row.target, row.target_start, row.target_end),
            self.span(row.source, row.source_start, row.source_end),
        )

    def _aligned(self, row):
        """(blocks, characters kept, their sources) of a row; the tables of evidence ask for the same rows in turn."""
        place = row.target, row.target_start, row.target_end, row.source, row.source_start, row.source_end
        if place in self.held:
            return self.held[place]
        target, source = self._spans(row)
        blocks = blocks_between(
            self.streams[row.target].chars[slice(*target)], self.streams[row.source].chars[slice(*source)]
        )
        blocks = [(target[0] + i, source[0] + j, length) for i, j, length in blocks]
        blocks = [block for place, block in enumerate(blocks) if block[2] > 1 or _attached(blocks, place)]
        found = blocks, *self._kept(row, target, source, blocks)
        self.size += target[1] - target[0]
        if self.size > HELD:
            self.held, self.size = {}, target[1] - target[0]
        self.held[place] = found
        return found

    def _kept(self, row, target, source, blocks):
        kept = np.zeros(target[1] - target[0], bool)
        sources = np.full(len(kept), -1, np.int64)
        at, there = target[0], source[0]
        for i, j, length in [*blocks, (target[1], source[1], 0)]:
            if at < i and self.names[row.target][at:i].all() and self.names[row.source][there:j].all():
                kept[at - target[0] : i - target[0]] = True
            kept[i - target[0] : i - target[0] + length] = True
            sources[i - target[0] : i - target[0] + length] = np.arange(j, j + length)
            at, there = i + length, j + length
        return kept, sources

    def marks(self, row):
        """Marks of one row (a named tuple of the table `passages`)."""
        target = self.span(row.target, row.target_start, row.target_end)
        _, kept, sources = self._aligned(row)
        return Marks(
            row.target,
            row.source,
            row.kind,
            int(row.pair),
            np.arange(*target),
            kept,
            sources,
            int(row.matched),
            float(row.identity),
        )


def _attached(blocks, place, near=2):
    """Whether a block of one character stands within two characters of a neighbouring block on both sides of the
    alignment."""
    i, j, length = blocks[place]
    for other in blocks[max(place - 1, 0) : place] + blocks[place + 1 : place + 2]:
        gap_i = max(other[0] - i - length, i - other[0] - other[2])
        gap_j = max(other[1] - j - length, j - other[1] - other[2])
        if gap_i <= near and gap_j <= near and other[2] > 1:
            return True
    return False
