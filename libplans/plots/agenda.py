"""Which national priorities do the other plans take up? The agenda as a matrix."""

import numpy as np

from ..themes.agenda import LEVELS
from .common import EM, RULE, empty_figure, ems, fill, key, key_columns, own_plans, plan_names, wrap
from .grid import column_labels
from .style import WIDTHS, finish, new_figure, style

#: dark, hatched, dotted, empty: told apart in grey as well
LOOKS = {
    "copied": ("#08306b", "", "#ffffff"),
    "adapted": ("#6baed6", "//////", "#ffffff"),
    "same topic": ("#dbe9f6", "....", "#7f9fbf"),
    "absent": ("#ffffff", "", "#ffffff"),
}
NAMES = {
    "zh": {"copied": "文字相同", "adapted": "改写", "same topic": "同题", "absent": "未见"},
    "en": dict(zip(LEVELS, LEVELS, strict=True)),
}
MOST = 70  #: rows; more sections are drawn by chapter


def agenda_shares(agenda, by="chapter"):
    """The levels of each national chapter (or section) in each plan: row, title, plan, level, sections, share.

    `agenda` is the table of `agenda.national_agenda`. `row` is the number of the chapter (`by="chapter"`) or section
    (`by="section"`), `share` (0–1) the share of its sections at that level, each weighing the same.
    """
    rows = agenda.assign(row=agenda["chapter" if by == "chapter" else "section"].astype(int))
    counts = rows.groupby(["row", "plan", "level"], sort=True).size().rename("sections").reset_index()
    total = counts.groupby(["row", "plan"])["sections"].transform("sum")
    first = rows.drop_duplicates("row").set_index("row")
    titles = first["path"].str.split(" / ").str[0] if by == "chapter" else first["title"]
    counts = counts.assign(share=(counts["sections"] / total).round(4), title=counts["row"].map(titles))
    return counts[["row", "title", "plan", "level", "sections", "share"]]


def plot_agenda(agenda, plans, by="chapter", lang="zh", width="double"):
    """What each plan takes up of the national plan: a grid of national chapters × plans, a bar of levels in each cell.

    `agenda` is the table of `agenda.national_agenda`. A bar shows the share of the chapter's sections that the plan
    copies, adapts, treats as a topic, or leaves out; with `by="section"` each section has a row and one level (up to
    70 sections, else chapters are drawn). Titles of the national plan are not translated.
    """
    if agenda.empty:
        return empty_figure("agenda", agenda_shares(agenda, by), lang, width)
    by = by if agenda["section"].nunique() <= MOST else "chapter"
    counts = agenda_shares(agenda, by)
    numbers = sorted(set(counts["row"].tolist()))
    titles = counts.drop_duplicates("row").set_index("row")["title"]
    known = set(agenda["plan"])
    chosen = [plan for plan in own_plans(plans) if plan in known]
    names = plan_names(plans, lang)
    size = WIDTHS["double"] if len(chosen) > 6 else WIDTHS.get(width, width)
    room = (26 if len(chosen) <= 8 else 15) if size > 100 else 11
    lines = 2 if len(numbers) <= 40 else 1
    labels = [wrap(str(titles[number]), room, lines) for number in numbers]
    widest = max(ems(line) for label in labels for line in label.split("\n"))
    pitch = (size - widest * EM - 6) / len(chosen)
    columns, turn = column_labels([names[plan] for plan in chosen], pitch)
    step = 3.8 if lines == 1 else 3.2 * max(label.count("\n") + 1 for label in labels) + 1.6
    head = max(ems(line) for label in columns for line in label.split("\n")) * EM if turn else 13
    told = [NAMES[lang][level] for level in LEVELS]
    across = key_columns(told, size / EM)
    foot = 5 * -(-len(told) // across) + 4
    with style():
        figure = new_figure("agenda", lang, size, step * max(len(numbers), 3) + head + foot)
        axes = figure.subplots()
        _draw_cells(axes, counts, numbers, chosen)
        axes.set_xticks(range(len(chosen)), columns, rotation=turn)
        axes.set_yticks(range(len(labels)), labels)
        axes.set(xlim=(-0.5, len(chosen) - 0.5), ylim=(max(len(labels), 3) - 0.5, -0.5))
        axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
        for side in axes.spines.values():
            side.set_visible(False)
        entries = [(name, LOOKS[level]) for name, level in zip(told, LEVELS, strict=True)]
        key(figure, entries, loc="outside lower center", ncols=across)
        return finish(figure, counts, f"agenda: levels of the national plan's sections, by {by}")


def _draw_cells(axes, counts, numbers, chosen):
    """A stacked bar in each cell, as wide as the cell but for a margin, levels from left to right."""
    table = counts.pivot_table(index=["row", "plan"], columns="level", values="share", fill_value=0.0)
    table = table.reindex(columns=list(LEVELS), fill_value=0.0)
    places = {(row, plan): (at, column) for at, row in enumerate(numbers) for column, plan in enumerate(chosen)}
    cells = [cell for cell in places if cell in table.index]
    down = np.array([places[cell][0] for cell in cells], dtype=float)
    left = np.array([places[cell][1] for cell in cells], dtype=float) - 0.46
    for level in LEVELS:
        width = 0.92 * table.loc[cells, level].to_numpy(dtype=float)
        drawn = width > 0
        axes.barh(down[drawn], width[drawn], left=left[drawn], height=0.82, **fill(LOOKS[level]))
        left = left + width
    for at, column in (places[cell] for cell in cells):
        axes.add_patch(_frame(column - 0.46, at - 0.41))


def _frame(x, y):
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 0.92, 0.82, fill=False, edgecolor=RULE, linewidth=0.5)
