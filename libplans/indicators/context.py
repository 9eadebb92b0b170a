"""Where does a quantity stand: in which document, under which headings, in which clause, after which dates?

`Setting` holds what is known of the document (its plan period or report year) and of the place (the headings above
the sentence); `Clause` holds the words around one quantity and the time expressions before it.
"""

import re
from functools import cached_property
from typing import NamedTuple

_HAN_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")}
FIVE_YEAR = re.compile(
    r"[“\"]?(十[一二三四五六七八九]|[九八七六])五[”\"]?(?=规划|时期|期间|末|以来|发展|文化|公共|图书|初|开局|收官|$|"
    r"[，。、；）)\s/年“”]|[一-龥])"
)
OWN = re.compile(r"我馆|本馆|我省|我市|我区|我县|我校|(?<![一-龥])[省市县区]图书馆|全馆")
YEAR = r"(?:(?<![\d—–~-])(?:19|20)\d\d(?!\d))"
_REPORT = re.compile(
    r"报告|报表|总结|年报|公报|年鉴|统计|概况|综述|述职|汇报|回顾|盘点|梳理|成就|成绩单|成效|简介|介绍|小结|答复|复函|公示|数据"
)
_PLAN = re.compile(r"规划|计划|纲要|方案|意见(?!建议|反馈|征集)|目标|战略|要点|工作安排|重点任务|请示|可行性研究")


class Setting(NamedTuple):
    """The document and the place of a sentence: title, period planned for or year reported on, headings."""

    title: str = ""
    path: str = ""
    first: int = 0  # first year of the plan period, 0 where unknown
    last: int = 0
    report: int = 0  # the year that a report reports on
    aliases: tuple = ()
    document: str = ""  # plan | report | ""
    yearly: bool = False  # a plan of one year
    dated: str = ""  # the last year named in the sentences before, in the same section
    previous: str = ""  # the end of the sentence before
    leaning: int = 0  # of a text of no known kind: 1 where most of it is to be done, -1 where most is told as done
    news: int = 0  # the year of a news report, by the line that dates it
    reach: str = "library"  # whom the document speaks of: library | city | province | national

    @property
    def period(self):
        if self.yearly:
            return str(self.first or self.dated)
        if self.last and self.last - self.first != 4:
            return str(self.last)  # a plan of three years: what is to be reached at its end
        return period_name(self.first) if self.first else ""

    @property
    def before(self):
        if self.yearly or (self.last and self.last - self.first != 4):
            return str(self.first - 1) if self.first else ""
        return period_name(self.first - 5) if self.first else ""


def period_name(first):
    """The usual name of the five-year period that begins in a year: 2021 -> 十四五; other years -> 2022-2026."""
    if (first - 2016) % 5 or not 1991 <= first <= 2046:
        return f"{first}-{first + 4}"
    number = 13 + (first - 2016) // 5
    return {8: "八", 9: "九", 10: "十"}.get(number, "十" + "一二三四五六七八九"[max(0, number - 11)]) + "五"


def five_year_start(words):
    """The first year of a five-year period by its name without 五: 十四 -> 2021, 九 -> 1996."""
    number = 10 + _HAN_DIGIT[words[1]] if len(words) > 1 else _HAN_DIGIT[words]
    return 2016 + 5 * (number - 13)


#: how documents introduce themselves: …重点做好以下工作 / 现将…工作情况汇报如下
_SAYS_PLAN = re.compile(
    "(?:主要|重点|着力|着重|努力|全力|将|拟|要)(?:开展|做好|抓好|完成|推进|实施)(?:以下|如下|下列)[^，。；：]{0,8}(?:工作|任务|方面)|"
    "(?:计划|安排|要点|打算|思路|方案|规划)(?:报告)?如下|(?:制定|制订|拟定)(?:了)?(?:如下|以下|本)[^，。；：]{0,10}(?:计划|要点|规划|方案)"
)
_SAYS_REPORT = re.compile(
    "(?:总结|汇报|报告|回顾|通报|介绍|答复|回复)(?:分析)?如下|(?:主要|重点)?(?:做|开展|完成|抓)了(?:以下|如下)[^，。；：]{0,8}(?:工作|方面)"
)
_DONE = re.compile("已|[一-龥]了(?!解)|年来|以来|荣?获|截[至止]|去年|共(?=[建有举接完])|先后|成功")
_TO_DO = re.compile(
    "要(?=[求加做抓把坚认积进在以])|将|力争|确保|推进|加快|加强|抓好|狠抓|进一步|继续|完善|落实|打造|强化|争取|做好"
)
_AHEAD = re.compile(
    "(?<![即麻主名大])将(?!军|领|士|来)|计划(?=[在用建投新])|拟(?=[在建新于])|力争|预计|规划(?=[建总用藏阅面])|要(?=[达建求])|今后|明年|建成后"
)
#: the day of a news report: 2015年02月10日, 2015-2-10
_DAY = re.compile(rf"({YEAR})\s?[年./-]\s?\d{{1,2}}\s?[月./-]\s?\d{{1,2}}")
_OPENING = 600  # characters in which a document introduces itself


def opening_setting(place, text):
    """The setting of a document whose title tells no kind, by how it introduces itself and by its tense.

    `text` is its beginning. A text that says of itself that it is a plan or a report is one; one in which nothing is
    told as done and three things or more are to be done is a plan.
    """
    if place.document:
        return place
    place = _dated_line(place, text)
    opening = text[:_OPENING]
    plan, report = _SAYS_PLAN.search(opening), _SAYS_REPORT.search(opening)
    ahead, done = len(_AHEAD.findall(text)), len(_DONE.findall(text))
    place = place._replace(leaning=(ahead > 2 * done) - (done > 2 * ahead))
    to_do = len(_TO_DO.findall(text)) >= 3 and not done
    if report and not (plan and plan.start() < report.start()):
        return place
    if not plan and not to_do:
        return place
    year = re.search(rf"({YEAR})\s?年", opening)
    return place._replace(document="plan", report=0, yearly=bool(plan and year), dated=year[1] if year else "")


_ONE_YEAR = re.compile(
    rf"{YEAR}\s?年?度?(?!.{{0,20}}(?:三年|五年|中长期|行动计划)).{{0,24}}(?:计划|要点|安排|思路|打算|任务)"
)


def _dated_line(place, text):
    """With the year of the line that dates a news report, where the title names none."""
    day = _DAY.search(text[:200])
    return place._replace(news=int(day[1])) if day and not place.report else place


_OF_A_LIBRARY = re.compile(
    r"图书馆(?:（[^（）]*）)?(?=$|[\s“\"]|20|19|[\d十]|发展|事业发展|工作|规划|计划|服务|介绍|概况|简介|年度|年报|阅读报告|阅读|章程|总结|关于|三年|五年|的介绍|新馆|数据)"
)
_REACHES = (
    ("national", re.compile("^政府工作报告|全国|我国|中国|国家(?!图书馆)|文化部|国务院|文旅部")),
    ("province", re.compile("全省|我省|(?<![一-龥]{2}[市县区])省(?!图)|自治区|厅")),
    ("city", re.compile("全市|我市|全县|全区|市|县|区|州|镇|局")),
)


def reach_of(title):
    """Whom a document speaks of by its title: one library, or all libraries of a city, a province or the nation."""
    if not title or _OF_A_LIBRARY.search(title) or re.search("[本我]馆|大学|学院|学校", title):
        return "library"
    system = re.search(
        "图书馆(?:事业|服务体系|体系|之城)|公共文化|全民阅读|文化事业|文化和旅游|公共图书馆|农家书屋|城市书房|书屋|总分馆|政府工作报告|国民经济|统计公报",
        title,
    )
    return next((name for name, words in _REACHES if words.search(title)), "library") if system else "library"


def setting(title, path="", issued="", aliases=()):
    """What a title and a date of issue say about the document, as a `Setting`."""
    year = int(issued[:4]) if re.match(r"\d{4}", issued or "") else 0
    kind = (
        "report"
        if (_REPORT.search(title) and not re.search("规划|计划|纲要|方案", title))
        or re.search("(?:总结|汇报|报告|回顾)[及与暨和]", title)
        else ("plan" if _PLAN.search(title) else "")
    )
    named, span = FIVE_YEAR.search(title), re.search(r"((?:19|20)\d\d)\s?年?[-—–~～至到]+\s?((?:19|20)\d\d)", title)
    stated = re.search(r"((?:19|20)\d\d)", title)
    if span and int(span[2]) > int(span[1]):
        if kind == "report":
            return Setting(title, path, 0, 0, int(span[2]), tuple(aliases), kind)
        return Setting(title, path, int(span[1]), int(span[2]), 0, tuple(aliases), kind or "plan")
    if named and kind != "report":
        first = five_year_start(named[1])
        return Setting(title, path, first, first + 4, 0, tuple(aliases), kind or "plan")
    if kind == "report" and named and not stated:
        return Setting(title, path, 0, 0, five_year_start(named[1]) + 4, tuple(aliases), kind)
    year = int(stated[1]) if stated else year
    first = 2016 + 5 * ((year - 2016) // 5) if year else 0
    if kind == "report":
        return Setting(title, path, first, first + 4 if first else 0, year, tuple(aliases), kind)
    aimed = stated and re.search("[到至]$", title[: stated.start()])
    told = year if stated and not kind and not aimed else 0  # of no known kind: it tells of the year in its title
    yearly = bool(kind == "plan" and stated and not aimed and _ONE_YEAR.search(title) and not named)
    if yearly:
        return Setting(title, path, year, year, 0, tuple(aliases), kind, True, str(year))
    return Setting(title, path, first, first + 4 if first else 0, told, tuple(aliases), kind, yearly)


class Clause:
    """The words around one quantity: the sentence, the quantity's span in it, and where the previous quantity ended."""

    def __init__(self, text, start, end, previous=0, header=""):
        self.text, self.start, self.end, self.previous, self.header = text, start, end, previous, header

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
    rf"出版|修复|数字化|选课|寄|投入|提供|受理|借阅|借还|下乡|参观|参与|惠及|发布|推出|编))"
    rf"|(?P<year>(?<![比较]){YEAR}\s?年(?!代|以来|起|末|底))"
    rf"|(?P<span>“?十[一二三四五六七八九]五”?(?:规划)?(?:时期|期间|期|以来)?|[三五几近]\s?年(?:来|间)|近[两三四五几]年|评估期内?|[两三四五]年(?=修复|累计|共|"
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
        if match.lastgroup == "daily" and "；" in since:
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
    return found


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
