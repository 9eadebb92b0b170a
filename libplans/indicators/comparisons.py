"""Is a figure someone else's: an average, a rank, a gap, a norm, another library, a penalty?"""

import re

from ..places import CITIES, PROVINCES
from .context import OWN
from .headings import heading_role
from .uncounted import MOVED

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
    rf"|相差|差距(?:达|为|仅)?|(?:超出|高出|高于|低于|未达到?)(?:[^，。；\d]{{0,4}}标准|最高档)(?:值|要求)?|(?:高于|低于|高出|落后于?|远超过?|不及){_POPULATION}[^，。；]{{0,12}})[^，。；\d]{{0,6}}$"
)


#: what is said of many libraries at once
_MANY = "(?:(?:中位|众|平均)[值数]|均值|标准差|极差(?:区间)?|四分位数?)[①-⑳]?(?:变[宽窄]，)?(?:约|为|是|达|落在)*"
_STATISTIC = re.compile(f"{_MANY}$")
#: the same of another year, in brackets behind it: 中位值为315.1万元（2017年为340.8万元）
_STATISTIC_BEFORE = re.compile(rf"{_MANY}\d[\d,.]*[万亿]?[一-龥%]{{0,3}}[（(][^（()）]*$")
#: others in the order of a ranking: 排在前5位的图书馆是：中山大学图书馆，10556.8万元；…
_RANKING = re.compile(r"前[\d一二三四五六七八九十]{1,3}[位名强]的[^，。；：]{0,14}(?:是|为|有|依次|分别)[^。]*$")


#: what a rule prescribes to all in the list after its colon
_PRESCRIBED = re.compile("(?:办法|标准|方案|规程|规范|指标|》)[^。]{0,40}规定：[^。]*$")


_STANDARD = re.compile(
    r"(?:标准|评估|定级|规范|办法|[一二三]级馆)[^，。；\d]{0,8}(?:要求|规定|应当?达到)[^，。；\d]{0,24}$|"
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
    if MOVED.search(clause.before) and clause.text[clause.start : clause.end].endswith("位"):
        return True
    if _SUPERLATIVE.search(clause.before) and not OWN.search(clause.before):
        return True
    if re.match("[^，。；、]{0,10}中(?:居|位居|排|名列|列)", after):
        return True  # 在全省5所高校中居第4位
    if re.fullmatch(r"，?(?:而)?(?:同期)?(?:全国|全省|全市)(?:平均)?(?:水平)?(?:为|是|达到?)", before.strip()):
        return True
    if heading_role(setting) == "baseline" and "标准" in clause.lead and re.search("应(?:当)?(?:在|为|达到?)$", before):
        return True
    if is_fine(clause):
        return True
    if _NORM_COLUMN.search(clause.header) or re.search("(?:^|[（：])标准(?:值|为|是)*$", before):
        return True
    if re.search("[居列排](?:在)?全[国省市]$", before) and re.match(r"[^，。；\d]{0,10}第\s?\d+[位名]", after):
        return True  # the number of those who were ranked: 居全省21个市第9位
    if _OTHERS_ROW.search(clause.header):
        return not any(alias in clause.header for alias in setting.aliases)
    if _STATISTIC.search(before) or _STATISTIC_BEFORE.search(clause.lead) or _PRESCRIBED.search(clause.lead):
        return True
    if _RANKING.search(clause.lead) and not any(alias and alias in before for alias in setting.aliases):
        return True
    own = [match.end() for match in OWN.finditer(before)]
    since_own = before[own[-1] :] if own else before
    if is_gap(clause) or re.search("[与同距离]", clause.before) and re.search("有[^，。；]{0,6}差距", clause.after):
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


#: the first ones of a ranking, named one after the other
_SUPERLATIVE = re.compile(
    "(?:最[多高大少低小]的[^，。；]{0,8}|其次|第[二三四五])(?:是|为)[^，。；\\d]{1,10}(?:省|市|县|区|州|馆|大学|学院)[（(]?$"
)


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
    if re.search(r"[高低快慢]于(?:同期|同年)[^，。；\d]{0,24}$", clause.before):
        return True
    return bool(_GAP.search(clause.before) or re.match(r"[^，。；]{0,3}的?差距", clause.after))


_REGIONS = f"{PROVINCES}|{CITIES}|国家|首都|金陵"


#: another city or province as the subject: 同期苏州人均藏书已达
_ELSEWHERE = re.compile(rf"(?:同期)?(?:{_REGIONS})(?!图书馆|路|街|区)[一-龥]")


_LIBRARY = re.compile(
    rf"({_REGIONS})(?:省|市|自治区)?(?:图书馆|馆)(?:已|现)?(?:为|有|是|达|拥有|达到|年|馆藏|藏书|面积)"
)


_ABROAD = re.compile(
    "(?:美国|英国|日本|德国|法国|韩国|俄罗斯|加拿大|新加坡|印度|欧盟|发达国家)(?:为|是|达|达到|仅|仅为|只有|平均)?$"
)


#: the row of another university in a table
_OTHERS_ROW = re.compile("^(?!我|本)[一-龥]{2,14}(?:大学|学院)(?:图书馆)?(?=[一-龥])")


#: the column of a norm that others have set
_NORM_COLUMN = re.compile("(?:标准值|达标值|国标|省标|(?:国家|部颁|省定|评估|定级)标准)(?:（[^（）]*）)?$")


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
