"""Themes: what is each section about, by the codebook?

Dictionary-based coding: `data/codebook.csv` lists for each of the sixteen themes its terms with a weight (3 decides
almost alone, 2 is strong, 1 is a hint). A section's score for a theme adds up what its own heading, its text and the
headings above it say. Nothing is learned; `theme_evidence` shows every term that took part, and a researcher can
edit the file.
"""

from collections import Counter

from ..errors import PlanError
from ..tables import frame
from ..words import term_counts
from .bodies import by_plan
from .codebook import read_codebook, simplify, themes_list
from .scoring import decide, places, scored, together, zone_points


def assign_themes(corpus, clusters=None, codebook=None, passages=None, codes=None):
    """The theme of every section: the table `themes` (one row a section that has text of its own or under it).

    Columns: plan, section, start, end (the section's heading with its own text; with all under it where it has no text
    of its own), theme, second_theme ("" where none is due), weight (share of the first theme in the scores, 0–1: how
    clear the decision was, not a probability), cluster and cluster_weight (from `clusters`, the table that
    `clusters.cluster_sections` returns; empty without it).
    `codebook` is the path of another codebook file. `passages` (the table of `find_reuse`) makes sections that repeat
    each other for at least half of their text decide together, as a reader who knows both would; a section that stands
    in a longer one hears it too. `codes` is a coding by hand (the table of `theme_codes.read_codes`): it replaces theme
    and second theme of the sections that it names; their weight is then empty, for no score decided.
    """
    scores = {(place.plan, place.section): scored(place) for place in places(corpus, read_codebook(codebook))}
    if passages is not None:
        scores = together(corpus, scores, passages)
    found, given = _cluster_lookup(clusters), _given_codes(codes, scores)
    rows = []
    for (plan, section), (start, end, points, share) in scores.items():
        theme, second, weight = given.get((plan, section)) or decide(points, share)
        cluster, cluster_weight = found.get((plan, section), (None, None))
        rows.append(
            {
                "plan": plan,
                "section": section,
                "start": start,
                "end": end,
                "theme": theme,
                "second_theme": second,
                "weight": None if weight is None else round(weight, 3),
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
    for place in places(corpus, read_codebook(codebook), only=(plan, int(section))):
        for zone, counts in place.zones.items():
            rows += [
                (zone, term, count, theme, weight, round(points, 4))
                for term, count, theme, weight, points in zone_points(zone, counts, place.codebook)
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
    for plan, sentences in by_plan(corpus.sentences[corpus.sentences["kind"] != "heading"], corpus).items():
        chars, covered = int(np.asarray(corpus.stream(plan).body, dtype=bool).sum()), 0
        with_term = set()
        for text, section in zip(sentences["text"], sentences["section"], strict=True):
            inside = {term: count for term, count in term_counts(simplify(text), codebook).items() if term in topical}
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
    rows, reused, held = [], {}, Counter((plan, theme) for (plan, _), theme in primary.items())
    if passages is not None:
        reused = dict(iter(passages[passages["kind"].isin(["verbatim", "adapted"])].groupby("target")))
    for plan, sentences in by_plan(corpus.sentences, corpus).items():
        stream = corpus.stream(plan)
        keep = np.asarray(stream.body, dtype=bool).copy()
        if plan in reused:
            for start, end in zip(reused[plan]["target_start"], reused[plan]["target_end"], strict=True):
                low, high = np.searchsorted(stream.offsets, [int(start), int(end)])
                keep[low:high] = False
        section_of = dict(zip(sentences["sentence"].astype(int), sentences["section"].astype(int), strict=True))
        numbers, counts = np.unique(stream.sentence[keep], return_counts=True)
        chars = Counter()
        for sentence, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            chars[primary.get((plan, section_of[sentence]), "frame")] += count
        total = sum(chars.values())
        rows += [
            (plan, theme, chars[theme], chars[theme] / total if total else 0.0, held[plan, theme])
            for theme in themes_list()["theme"]
        ]
    return pd.DataFrame(rows, columns=["plan", "theme", "chars", "share", "sections"]).round({"share": 6})


def _given_codes(codes, scores):
    """(plan, section) -> (theme, second theme, None) of a coding by hand."""
    given = {}
    for row in () if codes is None else codes.itertuples(index=False):
        key = row.plan, int(row.section)
        if key not in scores:
            raise PlanError(f"codes: section {key[1]} of {key[0]} has no text to code; leave it out")
        given[key] = row.theme, row.second_theme, None
    return given


def _cluster_lookup(clusters):
    if clusters is None:
        return {}
    return {
        (row.plan, int(row.section)): (int(row.cluster), float(row.cluster_weight))
        for row in clusters.itertuples(index=False)
    }
