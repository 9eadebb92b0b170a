"""Which text does a PDF hold? Its characters in reading order, lines put together to paragraphs by where they stand.

pdfium does the reading (pypdfium2, Apache-2.0/BSD-3-Clause), in a process of its own with bounds of time and memory:
a damaged PDF can end that process, never the one that asked. Running headers and page numbers stay in the text as
lines of their own at the edges of their page (form feed); cleaning takes them out and says so.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from ..errors import PlanError
from . import Extract

MAX_PAGES = 1000
MAX_SECONDS = 18
MAX_MEMORY = 1_500_000_000  # bytes of address space
SPARSE = 15  # characters on a page of text, at the least on average; a scan has none
REMEDIES = {
    "library": ".pdf needs the Python package pypdfium2; install it (pip install pypdfium2)",
    "password": "encrypted; open it with its password and print it to a new PDF",
    "damaged": "damaged (no PDF that can be read); get the document again, or print it to a new PDF",
    "pages": f"more than {MAX_PAGES} pages; split the document",
    "scan": "no text layer (a scan); recognise its text (OCR, for example ocrmypdf -l chi_sim) and add the result",
    "garbled": "its text layer gives no characters (fonts without a character map); recognise its text (OCR)",
}


def read(data, where, encoding=""):
    """The text of a PDF as an `Extract`."""
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", "from libplans.formats.pdf import answer; answer()"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MAX_SECONDS, env=environment)
        found = json.loads(done.stdout.decode("utf-8")) if done.returncode == 0 else {"error": "damaged"}
    except subprocess.TimeoutExpired:
        raise PlanError(f"{where}: not read after {MAX_SECONDS} s; print it to a new PDF, or save it as text") from None
    except ValueError:
        found = {"error": "damaged"}
    if "error" in found:
        raise PlanError(f"{where}: {REMEDIES[found['error']]}")
    return Extract(found["text"], found["notes"], found["reader"])


def answer():
    """The child process: a PDF from standard input, JSON to standard output."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    except (ImportError, ValueError, OSError):
        pass
    try:
        import pypdfium2
    except ImportError:
        sys.stdout.write(json.dumps({"error": "library"}))
        return

    try:
        found = _document(pypdfium2, sys.stdin.buffer.read())
    except (pypdfium2.PdfiumError, MemoryError):
        found = {"error": "damaged"}
    sys.stdout.buffer.write(json.dumps(found).encode("utf-8"))
    sys.stdout.flush()


def _document(pypdfium2, data):
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        return {"error": "password" if "password" in str(error).lower() else "damaged"}
    if not count:
        return {"error": "damaged"}
    if count > MAX_PAGES:
        return {"error": "pages"}
    pages, turned, lost, without = [], 0, 0, []
    for i in range(count):
        try:
            lines, skipped, unread = _page(document[i])
        except pypdfium2.PdfiumError:
            lines, skipped, unread = [], 0, 0
        pages.append(lines)
        turned += skipped
        lost += unread
        if not lines:
            without.append(i + 1)
    text = "".join(line.text + "".join(map("".join, line.rows)) for lines in pages for line in lines)
    if len(text) < SPARSE * count and len(without) * 2 >= count or not text:
        return {"error": "scan"}
    unknown = len(re.findall("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]", text))
    if unknown * 5 > len(text) or lost > len(text):
        return {"error": "garbled"}
    notes = [f"{count} page{'s' * (count > 1)}"]
    if without:
        notes.append(f"no text on page {', '.join(map(str, without[:20]))}{' …' if len(without) > 20 else ''}")
    if turned:
        notes.append(f"{turned} turned characters left out (a watermark?)")
    if lost:
        notes.append(
            f"{lost} single characters or spaces of fonts that are not embedded were lost: compare with the original"
        )
    return {"text": page_texts(pages), "notes": notes, "reader": f"pypdfium2 {pypdfium2.PYPDFIUM_INFO}"}


def _page(page):
    """The lines and tables of a page from its top: list of `Line`, number of turned characters, of lost ones."""
    from .pdf_page import Line, page_chars, ruled_lines, table_rows, tables, text_lines, unread_objects

    turn = _turning(page)
    text_page = page.get_textpage()  # held while its characters are read
    chars, turned = page_chars(text_page.raw, turn)
    items = []
    grids = tables(*ruled_lines(page, turn)) if chars else []
    for grid in sorted(grids, key=lambda g: (g[0][-1] - g[0][0]) * (g[1][-1] - g[1][0]), reverse=True):
        xs, ys = grid[:2]
        inside = [
            c for c in chars if xs[0] <= (c.x0 + c.x1) / 2 <= xs[-1] and ys[0] <= c.base + 0.35 * c.size <= ys[-1]
        ]
        if inside and (rows := table_rows(grid, inside)) and any(len(row) > 1 for row in rows):
            taken = set(map(id, inside))
            chars = [c for c in chars if id(c) not in taken]
            items.append(Line(xs[0], xs[-1], ys[-1], 0.0, "", rows=tuple(rows)))
    items += text_lines(chars)
    return sorted(items, key=lambda line: -line.base), turned, unread_objects(page)


def _turning(page):
    """Maps a point of the page to the page as it is seen."""
    width, height = page.get_size()
    rotation = page.get_rotation() % 360

    def turn(x, y, vector=False):
        w, h = (0, 0) if vector else (width, height)
        return {90: (y, h - x), 180: (w - x, h - y), 270: (w - y, x)}.get(rotation, (x, y))

    return turn


def page_texts(pages):
    """The text of all pages: paragraphs apart by an empty line, a form feed opens each page."""
    measure = _Measure(pages)
    return "".join("\f" + "\n\n".join(measure.paragraphs(lines)) + "\n" for lines in pages)


class _Measure:
    """How the document is set: size of its type, distance of its lines, its margins."""

    def __init__(self, pages):
        lines = [line for page in pages for line in page if not line.rows]
        self.size = _most((line.size for line in lines for _ in line.text), 10.5)
        body = [
            [line for line in page if not line.rows and abs(line.size - self.size) <= 0.06 * self.size]
            for page in pages
        ]
        gaps = (
            round(a.base - b.base)
            for page in body
            for a, b in zip(page, page[1:], strict=False)
            if a.base - b.base > 0.8 * self.size
        )
        self.leading = _most(gaps, 1.6 * self.size)
        self.left = _most((round(line.x0) for page in body for line in page if len(line.text) > 15), 72)
        widths = sorted(line.x1 - line.x0 for page in body for line in page)
        self.width = widths[int(len(widths) * 0.9)] if widths else 400

    def margins(self, lines):
        """(left, right) of the text on a page."""
        starts = Counter(round(line.x0) for line in lines if not line.rows and len(line.text) > 15)
        best = max(starts.items(), key=lambda item: (item[1], -item[0]), default=(self.left, 0))
        left = best[0] if best[1] >= 3 else self.left
        return left, left + self.width

    def paragraphs(self, lines):
        """The paragraphs, headings and table rows of a page as texts; a paragraph that opens indented stays so."""
        left, right = self.margins(lines)
        notes = self._notes(lines)
        out, held = [], []
        for i, line in enumerate(lines):
            if line.rows:
                out += self._flush(held, left, right)
                out.append("\n".join("\t".join(row).rstrip("\t") for row in line.rows))
                continue
            if i in notes:
                line.text = _note_mark(line.text)
            if held and (i in notes or self._opens(lines, i, left, right)):
                out += self._flush(held, left, right)
            held.append(line)
        return out + self._flush(held, left, right)

    def _flush(self, held, left, right):
        from .pdf_page import run_together

        if not held:
            return []
        first = held[0]
        indented = 1.2 * first.size < first.x0 - left < 6 * first.size and not self._centred(first, left, right)
        text = ("\u3000\u3000" if indented else "") + run_together([line.text for line in held])
        held.clear()
        return [text]

    def _opens(self, lines, i, left, right):
        """Does line `i` open a paragraph of its own, rather than go on with the line above it?"""
        from ..layout import sentence_ended

        previous, line = lines[i - 1], lines[i]
        size = max(previous.size, line.size)
        gap = previous.base - line.base
        if previous.rows or abs(previous.size - line.size) > 0.06 * size:
            return True
        if gap > 1.45 * self.leading * max(1, size / self.size) or gap <= 0:
            return True
        if re.search(r"\t|[.．·…⋯]{3,}\s*\d{1,3}$", previous.text):
            return True
        centred = [self._centred(one, left, right) for one in (previous, line)]
        if all(centred):
            return not (size > 1.1 * self.size and previous.last_font == line.first_font)
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

    def _centred(self, line, left, right):
        middle = abs((line.x0 + line.x1) - (left + right)) / 2 < 1.2 * line.size
        return middle and line.x0 - left > 2.5 * line.size and right - line.x1 > 2.5 * line.size

    def _notes(self, lines):
        """Indices of the lines that open a footnote: small type with a number, at the foot of the page."""
        found, i = set(), len(lines) - 1
        while i >= 0 and (lines[i].size < 0.9 * self.size or len(lines[i].text) <= 8) and not lines[i].rows:
            if lines[i].size < 0.9 * self.size and NOTE_MARK.match(lines[i].text):
                found.add(i)
            i -= 1
        return found


def _block(lines, i):
    """True where line `i` stands in a block that is indented as a whole: three lines in a row begin at one place."""
    runs = (lines[max(i - 2, 0) : i + 1], lines[i - 1 : i + 2])
    return any(len(run) == 3 and max(one.x0 for one in run) - min(one.x0 for one in run) < run[0].size for run in runs)


NUMBERED = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、章节．.]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(\.\d{1,2})*[.．、 ]\D"
    r"|[①-⑳•●■◆]|——"
)
NOTE_MARK = re.compile(r"([⁰¹²³⁴-⁹]+|[①-⑳]|[\[［]?\d{1,2}[\]］]?)[\s.．、]*(?=[^\s\d.．、年月%])")


def _note_mark(text):
    """A footnote's number in superscript, however it was drawn."""
    from .pdf_page import SUPERSCRIPT

    mark = NOTE_MARK.match(text)
    number = mark[1].strip("[]［］")
    if "①" <= number <= "⑳":
        number = str(ord(number) - ord("①") + 1)
    return number.translate(SUPERSCRIPT) + text[mark.end() :]


def _most(values, default):
    """The commonest value, the smallest of equals."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else default
