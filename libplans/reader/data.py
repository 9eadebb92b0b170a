"""What does the reader page show? Texts, passages and sums as plain lists, in the places of the text as it is shown.

The tables speak in offsets into the raw text; the page shows the sentences one behind the other. `ShownText` leads from
one to the other. Places in what is returned count UTF-16 units, as a browser does; raw places stay code points.
"""

import re
from collections import defaultdict

import numpy as np

from ..normalise import FOLDING
from ..reuse.differences import changed_pieces, difference_steps

KINDS = ("verbatim", "adapted", "formula")
LETTER = {"verbatim": "v", "adapted": "a", "formula": "f", "own": "o", "": ""}
#: what could change the order of other characters or cannot be shown: control signs, bidi marks, halves of a pair
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def showable(text):
    """`text` with each character that cannot be shown, or that could reorder others, as U+FFFD (same length)."""
    return UNSHOWABLE.sub("\ufffd", text)


class ShownText:
    """A plan as the page shows it: `text` (its sentences joined), and the way there from raw offsets."""

    def __init__(self, corpus, plan, sentences):
        self.plan = plan
        self.sentences = list(sentences.itertuples(index=False))
        self.text = showable("".join(row.text for row in self.sentences))
        places = [corpus.sentence_offsets(plan, int(row.sentence)) for row in self.sentences]
        self.offsets = np.concatenate([np.zeros(0, np.int64), *places])
        self._order = np.argsort(self.offsets, kind="stable")
        self._sorted = self.offsets[self._order]
        wide = np.array([ord(character) > 0xFFFF for character in self.text], dtype=np.int64)
        self.units = np.concatenate([[0], np.cumsum(1 + wide)])
        self.weights = self._weights(corpus.stream(plan), len(corpus.raw[plan]))

    def _weights(self, stream, size):
        """How many body characters of the stream each shown character stands for (0, 1, seldom more)."""
        counted = np.bincount(stream.offsets[stream.body], minlength=size)
        shown = np.array([bool(FOLDING[character]) for character in self.text], dtype=bool)
        return np.where(shown, counted[self.offsets], 0) if len(self.offsets) else np.zeros(0, np.int64)

    def span(self, start, end):
        """The shown characters (first, last + 1) of raw[start:end]; None where none is shown.

        Where the text is torn apart by a note that stands in between in the raw text, the longest stretch counts.
        """
        first, last = np.searchsorted(self._sorted, (start, end))
        inside = np.sort(self._order[first:last])
        if not len(inside):
            return None
        runs = np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1)
        longest = max(runs, key=len)
        return int(longest[0]), int(longest[-1]) + 1


def plan_entry(shown, corpus, sections, codes, leftovers, number):
    """The page's entry for one plan: text, sentences, headings, body characters, coding, leftovers."""
    raw, rows = corpus.raw[shown.plan], shown.sentences
    ends = [0] + [row.end for row in rows]
    starts = (
        np.concatenate([[0], np.cumsum([len(row.text) for row in rows], dtype=np.int64)])
        if rows
        else np.zeros(1, np.int64)
    )
    spans = [(row, shown.span(int(row.start), int(row.end)) or (0, 0)) for row in leftovers]
    return {
        "text": shown.text,
        "sentences": np.diff(shown.units[starts]).tolist(),
        "kinds": "".join(row.kind[0] for row in rows),
        "breaks": "".join("1" if "\n" in raw[end : row.start] else "0" for end, row in zip(ends, rows, strict=False)),
        "section": [int(row.section) for row in rows],
        "sections": [
            [int(row.depth), _int(row.parent), showable(f"{row.number} {row.title}".strip())] for row in sections
        ],
        "body": _runs(shown.weights, shown.units),
        "coding": "".join(codes.get(int(row.sentence), "-") for row in rows),
        "leftovers": [
            [
                int(shown.units[span[0]]),
                int(shown.units[span[1]]),
                *_named(row.belongs_to, number),
                showable(row.evidence),
                row.strength,
                int(row.start),
                int(row.end),
                showable(row.text),
            ]
            for row, span in spans
        ],
    }


def _named(belongs_to, number):
    """(number of the plan or -1, name) of the institution that a leftover belongs to."""
    return number.get(belongs_to, -1), showable(belongs_to)


def _int(value):
    import pandas as pd

    return 0 if pd.isna(value) else int(value)


def _runs(weights, units):
    """Body characters as lengths of alternate runs (not counted, counted, …), and [place, weight] of the heavier."""
    counted = weights > 0
    edges = (
        np.flatnonzero(np.diff(np.concatenate([[False], counted, [not counted[-1] if len(counted) else True]])))
        if len(counted)
        else []
    )
    lengths = np.diff(units[np.concatenate([[0], edges]).astype(int)]).tolist()
    heavy = [[int(units[i]), int(weights[i])] for i in np.flatnonzero(weights > 1)]
    return [lengths, heavy]


def pair_entries(shown, passages, substitutions):
    """The entries of all pairs of plans: dict (i, j), i < j -> {"passages": [...], "swaps": [...]}.

    A passage is [number, kind with i as target, kind with j as target, matched, identity, family, i start, i end,
    j start, j end, the same four in the raw texts, swaps, steps]; `steps` are those of `_in_units`.
    """
    index = {plan: number for number, plan in enumerate(shown)}
    swaps = _swaps(substitutions, index)
    found, rows = {}, defaultdict(list)
    for row in passages.itertuples(index=False):
        if row.target in index and row.source in index:
            rows[int(row.pair)].append(row)
    for number in sorted(rows):
        first = min(rows[number], key=lambda row: index[row.target])
        kinds = {index[row.target]: LETTER[row.kind] for row in rows[number]}
        i, j = sorted((index[first.target], index[first.source]))
        sides = {
            index[first.target]: (first.target_start, first.target_end),
            index[first.source]: (first.source_start, first.source_end),
        }
        entry = found.setdefault((i, j), {"passages": [], "swaps": swaps.get((i, j), [])})
        passage = _passage(
            first, number, kinds, [(k, shown_at, *sides[k]) for k, shown_at in _both(shown, i, j)], entry["swaps"]
        )
        if passage:
            entry["passages"].append(passage)
    return {pair: entry for pair, entry in sorted(found.items()) if entry["passages"]}


def _both(shown, i, j):
    texts = list(shown.values())
    return (i, texts[i]), (j, texts[j])


def _passage(row, number, kinds, sides, swaps):
    spans = [text.span(int(start), int(end)) for _, text, start, end in sides]
    if not all(spans):
        return None
    left, right = (text.text[slice(*span)] for (_, text, _, _), span in zip(sides, spans, strict=False))
    steps = difference_steps(left, right)
    units = [text.units for _, text, _, _ in sides]
    return [
        number,
        kinds.get(sides[0][0], ""),
        kinds.get(sides[1][0], ""),
        int(row.matched),
        round(float(row.identity), 4),
        _int(row.family),
        *(int(unit[place]) for unit, span in zip(units, spans, strict=False) for place in span),
        *(int(place) for side in sides for place in side[2:]),
        _swaps_in(left, right, steps, [(swap[2], swap[3]) if swap[0] else (swap[3], swap[2]) for swap in swaps]),
        _in_units(steps, units, spans),
    ]


def _in_units(steps, units, spans):
    """Steps in UTF-16 units, flat: same (left), only left, same (right), only right, and so on."""
    flat, x, y = [], spans[0][0], spans[1][0]
    for same, left, right in steps:
        middle_x, middle_y = x + same, y + same
        flat += [
            units[0][middle_x] - units[0][x],
            units[0][middle_x + left] - units[0][middle_x],
            units[1][middle_y] - units[1][y],
            units[1][middle_y + right] - units[1][middle_y],
        ]
        x, y = middle_x + left, middle_y + right
    return [int(value) for value in flat]


def _swaps(substitutions, index):
    """(i, j) -> swaps of the two plans: [1 if i is the target, count, wording in the target, in the source, kind]."""
    found = defaultdict(list)
    for row in substitutions.itertuples(index=False):
        if row.target in index and row.source in index:
            pair = tuple(sorted((index[row.target], index[row.source])))
            found[pair].append(
                [
                    int(index[row.target] == pair[0]),
                    int(row.count),
                    showable(row.target_text),
                    showable(row.source_text),
                    row.kind,
                ]
            )
    return {pair: sorted(swaps, key=lambda swap: (-swap[0], -swap[1], swap[2:])) for pair, swaps in found.items()}


def _swaps_in(left, right, steps, swaps):
    """Numbers of the swaps (wording left, wording right) that touch a difference of a passage on both sides."""
    (left, left_at), (right, right_at), touched = _folded(left), _folded(right), set()
    for x, x_end, y, y_end in changed_pieces(left, right, steps):
        here, there = (left_at[x], left_at[x_end]), (right_at[y], right_at[y_end])
        for number, (one, other) in enumerate(swaps):
            if number not in touched and _touches(left, one, *here) and _touches(right, other, *there):
                touched.add(number)
    return sorted(touched)


def _folded(text):
    """The normalised stream of a text, and the place in it of each character of the text and of its end."""
    pieces = [FOLDING[character] for character in text]
    return "".join(pieces), np.concatenate([[0], np.cumsum([len(piece) for piece in pieces], dtype=np.int64)]).tolist()


def _touches(text, wording, start, end):
    """Whether `wording` stands in `text` and reaches into text[start:end] (round the place, where that is empty).

    The empty wording touches only an empty stretch.
    """
    if not wording:
        return start == end
    inside = int(start < end)
    return text.find(wording, max(start - len(wording) + inside, 0), end + len(wording) - inside) >= 0


def families(pairs):
    """The families: lists of [number of the passage, i, j], for wording that stands in more than one pair of plans."""
    members = defaultdict(list)
    for (i, j), entry in pairs.items():
        for passage in entry["passages"]:
            if passage[5]:
                members[passage[5]].append([passage[0], i, j])
    return {str(family): places for family, places in sorted(members.items()) if len(places) > 1}


def cell_sums(shown, passages, reuse=None):
    """What the matrix shows: dict (target, source) or (target, "any") -> [verbatim, adapted, formula] characters.

    From the table `reuse` where it is given; else counted from the spans, each character once, in the closest kind.
    """
    cells = defaultdict(lambda: [0, 0, 0])
    if reuse is not None and len(reuse):
        for row in reuse.itertuples(index=False):
            if row.kind in KINDS:
                cells[row.target, row.source][KINDS.index(row.kind)] = int(row.chars)
        return dict(cells)
    covers = {}
    for row in passages.itertuples(index=False):
        text = shown[row.target]
        span = text.span(int(row.target_start), int(row.target_end))
        for source in (row.source, "any") if span else ():
            cover = covers.setdefault((row.target, source), np.full(len(text.text), 3))
            cover[slice(*span)] = np.minimum(cover[slice(*span)], KINDS.index(row.kind))
    for (target, source), cover in covers.items():
        cells[target, source] = [int(shown[target].weights[cover == kind].sum()) for kind in range(3)]
    return dict(cells)
