"""Which tables does a paper print, and what stands in them? Counts and shares rounded as in the text.

`paper_table("reuse", corpus, tables)` makes one; `write_paper_tables` writes all of them as CSV, XLSX, LaTeX and HTML
for Word (`paper_files`). Captions, notes and heads stand in `data/paper_tables.csv`, the words of the tables' cells in
`data/paper_words.csv`, both in Chinese and English: edit them there.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache

from ..errors import PlanError
from ..packaged import data_text
from ..plots.catalogue import SOURCE, table_for
from ..plots.common import own_plans, plan_names

LANGUAGES = ("both", "zh", "en")
#: what the numbers of a column are: a share (0–1, printed as per cent with one decimal), a count, or any number
SHARE, COUNT, NUMBER = "share", "count", "number"


@dataclass
class PaperTable:
    """A table ready to print.

    `frame` has a column for each key of `heads`, which gives its head as (zh, en); a cell is a str, a number or None
    (nothing to say). `kinds` tells the columns of numbers: share, count or number. `caption` and `note` are (zh, en);
    `lang` "zh", "en" or "both" says which of them are printed. In a notebook it shows itself as a three-line table.
    """

    name: str
    frame: object
    heads: dict
    kinds: dict
    caption: tuple = ("", "")
    note: tuple = ("", "")
    lang: str = "both"

    def lines(self, pair):
        """The texts to print of a (zh, en) pair in the language of the table: one, or both where they differ."""
        chosen = {"zh": pair[:1], "en": pair[1:], "both": pair}[self.lang]
        return [text for text in dict.fromkeys(chosen) if text]

    def _repr_html_(self):
        from .files import html_table

        return html_table(self)

    def __repr__(self):
        return f"<PaperTable {self.name} ({self.lang}), {len(self.frame)} rows: {', '.join(self.frame.columns)}>"


def _rows(name):
    return list(csv.reader(data_text(name).splitlines()))[1:]


@lru_cache(maxsize=1)
def _texts():
    """(table, part) -> (zh, en): the captions, notes and heads."""
    return {(table, part): (zh, en) for table, part, zh, en in _rows("paper_tables.csv")}


@lru_cache(maxsize=1)
def _words():
    """(group, key) -> (zh, en): how the values of the tables read."""
    return {(group, key): (zh, en) for group, key, zh, en in _rows("paper_words.csv")}


class _Words:
    """How things are called in the language of a table."""

    def __init__(self, plans, lang):
        self.lang = lang
        zh, en = plan_names(plans, "zh"), plan_names(plans, "en")
        self.plan = {plan: self(zh[plan], en[plan]) for plan in zh}

    def __call__(self, zh, en):
        return {"zh": zh, "en": en, "both": zh if zh == en or not en else f"{zh} {en}".strip()}[self.lang]

    def word(self, group, key):
        """The word for a value; as it stands where the table of words has none."""
        return self(*_words().get((group, key), (key, key)))

    def opening(self, group, text):
        """The word for a text that opens with a known wording; as it stands where none is known."""
        known = [key for kind, key in _words() if kind == group and text.startswith(key)]
        return self.word(group, max(known, key=len)) if known else text


# ---------------------------------------------------------------- the tables


def _plans(corpus, tables, say):
    rows = [
        {
            "plan": say.plan[row["plan"]],
            "title": say(row["title"], row["title_en"]),
            "level": say.word("level", row["level"]),
            "role": say.word("role", row["role"]),
            "issued": row["issued"],
            **{column: int(row[column]) for column in ("chars", "sections", "sentences")},
        }
        for row in corpus.plans.to_dict("records")
    ]
    for row in rows:
        if set(corpus.plans["role"]) == {"plan"}:  # a column that says the same of all says nothing
            del row["role"]
    return rows, dict.fromkeys(("chars", "sections", "sentences"), COUNT)


def _reuse(corpus, tables, say):
    found = {}
    for row in table_for("reuse", corpus, tables).itertuples(index=False):
        pair = found.setdefault((row.target, row.source), {})
        pair[row.kind], pair["passages"] = float(row.share), pair.get("passages", 0) + int(row.passages)
    ours, rows = own_plans(corpus.plans), []
    for target in ours:
        for source in [*corpus.plans["plan"], "any"]:
            shares = found.get((target, source), {})
            shared = shares.get("verbatim", 0.0) + shares.get("adapted", 0.0)
            if not shared and source != "any":
                continue
            own = found.get((target, ""), {}).get("own")
            rows.append(
                {
                    "plan": say.plan[target],
                    "source": say(*_texts()["reuse", "any"]) if source == "any" else say.plan[source],
                    "verbatim": shares.get("verbatim", 0.0),
                    "adapted": shares.get("adapted", 0.0),
                    "shared": shared,
                    "formula": shares.get("formula", 0.0),
                    "own": own if source == "any" else None,
                    "passages": shares.get("passages", 0),
                }
            )
    return rows, {**dict.fromkeys(("verbatim", "adapted", "shared", "formula", "own"), SHARE), "passages": COUNT}


def _substitutions(corpus, tables, say):
    from ..plots.change import swaps_once

    rows = [
        {
            "source": say.plan[row.source],
            "source_text": row.source_text,
            "target": say.plan[row.target],
            "target_text": row.target_text,
            "kind": say.word("swap", row.kind),
            "count": int(row.count),
        }
        for row in swaps_once(table_for("substitutions", corpus, tables), corpus.plans).itertuples()
    ]
    return rows, {"count": COUNT}


def _leftovers(corpus, tables, say):
    rows = [
        {
            "plan": say.plan[row.plan],
            "text": row.text,
            "belongs_to": say.plan.get(row.belongs_to, row.belongs_to),
            "evidence": say.opening("evidence", row.evidence),
            "strength": say.word("strength", row.strength),
            "place": f"{row.start}–{row.end}",
        }
        for row in table_for("leftovers", corpus, tables).itertuples()
    ]
    return rows, {}


def _targets(corpus, tables, say):
    from ..indicators.sheets import indicator_sheet

    sheet = indicator_sheet(table_for("indicators", corpus, tables), corpus.plans, lang=say.lang)
    return sheet.to_dict("records"), {}


def _targets_heads(corpus, tables):
    """The heads of `indicator_sheet`: by language."""
    from ..indicators.sheets import indicator_sheet

    none = table_for("indicators", corpus, tables).iloc[:0]
    heads = {lang: list(indicator_sheet(none, corpus.plans, lang=lang).columns) for lang in LANGUAGES}
    return {lang: dict(zip(heads[lang], zip(heads["zh"], heads["en"], strict=True), strict=True)) for lang in heads}


def _comparable(corpus, tables, say):
    from ..indicators.sheets import FREQUENCY, value_text
    from ..plots.indicators import panel_caveat

    rows = table_for("comparable", corpus, tables)
    rows = rows[(rows["plans"] >= 2) & rows["plan"].isin(own_plans(corpus.plans))]
    return [
        {
            "measure": say(row["zh"], row["en"]),
            "plan": say.plan[row["plan"]],
            "role": say.word("value", row["role"]),
            "value": value_text(row, "en" if say.lang == "en" else "zh"),
            "unit": row["unit"],
            "base": say(*FREQUENCY[row["frequency"]]),
            "period": say.word("period", row["period"].removeprefix("annual-")),
            "caveat": say(*(panel_caveat([row["caveat"]], lang).partition(mark)[2].strip() for lang, mark in _MARKS)),
        }
        for row in rows.to_dict("records")
    ], {}


_MARKS = (("zh", "："), ("en", ":"))  # what stands before the reasons is said in the head of the column


def _themes(corpus, tables, say):
    from ..plots.themes import theme_names

    emphasis, known = table_for("emphasis", corpus, tables), theme_names()
    shares = emphasis.pivot(index="theme", columns="plan", values="share")
    ours = [plan for plan in own_plans(corpus.plans) if plan in shares.columns]
    order = [theme for theme in known if theme in shares.index] + sorted(set(shares.index) - set(known))
    rows = [
        {
            "theme": say(*(known.get(theme, {}).get(lang, theme) for lang in ("zh", "en"))),
            **{plan: float(shares.loc[theme, plan]) for plan in ours},
        }
        for theme in order
    ]
    return rows, dict.fromkeys(ours, SHARE)


def _cited(corpus, tables, least):
    from ..plots.citations import cited_together

    return cited_together(table_for("policy_citations", corpus, tables), corpus.plans, least)


def _citations(corpus, tables, say):
    rows = []
    for document, cited in _cited(corpus, tables, 2).groupby("document", sort=False):
        by = cited.set_index("plan")["count"]
        rows.append(
            {
                "document": document,
                "level": say.word("level", cited["issuer_level"].iloc[0]),
                "plans": len(by),
                "total": int(by.sum()),
                "by": "; ".join(f"{say.plan[plan]} ({by[plan]})" for plan in own_plans(corpus.plans) if plan in by),
            }
        )
    return rows, {"plans": COUNT, "total": COUNT}


#: the tables, in the order in which they are listed
BUILDERS = {
    "plans": _plans,
    "reuse": _reuse,
    "substitutions": _substitutions,
    "leftovers": _leftovers,
    "themes": _themes,
    "targets": _targets,
    "comparable": _comparable,
    "citations": _citations,
}


def paper_table(name, corpus, tables, lang="both"):
    """The table `name` of a paper, as a `PaperTable`.

    Known are plans, reuse, substitutions, leftovers, themes, targets, comparable and citations.

    `tables` is a dict of table name -> DataFrame as `build_tables` or `read_tables` gives it; what is needed beyond it
    is derived and kept there. `lang` is "zh", "en" or "both" (heads and cells in both languages). Shares are 0–1 in
    `frame` and printed as per cent with one decimal, as in the text. Raises PlanError for an unknown name or language,
    or a table that is missing.
    """
    if name not in BUILDERS:
        raise PlanError(f"paper table: no table is called {name!r}; known are {', '.join(BUILDERS)}")
    if lang not in LANGUAGES:
        raise PlanError(f"paper table {name}: lang: {lang!r}; use {', '.join(LANGUAGES)}")
    import pandas as pd

    say = _Words(corpus.plans, lang)
    rows, kinds = BUILDERS[name](corpus, tables, say)
    if name == "targets":
        heads = _targets_heads(corpus, tables)[lang]
    else:
        named = {part: pair for (table, part), pair in _texts().items() if table == name and part not in _NO_COLUMN}
        names = {plan: pair for plan, pair in _plan_heads(corpus.plans).items() if plan in kinds}
        heads = {key: pair for key, pair in {**named, **names}.items() if not rows or key in rows[0]}
    frame = pd.DataFrame([[row.get(key) for key in heads] for row in rows], columns=list(heads), dtype=object)
    note = _texts()[name, "note"]
    if name == "citations":
        others = _cited(corpus, tables, 1)["document"].nunique() - len(rows)
        note = tuple(text.format(others=others) for text in note)
    note = (note[0] + SOURCE["zh"], f"{note[1]} {SOURCE['en']}")
    return PaperTable(name, frame, heads, kinds, _texts()[name, "caption"], note, lang)


_NO_COLUMN = ("caption", "note", "any")


def _plan_heads(plans):
    zh, en = plan_names(plans, "zh"), plan_names(plans, "en")
    return {plan: (zh[plan], en[plan]) for plan in zh}
