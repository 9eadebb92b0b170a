"""The reader page in a real browser: clicks, keys, filters, links, a narrow window, thirty plans, hostile text.

Skipped, with the reason, where no Chromium is installed, unless LIBPLANS_BROWSER is `required` (as in CI).
"""

import os
import random
from pathlib import Path

import pytest
from chromium import Browser, Page, chromium_path
from shipped import shipped_corpus

import libplans as lp
from libplans import reuse
from libplans.reader.page import write_reader

pytestmark = pytest.mark.skipif(
    chromium_path() is None and os.environ.get("LIBPLANS_BROWSER") != "required",
    reason="no Chromium here (Debian: the package chromium)",
)
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """The five plans, their tables, and the address of their page."""
    corpus = shipped_corpus()
    passages = reuse.find_reuse(corpus)
    tables = {
        "passages": passages,
        "reuse": reuse.measure_reuse(corpus, passages),
        "coding": reuse.code_sentences(corpus, passages),
        "substitutions": reuse.find_substitutions(corpus, passages),
        "leftovers": reuse.find_leftovers(corpus, passages),
    }
    path = write_reader(corpus, tables, tmp_path_factory.mktemp("five") / "reader.html")
    return corpus, tables, path.as_uri()


@pytest.fixture
def opened(browser):
    """Opens pages and, when the test is over, asks of each that it complained of nothing and asked for nothing else."""
    pages = []

    def at(address, **options):
        pages.append(Page(browser, address, **options))
        return pages[-1]

    yield at
    for page in pages:
        assert page.complaints() == []
        assert {address.split("#")[0] for address in page.requests()} <= {
            page.run("location.href.split('#')[0]"),
            "data:,",
        }
        page.close()


def long_passage(tables, target="heilongjiang", source="jilin", kind="adapted"):
    """The row of the longest passage of a kind between two plans."""
    rows = tables["passages"].query("target == @target and source == @source and kind == @kind")
    return rows.sort_values("matched").iloc[-1]


def link(address, row):
    places = f"{row.target_start}-{row.target_end}~{row.source_start}-{row.source_end}"
    return f"{address}#pair={row.target}~{row.source}&passage={places}"


TOPS = (
    "[panes.left, panes.right].map(pane => pane.anchor(state.selected).getClientRects()[0].top"
    " - pane.element.getBoundingClientRect().top - pane.element.clientTop)"
)
CHOSEN = "[...byId('{}').querySelectorAll('.chosen')].map(e => e.textContent).join('')"
DIFFERS = "[...byId('{}').querySelectorAll('.differs')].map(e => e.textContent).join('')"


def joined(text):
    return text.replace("\t", "")


# ---------------------------------------------------------------- from the matrix to a passage


def test_matrix_shows_the_shares_of_the_table(five, opened):
    corpus, tables, address = five
    page = opened(address)
    cells = page.run(
        "[...document.querySelectorAll('#matrix tbody tr')]"
        ".map(row => [...row.cells].slice(1, 6).map(c => (c.querySelector('b') || c).textContent))"
    )
    reused = (
        tables["reuse"][tables["reuse"]["kind"].isin(["verbatim", "adapted"])]
        .groupby(["target", "source"])["chars"]
        .sum()
    )
    chars = corpus.plans.set_index("plan")["chars"]
    some = set(zip(tables["passages"]["target"], tables["passages"]["source"], strict=False))
    for t, target in enumerate(corpus.plan_ids):
        for s, source in enumerate(corpus.plan_ids):
            share = f"{100 * reused.get((target, source), 0) / chars[target]:.1f}%" if (target, source) in some else "0"
            assert cells[t][s] == ("–" if t == s else share)
    page.click("#with-formula")
    more = page.run('document.querySelector(\'#matrix a[data-x="2"][data-y="1"] b\').textContent')
    assert float(more[:-1]) > float(cells[1][2][:-1])


def test_two_clicks_from_matrix_to_a_passage_lined_up(five, opened):
    page = opened(five[2])
    page.click('#matrix a[href="#pair=heilongjiang~national"]')
    assert page.run("state.view") == "pair" and page.run("byId('left').innerText.length") > 20_000
    page.click("#left .shared-text.k-v")
    left, right = page.run(TOPS)
    assert abs(left - right) < 1 and 0 <= left < page.run("byId('left').clientHeight")
    assert page.run("location.hash").startswith("#pair=heilongjiang~national&passage=")
    page.run("history.back()")
    page.settle()


def test_every_passage_lines_up_and_shows_its_text(five, opened):
    _, tables, address = five
    page = opened(f"{address}#pair=jilin~heilongjiang")
    rows = tables["passages"].query("target == 'jilin' and source == 'heilongjiang'").set_index("pair")
    for number in page.run("state.all.map(p => p.number)"):
        page.run(f"choose(state.all.find(p => p.number === {number}))")
        left, right = page.run(TOPS)
        assert abs(left - right) < 1
        assert page.run(CHOSEN.format("left")) == joined(rows.loc[number, "target_text"])
        assert page.run(CHOSEN.format("right")) == joined(rows.loc[number, "source_text"])
    assert len(rows) > 50


@pytest.mark.parametrize(("target", "source"), [("heilongjiang", "jilin"), ("jilin", "heilongjiang")])
def test_differences_are_marked_on_both_sides(five, opened, target, source):
    from libplans.reuse.differences import changed_pieces

    row = long_passage(five[1], target, source)
    page = opened(link(five[2], row))
    pieces = changed_pieces(row.target_text, row.source_text)
    assert page.run(DIFFERS.format("left")) == "".join(row.target_text[a:b] for a, b, _, _ in pieces) != ""
    assert page.run(DIFFERS.format("right")) == "".join(row.source_text[c:d] for _, _, c, d in pieces)
    missing = sum(a == b for a, b, _, _ in pieces)
    assert page.run("byId('left').querySelectorAll('.gap').length") == missing


def test_swaps_and_leftovers_are_named(five, opened):
    page = opened(five[2] + "#pair=heilongjiang~jilin")
    assert "吉林省图书馆 → 黑龙江省图书馆" in page.run("byId('card-body').textContent")
    leftovers = five[1]["leftovers"].query("plan == 'heilongjiang' and belongs_to == 'national' and text == '国图'")
    place = leftovers.iloc[0]
    rows = five[1]["passages"]
    over = rows[
        (rows["target"] == "heilongjiang")
        & (rows["source"] == "national")
        & (rows["target_start"] <= place.start)
        & (rows["target_end"] >= place.end)
    ]
    page.open(link(five[2], over.iloc[0]))
    assert "属于国家图书馆" in page.run("byId('card-body').querySelector('.leftovers').textContent")
    assert page.run("byId('left').querySelector('.chosen.leftover').textContent") == "国图"


# ---------------------------------------------------------------- keys and links


def test_keyboard_alone(five, opened):
    page = opened(five[2])
    stops = []
    for _ in range(12):
        page.press("Tab")
        stops.append(page.run("(e => e.closest('#matrix') ? 'cell' : e.id || e.className)(document.activeElement)"))
        if stops[-1] == "cell":
            break
    assert stops[-1] == "cell" and page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for key, wanted in (("ArrowDown", "jilin"), ("ArrowUp", "national"), ("ArrowDown", "jilin")):
        page.press(key)
        assert page.run("document.activeElement.hash") == f"#pair={wanted}~heilongjiang"
    page.press("Enter")
    assert page.run("[state.view, document.activeElement.id]") == ["pair", "pair-title"]
    for key, wanted in (("j", 1), ("j", 2), ("j", 3), ("k", 2)):
        page.press(key)
        assert page.run("[state.selected.n, document.activeElement.dataset.p]") == [wanted, str(wanted)]
    page.press("x")
    assert page.run("[state.target, state.source, state.selected !== null]") == [1, 2, True]
    page.press("/")
    for key in "jk":
        page.press(key)
    assert page.run("[document.activeElement.id, byId('search').value]") == ["search", "jk"]
    page.press("Escape")
    page.press("Escape")
    assert page.run("state.selected") is None
    page.press("Escape")
    assert page.run("[state.view, document.activeElement.closest('#matrix') !== null]") == ["matrix", True]


def test_one_tab_stop_among_the_marks(five, opened):
    page = opened(five[2] + "#pair=heilongjiang~jilin")
    stops = "['left', 'right'].map(id => [...byId(id).querySelectorAll('.tag')].filter(t => t.tabIndex === 0).length)"
    assert page.run(stops) == [1, 1]
    page.press("j")
    page.press("j")
    assert page.run(stops) == [1, 1]


def test_links_cite_one_passage(five, opened):
    row = long_passage(five[1])
    page = opened(link(five[2], row))
    assert page.run("state.selected.number") == row.pair
    assert page.run("location.hash") == "#" + link("", row).split("#")[1]
    for other in (
        f"#pair={row.pair}",
        f"#pair=heilongjiang-jilin&passage={row.pair}",
        link("", row).replace(f"={row.target_start}-", f"={row.target_start + 2}-") + "&lang=en",
    ):
        page.open(five[2] + "#")
        page.open(five[2] + other)
        assert page.run("[state.target, state.source, state.selected.number]") in ([1, 2, row.pair], [2, 1, row.pair])
    assert page.run("document.documentElement.lang") == "en"
    page.open(link(five[2], row).split("~", 2)[0] + f"~jilin&passage={row.target_start}-{row.target_end}~1-2")
    assert page.run("[state.view, state.selected]") == ["pair", None]
    page.open(five[2] + "#pair=heilongjiang~nowhere")
    assert page.run("[state.view, document.querySelector('[role=alert]').textContent.length > 5]") == ["matrix", True]
    page.open(five[2] + "#pair=heilongjiang~jilin&passage=1-2~1-2&%E0%A4%A")
    assert page.run("[state.view, state.selected]") == ["pair", None]


def test_a_link_into_what_the_filter_hides_loosens_the_filter(five, opened):
    row = long_passage(five[1])
    page = opened(five[2] + "#pair=heilongjiang~jilin")
    page.click("input[value=a]")
    page.open(link(five[2], row))
    assert page.run("[state.selected.number, document.querySelector('input[value=a]').checked]") == [row.pair, True]


# ---------------------------------------------------------------- filters, sums, search


def test_sums_agree_with_the_table_for_every_pair(five, opened):
    corpus, tables, address = five
    page = opened(address)
    chars = corpus.plans.set_index("plan")["chars"]
    table = tables["reuse"].set_index(["target", "source", "kind"])["chars"].to_dict()
    for t, target in enumerate(corpus.plan_ids):
        for s, source in enumerate(corpus.plan_ids):
            if t == s:
                continue
            said = page.run(f"(openPair({t}, {s}), byId('sums').textContent)")
            for a, b in ((target, source), (source, target)):
                reused = sum(table.get((a, b, kind), 0) for kind in ("verbatim", "adapted"))
                assert f"{reused:,} 字，占正文的 {100 * reused / chars[a]:.1f}%" in said
                assert f"套语 {100 * table.get((a, b, 'formula'), 0) / chars[a]:.1f}%" in said


def test_filters_by_kind_length_and_section(five, opened):
    corpus, tables, address = five
    page = opened(address + "#pair=heilongjiang~jilin")
    rows = tables["passages"].query("target == 'heilongjiang' and source == 'jilin'")
    page.click("input[value=f]")
    page.click("input[value=a]")
    verbatim = rows[rows["kind"] == "verbatim"]
    tags = "byId('left').querySelectorAll('.tag').length"
    assert (
        page.run(tags) == len(verbatim) and page.run("document.querySelectorAll('.pane .k-a, .pane .k-f').length") == 0
    )
    table = tables["reuse"].set_index(["target", "source", "kind"])["chars"]
    for target, source in (("heilongjiang", "jilin"), ("jilin", "heilongjiang")):
        assert f"{table[target, source, 'verbatim']:,} 字" in page.run("byId('sums').textContent")
    page.run("byId('least').value = 60; byId('least').dispatchEvent(new Event('input'))")
    assert page.run(tags) == (verbatim["matched"] >= 60).sum() > 0
    assert page.run("byId('ribbons').querySelectorAll('.ribbon').length") == (verbatim["matched"] >= 60).sum()

    page.run("byId('least').value = 0; byId('least').dispatchEvent(new Event('input'))")
    sections = corpus.sections[(corpus.sections["plan"] == "heilongjiang") & (corpus.sections["depth"] == 1)]
    chapter = sections[sections["title"].str.contains("主要内容")].iloc[0]
    page.run(f"byId('section').value = 't{chapter.section}'; byId('section').dispatchEvent(new Event('change'))")
    inside = verbatim[(verbatim["target_end"] > chapter.start) & (verbatim["target_start"] < chapter.end)]
    assert page.run(tags) == len(inside) < len(verbatim)
    stream = corpus.stream("heilongjiang")
    here = (stream.offsets >= chapter.start) & (stream.offsets < chapter.end) & stream.body
    covered = (
        sum(
            here & (stream.offsets >= a) & (stream.offsets < b)
            for a, b in zip(inside["target_start"], inside["target_end"], strict=False)
        )
        > 0
    )
    assert f"{covered.sum():,} 字，占所选章节的 {100 * covered.sum() / here.sum():.1f}%" in page.run(
        "byId('sums').textContent"
    )


def test_own_words_alone(five, opened):
    corpus, tables, address = five
    page = opened(address + "#pair=heilongjiang~jilin")
    page.run("byId('show').value = 'own'; byId('show').dispatchEvent(new Event('change'))")
    visible = page.run(
        "[...byId('left').querySelectorAll('p .sentence')].filter(e => e.getClientRects().length)"
        ".map(e => panes.left.slots.findIndex(s => s.holder === e) + 1)"
    )
    coding = tables["coding"][tables["coding"]["plan"] == "heilongjiang"]
    bodies = corpus.sentences[
        (corpus.sentences["plan"] == "heilongjiang") & corpus.sentences["kind"].isin(["body", "note"])
    ]["sentence"]
    assert visible == [n for n in coding[coding["kind"] == "own"]["sentence"] if n in set(bodies)] and len(visible) > 50
    page.press("j")
    assert page.run("[panes.left, panes.right].every(p => p.anchor(state.selected).getClientRects().length)")


def test_search(five, opened):
    corpus, _, address = five
    page = opened(address + "#pair=heilongjiang~jilin")
    page.run("byId('search').focus()")
    page.send("Input.insertText", text="古籍")
    texts = ["".join(corpus.sentences[corpus.sentences["plan"] == plan]["text"]) for plan in ("heilongjiang", "jilin")]
    wanted = [text.count("古籍") for text in texts]
    assert page.run("byId('hits').textContent") == f"0 / {sum(wanted)} 处"
    page.press("Enter")
    page.press("Enter")
    assert page.run("byId('hits').textContent") == f"2 / {sum(wanted)} 处"
    top, bottom, pane = page.run(
        "(() => { const [r, p] = [document.querySelector('.hit.current'), byId('left')]"
        ".map(e => e.getBoundingClientRect());"
        "return [r.top, r.bottom, [p.top, p.bottom]]; })()"
    )
    assert pane[0] < top < bottom < pane[1]
    assert page.run("[panes.left.hits.length, panes.right.hits.length]") == wanted
    page.run("byId('search').value = ''; byId('search').dispatchEvent(new Event('input'))")
    assert page.run("document.querySelectorAll('.hit').length") == 0


def test_columns_scroll_on_their_own(five, opened):
    page = opened(five[2] + "#pair=heilongjiang~jilin")
    page.press("j")
    before = page.run("byId('right').scrollTop")
    page.run("byId('left').scrollTop += 900")
    page.settle()
    assert page.run("byId('right').scrollTop") == before


def test_ribbons_lie_where_the_passages_lie(five, opened):
    page = opened(five[2] + "#pair=heilongjiang~jilin")
    page.click(".ribbon.k-v")
    chosen = page.run("state.selected !== null && state.selected.n")
    assert chosen
    path, height = page.run(
        f"[document.querySelector('.ribbon[data-p=\"{chosen}\"]').getAttribute('d'), byId('ribbons').clientHeight]"
    )
    share = page.run("state.selected.t.start / panes.left.plan.text.length")
    assert abs(float(path[1:].split("C")[0].split()[1]) - share * height) < 0.1


# ---------------------------------------------------------------- windows, languages, print


def test_one_column_on_a_phone(five, opened):
    row = long_passage(five[1])
    page = opened(link(five[2], row), width=390, height=780)
    boxes = page.run(
        "['left', 'right'].map(id => byId(id).getBoundingClientRect()).map(b => [b.left, b.right, b.top, b.bottom])"
    )
    assert boxes[0][:2] == boxes[1][:2] == [0, 390] and boxes[0][3] <= boxes[1][2] and boxes[1][3] < 780
    assert page.run("document.documentElement.scrollWidth") <= 390 and page.run("byId('tools').open") is False
    left, right = page.run(TOPS)
    assert abs(left - right) < 1 and left < boxes[0][3] - boxes[0][2]
    page.open(five[2] + "#")
    assert page.run("document.documentElement.scrollWidth") <= 390


def test_a_window_made_narrow_or_wide_keeps_the_passage_lined_up(five, opened):
    page = opened(link(five[2], long_passage(five[1])), width=1280, height=800)
    for width, height in ((390, 780), (900, 700)):
        page.resize(width, height)
        page.settle()
        left, right = page.run(TOPS)
        assert abs(left - right) < 1 and page.run("byId('tools').open") is (width > 700)
        height = page.run("byId('left').clientHeight")
        assert 0 <= left < height


def test_both_languages_say_everything(five, opened):
    page = opened(five[2] + "#pair=heilongjiang~jilin&passage=" + str(long_passage(five[1]).pair))
    assert page.run("JSON.stringify(Object.keys(STRINGS.zh).sort()) === JSON.stringify(Object.keys(STRINGS.en).sort())")
    page.click("#language")
    outside = page.run(
        "[...document.querySelectorAll('[data-text], #sums, #card-title')].map(e => e.textContent).join(' ')"
    )
    assert (
        "Matrix" in outside and "Heilongjiang" in outside and "Differences" in page.run("byId('card-body').textContent")
    )
    assert not any("\u4e00" <= character <= "\u9fff" for character in outside)
    assert page.run("[document.documentElement.lang, byId('left').lang]") == ["en", "zh-Hans"]


def test_names_for_screen_readers(five, opened):
    page = opened(five[2] + "#pair=heilongjiang~jilin")
    nameless = page.run(
        "[...document.querySelectorAll('button, select, input, a, section, [role=region]')]"
        ".filter(e => e.getClientRects().length && !e.textContent.trim() && !(e.labels && e.labels.length))"
        ".filter(e => !e.hasAttribute('aria-label') && !e.hasAttribute('aria-labelledby')).map(e => e.outerHTML)"
    )
    assert nameless == []
    assert page.run("['main', 'nav', 'header'].map(tag => document.querySelectorAll(tag).length)") == [1, 1, 1]
    assert page.run("byId('sums').getAttribute('aria-live')") == "polite"
    assert (
        page.run(
            "new Set([...document.querySelectorAll('.key u')].map(e => getComputedStyle(e).borderBottomStyle)).size"
        )
        == 3
    )


def test_prints_the_whole_text(five, opened):
    page = opened(five[2] + "#pair=liaoning~tengzhou")
    assert page.printed().startswith(b"%PDF")
    page.send("Emulation.setEmulatedMedia", media="print")
    page.settle()
    hidden, left, right = page.run(
        "[getComputedStyle(document.querySelector('header')).display,"
        "byId('left').getBoundingClientRect().height, byId('right').scrollHeight]"
    )
    assert hidden == "none" and left > 3_000 and right > 3_000


# ---------------------------------------------------------------- many plans, hostile plans


def test_thirty_plans(browser, opened, tmp_path):
    corpus = shipped_corpus()
    bank = [text for text in corpus.sentences[corpus.sentences["kind"] == "body"]["text"] if 20 < len(text) < 150]
    draw = random.Random(11)
    for number in range(30):
        chapters = [
            f"{'一二三四五六'[n]}、第{number}号馆的任务\n\n" + "\n\n".join(draw.sample(bank, 25)) for n in range(6)
        ]
        (tmp_path / f"plan{number:02d}.txt").write_text("\n\n".join(chapters), encoding="utf-8")
    thirty = lp.read_texts([tmp_path])
    path = write_reader(thirty, {"passages": reuse.find_reuse(thirty)}, tmp_path / "reader.html")
    page = opened(path.as_uri())
    assert page.run("document.querySelectorAll('#matrix tbody tr').length") == 30
    assert page.run("[...stored.keys()]") == ["index"]
    page.click("#matrix a[data-x='12'][data-y='3']")
    assert page.run("[...stored.keys()]") == ["index", "pair-3-12", "plan-3", "plan-12"]
    page.click("#left .shared-text")
    left, right = page.run(TOPS)
    assert abs(left - right) < 1


def test_hostile_plans_do_nothing(opened, tmp_path):
    shared = "建设覆盖城乡的公共图书馆服务网络，推动服务向基层延伸，提高公共图书馆的服务效能"
    bad = [
        '</script><img src=x onerror="window.hacked=1">',
        "<!--",
        "<style>*{display:none}</style>",
        "\u202e倒着写",
        "${alert(1)}",
        "\u2028",
    ]
    for name in ("a'\"><img src=x onerror=window.hacked=1>", "b%41&pair=x~y"):
        text = "\n\n".join(f"一、{sign}\n\n{sign}{shared}{sign}。" for sign in bad)
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = lp.read_texts([tmp_path])
    leftovers = [
        {
            "plan": corpus.plan_ids[0],
            "start": 0,
            "end": 3,
            "text": bad[0],
            "belongs_to": bad[0],
            "evidence": bad[0],
            "strength": "strong",
        }
    ]
    from libplans.tables import frame

    swaps = [
        {
            "target": corpus.plan_ids[0],
            "source": corpus.plan_ids[1],
            "source_text": bad[0],
            "target_text": bad[1],
            "count": 1,
            "kind": "name",
        }
    ]
    tables = {
        "passages": reuse.find_reuse(corpus),
        "leftovers": frame("leftovers", leftovers),
        "substitutions": frame("substitutions", swaps),
    }
    page = opened(write_reader(corpus, tables, tmp_path / "page.html").as_uri())
    page.click("#matrix a")
    assert page.run("[state.view, state.target, state.source]") == ["pair", 0, 1]
    assert bad[0] in page.run("byId('card-body').textContent")
    page.click("#left .shared-text")
    assert page.run("state.selected !== null") and page.run("typeof window.hacked") == "undefined"
    assert page.run("document.querySelectorAll('img, .pane style, .pane script').length") == 0
    text = page.run(
        "(() => { const copy = byId('left').cloneNode(true);"
        "for (const tag of copy.querySelectorAll('button')) tag.remove(); return copy.textContent; })()"
    )
    assert bad[0] in text and "倒着写" in text and "\u202e" not in text
    again = page.run("location.hash")
    page.open(page.run("location.href.split('#')[0]") + "#")
    page.open(page.run("location.href.split('#')[0]") + again)
    assert page.run("[state.target, state.source, state.selected !== null]") == [0, 1, True]


def test_the_policy_stops_what_the_page_does_not_need(five, browser):
    page = Page(browser, five[2])
    with pytest.raises(AssertionError, match="TrustedHTML"):
        page.run("document.body.innerHTML = '<b>x</b>'")
    with pytest.raises(AssertionError, match="TrustedScript"):
        page.run("document.body.setAttribute('onclick', 'window.hacked = 1')")
    with pytest.raises(AssertionError, match="Failed to fetch"):
        page.run("fetch('reader.html')")
    assert any("Content Security Policy" in line for line in page.complaints())
    page.close()
