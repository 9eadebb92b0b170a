"""What quantities does a sentence state? Number, unit and bound, as a reader would underline them.

`quantities` works on a plain string. It finds the number (`numerals`), its unit (data/units.csv), and the words that
open or close it (不少于40场, 15000种以上, 近20万册, 50%左右, 25—29场), and drops numbers that count nothing
(`uncounted`).
"""

import re
from functools import cache
from typing import NamedTuple

from . import uncounted
from .numerals import flatten, numerals, plain
from .unit_elsewhere import units_elsewhere
from .units import opens_word, unit_pattern, unit_words, units


class Quantity(NamedTuple):
    """One quantity in a text: its span, value range in base units, bound, unit, and the kind of unit."""

    start: int
    end: int
    low: float | None
    high: float | None
    bound: str
    unit: str
    kind: str
    noun: str = ""  # the noun that carried the unit, where it did not follow the number (读者接待人次突破百万)


_BEFORE = {
    "more_than": (
        "已超过",
        "超过了",
        "超过",
        "超出",
        "突破了",
        "突破",
        "高于",
        "多于",
        "大于",
        "超",
        "逾",
        "＞",
        ">",
        "过",
    ),
    "at_least": (
        "不少于",
        "不下于",
        "不下",
        "不低于",
        "不小于",
        "不得少于",
        "不得低于",
        "不能少于",
        "至少",
        "最少",
        "最低",
        "≥",
        "上",
    ),
    "at_most": (
        "不超过",
        "不高于",
        "不多于",
        "不大于",
        "不得超过",
        "不得高于",
        "至多",
        "最多",
        "低于",
        "少于",
        "小于",
        "不足",
        "不到",
        "不及",
        "≤",
        "＜",
        "<",
    ),
    "below": ("接近", "将近", "近"),
    "about": ("约为", "约合", "大约", "大概", "约", "大致"),
}
_BEFORE_RE = re.compile(
    "(?:"
    + "|".join(sorted({word for words in _BEFORE.values() for word in words}, key=len, reverse=True))
    + r")\s?(?=$)"
)
_KIND_OF_BOUND = {word: bound for bound, words in _BEFORE.items() for word in words}
_NOT_A_BOUND = re.compile(r"(?:[最附邻临靠]近|[节预签条契公制集特履]约|高?[通经不难胜]过|[以之线网会年史地馆身])$")
_AFTER = re.compile(
    r"\s?(?:（含）|\(含\))?(?P<word>及?以上|之上|左右|上下|以内|之内|内(?![容部涵外在地蒙心省馆])|"
    r"以下(?![\d一二三四五六七八九十几方简])|大关(?=$))"
)
_KIND_OF_END = {
    "左右": "about",
    "上下": "about",
    "以内": "at_most",
    "之内": "at_most",
    "内": "at_most",
    "以下": "at_most",
}
_RANGE = re.compile(r"\s?(?:[-—–~～－]{1,2}|至|到)\s?")
_MORE = re.compile(
    r"\s?(?:余(?!额|热|地|量|年)|多(?!元化|样|媒|层|功|渠|维|种形|方位|语种|民族)|来(?=[个家场次所名人种册岁]))"
)
_SAME_DAY = re.compile(
    r"(?:当[天日])(?![^，。；、]{1,4}率)(?=[^，。；]{0,8}(?:提供|办结|办理|回复|答复|上架|送达|外借|[发寄送]出|完成|处理|借阅|阅览|反馈|出具|受理|入库|"
    r"加工|开放|阅读))"
)


def quantities(text):
    """The quantities of one sentence, in order, as `Quantity` rows.

    `start`, `end` are half-open offsets into `text` and cover number, unit and the bound words that touch them. `low`
    and `high` are in base units (万 and 亿 multiplied out; per cent as 0-100), None where the bound leaves that side
    open. A number that serves two nouns (读者流通人次和书刊外借册次在百万以上) gives two rows with the same span.
    Years, names, ordinals, enumerations are not quantities.
    """
    found = []
    for start, piece in pieces(text):
        found += [
            quantity._replace(start=quantity.start + start, end=quantity.end + start) for quantity in _in_piece(piece)
        ]
    return found


_PIECE = 1500  # a sentence of prose is shorter; a longer one is a list or a data dump and is read piece by piece


def pieces(text):
    """A long text cut at punctuation into pieces of at most 1,500 characters, with their starts."""
    start = 0
    while len(text) - start > _PIECE:
        window = text[start : start + _PIECE]
        cut = max(window.rfind(mark) for mark in "。；，\n\t、 ")
        cut = cut + 1 if cut >= _PIECE // 2 else _PIECE
        yield start, text[start : start + cut]
        start += cut
    yield start, text[start:]


_RUN = re.compile(r"\d{25,}")


def _in_piece(text):
    text = _RUN.sub(lambda match: "#" * len(match[0]), plain(flatten(text)))
    numbers = [number for number in numerals(text) if _may_count(text, number)]
    if not numbers and "当" not in text:
        return []
    mask = uncounted.masked(text)
    found, done = [], 0
    numbers = [number for number in numbers if not any(mask[number.start : number.end])]
    for index, number in enumerate(numbers):
        if number.start < done or _glued(text, number):
            continue
        follower = numbers[index + 1] if index + 1 < len(numbers) else None
        for quantity in _read(text, number, follower, done, found[-1] if found else None):
            found.append(quantity)
            done = max(done, quantity.end)
    found += [
        Quantity(m.start(), m.end(), 0.0, 0.0, "exact", "天", "time")
        for m in _SAME_DAY.finditer(text)
        if not mask[m.start()]
    ]
    return _spans(sorted(found, key=lambda quantity: (quantity.start, quantity.end)))


def _spans(found):
    """Statutes write a range as two open ends that touch: 五千元以上二万元以下 is one quantity."""
    result = []
    for item in found:
        last = result[-1] if result else None
        if (
            last
            and last.end == item.start
            and (last.bound, item.bound) == ("at_least", "at_most")
            and last.unit == item.unit
            and last.low < item.high
        ):
            result[-1] = last._replace(end=item.end, high=item.high, bound="range")
        else:
            result.append(item)
    return result


def _may_count(text, number):
    """Whether a numeral can be a quantity at all: one Han digit needs a unit or an open 余 behind it."""
    if number.kind != "han" or number.end - number.start > 1:
        return True
    ranked = text[number.start - 1 : number.start] == "第"
    return ranked or any(pattern.match(text, number.end) for pattern in (unit_pattern(), _MORE, _RANGE))


def _glued(text, number):
    """A digit that is part of a code: preceded by a letter, a point or a slash, or by a longer digit string."""
    before = text[number.start - 1 : number.start]
    return (
        before != ""
        and (before.isascii() and (before.isalnum() or before in "._/#@&="))
        or (number.kind == "han" and before.isdigit())
    )


def _read(text, number, follower, done, last=None):
    low, high, end, unit = number.value, number.upper or number.value, number.end, ""
    more, bound = number.more, "range" if number.upper else "exact"
    tail = _MORE.match(text, end)
    if tail:
        more, end = True, tail.end()
    unit, after_unit = _unit(text, end, number)
    span = _range(text, number, after_unit if unit else end, follower)
    if span:
        low, high, follower_end = span
        end = follower_end
        unit, after_unit = _unit(text, end, follower)
        bound = "range"
    noun = ""
    if unit:
        end = after_unit
    elif number.kind == "share":
        unit = "成" if "成" in text[number.start : number.end] else "%"
    written_more = re.compile("余|多(?=[，。；、]|$)").match(text, end)
    if written_more and unit and not more:
        more, end = True, written_more.end()
    closing = _AFTER.match(text, end)
    word = closing["word"] if closing else ""
    if word and (word != "内" or units().get(unit, ("", ""))[1] in ("time", "length")):
        end = closing.end() if word != "大关" else end
    else:
        word = ""
    start, opening = _opening(text, number, done)
    if unit in ("位", "名") and re.search(r"第\s?$", text[max(done, start - 2) : start]):
        start = text.rindex("第", 0, start)
    if unit in ("位", "名") and text[start - 1 : start] == "前" and start > done and bound == "exact":
        start, bound = start - 1, "at_most"
    if number.kind == "arabic" and re.search(r"[为达至到（(：:]\s?[-−－]$", text[max(done, start - 3) : start]):
        low, high, start = -high, -low, start - 1
    elif number.kind == "arabic" and unit == "%" and number.start == 1 and text[0] in "-−－" and bound != "range":
        low, high, start = -high, -low, 0  # a cell of a table: -2.7%
    if not unit and re.search(r"第\s?$", text[max(done, start - 2) : start]):
        start = text.rindex("第", 0, start)
    elif not unit and text[start - 1 : start] == "前" and start > done and bound == "exact":
        start, bound = start - 1, "at_most"
    bound = _bound(bound, more, opening, word, text, start, done)
    if bound == "exact" and unit in ("%", "成", "倍") or (bound == "exact" and number.kind == "share"):
        bound = _far_bound(text, start)
    ranked = not unit and text[start : start + 1] in ("第", "前")
    rows = [(unit, "")] if unit or ranked else units_elsewhere(text, number, start, end, last)
    both = _BOTH_RATES.search(text[max(0, start - 60) : start]) if unit == "%" else None
    rows = [(unit, both["one"]), (unit, both["other"])] if both else rows
    result = []
    for unit, noun in rows:
        if uncounted.is_counted(text, number, start, end, unit, after_unit, noun, bound, word or opening):
            result.append(_quantity(start, end, low, high, bound, unit, noun))
    return result


#: one share for two rates: 满意率和按时答复率均保持在96%以上
_BOTH_RATES = re.compile(
    "(?P<one>[一-龥]{2,12}[率度])(?:和|及|与|以及|、)(?P<other>[一-龥]{2,12}[率度])(?:均|都)(?:已|将|要|须)?"
    "(?:保持|稳定|提高|提升|控制|维持)?(?:到|在|为|达到?|不低于)*$"
)


def _unit(text, position, number):
    match = unit_pattern().match(text, position)
    if not match or (number.kind == "share" and number.value is not None):
        return "", position
    unit, end = match[1], match.end()
    if match[2]:
        return match[2], end
    while unit and opens_word(unit, text[end : end + 2]):
        shorter = max((u for u in units() if unit.startswith(u) and len(u) < len(unit)), key=len, default="")
        end, unit = end - len(unit) + len(shorter), shorter
        if shorter and opens_word(shorter, text[end : end + 2]):
            return "", position
    if not unit:
        return "", position
    return unit, end


def _range(text, number, end, follower):
    """The two ends and the place after the second number, if `number` opens a range such as 25—29场 or 30%—40%."""
    if not follower or follower.start < end:
        return None
    joint = text[end : follower.start]
    if not _RANGE.fullmatch(joint) or follower.value is None:
        return None
    if joint.strip() == "到" and re.search(r"[从由][^，。；]{0,12}$", text[max(0, number.start - 14) : number.start]):
        return None
    low, high = number.value, follower.value
    scale = re.search("[万亿]+$", text[follower.start : follower.end])
    if scale and low < high and not re.search("[万亿]", text[number.start : number.end]):
        scaled = low * (10**4 if "万" in scale[0] else 1) * (10**8 if "亿" in scale[0] else 1)
        low = scaled if scaled < high else low
    return (low, high, follower.end) if low < high else None


def _opening(text, number, done):
    """Where the quantity begins with the bound word that touches it, and that word."""
    stretch = text[max(done, number.start - 6) : number.start]
    match = _BEFORE_RE.search(stretch)
    if not match:
        return number.start, ""
    word = match.group().strip()
    if _NOT_A_BOUND.search(text[max(0, number.start - 8) : number.start - len(match.group()) + len(word)]):
        return number.start, ""
    if word in ("上", "过") and not re.match("[百千万亿半]", text[number.start :]):
        return number.start, ""
    start = number.start - (len(stretch) - match.start())
    if word == "近" and text[start - 1 : start] in "最附":
        return number.start, ""
    return start, word


def _bound(bound, more, opening, closing, text, start, done):
    if bound in ("range", "at_most"):
        return bound
    if closing in _KIND_OF_END:
        return _KIND_OF_END[closing]
    kind = _KIND_OF_BOUND.get(opening, "")
    if closing and kind != "more_than":
        return "at_least"
    if kind:
        return kind
    if more:
        return "more_than"
    clause = re.split("[，。；：、]", text[max(done, start - 200) : start])[-1]
    if re.search("至少|不少于|不低于|最少(?!的)", clause):
        return "at_least"
    if re.search("(?<![节预签条契公制集特履])约(?:有|占|达|需|计|为|[为占][^，。；、]{2,14}的)$", clause):
        return "about"
    return _SHARED_BOUND.get(_shared_bound(text, start) or _bound_of_noun(text, start), "exact")


_SHARED_BOUND = {
    "不少于": "at_least",
    "不低于": "at_least",
    "至少": "at_least",
    "超过": "more_than",
    "不超过": "at_most",
}


def _shared_bound(text, start):
    """The bound word that 分别 hands on along a list: 分别不少于1.8个、1.6个、2个."""
    found = re.search(
        r"(?:分别|均|都)(?P<word>不少于|不低于|至少|不超过|超过)\d[\d.]*[^，。；、\d]{1,6}(?:、\d[\d.]*[^，。；、\d]{1,6}|[和与及]\d[\d.]*[^，。；、\d]{1,6})*[、和与及]$",
        text[max(0, start - 80) : start],
    )
    return found["word"] if found else ""


#: a bound word before what a share is of: 不到全省平均水平的一半, 不超过藏量的5%
_FAR_BOUND = re.compile("(?P<word>不超过|不低于|不少于|不到|不足|不及|(?<!不)超过|接近)[^，。；、\\d]{2,14}的$")


def _far_bound(text, start):
    """The bound of a share or a multiple, where its word stands before the noun that it is of."""
    found = _FAR_BOUND.search(text[max(0, start - 20) : start])
    return _KIND_OF_BOUND[found["word"]] if found else "exact"


@cache
def _of_one_noun():
    """Two figures of the noun before them have one bound: 图书不少于1500种、1800册."""
    return re.compile(rf"(?P<word>不少于|不低于|至少|不超过|超过)[\d.]+万?(?:{unit_words()})、$")


def _bound_of_noun(text, start):
    """The bound word of the figure just before, where no noun stands between the two."""
    found = _of_one_noun().search(text[max(0, start - 24) : start])
    return found["word"] if found else ""


def _quantity(start, end, low, high, bound, unit, noun):
    if bound in ("at_least", "more_than"):
        high = None
    elif bound == "at_most":
        low = None
    elif bound == "below":
        low, bound = None, "about"
    low, high = _clean(low), _clean(high)
    unit = {"个小时": "小时", "％": "%", "元钱": "元", "块钱": "元", "元人民币": "元"}.get(unit, unit)
    return Quantity(start, end, low, high, bound, unit, units().get(unit, (unit, ""))[1], noun)


def _clean(value):
    """A value without the dust of binary fractions."""
    return None if value is None else float(f"{value:.12g}")
