"""How much does each plan share with each other plan, how sure is that, and what was changed? The pictures of reuse.

A share says how much of one plan's text also stands in another. It does not say who copied from whom: an arrow or a row
reads "of the target's text, so much is also found in the source", and "source" is only the side that is looked into.
"""

import numpy as np

from .common import INK, ems, own_plans, percent, plan_names, wrap, wrap_name
from .grid import draw_grid, grid_plan, grid_share
from .style import WIDTHS, finish, new_figure, style

REUSED = ("verbatim", "adapted")


def reuse_shares(reuse, kinds=REUSED):
    """The share of each target's body text found in each source, over `kinds`: target, source, chars, share (0–1)."""
    chosen = reuse[reuse["kind"].isin(list(kinds)) & (reuse["source"] != "")]
    sums = chosen.groupby(["target", "source"], sort=True)[["chars", "share"]].sum().reset_index()
    sums["chars"] = sums["chars"].astype(int)
    sums["share"] = sums["share"].astype(float).clip(upper=1.0).round(4)
    return sums


def _sources_in(shares, plans):
    """Sources in the order of the register, references last, as far as anything is shared with them."""
    found = set(shares["source"]) - {"any"}
    ours = own_plans(plans)
    return ours + [plan for plan in plans["plan"] if plan not in ours and plan in found]


def plot_reuse_matrix(reuse, plans, kinds=REUSED, lang="zh", width="double"):
    """A grid: each row a plan, each column where its text also stands, in per cent of the row's body characters.

    `reuse` and `plans` are the tables of that name; `kinds` the kinds of passages counted. The last column is the union
    of all sources (a character is counted once), so it is at most the sum of its row. In a crowd (columns narrower than
    7 mm) shares are whole per cents and those under 0.5 % are left blank; the figure is then 165 mm wide in any case.
    Direction of copying is not shown: both halves of the grid come from the same pairs of passages.
    """
    shares = reuse_shares(reuse, kinds)
    targets, sources = own_plans(plans), _sources_in(shares, plans)
    columns = sources + ["any"]
    table = shares.pivot(index="target", columns="source", values="share").reindex(index=targets, columns=columns)
    table = table.astype(float).fillna(0.0)
    for plan in targets:
        table.loc[plan, plan] = np.nan
    names = {**plan_names(plans, lang), "any": {"zh": "任一来源", "en": "any source"}[lang]}
    size = WIDTHS["double"] if len(columns) > 10 else WIDTHS.get(width, width)
    fit = grid_plan(
        [names[plan] for plan in targets], [names[plan] for plan in columns], size, 12 if size > 100 else 8, 13
    )
    texts = [[grid_share(value, fit["pitch"] < 7.5) for value in row] for row in table.to_numpy()]
    with style():
        figure = new_figure("reuse_matrix", lang, size, fit["height"])
        axes = figure.subplots()
        draw_grid(axes, table.to_numpy(), fit, texts)
        axes.axvline(len(sources), color=INK, linewidth=0.8)
        across = {"zh": "列：同样文字亦见于", "en": "column: where the same text stands"}[lang]
        down = {"zh": "行：占该规划正文的百分比", "en": "row: per cent of its text"}[lang]
        axes.set_xlabel(wrap(across, fit["ems_across"], 2))
        axes.set_ylabel(wrap(down, fit["ems_down"], 3))
        data = table.reset_index().melt(id_vars="target", var_name="source", value_name="share").dropna()
        return finish(
            figure, data.sort_values(["target", "source"]), "reuse_matrix: share of the target's body characters"
        )


# ---------------------------------------------------------------- network


def reuse_graph(reuse, plans, min_share=0.01, kinds=REUSED):
    """The directed graph of reuse (networkx): an edge a → b carries `share`, the part of a's text found in b."""
    import networkx

    graph = networkx.DiGraph()
    ours = own_plans(plans)
    graph.add_nodes_from(ours)
    shares = reuse_shares(reuse, kinds)
    for row in shares.itertuples(index=False):
        if row.share >= min_share and row.target in graph and row.source in graph and row.target != row.source:
            graph.add_edge(row.target, row.source, share=row.share)
    return graph


def plot_reuse_network(reuse, plans, min_share=0.01, most=60, kinds=REUSED, lang="zh", width="double"):
    """Plans on a circle; an arrow a → b is as thick as the share of a's text that also stands in b.

    Arrows under `min_share` are left out, and beyond `most` arrows the thinnest. Numbers stand on the arrows where
    there are at most 24 (12 in one column). An arrow is not a claim that a copied from b: b may as well have copied
    from a, or both from a third.
    """
    graph = reuse_graph(reuse, plans, min_share, kinds)
    edges = sorted(graph.edges(data="share"), key=lambda edge: (-edge[2], edge[0], edge[1]))[:most]
    names, nodes = plan_names(plans, lang), list(graph)
    radial = len(nodes) > 8
    size = WIDTHS.get(width, width) if not radial else WIDTHS["double"]
    margin = 42 if radial else _name_margin([names[plan] for plan in nodes], 30 if size > 100 else 23)
    radius = min(size / 2 - margin, 42.0 if radial else 38.0)
    height = 2 * (radius + (margin if radial else 15)) + 8
    with style():
        figure = new_figure("reuse_network", lang, size, height, layout=None)
        axes = _millimetre_axes(figure, size, height)
        centre = np.array([size / 2, height / 2 + 4])
        angles = {plan: np.pi / 2 - 2 * np.pi * place / max(len(nodes), 1) for place, plan in enumerate(nodes)}
        places = {plan: np.round(centre + radius * np.array([np.cos(a), np.sin(a)]), 3) for plan, a in angles.items()}
        for a, b, share in reversed(edges):
            _draw_arrow(axes, places[a], places[b], share, len(edges) <= (24 if size > 100 else 12), radius / 38)
        for plan in nodes:
            _draw_node(axes, places[plan], angles[plan], names[plan], radial, margin)
        note = {
            "zh": f"甲→乙：甲的文字亦见于乙的百分比（≥{100 * min_share:g}%）；不表示抄录方向",
            "en": f"A→B: per cent of A's text that also stands in B (≥{100 * min_share:g}%); not who copied",
        }[lang]
        axes.text(size / 2, 1.5, wrap(note, size / 2.75, 2), ha="center", va="bottom", fontsize=7.5)
        import pandas as pd

        data = pd.DataFrame(edges, columns=["target", "source", "share"])
        return finish(figure, data, f"reuse_network: share of the target's text, at least {100 * min_share:g} %")


def _millimetre_axes(figure, width, height):
    """Axes over the whole figure whose unit is a millimetre."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return axes


def _name_margin(names, most):
    """The room in mm that names beside the circle need, at most `most`."""
    lines = [line for name in names for line in wrap_name(name, (most - 5.6) / 2.85, 3).split("\n")]
    return min(most, 6 + 2.85 * max(map(ems, lines), default=0))


def _draw_arrow(axes, start, end, share, told, size=1.0):
    """An arrow with its number; on a small circle (`size` below 1) it is thinner in proportion."""
    from matplotlib.patches import FancyArrowPatch

    strength, size = min(1.0, float(share) / 0.4), min(1.0, max(size, 0.5))
    grey = str(round(0.62 - 0.5 * strength, 3))
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle="arc3,rad=0.16",
            arrowstyle="-|>",
            mutation_scale=size * (6 + 5 * strength),
            linewidth=0.5 + 4.0 * size * strength,
            color=grey,
            shrinkA=4 + 5 * size,
            shrinkB=4 + 5 * size,
            joinstyle="miter",
        )
    )
    if told:
        across = (end - start)[::-1] * np.array([1, -1])
        place = start + 0.3 * (end - start) + 0.5 * 0.16 * across * 0.84
        axes.text(
            *np.round(place, 3),
            percent(share),
            ha="center",
            va="center",
            fontsize=7.5,
            color=INK,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"},
        )


def _draw_node(axes, place, angle, name, radial, margin):
    axes.plot(*place, marker="o", markersize=9, color="#08306b", markeredgecolor="white", zorder=3)
    along = np.array([np.cos(angle), np.sin(angle)])
    if radial:
        turn = np.degrees(angle) % 360
        flipped = 90 < turn < 270
        axes.text(
            *np.round(place + 4.4 * along, 3),
            wrap_name(name, (margin - 6.5) / 2.75, 2),
            rotation=round(turn - 180 * flipped, 3),
            rotation_mode="anchor",
            ha="right" if flipped else "left",
            va="center",
            fontsize=7.5,
        )
        return
    sideways = abs(along[0]) > 0.35
    axes.text(
        *np.round(place + 4.6 * along, 3),
        wrap_name(name, (margin - 5.6) / 2.85 if sideways else 16, 3),
        ha=("left" if along[0] > 0 else "right") if sideways else "center",
        va="center" if sideways else ("bottom" if along[1] > 0 else "top"),
        fontsize=8,
    )
