"""Which lines are the table of contents, to the last one, and which entries do they hold?"""

import re

from .layout import BARE_NUMBER, CONTENTS_TITLE, contents_entry
from .lines import fold_key
from .markers import parse_marker
from .outline import heading_title

DOTS = re.compile(r"(?:[.．·…⋯‥]\s*){4,}\d{0,3}$")
FEW = 2  # entries from which lines under the word 目录 are a table of contents
SHORT = 60  # characters of a line between entries that is one, too
NEAR = 30  # lines below a torn entry in which the next page number is looked for
FURTHEST = 60  # pages from the last entry on to a page number that stands inside the next
NUMBERED = re.compile(
    r"[\s.．·…]+(?P<page>\d{1,3})"
    r"(?:\s*(?=第\S{1,4}[编章节条]|[（(][一二三四五六七八九十]|[一二三四五六七八九十]+、)|\s+(?=\d{1,2}[.．、]))"
)


def mark_rest_of_contents(lines):
    """Mark the lines between and behind the recognised contents that belong to them.

    An entry whose page number was torn off or stands inside its wording (in a PDF) shows by its wording: it comes again
    further down, in one line or in two.
    """
    filled = [line for line in lines if line.kind in ("text", "row") or line.rule == "contents"]
    known = [i for i, line in enumerate(filled) if line.rule == "contents"]
    for above, below in zip(known, known[1:], strict=False):
        gap = filled[above + 1 : below]
        if all(len(line.text) <= SHORT and line.text[-1] not in "。；" for line in gap):
            _mark(gap)
    title = next((i for i, line in enumerate(filled) if CONTENTS_TITLE.match(line.text)), None)
    start = known[-1] if known else title
    if start is None:
        return
    keys = [_letters(line.text) for line in filled]
    last = {a + b: i for i, (a, b) in enumerate(zip(keys, keys[1:], strict=False))}
    last |= {key: i for i, key in enumerate(keys)}
    end = start + 1
    while end < len(filled) and (width := _entry_width(filled, keys, last, end)):
        end += width
    while end > start + 1 and BARE_NUMBER.match(filled[end - 1].text):
        end -= 1
    if known or end - start > FEW:
        _mark(filled[start:end])


def _mark(lines):
    for line in lines:
        line.kind, line.rule = "removed", "contents"


def _entry_width(filled, keys, last, i):
    """How many lines from line `i` on are an entry: 0 where the contents end."""
    text = filled[i].text
    if DOTS.search(text):
        return 1
    if (
        filled[i].kind == "text"
        and contents_entry(text)
        or (filled[i - 1].rule == "contents" and BARE_NUMBER.match(text))
    ):
        return 1
    if all(len(key) >= 2 and last.get(key, 0) > i + 1 for key in map(_letters, _parted(text))):
        return 1
    both = keys[i] + keys[i + 1] if filled[i].kind == "text" and i + 1 < len(keys) else ""
    return 2 if len(both) >= 4 and last.get(both, 0) > i + 1 else 0


def _letters(text):
    return re.sub(r"\d+", "", fold_key(text))


def read_entries(lines):
    """The entries in the lines of a table of contents, in order: (wording, page) pairs.

    An entry that is broken over two lines is put together, two in one line are parted, a page number that stands inside
    the wording is taken out; without page numbers the page is "".
    """
    lines = [part for line in lines for part in _parted(line)]
    paged = any(contents_entry(line) for line in lines)
    entries, half = [], ""  # half: the wording of an entry whose page number has not come yet
    for i, line in enumerate(lines):
        entry = contents_entry(line, paged) or (_torn(line, entries, lines[i + 1 : i + 1 + NEAR]) if paged else None)
        wording = entry[0] if entry else re.sub(r"[|\s:+-]+", " ", DOTS.sub("", line)).strip()
        if not wording or (not entries and CONTENTS_TITLE.match(wording)):
            continue
        if half and parse_marker(wording, set())[0]:  # the next entry opens: the one before has lost its page number
            entries.append((heading_title(half), ""))
            half = ""
        if BARE_NUMBER.match(wording):
            entries += [(heading_title(half), wording)] if half else []
            half = ""
        elif paged and not entry:
            half += wording
        else:
            entries.append((heading_title(half + wording), entry[1] if entry else ""))
            half = ""
    return entries


def _parted(line):
    """A line that holds two entries, the page number of the first between them, as two lines."""
    parts, at = [], 0
    for match in NUMBERED.finditer(line, 4):
        parts.append(f"{line[at : match.start()]}\t{match['page']}")
        at = match.end()
    return [*parts, line[at:]]


def _torn(line, entries, below):
    """(wording, page) of an entry whose page number stands inside its wording, told by the pages above and below."""
    above = int(entries[-1][1]) if entries and entries[-1][1].isdigit() else 0
    following = next((entry[1] for entry in map(contents_entry, below) if entry), "")
    most = int(following) if following.isdigit() else above + FURTHEST
    for match in re.finditer(r"(?<=[^\d\s.])\d{1,3}(?=[^\d\s.])", line):
        if above <= int(match[0]) <= most:
            return line[: match.start()] + line[match.end() :], match[0]
    return None
