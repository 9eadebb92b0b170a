"""Citations: which documents does a plan cite, and from which level of government do they come?

A citation is a title in book-title marks 《…》 (also ＜＜…＞＞ or <<…>>), or an unmarked title in a list between
marked ones. The words of the title and of its surroundings tell laws, plans, policies and standards from journals,
books, films and databases, which carry the same marks. Titles are brought to one name each; 《规划》 and the like
are resolved to the document meant.
"""

import re

from ..tables import frame
from .documents import document_name
from .kinds import POLICY_KINDS, document_kind, is_institution, issuer_level

_MARKED = re.compile(r"《[^《》]{1,120}》|(?:<<|＜＜)[^<>＜＞《》]{2,80}(?:>>|＞＞)")
_UNMARKED = re.compile(
    r"(?<=[》>＞])[、，]([^《》、，。；：]{4,40}(?:规划|纲要|意见|条例|办法|方案))(?=[、，和及以与]+(?:《|<<|＜＜))"
)
#: a five-year plan without marks that ends such a list: 《纲要》和国家“十四五”文化改革发展规划
_LAST = re.compile(
    r"(?<=[》>＞])(?:和|及|以及|与|、)([^《》、，。；：]{0,8}[“\"]十.五[”\"][^《》、，。；：]{2,20}(?:规划|纲要))(?=[，。；等]|$)"
)
_MARKS = re.compile(r"[、，,和与及以或\s]*")
_GAP = re.compile(r"[、，,和与及以或\s]*[^《》，。；：！？、]{0,4}")  # what may stand between two titles of one list
_GENERIC = re.compile(
    r"(?:发展)?(?:规划|纲要|规划纲要|意见|实施意见|指导意见|通知|办法|管理办法|条例|方案|实施方案|细则|实施细则|标准|规范|决定|建议|"
    r"计划|行动计划|章程|规定|法|报告|指南)"
)
_DRAFTING = "(?:研究)?(?:编制|编写|制定|制订|起草|草拟|拟定|研制|出台|修订|修改|完善)"
_DRAFTED_BEFORE = re.compile(rf"{_DRAFTING}(?:完成|了|和|及|并|发布|印发|实施|执行|[本全我][省市县区州馆])*$")
_DRAFTED_AFTER = re.compile(rf"^等?[^，。；《》]{{0,12}}{_DRAFTING}(?:工作)?(?=[，。；、和]|$)")
_BY_OTHERS = re.compile(
    r"(?:国务院|中央|人大|(?:省|市|县|区|州|人民)政府|(?:省|市|县|区|党)委|(?<!我)(?:部|厅|局|委|办公厅))(?:已|先后|正式|联合|推动)*$"
)
_SHORT = re.compile(r"[（(，,]?\s*(?:以下|下)?(?:统|均)?简称(?:为)?\s*[：:]?\s*$")


def find_citations(corpus, status=False):
    """Every document cited, at each place: the table `citations` (plan, start, end, raw, document, kind, issuer_level).

    `start`, `end` and `raw` are the title with its marks. `document` is its one name (see `document_name`; 《规划》
    is given as the document meant). `kind` is law, plan, policy or standard for a policy document, else report,
    journal, book, film, database or other. `issuer_level` is national, province, city or institution, empty where it
    is not known and for works that are no policy document. With `status` a column more tells what a plan does with
    a policy document: cited, drafted (it speaks of writing or revising it: 编制《…》, 《…》等标准的制定), or own
    (itself); empty for works. Citations stand in order of place. References are searched only where nothing else is
    there.
    """
    rows = []
    plans = [p for p in corpus.plan_ids if corpus.roles.get(p) != "reference"] or list(corpus.plan_ids)
    titles = _titles(corpus)
    by_plan = {plan: table for plan, table in corpus.sentences.groupby("plan", sort=False)}
    for plan in plans:
        if plan not in by_plan:
            continue
        memory = _Memory(titles.get(plan, ""))
        for sentence, text in zip(by_plan[plan]["sentence"], by_plan[plan]["text"], strict=True):
            if "《" not in text and "<<" not in text and "＜＜" not in text:
                continue
            offsets = corpus.sentence_offsets(plan, int(sentence))
            for found in cited_titles(text, memory):
                start, end = found.pop("start"), found.pop("end")
                rows.append({"plan": plan, "start": int(offsets[start]), "end": int(offsets[end - 1]) + 1, **found})
    statuses = [row.pop("status") for row in rows]
    table = frame("citations", rows)
    return table.assign(status=statuses) if status else table


def cited_titles(text, memory=None):
    """The titles cited in one sentence: a list of dicts with start, end (offsets into `text`), raw, document, kind,
    issuer_level, status.
    """
    memory = memory or _Memory("")
    found = []
    for group in _lists(text):
        before, after = text[max(0, group[0][0] - 20) : group[0][0]], text[group[-1][1] : group[-1][1] + 24]
        for (start, end), run in zip(group, _runs(group, text), strict=True):
            name = text[start:end].strip("《》<>＜＞、， ")
            document, kind, level = memory.resolve(name, text[max(0, start - 20) : start])
            if not kind:
                own_after = text[end : end + 16]
                kind = document_kind(name, own_after, before, after)
                level = issuer_level(name, kind, text[max(0, start - 16) : start], before)
                document = document_name(name)
                memory.remember(name, (document, kind, level))
            found.append(
                {
                    "start": start,
                    "end": end,
                    "raw": text[start:end],
                    "document": document,
                    "kind": kind,
                    "issuer_level": level,
                    "status": memory.status(document, kind, text, run),
                }
            )
    return found


def citation_network(citations, policy_only=True, corpus=None):
    """Plans and the documents that they cite: a networkx DiGraph with an edge plan → document, `weight` the number
    of places.

    Nodes carry `type` (plan or document), documents also `kind`, `issuer_level` and `plans` (how many plans cite them).
    With `policy_only` books, journals, films and databases are left out, and what a plan drafts or says of itself
    (`status`; for a table without that column, give the corpus). Nodes and edges are in sorted order.
    """
    import networkx

    table = policy_citations(citations) if policy_only else citations
    if corpus is not None:
        own = {(plan, document_name(title)) for plan, title in _titles(corpus).items()}
        table = table[[(plan, name) not in own for plan, name in zip(table["plan"], table["document"], strict=True)]]
    network = networkx.DiGraph()
    for plan in sorted(set(table["plan"])):
        network.add_node(plan, type="plan")
    for document, rows in sorted(table.groupby("document"), key=lambda item: item[0]):
        network.add_node(
            document,
            type="document",
            kind=_most(rows["kind"]),
            issuer_level=_most(rows["issuer_level"]),
            plans=int(rows["plan"].nunique()),
        )
    for (plan, document), rows in sorted(table.groupby(["plan", "document"]), key=lambda item: item[0]):
        network.add_edge(plan, document, weight=len(rows))
    return network


def policy_citations(citations):
    """The citations of policy documents; of a table with `status` those that are cited, not drafted by the plan nor
    the plan itself."""
    kept = citations["kind"].isin(POLICY_KINDS)
    return citations[kept & (citations["status"] == "cited")] if "status" in citations else citations[kept]


def cited_levels(citations):
    """Who cites which level: a DataFrame with plan, kind, issuer_level, documents (different ones), places.

    Policy documents only, without those that a plan drafts and the plan itself (`status`).
    """
    groups = policy_citations(citations).groupby(["plan", "kind", "issuer_level"], sort=True)["document"]
    return groups.agg(documents="nunique", places="size").reset_index()


def _titles(corpus):
    """The title of each plan: the register's, or the heading of the document."""
    top = corpus.sections[corpus.sections["depth"] == 0]
    headings = dict(zip(top["plan"], top["title"], strict=True))
    return {
        plan: title or headings.get(plan, "")
        for plan, title in zip(corpus.plans["plan"], corpus.plans["title"], strict=True)
    }


def _most(values):
    counts = values.value_counts()
    return sorted(counts[counts == counts.max()].index)[0]


# ---------------------------------------------------------------------------------------------- titles in a sentence


def _lists(text):
    """The places of the titles, in lists: titles that only 、 和 or a few characters part belong together."""
    places = [(match.start(), match.end()) for match in _MARKED.finditer(text)]
    places += [(match.start(1), match.end(1)) for rule in (_UNMARKED, _LAST) for match in rule.finditer(text)]
    groups = []
    for start, end in sorted(places):
        gap = text[groups[-1][-1][1] : start] if groups else None
        if gap is not None and (not gap or gap[0] in "、，,和与及以或 " and _GAP.fullmatch(gap)):
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    return groups


def _runs(group, text):
    """(start, end) for each title of a list: of the titles around it that nothing but marks and 和 part."""
    runs = []
    for place in group:
        if runs and _MARKS.fullmatch(text[runs[-1][-1][1] : place[0]]):
            runs[-1].append(place)
        else:
            runs.append([place])
    return [(run[0][0], run[-1][1]) for run in runs for _ in run]


class _Memory:
    """What has been cited so far in a plan, for the titles that only point back."""

    def __init__(self, own_title):
        self.own, self.short, self.last, self.by_end = own_title.strip("《》 "), {}, None, {}
        self.own_document = document_name(self.own)

    def remember(self, name, entry):
        self.last = entry
        for size in range(1, min(len(name), 9)):
            if _GENERIC.fullmatch(name[-size:]):
                self.by_end[name[-size:]] = entry

    def status(self, document, kind, text, run):
        """What the plan does with a policy document that stands in a run of titles: cited, drafted or own; "" else."""
        if kind not in POLICY_KINDS:
            return ""
        if document == self.own_document:
            return "own"
        start, end = run
        before = re.split(r"[，。；！？：》]", text[max(0, start - 40) : start])[-1]
        verb = _DRAFTED_BEFORE.search(before)
        if verb and not _BY_OTHERS.search(before[: verb.start()].removesuffix("推动")):
            return "drafted"
        return "drafted" if _DRAFTED_AFTER.search(text[end : end + 30]) else "cited"

    def resolve(self, name, before):
        """(document, kind, level) of an abbreviation, or three times None for a title of its own."""
        own = None
        if _GENERIC.fullmatch(name) and self.own.endswith(name):
            level = "institution" if is_institution(self.own) else issuer_level(self.own, "plan", "", "")
            own = self.own_document, "plan", level
            if before.endswith("本"):
                return own
        if _SHORT.search(before) and self.last:
            self.short[name] = self.last
        if name in self.short:
            return self.short[name]
        if not _GENERIC.fullmatch(name):
            return None, None, None
        return self.by_end.get(name) or own or (None, None, None)
