"""What on a page is not the plan's own prose?

A plan reaches us as raw text with the traces of its page: a table of contents, page numbers and running headers,
footnotes and their marks, editing marks, markdown, debris of character recognition. `read_layout` goes through the
raw text once and
says of every line what it is, and of every character that is no prose by which rule it goes out. Nothing is judged by
the wording of a particular plan; each rule names the trace that it looks for.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

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
CONTENTS_TITLE = re.compile(
    r"^[#*\s]*(目\s*[录錄次](\s*[(（/|]?\s*(table\s+of\s+)?contents\s*[)）]?)?|contents)\s*[*:：]*$", re.IGNORECASE
)
CONTENTS_ENTRY = re.compile(
    r"^(?P<title>\S.*?)(?:[\s.．·…⋯‥_﹒•]{2,}|\t+|[.．·…⋯]+\s*|\s*(?=[(（]\s*\d))[(（\-—]*\s*(?P<page>\d{1,3}|[ivxIVX]{1,6})\s*[)）\-—]*$"
)
SPACED_ENTRY = re.compile(r"^(?P<title>\S.*[^\d\s。；]) +(?P<page>\d{1,3})$")
TABLE_ROW = re.compile(r"^\|.*\|$")
#: a row set with spaces: a name, then its unit in brackets and a number or more, or two numbers or more
SPACED_ROW = re.compile(
    rf"^(?=.*[{HAN}])(?:[^\d。；，]*[{HAN}][^\d。；，]*)?(?:[（(][^（()）\d]{{1,10}}[)）](?P<one>\s+\d[\d.]*%?)+|(?<=\s)\s*\d[\d.]*%?(?:\s+\d[\d.]*%?)+)$"
)
NAME_ALONE = re.compile(rf"^[{HAN}#*（）()、]{{2,20}}$")
CELL_UNIT = re.compile(r"[（(][^（()）\d]{1,8}[)）]$")
NUMBER_CELL = re.compile(r"^[-−]?\d[\d.,]*(?:[%％]|[万亿余多]+)?$")
LONGEST_CELL = 20  # characters of a cell that stands alone on its line
MOST_COLUMNS = 12
MOST_TRIES = 20_000  # heads looked at in one text: a list of units is no list of tables
SPACED_ROWS = 3  # in a row before lines are taken for a table
TABLE_RULE = re.compile(r"^[|+]?[\s:|+-]*-{2,}[\s:|+-]*[|+]?$")
COMMENT = re.compile(r"^(批注|批註|Comment)\s*\[[^\]\n]{0,20}\]\s*[:：]", re.IGNORECASE)
NOTE = re.compile(r"^([⁰¹²³⁴-⁹]+|\[\d{1,2}\]|［\d{1,2}］|注释?\s*\d{0,2}\s*[:：])\s*\S")
PAGE_NUMBER = re.compile(
    r"^(?:[-—–―~·•]+\s*\d{1,4}\s*[-—–―~·•]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?|\d{1,4}\s*/\s*\d{1,4})$",
    re.IGNORECASE,
)
BARE_NUMBER = re.compile(r"^\d{1,4}$")
LONGEST_HEADER = 45  # characters of a short line at the edge of a page
PRINTED_FOOT = re.compile(r"^(https?|file|about):\S*\s+(第\s*)?\d{1,4}\s*(/|页[，,]?\s*共)\s*\d{1,4}(\s*页)?$")
PRINTED_HEAD = re.compile(
    r"^(\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日)[,，\s]*(上午|下午|晚上)?"
    r"\s*\d{1,2}:\d{2}(:\d{2})?\s*([AP]M)?(\s|$)"
)


TITLE_WORD = re.compile("(规划|規劃|计划|計劃|纲要|綱要|方案|意见|意見|报告|報告|建议|建議|决定|決定)[》）)]?$")


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
    further: bool = False  # a further cell of the row that the line of text before belongs to


def read_layout(raw):
    """The lines of a raw text, each with its kind and with what goes out of it.

    Returns a list of `Line` in order; together with the line breaks they cover every character of `raw`.
    """
    lines = [_line(raw, start, end) for start, end in _line_spans(raw)]
    _mark_places(raw, lines)
    _mark_contents(lines)
    _mark_page_furniture(lines)
    _mark_tables(raw, lines)
    _mark_spaced_tables(lines)
    _mark_cell_tables(lines)
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


def fold_key(text):
    """A line's wording for comparing headings: no spaces, no punctuation, Chinese and Latin letters and digits only."""
    return re.sub(r"[\W_]+", "", text).lower()


def contents_entry(text, spaced=False):
    """(title, page) of a line of a table of contents, or None where the line has no page number at its end.

    With `spaced` one blank before the page number is enough: inside contents whose other entries show theirs.
    """
    if len(text) > LONGEST_ENTRY:
        return None
    if TABLE_ROW.match(text):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        return (cells[0], cells[-1]) if len(cells) >= 2 and cells[0] and cells[-1].isdigit() else None
    match = CONTENTS_ENTRY.match(text) or (SPACED_ENTRY.match(text) if spaced else None)
    return (match["title"].strip(), match["page"]) if match and re.search(rf"[{HAN}A-Za-z]", match["title"]) else None


def _mark_contents(lines):
    """The table of contents: from its title, or from three lines in a row with leaders and rising page numbers, to
    its end."""
    filled = [line for line in lines if line.kind == "text"]
    keys, at = None, 0
    while at < len(filled):
        titled = bool(CONTENTS_TITLE.match(filled[at].text))
        end = at
        if titled or _leaders(filled[at : at + 3]):
            keys = Counter(fold_key(line.text) for line in filled) if keys is None else keys
            end = _contents_end(filled, at + titled, keys)
        if end > at + titled:
            for line in filled[at:end]:
                line.kind, line.rule = "removed", "contents"
        at = max(end, at + 1)


def _leaders(lines):
    entries = [contents_entry(line.text) for line in lines if re.search(r"[.．·…⋯‥]{3,}", line.text)]
    if len(entries) < 3 or None in entries:
        return False
    pages = [int(page) if page.isdigit() else 0 for _, page in entries]
    return pages == sorted(pages)


def _contents_end(filled, at, keys):
    """The index after the last line of the contents that start at `at`.

    A line belongs to it with a page number at its end, as a rule or empty row of a table, as the first half of an
    entry that is broken over two lines, or (contents without page numbers) as a heading that comes again further
    down.
    """
    paged = any(contents_entry(line.text) for line in filled[at : at + 3])
    first, page, opening = at, 0, fold_key(filled[at].text) if at < len(filled) else ""
    while at < len(filled):
        text = filled[at].text
        following = filled[at + 1].text if at + 1 < len(filled) else ""
        if not paged and at > first and _opens_body(filled[first], filled[at], following, opening):
            return at
        entry = contents_entry(text, paged)
        if entry and entry[1].isdigit() and "\t" in text and int(entry[1]) < page and not keys[fold_key(entry[0])]:
            return at  # a row of a table: its number falls behind the last page, and no heading has its wording
        page = int(entry[1]) if entry and entry[1].isdigit() else page
        if entry or TABLE_RULE.match(text) or not text.strip("| \t"):
            at += 1
        elif paged and len(text) <= 60 and text[-1] not in SENTENCE_END and _second_half(text, following):
            at += 1
        elif not paged and len(text) <= 60 and text[-1] not in "。；，" and keys[fold_key(text)] > 1 and fold_key(text):
            keys[fold_key(text)] -= 1
            at += 1
        else:
            return at
    return at


def _opens_body(entry, line, following, opening):
    """True for the first heading of the body, behind contents without page numbers that open with `entry`."""
    marked = [any(cut[2] == "markdown_heading" for cut in one.cuts) for one in (entry, line)]
    return marked == [False, True] or (
        fold_key(line.text) == opening and (len(following) > 60 or sentence_ended(following))
    )


def _second_half(text, following):
    return (
        "\t" not in text
        and bool(contents_entry(following))
        and not re.match(r"[第（(一二三四五六七八九十\d]|序|前", following)
        and bool(text)
    )


def _mark_page_furniture(lines):
    """Page numbers and running headers.

    A bare number counts as a page number where such numbers rise one by one through the file; a short line counts as
    a running header where it stands three times or more, carries no final punctuation and cuts a sentence in two at
    least once.
    """
    text = [line for line in lines if line.kind == "text"]
    for line in text:
        if PAGE_NUMBER.match(line.text):
            line.kind, line.rule = "removed", "page_number"
    bare = [line for line in text if line.kind == "text" and BARE_NUMBER.match(line.text)]
    rising = {id(b) for a, b in zip(bare, bare[1:], strict=False) if int(b.text) == int(a.text) + 1}
    rising |= {id(a) for a, b in zip(bare, bare[1:], strict=False) if int(b.text) == int(a.text) + 1}
    for line in bare:
        if id(line) in rising:
            line.kind, line.rule = "removed", "page_number"
    _mark_page_edges(lines)
    text = [line for line in text if line.kind == "text"]
    places = {}
    for i, line in enumerate(text):
        row = "\t" in line.text and i + 1 < len(text) and "\t" in text[i + 1].text  # of a table: it comes again there
        if 2 <= len(line.text) <= 40 and line.text[-1] not in SENTENCE_END + "，、," and not row:
            places.setdefault(re.sub(r"\d+", "", line.text), []).append(i)
    for found in places.values():
        cuts_sentence = [i for i in found if i and not sentence_ended(text[i - 1].text) and len(text[i - 1].text) > 20]
        if len(found) >= 3 and cuts_sentence:
            for i in found:
                text[i].kind, text[i].rule = "removed", "running_header"


def _mark_page_edges(lines):
    """Where pages are marked (form feeds): lines at the edges of pages that come again on three pages or more.

    Digits apart they are the same: a running header, or a page number that rises with the pages. A long line must be
    the outermost one and stand on half of the pages. The wording of a title stays once, at its first place behind the
    first header. What a browser prints above and below a page (time and title, address and page) goes out by its form.
    """
    pages = {}
    for line in lines:
        if line.kind == "text" or line.rule == "page_number":
            pages.setdefault(line.page, []).append(line)
    _mark_printed(pages)
    if len(pages) < 3:
        return
    edges = {}
    for page, inside in pages.items():
        outer = [*_edge(inside), *_edge(inside[::-1])]
        for line in dict.fromkeys(map(id, outer)):
            line = next(one for one in outer if id(one) == line)
            edges.setdefault(re.sub(r"\d+", "0", re.sub(r"\s+", "", line.text)), []).append((page, line))
    first = min(pages)
    for key, found in edges.items():
        numbers = {page for page, _ in found}
        if len(numbers) < 3 or (len(key) > LONGEST_HEADER and len(numbers) * 2 < len(pages)):
            continue
        bare = all(BARE_NUMBER.match(line.text) for _, line in found)
        if bare and len({int(line.text) - page for page, line in found}) > len(found) / 2:
            continue
        head = [line for line in pages[first][:6] if line.kind == "text" and re.sub(r"\s+", "", line.text) == key]
        kept = head[-1] if len(head) >= 2 or (head and TITLE_WORD.search(key)) else None
        for _, line in found:
            if line is not kept and line.kind == "text":
                line.kind, line.rule = "removed", "page_number" if bare else "running_header"


def _mark_printed(pages):
    """What a browser prints at the edges of its pages: an address with page and pages below, time and title above."""
    feet = [
        inside[-1] for inside in pages.values() if inside[-1].kind == "text" and PRINTED_FOOT.match(inside[-1].text)
    ]
    heads = [inside[0] for inside in pages.values() if inside[0].kind == "text" and PRINTED_HEAD.match(inside[0].text)]
    if len(heads) == len(pages) or feet:
        for line in [*heads, *feet]:
            line.kind, line.rule = "removed", "running_header"


def _edge(inside):
    """The lines at the head of a page that a header may be, two at the most, page numbers aside; a long one only where
    it is the outermost."""
    out = []
    for line, following in zip(inside[:3], [*inside[1:3], None], strict=False):
        if line.rule != "page_number":
            if "\t" in line.text and (out or (following and "\t" in following.text)):
                break  # rows of a table
            long = len(line.text) > LONGEST_HEADER or line.text[-1] in SENTENCE_END + "，、,"
            if len(out) == 2 or long and (out or len(line.text) > LONGEST_ENTRY):
                break
            out.append(line)
            if long:
                break
    return out


def _mark_tables(raw, lines):
    """Rows of tables (tabs or bars between cells); a header row that comes again after a page break goes out."""
    header = None
    for line in lines:
        if line.kind != "text":
            if line.kind != "blank" and not (line.kind == "note" or line.rule in ("page_number", "running_header")):
                header = None
            continue
        inner = raw[line.start : line.end].strip()
        if not line.text.strip("| \t\u3000\u00a0"):
            line.kind, line.rule = "removed", "table_rule"
        elif header and TABLE_RULE.match(inner):
            line.kind, line.rule = "removed", "table_rule"
        elif "\t" in inner or TABLE_ROW.match(inner):
            line.kind = "row"
            if header is None:
                header = fold_key(line.text)
            elif fold_key(line.text) == header:
                line.kind, line.rule = "removed", "repeated_table_header"
        else:
            header = None


def _mark_spaced_tables(lines):
    """Rows of tables whose columns are set with spaces: three or more in a row, bare names between them."""
    run, alone = [], 0
    for line in [*lines, None]:
        if line is not None and line.kind == "blank":
            continue
        if line is not None and line.kind == "text" and _is_spaced_row(line.text):
            run, alone = [*run, line], 0
        elif line is not None and run and not alone and line.kind == "text" and NAME_ALONE.match(line.text):
            alone = 1
        else:
            if len(run) >= SPACED_ROWS:
                for row in run:
                    row.kind = "row"
            run, alone = [], 0


def _mark_cell_tables(lines):
    """Rows of tables that came with one cell a line: a head with a unit in brackets, then rows of the same make.

    As many columns as make two rows or more below a head without numbers, in which numbers stand in the same columns,
    one of them below the unit. Of several heads that fit, the one that covers most cells, then the last.
    """
    cells = [line for line in lines if line.kind != "blank"]
    at, tries = 0, 0
    units = [i for i, line in enumerate(cells) if line.kind == "text" and CELL_UNIT.search(line.text)]
    for unit in units:
        if unit < at or tries > MOST_TRIES:
            continue
        found = []
        for start in range(max(at, unit - MOST_COLUMNS + 1), unit + 1):
            for width in range(max(2, unit - start + 1), MOST_COLUMNS + 1):
                tries += 1
                if rows := _cell_rows(cells, start, width, unit - start):
                    found.append((width * (rows + 1), start, width))
        if found:
            covered, start, width = max(found)
            at = start + covered
            for i in range(start, at):
                cells[i].kind, cells[i].further = "row", (i - start) % width > 0


def _cell_rows(cells, start, width, unit):
    """How many rows of `width` cells stand below a head at `start`; 0 where it is none or fewer than two follow."""
    head = cells[start : start + width]
    if len(head) < width or any(not _is_cell(line) or NUMBER_CELL.match(line.text) for line in head):
        return 0
    first, rows = None, 0
    for at in range(start + width, len(cells) - width + 1, width):
        row = cells[at : at + width]
        if not all(map(_is_cell, row)):
            break
        kinds = [bool(NUMBER_CELL.match(line.text)) for line in row]
        if first is None:
            first = kinds
        if kinds != first or not kinds[unit]:
            break
        rows += 1
    return rows if rows >= 2 else 0


def _is_cell(line):
    return line.kind == "text" and len(line.text) <= LONGEST_CELL and line.text[-1:] not in "。；，、"


def _is_spaced_row(text):
    return len(text) <= LONGEST_ENTRY and text[-1:] in "0123456789%" and bool(SPACED_ROW.match(text))


def sentence_ended(text):
    """True where a line closes its sentence: final punctuation, closing quotes and brackets behind it allowed."""
    bare = text.rstrip(CLOSERS + " \t\u3000")
    return bool(bare) and (bare[-1] in SENTENCE_END or bare.endswith("."))
