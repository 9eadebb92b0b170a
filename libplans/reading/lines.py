"""What is one line of a raw text, by itself: prose, a note, a comment, and what goes out inside it?

Editing marks, footnote marks, invisible characters, markdown, debris of character recognition. What only shows among
other lines is told in `layout` and `table_lines`.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
SENTENCE_END = "。！？!?；;：:…"
CLOSERS = "”’」』）)】》〉\"'"
#: removals inside a line: rule -> what is taken out
INLINE = {
    "byte_order_mark": re.compile("\ufeff"),
    "control_character": re.compile(
        "[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufffe\uffff]"
    ),
    "bookmark": re.compile(r"\[bookmark: [^\]\n]{0,80}\]"),
    "footnote_mark": re.compile(rf"[⁰¹²³⁴-⁹]+|(?<=[{HAN}”》）。，])\[\d{{1,2}}\]"),
    "bold_mark": re.compile(r"\*\*|__(?=\S)|(?<=\S)__"),
    "recognition_debris": re.compile(rf"(?<=[{HAN}])[ \t]*\band\b[ \t]*(?=[{HAN}])"),
    "digit_spacing": re.compile(rf"(?<=\d)[ \u00a0](?=\d{{3}}(?!\d)(?![ \u00a0]\d(?!\d))[ \u00a0]?[{HAN}])"),
}
#: what a line holds where anything goes out inside it (every rule of `INLINE` and `SPACED_DIGITS` needs one of these,
#: or one of the words)
TRACE = re.compile("[\ufeff\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufffe\uffff⁰¹²³⁴-⁹*\\[]")
TRACE_WORDS = ("__", "and")
TRACE_DIGITS = re.compile("\\d[ \u00a0]\\d")
SPACED_DIGITS = re.compile(rf"(?<!\d)(?<!(?<!\d)\d )\d(?: \d(?!\d))++(?= ?[{HAN}])")
LONGEST_ENTRY = 200  # characters of a line in a table of contents
COMMENT = re.compile(r"^(批注|批註|Comment)\s*\[[^\]\n]{0,20}\]\s*[:：]", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W_]+")
NOTE = re.compile(r"^([⁰¹²³⁴-⁹]+|\[\d{1,2}\]|［\d{1,2}］|注释?\s*\d{0,2}\s*[:：])\s*\S")


@dataclass(eq=False, slots=True)
class Line:
    """One line of the raw text: its span without the line break, what it is, and the spans that go out of it."""

    start: int
    end: int
    kind: str  # blank | text | row | note | removed
    rule: str = ""  # the rule that removed the whole line
    text: str = ""  # the line's prose: stripped, removals taken out
    cuts: list = field(default_factory=list)  # (start, end, rule) inside the line, sorted
    indented: bool = False
    after_blank: bool = False  # an empty line stands above
    page: int = 0  # counted by form feeds
    words: bool = False  # a row whose cells are its words
    further: bool = False  # a further cell of the row that the line of text before belongs to


def lines_of(raw):
    """The lines of a raw text in order, blank, text, note or removed as each looks by itself: list of `Line`.

    Together with the line breaks they cover every character of `raw`.
    """
    lines = [_line(raw, start, end) for start, end in _line_spans(raw)]
    _mark_places(raw, lines)
    return lines


def _line_spans(raw):
    start = 0
    for match in LINE_BREAK.finditer(raw):
        yield start, match.start()
        start = match.end()
    yield start, len(raw)


def _mark_places(raw, lines):
    """What stands above each line: an empty line, and how many page breaks."""
    page, blank = 0, False
    for line in lines:
        page += raw[line.start - 1 : line.start] == "\f"
        line.page, line.after_blank = page, blank
        blank = line.kind == "blank"


def _line(raw, start, end):
    text = raw[start:end]
    if not text.strip(" \t\u3000\u00a0\ufeff\u200b"):
        cuts = [(start + i, start + i + 1, "byte_order_mark") for i, c in enumerate(text) if c in "\ufeff\u200b"]
        return Line(start, end, "blank", cuts=cuts)
    stripped = text.strip()
    if COMMENT.match(stripped):
        return Line(start, end, "removed", "margin_comment", stripped)
    note = bool(NOTE.match(stripped))
    cuts = _inline_cuts(text, start)
    if heading := re.match(r"\s*(#{1,6})(?=\s)", text):
        cuts = sorted(cuts + [(start + heading.start(1), start + heading.end(1), "markdown_heading")])
    line = Line(start, end, "note" if note else "text", cuts=cuts, indented=bool(re.match(r"\u3000|[ \t]{2,}\S", text)))
    line.text = apply_cuts(raw, start, end, cuts).strip()
    if not line.text:
        line.kind = "blank"
    return line


def _inline_cuts(text, base):
    """Removals inside a line as sorted, disjoint spans; where two rules meet the earlier and longer one holds."""
    if not (any(word in text for word in TRACE_WORDS) or TRACE.search(text) or TRACE_DIGITS.search(text)):
        return []
    found = []
    for rule, pattern in INLINE.items():
        found += [(base + m.start(), base + m.end(), rule) for m in pattern.finditer(text)]
    for run in SPACED_DIGITS.finditer(text):
        found += [(base + i, base + i + 1, "digit_spacing") for i in range(run.start(), run.end()) if text[i] == " "]
    cuts = []
    for start, end, rule in sorted(found, key=lambda cut: (cut[0], -cut[1])):
        if not cuts or start >= cuts[-1][1]:
            cuts.append((start, end, rule))
    return cuts


def apply_cuts(raw, start, end, cuts):
    """The text of raw[start:end] without the spans in `cuts`."""
    kept, at = [], start
    for cut_start, cut_end, _ in cuts:
        kept.append(raw[at:cut_start])
        at = cut_end
    return "".join(kept) + raw[at:end]


@lru_cache(1 << 15)  # a line is asked for several times, by those who look for contents, headers and headings
def fold_key(text):
    """A line's wording for comparing headings: no spaces, no punctuation, Chinese and Latin letters and digits only."""
    return _NO_LETTERS.sub("", text).lower()


def sentence_ended(text):
    """True where a line closes its sentence: final punctuation, closing quotes and brackets behind it allowed."""
    bare = text.rstrip(CLOSERS + " \t\u3000")
    return bool(bare) and (bare[-1] in SENTENCE_END or bare.endswith("."))
