"""Which harmonised key does a quantity have, and which have none?

A gap, a growth, a part, the figure of some readers only, what a museum holds: none of them is a level of a measure.
"""

import re

from .comparisons import is_fine, is_gap
from .harmonised import base_measure, measure_of, rank_of


def key_of(text, quantity, clause, topics, frequency_value, words, place):
    """The harmonised key; a rank has its own, and a gap (比平均值少50%) is no level of anything."""
    if text[quantity.start] in "第前":
        return rank_of([words[-24:] for words in re.split("[，。；]", clause.lead)[:-4:-1]])
    if quantity.noun and quantity.unit == "%":
        return measure_of([quantity.noun], quantity.unit, frequency_value, quantity.noun)  # one share for two rates
    if frequency_value == "one-off" and re.search("最[高多][^，。；]{0,6}$", clause.before):
        return ""
    if re.search("其[他它](?:文献|资料)?$", clause.fresh):
        return ""
    if is_fine(clause) or is_gap(clause) or _CHANGE.search(clause.before) or _is_other_body(clause, place):
        return ""
    if _SUBSET.search(re.split("[、和与及]", clause.fresh)[-1]):
        return ""
    opening = re.split("[，。；：]", re.split("；|[一二三四五]是", clause.lead)[-1])[0]
    key = measure_of(topics, quantity.unit, frequency_value, words, opening)
    if not key and quantity.unit in ("场", "场次", "场/次") and "等" in clause.fresh:
        key = measure_of(re.split("[，。；：]", clause.lead)[-2:-1], quantity.unit, frequency_value, words)
    if key in ("libraries", "branches") and re.search("有$", clause.before) and _SOME_OF_THEM.match(clause.after):
        return ""
    if key and _PER_OUTLET.search(re.split("[。；]", clause.lead)[-1]) and base_measure(key) in _OF_AN_OUTLET:
        key = f"branch_{key}"
    if base_measure(key) in _WHOLE and _PART.search(re.split("[、和与及]", clause.fresh)[-1]):
        return ""
    a_head = _A_HEAD.search(f"{clause.header} {clause.before}")
    return key if not a_head or _ALWAYS_A_HEAD.search(key) else ""


#: what each branch or outlet is to have (每个分馆藏书量不少于1万册): a norm for one, no figure of all
_PER_OUTLET = re.compile(
    "每(?:个|家|座|所)?(?:乡镇|镇街|街道|社区|村级|农家|城市|标准)?(?:分馆|书屋|书房|服务点|基层点|流通点|电子阅览室|文化站)|"
    "(?:分馆|书屋|书房|服务点)(?:平均)?(?:建筑面积|面积|藏书|配备|配置|阅览座|(?:每周|周)?开放)|"
    "单[个体座][^，。；]{0,4}面积"
)


_OF_AN_OUTLET = frozenset(
    "building_area collection_total collection_print seats opening_hours staff acquisitions computers books "
    "serial_titles newspaper_titles periodical_titles".split()
)


#: figures of some readers or users only, which no measure of all may hold
_SUBSET = re.compile(
    r"男性|女性|[6-9]0后|00后|青年|本科生|研究生|中老年|老年读者|(?:[\d一二三]+|位|名|的|分之[一二三])的?读者(?:全年|每年|年)?借|第一名|占[^，。；]{0,4}读者[^，。；]{0,6}$|"
    "个别[^，。；]{0,8}馆|小读者|线上借|网借|边防部队|驻军|军营|部队|监狱|戒毒所"
)


#: measures of a whole library, and words for one day, one event or one part of it that no caveat names
_WHOLE = frozenset(
    "visits loans books collection_total seats acquisitions attendance registered_users new_users".split()
)
_PART = re.compile("(?<!中)外文|盲文|大字|单日|周末|工作日|节假日|最[高大多]|一家|每[场期]|[场期]均")


_SOME_OF_THEM = re.compile("[^，。；、]{0,8}馆(?:已?经?)(?:开展|开放|实现|加入|入选|达到|成为|被|获|纳入)")


#: bodies that are no libraries; what they hold and do has no key of a library's
_OTHER_BODIES = re.compile(
    r"(?P<with>(?:[与和同及、在到赴由]|联合|入选)[^，。；]{0,6})?(?P<other>群众文化机构|文化广场|文化室|文化馆|文化站|文化服务中心|博物馆|美术馆|纪念馆|艺术表演|剧团|剧场|"
    r"影院|旅行社|景区|景点|档案馆|电视台)|图书馆|我馆|本馆|全馆|总馆|分馆"
)


def _is_other_body(clause, place):
    """Whether the subject of the sentence so far is a museum, a culture house or the like; 其中 keeps the subject of
    the sentence before."""
    lead = place.previous + clause.lead if clause.text.startswith("其中") else re.split("；", clause.lead)[-1]
    found = [match for match in _OTHER_BODIES.finditer(lead) if not match["with"]]
    return bool(found) and bool(found[-1]["other"])


#: what a growth is (较上年增加94万册), and a figure a head, which no measure of a whole may hold
_CHANGE = re.compile(
    r"(?:[比较](?:上年|去年|前年|同期|年初|\d{4}\s?年)[末底]?|同比)[^，。；]{0,4}(?:净?增|减|升|降|多|少)[^，。；]{0,4}$|净增加?$"
)


_A_HEAD = re.compile("[人生]均|[县区乡村]均|每[百千万十]*(?:人|名读者)|[百千万]人拥有")


_ALWAYS_A_HEAD = re.compile(
    "per_student|per_user|^training_days|per_capita|per_1000|training_hours|volunteer_hours|^training_|^visits_|^rank|per_head"
)
