"""Where does a number find its unit when none follows it?

Money without 元 (购置费650万), a noun that counts itself (接待人次突破百万, 6434万农村人口), a part in brackets after
its whole (3.03万平方米（总馆2.38万）), values that share the unit of the last (分别增长18、28、20倍).
"""

import re

from .units import opens_word, unit_words

_MONEY = re.compile(
    r"经费|预算|拨款|资金|购置费|投入|投资|费用|收入|支出|财政|补助|补贴|税收|税费|产值|总值|GDP|贷款|金额|款项|捐款|利润|"
    r"营业额|销售额|交易额|存款|成交额"
)
_FLOW_NOUN = re.compile(
    r"(人次|册次|场次|件次|户次|次数|人数|册数|种数|(?<!用)户数|件数|场数|期数|页数|条数|篇数|点击量|浏览量|访问量|播放量|"
    r"下载量|阅读量|点播量|观看量|转发量)"
)
_UNIT_OF_NOUN = {
    "次数": "次",
    "人数": "人",
    "册数": "册",
    "种数": "种",
    "户数": "户",
    "件数": "件",
    "场数": "场",
    "期数": "期",
    "页数": "页",
    "条数": "条",
    "篇数": "篇",
    "用户": "人",
    "读者": "人",
    "粉丝": "人",
    "会员": "人",
    "志愿者": "人",
    "人口": "人",
    "家庭": "户",
    "总藏量": "册",
    "藏书量": "册",
    "藏书": "册",
}
_PERSON_NOUN = re.compile(
    r"(用户|贫困人口|读者|粉丝|会员|志愿者|人口|总藏量|藏书量|藏书)(?:总数|总量|总计|共计|合计|数量?|规模)?(?:[到至]20\d\d年[末底]?)?(?:已|将|也)?(?:经)?(?:达到?|为|有|突破|超过?|近|"
    r"增至|发展到|增加到|减少|增加|约|仅|只有|不足|不到)*$"
)
#: people named after their number: 6434万农村人口
_CROWD = re.compile(
    "(?:[^，。；、\\d]{0,6}?)"
    "(人口|居民|职工|农民工?|群众|读者|学生|党员|干部|劳动力|用户|会员|粉丝|游客|观众|市民|家庭|失业人员|中国人|人员)"
)
_PEOPLE_OR_THINGS = frozenset(
    (
        "用户 读者 粉丝 会员 志愿者 家庭 藏书 职工 农民 农民工 学生 党员 干部 劳动力 游客 观众 市民 失业人员 "
        "中国人 人员"
    ).split()
)
_SHARED_UNIT = re.compile(r"((?:、\d{1,9}(?:\.\d{1,4})?[万亿]?){1,9}[万亿]?)(" + unit_words() + ")")


def unit_is_written(noun, before):
    """Whether the noun that carries the unit of a number writes it (到馆人次, 参观人数) or is what is counted
    (6434万农村人口);
    one `before` the number that only tells what is counted (常住人口71万, 粉丝, 访问量) writes none."""
    return noun not in before or not re.search("量$|人口|居民|群众", noun) and noun not in _PEOPLE_OR_THINGS


def units_elsewhere(text, number, start, end, last):
    """The units of a number that none follows, as pairs (unit, the noun that carries it); one number may serve two.

    `start`, `end` is the number with its bound words; `last` the quantity before it in the sentence, or None.
    """
    words = text[number.start : number.end]
    clause = re.split("[，。；：]", text[max(0, start - 200) : start])[-1][-40:]
    rest = text[end : end + 1]
    scaled = words[-1] in "万亿" and (len(words) > 1)
    flows = [match[1] for match in _FLOW_NOUN.finditer(clause)]
    closed = rest == "" or rest in "，。；、）！和及与的大以计（ ]\t+"
    if last and scaled and closed and _in_brackets_after(text, last.end, start):
        return [(last.unit, last.noun)]
    shared = _SHARED_UNIT.match(text, end)
    if shared and "分别" in clause and not opens_word(shared[2], text[shared.end() : shared.end() + 2]):
        return [(shared[2], "")]
    grown = rest in "增提升扩" and re.search(r"[由从][^，。；]{0,9}$", text[max(0, start - 10) : start])
    earlier = rest in "增减下上" and re.search(
        r"[比较](?:上年|去年|\d{4}\s?年)[末底]?的$", text[max(0, start - 12) : start]
    )
    if last and scaled and earlier:
        return [(last.unit, last.noun)]
    closed = closed or bool(grown)
    if flows and closed and (scaled or number.value >= 10):
        together = re.search(
            r"(?:人次|册次|场次|[人次册种]数|量)[和及与、][^和及与、]{0,10}(?:人次|册次|场次|[人次册种]数|"
            r"量)[^和及与、]{0,10}$",
            clause,
        )
        nouns = flows[-2:] if together and len(flows) > 1 and "分别" not in clause else flows[-1:]
        if "分别" in clause and len(flows) > 1:
            nouns = flows[:1] if not re.search(r"\d", clause) else flows[-1:]
        return [(_UNIT_OF_NOUN.get(noun, noun if noun.endswith("次") else "次"), noun) for noun in nouns]
    if (
        scaled
        and closed
        and _MONEY.search(re.split("[。；]", text[max(0, start - 200) : start])[-1][-40:] + text[end : end + 8])
    ):
        return [("元", "")]
    crowd = _CROWD.match(text, end)
    if scaled and crowd and text[start - 1 : start] != "每":
        return [(_UNIT_OF_NOUN.get(crowd[1], "人"), crowd[1])]
    person = _PERSON_NOUN.search(clause)
    counted = scaled or (number.kind == "arabic" and number.value >= 100 and number.value == int(number.value))
    if counted and closed and person:
        return [(_UNIT_OF_NOUN.get(person[1], "人"), person[1])]
    return []


def _in_brackets_after(text, end, start):
    """Whether what begins at `start` stands in brackets that open just after the quantity ending at `end`, or that hold
    both."""
    opened = text.rfind("（", max(0, start - 80), start)
    return opened >= 0 and "）" not in text[opened:start] and not text[end:opened].strip()
