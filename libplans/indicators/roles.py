"""Is a quantity promised, reached, or someone else's?

Pure functions on strings. The rules read like a coder's: others' figures first (averages, ranks, gaps); then an
explicit date beats the heading, and the heading beats the tense.
"""

import re

from .context import OWN, YEAR, period_role, year_before, year_role

_PAST_HEADING = re.compile(
    r"回顾|成绩|成就|成效|成果|现状|发展基础|(?:工作|规划|现实|事业|良好)基础|建设基础|基础与|基础和|主要进展|问题|困难|差距|短板|不足|挑战|概况|简介|"
    r"总结|汇报|完成情况|执行情况|实施情况|"
    r"进展情况|基本情况|发展历程|馆情|背景|形势"
)
_FUTURE_HEADING = re.compile(
    r"目标|主要任务|重点任务|任务|指标|举措|措施|工作安排|打算|展望|愿景|规划|行动|策略|战略|专栏|下一步|重点工作|"
    r"工作计划|总体要求|"
    r"^保障|保障(?:措施)?$|保障机制|发展思路|工作思路|预期|部署"
)
#: in a report only a heading that looks ahead opens targets; 任务, 措施, 行动 are what was done
_AHEAD_HEADING = re.compile(
    r"主要目标|目标任务|预期|打算|展望|愿景|规划|下一?步|计划|安排|思路|明年|今后|总体要求|重点工作|(?:工作|发展|年度|奋斗|总体)目标|工作任务"
)
_SHORT = 14


def heading_role(setting):
    """What the headings above a sentence say: target, baseline, or "" where they say nothing or both."""
    role = ""
    for depth, title in enumerate(setting.path.split(" / ")):
        bare = re.sub(r"^[\s（(]*[\d一二三四五六七八九十]+[）)、.．\s]*|“|”", "", title)
        if depth and len(bare) > _SHORT and not period_role(title, setting):
            continue
        ahead = _AHEAD_HEADING if setting.document == "report" else _FUTURE_HEADING
        past, future = bool(_PAST_HEADING.search(bare)), bool(ahead.search(bare))
        by_period = period_role(title, setting) if title != setting.title or setting.document != "report" else ""
        if past and not (future and by_period == "target") and by_period != "target":
            role = "baseline"
        elif by_period:
            role = by_period
        elif future and not past:
            role = "target"
    return role


_PAST = re.compile(
    r"已(?!有的)|累计|现有|现已|目前|截至|截止|以来|年来|近年|曾|荣?获(?:得|评|批)|先后|连续|去年|达到了|仅(?:为|有|"
    r"能)?|只有|高达|不足(?=\d)|"
    r"[一-龥]了(?!解)|首次|同比|位居|创下|(?<!公)共(?=[建有举接完服开组培发收征借购采编修受送派拥办])|共计|缺口|过去"
)
_PAST_STRONG = re.compile(
    r"已(?!有的)|现(?:有|已|在(?!的))|目前|截至|截止|[“十][^，]{0,6}以来|近年来|\d年来|年来|去年|上年|"
    r"实际(?:完成|达到?|为|增长)?$|只有$|仅有$|仅为?$|(?:我馆|本馆)[^，。；]{0,8}(?:只有|仅|不足$)"
)
_FUTURE = re.compile(
    r"力争|有望|争取(?!到|了)|确保|再建|(?<![重主需])要建|还将|将(?=[达建实于新完增提再]|累计|全部|分别|陆续|逐步|继续|进一步|力争|补助|投[入资]|安排|举办|开展|推出|拥有|引进|配备)|(?<![模虚比])拟|计划|预计|预期|不少于|不低于|不得|保持在|提高到|"
    r"提高至|扩大到|(?<![供适响反对相效])应(?![用急对邀])|必须|"
    r"控制在|逐步|努力|继续|至少|实现(?!了)|到20\d\d年|推进|建成后|目标"
)
FROM = re.compile(r"[由从自](?P<from>[^，。；]{0,24})$")
TO = re.compile(
    r"^[^，。；]{0,12}?(?:增加|提高|增长|提升|增|升|扩大|上升|延长|缩短|压缩|缩减|减少|下降|降|发展|扩充|扩展|攀升|调整)(?:到|至|为|"
    r"低到)"
)
_POPULATION = (
    r"(?:全国|全省|全市|全球|世界|国际|国内|省级|市级|县级|副省级|各馆|各省|各市|同级|同类|同行|兄弟|先进|发达|东部|"
    r"中部|西部|长三角|一级馆|平均)"
)
_AVERAGE = re.compile(
    rf"{_POPULATION}[^，。；]{{0,16}}(?<![年月日周季])平均|(?<![年月日周季])(?:馆均|平均(?:水平|值|数)|均值)"
)
_GAP = re.compile(
    rf"(?:(?:比|较|与|距离?|低于|高于|少于|多于|落后于?|超出|超过|高出){_POPULATION}[^，。；]{{0,20}}(?:少|低|高|多|"
    rf"差|相差|差距|平均(?:水平|值|数)?)"
    rf"|相差|差距(?:达|为|仅)?|(?:高于|低于|高出|落后于?){_POPULATION}[^，。；]{{0,12}})[^，。；\d]{{0,6}}$"
)
#: what is said of many libraries at once, and what a rule prescribes to all in the list after its colon
_STATISTIC = re.compile("(?:中位[值数]|标准差|极差|众数|四分位数?)(?:约|为|是|达)*$")
_PRESCRIBED = re.compile("(?:办法|标准|方案|规程|规范|指标|》)[^。]{0,40}规定：[^。]*$")
_STANDARD = re.compile(
    r"(?:标准|评估|定级|规范|办法|[一二三]级馆)[^，。；\d]{0,8}(?:要求|规定|应当?达到)[^，。；\d]{0,12}$|"
    r"(?:标准|评估|规范|指标)(?:的?要求|规定|为|是|中)[^，。；]{0,8}$|[要规][求定](?:的|为|达到)[^，。；\d]{0,4}$"
)


def is_comparison(clause, setting):
    """Whether the figure is others', an average, a rank or a gap; the library's own figure beside it is not."""
    before, after = clause.fresh, clause.after
    if re.match("第", clause.text[clause.start : clause.end]) or _LAST_PLACES.search(before):
        return True
    if re.match("[^，。；]{0,2}的[^，。；]{0,6}(?:标准|达标线|要求)", after) and _NORM.search(clause.lead):
        return True
    if re.search("(?<![我本])馆平均[^，。；每]{0,8}$", before) or re.match("[^，。；]{0,10}(?<![我本])馆平均", after):
        return True  # 参与统计的42个地级市馆平均馆藏197万册
    if _ELSEWHERE.match(clause.before.lstrip()) and _HELD_AGAINST.search(setting.previous[-60:] + clause.lead):
        return not any(alias and alias in clause.before for alias in setting.aliases)
    if setting.reach == "library" and re.search("(?:我国|全国)(?:成年)?(?:国民|居民)", before):
        return True
    if re.match("[^，。；、]{0,10}中(?:居|位居|排|名列|列)", after):
        return True  # 在全省5所高校中居第4位
    if re.fullmatch(r"，?(?:而)?(?:同期)?(?:全国|全省|全市)(?:平均)?(?:水平)?(?:为|是|达到?)", before.strip()):
        return True
    if heading_role(setting) == "baseline" and "标准" in clause.lead and re.search("应(?:当)?(?:在|为|达到?)$", before):
        return True
    if is_fine(clause):
        return True
    if _OTHERS_ROW.search(clause.header):
        return not any(alias in clause.header for alias in setting.aliases)
    if _STATISTIC.search(before) or _PRESCRIBED.search(clause.lead):
        return True
    own = [match.end() for match in OWN.finditer(before)]
    since_own = before[own[-1] :] if own else before
    if is_gap(clause) or re.search("[与同距]", clause.before) and re.search("有[^，。；]{0,6}差距", clause.after):
        return True
    if re.match(r"[^，。；\d]{0,4}的?(?:全[国省市])?平均(?:水平|值|数)", after) and not re.match("以上", after):
        return True
    if re.search(rf"{_POPULATION}[^，。；]{{0,8}}平均(?:水平|值|数)?的$", before):
        return True
    if _OUTDONE.search(before) and re.match("的?(?:年均|平均)?(?:增[速幅]|增长率|水平|比重|比例)", after):
        return True
    average = _AVERAGE.search(since_own)
    if average and not re.search(r"年平均|平均每年|人均", average.group()[-8:]):
        return not re.search("(?:达到|高于|超过)[^，。；]{0,6}平均水平", before) or bool(
            re.search("平均(?:水平|值)?(?:为|是|达)?$", before)
        )
    if (
        _STANDARD.search(since_own)
        and re.search("标准|评估|规范|定级|办法|级馆", before)
        and not re.search(
            "按照|根据|依据|对照|(?:配置|配备|供配|配送|建设|补助|补贴|资助|收费)[^，。；]{0,4}标准", before
        )
    ):
        return True
    if re.search(rf"(?:是|为|相当于)[^，。；]{{0,10}}{_POPULATION}[^，。；]*的$", before) and re.match(
        r"[\d.]+倍", clause.text[clause.start :]
    ):
        return True
    return _is_other_library(since_own, setting) or bool(_ABROAD.search(before))


#: a norm set elsewhere: 教育部规定的生均60册的合格标准
_NORM = re.compile("规定|部颁|教育部|国家|评估|定级|[与距][^，。；]*$|距离")
_HELD_AGAINST = re.compile("相比|差距|先进|对标|比较|同期")
_LAST_PLACES = re.compile("(?:排名|排在|位居|位列)[^，。；]{0,6}[后末]$")


#: others' figure that one's own is held against: 高于同期全国3.9%的增速
_OUTDONE = re.compile(rf"(?:[高低快慢优]于|超过|领先)(?:同期|同年)?{_POPULATION}[^，。；\d]{{0,6}}$")


def is_fine(clause):
    """Whether the figure is a penalty of a statute: a norm, nobody's promise and nobody's state."""
    return bool(
        re.match("的?(?:罚[款金]|滞纳金|违约金)", clause.after)
        or re.search("处(?:以|违法所得)?$|罚[款金]$|违法所得$", clause.before)
    )


def is_gap(clause):
    """Whether the figure is a distance to others (比平均值少50%, 差距达0.6册), not a level."""
    if re.match("的?(?:全[国省市])?平均(?:水平|值|数)", clause.after):
        return False
    return bool(_GAP.search(clause.before) or re.match(r"[^，。；]{0,3}的?差距", clause.after))


_REGIONS = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|"
    "贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|"
    "西藏|宁夏|新疆|香港|澳门|国家|首都|南京|广州|深圳|杭州|成都|武汉|苏州|长春|哈尔滨|沈阳|大连|金陵|宁波|"
    "青岛|厦门|东莞|佛山|济南|长沙|西安|合肥|郑州"
)
#: another city or province as the subject: 同期苏州人均藏书已达
_ELSEWHERE = re.compile(
    rf"(?:同期)?(?:{_REGIONS}|无锡|常州|温州|绍兴|嘉兴|福州|泉州|南昌|南宁|昆明|贵阳|太原|石家庄|珠海|中山|惠州)(?!图书馆|路|街|区)[一-龥]"
)
_LIBRARY = re.compile(
    rf"({_REGIONS})(?:省|市|自治区)?(?:图书馆|馆)(?:已|现)?(?:为|有|是|达|拥有|达到|年|馆藏|藏书|面积)"
)


_ABROAD = re.compile(
    "(?:美国|英国|日本|德国|法国|韩国|俄罗斯|加拿大|新加坡|印度|欧盟|发达国家)(?:为|是|达|达到|仅|仅为|只有|平均)?$"
)
#: the row of another university in a table
_OTHERS_ROW = re.compile("^(?!我|本)[一-龥]{2,14}(?:大学|学院)(?:图书馆)?(?=[一-龥])")
_NEIGHBOURS = re.compile(
    r"(?:周边|邻近|邻省|兄弟|同类|同级|先进|其他)[^，。；我本]{0,6}(?:馆|县|市|省)(?!先进|平均)[^，。；我本]{2,}$"
)


def _is_other_library(before, setting):
    if _NEIGHBOURS.search(before) and not re.search("与|同|和|比|联合|合作|学习", before):
        return True
    match = _LIBRARY.search(before)
    if not match or not setting.aliases:
        return False
    return not any(match[1] in alias for alias in setting.aliases) and match[1] not in setting.title


def role(clause, setting):
    """target, baseline or comparison for one quantity.

    Order of weight: whether it is others' figure; a start value (由…增加到…); a year or five-year period named in the
    sentence, against the plan's own; the headings; tense and modality (已, 累计, 了 / 力争, 不少于, 将).
    """
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
    if re.search("(?:实际|实绩|现状|基期|完成情况)$", clause.header):
        return "baseline"  # the title of the column
    if FROM.search(clause.fresh[-26:]) and TO.match(clause.text[clause.end : clause.end + 20]):
        return "baseline"
    score = {"target": 2, "baseline": -2}.get(heading_role(setting), 0)
    by_time = time_role(clause, setting)
    score += {"target": 3, "baseline": -3}.get(by_time, 0)
    grown = re.search(r"同比|比上年|比去年|较上年|比\d{4}年", clause.before)
    words = re.sub("^.*（(?=[^）]*$)", "", clause.before)  # inside brackets only what they hold
    if grown and heading_role(setting) == "target":
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
    if by_time != "baseline" and heading_role(setting) != "baseline" and _announced(clause):
        score += 3
    if _PLANNED.search(clause.lead):
        score += 4
    if _OPENS_TARGETS.search(re.split("：", clause.lead)[0][-30:] if "：" in clause.lead else ""):
        score += 2
    if re.search("(?:建成|竣工|完工|落成|投用)(?:投用|开放)?后", clause.lead):
        score += 2
    score -= 1.5 if setting.document == "report" else 0
    score += setting.leaning * (1 if not by_time else 0)
    if setting.document == "" and by_time == "" and re.search(rf"{YEAR}\s?年[^，。；]{{0,6}}实现$", words):
        score -= 3
    if score:
        return "target" if score > 0 else "baseline"
    return "target" if setting.document == "plan" and not _PAST.search(clause.lead) else "baseline"


#: an aim with its date, told in a text that names no period of its own: 方案》，到2028年；提出到2015年实现
_AIMED = re.compile(
    rf"(?:提出|明确|要求|根据|按照|依据|目标|力争|争取|确保|规划)[^。；]{{0,60}}(?<!截)[到至]\s?“?(?:{YEAR}\s?年|十[一二三四五六七八九]五”?末)"
    rf"|(?<!截)[到至]\s?{YEAR}\s?年[末底]?，?[^。；，]{{0,8}}(?:将|力争|要|确保|争取|计划)"
)
#: what is said of a building that is not there yet; and the date of its opening, told after its figures
_TO_BE_BUILT = re.compile("规划总?(?:用地|占地|建筑面积)|(?:初步|概念|方案)设计[^。；]{0,8}(?:显示|提出|为)|拟建")
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
    rf"(?<!截)(?:(?:到|至)\s?“?(?:{YEAR}\s?年|十[一二三四五六七八九]五”?)(?:末|底|年底|年末)?|“?十[一二三四五六七八九]五”?末)(?![^。]*(?:已|[一-龥]了[一-龥\d]|截[至止]))"
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
_ANNOUNCE = re.compile(
    r"(?:下一步|接下来|今后|未来[一-龥\d]{0,4}年|明年|力争|争取(?!到|了)|打算|(?<![\d年])拟(?=[在建新于投订购举开引将])|"
    r"(?<![按照据外内划])计划(?=[在用将建新投增于到从全加采订购举开分引完])(?!完成率|完成情况)|将(?=[在于以新建继进大全持投开举推通达再还分逐陆累力完实]))|还将"
)


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
    words = re.split("[，。；：]", clause.lead[: time.at - clause.cut])[-1] if time.at >= clause.cut else ""
    return bool(re.search("完成|做好了|制定了|启动了|已", words))


def time_role(clause, setting):
    """What the dates of the sentence say about the role: the nearest dated expression decides."""
    note = re.match(r"\s?[（(](\d{4})\s?年", clause.text[clause.end : clause.end + 8])
    if note:
        return year_role(int(note[1]), setting)
    grown = re.search(r"[由从][^，。；]*(?:提[升高]|增|扩|升|发展|压|缩|降)[^，。；]{0,4}[到至为]$", clause.before)
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
        if role == "target" and setting.document != "plan" and _completed(clause, item):
            continue
        if role:
            return role
        if re.search("年[来间]", item.words):
            return "baseline"
    return ""
