"""How large is each plan, and how is it built?"""

import numpy as np

from .common import INK, fill, key, key_columns, own_plans, plan_names, thousands, wrap_name
from .style import WIDTHS, finish, new_figure, style

#: levels of headings from the chapters down, dark to light
DEPTH_LOOKS = (
    ("#08306b", "", "#ffffff"),
    ("#3278b5", "////", "#ffffff"),
    ("#9ecae1", "", "#ffffff"),
    ("#e4eef7", "...", "#3278b5"),
)


def plot_corpus(plans, sections, lang="zh", width="double"):
    """The size of each plan: body characters, and sections by depth (1 is a chapter, 4 is four or more).

    `plans` and `sections` are the tables of that name; documents kept as reference are left out. Body characters are
    Han characters, letters and digits of body, table and note sentences.
    """
    import pandas as pd

    chosen = own_plans(plans)
    names, size = plan_names(plans, lang), WIDTHS["double"] if len(chosen) > 12 else WIDTHS.get(width, width)
    chars = plans.set_index("plan")["chars"].astype(int).reindex(chosen)
    counts = _depth_counts(sections, chosen)
    rows = [wrap_name(names[plan], 11 if size > 100 else 7.5, 3 if len(chosen) <= 8 else 2) for plan in chosen]
    lines = max((row.count("\n") + 1 for row in rows), default=1)
    step = max(6.0 if len(chosen) <= 12 else 4.8, 3.2 * lines + 1.2)
    across = size > 100
    height = (step * len(chosen) + 12) * (1 if across else 2) + 12
    with style():
        figure = new_figure("corpus", lang, size, height)
        left, right = figure.subplots(1, 2, sharey=True) if across else figure.subplots(2, 1)
        places = np.arange(len(chosen))
        left.barh(places, chars.to_numpy(), height=0.62, **fill(("#7fb0d8", "", "#ffffff"), 0.4))
        _tell_ends(left, chars.tolist(), places)
        left.set_xlabel({"zh": "正文字数", "en": "characters of the body"}[lang])
        start = np.zeros(len(chosen))
        for depth, look in enumerate(DEPTH_LOOKS, start=1):
            values = counts[depth].to_numpy(dtype=float)
            right.barh(places, values, left=start, height=0.62, **fill(look, 0.4))
            start = start + values
        _tell_ends(right, start.astype(int), places)
        right.set_xlabel({"zh": "章节数", "en": "sections"}[lang])
        for axes in (left, right):
            axes.set_yticks(places, rows)
            axes.set_ylim(len(chosen) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
            axes.locator_params(axis="x", nbins=4, integer=True)
            axes.xaxis.set_major_formatter(lambda value, _place: thousands(value))
        if across:
            right.tick_params(labelleft=False)
        told = {
            "zh": ["一级", "二级", "三级", "四级及以下"],
            "en": ["depth 1", "depth 2", "depth 3", "depth 4 and more"],
        }[lang]
        key(
            figure,
            list(zip(told, DEPTH_LOOKS, strict=True)),
            loc="outside upper right",
            ncols=key_columns(told, size / 2.65),
        )
        data = pd.DataFrame(
            {
                "plan": chosen,
                "chars": chars.to_numpy(),
                **{f"depth_{depth}": counts[depth].to_numpy() for depth in range(1, 5)},
            }
        )
        return finish(figure, data, "corpus: body characters, and sections by depth")


def _depth_counts(sections, chosen):
    """Sections per plan at depth 1, 2, 3 and 4 or more."""
    rows = sections[(sections["depth"] > 0) & sections["plan"].isin(chosen)]
    depth = rows["depth"].astype(int).clip(upper=4)
    counts = rows.groupby([rows["plan"], depth]).size().unstack(fill_value=0)
    return counts.reindex(index=chosen, columns=range(1, 5), fill_value=0).fillna(0).astype(int)


def _tell_ends(axes, values, places):
    """Numbers at the ends of bars, with room for them."""
    for value, place in zip(values, places, strict=True):
        axes.annotate(
            thousands(value), (value, place), (2, 0), textcoords="offset points", va="center", fontsize=7.5, color=INK
        )
    axes.set_xlim(0, max(max(values, default=1), 1) * 1.2)
