"""The notebooks as pages: all that was stored is there, nothing runs or leads outside, code on request."""

import base64
import io
import os
import re
from pathlib import Path

import pytest
from chromium import Browser, Page, chromium_path
from lxml import html
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from libplans.errors import PlanError
from libplans.plots.gallery import write_gallery
from libplans.runs.pages import POLICY, export_notebooks

ROOT = Path(__file__).parent.parent
PROSE = """# Reuse & more
# 文本重用

## Bottom line 要点

See [`01_corpus`](01_corpus.ipynb#Which), [here](#Bottom-line-要点), [the data](../data/raw/plans.csv),
[a place](https://example.org/x) and <https://example.org/y>.

<script>steal()</script> <img src="https://example.org/p.png" onerror="steal()"> ![far](https://example.org/q.png)
<a href="javascript:steal()">click</a> <a href="//example.org">and</a> <p style="background: url(https://example.org/r)">x</p>
"""
TABLE = (
    "<div><style>@import url(https://example.org/s.css);</style><table border='1' class='dataframe'>"
    "<tr><th></th><th>plan</th><th>share</th></tr><tr><th>0</th><td>吉林&lt;script&gt;steal()&lt;/script&gt;</td><td>0.26</td></tr></table></div>"
)
DIGEST = "corpus: body characters · 5 rows · a24e042bd9f7\nplan | chars\njilin | 14744\n"


def png():
    """A picture of many colours."""
    stream = io.BytesIO()
    grey = Image.linear_gradient("L").resize((90, 60))
    Image.merge("RGB", [grey, grey.transpose(Image.Transpose.ROTATE_90).resize((90, 60)), grey]).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def outputs():
    picture = new_output("display_data", {"image/png": png(), "text/plain": DIGEST})
    table = new_output("execute_result", {"text/html": TABLE, "text/plain": "table"}, execution_count=1)
    return [picture, new_output("stream", text=DIGEST), new_output("stream", text="kept in sight\n"), table]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with two notebooks and a gallery, and the pages of the notebooks."""
    root = tmp_path_factory.mktemp("project")
    (root / "notebooks").mkdir()
    code = new_code_cell('share = "a < b"  # 中文\nshare', outputs=outputs(), execution_count=1)
    write(new_notebook(cells=[new_markdown_cell(PROSE), code]), root / "notebooks" / "02_reuse.ipynb")
    write(new_notebook(cells=[new_markdown_cell("# Corpus\n\n## Which")]), root / "notebooks" / "01_corpus.ipynb")
    write_gallery(root / "figures")
    export_notebooks(root / "notebooks", root / "figures" / "notebooks")
    return root


@pytest.fixture(scope="module")
def page(project):
    return html.parse(project / "figures" / "notebooks" / "02_reuse.html").getroot()


def addresses(tree):
    """Every address that a page names in an attribute."""
    return [value for element in tree.iter() for name, value in element.items() if re.search(r"src|href|style|:", name)]


def test_links_lead_to_pages_and_into_the_project_and_never_outside(project, page):
    links = {link.text_content(): link.get("href") for link in page.iter("a")}
    assert links["01_corpus"] == "01_corpus.html#Which" and links["the data"] == "../../data/raw/plans.csv"
    assert links["a place"] is links["click"] is links["and"] is links["https://example.org/y"] is None
    assert links["图 Figures"] == "../index.html" and "对读 Reader page" not in links  # none was made here
    (heading,) = [element for element in page.iter("h2")]
    assert (
        links["here"] in ("#Bottom-line-要点", "#Bottom-line-%E8%A6%81%E7%82%B9")
        and heading.get("id") == "Bottom-line-要点"
    )
    assert not [value for value in addresses(page) if re.search(r"https?:|//|javascript|url\(", value)]


def test_nothing_in_a_page_can_run(page):
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "iframe", "object", "link", "form", "base"}
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == POLICY and policy.startswith("default-src 'none'") and "script" not in policy
    assert page.xpath("//td[contains(., '<script>steal()</script>')]")  # as text, it is still shown


def test_title_code_and_outputs_stand_in_the_page(page):
    assert page.findtext("head/title") == "Reuse & more" and page.get("lang") == "en"
    assert [heading.get("lang") for heading in page.iter("h1")] == [None, "zh-Hans"]
    (code,) = page.find_class("input")
    assert code.text_content().strip() == 'share = "a < b"  # 中文\nshare'
    assert [table.get("aria-label") for table in page.iter("table")] == ["Bottom line 要点"]
    assert "kept in sight" in page.text_content() and [cell.get("class") for cell in page.iter("td")] == ["text", None]


def test_a_picture_has_its_words_and_few_colours_and_its_numbers_are_folded(page):
    (picture,) = page.xpath("//img[@src]")
    kind, content = picture.get("src").split(",")
    image = Image.open(io.BytesIO(base64.b64decode(content)))
    assert kind == "data:image/png;base64" and image.size == (90, 60) and len(image.convert("RGB").getcolors()) <= 128
    assert picture.get("alt") == "corpus: body characters"
    (details,) = page.iter("details")
    assert "jilin | 14744" in details.text_content() and details.get("open") is None


def test_the_same_notebooks_give_the_same_bytes_and_the_ids_of_cells_do_not_count(project, tmp_path):
    pages = {path.name: path.read_bytes() for path in (project / "figures" / "notebooks").iterdir()}
    code = new_code_cell('share = "a < b"  # 中文\nshare', outputs=outputs(), execution_count=7)
    (tmp_path / "notebooks").mkdir()
    write(new_notebook(cells=[new_markdown_cell(PROSE), code]), tmp_path / "notebooks" / "02_reuse.ipynb")
    write(new_notebook(cells=[new_markdown_cell("# Corpus\n\n## Which")]), tmp_path / "notebooks" / "01_corpus.ipynb")
    write_gallery(tmp_path / "figures")
    again = export_notebooks(tmp_path / "notebooks", tmp_path / "figures" / "notebooks")
    assert {path.name: path.read_bytes() for path in again} == pages


def test_what_is_no_notebook_is_refused_and_nothing_is_written(tmp_path):
    (tmp_path / "a.ipynb").write_text('{"cells": 3', "utf-8")
    with pytest.raises(PlanError, match="a.ipynb: not a notebook"):
        export_notebooks(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_gallery_leads_to_the_pages_and_tables(project):
    (project / "figures" / "tables").mkdir(exist_ok=True)
    (project / "figures" / "tables" / "reuse.html").write_text("<table></table>", "utf-8")
    (project / "figures" / "tables" / "reuse.csv").write_text("a\n", "utf-8")
    links = html.parse(write_gallery(project / "figures")).getroot().xpath("//a/@href")
    assert {"notebooks/01_corpus.html", "notebooks/02_reuse.html", "tables/reuse.html", "tables/reuse.csv"} <= set(
        links
    )
    assert [link for link in links if not link.startswith("#") and not (project / "figures" / link).exists()] == []


def test_the_real_notebooks_make_small_pages_without_an_outside_address(tmp_path):
    paths = export_notebooks(ROOT / "notebooks", tmp_path / "figures" / "notebooks")
    assert {path.stem for path in paths} == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert sum(path.stat().st_size for path in paths) < 2_500_000
    for path in paths:
        tree = html.parse(path).getroot()
        assert not [value for value in addresses(tree) if re.search(r"https?:|\A//|url\(", value)]
        assert [
            anchor for anchor in tree.xpath("//main//a/@href[starts-with(., '#')]") if not _stands(tree, anchor)
        ] == []


def _stands(tree, anchor):
    from urllib.parse import unquote

    return unquote(anchor[1:]) in tree.xpath("//@id")


# ---------------------------------------------------------------- in a browser

browser_needed = pytest.mark.skipif(
    chromium_path() is None and os.environ.get("LIBPLANS_BROWSER") != "required",
    reason="no Chromium here (Debian: the package chromium)",
)
SHOWN = "[...document.querySelectorAll('.input')].some(e => e.getClientRects().length > 0)"


@browser_needed
def test_the_code_is_hidden_until_it_is_asked_for_by_mouse_or_keyboard(project):
    with Browser() as browser:
        shown = Page(browser, (project / "figures" / "notebooks" / "02_reuse.html").as_uri())
        assert shown.run(SHOWN) is False
        shown.click("label[for=code]")
        assert shown.run(SHOWN) is True
        shown.run("document.getElementById('code').focus()")
        shown.press(" ")
        assert shown.run(SHOWN) is False
        assert [entry for entry in shown.complaints() if "steal" in entry] == []
        assert {address.split(":")[0] for address in shown.requests()} == {"file", "data"}
        shown.resize(390, 800)
        assert shown.run("document.documentElement.scrollWidth") <= 390
