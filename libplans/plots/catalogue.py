"""Which figures does the project print, from which tables, and what do they say? The catalogue.

`draw_figures` draws all of them in Chinese and English into a folder. A figure is found by its name:
`draw("reuse_matrix", corpus, tables, lang="en")` gives it in a notebook, `describe` tells its caption, source note,
notebook and tables.
"""

import csv
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path

from ..errors import PlanError

SOURCE = {
    "zh": "资料来源：各馆规划原文（登记于 data/raw/plans.csv）；由 libplans 计算。",
    "en": "Source: the plans as registered in data/raw/plans.csv; computed with libplans.",
}


@dataclass(frozen=True)
class Entry:
    """A figure of the catalogue: `plot` is "module.function", `takes` the tables that it is called with, in order."""

    name: str
    plot: str
    takes: tuple
    notebook: str
    zh: str
    en: str


def _read_catalogue(path=Path(__file__).parent.parent / "data" / "figures.csv"):
    """The catalogue from `data/figures.csv`, in its order; captions are meant to be read and edited there."""
    entries = {}
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if None in row or None in row.values() or list(row) != [field.name for field in fields(Entry)]:
                raise PlanError(
                    f"{path.name}: line {reader.line_num}: not {len(fields(Entry))} cells; quote a cell with a comma"
                )
            entries[row["name"]] = Entry(**{**row, "takes": tuple(row["takes"].split(";"))})
    return entries


CATALOGUE = _read_catalogue()


# ---------------------------------------------------------------- tables that figures need beyond the stored ones


def _policy_citations(corpus, tables):
    """Citations of policy documents, without those that a plan drafts and the plan itself."""
    from ..citations.find import find_citations, policy_citations

    return policy_citations(find_citations(corpus, status=True))


def _clustering(corpus, tables):
    """The clusters of the sections and their terms: those coded in `themes`, else found anew (slow)."""
    from ..themes.clusters import cluster_sections, coded_terms

    coded = table_for("themes", corpus, tables)
    coded = coded[coded["cluster"].notna()]
    if coded.empty:
        table, found = cluster_sections(corpus, passages=table_for("passages", corpus, tables))
        return table, found.terms
    return coded[["plan", "section", "cluster"]], coded_terms(corpus, coded)


def _agenda(corpus, tables):
    """The national agenda; empty for a corpus without a national plan."""
    from ..themes.agenda import empty_agenda, has_national, national_agenda

    if not has_national(corpus):
        return empty_agenda()
    return national_agenda(corpus, table_for("passages", corpus, tables), themes=table_for("themes", corpus, tables))


def _cowords(corpus, tables):
    """The co-word network, copied passages counted once."""
    from ..themes.cowords import coword_network

    return coword_network(corpus, passages=table_for("passages", corpus, tables))


def _call(name, *takes):
    """A derived table: the function `name` ("module.function") called with the tables `takes`."""

    def derive(corpus, tables):
        return _function(name)(*(table_for(take, corpus, tables) for take in takes))

    return derive


#: table that a figure needs -> how it comes from the corpus and the stored tables
DERIVED = {
    "split": _call("reuse.measures.split_reuse", "corpus", "passages"),
    "emphasis": _call("themes.assign.theme_emphasis", "corpus", "themes"),
    "quantified": _call("indicators.quantification.quantified", "corpus", "indicators"),
    "commitment": _call("indicators.obligation.commitment", "corpus", "indicators", "themes"),
    "commitment_summary": _call("indicators.obligation.commitment_summary", "commitment"),
    "comparable": _call("indicators.harmonised.comparable", "indicators", "corpus"),
    "policy_citations": _policy_citations,
    "sensitivity": _call("reuse.thresholds.sensitivity", "corpus"),
    "keyness": _call("themes.keywords.keyness", "corpus", "passages"),
    "coword_network": _cowords,
    "agenda": _agenda,
    "coassignment": _call("themes.clusters.coded_clusters", "corpus", "themes", "passages"),
    "clustering": _clustering,
    "section_clusters": lambda corpus, tables: table_for("clustering", corpus, tables)[0],
    "cluster_terms": lambda corpus, tables: table_for("clustering", corpus, tables)[1],
}


def _function(name):
    module, function = name.rsplit(".", 1)
    return getattr(import_module(f"libplans.{module}"), function)


def table_for(name, corpus, tables):
    """The table `name`: from `tables`, else derived (and then kept in `tables`), else from the corpus."""
    if name == "corpus":
        return corpus
    if name not in tables:
        if name in DERIVED:
            tables[name] = DERIVED[name](corpus, tables)
        elif hasattr(corpus, name):
            return getattr(corpus, name)
        else:
            raise PlanError(
                f"figures: the table {name} is missing; give it in `tables` (lp.build_tables(corpus) makes all)"
            )
    return tables[name]


# ---------------------------------------------------------------- the catalogue at work


def describe(name):
    """Caption and source note (zh, en), notebook and tables of a figure of the catalogue; {} for any other name."""
    entry = CATALOGUE.get(name)
    if entry is None:
        return {}
    return {
        "caption": {"zh": entry.zh, "en": entry.en},
        "source": SOURCE,
        "notebook": entry.notebook,
        "tables": list(entry.takes),
    }


def draw(name, corpus, tables, lang="zh", width="double", **options):
    """The figure `name` of the catalogue as a `PlanFigure`; `options` go to its plot function.

    `tables` is a dict of table name -> DataFrame; what a figure needs beyond it is derived and kept there.
    Raises PlanError for an unknown name or a table that is missing.
    """
    if name not in CATALOGUE:
        raise PlanError(f"figures: no figure is called {name!r}; known are {', '.join(CATALOGUE)}")
    entry = CATALOGUE[name]
    given = [table_for(table, corpus, tables) for table in entry.takes]
    return _function(entry.plot)(*given, lang=lang, width=width, **options)


def draw_figures(corpus, tables, folder, progress=None, only=None, langs=("zh", "en"), dpi=300):
    """Draw the catalogue into `folder` as `<name>_<lang>` in PDF, SVG and PNG with a sidecar, and the gallery page.

    Returns the paths, `index.html` last. `only` keeps some names, `progress` is called with each name before it is
    drawn. `tables` is left as it is. The same corpus and tables give the same bytes.
    """
    from .gallery import write_gallery
    from .style import save_figure

    tables, paths = dict(tables), []
    for name in only or CATALOGUE:
        if progress:
            progress(name)
        for lang in langs:
            paths += save_figure(draw(name, corpus, tables, lang), f"{name}_{lang}", folder, dpi=dpi)
    return [*paths, write_gallery(folder)]
