"""The texts laid end to end: which character of which plan stands where in one long array?

Everything downstream (seeding, chaining, alignment) works on this array, so that a corpus of any size is one
problem and not one for each pair of plans.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..normalise import characters, code_points

HELD = 24_000_000  # characters of plans that are kept as strings


@dataclass
class Texts:
    """Normalised streams laid end to end.

    `codes` are code points (uint32), `starts` the first position of each plan (one more at the end), `plans` the ids in
    a fixed order (by id, so that the order of files changes nothing), `target` tells whether a plan may be a target,
    `offsets`, `sentence`, `body` are the streams' arrays laid end to end. `chars`: the streams as strings, where they
    are in memory; `held`, `size`: those that were asked for last, and their characters.
    """

    codes: np.ndarray
    starts: np.ndarray
    plans: list
    target: np.ndarray
    offsets: np.ndarray
    sentence: np.ndarray
    body: np.ndarray
    chars: list | None = None
    held: dict = field(default_factory=dict, repr=False)
    size: int = 0

    @cached_property
    def bounds(self):
        """`starts` as a list."""
        return self.starts.tolist()

    def plan_of(self, positions):
        """Index of the plan in which each position lies."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def plan_string(self, plan):
        """The first position of a plan (by index) on the long array, and its characters."""
        return self.held.get(plan) or self._hold(plan)

    def _hold(self, plan):
        """The first position and the characters of a plan, kept for the next call."""
        first, last = self.bounds[plan], self.bounds[plan + 1]
        self.size += last - first
        if self.size > HELD:
            self.held.clear()
            self.size = last - first
        chars = characters(self.codes[first:last]) if self.chars is None else self.chars[plan]
        self.held[plan] = first, chars
        return self.held[plan]


def lay_out(corpus):
    """Texts of a corpus, plans sorted by id, references with them."""
    plans = sorted(corpus.plan_ids)
    streams = [corpus.stream(plan) for plan in plans]
    return _lay(plans, [corpus.roles.get(plan, "plan") != "reference" for plan in plans], streams)


def _lay(plans, targets, streams):
    chars = [stream.chars for stream in streams]
    sizes = [len(text) for text in chars]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Texts(
        codes=code_points("".join(chars)),
        starts=starts,
        plans=plans,
        target=np.array(targets, dtype=bool),
        offsets=_join([stream.offsets for stream in streams], np.int64),
        sentence=_join([stream.sentence for stream in streams], np.int64),
        body=_join([stream.body for stream in streams], bool),
        chars=chars,
    )


def _join(arrays, kind):
    return np.concatenate([np.asarray(a, dtype=kind) for a in arrays]) if arrays else np.zeros(0, kind)
