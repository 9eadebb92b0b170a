"""What number does this text say? Arabic and Chinese numerals as they stand in Chinese official prose.

A numeral may hold spaces or commas (148 479, 27,000), a scale (万, 亿), an open 余 or 多 in the middle (329万多,
千余) and may be written in Han characters (五千五百七十五万, 百分之三十, 六成, 一半). Nothing here knows what is
counted: see `quantities`.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from ..normalise import simplified_forms

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2, "俩": 2}
_DIGITS |= {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_SCALES = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}

_SPACE = "[ \u00a0\u2002-\u200a\u202f\u3000]"
_ARABIC = (
    rf"(?:(?<![\d.])\d{{1,3}}(?:[,，]{_SPACE}?\d{{3}}(?!\d))+(?:\.\d+)?"
    rf"|(?<![\d.])\d{{1,3}}(?:{_SPACE}\d{{3}}(?!\d))+(?:\.\d+)?"
    r"|\d+(?:\.\d+)?)"
)
_HAN = r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"
#: 多 and 余 that open a number upwards, not the 多 of 多元, 多样, 多媒体
_MORE = r"(?:余(?!额|热|地|量)|多(?!元化|元|样|媒|层|功|渠|维|种形|方位|语|民|少|次|年来)|几)"
_ARABIC_NUMERAL = (
    rf"{_ARABIC}(?:{_SPACE}?{_MORE}?{_SPACE}?[十百千]?(?:万{_MORE}?亿|万|亿|千(?![米克瓦字])|"
    rf"百)(?:\d+(?:\.\d+)?(?:千{_MORE}?万|[万千百](?![米克瓦])))?)?"
)
_HAN_NUMERAL = rf"{_HAN}{{1,24}}(?:点[零〇一二三四五六七八九]{{1,6}}[万亿]?)?(?:{_MORE}[万亿]+)?"
_SHARE = (
    rf"(?:百|千)分之(?:{_ARABIC}|{_HAN}{{1,12}}(?:点{_HAN}{{1,6}})?)|[二三四五六七八九十]分之[一二三四五六七八九]|"
    rf"[一二两三四五六七八九]成半?(?!员|立|果|为|长|年|熟|功|效|就|套|本|都|绩|人|分|品|形|立)|(?<!另)一半|半数|"
    rf"过半(?=数|$|[，。；、])"
)
NUMERAL = re.compile(rf"(?:{_SHARE}|{_ARABIC_NUMERAL}|{_HAN_NUMERAL}|半(?=小时|天|个月|日))")

_LONGEST = 40  # no numeral that means an amount is longer; a million digits are a data dump


class Numeral(NamedTuple):
    """One numeral: where it stands, its value, whether it is open upwards (余, 多) and how it is written."""

    start: int
    end: int
    value: float
    more: bool
    kind: str  # arabic | han | share (already a percentage) | half
    upper: float | None = None  # set when two neighbouring digits name a range: 七八十, 两三


def numerals(text):
    """All numerals of a text, in order, as `Numeral`.

    Offsets are half-open and count characters of `text`. A share (百分之三十, 六成, 三分之一, 一半) has the value in
    per cent. Years, ordinals and names are still among them: it is not decided here whether something is counted.
    Linear in the length of the text; digit strings of more than 40 characters are skipped.
    """
    text = flatten(text)
    found = []
    for match in NUMERAL.finditer(text):
        words = match.group()
        if len(words) > _LONGEST:
            continue
        numeral = _read(words, match.start(), match.end())
        if numeral is not None:
            found.append(numeral)
    return found


def flatten(text):
    """The text with full-width digits, letters, dots and signs made half-width; the length stays."""
    return "".join(_flat(char) for char in text) if _WIDE.search(text) else text


def plain(text):
    """The text as the rules read it, of the same length: half-width commas, semicolons, colons and brackets made
    full-width, but for those inside a number (27,000), a time of day (9:00) or foreign words; years in Han digits
    (二〇二五年) in Arabic ones; traditional characters as simplified ones.
    """
    text = simplified(text)
    text = _NARROW.sub(lambda match: _FULL[match[0]], text) if _NARROW.search(text) else text
    return _HAN_YEAR.sub(lambda match: "".join(str(_DIGITS[char]) for char in match[0]), text)


def simplified(text):
    """The text in simplified characters, of the same length."""
    return text.translate(_simplified_table())


@cache
def _simplified_table():
    return str.maketrans({old: new for old, new in simplified_forms().items() if len(old) == len(new) == 1})


_FULL = dict(zip(",;:()!?", "，；：（）！？", strict=True))
_NARROW = re.compile(
    r"(?<![A-Za-z\d]),|,(?![A-Za-z\d])|(?<!\d),(?=\d)|(?<=\d),(?!\d{3}(?!\d))|(?<![A-Za-z\d]):|:(?![A-Za-z\d])|[;()]|"
    r"(?<![A-Za-z])[!?]"
)
_HAN_YEAR = re.compile("(?:二[〇零○]|一九)[〇零○一二三四五六七八九]{2}(?=年)")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％．＋－～㎡]")


def _flat(char):
    if char == "㎡":
        return char
    return unicodedata.normalize("NFKC", char) if _WIDE.match(char) else char


def _read(words, start, end):
    if "分之" in words or words[-1] in "成半数" or words in ("一半", "过半"):
        return _share(words, start, end)
    more = re.search("[余多几]", words) is not None
    bare = re.sub(rf"[余多几]|{_SPACE}|[,，]", "", words)
    if not bare:
        return None
    if bare[0].isdigit():
        return Numeral(start, end, arabic_value(bare), more, "arabic")
    upper = _upper(bare)
    if upper:
        return Numeral(start, end, upper[0], more, "han", upper[1])
    value = han_value(bare)
    return None if value is None else Numeral(start, end, value, more, "han")


def _share(words, start, end):
    if words == "半":
        return Numeral(start, end, 0.5, False, "half")
    if words in ("一半", "半数", "过半", "过半数"):
        return Numeral(start, end, 50.0, words.startswith("过"), "share")
    if "成" in words:
        return Numeral(start, end, _DIGITS[words[0]] * 10.0 + (5 if words.endswith("半") else 0), False, "share")
    whole, part = words.split("分之")
    part = arabic_value(part) if part[0].isdigit() else han_value(part)
    base = han_value(whole) or 1
    if part is None:
        return None
    return Numeral(start, end, part * 100.0 / base, False, "share")


def arabic_value(words):
    """The value of digits with scales: 4.74万 is 47400, 1亿2000万 is 120000000."""
    words = re.sub(rf"{_SPACE}|[,，]", "", words)
    total = 0.0
    for number, scales in re.findall(r"(\d+(?:\.\d+)?)([十百千万亿]*)", words):
        value = float(number)
        for scale in scales:
            value *= _UNITS.get(scale) or _SCALES[scale]
        total += value
    return round(total, 6)


def han_value(words):
    """The value of a numeral in Han characters, or None where the characters do not make a number.

    一百二十三 is 123, 五千五百七十五万 is 55750000, 一百万亿 is 1e14, 三点五 is 3.5, 二〇二一 (digit by digit) is 2021.
    """
    if "点" in words:
        whole, _, rest = words.partition("点")
        scale = 1
        while rest and rest[-1] in _SCALES:
            scale, rest = scale * _SCALES[rest[-1]], rest[:-1]
        value = han_value(whole)
        if value is None or not rest or any(char not in _DIGITS for char in rest):
            return None
        return round((value + float("0." + "".join(str(_DIGITS[char]) for char in rest))) * scale, 6)
    for scale in ("亿億", "万萬"):
        cut = max(words.rfind(char) for char in scale)
        if cut >= 0:
            left, right = words[:cut], words[cut + 1 :]
            high = han_value(left) if left else 1.0
            low = _tail(right, _SCALES[scale[0]]) if right else 0.0
            return None if high is None or low is None else high * _SCALES[scale[0]] + low
    return _below_ten_thousand(words)


def _tail(words, scale):
    """What follows a scale: 三万五 says 35000, 三万零五 says 30005."""
    if len(words) == 1 and words in _DIGITS:
        return _DIGITS[words] * scale / 10
    return han_value(words)


def _below_ten_thousand(words):
    if all(char in _DIGITS for char in words):
        return float("".join(str(_DIGITS[char]) for char in words)) if words else None
    total, digit, last, gap = 0.0, None, None, False
    for char in words:
        if char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
            gap = gap or digit == 0
        elif char in _UNITS:
            unit = _UNITS[char]
            if last is not None and unit >= last:
                return None
            total += (1 if digit in (None, 0) else digit) * unit
            digit, last, gap = None, unit, False
        else:
            return None
    if digit:
        total += digit * (last / 10 if last and last > 10 and not gap else 1)
    return total


def _upper(words):
    """The two ends named by neighbouring digits (两三, 七八十, 十二三), or None."""
    match = re.fullmatch(r"([十]?)([一二两三四五六七八])([二三四五六七八九])([十百千]?)([万亿]?)", words)
    if not match or _DIGITS[match[3]] != _DIGITS[match[2]] + 1:
        return None
    if match[1] and match[4]:
        return None
    scale = _UNITS.get(match[4], 1) * _SCALES.get(match[5], 1)
    base = 10 if match[1] else 0
    return (base + _DIGITS[match[2]]) * scale, (base + _DIGITS[match[3]]) * scale
