"""Which words name what a number counts, at the number or before it?"""

import re

from .documents import YEAR

_OWN_WORDS = re.compile(
    r"^(?:（|而|但|其中|我国|美国|英国|日本|德国|法国|韩国|加拿大|本馆|我馆|省图书馆|市图书馆|我省|我市|本|馆|仅|为|已|高?达到?|只有|由|从|增加|增长|提高|提升|到|"
    r"至|下降|降|约|、|和|及|与|\s|的|预算额度|年|\d{4}\s?年|(?<!\d)\d\d年|"
    r"扩大|扩充|扩展|跃升|攀升|上升|跃居|增|发展|现在的?|目前的?|的|\d{4}\s?年[初末底]?的?|连续.{1,2}年|保持在?|稳定在|年?[末底初]|年均|每年|全年|当年|今年|去年|上年|本年度?|年内|日均|月均|每[天日月周季]|每个月|共计?|合计|累计|总计|分别|在|占|占比|比重|比例|低于|高于|相当于|全国|全省|"
    r"全市|平均|水平|举办|开展|组织|完成|其|并|预计|力争|确保)*$"
)


_SUMMED = re.compile(r"等(?:各类|各种|各项|系列|多种|形式多样的?)?([^，。；、等]{2,})$")


def topics_at(clause, quantity, inherited):
    """The words that name what is counted, nearest first: at the number, then what was spoken of before."""
    tail = re.split(r"[，。；：（）\t+]", clause.text[clause.end : clause.end + 40])[0]
    tail = "" if tail.startswith("、") else tail
    listing = "、|" if re.search(r"\d", tail) else ""
    noun = re.split(
        listing + "(?<=馆)中(?![心国])|设立|建设|建成|建立|完成|实现|开展|举办|共建(?!馆)", tail.removeprefix("的")
    )[0][:24]
    if quantity.noun and quantity.noun not in clause.before:
        return [re.split("实现|摆脱|通过|[^一-龥]", clause.after)[0][:12], clause.after]
    if quantity.noun:
        at = clause.before.rfind(quantity.noun)
        return [re.split("[和及与]", clause.before[: at + len(quantity.noun)])[-1], clause.before]
    listed = clause.previous > clause.start - len(clause.before)
    if noun and re.search("[和与及]$", clause.fresh.rstrip()):
        return [noun]
    fresh = (re.split("[、和及与+]", clause.fresh)[-1] if listed else clause.fresh).strip(" 、+")
    earlier = re.split(r"[，。；：]", clause.lead)
    before = earlier[-2] if len(earlier) > 1 and not listed else ""
    if re.fullmatch(rf"(?:{YEAR}年[末底]?达到?)?(?:全[国省市县区])?人均(?:达到?|为|约)?", fresh) and inherited:
        head = re.sub("(?:达到?|为|约)$", "", inherited[0])
        return ["人均" + head[-length:] for length in (8, 5, 4, 3)]
    if re.fullmatch("(?:总|建筑)?面积(?:约|为|达到?|仅|共)*", fresh) and re.search("馆舍|[新主我本老]馆", clause.lead):
        return ["馆舍面积"]
    if _TRAINS.search(fresh) and _TRAINED.search(clause.lead):
        return [fresh + "基层馆员培训" + noun]
    if _OWN_WORDS.match(fresh) and not re.search("[到进入]馆", fresh):
        if noun:
            if len(noun) < 2 or tail.startswith("的"):
                return [noun, *inherited]
            return [noun] if _PROCESS.search(noun) else [noun, before]
        if (
            len(before) > 3
            and not re.search(r"\d|^(?:居|位|同比|较|比|并|创|在)", before)
            and not _OWN_WORDS.match(before)
        ):
            return [head_of_list(before), before, *inherited]
        return [*inherited, head_of_list(before), before]
    whole = tail if not re.search(r"\d", tail) else noun
    if noun and re.search("等各?[类种]?$", fresh):
        return [noun, whole]
    return [
        head_of_list(fresh) + noun,
        fresh + noun,
        *([] if listed and len(fresh + noun) > 2 else [clause.before + whole]),
    ]


#: a noun that says what is done with the things counted; what was spoken of before is then something else
_PROCESS = re.compile("数字化|整理|普查|编目|著录")


_TRAINS = re.compile("(?:培训|轮训)(?:班)?$")


_TRAINED = re.compile("(?:馆员|基层|从业|业务|学员|管理员)[^；。]{0,40}$")


_EVENT_WORDS = re.compile("讲座|展览|培训|活动|演出|沙龙|比赛|阅读推广")


def head_of_list(words):
    """The head of a list: 讲座、培训、展览等活动 is about 活动, and so is 培训、讲座、展览 counted in one figure."""
    if len(set(_EVENT_WORDS.findall(words))) > 1 and re.search("[、和及与]", words):
        return "活动"
    match = _SUMMED.search(words)
    return match[1] if match else words
