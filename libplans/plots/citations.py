"""Which policy documents do the plans cite, which do they share, and of which level are they?"""

import numpy as np

from .common import EM, INK, empty_figure, ems, fill, key, key_columns, own_plans, plan_names, wrap_name
from .grid import column_labels
from .style import WIDTHS, finish, new_figure, style

LEVELS = {
    "zh": {
        "national": "国家",
        "province": "省级",
        "city": "市级",
        "county": "县级",
        "international": "国际",
        "": "其他",
    },
    "en": {
        "national": "national",
        "province": "provincial",
        "city": "municipal",
        "county": "county",
        "international": "international",
        "": "other",
    },
}


def cited_together(citations, plans, least=2, kinds=None):
    """How often each plan cites each document that `least` plans or more cite: document, issuer_level, plan, count.

    `kinds` keeps some kinds of documents (values of the `kind` column). Sorted by the number of plans, then of
    citations.
    """
    ours = own_plans(plans)
    rows = citations[(citations["document"] != "") & citations["plan"].isin(ours)]
    if kinds is not None:
        rows = rows[rows["kind"].isin(list(kinds))]
    counts = rows.groupby(["document", "plan"]).size().rename("count").reset_index()
    level = rows.sort_values(["document", "issuer_level"]).groupby("document")["issuer_level"].last()
    counts["issuer_level"] = counts["document"].map(level)
    counts["plans"] = counts.groupby("document")["plan"].transform("nunique")
    counts["total"] = counts.groupby("document")["count"].transform("sum")
    counts = counts[counts["plans"] >= least]
    counts = counts.sort_values(["plans", "total", "document", "plan"], ascending=[False, False, True, True])
    return counts[["document", "issuer_level", "plan", "count", "plans", "total"]].reset_index(drop=True)


def plot_citations(citations, plans, least=2, top=30, kinds=None, lang="zh", width="double"):
    """A dot for each plan that cites a document, as large as the number of its citations.

    `citations` is the table of that name; documents are those that `least` plans or more cite, the `top` of them
    (20 at most in one column). Titles
    stay as the plans cite them, in Chinese. A citation is a mention by name: it says neither agreement nor use.
    """
    counts = cited_together(citations, plans, least, kinds)
    size = WIDTHS["double"] if len(own_plans(plans)) > 10 else WIDTHS.get(width, width)
    documents = list(dict.fromkeys(counts["document"]))[: top if size > 100 else min(top, 20)]
    counts = counts[counts["document"].isin(documents)]
    chosen = own_plans(plans)
    names = plan_names(plans, lang)
    room = 24 if size > 100 and len(chosen) <= 12 else (16 if size > 100 else 11)
    level = counts.drop_duplicates("document").set_index("document")["issuer_level"]
    told = LEVELS[lang]
    rows = [
        wrap_name(f"《{name}》（{told.get(level[name], level[name])}）", room, 2 if size > 100 else 3)
        for name in documents
    ]
    widest = max((ems(line) for row in rows for line in row.split("\n")), default=4)
    pitch = (size - widest * EM - 8) / max(len(chosen), 1)
    columns, turn = column_labels([names[plan] for plan in chosen], pitch)
    head = max(ems(line) for label in columns for line in label.split("\n")) * EM if turn else 13
    step = max(5.2, 3.2 * max((row.count("\n") + 1 for row in rows), default=1) + 1.2)
    with style():
        figure = new_figure("citations", lang, size, step * max(len(rows), 2) + head + 6)
        axes = figure.subplots()
        axes.grid(True, color="#dddddd")
        ys = [documents.index(name) for name in counts["document"]]
        xs = [chosen.index(plan) for plan in counts["plan"]]
        area = np.minimum(30 + 28 * (counts["count"].to_numpy(dtype=float) - 1), min(200.0, (min(pitch, 5) * 2.5) ** 2))
        axes.scatter(xs, ys, s=area, color="#3278b5", edgecolor="white", linewidth=0.5, zorder=3)
        for x, y, count in zip(xs, ys, counts["count"], strict=True):
            if count > 1:
                axes.text(x, y, str(int(count)), ha="center", va="center", color="white", fontsize=7.5, zorder=4)
        axes.set_xticks(range(len(chosen)), columns, rotation=turn)
        axes.set_yticks(range(len(rows)), rows)
        axes.set(xlim=(-0.5, len(chosen) - 0.5), ylim=(max(len(rows), 2) - 0.4, -0.6))
        axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
        for side in axes.spines.values():
            side.set_visible(False)
        if not documents:
            axes.text(
                0.5,
                0.5,
                {"zh": "没有两份以上规划共同引用的文件", "en": "no document is cited by two plans"}[lang],
                transform=axes.transAxes,
                ha="center",
                va="center",
                color=INK,
            )
        data = counts[["document", "issuer_level", "plan", "count"]]
        return finish(figure, data, f"citations: documents cited by {least} plans or more")


#: looks of the levels, dark for the nation and lighter for what is nearer, told apart in grey by their hatches
LEVEL_LOOKS = {
    "national": ("#08306b", "", "#ffffff"),
    "province": ("#4a98c9", "////", "#ffffff"),
    "city": ("#c6dbef", "....", "#5f8fb8"),
    "county": ("#fdb863", "xxxx", "#ffffff"),
    "institution": ("#efefef", "", "#ffffff"),
    "international": ("#12684a", "\\\\\\\\", "#ffffff"),
    "": ("#ffffff", "||||", "#999999"),
}
_INSTITUTION = {"zh": "图书馆", "en": "libraries"}


def plot_cited_levels(citations, plans, lang="zh", width="double"):
    """Which level of government each plan leans on: a bar per plan, different documents cited by level of the issuer.

    `citations` holds the policy documents cited (plan, document, issuer_level). A document counts once for a plan,
    however often it is cited. Levels are those of the issuer, "other" where it is not known.
    """
    from matplotlib.ticker import MaxNLocator

    ours = own_plans(plans)
    rows = citations[citations["plan"].isin(ours) & (citations["document"] != "")]
    if rows.empty:
        return empty_figure("cited_levels", rows, lang, width)
    level = rows["issuer_level"].where(rows["issuer_level"].isin(list(LEVEL_LOOKS)), "")
    counts = rows.assign(issuer_level=level).groupby(["plan", "issuer_level"])["document"].nunique()
    table = counts.unstack(fill_value=0).reindex(index=ours, fill_value=0)
    levels = [name for name in LEVEL_LOOKS if name in table.columns]
    names, size = plan_names(plans, lang), WIDTHS.get(width, width)
    labels = [wrap_name(names[plan], 11 if size > 100 else 7.5, 3 if len(ours) <= 8 else 2) for plan in ours]
    step = max(6.4, 3.2 * max(label.count("\n") + 1 for label in labels) + 1.2)
    told = [({**LEVELS[lang], "institution": _INSTITUTION[lang]}[name], LEVEL_LOOKS[name]) for name in levels]
    across = key_columns([name for name, _ in told], size / EM)
    with style():
        figure = new_figure("cited_levels", lang, size, step * len(ours) + 14 + 4.6 * -(-len(told) // across))
        axes, left = figure.subplots(), np.zeros(len(ours))
        for name in levels:
            values = table[name].to_numpy(dtype=float)
            axes.barh(range(len(ours)), values, left=left, height=0.66, **fill(LEVEL_LOOKS[name], 0.4))
            left = left + values
        for place, total in enumerate(left):
            axes.annotate(
                f"{total:.0f}", (total, place), (2, 0), textcoords="offset points", va="center", fontsize=7.5, color=INK
            )
        axes.set_yticks(range(len(ours)), labels)
        axes.set(xlim=(0, max(float(left.max()), 1.0) * 1.12), ylim=(len(ours) - 0.5, -0.5))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel({"zh": "引用的文件数（同一文件计一次）", "en": "documents cited (each counted once)"}[lang])
        key(figure, told, loc="outside upper center", ncols=across)
        data = table[levels].reset_index().melt("plan", var_name="issuer_level", value_name="documents")
        return finish(figure, data, "cited_levels: policy documents cited, by level of the issuer")
