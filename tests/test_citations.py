"""Citations: what is cited, under one name, told apart from books and films; agreement with the hand-made list."""

from pathlib import Path

import pandas as pd
import pytest
from figure_checks import faults
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped_corpus

from libplans import read_texts
from libplans.citations.documents import document_name
from libplans.citations.find import (
    POLICY_KINDS,
    citation_network,
    cited_levels,
    cited_titles,
    find_citations,
    policy_citations,
)
from libplans.plots.citation_network import plot_citation_network
from libplans.tables import frame

HERE = Path(__file__).parent


def kinds(text):
    return [(row["document"], row["kind"], row["issuer_level"]) for row in cited_titles(text)]


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "贯彻《中华人民共和国公共图书馆法》《江苏省公共图书馆条例》",
            [("公共图书馆法", "law", "national"), ("江苏省公共图书馆条例", "law", "province")],
        ),
        ("按照中央宣传部《关于促进农家书屋工作的意见》", [("关于促进农家书屋工作的意见", "policy", "national")]),
        ("苏州市人民政府印发《关于推进总分馆建设的实施意见》", [("关于推进总分馆建设的实施意见", "policy", "city")]),
        ("依据《某省图书馆理事会章程》", [("某省图书馆理事会章程", "policy", "institution")]),
        ("编制《智慧书房建设方案》等服务标准", [("智慧书房建设方案", "standard", "")]),
        (
            "按照《中国图书馆分类法》分编，学习《文献编目方法》",
            [("中国图书馆分类法", "standard", "national"), ("文献编目方法", "other", "")],
        ),
        ("拍摄《长河》《故园》等12部专题片", [("长河", "film", ""), ("故园", "film", "")]),
        ("建设特色数据库《长河》、《故园》", [("长河", "database", ""), ("故园", "database", "")]),
        (
            "办好《图书馆建设》，依托《某馆学报》《书苑》等学术期刊",
            [("图书馆建设", "journal", ""), ("某馆学报", "journal", ""), ("书苑", "journal", "")],
        ),
        ("整理《永乐大典》《山海经》", [("永乐大典", "book", ""), ("山海经", "book", "")]),
        (
            "贯彻《公共图书馆法》、国家“十四五”体育发展规划和《全民阅读促进条例》",
            [
                ("公共图书馆法", "law", "national"),
                ("国家“十四五”体育发展规划", "plan", "national"),
                ("全民阅读促进条例", "law", "national"),
            ],
        ),
        ("文件《未完", []),
    ],
)
def test_titles_are_told_apart(text, expected):
    assert kinds(text) == expected


def test_one_document_has_one_name():
    outline = "国民经济和社会发展第十四个五年规划和2035年远景目标纲要"
    for written in (
        "《中华人民共和国国民经济和社会发展第十四个五年规划和 2035 年远景目标纲要》",
        "中华人民共和国国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
        "国家“十四五”规划和2035年远景目标纲要",
    ):
        assert document_name(written) == outline
    assert document_name("《十四五时期公共文化服务体系建设规划》") == document_name('"十四五"公共文化服务体系建设规划')
    assert document_name("关于印发〈某省阅读规划〉的通知") == "某省阅读规划"
    assert document_name("《某省国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要》") != outline


def test_an_abbreviation_is_resolved_to_the_document_meant(tmp_path):
    text = (
        "某县图书馆发展规划\n\n依据《某市文化发展规划》（以下简称《规划》）编制。《规划》提出建设书房。本《规划》分三步。\n\n"
        "落实《关于推进书房建设的意见》，《意见》要求免费开放。\n"
    )
    (tmp_path / "county.txt").write_text(text, encoding="utf-8")
    corpus = read_texts([tmp_path / "county.txt"])
    found = find_citations(corpus)
    assert found["document"].tolist() == [
        *["某市文化发展规划"] * 3,
        "某县图书馆发展规划",
        *["关于推进书房建设的意见"] * 2,
    ]
    assert all(text[row.start : row.end] == row.raw for row in found.itertuples())
    assert sorted(citation_network(found, corpus=corpus).successors("county")) == [
        "关于推进书房建设的意见",
        "某市文化发展规划",
    ]


def test_the_network_counts_places_and_plans():
    table = pd.DataFrame(
        [
            ("a", "公共图书馆法", "law", "national"),
            ("a", "公共图书馆法", "law", "national"),
            ("b", "公共图书馆法", "law", "national"),
            ("b", "诗经", "book", ""),
        ],
        columns=["plan", "document", "kind", "issuer_level"],
    )
    network = citation_network(table)
    assert list(network.edges(data="weight")) == [("a", "公共图书馆法", 2), ("b", "公共图书馆法", 1)]
    assert network.nodes["公共图书馆法"]["plans"] == 2
    assert "诗经" in citation_network(table, policy_only=False)
    assert cited_levels(table).values.tolist() == [["a", "law", "national", 1, 2], ["b", "law", "national", 1, 1]]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("依据《公共图书馆法》开展服务", "cited"),
        ("按照省文化厅制定的《某省阅读推广办法》", "cited"),
        ("国务院出台《全民阅读促进条例》", "cited"),
        ("编制《阅读空间建设规划》", "drafted"),
        ("推动省人大修订《某省公共图书馆条例》", "cited"),  # who does it is not the library
        ("推动修订《某省公共图书馆条例》", "drafted"),
        ("探索《智慧书房建设方案》《主题书房建设方案》等服务标准的编制", "drafted"),
        ("《书房管理办法》制定工作", "drafted"),
        ("我馆修订《读者服务规范》", "drafted"),
    ],
)
def test_documents_that_a_plan_drafts_are_told_from_those_that_it_cites(text, status):
    assert {row["status"] for row in cited_titles(text)} == {status}


def test_only_cited_policy_documents_are_in_the_network_and_its_levels(tmp_path):
    text = "特制定《某县图书馆发展规划》。落实《公共图书馆法》，编制《某县阅读空间规划》，品读《诗经》。"
    (tmp_path / "county.txt").write_text(f"某县图书馆发展规划\n\n{text}\n", encoding="utf-8")
    found = find_citations(read_texts([tmp_path / "county.txt"]), status=True)
    assert found["status"].tolist() == ["own", "cited", "drafted", ""]
    assert list(citation_network(found).edges) == [("county", "公共图书馆法")]
    assert cited_levels(found)[["issuer_level", "documents"]].values.tolist() == [["national", 1]]
    assert policy_citations(found)["document"].tolist() == ["公共图书馆法"]


def test_sentences_from_other_documents_agree_with_their_reading():
    """Sentences found in public texts of other fields, coded by reading; first run: 30 of 31, none too many."""
    gold = pd.read_csv(HERE / "gold/citations_wild.csv", keep_default_na=False)
    for sentence, rows in gold.groupby("sentence", sort=False):
        found = {row["document"]: row for row in cited_titles(sentence)}
        told = {document for document, row in found.items() if row["kind"] in POLICY_KINDS}
        assert told == set(rows.loc[rows["policy"] == "yes", "document"]), sentence
        for row in rows[rows["policy"] == "yes"].itertuples():
            assert (found[row.document]["issuer_level"], found[row.document]["status"]) == (
                row.issuer_level,
                row.status,
            )


def toy_network(plans, documents):
    rows = [
        (
            f"plan{plan}",
            f"某省关于加强公共图书馆第{document}项工作的实施意见",
            "policy",
            ("national", "province", "city")[document % 3],
        )
        for plan in range(plans)
        for document in range(documents)
        if (plan + document) % 3 == 0 or document == 0
    ]
    table = pd.DataFrame(rows, columns=["plan", "document", "kind", "issuer_level"]).assign(status="cited")
    names = [
        {"plan": f"plan{plan}", "role": "plan", "issuer": f"第{plan}图书馆", "issuer_en": f"Library {plan}"}
        for plan in range(plans)
    ]
    return table, frame("plans", names)


def test_the_network_picture_carries_its_edges():
    table, plans = toy_network(2, 4)
    data = plot_citation_network(table, plans, lang="en").data
    expected = sorted(zip(table["plan"], table["document"], strict=True))
    assert list(zip(data["plan"], data["document"], strict=True)) == expected and set(data["count"]) == {1}
    assert plot_citation_network(table.iloc[:0], plans).data.empty


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize(("count", "documents"), [(2, 3), (8, 30), (30, 60)])
def test_nothing_on_the_network_picture_overlaps(lang, width, count, documents):
    assert faults(plot_citation_network(*toy_network(count, documents), lang=lang, width=width)) == []


def test_the_five_plans_agree_with_the_list_made_by_reading():
    corpus = shipped_corpus()
    found = find_citations(corpus)
    gold = pd.read_csv(HERE / "gold/citations.csv", keep_default_na=False)
    assert len(gold) == sum(corpus.raw[plan].count("《") for plan in corpus.plan_ids) + 1  # and one without marks
    policy = {(row.plan, row.start, row.document) for row in gold.itertuples() if row.policy == "yes"}
    ours = {(row.plan, int(row.start), row.document) for row in found[found["kind"].isin(POLICY_KINDS)].itertuples()}
    assert len(policy & ours) >= 0.97 * len(policy) and len(policy & ours) >= 0.95 * len(ours)
    both = gold.merge(found, on=["plan", "start"], suffixes=("", "_found"))
    assert (both["kind"] == both["kind_found"]).mean() >= 0.95


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="《》<>〈〉规划意见法条例本简称以下（）、，十四五“”第 A", max_size=60))
def test_any_text_is_read_and_every_title_stands_where_it_is_said(text):
    for row in cited_titles(text):
        assert text[row["start"] : row["end"]] == row["raw"] and row["kind"]
