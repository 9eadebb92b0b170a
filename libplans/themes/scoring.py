"""Scores: what do a section's heading, its text and the headings above it say for each theme?

The terms of the codebook are counted in three zones; the points of a zone grow ever slower with its terms, so that a
long text does not drown a heading. `themes` decides with these scores.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from ..words import term_counts
from .codebook import simplify
from .repeats import contained, repeated_groups

#: how much a zone of a section can add to a theme's score; a zone with few terms adds less (see `ENOUGH`)
ZONES = {"heading": 1.0, "text": 1.0, "above": 0.5}
#: points at which a zone has half of its say: one strong term in a heading, a few in a text
ENOUGH = {"heading": 1.5, "text": 6.0, "above": 3.0}
#: each heading further up counts half as much as the one below it
DECAY = 0.5
#: a section in which the best theme holds less than this share of its text and heading is an overview: `frame`
LEAST_SHARE = 0.22
#: the same where a section only holds subsections: those of one theme must have about a third of what is said
LEAST_UNDER = 0.34
#: say of a section in which at least half of another stands, in the theme of that other; times the part of it
LEND = 0.5
#: a second theme is named where its score reaches this share of the first
SECOND = 0.5


@dataclass(frozen=True)
class Place:
    """A section with its codebook terms by zone; `own` says whether it has text of its own."""

    plan: str
    section: int
    start: int
    end: int
    own: bool
    zones: dict
    codebook: dict


def places(corpus, codebook, only=None):
    """The sections with their codebook terms: own heading, text, headings above (nearest first, halving)."""
    sections = {}
    for row in corpus.sections.itertuples(index=False):
        if only is None or row.plan == only[0]:
            sections[row.plan, int(row.section)] = row
    counts, texts, opening = defaultdict(Counter), set(), {}
    for row in corpus.sentences.itertuples(index=False):
        key = row.plan, int(row.section)
        if key not in sections:
            continue
        if row.kind != "heading":
            texts.add(key)
            if key not in opening and not sections[key].title:
                opening[key] = _clause(row.text)
            counts[key] += term_counts(simplify(row.text), codebook)
    headings = {key: term_counts(simplify(row.title), codebook) for key, row in sections.items()}
    for key, clause in opening.items():
        headings[key] = term_counts(simplify(clause), codebook)
    under = _text_under(sections, counts, headings, texts)
    for key, row in sections.items():
        if only is not None and key != only or key not in under:
            continue
        above, share, parent = Counter(), 1.0, row.parent
        while _number(parent) and sections[row.plan, int(parent)].depth > 0:
            for term, count in headings[row.plan, int(parent)].items():
                above[term] += count * share
            share *= DECAY
            parent = sections[row.plan, int(parent)].parent
        own = key in texts
        heading = Counter() if row.depth == 0 else headings[key]
        yield Place(
            row.plan,
            key[1],
            int(row.start),
            int(row.body_end) if own else int(row.end),
            own,
            {"heading": heading, "text": under[key], "above": above},
            codebook,
        )


def _number(value):
    return str(value) not in ("<NA>", "nan", "None", "", "0")  # the root has no parent


def _text_under(sections, counts, headings, texts):
    """Term counts of each section's own text; of everything under it where it has none (absent where that is nothing
    too).
    """
    under = {key: counts[key] for key in texts}
    for key in reversed(sections):
        if key in texts or key not in sections:
            continue
        start, end = int(sections[key].start), int(sections[key].end)
        inside = [other for other in _following(sections, key, end) if other in texts]
        if inside:
            under[key] = sum((counts[other] + headings[other] for other in inside), Counter())
        elif end > start and sections[key].depth > 0:
            under[key] = Counter()
    return under


def _following(sections, key, end):
    plan, number = key
    number += 1
    while (plan, number) in sections and int(sections[plan, number].start) < end:
        yield plan, number
        number += 1


def _clause(text):
    """The opening clause of a numbered paragraph, which states its subject as a heading would."""
    for at, character in enumerate(text[:40]):
        if character in "。；：:;" or (character in "，," and at >= 6):
            return text[:at]
    return text[:40]


def zone_points(zone, counts, codebook):
    """Rows (term, count, theme, weight, points) of one zone; the points of a zone add up to less than ZONES[zone]."""
    rows = [
        (term, count, theme, weight, weight * math.log2(1 + count))
        for term, count in sorted(counts.items())
        for theme, weight in codebook[term].items()
    ]
    total = sum(row[-1] for row in rows) + ENOUGH[zone]
    return [(*row[:-1], ZONES[zone] * row[-1] / total) for row in rows]


def scored(place):
    """(start, end, theme -> score, share of the best topic in heading and text)."""
    zones = {zone: Counter() for zone in place.zones}
    for zone, counts in place.zones.items():
        for _, _, theme, _, value in zone_points(zone, counts, place.codebook):
            zones[zone][theme] += value
    own = zones["heading"] + zones["text"]
    points = own + zones["above"]
    own = own if place.own else points  # a box without text of its own follows its chapter
    total = sum(own.values())
    share = own[_topic(own)] / total if total else 0.0
    if place.section == 1:
        share = 0.0  # the plan as a whole is an overview
    elif _topic(own) and _topic(own) == _topic(zones["above"]):
        share = max(share, LEAST_SHARE)  # it says most what its chapter is about, however much else it names
    elif not place.own and share < LEAST_UNDER:
        share = 0.0
    return place.start, place.end, points, share


def _topic(points):
    """The theme with most points that is not `frame`; "" where there is none."""
    return max((theme for theme in sorted(points) if theme != "frame"), key=points.__getitem__, default="")


def decide(points, share):
    """(theme, second theme, weight): the best score; `frame` where no topic holds enough of the section, or no term
    occurs.
    """
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0]))
    total = sum(points.values())
    if not ranked:
        return "frame", "", 0.0
    if ranked[0][0] != "frame" and share < LEAST_SHARE:
        ranked = [("frame", points["frame"]), *(item for item in ranked if item[0] != "frame")]
    theme, best = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 and ranked[1][1] >= SECOND * max(best, 1e-9) else ""
    return theme, second, best / total


def together(corpus, scores, passages):
    """Scores of sections that repeat others: those that repeat each other, either for at least half, get the mean of
    their scores; one that stands for at least half in another, but not the other in it, hears that one too.
    """
    groups = defaultdict(list)
    for key, first in repeated_groups(corpus, passages, set(scores)).items():
        groups[first].append(key)
    result = dict(scores)
    for keys in groups.values():
        if len(keys) > 1:
            shares = {key: 1.0 for key in keys}
            points, share = _mixed(scores, shares)
            for key in keys:
                result[key] = (*scores[key][:2], points, share)
    heard = defaultdict(dict)
    for (key, other), part in sorted(contained(corpus, set(scores), passages).items()):
        heard[key][other] = LEND * part
    heard = {key: _mixed(result, {key: 1.0, **shares}) for key, shares in heard.items()}
    return result | {key: (*scores[key][:2], *mixed) for key, mixed in heard.items()}


def _mixed(scores, shares):
    """(points, share of the best topic) of several sections, each with its say: the weighted means."""
    total, points = sum(shares.values()), Counter()
    for key, say in shares.items():
        for theme, value in scores[key][2].items():
            points[theme] += say * value / total
    return points, sum(say * scores[key][3] for key, say in shares.items()) / total
