"""The quality report: every kind of doubt on a text that one can read, with its place."""

import pytest
from shipped import shipped_corpus

from libplans.corpus import Corpus, read_plan
from libplans.reading.contents import check_outline
from libplans.reading.quality import COLUMNS, KINDS, check_quality, describe_quality
from libplans.tables import TABLES

ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "page", "role": "plan", "title": "某市图书馆发展规划"}
LONG = "图书馆要提升服务效能，" * 45
TWICE = "图书馆坚持以人民为中心的工作导向，保障公民的基本文化权益，服务社会。"
TEXT = f"""某市图书馆发展规划
目录
一、总体要求....1
二、资源建设....2
三、保障措施....3
一、总体要求
坚持“公益、均等、便利。
{TWICE}
三、资源建设
藏量达到\ufffd300万册，\ue000建成\u9fec库。
å›¾ä¹¦é¦†服务。
{TWICE}
{LONG}完成。
坚持正确政—治方向，完善服务 网络，。
某市图书馆
2021年3月
完善文献资源保障体系，健全服务网络，提升服务能力和水平
"""


@pytest.fixture(scope="module")
def doubts():
    return check_quality(Corpus([read_plan(ROW, TEXT)]))


def places(doubts, kind):
    return [TEXT[row.start : row.end] for row in doubts.query("kind == @kind").itertuples()]


@pytest.mark.parametrize(
    "kind, stands",
    [
        ("replacement_character", ["\ufffd"]),
        ("private_use", ["\ue000"]),
        ("wrong_decoding", ["å›¾ä¹¦é¦†"]),
        ("outside_font", ["\u9fec"]),
        ("unbalanced_marks", ["“"]),
        ("doubled_mark", ["，。"]),
        ("word_cut", ["—", " "]),
        ("no_final_stop", ["完善文献资源保障体系，健全服务网络，提升服务能力和水平"]),
        ("long_sentence", [LONG + "完成。"]),
        ("repeated_sentence", [TWICE]),
        ("number_missing", ["三、"]),
        ("contents_differ", ["二、资源建设....2", "三、保障措施....3"]),
    ],
)
def test_each_kind_of_doubt_is_found_at_its_place_and_nowhere_else(doubts, kind, stands):
    if kind == "outside_font" and not doubts["kind"].eq(kind).any():
        from libplans.reading.quality import drawn_characters

        assert "\u9fec" in drawn_characters()
        return
    assert places(doubts, kind)[: len(stands)] == stands and len(places(doubts, kind)) == len(stands)


def test_every_kind_is_tried_here(doubts):
    assert set(doubts["kind"]) <= set(KINDS) and list(doubts.columns) == COLUMNS


def test_a_clean_text_has_no_doubt():
    text = "某市图书馆发展规划\n一、总　则\n坚持“公益”。举办“墨雅馥香 纸润流芳”展览。\n"
    text += "二、保障措施\n1）落实经费；\n2）健全制度。\n"
    text += "表1主要目标与年度任务分解\n某市图书馆办公室文件汇编\n2021年12月31日\n"
    assert check_quality(Corpus([read_plan(ROW, text)])).empty


def test_characters_of_another_script_are_told_in_one_row():
    prose = "圖書館應當堅持為讀者服務，提升館藏質量，實現資源共享，滿足廣大讀者閱讀與學習的需要。"
    text = f"縣圖書館發展計畫\n一、總體要求\n{prose}\n"
    row = check_quality(Corpus([read_plan(ROW, text)])).query("kind == 'outside_font'")
    assert len(row) == 1 and " characters: 縣圖書館發" in row["text"].iloc[0]


def test_the_report_says_what_was_taken_out_mended_and_is_doubtful():
    report = describe_quality(Corpus([read_plan(ROW, TEXT)]), ["encoding gb18030"])
    assert "taken out: contents 4" in report and "encoding gb18030" in report
    assert "unbalanced_marks 1" in report and "坚持“公益、均等、便利。" in report
    assert all(f"{kind}: {KINDS[kind]}" in report for kind in ("replacement_character", "contents_differ"))


def test_doubts_of_the_five_plans_lie_inside_them_and_come_in_order():

    corpus = shipped_corpus()
    doubts = check_quality(corpus)
    assert all(0 <= row.start < row.end <= len(corpus.raw[row.plan]) for row in doubts.itertuples())
    keys = [(corpus.plan_ids.index(row.plan), row.start, row.end) for row in doubts.itertuples()]
    assert keys == sorted(keys)


def test_of_very_many_doubts_of_one_kind_the_last_row_says_how_many_are_left_out():
    doubts = check_quality(Corpus([read_plan(ROW, "服务“人民。\n" * 1_200)])).query("kind == 'unbalanced_marks'")
    assert len(doubts) == 1_000
    assert [row.text for row in doubts.itertuples() if "more" in row.text][0].startswith("and 200 more: ")


def test_a_lone_surrogate_does_not_stop_the_report():
    assert not check_quality(Corpus([read_plan(ROW, "一、任务\n服务“\ud800人民。\n")])).empty


def test_contents_of_hundreds_of_entries_are_compared_entry_by_entry():
    numbers = range(1, 901)
    listed = "".join(f"{n}．{chr(0x4E00 + n)}区分馆..........{n // 20 + 1}\n" for n in numbers)
    body = "".join(
        f"{n}．{'丁戊'[n % 2] * 9 if n > 890 else chr(0x4E00 + n) + '区分馆'}\n{chr(0x5500 + n)}{TWICE}\n"
        for n in numbers
    )
    status = check_outline(Corpus([read_plan(ROW, f"某市图书馆发展规划\n目录\n{listed}{body}")]))["status"]
    assert status.value_counts().to_dict() == {"found": 890, "missing": 10, "extra": 10}
