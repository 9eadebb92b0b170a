"""Numerals: worked by hand, beside a property against Python's own numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libplans.indicators.numerals import han_value, numerals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 000册", 3000),
        ("148 479 次", 148479),
        ("27,000页", 27000),
        ("5，000册", 5000),
        ("9 876.5万元", 98765000),
        ("4.74万平方米", 47400),
        ("1.2万亿元", 1.2e12),
        ("1亿2000万", 120000000),
        ("２０万册", 200000),
        ("3万5千", 35000),
        ("五千五百七十五万", 55750000),
        ("一百万亿", 1e14),
        ("一万三千亿", 1.3e12),
        ("百万大关", 1000000),
        ("两千", 2000),
        ("十二", 12),
        ("三百零五", 305),
        ("一百二", 120),
        ("三万五", 35000),
        ("三点五万", 35000),
        ("一百五十万", 1500000),
        ("百分之三十", 30),
        ("六成", 60),
        ("一半", 50),
        ("四分之一", 25),
        ("半小时", 0.5),
    ],
)
def test_value(text, value):
    assert numerals(text)[0].value == pytest.approx(value)


def test_open_numerals_and_their_spans():
    text = "图书329万多册，报刊100余万册，活动千余次"
    found = numerals(text)
    assert [text[item.start : item.end] for item in found] == ["329万", "100余万", "千"]
    assert found[1].more and found[1].value == 1000000


def test_neighbouring_digits_are_a_range():
    assert [(item.value, item.upper) for item in numerals("两三次，七八十个，十二三人")] == [(2, 3), (70, 80), (12, 13)]


def test_words_that_only_look_like_numerals():
    assert numerals("成员立项，过程完成果品") == []
    assert han_value("十千") is None


def _han(number):
    """A number below 10,000 in Han characters, written out digit by digit with its units."""
    digits, words, gap = "零一二三四五六七八九", "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if gap and words else "") + digits[digit] + name
            gap = False
        else:
            gap = True
    return words


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_han_numerals_read_back(high, low):
    assert han_value(_han(high)) == high
    words = _han(high) + "万" + ("零" + _han(low) if low else "")
    assert han_value(words) == high * 10000 + low


@given(st.integers(0, 10**9), st.sampled_from(["", ",", " "]))
def test_arabic_numerals_read_back(number, mark):
    written = f"{number:,}".replace(",", mark)
    found = numerals(f"共{written}册")
    assert [item.value for item in found] == [number]


@settings(max_examples=200)
@given(st.text(alphabet="0123456789一二两三十百千万亿余多几分之成半点,，. 第册年", max_size=60))
def test_any_text_gives_ordered_spans_within_it(text):
    found = numerals(text)
    spans = [(item.start, item.end) for item in found]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))


def test_a_million_digits_are_no_number():
    assert numerals("9" * 10**6) == []
