"""How does a document enter the register?

It is read and outlined first; then its bytes are stored in `data/raw/`, and last the register is rewritten. Each step
is whole or not at all, so that an interruption leaves the project as it was (at worst with one file in `data/raw/`
that no row names).
"""

import csv
import hashlib
import io
from pathlib import Path

from .corpus import read_plan
from .errors import PlanError
from .read import decode
from .register import check_row, find_register, read_register
from .tables import TABLES, write_whole

FORMATS = (".txt", ".md")


def add_document(file, plan, title, issuer, level, issued="", role="plan", data="data", **more):
    """Register the document `file` under the id `plan`; returns its row of the register (dict).

    `more` takes the other columns of the register (title_en, issuer_en, region, region_en, aliases, source, licence).
    Refused in one line: a file that cannot be read as text, an id that is taken, a file that is registered already,
    an unknown level or role, a malformed date.
    """
    path, register = Path(file), find_register(data)
    rows = read_register(register)
    content = _content(path)
    row = {**dict.fromkeys(TABLES["register"], ""), **{key: _one_line(value) for key, value in more.items()}}
    row.update(
        plan=plan,
        title=_one_line(title),
        issuer=_one_line(issuer),
        level=level,
        issued=issued,
        role=role,
        file=f"{plan}{path.suffix.lower()}",
        sha256=hashlib.sha256(content).hexdigest(),
        aliases=row["aliases"] or _one_line(issuer),
    )
    check_row(f"libplans add {path.name}", row)
    for other in rows:
        if other["plan"] == plan:
            raise PlanError(f"{path}: plan id {plan!r} is taken by {other['title']}; choose another --plan")
        if other["sha256"] == row["sha256"]:
            raise PlanError(f"{path}: the same file is registered already as plan {other['plan']!r}; nothing to add")
    reading = read_plan(row, decode(content, path))
    if not len(reading.stream):
        raise PlanError(f"{path}: no text was found in the file; nothing to add")
    write_whole(register.parent / row["file"], content)
    write_whole(register, register_bytes([*rows, row]))
    return row


def register_bytes(rows):
    """The register as CSV: UTF-8, LF, columns in their order."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(TABLES["register"]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _content(path):
    if path.suffix.lower() not in FORMATS:
        raise PlanError(
            f"{path}: {path.suffix or 'no ending'}: not a format that is read; save the document as UTF-8 text (.txt or .md)"
        )
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise PlanError(f"{path}: no such file") from None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read ({error.strerror})") from None


def _one_line(text):
    return " ".join(str(text).split())
