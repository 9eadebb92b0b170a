"""Indicators: traps worked by hand, the hand-coded tables, and what must hold on any text."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped_corpus

import libplans
from libplans import tables
from libplans.indicators.documents import setting
from libplans.indicators.extract import extract_indicators, indicators_in
from libplans.indicators.harmonised import base_measure, comparable, measures
from libplans.indicators.quantification import quantified, trace
from libplans.indicators.quantities import quantities
from libplans.indicators.table_rows import Header, is_header, read_header
from libplans.indicators.units import base_unit, units

HERE = Path(__file__).parent
PLAN = setting("某省图书馆“十四五”发展规划", "三、主要任务")
REVIEW = setting("某省图书馆“十四五”发展规划", "一、“十三五”回顾")
KEYS = ("value_low", "value_high", "bound", "unit")


def _stated(text):
    return [(text[item.start : item.end], item.low, item.high, item.bound, item.unit) for item in quantities(text)]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("珍贵善本385种、6602册", [("385种", 385, 385, "exact", "种"), ("6602册", 6602, 6602, "exact", "册")]),
        ("总播放量 148 479 次", [("148 479 次", 148479, 148479, "exact", "次")]),
        ("图书329万多册", [("329万多册", 3290000, None, "more_than", "册")]),
        ("争取到近 20 万册文献", [("近 20 万册", None, 200000, "about", "册")]),
        ("每年至少开展 1 次以上读书活动", [("1 次以上", 1, None, "at_least", "次")]),
        ("日均接待读者仅3000人次", [("3000人次", 3000, 3000, "exact", "人次")]),
        ("收看人数达30万余人次", [("30万余人次", 300000, None, "more_than", "人次")]),
        ("比平均值少50%左右", [("50%左右", 50, 50, "about", "%")]),
        ("举办展览25—29场", [("25—29场", 25, 29, "range", "场")]),
        ("占比提高至30%—40%", [("30%—40%", 30, 40, "range", "%")]),
        ("馆藏3-5万册", [("3-5万册", 30000, 50000, "range", "册")]),
        ("申报一至两项课题", [("一至两项", 1, 2, "range", "项")]),
        ("只有两所大型公共图书馆", [("两所", 2, 2, "exact", "所")]),
        ("举办活动千余次", [("千余次", 1000, None, "more_than", "次")]),
        (
            "550万的预算额度，购置费少近1000万",
            [("550万", 5500000, 5500000, "exact", "元"), ("近1000万", None, 10000000, "about", "元")],
        ),
        (
            "报纸到馆当天提供阅读；期刊到馆后 2 天内提供",
            [("当天", 0, 0, "exact", "天"), ("2 天内", None, 2, "at_most", "天")],
        ),
        ("排名第27位", [("第27位", 27, 27, "exact", "位")]),
        ("共计900余场/次", [("900余场/次", 900, None, "more_than", "场/次")]),
    ],
)
def test_what_a_reader_underlines(text, stated):
    assert _stated(text) == stated


def test_one_number_for_two_indicators():
    assert _stated("继续保持读者流通人次和书刊外借册次在百万以上") == [
        ("百万以上", 1000000, None, "at_least", "人次"),
        ("百万以上", 1000000, None, "at_least", "册次"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2021年3月，滕图字[2021]13号",
        ("“十四五”时期，第十四个五年规划"),
        "增强“四个意识”，“三中心一基地”建设",
        "应用5G网络和3D打印",
        "扩建24小时自助图书馆",
        ("继续推进“百万图书万里行活动”"),
        "提供二次或三次文献",
        "吉林电视台7频道",
        "多媒体资源库1期、2期工程",
        "制度保障规范等6个方面进行建设",
        ("学习空间、交流空间等五大空间"),
        "一批精品，若干品牌，一系列活动",
        "第六次评估，第三季，第十二届",
        "党的十九届四中、五中全会",
        "以4·23世界读书日为契机",
        ("通识理论、岗位实操和专业交流三部分内容"),
        "运行一套智慧管理系统",
        "打造15分钟阅读圈",
        "荣获奖项17项",
    ],
)
def test_what_counts_nothing(text):
    assert _stated(text) == []


def test_a_yearly_word_governs_what_follows_but_at_least_does_not():
    text = "每年至少4种，提供专题舆情信息20期，撰写至少2篇舆情分析文章。"
    found = indicators_in(text, PLAN)
    assert [(row["raw"], row["bound"], row["frequency"], row["role"]) for row in found] == [
        ("至少4种", "at_least", "annual", "target"),
        ("20期", "exact", "annual", "target"),
        ("至少2篇", "at_least", "annual", "target"),
    ]


def test_an_average_beside_the_librarys_own_figure():
    text = "文献总藏量全国省级馆平均557万册，我馆422万册（2019年数据）。"
    found = indicators_in(text, REVIEW)
    assert [(row["value_low"], row["role"], row["measure"]) for row in found] == [
        (5570000, "comparison", "collection_total"),
        (4220000, "baseline", "collection_total"),
    ]
    assert found[1]["period"] == "2019"


def test_a_gap_is_no_level_and_a_design_figure_no_use():
    gap = indicators_in("新增藏量购置费比全国省级馆平均值少近1000万。", REVIEW)[0]
    assert (gap["role"], gap["measure"]) == ("comparison", "")
    design = indicators_in("设计日接待读者能力仅3000人次。", REVIEW)[0]
    assert (design["measure"], design["frequency"]) == ("visit_capacity_daily", "rate")


def test_the_date_beats_the_heading():
    assert indicators_in("到2025年，服务点达到500个。", REVIEW)[0]["role"] == "target"
    assert indicators_in("截至2020年底，服务点达到300个。", PLAN)[0]["role"] == "baseline"
    both = indicators_in("藏书由2020年的50万册增加到2025年的88万册。", PLAN)
    assert [row["role"] for row in both] == ["baseline", "target"]


def test_the_plans_own_period_decides_what_is_past():
    text = "“十三五”期间，举办讲座500场。"
    earlier = setting("某市图书馆“十三五”规划", "")
    assert indicators_in(text, earlier)[0]["role"] == "target"
    assert indicators_in(text, PLAN._replace(path=""))[0]["role"] == "baseline"


def test_a_table_whose_unit_stands_in_the_first_cell():
    header = read_header("指标名称\t发展目标")
    row = indicators_in("年均远程访问  （亿人次）\t12", PLAN, "table", header)
    assert [(item["raw"], item["value_low"], item["unit"], item["role"], item["measure"]) for item in row] == [
        ("12", 1.2e9, "人次", "target", "online_visits_annual")
    ]
    child = indicators_in("其中：年均为国家立法和决策提供咨询服务（件）\t2000", PLAN, "table", header)
    assert (child[0]["value_low"], child[0]["unit"]) == (2000, "件")


def test_a_table_with_columns_for_years_and_units():
    assert is_header("指标名称\t单位\t2020年\t2025年") and not is_header("年均馆藏文献流通（万册次）\t2000")
    header = read_header("指标名称\t单位\t2020年\t2025年")
    row = indicators_in("年进馆人次\t万人次\t85\t≥120", PLAN, "table", header)
    assert [(item["value_low"], item["value_high"], item["bound"], item["role"], item["period"]) for item in row] == [
        (850000, 850000, "exact", "baseline", "2020"),
        (1200000, None, "at_least", "target", "2025"),
    ]


def _told(text, place=PLAN):
    return [(row["raw"], row["role"], row["frequency"], row["measure"]) for row in indicators_in(text, place)]


def test_every_year_ends_where_a_clause_builds_or_publishes():
    text = "每年举办讲座60场、展览24期，出版丛书3种；引进人才5名。"
    assert [row["frequency"] for row in indicators_in(text, PLAN)] == ["annual", "annual", "cumulative", "cumulative"]


def test_a_yearly_mean_beside_a_total_holds_for_its_own_clause():
    text = "“十三五”期间，共接待读者500万人次，年均外借图书90万册次，举办活动400场。"
    assert [row["frequency"] for row in indicators_in(text, REVIEW)] == ["cumulative", "annual", "cumulative"]


def test_a_figure_a_head_and_a_growth_have_no_key_of_the_whole():
    assert _told("每万人拥有图书馆建筑面积112平方米。")[0][3] == "area_per_10000"
    assert [row[3] for row in _told("总藏书900万册，较上年增加40万册。", REVIEW)] == ["collection_total", ""]
    assert [row[3] for row in _told("总藏书900万册，人均1.2册。")] == ["collection_total", "collection_per_capita"]


def test_a_part_does_not_take_the_key_of_its_whole():
    text = "到馆读者120万人次，少儿读者到馆35万人次。"
    assert [row[3] for row in _told(text, REVIEW)] == ["visits_fyp", ""]


def test_a_part_has_the_role_of_its_whole():
    text = "全县现有从业人员87人，其中图书馆12人。"
    assert [row[1] for row in _told(text)] == ["baseline", "baseline"]


def test_a_penalty_is_one_range_and_nobodys_promise():
    found = indicators_in("处五千元以上二万元以下的罚款。", PLAN)
    assert [(row["raw"], row["value_low"], row["value_high"], row["bound"]) for row in found] == [
        ("五千元以上二万元以下", 5000, 20000, "range")
    ]
    assert (found[0]["role"], found[0]["frequency"], found[0]["measure"]) == ("comparison", "one-off", "")


def test_a_count_of_households_and_a_small_decimal_before_all_china_are_no_names():
    assert _stated("惠及居民4.8万户") == [("4.8万户", 48000, 48000, "exact", "户")]
    assert _stated("藏书仅0.62册，比全国少")[0][0] == "0.62册"
    assert _stated("开展4·23世界读书日、4.23全民阅读活动") == []


def test_a_noun_that_counts_itself_needs_no_unit():
    assert [(row[1], row[4]) for row in _stated("藏书120万，持证读者35620。")] == [(1200000, "册"), (35620, "人")]


def test_the_plan_of_one_year_tells_yearly_figures():
    place = setting("某市图书馆2022年工作总结", "二、2023年工作计划")
    assert _told("力争到馆读者突破200万人次，外借量同比增长10%以上。", place) == [
        ("突破200万人次", "target", "annual", "visits_annual"),
        ("10%以上", "target", "rate", "loans_growth_pct"),
    ]


def test_all_year_takes_the_year_of_the_sentence_before(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text(
        "某馆“十四五”发展规划\n\n一、回顾\n2019年，新馆开放。全年接待读者80万人次。全年365天开放。\n"
        "\n二、基础\n全年举办活动30场。\n",
        encoding="utf-8",
    )
    found = extract_indicators(libplans.read_texts([path]))
    assert [(row.raw, row.period) for row in found.itertuples()][0] == ("80万人次", "2019")
    assert "2019" not in set(found["period"][1:])


def test_a_table_may_say_per_year_in_its_unit():
    header = read_header("指标名称\t2020年现状值\t2025年目标值")
    row = indicators_in("读者活动（场/年）\t180\t300", PLAN, "table", header)
    assert [(item["value_low"], item["unit"], item["measure"]) for item in row] == [
        (180, "场", "activities_annual"),
        (300, "场", "activities_annual"),
    ]


# ---- the hand-coded tables ------------------------------------------------------------


def _number(value):
    return None if value in ("", None) or pd.isna(value) else round(float(value), 4)


def _key(row):
    return tuple(_number(row[name]) if name.startswith("value") else row[name] for name in KEYS)


def _matched(wanted, found):
    """Pairs of coded and found rows with the same values, bound, unit (and place); what is left of either."""
    left, pairs, missed = list(found), [], []
    for row in wanted:
        near = [
            item
            for item in left
            if _key(item) == _key(row) and (not row.get("start") or abs(int(item["start"]) - int(row["start"])) < 40)
        ]
        if near:
            pairs.append((row, near[0]))
            left.remove(near[0])
        else:
            missed.append(row)
    return pairs, left, missed


def _share(pairs, column, only=lambda row: True):
    chosen = [(row, item) for row, item in pairs if only(row)]
    return sum(row[column] == item[column] for row, item in chosen) / len(chosen)


@pytest.fixture(scope="module")
def corpus():
    return shipped_corpus()


@pytest.fixture(scope="module")
def found(corpus):
    return extract_indicators(corpus)


def test_the_five_plans_against_the_table_made_by_reading(corpus, found):
    with open(HERE / "gold" / "indicators.csv", encoding="utf-8") as lines:
        gold = list(csv.DictReader(lines))
    pairs, extra, missed = [], [], []
    for plan in corpus.plan_ids:
        own = found[found["plan"] == plan].to_dict("records")
        result = _matched([row for row in gold if row["plan"] == plan], own)
        for total, part in zip((pairs, extra, missed), result, strict=True):
            total += part
    assert len(pairs) / (len(pairs) + len(missed)) >= 0.95, missed
    assert len(pairs) / (len(pairs) + len(extra)) >= 0.95, extra
    assert _share(pairs, "role") >= 0.97 and _share(pairs, "frequency") >= 0.93
    assert _share(pairs, "measure", lambda row: row["measure"]) >= 0.9


def test_sentences_of_other_plans_and_reports():
    with open(HERE / "gold" / "indicators-heldback.csv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    pairs, extra, missed, header, seen = [], [], [], Header(), set()
    for row in rows:
        if row["text"] in seen:
            continue
        seen.add(row["text"])
        if row["kind"] == "table" and is_header(row["text"]):
            header = read_header(row["text"])
            continue
        got = indicators_in(row["text"], setting(row["title"], row["path"]), row["kind"], header)
        result = _matched([item for item in rows if item["text"] == row["text"] and item["raw"]], got)
        for total, part in zip((pairs, extra, missed), result, strict=True):
            total += part
    assert len(pairs) / (len(pairs) + len(missed)) >= 0.95, missed
    assert len(pairs) / (len(pairs) + len(extra)) >= 0.95, extra
    assert _share(pairs, "role") >= 0.97 and _share(pairs, "frequency") >= 0.93
    assert _share(pairs, "measure", lambda row: row["measure"]) >= 0.9


def test_every_row_leads_back_to_its_characters(corpus, found):
    traced = trace(found, corpus)
    plain = re.compile(r"\s|[⁰¹²³⁴⁵⁶⁷⁸⁹*]")
    for row in traced.itertuples():
        assert row.raw in row.text
        assert plain.sub("", corpus.raw[row.plan][row.start : row.end]) == plain.sub("", row.raw)
    assert list(found.columns) == list(tables.TABLES["indicators"])
    assert not found.duplicated(["plan", "start", "end", "unit"]).any()


# ---- measures ------------------------------------------------------------


def test_the_table_of_measures_is_whole():
    table = measures()
    assert table["measure"].is_unique and (
        table[["zh", "en", "unit", "family", "counts", "not_with", "pattern"]] != ""
    ).all(axis=None)
    known = set(units()) | {base_unit(unit) for unit in units()}
    assert {unit for cell in table["unit"] for unit in cell.split(";")} <= known


def test_time_bases_never_share_a_key():
    yearly = indicators_in("年均外借文献300万册次。", PLAN)[0]["measure"]
    total = indicators_in("“十四五”期间累计外借文献1500万册次。", PLAN)[0]["measure"]
    assert (yearly, total) == ("loans_annual", "loans_fyp") and base_measure(total) == "loans"


def _indicator(plan, measure, **more):
    row = {
        "plan": plan,
        "start": 1,
        "end": 5,
        "section": 1,
        "sentence": 1,
        "raw": "9册",
        "indicator": "馆藏",
        "measure": measure,
        "value_low": 9.0,
        "value_high": 9.0,
        "bound": "exact",
        "unit": "册",
        "role": "target",
        "frequency": "stock",
        "period": "十四五",
        "scope": "library",
    }
    return {**row, **more}


def test_comparable_says_why_a_pair_is_not_like_for_like():
    table = tables.frame(
        "indicators",
        [
            _indicator("a", "collection_total"),
            _indicator("b", "collection_total", scope="province"),
            _indicator("c", "collection_print"),
            _indicator("a", "seats", unit="个"),
            _indicator("a", "", unit="个"),
        ],
    )
    result = comparable(table)
    assert set(result["measure"]) == {"collection_total", "collection_print"}
    caveat = dict(zip(result["plan"], result["caveat"], strict=True))
    assert (
        "scope: library against province" in caveat["a"] and ("not the same measure as collection_total") in caveat["c"]
    )


def test_share_in_figures_counts_targets_by_characters(corpus, found):
    table = quantified(corpus, found)
    assert table["targets"].sum() == (found["role"] == "target").sum()
    row = table[table["plan"] == "liaoning"].iloc[0]
    assert row["targets_per_10000"] == pytest.approx(row["targets"] * 10000 / row["chars"], abs=0.01)


# ---- any text ------------------------------------------------------------

_WORDS = st.lists(
    st.sampled_from(
        "每年 到2025年 不少于 近 约 达到 3 000 27,000 十余 百万 % 册 人次 场 、 ， 。 ； （ ） 《 》 “ 至 — 从 增加到 "
        "平均 全国 我馆 第 位 多 余 以上 左右 \t 一 两 万 亿 . TB 十四五 当天提供 等 个 方面".split(" ")
    ),
    max_size=25,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(_WORDS | st.text(max_size=80), st.sampled_from(["body", "table"]))
def test_any_text_gives_rows_that_make_sense(text, kind):
    for row in indicators_in(text, PLAN, kind):
        assert 0 <= row["start"] < row["end"] <= len(text) and row["raw"] == text[row["start"] : row["end"]]
        low, high = row["value_low"], row["value_high"]
        assert (low is None) == (row["bound"] == "at_most" or (row["bound"] == "about" and low is None))
        assert (high is None) == (row["bound"] in ("at_least", "more_than"))
        assert low is None or high is None or low <= high


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10**6,
        "第" * 10**5,
        "《" * 10**5,
        "“" * 10**5,
        "百分之" * 10**4,
        "全国" * 10**4 + "平均3册",
        " " * 10**5 + "3 册",
    ],
)
def test_a_data_dump_ends(text):
    assert len(indicators_in(text, PLAN)) <= 10**4
