"""Which number does Word draw before a paragraph? Numbering counted out from the document's own definitions."""

import re
from typing import NamedTuple

CHINESE = "〇一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def number_text(value, style):
    """A counter as Word writes it in one of its number formats (`w:numFmt`); plain digits in any other format."""
    if value < 0 or value > 99_999:
        return str(value)
    if style in COUNTED:
        return COUNTED[style](value)
    return str(value)


def chinese_number(value, digits="零一二三四五六七八九", units="十百千万", short_ten=True):
    """A number counted out in Chinese: 12 is 十二, 105 is 一百零五."""
    if value == 0:
        return "〇" if short_ten else digits[0]
    if value >= 10_000:
        rest = value % 10_000
        tail = chinese_number(rest, digits, units, False) if rest else ""
        return (
            chinese_number(value // 10_000, digits, units, short_ten)
            + units[3]
            + ("零" if tail and rest < 1000 else "")
            + tail
        )
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + (units[power - 1] if power else "")
            gap = False
        else:
            gap = True
    return out[1:] if short_ten and 10 <= value < 20 else out


def _letters(value, first):
    return chr(ord(first) + (value - 1) % 26) * ((value - 1) // 26 + 1) if value else ""


def _roman(value):
    out = ""
    for worth, letters in ROMAN:
        out += letters * (value // worth)
        value %= worth
    return out


def _enclosed(value, first, count):
    return chr(ord(first) + value - 1) if 1 <= value <= count else str(value)


def _one_of(value, signs):
    return signs[value - 1] if 1 <= value <= len(signs) else str(value)


def _spelled(value, digits):
    return "".join(digits[int(digit)] for digit in str(value))


COUNTED = {
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "japaneseCounting": chinese_number,
    "taiwaneseCounting": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
    "koreanDigital2": chinese_number,
    "ideographDigital": lambda value: _spelled(value, CHINESE),
    "japaneseDigitalTenThousand": lambda value: _spelled(value, CHINESE),
    "taiwaneseDigital": lambda value: _spelled(value, CHINESE),
    "chineseLegalSimplified": lambda value: chinese_number(value, LEGAL, "拾佰仟万", False),
    "ideographLegalTraditional": lambda value: chinese_number(value, LEGAL_TRADITIONAL, "拾佰仟萬", False),
    "ideographTraditional": lambda value: _one_of(value, STEMS),
    "ideographZodiac": lambda value: _one_of(value, BRANCHES),
    "upperLetter": lambda value: _letters(value, "A"),
    "lowerLetter": lambda value: _letters(value, "a"),
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate({i + 48: i + 0xFF10 for i in range(10)}),
    "decimalEnclosedCircle": lambda value: _enclosed(value, "①", 20),
    "decimalEnclosedCircleChinese": lambda value: _enclosed(value, "①", 20),
    "decimalEnclosedParen": lambda value: _enclosed(value, "⑴", 20),
    "decimalEnclosedFullstop": lambda value: _enclosed(value, "⒈", 20),
    "ideographEnclosedCircle": lambda value: _enclosed(value, "㊀", 10),
    "none": lambda value: "",
}


class Level(NamedTuple):
    """One level of a list: how it counts and what is drawn (`w:lvl`)."""

    style: str  # number format
    pattern: str  # with %1 … %9 for the counters
    start: int
    restart: int | None  # the level (from 1) after which it starts anew; 0 never; None after any higher one
    legal: bool  # all counters in digits


class Numbering:
    """The numbering definitions of a document, and the counters as they stand while its paragraphs go by.

    `levels`: abstract id -> {level: `Level`}; `numbers`: list id -> (abstract id, {level: start anew}, {level: its own
    `Level`}).
    """

    def __init__(self, levels, numbers):
        self.levels, self.numbers = levels, numbers
        self.counters = {}
        self.begun = set()

    def marker(self, number, level):
        """The marker of the next paragraph of list `number` at `level`; "" where it has none, "•" for a bullet."""
        if number not in self.numbers:
            return ""
        abstract, overrides, own = self.numbers[number]
        levels = {**self.levels.get(abstract, {}), **own}
        if level not in levels:
            return ""
        counters = self.counters.setdefault(abstract, {})
        for skipped in range(level):  # a level that was passed over counts as begun
            if skipped in levels:
                counters.setdefault(skipped, levels[skipped].start)
        if level in overrides and (number, level) not in self.begun:
            counters.pop(level, None)
        self.begun.add((number, level))
        start = overrides.get(level, levels[level].start)
        counters[level] = counters[level] + 1 if level in counters else start
        for deeper in [d for d in counters if d > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counters[deeper]
        return self._drawn(levels, counters, level)

    @staticmethod
    def _drawn(levels, counters, level):
        style, pattern, _, _, legal = levels[level]
        if style == "bullet":
            return "•" if pattern else ""

        def filled(match):
            wanted = int(match[1]) - 1
            if wanted not in levels or wanted > level or levels[wanted].style == "bullet":
                return ""
            return number_text(counters[wanted], "decimal" if legal else levels[wanted].style)

        return re.sub("%([1-9])", filled, pattern)
