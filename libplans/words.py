"""Words: where does one Chinese word end and the next begin, and where does a term stand?

Chinese is written without spaces. The words are found by jieba (dictionary and most probable path, without its guessing
model for unknown words), with a dictionary of the terms of public librarianship and cultural policy on top, so that
总分馆制 stays one word. This module is the only one that knows jieba: it keeps a tokenizer of its own, reads no
cache and writes none (jieba would trust whatever lies in the shared temporary folder), and lets nothing reach stderr.
"""

import csv
import functools
import io
import logging
import math
import re
import sys
import warnings
from collections import Counter
from pathlib import Path

from .errors import PlanError
from .packaged import data_text

_WORDY = re.compile(r"[^\W_]")  # a word has a letter, a digit or a Han character
_BLOCK = re.compile(r"([\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+)")  # what jieba takes as one stretch of words
_FLOOR = 3000  # as frequent as an everyday word of the news text that jieba counted
_KEPT = 100_000  # stretches of words that are kept in mind (about 30 MB); the tables of a corpus read the same text
_COLUMNS = {
    "plan": str,
    "section": int,
    "sentence": int,
    "start": int,
    "end": int,
    "left": str,
    "term": str,
    "right": str,
    "word": str,
}


def tokenize(text, dictionary=None, stop=False):
    """The words of `text` in order, without punctuation and spaces.

    `dictionary` adds terms to those of the package: a path (CSV with a column `term`, or a plain list with one term a
    line) or a list of str. With `stop=True` stop words (的, 和, 进一步 …), numbers and single characters are left out.
    A term that stands inside a longer one is not given again: use `concordance` or `term_counts` to count it.
    Raises PlanError for a dictionary that cannot be read.
    """
    words = [word for word in _segmenter(_terms_key(dictionary)).words(text) if _WORDY.search(word)]
    return [word for word in words if is_content(word)] if stop else words


def is_content(word):
    """Whether a word can carry a topic: two characters or more, no number, no stop word."""
    return len(word) > 1 and word not in stop_words() and not word.replace(".", "").replace("%", "").isdigit()


def spans(text, dictionary=None):
    """The words of `text` with their places: a list of (word, start, end), offsets into `text`, punctuation
    included.
    """
    found, at = [], 0
    for word in _segmenter(_terms_key(dictionary)).words(text):
        found.append((word, at, at + len(word)))
        at += len(word)
    return found


def domain_terms(dictionary=None):
    """The terms that are kept whole: a DataFrame with columns term, reason (why it is one word), gloss (English).

    `dictionary` as in `tokenize`; its terms come last, with the reason that the file gives or an empty one.
    """
    import pandas as pd

    rows = list(_shipped()) + [(term, reason, gloss) for term, reason, gloss in _own_terms(dictionary)]
    return pd.DataFrame(rows, columns=["term", "reason", "gloss"]).drop_duplicates("term", ignore_index=True)


def stop_words():
    """The words that carry no topic (a frozenset), from `data/stopwords.txt`."""
    return _stop_words()


def occurrences(text, term, dictionary=None):
    """Places of `term` in `text` as words: a list of (start, end, word), `word` the longer word around it or `term`.

    Counted: the term as a word or a run of whole words and, on purpose, the term nested in longer words (传统文化 in
    优秀传统文化). Not counted: characters that belong to two neighbouring words (善本 in 完善|本馆), or that are a part
    without meaning of its own (图书 in 图书馆).
    """
    if not term or term not in text:
        return []
    segmenter = _segmenter(_with_term(dictionary, term))
    edges, around, at = {0}, {}, 0
    for word in segmenter.words(text):
        around.update(dict.fromkeys(range(at, at + len(word)), (word, at, at + len(word))))
        for leaf in segmenter.leaves(word, term):
            at += len(leaf)
            edges.add(at)
    found, at = [], text.find(term)
    while at >= 0:
        end = at + len(term)
        word, word_start, word_end = around[at]
        if at in edges and end in edges:
            found.append((at, end, word if word_start <= at and end <= word_end else term))
        at = text.find(term, at + 1)
    return found


def concordance(corpus, term, width=20, plans=None, dictionary=None):
    """Every occurrence of `term` in its context (KWIC, key word in context).

    Returns a DataFrame with plan, section, sentence, start, end (span of the term in the raw text), left, term, right
    (up to `width` characters of the same sentence on either side) and word (the longer word that the term is part of,
    or the term itself). Occurrences are looked for in the cleaned sentences, so a term cut by a page break is found;
    headings are searched too. See `occurrences` for what counts. `plans` (an id, or several) limits the search
    (default: all but references). PlanError for an empty term or a plan that is not there.
    """
    import pandas as pd

    term = term.strip()
    if not term:
        raise PlanError("concordance: the term is empty; give a word to look for")
    if plans is None:
        plans = [plan for plan in corpus.plan_ids if corpus.roles.get(plan) != "reference"]
    wanted = {plans} if isinstance(plans, str) else set(plans)
    unknown = sorted(wanted - set(corpus.plan_ids))
    if unknown:
        known = ", ".join(corpus.plan_ids)
        raise PlanError(f"concordance: plans: {unknown[0]!r} is not in the corpus; known are {known}")
    rows = []
    for row in corpus.sentences.itertuples(index=False):
        if row.plan not in wanted or term not in row.text:
            continue
        offsets = corpus.sentence_offsets(row.plan, row.sentence)
        for start, end, word in occurrences(row.text, term, dictionary):
            rows.append(
                (
                    row.plan,
                    int(row.section),
                    int(row.sentence),
                    int(offsets[start]),
                    int(offsets[end - 1]) + 1,
                    row.text[max(0, start - width) : start],
                    term,
                    row.text[end : end + width],
                    word,
                )
            )
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({c: t for c, t in _COLUMNS.items() if t is int})


def term_counts(text, terms, dictionary=None):
    """How often each of `terms` (a collection of str) stands in `text`, nested ones included: a Counter.

    The terms are kept whole along with those of the dictionaries. A word that is itself a term counts as that term
    only; in any other longer word the longest terms that are whole parts of it count.
    """
    segmenter = _segmenter((*_terms_key(dictionary), *terms))
    counts = Counter()
    for word in segmenter.words(text):
        for term in segmenter.terms_inside(word, terms):
            counts[term] += 1
    return counts


# ---------------------------------------------------------------------------------------------- dictionaries


@functools.cache
def _shipped():
    return tuple(
        (row["term"], row["reason"], row["gloss"]) for row in csv.DictReader(io.StringIO(data_text("dictionary.csv")))
    )


@functools.cache
def _stop_words():
    lines = (line.strip() for line in data_text("stopwords.txt").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _own_terms(dictionary):
    """Rows (term, reason, gloss) of a dictionary that the researcher brings."""
    if dictionary is None:
        return []
    if not isinstance(dictionary, (str, Path)):
        return [(str(term), "", "") for term in dictionary]
    try:
        text = Path(dictionary).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanError(
            f"{dictionary}: {error.strerror or 'cannot be read'}; give a CSV with a column `term`"
        ) from None
    except UnicodeDecodeError as error:
        raise PlanError(f"{dictionary}: byte {error.start}: not UTF-8; save the dictionary as UTF-8") from None
    lines = text.splitlines()
    if lines and "term" in [cell.strip() for cell in lines[0].split(",")]:
        rows = [
            {key.strip(): value or "" for key, value in row.items() if key} for row in csv.DictReader(io.StringIO(text))
        ]
        found = [(row["term"].strip(), row.get("reason", ""), row.get("gloss", "")) for row in rows]
    else:
        found = [(line.strip(), "", "") for line in lines if not line.startswith("#")]
    for line, (term, _, _) in enumerate(found, 2):
        if any(mark in term for mark in " \t，。；、"):
            raise PlanError(
                f"{dictionary}: line {line}: `{term}` is not one term; give one term a line, without spaces"
            )
    return [row for row in found if row[0]]


def _terms_key(dictionary):
    if dictionary is None:
        return ()
    return dictionary if isinstance(dictionary, tuple) else tuple(term for term, _, _ in _own_terms(dictionary))


def _with_term(dictionary, term):
    key = _terms_key(dictionary)
    return key if term in _base_frequencies()[0] or not re.fullmatch(r"[\u4e00-\u9fff]+", term) else (*key, term)


# ------------------------------------------------------------------------------------------------------ jieba


@functools.lru_cache(maxsize=1)
def _jieba():
    """The jieba module, imported without a word on stderr and without pkg_resources (slow, and it warns)."""
    hidden = "pkg_resources" not in sys.modules
    if hidden:
        sys.modules["pkg_resources"] = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
    finally:
        if hidden:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.CRITICAL)
    return jieba


@functools.lru_cache(maxsize=1)
def _base_frequencies():
    """jieba's own dictionary as it wants it: word -> frequency, every beginning of a word -> 0, and the total."""
    text = Path(_jieba().__file__).with_name("dict.txt").read_text(encoding="utf-8")
    frequencies = {}
    for line in text.splitlines():
        word, count, _ = line.split(" ")
        frequencies[word] = int(count)
    total = sum(frequencies.values())
    for start in {word[:length] for word in frequencies for length in range(1, len(word))}:
        frequencies.setdefault(start, 0)
    return frequencies, total


@functools.lru_cache(maxsize=4)
def tagged_words(tag):
    """The words of jieba's own dictionary with a tag (ns: place, nr: person), as a frozenset; rough, so check them."""
    text = Path(_jieba().__file__).with_name("dict.txt").read_text(encoding="utf-8")
    return frozenset(line.split(" ")[0] for line in text.splitlines() if line.endswith(f" {tag}"))


class _Segmenter:
    """jieba with the shipped terms and `terms` (a tuple), and what a long word is made of."""

    def __init__(self, terms):
        self._jieba = _jieba().Tokenizer()
        frequencies, total = _base_frequencies()
        self._jieba.FREQ, self._jieba.total, self._jieba.initialized = dict(frequencies), total, True
        self._terms = set([term for term, _, _ in _shipped()] + list(terms))
        self._leaves, self._known = {}, {}
        for term in sorted(
            self._terms, key=lambda term: (len(term), term)
        ):  # short first: a long one must beat its parts
            self._jieba.add_word(term, max(_weight(self._jieba, term), self._jieba.FREQ.get(term, 0)))

        logs = math.log(self._jieba.total)
        self._logs = {word: math.log(count) - logs if count else None for word, count in self._jieba.FREQ.items()}
        self._unknown = -logs

    def words(self, text):
        """The words of a text, punctuation included; together they are the text.

        The same words as `jieba.Tokenizer.cut(text, HMM=False)`, found faster.
        """
        found = []
        for block in _BLOCK.split(text):
            if not _BLOCK.match(block):
                found.extend(block)
                continue
            if block not in self._known:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[block] = tuple(map(sys.intern, self._cut(block)))
            found.extend(self._known[block])
        return found

    def _cut(self, block):
        """The most probable path through a block without punctuation, by dynamic programming from its end."""
        found, size, logs = [], len(block), self._logs
        best, following = [0.0] * (size + 1), [0] * size
        for at in range(size - 1, -1, -1):
            top, end, upto = None, at + 1, at + 1
            value = logs.get(block[at:upto], 0)
            while value != 0:
                if value is not None and (top is None or value + best[upto] >= top):
                    top, end = value + best[upto], upto
                upto += 1
                if upto > size:
                    break
                value = logs.get(block[at:upto], 0)
            best[at], following[at] = (self._unknown + best[at + 1] if top is None else top), end
        at, letters = 0, ""
        while at < size:
            word = block[at : following[at]]
            at = following[at]
            if len(word) == 1 and word.isascii() and word.isalnum():
                letters += word
                continue
            if letters:
                found.append(letters)
                letters = ""
            found.append(word)
        if letters:
            found.append(letters)
        return found

    def leaves(self, word, whole=""):
        """The smallest parts of a word that have a meaning of their own; a word of the everyday language is one
        part.
        """
        if word == whole or len(word) < 3:
            return (word,)
        if word not in self._leaves:
            self._leaves[word] = self._split(word)
        return self._leaves[word]

    def _split(self, word):
        domain = word in self._terms
        if not domain and len(word) < 4:
            return (word,)
        frequency = self._jieba.FREQ.get(word, 0)
        self._jieba.FREQ[word] = 0
        parts = self._jieba.lcut(word, HMM=False)
        self._jieba.FREQ[word] = frequency
        if len(parts) == 1 or not domain and min(map(len, parts)) < 2:
            return (word,)
        return tuple(leaf for part in parts for leaf in self.leaves(part))

    def terms_inside(self, word, terms):
        """The terms that a word counts for: itself, or the longest runs of its parts that are terms."""
        if word in terms:
            return (word,)
        leaves, found, at = self.leaves(word), [], 0
        while at < len(leaves) and len(leaves) > 1:
            for end in range(len(leaves), at, -1):
                if "".join(leaves[at:end]) in terms:
                    found.append("".join(leaves[at:end]))
                    at = end - 1
                    break
            at += 1
        return tuple(found)


@functools.lru_cache(maxsize=8)
def _segmenter(terms):
    return _Segmenter(terms)


def _weight(tokenizer, term):
    """A frequency at which the term wins against the words that it would be split into.

    A term of four characters or more hardly ever arises by chance, so it also gets a floor that makes it win against
    an ordinary word that reaches into it (知识服务|水平, not 知识|服务水平). Shorter ones get no floor: 善本 must lose
    in 完善|本馆.
    """
    logs = [math.log(max(tokenizer.FREQ.get(word, 0), 1) / tokenizer.total) for word in tokenizer.lcut(term, HMM=False)]
    needed = int(math.exp(sum(logs)) * tokenizer.total * 1.5) + 2
    return max(needed, _FLOOR) if len(term) > 3 else needed
