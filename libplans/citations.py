"""Citations: which documents does a plan cite, and from which level of government do they come?

A citation is a title in book-title marks 《…》 (also ＜＜…＞＞ or <<…>>), or an unmarked title in a list between
marked ones. The words of the title and of its surroundings tell laws, plans, policies and standards from journals,
books, films and databases, which carry the same marks. Titles are brought to one name each; 《规划》 and the like
are resolved to the document meant.
"""

import csv
import functools
import io
import re
from importlib import resources

from .tables import frame

#: kinds that are policy documents; the others are publications and works
POLICY_KINDS = ("law", "plan", "policy", "standard")

_MARKED = re.compile(r"《[^《》]{1,120}》|(?:<<|＜＜)[^<>＜＞《》]{2,80}(?:>>|＞＞)")
_UNMARKED = re.compile(
    r"(?<=[》>＞])[、，]([^《》、，。；：]{4,40}(?:规划|纲要|意见|条例|办法|方案))(?=[、，和及以与]+(?:《|<<|＜＜))"
)
_GAP = re.compile(r"[、，,和与及以或\s]*[^《》，。；：！？、]{0,4}")  # what may stand between two titles of one list
_PERIOD = re.compile(r"[“”\"'‘’「」]*十([一二三四五六七八九])五[“”\"'‘’「」]*")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_GENERIC = re.compile(
    r"(?:发展)?(?:规划|纲要|规划纲要|意见|实施意见|指导意见|通知|办法|管理办法|条例|方案|实施方案|细则|实施细则|标准|规范|决定|建议|"
    r"计划|行动计划|章程|规定|法|报告|指南)"
)
_SHORT = re.compile(r"[（(，,]?\s*(?:以下|下)?(?:统|均)?简称(?:为)?\s*[：:]?\s*$")

_NOT_LAW = re.compile(r"(?:分类|书|方|做|办|手|编目|标引|著录|算|语|文|用|看|想|说|写|疗)法$")
_BY_NAME = (
    ("database", re.compile(r"(?:数据库|资源库|专题库|文库|信息库|知识库)(?:$|[—－（(])")),
    (
        "journal",
        re.compile(
            r"(?:学报|学刊|杂志|月刊|双月刊|季刊|周刊|专刊|专报|内参|导刊|会刊|期刊|通讯|简报|快报|日报|晚报|时报|周报)$|(?<!全会)(?<!会议)公报$"
        ),
    ),
    (
        "standard",
        re.compile(
            r"(?:标准|规范|规程|分类法|编目规则|著录规则|规则|质量要求|技术要求|基本要求|要求|指标体系|评估指标|指标|元数据规范)(?:[（(].*[）)])?$"
        ),
    ),
    (
        "plan",
        re.compile(
            r"规划|(?:发展|目标|计划)纲要(?:[（(].*[）)])?$|纲要$|(?:行动|工作|实施|发展|年度)?计划(?:[（(].*[）)])?$"
        ),
    ),
    (
        "policy",
        re.compile(
            r"(?:意见|通知|办法|细则|方案|决定|决议|规定|章程|公告|批复|措施|制度|倡议|倡议书|宣言|公约|公报|守则|工作要点|目录清单|"
            r"指南|指引|讲话|批示|回信|通告|通报|工作报告|函|暂行办法|若干政策|政策|协议|协定|备忘录)(?:[（(].*[）)])?$"
        ),
    ),
    ("report", re.compile(r"(?:报告|概览|白皮书|蓝皮书|绿皮书|调研|调查|统计公报|统计资料|评估)(?:[（(].*[）)])?$")),
    (
        "book",
        re.compile(
            r"(?:总目|书目|目录|丛刊|丛书|全集|文集|选集|诗集|集|全书|辞典|词典|大典|百科|年鉴|索引|提要|文献|手稿|图录|图志|"
            r"医藏|大藏经|再造善本|经典|史记|通史|志|经|史|传|录|谱|手册|教程|读本|概论|书志|资料汇编|研究)"
            r"(?:[（(·].*)?$|善本|古籍总目"
        ),
    ),
)
_FILM = re.compile(
    r"专题片|纪录片|记录片|宣传片|微电影|影片|电影|电视|动漫|动画|视频|短片|栏目|专栏|节目|剧目|话剧|音频"
)
_DATABASE = re.compile(r"数据库|资源库|专题库|多媒体库|库群")
_JOURNAL = re.compile(r"期刊|会刊|杂志|学刊|刊物|专刊|专报|办刊|报刊")
_BOOK = re.compile(
    r"丛书|图书(?!馆)|著作|专著|典籍|古籍|善本|珍品|藏品|馆藏|刻本|写本|抄本|刊本|稿本|编纂|编撰|编辑出版|整理出版|影印|仿真出版|出版物|诵读|"
    r"品读|研读|书目|手稿|经典"
)
_STANDARD_AFTER = re.compile(r"^等[^，。；《]{0,8}(?:标准|规范)")
_LAW_AFTER = re.compile(r"^等[^，。；《]{0,6}法律")

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|龙江|我省|全省|省"
)
_INSTITUTION = re.compile(
    r"^(?!.{0,8}公共图书馆)[^，、]{0,14}?(?:图书馆|博物馆|文化馆|美术馆|档案馆|学会|协会|集团|大学|学院)(?!法|学|事业|服务|建设|业)"
)
_LEVELS = (
    (
        "national",
        re.compile(
            r"^(?:中华人民共和国|中国共产党|中共中央|中央|国务院|全国|国家|中国|国民经济和社会发展)|^关于制定国民经济"
        ),
    ),
    ("province", re.compile(rf"^(?:中共)?(?:{_PROVINCES})(?!.{{0,3}}市(?!民|场))|^[^，]{{2,8}}(?:省|自治区)")),
    (
        "city",
        re.compile(
            r"^(?!关于|推|加|促)[\u4e00-\u9fff]{1,6}?(?:(?<![城都])市(?!民|场|政)|自治州|盟(?!章)|县(?!级)|经济特区|(?<![社地景园灾校特片山农])区(?!域|块))|"
            r"^(?:中共)?(?:我市|全市|市委|市)"
        ),
    ),
)
_ISSUED = "(?:联合|正式)?(?:印发|发布|颁布|出台|制定|下发|颁发|修订)?(?:的|了)?"
_ISSUERS = (
    (
        "province",
        re.compile(
            rf"(?:省委|省政府|省人民政府|省人大|省[^，。、《》]{{1,8}}[厅局委部]|自治区[^，。、《》]{{0,8}}|(?:我|全|本)省){_ISSUED}$"
        ),
    ),
    (
        "city",
        re.compile(rf"(?:[市县区](?:委|政府|人民政府|人大)|[市县区][^，。、《》]{{1,8}}[局委部]|我[市县区]){_ISSUED}$"),
    ),
    (
        "national",
        re.compile(
            rf"(?:中共中央|中央|国务院|全国人大(?:常委会)?|国家|文旅部|文化部|文化和旅游部|财政部|教育部|中[央共]?宣传部|中宣部|工信部|"
            rf"科技部|人社部|住建部|民政部|发展改革委|发改委|国家[^，。、《》]{{2,8}}[局委]|总局|中办|国办|两办|办公厅){_ISSUED}$"
        ),
    ),
    ("institution", re.compile(rf"(?:我馆|本馆|馆内){_ISSUED}$")),
)


def find_citations(corpus):
    """Every document cited, at each place: the table `citations` (plan, start, end, raw, document, kind, issuer_level).

    `start`, `end` and `raw` are the title with its marks. `document` is its one name (see `document_name`; 《规划》
    is given as the document meant). `kind` is law, plan, policy or standard for a policy document, else report,
    journal, book, film, database or other. `issuer_level` is national, province, city or institution, empty where it
    is not known and for works that are no policy document. Citations stand in order of place. References are
    searched only where nothing else is there.
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
    return frame("citations", rows)


def cited_titles(text, memory=None):
    """The titles cited in one sentence: a list of dicts with start, end (offsets into `text`), raw, document, kind,
    issuer_level.
    """
    memory = memory or _Memory("")
    found = []
    for group in _lists(text):
        before, after = text[max(0, group[0][0] - 20) : group[0][0]], text[group[-1][1] : group[-1][1] + 24]
        for start, end in group:
            name = text[start:end].strip("《》<>＜＞、， ")
            document, kind, level = memory.resolve(name, text[:start])
            if not kind:
                own_after = text[end : end + 16]
                kind = _kind(name, own_after, before, after)
                level = _level(name, kind, text[max(0, start - 16) : start], before)
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
                }
            )
    return found


def document_name(title):
    """One name for a document however it is written: without marks and spaces, “十四五” in quotes, 2035年 in digits,
    half-width brackets made full, without 中华人民共和国 in front, without 时期 after the plan period, under its
    known name where it has several."""
    name = re.sub(r"\s+", "", title).strip("《》<>＜＞").translate(str.maketrans("()〈〉", "（）《》"))
    name = re.sub(r"([〇○零一二三四五六七八九]{4})(?=年)", lambda match: match.group(1).translate(_DIGITS), name)
    name = _PERIOD.sub(r"“十\1五”", name)
    name = re.sub(r"(“十.五”)时期", r"\1", name)
    name = re.sub(r"(?<=\d{4})(?:[-–—－~～至]+)(?=\d{4}年)", "—", name)
    inner = re.fullmatch(r"(?:.*?关于)?(?:印发|发布|颁布|下发)《(.+)》的?(?:通知|公告|决定)", name)
    name = re.sub(r"^中华人民共和国(?=.)", "", inner.group(1) if inner else name)
    return _known_names().get(name, name)


def citation_network(citations, policy_only=True, corpus=None):
    """Plans and the documents that they cite: a networkx DiGraph with an edge plan → document, `weight` the number
    of places.

    Nodes carry `type` (plan or document), documents also `kind`, `issuer_level` and `plans` (how many plans cite them).
    With `policy_only` books, journals, films and databases are left out; with the corpus, so is what a plan says of
    itself (《规划》 where it means the plan at hand). Nodes and edges are in sorted order.
    """
    import networkx

    table = citations[citations["kind"].isin(POLICY_KINDS)] if policy_only else citations
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


def cited_levels(citations):
    """Who cites which level: a DataFrame with plan, kind, issuer_level, documents (different ones), places; policy
    documents only.
    """
    table = citations[citations["kind"].isin(POLICY_KINDS)]
    groups = table.groupby(["plan", "kind", "issuer_level"], sort=True)["document"]
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
    places += [(match.start(1), match.end(1)) for match in _UNMARKED.finditer(text)]
    groups = []
    for start, end in sorted(places):
        gap = text[groups[-1][-1][1] : start] if groups else None
        if gap is not None and (not gap or gap[0] in "、，,和与及以或 " and _GAP.fullmatch(gap)):
            groups[-1].append((start, end))
        else:
            groups.append([(start, end)])
    return groups


class _Memory:
    """What has been cited so far in a plan, for the titles that only point back."""

    def __init__(self, own_title):
        self.own, self.cited, self.short = own_title.strip("《》 "), [], {}

    def remember(self, name, entry):
        self.cited.append((name, entry))

    def resolve(self, name, before):
        """(document, kind, level) of an abbreviation, or three times None for a title of its own."""
        own = None
        if _GENERIC.fullmatch(name) and self.own.endswith(name):
            level = "institution" if _INSTITUTION.search(self.own) else _level(self.own, "plan", "", "")
            own = document_name(self.own), "plan", level
            if before.endswith("本"):
                return own
        if _SHORT.search(before) and self.cited:
            self.short[name] = self.cited[-1][1]
        if name in self.short:
            return self.short[name]
        if not _GENERIC.fullmatch(name):
            return None, None, None
        for cited, entry in reversed(self.cited):
            if cited != name and cited.endswith(name):
                return entry
        return own or (None, None, None)


# ------------------------------------------------------------------------------------------------------- kind and level


def _kind(name, own_after, before, after):
    """What sort of document a title is, by its own words first, then by the words around it and around its list."""
    known = _known().get(document_name(name))
    if known:
        return known[0]
    if name in _journals():
        return "journal"
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", name.strip())
    if bare.endswith("法") and not _NOT_LAW.search(bare) and len(bare) > 2 or re.search(r"法典$|宪法", bare):
        return "law"
    if bare.endswith("条例"):
        return "policy" if _INSTITUTION.search(bare) else "law"
    by_name = next((kind for kind, pattern in _BY_NAME if pattern.search(name)), "")
    if by_name in ("policy", "plan", "standard") and _STANDARD_AFTER.search(after):
        return "standard"
    if by_name == "policy" and bare.endswith(("宣言", "讲话")) and _BOOK.search(after[:14]):
        return "book"
    if by_name in ("plan", "policy", "standard", "database"):
        return by_name
    return (
        _kind_by_context(own_after, before, after)
        if by_name in ("", "book", "journal") and (not by_name or _strong_context(own_after, after))
        else by_name
    )


def _strong_context(own_after, after):
    return bool(
        re.match(r"[^，。；《]{0,3}(?:专刊|专报|专题片|纪录片|记录片|专栏)", own_after)
        or re.match(r"等(?:学术)?期刊", after)
    )


def _kind_by_context(own_after, before, after):
    tail = re.split(r"[，。；]", after)[0]
    front = re.split(r"[，。；、》]", before)[-1]
    own_tail = re.split(r"[，。；《]", own_after)[0]
    around = re.sub(r"《[^》]*》|^[^《]*》", "", before)
    for words in (own_tail, tail, front, around):
        for kind, pattern in (("film", _FILM), ("database", _DATABASE), ("journal", _JOURNAL), ("book", _BOOK)):
            if pattern.search(words):
                return kind
    return "other"


def _level(name, kind, issuer, before):
    """The level of government that issued a policy document, by the title first, then by the words in front of it."""
    if kind not in POLICY_KINDS:
        return ""
    known = _known().get(document_name(name))
    if known:
        return known[1]
    if _INSTITUTION.search(name):
        return "institution"
    for level, pattern in _LEVELS:
        if pattern.search(name):
            return level
    for words in (issuer, before):
        for level, pattern in _ISSUERS:
            if pattern.search(re.split(r"[。；》]", words)[-1].rstrip("《<＜（( ")):
                return level
    if kind == "law" and name.endswith("法") or kind == "plan" and _PERIOD.match(name):
        return "national"  # only the national congress makes a 法; a five-year plan without a place is the nation's
    return ""


def _data(name):
    return (resources.files("libplans") / "data" / name).read_text(encoding="utf-8")


@functools.lru_cache(maxsize=1)
def _journals():
    return frozenset(line for line in _data("journals.txt").splitlines() if line and not line.startswith("#"))


@functools.lru_cache(maxsize=1)
def _rows():
    return tuple(csv.DictReader(io.StringIO(_data("documents.csv"))))


@functools.lru_cache(maxsize=1)
def _known_names():
    """Every other name of a well-known document, normalised, -> its one name."""
    names = {}
    for row in _rows():
        one = _plain(row["document"])
        names.update({_plain(other): one for other in row["also"].split(";") if other})
    return names


@functools.lru_cache(maxsize=1)
def _known():
    return {_plain(row["document"]): (row["kind"], row["issuer_level"]) for row in _rows()}


def _plain(name):
    name = re.sub(r"(“十.五”)时期", r"\1", name)
    return re.sub(r"^中华人民共和国(?=.)", "", name)
