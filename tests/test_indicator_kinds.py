"""Indicators: what sort of document speaks, whose figure it is, and how long a page of figures may take.

The sentences are invented after traps met in reports, news, requests and culture plans.
"""

import pandas as pd
import pytest

import libplans
from libplans.indicators.documents import setting
from libplans.indicators.extract import extract_indicators, indicators_in
from libplans.indicators.numerals import plain
from libplans.indicators.quantities import quantities

PLAN = setting("某省图书馆“十四五”发展规划", "三、主要任务")
NEWS = setting("甲县全域推进书香建设", "")


def _told(text, place):
    return [(row["raw"], row["role"], row["frequency"], row["measure"]) for row in indicators_in(text, place)]


def _roles(text, place):
    return [row[1] for row in _told(text, place)]


@pytest.mark.parametrize(
    ("title", "document", "report"),
    [
        ("某县图书馆工作汇报及下步打算", "report", 0),
        ("“十三五”文化发展成就", "report", 2020),
        ("关于读者意见建议的答复函", "report", 0),
        ("关于加强阅读推广的意见", "plan", 0),
        ("关于新建图书馆的请示", "plan", 0),
        ("2023年全省公共图书馆藏书过亿", "", 2023),
    ],
)
def test_the_title_says_what_sort_of_document_speaks(title, document, report):
    place = setting(title)
    assert (place.document, place.report) == (document, report)


def test_a_text_of_no_kind_reports_the_year_in_its_title_and_the_years_before():
    place = setting("2023年全省公共图书馆藏书过亿")
    text = "2023年全省有公共图书馆96个，比2022年（94个）增长2.1%。"
    assert _told(text, place) == [
        ("96个", "baseline", "stock", "libraries"),
        ("94个", "baseline", "stock", "libraries"),
        ("2.1%", "baseline", "rate", "libraries_growth_pct"),
    ]
    assert _roles("到2025年公共图书馆达到120个。", place) == ["target"]


def test_in_a_review_of_a_period_its_own_years_are_reached():
    assert _roles("2019年文献总藏量达到410万册。", setting("“十三五”文化发展成就")) == ["baseline"]
    assert _roles("2025年文献总藏量达到410万册。", PLAN) == ["target"]


def test_in_a_report_a_heading_of_tasks_opens_no_targets_but_one_of_plans_does():
    done = setting("某区图书馆工作汇报及下步打算", "一、明确职责任务")
    ahead = setting("某区图书馆工作汇报及下步打算", "二、下步打算")
    assert _roles("举办讲座24场。", done) == ["baseline"]
    assert _roles("举办讲座24场。", ahead) == ["target"]
    assert _roles("举办讲座24场。", setting("某区图书馆发展规划", "一、明确职责任务")) == ["target"]


def test_news_of_a_plan_tells_its_aims():
    assert (
        _roles("根据《乙市阅读促进方案》，到2028年，全市城市书房达到60座，居民综合阅读率达92%。", NEWS)
        == ["target"] * 2
    )
    assert _roles("截至2019年底，全市城市书房达到60座。", NEWS) == ["baseline"]
    assert _roles("到2028年，将普查藏书机构300家，修复古籍4万页。", NEWS) == ["target"] * 2
    assert setting("到2028年全市城市书房达60座").report == 0


def test_a_building_that_is_not_there_yet_has_targets():
    text = "新馆设计藏书量为120万册，阅览座位1500个，预计2027年建成开放。"
    assert _roles(text, NEWS) == ["target"] * 2
    assert _roles("新馆规划总用地面积约合33亩，总建筑面积近3万平方米。", NEWS) == ["target"] * 2
    assert _roles("新馆2011年建成开放，藏书量为120万册，阅览座位1500个。", NEWS) == ["baseline"] * 2


def test_others_growth_beside_ones_own_is_a_comparison():
    text = "全省图书馆经费年均增长6.2%，高于同期全国4.1%的年均增速。"
    assert _roles(text, setting("某省2022年文化事业统计公报")) == ["baseline", "comparison"]


def test_a_table_of_other_universities_is_a_comparison_with_the_key_of_its_column(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text(
        "甲学院图书馆“十四五”发展规划\n\n一、发展基础\n本馆现有馆舍1.2万平方米。\n\n"
        "学校\t馆舍面积(平方米)\n乙师范大学\t4.1万\n丙工业学院\t2万余\n",
        encoding="utf-8",
    )
    found = extract_indicators(libplans.read_texts([path]))
    assert found[["value_low", "bound", "role", "measure"]].values.tolist() == [
        [12000, "exact", "baseline", "building_area"],
        [41000, "exact", "comparison", "building_area"],
        [20000, "more_than", "comparison", "building_area"],
    ]


def test_what_was_done_stands_beside_what_was_aimed_at(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text(
        "甲市2025年发展要点\n\n一、主要目标\n外借量目标5%，实际1.5%。\n\n"
        "指标\t2025年目标\t2025年实际\n到馆人次增速\t6%左右\t-2.5%\n",
        encoding="utf-8",
    )
    found = extract_indicators(libplans.read_texts([path]))
    assert found[["value_low", "role"]].values.tolist() == [
        [5, "target"],
        [1.5, "baseline"],
        [6, "target"],
        [-2.5, "baseline"],
    ]


def test_a_gloss_in_brackets_names_nothing_counted():
    text = "总流通人次（指到馆借阅和参加各类活动的读者）612万人次。"
    assert _told(text, setting("某市2022年文化统计公报"))[0][3] == "visits_annual"


def test_money_spent_on_one_thing_is_a_total_and_a_grant_is_yearly():
    place = setting("某区文化发展“十三五”规划", "一、“十二五”发展成效")
    assert _told("投入36万元改造少儿阅览室。", place)[0][2] == "cumulative"
    assert _told("财政拨款36万元。", place)[0][2] == "annual"


def test_a_span_of_years_makes_totals_and_within_the_year_a_yearly_figure():
    place = setting("某市图书馆事业发展规划（2021—2025年）", "三、主要任务")
    text = "2021年至2023年共投入260万元，建设城市书房30个。"
    assert [row[2:] for row in _told(text, place)] == [("cumulative", ""), ("cumulative", "city_study_rooms_fyp")]
    assert [row[2:] for row in _told("年内新增城市书房2个。", place)] == [("annual", "city_study_rooms_annual")]


def test_readers_who_did_something_are_no_stock_of_readers():
    place = setting("某馆2022年阅读报告")
    assert _told("2022年有38万名读者借书。", place) == [("38万名", "baseline", "annual", "borrowers_annual")]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("新增企业 2.6 万家，办证3000张", [(26000, 26000, "exact", "家"), (3000, 3000, "exact", "张")]),
        ("年平均气温16-18℃，气候温和", [(16, 18, "range", "℃")]),
        ("访问量超过了2亿人次", [(200000000, None, "more_than", "人次")]),
        ("占地约合58.3亩", [(58.3, 58.3, "about", "亩")]),
        ("借阅第一名的读者借书310册，第二名是中学生", [(310, 310, "exact", "册")]),
    ],
)
def test_spaces_degrees_bounds_with_le_and_persons_in_a_ranking(text, stated):
    assert [(item.low, item.high, item.bound, item.unit) for item in quantities(text)] == stated


def test_a_page_of_one_figure_over_and_over_gives_every_figure_at_its_place():
    text = "藏书3册、" * 3000
    found = indicators_in(text, PLAN)
    assert [row["start"] for row in found] == list(range(2, len(text), 5))
    assert all(text[row["start"] : row["end"]] == row["raw"] == "3册" for row in found)
    assert len({id(row) for row in found}) == len(found)


def test_many_plans_give_what_each_gives_by_itself(tmp_path):
    for name, figure in (("a", 12), ("b", 34), ("c", 56)):
        (tmp_path / f"{name}.txt").write_text(
            f"{name}馆“十四五”发展规划\n\n一、发展目标\n到2025年，文献总藏量达到{figure}万册。\n", encoding="utf-8"
        )
    files = sorted(tmp_path.glob("*.txt"))
    together = extract_indicators(libplans.read_texts(files))
    alone = pd.concat([extract_indicators(libplans.read_texts([file])) for file in files], ignore_index=True)
    assert together["value_low"].tolist() == [120000, 340000, 560000]
    assert together.drop(columns="plan").equals(alone.drop(columns="plan"))


@pytest.mark.parametrize(
    "text",
    [
        "新馆建设共需资金8000万元，还需购置图书12万册。",
        "市文旅局确定了今年新建书房6处、改造书屋9处的目标。",
        "列入今年民生实事项目的有公益讲座300场、阅读活动500场。",
        "年底将覆盖全县85%的行政村，其中山区可建成书屋40家。",
        "市图书馆每周开放时间不少于64小时，县图书馆不少于56小时。",
    ],
)
def test_what_is_asked_for_set_as_an_aim_or_prescribed_is_a_target(text):
    assert _roles(text, setting("某市公共阅读服务", "")) == ["target", "target"]


def test_a_norm_that_was_kept_in_the_time_reviewed_is_reached():
    assert _roles("每周开放时间不少于56小时。", setting("某县图书馆“十四五”规划", "一、“十三五”回顾")) == ["baseline"]


def test_statistics_of_many_and_a_list_of_others_by_rank_are_comparisons():
    place = setting("2022年高校图书馆经费统计分析", "")
    text = "经费均值为530.5万元（2021年为512.2万元），中位值为310.1万元（2021年为298.4万元）。"
    assert _roles(text, place) == ["comparison"] * 4
    told = _told("排在前3位的图书馆是：甲大学图书馆，9000万元；乙大学图书馆，7500万元。", place)
    assert [row[:2] for row in told] == [("9000万元", "comparison"), ("7500万元", "comparison")]


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("新馆地上五层、地下2层，二层为少儿区。", ["五层", "2层"]),
        ("县乡村构成三层服务网络。", []),
        ("已建成12个分馆和一个24小时自助图书馆。", ["12个", "一个"]),
        ("已建立两个总馆、15个分馆。", ["两个", "15个"]),
        ("我市阅读指数全国第三。", ["第三"]),
        ("三项共计获得123分。", ["123分"]),
    ],
)
def test_storeys_ranks_scores_and_one_beside_others_are_counted(text, raws):
    assert [text[q.start : q.end] for q in quantities(text)] == raws


def test_what_stands_in_brackets_makes_nothing():
    text = "2023年，全省免费开放（包括：采购、自建、试用）的数据库达220个、电子图书共计80万册。"
    assert [row[2] for row in _told(text, setting("2023年全省阅读报告", ""))] == ["stock", "stock"]


def _tables(tmp_path, name, text):
    path = tmp_path / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return libplans.read_texts([path])


def _rows_of(corpus, *columns):
    return list(extract_indicators(corpus)[list(columns)].itertuples(index=False, name=None))


def test_a_table_with_bars_between_its_cells_only_is_one_and_its_bars_are_accounted_for(tmp_path):
    corpus = _tables(
        tmp_path,
        "甲",
        "某市图书馆评估自查报告\n\n主要指标如下。\n\n指标 | 标准值（最高档） | 我馆数值 | 自评得分\n"
        "年文献外借量（万册次） | 50 | 58.37 | 30\n每万人参加读者活动人次 | 600 | 718 | 20\n",
    )
    told = [
        (row.raw, row.value_low, row.unit, row.role)
        for row in extract_indicators(corpus).itertuples()
        if row.raw not in ("30", "20")
    ]
    assert told == [
        ("50", 500000, "册次", "comparison"),
        ("58.37", 583700, "册次", "baseline"),
        ("600", 600, "人次", "comparison"),
        ("718", 718, "人次", "baseline"),
    ]
    assert (corpus.cleaning["rule"] == "table_mark").sum() == 9
    one_line = _tables(tmp_path, "乙", "某市图书馆通知\n\n首页 | 公告 | 正文\n\n2023年举办讲座12场。\n")
    assert not (one_line.cleaning["rule"] == "table_mark").any()


def test_the_head_of_a_table_set_with_spaces_says_its_units_and_a_cell_may_hold_two_values(tmp_path):
    corpus = _tables(
        tmp_path,
        "甲",
        "某省图书馆2022年年报\n\n各类活动如下。\n\n活动类型  2021年场次  2022年场次  2022年参与人次（万）\n"
        "讲座  142  118  186.2\n展览  56  63  94.8\n培训  204  177  12.3\n",
    )
    told = _rows_of(corpus, "raw", "value_low", "unit")
    assert told[:3] == [("142", 142, "场次"), ("118", 118, "场次"), ("186.2", 1862000, "人次")] and len(told) == 9
    corpus = _tables(
        tmp_path,
        "乙",
        "某县总分馆制建设实施方案\n\n标准如下（括号内为下限）：\n\n项　　　目          一类分馆           二类分馆\n"
        "使用面积（平方米）      ≥150（120）      ≥80（60）\n阅览座位（个）          ≥30            ≥16\n"
        "藏书（册）              4000           2500\n",
    )
    told = _rows_of(corpus, "raw", "value_low", "bound")
    assert told[:4] == [("≥150", 150, "at_least"), ("120", 120, "exact"), ("≥80", 80, "at_least"), ("60", 60, "exact")]
    assert len(told) == 8


@pytest.mark.parametrize(
    ("text", "role", "frequency"),
    [
        ("五年吸纳社会资金300万元。", "target", "cumulative"),
        ("答复读者平均用时1.5个工作日。", "target", "deadline"),
        ("教参覆盖率由目前的61%提高到85%。", "target", "rate"),
    ],
)
def test_spans_at_the_head_of_a_clause_times_taken_and_what_is_grown_to(text, role, frequency):
    *_, (_, found_role, found_frequency, _) = _told(text, PLAN)
    assert (found_role, found_frequency) == (role, frequency)


def test_what_others_have_set_and_how_far_one_is_from_it_are_comparisons():
    place = setting("某市图书馆评估自查报告")
    assert _roles("每周开放80.5小时，超出标准16.5小时。", place) == ["baseline", "comparison"]
    assert _roles("每万人建筑面积60.2平方米，离标准值90平方米还有较大差距。", place) == ["baseline", "comparison"]
    assert _roles("财政拨款：标准800万元以上，实际1146.5万元。", place) == ["comparison", "baseline"]
    assert _roles("占比达到百分之八十五，骨干占两成。", PLAN) == ["target", "target"]


def test_one_share_for_two_rates_is_two_rows_each_with_its_name_and_key():
    told = indicators_in("读者满意率和咨询按时答复率均保持在96%以上。", PLAN)
    assert [(row["raw"], row["value_low"], row["indicator"], row["measure"]) for row in told] == [
        ("96%以上", 96, "读者满意率", "satisfaction_pct"),
        ("96%以上", 96, "咨询按时答复率", ""),
    ]


def test_columns_set_with_spaces_are_a_table_with_units_in_a_column_or_in_its_head(tmp_path):
    corpus = _tables(
        tmp_path,
        "甲",
        "某县图书馆“十四五”发展规划\n\n主要指标如下。\n\n序号  指标  单位  2020年  2025年  属性\n"
        "1   馆藏纸质图书总量        万册     28.6    45     约束性\n2   年读者活动              场次       145    300    预期性\n"
        "3   读者满意率              %        91      ≥95    预期性\n",
    )
    told = _rows_of(corpus, "raw", "value_low", "unit", "role")
    assert told == [
        ("28.6", 286000, "册", "baseline"),
        ("45", 450000, "册", "target"),
        ("145", 145, "场次", "baseline"),
        ("300", 300, "场次", "target"),
        ("91", 91, "%", "baseline"),
        ("≥95", 95, "%", "target"),
    ]
    corpus = _tables(
        tmp_path,
        "乙",
        "某市图书馆2022年度报告\n\n全年数据如下。\n\n指标（单位） 2022年 2021年 增减（%）\n总藏量（万册件） 402.7 381.4 5.6\n"
        "新增藏量（万册件） 21.3 22.5 -5.3\n活动场次（场） 2864 2510 14.1\n",
    )
    told = _rows_of(corpus, "raw", "value_low", "unit")
    assert told[:6] == [
        ("402.7", 4027000, "册件"),
        ("381.4", 3814000, "册件"),
        ("5.6", 5.6, "%"),
        ("21.3", 213000, "册件"),
        ("22.5", 225000, "册件"),
        ("-5.3", -5.3, "%"),
    ]


def test_what_is_to_be_mended_is_a_task_and_what_falls_short_is_not():
    norm = "城市书房单体面积100至300平方米。"
    title = "某市公共图书馆服务体系建设规划（2021—2025年）"
    assert _roles(norm, setting(title, "第三章 重点任务 / 第五节 补齐设施短板")) == ["target"]
    assert _roles("人均藏书仅0.7册。", setting(title, "第一章 形势 / 第二节 主要短板")) == ["baseline"]


def test_cells_that_came_one_a_line_with_a_bar_behind_each_are_a_table(tmp_path):
    cells = "序号 学院 读者人数 生均借阅量（册）/月 1 文学院 1423 0.92 2 理学院 873 1.77 3 工学院 1108 1.15".split(" ")
    text = "2023年10月借阅统计\n\n各学院借阅情况如下。\n\n" + "\n".join(f"{cell} |" for cell in cells) + "\n"
    corpus = _tables(tmp_path, "甲", text)
    told = _rows_of(corpus, "raw", "value_low", "unit")
    assert told[:2] == [("1423", 1423, "人"), ("0.92", 0.92, "册")] and len(told) == 6
    assert (corpus.cleaning["rule"] == "table_mark").sum() == len(cells)


def test_a_table_whose_cells_stand_one_space_apart_is_known_by_its_head(tmp_path):
    corpus = _tables(
        tmp_path,
        "甲",
        "某市图书馆“十四五”发展规划\n\n主要指标见下表。\n\n序号 指标名称 单位 2020年 2025年 属性\n1 文献总藏量 万册 486 620 预期性\n"
        "2 年新增文献\n（不含电子书） 万册 21 25 约束性\n3 年到馆读者 万人次 148 450 预期性\n4 读者满意率 % 93.5 95以上 预期性\n",
    )
    told = _rows_of(corpus, "raw", "value_low", "unit", "role")
    assert told == [
        ("486", 4860000, "册", "baseline"),
        ("620", 6200000, "册", "target"),
        ("21", 210000, "册", "baseline"),
        ("25", 250000, "册", "target"),
        ("148", 1480000, "人次", "baseline"),
        ("450", 4500000, "人次", "target"),
        ("93.5", 93.5, "%", "baseline"),
        ("95以上", 95, "%", "target"),
    ]


def test_the_caption_above_a_table_says_the_unit_of_its_rows(tmp_path):
    corpus = _tables(
        tmp_path,
        "甲",
        "某省2021年公共图书馆统计报告\n\n全省经费情况如下。\n\n表1 经费收入（单位：万元）\n\n项目\t2020年\t2021年\t增减（%）\n财政拨款\t56820\t60145\t5.9\n"
        "其他收入\t1240\t985\t-20.6\n",
    )
    told = _rows_of(corpus, "raw", "value_low", "unit")
    assert told[:3] == [("56820", 568200000, "元"), ("60145", 601450000, "元"), ("5.9", 5.9, "%")] and len(told) == 6


def test_years_in_han_digits_prizes_and_the_only_one():
    assert setting(plain("某县图书馆二〇二二年度工作报告")).report == 2022
    assert [
        row["raw"] for row in indicators_in("评出一等奖5名、二等奖10名，专业毕业的只有一人；人口5830万人为基数。", PLAN)
    ] == [
        "一人",
        "5830万人",
    ]


def test_a_report_dated_in_han_digits_tells_of_a_year(tmp_path):
    corpus = _tables(
        tmp_path, "甲", "某县图书馆二〇二二年度工作报告\n\n一、服务\n\n送书下乡1800册，培训书屋管理员2期。\n"
    )
    assert extract_indicators(corpus)["frequency"].tolist() == ["annual", "annual"]


def test_the_main_work_of_a_report_is_done_unless_its_heading_names_a_later_year():
    title = "某市图书馆2023年年度报告"
    assert _roles("新建城市书房6家。", setting(title, "第三部分 重点工作 / 四、服务体系")) == ["baseline"]
    assert _roles("新建城市书房6家。", setting(title, "第四部分 2024年重点工作")) == ["target"]


@pytest.mark.parametrize(
    ("text", "frequencies"),
    [
        ("2020年末，全馆总藏量138.5万册，较2015年增加51万册。", ["stock", "cumulative"]),
        ("2018年启动总分馆制建设，先后建成乡镇分馆11个。", ["stock"]),
        ("社团累计志愿服务5400小时。", ["cumulative"]),
    ],
)
def test_what_grew_over_years_and_what_was_built_one_after_the_other(text, frequencies):
    place = setting("某市图书馆“十四五”发展规划（2021—2025年）", "一、发展回顾")
    assert [row[2] for row in _told(text, place)] == frequencies


def test_a_weekly_rule_governs_no_figure_of_the_clause_behind_it():
    place = setting("某大学图书馆2023年年度报告")
    assert [row[2] for row in _told("坚持每周业务学习制度，培训馆员118人次。", place)] == ["annual"]
    assert [row[2] for row in _told("每周举办讲座2场，培训80人次。", place)] == ["rate", "rate"]


def test_in_a_sentence_of_more_than_400_characters_words_are_held_to_their_places():
    long = "注重" + "、".join(["阅读推广工作"] * 70) + "等5个方面"
    place = setting("某大学图书馆2023年年度报告")
    assert [row[2] for row in _told(f"{long}，坚持每周业务学习制度，培训馆员118人次。", place)] == ["annual"]
    assert _roles(f"{long}，完成2024年图书采购5000册。", place) == ["baseline"]
