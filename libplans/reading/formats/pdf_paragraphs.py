"""Which lines of a PDF are one paragraph? Told by where they stand: margins, indents, distances, type."""

import re
from collections import Counter
from dataclasses import dataclass

from ..layout import BARE_NUMBER, PAGE_NUMBER
from ..lines import sentence_ended
from .pdf_lines import SUPERSCRIPT, run_together

NUMBERED = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、章节．.]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(\.\d{1,2})*[.．、 ]\D"
    r"|[①-⑳•●■◆]|——"
)
LARGE = 1.8  # size of a watermark's type, in that of the text
ENTRY = re.compile(r"\t|[.．·…⋯]{3,}\s*\d{1,3}$")  # of a table or of contents: ends with its line
NOTE_MARK = re.compile(r"([⁰¹²³⁴-⁹]+|[①-⑳]|[\[［]?\d{1,2}[\]］]?)[\s.．、]*(?=[^\s\d.．、年月%])")


@dataclass
class _Paragraph:
    """A paragraph of a page; `lines` is empty for a table."""

    text: str
    lines: list
    note: bool = False


def page_texts(pages):
    """The text of all pages (lists of `Line`): paragraphs apart by an empty line, a form feed opens each page.

    A paragraph that goes on over a page stands whole on the page where it begins.
    """
    pages = [_notes_last(lines) for lines in _whole_rows(pages)]
    measure = _Measure(pages)
    texts = [measure.paragraphs(lines) for lines in pages]
    for i in reversed(range(len(pages) - 1)):
        measure.join(pages[i], texts[i], pages[i + 1], texts[i + 1])
    return "".join("\f" + "\n\n".join(one.text for one in page) + "\n" for page in texts)


class _Measure:
    """How the document is set: size of its type, distance of its lines, its margins."""

    def __init__(self, pages):
        lines = [line for page in pages for line in page if not line.rows]
        self.size = _most((line.size for line in lines for c in line.text if not c.isascii()), 10.5)
        body = [[line for line in page if self._is_body(line)] for page in pages]
        full = [line for page in body for line in page if line.flow == "full"]
        self.left = _most((round(line.x0) for line in full if len(line.text) > 15), 72)
        self.widths = {
            flow: _ninth_tenth([line.x1 - line.x0 for page in body for line in page if line.flow == flow], default)
            for flow, default in (("full", 400), ("column", 220))
        }
        self.leading = self._leading(body)
        self.furniture = _furniture(pages, self.size, self.widths["full"])
        opened = [
            line.x0 - self._margins(page)[line.region][0] for page in pages for line in page if self._is_body(line)
        ]
        self.indented = sum(1.2 * self.size < x < 6 * self.size for x in opened) >= 0.08 * len(opened) > 0

    def _leading(self, body):
        """The distance of the lines of a paragraph: the commonest below a full line."""
        falls, below_full = [], []
        for a, b in ((a, b) for page in body for a, b in zip(page, page[1:], strict=False) if a.region == b.region):
            if (fall := a.base - b.base) > 0.8 * self.size:
                falls.append(round(fall))
                if a.x1 - a.x0 > 0.95 * self.widths.get(a.flow, self.widths["full"]):
                    below_full.append(round(fall))
        return _most(below_full if len(below_full) >= 5 else falls, 1.6 * self.size)

    def _is_body(self, line):
        return not line.rows and abs(line.size - self.size) <= 0.06 * self.size

    def _margins(self, lines):
        """Region -> (left, right) of the text of each region of a page."""
        regions = {}
        for line in lines:
            regions.setdefault(line.region, []).append(line)
        wide = self._sides([line for line in lines if line.flow == "full"], self.left, self.widths["full"])
        out = {}
        for region, held in regions.items():
            text = [line for line in held if not line.rows] or held
            if held[0].flow == "column":
                out[region] = self._sides(text, min(line.x0 for line in text), self.widths["column"])
            elif held[0].flow in ("box", "turned"):
                right = max(max(line.x1, line.frame - 1.5 * line.size) for line in text)
                out[region] = self._sides(text, min(line.x0 for line in text), 0)[0], right
            else:
                out[region] = wide
        return out

    def _sides(self, lines, left, width):
        """(left, right) of lines that share their margins; `left` where they do not show their own.

        Lines that all stand two characters in, and go no further to the right than others, are first lines.
        """
        starts = Counter(round(line.x0) for line in lines if not line.rows and len(line.text) > 15)
        best = max(starts.items(), key=lambda item: (item[1], -item[0]), default=(left, 0))
        if best[1] < 3:
            return left, left + width
        inside = max(line.x1 for line in lines if not line.rows) <= left + width + 0.6 * self.size
        first_lines = 1.2 * self.size < best[0] - left < 3 * self.size and inside
        left = left if first_lines else best[0]
        return left, left + width

    def paragraphs(self, lines):
        """The paragraphs, headings and tables of a page; the text of a paragraph that opens indented does so too."""
        margins, notes = self._margins(lines), note_lines(lines, self.size)
        out, held, note = [], [], False
        for i, line in enumerate(lines):
            if i in notes:
                line.text = _note_mark(line.text)
            if held and (line.rows or i in notes or self._opens(lines, i, margins)):
                out.append(self._paragraph(held, margins, note))
                held = []
            if line.rows:
                out.append(_Paragraph("\n".join("\t".join(row).rstrip("\t") for row in line.rows), []))
                continue
            note = i in notes if not held else note
            held.append(line)
        return out + ([self._paragraph(held, margins, note)] if held else [])

    def _paragraph(self, held, margins, note):
        first = held[0]
        left, right = margins[first.region]
        indented = 1.2 * first.size < first.x0 - left < 6 * first.size and not self._centred(first, left, right)
        return _Paragraph(("\u3000\u3000" if indented else "") + run_together([line.text for line in held]), held, note)

    def join(self, page, paragraphs, following, next_paragraphs):
        """Put the first paragraph of a page to the last one of the page before, where it goes on with that."""
        above = next((one for one in reversed(paragraphs) if not self._is_aside(one)), None)
        below = next((one for one in next_paragraphs if not self._is_aside(one)), None)
        if not above or not below or not above.lines or not below.lines:
            return
        previous, line = above.lines[-1], below.lines[0]
        margins = {**self._margins(following), "last": self._margins(page)[previous.region]}
        left, right = margins[line.region]
        if (
            len({previous.flow, line.flow} - {"edge"}) > 1
            or self._centred(line, left, right)
            or self._centred(previous, *margins["last"])
        ):
            return
        if self._opens_below(previous, line, margins["last"], left):
            return
        if sentence_ended(previous.text) and not (len(below.lines) > 1 or sentence_ended(below.text)):
            return
        above.text = run_together([above.text, below.text])
        next_paragraphs.remove(below)

    def _is_aside(self, paragraph):
        return paragraph.note or any(id(line) in self.furniture or line.flow == "turned" for line in paragraph.lines)

    def _opens(self, lines, i, margins):
        """Does line `i` open a paragraph of its own, rather than go on with the line above it?"""
        previous, line = lines[i - 1], lines[i]
        size = max(previous.size, line.size)
        if previous.rows or abs(previous.size - line.size) > 0.06 * size:
            return True
        if id(previous) in self.furniture or id(line) in self.furniture:
            return True
        if ENTRY.search(previous.text):
            return True
        if previous.region != line.region:
            return self._opens_region(previous, line, margins)
        left, right = margins[line.region]
        gap = previous.base - line.base
        if gap > 1.45 * self.leading * max(1, size / self.size) or gap <= 0:
            return True
        centred = [self._centred(one, left, right) for one in (previous, line)]
        if all(centred):
            return not (size > 1.1 * self.size and previous.last_font == line.first_font)
        middles = abs((previous.x0 + previous.x1) - (line.x0 + line.x1)) / 2
        if size > 1.1 * self.size and previous.last_font == line.first_font and middles < 0.6 * size:
            return False
        if any(centred) and previous.last_font != line.first_font:
            return True
        short = previous.x1 + line.first_token < right - 1.2 * size
        indent = line.x0 - left > 1.2 * size
        if line.x0 - previous.x0 > 1.2 * size:
            return True
        if indent and abs(line.x0 - previous.x0) <= 1.2 * size:
            opened = short or sentence_ended(previous.text) or previous.last_font != line.first_font
            return opened or bool(NUMBERED.match(line.text)) or not _block(lines, i)
        if short:
            return sentence_ended(previous.text) or previous.x1 < right - 4 * size
        return sentence_ended(previous.text) and bool(NUMBERED.match(line.text))

    def _opens_region(self, previous, line, margins):
        """As `_opens`, at the head of a column or below one."""
        if {previous.flow, line.flow} & {"edge", "box", "turned"}:
            return True
        return self._opens_below(previous, line, margins[previous.region], margins[line.region][0])

    def _opens_below(self, previous, line, sides, left):
        """Does a line at the head of a column or page open a paragraph? `previous` ends the one before, in `sides`."""
        if abs(previous.size - line.size) > 0.06 * line.size or line.x0 - left > 1.2 * line.size:
            return True
        if ENTRY.search(previous.text):
            return True
        if previous.x1 + line.first_token < sides[1] - 1.2 * line.size:
            return True
        return sentence_ended(previous.text) and (not self.indented or bool(NUMBERED.match(line.text)))

    def _centred(self, line, left, right):
        middle = abs((line.x0 + line.x1) - (left + right)) / 2 < 1.2 * line.size
        return middle and line.x0 - left > 2.5 * line.size and right - line.x1 > 2.5 * line.size


def _furniture(pages, size, width):
    """Ids of the lines at the head and foot of pages that are page numbers, or come again (digits apart) on three.

    A full line of the document's own type is text, whatever it says.
    """
    places, out = {}, set()
    for number, lines in enumerate(pages):
        for line in {id(line): line for line in [*lines[:3], *lines[-3:]] if not line.rows}.values():
            apart = line.flow == "edge" or line.size < 0.9 * size or line.x1 - line.x0 < 0.8 * width
            if PAGE_NUMBER.match(line.text) or BARE_NUMBER.match(line.text):
                out.add(id(line))
            elif apart:
                places.setdefault(re.sub(r"\d+", "0", re.sub(r"\s+", "", line.text)), []).append((number, line))
    for found in places.values():
        if len({number for number, _ in found}) >= 3:
            out |= {id(line) for _, line in found}
    return out


def watermarks(pages):
    """Lines in large type that stand at one place of three pages or more: list of `Line`, in the order of the pages."""
    size = _most((line.size for page in pages for line in page for _ in line.text), 10.5)
    places = {}
    for number, lines in enumerate(pages):
        for line in lines:
            if line.size > LARGE * size:
                places.setdefault((line.text, round(line.x0 / 4), round(line.base / 4)), {})[number] = line
    return [line for found in places.values() if len(found) >= 3 for line in found.values()]


def note_lines(lines, size):
    """Indices of the lines that open a footnote: type smaller than `size` with a number, at the foot of a region."""
    found, closed = set(), {line.region for line in lines[:1] if line.flow == "edge"}
    for i in reversed(range(len(lines))):
        line = lines[i]
        small = line.size < 0.9 * size
        if line.region in closed or line.rows or line.flow in ("box", "turned") or not (small or len(line.text) <= 8):
            closed.add(line.region)
        elif small and NOTE_MARK.match(line.text):
            found.add(i)
    return found


def _notes_last(lines):
    """The lines of a page with the footnotes of its columns behind all columns, before what stands at its foot."""
    columns = [i for i, line in enumerate(lines) if line.flow == "column" and not line.rows]
    if not columns:
        return lines
    notes = note_lines(lines, _most((lines[i].size for i in columns for _ in lines[i].text), 10.5))
    firsts = {}
    for i in sorted(notes & set(columns)):
        firsts.setdefault(lines[i].region, i)
    moved = [i for i, line in enumerate(lines) if i >= firsts.get(line.region, len(lines))]
    body = [i for i in range(len(lines)) if i not in set(moved)]
    end = next((k for k in reversed(range(len(body))) if lines[body[k]].flow != "edge"), -1) + 1
    return [lines[i] for i in [*body[:end], *moved, *body[end:]]]


def _whole_rows(pages):
    """The pages with the rest of a table row that a page break cut in two put to its first part."""
    pages = [list(lines) for lines in pages]
    for page, following in zip(pages, pages[1:], strict=False):
        above = next((line for line in reversed(page) if line.flow != "edge"), None)
        below = next((line for line in following if line.flow != "edge"), None)
        if not (above and below and above.rows and below.rows):
            continue
        head = int(len(below.rows) > 1 and below.rows[0] == above.rows[0])
        last, rest = above.rows[-1], below.rows[head]
        usual = sorted(sum(map(bool, row)) for row in above.rows)[len(above.rows) // 2]
        held = [cell for cell in rest if cell]
        if len(rest) == len(last) >= 3 and len(held) * 2 <= usual and not any(cell.isdigit() for cell in held):
            if all(first for first, cell in zip(last, rest, strict=False) if cell):
                above.rows = above.rows[:-1] + (tuple(run_together([a, b]) for a, b in zip(last, rest, strict=False)),)
                below.rows = below.rows[:head] + below.rows[head + 1 :]
    return [[line for line in lines if line.text or line.rows] for lines in pages]


def _ninth_tenth(values, default):
    values = sorted(values)
    return values[int(len(values) * 0.9)] if values else default


def _block(lines, i):
    """True where line `i` stands in a block that is indented as a whole: three lines in a row begin at one place."""
    runs = (lines[max(i - 2, 0) : i + 1], lines[i - 1 : i + 2])
    return any(len(run) == 3 and max(one.x0 for one in run) - min(one.x0 for one in run) < run[0].size for run in runs)


def _note_mark(text):
    """A footnote's number in superscript, however it was drawn."""
    mark = NOTE_MARK.match(text)
    number = mark[1].strip("[]［］")
    if "①" <= number <= "⑳":
        number = str(ord(number) - ord("①") + 1)
    return number.translate(SUPERSCRIPT) + text[mark.end() :]


def _most(values, default):
    """The commonest value, the smallest of equals."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else default
