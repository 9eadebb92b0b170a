"""The codebook: which themes are there, and which terms speak for each?

`data/themes.csv` names the sixteen themes, `data/codebook.csv` lists their terms with weights: plain files to edit.
"""

import csv
import io
import math
from collections import defaultdict
from pathlib import Path

from ..errors import PlanError
from ..normalise import simplified_forms
from ..packaged import data_text


def themes_list():
    """The themes: a DataFrame with theme (short name), name_zh, name_en, holds (what belongs there), in codebook
    order.
    """
    import pandas as pd

    return pd.DataFrame(list(csv.DictReader(io.StringIO(data_text("themes.csv")))))


def read_codebook(path=None):
    """The codebook as dict term -> {theme: weight}, from a CSV with the columns theme, term, weight (default: the
    package's).

    Raises PlanError, with file and line, for an unknown theme, an empty term or a weight that is no positive number.
    """
    name = str(path) if path else "codebook.csv"
    try:
        text = Path(path).read_text(encoding="utf-8-sig") if path else data_text("codebook.csv")
    except OSError as error:
        raise PlanError(f"{name}: {error.strerror or 'cannot be read'}; give a CSV with theme,term,weight") from None
    except UnicodeDecodeError as error:
        raise PlanError(f"{name}: byte {error.start}: not UTF-8; save the codebook as UTF-8") from None
    known = set(themes_list()["theme"])
    codebook = defaultdict(dict)
    for line, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        theme, term, weight = ((row.get(column) or "").strip() for column in ("theme", "term", "weight"))
        if theme not in known:
            raise PlanError(f"{name}: line {line}: theme {theme!r} is unknown; one of {', '.join(sorted(known))}")
        if not term:
            raise PlanError(f"{name}: line {line}: no term; give a word or delete the line")
        try:
            value = float(weight)
        except ValueError:
            value = 0.0
        if not 0 < value < math.inf:
            raise PlanError(
                f"{name}: line {line}: weight {weight!r} of {term}; give a number above 0, such as 1, 2 or 3"
            )
        codebook[simplify(term)][theme] = value
    return dict(codebook)


def simplify(text):
    """The text with traditional characters read as simplified, one for one (for matching only)."""
    forms = simplified_forms()
    return "".join(forms.get(character, character) for character in text)
