"""How does a document enter the register?

It is read and outlined first, and what is doubtful about it is shown. Then its files are written beside their places,
moved there, and last the register is replaced: an interruption at any moment leaves the project as it was (at worst
with files that no row names, which the next `add` takes over or clears away), or with the plan whole.
"""

import csv
import hashlib
import io
import os
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from ..corpus import Corpus, read_plan
from ..errors import PlanError
from ..runs.lock import alone
from ..tables import TABLES
from .quality import describe_quality
from .read import DOCUMENTS, FORMATS, SIGNATURES, decode_text, read_bytes, shown
from .register import check_row, find_register, read_register, to_cell

MAX_PLAN, MAX_PLAN_LINES = 1_000_000, 100_000  # characters and lines of one document of a register
LONGEST_VALUE = 2_000  # characters of a title or another column of the register
STAGE = ".adding-"  # folder in data/raw/ where files wait until all are whole


@dataclass
class Candidate:
    """A document that was read and may be registered."""

    path: Path
    register: Path
    row: dict
    content: bytes
    corpus: Corpus
    notes: list = field(default_factory=list)
    extract: object = None  # of a document whose text was extracted: a `formats.Extract`

    def report(self):
        """The quality report of the document, as text."""
        return describe_quality(self.corpus, self.notes)


def add_document(file, plan, title, issuer, level, issued="", role="plan", data="data", encoding="", **more):
    """Register the document `file` under the id `plan`; returns its row of the register (dict).

    `more` takes the other columns of the register (title_en, issuer_en, region, region_en, aliases, source, licence).
    Refused in one line: a file that cannot be read, an id that is taken, a file that is registered already, an unknown
    level or role, a malformed date. `encoding` is needed only for a text that could be read in more than one.
    """
    return register_document(read_document(file, plan, title, issuer, level, issued, role, data, encoding, **more))


def read_document(file, plan, title, issuer, level, issued="", role="plan", data="data", encoding="", **more):
    """As `add_document`, but nothing is written: the document as a `Candidate`, with its quality report."""
    path, register = Path(file), find_register(data)
    rows = _registered(register)
    content = read_bytes(path)
    more = {key: _one_line(value, key) for key, value in more.items()}
    row = {**dict.fromkeys(TABLES["register"], ""), **more}
    row.update(plan=plan, title=_one_line(title, "title"), issuer=_one_line(issuer, "issuer"), level=level, role=role)
    row.update(issued=issued, sha256=hashlib.sha256(content).hexdigest(), aliases=row["aliases"] or row["issuer"])
    for column in ("title", "issuer"):
        if not row[column]:
            raise PlanError(f"libplans add {shown(path.name)}: {column} is empty; give --{column}")
    row["file"] = "?"
    check_row(f"libplans add {shown(path.name)}", row)
    _refuse_known(path, row, rows)
    raw, notes, name, extract = _raw_text(content, path, plan, encoding)
    _refuse_long(raw, path)
    row["file"] = name
    target = register.parent / name
    if target.exists():
        _refuse_other_file(target, content)
    corpus = Corpus([read_plan(row, raw)])
    if not len(corpus.stream(plan)):
        raise PlanError(f"{shown(path)}: no text was found in the file; nothing to add")
    return Candidate(path, register, row, content, corpus, notes, extract)


def _registered(register):
    """The rows of a register; none where it holds its first line only."""
    empty = len(register.read_bytes().split()) <= 1
    return [] if empty else read_register(register)


def _refuse_known(path, row, rows):
    for other in rows:
        if other["plan"] == row["plan"]:
            raise PlanError(
                f"{shown(path)}: plan id {row['plan']!r} is taken by {other['title']}; choose another --plan"
            )
        if other["sha256"] == row["sha256"]:
            raise PlanError(
                f"{shown(path)}: the same file is registered already as plan {other['plan']!r}; nothing to add"
            )


def _refuse_other_file(target, content):
    if target.read_bytes() != content:
        raise PlanError(
            f"{shown(target)}: a file that no row of the register names is in the way; move it, or use another --plan"
        )


def _refuse_long(raw, path):
    sizes = (len(raw), "characters", MAX_PLAN), (len(raw.splitlines()), "lines", MAX_PLAN_LINES)
    for size, unit, most in sizes:
        if size > most:
            raise PlanError(
                f"{shown(path)}: {size:,} {unit}; a document of the register has no more than {most:,}; "
                "split the document (`libplans reuse` and `libplans indicators` take longer ones)"
            )


def _raw_text(content, path, plan, encoding):
    """(raw text, notes, name of the file in data/raw/, Extract or None) of a document.

    The name of a text that is not UTF-8 states its encoding (plan.gb18030.txt): it is read so at every load.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        for signature, what, remedy in SIGNATURES:
            if content.startswith(signature):
                raise PlanError(f"{shown(path)}: this is {what}; {remedy}")
        if ending == ".doc":
            raise PlanError(
                f"{shown(path)}: an old Word file (.doc); open it in Word, WPS or LibreOffice and save it as .docx"
            )
        raise PlanError(
            f"{shown(path)}: {shown(ending) or 'no ending'}: not a format that is read; "
            f"save the document as one of {', '.join(FORMATS)}"
        )
    if ending in DOCUMENTS:
        from .formats import extract

        found = extract(content, path, encoding)
        forced = f".{encoding.lower()}" if encoding and ending in (".html", ".htm") else ""
        return found.text, [f"{found.reader}", *found.notes], f"{plan}{forced}{ending}", found
    text, found = decode_text(content, path, encoding)
    name = f"{plan}{ending}" if found == "utf-8" else f"{plan}.{found}{ending}"
    return text, [f"encoding {found}"], name, None


def _stored(target, content, extract):
    """The files that keep the extracted text of a document (path -> bytes); none for a plain text."""
    if extract is None:
        return {}
    from .formats.stored import stored_files, text_folder

    folder = text_folder(target) or target.parent.parent / "processed" / "text"
    return stored_files(folder, target, content, extract)


def register_document(candidate):
    """Write a document that was read into the project and its register; returns its row."""
    register, row = candidate.register, candidate.row
    raw = register.parent
    with alone(raw):
        before = register.read_bytes()
        _refuse_known(candidate.path, row, _registered(register))
        for left in raw.glob(f"{STAGE}*"):
            shutil.rmtree(left, ignore_errors=True)
        target = raw / row["file"]
        stored = _stored(target, candidate.content, candidate.extract)
        targets = {target: candidate.content, **stored, register: with_row(before, row)}
        if target.exists():
            _refuse_other_file(target, candidate.content)
            del targets[target]
        stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=raw))
        try:
            _write_all(stage, targets)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return row


def _write_all(stage, targets):
    """Write all files whole into `stage`, then move each to its place, in order: the register comes last."""
    waiting = []
    for number, (target, content) in enumerate(targets.items()):
        try:
            with open(stage / str(number), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(target)) from None  # the file meant, not the staged one
        os.chmod(stage / str(number), 0o644)
        waiting.append((stage / str(number), target))
    for staged, target in waiting:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staged, target)


def with_row(register, row):
    """The bytes of a register with one row more at its end; what stands in it stays as it is."""
    text = register.decode("utf-8-sig")
    columns = next(csv.reader(text.splitlines()))
    end = "\r\n" if "\r\n" in text else "\n"
    out = io.StringIO()
    csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator=end).writerow(
        {column: to_cell(value) for column, value in row.items()}
    )
    return register + (b"" if text.endswith(("\n", "\r")) else end.encode()) + out.getvalue().encode("utf-8")


def _one_line(text, name):
    """A value for the register: one line, without characters that cannot be seen."""
    text = str(text)
    if re.search("[\ud800-\udfff]", text):
        raise PlanError(f"libplans add: {name} {shown(text)!r}: not valid UTF-8; type it again in a UTF-8 terminal")
    if len(text) > LONGEST_VALUE:
        raise PlanError(f"libplans add: {name}: {len(text):,} characters; give it in {LONGEST_VALUE:,} or fewer")
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())
