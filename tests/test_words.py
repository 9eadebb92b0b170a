"""Words: terms stay whole, occurrences are counted as a reader would count them, and nothing is written or trusted."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libplans import read_texts
from libplans.errors import PlanError
from libplans.words import _segmenter as segmenter
from libplans.words import concordance, domain_terms, occurrences, stop_words, term_counts, tokenize


@pytest.mark.parametrize(
    "sentence, words",
    [
        ("进一步推进总分馆制建设", ["进一步", "推进", "总分馆制", "建设"]),
        ("优化提升线上线下阅读学习体验", ["优化", "提升", "线上线下", "阅读", "学习", "体验"]),
        ("“十三五”时期，开展5G应用。", ["十三五", "时期", "开展", "5G", "应用"]),
        ("补充完善本馆", ["补充", "完善", "本馆"]),
        ("知识服务水平", ["知识服务", "水平"]),
    ],
)
def test_terms_are_one_word(sentence, words):
    assert tokenize(sentence) == words


def test_content_words_are_left_without_stop_words_numbers_and_single_characters():
    assert tokenize("进一步加强2025年的古籍修复工作，共3次", stop=True) == ["古籍修复"]
    assert {"的", "进一步"} <= stop_words() and "阅读" not in stop_words()


def test_an_occurrence_is_counted_as_a_word_and_nested_but_not_across_words():
    assert occurrences("完善本馆馆藏善本", "善本") == [(6, 8, "善本")]  # 完善|本馆 has the characters, not the word
    assert occurrences("弘扬中华优秀传统文化与传统文化", "传统文化") == [
        (6, 10, "中华优秀传统文化"),
        (11, 15, "传统文化"),
    ]
    assert occurrences("图书馆的图书", "图书") == [(4, 6, "图书")]
    assert term_counts("中华优秀传统文化与公共图书馆", {"传统文化", "图书"}) == {"传统文化": 1}
    assert term_counts("中华优秀传统文化", {"传统文化", "优秀传统文化"}) == {"优秀传统文化": 1}  # the longest that fits


def test_the_concordance_takes_one_plan_by_its_id_and_refuses_an_unknown_one(tmp_path):
    for name in ("east", "west"):
        (tmp_path / f"{name}.txt").write_text("办好图书馆。", encoding="utf-8")
    corpus = read_texts([tmp_path])
    assert concordance(corpus, "图书馆", plans="west")["plan"].tolist() == ["west"]
    with pytest.raises(PlanError, match="'north' is not in the corpus; known are east, west"):
        concordance(corpus, "图书馆", plans=["west", "north"])


def test_the_concordance_leads_to_the_characters_of_the_raw_text(tmp_path):
    text = "某馆规划\n\n一、古籍保护\n\n本馆继续补充完善本馆目录，珍藏善本三百种，并将善\n\n本数字化。\n"
    (tmp_path / "plan.txt").write_text(text, encoding="utf-8")
    table = concordance(read_texts([tmp_path / "plan.txt"]), "善本", width=4)
    assert [(row.left, row.term, row.right) for row in table.itertuples()][0] == ("录，珍藏", "善本", "三百种，")
    for row in table.itertuples():
        assert text[row.start : row.end].replace("\n", "") == "善本"
    with pytest.raises(PlanError, match="the term is empty"):
        concordance(read_texts([tmp_path / "plan.txt"]), " ")


def test_a_researcher_adds_her_own_terms(tmp_path):
    assert "冰雪阅读季" not in tokenize("举办冰雪阅读季活动")
    plain, table = tmp_path / "own.txt", tmp_path / "own.csv"
    plain.write_text("# 本省\n冰雪阅读季\n", encoding="utf-8")
    table.write_text("term,reason,gloss\n冰雪阅读季,name of a campaign,Ice Reading Season\n", encoding="utf-8-sig")
    for dictionary in (plain, table, ["冰雪阅读季"]):
        assert tokenize("举办冰雪阅读季活动", dictionary) == ["举办", "冰雪阅读季", "活动"]
    assert domain_terms(table).iloc[-1].tolist() == ["冰雪阅读季", "name of a campaign", "Ice Reading Season"]
    assert "冰雪阅读季" not in tokenize("举办冰雪阅读季活动")  # one caller's terms do not leak into the next
    plain.write_text("冰雪 阅读季\n", encoding="utf-8")
    with pytest.raises(PlanError, match="is not one term"):
        tokenize("举办", plain)
    with pytest.raises(PlanError, match=r"none\.csv"):
        tokenize("举办", tmp_path / "none.csv")


def test_the_dictionary_has_about_300_terms_each_with_a_reason():
    table = domain_terms()
    assert 250 <= len(table) <= 300
    assert table["term"].is_unique and (table[["term", "reason", "gloss"]] != "").all(axis=None)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="图书馆公共文化服务总分馆制完善本馆的，。 5G3.A“”\n\U00020000", max_size=40))
def test_the_words_are_those_of_jieba_and_together_the_text(text):
    """Property: the faster path search gives the very words of jieba with the same dictionary."""
    words = segmenter(())
    assert words.words(text) == words._jieba.lcut(text, HMM=False)
    assert "".join(words.words(text)) == text


def test_nothing_is_said_written_or_trusted(tmp_path):
    """A poisoned cache in the shared temporary folder is not read, none is left, and stderr stays empty."""
    (tmp_path / "jieba.cache").write_bytes(b"poison")
    before = sorted(os.listdir(tmp_path))
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path),
        "TMP": str(tmp_path),
        "TEMP": str(tmp_path),
        "HOME": "/nonexistent",
    }
    code = "import libplans.words as w; print(w.tokenize('总分馆制'))"
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code], env=environment, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("['总分馆制']", "")
    assert sorted(os.listdir(tmp_path)) == before and (tmp_path / "jieba.cache").read_bytes() == b"poison"
