"""Word files: every character and cell once, in its place, with the numbers that Word draws."""

import io
import random
import re
import zipfile
from collections import Counter

import pytest
from make_documents import W, docx, numbering, paragraph, run, table

import libplans as lp
from libplans.corpus import Corpus, read_plan
from libplans.reading.formats import extract, extract_text
from libplans.tables import TABLES

ROW = {**dict.fromkeys(TABLES["register"], ""), "plan": "p", "role": "plan", "title": "某市图书馆发展规划"}
LISTS = numbering(("chineseCounting", "第%1章"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"))
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
BOX = f"<w:txbxContent>{paragraph('框中之文。')}</w:txbxContent>"
CHOICE, FALLBACK = f"<mc:Choice Requires='wps'>{BOX}</mc:Choice>", f"<mc:Fallback>{BOX}</mc:Fallback>"
TWICE = f"<mc:AlternateContent {MC}>{CHOICE}{FALLBACK}</mc:AlternateContent>"


def lines(body, **parts):
    """The lines of a document's text."""
    return [line for line in extract_text(docx(body, **parts), "a.docx").strip().split("\n") if line]


def cell(*inside):
    return f"<w:tc>{''.join(inside)}</w:tc>"


def rows(*inside):
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in inside) + "</w:tbl>"


def style(name, properties, **more):
    extra = "".join(f"<w:{key}>{inner}</w:{key}>" for key, inner in more.items())
    return f'<w:style w:styleId="{name}"><w:name w:val="{name}"/><w:pPr>{properties}</w:pPr>{extra}</w:style>'


def styles(*inside):
    return f"<w:styles {W}>{''.join(inside)}</w:styles>"


# content that stands twice in the file, or in another place than on the page


def test_a_text_box_stands_once_behind_its_paragraph_also_in_a_cell():
    held = f"<w:p>{run('正文。')}<w:r>{TWICE}</w:r></w:p>"
    assert lines(held) == ["正文。", "框中之文。"]
    assert lines(rows([cell(held), cell(paragraph("乙"))])) == ["正文。\t乙", "框中之文。"]
    assert extract(docx(held), "a.docx").notes == ["1 text box read as paragraphs"]


def test_of_two_versions_the_one_with_text_is_read():
    versions = f"<mc:Choice Requires='x'><w:p/></mc:Choice><mc:Fallback>{paragraph('后备。')}</mc:Fallback>"
    body = f"<mc:AlternateContent {MC}>{versions}</mc:AlternateContent>"
    assert lines(body) == ["后备。"]


def test_rows_of_a_table_in_a_cell_stand_behind_the_row_around_them():
    inner = table(["馆藏", "300万册"], ["读者", "12万人"])
    outer = rows(
        [cell(paragraph("指标"), inner), cell(paragraph("备注"))], [cell(paragraph("合计")), cell(paragraph("无"))]
    )
    assert lines(outer + paragraph("表后。")) == ["指标\t备注", "馆藏\t300万册", "读者\t12万人", "合计\t无", "表后。"]


def test_a_table_of_one_column_around_paragraphs_is_a_box():
    frame = rows([cell(paragraph("专栏1 全民阅读"))], [cell(paragraph("读书节。"), paragraph("流动图书馆。"))])
    assert lines(frame) == ["专栏1 全民阅读", "读书节。", "流动图书馆。"]


def test_paragraphs_of_a_cell_are_kept_apart():
    words = cell(paragraph("办公室"), paragraph("采编部"))
    sentences = cell(paragraph("建成总馆。"), paragraph("建成分馆。"))
    assert lines(rows([words, sentences])) == ["办公室 采编部\t建成总馆。建成分馆。"]


def merged(rng):
    """A table with cells merged sideways and downwards: its XML, and its rows worked out by hand."""
    xml, drawn = "", []
    for i in range(4):
        line, out = "", []
        for j in range(3):
            wide, down = rng.randint(1, 2), i and rng.random() < 0.2
            text = f"格{i}{j}"
            properties = f'<w:gridSpan w:val="{wide}"/>' + ("<w:vMerge/>" if down else "")
            line += f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"
            out += ["" if down else text] + [""] * (wide - 1)
        xml += f"<w:tr>{line}</w:tr>"
        drawn.append("\t".join(out).rstrip("\t"))
    return f"<w:tbl>{xml}</w:tbl>", [row for row in drawn if row]


@pytest.mark.parametrize("seed", range(5))
def test_merged_cells_stand_once_and_keep_the_columns(seed):
    xml, drawn = merged(random.Random(seed))
    assert lines(xml + paragraph("完。")) == [*drawn, "完。"]


# tracked changes and hidden text


def test_a_struck_paragraph_mark_joins_two_paragraphs():
    struck = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('推进总分馆')}</w:p>"
    assert lines(struck + paragraph("制建设。", 0), numbering=LISTS) == ["第一章 推进总分馆制建设。"]


def test_text_that_a_character_style_hides_is_left_out_and_said():
    hidden = '<w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    secret = '<w:r><w:rPr><w:rStyle w:val="h"/></w:rPr><w:t>内部</w:t></w:r>'
    found = extract(docx(f"<w:p>{run('公开。')}{secret}</w:p>", styles=styles(hidden)), "a.docx")
    assert (found.text.strip(), found.notes) == ("公开。", ["1 hidden run left out"])


def test_what_is_not_text_or_not_of_the_body_is_said():
    picture = '<w:r><w:drawing><pic:pic xmlns:pic="p"/></w:drawing></w:r>'
    found = extract(docx(f"<w:p>{run('图书。')}{picture}</w:p><w:altChunk/>"), "a.docx")
    assert found.notes == ["1 embedded file left out", "1 picture left out, with any text in them"]
    with pytest.raises(lp.PlanError, match="embedded file"):
        extract_text(docx("<w:altChunk/>"), "a.docx")


def test_parts_are_found_by_their_relationships():
    out = io.BytesIO()
    note = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{run("注文。")}</w:p></w:footnote></w:footnotes>'
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    targets = {"footnotes": "notes7.xml", "header": "/word/top.xml", "footer": "low.xml"}
    relations = "".join(f'<Relationship Type="x/{kind}" Target="{name}"/>' for kind, name in targets.items())
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body><w:p>{run('正文')}{call}</w:p></w:body></w:document>"
        )
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
        archive.writestr("word/notes7.xml", note)
        archive.writestr("word/top.xml", f"<w:hdr {W}><w:p>{run('某市文件')}</w:p></w:hdr>")
        archive.writestr("word/low.xml", f"<w:ftr {W}><w:p/></w:ftr>")
    found = extract(out.getvalue(), "a.docx")
    assert (found.text.split(), found.notes) == (["正文¹", "¹注文。"], ["1 header or footer left out"])


# numbers


def test_an_empty_numbered_paragraph_counts():
    body = paragraph("甲", 0) + paragraph("", 0) + paragraph("丙", 0)
    assert lines(body, numbering=LISTS) == ["第一章 甲", "第三章 丙"]


def test_a_level_that_is_passed_over_counts_as_begun():
    lists = numbering(("decimal", "%1."), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"))
    body = paragraph("先", 1) + paragraph("后", 0) + paragraph("深", 2) + paragraph("浅", 1)
    assert lines(body, numbering=lists) == ["1.1 先", "2. 后", "2.1.1 深", "2.2 浅"]  # as LibreOffice draws them


def test_a_start_anew_waits_for_its_own_level():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{override}</w:num></w:numbering>'
    lists = numbering(("decimal", "%1."), ("decimal", "%1.%2")).replace("</w:numbering>", again)
    second = lambda text, level: paragraph(text, level).replace('numId w:val="1"', 'numId w:val="2"')  # noqa: E731
    body = paragraph("甲", 0) + paragraph("乙", 0) + second("丙", 1) + second("丁", 0) + second("戊", 0)
    assert lines(body, numbering=lists) == ["1. 甲", "2. 乙", "2.1 丙", "1. 丁", "2. 戊"]


def test_a_level_belongs_to_its_style_and_a_list_to_a_style_of_lists():
    linked = LISTS.replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:pStyle w:val="二级"/>')
    body = paragraph("总则", style="一级") + paragraph("目的", style="二级")
    named = styles(
        style("一级", '<w:numPr><w:numId w:val="1"/></w:numPr>'),
        style("二级", '<w:numPr><w:numId w:val="1"/></w:numPr>'),
    )
    assert lines(body, numbering=linked, styles=named) == ["第一章 总则", "一.1 目的"]
    home = LISTS.replace('abstractNumId="7">', 'abstractNumId="7"><w:styleLink w:val="公文"/>').replace(
        "<w:num ", '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="公文"/></w:abstractNum><w:num ', 1
    )
    assert lines(
        paragraph("总则", 0), numbering=home.replace('<w:abstractNumId w:val="7"/>', '<w:abstractNumId w:val="9"/>')
    ) == ["第一章 总则"]


def test_decimal_numbers_of_headings_in_a_style_are_headings():
    headings = styles(style("h1", '<w:outlineLvl w:val="0"/>'), style("h2", '<w:outlineLvl w:val="1"/>'))
    lists = numbering(("decimal", "%1"), ("decimal", "%1.%2"))
    parts = [("总则", 0, "h1"), ("目的", 1, "h2"), ("资源", 0, "h1"), ("馆舍", 1, "h2")]
    body = "".join(paragraph(text, level, name) + paragraph("图书馆服务读者。") for text, level, name in parts)
    text = extract_text(docx(body, numbering=lists, styles=headings), "a.docx")
    sections = Corpus([read_plan(ROW, text)]).sections.iloc[1:]
    assert list(sections["number"] + " " + sections["title"]) == ["1 总则", "1.1 目的", "2 资源", "2.1 馆舍"]
    assert list(sections["depth"]) == [1, 2, 1, 2]


def test_footnotes_and_endnotes_count_apart():
    call = lambda kind, n: f'<w:r><w:{kind}Reference w:id="{n}"/></w:r>'  # noqa: E731
    note = lambda kind, text: f'<w:{kind}s {W}><w:{kind} w:id="1"><w:p>{run(text)}</w:p></w:{kind}></w:{kind}s>'  # noqa: E731
    body = f"<w:p>{run('藏量')}{call('footnote', 1)}{run('和读者')}{call('endnote', 1)}</w:p>" + paragraph("完。")
    parts = {"footnotes": note("footnote", "含电子书。"), "endnotes": note("endnote", "含外地读者。")}
    assert lines(body, **parts) == ["藏量¹和读者¹", "¹含电子书。", "完。", "¹含外地读者。"]


# symbols, formulas, fields


def test_symbols_are_the_characters_that_they_draw():
    sym = lambda font, code: f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'  # noqa: E731
    drawn = '<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0a3</w:t></w:r>'
    signs = [sym("Symbol", "F0B3"), sym("Wingdings", "F0FE"), sym("Wingdings", "F099")]
    body = [run("满意度"), signs[0], run("95%，误差"), drawn, run("1%"), *signs[1:]]
    assert lines(f"<w:p>{''.join(body)}</w:p>") == ["满意度≥95%，误差≤1%☑•"]


def test_fractions_and_powers_of_formulas_are_kept():
    m = lambda text: f"<m:r><m:t>{text}</m:t></m:r>"  # noqa: E731
    ratio = f"<m:oMath {MATH}><m:f><m:num>{m('借阅量')}</m:num><m:den>{m('人口')}</m:den></m:f></m:oMath>"
    area = f"<m:oMath {MATH}><m:sSup><m:e>{m('m')}</m:e><m:sup>{m('2')}</m:sup></m:sSup></m:oMath>"
    assert lines(f"<w:p>{run('率=')}{ratio}{run('，面积500')}{area}</w:p>") == ["率=借阅量/人口，面积500m²"]


HEADINGS = ["一、发展基础", "（一）主要成绩", "二、重点任务", "三、保障措施"]


def contents_and_body(title):
    entry = '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{}<w:r><w:tab/></w:r>{}</w:p>'
    listed = "".join(entry.format(run(text), run(page)) for page, text in enumerate(HEADINGS, 1))
    field = f"<w:sdt><w:sdtContent>{paragraph('目录') if title else ''}{listed}</w:sdtContent></w:sdt>"
    prose = "图书馆坚持公益原则，服务全体读者，保障公民的基本文化权益。"
    return field + "".join(paragraph(text) + paragraph(prose) for text in HEADINGS)


@pytest.mark.parametrize("title", [True, False])
def test_the_contents_that_word_makes_are_contents_and_agree_with_the_headings(title):
    toc = f'<w:styles {W}><w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
    text = extract_text(docx(paragraph("某市图书馆发展规划") + contents_and_body(title), styles=toc), "a.docx")
    corpus = Corpus([read_plan(ROW, text)])
    assert Counter(lp.check_outline(corpus)["status"]) == {"found": len(HEADINGS)}
    assert set(corpus.sentences["kind"]) == {"heading", "body"}


def test_a_strict_file_reads_as_any_other():
    strict = docx(paragraph("甲", 0) + table(["a", "b"]), numbering=LISTS)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            old_name, new_name = (
                b"schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"purl.oclc.org/ooxml/wordprocessingml/main",
            )
            new.writestr(name, old.read(name).replace(old_name, new_name))
    assert extract_text(out.getvalue(), "a.docx") == extract_text(strict, "a.docx")


def test_every_character_of_a_long_mixed_document_comes_out_once():
    rng, body, marks = random.Random(3), "", []
    for i in range(60):
        mark = f"甲{i}乙"
        marks.append(mark)
        kind = rng.choice(["plain", "ins", "link", "sdt", "cell", "box", "field"])
        inner = run(mark)
        body += {
            "plain": f"<w:p>{inner}</w:p>",
            "ins": f"<w:p><w:ins>{inner}</w:ins></w:p>",
            "link": f"<w:p><w:hyperlink>{inner}</w:hyperlink></w:p>",
            "sdt": f"<w:p><w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt></w:p>",
            "cell": rows([cell(f"<w:p>{inner}</w:p>"), cell(paragraph("丙"))]),
            "box": f"<w:p><w:r><w:txbxContent><w:p>{inner}</w:p></w:txbxContent></w:r></w:p>",
            "field": f"<w:p><w:r><w:instrText>PAGE 甲0乙</w:instrText></w:r>{inner}</w:p>",
        }[kind]
    assert re.findall(r"甲\d+乙", extract_text(docx(body), "a.docx")) == marks
