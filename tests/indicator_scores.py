"""How far do indicators agree with a table made by reading? For the tests and for benchmarks/indicators.py."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

GOLD = Path(__file__).parent / "gold"


def read_gold(name, plan=""):
    """The rows of a table of tests/gold/ whose plan begins with `plan`, values as numbers (None: open)."""
    with open(GOLD / name, encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["plan"].startswith(plan)]
    return [
        {
            **row,
            "start": int(row["start"]),
            "end": int(row["end"]),
            "low": _number(row["value_low"]),
            "high": _number(row["value_high"]),
            "optional": row.get("optional", "") == "1",
        }
        for row in rows
    ]


def scores(gold, found):
    """Scores of a table of indicators against the rows of a reader: a dict.

    quantities (rows that must be found), recall and precision (value range, unit and bound right at the place; what
    the reader calls optional counts neither way), role and frequency (shares of those found), measure (of the figures
    whose key the reader gives in two plans or more: the share that have the key which the rules give to most of them).
    `wrong`, `missed` and `extra` hold the rows behind the figures.
    """
    left = defaultdict(list)
    for row in found.to_dict("records"):
        left[row["plan"]].append({**row, "low": _number(row["value_low"]), "high": _number(row["value_high"])})
    pairs, missed, wrong = [], [], []
    for row in sorted(gold, key=lambda row: (row["plan"], row["optional"], row["start"])):
        near = [item for item in left[row["plan"]] if item["start"] < row["end"] and row["start"] < item["end"]]
        right = [item for item in near if _same_quantity(row, item)]
        if right:
            pairs.append((row, right[0]))
        elif not row["optional"]:
            (wrong if near else missed).append(row)
        if near:
            left[row["plan"]].remove((right or near)[0])
    extra = [item for items in left.values() for item in items]
    must = [(row, item) for row, item in pairs if not row["optional"]]
    count = len(must)
    return {
        "quantities": count + len(missed) + len(wrong),
        "recall": count / (count + len(missed) + len(wrong)),
        "precision": count / (count + len(wrong) + len(extra)),
        "role": sum(row["role"] == item["role"] for row, item in must) / count,
        "frequency": sum(row["frequency"] == item["frequency"] for row, item in must) / count,
        "measure": _shared_measures(must),
        "wrong": wrong,
        "missed": missed,
        "extra": extra,
    }


def _shared_measures(pairs):
    """Of the figures whose key the reader gives in two plans or more: the share under the commonest key for it."""
    keys = defaultdict(list)
    for row, item in pairs:
        if row["measure"]:
            keys[row["measure"]].append((row["plan"], item["measure"]))
    shared = [rows for rows in keys.values() if len({plan for plan, _ in rows}) > 1]
    total = sum(map(len, shared))
    right = 0
    for rows in shared:
        counts = Counter(key for _, key in rows if key)
        right += max(counts.values(), default=0)
    return right / total if total else 1.0


def _same_quantity(row, item):
    values = all(_close(row[side], item[side]) for side in ("low", "high"))
    return values and row["bound"] == item["bound"] and _unit(row["unit"]) == _unit(item["unit"])


def _close(a, b):
    if a is None or b is None:
        return a is b
    return abs(a - b) <= 0.01 * (abs(a) < 100) + 1e-6 * max(abs(a), abs(b))


def _unit(unit):
    """A unit without what stands in brackets: 册（件） and 册(件) are written for one another."""
    return re.sub("[（(].*?[）)]", "", unit).strip()


def _number(value):
    text = "" if value is None or value != value else str(value).strip()
    return float(text) if text not in ("", "<NA>") else None
