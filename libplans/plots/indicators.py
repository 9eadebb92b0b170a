"""What do the plans promise beside what they report, and how much of a plan is put in numbers?"""

import csv
from functools import lru_cache

import numpy as np

from ..packaged import data_text
from .common import EM, own_plans, plan_names, wrap, wrap_name
from .style import WIDTHS, finish, new_figure, style

ROLE_MARKS = {"baseline": ("s", "white"), "target": ("o", "#08306b")}
ROLE_NAMES = {"zh": {"baseline": "现状（基期）", "target": "目标"}, "en": {"baseline": "reported", "target": "target"}}
WIDE = 30  # a panel whose largest value is this many times its smallest gets a log scale


# ---------------------------------------------------------------- targets against baselines


SUFFIXES = {
    "_half_yearly": ("每半年", "per half-year"),
    "_quarterly": ("每季", "per quarter"),
    "_monthly": ("每月", "per month"),
    "_weekly": ("每周", "per week"),
    "_annual": ("每年", "per year"),
    "_daily": ("每日", "per day"),
    "_fyp": ("五年合计", "total of the plan period"),
}
#: units that an English reader needs beside the name of the measure; counters of persons, events and things go unsaid
UNITS_EN = {"元": "yuan", "平方米": "m²", "册": "volumes", "种": "titles", "小时": "hours", "％": "%"}


@lru_cache(maxsize=1)
def _caveats_zh():
    """How the reasons that `comparable` gives read in Chinese, from `data/caveats.csv`: (openings, words, reasons)."""
    parts = {"opening": {}, "word": {}, "reason": {}}
    for row in csv.DictReader(data_text("caveats.csv").splitlines()):
        parts[row["part"]][row["en"]] = row["zh"]
    return tuple(parts.values())


def indicator_values(compared, plans, measures=None, least=2):
    """The values that `plot_indicators` draws: targets and baselines of measures that `least` plans or more share.

    `compared` is the table of `comparable(indicators)` (or `indicators` itself: then no caveats are known). Rows with
    the role target or baseline and a value, for plans under study; each plan, measure, role, period, value and bound
    once. Sorted by the number of plans that share the measure (most first), by measure, then in the order of the
    register; `measures` names and orders them instead.
    """
    ours = own_plans(plans)
    rows = compared[(compared["measure"] != "") & compared["role"].isin(list(ROLE_MARKS)) & compared["plan"].isin(ours)]
    rows = rows[rows["value_low"].notna() | rows["value_high"].notna()].copy()
    columns = ["measure", "plan", "role", "period", "value_low", "value_high", "bound", "unit"]
    for column in ("zh", "en", "caveat"):
        rows[column] = rows[column] if column in rows else ("" if column == "caveat" else rows["measure"])
    for column in ("value_low", "value_high"):
        rows[column] = rows[column].astype("Float64").round(6)
    rows["plans"] = rows.groupby("measure")["plan"].transform("nunique")
    rows = rows[rows["measure"].isin(list(measures))] if measures is not None else rows[rows["plans"] >= least]
    rows["order"] = [ours.index(plan) for plan in rows["plan"]]
    rows["rank"] = [list(measures).index(name) if measures is not None else 0 for name in rows["measure"]]
    order = ["rank", "plans", "measure", "order", "role", "period", "start"]
    rows = rows.sort_values(order, ascending=[True, False] + [True] * 5).drop_duplicates(columns)
    return rows[[*columns, "sentence", "zh", "en", "caveat"]].reset_index(drop=True)


def plot_indicators(compared, plans, measures=None, top=8, lang="zh", width="double"):
    """What plans promise (filled dot) beside what they report (hollow square): a panel per measure, a line per plan.

    `compared` is the table of `comparable(indicators)`, `plans` the table of plans. Only measures that two plans or
    more share are drawn, the `top` of them as far as they fit on a page, or those in `measures`. Why the values of a
    measure are not like for like is written under the title of its panel. A range is a bar, an open bound an arrow to
    where the value may lie, a value given as "about" has a ring. The scale is logarithmic where the largest value of
    a panel is more than 30 times its smallest; the panel says so. Every value drawn is in `fig.data` with the number
    of its sentence.
    """
    values = indicator_values(compared, plans, measures)
    shown = list(dict.fromkeys(values["measure"]))[:top]
    values = values[values["measure"].isin(shown)]
    size = WIDTHS.get(width, width)
    columns = 2 if size > 100 and len(shown) > 1 else 1
    labels = plan_names(plans, lang)
    panels = [_panel(values[values["measure"] == measure], labels, measure, lang, size / columns) for measure in shown]
    panels = _fitting(panels, columns)
    values = values[values["measure"].isin([panel["measure"] for panel in panels])]
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    heights = [max(panel["height"] for panel in row) for row in rows] or [10]
    with style():
        figure = new_figure("indicators", lang, width, sum(heights) + 9)
        grid = figure.subplots(len(heights), columns, squeeze=False, gridspec_kw={"height_ratios": heights})
        for axes, panel in zip(grid.ravel(), panels, strict=False):
            _draw_panel(axes, panel, lang)
        for axes in grid.ravel()[len(panels) :]:
            axes.set_axis_off()
        if not panels:
            _say_nothing(grid[0, 0], lang)
        _role_key(figure, lang)
        return finish(
            figure, values, "indicators: targets and reported values of measures that two plans or more share"
        )


def _fitting(panels, columns, height=235):
    """The first panels, row by row, that fit on a page (`height` mm); at least one row."""
    kept, used = panels[:columns], max((panel["height"] for panel in panels[:columns]), default=0)
    for start in range(columns, len(panels), columns):
        row = panels[start : start + columns]
        used += max(panel["height"] for panel in row)
        if used > height:
            break
        kept = kept + row
    return kept


def _say_nothing(axes, lang):
    words = {"zh": "没有两份以上规划共有的指标", "en": "no measure is shared by two plans"}[lang]
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center")


def _panel(rows, labels, measure, lang, size):
    """One measure made ready to draw: its rows, the plans on its lines, its title, caveats and height in mm."""
    room = 9
    across = (size - room * EM) / EM - 3
    base = next((suffix for suffix in SUFFIXES if measure.endswith(suffix)), "")
    units = dict.fromkeys(
        UNITS_EN.get(unit, unit if unit.isascii() else "") if lang == "en" else unit for unit in rows["unit"]
    )
    unit = "/".join(filter(None, units))
    notes = [SUFFIXES[base][lang == "en"]] if base else []
    notes += [unit] if unit else []
    name = rows[lang].iloc[0]
    title = (f"{name}（{'，'.join(notes)}）" if lang == "zh" else f"{name} ({', '.join(notes)})") if notes else name
    numbers = np.array([float(value) for column in ("value_low", "value_high") for value in rows[column].dropna()])
    log = bool(len(numbers) and numbers.min() > 0 and numbers.max() / numbers.min() > WIDE)
    title = wrap(title + ({"zh": "［对数］", "en": " [log]"}[lang] if log else ""), across, 2)
    caveat = wrap(panel_caveat(rows["caveat"], lang), across, 7)
    plans = list(dict.fromkeys(rows["plan"]))
    ticks = [wrap_name(labels[plan], room, 2) for plan in plans]
    lines = title.count("\n") + 1 + (caveat.count("\n") + 1 if caveat else 0)
    step = max(5.0, 3.2 * max((tick.count("\n") + 1 for tick in ticks), default=1) + 1.6)
    return {
        "measure": measure,
        "rows": rows,
        "plans": plans,
        "ticks": ticks,
        "title": title,
        "caveat": caveat,
        "log": log,
        "height": step * max(len(plans), 2) + 3.7 * lines + 9,
    }


def panel_caveat(caveats, lang):
    """Why the values of one panel are not like for like, each reason once; open bounds are drawn, not said."""
    reasons = sorted({reason for cell in caveats for reason in str(cell).split("; ") if reason})
    reasons = [reason for reason in reasons if not reason.startswith("open bound")]
    reasons.sort(key=lambda reason: ": " not in reason)  # first what is said of these very values
    if lang == "en":
        return "not like for like: " + "; ".join(reasons) if reasons else ""
    told = [_reason_zh(reason) for reason in reasons]
    return "口径提示：" + "；".join(dict.fromkeys(told)) if told else ""


def _reason_zh(reason):
    """A reason in Chinese; one that the table does not know stays as it is."""
    openings, words, reasons = _caveats_zh()
    opening = next((start for start in openings if reason.startswith(start)), None)
    if opening is None:
        return reasons.get(reason, reason)
    rest = reason[len(opening) :]
    for english, chinese in words.items():
        rest = rest.replace(english, chinese)
    return openings[opening].format(rest)


def _draw_panel(axes, panel, lang):
    axes.set_title("\n".join(filter(None, (panel["title"], panel["caveat"]))), fontsize=7.5)
    if panel["log"]:
        axes.set_xscale("log")
    numbers = [float(v) for column in ("value_low", "value_high") for v in panel["rows"][column].dropna()]
    low, high = min(numbers), max(numbers)
    span = (np.log10(high / low) if panel["log"] else high) or 1.0
    for row in panel["rows"].itertuples():
        shift = 0.14 if row.role == "target" else -0.14
        _draw_value(axes, row, panel["plans"].index(row.plan) + shift, panel["log"], span)
    if panel["log"]:
        axes.set_xlim(low / 10 ** (0.16 * span), high * 10 ** (0.16 * span))
        axes.xaxis.set_minor_locator(_nothing())
    else:
        axes.set_xlim(0, span * 1.14)
        axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda value, _place: amount(value, lang))
    axes.set_yticks(range(len(panel["plans"])), panel["ticks"])
    axes.set_ylim(max(len(panel["plans"]), 2) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def _nothing():
    from matplotlib.ticker import NullLocator

    return NullLocator()


def _draw_value(axes, row, y, log, span):
    """One value: a mark, with a bar for a range and an arrow for an open bound."""
    import pandas as pd

    marker, face = ROLE_MARKS[row.role]
    ends = [float(value) for value in (row.value_low, row.value_high) if not pd.isna(value)]
    if row.bound == "range" and len(ends) == 2:
        axes.plot(ends, [y, y], color="#08306b", linewidth=3.2, solid_capstyle="butt", alpha=0.45)
    up = row.bound in ("at_least", "more_than")
    if up or row.bound == "at_most":
        reach = 0.1 * span if up else -0.1 * span
        tip = ends[0] * 10**reach if log else max(ends[0] + reach, 0)
        axes.annotate(
            "",
            (tip, y),
            (ends[0], y),
            arrowprops={
                "arrowstyle": "-|>",
                "color": "#08306b",
                "linewidth": 0.9,
                "mutation_scale": 6,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    for value in dict.fromkeys(ends):
        axes.plot(
            value,
            y,
            marker=marker,
            markersize=4.4,
            markerfacecolor=face,
            markeredgecolor="#08306b",
            markeredgewidth=0.9,
            linestyle="none",
            zorder=3,
        )
        if row.bound == "about":
            axes.plot(
                value,
                y,
                marker="o",
                markersize=7.5,
                markerfacecolor="none",
                markeredgecolor="#3278b5",
                markeredgewidth=0.6,
                linestyle="none",
                zorder=3,
            )


def _role_key(figure, lang):
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            marker=marker,
            markersize=4.4,
            markerfacecolor=face,
            markeredgecolor="#08306b",
            linestyle="none",
            label=ROLE_NAMES[lang][role],
        )
        for role, (marker, face) in ROLE_MARKS.items()
    ]
    handles.append(
        Line2D([], [], color="#08306b", linewidth=3.2, alpha=0.45, label={"zh": "区间", "en": "range"}[lang])
    )
    handles.append(
        Line2D(
            [],
            [],
            color="#08306b",
            linewidth=0.9,
            marker=">",
            markersize=4,
            label={"zh": "不少于／不超过", "en": "open bound"}[lang],
        )
    )
    handles.append(
        Line2D(
            [],
            [],
            marker="o",
            markersize=7.5,
            markerfacecolor="none",
            markeredgecolor="#3278b5",
            linestyle="none",
            label={"zh": "约数", "en": "about"}[lang],
        )
    )
    wide = figure.get_figwidth() > 4
    figure.legend(handles=handles, loc="outside upper center", ncols=5 if wide else 2)


def amount(value, lang="zh"):
    """A number for an axis: 2.5万, 3亿 in Chinese; 25k, 300M in English."""
    steps = ((1e8, "亿"), (1e4, "万")) if lang == "zh" else ((1e9, "bn"), (1e6, "M"), (1e4, "k"))
    for size, sign in steps:
        if abs(value) >= size:
            return f"{value / (1e3 if sign == 'k' else size):.4g}{sign}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
