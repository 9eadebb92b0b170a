"""Documents: under which one name does a document go, however it is written?

`data/documents.csv` holds well-known documents with their other names, kind and level; everything else is brought to
one form by rule.
"""

import csv
import functools
import io
import re

from ..packaged import data_text

_PERIOD = re.compile(r"[“”\"'‘’「」]*十([一二三四五六七八九])五[“”\"'‘’「」]*")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def document_name(title):
    """One name for a document however it is written: without marks and spaces, “十四五” in quotes, 2035年 in digits,
    half-width brackets made full, without 中华人民共和国 in front, without 时期 after the plan period, under its
    known name where it has several."""
    name = re.sub(r"\s+", "", title).strip("《》<>＜＞").translate(str.maketrans("()〈〉", "（）《》"))
    name = re.sub(r"([〇○零一二三四五六七八九]{4})(?=年)", lambda match: match.group(1).translate(_DIGITS), name)
    name = _PERIOD.sub(r"“十\1五”", name)
    name = re.sub(r"(“十.五”)时期", r"\1", name)
    name = re.sub(r"(?<=\d{4})(?:[-–—－~～至]+)(?=\d{4}年)", "—", name)
    inner = re.fullmatch(r"(?:.*?关于)?(?:印发|发布|颁布|下发)《(.+)》的?(?:通知|公告|决定)", name)
    name = re.sub(r"^中华人民共和国(?=.)", "", inner.group(1) if inner else name)
    return _known_names().get(name, name)


def is_five_year(name):
    """Whether a title opens with a five-year period (“十四五”…): without a place such a plan is the nation's."""
    return _PERIOD.match(name) is not None


def known_document(title):
    """(kind, issuer level) of a well-known document, else None."""
    return _known().get(document_name(title))


@functools.lru_cache(maxsize=1)
def journals():
    """The titles of well-known journals of the field, from `data/journals.txt`."""
    return frozenset(line for line in data_text("journals.txt").splitlines() if line and not line.startswith("#"))


@functools.lru_cache(maxsize=1)
def _rows():
    return tuple(csv.DictReader(io.StringIO(data_text("documents.csv"))))


@functools.lru_cache(maxsize=1)
def _known_names():
    """Every other name of a well-known document, normalised, -> its one name."""
    names = {}
    for row in _rows():
        one = _plain(row["document"])
        names.update({_plain(other): one for other in row["also"].split(";") if other})
    return names


@functools.lru_cache(maxsize=1)
def _known():
    return {_plain(row["document"]): (row["kind"], row["issuer_level"]) for row in _rows()}


def _plain(name):
    name = re.sub(r"(“十.五”)时期", r"\1", name)
    return re.sub(r"^中华人民共和国(?=.)", "", name)
