"""How binding is the wording of each plan, and how often does a figure, a date or a name stand behind it?"""

import numpy as np
import pandas as pd

from .common import EM, INK, empty_figure, fill, key_columns, own_plans, plan_names, wrap_name
from .quantified import theme_grid
from .style import WIDTHS, finish, new_figure, style

LEVEL_LOOKS = {
    "binding": ("#08306b", "", "#ffffff"),
    "directional": ("#6baed6", "////", "#ffffff"),
    "tentative": ("#fdb863", "...", "#7f3b08"),
    "unmarked": ("#efefef", "", "#555555"),
}
LEVEL_NAMES = {
    "zh": {"binding": "约束性", "directional": "方向性", "tentative": "探索性", "unmarked": "无标记"},
    "en": {"binding": "binding", "directional": "directional", "tentative": "tentative", "unmarked": "unmarked"},
}
SIGNS = {"with_quantity": ("o", "#08306b"), "with_deadline": ("s", "#d55e00"), "with_body": ("^", "#12684a")}
SIGN_NAMES = {
    "zh": {"with_quantity": "有数量", "with_deadline": "有期限", "with_body": "有责任主体"},
    "en": {"with_quantity": "a figure", "with_deadline": "a deadline", "with_body": "a responsible body"},
}


def plot_commitment(summary, plans, lang="zh", width="double", by="plan"):
    """Forward-looking sentences of each plan by how binding their wording is, and per cent with a further sign.

    `summary` is the table of `commitment_summary`: rows with theme "any" are drawn, with the number of sentences behind
    each name. The parts of a bar add up to 100 per cent. With `by` "theme" a grid of themes × plans shows the per cent
    of binding sentences, the number of sentences in brackets: a per cent of a handful of sentences says little. Wording
    is graded, not will, and nothing is said of what was done.
    """
    if by == "theme":
        across = {"zh": "约束性句子的百分比（括号内为句数）", "en": "per cent of sentences that bind (sentences)"}[lang]
        told = "commitment: per cent of binding sentences by theme"
        return theme_grid("commitment", summary, ("binding_pct", "sentences"), plans, across, told, lang, width)
    table = summary[summary["theme"] == "any"].set_index("plan")
    chosen = [plan for plan in own_plans(plans) if plan in table.index]
    if not chosen:
        return empty_figure("commitment", table, lang, width)
    table, names = table.loc[chosen], plan_names(plans, lang)
    size = WIDTHS.get(width, width)
    rows = [wrap_name(names[plan], 10 if size > 100 else 7.5, 2 if len(chosen) <= 8 else 1) for plan in chosen]
    rows = [f"{name}\n(n={count})" for name, count in zip(rows, table["sentences"], strict=True)]
    step = max(8.4, 3.2 * max(row.count("\n") + 1 for row in rows) + 1.2)
    data = []
    with style():
        labels = [LEVEL_NAMES[lang][level] for level in LEVEL_LOOKS] + list(SIGN_NAMES[lang].values())
        columns = key_columns(labels, size / EM)
        figure = new_figure("commitment", lang, width, step * len(chosen) + 16 + 4.4 * -(-len(labels) // columns))
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2, 1) if size > 100 else (1.5, 1))
        data += _stack(left, table, chosen)
        data += _signs(right, table, chosen)
        left.set_yticks(range(len(chosen)), rows)
        left.set_ylim(len(chosen) - 0.5, -0.5)
        for axes in (left, right):
            axes.tick_params(axis="y", length=0)
        left.set_xlim(0, 100)
        left.set_xlabel({"zh": "占句子的百分比", "en": "per cent of sentences"}[lang])
        right.set_xlabel({"zh": "含该标志（%）", "en": "with … (%)"}[lang])
        _keys(figure, lang, columns)
        data = pd.DataFrame(data, columns=["plan", "part", "count", "per_cent"])
        return finish(figure, data, "commitment: how binding the wording is, per cent of forward-looking sentences")


def _share(counts, table):
    return (100 * counts / np.maximum(table["sentences"].to_numpy(dtype=float), 1)).round(2)


def _stack(axes, table, chosen):
    """Stacked bars of the four levels; the rows of data behind them."""
    data, left = [], np.zeros(len(chosen))
    for level, look in LEVEL_LOOKS.items():
        counts = table[level].to_numpy(dtype=float)
        shares = _share(counts, table)
        axes.barh(range(len(chosen)), shares, left=left, height=0.6, **fill(look, 0.4))
        if level == "binding":
            for place, share in enumerate(shares):
                axes.annotate(
                    f"{share:.1f}", (0, place - 0.3), (1, 0.6), textcoords="offset points", fontsize=7, color=INK
                )
        left = left + shares
        data += [
            (plan, level, int(count), float(share)) for plan, count, share in zip(chosen, counts, shares, strict=True)
        ]
    return data


def _signs(axes, table, chosen):
    """A mark for each further sign; the rows of data behind them."""
    data, most = [], 1.0
    for shift, (sign, (marker, colour)) in zip((-0.2, 0, 0.2), SIGNS.items(), strict=True):
        counts = table[sign].to_numpy(dtype=float)
        shares = _share(counts, table)
        axes.plot(shares, np.arange(len(chosen)) + shift, marker, color=colour, markersize=4, clip_on=False)
        most = max(most, float(shares.max()))
        data += [
            (plan, sign, int(count), float(share)) for plan, count, share in zip(chosen, counts, shares, strict=True)
        ]
    axes.set_xlim(0, most * 1.12)
    axes.set_axisbelow(True)
    axes.grid(axis="y", linewidth=0.3)
    return data


def _keys(figure, lang, columns):
    """One legend for the levels and the signs."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    boxes = [Patch(label=LEVEL_NAMES[lang][level], **fill(look, 0.4)) for level, look in LEVEL_LOOKS.items()]
    marks = [
        Line2D([], [], linestyle="", marker=marker, color=colour, markersize=4, label=SIGN_NAMES[lang][sign])
        for sign, (marker, colour) in SIGNS.items()
    ]
    figure.legend(handles=boxes + marks, loc="outside upper center", ncols=columns)
