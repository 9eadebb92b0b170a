"""Where do two passages differ, character by character?

The comparison ignores what is no change of wording (width, case, traditional or simplified form), but it sees
punctuation and numbering, because a reader sees them. The result is a list of steps that rebuilds both passages.
"""

import unicodedata
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise

from ..normalise import FOLDING

WHOLE = 60_000_000  # product of two lengths up to which they are aligned in one piece (about 15 MB)
ANCHOR = 12  # length of the unique shared strings at which longer ones are cut


def difference_steps(left, right):
    """The differences of two strings as steps (same, left_only, right_only), counted in characters.

    Each step is a run of `same` characters that both have, then `left_only` characters of `left` in the place of
    `right_only` characters of `right`; the steps add up to both strings. An optimal edit alignment (Levenshtein), in
    which a single character that is alike by chance between changes of two or more is no match. Strings of more than
    about 7,000 characters each are first cut at the 12-grams that stand once in either. It says what differs, not who
    changed it.
    """
    a, b = ("".join(map(_folded, text)) for text in (left, right))
    steps, same, at_a, at_b = [], 0, 0, 0
    for x, y, length in [*_without_chance(_blocks(a, b), a, b), (len(a), len(b), 0)]:
        if x > at_a or y > at_b:
            steps.append((same, x - at_a, y - at_b))
            same = 0
        same, at_a, at_b = same + length, x + length, y + length
    return steps + [(same, 0, 0)] if same else steps


def changed_pieces(left, right, steps=None):
    """The places where two strings differ: list of (left_start, left_end, right_start, right_end), half-open."""
    pieces, x, y = [], 0, 0
    for same, only_left, only_right in difference_steps(left, right) if steps is None else steps:
        x, y = x + same, y + same
        if only_left or only_right:
            pieces.append((x, x + only_left, y, y + only_right))
        x, y = x + only_left, y + only_right
    return pieces


@lru_cache(1 << 16)
def _folded(character):
    return (FOLDING[character] or unicodedata.normalize("NFKC", character) or character)[0]


def _blocks(a, b):
    """Matching blocks (i, j, length) of two folded strings, in order."""
    from rapidfuzz.distance import Levenshtein

    cuts = [(0, 0)] + (_anchors(a, b) if len(a) * len(b) > WHOLE else []) + [(len(a), len(b))]
    blocks = []
    for (i, j), (i_end, j_end) in pairwise(cuts):
        if (i_end - i) * (j_end - j) > 8 * WHOLE:  # no anchor in a very long stretch: it is not compared
            continue
        for op in Levenshtein.opcodes(a[i:i_end], b[j:j_end]):
            if op.tag == "equal":
                blocks.append((i + op.src_start, j + op.dest_start, op.src_end - op.src_start))
    return blocks


def _anchors(a, b):
    """Places (i, j), rising in both, where an n-gram begins that stands once in either string (patience alignment)."""
    places = [_unique(text) for text in (a, b)]
    shared = sorted((i, places[1][gram]) for gram, i in places[0].items() if gram in places[1])
    tails, last, before = [], [], {}
    for i, j in shared:
        spot = bisect_left(tails, j)
        tails[spot : spot + 1], last[spot : spot + 1] = [j], [(i, j)]
        before[i, j] = last[spot - 1] if spot else None
    chain, place = [], last[-1] if last else None
    while place:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def _unique(text):
    """n-gram -> place, for the n-grams that stand once in a text."""
    places = {}
    for i in range(len(text) - ANCHOR + 1):
        gram = text[i : i + ANCHOR]
        places[gram] = None if gram in places else i
    return {gram: i for gram, i in places.items() if i is not None}


def _without_chance(blocks, a, b):
    """Blocks without those of one character that stand between two changes of two characters or more; the others are
    then grown into the gaps as far as both strings agree."""
    kept = []
    for place, (x, y, length) in enumerate(blocks):
        before = kept[-1] if kept else (0, 0, 0)
        after = blocks[place + 1] if place + 1 < len(blocks) else (len(a), len(b), 0)
        gap_before = max(x - before[0] - before[2], y - before[1] - before[2])
        gap_after = max(after[0] - x - length, after[1] - y - length)
        if length > 1 or gap_before < 2 or gap_after < 2:
            kept.append((x, y, length))
    return _grown(kept, a, b)


def _grown(blocks, a, b):
    """Blocks lengthened backwards, then forwards, while both strings agree; their ends count as blocks."""
    grown, end_x, end_y = [], 0, 0
    for x, y, length in [(0, 0, 0), *blocks, (len(a), len(b), 0)]:
        while x > end_x and y > end_y and a[x - 1] == b[y - 1]:
            x, y, length = x - 1, y - 1, length + 1
        grown.append((x, y, length))
        end_x, end_y = x + length, y + length
    for place, ((x, y, length), (top_x, top_y, _)) in enumerate(pairwise(grown)):
        while x + length < top_x and y + length < top_y and a[x + length] == b[y + length]:
            length += 1
        grown[place] = (x, y, length)
    return [block for block in grown if block[2]]
