"""What was changed while copying, what was left over, who borrowed: on texts that one can read."""

import random
from pathlib import Path

import pandas as pd
import pytest
from shipped import shipped_corpus
from test_reuse import COPIED, MORE, NORTH, OTHER, SOUTH, corpus_of

from benchmarks.shuffled import shuffled_plans
from benchmarks.synthetic import Copy, Plain, detections_of, edited, pan_measures, synthetic_plans
from libplans.errors import PlanError
from libplans.reuse import (
    baseline_reuse,
    code_sentences,
    find_direction,
    find_formulae,
    find_leftovers,
    find_reuse,
    find_substitutions,
    measure_chapters,
    measure_reuse,
    reader_agreement,
    reuse_intervals,
)
from libplans.reuse.formulae import bare, documented_formulae

ROOT = Path(__file__).parent.parent
NATION = {"aliases": "国家图书馆;国图", "level": "national", "region": "全国", "issued": "2021-09"}


def swaps(corpus, target):
    """{(source text, target text): (count, kind)} of a target."""
    table = find_substitutions(corpus, find_reuse(corpus))
    rows = table[table["target"] == target]
    pairs = zip(rows["source_text"], rows["target_text"], strict=True)
    return dict(zip(pairs, zip(rows["count"], rows["kind"], strict=True), strict=True))


def test_a_swapped_institution_is_one_whole_name_and_is_counted():
    text = "每年春季由{0}图书馆组织送书下乡，车辆与司机由镇里安排。秋季由{0}图书馆回收图书，破损册数记入台账并公示。"
    corpus = corpus_of({"a": text.format("北山"), "b": text.format("南河")}, a=NORTH, b=SOUTH)
    assert swaps(corpus, "a") == {("南河图书馆", "北山图书馆"): (2, "name")}
    assert swaps(corpus, "b") == {("北山图书馆", "南河图书馆"): (2, "name")}


def test_a_swap_that_shares_characters_is_still_the_whole_name():
    text = "选派馆员到乡镇轮训，由{}图书馆发给结业证书，并在年底抽查学习笔记与读者评价。"
    corpus = corpus_of(
        {"a": text.format("北山"), "b": text.format("国家")},
        a=NORTH,
        b={"aliases": "国家图书馆;国图", "level": "national"},
    )
    assert swaps(corpus, "a") == {("国家图书馆", "北山图书馆"): (1, "name")}


def test_deletions_insertions_and_rewordings_are_told_apart():
    shorter = COPIED.replace("边远", "")
    corpus = corpus_of({"a": shorter, "b": COPIED})
    assert swaps(corpus, "a") == {("边远", ""): (1, "deletion")}
    assert swaps(corpus, "b") == {("", "边远"): (1, "insertion")}
    corpus = corpus_of({"a": COPIED.replace("配送", "投递"), "b": COPIED})
    assert swaps(corpus, "a") == {("配送", "投递"): (1, "wording")}


def test_the_example_of_a_swap_points_at_it():
    text = "选派馆员到乡镇轮训，由{}图书馆发给结业证书，并在年底抽查学习笔记与读者评价。"
    corpus = corpus_of({"a": text.format("北山"), "b": text.format("南河")}, a=NORTH, b=SOUTH)
    row = find_substitutions(corpus, find_reuse(corpus)).query("target == 'a'").iloc[0]
    assert corpus.raw["a"][row["example_start"] : row["example_end"]] == "北山图书馆"


def test_an_abbreviation_carried_along_is_a_strong_leftover_and_speaks_for_its_owner():
    text = "弘扬国图精神，组织青年馆员编写业务案例，每月召开一次讲评会并评选优秀案例。"
    corpus = corpus_of({"a": text + OTHER, "n": MORE + text}, a=NORTH, n=NATION)
    leftovers = find_leftovers(corpus, find_reuse(corpus))
    row = leftovers.iloc[0]
    assert len(leftovers) == 1
    assert row[["plan", "text", "belongs_to", "strength"]].tolist() == ["a", "国图", "n", "strong"]
    signs = find_direction(corpus, find_reuse(corpus), leftovers)
    assert signs[signs["evidence"] == "leftover"]["favours"].tolist() == ["n"]


def test_an_abbreviation_inside_another_word_is_no_leftover():
    text = "协调全国图书馆同行交换复本，登记目录后寄往各县，运费由双方各自承担一半。"
    corpus = corpus_of({"a": text, "b": text}, a=NORTH, b={"aliases": "国图", "level": "province"})
    assert len(find_leftovers(corpus, find_reuse(corpus))) == 0


def test_a_swapped_name_is_no_leftover():
    text = "每年春季由{0}图书馆组织送书下乡，车辆与司机由镇里安排，破损册数记入台账并公示。"
    corpus = corpus_of({"a": text.format("北山"), "b": text.format("南河")}, a=NORTH, b=SOUTH)
    assert len(find_leftovers(corpus, find_reuse(corpus))) == 0


def test_an_activity_that_the_source_names_elsewhere_is_a_leftover():
    shared = "继续办好小蜜蜂系列活动，增加手工与朗读专场，由馆员和家长轮流主持并记录到场人数。"
    own = "“小蜜蜂大讲堂”已经连续举办六年，报名的孩子超过三千人，场地却一直没有增加。"
    corpus = corpus_of({"a": shared + OTHER, "b": own + shared}, a=NORTH, b=SOUTH)
    rows = find_leftovers(corpus, find_reuse(corpus))
    assert rows[["plan", "text", "belongs_to", "strength"]].values.tolist() == [["a", "小蜜蜂", "b", "strong"]]


def test_a_national_duty_in_a_city_plan_is_a_leftover():
    text = "研究并公布全国公共图书馆年度开放情况，结果刊登在馆办期刊上，供各地馆员查阅。"
    corpus = corpus_of({"a": text, "n": text}, a=NORTH, n=NATION)
    rows = find_leftovers(corpus, find_reuse(corpus))
    expected = [["a", "研究并公布全国公共图书馆年度开放情况", "n", "strong"]]
    assert rows[["plan", "text", "belongs_to", "strength"]].values.tolist() == expected


@pytest.mark.parametrize(
    ("shared", "text", "strength"),
    [
        (
            "与科技领域其他国家级文献信息机构商定分工，外文期刊各订一份，目录每季交换。",
            "与科技领域其他国家级文献信息机构商定分工",
            "strong",
        ),
        ("依托全国图书馆缩微中心，把破损的县报逐版拍成胶卷，原件封存不再出借。", "依托全国图书馆缩微中心", "medium"),
        ("派人参加与全国同行的业务交流，往返车票由财务室统一预订，住宿自理。", "派人参加与全国同行的业务交流", "weak"),
    ],
)
def test_the_reach_of_a_national_body_is_graded(shared, text, strength):
    corpus = corpus_of({"a": shared + OTHER, "n": MORE + shared}, a=NORTH, n=NATION)
    rows = find_leftovers(corpus, find_reuse(corpus))
    assert rows[["plan", "text", "strength"]].values.tolist() == [["a", text, strength]]
    between_cities = corpus_of({"a": shared + OTHER, "n": MORE + shared}, a=NORTH, n=SOUTH)
    assert len(find_leftovers(between_cities, find_reuse(between_cities))) == 0


def test_levels_that_the_plan_lacks_are_a_leftover():
    shared = "按照各项目标、策略、行动逐月核对进度，红黄绿三色挂牌，结果贴在值班室门口。"
    outline = "目标1 多开一小时\n" + OTHER + "\n策略1 分两班\n" + MORE + "\n行动1 排班上墙\n" + shared
    corpus = corpus_of({"a": "目标1 修好屋顶\n" + shared, "b": outline}, a=NORTH, b=SOUTH)
    rows = find_leftovers(corpus, find_reuse(corpus))
    assert rows[["plan", "text", "belongs_to", "strength"]].values.tolist() == [
        ["a", "目标、策略、行动", "b", "strong"]
    ]
    both = corpus_of({"a": outline.replace("多开一小时", "修好屋顶"), "b": outline}, a=NORTH, b=SOUTH)
    assert len(find_leftovers(both, find_reuse(both))) == 0


def test_a_part_that_only_the_source_has_is_a_leftover():
    shared = "对照重点发展指标逐月核对进度，红黄绿三色挂牌，结果贴在值班室门口，谁都看得见。"
    table = "（一）重点发展指标\n" + MORE + "\n（二）分工\n"
    corpus = corpus_of({"a": OTHER + shared, "b": table + shared}, a=NORTH, b=SOUTH)
    rows = find_leftovers(corpus, find_reuse(corpus))
    assert rows[["plan", "text", "belongs_to", "strength"]].values.tolist() == [["a", "重点发展指标", "b", "strong"]]


def test_a_scheme_without_quotation_marks_counts_only_beside_stronger_leftovers():
    scheme = "实施中华老报纸传习计划，每周三晚上请老排字工讲铅字怎么拣，学生可以上手。"
    corpus = corpus_of({"a": OTHER + scheme, "n": MORE + scheme}, a=NORTH, n=NATION)
    assert len(find_leftovers(corpus, find_reuse(corpus))) == 0
    carried = scheme + "弘扬国图精神，组织青年馆员编写业务案例，每月召开一次讲评会并评选优秀案例。"
    corpus = corpus_of({"a": OTHER + carried, "n": MORE + carried}, a=NORTH, n=NATION)
    rows = find_leftovers(corpus, find_reuse(corpus))
    expected = [["中华老报纸传习计划", "medium"], ["国图", "strong"]]
    assert rows[["text", "strength"]].values.tolist() == expected


def test_likeness_alone_gives_no_direction():
    corpus = corpus_of({"a": COPIED, "b": COPIED}, a={"issued": "2021"}, b={"issued": "2021-05"})
    signs = find_direction(corpus, find_reuse(corpus))
    assert set(signs["favours"]) == {"not known"} and "similarity" in set(signs["evidence"])


def test_an_earlier_date_speaks_for_the_earlier_plan():
    corpus = corpus_of({"a": COPIED, "b": COPIED}, a={"issued": "2021-09"}, b={"issued": "2021-05"})
    signs = find_direction(corpus, find_reuse(corpus))
    assert signs[["evidence", "favours"]].values.tolist() == [["date", "b"]]


def test_a_reference_explains_shared_wording():
    corpus = corpus_of({"a": COPIED + OTHER, "b": MORE + COPIED, "law": COPIED}, law={"role": "reference"})
    signs = find_direction(corpus, find_reuse(corpus))
    common = signs[signs["evidence"] == "common_source"]
    assert common[["plan_a", "plan_b", "favours", "note"]].values.tolist() == [["a", "b", "not known", "law"]]


def test_formulae_are_listed_with_their_upstream_document():
    corpus = corpus_of({"a": "做到不忘初心、牢记使命。" + COPIED, "b": "不忘初心，牢记使命。" + OTHER})
    row = find_formulae(corpus).iloc[0]
    assert (row["text"], row["plans"], row["count"]) == ("不忘初心、牢记使命", 2, 2) and "第十九次" in row["upstream"]


def test_wording_spread_over_independent_plans_is_a_formula():
    stock = "实行周一闭馆整理制度，节假日照常开放并延长晚间服务时间。"
    rng = random.Random(4)
    own = ["".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(900)) + "。" for _ in range(6)]
    corpus = corpus_of({f"p{i}": own[i] + (stock if i < 5 else "") for i in range(6)})
    assert set(find_reuse(corpus)["kind"]) == {"formula"}
    assert bare(stock) in set(find_formulae(corpus)["text"])


def test_every_documented_formula_names_its_document_once():
    listed = documented_formulae()
    assert len({bare(formula) for formula, _ in listed}) == len(listed) > 100
    assert all(len(bare(formula)) >= 4 and upstream.strip() for formula, upstream in listed)


# the five plans


@pytest.fixture(scope="module")
def plans():
    """The five plans, their passages and the coding of their sentences."""
    corpus = shipped_corpus()
    passages = find_reuse(corpus)
    return corpus, passages, code_sentences(corpus, passages)


@pytest.mark.parametrize("name", ["reuse_sentences.csv", "reuse_sentences_held_back.csv", "reuse_sentences_second.csv"])
def test_the_coding_agrees_with_a_reader(plans, name):
    value = reader_agreement(plans[2], ROOT / "tests" / "gold" / name).set_index("statistic")["value"]
    assert value["Cohen's kappa, four kinds"] >= 0.92 and value["reuse with the reader's source"] >= 0.995
    assert value["verbatim text found as reuse"] >= 0.99 and value["adapted text found as reuse"] >= 0.70
    assert value["formulae taken for reuse"] <= 0.10 and value["own text taken for reuse"] <= 0.01


def test_agreement_with_a_reader_is_weighted_by_characters():
    columns = ["plan", "start", "end", "kind", "source"]
    coding = pd.DataFrame(
        [["a", 0, 4, "verbatim", "b"], ["a", 4, 6, "own", ""], ["a", 6, 9, "adapted", "c"]], columns=columns
    )
    gold = pd.DataFrame(
        [
            ["a", 0, 4, "verbatim", "b"],
            ["a", 4, 6, "adapted", "b"],
            ["a", 6, 9, "verbatim", "b"],
            ["z", 0, 3, "own", ""],
        ],
        columns=columns,
    )
    gold["text"] = ["甲乙丙丁", "戊己", "庚辛壬", "癸子丑"]
    value = reader_agreement(coding, gold).set_index("statistic")
    assert value.loc["verbatim text found as reuse"].tolist() == [1.0, 2, 7]
    assert value.loc["adapted text found as reuse"].tolist() == [0.0, 1, 2]
    assert pd.isna(value.loc["own text taken for reuse", "value"])  # no such sentence of a plan that is there
    assert value.loc["reuse with the reader's source", "value"] == round(4 / 7, 6)
    # 4 of 9 alike; by chance 7/9 · 4/9 (verbatim) + 2/9 · 3/9 (adapted)
    chance = 28 / 81 + 6 / 81
    assert value.loc["Cohen's kappa, four kinds", "value"] == round((4 / 9 - chance) / (1 - chance), 6)


def test_passages_of_another_corpus_are_refused(plans):
    passages = plans[1].replace({"target": {"jilin": "gansu"}})
    for measure in (measure_reuse, code_sentences, find_substitutions):
        with pytest.raises(PlanError, match="'gansu' is not a plan of this corpus; known are "):
            measure(plans[0], passages)


def test_spans_of_passages_hold_their_text(plans):
    corpus, passages, _ = plans
    for row in passages.itertuples():
        assert corpus.text(row.target, row.target_start, row.target_end) == row.target_text
        assert corpus.text(row.source, row.source_start, row.source_end) == row.source_text


def test_known_leftovers_of_heilongjiang_are_found(plans):
    corpus, passages, _ = plans
    rows = find_leftovers(corpus, passages)
    strong = rows[(rows["strength"] == "strong") & (rows["plan"] == "heilongjiang")]
    found = set(zip(strong["text"], strong["belongs_to"], strict=True))
    assert {
        ("国图", "national"),
        ("青青草", "jilin"),
        ("重点发展指标", "national"),
        ("探索与教育、科技等领域其他国家级文献信息机构合作", "national"),
        ("目标、策略、行动", "jilin"),
    } <= found
    assert set(rows[rows["plan"].isin(["national", "jilin"])]["strength"]) <= {"weak"}


def test_shares_of_the_five_plans_are_consistent(plans):
    corpus, passages, _ = plans
    reuse = measure_reuse(corpus, passages)
    matched = measure_reuse(corpus, passages, count="matched")
    whole = reuse[reuse["source"].isin(["any", ""])].groupby("target")["share"].sum()
    assert (abs(whole - 1) < 1e-5).all()
    columns = ["target", "source", "kind", "chars"]
    both = reuse[columns].merge(matched[columns], on=columns[:3])
    reused = both["kind"].isin(["verbatim", "adapted"])
    assert (both[reused]["chars_y"] <= both[reused]["chars_x"]).all()
    intervals = reuse_intervals(corpus, passages, rounds=200)
    assert ((intervals["low"] <= intervals["share"] + 1e-4) & (intervals["share"] <= intervals["high"] + 1e-4)).all()
    chapters = measure_chapters(corpus, passages)
    assert (chapters["chars"] <= chapters["body"]).all()
    assert baseline_reuse(corpus, passages)["share"].max() < 0.01


# synthetic plans


def test_pan_measures_by_hand():
    copies = [Copy("b", 0, 100, "a", 200, 300, 0.0), Copy("b", 500, 600, "c", 0, 100, 0.0)]
    found = [("a", 200, 300, "b", 0, 50), ("b", 50, 100, "a", 250, 300), ("b", 900, 950, "a", 900, 950)]
    measures = pan_measures(copies, found)
    assert measures["recall"] == pytest.approx(0.5)  # the first copy whole, the second not at all
    assert measures["precision"] == pytest.approx(2 / 3)  # two detections right, one wrong
    assert measures["granularity"] == 2.0 and measures["plagdet"] == pytest.approx((4 / 7) / 1.5849625)


def test_the_generator_plants_what_it_says():
    texts, copies = synthetic_plans(8, chars=4000, stock=5, seed=5, top_rate=0.0)
    assert (texts, copies) == synthetic_plans(8, chars=4000, stock=5, seed=5, top_rate=0.0) and len(copies) > 8
    for copy in copies:
        there = texts[copy.source][copy.source_start : copy.source_end]
        assert texts[copy.target][copy.target_start : copy.target_end] == there
    assert edited(random.Random(1), "图书馆" * 100, 0.0, "一") == "图书馆" * 100


@pytest.mark.parametrize("sparse", [False, True])
def test_planted_copies_are_found(sparse):
    texts, copies = synthetic_plans(24, chars=6000, seed=2)
    options = {"n": 7, "window": 7, "max_gap": 100} if sparse else {}
    measures = pan_measures(copies, detections_of(find_reuse(Plain(texts), **options)))
    assert measures["precision"] >= 0.98 and measures["recall"] >= 0.97 and measures["granularity"] <= 1.02


def test_copies_that_hold_stock_sentences_are_found_in_shuffled_words():
    words = "馆藏 文献 公共 文化 服务 体系 建设 推进 开展 全省 读者 数字 资源 的 和 在 与 智慧 图书馆".split()
    rng = random.Random(3)
    words += ["".join(chr(rng.randrange(0x4E00, 0x5800)) for _ in "ab") for _ in range(600)]
    texts, copies = shuffled_plans(30, chars=6000, copies=3, stock=10, seed=4, words=words)
    for copy in copies[:5]:
        assert set(texts[copy.target][copy.target_start :][:9]) & set(texts[copy.source][copy.source_start :][:20])
    measures = pan_measures(copies, detections_of(find_reuse(Plain(texts))))
    assert measures["precision"] >= 0.98 and measures["recall"] >= 0.97 and measures["granularity"] <= 1.02


def test_text_that_repeats_itself_does_not_blow_up():
    passages = find_reuse(Plain({"a": "图书馆" * 5000, "b": "图书馆" * 5000}))
    assert len(passages) == 2 and isinstance(passages, pd.DataFrame) and int(passages["matched"].max()) == 15000
