"""What is read of one plan: its sections and sentences, what was taken out, and where every character stands.

A `Reading` holds them as columns, so that a plan takes little more room than its text; `corpus.Corpus` joins the
columns of all plans to tables when they are asked for.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..normalise import Stream, characters, code_points, folded
from ..tables import TABLES
from .blocks import block_characters, read_blocks, table_marks
from .layout import read_layout
from .lines import HAN
from .outline import assign_depths, decide_headings, heading_title

#: it opens with all that a stop may open with, which is what makes the search for it quick
SENTENCE_STOP = re.compile(
    rf"[。！？!?.](?:(?<=[。！？!?])[。！？!?]*|(?<=[{HAN}”）]\.)(?=[{HAN}“]|$))[”’」』）)】》]*"
)
KINDS = ("heading", "body", "table", "note")  # of a sentence; `Reading.kind` holds places in this tuple
KIND_OF = {"row": 2, "note": 3}
NAME = 100  # characters of a heading that stand in a `path`


def read_plan(row, raw):
    """One plan read: `row` is its row of the register (dict), `raw` its text. Returns a `Reading`."""
    lines = read_layout(raw)
    blocks, _ = read_blocks(raw, lines, row["title"])
    for block in blocks:
        block.heading = len(block.text) if block.style == "title" else 0
    body = [block for block in blocks if block.style != "title"]
    decide_headings(body)
    assign_depths(body)
    outline = _Outline(row, raw, blocks)
    return Reading(row, raw, *outline.columns(), outline.sections, _cuts(raw, lines, blocks))


@dataclass
class Reading:
    """What was read of a plan.

    `chars` are the texts of the sentences end to end: sentence i (from 0) is chars[bounds[i]:bounds[i + 1]].
    `offsets` holds the raw offset of each of them; `section`, `kind` (place in `KINDS`) and `marker` (length of the
    number at its head) hold one value a sentence; `sections` holds the columns of the table `sections`, and `cuts`
    columns start, end, rule of what was taken out.
    """

    row: dict
    raw: str
    chars: str
    offsets: np.ndarray
    bounds: np.ndarray
    section: np.ndarray
    kind: np.ndarray
    marker: np.ndarray
    sections: dict
    cuts: tuple

    @property
    def plan(self):
        """The plan's id."""
        return self.row["plan"]

    def __len__(self):
        return len(self.section)

    def columns(self, name):
        """The plan's rows of the table `sections`, `sentences` or `cleaning`: dict of column -> list."""
        return {"sections": self._sections, "sentences": self._sentences, "cleaning": self._cleaning}[name]()

    def _sections(self):
        return {"plan": [self.plan] * len(self.sections["section"]), **self.sections}

    def _sentences(self):
        places, chars = self.bounds.tolist(), self.chars
        return {
            "plan": [self.plan] * len(self),
            "sentence": list(range(1, len(self) + 1)),
            "section": self.section.tolist(),
            "kind": [KINDS[kind] for kind in self.kind.tolist()],
            "start": self.offsets[self.bounds[:-1]].tolist(),
            "end": (self.offsets[self.bounds[1:] - 1] + 1).tolist(),
            "text": [chars[first:last] for first, last in zip(places, places[1:], strict=False)],
        }

    def _cleaning(self):
        starts, ends, rules = self.cuts
        texts = [self.raw[start:end] for start, end in zip(starts, ends, strict=True)]
        return {"plan": [self.plan] * len(rules), "start": starts, "end": ends, "rule": rules, "text": texts}

    @cached_property
    def _in_order(self):
        """(characters, offsets) of all sentences in the order of the raw text, which a footnote may break."""
        if np.all(self.offsets[1:] >= self.offsets[:-1]):
            return self.chars, self.offsets
        order = np.argsort(self.offsets, kind="stable")
        return characters(code_points(self.chars)[order]), self.offsets[order]

    def text(self, start, end):
        """The cleaned text of raw[start:end]."""
        text, offsets = self._in_order
        first, last = np.searchsorted(offsets, (start, end))
        return text[first:last]

    @cached_property
    def stream(self):
        """The normalised stream: every sentence without the number at its head."""
        sizes = np.diff(self.bounds)
        sentence = np.repeat(np.arange(1, len(self) + 1), sizes)
        counts = np.arange(len(self.chars)) >= np.repeat(self.bounds[:-1] + self.marker, sizes)
        codes, places = folded(code_points(self.chars)[counts])
        places = np.flatnonzero(counts)[places]
        sentence = sentence[places]
        body = (self.kind != KINDS.index("heading"))[sentence - 1]
        return Stream(characters(codes), self.offsets[places], sentence, body)


class _Outline:
    """The sections and sentences of a plan as they are found, block after block."""

    def __init__(self, row, raw, blocks):
        self.row, self.raw = row, raw
        self.sections = {column: [] for column in TABLES["sections"] if column != "plan"}
        self.chars, self.offsets, self.ends = [], [], []
        self.section, self.kind, self.marker = [], [], []
        title = next((block for block in blocks if block.style == "title"), None)
        start = title.lines[0].start if title else (blocks[0].lines[0].start if blocks else 0)
        self._open(0, "title", "", heading_title(title.text) if title else row["title"], start, None)
        self._stack = [1]
        for block in blocks:
            self._read(block)
        self._close()

    def columns(self):
        """chars, offsets, bounds, section, kind, marker, as `Reading` has them."""
        offsets = np.concatenate(self.offsets) if self.offsets else np.zeros(0, np.int64)
        bounds = np.cumsum([0, *map(len, self.chars)], dtype=np.int64)
        held = (np.array(self.section, np.int32), np.array(self.kind, np.uint8), np.array(self.marker, np.int32))
        return "".join(self.chars), offsets, bounds, *held

    def _read(self, block):
        text, offsets = block_characters(self.raw, block)
        if not text:
            return
        stack = self._stack
        if block.kind == "text" and block.style and block.style != "title":
            del stack[block.depth :]
            title = heading_title(text[block.marker : block.heading]) if block.heading else ""
            self._open(len(stack), block.style, block.number, title, int(offsets[0]), stack[-1])
            stack.append(len(self.sections["section"]))
        kind = KIND_OF.get(block.kind, 1)
        section = 1 if block.style == "title" else stack[-1]
        spans = [span for span in _sentence_spans(text, block) if span[1] > span[0]]
        headings = sum(is_heading for _, _, is_heading in spans)
        self._add(section, 0, text, offsets, spans[:headings], block.marker)
        self._add(section, kind, text, offsets, spans[headings:], block.marker)

    def _open(self, depth, kind, number, title, start, parent):
        held = self.sections
        above = held["path"][parent - 1] if parent and held["depth"][parent - 1] else ""
        name = " ".join(filter(None, (number, title)))
        name = name if len(name) <= NAME else name[: NAME - 1] + "…"
        own = {
            "section": len(held["section"]) + 1,
            "parent": parent,
            "depth": depth,
            "kind": kind,
            "number": number,
            "title": title,
            "path": f"{above} / {name}" if above else name,
            "start": start,
            "end": start,
            "body_start": None,
            "body_end": None,
        }
        for column, value in own.items():
            held[column].append(value)

    def _add(self, section, kind, text, offsets, spans, marker):
        """Sentences of one block and kind; `spans` (start, end, …) are their places in its text, in order."""
        if not spans:
            return
        self.chars += [text[first:last] for first, last, _ in spans]
        self.marker += [min(max(marker - first, 0), last - first) for first, last, _ in spans]
        self.section += [section] * len(spans)
        self.kind += [kind] * len(spans)
        self.offsets += [offsets[first:last] for first, last, _ in spans]
        held, at = self.sections, section - 1
        start, end = int(offsets[spans[0][0]]), int(offsets[spans[-1][1] - 1]) + 1
        if kind == 0:
            held["body_start"][at] = held["body_end"][at] = end
        else:
            if held["body_start"][at] is None or held["body_start"][at] == held["body_end"][at]:
                held["body_start"][at] = start
            held["body_end"][at] = max(end, held["body_end"][at] or 0)
        held["end"][at] = max(end, held["end"][at])

    def _close(self):
        held = self.sections
        for at in reversed(range(len(held["section"]))):
            if held["body_start"][at] is None:
                held["body_start"][at] = held["body_end"][at] = held["start"][at]
            if above := held["parent"][at]:
                held["end"][above - 1] = max(held["end"][above - 1], held["end"][at])


def _cuts(raw, lines, blocks):
    """Columns start, end, rule of all that was taken out or rejoined, in order."""
    found = []
    for line in lines:
        if line.kind == "removed":
            text = raw[line.start : line.end]
            left = line.start + len(text) - len(text.lstrip())
            found.append((left, left + len(text.strip()), line.rule))
        else:
            found += line.cuts
            if line.kind == "row":
                found += table_marks(raw, line)
    for block in blocks:
        for start, end in block.joints:
            gap = raw[start:end]
            space = start + len(gap) - len(gap.lstrip())
            found.append((start, space, "page_break" if gap.count("\n") > 1 else "line_break"))
    found.sort()
    return tuple(map(list, zip(*found, strict=True))) if found else ([], [], [])


def _sentence_spans(text, block):
    """(start, end, is heading) of the sentences in a block's text."""
    at = 0
    if block.heading:
        yield 0, len(text[: block.heading].rstrip()), True
        at = block.heading
    if block.kind == "row":
        yield 0, len(text), False
        return
    while at < len(text):
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        stop = SENTENCE_STOP.search(text, max(at + 1, block.marker if not block.heading else 0))
        end = stop.end() if stop else len(text)
        yield at, at + len(text[at:end].rstrip()), False
        at = end
