"""Clusters: which sections belong together by their words alone, without the codebook?

A second, unsupervised look. Texts are weighted by tf-idf (words and pairs of characters), each is drawn towards its
nearest neighbours (short texts share few words), and the similarities are factored by non-negative matrix
factorisation many times on random 80 % subsamples; texts that fall together in most runs form a cluster (consensus
NMF: Brunet et al. 2004, PNAS 101, 4164–4169; Kotliar et al. 2019, eLife 8, e43803). The runs also show how far the
result hangs on the sample.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from ..errors import PlanError
from ..words import tokenize
from .bodies import section_texts
from .codebook import simplify
from .consensus import RUNS, by_size, confidence, consensus, joined, neighbourly, weighted
from .labels import cluster_terms, coherence
from .names import own_names
from .repeats import repeated_groups
from .stability import pair_agreement

LARGEST = 1000  #: more texts than this are clustered on a random sample of so many; the others join the nearest cluster
#: numbers of clusters tried where k is not given, in this order, until two in a row agree less than the best before
#: them; fewer than 8 would be coarser than a plan's own chapters
KS = (8, 12, 16, 20, 24, 32, 48)


@dataclass
class Clusters:
    """What `cluster_texts` found. `labels, terms = cluster_texts(texts)` also works.

    labels: int array, one a text, 1 for the largest cluster, 0 for a text without a word. terms: cluster -> list of
    terms (c-TF-IDF), most typical first. weights: float array, 0–1, how often a text fell together with the others
    of its cluster when both were drawn. sweep: DataFrame with k, ari_mean, ari_sd, npmi, smallest for each k tried.
    together: the share of runs in which two of the texts `drawn` fell together (float, 0–1, drawn × drawn). drawn: the
    places of the texts that were clustered: the first of those that say the same, a sample where there are many. tried:
    k -> labels of the drawn texts (from 1, largest first), for each k of the sweep.
    """

    labels: np.ndarray
    terms: dict
    weights: np.ndarray
    k: int
    sweep: object
    together: np.ndarray = field(repr=False)
    drawn: list = field(repr=False)
    tried: dict = field(repr=False)

    def __iter__(self):
        return iter((self.labels, self.terms))


def cluster_texts(texts, k=None, seed=0, characters=True, once=True, names=False):
    """Clusters of any list of texts: a `Clusters` (labels, terms, weights, k, sweep, together).

    `k` is the number of clusters; without it those of `KS` are tried until agreement no longer rises, and the smallest
    is taken whose agreement lies within one standard error of the best (Breiman et al. 1984, the one-standard-error
    rule; the error is ari_sd / √runs, for the pairs share their runs).
    `characters` adds pairs of characters to the words (better on short texts). With `once` texts that say the same
    count once. Names of places and institutions are no terms unless `names`. Same texts, k and seed: same result. Cost
    grows with the square of the number of texts up to `LARGEST`, then linearly: a seeded sample is clustered, each of
    the other texts joins the cluster whose pairs of characters (words without `characters`) it shares most, and its
    weight is that similarity. A cluster is a group of similar wording, not a topic that anyone meant. PlanError for
    k < 2 or too few texts.
    """
    texts = [simplify(str(text)) for text in texts]
    groups = _same_wording(texts) if once else list(range(len(texts)))
    return _cluster(texts, groups, k, seed, characters, names=names)


def cluster_sections(corpus, k=None, seed=0, passages=None, characters=True, names=False):
    """Clusters of the sections with text of their own: (table, Clusters).

    The table has plan, section, cluster, cluster_weight: give it to `assign_themes(corpus, clusters=table)`. A
    section is represented by its heading, its text and the headings above it. With `passages` (the table of
    `find_reuse`), sections that repeat each other for at least half count once and get the same cluster; without it
    only equal texts do. Names of places and institutions (those of the register too) are no terms unless `names`.
    """
    sections = section_texts(corpus)
    texts = [simplify(text) for text in sections["text"]]
    keys = list(zip(sections["plan"], sections["section"].astype(int), strict=True))
    groups = _same_wording(texts)
    if passages is not None:
        leaders = repeated_groups(corpus, passages, set(keys))
        place = {key: number for number, key in enumerate(keys)}
        groups = [place[leaders[key]] for key in keys]
    found = _cluster(texts, groups, k, seed, characters, names=names, own=own_names(corpus))
    table = sections[["plan", "section"]].assign(cluster=found.labels, cluster_weight=found.weights)
    return table, found


def coded_terms(corpus, themes, names=False):
    """The terms of the clusters that a stored table `themes` holds (column cluster): dict cluster -> list of words."""
    coded = themes[themes["cluster"].notna()]
    texts = section_texts(corpus).merge(coded[["plan", "section", "cluster"]], on=["plan", "section"])
    labels = texts["cluster"].to_numpy(dtype=int)
    return cluster_terms(_words(map(simplify, texts["text"])), labels, own=own_names(corpus), names=names)


def coded_clusters(corpus, themes, passages=None):
    """The `Clusters` behind a stored table `themes`, made again with as many clusters as its column cluster has."""
    coded = themes["cluster"].dropna()
    return cluster_sections(corpus, k=int(coded.max()) if len(coded) else None, passages=passages)[1]


def cluster_sweep(texts, ks=None, seed=0, characters=True):
    """What the number of clusters changes, for `ks` or those of `KS` tried: k, ari_mean, ari_sd, npmi, smallest.

    `ari_mean` and `ari_sd`: adjusted Rand index (0 chance, 1 same) between the partitions of pairs of 80 % subsamples.
    `npmi`: coherence of the terms of a cluster, −1 to 1 (Bouma 2009; Röder et al. 2015). `smallest`: texts in the
    smallest.
    """
    texts = [simplify(str(text)) for text in texts]
    given = tuple(ks) if ks is not None else None
    return _cluster(texts, _same_wording(texts), None, seed, characters, given).sweep


def cluster_agreement(texts, k, pairs=20, seed=0, characters=True):
    """How far the whole procedure agrees with itself on 80 % subsamples: a DataFrame with pair, texts, ari.

    Each of the 2 × `pairs` subsamples is weighted and clustered anew, from tf-idf on; the adjusted Rand index is
    taken over the texts that both drew. Its mean is the figure to report; its spread shows what one run is worth.
    """
    texts = [simplify(str(text)) for text in texts]

    def assign(chosen):
        some = [texts[place] for place in chosen]
        return _cluster(some, _same_wording(some), k, seed, characters).labels

    return pair_agreement(len(texts), assign, pairs, seed)


# ---------------------------------------------------------------------------------------------------- the steps


def _cluster(texts, groups, k, seed, characters, ks=None, names=False, own=frozenset()):
    """Cluster the first text of each group, give the others of the group its label; on one thread, faster for small
    matrices.
    """
    from threadpoolctl import threadpool_limits

    if k is not None and (int(k) != k or k < 2):
        raise PlanError(f"clusters: k = {k}; give a whole number of 2 or more")
    with threadpool_limits(1):
        return _cluster_groups(texts, groups, k, seed, characters, ks, names, own)


def _cluster_groups(texts, groups, k, seed, characters, ks, names, own):
    said = [re.search(r"[^\W\d_]{2}", text) is not None for text in texts]
    kept = firsts = [place for place, group in enumerate(groups) if group == place and said[place]]
    if len(firsts) > LARGEST:
        kept = sorted(np.random.default_rng(seed).choice(firsts, LARGEST, replace=False).tolist())
    read = kept if len(firsts) > len(kept) else list(range(len(texts)))
    words = dict(zip(read, _words(texts[place] for place in read), strict=True))
    kept = [place for place in kept if words[place]]
    if len(kept) < 2 * (k or 2):
        raise PlanError(
            f"clusters: {len(kept)} different texts with words are too few for {k or 2} clusters; "
            "give at least twice as many texts as clusters"
        )
    bags = [words[place] for place in kept]
    similar = neighbourly(weighted([texts[place] for place in kept], bags, characters))
    found, together, sweep, tried = _tried(similar, bags, k, ks, seed)
    labels, weights = np.zeros(len(texts), dtype=int), np.zeros(len(texts))
    labels[kept], weights[kept] = found, confidence(found, together)
    rest = sorted(set(firsts) - set(read))
    if rest:
        labels[rest], weights[rest] = _join(texts, kept, found, rest, characters)
    for place, group in enumerate(groups):
        if said[place] and words.get(place, True):
            labels[place], weights[place] = labels[group], weights[group]
    labels = by_size(labels)
    terms = cluster_terms([words[place] for place in read], labels[read], own=own, names=names)
    return Clusters(labels, terms, np.round(weights, 3), int(labels.max()), _sweep_table(sweep), together, kept, tried)


def _words(texts):
    return [[word.lower() for word in tokenize(text, stop=True)] for text in texts]


def _join(texts, kept, found, rest, characters):
    known, others = ([texts[place] for place in places] for places in (kept, rest))
    if characters:
        return joined(known, found, others, None)
    return joined(_words(known), found, _words(others), list)


def _tried(similar, words, k, ks, seed):
    """(labels, share of runs together, rows of the sweep, labels by k) for `k`, or for the number of clusters that is
    chosen."""
    counts = [k] if k is not None else [count for count in ks or KS if 2 * count <= len(similar)] or [2]
    runs, sweep, tried = [], [], {}
    for count in counts:
        runs.append(consensus(similar, int(count), seed))
        labels, _, mean, spread = runs[-1]
        tried[int(count)] = labels
        smallest = int(min(Counter(labels.tolist()).values()))
        npmi = round(coherence(words, labels), 4)
        sweep.append((int(count), round(mean, 4), round(spread, 4), npmi, smallest))
        if ks is None and len(sweep) > 2 and max(row[1] for row in sweep[-2:]) < max(row[1] for row in sweep[:-2]):
            break
    chosen = chosen_place(sweep)
    return runs[chosen][0], runs[chosen][1], sweep, tried


def chosen_place(sweep):
    """The place of the first row (k, mean, spread, …), by rising k, within one standard error of the best mean."""
    best = max(sweep, key=lambda row: (row[1], -row[0]))
    least = round(best[1] - best[2] / math.sqrt(RUNS), 4)
    return min((row[0], place) for place, row in enumerate(sweep) if row[1] >= least)[1]


def _same_wording(texts):
    """For each text the number of the first with the same letters and characters."""
    seen = {}
    return [seen.setdefault("".join(filter(str.isalnum, text)), place) for place, text in enumerate(texts)]


def _sweep_table(rows):
    import pandas as pd

    return pd.DataFrame(rows, columns=["k", "ari_mean", "ari_sd", "npmi", "smallest"])
