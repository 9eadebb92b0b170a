"""What does a row of a table of indicators say? Names, units in brackets, columns for years, targets and present
values.

A row is one sentence with its cells separated by tabs. The unit may stand in brackets after the name （万册件）, in a
column of its own, or in the header; a column may carry a year or a word (现状, 目标) that fixes period and role.
"""

import re
from typing import NamedTuple

from .context import Clause
from .numerals import flatten, numerals
from .quantities import Quantity, quantities
from .units import units

_UNIT_COLUMN = re.compile("单位|计量")
_NAME_COLUMN = re.compile("指标|名称|项目|内容|类别|序号|任务")
_TARGET_COLUMN = re.compile("目标|规划|预期|计划|要求")
_BASE_COLUMN = re.compile("现状|基期|基准|完成|实际|现有|当前|基数|实绩")
_FURTHER_COLUMN = re.compile("标准|数值|得分|自评|分值|达标|备注|说明|完成率")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BRACKETS = re.compile(r"[（(\[]\s*([^（）()\[\]]*(?:[（(][^（）()]*[）)])?[^（）()\[\]]*)\s*[）)\]]\s*$")
_A_YEAR = re.compile(r"\s?[/／每]\s?年$")
_SCALE = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "百万": 1e6, "千万": 1e7, "万亿": 1e12}
_CELL = re.compile(
    r"\s*(?P<pre>≥|>|＞|不少于|不低于|超过|≤|<|＜|不超过|约|近)?\s*[\[［]?(?P<low>[-−－]?\d[\d,， "
    r"]*(?:\.\d+)?)\s*(?P<lows>[万亿]*)\s*[%％]?"
    r"(?:\s*(?P<joint>[-—–~～至])+\s*(?P<high>\d[\d,， "
    r"]*(?:\.\d+)?)\s*(?P<highs>[万亿]*))?\s*(?P<unit>[^\d\s（(]{0,6}?)\s*[\]］]?\s*"
    r"(?P<post>及?以上|左右|以内|以下|余)?\s*$"
)
#: a name that says its unit, above a mere scale: 入馆人次（万）
_COUNTING_NOUN = re.compile("(人次|册次|场次|件次|人数|册数|次数|种数|场数|粉丝|用户)数?$")
_UNIT_OF_NOUN = {"人数": "人", "粉丝": "人", "用户": "人", "册数": "册", "次数": "次", "种数": "种", "场数": "场"}
_UNWRITTEN = re.compile("(粉丝|用户)数?$")
#: a value with another in brackets behind it, a norm or the year before: ≥150（120）
_VALUE_AND_OTHER = re.compile(r"([^（(]+)[（(]([^（()）]+)[）)]\s*$")
_BOUND = {
    "≥": "at_least",
    "不少于": "at_least",
    "不低于": "at_least",
    ">": "more_than",
    "＞": "more_than",
    "超过": "more_than",
    "≤": "at_most",
    "<": "at_most",
    "＜": "at_most",
    "不超过": "at_most",
    "约": "about",
    "近": "below",
    "以上": "at_least",
    "及以上": "at_least",
    "左右": "about",
    "以内": "at_most",
    "以下": "at_most",
    "余": "more_than",
}


class Header(NamedTuple):
    """The header of a table: for each column its words; empty where no header was seen; and the unit of the whole table
    (单位：万元), if its caption says one."""

    cells: tuple = ()
    unit: str = ""


def is_header(text):
    """Whether a table row is a header: it names columns (指标, 单位, 目标, 2025年) and states no value."""
    words = [cell.strip() for cell in text.split("\t") if cell.strip()]
    titles = [cell for cell in words if _is_title(cell)]
    years = [cell for cell in words if re.fullmatch(r"(?:19|20)\d\d\s?年?", cell)]
    values = [
        cell for cell in words if len(cell) <= 60 and _CELL.match(cell) and cell not in years and cell not in titles
    ]
    if len(years) > 1 and not values and len(words) - len(years) <= 2:
        return True
    if len(words) > 1 and not values and not years and any(_unit_in(cell) for cell in words[1:]):
        return True
    return (
        bool(titles)
        and not values
        and len(titles) + len(years) >= len(words) / 2
        and not _BRACKETED_ROW.search(words[0])
    )


_BRACKETED_ROW = re.compile(r"[（(](?!含)[^（）()]{1,8}[）)]$")


def _is_title(cell):
    return len(cell) <= 14 and bool(
        _NAME_COLUMN.search(cell)
        or _UNIT_COLUMN.search(cell)
        or _TARGET_COLUMN.search(cell)
        or _BASE_COLUMN.search(cell)
        or _FURTHER_COLUMN.search(cell)
        or re.fullmatch(r"(?:20\d\d年.{0,8}|“?十[一二三四五六]五.{0,8})", cell)
    )


def read_header(text, unit=""):
    """The header row as a `Header`, with the unit that the caption says."""
    return Header(tuple(cell.strip() for cell in text.split("\t")), unit)


def caption_unit(text):
    """The unit that the caption above a table says (表1 经费收入（单位：万元）); "" where it says none."""
    found = re.search(r"单位\s?[：:]\s?([^\s（）()，。；、]{1,6})[）)]?\s*$", text)
    return found[1] if found else ""


def row_quantities(text, header):
    """The values of one table row: (quantity, clause, topics), spans into `text`.

    The bare number is the span where the unit stands elsewhere. A cell that holds words with a number in them is read
    as running text.
    """
    cells, position = [], 0
    for cell in text.split("\t"):
        cells.append((position, cell))
        position += len(cell) + 1
    if len(cells) == len(header.cells) - 1 and "序号" in header.cells[0] and not _SERIAL.match(cells[0][1]):
        header = header._replace(
            cells=header.cells[1:]
        )  # a row without a number of its own: its first, empty cell is lost
    name, unit, columns = _name_and_unit(cells, header)
    unit = unit or (_unit_of(header.unit) if header.unit else None)
    result, columns = [], frozenset(columns)
    second, other = _second_name(cells, header, unit)
    for index, (at, cell) in enumerate(cells):
        if index == second:
            name = other
        title = header.cells[index] if index < len(header.cells) else ""
        if index not in columns:
            continue
        found = _cell_quantities(text, at, cell, _unit_in(title) or unit)
        if not found:
            found = [q._replace(start=q.start + at, end=q.end + at) for q in quantities(cell)]
        noun = _UNWRITTEN.search(name)
        for item in found:
            item = item._replace(noun=noun[1]) if noun and item.unit == _UNIT_OF_NOUN[noun[1]] else item
            clause = _TableClause(text, item.start, item.end, name, title)
            result.append((item, clause, [_BRACKETS.sub("", title).strip()] if _BODY_ROW.search(name) else [name]))
    return result


def _second_name(cells, header, unit):
    """(the column of a second name in a row, the name), where names and values stand in turn below no head or one
    that says the same of both values (收入 | 金额 | 支出 | 金额): 财政拨款 | 12640 | 人员经费 | 6180;
    (-1, "") in other rows."""
    if header.cells and (len(header.cells) != 4 or header.cells[1].strip() != header.cells[3].strip()):
        return -1, ""
    kinds = [bool(_CELL.match(flatten(cell))) for _, cell in cells if cell.strip()]
    if len(cells) != 4 or kinds != [False, True, False, True] or unit is None or _unit_of(cells[2][1]) is not None:
        return -1, ""
    return 2, cells[2][1].strip()


_SERIAL = re.compile(r"\s*[（(]?[\d①-⑳一二三四五六七八九十]{1,3}[）).、．]?\s*$")
#: a row that names an institution, not an indicator
_BODY_ROW = re.compile("[一-龥]{2}(?:大学|学院)(?:图书馆)?$")


class _TableClause(Clause):
    """A clause made of a row's name and the column's title, so that the rules for running text read it."""

    def __init__(self, text, start, end, name, title):
        title = re.sub(r"^((?:19|20)\d\d)$", r"\1年", title.strip())
        dated = f"到{title}" if _YEAR.search(title) and _TARGET_COLUMN.search(title) else title
        lead = f"{dated} {name}" if title else name
        super().__init__(lead + text[start:end], len(lead), len(lead) + end - start, 0, name + title)


def _name_and_unit(cells, header):
    """The row's name without its bracketed unit, that unit as (scale, unit), and the columns that may hold values."""
    words = [(index, cell.strip()) for index, (_, cell) in enumerate(cells)]
    names = [index for index, cell in words if cell and not (len(cell) <= 60 and _CELL.match(cell))]
    unit_columns = [index for index, title in enumerate(header.cells) if _UNIT_COLUMN.search(title)]
    name_at = next(
        (index for index in names if index not in unit_columns and _unit_of(words[index][1]) is None),
        names[0] if names else 0,
    )
    name, unit = words[name_at][1] if words else "", None
    bracket = _BRACKETS.search(name)
    noun = _COUNTING_NOUN.search(name[: bracket.start()].strip()) if bracket and bracket[1].strip() in _SCALE else None
    if noun:
        unit, name = (_SCALE[bracket[1].strip()], _UNIT_OF_NOUN.get(noun[1], noun[1])), name[: bracket.start()].strip()
        bracket = None
    if bracket and _unit_of(bracket[1]) is not None:
        unit, name = _unit_of(bracket[1]), name[: bracket.start()].strip()
        name = f"年{name}" if _A_YEAR.search(bracket[1]) and not name.startswith("年") else name
    for index in unit_columns:
        if index < len(words) and _unit_of(words[index][1]) is not None:
            unit = _unit_of(words[index][1])
    loose = [
        index
        for index, cell in words
        if index != name_at and cell and _unit_of(cell) is not None and not re.search(r"\d", cell)
    ]
    if unit is None and loose:
        unit = _unit_of(words[loose[0]][1])
    counts = _COUNTING_NOUN.search(name)
    if unit is None and counts:
        unit = 1.0, _UNIT_OF_NOUN.get(counts[1], counts[1])
    serial = [index for index, title in enumerate(header.cells) if "序号" in title]
    if not header.cells and words and re.fullmatch(r"\d{1,2}", words[0][1]) and name_at == 1:
        serial = [0]
    columns = [index for index, _ in words if index != name_at and index not in unit_columns and index not in serial]
    return name, unit, columns


def _unit_of(words):
    """A unit as a table writes it: 万册件 -> (10000, 册件); None where the words are no unit."""
    words = _A_YEAR.sub("", flatten(words.strip()).removeprefix("单位：").removeprefix("单位:").strip())
    match = re.fullmatch(r"(万亿|百万|千万|万|亿|千|百)?(.*)", words)
    if match and match[2] in units():
        return _SCALE.get(match[1] or "", 1.0), match[2]
    if words in units():
        return 1.0, words
    return None


def _unit_in(title):
    """The unit that the title of a column says: in brackets (藏量（万册）), or by a noun that counts (2022年场次)."""
    title = re.sub(r"[/／每][年月日人]\s*$", "", title)
    bracket = _BRACKETS.search(title)
    if bracket and bracket[1].strip() not in _SCALE:
        return _unit_of(bracket[1])
    noun = _COUNTING_NOUN.search(title[: bracket.start()].strip() if bracket else title.strip())
    return (_SCALE[bracket[1].strip()] if bracket else 1.0, _UNIT_OF_NOUN.get(noun[1], noun[1])) if noun else None


def _cell_quantities(text, at, cell, unit):
    """The values of a cell that is nothing else: one, or one and another in brackets behind it; [] for words."""
    both = _VALUE_AND_OTHER.match(cell)
    if both and unit:
        found = [_cell_quantity(text, at + both.start(part), both[part], unit) for part in (1, 2)]
        if None not in found:
            return found
    one = _cell_quantity(text, at, cell, unit)
    return [one] if one else []


def _cell_quantity(text, at, cell, unit):
    flat = flatten(cell)
    match = _CELL.match(flat) if len(flat) <= 60 else None
    if not match:
        return None
    written = match["unit"] or ("%" if "%" in flat else "")
    own = _unit_of(written) if written else None
    if written and own is None:
        return None
    scale, name = own or unit or (None, "")
    if scale is None:
        return None
    if own and unit and own[1] == unit[1]:
        scale = max(scale, 1.0)
    values = [_value(match["low"], match["lows"]) * scale]
    if match["high"]:
        values.append(_value(match["high"], match["highs"]) * scale)
    bound = "range" if len(values) == 2 else _BOUND.get(match["pre"] or match["post"] or "", "exact")
    low, high = values[0], values[-1]
    if bound in ("at_least", "more_than"):
        high = None
    elif bound in ("at_most", "below"):
        low, bound = None, "about" if bound == "below" else bound
    start = at + len(cell) - len(cell.lstrip(" [［"))
    end = at + len(cell.rstrip(" ]］"))
    return Quantity(start, end, _rounded(low), _rounded(high), bound, name, units().get(name, ("", ""))[1])


def _value(words, scale):
    below = words.strip()[:1] in ("-", "−", "－")
    numeral = numerals(words.strip().lstrip("-−－") + scale)
    return (-numeral[0].value if below else numeral[0].value) if numeral else float("nan")


def _rounded(value):
    return None if value is None else round(value, 6)
