"""Which text does a Word document hold? Paragraphs with their numbers, tables by rows, notes."""

import io
import re
import zipfile
import zlib

from lxml import etree

from ..errors import PlanError
from . import Extract
from .numbering import Numbering

MAX_PART = 25_000_000  # bytes of one XML part when unpacked
MAX_RATIO = 300  # times smaller that a part may be packed (prose in XML: 5 to 30)
MAX_DEPTH = 100
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SKIPPED = frozenset("pPr rPr sectPr instrText delText delInstrText Fallback rt".split())
OTHER_ZIPS = (
    ("xl/workbook.xml", "an Excel workbook", "save its tables in a document (.docx)"),
    ("ppt/presentation.xml", "a PowerPoint presentation", "save its text in a document (.docx)"),
    ("OFD.xml", "an OFD document", "save it as PDF or .docx"),
    ("content.xml", "an OpenDocument file", "open it in LibreOffice and save it as .docx"),
    ("META-INF/container.xml", "an e-book (EPUB)", "save it as HTML or .docx"),
)


def read(data, where, encoding=""):
    """The text of a .docx as an `Extract`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zlib.error, OverflowError):
        raise PlanError(f"{where}: damaged (the zip file inside cannot be read); get the document again") from None
    main = "word/document.xml"
    if main not in parts:
        main = next((p for p in sorted(parts) if re.fullmatch(r"word/document\d*\.xml", p)), None)
    if main is None:
        for part, what, remedy in OTHER_ZIPS:
            if part in parts:
                raise PlanError(f"{where}: this is {what}, not .docx; {remedy}")
        raise PlanError(f"{where}: this is an archive, not .docx; unpack it and add the documents inside one by one")
    package = _Package(archive, parts, where)
    document = package.part(main)
    body = next((e for e in document if _name(e) == "body"), None)
    if body is None:
        raise PlanError(f"{where}: damaged (no body in the document); get the document again")
    writer = _Writer(package)
    writer.blocks(body)
    writer.end_notes()
    return Extract(writer.text(), writer.notes(), "lxml " + ".".join(map(str, etree.LXML_VERSION[:3])))


class _Package:
    """The XML parts of a .docx, each read whole and within bounds."""

    def __init__(self, archive, parts, where):
        self.archive, self.parts, self.where = archive, parts, where

    def part(self, name):
        """The root element of a part; None where the package has no such part."""
        if name not in self.parts:
            return None
        try:
            info = self.archive.getinfo(name)
            if info.flag_bits & 1:
                raise PlanError(f"{self.where}: encrypted; save it without a password")
            with self.archive.open(info) as stream:
                data = stream.read(MAX_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            KeyError,
        ):
            raise PlanError(f"{self.where}: damaged ({name} cannot be unpacked); get the document again") from None
        if len(data) > MAX_PART or len(data) > max(1_000_000, MAX_RATIO * info.compress_size):
            raise PlanError(f"{self.where}: {name} unpacks to far more than a document holds; this is no plan")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise PlanError(f"{self.where}: damaged ({name} is not whole XML); get the document again") from None
        if root.getroottree().docinfo.doctype:
            raise PlanError(f"{self.where}: {name} has a document type, which Word never writes; not read")
        return root


def _name(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(element, name):
    return next((e for e in element if _name(e) == name), None) if element is not None else None


def _value(element, attribute="val"):
    if element is None:
        return ""
    return next((v for k, v in element.items() if k.rpartition("}")[2] == attribute), "")


def _int(text, default=0):
    return int(text) if re.fullmatch(r"-?\d{1,6}", text or "") else default


def _on(element):
    """True where a switch (w:b, w:vanish …) is there and not set off."""
    return element is not None and _value(element) not in ("0", "false", "off")


class _Styles:
    """Paragraph styles: the numbering and outline level that a style, or one that it rests on, gives."""

    def __init__(self, root):
        self.styles = {}
        for style in root if root is not None else ():
            if _name(style) == "style":
                properties = _child(style, "pPr")
                numbering = _child(properties, "numPr")
                self.styles[_value(style, "styleId")] = {
                    "based": _value(_child(style, "basedOn")),
                    "name": _value(_child(style, "name")).lower(),
                    "list": _value(_child(numbering, "numId")),
                    "level": _value(_child(numbering, "ilvl")),
                    "outline": _value(_child(properties, "outlineLvl")),
                }

    def get(self, style, key):
        seen = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            if self.styles[style][key]:
                return self.styles[style][key]
            style = self.styles[style]["based"]
        return ""

    def name(self, style):
        return self.styles.get(style, {}).get("name", "")


def _numbering(root):
    levels, numbers = {}, {}
    for element in root if root is not None else ():
        if _name(element) == "abstractNum":
            found = (_level(level) for level in element if _name(level) == "lvl")
            levels[_value(element, "abstractNumId")] = dict(found)
        elif _name(element) == "num":
            starts, own = {}, {}
            for override in element:
                if _name(override) == "lvlOverride":
                    level = _int(_value(override, "ilvl"))
                    if (start := _child(override, "startOverride")) is not None:
                        starts[level] = _int(_value(start), 1)
                    if (definition := _child(override, "lvl")) is not None:
                        own[level] = _level(definition)[1]
            numbers[_value(element, "numId")] = (_value(_child(element, "abstractNumId")), starts, own)
    return Numbering(levels, numbers)


def _level(level):
    restart = _value(_child(level, "lvlRestart"))
    return _int(_value(level, "ilvl")), (
        _value(_child(level, "numFmt")) or "decimal",
        _value(_child(level, "lvlText")),
        _int(_value(_child(level, "start")), 0 if _child(level, "start") is None else 1),
        _int(restart) if restart else None,
        _on(_child(level, "isLgl")),
    )


class _Writer:
    """Collects the paragraphs and table rows of a document in order."""

    def __init__(self, package):
        self.styles = _Styles(package.part("word/styles.xml"))
        self.numbering = _numbering(package.part("word/numbering.xml"))
        self.footnotes = self._note_texts(package.part("word/footnotes.xml"))
        self.endnotes = self._note_texts(package.part("word/endnotes.xml"))
        comments = package.part("word/comments.xml")
        self.left_out = {"comment": len(comments) if comments is not None else 0}
        self.parts, self.pending, self.boxes, self.order, self.due = [], [], [], {}, []

    @staticmethod
    def _note_texts(root):
        """Note id -> its paragraphs (elements)."""
        notes = {}
        for note in root if root is not None else ():
            if _name(note) in ("footnote", "endnote") and _value(note, "type") in ("", "normal"):
                notes[_value(note, "id")] = note
        return notes

    def blocks(self, parent, depth=0):
        """All paragraphs and tables in `parent`, in order."""
        for element in parent:
            name = _name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"):
                if depth < MAX_DEPTH:
                    self.blocks(element, depth + 1)
            elif name in ("del", "moveFrom"):
                self._struck(element)

    def _paragraph(self, paragraph):
        text = self._inline(paragraph)
        lines = [line.strip(" \t") for line in text.split("\n")]
        whole = "\n".join(line for line in lines if line)
        properties = _child(paragraph, "pPr")
        if whole.strip():
            marker = self._marker(properties)
            if not marker and len(whole) <= 70 and "\n" not in whole:
                marker = "#" * self._outline(properties)
            joined = marker and (marker[-1].isalnum() or marker[-1] in ".•#")
            self.parts += [marker + (" " if joined else "") + whole, "\n\n"]
        for box in self._taken("boxes"):
            self.left_out["text box"] = self.left_out.get("text box", 0) + 1
            self.blocks(box)
        self._due_notes()

    def _taken(self, name):
        found = getattr(self, name)
        setattr(self, name, [])
        return found

    def _due_notes(self):
        """Footnotes stand behind the paragraph that calls them, each in a line of its own."""
        for number, note in self._taken("due"):
            self._note(number, note)

    def _note(self, number, note):
        texts = [self._inline(p).strip() for p in note.iter() if _name(p) == "p"]
        text = " ".join(filter(None, texts)).replace("\n", " ")
        if text:
            self.parts += [f"{str(number).translate(SUPERSCRIPT)}{text}", "\n\n"]

    def end_notes(self):
        """The endnotes, in the order of their calls."""
        for (kind, name), number in self.order.items():
            if kind == "endnote" and name in self.endnotes:
                self._note(number, self.endnotes[name])

    def _style(self, properties):
        return _value(_child(properties, "pStyle"))

    def _marker(self, properties):
        numbering = _child(properties, "numPr")
        style = self._style(properties)
        number = _value(_child(numbering, "numId")) or self.styles.get(style, "list")
        level = _value(_child(numbering, "ilvl")) or self.styles.get(style, "level")
        return self.numbering.marker(number, _int(level)) if number and number != "0" else ""

    def _outline(self, properties):
        """Rank of a heading by its outline level or style, 1 to 6; 0 for a paragraph."""
        level = _value(_child(properties, "outlineLvl")) or self.styles.get(self._style(properties), "outline")
        if level:
            return _int(level, 9) + 1 if _int(level, 9) < 6 else 0
        match = re.fullmatch(r"(?:heading|标题) ?([1-6])", self.styles.name(self._style(properties)))
        return int(match[1]) if match else 0

    def _inline(self, parent, depth=0):
        """The text of runs, with what is struck out left out; text boxes are put aside for after the paragraph."""
        out = []
        for element in parent:
            name = _name(element)
            if name == "t":
                out.append(re.sub(r"[\r\n]+", " ", element.text or ""))
            elif name in ("tab", "ptab"):
                out.append(" \t")
            elif name in ("br", "cr"):
                out.append("\n")
            elif name == "noBreakHyphen":
                out.append("-")
            elif name == "sym":
                out.append(_symbol(element))
            elif name in ("footnoteReference", "endnoteReference"):
                out.append(self._call(name[:-9], _value(element, "id")))
            elif name in ("del", "moveFrom"):
                self._struck(element)
            elif name == "txbxContent":
                self.boxes.append(element)
            elif name in SKIPPED:
                continue
            elif name == "r" and _on(_child(_child(element, "rPr"), "vanish")):
                self.left_out["hidden run"] = self.left_out.get("hidden run", 0) + 1
            elif name == "r" and _value(_child(_child(element, "rPr"), "vertAlign")) == "superscript":
                out.append(_superscript(self._inline(element, depth + 1)))
            elif depth < MAX_DEPTH:
                out.append(self._inline(element, depth + 1))
        text = "".join(out)
        return text if depth else _tabs(text)

    def _call(self, kind, name):
        notes = self.footnotes if kind == "footnote" else self.endnotes
        if name not in notes:
            return ""
        if (kind, name) not in self.order:
            self.order[kind, name] = len(self.order) + 1
            if kind == "footnote":
                self.due.append((self.order[kind, name], notes[name]))
        return str(self.order[kind, name]).translate(SUPERSCRIPT)

    def _struck(self, element):
        if any(_name(e) in ("delText", "t") and e.text for e in element.iter()):
            self.left_out["tracked deletion"] = self.left_out.get("tracked deletion", 0) + 1

    def _table(self, table):
        boxed = _boxed_prose(table)
        if boxed is not None:
            self.blocks(boxed)
            return
        rows = []
        for row in _rows(table):
            cells = [""] * _int(_value(_child(_child(row, "trPr"), "gridBefore")))
            if _child(_child(row, "trPr"), "del") is not None:
                self._struck(row)
                continue
            for cell in _cells(row):
                properties = _child(cell, "tcPr")
                merge = _child(properties, "vMerge")
                hidden = merge is not None and _value(merge) != "restart"
                cells.append("" if hidden else self._cell(cell))
                cells += [""] * (min(_int(_value(_child(properties, "gridSpan")), 1), 60) - 1)
            rows.append("\t".join(cells).rstrip("\t"))
        self.parts += [part for row in rows if row.strip() for part in (row, "\n")]
        if self.parts:
            self.parts[-1] = "\n\n"
        for box in self._taken("boxes"):
            self.left_out["text box"] = self.left_out.get("text box", 0) + 1
            self.blocks(box)
        self._due_notes()

    def _cell(self, cell):
        """A cell in one line; a table inside it is read cell by cell into the same line."""
        texts = []
        for paragraph in cell.iter():
            if _name(paragraph) == "p":
                lines = self._inline(paragraph).replace("\t", " ").split("\n")
                text = _run_together(filter(None, map(str.strip, lines)))
                marker = self._marker(_child(paragraph, "pPr")) if text else ""
                texts.append(marker + text)
        return _run_together(filter(None, texts))

    def notes(self):
        told = {"text box": "read as paragraphs"}
        return [
            f"{count} {what}{'' if count == 1 else 'es' if what.endswith('x') else 's'} {told.get(what, 'left out')}"
            for what, count in sorted(self.left_out.items())
            if count
        ]

    def text(self):
        return "\f" + "".join(self.parts).strip("\n") + "\n"


def _rows(table):
    for element in table:
        if _name(element) == "tr":
            yield element
        elif _name(element) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(element)


def _cells(row):
    for element in row:
        if _name(element) == "tc":
            yield element
        elif _name(element) in ("sdt", "sdtContent", "customXml"):
            yield from _cells(element)


def _boxed_prose(table):
    """The one cell of a table that only draws a frame around paragraphs (专栏); None for a table of cells."""
    rows = list(_rows(table))
    cells = [cell for row in rows for cell in _cells(row)]
    if len(cells) == 1 and sum(_name(e) in ("p", "tbl") for e in cells[0]) > 1:
        return cells[0]
    return None


def _run_together(texts):
    """Paragraphs of a cell in one line: nothing between Han characters, a space elsewhere."""
    out = ""
    for text in texts:
        out += (" " if out and out[-1].isascii() and text[0].isascii() else "") + text
    return out


def _tabs(text):
    """Tabs as spaces, but before a page number at the end, where they mark a table of contents."""
    head, tab, tail = text.rpartition("\t")
    keep = tab and re.fullmatch(r"\s*[-—(（]?\s*(\d{1,3}|[ivxIVX]{1,6})\s*[-—)）]?\s*", tail)
    return (head.replace(" \t", " ").rstrip() + "\t" + tail.strip()) if keep else text.replace(" \t", " ")


def _superscript(text):
    return text.strip("[]〔〕").translate(SUPERSCRIPT) if re.fullmatch(r"[\[〔]?\d{1,3}[\]〕]?", text) else text


def _symbol(element):
    code = _value(element, "char")
    value = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{2,5}", code) else 0
    return chr(value) if 0x20 <= value < 0xD800 else ("•" if value else "")
