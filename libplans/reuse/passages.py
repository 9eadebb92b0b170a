"""Passages: which stretches of two plans have the same wording?

The public call is `find_reuse`. The steps: seeds (exact n-grams), maximal exact matches, chains of matches, alignment
of gaps and flanks, stretches that are dense enough, a kind for each, and families of the same wording in several
plans.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field
from numbers import Integral
from operator import itemgetter

import numpy as np

from ..errors import PlanError
from ..tables import frame
from .alignment import identity, stretches
from .chains import chains
from .families import mark_families
from .formulae import formula_mask, name_mask, spread_mask, trade_mask
from .kinds import FREE, at_names, free_counts, is_formula, kinds_of, with_name_edges
from .reach import ENDLESS, beside, reach_of
from .seeds import LENGTH, SATELLITE, Matches
from .texts import lay_out
from .wide import FAMILY, FEW_PLANS, shared_wording

CELL = 512  # characters of a cell in which passages are looked up
BESIDE = 200  # characters up to which a passage is beside another, in both texts
PAGES = 20_000  # characters up to which every 4-gram is a seed
SMALL = 3_000_000  # characters up to which every n-gram is a seed; beyond, n-grams are winnowed
LARGE = 60_000_000  # characters from which on n-grams are longer: those that are shared by chance would be too many


@dataclass
class Passage:
    """A passage of two plans (indices a < b) on the long array: spans half-open, `blocks` the matching runs."""

    a: int
    b: int
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    matched: int
    identity: float
    blocks: list = field(repr=False)
    kinds: tuple = ("", "")
    family: int | None = None
    wide: int = -1  # where it is a place of wide wording with one other place, in the stead of all: its family

    @property
    def longest(self):
        """Length of the longest exact run."""
        return max(block[2] for block in self.blocks)


def passage_of(a, b, blocks, matched, share):
    """The passage that a run of matching blocks makes, which match so many characters and are so much alike."""
    x, y, _ = blocks[0]
    last_x, last_y, length = blocks[-1]
    return Passage(a, b, x, last_x + length, y, last_y + length, matched, share, blocks)


def least_lengths(texts, a, b, min_length=None):
    """Characters that a passage of the plans a and b (indices, arrays) must match: `min_length` where it is given.

    Else LENGTH for two texts of 10,000 characters or more, and fewer, down to SATELLITE, for shorter ones: how long a
    run two texts share by chance grows with the logarithm of the product of their sizes (Karlin and Altschul 1990).
    """
    sizes = np.diff(texts.starts).astype(float)
    if min_length is not None:
        return np.full(len(a), min_length)
    chance = np.log(np.maximum(sizes[a] * sizes[b], 2)) / np.log(1e8)
    return np.clip(np.ceil(LENGTH * chance - 1e-9), SATELLITE, LENGTH).astype(np.int64)


def raw_passages(texts, n=6, window=1, min_length=None, min_identity=0.4, max_gap=40, limit=None, spread=None):
    """Passages of all pairs of plans before kinds are told apart, sorted by plans and place."""
    if len(texts.plans) < 2:
        return []
    matches, families = shared_wording(texts, n, window, limit or limit_for(len(texts.codes)), spread)
    return passages_of(texts, matches, (families.pairs, families.pair_family), min_length, min_identity, max_gap)


def limit_for(size):
    """Places up to which an n-gram is a seed, in a corpus of `size` characters."""
    return 256 if size <= SMALL else FAMILY


def passages_of(texts, matches, families, min_length=None, min_identity=0.4, max_gap=40):
    """Passages of the pairs of plans that share these `Matches`, or these places of wide wording (`Matches`, and the
    family of each)."""
    satellite = SATELLITE if min_length is None else min(SATELLITE, min_length)
    least = least_lengths(texts, matches.a, matches.b, min_length)
    found, lone = chains(texts, matches, satellite, least, max_gap)
    reach = reach_of(texts, lone, least=satellite)
    far = lone.length + reach.most >= least_lengths(texts, lone.a, lone.b, min_length)
    aligned = _Aligned(texts, satellite, min_identity)
    aligned.chains(found, _reach_of_chains(texts, found, satellite))
    aligned.lone(lone.take(far), reach.take(far))
    by_pair = aligned.by_pair
    exact, long_runs = defaultdict(list), matches.take(np.flatnonzero(matches.length >= least))
    for runs, wide in ((long_runs, np.full(len(long_runs), -1)), families):
        columns = (column.tolist() for column in (*vars(runs).values(), wide))
        for a, b, x, y, length, family in zip(*columns, strict=True):
            if family >= 0 or (x, y) not in aligned.inside:
                blocks = [(x, y, length)]
                exact[a, b].append(Passage(a, b, x, x + length, y, y + length, length, 1.0, blocks, wide=family))
    pairs = sorted({*by_pair, *exact})
    sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    lengths = dict(zip(pairs, least_lengths(texts, *sides.T, min_length).tolist(), strict=True))
    solid = [p for pair in pairs for p in _of_pair(by_pair, exact, pair) if p.matched >= lengths[pair]]
    few = np.flatnonzero(~far)
    few = few[_neighbours(texts, lone.take(few), solid)]
    aligned.lone(lone.take(few), reach.take(few))
    passages = []
    for pair in pairs:
        passages += _settled(_of_pair(by_pair, exact, pair), lengths[pair])
    return passages


def _reach_of_chains(texts, found, least):
    """The `Reach` of chains of several links."""
    first = np.array([(a, b, *chain[0]) for a, b, chain in found], np.int64).reshape(-1, 5)
    last = np.array([(a, b, *chain[-1]) for a, b, chain in found], np.int64).reshape(-1, 5)
    return reach_of(texts, Matches(*first.T), Matches(*last.T), least)


class _Aligned:
    """The passages that chains make, as they are aligned: `by_pair`, those of each pair of plans, with the first link
    of the chain of each; `inside`, the places of links that lie in one of them.

    A chain whose links stand in runs of one passage, further than BESIDE from an end where its flank might lead on, is
    not aligned again: its flanks would lead over the same passage. (In an edited copy those of each chain lead over all
    of it, at a cost that grows with the square of the copy.)
    """

    def __init__(self, texts, least, min_identity):
        self.texts, self.least, self.min_identity = texts, least, min_identity
        self.by_pair, self.inside, self.runs = defaultdict(list), set(), defaultdict(list)

    def chains(self, found, reach):
        """Align chains; `reach` says which of their flanks are looked into."""
        sides = reach.before.tolist(), reach.behind.tolist()
        for (a, b, chain), before, behind in zip(found, *sides, strict=True):
            if self._known(chain, before, behind):
                self.inside.update((x, y) for x, y, _ in chain)
                continue
            for blocks in stretches(self.texts, a, b, chain, before, behind):
                matched, share = identity(blocks)
                if matched >= self.least and share >= self.min_identity:
                    passage = passage_of(a, b, blocks, matched, share)
                    self.by_pair[a, b].append((chain[0], passage))
                    first, last = passage.a_start, passage.a_end
                    self.inside.update((x, y) for x, y, length in chain if first <= x and x + length <= last)
                    for x, y, length in blocks:
                        if length >= self.least:
                            insort(self.runs[y - x], (x, x + length, first, last))

    def _known(self, chain, before, behind):
        """Whether the links of a chain stand in runs of one passage that is there already, far enough from its ends."""
        span = None
        for x, y, length in chain:
            runs = self.runs.get(y - x, ())
            at = bisect_right(runs, (x, ENDLESS)) - 1
            if at < 0 or x + length > runs[at][1] or (span is not None and span != runs[at][2:]):
                return False
            span = runs[at][2:]
        x, _, length = chain[-1]
        return (not before or chain[0][0] - span[0] >= BESIDE) and (not behind or span[1] - x - length >= BESIDE)

    def lone(self, matches, reach):
        """The same of chains of one link, which are passages as they are where nothing beside them matches."""
        open_rows = reach.before | reach.behind
        columns = (column.tolist() for column in vars(matches.take(open_rows)).values())
        chained = [(a, b, [(x, y, length)]) for a, b, x, y, length in zip(*columns, strict=True)]
        self.chains(chained, reach.take(open_rows))
        columns = (column.tolist() for column in vars(matches.take(~open_rows)).values())
        for a, b, x, y, length in zip(*columns, strict=True):
            block = x, y, length
            self.inside.add((x, y))
            self.by_pair[a, b].append((block, Passage(a, b, x, x + length, y, y + length, length, 1.0, [block])))


def _of_pair(by_pair, exact, pair):
    """Passages of a pair: those of chains in the order of their first links, and exact ones."""
    return [*(passage for _, passage in sorted(by_pair.get(pair, ()), key=itemgetter(0))), *exact.get(pair, ())]


def _neighbours(texts, matches, solid):
    """Which matches may make a passage beside a long one: bool array."""
    count = len(texts.plans)
    pairs = matches.a * count + matches.b, np.array([p.a * count + p.b for p in solid], np.int64)
    spans = np.array([(p.a_start, p.a_end, p.b_start, p.b_end) for p in solid], np.int64).reshape(-1, 4)
    return beside(matches, pairs, spans, BESIDE)


def _settled(passages, min_length, near=BESIDE):
    """Passages of one pair without those that say nothing new; short ones stay only beside a long one."""
    if len(passages) == 1:
        return passages if passages[0].matched >= min_length else []
    index = defaultdict(list)
    kept = _distinct([p for p in passages if p.matched >= min_length], min_length, index)
    small = [p for p in passages if p.matched < min_length]
    if small:
        cells = defaultdict(list)  # long passages by where they stand in a
        for p in kept:
            for cell in range((p.a_start - near) // CELL, (p.a_end + near) // CELL + 1):
                cells[cell].append(p)
        kept += _distinct([p for p in small if _beside_one(p, cells, near)], min_length, index)
    return sorted(kept, key=_place)


def _place(passage):
    return passage.a_start, passage.b_start, passage.a_end, passage.b_end


def _beside_one(small, cells, near):
    """Whether a short passage stands within `near` characters of a long one, in both texts."""
    low_a, high_a, low_b, high_b = small.a_start - near, small.a_end + near, small.b_start - near, small.b_end + near
    for cell in range(small.a_start // CELL, small.a_end // CELL + 1):
        for p in cells.get(cell, ()):
            if p.b_start <= high_b and low_b <= p.b_end and p.a_start <= high_a and low_a <= p.a_end:
                return True
    return False


def _distinct(passages, min_length, index):
    """Passages not contained, on both sides, in a better one; and short ones only where they cover something new.

    `index` holds passages by the cells of CELL characters that they touch in a: those that are kept already, and are
    better, and then these.
    """
    kept = []
    best_first = sorted(
        passages, key=lambda p: (-p.matched, -p.identity, p.a_start, p.b_start, p.a_end, p.b_end, p.wide)
    )
    for passage in best_first:
        cells = range(passage.a_start // CELL, (passage.a_end - 1) // CELL + 1)
        rivals = index[cells[0]]
        if len(cells) > 1:
            rivals = {id(other): other for cell in cells for other in index[cell]}.values()
        if rivals and (_inside_one(passage, rivals) or (passage.longest < min_length and _dominated(passage, rivals))):
            continue
        kept.append(passage)
        for cell in cells:
            index[cell].append(passage)
    return kept


def _inside_one(small, others):
    """Whether a passage stands inside another, on both sides."""
    a_start, a_end, b_start, b_end = small.a_start, small.a_end, small.b_start, small.b_end
    for large in others:
        if large.a_start <= a_start and a_end <= large.a_end and large.b_start <= b_start and b_end <= large.b_end:
            return True
    return False


def _dominated(small, others):
    """Whether a passage shares more than half of its span, on either side, with a better one."""
    a_start, a_end, b_start, b_end = small.a_start, small.a_end, small.b_start, small.b_end
    half_a, half_b = (a_end - a_start) / 2, (b_end - b_start) / 2
    for large in others:
        if min(a_end, large.a_end) - max(a_start, large.a_start) > half_a:
            return True
        if min(b_end, large.b_end) - max(b_start, large.b_start) > half_b:
            return True
    return False


def settings_for(size, n=None, window=None, max_gap=None):
    """n-gram size, winnowing window and widest gap, for a corpus of `size` characters.

    Every 6-gram and 40 in a small one (every 4-gram in one of a few pages), 7-grams in windows of 7 and 100 in a large
    one, where seeds stand further apart; in a very large one 8-grams, for how many n-grams are shared by chance grows
    with the square of the corpus.
    """
    small = size <= SMALL
    return (
        n or (4 if size <= PAGES else 6 if small else 7 if size <= LARGE else 8),
        window or (1 if small else 7),
        max_gap or (40 if small else 100),
    )


def related_plans(texts, passages, share=0.05, length=25, least=150):
    """Pairs of plan indices that share at least `share` of the smaller one's text, and `least` characters, in passages
    of at least `length` characters.

    `passages` is the table of that name, or a list of `Passage` before kinds are told apart.
    """
    total = defaultdict(int)
    if isinstance(passages, list):
        for passage in passages:
            if passage.longest >= length and passage.wide < 0:
                total[passage.a, passage.b] += passage.matched
    else:
        index = {plan: place for place, plan in enumerate(texts.plans)}
        rows = passages[(passages["kind"] != "formula") & (passages["matched"] >= length)].drop_duplicates("pair")
        for target, source, matched in rows[["target", "source", "matched"]].itertuples(index=False, name=None):
            total[tuple(sorted((index[target], index[source])))] += int(matched)
    sizes = np.diff(texts.starts)
    return sorted(
        pair for pair, size in total.items() if size >= max(least, share * min(sizes[pair[0]], sizes[pair[1]]))
    )


def _check_settings(**settings):
    for name, value in settings.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, Integral) or value < 1):
            raise PlanError(f"find_reuse: {name}: {value!r}; give a whole number from 1 on")


def find_reuse(corpus, n=None, window=None, min_length=None, min_identity=0.4, max_gap=None):
    """Passages that two plans share, as table `passages`, sorted by target and place.

    Each pair stands twice, once with either plan as target (a reference document only as source); both rows carry the
    same `pair`. Spans are half-open offsets into the raw texts; `matched` counts characters of the normalised stream,
    `identity` (0-1) is matched characters over aligned length; `family` numbers wording that stands in more than two
    plans.

    `min_length`: characters a passage must match, unless it stands beside a longer one of the same two plans; every
    exact run of that length is inside a passage (default: 15; fewer, down to 8, in texts shorter than a plan).
    `min_identity`: below it two stretches are not called the same passage. `max_gap`: characters of a gap that
    a passage may bridge. `n`, `window`: size of the n-gram and of the winnowing window (default: every 4-gram up to
    20,000 characters, every 6-gram up to 3 million, beyond that 7-grams in windows of 7, from 60 million on
    8-grams; then gaps of 100 instead of 40). PlanError for a setting that is no whole number from 1 on, an identity
    outside 0-1, or an own `n` and `window` so wide (n + window - 1 above the minimum length) that exact runs would be
    missed.

    A passage says that wording is shared, not who borrowed it: see `find_direction`. Seeds as in Schleimer et al.
    (2003), chaining and local alignment as in Smith et al. (2014), Detecting and Modeling Local Text Reuse.
    """
    _check_settings(n=n, window=window, min_length=min_length, max_gap=max_gap)
    if not 0 <= min_identity <= 1:
        raise PlanError(f"find_reuse: min_identity: {min_identity!r}; give a number from 0 to 1")
    texts, own = lay_out(corpus), n or window
    n, window, max_gap = settings_for(len(texts.codes), n, window, max_gap)
    if own and n + window - 1 > (min_length or LENGTH):
        raise PlanError(
            f"find_reuse: n: {n} in windows of {window} misses runs of {n + window - 2} characters; "
            f"give n + window - 1 up to the minimum length, {min_length or LENGTH}"
        )
    spread = spread_mask(texts) if texts.target.sum() >= FEW_PLANS else None
    passages = raw_passages(texts, n, window, min_length, min_identity, max_gap, spread=spread)
    related = related_plans(texts, passages)
    formula = formula_mask(texts, corpus, spread_mask(texts, related) if spread is None else spread)
    trade = trade_mask(texts) if len(texts.codes) <= SMALL else None
    tell_kinds(texts, passages, related, formula, name_mask(texts, corpus), trade, min_length)
    mark_families(passages)
    return table_of(corpus, texts, passages)


def tell_kinds(texts, passages, related, formula, names, trade=None, min_length=None):
    """Widen passages over swapped names and give them their kinds; the masks are over the long array, or can be sliced
    as if they were."""
    free = FREE if min_length is None else min(FREE, min_length)
    references = set(np.flatnonzero(~texts.target).tolist())
    related = set(related)
    beside, outside = at_names(passages, names).tolist(), free_counts(passages, formula).tolist()
    own = []
    for passage, named, count in zip(passages, beside, outside, strict=True):
        if named:
            with_name_edges(texts, passage, names)
        known = (passage.a, passage.b) in related
        if (
            count < free
            or passage.a in references
            or passage.b in references
            or is_formula(passage, formula, count, known, trade, free)
        ):
            passage.kinds = ("formula", "formula")
        else:
            own.append(passage)
    for passage, kinds in zip(own, kinds_of(own, names, texts.body), strict=True):
        passage.kinds = kinds


def table_of(corpus, texts, passages):
    """Table `passages` of the passages found."""
    section = {plan: _sections(corpus, plan) for plan in texts.plans}
    rows = []
    for number, p in enumerate(passages, 1):
        sides = ((p.a, p.a_start, p.a_end), (p.b, p.b_start, p.b_end))
        for (target, source), kind in zip((sides, sides[::-1]), p.kinds, strict=False):
            if texts.target[target[0]]:
                rows.append(
                    {
                        **_side(corpus, texts, section, "target", target),
                        **_side(corpus, texts, section, "source", source),
                        "matched": p.matched,
                        "identity": round(p.identity, 6),
                        "kind": kind,
                        "pair": number,
                        "family": p.family,
                    }
                )
    rows.sort(
        key=lambda row: (row["target"], row["target_start"], row["target_end"], row["source"], row["source_start"])
    )
    return frame("passages", rows)


def _sections(corpus, plan):
    """Section of each sentence of a plan (a corpus without sections has none)."""
    table = getattr(corpus, "sentences", None)
    if table is None:
        return {}
    here = table[table["plan"] == plan]
    return dict(zip(here["sentence"].tolist(), here["section"].tolist(), strict=False))


def _side(corpus, texts, section, name, side):
    index, start, end = side
    plan = texts.plans[index]
    places = texts.offsets[start:end]
    low, high = int(places.min()), int(places.max()) + 1
    return {
        name: plan,
        f"{name}_start": low,
        f"{name}_end": high,
        f"{name}_text": _text(corpus, plan, low, high),
        f"{name}_section": section[plan].get(int(texts.sentence[start])),
    }


def _text(corpus, plan, start, end):
    return corpus.text(plan, start, end) if hasattr(corpus, "text") else corpus.raw[plan][start:end]
