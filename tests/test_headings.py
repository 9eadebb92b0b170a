"""Which lines are headings: every rule on a text that one can read, beside a line that only looks like one."""

import pytest

from libplans.corpus import Corpus, read_plan
from libplans.tables import TABLES

ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "p", "role": "plan", "title": "甲市图书馆发展规划"}
ONE = "图书馆坚持以人民为中心的发展思想，保障公民的基本文化权益，提高全民阅读的水平。"
TWO = "五年来，全市公共图书馆事业取得长足进步，服务效能明显提升，读者满意度逐年提高。各级图书馆免费开放，服务读者。"
TEXT = TWO + ONE + TWO


def headings(text, title="甲市图书馆发展规划"):
    """The headings of a text below its title, as (number, title)."""
    corpus = Corpus([read_plan({**ROW, "title": title}, text)])
    told = corpus.sentences.query("kind == 'heading'")["section"]
    rows = corpus.sections[corpus.sections["section"].isin(set(told) - {1})]
    return [(row.number, row.title) for row in rows.itertuples()]


def under(*lines):
    return "\n".join(["甲市图书馆发展规划", *lines]) + "\n"


def test_parts_chapters_and_legal_numerals_are_numbers_of_headings():
    text = under("第一部分 总体战略", "第 二 章  总 体 要 求", TEXT, "壹、前言", TEXT, "貳、現況分析", TEXT)
    assert headings(text) == [
        ("第一部分", "总体战略"), ("第二章", "总 体 要 求"), ("壹、", "前言"), ("貳、", "現況分析"),
    ]  # fmt: skip


def test_numbers_alone_number_the_chapters_of_a_standard():
    text = under(
        "1  范围",
        ONE,
        "2  服务资源",
        "2.1  馆舍",
        TWO,
        "2.1.1  图书馆应当配备馆员。馆员应当持证上岗。",
        "2.2  馆员",
        ONE,
    )
    assert headings(text) == [("1", "范围"), ("2", "服务资源"), ("2.1", "馆舍"), ("2.2", "馆员")]
    assert headings(under("3  个分馆建成开放", ONE, TWO)) == []


@pytest.mark.parametrize("line", ["三、2026年重点工作", "三、“十四五”时期", "三、一网通办"])
def test_a_heading_may_open_with_a_year_a_quotation_or_a_numeral(line):
    assert headings(under("一、回顾", ONE, "二、目标", ONE, line, ONE))[-1] == ("三、", line[2:])


@pytest.mark.parametrize(
    "line", ["一、二级图书馆全部达标", "第三条规定的图书馆免费开放", "第二章的规定适用于分馆", "第二部地方性法规施行"]
)
def test_a_line_that_only_opens_like_a_number_is_none(line):
    assert headings(under(ONE, line + "，并向读者公布。", TWO)) == []


def test_numbered_lines_with_nothing_between_are_a_list():
    items = ["1. 建设总馆", "2. 建设分馆", "3. 建设流动站"]
    assert headings(under("一、任务", ONE, *items, "二、保障", TWO)) == [("一、", "任务"), ("二、", "保障")]
    assert len(headings(under("一、任务", *(line for item in items for line in (item, ONE))))) == 4


def test_labels_with_their_values_are_a_list():
    fields = ["1、报名日期：即日起至6月15日", "2、提交日期：5月15日至6月18日", "3、证书发放：预计七月中旬"]
    assert headings(under("一、赛程安排", *fields, "二、参赛须知", TEXT)) == [
        ("一、", "赛程安排"),
        ("二、", "参赛须知"),
    ]


def test_the_last_of_a_list_with_semicolons_is_no_heading():
    text = under(
        "第一条 本法所称公共文化设施包括：", "（一）图书馆；", "（二）文化馆；", "（三）法律规定的其他设施。", ONE
    )
    assert headings(text) == []


def test_a_closing_clause_above_the_signature_is_no_heading():
    clauses = [
        "一、附则",
        "1．本规划由市图书馆负责解释。",
        "2．本规划自发布之日起施行。",
        "甲市图书馆",
        "二〇一一年三月十五日",
    ]
    assert headings(under(*clauses)) == [("一、", "附则")]


def test_a_label_before_a_colon_is_split_off_also_from_the_last_of_its_kind():
    kinds = [f"{n}.“互联网+”{word}：应用新技术的创业项目；" for n, word in enumerate(["传统产业", "新业态"], 1)]
    text = under("一、参赛项目", *kinds, "3.“互联网+”公共服务：结合教育、医疗的创业项目。", TEXT)
    assert headings(text)[1:] == [("1.", "“互联网+”传统产业"), ("2.", "“互联网+”新业态"), ("3.", "“互联网+”公共服务")]


def test_a_list_of_nouns_heads_a_part_where_no_chapter_is_numbered():
    text = "公共图书馆宣言\n\n资金、立法和网络\n\n" + TEXT + "\n\n运作和管理\n\n" + TEXT + "\n"
    assert [title for _, title in headings(text, "")] == ["资金、立法和网络", "运作和管理"]


FRAME = [
    "当前位置：",
    "首页",
    ">",
    "政务信息",
    "发布日期：",
    "2021-02-09",
    "来源：",
    "甲市日报",
    "【字体：",
    "小",
    "中",
    "大",
    "】",
]


@pytest.mark.parametrize("cover, title", [
    (["甲市图书馆发展规划"], "甲市图书馆发展规划"),
    ([*FRAME, "甲市图书馆发展规划", "（2021—2025年）"], "甲市图书馆发展规划"),
    (["附    录", "责任编辑 王某", "甲市人民政府", "关于发展图书馆的意见", "甲政发〔2013〕9号"],
     "甲市人民政府关于发展图书馆的意见"),
    (["附件", "“十四五”公共文化规划"], "“十四五”公共文化规划"),
    (["甲省国民经济和社会发展", "第十四个五年规划纲要"], "甲省国民经济和社会发展第十四个五年规划纲要"),
])  # fmt: skip
def test_the_title_is_found_on_a_cover_and_no_more_goes_out_than_the_cover(cover, title):
    corpus = Corpus([read_plan({**ROW, "title": ""}, "\n".join([*cover, "一、背景", ONE, "二、任务", TWO]) + "\n")])
    assert corpus.sections["title"].iloc[0] == title
    assert list(corpus.sections["title"])[1:] == ["背景", "任务"]
    assert ONE in "".join(corpus.sentences["text"])


def test_a_paragraph_cut_into_lines_is_no_cover():
    first = [
        "各市人民政府，各县（市、区）人民政府，省政府各部门",
        "图书馆是公共文化服务体系的组成部分，是开展社会教育",
        "的公益设施，要坚持免费",
    ]
    text = "\n".join(["甲省关于发展图书馆事业的意见", *first, "开放。", "一、任务", ONE]) + "\n"
    corpus = Corpus([read_plan({**ROW, "title": ""}, text)])
    assert not (corpus.cleaning["rule"] == "cover").any()


def test_what_is_left_of_a_torn_entry_of_the_contents_is_no_heading():
    assert headings(under("一、任务", ONE, "二、保障......................", TWO)) == [("一、", "任务")]


def test_a_long_heading_among_short_ones_is_split_from_its_text_in_chapters_only():
    long = "聚焦加快构建体现江西特色和优势的现代化产业体系，深化实施行动计划"
    text = under("一、任务", f"（一）发展产业。{ONE}", f"（二）{long}。{ONE}", f"（三）推动创新。{ONE}")
    assert [title for _, title in headings(text)] == ["任务", "发展产业", long, "推动创新"]
    items = under("一、任务", f"1.发展产业。{ONE}", f"2.{long}。{ONE}", f"3.推动创新。{ONE}")
    assert [title for _, title in headings(items)] == ["任务", "发展产业", "推动创新"]


def test_an_annex_has_a_title_and_the_words_that_it_explains_are_no_headings():
    text = under(
        "一、任务",
        ONE,
        "附件",
        "《规划》有关名词注释",
        "1.“一网通办”：政务服务一个入口。",
        "2.GEP核算：生态产品的价值之和。",
    )
    assert [title for _, title in headings(text)] == ["任务", "附件", "《规划》有关名词注释"]


def test_two_numbered_lines_with_nothing_beneath_are_a_list():
    assert headings(under("一、任务", "1. 开展绿化", "2. 保护湿地", "二、保障", ONE)) == [
        ("一、", "任务"),
        ("二、", "保障"),
    ]


@pytest.mark.parametrize("article, found", [
    ("第七条　公共图书馆应当提供下列服务：（一）借阅；（二）讲座。", []),
    ("第七条　违反本条例规定的行为，有关法律有规定的", []),
    ("第七条　公共图书馆应当向读者公开服务项目和开放时间以及其他信息", []),
    ("第七条　规划期限", [("第七条", "规划期限")]),
])  # fmt: skip
def test_an_article_of_a_law_is_a_paragraph_but_may_have_a_title(article, found):
    assert headings(under(article, ONE)) == found


def test_a_label_may_carry_a_decimal_number():
    text = under("战略一 资源为本", "目标1.1 建设特色馆藏", ONE, "目标1.2 优化结构", TWO, "战略二 服务为先", ONE)
    assert headings(text)[1:3] == [("目标1.1", "建设特色馆藏"), ("目标1.2", "优化结构")]


@pytest.mark.parametrize(
    "name", ["甲市图书馆发展规划", "甲市全民阅读行动计划（2022—2024年）", "乙县贯彻落实〈公共图书馆法〉方案"]
)
def test_the_document_that_a_notice_sends_round_opens_with_its_name(name):
    notice = [
        "关于转发有关文件的通知",
        "各分馆：",
        f"现将《{name}》印发给你们，请遵照执行。",
        "甲市图书馆",
        "2022年3月1日",
    ]
    body = ["市教育局 市财政局", TEXT, "一、总体要求", ONE, "二、主要任务", TWO]
    found = [("", name), ("一、", "总体要求"), ("二、", "主要任务")]
    assert headings("\n".join([*notice, name, *body]), "") == found
    cut = len(name) // 2  # set in two lines
    assert headings("\n".join([*notice, name[:cut], name[cut:], *body]), "") == found
    assert headings("\n".join([*notice, f"{name}由馆务会解释。", *body[1:]]), "") == found[1:]


def test_the_items_of_an_article_have_no_titles_but_those_of_a_chapter_do():
    items = ["（一）有固定馆址。馆舍面积不少于八百平方米。", "（二）有专职人员。馆员不少于三人。"]
    law = under(
        "第一章 总则", "第一条 设立图书馆应当具备下列条件：", *items, "第二章 附则", "第二条 本办法自发布之日起施行。"
    )
    assert headings(law) == [("第一章", "总则"), ("第二章", "附则")]
    assert headings(under("一、条件", *items))[1:] == [("（一）", "有固定馆址"), ("（二）", "有专职人员")]


def test_a_label_whose_value_stands_behind_it_is_the_heading_without_its_value():
    text = under(
        "一、活动主题：书香为伴 快乐一生", "二、活动时间：4月1日至30日", "三、活动内容：让阅读走进每个家庭", ONE
    )
    assert headings(text) == [("一、", "活动主题"), ("二、", "活动时间"), ("三、", "活动内容：让阅读走进每个家庭")]


def test_a_date_alone_is_no_title():
    corpus = Corpus([read_plan({**ROW, "title": ""}, f"（2009年4月13日）\n{TWO}\n一、意义\n{ONE}\n二、任务\n{ONE}\n")])
    assert "2009" not in "".join(corpus.sections["title"])


def test_numbers_without_a_blank_or_a_stop_count_where_they_come_in_order():
    text = under(
        "一 发展基础", ONE, "1.1建设成就", ONE, "1.2主要问题", TWO, "二 总体要求", ONE, "2.1万册图书入藏，供读者借阅。"
    )
    assert headings(text) == [("一", "发展基础"), ("1.1", "建设成就"), ("1.2", "主要问题"), ("二", "总体要求")]
    assert headings(under(ONE, "1.5亿元建设资金到位", TWO, "二 馆藏清点之后", "一 读者满意", ONE)) == []
