"""Which lines of the page belong together, and which text do they make?

Page breaks and line breaks cut sentences, words and headings in two. `read_blocks` puts the physical lines of a plan
back together into headings, paragraphs, table rows and notes, and keeps for every character its place in the raw
text.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..normalise import code_points
from .cover import TITLE, find_title, hashes
from .entries import mark_rest_of_contents, read_entries
from .lines import HAN, apply_cuts, fold_key, sentence_ended
from .markers import BOX, is_chapter, label_styles, parse_marker
from .outline import ARTICLE, LIST, LONG, TWO_PART, Block, inner_stops
from .setting import Setting, find_setting, goes_on
from .spaced_tables import spaced_cells
from .table_lines import OPEN_ROW, TABLE_ROW

OPENS_NOTHING = "和及或的等之、，。；：！？）)”’》】」』％%"  # no paragraph begins with one of these
LEAVES_OPEN = "和与及或、，,（(“‘《【「『—"  # no heading ends with one of these
BROKEN = 12  # the shortest heading that a page may have cut in two, in characters
FULL = 24  # characters of text from which a line in mid-sentence is running text and no heading
SENT_ROUND = re.compile("印发|印發|转发|轉發|发布|發布")
NAME = re.compile("《([^《》]*(?:《[^《》]*》[^《》]*)*)》")  # a title, which may hold another
NAMED = 8  # the shortest name of a document that a notice sends round, in characters: not 《办法》
ENDLESS = 20_000  # characters of a paragraph from which no further line is joined to it


class _Listed(frozenset):
    """The wordings of a table of contents."""

    @cached_property
    def ordered(self):
        return sorted(self)


def _sent_round(text):
    """Names of the documents that a notice sends round (现将《…规划》印发给你们) and that open further down."""
    names = [name for line in text if SENT_ROUND.search(line.text) for name in NAME.findall(line.text)]
    return {fold_key(name) for name in names if TITLE.search(name) and len(name) >= NAMED}


@dataclass(frozen=True)
class Habits:
    """What the whole of a plan shows about each of its lines."""

    labels: set  # words that number headings
    pairs: "_Neighbours"  # which characters it writes side by side
    setting: Setting
    plain: bool  # no chapter is numbered
    listed: "_Listed"  # wordings of the table of contents, and names of documents that are sent round


def find_habits(lines):
    """The `Habits` of a plan from its `layout.Line`s."""
    text = [line for line in lines if line.kind == "text"]
    labels = label_styles([line.text for line in text])
    entries = read_entries(line.text for line in lines if line.rule == "contents")
    plain = not any(is_chapter(parse_marker(line.text, labels, hashes(line))[0]) for line in text)
    listed = _Listed(
        key for key in (fold_key(wording) for wording, _ in entries) if re.search(f"[{HAN}A-Za-z]{{2}}", key)
    )
    listed = _Listed(listed | _sent_round(text))
    return Habits(labels, _Neighbours(text), find_setting(lines), plain, listed)


def read_blocks(raw, lines, title=""):
    """The logical lines of a plan in order, and the index of the block that is its title (None where it has none).

    `lines` come from `layout.read_layout`; lines of the cover that are neither title nor text, and what is left of the
    contents, are marked removed in place.
    """
    mark_rest_of_contents(lines)
    habits = find_habits(lines)
    title_lines = find_title(lines, habits.labels, title)
    blocks, paragraph, note, title_block, broken = [], None, None, None, False
    for i, line in enumerate(lines):
        broken = broken or line.rule in ("page_number", "running_header")
        if line.kind == "row" and line.further:
            blocks[-1].lines.append(line)
            blocks[-1].text += "\t" + line.text
        elif line.kind == "row":
            blocks.append(Block([line], line.text, "row"))
            paragraph = note = None
        elif line.kind == "note":
            note = Block([line], line.text, "note")
            blocks.append(note)
        elif line.kind == "text":
            if title_lines and line is title_lines[0]:
                title_block = len(blocks)
                blocks.append(_join(Block([line], line.text, "text", style="title"), title_lines[1:]))
            if line in title_lines:
                continue
            style, marker, number = parse_marker(line.text, habits.labels, hashes(line))
            apart = bool(paragraph) and (broken or paragraph.lines[-1].page != line.page)
            broken = False
            if note and not style and _goes_on_with_note(note, line, habits.setting):
                _join(note, [line])
            elif paragraph and not style and _continues(paragraph, line, _next_text(lines, i), habits, apart):
                _join(paragraph, [line])
            else:
                paragraph, note = Block([line], line.text, "text", style, marker, number), None
                blocks.append(paragraph)
            if note and sentence_ended(note.text):
                note = None
    for block in blocks if habits.listed else ():
        block.listed = block.kind == "text" and fold_key(block.text) in habits.listed
    return blocks, title_block


def _next_text(lines, i):
    return next((lines[j] for j in range(i + 1, len(lines)) if lines[j].kind in ("text", "row")), None)


def _join(block, lines):
    for line in lines:
        space = " " if _words_meet(block.text, line.text) else ""
        block.joints.append((block.lines[-1].end, line.start))
        block.lines.append(line)
        block.text += space + line.text
    return block


def _words_meet(above, below):
    """True where two words of Latin letters or figures meet at a line break; the two halves of one number do not."""
    last, first = above[-1:], below[:1]
    return (last + first).isascii() and last.isalnum() and first.isalnum() and not (last + first).isdigit()


class _Neighbours:
    """Counts of characters and of pairs of neighbours inside the lines: what this plan itself writes together."""

    def __init__(self, lines):
        self._lines = lines

    @cached_property
    def _counts(self):
        codes = code_points("\n".join(line.text for line in self._lines))
        return np.bincount(codes), np.sort(codes[:-1].astype(np.uint64) << np.uint64(32) | codes[1:])

    def single(self, a):
        return int(self._counts[0][ord(a)])

    def together(self, a, b):
        key = ord(a) << 32 | ord(b)
        low, high = np.searchsorted(self._counts[1], np.array([key, key + 1], np.uint64))
        return int(high - low)


def _goes_on_with_note(note, line, setting):
    if sentence_ended(note.text) or line.indented or note.lines[-1].page != line.page:
        return False
    return not (setting.apart and line.after_blank)


def _continues(block, line, following, habits, apart):
    """Does a line without a marker go on with the open block? `apart`: a page break stands between."""
    head, tail = block.text, line.text
    if len(head) > ENDLESS:
        return False
    by_contents = _continues_entry(head, tail, habits.listed)
    if by_contents is not None:
        return by_contents
    decision = goes_on(habits.setting, block.lines[-1], line, apart)
    if decision is False:
        open_ended = tail[0] in OPENS_NOTHING or head[-1] in LEAVES_OPEN or _breaks_off(block, line)
        return open_ended and not sentence_ended(head)
    if decision and block.style not in ("front", "title", "专栏") and not _closed_heading(block):
        return True
    if sentence_ended(head) or block.style in ("front", "title") or (block.style == "专栏" and BOX.match(head)):
        return tail[0] in "。；，、）)”’》】" and not sentence_ended(head)
    if tail[0] in OPENS_NOTHING or head[-1] in LEAVES_OPEN:
        return True
    if line.indented and not block.lines[-1].indented and len(block.lines) == 1 and block.style:
        return False
    rest = head[block.marker :]
    may_be_heading = (
        block.style and len(rest) <= (ARTICLE if block.style == "第一条" else LONG) and not inner_stops(rest)
    ) or (
        not block.style
        and len(block.lines) == 1
        and (
            len(rest) <= 25
            and not re.search("[，。；、：]", rest)
            or habits.plain
            and line.after_blank
            and (TWO_PART.fullmatch(rest) or LIST.fullmatch(rest))
        )
    )
    if not may_be_heading:
        return True
    if (len(rest) >= BROKEN or len(tail) <= 25) and _written_together(head[-1], tail[0], habits.pairs):
        return True
    short = (
        len(tail) <= 20
        and not sentence_ended(tail)
        and not re.search("[，。；：]", tail)
        and tail[-1] not in LEAVES_OPEN
    )
    if not (block.style and short and len(rest) >= 20 and following is not None and following.kind == "text"):
        return False
    return not parse_marker(following.text, habits.labels)[0] and not _written_together(
        tail[-1], following.text[0], habits.pairs
    )


def _breaks_off(block, line):
    """True where the line above, of running text, stops in mid-sentence and no gap and no indent follows.

    Lines that are cut at a number of characters end short of the width where they hold many half-width ones.
    """
    last = block.lines[-1].text
    running = len(block.text) >= FULL and re.search("[，；、。]", last) and len(last) >= FULL // 2
    return bool(running) and not line.after_blank and not line.indented and line.page == block.lines[-1].page


def _continues_entry(head, tail, listed):
    """True or False where the table of contents says whether a heading is whole; None where it says nothing."""
    if len(head) > LONG or not listed:
        return None
    key = fold_key(head)
    whole = key + fold_key(tail)
    if len(key) >= 4 and _opens_one(whole, listed):
        return True
    return False if key in listed or (fold_key(tail) in listed and head[-1] not in LEAVES_OPEN) else None


def _opens_one(text, listed):
    """True where a wording of the contents begins with `text`."""
    at = bisect_left(listed.ordered, text)
    return at < len(listed.ordered) and listed.ordered[at].startswith(text)


def _closed_heading(block):
    """True for a numbered line that is a heading and ends its sentence."""
    return bool(block.style) and sentence_ended(block.text) and len(block.text) <= 40 and len(block.lines) == 1


def _written_together(a, b, pairs):
    """True where the plan writes two characters side by side often enough that a break between them cuts a word."""
    if not re.match(f"[{HAN}]{{2}}", a + b):
        return False
    together = pairs.together(a, b)
    return together >= 3 and together >= 0.1 * pairs.single(a)


def block_characters(raw, block):
    """The text of a block and the raw offset of each of its characters: (str, int64 array of the same length)."""
    parts, places = [], []
    for line in block.lines:
        text, offsets = _line_characters(raw, line, block.kind == "row")
        if parts and line.further:
            parts.append("\t")
            places.append(np.array([line.start - 1]))
        elif parts and _words_meet(parts[-1], text):
            parts.append(" ")
            places.append(np.array([line.start - 1]))
        if text:
            parts.append(text)
            places.append(offsets)
    return "".join(parts), np.concatenate(places) if places else np.zeros(0, np.int64)


def _line_characters(raw, line, row):
    if not line.cuts and not row:
        text = raw[line.start : line.end]
        left = line.start + len(text) - len(text.lstrip())
        text = text.strip()
        return text, np.arange(left, left + len(text))
    kept = np.ones(line.end - line.start, bool)
    for start, end, _ in line.cuts:
        kept[start - line.start : end - line.start] = False
    offsets = np.flatnonzero(kept) + line.start
    text = apply_cuts(raw, line.start, line.end, line.cuts)
    if row:
        return _cells(text, offsets, line.words)
    left = len(text) - len(text.lstrip())
    right = len(text.rstrip())
    return text[left:right], offsets[left:right]


def _cells(text, offsets, words):
    """A table row as cells joined by one tab; the white space around a cell is left out. `words`: each word is one."""
    bare = text.strip()
    separator = "|" if TABLE_ROW.match(bare) or (OPEN_ROW.match(bare) and "\t" not in bare) else "\t"
    spans, at = [], 0
    if separator not in text:  # set with spaces
        spans = [match.span() for match in re.finditer(r"\S+", text)] if words else spaced_cells(text)
    for cell in text.split(separator) if separator in text else []:
        left = at + len(cell) - len(cell.lstrip())
        spans.append((left, max(left, at + len(cell.rstrip()))))
        at += len(cell) + 1
    if separator == "|" and TABLE_ROW.match(bare):
        spans = spans[1:-1]
    out, places = [], []
    for i, (left, right) in enumerate(spans):
        if i:
            out.append("\t")
            places.append(offsets[min(left, len(offsets)) - 1])
        out.append(text[left:right])
        places.extend(offsets[left:right])
    joined = "".join(out)
    keep = len(joined.rstrip("\t"))
    return joined[:keep], np.array(places[:keep], dtype=np.int64)


def table_marks(raw, line):
    """Spans of the bars that draw a markdown table row."""
    open_row = line.kind == "row" and "\t" not in line.text and OPEN_ROW.match(line.text)
    if not (TABLE_ROW.match(line.text) or open_row):
        return []
    cut = {i for start, end, _ in line.cuts for i in range(start, end)}
    return [(i, i + 1, "table_mark") for i in range(line.start, line.end) if raw[i] == "|" and i not in cut]
