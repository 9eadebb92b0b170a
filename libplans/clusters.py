"""Clusters: which sections belong together by their words alone, without the codebook?

A second, unsupervised look. Texts are weighted by tf-idf (words and pairs of characters), each is drawn towards its
nearest neighbours (short texts share few words), and the similarities are factored by non-negative matrix
factorisation many times on random 80 % subsamples; texts that fall together in most runs form a cluster (consensus
NMF: Brunet et al. 2004, PNAS 101, 4164–4169; Kotliar et al. 2019, eLife 8, e43803). The runs also show how far the
result hangs on the sample.
"""

import math
import re
import warnings
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from .codebook import simplify
from .errors import PlanError
from .repeats import repeated_groups
from .words import is_content, tokenize

NEIGHBOURS = 10  #: texts that each text is drawn towards
ROUNDS = 2  #: how often it is drawn
RUNS = 10  #: subsamples per k
SAMPLE = 0.8  #: share of the texts in a subsample
LARGEST = 2000  #: more texts than this are clustered on a random sample of so many; the others join the nearest cluster
#: numbers of clusters tried where k is not given, in this order, until two in a row agree less than the best before
#: them; fewer than 8 would be coarser than a plan's own chapters
KS = (8, 12, 16, 20, 24, 32, 48)
LABEL_TERMS = 8  #: terms that name a cluster


@dataclass
class Clusters:
    """What `cluster_texts` found. `labels, terms = cluster_texts(texts)` also works.

    labels: int array, one a text, 1 for the largest cluster, 0 for a text without a word. terms: cluster -> list of
    terms (c-TF-IDF), most typical first. weights: float array, 0–1, how often a text fell together with the others
    of its cluster when both were drawn. sweep: DataFrame with k, ari_mean, ari_sd, npmi, smallest for each k tried.
    together: the share of runs in which two texts fell together (texts × texts; None where a sample was clustered).
    """

    labels: np.ndarray
    terms: dict
    weights: np.ndarray
    k: int
    sweep: object
    together: object = field(repr=False, default=None)

    def __iter__(self):
        return iter((self.labels, self.terms))


def cluster_texts(texts, k=None, seed=0, characters=True, once=True):
    """Clusters of any list of texts: a `Clusters` (labels, terms, weights, k, sweep, together).

    `k` is the number of clusters; without it those of `KS` are tried until agreement no longer rises, and the smallest
    is taken whose agreement lies within one standard error of the best (Breiman et al. 1984, the one-standard-error
    rule; the error is ari_sd / √runs, for the pairs share their runs).
    `characters` adds pairs of characters to the words (better on short texts). With `once` texts that say the same
    count once. Same texts, k and seed: same result. Cost grows with the square of the number of texts up to
    `LARGEST`, then linearly. A cluster is a group of similar wording, not a topic that anyone meant. PlanError for k
    < 2 or too few texts.
    """
    texts = [simplify(str(text)) for text in texts]
    words = [[word.lower() for word in tokenize(text, stop=True)] for text in texts]
    return _cluster(texts, words, _same_wording(texts) if once else list(range(len(texts))), k, seed, characters)


def cluster_sections(corpus, k=None, seed=0, passages=None, characters=True):
    """Clusters of the sections with text of their own: (table, Clusters).

    The table has plan, section, cluster, cluster_weight: give it to `assign_themes(corpus, clusters=table)`. A
    section is represented by its heading, its text and the headings above it. With `passages` (the table of
    `find_reuse`) sections that repeat each other for at least half count once and get the same cluster; without it
    only equal texts do.
    """
    sections = section_texts(corpus)
    texts = [simplify(text) for text in sections["text"]]
    words = [[word.lower() for word in tokenize(text, stop=True)] for text in texts]
    keys = list(zip(sections["plan"], sections["section"].astype(int), strict=True))
    groups = _same_wording(texts)
    if passages is not None:
        leaders = repeated_groups(corpus, passages, set(keys))
        place = {key: number for number, key in enumerate(keys)}
        groups = [place[leaders[key]] for key in keys]
    found = _cluster(texts, words, groups, k, seed, characters)
    table = sections[["plan", "section"]].assign(cluster=found.labels, cluster_weight=found.weights)
    return table, found


def section_texts(corpus):
    """What stands for a section in clustering and keyness: plan, section, text (heading, own text, headings above),
    own.

    Only sections with text of their own; the title of the plan is left out. `own` is the text without the headings
    above.
    """
    import pandas as pd

    sections = {(row.plan, int(row.section)): row for row in corpus.sections.itertuples(index=False)}
    bodies = {}
    for row in corpus.sentences.itertuples(index=False):
        if row.kind != "heading" and corpus.roles.get(row.plan) != "reference":
            bodies.setdefault((row.plan, int(row.section)), []).append(row.text)
    rows = []
    for key, body in sorted(bodies.items(), key=lambda item: (corpus.plan_ids.index(item[0][0]), item[0][1])):
        row, above = sections[key], []
        own = "\n".join(([row.title] if row.title and row.depth else []) + body)
        parent = row.parent
        while str(parent) not in ("<NA>", "nan", "None", "", "0") and sections[key[0], int(parent)].depth:
            above.append(sections[key[0], int(parent)].title)
            parent = sections[key[0], int(parent)].parent
        rows.append((*key, "\n".join([own, *above]), own))
    return pd.DataFrame(rows, columns=["plan", "section", "text", "own"])


def cluster_sweep(texts, ks=None, seed=0, characters=True):
    """What the number of clusters changes, for `ks` or those of `KS` tried: k, ari_mean, ari_sd, npmi, smallest.

    `ari_mean` and `ari_sd`: adjusted Rand index (0 chance, 1 same) between the partitions of pairs of 80 % subsamples.
    `npmi`: coherence of the terms of a cluster, −1 to 1 (Bouma 2009; Röder et al. 2015). `smallest`: texts in the
    smallest.
    """
    texts = [simplify(str(text)) for text in texts]
    words = [[word.lower() for word in tokenize(text, stop=True)] for text in texts]
    given = tuple(ks) if ks is not None else None
    return _cluster(texts, words, _same_wording(texts), None, seed, characters, given).sweep


def cluster_agreement(texts, k, pairs=20, seed=0, characters=True):
    """How far the whole procedure agrees with itself on 80 % subsamples: a DataFrame with pair, texts, ari.

    Each of the 2 × `pairs` subsamples is weighted and clustered anew, from tf-idf on; the adjusted Rand index is
    taken over the texts that both drew. Its mean is the figure to report; its spread shows what one run is worth.
    """
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score

    texts = [simplify(str(text)) for text in texts]
    words = [[word.lower() for word in tokenize(text, stop=True)] for text in texts]
    draw = np.random.default_rng(seed)
    size, rows = max(int(SAMPLE * len(texts)), 2), []
    for pair in range(pairs):
        found = []
        for _ in range(2):
            chosen = np.sort(draw.choice(len(texts), size, replace=False))
            some = [texts[i] for i in chosen]
            result = _cluster(some, [words[i] for i in chosen], _same_wording(some), k, seed, characters)
            found.append(dict(zip(chosen.tolist(), result.labels.tolist(), strict=True)))
        both = sorted(set(found[0]) & set(found[1]))
        rows.append(
            (
                pair + 1,
                len(both),
                round(adjusted_rand_score([found[0][i] for i in both], [found[1][i] for i in both]), 4),
            )
        )
    return pd.DataFrame(rows, columns=["pair", "texts", "ari"])


# ------------------------------------------------------------------------------------------------- the procedure


def _cluster(texts, words, groups, k, seed, characters, ks=None):
    """Cluster the first text of each group, give the others of the group its label; on one thread, faster for small
    matrices.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _cluster_groups(texts, words, groups, k, seed, characters, ks)


def _cluster_groups(texts, words, groups, k, seed, characters, ks):
    if k is not None and (int(k) != k or k < 2):
        raise PlanError(f"clusters: k = {k}; give a whole number of 2 or more")
    firsts = [i for i, group in enumerate(groups) if group == i and words[i]]
    if len(firsts) < 2 * (k or 2):
        raise PlanError(
            f"clusters: {len(firsts)} different texts with words are too few for {k or 2} clusters; "
            "give at least twice as many texts as clusters"
        )
    kept = firsts
    if len(firsts) > LARGEST:
        kept = sorted(np.random.default_rng(seed).choice(firsts, LARGEST, replace=False).tolist())
    similar = _neighbourly(_weighted([texts[i] for i in kept], [words[i] for i in kept], characters))
    found, together, sweep = _tried(similar, [words[i] for i in kept], k, ks, seed)
    labels, weights = np.zeros(len(texts), dtype=int), np.zeros(len(texts))
    labels[kept], weights[kept] = found, _confidence(found, together)
    if len(kept) < len(firsts):
        _join(texts, words, firsts, kept, labels, weights, characters)
    for i, group in enumerate(groups):
        if words[i] and words[group]:
            labels[i], weights[i] = labels[group], weights[group]
    labels = _by_size(labels)
    full = together if len(kept) == len(texts) else None
    return Clusters(
        labels, cluster_terms(words, labels), np.round(weights, 3), int(labels.max()), _sweep_table(sweep), full
    )


def _tried(similar, words, k, ks, seed):
    """(labels, share of runs together, rows of the sweep) for `k`, or for the number of clusters that is chosen."""
    counts = [k] if k is not None else [count for count in ks or KS if 2 * count <= len(similar)] or [2]
    runs, sweep = [], []
    for count in counts:
        runs.append(_consensus(similar, int(count), seed))
        labels, _, mean, spread = runs[-1]
        smallest = int(min(Counter(labels.tolist()).values()))
        npmi = round(_coherence(words, labels), 4)
        sweep.append((int(count), round(mean, 4), round(spread, 4), npmi, smallest))
        if ks is None and len(sweep) > 2 and max(row[1] for row in sweep[-2:]) < max(row[1] for row in sweep[:-2]):
            break
    chosen = chosen_place(sweep)
    return runs[chosen][0], runs[chosen][1], sweep


def chosen_place(sweep):
    """The place of the first row (k, mean, spread, …), by rising k, within one standard error of the best mean."""
    best = max(sweep, key=lambda row: (row[1], -row[0]))
    least = round(best[1] - best[2] / math.sqrt(RUNS), 4)
    return min((row[0], place) for place, row in enumerate(sweep) if row[1] >= least)[1]


def _weighted(texts, words, characters):
    """Rows of unit length: tf-idf of words, and of pairs of characters with equal say."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.preprocessing import normalize

    parts = [_tfidf(words, list)]
    if characters:
        parts.append(_tfidf(texts, _pairs))
    return csr_matrix(np.round(normalize(hstack(parts).tocsr()), 8))


def _pairs(text):
    plain = re.sub(r"[\W\d_]", "", text)
    return (plain[at : at + 2] for at in range(len(plain) - 1))


def _tfidf(texts, features):
    """Sublinear tf times idf, unit length; features of one text only are left out (unless there are no others)."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    for least in (2, 1):
        try:
            return TfidfVectorizer(analyzer=features, min_df=least, sublinear_tf=True).fit_transform(texts)
        except ValueError:  # no feature is left
            continue
    return csr_matrix((len(texts), 1))


def _neighbourly(weighted):
    """Cosine similarity after each text has moved half way to the mean of its nearest neighbours, `ROUNDS` times."""
    similar = (weighted @ weighted.T).toarray()
    count = min(NEIGHBOURS, len(similar) - 1)
    for _ in range(ROUNDS):
        similar = np.round(_unit(similar), 6)
        near = similar.copy()
        np.fill_diagonal(near, 0)
        near[near < np.sort(near, axis=1)[:, -count][:, None]] = 0
        near = np.maximum(near, near.T)
        total = near.sum(axis=1, keepdims=True)
        move = 0.5 * np.divide(near, total, out=np.zeros_like(near), where=total > 0)
        move[np.diag_indices(len(move))] += 0.5
        similar = move @ similar @ move.T
    return np.round(_unit(similar), 6)


def _unit(similar):
    length = np.sqrt(np.maximum(np.diag(similar), 1e-12))
    return similar / length[:, None] / length[None, :]


def _factored(similar, k, seed):
    """The strongest of k non-negative factors for each row."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = NMF(min(k, len(similar)), init="nndsvd", max_iter=200, tol=1e-3, random_state=seed)
        return np.round(model.fit_transform(similar), 6).argmax(axis=1)


def _consensus(similar, k, seed):
    """(labels from 1, share of runs together, mean and standard deviation of the agreement of pairs of runs)."""
    from sklearn.metrics import adjusted_rand_score

    size = len(similar)
    draw = np.random.default_rng(seed)
    together, drawn, runs = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32), []
    for _ in range(RUNS):
        chosen = np.sort(draw.choice(size, max(int(SAMPLE * size), 2), replace=False))
        labels = _factored(similar[np.ix_(chosen, chosen)], k, seed)
        together[np.ix_(chosen, chosen)] += labels[:, None] == labels[None, :]
        drawn[np.ix_(chosen, chosen)] += 1
        runs.append(dict(zip(chosen.tolist(), labels.tolist(), strict=True)))
    together = np.round(together / np.maximum(drawn, 1), 4)
    agreement = []
    for i, one in enumerate(runs):
        for other in runs[:i]:
            both = sorted(one.keys() & other.keys())
            agreement.append(adjusted_rand_score([one[j] for j in both], [other[j] for j in both]))
    return _by_size(_factored(together, k, seed) + 1), together, float(np.mean(agreement)), float(np.std(agreement))


def _by_size(labels):
    """Labels renumbered: 1 for the largest cluster, ties by the first member; 0 stays 0."""
    order = sorted(
        (-count, labels.tolist().index(label), label) for label, count in Counter(labels.tolist()).items() if label
    )
    new = {label: number for number, (_, _, label) in enumerate(order, 1)}
    return np.array([new.get(label, 0) for label in labels.tolist()])


def _confidence(labels, together):
    weights = np.zeros(len(labels))
    for label in set(labels.tolist()):
        members = np.flatnonzero(labels == label)
        block = together[np.ix_(members, members)]
        weights[members] = (block.sum(axis=1) - np.diag(block)) / max(len(members) - 1, 1)
    return weights


def _join(texts, words, firsts, kept, labels, weights, characters):
    """Texts outside the sample join the cluster whose mean they are most similar to; weight is that similarity."""
    weighted = _weighted([texts[i] for i in firsts], [words[i] for i in firsts], characters)
    row = {i: number for number, i in enumerate(firsts)}
    known = [i for i in kept if labels[i]]
    count = int(labels.max())
    means = np.zeros((count, weighted.shape[1]))
    for label in range(1, count + 1):
        means[label - 1] = np.asarray(weighted[[row[i] for i in known if labels[i] == label]].mean(axis=0)).ravel()
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    inside = set(kept)
    rest = [i for i in firsts if i not in inside]
    score = np.round(weighted[[row[i] for i in rest]] @ means.T, 6)
    labels[rest], weights[rest] = score.argmax(axis=1) + 1, score.max(axis=1)


def _same_wording(texts):
    """For each text the number of the first with the same letters and characters."""
    seen = {}
    return [seen.setdefault("".join(filter(str.isalnum, text)), i) for i, text in enumerate(texts)]


# --------------------------------------------------------------------------------------------- what a cluster says


def cluster_terms(words, labels, count=LABEL_TERMS):
    """The most typical terms of each cluster by class-based tf-idf: dict cluster -> list of words.

    `words` is a list of lists of words, `labels` their clusters. A word's weight in a cluster is its share of the
    cluster's words times log(1 + mean number of words a cluster / number of the word in all) (Grootendorst 2022,
    arXiv 2203.05794).
    """
    inside = {}
    for bag, label in zip(words, labels, strict=True):
        if label:
            inside.setdefault(int(label), Counter()).update(word for word in bag if is_content(word))
    overall = sum(inside.values(), Counter())
    mean = sum(overall.values()) / max(len(inside), 1)
    terms = {}
    for label, counts in sorted(inside.items()):
        total = sum(counts.values()) or 1
        score = {word: round(number / total * math.log(1 + mean / overall[word]), 9) for word, number in counts.items()}
        terms[label] = sorted(score, key=lambda word: (-score[word], word))[:count]
    return terms


def _coherence(words, labels):
    """Mean NPMI of the pairs of the ten first terms of each cluster, over the texts."""
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


def _sweep_table(rows):
    import pandas as pd

    return pd.DataFrame(rows, columns=["k", "ari_mean", "ari_sd", "npmi", "smallest"])
