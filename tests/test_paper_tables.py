"""Tables for papers: what stands in them, worked by hand; and that no text in them is run, lost or breaks the file."""

import csv
import io
import zipfile
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libplans import tables
from libplans.errors import PlanError
from libplans.papers.cells import parts, shown
from libplans.papers.files import as_paper_table, save_table, to_csv, to_html, write_paper_tables
from libplans.papers.latex import tex, to_tex
from libplans.papers.tables import BUILDERS, PaperTable, paper_table
from libplans.papers.workbook import to_xlsx

HOSTILE = "=HYPERLINK(1) & <b>50%</b> $x_1$ {~^} \\input"


class ToyCorpus:
    """Two plans and a law, as far as the tables of a paper look at them."""

    plans = tables.frame(
        "plans",
        [
            {"plan": "nlc", "title": "国图规划", "issuer": "国家图书馆", "issuer_en": "National Library",
             "level": "national", "role": "plan", "chars": 12345, "sections": 9, "sentences": 80},
            {"plan": "jl", "title": "吉林规划", "region": "吉林", "region_en": "Jilin", "level": "province",
             "role": "plan", "issued": "2021-12", "chars": 500, "sections": 3, "sentences": 20},
            {"plan": "law", "title": "公共图书馆法", "issuer": "全国人大", "level": "national", "role": "reference",
             "chars": 300, "sections": 2, "sentences": 10},
        ],
    )  # fmt: skip
    sentences = tables.frame("sentences", [])


def given_tables():
    reuse = [("jl", "nlc", "verbatim", 150, 0.30, 2), ("jl", "nlc", "adapted", 27, 0.0544, 1),
             ("jl", "law", "formula", 50, 0.10, 3), ("jl", "any", "verbatim", 155, 0.31, 2),
             ("jl", "", "own", 280, 0.56, 0), ("nlc", "", "own", 12345, 1.0, 0)]  # fmt: skip
    swaps = [
        ("jl", "nlc", "国家", "吉林", 4),
        ("nlc", "jl", "吉林", "国家", 4),
        ("jl", "nlc", "", "省", 9),
        ("jl", "nlc", "一", "二", 1),
    ]
    cited = [
        ("nlc", "公共图书馆法", "law"),
        ("jl", "公共图书馆法", "law"),
        ("jl", "公共图书馆法", "law"),
        ("jl", "某意见", "policy"),
    ]
    return {
        "reuse": tables.frame("reuse", [dict(zip(tables.TABLES["reuse"], row, strict=True)) for row in reuse]),
        "substitutions": tables.frame("substitutions", [
            {"target": a, "source": b, "source_text": c, "target_text": d, "count": n, "kind": "region"}
            for a, b, c, d, n in swaps
        ]),
        "leftovers": tables.frame("leftovers", [
            {"plan": "jl", "start": 5, "end": 7, "text": HOSTILE, "belongs_to": "nlc", "strength": "strong",
             "evidence": "name of the other institution or its region: 国图"}
        ]),
        "indicators": tables.frame("indicators", [
            {"plan": plan, "start": 1, "end": 2, "section": 1, "sentence": 3, "raw": "10", "indicator": "讲座",
             "measure": "lectures_annual",
             "value_low": 10, "value_high": None, "bound": "at_least", "unit": "场", "role": "target",
             "frequency": "annual", "period": "十四五", "scope": "library"} for plan in ("nlc", "jl")
        ]),
        "emphasis": pd.DataFrame({"plan": ["nlc", "jl"], "theme": ["heritage", "heritage"], "share": [0.1254, 0.0]}),
        "policy_citations": tables.frame("citations", [
            {"plan": plan, "document": document, "kind": kind, "issuer_level": "national"}
            for plan, document, kind in cited
        ]),
    }  # fmt: skip


def made(name, lang="both"):
    return paper_table(name, ToyCorpus(), given_tables(), lang)


def printed(table):
    """The rows of a table as its CSV gives them, heads first."""
    return list(csv.reader(io.StringIO(to_csv(table).decode("utf-8"))))


# ---------------------------------------------------------------- what stands in them


def test_shares_are_per_cent_as_in_the_text_and_a_pair_with_formulae_alone_is_left_out():
    heads, *rows = printed(made("reuse", "en"))
    assert heads == ["Plan", "Also in", "Verbatim", "Adapted", "Together", "Formulae", "Own words", "Passages"]
    assert rows == [
        ["National Library", "any plan", "0.0", "0.0", "0.0", "0.0", "100.0", "0"],
        ["Jilin", "National Library", "30.0", "5.4", "35.4", "0.0", "", "3"],
        ["Jilin", "any plan", "31.0", "0.0", "31.0", "0.0", "56.0", "2"],
    ]


def test_heads_and_names_stand_in_both_languages_unless_one_is_asked_for():
    assert printed(made("plans"))[0][:2] == ["规划 Plan", "题名 Title"]
    assert printed(made("plans", "zh"))[1:3] == [
        ["国家图书馆", "国图规划", "国家级", "规划", "", "12345", "9", "80"],
        ["吉林", "吉林规划", "省级", "规划", "2021-12", "500", "3", "20"],
    ]
    assert printed(made("plans", "en"))[3][3] == "reference"


def test_a_swap_stands_once_from_the_plan_that_is_first_in_the_register():
    assert printed(made("substitutions", "en"))[1:] == [["National Library", "国家", "Jilin", "吉林", "region", "4"]]


def test_a_leftover_says_its_evidence_in_words_and_its_place():
    (row,) = printed(made("leftovers", "zh"))[1:]
    assert row[2:] == ["国家图书馆", "他馆或他地名称", "强", "5–7"]


def test_documents_cited_by_one_plan_are_counted_in_the_note():
    table = made("citations", "en")
    assert printed(table)[1:] == [["公共图书馆法", "national", "2", "3", "National Library (1); Jilin (2)"]]
    assert table.note[1].startswith("1 further documents are cited by one plan only.")


def test_each_plan_is_a_column_of_the_themes():
    assert printed(made("themes", "en")) == [
        ["Theme", "National Library", "Jilin"],
        ["Written heritage", "12.5", "0.0"],
    ]


def test_targets_and_what_can_be_compared_show_the_bound():
    assert printed(made("targets", "en"))[1][2] == "≥10"
    rows = printed(made("comparable", "en"))[1:]
    assert [row[:4] for row in rows] == [["Lectures", plan, "target", "≥10"] for plan in ("Jilin", "National Library")]
    assert printed(made("targets"))[0][0] == "指标 Measure"


def test_an_unknown_table_or_language_is_refused_in_one_line():
    with pytest.raises(PlanError, match="no table is called 'tables'; known are plans, reuse"):
        paper_table("tables", ToyCorpus(), {})
    with pytest.raises(PlanError, match="lang: 'fr'; use both, zh, en"):
        paper_table("plans", ToyCorpus(), {}, "fr")
    with pytest.raises(PlanError, match="the table reuse is missing"):
        paper_table("reuse", ToyCorpus(), {})


# ---------------------------------------------------------------- the files


class Reader(HTMLParser):
    """The tags of a page, and the texts of its cells."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.cells, self.open = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self.open = True
            self.cells.append("")

    def handle_data(self, data):
        if self.open:
            self.cells[-1] += data

    def handle_endtag(self, tag):
        self.open = self.open and tag not in ("td", "th")


def test_hostile_text_is_text_in_every_format():
    table = made("leftovers", "zh")
    assert printed(table)[1][1] == "'" + HOSTILE  # no formula
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(table))).active
    assert (sheet.cell(3, 2).value, sheet.cell(3, 2).data_type, sheet.cell(3, 2).quotePrefix) == (HOSTILE, "s", True)
    page = Reader(to_html(table).decode("utf-8"))
    assert HOSTILE in page.cells and "script" not in {tag for tag, _ in page.tags}
    assert sum(tag == "b" for tag, _ in page.tags) == 1  # the caption, not the cell
    assert tex(HOSTILE) == (
        r"=HYPERLINK(1) \& \textless{}b\textgreater{}50\%\textless{}/b\textgreater{} \$x\_1\$ "
        r"\{\textasciitilde{}\textasciicircum{}\} \textbackslash{}input"
    )


@given(st.text(alphabet="\\{}$&#%_^~<>|\"'`-[]*a一\n\t\x00=", max_size=12))
def test_no_text_ends_a_cell_a_line_or_a_group_of_the_latex(text):
    told = tex(text)
    stripped = told
    for command in (r"\textbackslash{}", r"\textasciitilde{}", r"\textasciicircum{}", r"\textless{}", r"\textgreater{}",
                    r"\textbar{}", r"\textquotedbl{}", r"\textasciigrave{}", *(f"\\{sign}" for sign in "&%$#_{}"),
                    "'{}", "-{}", "{*}", "{[}", "{]}"):  # fmt: skip
        stripped = stripped.replace(command, "")
    assert not set(stripped) & set('\\{}$&#%_^~<>|"`[]*\n\t\x00')
    assert "--" not in told and "''" not in told


def test_the_workbook_holds_numbers_as_numbers_with_the_rounding_of_the_text():
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(made("reuse", "en")))).active
    cells = {(row, column): sheet.cell(row, column) for row in (3, 4) for column in (3, 4, 7, 8)}
    assert [cells[4, column].value for column in (3, 4, 7, 8)] == [30, 5.4, None, 3]
    assert [cells[4, column].number_format for column in (4, 8)] == ["0.0", "#,##0"]
    assert sheet.cell(1, 1).value == "Wording that a plan shares with others" and sheet.cell(6, 1).value.startswith(
        "Per cent"
    )


def test_the_latex_has_three_lines_and_as_many_cells_in_each_row_as_columns():
    lines = to_tex(made("reuse")).decode("utf-8").splitlines()
    assert [line for line in lines if line in (r"\toprule", r"\midrule", r"\bottomrule")] == [
        r"\toprule",
        r"\midrule",
        r"\bottomrule",
    ]
    rows = [line for line in lines if line.endswith(r"\\") and " & " in line]
    assert len(rows) == 2 + 3 and {row.count(" & ") for row in rows} == {7}
    assert r"吉林 Jilin & 国家图书馆 National Library & 30.0 & 5.4 & 35.4 & 0.0 & – & 3 \\" in rows


@pytest.mark.parametrize(
    ("cells", "kind"),
    [([1] * 30, "table"), ([1] * 31, "longtable"), (["长" * 40] * 9, "table"), (["长" * 400] * 9, "longtable")],
)
def test_a_latex_table_of_many_lines_may_run_over_pages_and_a_short_one_floats(cells, kind):
    told = to_tex(as_paper_table(pd.DataFrame({"a": cells}), "t")).decode()
    assert rf"\begin{{{kind}}}" in told and rf"\end{{{kind}}}" in told


def test_the_html_has_three_lines_and_asks_for_nothing():
    page = Reader(to_html(made("reuse")).decode("utf-8"))
    styles = {tag: [attrs.get("style", "") for name, attrs in page.tags if name == tag] for tag in ("th", "td")}
    assert all("border-top: 1.5pt" in style and "border-bottom: 0.75pt" in style for style in styles["th"])
    assert ["border-bottom: 1.5pt" in style for style in styles["td"]] == [False] * 16 + [True] * 8
    assert ["border-top: 0.75pt" in style for style in styles["td"]] == [True] * 8 + [False] * 16
    assert not {"script", "img", "link"} & {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if {"src", "href"} & set(attrs)]
    assert "规划Plan" in page.cells  # one above the other


def test_many_columns_are_set_in_parts_that_repeat_the_first():
    wide = as_paper_table(pd.DataFrame([["头", *range(20)]], columns=["theme", *map(str, range(20))]), "wide")
    found = parts(wide)
    assert [len(part) for part in found] == [8, 8, 7] and all(part[0] == "theme" for part in found)
    assert [key for part in found for key in part[1:]] == list(map(str, range(20)))
    assert to_tex(wide).decode().count(r"\begin{tabular}") == 3 and len(Reader(to_html(wide).decode()).cells) == 2 * 23


def test_the_same_table_gives_the_same_bytes_and_a_workbook_without_a_date(tmp_path):
    first = {path.name: path.read_bytes() for path in write_paper_tables(ToyCorpus(), given_tables(), tmp_path / "a")}
    again = {path.name: path.read_bytes() for path in write_paper_tables(ToyCorpus(), given_tables(), tmp_path / "b")}
    assert first == again and set(first) == {
        f"{name}.{form}" for name in BUILDERS for form in ("csv", "xlsx", "tex", "html")
    }
    with zipfile.ZipFile(io.BytesIO(first["plans.xlsx"])) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert book.read("docProps/core.xml").count(b">2000-01-01T00:00:00Z<") == 2
    assert all(len(content) < 60_000 for content in first.values())


def test_a_table_of_ones_own_is_saved_the_same_way(tmp_path):
    frame = pd.DataFrame({"=plan": ["吉林", None], "share": [0.123456, float("nan")], "n": [1234, 5]})
    paths = save_table(frame, "mine", tmp_path, caption="Mine", note="A note.")
    assert [path.name for path in paths] == ["mine.csv", "mine.xlsx", "mine.tex", "mine.html"]
    assert list(csv.reader(paths[0].read_text("utf-8").splitlines())) == [
        ["'=plan", "share", "n"],
        ["吉林", "0.123", "1234"],
        ["", "", "5"],
    ]
    sheet = openpyxl.load_workbook(paths[1]).active
    assert (sheet.cell(2, 1).value, sheet.cell(2, 1).data_type, sheet.cell(3, 2).value) == ("=plan", "s", 0.123)
    assert "A note." in paths[2].read_text("utf-8") and "1,234" in paths[3].read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "formats", "said"), [("a/b", "csv", "not a plain file name"), ("a", "docx", "'docx' is unknown")]
)
def test_a_bad_name_or_format_writes_nothing(tmp_path, name, formats, said):
    with pytest.raises(PlanError, match=said):
        save_table(pd.DataFrame({"a": [1]}), name, tmp_path, formats)
    with pytest.raises(PlanError, match="the same head"):
        save_table(pd.DataFrame([[1, 2]], columns=["a", "a"]), "b", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_in_a_notebook_a_table_shows_itself_and_its_text_has_no_address():
    table = made("plans")
    assert "<table" in table._repr_html_() and repr(table).startswith("<PaperTable plans (both), 3 rows: plan, title")


def test_an_empty_table_has_its_heads_in_every_format(tmp_path):
    none = given_tables() | {"leftovers": tables.frame("leftovers", [])}
    table = paper_table("leftovers", ToyCorpus(), none, "en")
    assert isinstance(table, PaperTable) and printed(table) == [
        ["Plan", "Wording", "Belongs to", "Evidence", "Strength", "Place"]
    ]
    assert len(save_table(table, "leftovers", tmp_path)) == 4


def test_what_says_nothing_is_a_dash_among_numbers_and_blank_among_texts():
    assert [shown(value, "share") for value in (None, 0.0, 0.2649)] == ["–", "0.0", "26.5"]
    assert [shown(value) for value in (None, "", " a\tb\x00")] == ["", "", "a b"]
