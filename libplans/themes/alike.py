"""How alike are two sections in what they speak of? tf-idf over words and pairs of characters, with their themes."""

import re
from array import array
from collections import Counter

import numpy as np

from ..words import is_content, tokenize
from .bodies import section_texts
from .codebook import simplify

WORDS, PAIRS = 2 / 3, 1 / 3  #: say of the words and of the pairs of characters
ABOVE = 0.5  #: a word in a heading above the section counts half
OTHER_THEME = 0.5  #: sections that the codebook puts under different themes count as half as alike
LEAST = 0.05  #: floor of the threshold: less is a common word or two, whatever the chapters of the plan are like
_PERIOD = re.compile("十[一二三四五六七八]五")
_REVIEW = re.compile(
    "回顾|取得的?.{0,6}(?:成绩|成就|成效)|主要(?:成绩|成就|成效)|(?:存在|面临).{0,8}(?:问题|不足|困难|挑战|短板)|"
    "发展(?:基础|现状|形势|环境)"
)


class Alikeness:
    """Similarity of the sections with own text of a corpus: call it with two keys (plan, section), get 0–1.

    1 is the same words under the same theme. Similarities are rounded to four digits, so that the last digit of a
    processor decides nothing. `themes` is the table of `assign_themes`. Memory grows with the square of the sections
    of one pair of plans, not of the corpus.
    """

    def __init__(self, corpus, themes):
        texts = section_texts(corpus)
        self.keys = list(zip(texts["plan"], texts["section"].astype(int), strict=True))
        self._at = {key: place for place, key in enumerate(self.keys)}
        self._plans = {}
        for place, (plan, _) in enumerate(self.keys):
            self._plans.setdefault(plan, []).append(place)
        self._themes = {(row.plan, int(row.section)): (row.theme, row.second_theme) for row in themes.itertuples()}
        self._spaces = [(WORDS, _Space(texts, _words)), (PAIRS, _Space(texts, _pairs))]
        self._found, self._chapters, reviews = {}, _chapters(corpus), _reviews(corpus)
        self._tasks = {plan: [] for plan in self._plans}
        for key in self.keys:
            if self._chapters.get(key) and key not in reviews:
                self._tasks[key[0]].append(key)

    def __call__(self, one, other):
        block = self._block(one[0], other[0])
        return float(block[self._row(one), self._row(other)])

    def keys_of(self, plan):
        """The sections of a plan with text of their own that set tasks: not the document itself, and no review.

        A review is what stands under a heading that looks back (回顾, 取得的成绩, 存在的问题, an earlier
        five-year period).
        """
        return self._tasks.get(plan, [])

    def chapter(self, key):
        """The number of the section of depth 1 that a section stands in, 0 for the document itself."""
        return self._chapters[key]

    def theme(self, key):
        """The primary theme of a section, "" where it has none."""
        return self._themes.get(key, ("", ""))[0]

    def best(self, key, plan):
        """(section of `plan`, similarity) that is most alike to section `key`; (None, 0.0) where the plan has none."""
        others = self.keys_of(plan)
        if not others:
            return None, 0.0
        values = self._block(key[0], plan)[self._row(key), [self._row(other) for other in others]]
        place = int(values.argmax())
        return others[place], float(values[place])

    def between_chapters(self, plan):
        """The median over the sections of a plan of the highest similarity to a section of its other chapters.

        Not under `LEAST`, which also stands where the plan has no two chapters.
        """
        keys = self.keys_of(plan)
        chapter = np.array([self._chapters[key] for key in keys])
        if len(set(chapter.tolist())) < 2:
            return LEAST
        rows = [self._row(key) for key in keys]
        block = self._block(plan, plan)[np.ix_(rows, rows)]
        highest = np.where(chapter[:, None] == chapter[None, :], 0.0, block).max(axis=1)
        return max(round(float(np.median(highest)), 4), LEAST)

    def terms(self, one, other, count):
        """The words that two sections share, those that weigh most first."""
        space = self._spaces[0][1]
        shared = space.rows[self._at[one]].multiply(space.rows[self._at[other]]).tocoo()
        found = zip(np.round(shared.data, 6).tolist(), shared.col.tolist(), strict=True)
        return [space.names[column] for _, column in sorted(found, key=lambda item: (-item[0], item[1]))[:count]]

    def of_texts(self, text, other_text, one, other):
        """The similarity that two texts would have in the place of the sections `one` and `other`."""
        value = sum(
            say * (space.vector(text) @ space.vector(other_text).T).toarray()[0, 0] for say, space in self._spaces
        )
        return round(float(value) * self._agreement(one, other), 4)

    def _row(self, key):
        return self._at[key] - self._plans[key[0]][0]  # the sections of a plan stand together

    def _block(self, one, other):
        if (one, other) not in self._found:
            a, b = self._plans[one], self._plans[other]
            values = sum(say * (space.rows[a] @ space.rows[b].T).toarray() for say, space in self._spaces)
            agree = np.array([[self._agreement(self.keys[i], self.keys[j]) for j in b] for i in a])
            self._found[one, other] = np.round(values * agree, 4)
        return self._found[one, other]

    def _agreement(self, one, other):
        """1 for the same first theme, 0.75 where it is the second theme of one, else `OTHER_THEME`."""
        (first, second), (theme, next_theme) = (self._themes.get(key, ("", "")) for key in (one, other))
        if first == theme:
            return 1.0
        return (1 + OTHER_THEME) / 2 if first and first == next_theme or theme and theme == second else OTHER_THEME


class _Space:
    """Unit vectors of the sections over one sort of features: log(1 + count) times log((1 + n) / (1 + sections))."""

    def __init__(self, texts, features):
        self._features = features
        places, counts, ends, known = array("i"), array("d"), [0], {}
        for own, text in zip(map(simplify, texts["own"]), map(simplify, texts["text"]), strict=True):
            bag = self._weighted(Counter(features(own)), Counter(features(text[len(own) :])))
            places.extend(known.setdefault(name, len(known)) for name in bag)
            counts.extend(bag.values())
            ends.append(len(places))
        self.names = sorted(known)
        self._column = {name: column for column, name in enumerate(self.names)}
        columns = np.empty(len(known), dtype=np.int32)
        columns[[known[name] for name in self.names]] = np.arange(len(known), dtype=np.int32)
        columns = columns[np.frombuffer(places, dtype=np.int32)]
        holding = np.bincount(columns, minlength=len(known))
        self._rarity = np.log((1 + len(texts)) / (1 + holding))
        self.rows = self._matrix(np.frombuffer(counts), columns, ends)

    @staticmethod
    def _weighted(own, above):
        return {name: own[name] + ABOVE * above[name] for name in sorted(own | above)}

    def _matrix(self, counts, columns, ends):
        from scipy.sparse import csr_matrix
        from sklearn.preprocessing import normalize

        shape = len(ends) - 1, len(self.names)
        rows = csr_matrix((np.log1p(counts) * self._rarity[columns], columns, ends), shape=shape)
        rows.sort_indices()
        return normalize(rows)

    def vector(self, text):
        """The vector of another text in the same space."""
        bag = Counter(name for name in self._features(simplify(text)) if name in self._column)
        columns = np.array([self._column[name] for name in bag], dtype=np.int32)
        return self._matrix(np.array(list(bag.values()), dtype=float), columns, [0, len(bag)])


def _words(text):
    return [word.lower() for word in tokenize(text) if is_content(word)]


def _pairs(text):
    plain = re.sub(r"[\W\d_]", "", text)
    return [plain[at : at + 2] for at in range(len(plain) - 1)]


def _chapters(corpus):
    """(plan, section) -> the section of depth 1 that it stands in, 0 for the document itself."""
    found = {}
    for row in corpus.sections.itertuples(index=False):
        key = row.plan, int(row.section)
        found[key] = 0 if row.depth == 0 else key[1] if row.depth == 1 else found[row.plan, int(row.parent)]
    return found


def _reviews(corpus):
    """The sections (plan, section) whose headings look back at an earlier period or at the state of things."""
    titles = dict(zip(corpus.plans["plan"], corpus.plans["title"], strict=True))
    for row in corpus.sections.itertuples(index=False):
        if row.depth == 0:
            titles[row.plan] = titles[row.plan] or row.title
    found = set()
    for row in corpus.sections.itertuples(index=False):
        key, periods = (row.plan, int(row.section)), set(_PERIOD.findall(row.title))
        own = set(_PERIOD.findall(titles[row.plan]))
        earlier = periods and own and not periods & own
        under = row.depth > 1 and (row.plan, int(row.parent)) in found
        if row.depth and (under or row.depth < 4 and (earlier or _REVIEW.search(row.title))):
            found.add(key)
    return found
