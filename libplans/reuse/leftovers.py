"""Leftovers: which wording in a plan belongs to another institution, or to another document, and was carried along?

Precision first. Everything reported stands in a passage shared with the plan to which it belongs (editing marks
apart), and each row says on what evidence. A leftover speaks for borrowing; it is no proof, and each should be read
in its place before it is quoted.
"""

import re
from functools import lru_cache

import numpy as np

from ..tables import frame
from .formulae import GENERIC_NAMES, bare, documented_formulae
from .marks import Aligner
from .measures import targets
from .substitutions import QUOTE

CLAUSE = re.compile(r"[^，。；！？\t]+")
NATION = r"全国(?!文明|先进|优秀|知名|珍贵|重点|一流)"
#: what only a national body does, says of itself, or reaches: (pattern, evidence, strength), the plainest first
REACH = [
    (
        re.compile(
            rf"(?:公布|发布|编制|制定|评选).{{0,16}}{NATION}"
            rf"|(?:建设|推动|成立|组建|设立|建立).{{0,6}}{NATION}.{{0,40}}(?:中心|基地|总库|联盟)"
        ),
        "duty or reach of a national body",
        "strong",
    ),
    (
        re.compile(r"其[他它](?:国家级|全国性).{0,12}(?:机构|中心|图书馆|单位)"),
        "counts the library among national bodies",
        "strong",
    ),
    (
        re.compile(rf"(?:依托|联合|组织|引领|指导|统筹|推动|带动).{{0,10}}{NATION}"),
        "duty or reach of a national body",
        "medium",
    ),
    (
        re.compile(rf"{NATION}.{{0,12}}(?:合作|协作|协调|交流)|国内外(?:行业|业界)|周边国家"),
        "duty or reach of a national body",
        "weak",
    ),
]
BRAND_TAIL = re.compile(r"(?:大讲堂|讲堂|讲坛|系列活动|系列|活动|计划|项目|工程|大赛|品牌|论坛|平台|数据库|资源库)+$")
ACTIVITY = re.compile(r"”?.{0,4}(?:讲堂|讲坛|课堂|系列|活动|展|大赛|比赛|俱乐部|品牌|计划|项目|建设)")
#: names of activities without quotation marks: the last of those listed as brands, and nation-wide
#: schemes that are not in the title of a document
UNQUOTED = re.compile(
    r"(?<=[、，])[一-鿿]{4,14}(?=等[一-鿿]{0,6}品牌)"
    r"|(?:中华|中国|全国)[一-鿿]{2,12}(?:计划|工程|行动|大会|讲坛|讲堂|论坛)(?![^《》]*》)"
)
NUMBERED_PART = re.compile(r"(?:附件|附表|专栏|表)\s*[0-9一二三四五六七八九十]+|(?:上|下|附)表")
PART = re.compile(r"指标|清单|附表|附件|分工表|路线图")
LEVEL = re.compile(r"[一-鿿]{2,}")
NO_LEVEL = {"title", "front", "plain"}
LACKING = "part of the document that this plan lacks"
ONLY_HERE = "name that no other plan uses"
MARKS = {"margin_comment": "editing mark published with the text", "bookmark": "editing mark published with the text"}


def find_leftovers(corpus, passages, aligner=None):
    """Wording carried along from another institution's plan, as table `leftovers`, in the order of the plans.

    `belongs_to` is the plan whose wording it is (empty for editing marks), `strength` is strong (the wording can only
    be the other institution's), medium (it fits the other better) or weak. Evidence: a name or abbreviation of the
    other institution or its region; a duty that only a national body has; a brand that is the other's own; a part of
    the document that this plan lacks; an editing mark.
    """
    aligner, rows = aligner or Aligner(corpus), []
    reused = passages[passages["kind"] != "formula"]
    known = {plan: _Known(corpus, plan) for plan in corpus.plans["plan"]}
    for row in reused.itertuples(index=False):
        marks = aligner.marks(row)
        place = _Place(corpus, aligner, row, marks, known)
        for find in (_names, _duties, _brands, _structure):
            rows += find(place)
    for row in corpus.cleaning[corpus.cleaning["rule"].isin(MARKS)].itertuples(index=False):
        if row.plan in targets(corpus):
            rows.append(
                {
                    "plan": row.plan,
                    "start": row.start,
                    "end": row.end,
                    "text": row.text,
                    "belongs_to": "",
                    "evidence": MARKS[row.rule],
                    "strength": "strong" if row.rule == "margin_comment" else "weak",
                }
            )
    return frame("leftovers", _once(rows, list(corpus.plan_ids)))


def _once(rows, order):
    """One row for each place and owner, the strongest of those that stand in one another; sorted by plan and place.

    A name that both plans use only in the shared passage (`medium` on the evidence of a name) shows nothing by
    itself: it is kept only where stronger leftovers say that this plan carried wording over from the other, and none
    says the reverse.
    """
    rank = {"strong": 0, "medium": 1, "weak": 2}
    carried = {(row["plan"], row["belongs_to"]) for row in rows if row["strength"] == "strong" and row["belongs_to"]}
    best = {}
    for row in rows:
        pair = row["plan"], row["belongs_to"]
        if row["evidence"].startswith(ONLY_HERE) and (pair not in carried or pair[::-1] in carried):
            continue
        key = row["plan"], row["start"], row["end"], row["belongs_to"]
        if key not in best or rank[row["strength"]] < rank[best[key]["strength"]]:
            best[key] = row
    kept = []
    for row in sorted(best.values(), key=lambda row: (rank[row["strength"]], row["start"] - row["end"])):
        if not any(_same_place(row, other) for other in kept):
            kept.append(row)
    return sorted(kept, key=lambda row: (order.index(row["plan"]), row["start"], row["end"], row["belongs_to"]))


def _same_place(row, other):
    """Whether one of two rows of the same plan and owner stands inside the other."""
    if (row["plan"], row["belongs_to"]) != (other["plan"], other["belongs_to"]):
        return False
    low, high = max(row["start"], other["start"]), min(row["end"], other["end"])
    return (low, high) in ((row["start"], row["end"]), (other["start"], other["end"]))


class _Known:
    """What the rules ask of a plan again and again: its sentences, its titles, the names of its activities."""

    def __init__(self, corpus, plan):
        self.sentences = corpus.sentences[corpus.sentences["plan"] == plan]
        self.starts, self.ends = self.sentences["start"].to_numpy(), self.sentences["end"].to_numpy()
        self.rows = list(self.sentences.itertuples(index=False))
        self.level = str(corpus.plans.set_index("plan").loc[plan, "level"])
        self.names = {bare(name) for name in corpus.aliases(plan)}
        self.titles = "".join(bare(title) for title in corpus.sections.loc[corpus.sections["plan"] == plan, "title"])
        self.brands = sorted(_brand_names(self.sentences["text"]))
        kinds = set(corpus.sections.loc[corpus.sections["plan"] == plan, "kind"]) - NO_LEVEL
        self.levels = {kind for kind in kinds if LEVEL.fullmatch(kind)}

    def between(self, start, end):
        """The sentences that touch a raw span."""
        return [self.rows[place] for place in np.flatnonzero((self.ends > start) & (self.starts < end)).tolist()]


class _Place:
    """A passage as the rules see it: streams, the target's copied characters, and what is known of the two plans."""

    def __init__(self, corpus, aligner, row, marks, known):
        self.known = known
        self.corpus, self.aligner, self.row, self.marks = corpus, aligner, row, marks
        self.target, self.source = row.target, row.source
        self.first = int(marks.indices[0]) if len(marks.indices) else 0
        chars = aligner.streams[row.target].chars
        self.text = chars[self.first : self.first + len(marks.indices)]
        self.copied = marks.sources >= 0

    def level(self, plan):
        """Administrative level of a plan, "" where it is not known."""
        return self.known[plan].level

    def chars(self, plan):
        """The stream of a plan."""
        return self.aligner.streams[plan].chars

    def others(self):
        """The plans that are neither target nor source."""
        return [plan for plan in self.corpus.plan_ids if plan not in (self.target, self.source)]

    def sentences(self):
        """The target's sentences that the passage touches."""
        return self.known[self.target].between(self.row.target_start, self.row.target_end)

    def found(self, start, end, evidence, strength):
        """A row for a stretch of the passage, if all of it was copied."""
        if not self.copied[start:end].all():
            return []
        offsets = self.aligner.streams[self.target].offsets
        low, high = int(offsets[self.first + start]), int(offsets[self.first + end - 1]) + 1
        return self._row(low, high, self.corpus.text(self.target, low, high), evidence, strength)

    def quoted(self, sentence, span, sign, evidence, strength):
        """A row for a span of a sentence's text, if the letters of the `sign` in it were copied."""
        stream = self.aligner.streams[self.target]
        offsets = self.corpus.sentence_offsets(self.target, int(sentence.sentence))
        inside = set(stream.offsets[self.marks.indices[self.copied]].tolist())
        letters = set(stream.offsets[slice(*self.aligner.span(self.target, sentence.start, sentence.end))].tolist())
        if not letters & set(offsets[slice(*sign)].tolist()) <= inside:
            return []
        low, high = int(offsets[span[0]]), int(offsets[span[1] - 1]) + 1
        return self._row(low, high, sentence.text[slice(*span)], evidence, strength)

    def _row(self, low, high, text, evidence, strength):
        return [
            {
                "plan": self.target,
                "start": low,
                "end": high,
                "text": text,
                "belongs_to": self.source,
                "evidence": evidence,
                "strength": strength,
            }
        ]


def _names(place):
    """Names and abbreviations of the source's institution, or of its region, in the target's copied words."""
    rows = []
    own = place.known[place.target].names
    formulae = None
    for name in sorted(place.known[place.source].names - own - set(GENERIC_NAMES) - {""}):
        for hit in re.finditer(re.escape(name), place.text):
            start, end = hit.span()
            if name.endswith("图") and place.text[end : end + 1] == "书":
                continue  # 国图 in 全国图书馆 is no name
            around = place.text[max(start - 20, 0) : end + 20]
            formulae = formulae or [bare(formula) for formula, _ in documented_formulae()]
            if any(name in formula and formula in around for formula in formulae):
                continue
            if any(name in other and other in around for other in own):
                continue
            word = place.text[start : min(end + 2, len(place.text))]
            rows += place.found(
                start,
                end,
                f"name of the other institution or its region: {name} (in {word}…)",
                "strong" if len(name) <= 3 or place.level(place.source) != "national" else "medium",
            )
    return rows


def _duties(place):
    """Duties of a national body in the words of a plan that is not national."""
    if place.level(place.source) != "national" or place.level(place.target) in ("national", ""):
        return []
    rows = []
    for sentence in place.sentences():
        for clause in CLAUSE.finditer(sentence.text):
            for pattern, evidence, strength in REACH:
                sign = pattern.search(clause.group())
                if sign:
                    start = clause.start()
                    rows += place.quoted(
                        sentence, clause.span(), (start + sign.start(), start + sign.end()), evidence, strength
                    )
                    break
    return rows


def _brands(place):
    """Names of activities of the source that stand in no third plan, and in the target only where they were copied."""
    rows = []
    source, target = place.chars(place.source), place.chars(place.target)
    for brand in place.known[place.source].brands:
        hits = [hit.span() for hit in re.finditer(re.escape(brand), place.text)]
        if not hits or brand in _known_formulae() or any(brand in place.chars(plan) for plan in place.others()):
            continue
        if target.count(brand) > len(hits):
            continue
        again = source.count(brand) > len(hits)
        evidence = (
            f"activity of {place.source}, which names it elsewhere too" if again else f"{ONLY_HERE} than these two"
        )
        for start, end in hits:
            rows += place.found(start, end, evidence, "strong" if again else "medium")
    return rows


@lru_cache(1)
def _known_formulae():
    """The documented formulae as they stand in a stream, one behind the other."""
    return "".join(bare(formula) for formula, _ in documented_formulae())


def _brand_names(texts):
    """Names of activities in the sentences of a plan, three characters or more: quoted ones that are followed by the
    word for an activity, without their generic ends, and some that stand without quotation marks (`UNQUOTED`)."""
    names = set()
    for text in texts:
        for quote in QUOTE.finditer(text):
            whole = quote.group().strip("“”")
            name = BRAND_TAIL.sub("", whole)
            if re.search(r"[，、；：]", whole) or not (
                name != whole or ACTIVITY.match(text[quote.end() : quote.end() + 12])
            ):
                continue
            if len(bare(name)) >= 3:
                names.add(bare(name))
        names.update(bare(name) for name in UNQUOTED.findall(text))
    return names


def _structure(place):
    """Parts of the document, or levels of its outline, that the source has and the target lacks."""
    rows = []
    titles = {plan: place.known[plan].titles for plan in (place.target, place.source)}
    hits = [hit.span() for hit in NUMBERED_PART.finditer(place.text) if hit.group() in titles[place.source]]
    for hit in PART.finditer(place.text):
        start = hit.start()
        while start and place.text[start - 1 : hit.end()] in titles[place.source]:
            start -= 1
        if start <= hit.start() - 2:
            hits.append((start, hit.end()))
    for start, end in hits:
        word = place.text[start:end]
        if word not in titles[place.target] and place.chars(place.target).count(word) == 1:
            rows += place.found(start, end, LACKING, "strong")
    return rows + _levels(place)


def _levels(place):
    """Enumerations of the levels of a plan (目标、策略、行动) that fit the source's outline and not the target's."""
    levels = {plan: place.known[plan].levels for plan in (place.target, place.source)}
    if not levels[place.source] - levels[place.target]:
        return []
    enumeration = _enumeration(frozenset(levels[place.source]))
    rows = []
    for sentence in place.sentences():
        for hit in enumeration.finditer(sentence.text):
            if any(level in hit.group() for level in levels[place.source] - levels[place.target]):
                rows += place.quoted(
                    sentence, hit.span(), hit.span(), "levels of a plan, which this plan lacks", "strong"
                )
    return rows


@lru_cache(256)
def _enumeration(levels):
    """The pattern of an enumeration of these levels."""
    word = "|".join(sorted(levels, key=lambda level: (-len(level), level)))
    return re.compile(rf"(?:{word})(?:[、和与及](?:{word}))+")
