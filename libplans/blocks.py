"""Which lines of the page belong together, and which text do they make?

Page breaks and line breaks cut sentences, words and headings in two. `read_blocks` puts the physical lines of a plan
back together into headings, paragraphs, table rows and notes, and keeps for every character its place in the raw
text.
"""

import re
from collections import Counter

import numpy as np

from .layout import HAN, TABLE_ROW, fold_key, sentence_ended
from .outline import BOX, LONG, TWO_PART, Block, inner_stops, is_chapter, label_styles, parse_marker
from .setting import find_setting, goes_on

TITLE = re.compile(
    r"(规划|规划纲要|计划|纲要|方案|报告|意见|决定|决议|建议|法|条例|办法|总结|要点|战略|公报|标准|规范|細則|細则|细则|章程|規劃|計劃|綱要|報告)[》）)\d\-—–年～~\s]*$"
)
OPENS_NOTHING = "和及或的等之、，。；：！？）)”’》】」』％%"  # no paragraph begins with one of these
LEAVES_OPEN = "和与及或、，,（(“‘《【「『—"  # no heading ends with one of these
COVER_LINES = 15
BROKEN = 12  # the shortest heading that a page may have cut in two, in characters
ENDLESS = 20_000  # characters of a paragraph from which no further line is joined to it


def read_blocks(raw, lines, title=""):
    """The logical lines of a plan in order, and the index of the block that is its title (None where it has none).

    `lines` come from `layout.read_layout`; lines of the cover that are neither title nor text are marked removed in
    place.
    """
    text = [line for line in lines if line.kind == "text"]
    labels = label_styles([line.text for line in text])
    title_lines = _cover(raw, lines, labels, title)
    pairs, setting = _neighbours(text), find_setting(lines)
    plain = not any(
        is_chapter(parse_marker(line.text, labels, _hashes(line))[0]) for line in text if line.kind == "text"
    )
    blocks, paragraph, note, title_block, broken = [], None, None, None, False
    for i, line in enumerate(lines):
        broken = broken or line.rule in ("page_number", "running_header")
        if line.kind == "row":
            blocks.append(Block([line], line.text, "row"))
            paragraph = note = None
        elif line.kind == "note":
            note = Block([line], line.text, "note")
            blocks.append(note)
        elif line.kind == "text":
            if title_lines and line is title_lines[0]:
                title_block = len(blocks)
                blocks.append(_join(Block([line], line.text, "text", style="title"), title_lines[1:]))
                continue
            if line in title_lines:
                continue
            style, marker, number = parse_marker(line.text, labels, _hashes(line))
            break_between = bool(paragraph) and (broken or paragraph.lines[-1].page != line.page)
            broken = False
            if note and not style and _goes_on_with_note(note, line, setting):
                _join(note, [line])
            elif (
                paragraph
                and not style
                and _continues(
                    paragraph,
                    line,
                    _next_text(lines, i),
                    pairs,
                    labels,
                    goes_on(setting, paragraph.lines[-1], line, break_between),
                    plain,
                )
            ):
                _join(paragraph, [line])
            else:
                paragraph, note = Block([line], line.text, "text", style, marker, number), None
                blocks.append(paragraph)
                continue
            if note and sentence_ended(note.text):
                note = None
    return blocks, title_block


def _hashes(line):
    return sum(end - start for start, end, rule in line.cuts if rule == "markdown_heading")


def _next_text(lines, i):
    return next((lines[j] for j in range(i + 1, len(lines)) if lines[j].kind in ("text", "row")), None)


def _join(block, lines):
    for line in lines:
        space = (
            " "
            if block.text[-1:].isascii()
            and block.text[-1:].isalnum()
            and line.text[:1].isascii()
            and line.text[:1].isalnum()
            else ""
        )
        block.joints.append((block.lines[-1].end, line.start))
        block.lines.append(line)
        block.text += space + line.text
    return block


def _neighbours(text):
    """Counts of characters and of pairs of neighbours inside the lines: what this plan itself writes together."""
    single, pairs = Counter(), Counter()
    for line in text:
        single.update(line.text)
        pairs.update(zip(line.text, line.text[1:]))
    return single, pairs


def _goes_on_with_note(note, line, setting):
    if sentence_ended(note.text) or line.indented or note.lines[-1].page != line.page:
        return False
    return not (setting.apart and line.after_blank)


def _continues(block, line, following, pairs, labels, decision, plain):
    """Does a line without a marker go on with the open block? `decision` is what the setting of the text says."""
    head, tail = block.text, line.text
    if len(head) > ENDLESS:
        return False
    if decision is False:
        return (tail[0] in OPENS_NOTHING or head[-1] in LEAVES_OPEN) and not sentence_ended(head)
    if decision and block.style not in ("front", "title", "专栏") and not _closed_heading(block):
        return True
    if sentence_ended(head) or block.style in ("front", "title") or (block.style == "专栏" and BOX.match(head)):
        return tail[0] in "。；，、）)”’》】" and not sentence_ended(head)
    if tail[0] in OPENS_NOTHING or head[-1] in LEAVES_OPEN:
        return True
    if line.indented and not block.lines[-1].indented and len(block.lines) == 1 and block.style:
        return False
    rest = head[block.marker :]
    may_be_heading = (block.style and len(rest) <= LONG and not inner_stops(rest)) or (
        not block.style
        and len(block.lines) == 1
        and (
            len(rest) <= 25
            and not re.search("[，。；、：]", rest)
            or plain
            and line.after_blank
            and TWO_PART.fullmatch(rest)
        )
    )
    if not may_be_heading:
        return True
    if (len(rest) >= BROKEN or len(tail) <= 25) and _written_together(head[-1], tail[0], pairs):
        return True
    short = (
        len(tail) <= 20
        and not sentence_ended(tail)
        and not re.search("[，。；：]", tail)
        and tail[-1] not in LEAVES_OPEN
    )
    if not (block.style and short and len(rest) >= 20 and following is not None and following.kind == "text"):
        return False
    return not parse_marker(following.text, labels)[0] and not _written_together(tail[-1], following.text[0], pairs)


def _closed_heading(block):
    """True for a numbered line that is a heading and ends its sentence."""
    return bool(block.style) and sentence_ended(block.text) and len(block.text) <= 40 and len(block.lines) == 1


def _written_together(a, b, pairs):
    """True where the plan writes two characters side by side often enough that a break between them cuts a word."""
    single, together = pairs
    return re.match(f"[{HAN}]{{2}}", a + b) is not None and together[a, b] >= 3 and together[a, b] >= 0.1 * single[a]


def _cover(raw, lines, labels, title):
    """The title's lines among the lines of the cover; every other line of the cover is marked removed."""
    front = []
    tops = sum(_hashes(line) == 1 for line in lines)
    for line in lines:
        if line.kind == "removed" and line.rule == "contents":
            break
        if line.kind == "text":
            style = parse_marker(line.text, labels, _hashes(line))[0]
            titled = style == "#" and not front and (tops == 1 or bool(TITLE.search(line.text)))
            if style and not titled or sentence_ended(line.text) or len(line.text) > 60 or len(front) >= COVER_LINES:
                break
            front.append(line)
    if len(front) >= COVER_LINES or not front:
        return []
    found = _title_lines(front, fold_key(title))
    for line in front:
        if line not in found:
            line.kind, line.rule = "removed", "cover"
    key = fold_key("".join(line.text for line in found))
    for line in lines:
        if line.kind == "text" and line not in found and fold_key(line.text) == key:
            line.kind, line.rule = "removed", "repeated_title"
    return found


def _title_lines(front, wanted):
    runs = [front[i:j] for i in range(len(front)) for j in range(i + 1, min(i + 4, len(front) + 1))]
    for run in runs:
        if wanted and fold_key("".join(line.text for line in run)) == wanted:
            return run
    for i, line in enumerate(front):
        if TITLE.search(line.text):
            return front[i - 1 : i + 1] if i and line.text.startswith(("“", '"', "（")) else [line]
    return [front[0]]


def block_characters(raw, block):
    """The text of a block and the raw offset of each of its characters: (str, int64 array of the same length)."""
    parts, places = [], []
    for line in block.lines:
        text, offsets = _line_characters(raw, line, block.kind == "row")
        if (
            parts
            and text
            and parts[-1][-1:].isascii()
            and parts[-1][-1:].isalnum()
            and text[0].isascii()
            and text[0].isalnum()
        ):
            parts.append(" ")
            places.append(np.array([line.start - 1]))
        if text:
            parts.append(text)
            places.append(offsets)
    return "".join(parts), np.concatenate(places) if places else np.zeros(0, np.int64)


def _line_characters(raw, line, row):
    kept = np.ones(line.end - line.start, bool)
    for start, end, _ in line.cuts:
        kept[start - line.start : end - line.start] = False
    offsets = np.flatnonzero(kept) + line.start
    characters = [raw[i] for i in offsets]
    if row:
        return _cells(characters, offsets)
    text = "".join(characters)
    left = len(text) - len(text.lstrip())
    right = len(text.rstrip())
    return text[left:right], offsets[left:right]


def _cells(characters, offsets):
    """A table row as cells joined by one tab; the white space around a cell is left out."""
    text = "".join(characters)
    separator = "|" if TABLE_ROW.match(text.strip()) else "\t"
    spans, at = [], 0
    for cell in text.split(separator):
        left = at + len(cell) - len(cell.lstrip())
        spans.append((left, max(left, at + len(cell.rstrip()))))
        at += len(cell) + 1
    if separator == "|":
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
    if not TABLE_ROW.match(line.text):
        return []
    cut = {i for start, end, _ in line.cuts for i in range(start, end)}
    return [(i, i + 1, "table_mark") for i in range(line.start, line.end) if raw[i] == "|" and i not in cut]
