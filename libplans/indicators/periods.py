"""In which period, and for whom, does a figure hold?

`period` names the years that a quantity belongs to, `scope` the population it covers; pure functions on strings.
"""

import re

from .context import OWN, year_before
from .documents import FIVE_YEAR, YEAR, five_year_start, period_name
from .headings import heading_role
from .roles import FROM, GROWN_TO, TO, is_bracketed


def period(clause, setting, role_value, frequency_value):
    """The period that a figure belongs to: YYYY, 十三五, annual-十四五, current, or "" where nothing tells."""
    note = re.match(r"\s?[（(](\d{4})\s?年", clause.text[clause.end : clause.end + 8])
    if note:
        return note[1]
    if setting.bracketed and is_bracketed(clause):
        return setting.bracketed if re.match(YEAR, setting.bracketed) else "current"
    source = re.search(r"《[^》]{0,6}((?:19|20)\d\d)[^》]*(?:数据|统计|年鉴|概览|报告|公报)", clause.lead)
    if source:
        return source[1]
    named, grown = "", GROWN_TO.search(clause.before)
    begun = clause.start - len(clause.before) + grown.start() if grown else len(clause.text)
    first = FROM.search(clause.before) if TO.match(clause.after) else None
    for item in reversed(clause.times):
        place = item.at + clause.cut
        if place >= begun:
            continue  # the date of the value that it grew from
        if first and place < clause.start - len(clause.before) + first.start():
            break  # the date by which it is to grow
        year = re.search(YEAR, item.words)
        if year:
            return year[0]
        if year_before(item, clause, setting):
            return setting.dated
        if re.match("今年|全年|本年|当年", item.words) and setting.report and setting.document == "report":
            return str(setting.report)
        match = FIVE_YEAR.search(item.words)
        if match:
            named = period_name(five_year_start(match[1]))
            break
        if re.match("目前|现有|现已|现", item.words):
            return "current"
    heading = _heading_period(setting)
    if setting.yearly and setting.dated and role_value == "target":
        return setting.dated
    if not named and frequency_value == "stock" and role_value == "baseline" and re.search("现有|目前", clause.lead):
        return "current"
    if not named:
        if setting.document == "report" and setting.report and role_value != "target":
            return str(setting.report)
        years = re.findall(rf"{YEAR}(?=\s?年)", setting.path)
        if role_value == "target" and setting.document == "report" and years:
            return years[-1]  # the plan for the year to come, at the end of a report
        if role_value == "target":
            named = setting.period
        elif heading:
            named = heading
        elif heading_role(setting) == "baseline":
            named = "current" if frequency_value == "stock" or frequency_value == "rate" else setting.before
    if (
        not named
        and setting.document == ""
        and role_value == "baseline"
        and (setting.report or setting.news or setting.dated)
    ):
        return str(setting.report or setting.dated or setting.news)
    if not named or named == "current":
        return named or ("current" if role_value != "target" else "")
    return f"annual-{named}" if frequency_value == "annual" and not re.fullmatch(YEAR, named) else named


def _heading_period(setting):
    found = [period_name(five_year_start(match[1])) for match in FIVE_YEAR.finditer(setting.path)]
    return found[-1] if found else ""


_SCOPES = (
    ("national", re.compile("全国|国内(?!外)|各省|全行业")),
    (
        "province",
        re.compile("全省|省内|我省|各地市|各市(?!民)|基层(?:网点|馆|图书馆)|边境县|边境地市|省域|试点县|个县"),
    ),
    ("city", re.compile("全市|市内|我市|全区|我区|全县|我县|各区县|省会城市")),
)


#: honours, and outlets of the library's own wherever they stand
_NO_SCOPE = re.compile(
    "全国(?:优秀|文明|珍贵|知名|首个|率先)|国家珍贵|在全[国省市区县](?:范围内?)?(?=(?:已|共)?(?:建有|建成|设立|设有|建立|拥有))"
)


def scope(clause, role_value, name="", reach="library"):
    """The population that a figure covers: library, city, province or national, by its name and the words around it.

    `reach` is that of the document, for what says nothing itself.
    """
    words = f"{name} {clause.before}{clause.after[:14]}{clause.header}"
    words = _NO_SCOPE.sub("", words)
    for name, pattern in _SCOPES:
        if pattern.search(words):
            return name
    if role_value == "comparison":
        return "national"
    return "library" if OWN.search(clause.lead) else reach
