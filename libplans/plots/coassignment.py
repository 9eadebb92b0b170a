"""How firmly do the clusters hold together? The share of runs in which two sections fell into one cluster."""

import numpy as np

from .common import EM, INK, empty_figure, ems, wrap
from .grid import blues
from .style import WIDTHS, finish, new_figure, style

_LEAST = 3.9  # mm between the labels of two clusters


def plot_coassignment(clustering, lang="zh", width="double"):
    """The consensus matrix: sections × sections, dark where two fell together in most runs, ordered by cluster.

    `clustering` is a `Clusters` (of `cluster_sections` or `cluster_texts`). A cluster is a dark square on the diagonal
    between fine lines, named by its first terms; within it, the sections that hold together best come first. Pale
    squares are clusters that hang on the sample; dark patches off the diagonal are clusters that might be one. Sections
    that say the same count once. `data`: cluster, other, share (mean over the pairs), sections.
    """
    import pandas as pd

    labels, weights = (np.asarray(values)[clustering.drawn] for values in (clustering.labels, clustering.weights))
    order = np.lexsort((np.arange(len(labels)), -weights, labels))
    order = order[labels[order] > 0]
    if not len(order):
        return empty_figure("coassignment", pd.DataFrame(columns=["cluster", "other", "share"]), lang, width)
    matrix, ranked = clustering.together[np.ix_(order, order)], labels[order]
    ends = np.flatnonzero(np.diff(np.append(ranked, -1))) + 1
    starts = np.concatenate([[0], ends[:-1]])
    size = WIDTHS.get(width, width)
    names = [_label(clustering, ranked[start], *((3, 12) if size > 100 else (2, 7))) for start in starts]
    room = max(ems(name) for name in names) * EM + 5  # mm left of the matrix
    across = min(size - room - 4, 110)
    side = max(across, _LEAST * len(names) + 2)  # as high as wide, unless the names need more
    with style():
        figure = new_figure("coassignment", lang, size, side + 19, layout=None)
        height = side + 19
        axes = figure.add_axes((room / size, 16 / height, across / size, side / height))
        image = axes.imshow(matrix, cmap=blues(), vmin=0, vmax=1, interpolation="none", aspect="auto")
        for end in ends[:-1]:
            axes.axhline(end - 0.5, color="#999999", linewidth=0.4)
            axes.axvline(end - 0.5, color="#999999", linewidth=0.4)
        _name_clusters(axes, names, (starts + ends - 1) / 2, len(order), across, side)
        axes.set(xticks=[], yticks=[])
        bar = figure.add_axes((room / size, 10.5 / height, across / size, 2.4 / height))
        figure.colorbar(image, cax=bar, orientation="horizontal")
        bar.tick_params(labelsize=7.5, length=1.5, pad=1)
        bar.set_xlabel(
            wrap({"zh": "同类的运行次数所占比例", "en": "share of runs in one cluster"}[lang], across / EM, 1),
            fontsize=7.5,
        )
        return finish(figure, _blocks(matrix, ranked, starts, ends), "coassignment: how often sections fall together")


def _label(clustering, cluster, count, room):
    return wrap(f"{cluster} {' '.join(clustering.terms.get(int(cluster), [])[:count])}", room, 1)


def _name_clusters(axes, names, middles, total, across, side):
    """A name at the middle of each cluster, moved apart where clusters are small, with a line to its place."""
    places = np.asarray(middles, dtype=float) + 0.5
    step = _LEAST * total / side
    moved = places.copy()
    for place in range(1, len(moved)):
        moved[place] = max(moved[place], moved[place - 1] + step)
    limit = total - step / 2
    for place in range(len(moved) - 1, -1, -1):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - step
    mm = total / across  # sections a millimetre, across
    for name, here, there in zip(names, places - 0.5, moved - 0.5, strict=True):
        axes.plot([-0.5, -2.5 * mm - 0.5], [here, there], color="#999999", linewidth=0.5, clip_on=False)
        axes.text(-3.2 * mm - 0.5, there, name, ha="right", va="center", fontsize=7.5, color=INK)
    axes.set(xlim=(-0.5, total - 0.5), ylim=(total - 0.5, -0.5))


def _blocks(matrix, ranked, starts, ends):
    """The mean share of each pair of clusters, without a section's pair with itself."""
    import pandas as pd

    rows = []
    for one, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for other in range(one + 1):
            block = matrix[start:end, starts[other] : ends[other]].astype(float)
            pairs = block.size - (end - start if one == other else 0)
            total = block.sum() - (np.trace(block) if one == other else 0.0)
            share = round(total / pairs, 4) if pairs else 1.0
            rows.append((int(ranked[starts[other]]), int(ranked[start]), share, int(end - start)))
    return pd.DataFrame(rows, columns=["cluster", "other", "share", "sections"])
