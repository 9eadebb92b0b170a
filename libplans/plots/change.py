"""How far do the shares hang on the thresholds, and what was swapped while copying?"""

import numpy as np

from .common import EM, INK, MARKERS, ems, fill, key, key_columns, plan_names, source_looks, wrap_name
from .style import WIDTHS, finish, new_figure, style


def plot_sensitivity(sensitivity, plans, top=6, lang="zh", width="double"):
    """How the share of a plan found in another moves with the least length and the least identity of a passage.

    `sensitivity` has target, source, min_length (characters), min_identity (0–1) and share (0–1). The `top` pairs
    with the largest shares (2 % or more) get a panel each, a line for each identity. A flat line means that the
    finding does not hang on the choice.
    """
    table = sensitivity[sensitivity["source"] != "any"].copy()
    for column in ("share", "min_identity", "min_length"):
        table[column] = table[column].astype(float).round(4)
    peaks = table.groupby(["target", "source"])["share"].max().reset_index()
    peaks = peaks[(peaks["share"] >= 0.02) | (peaks["share"].max() < 0.02)]
    peaks = peaks.sort_values(["share", "target", "source"], ascending=[False, True, True]).head(top)
    names, size = plan_names(plans, lang), WIDTHS.get(width, width)
    across = min(len(peaks), (2 if len(peaks) == 4 else 3) if size > 100 else 1) or 1
    down = -(-len(peaks) // across) or 1
    levels = sorted(table["min_identity"].unique())
    with style():
        figure = new_figure("sensitivity", lang, width, 18 + (42 if size > 100 else 37) * down)
        panels = np.atleast_1d(figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)).ravel()
        for panel, pair in zip(panels, peaks.itertuples(index=False), strict=False):
            rows = table[(table["target"] == pair.target) & (table["source"] == pair.source)]
            for place, level in enumerate(levels):
                line = rows[rows["min_identity"] == level].sort_values("min_length")
                panel.plot(
                    line["min_length"],
                    100 * line["share"],
                    marker=MARKERS[place % len(MARKERS)],
                    markersize=3.5 if place else 6,
                    markerfacecolor=None if place else "white",
                    color=str(round(0.65 * place / max(len(levels) - 1, 1), 2)),
                    label=f"{level:g}",
                    clip_on=False,
                )
            also = {"zh": "亦见于{}", "en": "also in {}"}[lang].format(names[pair.source])
            room = (size / across - 9) / EM
            panel.set_title(f"{wrap_name(names[pair.target], room, 1)}\n{wrap_name(also, room, 1)}", fontsize=7.5)
            panel.set_ylim(bottom=0)
            panel.grid(axis="y")
        for panel in panels[max(len(peaks) - across, 0) : len(peaks)]:
            panel.tick_params(labelbottom=True)  # also where no panel stands below
        for panel in panels[len(peaks) :]:
            panel.set_axis_off()
        figure.supxlabel({"zh": "最短长度（字）", "en": "minimum length (characters)"}[lang], fontsize=8)
        figure.supylabel({"zh": "占正文的百分比", "en": "per cent of the text"}[lang], fontsize=8)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            title={"zh": "最低一致率", "en": "minimum identity"}[lang],
            loc="outside upper center",
            ncols=min(len(labels), 8) or 1,
        )
        kept = table.merge(peaks[["target", "source"]], on=["target", "source"])
        order = ["target", "source", "min_identity", "min_length", "share"]
        return finish(figure, kept[order].sort_values(order), "sensitivity: share of the target's text")


def swaps_once(substitutions, plans, least=2):
    """The swaps made `least` times or more, each pair of plans one way round: rows of the table, most often first.

    The plan that stands first in the register is the source. Insertions and deletions are no swaps.
    """
    table = substitutions[(substitutions["source_text"] != "") & (substitutions["target_text"] != "")]
    rank = {plan: place for place, plan in enumerate(plans["plan"])}
    onward = [rank[source] < rank[target] for source, target in zip(table["source"], table["target"], strict=True)]
    table = table[np.array(onward, dtype=bool) & (table["count"] >= least).to_numpy(dtype=bool)]
    order = ["count", "target", "source", "source_text", "target_text"]
    return table.sort_values(order, ascending=[False, True, True, True, True])


def plot_substitutions(substitutions, plans, top=20, least=2, lang="zh", width="double"):
    """The swaps made most often between two plans' versions of the same passage, as bars of how often.

    `substitutions` is the table of that name; swaps made `least` times or more are drawn, the `top` of them. Each
    pair of plans is shown one way round, from the plan that stands first in the register. Read a bar as "where the
    first says the left wording, the second says the right"; it does not say which of the two was first written. The
    bar's look tells the pair of plans.
    """
    table = swaps_once(substitutions, plans, least).head(top)
    names, size = plan_names(plans, lang), WIDTHS.get(width, width)
    pairs = list(dict.fromkeys(zip(table["source"], table["target"], strict=True)))
    looks = source_looks(pairs)
    room = 24 if size > 100 else 14
    labels = [_swap(row.source_text, row.target_text, room) for row in table.itertuples()]
    lines = [label.count("\n") + 1 for label in labels]
    tops = np.cumsum([0.0, *(3.2 * count + 2.0 for count in lines)])
    places = (tops[:-1] + tops[1:]) / 2
    short = {plan: wrap_name(name, 16 if size > 100 else 11, 1) for plan, name in names.items()}
    told = [f"{short[source]} ↔ {short[target]}" for source, target in pairs[:6]]
    told += [{"zh": "其他", "en": "others"}[lang]] if len(pairs) > 6 else []
    columns = key_columns(told, size / 2.75) if told else 1
    with style():
        figure = new_figure("substitutions", lang, width, max(tops[-1], 10) + 16 + 4.2 * -(-len(told) // columns))
        axes = figure.subplots()
        counts = table["count"].astype(int).tolist()
        for place, count, row in zip(places, counts, table.itertuples(), strict=True):
            axes.barh(place, count, height=3.4, **fill(looks[row.source, row.target], 0.4))
            axes.annotate(
                str(count), (count, place), (2, 0), textcoords="offset points", va="center", fontsize=7.5, color=INK
            )
        axes.set_yticks(places, labels)
        axes.set_ylim(max(tops[-1], 1), 0)
        axes.set_xlim(0, max(counts, default=1) * 1.1)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel({"zh": "次数", "en": "times"}[lang])
        entries = [(name, looks[pair]) for name, pair in zip(told, pairs, strict=False)]
        if not entries:
            nothing = {"zh": f"没有出现{least}次以上的替换", "en": f"no swap was made {least} times or more"}[lang]
            axes.text(0.5, 0.5, nothing, transform=axes.transAxes, ha="center", va="center")
            axes.set(ylim=(1, 0), xticks=[])
        key(figure, entries, loc="outside upper center", ncols=columns)
        kept = table[["source", "target", "source_text", "target_text", "count", "kind"]]
        return finish(figure, kept, "substitutions: swaps between versions of the same passage")


def _swap(before, after, room):
    """A swap as a label: on one line where it fits, else either side on a line of its own."""
    line = f"{before} ↔ {after}"
    return line if ems(line) <= room else f"{wrap_name(before, room, 1)}\n↔ {wrap_name(after, room - 1.2, 1)}"
