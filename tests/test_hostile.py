"""Hostile texts: whatever characters stand in a document, every one is accounted for and no step falls over."""

import os
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import libplans as lp
from libplans.corpus import Corpus, read_plan
from libplans.normalise import FOLDING, characters, code_points, folded
from libplans.reading.read import decode
from libplans.reading.shelf import Shelf, pack, unpack
from libplans.tables import TABLES

#: what a page is made of, and what breaks a reader of pages: every kind of mark that a rule looks for, whole or half
PIECES = (
    "图书馆 公共 服务 体系 一、 （一） 1. （1） ① 第一章 第二条 目标1 专栏2： 前言 目录 附件 规划 # ### ** __ "
    "| |a|b| |--|--| 。 ， ； ： ！ … ” “ 《 》 （ ） ( ) [ ] [1] ¹ [bookmark: 批注[1]: and "
    "2 0 0 1年 到2025年，藏量达到300万册 增长10% 100万人次以上 ……3 ..... 《公共图书馆法》 "
    "<script> </script> <!-- ]]> & &amp; {{ ${x} =1+1 ' \" \\ nan "
    "\udfff \ufffd \uffff e\u0301 \U00020000 ﷺ ½ ㎡ 𝟘 İ ß \0 \ufeff \u200b \u202e \u2066 \ud800"
).split()
PIECES += ["\n", "\n\n", "\r\n", "\r", "\f", "\x85", "\u2028", "\t", "\u3000", "\u00a0", " "]
SENTENCE = "坚持公益性、基本性、均等性，保障人民群众的基本文化权益，健全公共图书馆服务体系。"
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.just(SENTENCE), st.text(max_size=8)), max_size=60).map("".join)
anything = st.text(alphabet=st.characters(), max_size=200)
ROW = {**dict.fromkeys(TABLES["register"], ""), "role": "plan"}


def drawn(examples):
    """Settings for a test that draws this many examples."""
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])


def corpus_of(*plans):
    return Corpus([read_plan({**ROW, "plan": f"p{number}", "title": "规划"}, raw) for number, raw in enumerate(plans)])


@drawn(200)
@given(st.one_of(texts, anything))
@example("")
@example("\x1f图\x1f")
def test_every_character_is_accounted_for_and_every_span_is_one(raw):
    corpus = corpus_of(raw)
    assert lp.account_characters(corpus)["unaccounted"].tolist() == [0]
    for row in corpus.sentences.itertuples():
        offsets = corpus.sentence_offsets("p0", row.sentence)
        assert (row.start, row.end) == (offsets[0], offsets[-1] + 1) and 0 <= row.start < row.end <= len(raw)
        assert all(raw[o] == c or c in "\t " for o, c in zip(offsets, row.text, strict=True))
    parents = dict(zip(corpus.sections["section"], corpus.sections["parent"], strict=True))
    for row in corpus.sections.itertuples():
        assert 0 <= row.start <= row.body_start <= row.body_end <= row.end <= len(raw)
        assert row.section == 1 or parents[row.section] < row.section
    stream = corpus.stream("p0")
    assert len(stream.chars) == len(stream.offsets) == len(stream.sentence) == len(stream.body)
    assert all(raw[o] == c or c in FOLDING[raw[o]] for o, c in zip(stream.offsets, stream.chars, strict=True))
    assert all(raw[row.start : row.end] == row.text for row in corpus.cleaning.itertuples())


@drawn(100)
@given(anything)
@example("½ﷺ㎡ İß\ud800")
def test_folding_by_table_is_folding_character_by_character(text):
    codes, places = folded(code_points(text))
    assert characters(codes) == "".join(FOLDING[c] for c in text)
    assert places.tolist() == [i for i, c in enumerate(text) for _ in FOLDING[c]]


@drawn(60)
@given(texts)
@example("|甲|乙|\n|丙|丁|\n")  # between cells stands a tab where the raw text has a bar
def test_a_reading_comes_back_from_the_shelf_as_it_was(raw):
    reading = read_plan({**ROW, "plan": "p"}, raw)
    again = unpack(pack(reading))
    for name, value in vars(read_plan({**ROW, "plan": "p"}, raw)).items():
        same = np.array_equal if isinstance(value, np.ndarray) else lambda a, b: a == b
        assert same(getattr(again, name), value), name
    assert again.offsets.dtype == reading.offsets.dtype and again.stream.chars == reading.stream.chars


@drawn(25)
@given(texts, texts, st.integers(0, 40))
def test_matching_and_what_follows_it_hold_on_any_texts(one, other, cut):
    corpus = corpus_of(one + SENTENCE[:cut] + SENTENCE, SENTENCE[cut:] + other + SENTENCE, other + one)
    from libplans.runs.report import build_reuse

    tables = build_reuse(corpus)
    size = {plan: len(text) for plan, text in corpus.raw.items()}
    for row in tables["passages"].itertuples():
        assert 0 <= row.target_start < row.target_end <= size[row.target]
        assert 0 <= row.source_start < row.source_end <= size[row.source]
        assert row.target != row.source and 0 < row.identity <= 1
    shares = tables["reuse"]
    assert shares.empty or (shares["share"].dropna().between(0, 1)).all()
    held = lp.check_quality(corpus)
    assert all(0 <= row.start <= row.end <= size[row.plan] for row in held.itertuples())


@drawn(60)
@given(st.one_of(texts, anything))
def test_indicators_and_citations_stand_where_they_say(raw):
    corpus = corpus_of(raw)
    for row in lp.extract_indicators(corpus).itertuples():
        assert 0 <= row.start < row.end <= len(raw) and row.raw
    for row in lp.find_citations(corpus).itertuples():
        assert 0 <= row.start < row.end <= len(raw) and raw[row.start : row.end] == row.raw


@drawn(12)
@given(texts, texts)
@example("</script><script>alert(1)</script><!--", "<img src=x onerror=alert(1)>\u2028\ud800")
def test_the_reader_page_holds_any_text_as_text(tmp_path_factory, one, other):
    corpus = corpus_of(SENTENCE + one, SENTENCE + other)
    plain = corpus_of(SENTENCE, SENTENCE)
    pages = []
    for each in (corpus, plain):
        tables = {"passages": lp.find_reuse(each)}
        path = lp.write_reader(each, tables, tmp_path_factory.mktemp("page") / "reader.html")
        pages.append(path.read_bytes().decode("utf-8"))
    for opener in ("<script", "</script", "<!--", "<img", "<style"):
        assert pages[0].lower().count(opener) == pages[1].lower().count(opener)
    assert "\ud800" not in pages[0] and "\0" not in pages[0]


SHAPES = {
    "one character": "图",
    "a line a character": "图\n",
    "opening quotes": "“",
    "chapters": "第一章 甲\n",
    "numbers": "1.\n",
    "spaced digits": "1 ",
    "leaders": "前言.....1\n",
    "contents titles": "目录\n",
    "table rows": "|a|b|\n",
    "cells": "a\t",
    "hashes": "# 甲\n",
    "half bookmarks": "[bookmark: ",
    "bold": "**a",
    "footnotes": "[1] 甲\n乙乙\n",
    "pages": "甲乙\n丙。\n\f",
    "dots without a space": "图.",
    "white space": "\u3000",
    "marks that nothing draws": "\u202e甲",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_run_of_one_thing_is_read_whole(shape):
    """A step that grows with the square of the text would take minutes here."""
    raw = (SHAPES[shape] * 40_000)[:40_000]
    corpus = corpus_of(raw)
    assert lp.account_characters(corpus)["unaccounted"].tolist() == [0]
    counted = sum(len(FOLDING[c]) for row in corpus.rows("cleaning", "p0")["text"] for c in row)
    assert len(corpus.stream("p0")) <= sum(len(FOLDING[c]) for c in raw) - counted


def test_labels_that_open_inside_each_other_do_not_nest_without_end():
    names = [chr(0x4E00 + i) + chr(0x5000 + i % 50) for i in range(4000)]
    corpus = corpus_of("\n".join(f"{name}1 的\n{name}2 的" for name in names))
    assert corpus.sections["depth"].max() < 50 and corpus.sections["path"].map(len).max() < 5000


def test_what_cannot_stand_in_utf_8_is_refused_in_a_file_with_its_place(tmp_path):
    (tmp_path / "a.txt").write_bytes("图书馆".encode() + b"\xed\xa0\x80")
    with pytest.raises(lp.PlanError, match="byte 9: 0xed"):
        lp.read_texts(tmp_path)


@pytest.mark.parametrize("name", [b"\xff.txt", "行\n行.txt".encode(), "\u202e馆.txt".encode()])
def test_a_file_name_that_cannot_be_shown_is_refused_where_it_becomes_a_plan_id(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    try:
        path.write_text(SENTENCE, "utf-8")
    except OSError:
        pytest.skip("the file system does not take the name")
    with pytest.raises(lp.PlanError, match="rename the file") as error:
        lp.read_texts(tmp_path)
    assert str(error.value).isprintable()
    path.rename(tmp_path / "某馆\u3000“规划”.txt")
    assert lp.read_texts(tmp_path).plan_ids == ["某馆\u3000“规划”"]


@pytest.mark.parametrize("size, says", [(20_000_001, "20,000,001 characters"), (60_000_000, "bytes|characters")])
def test_a_text_beyond_the_limit_is_refused_with_the_limit(size, says):
    with pytest.raises(lp.PlanError, match=says):
        decode(b"a" * size, "long.txt")


def test_a_shelf_gives_every_reading_back_when_only_some_stay_in_memory(monkeypatch):
    import pickle

    monkeypatch.setattr("libplans.reading.shelf.LIVE", 100)
    monkeypatch.setattr("libplans.reading.shelf.HELD", 2_000)
    raws = {f"p{i:02d}": f"第{i}馆\n{SENTENCE}" for i in range(30)}
    shelf = Shelf()
    for plan, raw in raws.items():
        shelf.add(read_plan({**ROW, "plan": plan}, raw))
    assert list(shelf) == list(raws) and len(shelf._live) <= 3 and shelf._places
    for plan in sorted(raws, key=lambda name: name[::-1]):
        assert shelf[plan].raw == raws[plan] and shelf[plan].plan == plan
    again = pickle.loads(pickle.dumps(shelf))
    assert {plan: reading.raw for plan, reading in again.items()} == raws
    with pytest.raises(KeyError):
        shelf["none"]


def test_a_shelf_without_room_for_a_file_keeps_all_in_memory(monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("libplans.reading.shelf.LIVE", 10)
    monkeypatch.setattr("libplans.reading.shelf.HELD", 10)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    corpus = corpus_of(*[f"第{i}馆\n{SENTENCE}" for i in range(9)])
    assert [corpus.raw[plan][1] for plan in corpus.plan_ids] == list("012345678")
    assert re.search("第8馆", corpus.raw["p8"])
