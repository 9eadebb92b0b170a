"""Indicators: what real reports and bulletins put otherwise than plans, names, reach, and the charts by theme."""

import pandas as pd
import pytest
from shipped import shipped_corpus

import libplans
from libplans.indicators.documents import setting
from libplans.indicators.extract import extract_indicators, indicators_in
from libplans.indicators.harmonised import comparable
from libplans.indicators.numerals import plain
from libplans.indicators.quantification import quantified
from libplans.indicators.quantities import quantities
from libplans.plots.commitment import plot_commitment
from libplans.plots.quantified import plot_quantification

PLAN = setting("某省图书馆“十四五”发展规划", "三、主要任务")
REPORT = setting("某市图书馆2022年工作总结", "二、主要工作")
BULLETIN = setting("某省2022年文化事业统计公报", "")


def _stated(text):
    return [(text[item.start : item.end], item.low, item.high, item.bound, item.unit) for item in quantities(text)]


def _told(text, place):
    return [(row["raw"], row["role"], row["frequency"], row["measure"]) for row in indicators_in(text, place)]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "总流通人次90135万,增长9.9%",
            [("90135万", 901350000, 901350000, "exact", "人次"), ("9.9%", 9.9, 9.9, "exact", "%")],
        ),
        (
            "访问量为7,826,935次,日均24,288次",
            [("7,826,935次", 7826935, 7826935, "exact", "次"), ("24,288次", 24288, 24288, "exact", "次")],
        ),
        ("订阅报纸、期刊共460(种)", [("460(种)", 460, 460, "exact", "种")]),
        (
            "馆舍3.03万平方米(总馆2.38万+少儿馆0.65万)",
            [
                ("3.03万平方米", 30300, 30300, "exact", "平方米"),
                ("2.38万", 23800, 23800, "exact", "平方米"),
                ("0.65万", 6500, 6500, "exact", "平方米"),
            ],
        ),
        ("分别增加了18、28、20倍", [(w, v, v, "exact", "倍") for w, v in (("18", 18), ("28", 28), ("20倍", 20))]),
        ("新增存款4万多亿元", [("4万多亿元", 4e12, None, "more_than", "元")]),
        (
            "旅游人次由8300万增加到1亿3千多万。",
            [("8300万", 83000000, 83000000, "exact", "人次"), ("1亿3千多万", 130000000, None, "more_than", "人次")],
        ),
        ("解决6434万农村人口饮水安全问题", [("6434万", 64340000, 64340000, "exact", "人")]),
        ("比重提高1.0个百分点", [("1.0个百分点", 1, 1, "exact", "个百分点")]),
        ("每月举办一场图书漂流活动", [("一场", 1, 1, "exact", "场")]),
        ("全年开展不下100场活动", [("不下100场", 100, None, "at_least", "场")]),
        (
            "馆藏4500万册³，座位20个①",
            [("4500万册", 45000000, 45000000, "exact", "册"), ("20个", 20, 20, "exact", "个")],
        ),
        ("读者接待人次突破百万大关", [("突破百万", 1000000, None, "more_than", "人次")]),
    ],
)
def test_what_real_texts_put_otherwise(text, stated):
    assert _stated(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "提请十三届全国人大常委会审议",
        "城乡二元结构等基本国情",
        "采用2.0版本系统",
        "建设城市24小时阅读服务空间",
        "甲图书馆、乙图书馆两家市级馆",
        "共同突破百万大关",
    ],
)
def test_what_real_texts_name_and_do_not_count(text):
    assert _stated(text) == []


def test_narrow_punctuation_is_read_as_wide_but_not_inside_numbers_and_words():
    text = "馆藏7,826,935册,其中(电子)5万册;9:00开馆,用Nature,Springer。二〇二五年"
    assert plain(text) == "馆藏7,826,935册，其中（电子）5万册；9:00开馆，用Nature,Springer。2025年"
    assert len(plain(text)) == len(text) and plain(plain(text)) == plain(text)


def test_a_figure_broken_by_a_page_is_one_sentence_and_a_table_goes_on(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text(
        "某省图书馆“十四五”发展规划\n\n一、发展目标\n到2025年，每年接待到馆读者不少于\n\n12\n\n30万人次。\n\n"
        "指标名称\t发展目标\n馆藏文献总量（万册件）\t4500\n\n13\n\n数字资源总量（TB）\t2700\n",
        encoding="utf-8",
    )
    found = extract_indicators(libplans.read_texts([path]))
    assert [(row.raw, row.value_low, row.measure) for row in found.itertuples()] == [
        ("不少于30万人次", 300000, "visits_annual"),
        ("4500", 45000000, "collection_total"),
        ("2700", 2700, "digital_resources_tb"),
    ]


def test_what_is_there_in_a_year_is_a_stock_and_what_is_added_is_not():
    text = "2022年末,全省共有公共图书馆206家,比上年末增加3家。"
    assert _told(text, BULLETIN) == [("206家", "baseline", "stock", "libraries"), ("3家", "baseline", "annual", "")]
    text = "2022年,总馆和15个镇街分馆共举办活动423场次。"
    assert _told(text, REPORT) == [
        ("15个", "baseline", "stock", "branches"),
        ("423场次", "baseline", "annual", "activities_annual"),
    ]


def test_a_date_that_is_compared_with_governs_nothing():
    text = "图书总藏量111781万册,比上年末增长7.3%;阅览室座席119.07万个,比上年末增长6.6%。"
    assert [row[2:] for row in _told(text, BULLETIN)] == [
        ("stock", "collection_total"),
        ("rate", "collection_total_growth_pct"),
        ("stock", "seats"),
        ("rate", "seats_growth_pct"),
    ]


def test_the_day_of_a_news_report_dates_nothing_it_tells():
    text = "4月21日,记者从省图书馆获悉,2022年新增馆藏26万册。"
    assert _told(text, BULLETIN) == [("26万册", "baseline", "annual", "acquisitions_annual")]


def test_museums_and_culture_houses_have_no_key_of_a_library():
    text = "年末全省群众文化机构从业人员1900人,开展文化活动2.4万场次。"
    assert [row[3] for row in _told(text, BULLETIN)] == ["", ""]
    assert _told("图书馆与博物馆联合举办展览12场。", REPORT)[0][3] == "exhibitions_annual"


def test_a_government_work_report_looks_back_and_forward():
    place = setting("2022年政府工作报告", "")
    assert _told("国内生产总值达到114万亿元,增长8.1%。", place)[0][1] == "baseline"
    text = "今年发展主要预期目标是:生产总值增长5.5%左右;城镇调查失业率全年控制在5.5%以内;粮食产量保持在1.3万亿斤以上。"
    assert {row[1] for row in _told(text, place)} == {"target"}


def test_a_yearbook_over_years_reports(tmp_path):
    place = setting("2015—2020年事业统计年鉴", "")
    assert place.document == "report" and place.report == 2020
    assert _told("2019年，图书馆13个。", place)[0][1] == "baseline"


def test_others_abroad_are_a_comparison_with_the_key_of_what_is_compared():
    text = "在人均图书馆面积方面,我国仅为0.33平方米,而美国为1.7平方米。"
    assert [row[1:] for row in _told(text, BULLETIN)] == [
        ("baseline", "stock", "area_per_capita"),
        ("comparison", "stock", "area_per_capita"),
    ]


def test_norms_and_statistics_of_many_are_a_comparison():
    text = "《办学条件指标》中明确规定:生均图书100册,生均年进书量4册。"
    assert {row[1] for row in _told(text, PLAN)} == {"comparison"}
    assert _told("经费的中位值约为289万元。", BULLETIN)[0][1] == "comparison"


def test_a_list_of_opening_hours_goes_on_from_body_to_body():
    text = "省图书馆每周开放时间不少于70小时,市(州)不少于63小时。"
    assert [row[3] for row in _told(text, PLAN)] == ["opening_hours_weekly"] * 2


def test_outlets_counted_together_are_no_branches_and_capacity_is_no_collection():
    assert _told("共有图书馆（分馆）、服务点和自助图书馆694个。", BULLETIN)[0][3] == "outlets"
    assert _told("新馆设计总藏书量800万册。", REPORT)[0][3] == "collection_capacity"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("共建设了60个流动分馆、64个数字分馆", ["流动分馆", "数字分馆"]),
        ("文献总藏量全国省级馆平均557万册，我馆422万册", ["文献总藏量", "文献总藏量"]),
        ("馆舍面积在全国省级馆排名第27位", ["馆舍面积排名"]),
        ("数字资源采购比例逐步提高至30%—40%", ["数字资源采购比例"]),
        ("召开了10余次不同层次人员参加的座谈会", ["座谈会"]),
        ("1877平方米的藏书库不堪重负", ["藏书库"]),
        ("图书到馆后，10个工作日内提供阅读", ["图书到馆后"]),
        ("开展讲座、展览等各类读者活动，共计900余场", ["读者活动"]),
    ],
)
def test_a_name_is_the_plans_noun_phrase(text, names):
    assert [row["indicator"] for row in indicators_in(text, PLAN)] == names


def test_childrens_shows_are_not_like_for_like_with_all(tmp_path):
    (tmp_path / "甲.txt").write_text(
        "甲省图书馆“十四五”发展规划\n\n一、回顾\n关注未成年人阅读，2020年举办展览3次。\n", encoding="utf-8"
    )
    (tmp_path / "乙.txt").write_text(
        "乙省图书馆“十四五”发展规划\n\n一、回顾\n2020年举办展览50次；带动全省公共图书馆，2020年举办展览80次。\n",
        encoding="utf-8",
    )
    corpus = libplans.read_texts([tmp_path])
    table = comparable(extract_indicators(corpus), corpus)
    assert set(table["measure"]) == {"exhibitions_annual"}
    caveats = dict(zip(table["raw"], table["caveat"], strict=True))
    assert "covers: children against all" in caveats["3次"] and "covers: all against children" in caveats["50次"]
    assert not comparable(extract_indicators(corpus))["caveat"].str.contains("covers").any()


def test_the_charts_by_theme_say_what_the_tables_say():
    corpus = shipped_corpus()
    found = extract_indicators(corpus)
    sections = corpus.sections[["plan", "section"]].assign(theme="reading")
    table = quantified(corpus, found, sections)
    data = plot_quantification(table, corpus.plans, by="theme").data
    whole = table[table["theme"] == "any"].set_index("plan")["targets"]
    assert dict(zip(data["plan"], data["targets"], strict=True)) == whole.to_dict()
    summary = pd.DataFrame({"plan": ["national"], "theme": ["reading"], "binding_pct": [25.0], "sentences": [4]})
    assert plot_commitment(summary, corpus.plans, by="theme").data["binding_pct"].tolist() == [25.0]
