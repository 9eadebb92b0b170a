"""Which text does a Word document hold? Paragraphs with their numbers, tables by rows, notes."""

import re

from lxml import etree

from ...errors import PlanError
from . import Extract
from .docx_inline import Inline
from .docx_package import MAX_DEPTH, child, integer, named, open_package, value
from .docx_styles import Styles, read_numbering

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
HOLDERS = frozenset("sdt sdtContent ins moveTo customXml smartTag AlternateContent Choice Fallback".split())
LONGEST_HEADING = 70
PLURALS = {"text box": "text boxes", "header or footer": "headers and footers"}
TOLD = {"text box": "read as paragraphs", "picture": "left out, with any text in them"}


def read(data, where, encoding=""):
    """The text of a .docx as an `Extract`."""
    package = open_package(data, where)
    document = package.main()
    body = next((element for element in document if named(element) == "body"), None)
    if body is None:
        raise PlanError(f"{where}: damaged (no body in the document); get the document again")
    writer = _Writer(package)
    writer.blocks(body)
    writer.finish()
    if writer.inline.left_out.get("embedded file") and not "".join(writer.parts).strip():
        raise PlanError(f"{where}: its text is an embedded file; open it in Word and save it again as .docx")
    return Extract(writer.text(), writer.notes(), "lxml " + ".".join(map(str, etree.LXML_VERSION[:3])))


class _Writer:
    """Collects the paragraphs and table rows of a document in order."""

    def __init__(self, package):
        self.styles = Styles(package.part("styles"))
        self.numbering = read_numbering(package.part("numbering"), self.styles)
        self.inline = Inline(package, self.styles)
        self.parts, self.joined = [], ""

    def blocks(self, parent, depth=0):
        """All paragraphs and tables in `parent`, in order."""
        for element in parent:
            name = named(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element, depth)
            elif name == "AlternateContent":
                self.blocks(self.inline.alternative(element), depth + 1)
            elif name in HOLDERS:
                if depth < MAX_DEPTH:
                    self.blocks(element, depth + 1)
            elif name in ("del", "moveFrom"):
                self.inline.strike(element)
            elif name == "altChunk":
                self.inline.leave_out("embedded file")

    def _paragraph(self, paragraph):
        properties = child(paragraph, "pPr")
        text = self.inline.text(paragraph, contents=self.styles.is_contents(properties))
        if child(child(properties, "rPr"), "del") is not None:  # its mark is struck out: it runs on into the next
            self.joined += text.rstrip()
            self.inline.leave_out("tracked deletion")
            return
        text, self.joined = self.joined + text, ""
        marker = self._marker(properties)
        whole = "\n".join(filter(None, (line.strip(" \t") for line in text.split("\n"))))
        if whole.strip():
            self.parts += [self._headed(properties, marker, whole), "\n\n"]
        self._put_aside()

    def _headed(self, properties, marker, whole):
        """A paragraph with its number, or with `#` where its style makes it a heading that no number shows."""
        rank = self.styles.outline(properties)
        one_line = run_together(whole.split("\n"))
        if len(one_line) > LONGEST_HEADING or (not rank and not marker):
            rank = 0
        elif rank:
            whole = one_line
        if rank and not re.search(r"[^\w.]", marker) and not re.match("第.", marker):
            marker = f"{'#' * rank} {marker}".strip()
        return marker + (" " if marker and (marker[-1].isalnum() or marker[-1] in ".•#") else "") + whole

    def _marker(self, properties):
        number, level = self.styles.list_of(properties)
        return self.numbering.marker(number, level) if number else ""

    def _put_aside(self):
        """What hangs on a paragraph: its text boxes, then its footnotes, each in a line of its own."""
        for box in self.inline.taken("boxes"):
            self.inline.leave_out("text box")
            self.blocks(box)
        for number, note in self.inline.taken("due"):
            self._note(number, note)

    def _note(self, number, note):
        texts = [self.inline.text(p).strip() for p in _paragraphs(note)]
        text = " ".join(filter(None, texts)).replace("\n", " ")
        if text:
            self.parts += [f"{str(number).translate(SUPERSCRIPT)}{text}", "\n\n"]

    def finish(self):
        """What is left: text before a struck paragraph mark at the very end, and the endnotes in the order of calls."""
        if self.joined:
            self.parts += [self.joined, "\n\n"]
        for number, note in self.inline.endnotes_called():
            self._note(number, note)

    def _table(self, table, depth):
        """A table by rows; one that only frames paragraphs (专栏: one column) is read as these paragraphs."""
        rows = [row for row in _rows(table) if not self._struck_row(row)]
        cells = [list(_cells(row)) for row in rows]
        if depth < MAX_DEPTH and _frames_prose(cells):
            for row in cells:
                for cell in row:
                    self.blocks(cell, depth + 1)
            return
        nested, written = [], False
        for row, inside in zip(rows, cells, strict=True):
            line = self._row(row, inside, nested)
            if line.strip():
                self.parts += [line, "\n"]
                written = True
            for inner in nested:
                written = bool(self._nested(inner, depth + 1)) or written
            nested.clear()
        if written:
            self.parts[-1] = "\n\n"
        self._put_aside()

    def _nested(self, table, depth):
        """The rows of a table that stands in a cell, behind the row that it stands in. True where there were any."""
        before = len(self.parts)
        if depth < MAX_DEPTH:
            self._table(table, depth)
        if len(self.parts) > before:
            self.parts[-1] = "\n"
        return len(self.parts) > before

    def _row(self, row, inside, nested):
        line = [""] * min(integer(value(child(child(row, "trPr"), "gridBefore"))), 60)
        for cell in inside:
            properties = child(cell, "tcPr")
            merges = [child(properties, name) for name in ("vMerge", "hMerge")]
            hidden = any(merge is not None and value(merge) != "restart" for merge in merges)
            line.append("" if hidden or child(properties, "cellDel") is not None else self._cell(cell, nested))
            line += [""] * (min(integer(value(child(properties, "gridSpan")), 1), 60) - 1)
        return "\t".join(line).rstrip("\t")

    def _struck_row(self, row):
        struck = child(child(row, "trPr"), "del") is not None
        if struck:
            self.inline.strike(row)
        return struck

    def _cell(self, cell, nested):
        """The paragraphs of a cell in one line; tables inside it are put into `nested`."""
        texts = []
        for paragraph in _paragraphs(cell, nested):
            lines = self.inline.text(paragraph).replace("\t", " ").split("\n")
            marker = self._marker(child(paragraph, "pPr"))
            if text := run_together(lines):
                texts.append(marker + (" " if marker and marker[-1] in ".•" else "") + text)
        return _apart(texts)

    def notes(self):
        """What was left out, or read in another place than it stands, one line each."""
        lines = []
        for what, count in sorted(self.inline.left_out.items()):
            name = what if count == 1 else PLURALS.get(what, what + "s")
            lines.append(f"{count} {name} {TOLD.get(what, 'left out')}")
        return lines

    def text(self):
        return "\f" + "".join(self.parts).strip("\n") + "\n"


def _rows(table):
    for element in table:
        if named(element) == "tr":
            yield element
        elif named(element) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(element)


def _cells(row):
    for element in row:
        if named(element) == "tc":
            yield element
        elif named(element) in ("sdt", "sdtContent", "customXml"):
            yield from _cells(element)


def _paragraphs(parent, nested=None, depth=0):
    """The paragraphs of a cell or note in order; the tables between them are added to `nested`."""
    for element in parent:
        name = named(element)
        if name == "p":
            yield element
        elif name == "tbl" and nested is not None:
            nested.append(element)
        elif (name in HOLDERS or name == "tbl") and depth < MAX_DEPTH:
            yield from _paragraphs(element, nested, depth + 1)
        elif name in ("tr", "tc") and nested is None and depth < MAX_DEPTH:
            yield from _paragraphs(element, nested, depth + 1)


def _frames_prose(cells):
    """True for a table that only draws a frame around paragraphs: one column, several paragraphs in a cell."""
    held = [sum(named(element) in ("p", "tbl") for element in cell) for row in cells for cell in row]
    return all(len(row) <= 1 for row in cells) and any(count > 1 for count in held)


def run_together(lines):
    """Lines of one paragraph in one line: nothing between Han characters, a space elsewhere."""
    out = ""
    for line in filter(None, map(str.strip, lines)):
        out += (" " if out and out[-1].isascii() and line[0].isascii() else "") + line
    return out


def _apart(texts):
    """Paragraphs of a cell in one line: a space between two of which the first closes with no punctuation."""
    out = ""
    for text in texts:
        out += (" " if out and (out[-1].isalnum() or out[-1].isascii()) else "") + text
    return out
