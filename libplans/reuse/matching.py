"""The course of a match in blocks: which task follows which, and what do they hand over?

`Match` lays the texts of packs into a work folder and runs the tasks of `blocks` on an engine; what it returns is
what `find_reuse` finds in the same texts.
"""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np

from ..workers import threads_beside
from . import blocks, kept
from .blocks import Settings, load, open_spans, open_texts, save
from .formulae import spread_needed, trade_mask
from .packs import FORMULA, code_key
from .passages import SMALL, limit_for, settings_for
from .seeds import LENGTH
from .wide import FAMILY, FEW_PLANS, Spans, Wide, families_of, family_limit, joined_spans, runs_of

BLOCK = 4_000_000  # characters that a task looks at
SEEDS = 1_000_000  # seeds that a task sorts
RANGES = 64  # ranges of plans, at the most, each with its own task of matching
LONG = 2_000_000  # characters of a plan whose pairs with later plans are matched in several tasks


class Match:
    """A match under way: the texts of `plans` (ids, sorted), at `places` (pack, place in it), in the folder `work`.

    `sizes` are those of their streams, `keys` (`packs.file_key`) tell what is in each, and by which code it is matched;
    `run` is an engine's, `step(what, call, *args)` says what is being done.
    """

    def __init__(self, run, work, cache, plans, places, sizes, keys, step):
        self.run, self.work, self.cache, self.step = run, work, cache, step
        self.plans, self.places, self.keys = plans, places, keys
        self._settle(sizes)

    def passages(self):
        """Passages of all pairs, sorted by plans and place: (rows, identity) as `blocks.range_passages` gives them."""
        step = self.step
        with threads_beside(2) as aside:  # seeds are parted while the texts are laid out
            laid, parted = aside.submit(self._lay_out), aside.submit(self._part_seeds)
            self.stock = step("laying out", laid.result)
            step("seeds", self._seeds, parted)
        step("wide wording", self._wide)
        self._tasks("pairs", blocks.pair_seeds, [(part, self.settings) for part in range(self.parts)])
        jobs = [(number, *edges, self.parts, self.settings) for number, edges in enumerate(self.ranges)]
        self._open_kept()
        found = self._tasks("matching", blocks.range_passages, jobs)
        return np.concatenate([rows for rows, _ in found]), np.concatenate([identity for _, identity in found])

    def _open_kept(self):
        """Lay out what an earlier run has kept of pairs of plans, and the digests by which it is found."""
        held = kept.read_kept(self.cache, code_key())
        save(self.work, "held", digests=kept.plan_digests(self.keys, self.settings), **vars(held))

    def keep(self):
        """Keep the pairs of this run for the next one."""
        parts = [kept.Held(**load(self.work, f"kept-{number}", *kept.HELD)) for number in range(len(self.ranges))]
        kept.write_kept(self.cache, code_key(), kept.joined(parts))

    def said(self):
        """Lines on what was done otherwise because the texts share so much."""
        family = self.settings.family
        if family == FAMILY:
            return []
        return [
            f"wording at more than {family} places, not at more than {FAMILY}, is a family here: its pairs of places "
            "would be too many"
        ]

    def _tasks(self, what, function, jobs):
        return self.step(what, self.run, function, [(str(self.work), *job) for job in jobs], self.step.count)

    def _quietly(self, function, jobs):
        return self.run(function, [(str(self.work), *job) for job in jobs])

    def _settle(self, sizes):
        """Where each text begins, how texts are matched, and in how many parts."""
        self.starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        size = int(self.starts[-1])
        n, window, max_gap = settings_for(size)
        length = max(LENGTH, n + window - 1)
        self.settings = Settings(n, window, max_gap, limit_for(size), FAMILY, length, size <= SMALL)
        self.parts = 1 + size * 2 // (window + 1) // SEEDS
        self.ranges = list(pair_ranges(sizes))

    def _lay_out(self):
        """The texts in the work folder, one behind the other; how often each holds each documented formula."""
        blocks.make_room(self.work, self.plans, self.starts)
        cache = str(self.cache)
        ranges = self.blocks() if getattr(self.run, "one_machine", False) else [(0, len(self.plans))]
        jobs = [(cache, self.places[first:last], self.starts[first : last + 1]) for first, last in ranges]
        return [held for part in self._quietly(blocks.lay_out, jobs) for held in part]

    def blocks(self):
        """Ranges of plans (first, last) of about BLOCK characters."""
        block = self.starts[:-1] // BLOCK
        edges = np.flatnonzero(np.concatenate([[True], np.diff(block) != 0, [True]])).tolist()
        return list(zip(edges[:-1], edges[1:], strict=True))

    def _pack_groups(self):
        """Packs in groups of about BLOCK characters: lists of (pack, places in it, first position of the text at each).

        A text that stands in several files with the same bytes is read once; its pack is there once for each of them.
        """
        texts, copies = defaultdict(list), Counter()
        for plan, place in enumerate(self.places):
            texts[place[0], copies[place]].append((place[1], plan))
            copies[place] += 1
        groups, held, sizes = [], BLOCK, np.diff(self.starts)
        for (name, _), members in sorted(texts.items()):
            if held >= BLOCK:
                groups.append([])
                held = 0
            places, plans = np.array(members, np.int64).T
            groups[-1].append((name, places, self.starts[plans]))
            held += int(sizes[plans].sum())
        return groups

    def _part_seeds(self):
        """Seeds parted by hash; how many n-grams fall in each bucket."""
        groups = self._pack_groups()
        self.files = range(len(groups))
        jobs = [(str(self.cache), number, members, self.settings, self.parts) for number, members in enumerate(groups)]
        return sum(self._quietly(blocks.scatter_seeds, jobs))

    def _seeds(self, parted):
        """What is spread over the plans, and the marks with it, when the seeds are parted."""
        buckets = parted.result()
        spread = Spans([], [])
        if len(self.plans) >= FEW_PLANS:
            spread = self._spread(buckets, spread_needed(len(self.plans)))
        save(self.work, "spread", starts=spread.starts, ends=spread.ends)
        self._write_marks(spread)

    def _spread(self, buckets, needed):
        """What stands in n-grams that `needed` plans or more hold, as `Spans`."""
        full, ranges = buckets >= needed, self.blocks()
        found = self._quietly(blocks.spread_candidates, [(first, last, full) for first, last in ranges])
        keys, place = np.unique(np.concatenate([keys for keys, _ in found]), return_inverse=True)
        plans = np.bincount(place, np.concatenate([count for _, count in found]), minlength=len(keys))
        wide = keys[plans >= needed]
        spans = self._quietly(blocks.spread_spans, [(first, wide) for first, _ in ranges])
        return Spans(*(np.concatenate([span[side] for span in spans]) for side in (0, 1)))

    def _write_marks(self, spread):
        static = np.load(self.work / "static.npy", mmap_mode="r")
        trade = trade_mask(open_texts(str(self.work))) if self.settings.trade else None
        file = blocks.array_file(self.work, "marks", np.uint8)
        for first in range(0, len(static), BLOCK):
            marks = np.array(static[first : first + BLOCK])
            flips = np.zeros(len(marks) + 1, np.int8)
            for places, step in ((spread.starts, 1), (spread.ends, -1)):
                inside = slice(*np.searchsorted(places, (first, first + len(marks) + 1)))
                flips[places[inside] - first] += np.int8(step)
            flips[0] += spread.inside([first - 1], [first])[0] if first else 0
            marks[np.cumsum(flips[:-1], dtype=np.int8) > 0] |= FORMULA
            if trade is not None:
                marks |= trade[first : first + len(marks)] * np.uint8(blocks.TRADE)
            file.write(marks.data)
        blocks.close_array_file(file, np.uint8, len(static))

    def _often(self):
        """The places of seeds that stand at many, when it is settled how many that is."""
        parts = range(self.parts)
        found = self._quietly(blocks.group_seeds, [(self.files, part, self.settings) for part in parts])
        pairs, often = zip(*found, strict=True)
        if pairs[0] is not None and (family := family_limit(sum(pairs), int(self.starts[-1]))) < FAMILY:
            self.settings = replace(self.settings, family=family, limit=family)
            often = self._quietly(blocks.often_places, [(part, self.settings) for part in parts])
        return np.concatenate(often)

    def _wide(self):
        """What stands at so many places that it is a family: its runs, and one pair for each of its places."""
        often, ranges = np.sort(self._often()), self.blocks()
        edges = np.searchsorted(often, self.starts[[first for first, _ in ranges] + [len(self.plans)]])
        jobs = [
            (number, often[edges[number] : edges[number + 1]], self.settings, self.parts)
            for number in range(len(ranges))
        ]
        self._quietly(blocks.scatter_longer, jobs)
        jobs = [(range(len(ranges)), part, self.settings) for part in range(self.parts)]
        found = [np.concatenate(columns) for columns in zip(*self._quietly(blocks.group_longer, jobs), strict=True)]
        order = np.argsort(found[0])
        wide = Wide(*(column[order] for column in found))
        runs = Spans(*runs_of(wide.positions, self.settings.length))
        covered = joined_spans(open_spans(self.work, "spread"), runs)
        save(self.work, "runs", starts=runs.starts, ends=runs.ends)
        save(self.work, "covered", starts=covered.starts, ends=covered.ends)
        self.families = families_of(open_texts(str(self.work)), wide, self.settings.length)
        save(self.work, "families", **vars(self.families.pairs), wide=self.families.pair_family)


def pair_ranges(sizes):
    """Ranges of pairs of plans, one for each task of matching: (first, last, low, high), the indices of the first plan
    of a pair from first to last, and of its second from low to high; `sizes` are the characters of the plans.

    There are about as many pairs in each; a long plan has its pairs with later plans in several.
    """
    count = len(sizes)
    ranges = int(np.clip(max(count // 50, min(count // 8, 16), min(count, sum(sizes) // LONG)), 1, RANGES))
    firsts = np.unique((count * (1 - np.sqrt(1 - np.arange(ranges) / ranges))).astype(np.int64)).tolist()
    for first, last in zip(firsts, [*firsts[1:], count], strict=True):
        if last - first > 1 or sizes[first] < LONG or count - last < 2:
            yield first, last, first, count
            continue
        edges = np.unique(np.linspace(last, count, min(count - last, 8) + 1).astype(np.int64)).tolist()
        for low, high in zip(edges, edges[1:], strict=False):
            yield first, last, low, high
