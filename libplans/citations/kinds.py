"""Kinds: what sort of document is a title, and from which level of government does it come?

Laws, plans, policies and standards carry the same marks as journals, books, films and databases. The words of the title
decide first, then the words around it.
"""

import re

from ..places import PROVINCES
from .documents import is_five_year, journals, known_document

#: kinds that are policy documents; the others are publications and works
POLICY_KINDS = ("law", "plan", "policy", "standard")

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

_PROVINCES = f"{PROVINCES}|龙江|我省|全省|省"
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
            r"^[\u4e00-\u9fff]{1,3}州|"
            r"^(?:中共)?(?:我市|全市|市委|市)"
        ),
    ),
)
_ISSUED = "(?:推动|联合|正式)?(?:印发|发布|颁布|出台|制定|下发|颁发|修订)?(?:的|了)?"
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


def is_institution(title):
    """Whether a title opens with an institution such as a library, which is then its issuer."""
    return _INSTITUTION.search(title) is not None


def document_kind(name, own_after, before, after):
    """What sort of document a title is, by its own words first, then by the words around it and around its list."""
    known = known_document(name)
    if known:
        return known[0]
    if name in journals():
        return "journal"
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", name.strip())
    if bare.endswith("法") and not _NOT_LAW.search(bare) and len(bare) > 2 or re.search(r"法典$|宪法", bare):
        return "law"
    if bare.endswith("条例"):
        return "policy" if is_institution(bare) else "law"
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


def issuer_level(name, kind, issuer, before):
    """The level of government that issued a policy document, by the title first, then by the words in front of it."""
    if kind not in POLICY_KINDS:
        return ""
    known = known_document(name)
    if known:
        return known[1]
    if is_institution(name):
        return "institution"
    for level, pattern in _LEVELS:
        if pattern.search(name):
            return level
    for words in (issuer, before):
        for level, pattern in _ISSUERS:
            if pattern.search(re.split(r"[。；》]", words)[-1].rstrip("《<＜（( ")):
                return level
    if kind == "law" and name.endswith("法") or kind == "plan" and is_five_year(name):
        return "national"  # only the national congress makes a 法; a five-year plan without a place is the nation's
    return ""
