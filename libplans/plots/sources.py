"""Where does the text of a plan come from, and in which of its chapters does the shared wording stand?"""

from itertools import pairwise

import numpy as np

from .common import (
    INK,
    KIND_LOOK,
    KIND_NAMES,
    OTHER_LOOK,
    SEVERAL_LOOK,
    empty_figure,
    ems,
    fill,
    key,
    key_columns,
    own_plans,
    percent,
    plan_names,
    source_looks,
    wrap,
    wrap_name,
)
from .grid import ink_on
from .style import WIDTHS, finish, new_figure, style

OWN, SEVERAL, FORMULA = "own", "several", "formula"
STRIP = 4.6  # height of a strip in mm


# ---------------------------------------------------------------- who a character is shared with


def character_parts(corpus, passages, plan):
    """For each body character of `plan`, in stream order, the part it belongs to, as an array of str.

    A character in a verbatim or adapted passage belongs to its source, to "several" where it is found in two sources or
    more; else it is "formula" where a formula passage covers it, else "own". Each character has exactly one part.
    """
    stream = corpus.stream(plan)
    offsets = np.asarray(stream.offsets)[np.asarray(stream.body, dtype=bool)]
    order = np.argsort(offsets, kind="stable")
    ranked = offsets[order]
    rows = passages[passages["target"] == plan]
    count = np.zeros(len(offsets), dtype=np.int64)
    first = np.full(len(offsets), -1, dtype=np.int64)
    formula = np.zeros(len(offsets), dtype=bool)
    sources = sorted(set(rows.loc[rows["kind"] != FORMULA, "source"]))
    for place, source in enumerate(sources):
        shared = _covered(rows[(rows["source"] == source) & (rows["kind"] != FORMULA)], ranked, order)
        count += shared
        first[shared] = place
    formula |= _covered(rows[rows["kind"] == FORMULA], ranked, order)
    parts = np.full(len(offsets), OWN, dtype=object)
    parts[formula] = FORMULA
    for place, source in enumerate(sources):
        parts[(first == place) & (count == 1)] = source
    parts[count > 1] = SEVERAL
    return parts


def _covered(rows, ranked, order):
    """Which characters lie in a target span of `rows`: a bool for each."""
    marked = np.zeros(len(ranked), dtype=bool)
    starts = np.searchsorted(ranked, rows["target_start"].to_numpy(dtype=np.int64), side="left")
    ends = np.searchsorted(ranked, rows["target_end"].to_numpy(dtype=np.int64), side="left")
    for start, end in zip(starts, ends, strict=True):
        marked[order[start:end]] = True
    return marked


def _part_looks(found, plans, lang):
    """Parts in drawing order with name and look: [(part, label, look)]; sources beyond the sixth share one label."""
    names, kinds = plan_names(plans, lang), KIND_NAMES[lang]
    sources = [plan for plan in plans["plan"] if plan in found]
    looks = source_looks(sources)
    other = {"zh": "其他来源", "en": "other sources"}[lang]
    only = {"zh": "亦见于{}", "en": "also in {}"}[lang]
    entries = [(OWN, kinds["own"], KIND_LOOK["own"])]
    entries += [
        (plan, only.format(names[plan]) if looks[plan] != OTHER_LOOK else other, looks[plan]) for plan in sources
    ]
    entries.append((SEVERAL, {"zh": "见于两份以上", "en": "in two or more"}[lang], SEVERAL_LOOK))
    entries.append((FORMULA, kinds["formula"], KIND_LOOK["formula"]))
    return [entry for entry in entries if entry[0] in found]


def _key_of(figure, entries, size, axes=None):
    """The legend above; returns how many lines it takes."""
    shown = list({label: (wrap(label, 24, 1), look) for _, label, look in entries}.values())
    columns = key_columns([label for label, _ in shown], (size - 4) / 2.65)
    if figure is not None:
        key(
            figure if axes is None else axes,
            shown,
            ncols=columns,
            loc="outside upper center" if axes is None else "upper center",
        )
    return -(-len(shown) // columns)


# ---------------------------------------------------------------- stacked shares


def plot_reuse_sources(split, plans, only=None, lang="zh", width="double"):
    """What each plan is made of, as one stacked bar per plan: own words, each source alone, several sources, formulae.

    `split` has target, part (own, the id of a source, several, formula), chars and share, as `reuse.split_reuse`
    returns it; `only` keeps some plans (ids). The parts of a bar add up to 100 % of the body characters. "Also in X"
    does not mean "taken from X".
    """
    chosen = [
        plan for plan in own_plans(plans) if plan in set(only or split["target"]) and plan in set(split["target"])
    ]
    table = split[split["target"].isin(chosen) & (split["chars"].astype(int) > 0)]
    if table.empty:
        return empty_figure("reuse_sources", table, lang, width)
    table = table.assign(share=table["share"].astype(float).round(4))
    entries = _part_looks(set(table["part"]), plans, lang)
    shares = table.pivot(index="target", columns="part", values="share").reindex(chosen).fillna(0.0)
    names, size = plan_names(plans, lang), WIDTHS.get(width, width)
    rows = [wrap_name(names[plan], 11 if size > 100 else 7.5, 3 if len(chosen) <= 8 else 2) for plan in chosen]
    lines = max((row.count("\n") + 1 for row in rows), default=1)
    step = max(7.0, 3.2 * lines + 1.2) if len(chosen) <= 12 else max(5.4, 3.2 * lines + 1.2)
    bar = size - 10 - (30 if size > 100 else 20)
    with style():
        figure = new_figure("reuse_sources", lang, width, step * len(chosen) + 14 + 4.4 * _key_of(None, entries, size))
        axes = figure.subplots()
        left = np.zeros(len(chosen))
        for part, _, look in entries:
            values = shares[part].to_numpy(dtype=float)
            axes.barh(range(len(chosen)), values, left=left, height=0.66, **fill(look, 0.4))
            for place, value in enumerate(values):
                if value * bar > 7.5:
                    _tell(axes, left[place] + value / 2, place, percent(value), look)
            left = left + values
        axes.set_yticks(range(len(chosen)), rows)
        axes.set(xlim=(0, 1), ylim=(len(chosen) - 0.5, -0.5))
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0", "25", "50", "75", "100"])
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel({"zh": "占正文字数的百分比", "en": "per cent of the body characters"}[lang])
        _key_of(figure, entries, size)
        data = table.assign(order=[chosen.index(plan) for plan in table["target"]]).sort_values(["order", "part"])
        return finish(figure, data.drop(columns="order"), "reuse_sources: what each plan's body is made of")


def _tell(axes, x, y, text, look):
    """A number on a bar, legible on any hatch."""
    box = {"boxstyle": "round,pad=0.15", "facecolor": look[0], "edgecolor": "none"}
    axes.text(x, y, text, ha="center", va="center", fontsize=7.5, bbox=box, color=ink_on(look[0]))


# ---------------------------------------------------------------- strips


def chapters(sections, plan, largest=0.4):
    """The chapters of a plan (rows of sections); one that holds over `largest` of the text is opened up."""
    rows = sections[sections["plan"] == plan]
    if rows.empty:
        return rows
    root = rows.sort_values("section").iloc[0]
    whole = int(root["end"]) - int(root["start"]) or 1
    found, waiting = [], [row for _, row in rows[rows["parent"] == root["section"]].iterrows()]
    while waiting:
        row = waiting.pop(0)
        inner = [child for _, child in rows[rows["parent"] == row["section"]].iterrows() if child["title"]]
        if (int(row["end"]) - int(row["start"])) / whole > largest and len(inner) > 1:
            waiting = inner + waiting
        else:
            found.append(row)
    import pandas as pd

    return pd.DataFrame(found, columns=rows.columns)


def plot_reuse_strips(corpus, passages, only=None, lang="zh", width="double"):
    """A strip per plan, as long as its text: each stretch shows where its wording also stands; its chapters lie below.

    `corpus` gives the streams and sections, `passages` is the table of that name, `only` keeps some plans (ids).
    Chapter titles are written (as far as they fit) for up to twelve plans; beyond that the chapters are marks only.
    """
    import pandas as pd

    plans = corpus.plans
    chosen = [plan for plan in own_plans(plans) if only is None or plan in only]
    parts = {plan: character_parts(corpus, passages, plan) for plan in chosen}
    runs = {plan: _runs(parts[plan]) for plan in chosen}
    entries = _part_looks({part for plan in chosen for part, _, _ in runs[plan]}, plans, lang)
    names, size = plan_names(plans, lang), WIDTHS.get(width, width)
    titled = len(chosen) <= 12
    name_room = 27 if size > 100 else 22
    legend = 4.4 * _key_of(None, entries, size) + 2
    step = STRIP + (11.5 if titled else 2.8)
    height = legend + step * len(chosen) + 5
    scale = (size - name_room - 5) / max((len(values) for values in parts.values()), default=1)
    with style():
        figure = new_figure("reuse_strips", lang, width, height, layout=None)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, size), ylim=(height, 0))
        axes.set_axis_off()
        for place, plan in enumerate(chosen):
            top = legend + place * step + 1.5
            axes.text(
                name_room - 2,
                top + STRIP / 2,
                wrap_name(names[plan], (name_room - 3) / 2.7, 2),
                ha="right",
                va="center",
                fontsize=7.5,
            )
            for part, _, look in entries:
                bars = [
                    (name_room + start * scale, (end - start) * scale)
                    for kind, start, end in runs[plan]
                    if kind == part
                ]
                axes.broken_barh(bars, (top, STRIP), **fill(look))
            axes.add_patch(_frame(name_room, top, len(parts[plan]) * scale))
            _draw_chapters(axes, corpus, plan, name_room, top + STRIP + 0.9, scale, titled)
        _key_of(figure, entries, size, axes)
        rows = [(plan, part, start, end) for plan in chosen for part, start, end in runs[plan]]
        data = pd.DataFrame(rows, columns=["plan", "part", "from_char", "to_char"])
        return finish(figure, data, "reuse_strips: stretches of the body by where the wording also stands", rows=40)


def _runs(parts):
    """Stretches of equal parts: [(part, start, end)]."""
    if not len(parts):
        return []
    cuts = np.flatnonzero(parts[1:] != parts[:-1]) + 1
    edges = [0, *cuts.tolist(), len(parts)]
    return [(str(parts[start]), start, end) for start, end in pairwise(edges)]


def _frame(x, y, length):
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), length, STRIP, facecolor="none", edgecolor=INK, linewidth=0.4)


def _draw_chapters(axes, corpus, plan, left, top, scale, titled):
    """Chapters under a strip: a bracket each, with number and title as far as they fit (two lines at most)."""
    stream = corpus.stream(plan)
    offsets = np.sort(np.asarray(stream.offsets)[np.asarray(stream.body, dtype=bool)])
    for row in chapters(corpus.sections, plan).to_dict("records"):
        start, end = np.searchsorted(offsets, [int(row["start"]), int(row["end"])]) * scale
        if end - start < 0.3:
            continue
        axes.plot([left + start + 0.15, left + end - 0.15], [top, top], color=INK, linewidth=1.2, solid_capstyle="butt")
        name = " ".join(f"{row['number']} {row['title']}".split())
        room = (end - start - 1.4) / 2.72
        if titled and room >= 0.5:
            label = wrap(name, room, 2) if room >= 3.5 else _short_number(row["number"], room)
            axes.text(left + start + 0.15, top + 0.8, label, ha="left", va="top", fontsize=7.5, linespacing=1.1)


def _short_number(number, room):
    """The number of a chapter without its stop where `room` ems hold it, or nothing; never another chapter's."""
    text = number.rstrip("、.．")
    return text if ems(text) <= room else ""
