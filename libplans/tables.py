"""The tables: their columns, and how they are read and written.

Every table of the project is declared here once. `frame` gives rows their declared columns and types,
`write` stores them as CSV (whole or not at all), `read` brings them back. The meaning of each column stands in
`data/processed/README.md`, the data dictionary; a test holds the two together.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .errors import PlanError

TEXT, INT, REAL = "text", "int", "real"

_SPAN = {"start": INT, "end": INT}

#: name of a table -> its columns in order, each with its type
TABLES = {
    "register": dict.fromkeys(
        (
            "plan title title_en issuer issuer_en level region region_en issued role aliases file sha256 source licence"
        ).split(),
        TEXT,
    ),
    "cleaning": {"plan": TEXT, **_SPAN, "rule": TEXT, "text": TEXT},
    "sections": {
        "plan": TEXT,
        "section": INT,
        "parent": INT,
        "depth": INT,
        "kind": TEXT,
        "number": TEXT,
        "title": TEXT,
        "path": TEXT,
        **_SPAN,
        "body_start": INT,
        "body_end": INT,
    },
    "sentences": {"plan": TEXT, "sentence": INT, "section": INT, "kind": TEXT, **_SPAN, "text": TEXT},
    "passages": {
        "target": TEXT,
        "target_start": INT,
        "target_end": INT,
        "source": TEXT,
        "source_start": INT,
        "source_end": INT,
        "target_text": TEXT,
        "source_text": TEXT,
        "matched": INT,
        "identity": REAL,
        "kind": TEXT,
        "target_section": INT,
        "source_section": INT,
        "pair": INT,
        "family": INT,
    },
    "coding": {
        "plan": TEXT,
        "sentence": INT,
        **_SPAN,
        "kind": TEXT,
        "source": TEXT,
        "second_source": TEXT,
        "share": REAL,
    },
    "reuse": {"target": TEXT, "source": TEXT, "kind": TEXT, "chars": INT, "share": REAL, "passages": INT},
    "substitutions": {
        "target": TEXT,
        "source": TEXT,
        "source_text": TEXT,
        "target_text": TEXT,
        "count": INT,
        "kind": TEXT,
        "example_start": INT,
        "example_end": INT,
    },
    "leftovers": {"plan": TEXT, **_SPAN, "text": TEXT, "belongs_to": TEXT, "evidence": TEXT, "strength": TEXT},
    "direction": {
        "plan_a": TEXT,
        "plan_b": TEXT,
        "evidence": TEXT,
        "favours": TEXT,
        "strength": TEXT,
        "plan": TEXT,
        **_SPAN,
        "note": TEXT,
    },
    "formulae": {"text": TEXT, "plans": INT, "count": INT, "upstream": TEXT},
    "indicators": {
        "plan": TEXT,
        **_SPAN,
        "section": INT,
        "sentence": INT,
        "raw": TEXT,
        "indicator": TEXT,
        "measure": TEXT,
        "value_low": REAL,
        "value_high": REAL,
        "bound": TEXT,
        "unit": TEXT,
        "role": TEXT,
        "frequency": TEXT,
        "period": TEXT,
        "scope": TEXT,
    },
    "themes": {
        "plan": TEXT,
        "section": INT,
        **_SPAN,
        "theme": TEXT,
        "second_theme": TEXT,
        "weight": REAL,
        "cluster": INT,
        "cluster_weight": REAL,
    },
    "citations": {"plan": TEXT, **_SPAN, "raw": TEXT, "document": TEXT, "kind": TEXT, "issuer_level": TEXT},
}
TABLES["plans"] = {**TABLES["register"], "chars": INT, "sections": INT, "sentences": INT}

ROWS = 10_000  # rows of a table that are written together: few enough to stay near the processor
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # a spreadsheet would run a cell that opens with one of these


def require(table, columns, what):
    """Raise PlanError where a table lacks a column that the call `what` needs."""
    missing = [name for name in columns if name not in getattr(table, "columns", ())]
    if missing:
        raise PlanError(
            f"{what}: the table has no column {missing[0]!r}; give a table of lp.extract_indicators(corpus)"
        )


def frame(name, rows):
    """Rows as a DataFrame with the declared columns and types of table `name`.

    `rows` is an iterable of dicts (a missing column is empty). Text columns hold str, "" where empty; int columns Int64
    and real columns Float64, `<NA>` where empty. Row order is kept.
    """
    import pandas as pd

    columns = TABLES[name]
    rows = list(rows)
    unknown = sorted({key for row in rows for key in row} - set(columns))
    if unknown:
        raise KeyError(f"table {name} has no column {', '.join(unknown)}")
    return pd.DataFrame({column: _column([row.get(column) for row in rows], kind) for column, kind in columns.items()})


def _column(values, kind):
    import pandas as pd

    if kind == TEXT:
        return pd.Series(["" if value is None else str(value) for value in values], dtype=object)
    return pd.Series(values, dtype="Int64" if kind == INT else "Float64")


def write(table, path):
    """Write a DataFrame as CSV: UTF-8, LF, reals to 6 digits, empty cells empty, whole or not at all.

    A text cell that a spreadsheet would take for a formula gets an apostrophe in front; `read` takes it off again.
    """
    write_whole(path, _csv_parts(table))


def _csv_parts(table):
    """The bytes of a CSV file, ROWS rows at a time: a large table stands in memory once."""
    for first in range(0, max(len(table), 1), ROWS):
        part = table.iloc[first : first + ROWS]
        lines = [] if first else [",".join(_quoted(str(name)) for name in table.columns)]
        lines += map(",".join, zip(*(_cells(part[column]) for column in part.columns), strict=True))
        lines = [line or '""' for line in lines]  # an empty cell that stands alone
        yield ("\n".join(lines) + "\n").encode("utf-8")


def _cells(column):
    """The cells of a column as they stand in a CSV file."""
    from pandas.api.types import is_float_dtype, is_numeric_dtype

    values = column.tolist()
    if not is_numeric_dtype(column):
        texts = list(map(str, values))
        cells = {text: _quoted(_plain(text)) for text in set(texts)}  # the same wording stands in many rows
        return [cells[text] for text in texts]
    texts = [f"{value:.10g}" for value in values] if is_float_dtype(column) else list(map(str, values))
    empty = column.isna()
    return texts if not empty.any() else ["" if none else v for v, none in zip(texts, empty.tolist(), strict=True)]


def _plain(text):
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def _quoted(text):
    """A cell of a CSV file (RFC 4180)."""
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def read(name, path):
    """Read back the CSV at `path` as table `name`: the same columns, types and values that `write` was given."""
    import pandas as pd

    columns = TABLES[name]
    try:
        cells = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", lineterminator="\n")
    except UnicodeDecodeError as error:
        raise PlanError(f"{path}: byte {error.start}: not UTF-8; save the table as UTF-8") from None
    missing = [column for column in columns if column not in cells.columns]
    if missing:
        raise PlanError(f"{path}: line 1: no column {', '.join(missing)}; expected {', '.join(columns)}")
    data = {}
    for column, kind in columns.items():
        values = [value[1:] if value.startswith("'") else value for value in cells[column]]
        data[column] = _column(values if kind == TEXT else [float(v) if v else None for v in values], kind)
    return pd.DataFrame(data)


def write_whole(path, data, flush=False):
    """Write bytes, or an iterator of them, to `path` whole or not at all: a temporary file beside it, then a rename.

    With `flush` they are on the disk before the rename, also where the power fails.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # the file meant, not the temporary one
    try:
        with os.fdopen(handle, "wb") as out:
            out.writelines(data if isinstance(data, Iterator) else [data])
            if flush:
                out.flush()
                os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def read_tables(folder):
    """All stored tables of a data folder, as `make report` wrote them to `processed/`: dict of name -> DataFrame."""
    folder = Path(folder)
    found = {name: folder / "processed" / f"{name}.csv" for name in TABLES if name != "register"}
    missing = [path for path in found.values() if not path.is_file()]
    if missing:
        raise PlanError(f"{missing[0]}: missing; run `make report` (or `libplans report`) to make the tables")
    return {name: read(name, path) for name, path in found.items()}
