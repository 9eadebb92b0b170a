"""The README says what the tables say, names what is there, and does so in both languages."""

import re
from pathlib import Path

import pytest
from shipped import shipped_corpus

import libplans as lp
from libplans.plots.catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
BOTTOM = {
    "en": [
        "**{0:.0%} of the body text of the Heilongjiang plan also stands in another plan: {1:.0%} in that of Jilin, {2:.0%} in that of the National Library of China.**",
        "**The Jilin plan shares {3:.0%} of its text with Heilongjiang and, stock formulae apart, next to nothing with the National Library ({4:.1%}).**",
        "**Liaoning ({5:.1%}) and Tengzhou ({6:.1%}) are almost wholly in their own words.**",
    ],
    "zh": [
        "**黑龙江规划正文的{0:.0%}亦见于其他规划：{1:.0%}见于吉林，{2:.0%}见于国家图书馆。**",
        "**吉林规划的{3:.0%}与黑龙江相同；除套语外，与国家图书馆几乎没有相同文字（{4:.1%}）。**",
        "**辽宁（{5:.1%}）与滕州（{6:.1%}）几乎全是自己的文字。**",
    ],
}


def findings(lang):
    corpus = shipped_corpus()
    share = lp.reused_shares(lp.measure_reuse(corpus, lp.find_reuse(corpus)))
    places = [
        ("heilongjiang", "any"),
        ("heilongjiang", "jilin"),
        ("heilongjiang", "national"),
        ("jilin", "heilongjiang"),
        ("jilin", "national"),
        ("liaoning", "any"),
        ("tengzhou", "any"),
    ]
    return [sentence.format(*(share.loc[place] for place in places)) for sentence in BOTTOM[lang]]


@pytest.mark.parametrize("lang", PAGES)
def test_the_findings_are_those_of_the_tables(lang):
    told = PAGES[lang].read_text("utf-8").split("<!-- findings")[1].split("-->")[1].split("<!-- end")[0]
    assert [line.lstrip("- ") for line in told.strip().splitlines()] == findings(lang)


@pytest.mark.parametrize("lang", PAGES)
def test_every_file_that_is_linked_is_there(lang):
    links = re.findall(r"\]\(([^)#:]+)\)", PAGES[lang].read_text("utf-8"))
    assert len(links) > 15 and [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("lang", PAGES)
def test_every_notebook_and_figure_is_named(lang):
    text = PAGES[lang].read_text("utf-8")
    assert [path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if f"notebooks/{path.name}" not in text] == []
    for entry in CATALOGUE.values():
        row = next(
            line for line in text.splitlines() if f"notebooks/{entry.notebook}.ipynb" in line and line.startswith("|")
        )
        assert re.search(rf"\b{entry.name}\b", row), entry.name


def test_every_command_of_the_readme_is_known():
    from libplans.cli import parser

    known = parser()._subparsers._group_actions[0].choices
    for page in PAGES.values():
        named = set(re.findall(r"libplans(?:\.exe)? ([a-z]+)(?= |`|$)", page.read_text("utf-8"), re.MULTILINE))
        assert {"add", "report", "reuse", "indicators", "reader"} <= named & set(known)
