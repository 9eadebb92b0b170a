"""What on a page is not the plan's own prose?

A plan reaches us as raw text with the traces of its page: a table of contents, page numbers, running headers, what a
browser prints around a page. `read_layout` says of every line of the raw text what it is (`lines`, `table_lines`), and
of every character that is no prose by which rule it goes out. Nothing is judged by the wording of a particular plan;
each rule names the trace that it looks for.
"""

import re
from collections import Counter

from .lines import HAN, LONGEST_ENTRY, SENTENCE_END, fold_key, lines_of, sentence_ended
from .table_lines import TABLE_ROW, TABLE_RULE, mark_tables

LEADERS = re.compile(r"[.．·…⋯‥]{3,}")
CONTENTS_TITLE = re.compile(
    r"^[#*\s]*(目\s*[录錄次](\s*[(（/|]?\s*(table\s+of\s+)?contents\s*[)）]?)?|contents)\s*[*:：]*$", re.IGNORECASE
)
CONTENTS_ENTRY = re.compile(
    r"^(?P<title>\S.*?)(?:[\s.．·…⋯‥_﹒•]{2,}|\t+|[.．·…⋯]+\s*|\s*(?=[(（]\s*\d))[(（\-—]*\s*(?P<page>\d{1,3}|[ivxIVX]{1,6})\s*[)）\-—]*$"
)
SPACED_ENTRY = re.compile(r"^(?P<title>\S.*[^\d\s。；]) +(?P<page>\d{1,3})$")
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


def read_layout(raw):
    """The lines of a raw text, each with its kind and with what goes out of it.

    Returns a list of `Line` in order; together with the line breaks they cover every character of `raw`.
    """
    lines = lines_of(raw)
    _mark_contents(lines)
    _mark_page_furniture(lines)
    mark_tables(raw, lines)
    return lines


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
    if len(lines) < 3 or not all(LEADERS.search(line.text) for line in lines):
        return False
    entries = [contents_entry(line.text) for line in lines]
    if None in entries:
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
