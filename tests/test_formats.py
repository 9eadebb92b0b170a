"""HTML, DOCX and PDF: every character of a document that one can read, in order, paragraphs and tables whole."""

import io
import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from make_documents import W, docx, lines, numbering, paragraph, pdf, run, table

import libplans as lp
from libplans.corpus import Corpus, read_plan
from libplans.reading.formats import extract, extract_text
from libplans.reading.formats.numbering import chinese_number, number_text
from libplans.tables import TABLES

ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "p", "role": "plan", "title": "某市图书馆发展规划"}
LISTS = numbering(
    ("chineseCounting", "%1、"),
    ("chineseCountingThousand", "（%2）"),
    ("decimal", "%3."),
    ("decimalEnclosedCircle", "%4"),
)


def read(data, name):
    return Corpus([read_plan(ROW, extract_text(data, name))])


def body(corpus):
    return list(corpus.sentences.query("kind == 'body'")["text"])


# Word


def test_word_paragraphs_carry_the_numbers_that_word_draws():
    levels = [
        ("总体要求", 0),
        ("指导思想", 1),
        ("基本原则", 1),
        ("坚持公益", 2),
        ("细则", 3),
        ("重点任务", 0),
        ("馆藏", 1),
        ("图书", 2),
    ]
    text = extract_text(docx("".join(paragraph(t, n) for t, n in levels), numbering=LISTS), "a.docx")
    drawn = [line for line in text.strip().split("\n") if line]
    assert drawn == [
        "一、总体要求",
        "（一）指导思想",
        "（二）基本原则",
        "1. 坚持公益",
        "① 细则",
        "二、重点任务",
        "（一）馆藏",
        "1. 图书",
    ]


@pytest.mark.parametrize(
    "value, style, drawn",
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (20, "chineseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (110, "chineseCountingThousand", "一百一十"),
        (2024, "ideographDigital", "二〇二四"),
        (3, "chineseLegalSimplified", "叁"),
        (3, "ideographTraditional", "丙"),
        (27, "upperLetter", "AA"),
        (14, "lowerRoman", "xiv"),
        (5, "decimalEnclosedCircle", "⑤"),
        (21, "decimalEnclosedCircle", "21"),
        (7, "decimalZero", "07"),
        (7, "unheard-of", "7"),
    ],
)
def test_number_formats(value, style, drawn):
    assert number_text(value, style) == drawn


def test_chinese_numbers_are_read_back_by_another_reader():
    from libplans.indicators.numerals import han_value

    assert all(han_value(chinese_number(n)) == n for n in [*range(1, 300), 1001, 1010, 9999, 10_000, 10_500, 20_003])


def test_a_list_that_a_style_gives_counts_too_and_one_that_starts_anew_does():
    styles = f'<w:styles {W}><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    lists = LISTS.replace(
        "</w:numbering>",
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>',
    )
    anew = paragraph("再起", 0).replace('numId w:val="1"', 'numId w:val="2"')
    text = extract_text(
        docx(paragraph("甲", style="a") + paragraph("乙", style="b") + anew, numbering=lists, styles=styles), "a.docx"
    )
    assert [line for line in text.strip().split("\n") if line] == ["一、甲", "二、乙", "一、再起"]


def test_word_tables_keep_rows_and_cells():
    merged = table(["指标", "2020年", "2025年"], ["馆藏（万册）", "100", "300"]).replace(
        "<w:tc>", '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>', 1
    )
    corpus = read(docx(paragraph("规划指标如下。") + merged + paragraph("以上指标为预期性。")), "a.docx")
    assert list(corpus.sentences.query("kind == 'table'")["text"]) == [
        "指标\t\t2020年\t2025年",
        "馆藏（万册）\t100\t300",
    ]


def test_what_was_struck_out_or_noted_in_the_margin_is_left_out_and_said():
    change = "<w:del><w:r><w:delText>旧话</w:delText></w:r></w:del><w:ins><w:r><w:t>新话。</w:t></w:r></w:ins>"
    comments = f"<w:comments {W}><w:comment><w:p>{run('请核')}</w:p></w:comment></w:comments>"
    found = extract(docx(f"<w:p>{run('改为')}{change}</w:p>", comments=comments), "a.docx")
    assert found.text.strip() == "改为新话。"
    assert found.notes == ["1 comment left out", "1 tracked deletion left out"]


def test_word_footnotes_become_note_lines_with_their_mark():
    notes = f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="4"><w:p>{run("含电子图书。")}</w:p></w:footnote></w:footnotes>'
    corpus = read(
        docx(
            f'<w:p>{run("藏量达到300万册")}<w:r><w:footnoteReference w:id="4"/></w:r>{run("。")}</w:p>', footnotes=notes
        ),
        "a.docx",
    )
    assert body(corpus) == ["藏量达到300万册。"]
    assert list(corpus.sentences.query("kind == 'note'")["text"]) == ["含电子图书。"]


def test_a_heading_style_without_a_number_is_a_heading():
    styles = f'<w:styles {W}><w:style w:styleId="h"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    corpus = read(
        docx(
            paragraph("某市图书馆发展规划")
            + paragraph("保障措施", style="h")
            + paragraph("落实经费。")
            + paragraph("附则", style="h")
            + paragraph("本规划由馆办解释。"),
            styles=styles,
        ),
        "a.docx",
    )
    assert list(corpus.sections["title"])[1:] == ["保障措施", "附则"]


def test_each_word_paragraph_stays_one_paragraph():
    items = ["推进智慧图书馆建设与服务创新工作", "加强古籍保护", "完善制度", "人才队伍建设稳步推进并取得成效"]
    corpus = read(docx("".join(map(paragraph, ["图书馆事业取得长足进步。", *items, *["服务读者。"] * 10]))), "a.docx")
    assert set(items) <= set(corpus.sentences["text"])


@pytest.mark.parametrize(
    "data, says",
    [
        (b"PK\x03\x04 cut", "damaged"),
        (docx("<w:p/>")[:-30], "damaged"),
        (docx(paragraph("图")).replace(b"word/document", b"word/documenx"), "archive|damaged"),
        (docx("<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>"), "not whole XML"),
        (docx("<w:p/>"), "no letter"),
        (docx(paragraph("图" * 9_000_000)), "far more than a document holds"),
        (docx(paragraph("文字"), footnotes="\0"), "footnotes.xml is not whole XML"),
    ],
)
def test_a_word_file_that_is_damaged_or_a_trap_is_refused(data, says):
    with pytest.raises(lp.PlanError, match=says):
        extract_text(data, "a.docx")


def test_an_xml_file_with_a_document_type_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<!DOCTYPE w:document [<!ENTITY a "图书">]><w:document {W}><w:body>{paragraph("&a;")}</w:body></w:document>',
        )
    with pytest.raises(lp.PlanError, match="document type"):
        extract_text(out.getvalue(), "a.docx")


# web pages

PAGE = """<html><head><title>政务网</title><script>var a = "脚本";</script></head><body>
<div class="nav"><a href="/">首页</a> <a href="/a">公开</a></div><h1>某市图书馆发展规划</h1>
<div id="zoom"><p>　　图书馆
事业发展迅速<sup>[1]</sup>，&ldquo;书香&rdquo;城市建设 New
Library 取得进步。</p><h2>总体要求</h2><p>坚持公益，坚持均等，坚持便利，坚持以人民为中心的发展思想。</p>
<table><tr><th>指标</th><th colspan="2">2025年</th></tr><tr><td><p>馆藏</p><p>总量</p></td><td>300</td><td>万册</td></tr></table>
<ol start="3"><li>完善制度。</li><li>健全机制。</li></ol></div><div class="footer">版权所有 某市 ICP备1号</div></body></html>"""


def test_a_web_page_gives_its_text_without_the_frame_of_the_site():
    text = extract_text(PAGE.encode(), "a.html")
    assert [line for line in text.strip("\f").split("\n") if line] == [
        "某市图书馆发展规划",
        "　　图书馆事业发展迅速¹，“书香”城市建设 New Library 取得进步。",
        "# 总体要求",
        "坚持公益，坚持均等，坚持便利，坚持以人民为中心的发展思想。",
        "指标\t2025年",
        "馆藏总量\t300\t万册",
        "3. 完善制度。",
        "4. 健全机制。",
    ]


GOVERNMENT = """<html><head><title>某市图书馆发展规划_某市人民政府</title></head><body><div class="top">今天是星期五</div>
<div class="nav"><a>首页</a></div><div class="position">当前位置：<a>政务公开</a></div>
<div class="article"><div class="title">某市图书馆发展规划</div><div>发布时间：2021-12-31 浏览次数：9</div><div id="zoom">
<font>&nbsp;&nbsp;&nbsp;&nbsp;一、发展基础<br>&nbsp;&nbsp;&nbsp;&nbsp;全市公共图书馆总藏量达到236万册，服务效能明显提升<span style="display:none">关键词堆砌</span>。<br>
&#12288;&#12288;二、主要目标<br>服务体系更加健全，读者满意度达到97%以上。</font>
<table><tr><td rowspan="2">指标</td><td>2020年</td><td>2025年</td></tr><tr><td>236</td><td>320</td></tr></table></div>
<div class="bdsharebuttonbox">分享到：<a>微信</a></div></div><div class="footer">主办：某市人民政府办公室</div></body></html>"""


def test_a_government_page_gives_its_document_and_says_what_it_leaves_out():
    found = extract(GOVERNMENT.encode("gb18030"), "a.html")
    assert [line for line in found.text.strip("\f").split("\n") if line] == [
        "某市图书馆发展规划",
        "　　一、发展基础",
        "　　全市公共图书馆总藏量达到236万册，服务效能明显提升。",
        "　　二、主要目标",
        "服务体系更加健全，读者满意度达到97%以上。",
        "指标\t2020年\t2025年",
        "\t236\t320",
    ]
    said = "".join(found.notes)
    for piece in ("关键词堆砌", "首页", "主办：某市人民政府办公室", "今天是星期五", "当前位置", "发布时间", "分享到"):
        assert piece in said


@pytest.mark.parametrize(
    "declared, codec",
    [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "gb18030"), ("gbk", "utf-8"), ("", "gb18030")],
)
def test_a_page_is_decoded_right_even_where_it_declares_wrongly(declared, codec):
    page = PAGE.replace("<head>", f'<head><meta charset="{declared}">' if declared else "<head>")
    assert extract_text(page.encode(codec), "a.html") == extract_text(PAGE.encode(), "a.html")


@pytest.mark.parametrize(
    "page, says",
    [
        ("<html><body><script>1</script></body></html>", "no text|no HTML"),
        ("<i>" * 300_000, "tags"),
        ("<p>。</p>", "no letter"),
    ],
)
def test_a_page_without_text_is_refused(page, says):
    with pytest.raises(lp.PlanError, match=says):
        extract_text(page.encode(), "a.html")


# PDF

FIRST = "图书馆是开展社会教育的公共文化设施，承担着保存人类文化遗产、传播科学知识、开展社会教育的重要职责，五年来服务效能明显提升。"
SECOND = "第%s个五年规划时期，要坚持以人民为中心的发展思想，推动公共图书馆服务均等化，保障人民群众基本文化权益，让读者共享发展的成果。"
LONG_HEAD = "一、坚持以人民为中心的工作导向全面提升公共图书馆服务效能和文献资源保障水平"


def over(page):
    """The paragraph that goes over from the page before `page` (counted from 0)."""
    return SECOND.replace("%s", "零一二三四"[page])


def paged(count=4):
    """A PDF of `count` pages: running header, page number, a paragraph that goes over the page, a table, a footnote."""
    pages = []
    for i in range(count):
        items = [(230, 800, 9, "某市图书馆发展规划"), (285, 40, 12, f"— {i + 1} —")]
        above = [(90, 760, 14, over(i)[28:58]), (90, 736, 14, over(i)[58:])]  # the rest of the page before
        rest, y = lines(FIRST, 760) if i == 0 else (above, 712)
        items += rest
        if i == 0:
            items += [(118, y, 14, LONG_HEAD[:28]), (90, y - 24, 14, LONG_HEAD[28:])]
            items += [(118, y - 48, 14, "落实经费保障"), (202, y - 43, 8, "12"), (218, y - 48, 14, "。")]
            items += [(90, 72, 9, "12含各级财政拨款。")]
        if i == 1:
            items += [(100, 612, 12, "指标"), (300, 612, 12, "目标"), (100, 582, 12, "藏量"), (300, 582, 12, "300")]
            items += [(90, y, 400, y) for y in (630, 600, 570)] + [(x, 570, x, 630) for x in (90, 290, 400)]
        if i < count - 1:
            items += [(118, 100, 14, over(i + 1)[:28])]
        pages.append(items)
    return pdf(*pages)


@pytest.fixture(scope="module")
def paper():
    return read(paged(), "a.pdf")


def test_pdf_lines_are_paragraphs_again_also_over_a_page(paper):
    assert body(paper).count(FIRST) == 1
    assert [body(paper).count(over(page)) for page in (1, 2, 3)] == [1, 1, 1]


def test_no_header_or_page_number_stays_in_the_text(paper):
    assert not [text for text in paper.sentences["text"] if re.search(r"—|\d —", text)]
    assert [(row.kind, row.text) for row in paper.sentences.itertuples() if "某市" in row.text] == [
        ("heading", "某市图书馆发展规划")
    ]
    assert list(paper.cleaning.query("rule == 'page_number'")["text"]) == [f"— {n} —" for n in (1, 2, 3, 4)]
    assert len(paper.cleaning.query("rule == 'running_header'")) >= 3


def test_a_heading_over_two_lines_is_one_and_a_ruled_table_keeps_its_cells(paper):
    assert list(paper.sections["title"])[1:] == [LONG_HEAD[2:]]
    assert list(paper.sentences.query("kind == 'table'")["text"]) == ["指标\t目标", "藏量\t300"]


def test_a_raised_digit_is_a_footnote_mark_and_small_type_below_is_the_note(paper):
    assert "落实经费保障。" in body(paper)
    assert list(paper.sentences.query("kind == 'note'")["text"]) == ["含各级财政拨款。"]


def test_han_characters_come_out_in_reading_order_whatever_the_order_of_drawing():
    pieces = [FIRST[i : i + 30] for i in range(0, len(FIRST), 30)]
    items = [(90, 700 - 24 * n, 14, piece) for n, piece in enumerate(pieces)]
    random.Random(3).shuffle(items)
    assert extract_text(pdf(items), "a.pdf").split() == [FIRST]


def test_radicals_and_compatibility_forms_become_the_characters_they_stand_for():
    assert extract_text(pdf([(90, 700, 14, "⼀⻅⾯金")]), "a.pdf").strip() == "一见面金"


def test_a_merged_cell_stands_once():
    rules = [(90, y, 400, y) for y in (630, 600, 570)] + [
        (90, 570, 90, 630),
        (400, 570, 400, 630),
        (290, 570, 290, 600),
    ]
    items = [(100, 612, 12, "二〇二五年指标"), (100, 582, 12, "藏量"), (300, 582, 12, "300")]
    assert extract_text(pdf(items + rules), "a.pdf").strip() == "二〇二五年指标\n藏量\t300"


@pytest.mark.parametrize(
    "data, says",
    [
        (pdf([(90, 90, 400, 90)]), "scan"),
        (
            pdf(
                [(90, 700, 14, FIRST[:30])],
                trailer="/Encrypt<</Filter/Standard/V 1/R 2/O(" + "x" * 32 + ")/U(" + "y" * 32 + ")/P -4>>/ID[(a)(a)]",
            ),
            "password",
        ),
        (b"%PDF-1.4\n" + b"\0" * 500, "damaged"),
        (b"no pdf", "%PDF-"),
        (pdf([(90, 700, 14, "\ue001" * 40)]), "OCR"),
    ],
)
def test_a_pdf_that_gives_no_text_is_refused_with_what_to_do(data, says):
    with pytest.raises(lp.PlanError, match=says):
        extract_text(data, "a.pdf")


def test_a_pdf_with_a_broken_table_of_references_is_read_or_refused():
    whole = paged()
    assert extract_text(whole.replace(b"\nxref\n", b"\nxerf\n"), "a.pdf") == extract_text(whole, "a.pdf")


# stored text


@pytest.fixture
def project(tmp_path):
    from libplans.cli import main

    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "plans.csv").write_text(
        ",".join(TABLES["register"]) + "\nold,旧规划,,旧馆,,city,,,,plan,旧馆,old.txt," + "0" * 64 + ",,\n", "utf-8"
    )
    import hashlib

    (raw / "old.txt").write_text("一、旧事\n图书馆。\n", "utf-8")
    digest = hashlib.sha256((raw / "old.txt").read_bytes()).hexdigest()
    (raw / "plans.csv").write_text((raw / "plans.csv").read_text("utf-8").replace("0" * 64, digest), "utf-8")
    (tmp_path / "new.pdf").write_bytes(paged())
    assert (
        main(
            [
                "add",
                str(tmp_path / "new.pdf"),
                "--plan",
                "new",
                "--title",
                "新",
                "--issuer",
                "新馆",
                "--level",
                "city",
                "--data",
                str(tmp_path / "data"),
            ]
        )
        == 0
    )
    return tmp_path / "data"


def test_spans_count_in_the_stored_text_and_a_change_of_it_is_seen(project):
    stored = project / "processed" / "text" / "new.txt"
    corpus = lp.load(project)
    assert corpus.raw["new"].encode() == stored.read_bytes()
    stored.write_bytes(stored.read_bytes().replace("图书馆".encode(), "圖書館".encode(), 1))
    with pytest.raises(lp.PlanError, match="changed since it was extracted"):
        lp.load(project)


def test_a_missing_stored_text_is_extracted_again_and_must_be_the_same(project):
    stored = project / "processed" / "text" / "new.txt"
    before = stored.read_bytes()
    stored.unlink()
    lp.load(project)
    assert stored.read_bytes() == before
    stored.unlink()
    records = project / "processed" / "text" / "texts.csv"
    records.write_text(re.sub("(?<=new.txt,)[0-9a-f]{64}", "0" * 64, records.read_text("utf-8")), "utf-8")
    with pytest.raises(lp.PlanError, match="missing, and pypdfium2 .* otherwise"):
        lp.load(project)


def test_any_files_of_all_formats_are_read_together(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.encode())
    (tmp_path / "b.docx").write_bytes(docx(paragraph("总体要求", 0) + paragraph("坚持公益。"), numbering=LISTS))
    (tmp_path / "c.pdf").write_bytes(paged())
    (tmp_path / "d.md").write_text("# 规划\n\n## 任务\n\n服务读者。\n", "utf-8")
    corpus = lp.read_texts(tmp_path)
    assert corpus.plan_ids == ["a", "b", "c", "d"]
    assert (
        not (tmp_path.parent / "processed").exists()
        and json.dumps(sorted(p.name for p in tmp_path.iterdir())) == '["a.html", "b.docx", "c.pdf", "d.md"]'
    )


def test_extracting_twice_gives_the_same_text():
    for name, data in (
        ("a.pdf", paged()),
        ("a.html", PAGE.encode()),
        ("a.docx", docx(paragraph("图书馆", 0), numbering=LISTS)),
    ):
        assert extract_text(data, Path(name)) == extract_text(data, Path(name))
