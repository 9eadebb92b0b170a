"""Text reuse on texts that one can read: what was copied, where exactly, and what it is called."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libplans.corpus import Corpus, read_plan
from libplans.errors import PlanError
from libplans.normalise import normalise
from libplans.reuse import code_sentences, find_reuse, measure_reuse, sensitivity, split_reuse
from libplans.reuse.alignment import dense_stretches
from libplans.reuse.families import family_numbers
from libplans.reuse.formulae import _mark, _wide
from libplans.reuse.passages import least_lengths
from libplans.reuse.seeds import ngram_hashes, winnowed
from libplans.reuse.texts import lay_out
from libplans.reuse.wide import shared_wording
from libplans.tables import TABLES

NORTH = {"aliases": "北山图书馆;北山市;北山", "level": "city"}
SOUTH = {"aliases": "南河图书馆;南河市;南河", "level": "city"}

COPIED = "依托馆藏红色文献建立流动书屋，每季度向边远村屯配送新书并回收读者意见。"
OTHER = "本馆地下书库已经运行三十年，空调与消防管线老化，须在两年内更换。"
MORE = "邀请退休教师担任故事志愿者，周末在儿童区朗读绘本，并记录孩子们的提问。"


def corpus_of(texts, **register):
    """A corpus of texts {plan: text}; `register` gives fields of the register for a plan."""
    rows = {
        plan: {**dict.fromkeys(TABLES["register"], ""), "plan": plan, "role": "plan", **register.get(plan, {})}
        for plan in texts
    }
    return Corpus([read_plan(rows[plan], text) for plan, text in texts.items()])


def views(passages, target, kinds=("verbatim", "adapted")):
    """(target text, source text) of the reused passages of a target."""
    rows = passages[(passages["target"] == target) & passages["kind"].isin(kinds)]
    return list(zip(rows["target_text"], rows["source_text"], strict=False))


def test_a_copied_sentence_is_found_to_the_character_on_both_sides():
    corpus = corpus_of({"a": f"{OTHER}\n\n{COPIED}\n", "b": f"{COPIED}\n\n{MORE}\n"})
    passages = find_reuse(corpus)
    assert len(passages) == 2 and set(passages["kind"]) == {"verbatim"} and passages["pair"].nunique() == 1
    row = passages[passages["target"] == "a"].iloc[0]
    assert corpus.raw["a"][row["target_start"] : row["target_end"]] == COPIED[:-1]  # the full stop does not count
    assert corpus.raw["b"][row["source_start"] : row["source_end"]] == COPIED[:-1]
    assert (row["matched"], row["identity"]) == (33, 1.0)


def test_a_swapped_name_is_no_change():
    text = "{}图书馆依托红色文献建立流动书屋，由{}市每季度向边远村屯配送新书并回收意见。"
    corpus = corpus_of({"a": text.format("北山", "北山"), "b": text.format("南河", "南河")}, a=NORTH, b=SOUTH)
    row = find_reuse(corpus).iloc[0]
    assert (
        row["kind"] == "verbatim"
        and row["target_text"].startswith("北山图书馆")
        and row["source_text"].startswith("南河图书馆")
    )
    coded = code_sentences(corpus, find_reuse(corpus))
    assert list(coded["kind"]) == ["verbatim", "verbatim"] and list(coded["share"]) == [1.0, 1.0]


def test_swapped_names_do_not_make_a_passage_adapted():
    text = "{0}图书馆与{0}市档案局、{0}市党史馆、{0}市方志办一同整理红色文献。"
    corpus = corpus_of({"a": text.format("北山"), "b": text.format("南河")}, a=NORTH, b=SOUTH)
    assert set(find_reuse(corpus)["kind"]) == {"verbatim"}  # 24 of 32 characters match
    unknown = corpus_of({"a": text.format("北山"), "b": text.format("南河")})
    assert set(find_reuse(unknown)["kind"]) == {"adapted"}


def test_an_insertion_makes_the_longer_side_adapted_and_leaves_the_shorter_verbatim():
    longer = COPIED.replace("，每季度", "，会同乡镇文化站和退伍军人之家，每季度")
    corpus = corpus_of({"a": longer, "b": COPIED})
    kinds = dict(find_reuse(corpus)[["target", "kind"]].itertuples(index=False, name=None))
    assert kinds == {"a": "adapted", "b": "verbatim"}  # 33 of 47 characters of a; 33 of 33 of b


def test_a_deletion_keeps_the_passage_in_one_piece():
    shorter = COPIED.replace("边远", "").replace("新", "")
    passages = find_reuse(corpus_of({"a": shorter, "b": COPIED}))
    assert views(passages, "a") == [(shorter[:-1], COPIED[:-1])]


def test_reordered_sentences_are_two_passages():
    corpus = corpus_of({"a": COPIED + MORE, "b": MORE + COPIED})
    assert sorted(views(find_reuse(corpus), "a")) == sorted([(COPIED[:-1], COPIED[:-1]), (MORE[:-1], MORE[:-1])])


def test_two_passages_spliced_into_one_sentence_come_from_their_two_places():
    left, right = COPIED[:15], MORE[-20:]
    corpus = corpus_of({"a": left + right, "b": COPIED + OTHER + MORE})
    assert [text for text, _ in views(find_reuse(corpus), "a")] == [left.rstrip("，"), right.rstrip("。").lstrip("，")]
    coded = code_sentences(corpus, find_reuse(corpus))
    assert coded[coded["plan"] == "a"]["kind"].tolist() == ["verbatim"]


def test_one_passage_split_over_two_places_is_two_passages():
    corpus = corpus_of({"a": COPIED[:16] + "。" + OTHER + MORE + COPIED[16:], "b": COPIED})
    found = views(find_reuse(corpus), "a")
    assert [text for text, _ in found] == [COPIED[:16].rstrip("，"), COPIED[16:-1]]


def test_a_passage_copied_twice_is_found_at_both_places():
    corpus = corpus_of({"a": COPIED + OTHER + COPIED, "b": COPIED + MORE})
    spans = find_reuse(corpus).query("target == 'a'")[["target_start", "target_end"]].values.tolist()
    second = len(COPIED + OTHER)
    assert spans == [[0, len(COPIED) - 1], [second, second + len(COPIED) - 1]]


def test_the_order_of_the_files_changes_nothing():
    texts = {"a": COPIED + OTHER, "b": MORE + COPIED, "c": OTHER + MORE}
    one = find_reuse(corpus_of(texts))
    other = find_reuse(corpus_of(dict(reversed(texts.items()))))
    assert one.equals(other) and len(one) == 6


def test_each_pair_stands_twice_and_the_two_views_mirror_each_other():
    passages = find_reuse(corpus_of({"a": COPIED + OTHER, "b": MORE + COPIED, "c": OTHER + MORE}))
    for _, pair in passages.groupby("pair"):
        one, other = pair.to_dict("records")
        assert (one["target"], one["target_start"], one["target_text"]) == (
            other["source"],
            other["source_start"],
            other["source_text"],
        )
        assert one["matched"] == other["matched"]


def test_wording_in_three_plans_is_a_family():
    passages = find_reuse(corpus_of({"a": COPIED, "b": COPIED + OTHER, "c": MORE + COPIED, "d": OTHER}))
    shared = passages[passages["target_text"] == COPIED[:-1]]
    assert shared["family"].nunique() == 1 and shared["family"].notna().all()
    assert passages[passages["target_text"] == OTHER[:-1]]["family"].isna().all()


def test_a_documented_formula_is_no_reuse():
    formula = "坚持以习近平新时代中国特色社会主义思想为指导，"
    corpus = corpus_of({"a": formula + "把馆舍修好。", "b": formula + "请读者评议。"})
    assert set(find_reuse(corpus)["kind"]) == {"formula"}
    coded = code_sentences(corpus, find_reuse(corpus))
    assert set(coded["kind"]) == {"formula"} and set(coded["source"]) == {""}


def test_a_formula_inside_a_longer_copy_belongs_to_the_copy():
    text = f"坚持以习近平新时代中国特色社会主义思想为指导，{COPIED}"
    assert find_reuse(corpus_of({"a": text, "b": text}))["kind"].tolist() == ["verbatim", "verbatim"]


def test_wording_of_a_reference_is_a_formula_and_a_reference_is_never_a_target():
    corpus = corpus_of({"a": COPIED + OTHER, "law": COPIED + MORE}, law={"role": "reference"})
    passages = find_reuse(corpus)
    assert passages[["target", "source", "kind"]].values.tolist() == [["a", "law", "formula"]]


def test_unlike_texts_share_nothing():
    assert len(find_reuse(corpus_of({"a": COPIED, "b": OTHER}))) == 0


def test_shares_add_up_and_count_a_character_once():
    corpus = corpus_of({"a": COPIED + OTHER, "b": COPIED + MORE + COPIED, "c": COPIED})
    passages = find_reuse(corpus)
    reuse = measure_reuse(corpus, passages)
    whole = reuse[reuse["source"].isin(["any", ""])].groupby("target")["share"].sum()
    assert whole.round(5).tolist() == [1.0, 1.0, 1.0]
    row = reuse[(reuse["target"] == "a") & (reuse["source"] == "any")].iloc[0]
    assert (row["chars"], row["share"]) == (33, round(33 / 62, 6)) and row["passages"] == 3
    assert np.allclose(split_reuse(corpus, passages).groupby("target")["share"].sum(), 1, atol=1e-5)


def test_shares_fall_when_passages_must_be_longer():
    corpus = corpus_of({"a": COPIED + OTHER, "b": COPIED + MORE})
    table = sensitivity(corpus, lengths=(15, 34), identities=(0.4,))
    assert table[(table["target"] == "a") & (table["source"] == "b")]["share"].tolist() == [round(33 / 62, 6), 0.0]


def test_the_sentence_takes_the_closer_of_two_sources():
    near = COPIED.replace("边远", "偏远")
    corpus = corpus_of({"a": COPIED, "b": near.replace("流动书屋", "汽车书屋").replace("每季度", "每半年"), "c": near})
    coded = code_sentences(corpus, find_reuse(corpus)).set_index("plan")
    assert coded.loc["a", ["source", "second_source", "kind"]].tolist() == ["c", "b", "verbatim"]


def test_a_gap_costs_more_the_wider_it_is():
    far = [(0, 0, 20), (90, 95, 20)]
    assert dense_stretches(far) == [[(0, 0, 20)], [(90, 95, 20)]]
    assert dense_stretches([(0, 0, 20), (22, 23, 20)]) == [[(0, 0, 20), (22, 23, 20)]]


# properties, each against a naive re-computation

LETTERS = st.text("天地玄黄", min_size=0, max_size=70)


class Stream:
    """A stream of bare characters."""

    def __init__(self, chars):
        self.chars, size = chars, len(chars)
        self.offsets, self.sentence, self.body = np.arange(size), np.ones(size, np.int64), np.ones(size, bool)


class Bare:
    """A corpus of bare character strings, as far as matching needs one."""

    def __init__(self, texts):
        self.raw, self.plan_ids, self.roles = texts, list(texts), dict.fromkeys(texts, "plan")

    def stream(self, plan):
        return Stream(self.raw[plan])

    def aliases(self, plan):
        return []


def naive_runs(a, b, least):
    """All maximal common runs of two strings with at least `least` characters, as (i, j, length)."""
    found = set()
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j] and not (i and j and a[i - 1] == b[j - 1]):
                size = 0
                while i + size < len(a) and j + size < len(b) and a[i + size] == b[j + size]:
                    size += 1
                if size >= least:
                    found.add((i, j, size))
    return found


def found_matches(a, b, **options):
    """The maximal matches of two strings as (i, j, length)."""
    matches, _ = shared_wording(lay_out(Bare({"a": a, "b": b})), limit=10**6, **options)
    return set(zip(matches.x.tolist(), (matches.y - len(a)).tolist(), matches.length.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(LETTERS, st.sets(st.integers(0, 60), max_size=8), LETTERS)
def test_all_maximal_runs_are_matches(text, places, tail):
    edited = "".join("宇" if place in places else char for place, char in enumerate(text))
    a, b = text + tail, tail + edited
    assert found_matches(a, b, n=5) == naive_runs(a, b, 5)


@settings(max_examples=60, deadline=None)
@given(LETTERS, st.sets(st.integers(0, 60), max_size=4), LETTERS)
def test_winnowing_keeps_every_run_of_ngram_and_window(text, places, tail):
    edited = "".join("宇" if place in places else char for place, char in enumerate(text))
    a, b = text + tail, tail + edited
    found = found_matches(a, b, n=5, window=4)
    assert naive_runs(a, b, 8) <= found <= naive_runs(a, b, 5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=9),
    st.lists(st.integers(0, 9), min_size=2, max_size=9),
    st.integers(0, 2**32),
    st.booleans(),
)
def test_every_shared_run_of_fifteen_lies_in_a_passage(first, second, seed, sparse):
    rng = np.random.default_rng(seed)
    bricks = ["".join(chr(0x4E00 + c) for c in rng.integers(0, 40, rng.integers(6, 30))) for _ in range(10)]
    a, b = "".join(bricks[i] for i in first), "".join(bricks[i] for i in second)
    passages = find_reuse(Bare({"a": a, "b": b}), **({"n": 8, "window": 8} if sparse else {}))
    rows = passages[passages["target"] == "a"]
    spans = list(zip(rows["target_start"], rows["target_end"], rows["source_start"], rows["source_end"], strict=False))
    for i, j, size in naive_runs(a, b, 15):
        assert any(s <= i and i + size <= e and u <= j and j + size <= v for s, e, u, v in spans), (i, j, size)


def covered_runs(a, b, **options):
    """The shared runs of two strings of at least 15 characters that lie in no passage."""
    rows = find_reuse(Bare({"a": a, "b": b}), **options).query("target == 'a'")
    spans = list(zip(rows["target_start"], rows["target_end"], rows["source_start"], rows["source_end"], strict=True))
    return [
        (i, j, size)
        for i, j, size in naive_runs(a, b, 15)
        if not any(s <= i and i + size <= e and u <= j and j + size <= v for s, e, u, v in spans)
    ]


@settings(max_examples=40, deadline=None)
@given(st.text("天地玄", min_size=1, max_size=7), st.integers(2, 12), st.integers(2, 12), LETTERS, st.booleans())
def test_shared_runs_of_periodic_texts_and_at_their_ends_lie_in_passages(period, first, second, middle, sparse):
    a, b = period * first + middle + COPIED, COPIED[3:] + middle[::-1] + period * second
    assert not covered_runs(a, b, **({"n": 7, "window": 7, "max_gap": 100} if sparse else {}))


@settings(max_examples=20, deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=5), st.lists(LETTERS, min_size=1, max_size=5))
def test_a_run_copied_to_many_places_is_found_at_all_of_them(first, second):
    run = COPIED[5:21]
    assert not covered_runs(run.join(["", *first, ""]), run.join(["", *second, ""]))


def test_a_flank_that_runs_into_a_long_copy_follows_it_to_its_end():
    a, b = COPIED[:9] + "一二三四五" + MORE * 40, COPIED[:9] + "六七八九十" + MORE * 40
    row = find_reuse(Bare({"a": a, "b": b})).iloc[0]
    assert (row["target_start"], row["target_end"], row["matched"]) == (0, len(a), len(a) - 5)


def test_short_texts_need_shorter_passages():
    texts = lay_out(Bare({"a": "天" * 10_000, "b": "地" * 10_000, "c": "玄" * 30, "d": "黄" * 600}))
    pairs = np.array([[0, 1], [2, 3], [0, 3]]).T
    assert least_lengths(texts, *pairs).tolist() == [15, 8, 13]
    assert least_lengths(texts, *pairs, 20).tolist() == [20, 20, 20]


def test_rewritten_classics_are_found_better_than_by_exact_8_grams():
    with open(Path(__file__).parent / "gold" / "classical_pairs.csv", encoding="utf-8") as file:
        pairs = [(normalise(row["text"]), normalise(row["parallel"])) for row in csv.DictReader(file)]
    texts = {f"{side}{number:02d}": pair[side] for number, pair in enumerate(pairs) for side in (0, 1)}
    passages = find_reuse(Bare(texts)).query("kind != 'formula'")
    found = {(a, b) for a, b in zip(passages["target"], passages["source"], strict=True) if (a[0], b[0]) == ("0", "1")}
    exact = {(i, j) for i, (a, _) in enumerate(pairs) for j, (_, b) in enumerate(pairs) if naive_runs(a, b, 8)}
    assert all(a[1:] == b[1:] for a, b in found) and all(i == j for i, j in exact)  # both: precision 1
    assert len(exact) == 16 and len(found) >= 22


@settings(max_examples=50, deadline=None)
@given(
    st.text("天地玄", max_size=40), st.text("天地玄", max_size=40), st.sets(st.text("天地玄黄", max_size=5), max_size=6)
)
def test_marked_are_all_places_of_all_wordings_and_none_over_the_end_of_a_text(a, b, wordings):
    texts = lay_out(Bare({"a": a, "b": b}))
    mask, naive = np.zeros(len(a + b), bool), np.zeros(len(a + b), bool)
    _mark(mask, texts, wordings)
    for first, text in ((0, a), (len(a), b)):
        for wording in wordings - {""}:
            for place in range(len(text)):
                if text.startswith(wording, place):
                    naive[first + place : first + place + len(wording)] = True
    assert mask.tolist() == naive.tolist()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=40), st.integers(1, 4), st.booleans())
def test_wide_ngrams_stand_in_enough_groups(pairs, needed, same_bucket):
    keys = np.array([key if same_bucket else key << 60 for key, _ in pairs], dtype=np.uint64)
    groups = np.array([group for _, group in pairs], dtype=np.int32)
    expected = [len({g for k, g in pairs if k == key}) >= needed for key, _ in pairs]
    assert _wide(keys, groups, needed, bits=8).tolist() == expected


@given(st.text("天地", min_size=1, max_size=40), st.integers(1, 8))
def test_equal_ngrams_and_only_they_have_equal_hashes(text, n):
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    hashes = ngram_hashes(codes, n).tolist()
    grams = [text[i : i + n] for i in range(len(text) - n + 1)]
    assert len(hashes) == len(grams)
    assert all((grams[i] == grams[j]) == (hashes[i] == hashes[j]) for i in range(len(grams)) for j in range(i))


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 8))
def test_every_window_keeps_a_position(values, window):
    hashes = np.array(values, dtype=np.uint64)
    kept = set(winnowed(hashes, window).tolist())
    assert all(kept & set(range(start, start + window)) for start in range(len(values) - window + 1))


def test_a_window_wider_than_the_ngram_is_refused():
    with pytest.raises(ValueError, match="window 9 is wider than the n-gram"):
        shared_wording(lay_out(Bare({"a": COPIED, "b": COPIED})), n=8, window=9)


def test_the_titles_before_the_first_text_are_no_reuse():
    front = "乡镇图书室五年修缮与开放规划\n前言\n"
    corpus = corpus_of({"a": front + OTHER, "b": front + MORE})
    assert set(find_reuse(corpus)["kind"]) <= {"formula"}
    corpus = corpus_of({"a": front + COPIED + OTHER, "b": front + COPIED + MORE})
    assert "verbatim" in set(find_reuse(corpus)["kind"])


@pytest.mark.parametrize(
    "setting",
    [{"n": 0}, {"n": 2.5}, {"n": "6"}, {"window": -1}, {"min_length": 0}, {"max_gap": True}, {"min_identity": 1.5},
     {"min_identity": float("nan")}, {"n": 9, "window": 9}, {"n": 6, "min_length": 5}],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(setting):
    with pytest.raises(PlanError, match=f"find_reuse: {'n' if len(setting) > 1 else next(iter(setting))}: "):
        find_reuse(corpus_of({"a": COPIED, "b": COPIED}), **setting)


@pytest.mark.parametrize(
    "span, one",
    [
        ((1000, 1100), True),  # the same place
        ((1066, 1102), True),  # 34 of 36 characters, a third of what both take
        ((1070, 1106), False),  # 30 of 36, less than 0.3 of what both take
        ((1010, 1030), False),  # all of it, but a fifth of the other
        ((1040, 1140), False),  # 60 of 100
        ((1100, 1200), False),  # beside it
    ],
)
def test_a_family_is_one_place_in_more_than_two_plans(span, one):
    passages = [(0, 1, 10, 110, 1000, 1100, -1), (1, 2, *span, 2000, 2100, -1), (0, 1, 300, 330, 1500, 1530, -1)]
    assert family_numbers(np.array(passages)).tolist() == ([1, 1, 0] if one else [0] * 3)


def test_wide_wording_has_its_family_already():
    passages = [(0, 1, 10, 20, 110, 120, 4), (1, 2, 150, 160, 210, 220, 4), (0, 2, 50, 60, 250, 260, 7)]
    assert family_numbers(np.array(passages)).tolist() == [1, 1, 0]
