"""What is each plan about, and what does it say more than the others?"""

import csv
from functools import lru_cache

import numpy as np

from ..packaged import data_text
from .common import EM, empty_figure, ems, own_plans, plan_names, wrap, wrap_name
from .grid import draw_grid, grid_plan, grid_share
from .style import WIDTHS, finish, new_figure, style


@lru_cache(maxsize=1)
def theme_names():
    """theme -> {"zh": name, "en": name}, in the order of the codebook, from `data/themes.csv`."""
    rows = csv.DictReader(data_text("themes.csv").splitlines())
    return {row["theme"]: {"zh": row["name_zh"], "en": row["name_en"]} for row in rows}


def plot_theme_emphasis(emphasis, plans, lang="zh", width="double"):
    """A grid of themes × plans: the share of each plan's text under each theme, in per cent of the column.

    `emphasis` has plan, theme and share (0–1), as `themes.theme_emphasis` returns it. Themes stand in the order of
    the codebook; those that no plan has are left out. A section counts under its primary theme, so a theme touched on
    everywhere but the subject of few sections looks small.
    """
    chosen = [plan for plan in own_plans(plans) if plan in set(emphasis["plan"])]
    known = theme_names()
    found = set(emphasis.loc[emphasis["share"].astype(float) > 0, "theme"])
    order = [theme for theme in known if theme in found] + sorted(found - set(known))
    table = emphasis.pivot(index="theme", columns="plan", values="share").reindex(index=order, columns=chosen)
    table = table.astype(float).fillna(0.0)
    names = plan_names(plans, lang)
    if table.empty:
        return empty_figure("theme_emphasis", emphasis, lang, width)
    labels = [known.get(theme, {}).get(lang, theme) for theme in order]
    across = {"zh": "占各规划正文的百分比", "en": "per cent of each plan's text"}[lang]
    figure = _share_grid("theme_emphasis", table, labels, [names[plan] for plan in chosen], across, lang, width)
    data = table.reset_index().melt(id_vars="theme", var_name="plan", value_name="share").sort_values(["plan", "theme"])
    return finish(figure, data[["plan", "theme", "share"]], "theme_emphasis: share of each plan's text")


def _share_grid(name, table, rows, columns, across, lang, width):
    size = WIDTHS["double"] if len(columns) > 10 else WIDTHS.get(width, width)
    fit = grid_plan(rows, columns, size, 13 if size > 100 else 9, 9)
    texts = [[grid_share(value, fit["pitch"] < 7.5) for value in row] for row in table.to_numpy(dtype=float)]
    with style():
        figure = new_figure(name, lang, size, fit["height"])
        axes = figure.subplots()
        draw_grid(axes, table.to_numpy(dtype=float), fit, texts)
        axes.set(xlabel=wrap(across, fit["ems_across"], 2), ylabel="")
        return figure


# ---------------------------------------------------------------- clusters


def plot_clusters(themes, sections, plans, terms=None, lang="zh", width="double"):
    """A grid of clusters × plans: the share of each plan's text in each cluster that the texts themselves suggest.

    `themes` has plan, section and cluster (0 is a section without a word, left out); `sections` gives lengths;
    `terms` is a dict cluster -> its words (list or str), which then name the rows. Clusters know nothing of the
    codebook and have no order of rank.
    """
    chosen = own_plans(plans)
    rows = themes[themes["cluster"].fillna(0).astype(int).gt(0) & themes["plan"].isin(chosen)]
    rows = rows.merge(sections[["plan", "section", "body_start", "body_end"]], on=["plan", "section"])
    rows = rows.assign(chars=(rows["body_end"] - rows["body_start"]).astype(float), cluster=rows["cluster"].astype(int))
    sums = (
        rows.groupby(["cluster", "plan"])["chars"].sum().unstack(fill_value=0.0).reindex(columns=chosen, fill_value=0.0)
    )
    table = (sums / sums.sum(axis=0).replace(0.0, 1.0)).round(4)
    if table.empty:
        return empty_figure("clusters", rows, lang, width)
    names = plan_names(plans, lang)
    labels = []
    for cluster in table.index:
        words = (terms or {}).get(cluster, "")
        words = words if isinstance(words, str) else "、".join(list(words)[:6])
        labels.append(f"{cluster} {words}".strip())
    across = {"zh": "占各规划正文的百分比", "en": "per cent of each plan's text"}[lang]
    figure = _share_grid("clusters", table, labels, [names[plan] for plan in chosen], across, lang, width)
    data = (
        table.reset_index()
        .melt(id_vars="cluster", var_name="plan", value_name="share")
        .sort_values(["plan", "cluster"])
    )
    return finish(figure, data[["plan", "cluster", "share"]], "clusters: share of each plan's text")


# ---------------------------------------------------------------- key words


def plot_keyness(keyness, plans, top=10, only=None, most=12, lang="zh", width="double"):
    """The words that each plan uses more than the other plans: a panel per plan, a dot per word.

    `keyness` has plan, word, z (log-odds with a Dirichlet prior as a z-score, higher is more typical; Monroe,
    Colaresi and Quinn 2008), count and sections (how many sections of the plan hold the word). `only` keeps some
    plans; without it the first `most` of the register are drawn. A hollow dot is a word found in one section only:
    typical of a passage, not of the plan. Words are not translated.
    """
    chosen = [plan for plan in own_plans(plans) if plan in set(keyness["plan"]) and (only is None or plan in only)]
    shown, chosen = len(chosen), chosen if only is not None else chosen[:most]
    names, size = plan_names(plans, lang), WIDTHS.get(width, width)
    table = keyness.assign(z=keyness["z"].astype(float).round(2))
    table = (
        table[table["z"] > 0]
        .sort_values(["plan", "z", "word"], ascending=[True, False, True])
        .groupby("plan")
        .head(top)
    )
    columns = min(len(chosen), 3 if size > 100 else 1) or 1
    room = max((min(ems(str(word)), 9) for word in table["word"]), default=4) * EM + 3  # mm left of the dots
    rows = -(-len(chosen) // columns) or 1
    with style():
        figure = new_figure("keyness", lang, width, rows * (top * 3.7 + 16) + 11)
        panels = np.ravel(figure.subplots(rows, columns, sharex=True, squeeze=False))
        for panel, plan in zip(panels, chosen, strict=False):
            words = table[table["plan"] == plan]
            places = np.arange(len(words))
            panel.hlines(places, 0, words["z"], color="#9ab8d3", linewidth=1.4)
            once = (words["sections"].astype(int) <= 1).to_numpy()
            panel.scatter(
                words["z"],
                places,
                s=15,
                facecolor=np.where(once, "white", "#08306b"),
                edgecolor="#08306b",
                linewidth=0.8,
                zorder=3,
            )
            panel.set_yticks(places, [wrap(word, 9, 1) for word in words["word"]], fontsize=7.5)
            panel.set_ylim(top - 0.4, -0.6)
            panel.tick_params(axis="y", length=0)
            panel.set_title(wrap_name(names[plan], (size / columns - room) / EM - 1.5, 3), fontsize=7.5)
        for panel in panels[max(len(chosen) - columns, 0) : len(chosen)]:
            panel.tick_params(labelbottom=True)  # also where no panel stands below
        for panel in panels[len(chosen) :]:
            panel.set_axis_off()
        panels[0].set_xlim(left=0)
        note = {"zh": "对数优势 z 值；空心：仅见于一节", "en": "log-odds, z-score; hollow: in one section only"}[lang]
        if shown > len(chosen):
            note += {"zh": f"；{shown}份规划之前{len(chosen)}份", "en": f"; first {len(chosen)} of {shown} plans"}[lang]
        figure.supxlabel(note, fontsize=8)
        kept = table[table["plan"].isin(chosen)][["plan", "word", "z", "count", "sections"]]
        return finish(figure, kept, "keyness: words that a plan uses more than the others")
