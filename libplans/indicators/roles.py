"""Is a quantity promised, reached, or someone else's?

Pure functions on strings. The rules read like a coder's: others' figures first (averages, ranks, gaps); then an
explicit date beats the heading, and the heading beats the tense.
"""

import re

from .comparisons import is_comparison
from .context import period_role, year_before, year_role
from .documents import YEAR
from .headings import heading_role

_PAST = re.compile(
    r"已(?!有的)|累计|现有|现已|目前|截至|截止|以来|年来|近年|曾|荣?获(?:得|评|批)|先后|连续|去年|达到了|仅(?:为|有|"
    r"能)?|只有|高达|不足(?=\d)|"
    r"[一-龥]了(?!解)|首次|同比|位居|创下|(?<!公)共(?=[建有举接完服开组培发收征借购采编修受送派拥办])|(?<!，[三五]年)共计|缺口|过去"
)
_PAST_STRONG = re.compile(
    r"已(?!有的)|现(?:有|已|在(?!的))|(?<!实)现[存藏](?!储|量)|目前|截至|截止|[“十][^，]{0,6}以来|近年来|\d年来|年来|去年|上年|"
    r"实际(?:完成|达到?|为|增长)?$|只有$|仅有$|仅为?$|(?:我馆|本馆)[^，。；]{0,8}(?:只有|仅|不足$)"
)
_FUTURE = re.compile(
    r"力争|有望|争取(?!到|了)|确保|再建|可(?=建成|新增|完成)|(?<![重主需])要建|还将|将(?=[达建实于新完增提再]|覆盖|惠及|接待|形成|打造|设[置立有]|购置|采购|招[聘募]|突破|超过|累计|全部|分别|陆续|逐步|继续|进一步|力争|补助|投[入资]|安排|举办|开展|推出|拥有|引进|配备)|(?<![模虚比])拟|计划|(?<!占)预计|预期|不少于|不低于|不得|保持在|提高到|"
    r"提高至|扩大到|(?<![供适响反对相效])应(?![用急对邀])|必须|"
    r"控制在|逐步|努力|继续|至少|实现(?!了)|到20\d\d年|推进|建成后|目标"
)
FROM = re.compile(r"[由从自](?P<from>[^，。；]{0,24})$")
#: the words before the value that something grew to: 由2020年的78TB增加到
GROWN_TO = re.compile(r"[由从][^，。；]*\d[^，。；]*(?:提[升高]|增|扩|升|发展|压|缩|降|减)[^，。；]{0,4}[到至为]$")
TO = re.compile(
    r"^[^，。；]{0,12}?(?:增加|提高|增长|提升|增|升|扩大|上升|延长|缩短|压缩|缩减|减少|下降|降|发展|扩充|扩展|攀升|调整)(?:到|至|为|"
    r"低到)"
)


def role(clause, setting):
    """target, baseline or comparison for one quantity.

    Order of weight: whether it is others' figure; a start value (由…增加到…); a year or five-year period named in the
    sentence, against the plan's own; the headings; tense and modality (已, 累计, 了 / 力争, 不少于, 将).
    """
    settled = _settled_role(clause, setting)
    if settled:
        return settled
    score = _leaning(clause, setting)
    if score:
        return "target" if score > 0 else "baseline"
    lead = clause.lead.replace("同比", "") if _grows_by_plan(clause, setting, "") else clause.lead
    return "target" if setting.document == "plan" and not _PAST.search(lead) else "baseline"


def _settled_role(clause, setting):
    """The role where one construction decides it, whatever heading and tense say; "" where none stands."""
    if is_comparison(clause, setting):
        return "comparison"
    if is_set_by_plan(clause):
        return "target"
    if re.search("(?:发挥|依托|利用|借助)好?(?:现有)?(?:全[国省市县区])?(?:现有)?$|围绕[^，。；]{0,6}$", clause.before):
        return "baseline"
    if re.search(rf"[较比](?:上年|去年|{YEAR}\s?年)[末底]?的$", clause.before):
        return "baseline"
    if is_existing(clause) or re.match(
        "[^，。；]{0,6}[馆县市区校家所标目]中(?![心国部文外央学小华型等])", clause.after
    ):
        return "baseline"
    if _BUILDING_SITE.search(setting.previous + clause.text) and not _PAST_STRONG.search(clause.before):
        if _BUILDING_FEATURE.search(clause.before) or _BUILDING_FEATURE.match(clause.after):
            return "target"
    if _ON_THE_BASIS.match(clause.text[clause.end :]) and _STARTS_FROM.search(clause.lead):
        return "baseline"
    if setting.bracketed and is_bracketed(clause):
        return "baseline"
    if re.search("(?:实际|实绩|现状|基期|完成情况)$", clause.header):
        return "baseline"  # the title of the column
    if FROM.search(clause.fresh[-26:]) and TO.match(clause.text[clause.end : clause.end + 20]):
        return "baseline"
    return ""


def is_bracketed(clause):
    """Whether a figure stands alone in brackets behind another."""
    return clause.fresh.strip() == "（" and clause.text[clause.end : clause.end + 1] in ("）", "/", "／")


#: from what it starts: 在2023年接待读者182万人次、外借143万册次的基础上
_ON_THE_BASIS = re.compile("[^。；，]{0,80}基础上")
_STARTS_FROM = re.compile("在(?!确保|保证|完成|保持|实现|达到|稳定)(?:(?!不少于|不低于|每年|年均|年新增)[^。；，])*$")


def _leaning(clause, setting):
    """How much headings, dates, tense and modality speak for a target (above 0) or for a baseline (below 0)."""
    score = {"target": 2, "baseline": -2}.get(heading_role(setting), 0)
    by_time = time_role(clause, setting)
    score += {"target": 3, "baseline": -3}.get(by_time, 0)
    grown = re.search(r"同比|比上年|比去年|较上年|比\d{4}年", clause.before)
    words = re.sub("^.*（(?=[^）]*$)", "", clause.before)  # inside brackets only what they hold
    if GROWN_TO.search(words):
        words = re.sub(
            "[由从][^，。；]*?[0-9][^，。；]*?(?=提|增|扩|升|发展|压|缩|降|减)", "", words
        )  # what it grew from is past
    planned = heading_role(setting) == "target" or _grows_by_plan(clause, setting, by_time)
    if grown and planned:
        words = words.replace("同比", "")  # a growth that is planned
    elif grown and by_time != "target":
        score -= 2
    if _PAST_STRONG.search(words) and not re.search("建成后|将", words):
        score -= 3
    if _PAST.search(words) or re.match("[^，。；]{0,10}(?:实现脱贫|脱贫|受益)", clause.after):
        score -= 1
    if setting.document != "plan":
        words = words.replace("保持在", "")  # what lasts in a profile, what is to last in a plan
    if _FUTURE.search(words) or _FUTURE.match(clause.text[clause.start : clause.end]):
        score += 2 if re.search("力争|确保|(?<![模虚比])拟|预计|计划(?!完成)|将", words) else 1
    if not by_time and setting.document == "" and _AIMED.search(clause.lead):
        score += 4
    if _TO_BE_BUILT.search(clause.lead) or _OPENS_LATER.search(clause.text[clause.end :]):
        score += 3
    if not by_time and setting.document == "" and _REACHED_BY.search(re.split("[。；]", clause.lead)[-1]):
        score += 3
    if by_time != "baseline" and _FROM_NOW_ON.search(re.split("。", clause.lead)[-1]):
        score += 4
    ahead = heading_role(setting) != "baseline" or _OPENS_AHEAD.match(re.split("[。；！？]", clause.lead)[-1])
    if by_time != "baseline" and ahead and _announced(clause):
        score += 3
    if _PLANNED.search(clause.lead):
        score += 4
    if _NEEDED.search(clause.before) or _AIM_BEHIND.match(clause.text[clause.end :]) and _SETS.search(clause.lead):
        score += 4
    if by_time != "baseline" and _LISTED_FOR_YEAR.search(clause.lead):
        score += 3
    if heading_role(setting) != "baseline" and _PRESCRIBES.match(clause.text[clause.start :]):
        score += 2
    if _OPENS_TARGETS.search(re.split("：", clause.lead)[0][-30:] if "：" in clause.lead else ""):
        score += 2
    if re.search("(?:建成|竣工|完工|落成|投用)(?:投用|开放)?后", clause.lead):
        score += 2
    score -= 1.5 if setting.document == "report" else 0
    score += setting.leaning * (1 if not by_time else 0)
    if setting.document == "" and by_time == "" and re.search(rf"{YEAR}\s?年[^，。；]{{0,6}}实现$", words):
        score -= 3
    return score


def _grows_by_plan(clause, setting, by_time):
    """Whether a growth in the plan of one year is one that is planned: nothing in its sentence looks back."""
    back = _PAST_STRONG.search(clause.text) or re.search("[一-龥]了[一-龥\\d]", clause.text)
    return setting.yearly and by_time != "baseline" and heading_role(setting) != "baseline" and not back


#: an aim with its date, told in a text that names no period of its own: 方案》，到2028年；提出到2015年实现
_AIMED = re.compile(
    rf"(?:提出|明确|要求|根据|按照|依据|目标|力争|争取|确保|规划)[^。；]{{0,60}}(?<!截)[到至]\s?“?(?:{YEAR}\s?年|十[一二三四五六七八九]五”?末)"
    rf"|(?<!截)(?<!年)[到至]\s?{YEAR}\s?年[末底]?，?[^。；，]{{0,8}}(?:将|力争|要|确保|争取|计划)"
)
#: what is said of a building that is not there yet; and the date of its opening, told after its figures
_TO_BE_BUILT = re.compile(
    "规划(?:总?(?:用地|占地|建筑面积)|面积)|(?:初步|概念|方案)设计[^。；]{0,8}(?:显示|提出|为)|拟建"
)
_OPENS_LATER = re.compile(
    rf"^[^。；]{{0,40}}(?:预计|计划|力争|将)[^，。；]{{0,4}}(?:{YEAR}年?|明年|后年|年底|月底)[^，。；]{{0,8}}"
    "(?:建成|竣工|开放|开馆|完工|落成|投入使用|投用)"
)


def is_set_by_plan(clause):
    """Whether the figure is what a plan had set, told when it was reached (规划提出的650万册的目标)."""
    return bool(
        re.match("[^，。；]{0,4}的(?:目标|任务|指标)", clause.after)
        and re.search(
            "(?:规划|计划|方案|原)[^，。；]{0,4}(?:提出|确定|设定|定|要求|规定)的?$|(?:预定|既定)的?$", clause.before
        )
    )


def is_existing(clause):
    """Whether the figure stands in brackets behind what is there already (是现馆（1.68万平方米）的3倍)."""
    return bool(_EXISTING.search(clause.before))


#: in brackets behind what is there already: 是现馆（1.68万平方米）的3倍
_EXISTING = re.compile(
    "(?:馆藏[^，。；（）]{0,4}|现藏[^，。；（）]{0,6}|现存[^，。；（）]{0,6}|(?<!实)现(?:有|馆|址)[^，。；（）]{0,6})（[^（）]*$"
)
#: a state to be reached by a date, in a text that has no period of its own; 截至 and 已 look back
_REACHED_BY = re.compile(
    rf"(?<!截)(?<!年)(?:(?:到|至)\s?“?(?:{YEAR}\s?年|十[一二三四五六七八九]五”?)(?:末|底|年底|年末)?|“?十[一二三四五六七八九]五”?末)(?![^。]*(?:已|[一-龥]了[一-龥\d]|截[至止]))"
)
#: what is told of a building that is being planned or built
_BUILDING_SITE = re.compile(
    "建成后[^。]{0,20}(?:将|可|能|总)|正式开工|开工建设|奠基|规划(?:藏书|阅览|座位|总建筑|总用地)|(?:项目|新馆)[^，。；]{0,6}(?:建设现场|在建|正在建设)|正在建设的[^，。；]{0,8}馆|新馆[^。]{0,20}(?:列入|纳入)[^。；]{0,14}(?:重点|项目)|概算投资|预计[^，。；]{0,8}(?:完工|竣工|建成)"
)
_BUILDING_FEATURE = re.compile("投资|面积|占地|藏书|座位|坐席|座席|容纳|席|阅览室|停车|馆藏|设计")
#: what was planned for a year, whether that year is over or not: 2019年计划订购中文图书4万册
_PLANNED = re.compile(
    rf"{YEAR}\s?年(?:度)?(?:我馆|本馆|全馆)?(?:计划|拟|预计|预算)(?:安排|新增|新建|建设|订购|采购|购置|投入|举办|开展|完成|维持|总|为)(?!了|后)"
    "(?!.*(?:实际|已|完成了))"
)
#: what is asked for (共需资金1亿元, 还需购置图书240万册), or set as an aim that is named behind it
_NEEDED = re.compile(
    "(?<![所必急供按刚])(?:共需|总需|尚需|还需|仍需|需要?(?:再)?(?:投[入资]|资金|经费|用资|购[置买入]|采购|新[建增]|增[加添]|建设|补充|配[备置]))"
    "[^，。；]{0,16}$"
)
_SETS = re.compile("(?:确定|提出|明确|制定|制订|下达|设定)了?[^。；]*$")
_AIM_BEHIND = re.compile("(?:、[^，。；、]{0,16}){0,4}[^，。；、]{0,8}的(?:年度|工作|建设|发展|奋斗)?(?:目标|任务)")
#: on a list of what is to be done this year
_LISTED_FOR_YEAR = re.compile(
    "(?:列入|纳入|列为)[^。；]{0,16}(?:实事|重点(?:项目|工程)|年度计划)(?![^。]*(?:已|截至|[一-龥]了[一-龥0-9]|完成))[^。]*$"
)
#: the wording of a norm: whoever writes 不少于 says what is to be
_PRESCRIBES = re.compile("不(?:得|能)?[少低小多高大]于|不(?:得|能)?超过")
_ANNOUNCE = re.compile(
    r"(?:下一步|接下来|今后|未来[一-龥\d]{0,4}年|明年|力争|争取(?!到|了)|打算|(?<![\d年])拟(?=[在建新于投订购举开引将])|"
    r"(?<![按照据外内划])计划(?=[在用将建新投增于到从全加采订购举开分引完每公招])(?!完成率|完成情况)|将(?=[在于以新建继进大全持投开举推通达再还分逐陆累力完实]))|还将"
)


#: a sentence that begins with what is aimed at, under whatever heading
_OPENS_AHEAD = re.compile(r"\s*(?:力争|计划|拟|将|打算|下一步|[^，。；]{2,12}，(?:力争|计划|拟)(?!了))")
#: what holds for all that follows, under whatever heading: 下一步，我馆将重点做好以下工作：…；…
_FROM_NOW_ON = re.compile("(?:下一步|接下来|下一阶段|今后|明年|来年)[^。]*$")


def _announced(clause):
    """Whether an earlier clause of the sentence announces what follows (下一步，计划在…，在3个街道建设15个)."""
    sentence = re.split("[。；！？]", clause.lead)[-1]
    found = _ANNOUNCE.search(sentence)
    return bool(found) and not (
        _PAST_STRONG.search(sentence) or re.search(r"[一-龥]了[一-龥\d]|共计|同比|荣?获", sentence[found.start() :])
    )


_OPENS_TARGETS = re.compile("(?:目标|预期|任务|要求|计划|打算)[^，。；]{0,8}$")


def looks_back(text):
    """Whether a sentence tells what is or was (已, 截至, 年来, 累计, …了) and nothing that is to be."""
    return bool(_PAST_STRONG.search(text) or re.search(r"累计|先后|荣获|[一-龥]了[一-龥\d]", text)) and not (
        _FUTURE.search(text)
    )


def _completed(clause, time):
    """Whether a later year stands in what a report tells as done (完成2021年图书、2022年报刊采购工作)."""
    words = re.split("[，。；：]", clause.lead[: time.at])[-1]
    return bool(re.search("完成|做好了|制定了|启动了|已", words))


def time_role(clause, setting):
    """What the dates of the sentence say about the role: the nearest dated expression decides."""
    note = re.match(r"\s?[（(](\d{4})\s?年", clause.text[clause.end : clause.end + 8])
    if note:
        return year_role(int(note[1]), setting)
    grown = GROWN_TO.search(clause.before)
    begun = clause.start - len(clause.before) + grown.start() if grown else len(clause.text)
    for item in reversed(clause.times):
        if item.at + clause.cut >= begun:
            continue  # the date of the value that it grew from
        if re.match(r"截[至止]|目前|现", item.words):
            return "baseline"
        role = period_role(item.words, setting)
        if item.words in ("今年", "本年", "本年度") and "政府工作报告" in setting.title:
            return "target"
        if not role and year_before(item, clause, setting):
            role = year_role(int(setting.dated), setting)
        if (
            role == "target"
            and setting.document != "plan"
            and (_completed(clause, item) or re.search("共有|(?:达到?|有|增)了", clause.before))
        ):
            continue
        if role:
            return role
        if re.search("年[来间]", item.words):
            return "baseline"
    return ""
