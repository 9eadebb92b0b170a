"""The national agenda: shares counted by hand, levels as a reader gives them, what is own and what is missing."""

import csv
from pathlib import Path

import numpy as np
import pytest
from figure_checks import faults
from figure_tables import agenda_rows, plans
from shipped import shipped_corpus

from libplans import find_reuse, read_texts, tables
from libplans.errors import PlanError
from libplans.plots.agenda import agenda_shares, plot_agenda
from libplans.themes.agenda import (
    agenda_gaps,
    empty_agenda,
    has_national,
    national_agenda,
    national_plan,
    own_initiatives,
    topic_threshold,
)

ROOT = Path(__file__).resolve().parent.parent

NATION = """国家图书馆“十四五”发展规划

一、古籍保护

（一）古籍修复

培养古籍修复人才，建立古籍修复中心。研发古籍脱酸技术和设备。

（二）古籍普查

完成古籍普查登记，出版古籍普查目录。

二、阅读服务

（一）少年儿童阅读

开展少年儿童阅读活动，编制少年儿童阅读书目。

（二）国际交流

参加国际图书馆组织，举办国际学术会议。
"""
PROVINCE = """甲省图书馆“十四五”发展规划

一、“十三五”回顾

（一）国际交流

参加国际图书馆组织，举办国际学术会议，成绩显著。

二、主要任务

（一）古籍修复

培养古籍修复人才，建立古籍修复中心。

（二）少儿服务

面向少年儿童开展亲子阅读活动和少年儿童阅读推荐书目。

（三）冰雪文化

建设冰雪旅游主题馆，打造冰雪文旅品牌。
"""
COPY = "培养古籍修复人才，建立古籍修复中心"


@pytest.fixture
def small(tmp_path):
    """The two plans above, and the one passage that they share."""
    for name, text in (("nation", NATION), ("province", PROVINCE)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = read_texts([tmp_path])
    rows = []
    for target, source in (("nation", "province"), ("province", "nation")):
        row = {"target": target, "source": source, "kind": "verbatim", "matched": 16, "identity": 1.0, "pair": 1}
        for side, plan in (("target", target), ("source", source)):
            start = corpus.raw[plan].index(COPY)
            row |= {f"{side}_start": start, f"{side}_end": start + len(COPY), f"{side}_text": COPY}
        rows.append(row)
    return corpus, tables.frame("passages", rows)


def level(agenda, title):
    rows = agenda[agenda["title"].str.contains(title)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_levels_and_shares_by_hand(small):
    """Of the 27 characters of （一）古籍修复 (16 in its first sentence, 11 in its second) 16 stand elsewhere."""
    agenda = national_agenda(*small, national="nation")
    restoration = level(agenda, "古籍修复")
    assert restoration["level"] == "copied" and restoration["share_verbatim"] == round(16 / 27, 4)
    assert restoration["share_adapted"] == 0 and restoration["counterpart_title"] == "（一） 古籍修复"
    start, end = int(restoration["counterpart_start"]), int(restoration["counterpart_end"])
    assert COPY in small[0].raw["province"][start:end]
    assert restoration["own_similarity"] < restoration["similarity"]  # its heading alone is left
    children = level(agenda, "少年儿童")
    assert children["level"] == "same topic" and children["counterpart_title"] == "（二） 少儿服务"
    assert "少年儿童" in children["terms"] and children["own_similarity"] == children["similarity"]


def test_a_review_is_no_counterpart_and_no_initiative(small):
    """What was done with foreign libraries stands word for word in the review: no task of the new plan takes it up."""
    agenda = national_agenda(*small, national="nation")
    assert level(agenda, "国际交流")["level"] == "absent" and agenda["counterpart"].isna().any()
    own = own_initiatives(*small, national="nation")
    assert own["title"].tolist() == ["（三） 冰雪文化"] and own["reused"].tolist() == [0.0]
    assert own["opening"].iloc[0].strip().startswith("建设冰雪旅游主题馆")


def test_priorities_that_nobody_takes_up(small):
    agenda = national_agenda(*small, national="nation")
    gaps = agenda_gaps(agenda)
    assert "（二） 国际交流" in gaps["title"].tolist() and gaps["everywhere"].all()
    assert set(gaps["plans"]) == {"province"} and (gaps["absent"] == 1).all()
    assert agenda_gaps(agenda, least=2).empty


def test_a_share_is_that_of_a_naive_count(five):
    """Verbatim and adapted characters of a section's body, counted one by one."""
    corpus, passages, agenda = five
    stream = corpus.stream("national")
    section = dict(
        zip(*corpus.sentences.query("plan == 'national'")[["sentence", "section"]].to_numpy().T, strict=True)
    )
    spans = passages[(passages["target"] == "national") & (passages["source"] == "heilongjiang")]
    spans = spans[spans["kind"] != "formula"]
    row = agenda[(agenda["plan"] == "heilongjiang") & (agenda["level"] == "adapted")].iloc[0]
    body = [
        any(low <= at < high for low, high in zip(spans["target_start"], spans["target_end"], strict=True))
        for at, number, counted in zip(stream.offsets, stream.sentence, stream.body, strict=True)
        if counted and section[number] == row["section"]
    ]
    assert row["share_verbatim"] + row["share_adapted"] == pytest.approx(sum(body) / len(body), abs=2e-4)
    assert 0.2 <= sum(body) / len(body) < 0.5


@pytest.fixture(scope="module")
def five():
    corpus = shipped_corpus()
    passages = find_reuse(corpus)
    return corpus, passages, national_agenda(corpus, passages)


def test_the_levels_agree_with_a_reader(five):
    """64 pairs drawn at random and coded by reading (tests/gold/agenda.csv); sample A before the rules were set."""
    corpus, passages, agenda = five
    found = {(row.start, row.plan): row.level for row in agenda.itertuples()}
    with open(ROOT / "tests" / "gold" / "agenda.csv", encoding="utf-8", newline="") as file:
        gold = [(row["level"], found[int(row["start"]), row["plan"]]) for row in csv.DictReader(file)]
    assert len(gold) == 64 and sum(one == other for one, other in gold) / len(gold) >= 0.7
    reused = {"copied", "adapted"}
    assert sum((one in reused) != (other in reused) for one, other in gold) <= 3


def test_every_section_meets_every_plan_once_and_spans_lead_to_text(five):
    corpus, passages, agenda = five
    assert not agenda.duplicated(["section", "plan"]).any()
    assert agenda["plan"].nunique() == 4 and len(agenda) == 4 * agenda["section"].nunique()
    present = agenda["level"] != "absent"
    assert (agenda["counterpart"].notna() == present).all()
    assert (agenda.loc[agenda["level"] == "same topic", "similarity"] >= topic_threshold(corpus, passages)).all()
    own = own_initiatives(corpus, passages)
    taken = set(zip(agenda["plan"], agenda["counterpart"], strict=True))
    assert not set(zip(own["plan"], own["section"], strict=True)) & taken


def test_which_plan_is_the_national_one(small, five):
    assert national_plan(five[0]) == "national" and has_national(five[0]) and not has_national(small[0])
    with pytest.raises(PlanError, match="plans of level national: none; name the one"):
        national_agenda(*small)
    with pytest.raises(PlanError, match="no plan is called 'nowhere'; the plans are nation, province"):
        national_agenda(*small, national="nowhere")


def test_the_picture_shows_the_share_of_each_level(small):
    agenda = national_agenda(*small, national="nation")
    shares = agenda_shares(agenda)
    first = shares[shares["title"].str.contains("古籍保护")]
    assert first["share"].sum() == 1 and first.set_index("level").loc["copied", "share"] == 0.5
    assert agenda_shares(empty_agenda()).empty


@pytest.mark.parametrize("count", [2, 30])
def test_seventy_sections_fit_a_page(count):
    rows = agenda_rows([f"plan{place}" for place in range(1, count)], np.random.default_rng(0), 10, 7)
    figure = plot_agenda(rows, plans(count), by="section", lang="en")
    assert faults(figure) == [] and figure.get_figheight() * 25.4 < 297 and set(figure.data["share"]) == {1.0}
    more = agenda_rows(["plan1"], np.random.default_rng(0), 10, 8)
    assert plot_agenda(more, plans(2), by="section").data["row"].nunique() == 10  # too many: by chapter
