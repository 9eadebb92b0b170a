"""Substitutions: how was the wording changed while it was copied?

Inside a passage, what stands between two matching stretches was swapped, left out or put in. The gaps are widened to
whole words and whole names (国家图书馆 → 黑龙江省图书馆, not 国家 → 黑龙江省) and counted.
"""

import re
from bisect import bisect_right
from collections import defaultdict

import numpy as np

from ..tables import frame
from .formulae import GENERIC_NAMES, bare
from .marks import Aligner

QUOTE = re.compile(r"“[^“”\n]{2,14}”")
LONGEST = 30  # characters on either side beyond which a gap is another sentence and not a swap


def find_substitutions(corpus, passages, aligner=None):
    """Swaps made inside passages, counted, as table `substitutions`, most frequent first.

    `kind` is name (institutions, quoted names), region, heading (a heading left out or put in), deletion
    (`target_text` empty), insertion (`source_text` empty) or wording. Each place of the target is counted once for
    each source; `example_start`, `example_end` is the first place, in the target's raw text. Texts are of the
    normalised stream. "Source" is the side compared with: that a swap was made in this direction is for
    `find_direction` to say.
    """
    aligner = aligner or Aligner(corpus)
    names = {plan: _Names(corpus, plan) for plan in sorted({*passages["target"], *passages["source"]})}
    words = {}
    found, seen = defaultdict(list), set()
    order = passages.sort_values(["matched", "pair"], ascending=[False, True], kind="stable")
    for row in order[order["kind"] != "formula"].itertuples(index=False):
        for swap in _swaps(aligner, names, words, row):
            place = row.target, row.source, swap[0]
            if place in seen:
                continue
            seen.add(place)
            (start, end), source_text, target_text, kind = swap
            found[row.target, row.source, source_text, target_text, kind].append((start, end))
    rows = []
    for (target, source, source_text, target_text, kind), places in found.items():
        start, end = min(places)
        raw = _raw_span(aligner, target, start, end)
        rows.append(
            {
                "target": target,
                "source": source,
                "source_text": source_text,
                "target_text": target_text,
                "count": len(places),
                "kind": kind,
                "example_start": raw[0],
                "example_end": raw[1],
            }
        )
    rows.sort(key=lambda row: (row["target"], row["source"], -row["count"], row["source_text"], row["target_text"]))
    return frame("substitutions", rows)


def _raw_span(aligner, plan, start, end):
    """Raw span of a stretch of the stream; of the place between two characters where the stretch is empty."""
    offsets = aligner.streams[plan].offsets
    if start < end:
        return int(min(offsets[start], offsets[end - 1])), int(max(offsets[start], offsets[end - 1])) + 1
    place = int(offsets[min(start, len(offsets) - 1)])
    return place, place


class _Names:
    """Names of institutions and regions in a plan's stream: where they stand and of which kind they are."""

    def __init__(self, corpus, plan):
        chars = corpus.stream(plan).chars
        self.spans = []
        known = {bare(name) for other in corpus.plan_ids for name in corpus.aliases(other)} | set(GENERIC_NAMES)
        for name in sorted(known - {""}, key=lambda name: (-len(name), name)):
            place = chars.find(name)
            while place >= 0:
                self.spans.append((place, place + len(name)))
                place = chars.find(name, place + 1)
        self.at = np.full(len(chars), -1, np.int64)
        for number, (start, end) in enumerate(self.spans):
            if (self.at[start:end] == -1).all():
                self.at[start:end] = number

        offsets = np.asarray(corpus.stream(plan).offsets)
        order = np.argsort(offsets, kind="stable")
        spans = np.array([m.span() for m in QUOTE.finditer(corpus.raw[plan])], np.int64).reshape(-1, 2)
        edges = np.searchsorted(offsets, spans, sorter=order).tolist()
        spans = [order[start:end] for start, end in edges if start < end]
        self.quotes = [(int(inside.min()), int(inside.max()) + 1) for inside in spans]

    def quoted(self, start, end):
        """The quoted name in which a stretch lies, or None."""
        return next((quote for quote in self.quotes if start < end and quote[0] <= start and end <= quote[1]), None)

    def around(self, start, end):
        """The stretch widened to the whole names that it touches."""
        for number in {int(n) for n in self.at[start:end] if n >= 0}:
            start, end = min(start, self.spans[number][0]), max(end, self.spans[number][1])
        return start, end

    def only(self, start, end):
        """Whether a stretch is made of names alone."""
        return start < end and bool((self.at[start:end] >= 0).all())


def institution(text):
    """Whether a name means an institution (and not a region)."""
    return text.endswith(("馆", "图", "中心", "学会", "院"))


def _swaps(aligner, names, words, row):
    """(target stretch, source text, target text, kind) of each gap of a row."""
    blocks = aligner.blocks(row)
    target, source = aligner.streams[row.target].chars, aligner.streams[row.source].chars
    (t_first, t_last), (s_first, s_last) = aligner._spans(row)
    edges = [(t_first, s_first, 0), *blocks, (t_last, s_last, 0)]
    for (i, j, length), (next_i, next_j, _) in zip(edges, edges[1:], strict=False):
        t_gap, s_gap = (i + length, next_i), (j + length, next_j)
        if t_gap[0] >= t_gap[1] and s_gap[0] >= s_gap[1]:
            continue
        if max(t_gap[1] - t_gap[0], s_gap[1] - s_gap[0]) > LONGEST:
            continue
        t_wide, s_wide, kind = _widened(aligner, names, words, row, t_gap, s_gap, (t_first, t_last, s_first, s_last))
        yield t_wide, source[slice(*s_wide)], target[slice(*t_wide)], kind


def _widened(aligner, names, words, row, t_gap, s_gap, bounds):
    """A gap widened on both sides alike to whole names, else to whole words; and its kind."""
    target, source = aligner.streams[row.target].chars, aligner.streams[row.source].chars
    t_name, s_name = names[row.target], names[row.source]
    wide = _together(target, source, t_gap, s_gap, t_name.around, s_name.around, bounds)
    if t_name.only(*wide[0]) and s_name.only(*wide[1]):
        both = institution(target[slice(*wide[0])]) or institution(source[slice(*wide[1])])
        return *wide, "name" if both else "region"
    if _is_heading(aligner, row.target, t_gap) or _is_heading(aligner, row.source, s_gap):
        return t_gap, s_gap, "heading"
    t_quote, s_quote = t_name.quoted(*t_gap), s_name.quoted(*s_gap)
    if t_quote and s_quote:
        return t_quote, s_quote, "name"
    if t_gap[0] == t_gap[1]:
        return t_gap, s_gap, "deletion"
    if s_gap[0] == s_gap[1]:
        return t_gap, s_gap, "insertion"
    t_words, s_words = _words(words, aligner, row.target), _words(words, aligner, row.source)
    return *_together(target, source, t_gap, s_gap, t_words, s_words, bounds), "wording"


def _is_heading(aligner, plan, gap):
    """Whether a gap lies in headings for the most part."""
    body = aligner.streams[plan].body[slice(*gap)]
    return len(body) >= 4 and float(np.mean(body)) < 0.5


def _together(target, source, t_gap, s_gap, t_around, s_around, bounds):
    """Both gaps widened by the same matching characters until neither cuts a unit."""
    for _ in range(4):
        t_wide, s_wide = t_around(*t_gap), s_around(*s_gap)
        left = max(t_gap[0] - t_wide[0], s_gap[0] - s_wide[0])
        right = max(t_wide[1] - t_gap[1], s_wide[1] - s_gap[1])
        left = min(left, t_gap[0] - bounds[0], s_gap[0] - bounds[2])
        right = min(right, bounds[1] - t_gap[1], bounds[3] - s_gap[1])
        while left and target[t_gap[0] - left : t_gap[0]] != source[s_gap[0] - left : s_gap[0]]:
            left -= 1
        while right and target[t_gap[1] : t_gap[1] + right] != source[s_gap[1] : s_gap[1] + right]:
            right -= 1
        if not left and not right:
            break
        t_gap, s_gap = (t_gap[0] - left, t_gap[1] + right), (s_gap[0] - left, s_gap[1] + right)
    return t_gap, s_gap


def _words(cache, aligner, plan):
    """A function that widens a stretch of a plan's stream to whole words (segmented sentence by sentence, when first
    needed)."""
    from ..words import spans

    stream = aligner.streams[plan]
    numbers, chars = np.asarray(stream.sentence), stream.chars

    def around(start, end):
        if start >= end:
            return start, end
        for place in (start, end - 1):
            sentence = plan, int(numbers[place])
            if sentence not in cache:
                first, last = np.searchsorted(numbers, sentence[1]), np.searchsorted(numbers, sentence[1], "right")
                words = [(int(first + a), int(first + b)) for _, a, b in spans(chars[first:last])]
                cache[sentence] = list(zip(*words, strict=True)) or [(), ()]
            starts, ends = cache[sentence]
            at = bisect_right(starts, place) - 1
            if at >= 0 and place < ends[at]:
                start, end = min(start, starts[at]), max(end, ends[at])
        return start, end

    return around
