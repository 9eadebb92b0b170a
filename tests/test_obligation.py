"""Commitment: the dictionary read clause by clause, signs, and the summary against a naive count."""

import re

import pandas as pd
import pytest
from shipped import shipped_corpus

import libplans
from libplans.indicators.obligation import (
    LEVELS,
    clause_level,
    commitment,
    commitment_summary,
    has_body,
    has_deadline,
    modality,
)
from libplans.plots.commitment import plot_commitment


@pytest.mark.parametrize(
    ("clause", "level"),
    [
        ("确保读者满意率", 3),
        ("必须坚持公益性", 3),
        ("馆藏总量达到500万册", 3),
        ("不得收取费用", 3),
        ("2023年建成新馆", 3),
        ("实现县域全覆盖", 3),
        ("实现高质量发展", 2),
        ("推进智慧图书馆建设", 2),
        ("加强古籍保护", 2),
        ("开展阅读推广活动", 2),
        ("力争完成新馆立项", 1),
        ("探索建立理事会制度", 1),
        ("研究制定服务标准", 1),
        ("鼓励社会力量参与", 1),
        ("逐步推进总分馆制", 1),
        ("基本建成服务体系", 2),
        ("提供基本公共文化服务", 0),
        ("现有研究馆员五人", 0),
        ("加强应用研究", 2),
        ("发布《确保安全办法》", 0),
        ("全面建成小康社会", 0),
    ],
)
def test_the_first_word_that_governs_decides_and_a_downtoner_takes_one_level(clause, level):
    assert clause_level(clause)[0] == level


def test_a_deadline_is_a_date_to_come_or_a_limit_and_not_the_past():
    assert has_deadline("到2025年，建成新馆。", 2021) and has_deadline("2个工作日内答复。", 2021)
    assert has_deadline("力争到“十四五”末完成转型。", 2021)
    assert not has_deadline("2020年底前已建成新馆。", 2021) and not has_deadline("“十三五”末藏书三万册。", 2021)
    assert not has_deadline("加强馆藏建设。")


def test_a_responsible_body_is_one_that_is_named_for_the_task():
    assert has_body("由文献采编部负责实施。") and has_body("省馆牵头制定标准。") and has_body("责任单位：办公室")
    assert not has_body("我馆加强馆藏建设，提高负责人的能力。")


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "示例.txt"
    path.write_text(
        "某省图书馆“十四五”发展规划\n\n一、“十三五”回顾\n五年来，完成新馆建设，藏书达到300万册。\n\n二、主要任务\n"
        "加强馆藏建设，确保到2025年藏书达到500万册。探索馆际合作。由采编部负责推进地方文献征集。本馆位于省会。\n",
        encoding="utf-8",
    )
    return libplans.read_texts([path])


def test_a_plan_is_graded_sentence_by_sentence_and_its_review_is_left_out(corpus):
    table = commitment(corpus)
    columns = ["level", "term", "binding", "directional", "tentative", "unmarked", "deadline", "body"]
    assert table[columns].values.tolist() == [
        [3, "确保", 1, 1, 0, 0, 1, 0],
        [1, "探索", 0, 0, 1, 0, 0, 0],
        [2, "推进", 0, 1, 0, 0, 0, 1],
        [0, "", 0, 0, 0, 1, 0, 0],
    ]
    assert table["quantities"].tolist() == [1, 0, 0, 0] and table["signs"].tolist() == [2, 0, 1, 0]
    for row in table.itertuples():
        assert corpus.raw[row.plan][row.start : row.end].strip()


def test_the_summary_adds_up_and_themes_add_up_to_the_plan(corpus):
    sections = corpus.sections[["plan", "section"]].assign(theme="collections")
    graded = commitment(corpus, themes=sections)
    summary = commitment_summary(graded)
    whole, theme = summary.to_dict("records")
    assert (whole["theme"], theme["theme"]) == ("any", "collections")
    assert {key: value for key, value in whole.items() if key != "theme"} == {
        key: value for key, value in theme.items() if key != "theme"
    }
    assert [whole[name] for name in ("sentences", *LEVELS.values())] == [4, 1, 1, 1, 1]
    assert (whole["with_quantity"], whole["with_deadline"], whole["with_body"]) == (1, 1, 1)
    assert (whole["binding_pct"], whole["signed_pct"]) == (25.0, 50.0)


def test_the_five_plans_against_a_naive_count():
    corpus = shipped_corpus()
    table = commitment(corpus)
    summary = commitment_summary(table)
    assert (summary[list(LEVELS.values())].sum(axis=1) == summary["sentences"]).all()
    texts = {(row.plan, row.sentence): row.text for row in corpus.sentences.itertuples()}
    for row in table[table["term"] != ""].itertuples():
        assert row.term in texts[row.plan, row.sentence]
    bodies = corpus.sentences[corpus.sentences["kind"] != "heading"]
    assert set(zip(table["plan"], table["sentence"], strict=True)) < set(
        zip(bodies["plan"], bodies["sentence"], strict=True)
    )


def test_every_entry_of_the_dictionary_has_its_reason_and_a_pattern_that_reads():
    table = modality()
    assert (table[["term", "kind", "pattern", "en", "reason"]] != "").all(axis=None) and table["term"].is_unique
    levels = {"modal": {3}, "result": {3}, "action": {2}, "tentative": {1}, "downtoner": {-1}, "intensifier": {0}}
    for row in table.itertuples():
        assert row.level in levels[row.kind] and re.compile(row.pattern)


def test_the_picture_says_the_share_of_each_level():
    levels = {"binding": 1, "directional": 2, "tentative": 1, "unmarked": 0}
    row = {
        "plan": "a",
        "theme": "any",
        "sentences": 4,
        **levels,
        "with_quantity": 2,
        "with_deadline": 1,
        "with_body": 0,
    }
    plans = pd.DataFrame([{"plan": "a", "issuer": "甲馆", "issuer_en": "Library A", "role": "plan"}])
    for lang, name in (("zh", "甲馆"), ("en", "Library A")):
        figure = plot_commitment(pd.DataFrame([row, {**row, "theme": "smart"}]), plans, lang)
        assert figure.data["per_cent"].tolist() == [25, 50, 25, 0, 50, 25, 0]
        assert any(name in label.get_text() for label in figure.axes[0].get_yticklabels())
