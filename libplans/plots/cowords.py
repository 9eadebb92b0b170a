"""Which terms go together in the plans' sections?"""

import numpy as np

from .common import EM, MARKERS, empty_figure, ems, wrap_name
from .style import WIDTHS, finish, new_figure, style

COMMUNITY_COLOURS = ("#08306b", "#e08214", "#12684a", "#9970ab", "#4a98c9", "#8c510a", "#555555")


def plot_cowords(network, top=48, strongest=120, lang="zh", width="double"):
    """The co-word network as a ring: terms by community, lines as dark as the association of the two terms is strong.

    `network` is what `coword_network` returns (nodes with sections and community, edges with weight, the association
    strength: 1 as often as by chance, 2 twice as often). The `top` terms with the most sections are drawn, and of the
    lines between them the `strongest`. Terms stand in the order of their community (1 is the largest), then of their
    sections; a community has one mark and colour. Place on the ring means nothing else. 165 mm wide in any case.
    """
    import pandas as pd

    ranked = sorted(network.nodes(data=True), key=lambda node: (-int(node[1]["sections"]), node[0]))[:top]
    nodes = sorted(ranked, key=lambda node: (int(node[1]["community"]), -int(node[1]["sections"]), node[0]))
    if not nodes:
        return empty_figure("cowords", pd.DataFrame(columns=["source", "target", "weight"]), lang, width)
    kept = {name for name, _ in nodes}
    edges = [(*sorted((a, b)), round(float(w), 3)) for a, b, w in network.edges(data="weight") if {a, b} <= kept]
    edges = sorted(edges, key=lambda edge: (-edge[2], edge[0], edge[1]))[:strongest]
    size, radius = WIDTHS["double"], 46.0
    height = 2 * (radius + max(ems(wrap_name(name, 9.5, 1)) for name, _ in nodes) * EM + 5) + 7
    with style():
        figure = new_figure("cowords", lang, size, height, layout=None)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, size), ylim=(0, height))
        axes.set_axis_off()
        angles = np.pi / 2 - 2 * np.pi * np.arange(len(nodes)) / len(nodes)
        ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        centre = np.array([size / 2, height / 2 + 2.5])
        places = {name: centre + radius * ring[place] for place, (name, _) in enumerate(nodes)}
        _draw_lines(axes, edges, places, centre)
        _draw_terms(axes, nodes, places, ring, angles)
        note = {
            "zh": f"连线越深，同节出现越多于偶然；标记大小为章节数（前{len(nodes)}词）",
            "en": f"darker: together more often than by chance; size: sections with the term ({len(nodes)} terms)",
        }[lang]
        axes.text(size / 2, 1.5, note, ha="center", va="bottom", fontsize=7.5)
        data = pd.DataFrame(edges, columns=["source", "target", "weight"])
        return finish(figure, data, "cowords: association strength of terms in the same sections")


def _draw_lines(axes, edges, places, centre):
    """Chords bent towards the centre, weakest first."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    strongest = max((weight for *_, weight in edges), default=1.0)
    for one, other, weight in reversed(edges):
        start, end = places[one], places[other]
        bend = centre + 0.25 * ((start + end) / 2 - centre)
        strength = min(1.0, weight / strongest)
        path = Path(np.round([start, bend, end], 3), [Path.MOVETO, Path.CURVE3, Path.CURVE3])
        grey = str(round(0.85 - 0.65 * strength, 3))
        axes.add_patch(PathPatch(path, facecolor="none", edgecolor=grey, linewidth=0.4 + 1.0 * strength))


def _draw_terms(axes, nodes, places, ring, angles):
    """A mark and an upright label at each place of the ring."""
    most = max(int(data["sections"]) for _, data in nodes)
    for place, (name, data) in enumerate(nodes):
        community = int(data["community"]) - 1
        axes.plot(
            *np.round(places[name], 3),
            marker=MARKERS[community % len(MARKERS)],
            markersize=3.5 + 3.5 * (int(data["sections"]) / most) ** 0.5,
            color=COMMUNITY_COLOURS[community % len(COMMUNITY_COLOURS)],
            markeredgecolor="white",
            markeredgewidth=0.4,
            linestyle="none",
            zorder=3,
        )
        turn = np.degrees(angles[place]) % 360
        flipped = 90 < turn < 270
        axes.text(
            *np.round(places[name] + 3.2 * ring[place], 3),
            wrap_name(name, 9.5, 1),
            rotation=round(float(turn - 180 * flipped), 3),
            rotation_mode="anchor",
            ha="right" if flipped else "left",
            va="center",
            fontsize=7.5,
        )
