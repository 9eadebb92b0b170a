"""PDF pages as they come: columns, boxes, tables without all their lines, what a browser prints, turned pages."""

import pytest
from make_documents import lines, pdf

from libplans.corpus import Corpus, read_plan
from libplans.reading.formats import extract, extract_text
from libplans.tables import TABLES

ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "p", "role": "plan", "title": "某市图书馆发展规划"}
FIRST = "图书馆是开展社会教育的公共文化设施，承担着保存人类文化遗产、传播科学知识、开展社会教育的重要职责，五年来服务效能明显提升。"
SECOND = "要坚持以人民为中心的发展思想，推动公共图书馆服务均等化，保障人民群众基本文化权益，让读者共享发展的成果，建设书香社会。"
THIRD = "各级人民政府应当加强对公共图书馆工作的领导，将公共图书馆建设纳入本级国民经济和社会发展规划，加大财政投入力度。"


def read(data):
    return Corpus([read_plan(ROW, extract_text(data, "a.pdf"))])


def paragraphs(data):
    return [line.strip("\u3000") for line in extract_text(data, "a.pdf").replace("\f", "\n").split("\n") if line]


def column(texts, left, top, width=15):
    """Paragraphs below each other in a column of `width` characters of 12 points."""
    items = []
    for text in texts:
        drawn, top = lines(text, top, left=left, size=12, width=width, leading=18)
        items += drawn
    return items


def rules(xs, ys, left=None, right=None):
    """The lines of a table: those across from `left` to `right`, those down at `xs`."""
    across = [(left or xs[0], y, right or xs[-1], y) for y in ys]
    return across + [(x, ys[-1], x, ys[0]) for x in xs]


def test_two_columns_are_read_one_after_the_other_and_a_paragraph_goes_on_into_the_second():
    whole = lines(SECOND, 0, left=60, size=12, width=15, leading=18)[0]
    left = column([FIRST], 60, 700) + [(x, 610 - 18 * k, s, t) for k, (x, _, s, t) in enumerate(whole[:2])]
    right = [(x + 200, 691 - 18 * k, s, t) for k, (x, _, s, t) in enumerate(whole[2:])]
    page = [(160, 750, 20, "某市图书馆规划"), *left, *right, *column([THIRD], 260, 619)]
    assert paragraphs(pdf(page)) == ["某市图书馆规划", FIRST, SECOND, THIRD]


def test_short_cells_beside_each_other_are_no_columns():
    names = ("馆藏总量", "流通人次", "活动场次", "分馆数量", "数字资源", "借阅证数", "古籍普查", "少儿文献", "书房数量")
    rows = [(name, "万册（件）", str(30 + i)) for i, name in enumerate(names)]
    page = [
        (x, 700 - 20 * i, 12, cell) for i, row in enumerate(rows) for x, cell in zip((90, 250, 400), row, strict=True)
    ]
    assert paragraphs(pdf(page)) == ["\t".join(row) for row in rows]


def test_a_cell_over_several_lines_is_one_cell_without_ruled_lines():
    head = [(90, 720, 12, "指标"), (200, 720, 12, "说明"), (400, 720, 12, "目标")]
    body = [(90, 690, 12, "馆藏"), (90, 676, 12, "总量"), (200, 690, 12, "含纸质图书、电子")]
    body += [(200, 676, 12, "图书和报刊"), (400, 690, 12, "300")]
    more = [(90, 646, 12, "读者"), (200, 646, 12, "年流通人次"), (400, 646, 12, "260")]
    assert paragraphs(pdf(head + body + more)) == [
        "指标\t说明\t目标",
        "馆藏总量\t含纸质图书、电子图书和报刊\t300",
        "读者\t年流通人次\t260",
    ]


def test_the_lines_of_a_cell_go_to_the_row_that_they_stand_next_to():
    head = [(90, 720, 12, "指标"), (200, 720, 12, "说明"), (400, 720, 12, "目标")]
    body = [
        (200, 690, 12, "含纸质图书、电子"),
        (90, 683, 12, "馆藏"),
        (400, 683, 12, "300"),
        (200, 676, 12, "图书和报刊"),
    ]
    more = [(90, y, 12, name) for y, name in ((654, "读者"), (632, "活动"), (610, "分馆"))]
    more += [(x, y, 12, text) for y in (654, 632, 610) for x, text in ((200, "每年统计"), (400, "260"))]
    assert paragraphs(pdf(head + body + more))[1:3] == ["馆藏\t含纸质图书、电子图书和报刊\t300", "读者\t每年统计\t260"]


def test_a_table_open_at_its_sides_keeps_its_outer_columns():
    cells = [(100, 612, 12, "指标"), (250, 612, 12, "单位"), (400, 612, 12, "目标")]
    cells += [(100, 582, 12, "藏量"), (250, 582, 12, "万册"), (400, 582, 12, "300")]
    assert paragraphs(pdf(cells + rules((220, 370), (630, 600, 570), 90, 480))) == [
        "指标\t单位\t目标",
        "藏量\t万册\t300",
    ]


def test_rows_between_ruled_lines_are_rows_however_their_cells_wrap():
    cells = [
        (100, 640, 12, "指标"),
        (300, 640, 12, "目标"),
        (100, 600, 12, "古籍"),
        (300, 606, 12, "三百"),
        (300, 592, 12, "种"),
    ]
    cells += [(100, 560, 12, "藏量"), (300, 560, 12, "四百万册")]
    across = [(90, y, 480, y) for y in (660, 625, 585, 545)]
    assert paragraphs(pdf(cells + across)) == ["指标\t目标", "古籍\t三百种", "藏量\t四百万册"]


def test_a_row_that_a_page_cuts_in_two_is_one_row():
    frame = rules((90, 200, 400, 480), (130, 100, 60))
    first = [(100, 110, 12, "序号"), (210, 110, 12, "指标"), (410, 110, 12, "目标")]
    first += [(100, 80, 12, "1"), (210, 80, 12, "图书馆总藏量和"), (410, 80, 12, "300")]
    second = [(100, 750, 12, "序号"), (210, 750, 12, "指标"), (410, 750, 12, "目标"), (210, 720, 12, "年新增藏量")]
    corpus = read(pdf(first + frame, second + rules((90, 200, 400, 480), (770, 740, 700))))
    table = list(corpus.sentences.query("kind == 'table'")["text"])
    assert table == ["序号\t指标\t目标", "1\t图书馆总藏量和年新增藏量\t300"]
    assert list(corpus.cleaning["rule"]) == ["repeated_table_header"]


def test_the_paragraphs_of_a_box_stay_apart_from_the_text_around_it():
    box = [(260, 560, 12, "专栏1 重点项目")] + lines(SECOND, 530, left=100, size=12, width=30, leading=18)[0]
    frame = rules((90, 470), (580, 550, 480))
    page = lines(FIRST, 680, left=90, size=14)[0] + box + frame + lines(THIRD, 440, left=90, size=14)[0]
    assert paragraphs(pdf(page)) == [FIRST, "专栏1 重点项目", SECOND, THIRD]


def test_what_a_browser_prints_around_its_pages_goes_out_also_of_two_pages():
    pages = []
    for number, text in ((1, FIRST), (2, SECOND)):
        head = [(30, 815, 8, "2021/12/31 10:05"), (250, 815, 8, "某市图书馆发展规划")]
        foot = [(30, 20, 8, "https://www.example.com/plan.html"), (540, 20, 8, f"{number}/2")]
        pages.append(head + lines(text, 760)[0] + foot)
    corpus = read(pdf(*pages))
    assert list(corpus.sentences.query("kind == 'body'")["text"]) == [FIRST, SECOND]
    assert list(corpus.cleaning["rule"]).count("running_header") == 4


def test_a_page_that_is_turned_or_set_in_vertical_lines_is_read():
    turned = [
        f"q 0 1 -1 0 595 0 cm BT /F1 14 Tf {x} {y - 250} Td <{t.encode('utf-16-be').hex()}> Tj ET Q"
        for x, y, _, t in lines(FIRST, 760)[0]
    ]
    assert paragraphs(pdf(turned)) == [FIRST]
    down = [(500 - 24 * (i // 20), 700 - 17 * (i % 20), 14, character) for i, character in enumerate(FIRST)]
    found = extract(pdf(down), "a.pdf")
    assert found.text.split() == [FIRST]
    assert "page 1: set in vertical lines, read from right to left; compare with the original" in found.notes


def test_a_watermark_is_left_out_and_said_whether_oblique_or_upright():
    word = "内部资料".encode("utf-16-be").hex()
    for mark in (f"q 1 1 -1 1 300 300 cm BT /F1 40 Tf 0 0 Td <{word}> Tj ET Q", (200, 727, 50, "内部资料")):
        pages = [[*lines(text, 760)[0], mark] for text in (FIRST, SECOND, THIRD)]
        found = extract(pdf(*pages), "a.pdf")
        assert found.text.replace("\f", "").replace("\u3000", "").split() == [FIRST, SECOND, THIRD]
        assert any("“内部资料”" in note for note in found.notes)


@pytest.mark.parametrize("mode, kept", [("3 Tr ", False), ("", True)])
def test_invisible_text_counts_only_where_nothing_else_is_there(mode, kept):
    word = "政府信息公开目录索引".encode("utf-16-be").hex()
    page = [*lines(FIRST, 760)[0], f"q BT {mode}/F1 14 Tf 90 500 Td <{word}> Tj ET Q"]
    found = extract(pdf(page), "a.pdf")
    assert ("政府信息公开目录索引" in found.text) == kept
    assert (found.notes[1:] == ["10 invisible characters beside visible ones left out"]) != kept
    scan = extract(
        pdf(
            [
                f"q BT 3 Tr /F1 14 Tf 90 {y} Td <{t.encode('utf-16-be').hex()}> Tj ET Q"
                for _, y, _, t in lines(FIRST, 760)[0]
            ]
        ),
        "a.pdf",
    )
    assert scan.text.split() == [FIRST] and "character recognition" in scan.notes[1]


def test_letters_set_apart_are_no_words_apart():
    page = [(90 + 30 * i, 700 - 30 * k, 14, c) for k in range(5) for i, c in enumerate(FIRST[14 * k : 14 * k + 14])]
    assert paragraphs(pdf(page)) == [FIRST]


def test_a_rare_character_beyond_the_basic_plane_is_kept():
    from libplans.reading.formats.pdf_chars import plain_character

    assert [plain_character(code) for code in (0x20BB7, 0x2F00, 0xFB01, 0xD842, 0xAD)] == ["𠮷", "一", "fi", "", ""]
