"""Codes by hand: how does a researcher's coding take the place of the automatic one?

`theme_sheet` writes a sheet with the evidence beside each automatic code; filled in, `read_codes` reads it back, and
`assign_themes(corpus, codes=…)` uses it. `libplans report` picks up `codes/themes.csv` in the data folder.
"""

import csv
import difflib
import io
from pathlib import Path

from ..coders import coding_sheet
from ..errors import PlanError
from .bodies import by_plan
from .codebook import themes_list

PLACE = Path("codes") / "themes.csv"  #: where a data folder keeps them
_COLUMNS = ["plan", "section", "theme", "second_theme"]
_FORMULA = "'"


def theme_sheet(corpus, themes, path=None, size=0, seed=0, blind=False):
    """A sheet to code the sections by hand: a row a section, `coder_1` the automatic theme, `coder_2` to fill in.

    Columns: plan, section, start, end, evidence (the headings down to the section, then its text), coder_1, coder_2,
    second_theme (to fill in where one is due), column, codes (the themes to choose from). `themes` is the table of
    `assign_themes`; `size`, `seed`, `blind` and `path` as in `coding_sheet`. Only rows that are filled in count when
    the sheet is read back (`read_codes`); `agreement` and `disagreements` take it as it is.
    """
    sheet = coding_sheet(themes.assign(text=_texts(corpus, themes)), "theme", size=size, seed=seed, blind=blind)
    sheet.insert(list(sheet.columns).index("coder_2") + 1, "second_theme", "")
    sheet["codes"] = "|".join(themes_list()["theme"])
    if path is not None:
        from ..tables import write

        write(sheet, path)
    return sheet


def _texts(corpus, themes):
    """The headings down to each section of the table and the sentences in its span, its own heading apart."""
    heads = {(row.plan, row.section): row.path or row.title for row in corpus.sections.itertuples(index=False)}
    sentences = {plan: rows.sort_values("start") for plan, rows in by_plan(corpus.sentences, corpus).items()}
    texts = []
    for row in themes.itertuples(index=False):
        rows = sentences[row.plan]
        low, high = rows["start"].searchsorted([row.start, row.end])
        inside = rows.iloc[low:high]
        own = (inside["kind"] == "heading") & (inside["section"] == row.section)
        texts.append(f"{heads[row.plan, row.section]} ← {' '.join(inside.loc[~own, 'text'])}")
    return texts


def read_codes(source, corpus, coder=None):
    """Codes by hand: a DataFrame with plan, section, theme, second_theme, a row a section coded; for `assign_themes`.

    `source` is a CSV file or a data folder, whose `codes/themes.csv` is read; a folder without one gives no row. The
    file is a filled-in `theme_sheet` or any CSV (UTF-8) with plan, start (the offset of the section in the raw text) or
    section (its number), and the code: the column `coder`, else the last of coder_2, coder_3 … (coder_1 holds the
    automatic code), else `theme`; `second_theme` is read where it is there. A theme is named by its short name or its
    Chinese or English name. An empty code leaves the automatic one. Raises PlanError with file, row and remedy for an
    unknown theme, plan or section, and for two codes of one section.
    """
    import pandas as pd

    path = Path(source)
    if path.is_dir():
        path = next((place for place in (path / PLACE, path / "data" / PLACE) if place.is_file()), None)
        if path is None:
            return pd.DataFrame(columns=_COLUMNS)
    header, rows = _rows(path)
    code = _code_column(path, header, coder)
    names, sections, coded = _names(), _Sections(corpus), {}
    for line, row in rows:
        where = f"{path}: line {line}"
        if not row.get(code, ""):
            continue
        key = sections.find(where, row)
        found = tuple(_theme(where, row.get(name, ""), names) for name in (code, "second_theme"))
        if key in coded and coded[key][0] != found:
            raise PlanError(
                f"{where}: section {key[1]} of {key[0]} has another code in line {coded[key][1]}; keep one of the two"
            )
        coded[key] = found, line
    return pd.DataFrame([(*key, *found) for key, (found, _) in sorted(coded.items())], columns=_COLUMNS)


def _rows(path):
    """(names of the columns, list of (line, row)) of a CSV; cells stripped, a spreadsheet's apostrophe taken off."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror or 'cannot be read'}; write a sheet with theme_sheet") from None
    except UnicodeDecodeError as error:
        raise PlanError(f"{path}: byte {error.start}: not UTF-8; save the sheet as CSV UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header, rows = [name.strip() for name in reader.fieldnames or []], []
    for row in reader:
        if None in row or None in row.values():
            raise PlanError(f"{path}: line {reader.line_num}: not {len(header)} cells; quote a cell with a comma")
        cells = {name.strip(): value.strip().removeprefix(_FORMULA) for name, value in row.items()}
        if any(cells.values()):
            rows.append((reader.line_num, cells))
    missing = [] if {"plan"} <= set(header) and {"start", "section"} & set(header) else ["plan, start (or section)"]
    if missing:
        raise PlanError(f"{path}: line 1: no column {missing[0]}; write a sheet with theme_sheet and fill it in")
    return header, rows


def _code_column(path, header, coder):
    hands = sorted(name for name in header if name.startswith("coder_") and name != "coder_1")
    chosen = coder or (hands[-1] if hands else "theme")
    if chosen not in header:
        told = ", ".join([*hands, *(name for name in ("coder_1", "theme") if name in header)]) or "none"
        raise PlanError(f"{path}: line 1: no column {chosen} with codes; columns with codes here: {told}")
    return chosen


def _names():
    """Every name of a theme, in small letters -> its short name."""
    return {
        str(name).lower(): row.theme
        for row in themes_list().itertuples()
        for name in (row.theme, row.name_zh, row.name_en)
    }


def _theme(where, name, names):
    if not name:
        return ""
    if name.lower() not in names:
        near = difflib.get_close_matches(name.lower(), names, 1)
        hint = f"did you mean {names[near[0]]}?" if near else f"one of {', '.join(dict.fromkeys(names.values()))}"
        raise PlanError(f"{where}: theme {name!r} is unknown; {hint}")
    return names[name.lower()]


class _Sections:
    """The sections of a corpus, to be found by plan and start, or by plan and number."""

    def __init__(self, corpus):
        self._plans, self._numbers, self._starts = list(corpus.plan_ids), set(), {}
        for row in corpus.sections.itertuples(index=False):
            key = row.plan, int(row.section)
            self._numbers.add(key)
            self._starts.setdefault((row.plan, int(row.start)), []).append(key)

    def find(self, where, row):
        """(plan, section) that a row means; its start decides where it has one, for numbers move with the outline."""
        plan = row["plan"]
        if plan not in self._plans:
            raise PlanError(f"{where}: no plan is called {plan!r}; the plans are {', '.join(self._plans)}")
        number, start = (self._whole(where, row, name) for name in ("section", "start"))
        if start is None and number is None:
            raise PlanError(f"{where}: neither start nor section; say which section of {plan} is coded")
        if start is None:
            if (plan, number) not in self._numbers:
                raise PlanError(f"{where}: {plan} has no section {number}; the sections are numbered in sections.csv")
            return plan, number
        keys = self._starts.get((plan, start), [])
        if not keys:
            raise PlanError(
                f"{where}: no section of {plan} starts at {start}; if its outline has changed since the sheet was "
                "written, write a new one with theme_sheet and carry the codes over"
            )
        return (plan, number) if (plan, number) in keys else keys[-1]

    @staticmethod
    def _whole(where, row, name):
        value = row.get(name, "").removesuffix(".0")  # as a spreadsheet may write it
        if value and not value.isdecimal():
            raise PlanError(f"{where}: {name} {value!r} is no whole number; give the one of sections.csv")
        return int(value) if value else None
