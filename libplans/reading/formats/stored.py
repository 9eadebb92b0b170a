"""Where does the extracted text of a document stay, so that spans keep their meaning?

For a document in `data/raw/` its text lies in `data/processed/text/<name>.txt`; `texts.csv` beside it holds, for each
text, the SHA-256 of the document it came from and of the text, the library that read it, and what was left out. A later
version of that library may read a document a little otherwise; the stored text is what counts. A stored text that was
changed is refused; one that is missing is extracted again and must come out the same.
"""

import csv
import hashlib
import io
from pathlib import Path

from ...errors import PlanError
from ..read import named_encoding, shown
from . import Extract, extract

COLUMNS = ("text", "sha256", "file", "file_sha256", "reader", "notes")


def document_text(data, name, encoding=""):
    """The text of a document: the stored one where it lies in a project's `data/raw/`, else extracted."""
    return document(data, name, encoding).text


def document(data, name, encoding=""):
    """As `document_text`, as an `Extract` with its notes."""
    path = Path(name)
    folder = text_folder(path)
    encoding = encoding or named_encoding(path)
    if folder is None:
        return extract(data, name, encoding)
    row = _records(folder).get(text_name(path))
    target = folder / text_name(path)
    if row and row["file_sha256"] == _digest(data) and target.is_file():
        stored = target.read_bytes()
        if _digest(stored) != row["sha256"]:
            raise PlanError(
                f"{shown(target)}: changed since it was extracted from {shown(path.name)} (SHA-256); "
                "put it back, or delete it to have it extracted again"
            )
        return Extract(stored.decode("utf-8"), row["notes"].split("; ") if row["notes"] else [], row["reader"])
    found = extract(data, name, encoding)
    if row and row["file_sha256"] == _digest(data) and row["sha256"] != _digest(found.text.encode("utf-8")):
        raise PlanError(
            f"{shown(target)}: missing, and {found.reader} reads {shown(path.name)} otherwise than {row['reader']}; "
            f"put the text back, or take its line out of {shown(folder / 'texts.csv')}"
        )
    _store(folder, path, data, found)
    return found


def text_folder(path):
    """The folder of stored texts for a document that lies in a project's `data/raw/`, None for any other file."""
    path = Path(path)
    inside = path.parent.name == "raw" and (path.parent / "plans.csv").is_file()
    return path.parent.parent / "processed" / "text" if inside else None


def text_name(path):
    """The name of a document's stored text: plan id and .txt."""
    return Path(path).name.split(".")[0] + ".txt"


def stored_files(folder, path, data, found):
    """What storing a text writes: dict of path -> bytes (the text, and the records with its row)."""
    text = found.text.encode("utf-8")
    rows = _records(folder)
    rows[text_name(path)] = {
        "text": text_name(path),
        "sha256": _digest(text),
        "file": Path(path).name,
        "file_sha256": _digest(data),
        "reader": found.reader,
        "notes": "; ".join(found.notes),
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[name] for name in sorted(rows))
    return {folder / text_name(path): text, folder / "texts.csv": out.getvalue().encode("utf-8")}


def _store(folder, path, data, found):
    from ...tables import write_whole

    for target, content in stored_files(folder, path, data, found).items():
        write_whole(target, content)


def _records(folder):
    path = folder / "texts.csv"
    if not path.is_file():
        return {}
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
        return {row["text"]: {column: row[column] or "" for column in COLUMNS} for row in rows}
    except (UnicodeDecodeError, csv.Error, KeyError, TypeError):
        raise PlanError(f"{shown(path)}: damaged; restore it from the repository, or delete it") from None


def _digest(data):
    return hashlib.sha256(data).hexdigest()
