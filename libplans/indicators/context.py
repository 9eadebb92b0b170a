"""Where does a quantity stand: in which document, under which headings, in which clause, after which dates?

`Setting` holds what is known of the document (its plan period or report year) and of the place (the headings above
the sentence); `Clause` holds the words around one quantity and the time expressions before it.
"""

import re
from functools import cached_property
from typing import NamedTuple

from .documents import FIVE_YEAR, YEAR, five_year_start

OWN = re.compile(r"我馆|本馆|我省|我市|我区|我县|我校|(?<![一-龥])[省市县区]图书馆|全馆")


class Clause:
    """The words around one quantity: the sentence, the quantity's span in it, and where the previous quantity ended."""

    def __init__(self, text, start, end, previous=0, header="", labels=()):
        self.text, self.start, self.end, self.previous, self.header = text, start, end, previous, header
        self.labels = labels  # places of 为 that stand for the mark behind a label

    @cached_property
    def before(self):
        """From the clause's beginning to the quantity."""
        return re.split(r"[，。；：！？\t]", self.lead)[-1]

    @cached_property
    def fresh(self):
        """What stands between the previous quantity and this one, in this clause."""
        cut = max(self.previous, self.start - len(self.before))
        return self.text[cut : self.start]

    @cached_property
    def after(self):
        """From the quantity to the clause's end."""
        return re.split(r"[，。；：！？\t]", self.text[self.end : self.end + 200])[0]

    @cached_property
    def lead(self):
        """Everything before the quantity in its sentence, 400 characters at most."""
        return self.text[max(0, self.start - 400) : self.start]

    @property
    def cut(self):
        """How much of the sentence lies before `lead`."""
        return max(0, self.start - 400)

    @cached_property
    def labelled(self):
        """Where in `lead` the label begins, of a list of labels with their figures; 0 where it is no such list."""
        label = _LABEL.search(self.lead) if len(self.labels) > 1 else None
        if not label or self.cut + label.end() - 1 not in self.labels:
            return 0
        return label.start() if min(self.labels) < self.cut + label.start() else 0

    @cached_property
    def times(self):
        """The time expressions of the lead, in order (see `times`)."""
        return times(self)


def period_role(words, setting):
    """target or baseline by the period or year in `words`, against the plan's period or the report's year."""
    roles = set()
    for match in FIVE_YEAR.finditer(words):
        if setting.first:
            roles.add("baseline" if five_year_start(match[1]) < setting.first else "target")
    for match in re.finditer(r"(?<!\d)((?:19|20)\d\d)年?(?!\d)", words):
        role = year_role(int(match[1]), setting, words)
        if role:
            roles.add(role)
    return roles.pop() if len(roles) == 1 else ""


def year_role(year, setting, words=""):
    """What a year says of a quantity's role: target, baseline, or "" where the document's own dates do not tell.

    In a report the year reported on is a baseline (a government work report speaks of it as the year to come); in a
    plan years before its period are baselines, its own years targets.
    """
    if setting.document == "report" and setting.report:
        if year == setting.report:
            return "target" if re.search("政府工作报告", setting.title) else "baseline"
        return "baseline" if year < setting.report else "target"
    if setting.document == "" and setting.news:
        return "" if year == setting.news else ("baseline" if year < setting.news else "target")
    if setting.document == "" and setting.report:
        return "baseline" if year <= setting.report else "target"
    if setting.first:
        return "baseline" if year < setting.first else "target"
    return ""


_TIMES = re.compile(
    rf"(?P<by>(?:到|至|截[至止]|力争到|在|于)?\s?“?(?:{YEAR}\s?年?(?:末|年底|底)|"
    rf"十[一二三四五六七八九]五”?(?:规划)?末)|{YEAR}\s?年(?:底|末)?(?:以?前|之前)|{YEAR}\s?年\s?1?\d月[底末]|(?<![去上今本前])年[末底]|(?:到|至)\s?{YEAR}\s?年|"
    rf"截[至止][^，。；]{{0,12}}|目前|现有|现已|现(?=[藏设拥])|(?:建成)开放)"
    rf"|(?P<daily>日均|日平均|月平均|每[天日]|单日|每[个]?月|月均|每周|周均|每季度?|每小时|每半年|每学期|日最[高大多]|日(?=访问|接待|到馆|"
    rf"流通)|节假日|假日)"
    rf"|(?P<annual>每学年|人均年|年人均|年均|年平均|平均每年|每年|全年|年度|今年|(?<![比较])[去上]年(?!末|底)|本年度?|当年|一年(?!级|来)|"
    r"(?<![\d一二三四五六七八九十几近多])年内|"
    rf"(?<![\d一二三四五六七八九十几近多每今去全当末])年(?=举办|接待|服务|文献|外借|流通|到馆|进馆|访问|培训|完成|"
    rf"新增|入藏|购|组织|开展|解答|处理|财政|总|图书|书刊|读者|均|阅读|信息|增|采|下载|征集|更新|配送|巡|推送|发行|"
    rf"出版|修复|数字化|选课|寄|入馆|电子|数字|点击|浏览|观看|参加|受众|投入|提供|受理|借阅|借还|下乡|参观|参与|惠及|发布|推出|编))"
    rf"|(?P<year>(?<![比较]){YEAR}\s?年(?!代|以来|起|末|底))"
    rf"|(?P<span>“?十[一二三四五六七八九]五”?(?:规划)?(?:时期|期间|期|以来)?|[三五几近]\s?年(?:来|间)|近[两三四五几]年|评估期内?|(?<![一-龥\d])[三五]年(?=[一-龥]{{2,14}}(?:共|合计|总计|\d|$))|[两三四五]年(?=修复|累计|共|"
    rf"内|间|完成|新|建|投|培|下派|改|市级|省级|县级|统筹|拟|将|计划|总|合计|开展|轮训|举办|发放|安排|招|引进)|以来|累计|规划期内?|期间)"
)


#: every time expression has one of these; looked for first, for it is quick
_TIME_SIGN = re.compile("[年月日周季天假五]|截|目前|现|开放|单日|小时|学期|累计|以来|规划期|期间")


class Time(NamedTuple):
    """A time expression that governs a quantity: its sort (by, daily, annual, year, span), its words and its place."""

    sort: str
    words: str
    at: int


def times(clause):
    """All time expressions before the quantity in its sentence, in order.

    Passed over: words inside a name (“每日荐书”); the year in which a building was founded or a body set up, once a
    new clause has begun; 累计 and 目前 of another clause; 每年, once a clause begins with a verb of building or
    publishing, whose product is there once and for all (每年举办展览12期，出版丛书3种); a yearly mean beside a total.
    """
    found = []
    if not _TIME_SIGN.search(clause.lead):
        return found
    for match in _TIMES.finditer(clause.lead):
        since = clause.lead[match.end() :]
        if _NAMED.search(clause.lead[: match.start()]) and re.match("[^“]*”", since) and "五" not in match.group():
            continue
        if match.group() in _EVERY_YEAR and _LASTING.search(since):
            continue
        if re.search("[，；。]", since) and (
            _PER_YEAR_RATE.match(since) or clause.lead[: match.start()].endswith("每人")
        ):
            continue  # a yearly rate of growth, or a figure a head: for its own clause
        if match.group() in _YEARLY_MEAN and re.search("[，；]", since) and _TOTAL.search(clause.lead[: match.start()]):
            continue
        if _SPAN_BEGUN.search(clause.lead[: match.start()] + match.group()[:1]):
            found[-1:] = [Time("span", match.group(), match.start())]  # 2021年至2023年
            continue
        if match.lastgroup == "year" and _FOUNDED.match(since) and re.search("[，；。]", since):
            continue
        if match.group() in _MEANS and re.search("[，；。]", since):
            continue
        if match.lastgroup == "daily" and ("；" in since or _told_behind(clause.lead[: match.start()], since)):
            continue
        if (
            match.lastgroup == "year"
            and re.search("[，；。]", since)
            and _FROM_A_YEAR.search(clause.lead[: match.start()])
        ):
            continue  # 由2015年的96TB增加到310TB，外购数据库48个
        if match.group() in ("累计", "现有", "现", "现已") and re.search("[，；。]", since):
            continue
        if match.group().endswith("以来") and re.match("的?(?:新高|最)", since):
            continue  # 创建馆以来新高
        found.append(Time(match.lastgroup, match.group(), match.start()))
    return [time for time in found if time.at >= clause.labelled]


#: a list of labels with their figures: 年新增图书：7万册；数据库：150个
_LABEL = re.compile("(?<=[；）])[^，。；：（）]{2,20}为$")
_RATE_BEHIND = re.compile(r"[\d.一两三四五六七八九十]{1,5}[次场期讲天][^，；。]{0,2}[，；。]")


def _told_behind(before, since):
    """Whether a rate stands behind what it holds of, and so not for what follows (送书上门每月一次，举办培训24期)."""
    return bool(re.search("[^，。；：！？]$", before) and _RATE_BEHIND.match(since))


_FROM_A_YEAR = re.compile("[由从]$")
_SPAN_BEGUN = re.compile(r"(?<![\d—–~-])(?:19|20)\d\d\s?年\s?[至到—–~-]{1,2}(?:[12])?$")
#: a mean belongs to its own clause only; 每月 and 每年 may govern several
_MEANS = frozenset("日最高 日最大 日最多 日均 日平均 月平均 单日 月均 周均".split())
_EVERY_YEAR = frozenset("每年 平均每年".split())
_YEARLY_MEAN = frozenset("年均 年平均".split())
_PER_YEAR_RATE = re.compile("(?:递增|增长|增速|增幅|下降)")
_TOTAL = re.compile(r"(?:共|累计|总计)[^，。；]{0,12}\d[^。]*[，；][^，；]*$")
_NAMED = re.compile(r"“[^”]{0,8}$")
_LASTING = re.compile(
    r"；|[，；。](?:并|还|共|力争|确保|争取)?(?:建成|建立|建设|新建|改建|改扩建|扩建|创建|培育|打造|形成|出版|编纂|申报)"
)
_FOUNDED = re.compile(r"(?:\d+月)?(?:[^，。；]{0,4})(?:立项|建成|创办|成立|开馆|竣工|落成|投入使用|启用)(?!时|以来|后)")


_SAME_YEAR = re.compile("全年|当年|同年|年内|本年度?$")


def year_before(time, clause, setting):
    """The year of the sentence before, where 全年 or 当年 takes it up; "" else, and for 全年365天, no date."""
    always = re.match(r"\s?(?:36[56]|无休|不|免费|开放)", clause.text[time.at + len(time.words) + clause.cut :])
    named = any(item.at < time.at and re.match("今年|本年", item.words) for item in clause.times)
    named = named or bool(re.search("[明来]年|下一年", clause.lead[: time.at]))
    return setting.dated if _SAME_YEAR.match(time.words) and not always and not named else ""


def named_year(text):
    """The last year in a sentence that dates what it tells, or "": not one in a name 《…》 or a span of years."""
    plain = re.sub("《[^》]*》|“[^”]*”", "", text)
    found = re.findall(rf"({YEAR})\s?年(?!代|以来|起|[—–~至到-])", plain)
    return found[-1] if found else ""


def governing_time(clause):
    """The last time expression before the quantity in its sentence, or None."""
    found = clause.times
    return found[-1] if found else None
