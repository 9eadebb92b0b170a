"""The corpus: plans as tables of sections and sentences, every row with its place in the raw text.

`load` reads the registered plans of a data folder, `read_texts` reads any text files without a register. A character
of a raw text stands in a sentence, or in a row of `cleaning` with the rule that removed it, or it is white space.
"""

import re
from functools import cached_property
from pathlib import Path

import numpy as np

from .blocks import block_characters, read_blocks, table_marks
from .errors import PlanError
from .layout import HAN, read_layout
from .normalise import Stream, normalise_with_offsets
from .outline import assign_depths, decide_headings, heading_title
from .read import TEXTS, decode, named_encoding, shown, text_files
from .register import find_register, place, read_register, read_verified
from .tables import TABLES, frame

SENTENCE_STOP = re.compile(rf"(?:[。！？!?]+|(?<=[{HAN}”）])\.(?=[{HAN}“]|$))[”’」』）)】》]*")


class Corpus:
    """Plans read, cleaned and outlined: the tables `plans`, `cleaning`, `sections`, `sentences`, and the raw texts
    beside them."""

    def __init__(self, readings):
        self._readings = {reading.plan: reading for reading in readings}
        self.plan_ids = list(self._readings)
        self.raw = {plan: reading.raw for plan, reading in self._readings.items()}
        self.roles = {plan: reading.row["role"] for plan, reading in self._readings.items()}

    @cached_property
    def cleaning(self):
        return frame("cleaning", (row for r in self._readings.values() for row in r.cleaning))

    @cached_property
    def sections(self):
        return frame("sections", (row for r in self._readings.values() for row in r.sections))

    @cached_property
    def sentences(self):
        return frame("sentences", (row for r in self._readings.values() for row in r.sentences))

    @cached_property
    def plans(self):
        return frame(
            "plans",
            (
                {**r.row, "chars": int(r.stream.body.sum()), "sections": len(r.sections), "sentences": len(r.sentences)}
                for r in self._readings.values()
            ),
        )

    def text(self, plan, start, end):
        """The cleaned text of raw[start:end]: without what cleaning removed and without the line breaks of the page."""
        return self._readings[plan].text(start, end)

    def stream(self, plan):
        """The normalised stream of a plan for matching (`normalise.Stream`), in the order of its sentences."""
        return self._readings[plan].stream

    def sentence_offsets(self, plan, sentence):
        """The raw offset of each character of a sentence's text: int64 array as long as the text."""
        return self._readings[plan].offsets[sentence - 1]

    def aliases(self, plan):
        """The names that mean a plan's institution or region, from the register, longest first."""
        row = self._readings[plan].row
        names = {name.strip() for name in [*row["aliases"].split(";"), row["issuer"], row["region"]]} - {""}
        return sorted(names, key=lambda name: (-len(name), name))

    def names(self, lang="en"):
        """What each plan is called in a sentence: a Series plan -> its issuer in that language, references left out.

        Where the register has no name in that language, the issuer in the other, the title or the id stands in.
        """
        import pandas as pd

        columns = ("issuer_en", "issuer") if lang == "en" else ("issuer", "issuer_en")
        rows = {plan: reading.row for plan, reading in self._readings.items() if reading.row["role"] != "reference"}
        return pd.Series(
            {
                plan: next(filter(None, (*(row[column] for column in columns), row["title"])), plan)
                for plan, row in rows.items()
            },
            dtype=object,
        )

    def issued(self, plan):
        """The date of issue, YYYY[-MM[-DD]], "" where it is not known."""
        return self._readings[plan].row["issued"]

    def __len__(self):
        return len(self.plan_ids)

    def __repr__(self):
        count = sum(len(reading.sentences) for reading in self._readings.values())
        return f"Corpus of {len(self)} plans, {count} sentences: {', '.join(self.plan_ids[:6])}{' …' if len(self) > 6 else ''}"

    def _repr_html_(self):
        columns = ["plan", "title", "issuer", "level", "issued", "chars", "sections", "sentences"]
        return self.plans[columns].to_html(index=False)


def load(folder, progress=None):
    """The corpus of the registered plans in a data folder (or the project folder above it).

    Files are verified against the register's hashes. `progress(done, total)` is called after each plan. Raises
    PlanError, one line, on the first thing that is wrong.
    """
    register = find_register(folder)
    rows, readings = read_register(register), []
    for row in rows:
        readings.append(read_plan(row, _registered_text(register, row)))
        if progress:
            progress(len(readings), len(rows))
    return Corpus(readings)


def _registered_text(register, row):
    """The raw text of a registered file; a plain text is UTF-8 unless its name states another encoding."""
    path = register.parent / row["file"]
    data = read_verified(register.parent, row, register)
    encoding = "" if named_encoding(path) or path.suffix.lower() not in TEXTS else "utf-8"
    try:
        return decode(data, path, encoding)
    except PlanError as error:
        raise PlanError(f"{error} (named in {place(register, row)})") from None


def read_texts(paths, progress=None):
    """The corpus of any text files or folders of text files, without a register; the plan id is the file's stem.

    Two files with the same stem are refused. All have the role `plan`; names of institutions are not known, so
    `aliases` are empty. `progress(done, total)` is called after each file.
    """
    files, readings, seen = text_files([paths] if isinstance(paths, (str, Path)) else paths), [], {}
    for path in files:
        if path.stem in seen:
            raise PlanError(
                f"{shown(path)}: the plan id {path.stem!r} is taken by {shown(seen[path.stem])}; rename one of the two"
            )
        seen[path.stem] = path
        row = {**dict.fromkeys(TABLES["register"], ""), "plan": path.stem, "role": "plan", "file": path.name}
        readings.append(read_plan(row, decode(path.read_bytes(), path)))
        if progress:
            progress(len(readings), len(files))
    if not readings:
        raise PlanError("no file given; name text files or folders of text files")
    return Corpus(readings)


def read_plan(row, raw):
    """One plan read: `row` is its row of the register (dict), `raw` its text. Returns a `Reading`."""
    lines = read_layout(raw)
    blocks, title_block = read_blocks(raw, lines, row["title"])
    for block in blocks:
        block.heading = len(block.text) if block.style == "title" else 0
    body = [block for block in blocks if block.style != "title"]
    decide_headings(body)
    assign_depths(body)
    return Reading(row, raw, lines, blocks)


class Reading:
    """What was read of one plan: rows for the tables, and the raw offset of every character of every sentence."""

    def __init__(self, row, raw, lines, blocks):
        self.row, self.plan, self.raw = row, row["plan"], raw
        self.sections, self.sentences, self.offsets, self.markers = [], [], [], []
        self._outline(blocks)
        self._close_sections()
        self.cleaning = self._cleaning(lines, blocks)

    def _outline(self, blocks):
        title = next((block for block in blocks if block.style == "title"), None)
        start = title.lines[0].start if title else (blocks[0].lines[0].start if blocks else 0)
        self._open(0, "title", "", heading_title(title.text) if title else self.row["title"], start, None)
        stack = [1]
        for block in blocks:
            text, offsets = block_characters(self.raw, block)
            if block.kind == "text" and block.style and block.style != "title":
                del stack[block.depth :]
                title = heading_title(text[block.marker : block.heading]) if block.heading else ""
                start = int(offsets[0])
                self._open(len(stack), block.style, block.number, title, start, stack[-1])
                stack.append(len(self.sections))
            kind = {"row": "table", "note": "note"}.get(block.kind, "body")
            section = 1 if block.style == "title" else stack[-1]
            for first, last, is_heading in _sentence_spans(text, block):
                marker = min(max(block.marker - first, 0), last - first)
                self._add(section, "heading" if is_heading else kind, text[first:last], offsets[first:last], marker)

    def _open(self, depth, kind, number, title, start, parent):
        above = self.sections[parent - 1] if parent else None
        name = " ".join(filter(None, (number, title)))
        path = f"{above['path']} / {name}" if above and above["depth"] else name
        self.sections.append(
            {
                "plan": self.plan,
                "section": len(self.sections) + 1,
                "parent": parent,
                "depth": depth,
                "kind": kind,
                "number": number,
                "title": title,
                "path": path,
                "start": start,
                "end": start,
                "body_start": None,
                "body_end": None,
            }
        )

    def _add(self, section, kind, text, offsets, marker):
        self.sentences.append(
            {
                "plan": self.plan,
                "sentence": len(self.sentences) + 1,
                "section": section,
                "kind": kind,
                "start": int(offsets[0]),
                "end": int(offsets[-1]) + 1,
                "text": text,
            }
        )
        self.offsets.append(offsets)
        self.markers.append(marker)
        own, end = self.sections[section - 1], int(offsets[-1]) + 1
        if kind == "heading":
            own["body_start"] = own["body_end"] = end
        else:
            if own["body_start"] is None or own["body_start"] == own["body_end"]:
                own["body_start"] = int(offsets[0])
            own["body_end"] = max(end, own["body_end"] or 0)
        own["end"] = max(end, own["end"])

    def _close_sections(self):
        for section in reversed(self.sections):
            if section["body_start"] is None:
                section["body_start"] = section["body_end"] = section["start"]
            if section["parent"]:
                above = self.sections[section["parent"] - 1]
                above["end"] = max(above["end"], section["end"])

    def _cleaning(self, lines, blocks):
        cut = []
        for line in lines:
            if line.kind == "removed":
                text = self.raw[line.start : line.end]
                left = line.start + len(text) - len(text.lstrip())
                cut.append((left, left + len(text.strip()), line.rule))
            else:
                cut += line.cuts + (table_marks(self.raw, line) if line.kind == "row" else [])
        for block in blocks:
            for start, end in block.joints:
                cut.append((start, end, "page_break" if self.raw[start:end].count("\n") > 1 else "line_break"))
        rows = []
        for start, end, rule in sorted(cut):
            text = self.raw[start:end]
            if rule in ("page_break", "line_break"):
                end = start + len(text) - len(text.lstrip())
                text = self.raw[start:end]
            rows.append({"plan": self.plan, "start": start, "end": end, "rule": rule, "text": text})
        return rows

    @cached_property
    def _characters(self):
        """(text, offsets) of all sentences in the order of the raw text."""
        text = "".join(row["text"] for row in self.sentences)
        offsets = np.concatenate(self.offsets) if self.offsets else np.zeros(0, np.int64)
        order = np.argsort(offsets, kind="stable")
        return "".join(text[i] for i in order), offsets[order]

    def text(self, start, end):
        text, offsets = self._characters
        first, last = np.searchsorted(offsets, (start, end))
        return text[first:last]

    @cached_property
    def stream(self):
        chars, offsets, sentence, body = [], [], [], []
        for row, places, marker in zip(self.sentences, self.offsets, self.markers):
            text, where = normalise_with_offsets(row["text"][marker:], places[marker:])
            chars.append(text)
            offsets.append(where)
            sentence.append(np.full(len(text), row["sentence"], np.int64))
            body.append(np.full(len(text), row["kind"] != "heading"))
        empty = [np.zeros(0, np.int64)]
        return Stream(
            "".join(chars),
            np.concatenate(offsets or empty),
            np.concatenate(sentence or empty),
            np.concatenate(body or [np.zeros(0, bool)]),
        )


def _sentence_spans(text, block):
    """(start, end, is heading) of the sentences in a block's text."""
    at = 0
    if block.heading:
        yield 0, len(text[: block.heading].rstrip()), True
        at = block.heading
    if block.kind != "text":
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
