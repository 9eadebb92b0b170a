"""Reading, cleaning and outlining: on a page that one can read, and on the five plans."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from shipped import shipped_corpus

import libplans as lp
from libplans.corpus import Corpus, read_plan
from libplans.tables import TABLES

DATA = Path(__file__).parent.parent / "data"
ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "page", "role": "plan", "title": "某市图书馆发展规划"}

PAGE = """某市图书馆发展规划
二〇二一年三月

目 录
前言.....\t1
一、总体要求.....\t2
（一）丰富阅读服务品牌的时代内涵，加大优质阅读内容的有效供给\t3
二、保障措施\t9

前 言
本馆建于1956年，是面向社会开放的公共图书馆，馆藏图书、报刊和数字资源逐年增

长。[bookmark: _GoBack]五年来，全馆事业发展 and 读者服务取得进步。
批注 [1]: 删除
一、总体要求
（一）丰富阅读服务品牌的时代内涵，加大优质阅读内
容的有效供给
继续办好“读书节”。——**坚持公益**。图书馆是公益单位，图书馆的内容建设¹要服务读者，丰富内容、提升内容。
指标名称\t目标
藏量（万册）\t300

¹含电子图书。

指标名称\t目标
读者（万人次）\t12
专栏 1：
1、流动图书馆建设
每年下乡12次。
专栏 2：
1、讲座
每年2 0 0场。
二、保障措施
1. 强化党建引领。坚持党的领导，落实责任。
2. 拓宽经费渠道。积极争取财政投入。
（十三）加强安全管理，确保安全。
完善制度
"""


@pytest.fixture(scope="module")
def page():
    return Corpus([read_plan(ROW, PAGE)])


@pytest.fixture(scope="module")
def corpus():
    return shipped_corpus()


def rules(corpus, rule):
    return list(corpus.cleaning.query("rule == @rule")["text"])


def texts(corpus, kind):
    return list(corpus.sentences.query("kind == @kind")["text"])


def test_contents_are_taken_out_and_nothing_else_with_them(page):
    assert rules(page, "contents") == [
        "目 录",
        "前言.....\t1",
        "一、总体要求.....\t2",
        "（一）丰富阅读服务品牌的时代内涵，加大优质阅读内容的有效供给\t3",
        "二、保障措施\t9",
    ]
    assert rules(page, "cover") == ["二〇二一年三月"]


def test_one_blank_before_the_page_number_is_enough_among_entries_with_leaders():
    corpus = Corpus([read_plan(ROW, PAGE.replace("二、保障措施\t9", "二、保障措施 9"))])
    assert rules(corpus, "contents")[-1] == "二、保障措施 9"
    assert list(lp.check_outline(corpus).query("page != ''")["page"]) == ["1", "2", "3", "9"]


def test_a_word_cut_by_a_page_break_is_whole_again(page):
    assert "本馆建于1956年，是面向社会开放的公共图书馆，馆藏图书、报刊和数字资源逐年增长。" in texts(page, "body")
    assert rules(page, "page_break") == ["\n\n"]


def test_traces_of_editing_and_recognition_go_out_with_a_row_each(page):
    assert rules(page, "bookmark") == ["[bookmark: _GoBack]"]
    assert rules(page, "margin_comment") == ["批注 [1]: 删除"]
    assert rules(page, "bold_mark") == ["**", "**"]
    assert [text.strip() for text in rules(page, "recognition_debris")] == ["and"]
    assert rules(page, "footnote_mark") == ["¹", "¹"]
    assert "五年来，全馆事业发展读者服务取得进步。" in texts(page, "body")


def test_a_heading_broken_over_two_lines_is_one_heading(page):
    row = page.sections.query("number == '（一）'").iloc[0]
    assert row["title"] == "丰富阅读服务品牌的时代内涵，加大优质阅读内容的有效供给"
    assert page.text("page", row["body_start"], row["body_end"]).startswith("继续办好“读书节”。")


def test_a_table_goes_on_after_a_page_break_and_its_header_stands_once(page):
    assert texts(page, "table") == ["指标名称\t目标", "藏量（万册）\t300", "读者（万人次）\t12"]
    assert rules(page, "repeated_table_header") == ["指标名称\t目标"]
    assert texts(page, "note") == ["含电子图书。"]


def test_boxes_stand_beside_the_headings_of_their_chapter(page):
    outline = page.sections.set_index("section")
    boxes = outline.query("kind == '专栏'")
    assert list(boxes["number"]) == ["专栏1", "专栏2"]
    assert {outline.loc[parent, "title"] for parent in boxes["parent"]} == {"总体要求"}
    inside = outline[outline["parent"].isin(boxes.index)]
    assert list(inside["title"]) == ["流动图书馆建设", "讲座"]


def test_heads_that_run_on_into_their_text_are_split_off(page):
    assert list(page.sections.query("kind == '1.'")["title"])[-2:] == ["强化党建引领", "拓宽经费渠道"]
    assert "积极争取财政投入。" in texts(page, "body")


def test_digits_spaced_by_layout_are_mended(page):
    assert "每年200场。" in texts(page, "body")


def test_depth_comes_from_the_nesting_of_styles(page):
    depth = dict(zip(page.sections["kind"], page.sections["depth"], strict=True))
    assert (depth["title"], depth["front"], depth["一、"], depth["（一）"], depth["专栏"]) == (0, 1, 1, 2, 2)


def account(corpus, plan):
    """For each character of the raw text: how many sentences and cleaning rows hold it."""
    held = Counter()
    for row in corpus.cleaning.query("plan == @plan").itertuples():
        held.update(range(row.start, row.end))
    for row in corpus.sentences.query("plan == @plan").itertuples():
        held.update(
            o
            for o, c in zip(corpus.sentence_offsets(plan, row.sentence).tolist(), row.text, strict=True)
            if not c.isspace()
        )
    return held


@pytest.mark.parametrize("plan", ["national", "heilongjiang", "jilin", "liaoning", "tengzhou"])
def test_every_character_is_in_a_sentence_or_in_a_cleaning_row_or_white_space(corpus, plan):
    raw, held = corpus.raw[plan], account(corpus, plan)
    assert [i for i, c in enumerate(raw) if not c.isspace() and held[i] != 1] == []


@pytest.mark.parametrize("plan", ["national", "heilongjiang", "jilin", "liaoning", "tengzhou"])
def test_a_sentence_says_what_its_place_in_the_raw_text_says(corpus, plan):
    raw = corpus.raw[plan]
    for row in corpus.sentences.query("plan == @plan").itertuples():
        offsets = corpus.sentence_offsets(plan, row.sentence)
        assert (row.start, row.end) == (offsets[0], offsets[-1] + 1)
        assert all(raw[o] == c or c in "\t " for o, c in zip(offsets, row.text, strict=True))
        assert corpus.text(plan, row.start, row.end) == row.text


def test_the_stream_holds_every_letter_of_the_sentences_but_their_numbers(page):
    stream = page.stream("page")
    assert "流动图书馆建设每年下乡12次讲座每年200场保障措施强化党建引领" in stream.chars
    assert all(PAGE[o] == c for o, c in zip(stream.offsets, stream.chars, strict=True))
    numbers = re.compile(r"^(\d、|（十三）)")  # of headings, and of the one numbered paragraph
    held = [numbers.sub("", text) for kind in ("body", "table", "note") for text in texts(page, kind)]
    assert stream.body.sum() == sum(c.isalnum() for text in held for c in text)


def numbers(corpus, plan, kind):
    return list(corpus.sections.query("plan == @plan and kind == @kind")["number"])


CN = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七".split()


def test_outline_of_heilongjiang(corpus):
    assert numbers(corpus, "heilongjiang", "战略方向") == [f"战略方向{n}" for n in CN[:9]]
    assert numbers(corpus, "heilongjiang", "目标") == [f"目标{n}" for n in range(1, 33)]
    assert numbers(corpus, "heilongjiang", "专栏") == [f"专栏{n}" for n in range(1, 9)]


def test_outline_of_jilin(corpus):
    outline = corpus.sections.query("plan == 'jilin'")
    tasks = outline["parent"] == outline.query("title == '“十四五”主要任务'")["section"].iloc[0]
    assert tasks.sum() == 5
    assert [len(numbers(corpus, "jilin", kind)) for kind in ("目标", "策略", "行动")] == [17, 41, 112]


def test_outline_of_the_national_plan(corpus):
    outline = corpus.sections.query("plan == 'national'")
    chapters = outline.query("kind == '一、'")
    assert list(chapters["number"]) == [f"{n}、" for n in CN[:15]]
    below = [len(outline.query("parent == @chapter and kind == '（一）'")) for chapter in chapters["section"]]
    assert below == [5, 5, 4, 3, 3, 3, 6, 5, 4, 5, 3, 4, 6, 5, 4]  # counted by hand in the text
    assert all(outline.query("kind == '（一）'")["title"])


@pytest.mark.parametrize("plan, chapter, count", [("liaoning", "重点任务", 15), ("tengzhou", "主要任务", 17)])
def test_tasks_of_liaoning_and_tengzhou(corpus, plan, chapter, count):
    outline = corpus.sections.query("plan == @plan")
    tasks = outline[outline["parent"] == outline.query("title == @chapter")["section"].iloc[0]]
    assert [n.strip("（()）") for n in tasks["number"]] == CN[:count]
    assert all(tasks["title"])


def test_the_contents_agree_with_the_body(corpus):
    found = lp.check_outline(corpus)
    assert dict(Counter(found.query("plan == 'heilongjiang'")["status"])) == {"found": 59}
    differs = found.query("status == 'differs'")
    assert list(differs["heading"]) == ["十二、 树立现代人力资源管理理念，打造适应新时代事业发展的的高素质人才队伍"]
    assert not (found["status"] == "missing").any()


def test_check_outline_reports_what_the_body_lacks():
    lost = PAGE.replace("二、保障措施\n1.", "1.")
    found = lp.check_outline(Corpus([read_plan(ROW, lost)]))
    assert list(found.query("status == 'missing'")["entry"]) == ["二、保障措施"]


def test_a_text_without_headings_is_one_section(tmp_path):
    (tmp_path / "plain.txt").write_text("图书馆是公共文化设施。\n读者可以免费借阅图书。\n", encoding="utf-8")
    corpus = lp.read_texts(tmp_path)
    assert len(corpus.sections) == 1 and len(corpus.sentences) == 2


def project(tmp_path):
    shutil.copytree(DATA / "raw", tmp_path / "data" / "raw")
    return tmp_path / "data"


def edit(data, old, new):
    register = data / "raw" / "plans.csv"
    text = register.read_text("utf-8")
    assert old in text
    register.write_text(text.replace(old, new, 1), "utf-8")


def twin(data):
    register = data / "raw" / "plans.csv"
    text = register.read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("jilin,"))
    register.write_text(text + "copy" + row.removeprefix("jilin") + "\n", "utf-8")


def replace(content):
    def change(data):
        import hashlib

        old = hashlib.sha256((data / "raw/jilin.txt").read_bytes()).hexdigest()
        (data / "raw/jilin.txt").write_bytes(content)
        edit(data, old, hashlib.sha256(content).hexdigest())

    return change


BAD = {
    "not UTF-8": (
        replace((DATA / "raw/jilin.txt").read_text("utf-8").encode("gb18030")),
        ["jilin.txt", "byte 2", "not utf-8", "save the file as UTF-8", "plans.csv: line 4", "'jilin'"],
    ),
    "empty file": (replace(b""), ["jilin.txt", "empty", "plans.csv: line 4", "'jilin'"]),
    "changed raw file": (
        lambda d: (d / "raw/jilin.txt").write_text("改", "utf-8"),
        ["jilin.txt", "SHA-256", "plans.csv: line 4"],
    ),
    "missing file": (lambda d: (d / "raw/jilin.txt").unlink(), ["jilin.txt", "missing", "plans.csv: line 4"]),
    "unknown level": (
        lambda d: edit(d, ",province,吉林", ",state,吉林"),
        ["plans.csv", "line 4", "'state'", "province"],
    ),
    "duplicate id": (
        lambda d: edit(d, "\njilin,", "\nheilongjiang,"),
        ["plans.csv", "line 4", "'heilongjiang'", "line 3"],
    ),
    "same file twice": (
        twin,
        ["plans.csv: line", "'copy'", "'jilin'", "same file"],
    ),
    "malformed date": (lambda d: edit(d, "2021-12", "Dec 2021"), ["line 4", "'Dec 2021'", "YYYY-MM"]),
    "no register": (lambda d: (d / "raw/plans.csv").unlink(), ["no register", "plans.csv"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_clear_line_and_writes_nothing(tmp_path, capsys, case):
    from libplans.cli import main

    data = project(tmp_path)
    BAD[case][0](data)
    assert main(["report", "--data", str(data)]) != 0
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert all(part in message for part in BAD[case][1]), message
    assert not (data / "processed").exists()


@pytest.mark.parametrize(
    "content, word", [("规划".encode("gb18030"), "UTF-8"), (b"", "empty"), (b" \n\n", "empty"), (b"---\n", "no letter")]
)
def test_a_file_that_cannot_be_read_is_refused_with_its_name(tmp_path, content, word):
    (tmp_path / "bad.txt").write_bytes(content)
    with pytest.raises(lp.PlanError, match=word) as error:
        lp.read_texts(tmp_path / "bad.txt")
    assert "bad.txt" in str(error.value) and "\n" not in str(error.value)


def test_add_registers_a_plan_once(tmp_path, capsys):
    from libplans.cli import main

    data = project(tmp_path)
    (tmp_path / "新 馆.txt").write_text('甲市图书馆"十四五"规划\n一、任务\n每年举办讲座10场。\n', "utf-8")
    call = [
        "add",
        str(tmp_path / "新 馆.txt"),
        "--plan",
        "jia",
        "--title",
        '甲市图书馆,"十四五"规划',
        "--issuer",
        "甲市图书馆",
        "--level",
        "city",
        "--data",
        str(data),
    ]
    assert main(call) == 0
    corpus = lp.load(data)
    assert corpus.plan_ids[-1] == "jia" and corpus.plans["title"].iloc[-1] == '甲市图书馆,"十四五"规划'
    before = {path.name: path.read_bytes() for path in (data / "raw").iterdir()}
    assert main(call) == 1 and "taken" in capsys.readouterr().err
    assert main([*call[:2], "--plan", "yi", *call[4:]]) == 1 and "already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (data / "raw").iterdir()} == before


def many(tmp_path, count):
    """`count` plans in a folder, cut from the shipped ones."""
    text = "".join((DATA / "raw" / f"{plan}.txt").read_text("utf-8") for plan in ("jilin", "national"))
    for number in range(count):
        (tmp_path / f"p{number:03d}.txt").write_text(text[number * 300 : number * 300 + 2000], "utf-8")
    return tmp_path


def test_many_files_read_by_two_processes_give_the_tables_that_one_gives(tmp_path, monkeypatch):
    many(tmp_path, 30)
    alone, seen = lp.read_texts(tmp_path), []
    monkeypatch.setattr("libplans.corpus.processes_for", lambda sizes: 2)
    together = lp.read_texts(tmp_path, lambda done, total: seen.append((done, total)))
    assert seen == [(done, 30) for done in range(1, 31)]
    for name in ("plans", "cleaning", "sections", "sentences"):
        assert getattr(alone, name).equals(getattr(together, name)), name
    plan = alone.plan_ids[-1]
    assert alone.raw[plan] == together.raw[plan] and alone.stream(plan).chars == together.stream(plan).chars
    assert together.rows("sentences", plan).equals(alone.sentences.query("plan == @plan").reset_index(drop=True))
    assert together.sentence_sections(plan).tolist() == together.rows("sentences", plan)["section"].tolist()


def test_the_first_bad_file_is_the_one_that_is_named_however_many_read(tmp_path, monkeypatch):
    many(tmp_path, 30)
    (tmp_path / "p007.txt").write_bytes(b"")
    (tmp_path / "p023.txt").write_bytes(b"\xff")
    for processes in (1, 2):
        monkeypatch.setattr("libplans.corpus.processes_for", lambda sizes, processes=processes: processes)
        with pytest.raises(lp.PlanError, match="p007.txt: the file is empty"):
            lp.read_texts(tmp_path)


def test_files_are_read_here_where_no_process_can_be_started(tmp_path, monkeypatch):
    many(tmp_path, 20)
    monkeypatch.setattr("libplans.corpus.processes_for", lambda sizes: 2)
    monkeypatch.setattr("libplans.workers._START", "raise SystemExit(3)")
    assert len(lp.read_texts(tmp_path).sentences) == len(lp.read_texts(sorted(tmp_path.iterdir())[:20]).sentences) > 0


def test_a_raw_file_that_changes_during_a_run_is_noticed_and_not_mixed_in(tmp_path):
    data = project(tmp_path)
    corpus = lp.load(data)
    text = corpus.raw["jilin"]
    corpus.check_files()
    (data / "raw" / "jilin.txt").write_text("改", "utf-8")
    with pytest.raises(lp.PlanError, match="jilin.txt: changed while"):
        corpus.check_files()
    assert corpus.raw["jilin"] == text and "改" not in corpus.rows("sentences", "jilin")["text"].tolist()
