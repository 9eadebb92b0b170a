"""Which text does a PDF hold? Its characters in reading order, lines put together to paragraphs by where they stand.

pdfium does the reading (pypdfium2, Apache-2.0/BSD-3-Clause), in a process of its own with bounds of time and memory:
a damaged PDF can end that process, never the one that asked. Running headers and page numbers stay in the text as
lines of their own at the edges of their page (form feed); cleaning takes them out and says so.
"""

import ctypes
import gc
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from ...errors import PlanError
from . import Extract

MAX_PAGES = 1000
MAX_SECONDS = 15  # of processor time
MAX_WAIT = 45  # seconds by the clock: a busy machine gives a process a part of its time
MAX_MEMORY = 1_000_000_000  # bytes of address space
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
    package = str(Path(__file__).resolve().parents[3])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", "from libplans.reading.formats.pdf import answer; answer()"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MAX_WAIT, env=environment)
        found = json.loads(done.stdout.decode("utf-8")) if done.returncode == 0 else {"error": "damaged"}
        late = done.returncode == -getattr(signal, "SIGXCPU", 0) != 0
    except subprocess.TimeoutExpired:
        late = True
    except ValueError:
        found = {"error": "damaged"}
    if late:
        raise PlanError(f"{where}: not read after {MAX_SECONDS} s; print it to a new PDF, or save it as text")
    if "error" in found:
        raise PlanError(f"{where}: {REMEDIES[found['error']]}")
    return Extract(found["text"], found["notes"], found["reader"])


def answer():
    """The child process: a PDF from standard input, JSON to standard output."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS + 1))
    except (ImportError, ValueError, OSError):
        pass
    try:
        import pypdfium2
    except ImportError:
        sys.stdout.write(json.dumps({"error": "library"}))
        return

    gc.disable()  # a short life without cycles
    _use_bundled_font(pypdfium2.raw)
    try:
        found = _document(pypdfium2, sys.stdin.buffer.read())
    except (pypdfium2.PdfiumError, MemoryError):
        found = {"error": "damaged"}
    sys.stdout.buffer.write(json.dumps(found).encode("utf-8"))
    sys.stdout.flush()


def _use_bundled_font(pdfium):
    """Let PDFium take the bundled font, and no other, for fonts that a document does not embed.

    It drops a text of one character for which it finds no shape, so what is read would depend on the fonts of the
    machine, and on one without Chinese fonts the last character of a paragraph would be lost.
    """
    folder = os.fsencode(Path(__file__).resolve().parents[2] / "fonts")
    paths = (ctypes.POINTER(ctypes.c_char) * 2)(ctypes.create_string_buffer(folder), None)
    config = pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths)
    pdfium.FPDF_DestroyLibrary()
    pdfium.FPDF_InitLibraryWithConfig(config)
    _use_bundled_font.kept = folder, paths, config  # PDFium keeps the addresses


def _document(pypdfium2, data):
    from .pdf_page import Page, read_page
    from .pdf_paragraphs import page_texts, watermarks

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        return {"error": "password" if "password" in str(error).lower() else "damaged"}
    if not count:
        return {"error": "damaged"}
    if count > MAX_PAGES:
        return {"error": "pages"}
    pages = []
    for i in range(count):
        try:
            pages.append(read_page(document[i]))
        except pypdfium2.PdfiumError:
            pages.append(Page())
    text = "".join(line.text + "".join(map("".join, line.rows)) for page in pages for line in page.lines)
    without = sum(not page.lines for page in pages)
    if len(text) < SPARSE * count and without * 2 >= count or not text:
        return {"error": "scan"}
    unknown = len(re.findall("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]", text))
    if unknown * 5 > len(text) or sum(page.lost for page in pages) > len(text):
        return {"error": "garbled"}
    notes = [f"{count} page{'s' * (count > 1)}", *_notes(pages)]
    marks = watermarks([page.lines for page in pages])
    lines = [[line for line in page.lines if not any(line is mark for mark in marks)] for page in pages]
    if marks:
        shown = ", ".join(sorted({f"“{mark.text[:30]}”" for mark in marks})[:5])
        notes.append(f"large type at one place of {len(marks)} pages left out (a watermark?): {shown}")
    return {"text": page_texts(lines), "notes": notes, "reader": f"pypdfium2 {pypdfium2.PYPDFIUM_INFO}"}


def _notes(pages):
    """What there is to say about pages: one line each."""

    def listed(wanted):
        numbers = [number for number, page in enumerate(pages, 1) if wanted(page)]
        return f"page {', '.join(map(str, numbers[:20]))}{' …' * (len(numbers) > 20)}" if numbers else ""

    if where := listed(lambda page: not page.lines):
        yield f"no text on {where}"
    if where := listed(lambda page: page.invisible):
        yield f"{where}: invisible text behind a picture, made by character recognition; compare with the picture"
    if where := listed(lambda page: page.vertical):
        yield f"{where}: set in vertical lines, read from right to left; compare with the original"
    if marks := Counter(page.left_out for page in pages if page.left_out):
        shown = ", ".join(f"“{mark[:30]}”" + f" ×{times}" * (times > 1) for mark, times in sorted(marks.items())[:5])
        yield f"turned text left out (a watermark?): {shown}{' …' * (len(marks) > 5)}"
    if count := sum(page.hidden for page in pages):
        yield f"{count} invisible characters beside visible ones left out"
    if count := sum(page.outside for page in pages):
        yield f"{count} characters off the edge of the page left out"
    if count := sum(page.lost for page in pages):
        yield f"{count} single characters or spaces of fonts that are not embedded were lost: compare with the original"
