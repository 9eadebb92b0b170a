"""Which plans are there, and are their files what they were?

The register `plans.csv` lies beside the raw files and names each plan with its file and the file's SHA-256. It is
checked at every load.
"""

import csv
import hashlib
import re
from pathlib import Path

from ..errors import PlanError
from ..tables import TABLES

LEVELS = ("national", "province", "city", "county")
ROLES = ("plan", "reference")
PLAN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
FORMULA = re.compile("'*[=+@-]")
ISSUED = re.compile(r"(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?")


def find_register(folder):
    """The path of `plans.csv` for a data folder, its `raw` folder or the project folder above it."""
    folder = Path(folder)
    for candidate in (folder / "raw" / "plans.csv", folder / "plans.csv", folder / "data" / "raw" / "plans.csv"):
        if candidate.is_file():
            return candidate
    raise PlanError(
        f"{folder}: no register found; expected {folder / 'raw' / 'plans.csv'} (a data folder with raw/plans.csv)"
    )


def read_register(path):
    """The rows of a register as dicts, each checked; `path` is the path of `plans.csv`.

    Errors name the line: a column that is missing, an id that is malformed or stands twice, an unknown level or role,
    a malformed date or hash, a file outside the folder.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"{path}: byte {error.start}: not UTF-8; save the register as UTF-8") from None
    try:
        return _rows(path, csv.DictReader(text.splitlines()))
    except csv.Error as error:
        raise PlanError(f"{path}: not a table ({error}); restore the register, or save it as CSV again") from None


def _rows(path, reader):
    missing = [column for column in TABLES["register"] if column not in (reader.fieldnames or [])]
    if missing:
        raise PlanError(f"{path}: line 1: no column {', '.join(missing)}; expected {','.join(TABLES['register'])}")
    rows, seen, files = [], {}, {}
    for row in reader:
        line = reader.line_num
        row = {column: from_cell((row[column] or "").strip()) for column in TABLES["register"]}
        check_row(f"{path}: line {line}", row)
        if row["plan"] in seen:
            raise PlanError(
                f"{path}: line {line}: plan {row['plan']!r} stands on line {seen[row['plan']]} already; "
                "give each plan its own id"
            )
        if row["sha256"] in files:
            twin = files[row["sha256"]]
            raise PlanError(
                f"{path}: line {line}: plan {row['plan']!r} has the same file (SHA-256) as {twin!r}; take one row out"
            )
        seen[row["plan"]], files[row["sha256"]] = line, row["plan"]
        rows.append(row)
    if not rows:
        raise PlanError(f"{path}: line 2: the register has no plan; add one with `libplans add`")
    return rows


def to_cell(value):
    """A value as it stands in the register: with an apostrophe in front where a spreadsheet would take it for a
    formula."""
    return "'" + value if FORMULA.match(value) else value


def from_cell(cell):
    """The value that `to_cell` wrote."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def check_row(where, row):
    """Refuse a row of the register that breaks a rule; `where` opens the message."""

    def refuse(column, remedy):
        raise PlanError(f"{where}: {column} {row[column]!r}: {remedy}")

    if not PLAN_ID.fullmatch(row["plan"]):
        refuse("plan", "an id has 1 to 40 characters a-z, 0-9, _ or -")
    if row["level"] not in LEVELS:
        refuse("level", f"unknown; use one of {', '.join(LEVELS)}")
    if row["role"] not in ROLES:
        refuse("role", f"unknown; use one of {', '.join(ROLES)}")
    if not ISSUED.fullmatch(row["issued"]):
        refuse("issued", "not a date; write YYYY, YYYY-MM or YYYY-MM-DD, or leave it empty")
    if not re.fullmatch(r"[0-9a-f]{64}", row["sha256"]):
        refuse("sha256", "not a SHA-256 in hexadecimal; compute it anew for the file")
    if not row["file"] or Path(row["file"]).name != row["file"]:
        refuse("file", "a file name in the register's own folder, without a path")


def place(register, row):
    """Where a plan stands in the register, for a message: file, line and id."""
    reader = csv.DictReader(Path(register).read_bytes().decode("utf-8-sig").splitlines())
    line = next((reader.line_num for found in reader if (found["plan"] or "").strip() == row["plan"]), 0)
    return f"{register}: line {line}: plan {row['plan']!r}"


def read_verified(folder, row, register):
    """The bytes of a registered file, checked against the register's hash."""
    path = Path(folder) / row["file"]
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        where = place(register, row)
        raise PlanError(f"{path}: missing, named in {where}; put the file back or take its row out") from None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read ({error.strerror}), named in {place(register, row)}") from None
    digest = hashlib.sha256(data).hexdigest()
    if digest != row["sha256"]:
        raise PlanError(
            f"{path}: SHA-256 is {digest[:12]}…, {place(register, row)} has {row['sha256'][:12]}…; "
            "put the original back, or register the changed file as a new plan"
        )
    return data
