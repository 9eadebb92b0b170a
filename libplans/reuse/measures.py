"""Measures: how much of each plan stands in another plan, by kind, by chapter, and how sure is that?

The measure is directional containment: characters of the target's body that lie in a passage, over all characters of
its body. A character is counted once however many passages cover it; verbatim goes before adapted, adapted before
formula.
"""

import numpy as np
import pandas as pd

from ..tables import frame
from .marks import Aligner

KINDS = ("verbatim", "adapted", "formula")
REUSED = ("verbatim", "adapted")


def cover_masks(corpus, passages, count="covered"):
    """{target: {(source, kind): bool array over the target's stream}}; sources include "any", the union.

    `count` "covered" takes every character inside a passage, "matched" only those that match (or belong to a swapped
    name).
    """
    if count not in ("covered", "matched"):
        raise ValueError(f"count is {count!r}; it must be 'covered' or 'matched'")
    aligner = Aligner(corpus)
    masks = {plan: {} for plan in targets(corpus)}
    for row in passages.itertuples(index=False):
        if count == "matched":
            marks = aligner.marks(row)
            here = marks.indices[marks.kept]
        else:
            here = slice(*aligner.span(row.target, row.target_start, row.target_end))
        for source in (row.source, "any"):
            key = source, row.kind
            mask = masks[row.target].setdefault(key, np.zeros(len(aligner.streams[row.target].chars), bool))
            mask[here] = True
    for plan, found in masks.items():
        body = np.asarray(aligner.streams[plan].body, bool)
        for source in {source for source, _ in found}:
            taken = ~body
            for kind in KINDS:
                if (source, kind) in found:
                    found[source, kind] &= ~taken
                    taken = taken | found[source, kind]
    return masks


def targets(corpus):
    """The plans that are measured: all but the reference documents."""
    return [plan for plan in corpus.plan_ids if corpus.roles.get(plan) != "reference"]


def measure_reuse(corpus, passages, count="covered"):
    """Shares of each plan's body that stand in each source and in any (`source = any`), by kind, as table `reuse`.

    `share` (0-1) is characters over the target's body characters; kind `own` (source empty) is what no passage
    covers, so that the kinds of `any` and `own` add up to 1. `passages` counts passages of that kind.
    `count="matched"` counts matching characters only. The share is directional, of the target; it does not say who
    borrowed, and the shares of several sources overlap.
    """
    masks = cover_masks(corpus, passages, count)
    numbers = passages.groupby(["target", "source", "kind"]).size().to_dict()
    rows = []
    for target in targets(corpus):
        body = int(np.asarray(corpus.stream(target).body, bool).sum())
        found = masks[target]
        sources = [*sorted({source for source, _ in found} - {"any"}), *(["any"] if found else [])]
        for source in sources:
            for kind in KINDS:
                if (source, kind) not in found:
                    continue
                chars = int(found[source, kind].sum())
                pieces = (
                    numbers.get((target, source, kind), 0)
                    if source != "any"
                    else sum(n for (plan, _, other), n in numbers.items() if plan == target and other == kind)
                )
                rows.append(_row(target, source, kind, chars, body, pieces))
        union = sum(int(found["any", kind].sum()) for kind in KINDS if ("any", kind) in found)
        rows.append(_row(target, "", "own", body - union, body, 0))
    return frame("reuse", rows)


def _row(target, source, kind, chars, body, passages):
    return {
        "target": target,
        "source": source,
        "kind": kind,
        "chars": chars,
        "share": round(chars / body, 6) if body else 0.0,
        "passages": passages,
    }


def split_reuse(corpus, passages):
    """Each plan's body split without overlap: own words, each source alone, several sources, formula.

    DataFrame with target, part (`own`, a plan id, `several`, `formula`), chars, share; the shares of a target add up
    to 1.
    """
    masks = cover_masks(corpus, passages)
    rows = []
    for target in targets(corpus):
        body = np.asarray(corpus.stream(target).body, bool)
        by_source = {}
        stock = np.zeros(len(body), bool)
        for (source, kind), mask in masks[target].items():
            if source == "any":
                continue
            if kind == "formula":
                stock |= mask
            else:
                by_source[source] = by_source.get(source, False) | mask
        depth = sum((mask.astype(int) for mask in by_source.values()), np.zeros(len(body), int))
        parts = {"own": body & (depth == 0) & ~stock}
        parts |= {source: by_source[source] & (depth == 1) & body for source in sorted(by_source)}
        parts |= {"several": (depth > 1) & body, "formula": stock & (depth == 0) & body}
        for part, mask in parts.items():
            rows.append(
                {
                    "target": target,
                    "part": part,
                    "chars": int(mask.sum()),
                    "share": round(mask.sum() / body.sum(), 6) if body.any() else 0.0,
                }
            )
    return pd.DataFrame(rows, columns=["target", "part", "chars", "share"])


def measure_chapters(corpus, passages, depth=1):
    """Share of each chapter's body that is reused (verbatim or adapted), per source and for any.

    DataFrame with target, section, number, title, source, chars, share, body; chapters are sections of `depth` (1 =
    top).
    """
    masks, rows = cover_masks(corpus, passages), []
    for target in targets(corpus):
        stream = corpus.stream(target)
        offsets, body = np.asarray(stream.offsets), np.asarray(stream.body, bool)
        sections = corpus.sections[(corpus.sections["plan"] == target) & (corpus.sections["depth"] == depth)]
        for section in sections.itertuples(index=False):
            inside = (offsets >= section.start) & (offsets < section.end) & body
            for source in sorted({source for source, _ in masks[target]}):
                reused = _reused(masks[target], source, len(body)) & inside
                rows.append(
                    {
                        "target": target,
                        "section": section.section,
                        "number": section.number,
                        "title": section.title,
                        "source": source,
                        "chars": int(reused.sum()),
                        "body": int(inside.sum()),
                        "share": round(reused.sum() / inside.sum(), 6) if inside.any() else 0.0,
                    }
                )
    return pd.DataFrame(rows, columns=["target", "section", "number", "title", "source", "chars", "share", "body"])


def _reused(masks, source, size):
    found = np.zeros(size, bool)
    for kind in REUSED:
        found |= masks.get((source, kind), False)
    return found


def reuse_intervals(corpus, passages, level=0.95, rounds=2000, seed=0):
    """Interval of each share (verbatim and adapted together), by bootstrap over the sections of the target.

    DataFrame with target, source, share, low, high. Sections are drawn with replacement; the interval says how much
    the share hangs on single sections, not how likely the detector errs. Same seed, same interval. Efron and
    Tibshirani (1993).
    """
    masks, rows = cover_masks(corpus, passages), []
    table = corpus.sentences
    for target in targets(corpus):
        stream, here = corpus.stream(target), table[table["plan"] == target]
        body = np.asarray(stream.body, bool)
        sections = dict(zip(here["sentence"].tolist(), here["section"].tolist(), strict=False))
        label = np.array([sections[number] for number in np.asarray(stream.sentence).tolist()], dtype=np.int64)
        _, label = np.unique(label[body], return_inverse=True)
        size = np.bincount(label)
        draws = np.random.default_rng(seed).integers(0, len(size), (rounds, len(size))) if len(size) else None
        for source in sorted({source for source, _ in masks[target]}):
            reused = np.bincount(label, _reused(masks[target], source, len(body))[body], minlength=len(size))
            shares = np.sort(reused[draws].sum(1) / size[draws].sum(1))
            low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
            rows.append(
                {
                    "target": target,
                    "source": source,
                    "share": round(float(reused.sum() / size.sum()), 6),
                    "low": round(float(low), 4),
                    "high": round(float(high), 4),
                }
            )
    return pd.DataFrame(rows, columns=["target", "source", "share", "low", "high"])


def baseline_reuse(corpus, passages):
    """The share between pairs of plans that cannot have copied each other: the noise that a share must exceed.

    Taken are pairs that share no free run of 30 characters, that is, whose longest verbatim or adapted passage
    matches fewer. DataFrame with target, source, share (verbatim and adapted), and the mean in the last row (target
    and source empty). A pair of close copies is never in it; where no pair is left the table is empty.
    """
    reuse = measure_reuse(corpus, passages)
    reused = passages[passages["kind"].isin(REUSED)]
    longest = reused.groupby(["target", "source"])["matched"].max().to_dict()
    rows = []
    for target in targets(corpus):
        for source in targets(corpus):
            if source == target or longest.get((target, source), 0) >= 30:
                continue
            here = reuse[(reuse["target"] == target) & (reuse["source"] == source) & reuse["kind"].isin(REUSED)]
            rows.append({"target": target, "source": source, "share": round(float(here["share"].sum()), 6)})
    if rows:
        rows.append({"target": "", "source": "", "share": round(sum(row["share"] for row in rows) / len(rows), 6)})
    return pd.DataFrame(rows, columns=["target", "source", "share"])


def reused_shares(reuse):
    """The shares of reused text (verbatim and adapted together): a row a target, a column a source and `any`.

    `reuse` is the table of `measure_reuse`; values 0-1, 0 where nothing is shared. A character counts once in each
    column.
    """
    kept = reuse[reuse["kind"].isin(REUSED)]
    matrix = kept.pivot_table(index="target", columns="source", values="share", aggfunc="sum", fill_value=0).astype(
        float
    )
    plans = list(dict.fromkeys(reuse["target"]))
    sources = [source for source in dict.fromkeys([*plans, *reuse["source"]]) if source not in ("", "any")]
    return matrix.reindex(index=plans, columns=[*sources, "any"], fill_value=0.0)


def pairs_asked(share, wanted=()):
    """The pairs (target, source) of `wanted` that are in the matrix of `reused_shares`, or those that share most.

    A list of at most five pairs, largest share first where none was wanted or known; empty for a single plan.
    """
    plans = [plan for plan in share.columns if plan != "any" and plan in share.index]
    known = [pair for pair in wanted if pair[0] in plans and pair[1] in plans]
    pairs = [(target, source) for target in plans for source in plans if target != source]
    return known or sorted(pairs, key=lambda pair: (-share.loc[pair], pair))[:5]
