"""Does the bound by which short matches are turned away before their alignment hold?"""

import random

import numpy as np
from test_reuse import Bare

from libplans.normalise import code_points
from libplans.reuse import find_reuse, passages
from libplans.reuse.alignment import stretches
from libplans.reuse.reach import beside, reach_of
from libplans.reuse.seeds import Matches
from libplans.reuse.texts import Texts
from libplans.reuse.wide import shared_wording


def _texts(seed, size=3000, letters=40):
    """Two texts of so many different characters; the second holds stretches of the first with one edit in a few."""
    rng = random.Random(seed)
    alphabet = [chr(0x4E00 + number) for number in range(letters)]
    one, other = rng.choices(alphabet, k=size), rng.choices(alphabet, k=size)
    for _ in range(60):
        at, there, length = rng.randrange(size - 60), rng.randrange(size - 60), rng.randrange(6, 40)
        copied = [c for c in one[at : at + length] if rng.random() > 0.08]
        copied = [rng.choice(alphabet) if rng.random() < 0.1 else c for c in copied]
        other[there : there + len(copied)] = copied
    chars = ["".join(one), "".join(other)]
    starts = np.array([0, len(chars[0]), len(chars[0]) + len(chars[1])])
    none = np.zeros(starts[-1], np.int64)
    return Texts(code_points("".join(chars)), starts, ["a", "b"], np.ones(2, bool), none, none, none > 0, chars)


def test_no_passage_matches_more_than_the_reach_of_its_match():
    plain = turned_away = 0
    for seed in range(12):
        texts = _texts(seed, letters=(40, 400)[seed % 2])
        matches, _ = shared_wording(texts, n=6)
        matches = matches.take(np.flatnonzero(matches.length >= 8))
        reach = reach_of(texts, matches).most
        columns = (column.tolist() for column in (*vars(matches).values(), reach))
        for a, b, x, y, length, most in zip(*columns, strict=True):
            found = stretches(texts, a, b, [(x, y, length)])
            sizes = [sum(block[2] for block in blocks) for blocks in found]
            assert max(sizes) <= length + most
            if most == 0:
                assert [blocks for blocks, size in zip(found, sizes, strict=True) if size >= 8] == [[(x, y, length)]]
                plain += 1
            turned_away += length + most < 15
    assert plain > 20 and turned_away > 20


def test_beside_holds_every_match_near_a_span_in_both_texts():
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 100_000, (2, 4000))
    pair = rng.integers(0, 3, len(x))
    matches = Matches(np.zeros(len(x), int), pair + 1, x, y + 100_000, np.full(len(x), 9))
    starts = rng.integers(0, 100_000, (40, 2)) + [0, 100_000]
    sizes = rng.choice([15, 300, 9000], 40)[:, None]
    spans = np.stack([starts[:, 0], starts[:, 0] + sizes[:, 0], starts[:, 1], starts[:, 1] + sizes[:, 0]], axis=1)
    owner = rng.integers(0, 2, 40)  # the third pair has none
    found = beside(matches, (pair, owner), spans, 200)
    for (a_start, a_end, b_start, b_end), number in zip(spans, owner, strict=True):
        near = (matches.x + 9 >= a_start - 200) & (matches.x <= a_end + 200)
        near &= (matches.y + 9 >= b_start - 200) & (matches.y <= b_end + 200) & (pair == number)
        assert found[near].all()
    assert not found[pair == 2].any() and found.mean() < 0.2


def test_short_passages_of_their_own_are_found_where_they_are_asked_for():
    for seed in range(6):
        texts = _texts(seed, size=600)
        matches, _ = shared_wording(texts, n=4)
        reach = reach_of(texts, matches, least=3)
        columns = (column.tolist() for column in (*vars(matches).values(), reach.before, reach.behind))
        for a, b, x, y, length, before, behind in zip(*columns, strict=True):
            found = stretches(texts, a, b, [(x, y, length)], before, behind)
            whole = stretches(texts, a, b, [(x, y, length)])
            long_ones = [
                [blocks for blocks in some if sum(block[2] for block in blocks) > 3] for some in (found, whole)
            ]
            assert long_ones[0] == long_ones[1]


def test_what_follows_a_match_at_the_end_of_a_passage_is_found():
    rng = random.Random(1)

    def letters(k):
        return [chr(0x4E00 + rng.randrange(2000)) for _ in range(k)]

    def edited(text):
        return [c if place % 6 else letters(1)[0] for place, c in enumerate(text)]

    exact, further, last, tail = letters(100), letters(60), letters(12), letters(900)
    one = exact + further + letters(19) + last + tail
    other = exact + edited(further) + letters(19) + last + edited(tail)
    corpus = Bare({"a": "".join(letters(300) + one), "b": "".join(letters(300) + other)})
    found = find_reuse(corpus, n=7, window=7)
    assert found["target_end"].max() > 300 + len(one) - 20 and found["matched"].sum() > 2 * 850


def test_matches_of_one_edited_copy_are_aligned_once(monkeypatch):
    rng, aligned = random.Random(4), []
    one = [chr(0x4E00 + rng.randrange(2000)) for _ in range(2000)]
    other = [chr(0x4E00 + rng.randrange(2000)) if place % 12 == 11 else c for place, c in enumerate(one)]
    chars, starts = ["".join(one), "".join(other)], np.array([0, 2000, 4000])
    none = np.zeros(4000, np.int64)
    texts = Texts(code_points("".join(chars)), starts, ["a", "b"], np.ones(2, bool), none, none, none > 0, chars)
    x = np.arange(0, 1992, 120)  # matches further apart than a chain reaches; the flanks of each lead to the next
    matches = Matches(none[: len(x)], none[: len(x)] + 1, x, x + 2000, np.full(len(x), 11))

    def noting(*args):
        aligned.append(args)
        return stretches(*args)

    monkeypatch.setattr(passages, "stretches", noting)
    nothing = Matches(*np.zeros((5, 0), np.int64)), np.zeros(0, np.int64)
    (found,) = passages.passages_of(texts, matches, nothing)
    assert len(aligned) <= 4 and found.a_start == 0 and found.a_end == 2000 and found.matched == 2000 - 2000 // 12
