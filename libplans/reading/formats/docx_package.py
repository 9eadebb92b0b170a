"""Which XML parts does a Word file hold? Each is read whole, within bounds, or refused in one line."""

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

from ...errors import PlanError

MAX_PART = 25_000_000  # bytes of one XML part when unpacked
MAX_RATIO = 300  # times smaller that a part may be packed (prose in XML: 5 to 30)
MAX_DEPTH = 100
OTHER_ZIPS = (
    ("xl/workbook.xml", "an Excel workbook", "save its tables in a document (.docx)"),
    ("ppt/presentation.xml", "a PowerPoint presentation", "save its text in a document (.docx)"),
    ("OFD.xml", "an OFD document", "save it as PDF or .docx"),
    ("content.xml", "an OpenDocument file", "open it in LibreOffice and save it as .docx"),
    ("META-INF/container.xml", "an e-book (EPUB)", "save it as HTML or .docx"),
)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    OverflowError,
)


def open_package(data, where):
    """The `Package` of a .docx from its bytes. Raises PlanError for any other kind of file."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = set(archive.namelist())
    except UNREADABLE:
        raise PlanError(f"{where}: damaged (the zip file inside cannot be read); get the document again") from None
    main = next((p for p in sorted(parts) if re.fullmatch(r"word/document\d*\.xml", p)), None)
    if main is None:
        for part, what, remedy in OTHER_ZIPS:
            if part in parts:
                raise PlanError(f"{where}: this is {what}, not .docx; {remedy}")
        raise PlanError(f"{where}: this is an archive, not .docx; unpack it and add the documents inside one by one")
    return Package(archive, parts, where, main)


class Package:
    """The XML parts of a .docx."""

    def __init__(self, archive, parts, where, main):
        self.archive, self.parts, self.where, self.main_name = archive, parts, where, main
        self.related = self._related()

    def main(self):
        """The root element of the document itself."""
        return self._read(self.main_name)

    def part(self, kind):
        """The root element of the part that the document relates to as `kind` (styles, footnotes …), or None."""
        names = self.related.get(kind, []) or [f"word/{kind}.xml"]
        return self._read(names[0]) if names[0] in self.parts else None

    def count(self, *kinds):
        """How many parts of these kinds hold text."""
        names = {name for kind in kinds for name in self.related.get(kind, []) if name in self.parts}
        return sum(any(named(e) == "t" and (e.text or "").strip() for e in self._read(name).iter()) for name in names)

    def _related(self):
        """Kind of part -> the names of its parts, from the document's relationships."""
        folder, name = posixpath.split(self.main_name)
        relations, found = f"{folder}/_rels/{name}.rels", {}
        for relation in self._read(relations) if relations in self.parts else ():
            if relation.get("TargetMode") != "External":
                target = relation.get("Target") or ""
                full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                found.setdefault((relation.get("Type") or "").rpartition("/")[2], []).append(full)
        return found

    def _read(self, name):
        try:
            info = self.archive.getinfo(name)
            if info.flag_bits & 1:
                raise PlanError(f"{self.where}: encrypted; save it without a password")
            with self.archive.open(info) as stream:
                data = stream.read(MAX_PART + 1)
        except UNREADABLE:
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


def named(element):
    """An element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element, name):
    """The first child of that name, or None."""
    return next((e for e in element if named(e) == name), None) if element is not None else None


def value(element, attribute="val"):
    """An attribute's value, whatever its namespace; "" where there is none."""
    if element is None:
        return ""
    return next((v for k, v in element.items() if k.rpartition("}")[2] == attribute), "")


def integer(text, default=0):
    """A whole number of at most six digits; `default` for anything else."""
    return int(text) if re.fullmatch(r"-?\d{1,6}", text or "") else default


def on(element):
    """True where a switch (w:b, w:vanish …) is there and not set off."""
    return element is not None and value(element) not in ("0", "false", "off")
