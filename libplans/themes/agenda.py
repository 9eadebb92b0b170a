"""The national agenda: which priorities of the national plan does another plan take up, and what is its own?

Two signs are kept apart. *Reuse*: how much of a national section stands in the other plan, from the passages that text
reuse found. *Similarity*: how alike two sections are in their words, weighted by tf-idf (Salton and Buckley 1988,
Information Processing and Management 24, 513–523), with pairs of characters as support, since short texts share few
whole words, and with the codebook's theme as a second witness. A level is a first look: every row names what to read.
"""

from collections import Counter

import numpy as np
import pandas as pd

from ..errors import PlanError
from ..reuse.measures import cover_masks
from .alike import Alikeness
from .repeats import shared_characters

LEVELS = ("copied", "adapted", "same topic", "absent")
#: copied: at least half of the national section stands in the other plan
COPIED = 0.5
#: adapted: at least a fifth stands there, more than one sentence of a usual section of five or six
ADAPTED = 0.2
TERMS = 6  #: shared terms that a row names

_AGENDA = (
    "section chapter title path theme start end plan level share_verbatim share_adapted similarity own_similarity "
    "counterpart counterpart_title counterpart_start counterpart_end terms"
).split()
_OWN = "plan section title path theme start end chars reused similarity nearest nearest_title terms opening".split()
_TEXT = set("title path theme plan counterpart_title terms opening nearest_title plans level".split())
_WHOLE = set("section chapter start end counterpart counterpart_start counterpart_end nearest chars absent".split())
_GAPS = "section title path theme start end absent plans everywhere".split()


def national_plan(corpus, national=None):
    """The id of the national plan: `national` where it is given, else the one plan of level "national".

    Raises PlanError where there is none, where there are several, or where the one named is not in the corpus.
    """
    plans = corpus.plans[corpus.plans["role"] != "reference"]
    if national is not None:
        if national not in set(plans["plan"]):
            raise PlanError(f"agenda: no plan is called {national!r}; the plans are {', '.join(plans['plan'])}")
        return national
    found = plans.loc[plans["level"] == "national", "plan"].tolist()
    if len(found) != 1:
        told = ", ".join(found) or "none"
        raise PlanError(f"agenda: plans of level national: {told}; name the one to compare with: national=…")
    return found[0]


def has_national(corpus):
    """Whether the corpus has exactly one plan of level "national"."""
    plans = corpus.plans[corpus.plans["role"] != "reference"]
    return int((plans["level"] == "national").sum()) == 1


def empty_agenda():
    """The table of `national_agenda` without a row."""
    return _table([], _AGENDA)


def national_agenda(corpus, passages, national=None, themes=None):
    """The best counterpart of each national section in each other plan: a row a section with own text and plan.

    Columns: section, chapter (number of the section of depth 1 over it), title, path, theme, start, end (the national
    section with its heading); plan; level;
    share_verbatim and share_adapted (0–1, of the national section's own body characters that stand in the plan);
    similarity (0–1, of the counterpart); own_similarity (the same without the wording that the two plans share);
    counterpart, counterpart_title, counterpart_start, counterpart_end (empty where absent); terms (shared words that
    weigh most). Levels: copied, half or more of it stands there; adapted, a fifth or more; same topic, a section is
    more alike than two different tasks of one plan usually are (`topic_threshold`); else absent.

    `national` is the id of the plan compared with (default: the one of level "national"), `themes` the table of
    `assign_themes` (default: made here). It does not say who wrote first, nor that a plan means what it takes up; same
    topic and absent rest on words and are wrong for about one section in five (docs/themes.md). PlanError as in
    `national_plan`.
    """
    national = national_plan(corpus, national)
    alike = Alikeness(corpus, _themes(corpus, passages, themes))
    sections = _sections(corpus)
    least = alike.between_chapters(national)
    shares = _shares(corpus, passages, national)
    taken = _sources(shared_characters(corpus, set(alike.keys), passages[passages["target"] == national]))
    wording, rows = _Wording(corpus, passages), []
    for key in alike.keys_of(national):
        here = sections[key]
        for plan in _others(corpus, national):
            share = tuple(round(shares.get((plan, kind, key[1]), 0.0), 4) for kind in ("verbatim", "adapted"))
            best, value = alike.best(key, plan)
            if sum(share) >= ADAPTED:
                best = taken.get((key, plan), best)
                value = alike(key, best)
            level = _level(sum(share), value, least)
            row = {**_place(here), "chapter": alike.chapter(key), "theme": alike.theme(key)}
            row |= {"plan": plan, "level": level}
            row |= {"share_verbatim": share[0], "share_adapted": share[1], "similarity": value}
            row["own_similarity"] = wording.apart(alike, key, best) if best and sum(share) else value
            if best and level != "absent":
                row |= {"counterpart_" + name: _place(sections[best])[name] for name in ("title", "start", "end")}
                row |= {"counterpart": best[1], "terms": "、".join(alike.terms(key, best, TERMS))}
            rows.append(row)
    return _table(rows, _AGENDA)


def own_initiatives(corpus, passages, national=None, themes=None):
    """What each plan says that neither the national plan nor, in its wording, any other plan says: a row a section.

    Sections with own text are taken of which less than a fifth stands in another plan (verbatim or adapted) and which
    are no more alike to any national section than two different tasks of one plan usually are; those without a topic
    (theme `frame`: prefaces, reviews, principles) are left out. Columns: plan, section, title, path, theme, start,
    end, chars (body characters), reused (0–1, share that stands in any other plan), similarity and nearest (the most
    alike national section), nearest_title, terms (its weightiest words), opening (its first words). An initiative is
    own among the plans given: a plan that is not in the corpus may have it too.
    """
    national = national_plan(corpus, national)
    alike = Alikeness(corpus, _themes(corpus, passages, themes))
    sections, least = _sections(corpus), alike.between_chapters(national)
    rows = []
    for plan in _others(corpus, national):
        shares, chars = _shares(corpus, passages, plan, "any"), _body_chars(corpus, plan)
        for key in alike.keys_of(plan):
            reused = sum(shares.get(("any", kind, key[1]), 0.0) for kind in ("verbatim", "adapted"))
            nearest, value = alike.best(key, national)
            if reused >= ADAPTED or value >= least or alike.theme(key) == "frame":
                continue
            here = sections[key]
            row = {**_place(here), "plan": plan, "theme": alike.theme(key), "chars": chars.get(key[1], 0)}
            row |= {"reused": round(reused, 4), "similarity": value, "nearest": nearest and nearest[1]}
            row["nearest_title"] = sections[nearest].title if nearest else ""
            row["terms"] = "、".join(alike.terms(key, key, TERMS))
            row["opening"] = corpus.text(plan, int(here.body_start), int(here.body_end))[:60]
            rows.append(row)
    return _table(rows, _OWN)


def agenda_gaps(agenda, least=1):
    """National priorities without a counterpart in `least` plans or more: a row a national section.

    `agenda` is the table of `national_agenda`. Columns: section, title, path, theme, start, end, absent (number of
    plans), plans (their ids), everywhere (whether it is absent from all). Sections without a topic (theme `frame`) are
    left out. The sections absent from most plans come first.
    """
    count, rows = agenda["plan"].nunique(), []
    for _, group in agenda[agenda["theme"] != "frame"].groupby("section", sort=True):
        missing = group.loc[group["level"] == "absent", "plan"].tolist()
        if len(missing) >= max(least, 1):
            row = group.iloc[0][["section", "title", "path", "theme", "start", "end"]].to_dict()
            rows.append(row | {"absent": len(missing), "plans": ";".join(missing), "everywhere": len(missing) == count})
    return _table(sorted(rows, key=lambda row: (-row["absent"], row["section"])), _GAPS)


def topic_threshold(corpus, passages, national=None, themes=None):
    """The similarity (0–1) from which two sections count as the same topic.

    A plan hardly sets the same task in two chapters. So for each section of the national plan the most alike section
    in its *other* chapters is sought; half of these lie below the threshold (their median). It moves with the corpus:
    where all plans use the same words for everything, more is asked for.
    """
    return Alikeness(corpus, _themes(corpus, passages, themes)).between_chapters(national_plan(corpus, national))


# ---------------------------------------------------------------------------------------------------- the steps


def _level(share, similarity, least):
    if share >= COPIED:
        return "copied"
    if share >= ADAPTED:
        return "adapted"
    return "same topic" if similarity >= least else "absent"


def _themes(corpus, passages, themes):
    from .assign import assign_themes

    return assign_themes(corpus, passages=passages) if themes is None else themes


def _others(corpus, national):
    return [plan for plan in corpus.plan_ids if plan != national and corpus.roles.get(plan) != "reference"]


def _sections(corpus):
    return {(row.plan, int(row.section)): row for row in corpus.sections.itertuples(index=False)}


def _place(row):
    title = " ".join(part for part in (str(row.number), str(row.title)) if part)
    end = int(row.body_end)
    return {"section": int(row.section), "title": title, "path": row.path, "start": int(row.start), "end": end}


def _section_of(corpus, plan):
    """The section of each character of a plan's stream."""
    here = corpus.sentences[corpus.sentences["plan"] == plan]
    found = dict(zip(here["sentence"].astype(int), here["section"].astype(int), strict=True))
    return np.array([found[number] for number in np.asarray(corpus.stream(plan).sentence).tolist()], dtype=np.int64)


def _body_chars(corpus, plan):
    body = np.asarray(corpus.stream(plan).body, dtype=bool)
    return Counter(_section_of(corpus, plan)[body].tolist())


def _shares(corpus, passages, target, source=None):
    """(source, kind, section of the target) -> share of the section's own body that stands in the source."""
    section, chars = _section_of(corpus, target), _body_chars(corpus, target)
    shares = {}
    for (other, kind), mask in cover_masks(corpus, passages[passages["target"] == target])[target].items():
        if source in (None, other) and kind != "formula":
            for number, count in Counter(section[mask].tolist()).items():
                shares[other, kind, number] = count / chars[number]
    return shares


def _sources(shared):
    """(section, plan) -> the section of the plan in which most of its shared wording stands."""
    best = {}
    for (one, other), count in shared.items():
        best[one, other[0]] = min(best.get((one, other[0]), (0.0, other)), (-round(count, 4), other))
    return {key: other for key, (_, other) in best.items()}


class _Wording:
    """The sentences of each section and the spans that two plans share, looked up once for all sections."""

    def __init__(self, corpus, passages):
        self._corpus, self._rows, self._spans = corpus, {}, {}
        for row in corpus.sentences.itertuples(index=False):
            self._rows.setdefault((row.plan, int(row.section)), []).append(row)
        columns = (passages[name] for name in ("target", "source", "target_start", "target_end"))
        for target, source, start, end in zip(*columns, strict=True):
            self._spans.setdefault((target, source), []).append((int(start), int(end)))

    def apart(self, alike, one, other):
        """The similarity of two sections without the wording that their plans share."""
        return alike.of_texts(self._outside(one, other[0]), self._outside(other, one[0]), one, other)

    def _outside(self, key, source):
        """The text of a section (its heading too) outside of what its plan shares with another, a full stop at each
        cut."""
        out, spans = [], self._spans.get((key[0], source), [])
        for row in self._rows.get(key, []):
            offsets = self._corpus.sentence_offsets(key[0], row.sentence)
            here = [(start, end) for start, end in spans if start < row.end and end > row.start]
            for character, offset in zip(row.text, offsets.tolist(), strict=True):
                out.append("。" if any(start <= offset < end for start, end in here) else character)
        return "".join(out)


def _table(rows, columns):
    table = pd.DataFrame([{**dict.fromkeys(columns), **row} for row in rows], columns=columns)
    for column in set(columns) & _TEXT:
        table[column] = table[column].fillna("").astype(object)
    for column in set(columns) & _WHOLE:
        table[column] = table[column].astype("Int64")
    return table
