"""Which targets does each plan set? A table to print in a paper, in Chinese, in English or in both."""

import pandas as pd

from ..errors import PlanError
from ..plots.common import own_plans, plan_names
from ..tables import require
from .harmonised import base_measure, measures

_HEADS = {
    "measure": ("指标", "Measure"),
    "plan": ("规划", "Plan"),
    "value": ("数值", "Value"),
    "unit": ("单位", "Unit"),
    "frequency": ("口径", "Time base"),
    "period": ("期间", "Period"),
    "indicator": ("规划中的表述", "Wording in the plan"),
    "sentence": ("出处（句）", "Sentence"),
}
FREQUENCY = {
    "annual": ("每年", "yearly"),
    "cumulative": ("累计", "total"),
    "stock": ("时点", "at a date"),
    "one-off": ("一次", "once"),
    "rate": ("比率或频次", "rate"),
    "deadline": ("时限", "time limit"),
}
_BOUNDS = {"at_least": ("≥", "≥"), "more_than": (">", ">"), "at_most": ("≤", "≤"), "about": ("约", "c. ")}
_PERIOD = {"current": ("现状", "present")}
_JOINT = {"zh": 0, "en": 1}


def indicator_sheet(indicators, plans, lang="both", role="target"):
    """The targets (or another role) of the plans under study as a table to print: one row a target of a plan.

    Columns, headed in `lang` ("zh", "en" or "both"): measure, plan, value with its bound (≥, >, ≤, 约; 近 is "below"),
    unit as written, time base, period, the plan's own wording, and the sentences where it stands (their numbers in
    sentences.csv). Rows stand by the table of measures and the order of the register; figures without a harmonised
    measure come last, under the plan's own words. A figure that a plan states twice has one row with both sentences.
    Nothing is converted but 万 and 亿; rows of one measure are not for that comparable: see `comparable`.
    """
    if lang not in ("zh", "en", "both"):
        raise PlanError(f"indicator_sheet: lang {lang!r}; use zh, en or both")
    require(indicators, ("plan", "role", "measure", "indicator", "sentence"), "indicator_sheet")
    chosen = own_plans(plans)
    table = indicators[(indicators["role"] == role) & indicators["plan"].isin(chosen)]
    order = {key: place for place, key in enumerate(measures()["measure"])}
    groups = {}
    for row in table.sort_values(["plan", "start", "end"], kind="stable").to_dict("records"):
        values = tuple("" if pd.isna(row[name]) else row[name] for name in ("value_low", "value_high"))
        what = row["measure"] or row["indicator"]
        place = (order.get(base_measure(row["measure"]), len(order)), what, chosen.index(row["plan"]))
        groups.setdefault((place, values, row["bound"], row["unit"], row["frequency"], row["period"]), []).append(row)
    names = {tongue: plan_names(plans, tongue) for tongue in _JOINT}
    found = [_printed(groups[group], names, lang) for group in sorted(groups, key=lambda group: (group[0], str(group)))]
    return pd.DataFrame(found, columns=[_both(head, lang) for head in _HEADS.values()])


def _both(pair, lang):
    """One of a Chinese and an English text, or both where they differ."""
    if lang != "both":
        return pair[_JOINT[lang]]
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} {pair[1]}".strip()


def _printed(rows, names, lang):
    row, entries = rows[0], measures().set_index("measure")
    base = base_measure(row["measure"])
    name = (entries.loc[base, "zh"], entries.loc[base, "en"]) if base in entries.index else (row["indicator"],) * 2
    period = _PERIOD.get(row["period"], (row["period"].removeprefix("annual-"),) * 2)
    return [
        _both(name, lang),
        _both(tuple(names[tongue][row["plan"]] for tongue in _JOINT), lang),
        value_text(row, "en" if lang == "en" else "zh"),
        "%" if row["unit"] == "成" else row["unit"],
        _both(FREQUENCY.get(row["frequency"], (row["frequency"],) * 2), lang),
        _both(period, lang),
        " / ".join(dict.fromkeys(item["indicator"] for item in rows)),
        ", ".join(str(number) for number in sorted({int(item["sentence"]) for item in rows})),
    ]


def value_text(row, lang="zh"):
    """The value of an indicator with its bound, as one prints it: ≥300万 (zh), ≥3,000,000 (en), 8–10, 近20万."""
    low, high = (None if pd.isna(row[name]) else float(row[name]) for name in ("value_low", "value_high"))
    if low is None and high is None:
        return ""
    if row["bound"] == "about" and low is None:
        return ("近" if lang == "zh" else "nearly ") + _number(high, lang)
    if low is not None and high is not None and low != high:
        return f"{_number(low, lang)}–{_number(high, lang)}"
    mark = _BOUNDS.get(row["bound"], ("", ""))[_JOINT[lang]]
    return mark + _number(high if low is None else low, lang)


def _number(value, lang):
    """A number in full (en: thousands with commas; zh: 万 and 亿 where they leave four places or fewer)."""
    if lang == "zh":
        for scale, sign in ((1e8, "亿"), (1e4, "万")):
            if abs(value) >= scale and round(value / scale, 4) * scale == value:
                return f"{value / scale:.10g}{sign}"
    return f"{value:,.0f}" if value == int(value) else f"{round(value, 2) if value > 1 else value:,.10g}"
