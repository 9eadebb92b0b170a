"""How much of each plan is put in numbers?"""

import numpy as np
import pandas as pd

from .plots_common import EM, INK, empty_figure, fill, key, key_columns, own_plans, plan_names, wrap_name
from .plots_indicators import ROLE_NAMES
from .style import WIDTHS, finish, new_figure, style


def plot_quantification(quantified, plans, lang="zh", width="double"):
    """Targets beside reported values per 10,000 characters of each plan, with their counts.

    `quantified` is the table of `quantified(corpus, indicators)`: plan, theme ("any" is the whole plan), targets,
    baselines, chars. A plan with many numbers is not for that a better or a more binding plan.
    """
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
