"""Decoding: every encoding comes back as it was written, and what is not certain is refused."""

from pathlib import Path

import pytest

import libplans as lp
from libplans.reading.read import (
    MAX_LINES,
    decode,
    decode_text,
    named_encoding,
    plausibility,
    refuse_unreadable,
    shown,
    text_files,
)

DATA = Path(__file__).parent.parent / "data"
SIMPLE = (
    "图书馆是开展社会教育的公共文化设施。坚持以人民为中心，保障公民的基本文化权益，提高全民阅读水平。\n一、总体要求\n"
)
TRADITIONAL = (
    "圖書館是開展社會教育的公共文化設施。堅持以人民為中心，保障公民的基本文化權益，提高全民閱讀水平。\n一、總體要求\n"
)


@pytest.mark.parametrize(
    "codec, found",
    [
        ("utf-8", "utf-8"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
@pytest.mark.parametrize("text", [SIMPLE, TRADITIONAL])
def test_an_encoding_is_recognised_and_nothing_is_changed(text, codec, found):
    assert decode_text(text.encode(codec), "plan.txt") == (text, found)


@pytest.mark.parametrize("codec", ["big5", "cp950", "big5hkscs"])
def test_big5_is_recognised_for_traditional_text(codec):
    assert decode_text(TRADITIONAL.encode(codec), "plan.txt") == (TRADITIONAL, "big5")


@pytest.mark.parametrize("codec, mark", [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le")])
def test_a_byte_order_mark_stays_in_the_raw_text(codec, mark):
    assert decode_text(SIMPLE.encode(codec), "plan.txt") == ("\ufeff" + SIMPLE, mark)


@pytest.mark.parametrize("plan", ["national", "tengzhou"])
def test_a_whole_plan_comes_back_from_gb18030_character_by_character(plan):
    text = lp.load(DATA).raw[plan]
    assert decode(text.encode("gb18030"), "plan.txt") == text


def test_wrong_decodings_look_nothing_like_chinese():
    right, wrong = plausibility(SIMPLE), plausibility(SIMPLE.encode("gb18030").decode("cp950", "ignore"))
    assert right > 0.8 and wrong < 0.3
    assert plausibility("A plan in English.") == 0


@pytest.mark.parametrize(
    "data, says",
    [
        ("馆".encode("gb18030"), "--encoding"),  # too short to tell
        (SIMPLE.encode()[:-2], "--encoding"),  # cut in the middle of a character
        (SIMPLE.encode() + b"\xff", "--encoding"),
        (b"\xed\xa0\x80" + SIMPLE.encode(), "--encoding"),  # a lone surrogate
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as .docx"),
        (b"PK\x03\x04" + b"\0" * 60, ".docx"),
        (b"%PDF-1.7\n...", ".pdf"),
        (b"\x89PNG\r\n\x1a\n", "OCR"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "no letter"),
        (b"x\n" * (MAX_LINES + 1), "lines"),
    ],
)
def test_what_is_not_certain_or_no_text_is_refused_in_one_line(data, says):
    with pytest.raises(lp.PlanError, match=says) as error:
        decode(data, "plan.txt")
    assert str(error.value).startswith("plan.txt: ") and "\n" not in str(error.value)


def test_a_named_encoding_is_taken_at_its_word_or_refused():
    assert decode("馆藏".encode("gb18030"), "plan.txt", "GBK") == "馆藏"
    assert decode("馆藏".encode("gb18030"), "plan.gb18030.txt") == "馆藏"
    assert decode("\ufeff馆藏".encode("utf-16-be"), "plan.txt", "utf-16") == "\ufeff馆藏"
    with pytest.raises(lp.PlanError, match="byte 0: 0xb9 is not utf-8"):
        decode("馆藏".encode("gb18030"), "plan.txt", "utf-8")
    for name in ("rot13", "zlib", "馆", "latin-1"):
        with pytest.raises(lp.PlanError, match="unknown encoding"):
            decode(b"abc", "plan.txt", name)


def test_only_an_encoding_before_the_ending_counts():
    assert [named_encoding(n) for n in ("a.big5.txt", "a.gbk.txt", "big5.txt", "a.2021.txt")] == [
        "big5",
        "gb18030",
        "",
        "",
    ]


def test_a_file_name_is_shown_in_one_line():
    assert shown("新 馆\n\u202e.txt") == "新 馆\\n\\u202e.txt"


def test_a_folder_gives_its_documents_and_nothing_else(tmp_path):
    for name in ("b.txt", "a.docx", "c.PDF", ".hidden.txt", "~$a.docx", "d.csv"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in text_files([tmp_path])] == ["a.docx", "b.txt", "c.PDF"]
    with pytest.raises(lp.PlanError, match="no such file"):
        text_files([tmp_path / "none.txt"])


def test_half_a_character_is_refused_with_its_place():
    refuse_unreadable("图书馆😀", "a.pdf")
    with pytest.raises(lp.PlanError, match="a.pdf: character 3: U\\+D83D"):
        refuse_unreadable("图书馆\ud83d", "a.pdf")
