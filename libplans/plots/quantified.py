"""How much of each plan is put in numbers, as a whole and under each theme?"""

import numpy as np
import pandas as pd

from .common import EM, INK, empty_figure, fill, key, key_columns, own_plans, plan_names, wrap, wrap_name
from .grid import draw_grid, grid_plan
from .indicators import ROLE_NAMES
from .style import WIDTHS, finish, new_figure, style
from .themes import theme_names


def plot_quantification(quantified, plans, lang="zh", width="double", by="plan"):
    """Targets beside reported values per 10,000 characters of each plan, with their counts; or by theme.

    `quantified` is the table of `quantified(corpus, indicators, themes)`: plan, theme ("any" is the whole plan),
    targets, baselines, chars. With `by` "theme" a grid of themes × plans shows the targets per 10,000 characters of
    each theme's text, their number in brackets; empty where a plan has no text under the theme. The rate of a theme
    with little text jumps with a single target. A plan with many numbers is not for that a better or a more binding
    plan.
    """
    if by == "theme":
        across = {"zh": "每万字的目标数（括号内为个数）", "en": "targets per 10,000 characters (number)"}[lang]
        told = "quantification: targets per 10,000 characters by theme"
        return theme_grid(
            "quantification", quantified, ("targets_per_10000", "targets"), plans, across, told, lang, width
        )
    table = quantified[quantified["theme"] == "any"].set_index("plan")
    chosen = [plan for plan in own_plans(plans) if plan in table.index]
    if not chosen:
        return empty_figure("quantification", table, lang, width)
    table, names = table.loc[chosen], plan_names(plans, lang)
    size = WIDTHS.get(width, width)
    rows = [wrap_name(names[plan], 11 if size > 100 else 7.5, 3 if len(chosen) <= 8 else 2) for plan in chosen]
    step = max(8.4, 3.2 * max((row.count("\n") + 1 for row in rows), default=1) + 1.2)
    looks = {"target": ("#08306b", "", "#ffffff"), "baseline": ("#c6dbef", "////", "#ffffff")}
    data = []
    with style():
        figure = new_figure("quantification", lang, width, step * len(chosen) + 17)
        axes = figure.subplots()
        for shift, role in ((-0.2, "target"), (0.2, "baseline")):
            counts = table[f"{role}s"].to_numpy(dtype=float)
            rates = (1e4 * counts / np.maximum(table["chars"].to_numpy(dtype=float), 1)).round(2)
            places = np.arange(len(chosen)) + shift
            axes.barh(places, rates, height=0.36, **fill(looks[role], 0.4))
            for place, rate, count in zip(places, rates, counts, strict=True):
                told = f"{rate:.1f}（{count:.0f}）" if lang == "zh" else f"{rate:.1f} ({count:.0f})"
                axes.annotate(
                    told, (rate, place), (2, 0), textcoords="offset points", va="center", fontsize=7.5, color=INK
                )
            data += [
                (plan, role, int(count), float(rate)) for plan, count, rate in zip(chosen, counts, rates, strict=True)
            ]
        data = pd.DataFrame(data, columns=["plan", "role", "count", "per_10000"])
        axes.set_yticks(range(len(chosen)), rows)
        axes.set_ylim(len(chosen) - 0.5, -0.5)
        axes.set_xlim(0, max(float(data["per_10000"].max()), 1.0) * (1.2 if size > 100 else 1.35))
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(
            {"zh": "每万字的数量指标（括号内为个数）", "en": "quantities per 10,000 characters (count)"}[lang]
        )
        told = [(ROLE_NAMES[lang][role], look) for role, look in looks.items()]
        key(figure, told, loc="outside upper center", ncols=key_columns([label for label, _ in told], size / EM))
        return finish(figure, data, "quantification: quantities per 10,000 characters")


def theme_grid(name, table, columns, plans, across, told, lang, width):
    """A grid of themes × plans from a table with plan, theme, a value and the number behind it (`columns`)."""
    value, number = columns
    rows = table[(table["theme"] != "any") & table["plan"].isin(own_plans(plans))]
    chosen = [plan for plan in own_plans(plans) if plan in set(rows["plan"])]
    found, known = set(rows["theme"]), theme_names()
    themes = [theme for theme in known if theme in found] + sorted(found - set(known))
    if not themes:
        return empty_figure(name, rows, lang, width)
    names = plan_names(plans, lang)
    size = WIDTHS["double"] if len(chosen) > 10 else WIDTHS.get(width, width)
    labels = [known.get(theme, {}).get(lang, theme) for theme in themes]
    fit = grid_plan(labels, [names[plan] for plan in chosen], size, 13 if size > 100 else 9, 9)
    values, counts = (
        rows.pivot(index="theme", columns="plan", values=column).reindex(index=themes, columns=chosen).to_numpy(float)
        for column in columns
    )
    bare = "{:.0f}" if fit["pitch"] < 14 else ("{:.1f}（{:.0f}）" if lang == "zh" else "{:.1f} ({:.0f})")
    texts = [
        [
            "" if np.isnan(cell) else bare.format(cell, count) if cell else "0"
            for cell, count in zip(line, behind, strict=True)
        ]
        for line, behind in zip(values, counts, strict=True)
    ]
    with style():
        figure = new_figure(name, lang, size, fit["height"])
        axes = figure.subplots()
        draw_grid(axes, values, fit, texts)
        axes.set(xlabel=wrap(across, fit["ems_across"], 2), ylabel="")
        data = rows[["plan", "theme", value, number]].sort_values(["plan", "theme"]).reset_index(drop=True)
        return finish(figure, data, told)
