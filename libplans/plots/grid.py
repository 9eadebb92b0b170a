"""How is a grid of shares drawn, with numbers that can be read and names that fit?"""

import numpy as np

from .common import EM, INK, ems, longest_word, percent, wrap_name


def ink_on(colour):
    """White or dark, whichever contrasts more with `colour` (relative luminance, WCAG 2)."""
    from matplotlib.colors import to_rgb

    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.19 else INK


def blues():
    """White to dark blue, even in lightness, so that it reads the same in grey."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("libplans", ["#ffffff", "#c9dcee", "#7fb0d8", "#3278b5", "#08306b"])


def grid_plan(row_names, column_names, size, room, extra=0):
    """How a grid fits into `size` mm: a dict with row and column labels, turn of the columns, pitch and height in mm.

    `room` is the width of the row labels in ems; `extra` the height in mm of what stands above or below the grid.
    """
    rows = [wrap_name(name, room, 3 if len(row_names) <= 8 else 2) for name in row_names]
    widest = max((ems(line) for row in rows for line in row.split("\n")), default=0)
    pitch = (size - widest * EM - 10) / max(len(column_names), 1)
    columns, turn = column_labels(column_names, pitch)
    if turn:
        head = max(max(ems(line) for line in label.split("\n")) for label in columns) * EM
    else:
        head = max((label.count("\n") + 1 for label in columns), default=1) * 3.3
    tallest = max((row.count("\n") + 1 for row in rows), default=1)
    step = max(4.8 if pitch < 7.5 else 6.2, 3.2 * tallest + 1.4, 26 / max(len(rows), 1))
    return {
        "rows": rows,
        "columns": columns,
        "turn": turn,
        "pitch": pitch,
        "height": step * len(rows) + head + extra,
        "ems_across": pitch * len(column_names) / 2.85,
        "ems_down": step * len(rows) / 2.85,
    }


def draw_grid(axes, values, plan, texts, top=None):
    """An annotated heat map (seaborn) with the names of its rows left and of its columns above, fitted by `grid_plan`.

    `values` and `texts` are rows × columns; a missing value stays blank.
    """
    import seaborn

    values = np.asarray(values, dtype=float)
    seaborn.heatmap(
        values,
        ax=axes,
        annot=np.asarray(texts, dtype=object),
        fmt="",
        cmap=blues(),
        vmin=0,
        cbar=False,
        vmax=top or max(float(np.nanmax(values, initial=0.0)), 1e-9),
        linewidths=0.6,
        linecolor="#ffffff",
        annot_kws={"fontsize": 7.5},
        xticklabels=False,
        yticklabels=False,
        mask=np.isnan(values),
    )
    mesh = axes.collections[0]
    told = [value for value in values.ravel() if not np.isnan(value)]
    for text, value in zip(axes.texts, told, strict=True):
        text.set_color(ink_on(mesh.cmap(mesh.norm(value))))
    axes.set_facecolor("#f4f4f4")
    axes.set_yticks(np.arange(len(plan["rows"])) + 0.5, plan["rows"])
    axes.set_xticks(np.arange(len(plan["columns"])) + 0.5, plan["columns"], rotation=plan["turn"])
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.xaxis.set_label_position("top")
    for side in axes.spines.values():
        side.set_visible(False)
    return axes


def column_labels(names, pitch):
    """([labels], rotation) for columns `pitch` mm apart: level and wrapped where every word fits, upright where not."""
    if all(longest_word(name) <= pitch / EM - 0.5 for name in names):
        return [wrap_name(name, pitch / EM - 0.4, 4) for name in names], 0
    lines = max(1, int((pitch - 0.6) / (EM * 1.25)))
    return [wrap_name(name, 14, min(lines, 3)) for name in names], 90


def grid_share(value, tight):
    """A share in a cell: per cent, whole and without the smallest (under 0.5 %) where columns are narrow (`tight`)."""
    if np.isnan(value) or tight and value < 0.005:
        return ""
    return f"{100 * value:.0f}" if tight else percent(value)
