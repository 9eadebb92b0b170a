"""Leftovers: which wording in a plan belongs to another institution, or to another document, and was carried along?

Precision first. Everything reported stands in a passage shared with the plan to which it belongs (editing marks
apart), and each row says on what evidence. A leftover speaks for borrowing; it is no proof, and each should be read
in its place before it is quoted.
"""

import re

from ..tables import frame
from .formulae import GENERIC_NAMES, bare, documented_formulae
from .marks import Aligner
from .measures import targets
from .substitutions import QUOTE

CLAUSE = re.compile(r"[^，。；！？\t]+")
NATION = re.compile(r"全国(?!文明|先进|优秀|知名|珍贵|重点|一流)")
DUTY = re.compile(
    r"(?:公布|发布|编制|制定|评选).{0,16}全国|(?:建设|推动|成立|组建|设立|建立).{0,6}全国.{0,40}(?:中心|基地|总库|联盟)"
)
WEAKER_DUTY = re.compile(r"(?:依托|联合|组织|引领|指导|统筹|推动|带动).{0,10}全国")
BRAND_TAIL = re.compile(r"(?:大讲堂|讲堂|讲坛|系列活动|系列|活动|计划|项目|工程|大赛|品牌|论坛|平台|数据库|资源库)+$")
ACTIVITY = re.compile(r"”?.{0,4}(?:讲堂|讲坛|课堂|系列|活动|展|大赛|比赛|俱乐部|品牌|计划|项目|建设)")
STRUCTURE = re.compile(r"重点(?:发展)?指标|(?:附件|附表|专栏|表)\s*[0-9一二三四五六七八九十]+|(?:上|下|附)表")
ONLY_HERE = "name that no other plan uses"
MARKS = {"margin_comment": "editing mark published with the text", "bookmark": "editing mark published with the text"}


def find_leftovers(corpus, passages):
    """Wording carried along from another institution's plan, as table `leftovers`, in the order of the plans.

    `belongs_to` is the plan whose wording it is (empty for editing marks), `strength` is strong (the wording can only
    be the other institution's), medium (it fits the other better) or weak. Evidence: a name or abbreviation of the
    other institution or its region; a duty that only a national body has; a brand that is the other's own; a part of
    the document that this plan lacks; an editing mark.
    """
    aligner, rows = Aligner(corpus), []
    plans = corpus.plans.set_index("plan")
    reused = passages[passages["kind"] != "formula"]
    known = {plan: _Known(corpus, plan) for plan in plans.index}
    for row in reused.itertuples(index=False):
        marks = aligner.marks(row)
        place = _Place(corpus, aligner, plans, row, marks, known)
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
    """One row for each place and owner, the strongest first; sorted by plan and place.

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
    return sorted(
        best.values(), key=lambda row: (order.index(row["plan"]), row["start"], row["end"], row["belongs_to"])
    )


class _Known:
    """What the rules ask of a plan again and again: its sentences, its titles, the names of its activities."""

    def __init__(self, corpus, plan):
        self.sentences = corpus.sentences[corpus.sentences["plan"] == plan]
        self.starts, self.ends = self.sentences["start"].to_numpy(), self.sentences["end"].to_numpy()
        self.titles = "".join(bare(title) for title in corpus.sections.loc[corpus.sections["plan"] == plan, "title"])
        self.brands = sorted(_brand_names(self.sentences["text"]))

    def between(self, start, end):
        """The sentences that touch a raw span."""
        return self.sentences[(self.ends > start) & (self.starts < end)]


class _Place:
    """A passage as the rules see it: streams, the target's copied characters, and what is known of the two plans."""

    def __init__(self, corpus, aligner, plans, row, marks, known):
        self.known = known
        self.corpus, self.aligner, self.row, self.marks, self.plans = corpus, aligner, row, marks, plans
        self.target, self.source = row.target, row.source
        self.first = int(marks.indices[0]) if len(marks.indices) else 0
        chars = aligner.streams[row.target].chars
        self.text = chars[self.first : self.first + len(marks.indices)]
        self.copied = marks.sources >= 0

    def level(self, plan):
        """Administrative level of a plan, "" where it is not known."""
        return str(self.plans.loc[plan, "level"])

    def chars(self, plan):
        """The stream of a plan."""
        return self.aligner.streams[plan].chars

    def others(self):
        """The plans that are neither target nor source."""
        return [plan for plan in self.corpus.plan_ids if plan not in (self.target, self.source)]

    def found(self, start, end, evidence, strength):
        """A row for a stretch of the passage, if all of it was copied."""
        if not self.copied[start:end].all():
            return []
        offsets = self.aligner.streams[self.target].offsets
        low, high = int(offsets[self.first + start]), int(offsets[self.first + end - 1]) + 1
        return [
            {
                "plan": self.target,
                "start": low,
                "end": high,
                "text": self.corpus.text(self.target, low, high),
                "belongs_to": self.source,
                "evidence": evidence,
                "strength": strength,
            }
        ]


def _names(place):
    """Names and abbreviations of the source's institution, or of its region, in the target's copied words."""
    rows = []
    own = {bare(name) for name in place.corpus.aliases(place.target)}
    formulae = [bare(formula) for formula, _ in documented_formulae()]
    for name in sorted({bare(name) for name in place.corpus.aliases(place.source)} - own - set(GENERIC_NAMES) - {""}):
        for hit in re.finditer(re.escape(name), place.text):
            start, end = hit.span()
            if name.endswith("图") and place.text[end : end + 1] == "书":
                continue  # 国图 in 全国图书馆 is no name
            around = place.text[max(start - 20, 0) : end + 20]
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
    stream = place.aligner.streams[place.target]
    inside = stream.offsets[place.marks.indices[place.copied]]
    table = place.known[place.target].between(place.row.target_start, place.row.target_end)
    for sentence in table.itertuples(index=False):
        offsets = place.corpus.sentence_offsets(place.target, int(sentence.sentence))
        for clause in CLAUSE.finditer(sentence.text):
            nation = NATION.search(clause.group())
            if not nation:
                continue
            low, high = int(offsets[clause.start()]), int(offsets[clause.end() - 1]) + 1
            spot = int(offsets[clause.start() + nation.start()])
            if spot not in inside:
                continue
            strength = (
                "strong" if DUTY.search(clause.group()) else "medium" if WEAKER_DUTY.search(clause.group()) else ""
            )
            if strength:
                rows.append(
                    {
                        "plan": place.target,
                        "start": low,
                        "end": high,
                        "text": clause.group(),
                        "belongs_to": place.source,
                        "evidence": "duty or reach of a national body",
                        "strength": strength,
                    }
                )
    return rows


def _brands(place):
    """Names of activities of the source that stand in no third plan, and in the target only where they were copied."""
    rows = []
    source, target = place.chars(place.source), place.chars(place.target)
    known = "".join(bare(formula) for formula, _ in documented_formulae())
    for brand in place.known[place.source].brands:
        hits = [hit.span() for hit in re.finditer(re.escape(brand), place.text)]
        if not hits or brand in known or any(brand in place.chars(plan) for plan in place.others()):
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


def _brand_names(texts):
    """Quoted names in the sentences of a plan that are followed by the word for an activity, without their generic
    ends; three characters or more."""
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
    return names


def _structure(place):
    """Parts of the document that the source has and the target lacks."""
    rows = []
    titles = {plan: place.known[plan].titles for plan in (place.target, place.source)}
    for hit in STRUCTURE.finditer(place.text):
        word = hit.group()
        if word in titles[place.target] or place.chars(place.target).count(word) > 1:
            continue
        if word in titles[place.source]:
            rows += place.found(*hit.span(), "part of the document that this plan lacks", "strong")
    return rows
