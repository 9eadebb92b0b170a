"""Labels: which words name a cluster, and do they belong together?"""

import math
from collections import Counter

import numpy as np

from ..words import is_content
from .names import is_name

LABEL_TERMS = 8  #: terms that name a cluster


def cluster_terms(words, labels, count=LABEL_TERMS, own=frozenset(), names=False):
    """The most typical terms of each cluster by class-based tf-idf: dict cluster -> list of words.

    `words` is a list of lists of words, `labels` their clusters. A word's weight in a cluster is its share of the
    cluster's words times log(1 + mean number of words a cluster / number of the word in all) (Grootendorst 2022,
    arXiv 2203.05794). Names of places and institutions (吉林, 省图书馆, those in `own`) are no terms unless `names`.
    """
    inside = {}
    for bag, label in zip(words, labels, strict=True):
        if label:
            inside.setdefault(int(label), Counter()).update(word for word in bag if is_content(word))
    overall = sum(inside.values(), Counter())
    if not names:
        for word in [word for word in overall if is_name(word, own)]:
            for counts in inside.values():
                counts.pop(word, None)
            del overall[word]
    mean = sum(overall.values()) / max(len(inside), 1)
    terms = {}
    for label, counts in sorted(inside.items()):
        total = sum(counts.values()) or 1
        score = {word: round(number / total * math.log(1 + mean / overall[word]), 9) for word, number in counts.items()}
        terms[label] = sorted(score, key=lambda word: (-score[word], word))[:count]
    return terms


def coherence(words, labels):
    """Mean NPMI of the pairs of the ten first terms of each cluster, over the texts: −1 to 1 (Bouma 2009; Röder et al.
    2015)."""
    holding, values = {}, []
    terms = cluster_terms(words, labels, 10)
    wanted = {term for some in terms.values() for term in some}
    for number, bag in enumerate(words):
        for word in wanted.intersection(bag):
            holding.setdefault(word, set()).add(number)
    for some in terms.values():
        for i, one in enumerate(some):
            for other in some[:i]:
                both = len(holding[one] & holding[other]) / len(words)
                if not both:
                    values.append(-1.0)
                elif both == 1:
                    values.append(1.0)
                else:
                    apart = len(holding[one]) * len(holding[other]) / len(words) ** 2
                    values.append(math.log(both / apart) / -math.log(both))
    return float(np.mean(values)) if values else 0.0
