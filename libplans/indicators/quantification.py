"""How much of a plan is put in figures, and where does each figure stand?

`quantified` counts targets per 10,000 body characters, by plan and by theme; `trace` leads from a mark on a chart to
the sentence.
"""

from collections import Counter

import numpy as np
import pandas as pd

from ..tables import require

_COLUMNS = ["plan", "theme", "targets", "baselines", "comparisons", "chars", "targets_per_10000"]


def quantified(corpus, indicators, themes=None):
    """Targets, baselines and comparisons per plan (theme "any") and, with the table `themes`, per theme.

    Columns: plan, theme, targets, baselines, comparisons (numbers of indicators), chars (body characters, as in
    `plans`: no punctuation, no numbering), targets_per_10000. A figure stated twice counts twice, and a target is
    counted whether it is large or small: the rate says how much is put in figures, not how ambitious a plan is.
    """
    require(indicators, ("plan", "role", "section"), "quantified")
    bodies = corpus.sentences[corpus.sentences["kind"] != "heading"].copy()
    counts = {plan: _body_chars(corpus.stream(plan)) for plan in corpus.plan_ids}
    bodies["chars"] = [counts[plan][int(n)] for plan, n in zip(bodies["plan"], bodies["sentence"], strict=True)]
    theme_of = {}
    if themes is not None:
        theme_of = {(row.plan, row.section): row.theme for row in themes.itertuples()}
    rows = []
    for plan in corpus.plan_ids:
        own, found = bodies[bodies["plan"] == plan], indicators[indicators["plan"] == plan]
        if corpus.roles.get(plan) == "reference":
            continue
        rows.append(_count(plan, "any", own, found))
        sections = [theme_of.get((plan, section), "") for section in own["section"]]
        counted = [theme_of.get((plan, section), "") for section in found["section"]]
        sections, counted = np.array(sections, dtype=object), np.array(counted, dtype=object)
        for theme in sorted(set(sections.tolist()) - {""}):
            rows.append(_count(plan, theme, own[sections == theme], found[counted == theme]))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _body_chars(stream):
    """Body characters of each sentence of a stream: Counter sentence -> characters."""
    return Counter(np.asarray(stream.sentence)[np.asarray(stream.body, dtype=bool)].tolist())


def _count(plan, theme, sentences, found):
    roles = found["role"].value_counts()
    chars, targets = int(sentences["chars"].sum()), int(roles.get("target", 0))
    return {
        "plan": plan,
        "theme": theme,
        "targets": targets,
        "baselines": int(roles.get("baseline", 0)),
        "comparisons": int(roles.get("comparison", 0)),
        "chars": chars,
        "targets_per_10000": round(targets * 10000 / chars, 2) if chars else 0.0,
    }


def trace(table, corpus):
    """A table with plan and sentence (indicators, comparable(…)) with two more columns: `path`, the headings above,
    and `text`, the sentence.

    Rows and their order stay. The span start..end of a row lies within the sentence's own span in the raw text.
    """
    require(table, ("plan", "sentence"), "trace")
    texts = {(row.plan, row.sentence): (row.text, row.section) for row in corpus.sentences.itertuples()}
    paths = {(row.plan, row.section): row.path for row in corpus.sections.itertuples()}
    found = [
        texts.get((plan, sentence), ("", 0)) for plan, sentence in zip(table["plan"], table["sentence"], strict=True)
    ]
    result = table.copy()
    result["path"] = [paths.get((plan, section), "") for plan, (_, section) in zip(table["plan"], found, strict=True)]
    result["text"] = [text for text, _ in found]
    return result
