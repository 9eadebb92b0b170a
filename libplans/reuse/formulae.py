"""Formulae: which shared wording is stock wording that proves no borrowing between plans?

Three signs: the wording stands in the documented list (`data/formulae.csv`: formula, upstream document); it is the
name of a document (《…》) or of an institution; or it is spread over many plans that are independent of each other.
"""

import csv
import re
from collections import defaultdict
from functools import lru_cache

import numpy as np

from ..normalise import code_points, normalise
from ..packaged import data_text
from .seeds import seed_positions

SPREAD = 6  # characters of the n-gram whose spread over plans is counted
STOCK = 10  # characters of spread wording from which on it makes a sentence stock wording
TITLE = re.compile(r"《[^《》]{2,60}》")
POLICY = re.compile(
    r"《[^《》]{2,60}(?:法|条例|规划|纲要|意见|决定|通知|办法|方案|公报|章程|规定|标准|宣言)(?:（[^《》]{1,12}）)?》"
)
QUOTED = re.compile(
    r"《[^《》]{2,60}》[^。《》“”\n]{0,12}(?:提出|指出|强调|要求|规定|明确)[^。《》“”\n]{0,8}“[^“”\n]{12,300}”"
)
GENERIC_NAMES = (
    "国家图书馆",
    "省级图书馆",
    "省图书馆",
    "市图书馆",
    "县图书馆",
    "区图书馆",
    "省馆",
    "市馆",
    "县馆",
    "我馆",
    "本馆",
    "省级",
    "市级",
    "我省",
    "我市",
    "我县",
    "我区",
    "我国",
    "本省",
    "本市",
    "本县",
    "本区",
    "全省",
    "全市",
    "全县",
    "全区",
    "全国",
    "省内",
    "市内",
    "国内",
    "国家",
)


@lru_cache(maxsize=1)
def documented_formulae():
    """The documented list: tuple of (formula, upstream document), in the order of the file."""
    text = data_text("formulae.csv")
    return tuple((row["formula"], row["upstream"]) for row in csv.DictReader(text.splitlines()))


@lru_cache(maxsize=50_000)
def bare(text):
    """A text as it stands in the normalised stream: letters, digits and Han characters, folded."""
    return normalise(text)


def formula_mask(texts, corpus, spread):
    """Which positions of the long array stand in a formula, or in the name of a document or institution (bool array).

    The headings before the first body text of a document, its title and 序言 or 前言, are such names. `spread` is the
    `spread_mask` of the texts.
    """
    mask = stock_mask(texts, corpus, spread) | spread
    for first, last in zip(texts.starts[:-1], texts.starts[1:], strict=True):
        if texts.body[first:last].any():
            mask[first : first + int(texts.body[first:last].argmax())] = True
    names = {bare(name) for plan in texts.plans for name in corpus.aliases(plan)}
    _mark(mask, texts, {name for name in names if len(name) >= 4})
    for index, plan in enumerate(texts.plans):
        _mark_spans(mask, texts, index, [title.span() for title in TITLE.finditer(corpus.raw[plan])])
    return mask


def stock_mask(texts, corpus, spread):
    """Which positions stand in a formula, in the name of a policy document or in words quoted from one (bool array).

    Stricter than `formula_mask`: spread wording counts from STOCK characters on.
    """
    mask = _long_runs(spread, STOCK)
    _mark(mask, texts, {bare(formula) for formula, _ in documented_formulae()})
    for index, plan in enumerate(texts.plans):
        found = [match.span() for pattern in (POLICY, QUOTED) for match in pattern.finditer(corpus.raw[plan])]
        _mark_spans(mask, texts, index, found)
    return mask


def _long_runs(mask, least):
    """A mask without its runs that are shorter than `least`."""
    edges = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    long = ends - starts >= least
    flips = np.zeros(len(mask) + 1, np.int64)
    flips[starts[long]], flips[ends[long]] = 1, -1
    return np.cumsum(flips[:-1]) > 0


def _mark_spans(mask, texts, index, spans):
    """Mark the positions of the long array that stand in raw spans of a plan (by index)."""
    if not spans:
        return
    first, last = texts.starts[index], texts.starts[index + 1]
    offsets = np.asarray(texts.offsets[first:last])
    order = np.argsort(offsets, kind="stable")
    edges = np.searchsorted(offsets, np.array(spans), sorter=order)
    for start, end in edges.tolist():
        mask[first + order[start:end]] = True


def _mark(mask, texts, wordings):
    """Mark every place at which one of these wordings stands."""
    for wording, at in places_of(texts, wordings):
        for shift in range(len(wording)):
            mask[at + shift] = True


def places_of(texts, wordings):
    """(wording, places at which it stands) of those that stand in the texts, all of them in one pass; each place stays
    in its plan."""
    codes, by_start = texts.codes, defaultdict(list)
    for wording in wordings:
        by_start[wording[:1]].append(wording)
    by_start.pop("", None)
    wanted = np.zeros(int(codes.max(initial=0)) + 1, bool)
    wanted[[ord(start) for start in by_start if ord(start) < len(wanted)]] = True
    spots = np.flatnonzero(wanted[codes])
    order = np.argsort(codes[spots], kind="stable")
    spots, first = spots[order], codes[spots][order]
    for start, group in sorted(by_start.items()):
        here = spots[slice(*np.searchsorted(first, (ord(start), ord(start) + 1)))]
        ends = texts.starts[texts.plan_of(here) + 1] if len(here) else here
        for wording in sorted(group):
            at = here[here + len(wording) <= ends]
            for shift, code in enumerate(code_points(wording).tolist()):
                at = at[codes[at + shift] == code]
            if len(at):
                yield wording, at


def occurrences(text, wording):
    """Places at which a wording stands in a text."""
    place = text.find(wording) if wording else -1
    while place >= 0:
        yield place
        place = text.find(wording, place + 1)


def spread_mask(texts, related=(), share=0.2, least=4):
    """Positions whose wording stands in at least `least` plans and a `share` of all.

    In a corpus of fewer than 20 plans, plans that share much text with each other are one voice: what a plan and its
    copies have in common is no formula. (In a large one a chain of copies would join all; there the share guards.)
    """
    mask = np.zeros(len(texts.codes), bool)
    count = int(texts.target.sum())
    needed = spread_needed(count, share, least)
    voice = voices(len(texts.plans), related if count < 20 else ())
    if len(set(voice[texts.target].tolist())) < needed:
        return mask
    positions, keys = seed_positions(texts, SPREAD)
    wide = positions[_wide(keys, voice[texts.plan_of(positions)].astype(np.int32), needed)]
    for shift in range(SPREAD):
        mask[wide + shift] = True
    return mask


def spread_needed(count, share=0.2, least=4):
    """In how many of `count` plans wording must stand to be spread."""
    return max(least, int(np.ceil(share * count)))


def trade_mask(texts, size=4, least=3):
    """Positions that stand in an n-gram of `size` characters which at least `least` plans use: words of the trade."""
    positions, keys = seed_positions(texts, size)
    mask = np.zeros(len(texts.codes), bool)
    wide = positions[_wide(keys, texts.plan_of(positions).astype(np.int32), least)]
    for shift in range(size):
        mask[wide + shift] = True
    return mask


def _wide(keys, group, needed, bits=22):
    """Which n-grams stand in at least `needed` different groups.

    Only n-grams whose bucket (the first `bits` bits of the key) holds as many places can; only those are sorted.
    """
    counts = np.zeros(1 << bits, np.int64)
    shift, step = np.uint64(64 - bits), 1 << 22
    for first in range(0, len(keys), step):
        counts += np.bincount((keys[first : first + step] >> shift).astype(np.int64), minlength=1 << bits)
    full = counts >= needed
    slices = [
        np.flatnonzero(full[(keys[first : first + step] >> shift).astype(np.int64)]) + first
        for first in range(0, len(keys), step)
    ]
    rows = np.concatenate(slices) if slices else np.zeros(0, np.int64)
    wide = np.zeros(len(keys), bool)
    if not len(rows):
        return wide
    rows = rows[np.lexsort((group[rows], keys[rows]))]
    new_key, new_group = np.ones(len(rows), bool), np.ones(len(rows), bool)
    new_key[1:] = np.diff(keys[rows]) != 0
    new_group[1:] = new_key[1:] | (np.diff(group[rows]) != 0)
    family = np.cumsum(new_key) - 1
    wide[rows] = np.bincount(family[new_group])[family] >= needed
    return wide


def voices(count, related):
    """Number of the group of each plan when related plans are grouped together."""
    group = np.arange(count)
    for a, b in related:
        group[group == group[b]] = group[a]
    return group


def name_mask(texts, corpus):
    """Which positions stand in a name of an institution or region (register aliases of any plan, and generic names)."""
    mask = np.zeros(len(texts.codes), bool)
    _mark(mask, texts, {bare(name) for plan in texts.plans for name in corpus.aliases(plan)} | set(GENERIC_NAMES))
    return mask


def find_formulae(corpus, passages=None):
    """The stock formulae of a corpus, as table `formulae`: text, number of plans, number of places, upstream document.

    Listed are the documented formulae that occur, and wording of at least 8 characters that is spread over plans
    independent of each other (upstream empty). A formula that stands only inside a longer one is not listed. A
    formula is no sign of borrowing.
    """
    from ..tables import frame
    from .passages import related_plans
    from .texts import lay_out

    texts = lay_out(corpus)
    related = related_plans(texts, passages) if passages is not None else ()
    rows = {}
    for formula, upstream in documented_formulae():
        places = [sum(1 for _ in occurrences(chars, bare(formula))) for chars in texts.chars]
        if any(places):
            rows[bare(formula)] = {
                "text": formula,
                "plans": sum(map(bool, places)),
                "count": sum(places),
                "upstream": upstream,
            }
    for wording in _spread_wordings(texts, spread_mask(texts, related)):
        places = [sum(1 for _ in occurrences(chars, wording)) for chars in texts.chars]
        if wording not in rows and sum(map(bool, places)) > 1 and not any(wording in known for known in rows):
            rows[wording] = {"text": wording, "plans": sum(map(bool, places)), "count": sum(places), "upstream": ""}
    return frame("formulae", sorted(rows.values(), key=lambda row: (-row["plans"], -row["count"], row["text"])))


def _spread_wordings(texts, mask, least=8):
    """The stretches of the long array that are masked, as strings, longest first, each once."""
    found = set()
    for index, chars in enumerate(texts.chars):
        here = np.concatenate([[0], mask[texts.starts[index] : texts.starts[index + 1]].astype(np.int8), [0]])
        edges = np.diff(here)
        for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=False):
            if end - start >= least:
                found.add(chars[start:end])
    return sorted(found, key=lambda text: (-len(text), text))
