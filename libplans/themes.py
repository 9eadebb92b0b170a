"""Themes: what is each section about, by the codebook?

Dictionary-based coding: `data/codebook.csv` lists for each of the sixteen themes its terms with a weight (3 decides
almost alone, 2 is strong, 1 is a hint). A section's score for a theme adds up what its own heading, its text and the
headings above it say. Nothing is learned; `theme_evidence` shows every term that took part, and a researcher can
edit the file.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from .codebook import read_codebook, simplify, themes_list
from .errors import PlanError
from .repeats import repeated_groups
from .tables import frame
from .words import term_counts

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
#: a second theme is named where its score reaches this share of the first
SECOND = 0.5


def assign_themes(corpus, clusters=None, codebook=None, passages=None):
    """The theme of every section: the table `themes` (one row a section that has text of its own or under it).

    Columns: plan, section, start, end (the section's heading with its own text; with all under it where it has no text
    of its own), theme, second_theme ("" where none is due), weight (share of the first theme in the scores, 0–1: how
    clear the decision was, not a probability), cluster and cluster_weight (from `clusters`, the table that
    `clusters.cluster_sections` returns; empty without it).
    `codebook` is the path of another codebook file. `passages` (the table of `find_reuse`) makes sections that repeat
    each other for at least half of their text decide together, as a reader who knows both would.
    """
    scores = {(place.plan, place.section): _scores(place) for place in _places(corpus, read_codebook(codebook))}
    if passages is not None:
        scores = _together(corpus, scores, passages)
    found = _cluster_lookup(clusters)
    rows = []
    for (plan, section), (start, end, points, share) in scores.items():
        theme, second, weight = _decide(points, share)
        cluster, cluster_weight = found.get((plan, section), (None, None))
        rows.append(
            {
                "plan": plan,
                "section": section,
                "start": start,
                "end": end,
                "theme": theme,
                "second_theme": second,
                "weight": round(weight, 3),
                "cluster": cluster,
                "cluster_weight": cluster_weight,
            }
        )
    return frame("themes", rows)


def theme_evidence(corpus, plan, section, codebook=None):
    """The terms that decided a section's theme: a DataFrame with zone, term, count, theme, weight, points, largest
    first.

    `zone` is heading (own heading, or the opening clause where the section is a numbered paragraph without one), text,
    or above (the headings over it). The points of a theme add up to its score. Empty where no term of the codebook
    occurs. Raises PlanError for a section that does not exist.
    """
    import pandas as pd

    rows = []
    for place in _places(corpus, read_codebook(codebook), only=(plan, int(section))):
        for zone, counts in place.zones.items():
            rows += [
                (zone, term, count, theme, weight, round(points, 4))
                for term, count, theme, weight, points in _points(zone, counts, place.codebook)
            ]
        break
    else:
        raise PlanError(f"{plan}: no section {section}; the sections are numbered in the table `sections`")
    table = pd.DataFrame(rows, columns=["zone", "term", "count", "theme", "weight", "points"])
    return table.sort_values(["points", "theme", "term"], ascending=[False, True, True], ignore_index=True)


def theme_coverage(corpus, codebook=None):
    """How much of each plan the codebook's terms cover: a DataFrame with plan, chars, covered, share (0–1), no_term.

    `chars` are the plan's body characters (as in `plans`: numbering markers do not count), `covered` those inside a
    term with a topic (not `frame`), `no_term` the share of sections without any such term. A library plan has about a
    third of its text covered; where the share is far below that, the themes say little about the plan.
    """
    import numpy as np
    import pandas as pd

    codebook = read_codebook(codebook)
    topical = {term for term, themes in codebook.items() if set(themes) != {"frame"}}
    rows = []
    for plan in corpus.plan_ids:
        sentences = corpus.sentences[(corpus.sentences["plan"] == plan) & (corpus.sentences["kind"] != "heading")]
        chars, covered = int(np.asarray(corpus.stream(plan).body, dtype=bool).sum()), 0
        with_term = set()
        for text, section in zip(sentences["text"], sentences["section"], strict=True):
            inside = {term: count for term, count in _term_counts(text, codebook).items() if term in topical}
            covered += sum(len(term) * count for term, count in inside.items())
            if inside:
                with_term.add(int(section))
        sections = {int(section) for section in sentences["section"]}
        share, no_term = covered / chars if chars else 0.0, 1 - len(with_term) / len(sections) if sections else 0.0
        rows.append((plan, chars, covered, round(share, 4), round(no_term, 4)))
    return pd.DataFrame(rows, columns=["plan", "chars", "covered", "share", "no_term"])


def theme_emphasis(corpus, themes, passages=None):
    """How much of each plan goes to each theme: a DataFrame with plan, theme, chars, share, sections.

    `share` is the share of the plan's body characters (body, table and note sentences) that stand in the own text of
    sections with that theme; the shares of a plan add up to 1. Every theme has a row for every plan, 0 where it is
    absent. With `passages`, characters that repeat another plan word for word or adapted are left out of both sides.
    It measures room, not importance: a duty stated in one line may bind more than a page.
    """
    import numpy as np
    import pandas as pd

    primary = {(row.plan, int(row.section)): row.theme for row in themes.itertuples(index=False)}
    rows = []
    for plan in corpus.plan_ids:
        stream = corpus.stream(plan)
        keep = np.asarray(stream.body, dtype=bool).copy()
        if passages is not None:
            mine = passages[(passages["target"] == plan) & passages["kind"].isin(["verbatim", "adapted"])]
            for start, end in zip(mine["target_start"], mine["target_end"], strict=True):
                low, high = np.searchsorted(stream.offsets, [int(start), int(end)])
                keep[low:high] = False
        sentences = corpus.sentences[corpus.sentences["plan"] == plan]
        section_of = dict(zip(sentences["sentence"].astype(int), sentences["section"].astype(int), strict=True))
        numbers, counts = np.unique(stream.sentence[keep], return_counts=True)
        chars = Counter()
        for sentence, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            chars[primary.get((plan, section_of[sentence]), "frame")] += count
        held = Counter(theme for (p, _), theme in primary.items() if p == plan)
        total = sum(chars.values())
        rows += [
            (plan, theme, chars[theme], chars[theme] / total if total else 0.0, held[theme])
            for theme in themes_list()["theme"]
        ]
    return pd.DataFrame(rows, columns=["plan", "theme", "chars", "share", "sections"]).round({"share": 6})


# ------------------------------------------------------------------------------------------ evidence and scores


@dataclass(frozen=True)
class _Place:
    """A section with its codebook terms by zone; `own` says whether it has text of its own."""

    plan: str
    section: int
    start: int
    end: int
    own: bool
    zones: dict
    codebook: dict


def _term_counts(text, codebook):
    return term_counts(simplify(text), codebook)


def _places(corpus, codebook, only=None):
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
            counts[key] += _term_counts(row.text, codebook)
    headings = {key: _term_counts(row.title, codebook) for key, row in sections.items()}
    for key, clause in opening.items():
        headings[key] = _term_counts(clause, codebook)
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
        yield _Place(
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


def _points(zone, counts, codebook):
    """Rows (term, count, theme, weight, points) of one zone; the points of a zone add up to less than ZONES[zone]."""
    rows = [
        (term, count, theme, weight, weight * math.log2(1 + count))
        for term, count in sorted(counts.items())
        for theme, weight in codebook[term].items()
    ]
    total = sum(row[-1] for row in rows) + ENOUGH[zone]
    return [(*row[:-1], ZONES[zone] * row[-1] / total) for row in rows]


def _scores(place):
    """(start, end, theme -> score, share of the best topic in heading and text)."""
    points, own = Counter(), Counter()
    for zone, counts in place.zones.items():
        for _, _, theme, _, value in _points(zone, counts, place.codebook):
            points[theme] += value
            if zone != "above" or not place.own:  # a box without text of its own follows its chapter
                own[theme] += value
    total = sum(own.values())
    topics = [value for theme, value in own.items() if theme != "frame"]
    share = max(topics) / total if topics and total else 0.0
    if place.section == 1 or not place.own and share < LEAST_UNDER:
        share = 0.0  # an overview, as the plan as a whole always is
    return place.start, place.end, points, share


def _decide(points, share):
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


def _together(corpus, scores, passages):
    """Scores with sections that repeat each other, either for at least half, given the mean of their scores."""
    groups = defaultdict(list)
    for key, first in repeated_groups(corpus, passages, set(scores)).items():
        groups[first].append(key)
    result = dict(scores)
    for keys in groups.values():
        if len(keys) > 1:
            points = Counter()
            for key in keys:
                for theme, value in scores[key][2].items():
                    points[theme] += value / len(keys)
            share = sum(scores[key][3] for key in keys) / len(keys)
            for key in keys:
                result[key] = (*scores[key][:2], points, share)
    return result


def _cluster_lookup(clusters):
    if clusters is None:
        return {}
    return {
        (row.plan, int(row.section)): (int(row.cluster), float(row.cluster_weight))
        for row in clusters.itertuples(index=False)
    }
