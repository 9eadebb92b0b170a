"""What sort of document speaks, of which years, and of whom? By its title, by how it introduces itself, by its tense.

`Setting` holds what is known of the document (its plan period or report year) and of the place of a sentence.
"""

import re
from typing import NamedTuple

_HAN_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")}


FIVE_YEAR = re.compile(
    r"[“\"]?(十[一二三四五六七八九]|[九八七六])五[”\"]?(?=规划|时期|期间|末|以来|发展|文化|公共|图书|初|开局|收官|$|"
    r"[，。、；）)\s/年“”]|[一-龥])"
)


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
    bracketed: str = ""  # of which year, or 现状, the figures in brackets are, where the document says so
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


#: what a profile tells of, and no plan
_STANDING = re.compile("始建|建馆于|成立于|建于|坐落|位于|是一所|现有(?:藏|职|员|馆)|馆舍(?:面积|分为)|内设")
_AHEAD = re.compile(
    "(?<![即麻主名大])将(?!军|领|士|来)|计划(?=[在用建投新])|拟(?=[在建新于])|力争|预计|规划(?=[建总用藏阅面])|要(?=[达建])|今后|明年|建成后"
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
    place = place._replace(leaning=(ahead > 2 * done and ahead > 2) - (done > 2 * ahead))
    to_do = len(_TO_DO.findall(text)) >= 3 and not done and not _STANDING.search(text)
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


#: 括号内为2020年数: what stands in brackets behind a figure is its level before the plan
_BRACKETED = re.compile(
    r"括号[内中里]的?(?:数[字据值]?|数值)?(?:为|是|表示)((?:19|20)\d\d|现状|目前|现有|基期)(?!.{0,4}目标)"
)


def bracketed(text, first=0):
    """The year before the plan (which begins in `first`), or the word for the present, of which a document says that
    its figures in brackets are; or ""."""
    found = _BRACKETED.search(text) if "括号" in text else None
    ahead = found and first and found[1].isdigit() and int(found[1]) >= first
    return found[1] if found and not ahead else ""


#: what follows a year that is planned for in the title of a report
_YEAR_TO_COME = re.compile(
    r"^[^\d]*[暨及和与、](?:19|20)\d\d年度?[^，。；暨及和与]{0,8}(?:计划|打算|安排|思路|要点)(?!.*(?:完成|落实|执行|情况))"
)


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
    if kind == "report" and stated and _YEAR_TO_COME.search(title):
        year -= 1  # 工作总结暨2024年度工作计划
    first = 2016 + 5 * ((year - 2016) // 5) if year else 0
    if kind == "report":
        return Setting(title, path, first, first + 4 if first else 0, year, tuple(aliases), kind)
    aimed = stated and re.search("[到至]$", title[: stated.start()])
    told = year if stated and not kind and not aimed else 0  # of no known kind: it tells of the year in its title
    yearly = bool(kind == "plan" and stated and not aimed and _ONE_YEAR.search(title) and not named)
    if yearly:
        return Setting(title, path, year, year, 0, tuple(aliases), kind, True, str(year))
    return Setting(title, path, first, first + 4 if first else 0, told, tuple(aliases), kind, yearly)
