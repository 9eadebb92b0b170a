"""Indicators: labels with their figures, brackets that a document explains, growth that is planned, places in a ranking.

The sentences are invented after traps met in documents composed by other hands and in reports of libraries.
"""

import pytest

import libplans
from libplans.indicators.documents import setting
from libplans.indicators.extract import extract_indicators, indicators_in
from libplans.indicators.quantities import quantities

PLAN = setting("某省图书馆“十四五”发展规划", "三、主要任务")
REPORT = setting("某市图书馆2023年年度报告")
YEARLY = setting("某市图书馆2024年工作要点", "五、数字服务")


def _column(text, place, name):
    return [row[name] for row in indicators_in(text, place)]


def _read(tmp_path, text):
    (tmp_path / "甲.txt").write_text(text, encoding="utf-8")
    return extract_indicators(libplans.read_texts([tmp_path / "甲.txt"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("图书不少于3000种、4500册。", [(3000, None, "at_least", "种"), (4500, None, "at_least", "册")]),
        ("每年至少举办讲座20场、展览6场。", [(20, None, "at_least", "场"), (6, 6, "exact", "场")]),
        ("人均藏书不到全省平均水平的一半。", [(None, 50, "at_most", "%")]),
        ("剔旧图书不超过馆藏总量的5%。", [(None, 5, "at_most", "%")]),
        ("持证率超过常住人口的8%。", [(8, None, "more_than", "%")]),
        ("每季度开展一次安全检查。", [(1, 1, "exact", "次")]),
        ("每年召开理事会会议两次。", [(2, 2, "exact", "次")]),
        ("闭馆应提前3日公告。", [(3, 3, "exact", "日")]),
        ("收录9万条款目。", [(90000, 90000, "exact", "条")]),
        ("开设培训30门次。", [(30, 30, "exact", "门次")]),
    ],
)
def test_values_and_bounds(text, expected):
    assert [(q.low, q.high, q.bound, q.unit) for q in quantities(text)] == expected


def test_each_item_of_a_list_of_labels_has_its_own_time_base():
    text = "年新增图书：6万册（5万册）；数据库：120个（90个）；周开放时间：80小时以上（70小时）；年进馆人次：200万（150万）"
    place = PLAN._replace(bracketed="2020")
    rows = indicators_in(text, place)
    assert [row["frequency"] for row in rows] == ["annual"] * 2 + ["stock"] * 2 + ["rate"] * 2 + ["annual"] * 2
    assert [row["role"] for row in rows] == ["target", "baseline"] * 4
    assert {row["period"] for row in rows if row["role"] == "baseline"} == {"2020"}
    assert [row["unit"] for row in rows] == ["册", "册", "个", "个", "小时", "小时", "人次", "人次"]
    assert rows[0]["raw"] == "6万册" and rows[4]["measure"] == rows[5]["measure"] == "opening_hours_weekly"


def test_the_document_says_what_stands_in_brackets(tmp_path):
    head = "某大学图书馆“十四五”规划（2021—2025年）\n\n二、目标\n\n主要指标{}\n\n馆藏图书：260万册（230万册）\n"
    told = _read(tmp_path, head.format("（括号内为2020年数）"))
    assert told["role"].tolist() == ["target", "baseline"] and told["period"].tolist()[1] == "2020"
    assert _read(tmp_path, head.format(""))["role"].tolist() == ["target", "target"]


def test_rows_that_came_a_cell_a_line_may_name_their_units_in_the_first_cell(tmp_path):
    cells = "指标 2020年 2025年 年均增长 总藏量（万册） 410 560 6.4% 年流通人次（万人次） 300 720 — 微信粉丝（万） 12 30 20%"
    text = (
        "某省公共图书馆“十四五”规划（2021—2025年）\n\n专栏 主要指标\n\n" + "\n".join(cells.split()) + "\n\n三、任务\n"
    )
    told = _read(tmp_path, text)
    rows = [(row.value_low, row.unit, row.role, row.period) for row in told.itertuples()]
    assert (4100000, "册", "baseline", "2020") in rows and (7200000, "人次", "target", "2025") in rows
    assert (300000, "", "target", "2025") in rows and len(rows) == 8


@pytest.mark.parametrize(
    ("text", "place", "roles"),
    [
        ("数字资源访问量达到300万次，同比增长10%；粉丝增加2万人，达到15万人。", YEARLY, ["target"] * 4),
        ("在2023年接待读者90万人次、举办活动400场的基础上，推动工作再上台阶。", YEARLY, ["baseline"] * 2),
        ("2023年数字资源访问量达到300万次，同比增长10%。", YEARLY, ["baseline"] * 2),
        ("全省现存古籍90余万册，“十四五”期间完成800部古籍数字化。", PLAN, ["baseline", "target"]),
        ("全馆完成普查12万部，占预计总量的90%以上。", REPORT, ["baseline"] * 2),
        ("总分居全市第4位，比上年上升两位。", REPORT, ["comparison"] * 2),
        ("人均藏书1.2册，远超全国的0.9册。", REPORT, ["baseline", "comparison"]),
        ("新购图书最多的是甲省（820万册），其次是乙省（640万册）。", REPORT, ["comparison"] * 2),
    ],
)
def test_roles(text, place, roles):
    assert _column(text, place, "role") == roles


@pytest.mark.parametrize(
    ("text", "place", "frequencies"),
    [
        ("为视障读者送书每月一次，举办培训24期。", YEARLY, ["rate", "annual"]),
        ("举办活动1200场，平均每天3场，共有86万人次参与。", REPORT, ["annual", "rate", "annual"]),
        ("2023年在馆员工64人，其中博士3人。", REPORT, ["stock"] * 2),
        ("人均借阅量由5.1册提高到5.8册。", REPORT, ["annual"] * 2),
        ("前10个月接待读者88万人次。", REPORT, ["cumulative"]),
        ("举办讲座40场，场均听众150人。", REPORT, ["annual", "rate"]),
        ("总条目达到4万条，数据总量达到5万条。", YEARLY, ["annual", "stock"]),
        ("分馆26个，其中当年新增4个。", REPORT, ["stock", "annual"]),
        ("开设课程60门次/年。", PLAN, ["annual"]),
        ("电子资源24小时服务。", PLAN, ["rate"]),
        ("“十三五”末人均藏书0.9册，比2015年增加0.3册。", PLAN, ["stock", "cumulative"]),
    ],
)
def test_time_bases(text, place, frequencies):
    assert _column(text, place, "frequency") == frequencies


def test_a_peak_is_no_daily_mean():
    assert _column("日均到馆9000人次，8月6日单日到馆2.1万人次。", REPORT, "measure") == [
        "visits_daily",
        "visits_peak_daily",
    ]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("全区常住人口71万，注册用户突破8万。", ["", ""]),
        ("年到馆人次突破90万，参观人数20万。", ["人次", "人"]),
        ("数字资源访问量突破300万。", [""]),
        ("接待读者8万人。", ["人"]),
    ],
)
def test_a_unit_that_is_not_written_is_empty(text, units):
    assert _column(text, REPORT, "unit") == units


def test_a_unit_that_is_not_written_stands_in_no_way_of_a_comparison(tmp_path):
    for plan, words in {"甲": "注册用户达到9万", "乙": "注册用户达到12万人"}.items():
        (tmp_path / f"{plan}.txt").write_text(f"某市图书馆2023年年度报告\n\n年末，{words}。\n", encoding="utf-8")
    corpus = libplans.read_texts(sorted(tmp_path.glob("*.txt")))
    table = libplans.comparable(extract_indicators(corpus), corpus)
    assert len(table) == 2 and not table["caveat"].str.contains("unit").any()


def test_the_year_to_come_in_the_title_of_a_report_is_planned_for():
    title = "某县图书馆工作总结暨2024年度工作计划"
    assert setting(title).report == 2023 and setting("某县图书馆2023年工作总结暨2024年计划").report == 2023
    place = setting(title, "第二部分 2024年工作计划 / 1.织密网络")
    assert _column("新建服务点35个，年底总数达到222个。", place, "role") == ["target"] * 2


@pytest.mark.parametrize(
    ("text", "frequencies"),
    [
        ("在职职工21人，其中大学本科12人；副研究馆员1人、中级馆员5人，高级技工2人。", ["stock"] * 5),
        ("引进馆员2人。", ["annual"]),
        ("管理员月工资由1800元提高到2200元。", ["rate"] * 2),
        ("粉丝较年初增加4万人，达到22万人。", ["annual", "stock"]),
        ("志愿者年人均服务20小时以上。", ["annual"]),
        ("新入选《国家珍贵古籍名录》14部。", ["annual"]),
        ("仍有三分之一的分馆每周开放时间不足35小时。", ["rate", "rate"]),
        ("实际开放324天。", ["annual"]),
        ("2020年人均藏书0.7册，比2015年提高0.2册，低于全省0.8册的平均水平。", ["stock", "cumulative", "stock"]),
        ("年订报刊186种，有效借书证达到9800个。", ["annual", "stock"]),
        ("人均借阅图书6.2册，其中本科生人均5.4册，研究生人均8.9册。", ["annual"] * 3),
    ],
)
def test_time_bases_of_staff_pay_and_what_was_added(text, frequencies):
    assert _column(text, REPORT, "frequency") == frequencies


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("“小种子”亲子阅读每周两场，全年104场。", ["story_sessions_weekly", "story_sessions_annual"]),
        ("为分馆配送图书1.8万册。", ["books_delivered_annual"]),
        ("博士3人，硕士12人，本科学历30人。", ["staff_doctors", "staff_masters", "staff_bachelors"]),
        ("完成古籍数字化800部。", ["titles_digitised_annual"]),
        ("发放阅读礼包3000份。", ["reading_packs_annual"]),
        ("智慧书房21间。", ["city_study_rooms"]),
        ("单个书房面积不少于120平方米。", ["branch_building_area"]),
        ("外文图书3万册。", [""]),
        ("读者每次可借图书8册，借期30天。", ["loan_limit", "loan_period"]),
        ("全年预算执行率97%，原文传递满足率93%。", ["budget_execution_pct", "delivery_fill_pct"]),
    ],
)
def test_keys(text, measures):
    assert _column(text, REPORT, "measure") == measures


def test_names_and_values_may_stand_in_turn_in_a_row(tmp_path):
    text = "某市图书馆2023年年度报告\n\n表1 收支情况（单位：万元）\n\n收入\t金额\t支出\t金额\n财政拨款\t1264\t人员经费\t618\n其他收入\t13\t文献购置费\t286\n"
    told = _read(tmp_path, text)
    assert told["indicator"].tolist() == ["财政拨款", "人员经费", "其他收入", "文献购置费"]
    assert told["measure"].tolist()[-1] == "acquisition_spending_annual" and told["value_low"].tolist()[-1] == 2860000


@pytest.mark.parametrize(
    ("text", "place", "name", "expected"),
    [
        ("1-12月接待读者70万人次。", REPORT, "frequency", ["annual"]),
        ("上半年举办讲座20场，全年共举办讲座52场。", REPORT, "frequency", ["cumulative", "annual"]),
        ("2019年，馆藏总量为30万册；外借总量为8万册次；到馆读者为12万人次。", PLAN, "role", ["baseline"] * 3),
        ("推动服务覆盖超过全市90%的街道。", PLAN, "role", ["target"]),
        ("馆藏中最多的是中文图书120万册，其次是外文图书3万册。", REPORT, "role", ["baseline"] * 2),
        ("实现存储总量达到500TB。", PLAN, "role", ["target"]),
        ("近五年共计举办活动1200场。", PLAN._replace(path=""), "role", ["baseline"]),
        ("在保持每年新增图书5万册的基础上，提升质量。", PLAN, "role", ["target"]),
        ("拥有超过20个分馆、30个服务点。", REPORT, "bound", ["more_than", "exact"]),
        ("培训基层馆员120人。", REPORT, "frequency", ["annual"]),
        ("每周组织馆员学习，录制有声读物300小时。", REPORT, "frequency", ["annual"]),
        ("年访问量300万，其中粉丝20万。", REPORT, "frequency", ["annual", "stock"]),
        ("主要发展指标：120个分馆。", PLAN, "measure", ["branches"]),
        ("自助设备完好率98%。", REPORT, "measure", [""]),
    ],
)
def test_what_the_new_rules_leave_alone(text, place, name, expected):
    assert _column(text, place, name) == expected


def test_a_report_on_a_plan_carried_out_is_of_its_own_year():
    assert setting("某市图书馆2023年重点工作安排落实情况总结").report == 2023


def test_a_cover_that_names_a_body_keeps_its_title(tmp_path):
    text = "单位：东湖区图书馆\n东湖区图书馆“十四五”发展规划\n\n年接待读者达到80万人次，馆藏总量500万册。\n"
    assert _read(tmp_path, text)["role"].tolist() == ["target"] * 2


def test_a_column_of_words_between_values_names_nothing(tmp_path):
    text = "某市图书馆“十四五”发展规划\n\n二、目标\n\n指标\t2020年\t属性\t2025年\n馆藏总量（万册）\t300\t预期性\t500\n接待读者（万人次）\t80\t约束性\t120\n"
    told = _read(tmp_path, text)
    assert told["indicator"].tolist() == ["馆藏总量", "馆藏总量", "接待读者", "接待读者"]
    assert told["role"].tolist() == ["baseline", "target"] * 2


def test_a_table_of_single_cells_may_begin_with_an_empty_one(tmp_path):
    cells = "指标 总藏量（万册） 到馆（万人次） 甲馆 — 30 乙馆 41 72 丙馆 12 —"
    text = "某省公共图书馆2023年统计报告\n\n全省情况如下。\n\n" + "\n".join(cells.split()) + "\n"
    assert _read(tmp_path, text)["value_low"].tolist() == [300000, 410000, 720000, 120000]
