"""What does a figure take over from the figures before it in its sentence: role, time base, key?"""

import re

from .comparisons import is_fine, is_gap
from .documents import YEAR
from .harmonised import base_measure, rank_of
from .roles import GROWN_TO, is_existing, is_set_by_plan

#: the level of an earlier year in brackets: 3303个，比2021年（3215个）增长2.7%
_EARLIER = re.compile(r"^，?[比较与](?:上年|去年|\d{4}\s?年)[末底]?的?（?$")


def _goes_on(row, last, clause):
    """Whether a list of opening hours goes on with another body (省馆不少于70小时，市馆不少于63小时)."""
    alike = (
        row["unit"] == last["unit"] and row["bound"] == last["bound"] and last["measure"].startswith("opening_hours")
    )
    words = clause.fresh.strip("，、； ")
    return alike and len(words) <= 12 and "时间" not in words and not clause.after


def _listed_with(row, last, clause):
    """Whether a count of outlets goes on a list without a verb of its own (建成分馆11个，农家书屋176家)."""
    places = ("个", "家", "所", "座", "处")
    return {row["unit"], last["unit"]} <= set(places) and bool(
        re.fullmatch("[一-龥]{2,8}", clause.fresh.strip("，、 "))
    )


def _growth_or_share(row, last, clause):
    """The key of a growth (of what its clause names, or of the figure before it) or of a share of the population."""
    if row["unit"] not in ("%", "成"):
        return ""
    named = _GROWTH_OF.match(clause.before.lstrip())
    if named and (key := rank_of([named["noun"]])):
        return key.removesuffix("_rank") + _change(clause)
    if not last.get("measure") or last["unit"] in ("%", "成"):
        return ""
    if _GROWTH.search(clause.before) and not re.search("[、和及与]", clause.fresh):
        return base_measure(last["measure"]) + _change(clause)
    share = re.search("占(?:全[省市县区])?[^，。；]{0,6}人口", clause.before)
    return "users_pct" if share and last["measure"] == "registered_users" else ""


def _change(clause):
    """A fall is told as a positive figure, so it has a key of its own."""
    return "_decline_pct" if re.search("(?:下降|减少|降低)[^，。；]{0,4}$", clause.before) else "_growth_pct"


#: growth of what is named: 文献经费年均增长不低于8%
_GROWTH_OF = re.compile(
    r"(?P<noun>[一-龥]{3,14}?)(?:(?:与|比|较)[^，。；]{2,12}|同比|年均|每年|逐年|年){0,3}"
    r"(?:增长|递增|增幅|增加|下降|减少)了?(?:不低于|不少于|超过|近|约|为|达到?)*$"
)


#: growth over the year before, told without naming again what grew
_GROWTH = re.compile(
    r"^(?:同比|(?:与|比|较)(?:上年|去年|同期|\d{4}\s?年)[^，。；]{0,12})?(?:增长|增加|提高|提升|上升|下降|减少|降低)了?(?:近|约|超过?)?$"
)


#: the same figure of an earlier year: 人均0.87册，而2020年为0.83册
_YEAR_BEFORE = re.compile(rf"[，（；]?而?(?:上年|去年|{YEAR}\s?年[末底]?)(?:则|仅|只)?(?:为|是|有)")


#: what it grew to: 由142名减少到127名; 10万元，2015年增加到15万元
_GREW_TO = re.compile(
    rf"^(?:，?(?:{YEAR}\s?年[末底]?)?)?(?:增加|提高|增长|提升|扩大|上升|减少|下降|压缩|缩短|发展|增|升|降|减)[到至为]$"
)


#: a figure a head of some, behind that of all: 人均6.2册，其中本科生人均5.4册
_HEAD_OF_SOME = re.compile("[，、；]?(?:其中)?[一-龥]{2,6}人均")
#: a change before it, whose time base no level of others has: 人均0.7册，比2015年提高0.2册，低于全省0.8册
_CHANGED = re.compile(
    r"(?:提[高升]|增[加长]|减少|下降)了?[\d.]+[^，。；\d]{1,4}，[^，。；\d]{0,12}(?:[\d.]+[^，。；\d]{1,4}和[^，。；\d]{0,8})?$"
)
#: what was added, and what that makes: 粉丝较年初增加4万人，达到22万人
_ADDED_UP = re.compile("，?(?:总数|总量|累计)?(?:达到?|增至)")
_ADDED = re.compile(
    r"(?:粉丝|读者证|持证读者|注册[^，。；]{0,6}|用户|会员|志愿者)数?量?(?:[比较][^，。；]{1,6})?(?:新增|增加|净增)了?[\d.]+[^，。；\d]{1,4}，[^，。；]{2,4}$"
)


_HEAD_ALONE = re.compile("人均(?:达到?|为|约|仅|只有)*$")


def _takes_part(row, last, quantity):
    """Whether people took part in several events counted just before: 举行了1300多次读者活动，约有83万名读者参加."""
    several = (last["value_low"] or last["value_high"] or 0) > 1
    return several and last["unit"] in ("场", "次", "场次", "期", "项") and quantity.kind in ("people", "visits")


def _set_beside(row, last, clause):
    """Whether the figure of others stands beside the library's own one just before it and so counts the same thing."""
    return row["role"] == "comparison" and row["unit"] == last["unit"] and not is_gap(clause) and not is_fine(clause)


#: a word that takes a part of what was counted before it in the sentence (到馆读者120万人次，少儿读者35万人次)
_PART = re.compile(
    "其中|线上|线下|网络|少儿|少年|未成年|中文|外文|新馆|老馆|旧馆|分馆|基层|少数民族|盲文|残障|视障|老年|品牌|港澳台"
)


def _is_part(row, clause, whole):
    """Whether a figure is a part of an earlier figure of its sentence and would else take the key of the whole."""
    same = all(row[name] == whole[name] for name in ("measure", "role", "frequency", "unit"))
    values = [item["value_low"] or item["value_high"] or 0 for item in (row, whole)]
    own = re.split("[，；、+和与及]", clause.fresh)[-1]
    between = re.split("；", clause.text[: clause.start])[-1] if whole["end"] <= clause.start else ""
    return (
        bool(row["measure"])
        and same
        and not _EARLIER.search(clause.fresh)
        and values[0] < values[1]
        and bool(_PART.search(own) or re.search("其中|（[^）]*$", between))
    )


def carry_over(row, rows, clause, quantity):
    """Change `row` by the `rows` before it in its sentence: role, time base and key where it takes them over."""
    if rows:
        _from_the_last(row, rows[-1], clause, quantity)
    if len(rows) > 1 and row["role"] == "comparison" and _CHANGED.search(clause.lead):
        whole = next((item for item in rows[-2::-1] if item["unit"] == row["unit"]), row)
        row["frequency"] = whole["frequency"]
    if not row["measure"] and row["unit"] in ("册", "册件", "册（件）") and _HEAD_ALONE.search(clause.before):
        row["measure"] = "collection_per_capita" if row["frequency"] == "stock" else ""
    if not row["measure"]:
        row["measure"] = _growth_or_share(row, rows[-1] if rows else {}, clause)
    if row["measure"] and any(_is_part(row, clause, whole) for whole in rows[-8:]):
        row["measure"] = ""


def _from_the_last(row, last, clause, quantity):
    fresh = clause.fresh
    alike = row["unit"] == last["unit"] and (row["unit"] != "" or len(fresh.strip("，、；（ ")) <= 3)
    own = "comparison" not in (row["role"], last["role"])
    if fresh.strip("，、；（ ").startswith("其中") and own:
        row["role"] = last["role"]
        if alike and not re.search(f"{YEAR}|今年|年内|本年|当年", fresh):
            row["frequency"] = last["frequency"]
    if _goes_on(row, last, clause) or (_set_beside(row, last, clause) and (not row["measure"] or len(fresh) <= 8)):
        row["measure"] = last["measure"]
    if alike and (is_existing(clause) or is_set_by_plan(clause)):
        row |= {name: last[name] for name in ("measure", "frequency")}
    if alike and fresh.strip() == "（" and row["role"] != last["role"]:
        row |= {name: last[name] for name in ("measure", "frequency")}
    if alike and _EARLIER.search(fresh):
        row |= {name: last[name] for name in ("measure", "frequency", "role")}
    if (last["frequency"], row["frequency"]) == ("stock", "cumulative") and _listed_with(row, last, clause):
        row["frequency"] = "stock"
    if last["role"] == "comparison" and re.match("[，、；]?平均", fresh):
        row["role"] = "comparison"
    if row["role"] == "comparison" and alike and len(fresh) <= 8 and not _CHANGED.search(clause.lead):
        row["frequency"] = last["frequency"]
    if row["frequency"] == "one-off" and _takes_part(row, last, quantity):
        row["frequency"] = last["frequency"]
    if alike and _YEAR_BEFORE.fullmatch(fresh.strip()):
        row |= {name: last[name] for name in ("measure", "frequency")}
    if alike and row["frequency"] != "stock" and _ADDED_UP.fullmatch(fresh.strip()) and _ADDED.search(clause.lead):
        row["frequency"] = "stock"
    if alike and _HEAD_OF_SOME.fullmatch(fresh.strip()):
        row["frequency"] = last["frequency"]
    listed = fresh.strip() in ("、", "和", "及")  # one figure for each year: 分别为168万人次、181万人次和117万人次
    if alike and (_GREW_TO.search(fresh) or GROWN_TO.search(clause.before)):
        row["indicator"] = last["indicator"]
    if alike and not row["measure"] and (listed or _GREW_TO.search(fresh)):
        row["measure"] = last["measure"]
