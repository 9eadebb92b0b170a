"""How does a cell of a table for papers read, whatever it holds: a number as in the text, a text on one line?"""

import re

from .tables import COUNT, SHARE

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # a spreadsheet would run a cell that opens with one of these
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
MOST = 9  # columns of numbers side by side; more are set in parts, one below the other


def plain(text):
    """A text as one line without signs that cannot be shown."""
    return " ".join(CONTROL.sub(" ", str(text)).split())


def is_empty(value):
    """Whether a cell has nothing to say: None, a missing number, the empty text."""
    import pandas as pd

    return value is None or value is pd.NA or value == "" or isinstance(value, float) and value != value


def number(value, kind):
    """A number as it is stored: a share as per cent to one decimal, a count whole, others to three digits."""
    if kind == SHARE:
        return round(100 * float(value), 1)
    return int(value) if kind == COUNT else float(f"{float(value):.3g}")


def shown(value, kind=""):
    """A cell as it is printed: shares like 26.5, counts like 1,234, a dash where there is nothing to say."""
    if is_empty(value):
        return "–" if kind else ""
    if not kind:
        return plain(value)
    value = number(value, kind)
    return f"{value:.1f}" if kind == SHARE else (f"{value:,d}" if kind == COUNT else f"{value:,.10g}")


def head_text(table, key):
    """The head of a column as one line."""
    return " ".join(map(plain, table.lines(table.heads[key])))


def parts(table):
    """The columns of a table in parts that fit beside each other; the columns before the first number stand in each."""
    keys = list(table.frame.columns)
    numbers = [key for key in keys if key in table.kinds]
    if len(numbers) <= MOST or keys[-len(numbers) :] != numbers:
        return [keys]
    fixed, count = keys[: -len(numbers)], -(-len(numbers) // MOST)
    size = -(-len(numbers) // count)
    return [fixed + numbers[start : start + size] for start in range(0, len(numbers), size)]


def cells(table, keys):
    """The rows of a table as printed texts, for some of its columns."""
    columns = [[shown(value, table.kinds.get(key, "")) for value in table.frame[key]] for key in keys]
    return list(zip(*columns, strict=True))


def guarded(text):
    """A text that no spreadsheet runs: one that it would take for a formula has an apostrophe in front."""
    return "'" + text if text.startswith(FORMULA) else text
