"""Coding: what would a reader call each sentence: word for word, adapted, a formula, or its own?

The unit that papers report. A sentence is coded by the share of its characters that a passage accounts for, source by
source.
"""

from collections import defaultdict

import numpy as np

from ..tables import frame
from .formulae import spread_mask, stock_mask
from .kinds import VERBATIM
from .marks import Aligner
from .passages import related_plans

ADAPTED = 0.4  # share of a sentence from which on it is derived
FORMULA = 0.4  # share of a sentence in formulae from which on it is one, when nothing else is shared


BESIDE = 8  # characters copied from a plan in a sentence, from which on formulae shared with that plan count with them
ECHO = 30  # characters up to which a passage may be the echo of a closer one
LEAST = 6  # characters outside formulae that a derived sentence shares at least (or all of a shorter one)


def code_sentences(corpus, passages, aligner=None):
    """Each sentence coded verbatim, adapted, formula or own, as table `coding`.

    `share` (0-1): share of the sentence's characters (normalised stream) found in `source`, swapped names counted as
    found; for a formula the share that is formula; for own text what is shared all the same (little, or hardly more
    than formulae and chance words). `source` is the plan with the
    closest wording, `second_source` the next one with at least 0.4; both empty for formula and own. The coding says
    what is alike, not who wrote it first.
    """
    aligner = aligner or Aligner(corpus)
    texts = aligner.texts
    stock = _by_plan(texts, stock_mask(texts, corpus, spread_mask(texts, related_plans(texts, passages))))
    covers = defaultdict(dict)
    echoes = _echoes(passages)
    for row in passages.itertuples():
        marks = aligner.marks(row)
        cover = covers[row.target].setdefault(row.source, np.zeros((4, len(stock[row.target]))))
        here = marks.indices[marks.kept]
        if row.kind == "formula":
            cover[2, here] = 1
        else:
            cover[3, here] = 1
            cover[0, here] = np.maximum(cover[0, here], row.Index not in echoes)
            cover[1, here] = np.maximum(cover[1, here], marks.identity + 1e-6 * marks.matched)
    rows = []
    for plan in corpus.plan_ids:
        if corpus.roles.get(plan) == "reference":
            continue
        table = corpus.sentences[corpus.sentences["plan"] == plan]
        places = _places(aligner.streams[plan].sentence)
        for sentence in table.itertuples(index=False):
            spot = places.get(int(sentence.sentence), slice(0, 0))
            rows.append(
                {
                    "plan": plan,
                    "sentence": sentence.sentence,
                    "start": sentence.start,
                    "end": sentence.end,
                    **_code(covers[plan], stock[plan], spot),
                }
            )
    return frame("coding", rows)


def _echoes(passages):
    """Rows (by index) of short passages whose source stretch has a closer counterpart elsewhere in the same target."""
    echoes = set()
    for _, group in passages[passages["kind"] != "formula"].groupby(["target", "source"], sort=True):
        columns = ("source_start", "source_end", "target_start", "target_end", "matched")
        others = [group[column].to_numpy(np.int64) for column in columns]
        for row, *own in zip(group.index.tolist(), *(column.tolist() for column in others), strict=True):
            if own[4] < ECHO and _is_echo(*own, *others):
                echoes.add(row)
    return echoes


def _is_echo(source_start, source_end, target_start, target_end, matched, sources, ends, targets, target_ends, lengths):
    """Whether one of the other passages (columns) matches more of the source stretch of one, apart from it."""
    over = np.minimum(ends, source_end) - np.maximum(sources, source_start)
    apart = (targets >= target_end) | (target_start >= target_ends)
    return bool((apart & (over > 0.7 * (source_end - source_start)) & (lengths > matched)).any())


def _by_plan(texts, mask):
    return {plan: mask[texts.starts[i] : texts.starts[i + 1]] for i, plan in enumerate(texts.plans)}


def _places(numbers):
    """Slice of the stream for each sentence number."""
    numbers = np.asarray(numbers)
    if not len(numbers):
        return {}
    edges = np.flatnonzero(np.concatenate([[True], np.diff(numbers) != 0, [True]]))
    return {
        int(numbers[first]): slice(int(first), int(last)) for first, last in zip(edges[:-1], edges[1:], strict=False)
    }


def _code(covers, stock, spot):
    """Kind, sources and share of one sentence."""
    size = spot.stop - spot.start
    if not size:
        return {"kind": "own", "share": 0.0}
    stock, union, shared_stock = stock[spot].copy(), np.zeros(size, bool), np.zeros(size, bool)
    ranked = []
    for source, cover in sorted(covers.items()):
        copied, formula = cover[0, spot] > 0, cover[2, spot] > 0
        if cover[3, spot].mean() >= VERBATIM:
            copied = cover[3, spot] > 0
        shared_stock |= formula
        if copied.any():
            if copied.sum() >= min(BESIDE, size):
                copied = copied | formula
            ranked.append((float(copied.mean()), float(cover[1, spot].sum()) / size, source))
            union |= copied
    ranked.sort(key=lambda item: (-item[0], -item[1], item[2]))
    best = ranked[0][0] if ranked else 0.0
    whole = best >= VERBATIM
    free = int((union & ~stock).sum())
    if whole and free >= min(4, size) or max(best, float(union.mean())) >= ADAPTED and free >= LEAST:
        second = ranked[1][2] if len(ranked) > 1 and ranked[1][0] >= ADAPTED else ""
        return {
            "kind": "verbatim" if whole else "adapted",
            "source": ranked[0][2],
            "second_source": second,
            "share": round(best, 6),
        }
    stock_share = float((stock | shared_stock).mean())
    if float((stock | shared_stock | union).mean()) >= FORMULA and stock_share > 0.5 * FORMULA:
        return {"kind": "formula", "share": round(stock_share, 6)}
    return {"kind": "own", "share": round(best, 6)}
