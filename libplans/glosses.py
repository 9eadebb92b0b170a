"""Glosses: what does a Chinese term, formula or name mean, for a reader who does not read Chinese?"""

from functools import cache
from importlib.resources import files

import pandas as pd


def gloss(table, column):
    """A table with a column `gloss` after `column`: a short English meaning of its wording, empty where none is known.

    The meanings are those of the package's `data/glosses.csv` (formulae, names, leftovers) and of the dictionary of
    domain terms; only whole wordings are looked up, nothing is translated. All rows and columns stay.
    """
    known = _known()
    found = table.copy()
    found.insert(list(table.columns).index(column) + 1, "gloss", [known.get(str(text), "") for text in table[column]])
    return found


@cache
def _known():
    folder = files(__package__) / "data"
    known = {}
    for name, column in (("dictionary.csv", "term"), ("glosses.csv", "text")):
        with (folder / name).open(encoding="utf-8") as file:
            rows = pd.read_csv(file, dtype=str, keep_default_na=False)
        known.update(zip(rows[column], rows["gloss"], strict=True))
    return known
