"""Validation: how well does the coding of sentences agree with sentences coded by reading?

A reader's file has one row a sentence: plan, start, end (code points of the raw text), kind, source. The measures weigh
each sentence by its characters, for a long sentence is more text than a heading.
"""

import pandas as pd

from ..coders import cohen_kappa
from ..errors import PlanError
from .formulae import bare

REUSED = {"verbatim", "adapted"}
WANTED = ["plan", "start", "end", "text", "kind", "source"]


def reader_agreement(coding, gold):
    """How a table `coding` agrees with sentences coded by a reader, as a table: statistic, value, sentences, chars.

    `gold` is a CSV file, or a DataFrame, with the columns plan, start, end, text, kind (verbatim, adapted, formula,
    own) and source; each of its sentences is compared with the sentence of `coding` that overlaps it most; sentences
    of plans that `coding` does not have are left out. `value` (0–1, kappa from -1) is weighted by characters: how much
    of what the reader calls verbatim and adapted was found as reuse of either kind, how much of formulae and of own
    text was taken for reuse, how much of what both call reuse has the reader's source, and Cohen's kappa over the four
    kinds. <NA> where there is nothing to compare. Agreement says that program and reader read the codebook alike, not
    that either is right. PlanError where a column is missing.
    """
    name = "coding by a reader" if isinstance(gold, pd.DataFrame) else str(gold)
    if not isinstance(gold, pd.DataFrame):
        try:
            gold = pd.read_csv(gold, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except FileNotFoundError:
            raise PlanError(f"{name}: no such file; name a CSV with the columns {', '.join(WANTED)}") from None
    missing = [column for column in WANTED if column not in gold.columns]
    if missing:
        raise PlanError(f"{name}: column {missing[0]!r} is missing; wanted are {', '.join(WANTED)}")
    compared = _compared(coding, gold)
    read = compared["read"]
    reused = compared["found"].isin(REUSED)
    both = compared[reused & read.isin(REUSED)]
    rows = [
        _share("verbatim text found as reuse", compared[read == "verbatim"], reused),
        _share("adapted text found as reuse", compared[read == "adapted"], reused),
        _share("formulae taken for reuse", compared[read == "formula"], reused),
        _share("own text taken for reuse", compared[read == "own"], reused),
        _share("reuse with the reader's source", both, compared["source_read"] == compared["source_found"]),
    ]
    pairs = [
        (a, b) for a, b, chars in zip(read, compared["found"], compared["chars"], strict=True) for _ in range(chars)
    ]
    kappa = cohen_kappa(pairs) if pairs else None
    rows.append(_row("Cohen's kappa, four kinds", kappa, compared))
    return pd.DataFrame(rows).astype({"value": "Float64", "sentences": "Int64", "chars": "Int64"})


def _compared(coding, gold):
    """One row a sentence read: read, found, source_read, source_found, chars."""
    plans = dict(tuple(coding.groupby("plan")))
    rows = []
    for row in gold[gold["plan"].isin(plans.keys())].itertuples(index=False):
        table, start, end = plans[row.plan], int(row.start), int(row.end)
        overlap = table["end"].clip(upper=end) - table["start"].clip(lower=start)
        best = table.loc[overlap.idxmax()]
        rows.append((row.kind, best["kind"], row.source, best["source"], len(bare(row.text))))
    return pd.DataFrame(rows, columns=["read", "found", "source_read", "source_found", "chars"])


def _share(statistic, rows, hits):
    chars = int(rows["chars"].sum())
    return _row(statistic, rows.loc[hits[rows.index], "chars"].sum() / chars if chars else None, rows)


def _row(statistic, value, rows):
    value = None if value is None else round(float(value), 6)
    return {"statistic": statistic, "value": value, "sentences": len(rows), "chars": int(rows["chars"].sum())}
