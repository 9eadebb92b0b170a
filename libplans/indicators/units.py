"""Which units do official texts count in? data/units.csv: unit as written, base unit, kind, what may not follow it."""

import csv
import re
from functools import cache

from ..packaged import data_text
from .numerals import simplified


@cache
def _unit_rows():
    text = data_text("units.csv")
    return list(csv.DictReader(text.splitlines()))


@cache
def units():
    """The units of data/units.csv: unit as written -> (base unit, kind of unit)."""
    return {row["unit"]: (row["base"], row["kind"]) for row in _unit_rows()}


@cache
def _words_opened():
    return {row["unit"]: row["not_before"] for row in _unit_rows() if row["not_before"]}


def opens_word(unit, after):
    """Whether `unit` with the text after it is the beginning of another word (部 in 部门)."""
    if unit == "家" and after.startswith("国家"):
        return False
    if unit == "条" and after.startswith("款目"):
        return False
    return after[:1] != "" and after[:1] in _words_opened().get(unit, "")


@cache
def unit_words():
    """The units as one alternative of a pattern, the longest first."""
    return "|".join(re.escape(unit) for unit in sorted(units(), key=lambda unit: (-len(unit), unit)))


@cache
def unit_pattern():
    """A pattern for any unit with at most one space before it (group 1), or in brackets: 460（种） (group 2)."""
    return re.compile(rf"\s?(?:({unit_words()})|（({unit_words()})）)")


def base_unit(unit):
    """The unit that a written unit is compared in: 场/次 -> 场次, ㎡ -> 平方米; unknown: itself."""
    unit = simplified(unit)
    return units().get(unit, (unit, ""))[0]
