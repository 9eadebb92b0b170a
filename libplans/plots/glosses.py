"""Glosses: what does a Chinese term, formula or name mean, for a reader who does not read Chinese?"""

from functools import cache
from io import StringIO

import pandas as pd

from ..errors import PlanError
from ..packaged import data_text


def gloss(table, column):
    """A table with a column `gloss` after `column`: a short English meaning of its wording, empty where none is known.

    The meanings are those of the package's `data/glosses.csv` (formulae, names, leftovers) and of the dictionary of
    domain terms; only whole wordings are looked up, nothing is translated. All rows and columns stay. PlanError where
    the table has no such column, or has glosses already.
    """
    if column not in table.columns or "gloss" in table.columns:
        have = ", ".join(map(str, table.columns))
        raise PlanError(f"gloss: {column!r}: give a column of a table without glosses; this one has {have}")
    known = _known()
    found = table.copy()
    found.insert(list(table.columns).index(column) + 1, "gloss", [known.get(str(text), "") for text in table[column]])
    return found


@cache
def _known():
    known = {}
    for name, column in (("dictionary.csv", "term"), ("glosses.csv", "text")):
        rows = pd.read_csv(StringIO(data_text(name)), dtype=str, keep_default_na=False)
        known.update(zip(rows[column], rows["gloss"], strict=True))
    return known
