"""The data of the reader page: what it carries, that it leads back to the raw text, and that no text becomes markup."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped_corpus

import libplans as lp
from libplans.errors import PlanError
from libplans.normalise import normalise
from libplans.reader.data import ShownText, cell_sums, showable
from libplans.reader.page import as_json, passage_html, reader_entries, reader_html, write_reader
from libplans.reuse.differences import changed_pieces, difference_steps
from libplans.tables import frame

ROOT = Path(__file__).parent.parent
SHARED = "建设覆盖城乡的公共图书馆服务网络，推动服务向基层延伸"
ALPHA = f"甲市图书馆规划\n\n一、服务\n\n甲市图书馆😀要{SHARED}。这一句只在甲市的规划里。\n\n二、馆藏\n\n"
ALPHA += "馆藏达到４００万册。\n"
BETA = f"乙市图书馆规划\n\n一、网络\n\n乙市图书馆要{SHARED.replace('城乡', '全市')}。\n"


@pytest.fixture
def small(tmp_path):
    """Two plans written for this test, and the one passage that they share (alpha as target, beta as target)."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in {"alpha": ALPHA, "beta": BETA}.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = lp.read_texts([folder])
    a, b = ALPHA.index("建设"), BETA.index("建设")
    sides = {"alpha": (a, a + len(SHARED)), "beta": (b, b + len(SHARED))}
    rows = [
        {
            "target": t,
            "target_start": sides[t][0],
            "target_end": sides[t][1],
            "source": s,
            "source_start": sides[s][0],
            "source_end": sides[s][1],
            "target_text": corpus.text(t, *sides[t]),
            "source_text": corpus.text(s, *sides[s]),
            "matched": 23,
            "identity": 0.92,
            "kind": kind,
            "target_section": 2,
            "source_section": 2,
            "pair": 7,
        }
        for t, s, kind in (("alpha", "beta", "verbatim"), ("beta", "alpha", "adapted"))
    ]
    swap = {
        "target": "alpha",
        "source": "beta",
        "source_text": "全市",
        "target_text": "城乡",
        "count": 1,
        "kind": "wording",
    }
    return corpus, {"passages": frame("passages", rows), "substitutions": frame("substitutions", [swap])}


@pytest.fixture(scope="module")
def five():
    """The five plans with their tables."""
    from libplans import reuse

    corpus = shipped_corpus()
    passages = reuse.find_reuse(corpus)
    return corpus, {"passages": passages, "reuse": reuse.measure_reuse(corpus, passages)}


def sixteen(text, start, end):
    """text[start:end] as a browser counts, in UTF-16 units."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


# ---------------------------------------------------------------- differences


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [
        ("吉林省图书馆要全面提升", "黑龙江省图书馆要提升", [(0, 2, 3), (5, 2, 0), (2, 0, 0)]),
        ("國家圖書館，ＡＢ", "国家图书馆,ab", [(8, 0, 0)]),
        ("服务读者", "服务读者", [(4, 0, 0)]),
        ("", "", []),
        ("甲", "", [(0, 1, 0)]),
        ("开展学术研究的活动", "完善志愿服务的制度", [(0, 9, 9)]),
        ("作为。建成文化强国", "作为。文化建设被提到中国特色社会主义全局，建成文化强国", [(3, 0, 18), (6, 0, 0)]),
    ],
)
def test_differences_by_hand(left, right, steps):
    # in the last pair 的 stands in the same place by chance, between changes of six and two characters
    assert difference_steps(left, right) == steps


@settings(max_examples=150, deadline=None)
@given(st.text("图书馆國国，a", max_size=30), st.text("图书馆國国，a", max_size=30))
def test_differences_rebuild_both_texts(left, right):
    steps, x, y = difference_steps(left, right), 0, 0
    for same, only_left, only_right in steps:
        assert normalise(left[x : x + same]) == normalise(right[y : y + same])
        x, y = x + same + only_left, y + same + only_right
    assert (x, y) == (len(left), len(right))
    for a, b, c, d in changed_pieces(left, right, steps):  # what differs differs at both of its ends
        assert a == b or c == d or normalise(left[a]) != normalise(right[c])
        assert a == b or c == d or normalise(left[b - 1]) != normalise(right[d - 1])
    assert all(same for same, _, _ in steps[1:]) and all(one or other for _, one, other in steps[:-1])


def test_long_texts_are_cut_at_unique_strings():
    import random

    letters = random.Random(5).choices("的一是在不了有和人这中大为上个国", k=20_000)
    text = "".join(letters)
    changed = text[:7_000] + "改" * 40 + text[7_500:]
    steps = difference_steps(text, changed)
    assert steps == [(7_000, 500, 40), (12_500, 0, 0)]
    assert changed_pieces(text, changed, steps) == [(7_000, 7_500, 7_000, 7_040)]


# ---------------------------------------------------------------- what the page carries


def test_small_page_by_hand(small):
    corpus, tables = small
    entries = reader_entries(corpus, tables)
    assert list(entries) == ["index", "plan-0", "plan-1", "pair-0-1"]
    (passage,) = entries["pair-0-1"]["passages"]
    number, kind_a, kind_b, matched, identity, family, *places = passage
    assert (number, kind_a, kind_b, matched, identity, family) == (7, "v", "a", 23, 0.92, 0)
    shown = [sixteen(entries[f"plan-{i}"]["text"], *places[2 * i : 2 * i + 2]) for i in (0, 1)]
    assert shown == [SHARED, SHARED.replace("城乡", "全市")]
    raw = [corpus.raw[plan][places[4 + 2 * i] : places[5 + 2 * i]] for i, plan in enumerate(("alpha", "beta"))]
    assert raw == shown
    assert entries["pair-0-1"]["swaps"] == [[1, 1, "城乡", "全市", "wording"]] and places[8] == [0]
    # 建设覆盖 is the same, 城乡 stands for 全市, the rest is the same
    assert places[9] == [4, 2, 4, 2, len(SHARED) - 6, 0, len(SHARED) - 6, 0]


def test_a_reference_before_the_plan_keeps_its_side(small):
    # alpha only as source, as a reference would be: one row, and the entry is still in the order of the plans
    corpus, tables = small
    only = tables["passages"][tables["passages"]["target"] == "beta"]
    (passage,) = reader_entries(corpus, {"passages": only})["pair-0-1"]["passages"]
    assert passage[1:3] == ["", "a"]
    assert passage[10:14] == [place for text in (ALPHA, BETA) for place in (text.index("建设"), text.index("延伸") + 2)]


def test_body_characters_are_those_of_the_corpus(small, five):
    for corpus, _ in (small, five):
        for plan, chars in zip(corpus.plans["plan"], corpus.plans["chars"], strict=False):
            shown = ShownText(corpus, plan, corpus.sentences[corpus.sentences["plan"] == plan])
            assert shown.weights.sum() == chars


def test_body_runs_give_the_counted_characters_back(small):
    corpus, tables = small
    plan = reader_entries(corpus, tables)["plan-0"]
    runs, heavy = plan["body"]
    kept, at = "", 0
    for number, length in enumerate(runs):
        kept += sixteen(plan["text"], at, at + length) if number % 2 else ""
        at += length
    assert at == len(plan["text"].encode("utf-16-le")) // 2 and not heavy
    assert kept == "甲市图书馆要" + SHARED.replace("，", "") + "这一句只在甲市的规划里馆藏达到４００万册"


def test_every_passage_shows_the_text_of_the_table(five):
    corpus, tables = five
    entries, rows = reader_entries(corpus, tables), tables["passages"].set_index(["pair", "target"])
    seen = 0
    for name, entry in entries.items():
        if name.startswith("pair-"):
            plans = [corpus.plan_ids[int(i)] for i in name.split("-")[1:]]
            for number, *rest in entry["passages"]:
                for i, plan in enumerate(plans):
                    start, end = rest[5 + 2 * i : 7 + 2 * i]
                    text = sixteen(entries[f"plan-{corpus.plan_ids.index(plan)}"]["text"], start, end)
                    assert text == rows.loc[(number, plan), "target_text"]
                    seen += 1
    assert seen == len(rows)


def test_sums_without_the_table_are_those_of_the_table(five):
    corpus, tables = five
    shown = {
        plan: ShownText(corpus, plan, corpus.sentences[corpus.sentences["plan"] == plan]) for plan in corpus.plan_ids
    }
    assert cell_sums(shown, tables["passages"]) == cell_sums(shown, tables["passages"], tables["reuse"])


def test_a_text_torn_by_a_note_shows_its_longest_stretch():
    class Torn:
        raw = {"p": "前半句【注】后半句更长"}

        def sentence_offsets(self, plan, sentence):
            return {1: [0, 1, 2, 6, 7, 8, 9, 10], 2: [3, 4, 5]}[sentence]

        def stream(self, plan):
            import numpy as np

            return type("Stream", (), {"offsets": np.arange(11), "body": np.ones(11, bool)})()

    sentences = frame(
        "sentences",
        [
            {
                "plan": "p",
                "sentence": 1,
                "section": 1,
                "kind": "body",
                "start": 0,
                "end": 11,
                "text": "前半句后半句更长",
            },
            {"plan": "p", "sentence": 2, "section": 1, "kind": "note", "start": 3, "end": 6, "text": "【注】"},
        ],
    )
    shown = ShownText(Torn(), "p", sentences)
    assert shown.text == "前半句后半句更长【注】"
    assert shown.span(0, 3) == (0, 3) and shown.span(3, 6) == (8, 11) and shown.span(0, 11) == (0, 11)
    assert shown.span(4, 9) == (3, 6) and shown.span(11, 12) is None


# ---------------------------------------------------------------- the page as a file


class Elements(HTMLParser):
    """What a parser makes of a page: the start tags, and the text of each script and style."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.inside = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.texts.append([tag, dict(attrs), ""])
            self.inside = self.texts[-1]

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.inside[2] += data


HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "<!-- <script>",
    "]]>",
    "&lt;b&gt; &amp;",
    "\u2028\u2029",
    "\u202e倒写\u2066",
    "\x07\x85",
    "{{data}}",
)


@pytest.fixture
def hostile(tmp_path):
    """Two plans whose names and texts try to leave their place."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in ("a<img src=x>", "b&amp;'\""):
        text = "\n\n".join(
            [f"一、{HOSTILE[0]}", *(f"{SHARED}{bad}提高公共图书馆的服务效能和水平。" for bad in HOSTILE)]
        )
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = lp.read_texts([folder])
    from libplans import reuse

    return corpus, {"passages": reuse.find_reuse(corpus)}


def test_hostile_text_is_never_markup(hostile, small):
    page = Elements(reader_html(*hostile))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in Elements(reader_html(*small)).tags]
    data = [json.loads(text) for _, attrs, text in page.texts if attrs.get("type") == "application/json"]
    assert [plan["id"] for plan in data[0]["plans"]] == ["a<img src=x>", "b&amp;'\""]
    assert HOSTILE[0] in data[1]["text"] and "{{data}}" in data[1]["text"]
    assert not set("\u2028\u2029\u202e\u2066\x07\x85") & set("".join(data[1]["text"]))
    for _, attrs, text in page.texts:
        if attrs.get("type") == "application/json":
            assert not set("<>&\u2028\u2029") & set(text)


def test_lone_surrogates_and_order_marks_are_replaced():
    assert showable("甲\ud83d乙\u202e丙\tD😀") == "甲\ufffd乙\ufffd丙\tD😀"
    assert as_json({"x\ud800": "</script>&"}) == '{"x\ufffd":"\\u003c/script\\u003e\\u0026"}'


def test_policy_lets_only_the_pages_own_script_and_style_run(small):
    page = Elements(reader_html(*small))
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    for tag, attrs, text in page.texts:
        if not attrs:
            digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not any(
        name == "style" or name.startswith("on") or name == "src" for _, attrs in page.tags for name in attrs
    )


def test_no_address_in_the_page(small):
    page = reader_html(*small)
    assert (
        re.findall(r"[a-z]+://|\bwww\.|url\((?!#)|@import|\bimport\b|\bfetch\(|XMLHttp|href=\"(?!#|data:,\")", page)
        == []
    )


def test_page_is_small_and_the_same_each_time(five, tmp_path):
    path = write_reader(*five, tmp_path / "reader.html", lang="en")
    data = path.read_bytes()
    assert len(data) < 1_500_000 and data.startswith(b'<!DOCTYPE html>\n<html lang="en">')
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from shipped import shipped_corpus; "
        "from libplans import reuse; from libplans.reader import page; "
        "c = shipped_corpus(); p = reuse.find_reuse(c);"
        "page.write_reader(c, {'passages': p, 'reuse': reuse.measure_reuse(c, p)}, sys.argv[2], 'en')"
    )
    again = tmp_path / "again.html"
    subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(again)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
    )
    assert again.read_bytes() == data


def test_wrong_calls_are_said(small, tmp_path):
    corpus, tables = small
    with pytest.raises(PlanError, match="lang: 'fr'"):
        reader_html(corpus, tables, lang="fr")
    with pytest.raises(PlanError, match="passages"):
        write_reader(corpus, {}, tmp_path / "none.html")
    assert not (tmp_path / "none.html").exists()


def test_plans_that_share_nothing_still_make_a_page(small):
    corpus, _ = small
    entries = reader_entries(corpus, {"passages": frame("passages", [])})
    assert list(entries) == ["index", "plan-0", "plan-1"] and entries["index"]["cells"] == []


# ---------------------------------------------------------------- in a notebook


def test_passage_html_marks_both_sides(small):
    corpus, tables = small
    view = passage_html(corpus, tables["passages"].iloc[0])
    assert "建设覆盖<ins>城乡</ins>的公共" in view and "建设覆盖<del>全市</del>的公共" in view
    assert "逐字相同 · 相同 23 字 · 一致度 0.92" in view and "<script" not in view and view._repr_html_() == view
    start = ALPHA.index("建设")
    assert repr(view) == "\n".join(
        [
            "逐字相同 · 相同 23 字 · 一致度 0.92",
            f"  alpha · 一、 服务 · {start}–{start + len(SHARED)}",
            f"    {SHARED.replace('城乡', '[+城乡]')}",
            f"  beta · 一、 网络 · {start - 1}–{start - 1 + len(SHARED)}",
            f"    {SHARED.replace('城乡', '[-全市]')}",
        ]
    )


def test_passage_html_says_what_it_leaves_out(small):
    corpus, tables = small
    view = passage_html(corpus, tables["passages"], lang="en", limit=1)
    assert view.count("<td") == 2 and "1 more not shown" in view and repr(view).endswith("1 more not shown")


def test_passage_html_escapes(hostile):
    view = passage_html(hostile[0], hostile[1]["passages"])
    assert "<img" not in view and "&lt;img" in view and "\u202e" not in view


def test_the_picture_of_the_page_is_there_and_small():
    content = (ROOT / "docs" / "images" / "reader.png").read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) < 250_000
