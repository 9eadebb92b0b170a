"""Do two coders agree? A sheet for a second coder, and the usual measures of agreement, for any coded column.

The sheet holds the evidence beside each code, so that it can be coded by hand in a spreadsheet; `agreement` reads it
back.
"""

from collections import Counter
from itertools import permutations
from pathlib import Path

import pandas as pd

from . import tables
from .errors import PlanError

_PLACE = ["plan", "section", "sentence", "start", "end"]
_LANDIS = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (1.0, "almost perfect"),
)
_SOURCES = {
    "raw agreement": "share of units coded alike; no correction for chance",
    "Cohen's kappa": "Cohen 1960; bands: Landis & Koch 1977",
    "Krippendorff's alpha": "Krippendorff 2004, nominal; bands: reliable from 0.800, tentative from 0.667",
}


def coding_sheet(table, column="role", path=None, corpus=None, size=0, seed=0, blind=False):
    """A sheet for a second coder: one row a coded unit with its evidence, `coder_1` filled from `table`, `coder_2`
    empty.

    Columns: those of plan, section, sentence, start, end that `table` has, then evidence, coder_1, coder_2, column,
    codes. `evidence` is the unit's wording (`raw` or `text`) and, with a `corpus`, the whole sentence. `size` draws
    that many rows at random with `seed` (0: all), in the order of the table. With `blind`, `coder_1` is left empty as
    well and `agreement(sheet, table)` fills it in. With `path` the sheet is also written as CSV. PlanError where the
    table has no such column.
    """
    if column not in table.columns:
        raise PlanError(
            f"coding sheet: no column {column!r} in the table; choose one of {', '.join(map(str, table.columns))}"
        )
    rows = table.sample(n=min(size, len(table)), random_state=seed).sort_index() if size else table
    sheet = pd.DataFrame({name: rows[name] for name in _PLACE if name in rows.columns})
    sheet["evidence"] = _evidence(rows, corpus)
    codes = [_code(value) for value in rows[column]]
    sheet["coder_1"] = [""] * len(codes) if blind else codes
    sheet["coder_2"] = ""
    sheet["column"] = column
    sheet["codes"] = "|".join(sorted({_code(value) for value in table[column]} - {""}))
    sheet = sheet.reset_index(drop=True)
    if path is not None:
        tables.write(sheet, path)
    return sheet


def _evidence(rows, corpus):
    raw = next(
        (rows[name].map(str) for name in ("raw", "text", "title") if name in rows.columns),
        pd.Series("", index=rows.index),
    )
    if corpus is None or "sentence" not in rows.columns:
        return raw
    texts = {(row.plan, row.sentence): row.text for row in corpus.sentences.itertuples()}
    sentences = [texts.get((plan, number), "") for plan, number in zip(rows["plan"], rows["sentence"], strict=True)]
    return [f"{unit} ← {text}" if unit and unit != text else text for unit, text in zip(raw, sentences, strict=True)]


def _code(value):
    return "" if value is None or value is pd.NA or value != value else str(value).strip()


def agreement(sheet, table=None):
    """Raw agreement, Cohen's kappa and Krippendorff's alpha (nominal) of a coded sheet, with the usual bands and
    their sources.

    `sheet` is a DataFrame or the path of a CSV with columns coder_1, coder_2, … (more coders are allowed; an empty
    cell is a unit that this coder left out). `table` fills an empty coder_1 (a blind sheet). Columns of the result:
    statistic, value, units, band, source. Raw agreement and kappa take the first two coders; alpha takes all. Range:
    raw 0–1, kappa and alpha -1–1; <NA> where chance agreement is total (all units have one code), for then agreement
    shows nothing. A high value says that two coders read the rules alike, not that the codes are true. PlanError
    where two columns of codes are missing or no unit was coded twice.
    """
    sheet = _filled(_sheet(sheet), table)
    coders = sorted(name for name in sheet.columns if str(name).startswith("coder_"))
    if len(coders) < 2:
        raise PlanError("coding sheet: fewer than two columns of codes; name them coder_1, coder_2")
    units = [[_code(value) for value in row] for row in sheet[coders].itertuples(index=False)]
    pairs = [(unit[0], unit[1]) for unit in units if unit[0] and unit[1]]
    if not pairs:
        raise PlanError("coding sheet: no unit has a code in both coder_1 and coder_2; fill in coder_2")
    coded = sum(sum(bool(code) for code in unit) > 1 for unit in units)
    values = [
        ("raw agreement", sum(a == b for a, b in pairs) / len(pairs), len(pairs), ""),
        ("Cohen's kappa", cohen_kappa(pairs), len(pairs), "kappa"),
        ("Krippendorff's alpha", krippendorff_alpha(units), coded, "alpha"),
    ]
    rows = [
        {
            "statistic": name,
            "value": None if value is None else round(value, 6),
            "units": count,
            "band": _band(value, scale),
            "source": _SOURCES[name],
        }
        for name, value, count, scale in values
    ]
    return pd.DataFrame(rows).astype({"value": "Float64", "units": "Int64"})


def disagreements(sheet, table=None):
    """The rows of a sheet where the first two coders differ: what to talk about before coding on."""
    sheet = _filled(_sheet(sheet), table)
    first, second = sheet["coder_1"].map(_code), sheet["coder_2"].map(_code)
    return sheet[(first != second) & (first != "") & (second != "")].reset_index(drop=True)


def cohen_kappa(pairs):
    """Cohen's kappa of pairs of codes: (observed - expected) / (1 - expected); None where all codes are one."""
    total = len(pairs)
    observed = sum(a == b for a, b in pairs) / total
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(first[code] * second[code] for code in first) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(units):
    """Krippendorff's alpha for nominal codes: 1 - observed / expected disagreement over all pairable codes.

    `units` is a list of units, each a list with one code per coder, "" where a coder left it out. A unit with fewer
    than two codes does not count. None where no two codes differ. Krippendorff, Content Analysis, 2nd ed. 2004, ch.
    11.
    """
    coincidence = Counter()
    for unit in units:
        codes = [code for code in unit if code]
        if len(codes) < 2:
            continue
        for a, b in permutations(codes, 2):
            coincidence[a, b] += 1 / (len(codes) - 1)
    totals = Counter()
    for (a, _), weight in sorted(coincidence.items()):
        totals[a] += weight
    number = sum(totals.values())
    observed = sum(weight for (a, b), weight in coincidence.items() if a != b)
    expected = (number**2 - sum(weight**2 for weight in totals.values())) / (number - 1) if number > 1 else 0
    return None if not expected else 1 - observed / expected


def _band(value, scale):
    if value is None:
        return "undefined: every unit has the same code"
    if scale == "alpha":
        return "reliable" if value >= 0.8 else "tentative" if value >= 0.667 else "not reliable"
    if scale == "kappa":
        return next(name for limit, name in _LANDIS if value <= limit + 1e-12) if value >= 0 else "poor"
    return ""


def _sheet(sheet):
    if isinstance(sheet, pd.DataFrame):
        return sheet.copy()
    try:
        return pd.read_csv(Path(sheet), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise PlanError(f"{sheet}: no such coding sheet; write one with coding_sheet(table, path=…)") from None
    except UnicodeDecodeError as error:
        raise PlanError(f"{sheet}: byte {error.start}: not UTF-8; save the sheet as CSV UTF-8") from None


def _filled(sheet, table):
    """The sheet with an empty coder_1 taken from `table` by plan, start and end."""
    if table is None or "coder_1" not in sheet.columns or any(_code(value) for value in sheet["coder_1"]):
        return sheet
    column = sheet["column"].iloc[0]
    codes = {
        (str(plan), int(start), int(end)): _code(code)
        for plan, start, end, code in zip(table["plan"], table["start"], table["end"], table[column], strict=True)
    }
    sheet["coder_1"] = [
        codes.get((str(plan), int(start), int(end)), "")
        for plan, start, end in zip(sheet["plan"], sheet["start"], sheet["end"], strict=True)
    ]
    return sheet
