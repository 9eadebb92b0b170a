"""Who cites what? Plans and the policy documents that they cite, as a network."""

import numpy as np

from ..citations.find import citation_network
from .citations import LEVEL_LOOKS, LEVELS
from .common import EM, INK, empty_figure, ems, key_columns, own_plans, plan_names, wrap_name
from .style import WIDTHS, finish, new_figure, style

#: marks of the levels, beside the colours of `LEVEL_LOOKS`
MARKS = {
    "national": "o",
    "province": "s",
    "city": "^",
    "county": "v",
    "institution": "D",
    "international": "P",
    "": "X",
}
_LINES = ("-", "--", ":", "-.")


def plot_citation_network(citations, plans, top=40, lang="zh", width="double"):
    """Plans (left) and the documents that they cite (right), a line for each pair; the more often, the wider.

    `citations` is the table of that name; what a plan drafts or says of itself is left out. The size of a mark grows
    with the number of times a document is cited, its shape and colour tell the level of the issuer. Documents that more
    than one plan cites have dark lines, the others pale ones. The `top` documents are drawn, those cited by most plans
    first, ordered so that few lines cross. Titles stay as the plans cite them, in Chinese.
    """
    import pandas as pd

    network = citation_network(citations)
    chosen = [plan for plan in own_plans(plans) if plan in network]
    documents = _ordered(network, chosen, top)
    if not documents:
        return empty_figure("citation_network", pd.DataFrame(columns=["plan", "document", "count"]), lang, width)
    size = WIDTHS["double"] if len(chosen) > 10 else WIDTHS.get(width, width)
    names, wide = plan_names(plans, lang), size > 100
    left = [wrap_name(names[plan], 12 if wide else 6, 3 if len(chosen) <= 12 else 2) for plan in chosen]
    right = [wrap_name(f"《{document}》", 30 if wide else 13, 2 if wide else 3) for document in documents]
    across = [max(ems(line) for label in labels for line in label.split("\n")) * EM + 4 for labels in (left, right)]
    body = max(_height(left), _height(right), 20)
    levels = [level for level in MARKS if any(network.nodes[d]["issuer_level"] == level for d in documents)]
    told = [_level_name(level, lang) for level in levels]
    foot = 4.4 * -(-len(told) // key_columns(told, size / EM)) + 3
    with style():
        figure = new_figure("citation_network", lang, size, body + foot, layout=None)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, size), ylim=(body + foot, 0))
        axes.set_axis_off()
        places = {plan: (across[0], y) for plan, y in zip(chosen, _middles(left, body), strict=True)}
        places |= {name: (size - across[1], y) for name, y in zip(documents, _middles(right, body), strict=True)}
        _draw_lines(axes, network, places, chosen)
        _draw_nodes(axes, network, places, zip(chosen, left, strict=True), zip(documents, right, strict=True))
        _draw_key(axes, levels, told, size, body)
        edges = sorted((p, d, int(n["weight"])) for p, d, n in network.edges(data=True) if d in places and p in places)
        data = pd.DataFrame(edges, columns=["plan", "document", "count"])
        data["issuer_level"] = [network.nodes[document]["issuer_level"] for document in data["document"]]
        return finish(figure, data, "citation_network: policy documents that the plans cite")


def _height(labels):
    """Millimetres that a column of labels takes, each as high as its lines."""
    return sum(3.2 * (label.count("\n") + 1) + 1.2 for label in labels)


def _middles(labels, body):
    """The middle of each label in a column `body` mm high, with the same air between all."""
    air, below, found = (body - _height(labels)) / len(labels), 0.0, []
    for label in labels:
        height = _height([label]) + air
        found.append(round(below + height / 2, 3))
        below += height
    return found


def _level_name(level, lang):
    return {**LEVELS[lang], "institution": {"zh": "图书馆", "en": "libraries"}[lang]}[level]


def _ordered(network, chosen, top):
    """The documents to draw, top down: by the mean place of the plans that cite them, so that few lines cross."""
    documents = [node for node, data in network.nodes(data=True) if data["type"] == "document"]
    times = {
        document: sum(network[plan][document]["weight"] for plan in network.pred[document]) for document in documents
    }
    documents = [document for document in documents if any(plan in chosen for plan in network.pred[document])]
    documents = sorted(documents, key=lambda d: (-network.nodes[d]["plans"], -times[d], d))[:top]
    middle = {d: np.mean([chosen.index(plan) for plan in network.pred[d] if plan in chosen]) for d in documents}
    order = list(MARKS)
    return sorted(documents, key=lambda d: (middle[d], order.index(network.nodes[d]["issuer_level"]), d))


def _draw_lines(axes, network, places, chosen):
    """Curved lines from plan to document: dark where more than one plan cites it, each plan in its own line style.

    Where there are many plans, all lines are plain and fine, for styles could not be told apart.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    many = len(chosen) > 2 * len(_LINES)
    edges = [edge for edge in network.edges(data="weight") if edge[0] in places and edge[1] in places]
    for plan, document, weight in sorted(edges, key=lambda edge: (network.nodes[edge[1]]["plans"] > 1, edge)):
        (x, y), (u, v) = places[plan], places[document]
        middle = (x + u) / 2
        path = Path([(x, y), (middle, y), (middle, v), (u, v)], [Path.MOVETO, *[Path.CURVE4] * 3])
        shared = network.nodes[document]["plans"] > 1
        axes.add_patch(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=("#7fb0d8" if many else "#3278b5") if shared else "#b5b5b5",
                linewidth=0.35 if many else 0.5 + 0.35 * min(int(weight), 6),
                linestyle=_LINES[chosen.index(plan) % len(_LINES)] if shared and not many else "-",
            )
        )


def _draw_nodes(axes, network, places, plans, documents):
    for plan, label in plans:
        x, y = places[plan]
        axes.plot(x, y, marker="s", markersize=4, color=INK, linestyle="none", zorder=3)
        axes.text(x - 2, y, label, ha="right", va="center", fontsize=7.5)
    for document, label in documents:
        x, y = places[document]
        times = sum(data["weight"] for *_, data in network.in_edges(document, data=True))
        colour = LEVEL_LOOKS[network.nodes[document]["issuer_level"]][0]
        axes.plot(
            x,
            y,
            marker=MARKS[network.nodes[document]["issuer_level"]],
            markersize=round(3.0 + 1.3 * min(times, 12) ** 0.5, 3),
            color=colour,
            markeredgecolor=INK,
            markeredgewidth=0.5,
            linestyle="none",
            zorder=3,
        )
        axes.text(x + 2.6, y, label, ha="left", va="center", fontsize=7.5)


def _draw_key(axes, levels, told, size, body):
    """What the marks mean, in rows under the network."""
    columns = key_columns(told, size / EM)
    for number, (level, name) in enumerate(zip(levels, told, strict=True)):
        x, y = 4 + (size - 4) / columns * (number % columns), body + 3 + 4.4 * (number // columns)
        look = {"color": LEVEL_LOOKS[level][0], "markeredgecolor": INK, "markeredgewidth": 0.5, "linestyle": "none"}
        axes.plot(x, y, marker=MARKS[level], markersize=5, **look)
        axes.text(x + 2.2, y, name, ha="left", va="center", fontsize=7.5)
