"""Direction: what speaks for one plan having borrowed from the other, and what can not be known?

Similarity alone never gives a direction. Signs are dates of issue, leftovers, condensed wording, sentences spliced
from two places; wording that stands in a reference document explains itself (`common_source`).
"""

from collections import defaultdict

import numpy as np

from ..tables import frame
from .formulae import bare, documented_formulae
from .marks import Aligner

CONDENSED = 0.95  # share of a passage's shorter side that stands in the longer one
NOT_KNOWN = "not known"  # favours, where a sign speaks for neither plan
LEFT_OUT = 0.15  # share of the longer side that the shorter one leaves out


def find_direction(corpus, passages, leftovers=None, aligner=None):
    """Signs of who borrowed from whom, for each pair of plans with reused passages, as table `direction`.

    `favours` is the plan that the sign speaks for as the source (the other one borrowed), `not known` where the sign
    speaks for neither. `evidence`: date, leftover, condensation, splice, common_source, or similarity (nothing but
    likeness: not known). `strength` is strong, medium or weak. Signs may contradict each other; both may have
    drawn on a third
    text that is not in the corpus.
    """
    if leftovers is None:
        from .leftovers import find_leftovers

        leftovers = find_leftovers(corpus, passages, aligner)
    aligner, rows = aligner or Aligner(corpus), []
    order = {plan: place for place, plan in enumerate(corpus.plan_ids)}
    reused = passages[passages["kind"] != "formula"]
    pairs = sorted(
        {tuple(sorted(pair, key=order.get)) for pair in zip(reused["target"], reused["source"], strict=False)},
        key=lambda pair: (order[pair[0]], order[pair[1]]),
    )
    for pair in pairs:
        here = reused[reused["target"].isin(pair) & reused["source"].isin(pair)]
        signs = [
            *_dates(corpus, pair),
            *_leftovers(leftovers, pair),
            *_condensed(aligner, here, pair),
            *_splices(corpus, aligner, here),
        ]
        if all(sign["favours"] == NOT_KNOWN for sign in signs):
            signs.append(
                {
                    "evidence": "similarity",
                    "favours": NOT_KNOWN,
                    "strength": "weak",
                    "plan": pair[0],
                    "note": "not known: likeness alone gives no direction",
                }
            )
        rows += [{"plan_a": pair[0], "plan_b": pair[1], **sign} for sign in signs]
    rows += _common_sources(corpus, passages, order)
    return frame("direction", rows)


def _dates(corpus, pair):
    """The earlier date of issue, where both are known and differ as far as both are given."""
    dates = [corpus.issued(plan) for plan in pair]
    if not all(dates):
        missing = [plan for plan, date in zip(pair, dates, strict=False) if not date]
        return [
            {
                "evidence": "date",
                "favours": NOT_KNOWN,
                "strength": "weak",
                "plan": missing[0],
                "note": f"date of issue not known: {', '.join(missing)}",
            }
        ]
    size = min(map(len, dates))
    first, second = dates[0][:size], dates[1][:size]
    if first == second:
        return [
            {
                "evidence": "date",
                "favours": NOT_KNOWN,
                "strength": "weak",
                "plan": pair[0],
                "note": f"both issued {first}",
            }
        ]
    early = pair[0] if first < second else pair[1]
    return [
        {
            "evidence": "date",
            "favours": early,
            "strength": "medium",
            "plan": early,
            "note": f"issued {dates[0]} ({pair[0]}) and {dates[1]} ({pair[1]}); drafts may have circulated earlier",
        }
    ]


def _leftovers(leftovers, pair):
    for row in leftovers.itertuples(index=False):
        if row.plan in pair and row.belongs_to in pair:
            yield {
                "evidence": "leftover",
                "favours": row.belongs_to,
                "strength": row.strength,
                "plan": row.plan,
                "start": row.start,
                "end": row.end,
                "note": f"{row.text}: {row.evidence}",
            }


def _condensed(aligner, rows, pair):
    """Passages in which one side leaves out much and puts in next to nothing: the longer side is the likelier source.

    Weak, because a text can also be enlarged while it is copied; reported once for each pair, with its first place.
    """
    counts, first = defaultdict(int), {}
    for row in rows[rows["target"] == pair[0]].itertuples(index=False):
        sides = (aligner.marks(row), row.target, row.source), (aligner.marks(_turned(row)), row.source, row.target)
        for (marks, short, long), (other, *_) in (sides, sides[::-1]):
            if len(marks.kept) >= 30 and marks.kept.mean() >= CONDENSED and other.kept.mean() <= 1 - LEFT_OUT:
                counts[long] += 1
                spans = {row.target: (row.target_start, row.target_end), row.source: (row.source_start, row.source_end)}
                first.setdefault(long, (short, spans[short]))
    for long in sorted(counts):
        against = sum(counts.values()) - counts[long]
        if counts[long] > 2 * against:
            short, (start, end) = first[long]
            yield {
                "evidence": "condensation",
                "favours": long,
                "strength": "medium" if counts[long] >= 5 else "weak",
                "plan": short,
                "start": start,
                "end": end,
                "note": f"{counts[long]} passages of {short} leave words of {long} out and add none; "
                f"{against} the other way",
            }


def _turned(row):
    """A row seen from the other side."""
    return row._replace(
        target=row.source,
        target_start=row.source_start,
        target_end=row.source_end,
        source=row.target,
        source_start=row.target_start,
        source_end=row.target_end,
    )


def _splices(corpus, aligner, rows):
    """Sentences made of two places of the other plan that lie apart: joining is likelier than taking apart and
    scattering.

    Reported once for each pair, where one plan does it clearly more often than the other, with its first place.
    """
    joined = defaultdict(list)
    for target, group in rows.groupby("target", sort=True):
        numbers = np.asarray(aligner.streams[target].sentence)
        places = defaultdict(set)
        for row in group.itertuples(index=False):
            start, end = aligner.span(target, row.target_start, row.target_end)
            for number in set(numbers[start:end].tolist()):
                if (numbers[start:end] == number).sum() >= 12:
                    places[number].add((row.source_start, row.source_end, row.source))
        for number, found in sorted(places.items()):
            found = sorted(found)
            if any(b[0] - a[1] > 200 for a, b in zip(found, found[1:], strict=False)):
                joined[target, found[0][2]].append(np.asarray(aligner.streams[target].offsets)[numbers == number])
    for (target, source), inside in sorted(joined.items()):
        against = len(joined.get((source, target), ()))
        if len(inside) > 2 * against:
            yield {
                "evidence": "splice",
                "favours": source,
                "strength": "weak",
                "plan": target,
                "start": int(inside[0].min()),
                "end": int(inside[0].max()) + 1,
                "note": f"{len(inside)} sentences of {target} join wording from several places of {source}; "
                f"{against} the other way",
            }


def _common_sources(corpus, passages, order):
    """Shared wording that a reference document or a documented formula explains."""
    known = [(bare(formula), title) for formula, title in documented_formulae()]
    quoted = passages[[corpus.roles.get(source) == "reference" for source in passages["source"]]]
    for row in passages.itertuples(index=False):
        if order[row.target] > order[row.source] or corpus.roles.get(row.source) == "reference":
            continue
        upstream = []
        if len(quoted):
            inside = quoted[
                (quoted["target"] == row.target)
                & (quoted["target_start"] < row.target_end)
                & (quoted["target_end"] > row.target_start)
            ]
            upstream = sorted(set(inside["source"]))
        if not upstream and row.kind == "formula":
            text = bare(row.target_text)
            upstream = sorted({title for formula, title in known if formula in text})
        if upstream:
            yield {
                "plan_a": row.target,
                "plan_b": row.source,
                "evidence": "common_source",
                "favours": NOT_KNOWN,
                "strength": "strong",
                "plan": row.target,
                "start": row.target_start,
                "end": row.target_end,
                "note": "; ".join(upstream),
            }
