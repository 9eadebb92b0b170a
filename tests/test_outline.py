"""Outlines of plans of other habits: each with its own contents, which say what must be found."""

import random
from collections import Counter

import pytest

import libplans as lp
from libplans.corpus import Corpus, read_plan
from libplans.reading.layout import read_layout
from libplans.reading.setting import columns, find_setting
from libplans.tables import TABLES

ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "p", "role": "plan", "title": "甲市图书馆发展规划"}
ONE = "图书馆坚持以人民为中心的发展思想，保障公民的基本文化权益，提高全民阅读的水平。"
TWO = "五年来，全市公共图书馆事业取得长足进步，服务效能明显提升，读者满意度逐年提高。各级图书馆免费开放，服务读者。"
TEXT = TWO + ONE + TWO

MARKDOWN = f"""# 甲市图书馆发展规划

## 目录

- 发展环境
- 重点任务
  - 资源建设
  - 服务提升

## 发展环境

{TEXT}

## 重点任务

### 资源建设

{TEXT}

### 服务提升

{TEXT}
"""
CHAPTERS = f"""甲市图书馆发展规划
目　　录
第一章　发展环境………1
第一节　现实基础………2
第二节　面临形势………3
第二章　重点任务………5
第一章　发展环境
第一节　现实基础
　　{TEXT}
第二节　面临形势
　　一、机遇。{ONE}
　　二、挑战。{ONE}
第二章　重点任务
　　{TEXT}
"""
PLAIN = f"""甲市图书馆发展规划

目录

发展环境
总体要求
提升服务品质，建设书香城市

发展环境

{TEXT}

总体要求

{TEXT}

提升服务品质，建设书香城市

{TEXT}
"""
DECIMAL = f"""甲市图书馆发展规划
目次
1. 发展环境\t1
1.1 现实基础\t1
1.1.1 馆藏资源\t2
2. 重点任务\t4
1. 发展环境
{ONE}
1.1 现实基础
{TWO}
1.1.1 馆藏资源
{TEXT}
2. 重点任务
{TEXT}
"""
LABELS = f"""甲市图书馆发展规划
目录
任务一：建设书香城市  2
工程1 流动图书馆  3
工程2 数字阅读  5
任务二：健全服务网络  8

任务一：建设书香城市

{ONE}

工程1 流动图书馆

{TEXT}

工程2 数字阅读

{TEXT}

任务二：健全服务网络

{TEXT}
"""


def torn(text, indented, width=38, page=12):
    """A text as recognition leaves it: lines cut at a width, page numbers and a running header between."""
    lines = []
    for paragraph in text.split("\n"):
        paragraph = "　　" + paragraph if indented else paragraph
        lines += [paragraph[i : i + width] for i in range(0, len(paragraph), width)]
    out = []
    for number, at in enumerate(range(0, len(lines), page), 1):
        out += [*lines[at : at + page], f"— {number} —", "甲市图书馆发展规划"]
    return "\n".join(out) + "\n"


CLAUSES = (
    "坚持公益性原则 保障基本文化权益 完善服务网络建设 推动资源共建共享 优化馆舍空间布局 提升数字服务能力 "
    "培育阅读推广品牌 加强古籍保护利用 健全志愿服务机制 引导社会力量参与 提高馆员专业素养 落实年度经费预算"
).split()


def prose(seed):
    """A paragraph of four sentences, another for every seed."""
    clauses = random.Random(seed).sample(CLAUSES, len(CLAUSES))
    return "".join("，".join(clauses[i : i + 3]) + "。" for i in range(0, 12, 3))


HEADINGS = [
    "一、发展环境",
    "（一）现实基础",
    "（二）面临形势",
    "二、重点任务",
    "（一）完善公共图书馆服务体系",
    "（二）提升效能",
]
HEADINGS += ["三、保障措施", "（一）组织领导", "（二）经费保障"]
BODY = "\n".join(f"{heading}\n{prose(seed)}" for seed, heading in enumerate(HEADINGS))
CONTENTS = "甲市图书馆发展规划\n目录\n" + "".join(
    f"{heading}.......{page}\n" for page, heading in enumerate(HEADINGS, 1)
)


def outline(text):
    return lp.check_outline(Corpus([read_plan(ROW, text)]))


@pytest.mark.parametrize("text, count", [
    (MARKDOWN, 4), (CHAPTERS, 4), (PLAIN, 3), (DECIMAL, 4), (LABELS, 4),
    (CONTENTS + torn(BODY, True), 9), (CONTENTS + torn(BODY, False), 9),
])  # fmt: skip
def test_every_entry_of_the_contents_is_found_and_no_heading_more(text, count):
    assert Counter(outline(text)["status"]) == {"found": count}


@pytest.mark.parametrize("indented", [True, False])
def test_lines_cut_at_a_width_are_whole_paragraphs_again(indented):
    corpus = Corpus([read_plan(ROW, CONTENTS + torn(BODY, indented))])
    found = [corpus.text("p", row.body_start, row.body_end) for row in corpus.sections.iloc[1:].itertuples()]
    assert found == [prose(seed) for seed in range(len(HEADINGS))]


def test_traditional_chinese_has_the_same_outline():
    contents = "甲市圖書館發展規劃\n目錄\n一、發展環境……1\n（一）現實基礎……2\n"
    text = f"{contents}一、發展環境\n{ONE}\n（一）現實基礎\n{TEXT}\n"
    assert Counter(outline(text)["status"]) == {"found": 2}


def test_the_habits_of_a_text():
    wrapped = find_setting(read_layout(torn(BODY, True)))
    assert wrapped.width == 2 * 38 and wrapped.indented and not wrapped.apart
    assert find_setting(read_layout(MARKDOWN)).width == 0 and not find_setting(read_layout(MARKDOWN)).apart
    assert find_setting(read_layout("\f" + MARKDOWN)).apart
    assert columns("图a，１") == 7


def test_paragraphs_that_stand_apart_are_never_run_together():
    opening = ["甲市图书馆发展规划", "一、完善公共图书馆体系全面提升服务", "读者是图书馆的服务对象。"]
    body = "\n\n".join(opening + ["图书馆服务读者。"] * 6)
    corpus = Corpus([read_plan(ROW, "\f" + body + "\n")])
    assert list(corpus.sections["title"])[1:] == ["完善公共图书馆体系全面提升服务"]


@pytest.mark.parametrize(
    "heading", ["使命与愿景 Mission and Vision", "附件：重点项目表", "3个馆、5条街、9座城", "（一）走向何方？"]
)
def test_what_the_contents_list_is_a_heading_whatever_its_signs(heading):
    contents = f"甲市图书馆发展规划\n目录\n一、任务....1\n{heading}....2\n二、保障....3\n"
    assert Counter(outline(f"{contents}一、任务\n{ONE}\n{heading}\n{TWO}\n二、保障\n{ONE}\n")["status"]) == {"found": 3}


def test_a_heading_broken_anywhere_is_put_together_by_the_contents():
    whole = "（一）优化公共图书馆设施布局，推动城乡服务一体化"
    contents = f"甲市图书馆发展规划\n目录\n一、任务....1\n{whole}....2\n"
    for cut in (6, 12, 20):
        text = f"{contents}一、任务\n{ONE}\n{whole[:cut]}\n{whole[cut:]}\n{TWO}\n"
        assert Counter(outline(text)["status"]) == {"found": 2}


CHAPTERED = ["一、发展环境与面临的形势", "（一）现实基础", "二、围绕大局提升服务能力", "（一）服务决策", "三、保障措施"]
UNDERNEATH = "".join(f"{heading}\n{prose(seed)}\n" for seed, heading in enumerate(CHAPTERED))


@pytest.mark.parametrize("contents", [
    # a page number inside the wording, as the lines of a PDF leave it
    "一、发展环境与面临的形势\t1\n（一）现实基础\t2\n二、围绕大局提升服3务能力\n（一）服务决策\t4\n三、保障措施\t5\n",
    # two entries in one line
    "一、发展环境与面临的形势\t1\n（一）现实基础\t2\n二、围绕大局提升服务能力 3（一）服务决策\t4\n三、保障措施\t5\n",
    # a page number in a line of its own
    "一、发展环境与面临的形势\t1\n（一）现实基础\t2\n二、围绕大局提升服务能力…………\n3\n（一）服务决策\t4\n三、保障措施\t5\n",
    # without page numbers, an entry in two lines
    "一、发展环境\n与面临的形势\n（一）现实基础\n二、围绕大局提升服务能力\n（一）服务决策\n三、保障措施\n",
])  # fmt: skip
def test_contents_are_read_to_the_end_however_they_were_torn(contents):
    corpus = Corpus([read_plan(ROW, f"甲市图书馆发展规划\n目录\n{contents}{UNDERNEATH}")])
    assert [(s.number + s.title) for s in corpus.sections.iloc[1:].itertuples()] == CHAPTERED
    found = lp.check_outline(corpus)
    assert list(found["entry"]) == CHAPTERED and set(found["status"]) == {"found"}


@pytest.mark.parametrize(
    "rows",
    [
        "指标\t2020年\t2025年\n藏量\t100\t300万册\n",
        "指标\t2025年\n藏量\t300\n分馆\t12\n",
        "指标\t数值\n藏量\t30\n",
        "分馆\t1\n座席\t20\n",
    ],
)
def test_a_table_behind_the_contents_stays_a_table(rows):
    text = f"甲市图书馆发展规划\n目  录  CONTENTS\n一、任务\t1\n二、保障\t2\n{rows}一、任务\n{ONE}\n二、保障\n{TWO}\n"
    corpus = Corpus([read_plan(ROW, text)])
    assert list(corpus.sentences.query("kind == 'table'")["text"]) == rows.split("\n")[:-1]
    assert list(lp.check_outline(corpus)["status"]) == ["found", "found"]


def test_a_heading_is_extra_only_where_the_contents_list_most_of_its_kind():
    text = "甲市图书馆发展规划\n目录\n一、任务....1\n二、保障....3\n（一）经费....3\n"
    body = [
        f"一、任务\n{ONE}",
        f"（一）总馆\n{ONE}",
        f"（二）分馆\n{ONE}",
        f"二、保障\n{ONE}",
        f"（一）经费\n{ONE}",
        f"三、附带\n{ONE}",
    ]
    found = outline(text + "\n".join(body) + "\n")
    assert list(found.query("status == 'extra'")["heading"]) == ["三、 附带"]


def test_lines_cut_at_a_number_of_characters_go_on_whatever_their_width(tmp_path):
    """34 characters a line: those with many digits are narrower, and still no paragraph ends there."""
    paragraphs = [
        "某县图书馆始建于1978年，1996年在县城人民路26号建成馆舍，面积1460平方米，阅览座席120个。",
        "县财政2011年拨付购书费10万元，2012年12万元，2013年13万元，2014年14万元，2015年增加到15万元。",
        "全年接待读者48000人次，借阅书刊62000册次，分别比2010年增长35%和28%，举办活动36场次，参加3200人次。",
        "为加快公共图书馆事业发展，保障人民群众基本文化权益，根据有关规划，结合本馆实际，特制定本规划，请遵照执行。",
    ]
    wrapped = ["\n".join(text[i : i + 34] for i in range(0, len(text), 34)) for text in paragraphs * 3]
    (tmp_path / "a.txt").write_text("某县图书馆发展规划\n\n" + "\n".join(wrapped) + "\n", "utf-8")
    corpus = lp.read_texts([tmp_path / "a.txt"])
    assert corpus.sentences.query("kind == 'body'")["text"].tolist() == paragraphs * 3
