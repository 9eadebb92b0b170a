"""What do the pictures say? The data they carry, worked by hand; and that nothing on them is cut off or overlaps."""

import re
from pathlib import Path

import figure_tables
import numpy as np
import pandas as pd
import pytest
from figure_checks import faults, overlap, shown_texts
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped_corpus

from libplans import tables
from libplans.errors import PlanError
from libplans.plots.catalogue import CATALOGUE, DERIVED, _read_catalogue, draw, draw_figures
from libplans.plots.change import plot_sensitivity, plot_substitutions
from libplans.plots.citations import cited_together, plot_citations, plot_cited_levels
from libplans.plots.common import INK, ems, percent, plan_names, wrap, wrap_name
from libplans.plots.corpus import plot_corpus
from libplans.plots.cowords import plot_cowords
from libplans.plots.gallery import write_gallery
from libplans.plots.grid import ink_on
from libplans.plots.indicators import amount, indicator_values, panel_caveat, plot_indicators
from libplans.plots.quantified import plot_quantification
from libplans.plots.reuse import plot_reuse_matrix, plot_reuse_network, reuse_graph
from libplans.plots.sources import chapters, character_parts, plot_reuse_sources, plot_reuse_strips
from libplans.plots.style import save_figure
from libplans.plots.themes import plot_clusters, plot_keyness, plot_theme_emphasis

ROOT = Path(__file__).resolve().parent.parent
PLANS = tables.frame(
    "plans",
    [
        {
            "plan": "nlc",
            "issuer": "国家图书馆",
            "issuer_en": "National Library of China",
            "region": "全国",
            "level": "national",
            "role": "plan",
            "chars": 1000,
        },
        {
            "plan": "jl",
            "issuer": "吉林省图书馆",
            "issuer_en": "Jilin Library",
            "region": "吉林",
            "region_en": "Jilin",
            "level": "province",
            "role": "plan",
            "chars": 500,
        },
        {
            "plan": "law",
            "issuer": "全国人大",
            "issuer_en": "NPC",
            "level": "national",
            "role": "reference",
            "chars": 300,
        },
    ],
)


def words_on(figure):
    return [words for words, _ in shown_texts(figure)]


class ToyStream:
    def __init__(self, text, headings):
        self.offsets = np.arange(len(text), dtype=np.int64)
        self.body = np.array([not any(start <= place < end for start, end in headings) for place in range(len(text))])


class ToyCorpus:
    """Two plans whose raw text is their stream; the first four characters of each are a heading."""

    plans = PLANS

    def __init__(self, texts, sections=()):
        self.streams = {plan: ToyStream(text, [(0, 4)]) for plan, text in texts.items()}
        self.sections = tables.frame("sections", sections)

    def stream(self, plan):
        return self.streams[plan]


def passage(target, start, end, source, kind="verbatim"):
    return {"target": target, "target_start": start, "target_end": end, "source": source, "kind": kind}


# ---------------------------------------------------------------- words that fit


def test_a_line_breaks_between_words_and_han_characters_and_never_before_a_comma():
    assert wrap("黑龙江省图书馆", 4) == "黑龙江省\n图书馆"
    assert wrap("国家，图书馆", 3) == "国家，\n图书馆"
    assert wrap("读者活动［对数］", 6) == "读者活动\n［对数］"
    assert wrap("National Library of China", 9) == "National Library\nof China"  # 8.2 ems; with " of" it would be 9.6


def test_what_does_not_fit_is_cut_with_an_ellipsis_and_a_name_keeps_its_end():
    assert wrap("一二三四五六七八九十", 4, lines=2) == "一二三四\n五六七…"
    assert wrap_name("一二三四五六七八九十", 4, lines=2) == "一二三四\n…八九十"


@given(st.text(alphabet="图书馆，。 abc（）", max_size=40), st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_wrapping_loses_nothing_and_keeps_to_the_width(text, width):
    lines = wrap(text, width, lines=99).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(ems(line) <= width or len(line) == 1 or line[1:].strip("，。）") == "" for line in lines)


def test_a_plan_is_called_by_its_region_a_national_one_by_its_issuer_and_a_nameless_one_by_its_id():
    assert plan_names(PLANS, "zh") == {"nlc": "国家图书馆", "jl": "吉林", "law": "全国人大"}
    assert plan_names(PLANS, "en")["nlc"] == "National Library of China"
    assert plan_names(tables.frame("plans", [{"plan": "a"}, {"plan": "b"}]), "en") == {"a": "a", "b": "b"}


def test_plans_of_one_region_are_told_apart():
    twins = tables.frame(
        "plans", [{"plan": "a", "region": "吉林", "issuer": "甲馆"}, {"plan": "b", "region": "吉林", "issuer": "甲馆"}]
    )
    assert plan_names(twins, "zh") == {"a": "甲馆 a", "b": "甲馆 b"}


def test_shares_are_rounded_for_the_eye_and_never_to_a_false_nought():
    assert [percent(value) for value in (0, 0.0001, 0.034, 0.0996, 0.355)] == ["0", "<0.1", "3.4", "10", "36"]


# ---------------------------------------------------------------- reuse


REUSE = tables.frame(
    "reuse",
    [
        {"target": "jl", "source": "nlc", "kind": "verbatim", "chars": 150, "share": 0.30},
        {"target": "jl", "source": "nlc", "kind": "adapted", "chars": 25, "share": 0.05},
        {"target": "jl", "source": "nlc", "kind": "formula", "chars": 50, "share": 0.10},
        {"target": "jl", "source": "law", "kind": "verbatim", "chars": 10, "share": 0.02},
        {"target": "jl", "source": "any", "kind": "verbatim", "chars": 155, "share": 0.31},
        {"target": "jl", "source": "", "kind": "own", "chars": 280, "share": 0.56},
        {"target": "nlc", "source": "jl", "kind": "verbatim", "chars": 150, "share": 0.15},
    ],
)


def test_the_matrix_says_verbatim_and_adapted_without_formulae_and_leaves_the_diagonal_blank():
    figure = plot_reuse_matrix(REUSE, PLANS)
    shares = figure.data.set_index(["target", "source"])["share"]
    assert shares["jl", "nlc"] == 0.35 and shares["jl", "law"] == 0.02 and shares["jl", "any"] == 0.31
    assert ("jl", "jl") not in shares.index and "law" not in set(figure.data["target"])
    assert {"35", "2.0", "31", "15"} <= set(words_on(figure))
    assert "jl | nlc | 0.35" in figure.digest


def test_the_matrix_can_be_asked_for_one_kind():
    shares = plot_reuse_matrix(REUSE, PLANS, kinds=("formula",), lang="en").data.set_index(["target", "source"])[
        "share"
    ]
    assert shares["jl", "nlc"] == 0.10


def test_an_arrow_goes_from_the_plan_whose_text_is_shared_and_small_shares_have_none():
    assert list(reuse_graph(REUSE, PLANS, min_share=0.2).edges(data="share")) == [("jl", "nlc", 0.35)]
    figure = plot_reuse_network(REUSE, PLANS, min_share=0.2)
    assert (
        figure.data.values.tolist() == [["jl", "nlc", 0.35]]
        and "35" in words_on(figure)
        and "15" not in words_on(figure)
    )
    assert sum(type(patch).__name__ == "FancyArrowPatch" for patch in figure.axes[0].patches) == 1


def test_each_character_has_one_part_and_headings_have_none():
    corpus = ToyCorpus({"jl": "标题标题" + "甲" * 10, "nlc": "标题标题乙"})
    passages = tables.frame(
        "passages",
        [
            passage("jl", 2, 7, "nlc"),  # three body characters; two of the heading do not count
            passage("jl", 6, 8, "law", "adapted"),  # one of them also in the law, one in the law alone
            passage("jl", 7, 10, "nlc", "formula"),  # a formula only where no source claims the text
        ],
    )
    assert character_parts(corpus, passages, "jl").tolist() == (
        ["nlc", "nlc", "several", "law", "formula", "formula", "own", "own", "own", "own"]
    )


def test_stacked_shares_say_each_part_and_leave_empty_ones_out():
    rows = [("jl", "nlc", 5, 0.5), ("jl", "own", 5, 0.5), ("jl", "several", 0, 0.0), ("nlc", "own", 1, 1.0)]
    figure = plot_reuse_sources(pd.DataFrame(rows, columns=["target", "part", "chars", "share"]), PLANS, lang="en")
    assert "also in National Library of China" in words_on(figure) and "in two or more" not in words_on(figure)
    assert figure.data.values.tolist() == [["nlc", "own", 1, 1.0], ["jl", "nlc", 5, 0.5], ["jl", "own", 5, 0.5]]
    ends = [(bar.get_x(), bar.get_width()) for bar in figure.axes[0].patches if bar.get_width() == 0.5]
    assert ends == [(0.0, 0.5), (0.5, 0.5)]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20),
            st.integers(0, 12),
            st.sampled_from(["nlc", "law"]),
            st.sampled_from(["verbatim", "adapted", "formula"]),
        ),
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_parts_agree_with_a_count_character_by_character(spans):
    corpus = ToyCorpus({"jl": "标题标题" + "甲" * 20, "nlc": "标题标题乙"})
    rows = [passage("jl", start, start + length, source, kind) for start, length, source, kind in spans]
    found = character_parts(corpus, tables.frame("passages", rows), "jl")
    for place in range(4, 24):
        over = [row for row in rows if row["target_start"] <= place < row["target_end"]]
        sources = {row["source"] for row in over if row["kind"] != "formula"}
        expected = "several" if len(sources) > 1 else next(iter(sources), "formula" if over else "own")
        assert found[place - 4] == expected


SECTIONS = [
    {"plan": "jl", "section": 1, "parent": 0, "depth": 0, "title": "规划", "start": 0, "end": 104},
    {"plan": "jl", "section": 2, "parent": 1, "depth": 1, "number": "一、", "title": "背景", "start": 4, "end": 24},
    {"plan": "jl", "section": 3, "parent": 1, "depth": 1, "number": "二、", "title": "任务", "start": 24, "end": 104},
    {"plan": "jl", "section": 4, "parent": 3, "depth": 2, "number": "（一）", "title": "阅读", "start": 30, "end": 60},
    {"plan": "jl", "section": 5, "parent": 3, "depth": 2, "number": "（二）", "title": "智慧", "start": 60, "end": 104},
]


def test_a_chapter_that_holds_most_of_the_plan_is_opened_up():
    table = tables.frame("sections", SECTIONS)
    assert chapters(table, "jl", largest=0.5)["section"].tolist() == [2, 4, 5]
    assert chapters(table, "jl", largest=0.9)["section"].tolist() == [2, 3]


def test_a_strip_shows_where_the_shared_text_stands_with_the_chapters_below():
    corpus = ToyCorpus({"jl": "标题标题" + "甲" * 100, "nlc": "标题标题" + "乙" * 60}, SECTIONS)
    figure = plot_reuse_strips(corpus, tables.frame("passages", [passage("jl", 54, 74, "nlc")]))
    assert figure.data[figure.data["plan"] == "jl"].values.tolist() == [
        ["jl", "own", 0, 50],
        ["jl", "nlc", 50, 70],
        ["jl", "own", 70, 100],
    ]
    assert {"一、 背景", "（一） 阅读", "（二） 智慧"} <= set(words_on(figure)) and faults(figure) == []


def test_sensitivity_draws_a_line_for_each_identity():
    sweep = pd.DataFrame(
        [
            {"target": "jl", "source": "nlc", "min_length": length, "min_identity": level, "share": share}
            for length, level, share in ((10, 0.6, 0.4), (20, 0.6, 0.3), (10, 0.9, 0.2), (20, 0.9, 0.2))
        ]
    )
    panel = plot_sensitivity(sweep, PLANS, lang="en").axes[0]
    assert [line.get_xydata().tolist() for line in panel.lines] == [[[10, 40], [20, 30]], [[10, 20], [20, 20]]]


def swap(target, source, before, after, count):
    return {"target": target, "source": source, "source_text": before, "target_text": after, "count": count}


def test_swaps_stand_in_order_of_their_count_each_pair_of_plans_once():
    rows = [
        swap("jl", "nlc", "国家", "全省", 2),
        swap("jl", "nlc", "国图", "省图", 9),
        swap("jl", "nlc", "删去", "", 50),
        swap("nlc", "jl", "省图", "国图", 9),
        swap("jl", "nlc", "一", "二", 1),
    ]
    figure = plot_substitutions(tables.frame("substitutions", rows), PLANS)
    assert figure.data["count"].tolist() == [9, 2] and "国图 ↔ 省图" in words_on(figure)
    assert set(figure.data["source"]) == {"nlc"}
    assert "no swap was made 2 times or more" in words_on(
        plot_substitutions(tables.frame("substitutions", []), PLANS, lang="en")
    )


# ---------------------------------------------------------------- corpus, themes, citations


def test_the_corpus_picture_counts_sections_by_depth_without_the_title():
    sections = tables.frame(
        "sections", [{"plan": "jl", "section": n, "depth": depth} for n, depth in enumerate((0, 1, 1, 2, 4, 6))]
    )
    data = plot_corpus(PLANS, sections).data.set_index("plan")
    assert data.loc["jl"].tolist() == [500, 2, 1, 0, 2] and "law" not in data.index


def test_numbers_in_a_grid_contrast_with_their_cell():
    emphasis = pd.DataFrame([("nlc", "party", 0.9), ("jl", "party", 0.05)], columns=["plan", "theme", "share"])
    colours = {text.get_text(): text.get_color() for text in plot_theme_emphasis(emphasis, PLANS).axes[0].texts}
    assert colours == {"90": "white", "5.0": INK}
    assert ink_on("#7fb0d8") == INK and ink_on("#3278b5") == "white"


def test_themes_stand_in_codebook_order_and_in_either_language():
    emphasis = pd.DataFrame(
        [("nlc", "smart", 0.4), ("nlc", "party", 0.6), ("jl", "smart", 1.0), ("jl", "tourism", 0.0)],
        columns=["plan", "theme", "share"],
    )
    figure = plot_theme_emphasis(emphasis, PLANS, lang="en")
    labels = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
    assert labels == ["Party building", "Smart library"]
    assert figure.data.values.tolist() == [
        ["jl", "party", 0.0],
        ["jl", "smart", 1.0],
        ["nlc", "party", 0.6],
        ["nlc", "smart", 0.4],
    ]


def test_clusters_are_shares_of_each_plans_text():
    sections = tables.frame("sections", [{"plan": "jl", "section": n, "body_start": 0, "body_end": n} for n in (1, 3)])
    themes = tables.frame("themes", [{"plan": "jl", "section": n, "cluster": n} for n in (1, 3)])
    data = plot_clusters(themes, sections, PLANS, {1: ["阅读", "推广"]}).data
    assert data[data["plan"] == "jl"].values.tolist() == [["jl", 1, 0.25], ["jl", 3, 0.75]]


def test_a_key_word_of_one_section_only_has_a_hollow_dot():
    table = pd.DataFrame(
        [("jl", "龙江", 5.0, 9, 4), ("jl", "孤例", 7.0, 9, 1), ("jl", "少用", -3.0, 9, 4), ("nlc", "国图", 1.0, 1, 2)],
        columns=["plan", "word", "z", "count", "sections"],
    )
    figure = plot_keyness(table, PLANS, only=["jl"])
    dots = figure.axes[0].collections[-1]
    assert figure.data["word"].tolist() == ["孤例", "龙江"] and dots.get_facecolors()[0].tolist() == [1, 1, 1, 1]
    assert dots.get_facecolors()[1].tolist() != [1, 1, 1, 1]


def test_the_coword_ring_keeps_the_most_frequent_terms_and_their_strongest_lines():
    graph = figure_tables.coword_graph(10)
    figure = plot_cowords(graph, top=4, strongest=2, lang="en")
    assert figure.data.values.tolist() == [
        ["公共文化服务体系8", "公共文化服务体系9", 9.0],
        ["公共文化服务体系7", "公共文化服务体系8", 8.0],
    ]
    shown = [words for words in words_on(figure) if words.startswith("公共")]
    assert shown == [f"公共文化服务体系{place}" for place in (8, 9, 6, 7)]  # by community 1 (8), 2 (9), 3 (6), 4 (7)


def test_documents_are_those_that_two_plans_cite():
    rows = [("nlc", "法"), ("nlc", "法"), ("jl", "法"), ("jl", "独有"), ("law", "独有"), ("jl", "")]
    table = tables.frame(
        "citations", [{"plan": plan, "document": name, "issuer_level": "national"} for plan, name in rows]
    )
    assert cited_together(table, PLANS)[["document", "plan", "count"]].values.tolist() == [
        ["法", "jl", 1],
        ["法", "nlc", 2],
    ]
    assert "《法》（国家）" in words_on(plot_citations(table, PLANS))


def test_a_document_counts_once_for_a_plan_under_the_level_of_its_issuer():
    """The nation's library cites 法 twice and a provincial plan once: two documents; 吉林 one of no known level."""
    rows = [("nlc", "法", "national"), ("nlc", "法", "national"), ("nlc", "省规划", "province"), ("jl", "纲要", "")]
    columns = ("plan", "document", "issuer_level")
    table = tables.frame("citations", [dict(zip(columns, row, strict=True)) for row in rows])
    figure = plot_cited_levels(table, PLANS)
    counts = figure.data.set_index(["plan", "issuer_level"])["documents"]
    assert counts["nlc", "national"] == 1 and counts["nlc", "province"] == 1 and counts["jl", ""] == 1
    assert counts.sum() == 3 and {"国家", "省级", "其他"} <= set(words_on(figure)) and "2" in words_on(figure)


def test_no_shared_document_is_said_in_words():
    assert "no document is cited by two plans" in words_on(
        plot_citations(tables.frame("citations", []), PLANS, lang="en")
    )


# ---------------------------------------------------------------- indicators


def quantity(plan, measure, role, low, high, bound="exact", **more):
    return {
        "plan": plan,
        "measure": measure,
        "role": role,
        "value_low": low,
        "value_high": high,
        "bound": bound,
        "unit": "册",
        "start": 1,
        "sentence": 1,
        **more,
    }


NUMBERS = tables.frame(
    "indicators",
    [
        quantity("nlc", "collection_total", "baseline", 40_000_000, 40_000_000),
        quantity("nlc", "collection_total", "target", 45_000_000, None, "at_least"),
        quantity("jl", "collection_total", "target", 500_000, 600_000, "range"),
        quantity("jl", "collection_total", "target", 500_000, 600_000, "range"),
        quantity("jl", "collection_total", "comparison", 9, 9),
        quantity("jl", "staff", "target", 100, 100),
    ],
)


def test_only_measures_that_two_plans_share_are_drawn_and_each_value_once():
    values = indicator_values(NUMBERS, PLANS)
    assert values[["plan", "role", "value_low", "bound"]].values.tolist() == [
        ["nlc", "baseline", 40_000_000, "exact"],
        ["nlc", "target", 45_000_000, "at_least"],
        ["jl", "target", 500_000, "range"],
    ]
    assert indicator_values(NUMBERS, PLANS, measures=["staff"])["measure"].tolist() == ["staff"]


def test_an_open_bound_is_an_arrow_a_range_a_bar_and_far_values_get_a_log_scale():
    figure = plot_indicators(NUMBERS, PLANS, lang="en")
    axes = figure.axes[0]
    assert axes.get_xscale() == "log" and any("[log]" in words for words in words_on(figure))
    (arrow,) = [text for text in axes.texts if getattr(text, "arrow_patch", None) is not None]
    assert arrow.xyann[0] == 45_000_000 and arrow.xy[0] > 45_000_000
    assert [500_000, 600_000] in [
        line.get_xdata().tolist() if hasattr(line.get_xdata(), "tolist") else list(line.get_xdata())
        for line in axes.lines
    ]


def test_reasons_against_comparing_are_said_once_in_either_language():
    cells = ["scope: library against national; open bound: at_least", "scope: library against national", ""]
    assert panel_caveat(cells, "en") == "not like for like: scope: library against national"
    assert panel_caveat(cells, "zh") == "口径提示：统计范围不同：本馆对全国"
    assert panel_caveat(["open bound: at_most", ""], "zh") == ""


def test_every_reason_of_the_measures_has_its_chinese():
    import csv

    with open(ROOT / "libplans" / "data" / "measures.csv", encoding="utf-8", newline="") as file:
        cautions = {row["caution"] for row in csv.DictReader(file)} - {""}
    assert [caution for caution in sorted(cautions) if panel_caveat([caution], "zh") == f"口径提示：{caution}"] == []


def test_quantification_is_told_per_ten_thousand_characters():
    table = pd.DataFrame(
        [("nlc", "any", 3, 1, 500), ("nlc", "smart", 3, 0, 50), ("jl", "any", 0, 2, 1000)],
        columns=["plan", "theme", "targets", "baselines", "chars"],
    )
    figure = plot_quantification(table, PLANS, lang="en")
    assert figure.data.values.tolist() == [
        ["nlc", "target", 3, 60.0],
        ["jl", "target", 0, 0.0],
        ["nlc", "baseline", 1, 20.0],
        ["jl", "baseline", 2, 20.0],
    ]
    assert "60.0 (3)" in words_on(figure)


def test_numbers_on_an_axis_are_said_as_each_language_counts():
    assert [amount(value, "zh") for value in (900, 25_000, 3e8)] == ["900", "2.5万", "3亿"]
    assert [amount(value, "en") for value in (900, 25_000, 3e8)] == ["900", "25k", "300M"]


# ---------------------------------------------------------------- fit to print


def test_the_check_for_overlap_sees_turned_boxes():
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]])
    turned = np.array([[9, 5], [16, 12], [9, 19], [2, 12]])
    assert overlap(square, square + 5) and not overlap(square, square + 11) and overlap(square, turned)
    assert not overlap(square, turned + [6, 6])


@pytest.mark.parametrize(
    ("count", "lang", "width"), [(2, "zh", "single"), (5, "en", "single"), (30, "en", "double"), (12, "zh", "double")]
)
def test_nothing_is_cut_off_and_nothing_overlaps_with_few_or_many_plans_and_long_names(count, lang, width):
    given_tables = figure_tables.all_tables(count)
    for name, entry in CATALOGUE.items():
        if name in given_tables:
            named = dict(zip(entry.takes, given_tables[name], strict=True))
            figure = draw(name, None, named, lang, width)
            assert faults(figure) == [], f"{name}, {count} plans, {lang}, {width}"
            assert figure.get_figheight() * 25.4 < 297, f"{name} is higher than a page"


@pytest.mark.parametrize(
    ("count", "lang", "width"),
    [
        (5, "zh", "single"),
        (8, "en", "single"),
        (8, "zh", "double"),
        (9, "zh", "double"),
        (16, "en", "double"),
        (30, "zh", "double"),
    ],
)
def test_no_name_lies_on_a_node_of_the_network(count, lang, width):
    figure = plot_reuse_network(*figure_tables.all_tables(count)["reuse_network"], lang=lang, width=width)
    (axes,) = figure.axes
    places = np.vstack([line.get_xydata() for line in axes.lines])
    nodes = axes.transData.transform(places)
    clear = (4.5 / 72 + 1 / 25.4) * figure.dpi  # half a marker and a millimetre
    assert faults(figure) == [] and len(nodes) == count
    for words, box in shown_texts(figure):
        assert min(np.hypot(*(nodes - nearest(box, nodes)).T)) > clear, words


def nearest(box, points):
    """The point of a turned box that lies nearest to each of `points`."""
    corner, across, up = box[0], box[1] - box[0], box[3] - box[0]
    along = np.clip((points - corner) @ across / (across @ across), 0, 1)
    high = np.clip((points - corner) @ up / (up @ up), 0, 1)
    return corner + along[:, None] * across + high[:, None] * up


@pytest.mark.parametrize("name", sorted(figure_tables.all_tables(2)))
def test_a_figure_without_anything_to_show_is_still_drawn(name):
    given_tables = [
        table.iloc[:0] if isinstance(table, pd.DataFrame) and "issuer" not in table else table
        for table in figure_tables.all_tables(2)[name]
    ]
    figure = draw(name, None, dict(zip(CATALOGUE[name].takes, given_tables, strict=True)), "en")
    assert faults(figure) == [] and figure.image().startswith(b"\x89PNG")


def test_strips_of_thirty_plans_fit_a_page():
    register = figure_tables.plans(30)
    corpus = ToyCorpus(
        {plan: "标题标题" + "甲" * 400 for plan in register["plan"]},
        [{**row, "plan": plan} for plan in register["plan"] for row in SECTIONS],
    )
    corpus.plans = register
    rows = [passage(plan, 40, 90, "plan0") for plan in register["plan"][1:]]
    figure = plot_reuse_strips(corpus, tables.frame("passages", rows), lang="en")
    assert faults(figure) == [] and figure.get_figheight() * 25.4 < 297


# ---------------------------------------------------------------- the catalogue


def test_every_entry_of_the_catalogue_can_be_called_and_says_itself_in_both_languages():
    import inspect
    from importlib import import_module

    for name, entry in CATALOGUE.items():
        module, function = entry.plot.rsplit(".", 1)
        plot = getattr(import_module(f"libplans.{module}"), function)
        needed = [p for p in inspect.signature(plot).parameters.values() if p.default is p.empty]
        assert len(needed) <= len(entry.takes) and {"lang", "width"} <= set(inspect.signature(plot).parameters), name
        assert set(entry.takes) <= {"corpus", *tables.TABLES, *DERIVED}, name
        assert entry.zh.endswith("。") and entry.en.endswith("."), name
        assert any("\u4e00" <= character <= "\u9fff" for character in entry.zh)
        assert not any("\u4e00" <= character <= "\u9fff" for character in entry.en)


def test_a_catalogue_line_with_a_bare_comma_is_told_with_its_place(tmp_path):
    whole = (ROOT / "libplans" / "data" / "figures.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "figures.csv").write_text("\n".join([*whole[:2], "a,b,c,d,e,f, and more"]), encoding="utf-8")
    with pytest.raises(PlanError, match="figures.csv: line 3: not 6 cells; quote a cell with a comma"):
        _read_catalogue(tmp_path / "figures.csv")


def test_a_figure_or_table_that_is_not_there_is_said_in_one_line():
    with pytest.raises(PlanError, match="no figure is called 'matrix'; known are corpus, reuse_matrix"):
        draw("matrix", None, {})
    with pytest.raises(PlanError, match="the table reuse is missing"):
        draw("reuse_matrix", object(), {})


def test_draw_figures_writes_each_figure_in_both_languages_and_leaves_the_tables_as_they_are(tmp_path):
    given_tables = {"reuse": REUSE, "plans": PLANS}
    said = []
    paths = draw_figures(object(), given_tables, tmp_path, progress=said.append, only=["reuse_matrix"], dpi=72)
    assert said == ["reuse_matrix"] and list(given_tables) == ["reuse", "plans"]
    endings = ("pdf", "svg", "png", "json")
    expected = [f"reuse_matrix_{lang}.{end}" for lang in ("zh", "en") for end in endings]
    assert [path.name for path in paths] == [*expected, "index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)


def test_the_gallery_shows_each_figure_in_both_languages_and_no_caption_can_break_it(tmp_path):
    draw_figures(object(), {"reuse": REUSE, "plans": PLANS}, tmp_path, only=["reuse_matrix"], dpi=72)
    own = plot_reuse_matrix(REUSE, PLANS)
    own.name = ""
    save_figure(own, "mine", tmp_path, "svg", about={"caption": {"zh": '<script>alert(1)</script>"&'}})
    page = write_gallery(tmp_path).read_text(encoding="utf-8")
    assert (
        page.index('src="reuse_matrix_zh.png"') < page.index('src="reuse_matrix_en.png"') < page.index('src="mine.svg"')
    )
    assert CATALOGUE["reuse_matrix"].zh in page and "<script>" not in page and "http" not in page
    assert all((tmp_path / name).exists() for name in re.findall(r'(?:src|href)="([^#"]+)"', page))


def test_the_strips_of_the_five_plans_count_as_the_split_does():
    from libplans.reuse import find_reuse, split_reuse

    corpus = shipped_corpus()
    passages = find_reuse(corpus)
    split = split_reuse(corpus, passages)
    expected = {(row.target, row.part): row.chars for row in split.itertuples() if row.chars}
    found = {}
    for row in plot_reuse_strips(corpus, passages).data.itertuples():
        found[row.plan, row.part] = found.get((row.plan, row.part), 0) + row.to_char - row.from_char
    assert found == expected and len(found) > 10
