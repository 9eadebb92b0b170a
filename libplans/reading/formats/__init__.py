"""Which text does a document hold? HTML, DOCX and PDF in, plain text out: a paragraph a line, a table row a line.

The text is what all spans count in. A form feed opens each page (the whole, where there are no pages); paragraphs stand
apart by an empty line, the cells of a table row by tabs; a footnote opens with its number in superscript; a heading
that the document itself marks as one, without a number of its own, opens with `#`, as in markdown.
"""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from ...errors import PlanError
from ..read import DOCUMENTS, SIGNATURES, canonical, refuse_empty, refuse_unreadable, shown

READERS = {".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf"}


@dataclass
class Extract:
    """The text of a document, what was left out or is doubtful (one line each), and the library that read it."""

    text: str
    notes: list = field(default_factory=list)
    reader: str = ""


def extract_text(data, name):
    """The text of an HTML, DOCX or PDF document from its bytes; `name` tells the format by its ending.

    Raises PlanError in one line for a document that is encrypted, damaged, without text, or not what its ending says.
    """
    return extract(data, name).text


def extract(data, name, encoding=""):
    """As `extract_text`, with what there is to say about it: an `Extract`."""
    where, ending = shown(name), Path(name).suffix.lower()
    if ending not in DOCUMENTS:
        raise PlanError(f"{where}: {ending or 'no ending'}: not a format that is read; use {', '.join(DOCUMENTS)}")
    refuse_empty(data, where)
    _refuse_other(data, where, ending)
    try:
        reader = import_module(f".{READERS[ending]}", __name__)
    except ModuleNotFoundError as error:
        raise PlanError(
            f"{where}: {ending} needs the Python package {error.name}; install it (pip install {error.name})"
        ) from None
    found = reader.read(data, where, canonical(encoding))
    refuse_unreadable(found.text, where)
    return found


def _refuse_other(data, where, ending):
    """Raise PlanError where the first bytes say that this is another kind of file than its ending."""
    for signature, what, remedy in SIGNATURES:
        if data.startswith(signature):
            raise PlanError(f"{where}: this is {what}, not {ending}; {remedy}")
    head = data[:1024]
    if ending == ".pdf" and b"%PDF-" not in head:
        raise PlanError(f"{where}: this is no PDF (it does not open with %PDF-); add the document in its own format")
    if ending == ".docx" and not data.startswith(b"PK"):
        raise PlanError(
            f"{where}: this is no .docx (not a zip file); open it in Word or LibreOffice and save it as .docx"
        )
    if ending in (".html", ".htm") and (data.startswith(b"PK\x03\x04") or b"%PDF-" in head):
        raise PlanError(f"{where}: this is no HTML; give the file its own ending (.docx, .pdf) and add it again")
