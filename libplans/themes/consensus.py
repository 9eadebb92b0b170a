"""Consensus: which texts fall together again and again when their similarities are factored on random subsamples?

The procedure behind `clusters`: weights, neighbours, factors, runs. What a last digit could decide is rounded first.
"""

import re
import warnings
from collections import Counter

import numpy as np

NEIGHBOURS = 10  #: texts that each text is drawn towards
ROUNDS = 2  #: how often it is drawn
RUNS = 10  #: subsamples per k
SAMPLE = 0.8  #: share of the texts in a subsample
STEPS = 60  #: steps of the factorisation; only the strongest factor of a text counts, and that settles early
_AT_ONCE = 4000  # texts that join clusters at a time


def feature_counts(texts, words, characters):
    """The features of the texts: a list of (texts as lists of features or str, analyser), words first."""
    return [(words, list), (texts, _pairs)] if characters else [(words, list)]


def weighted(texts, words, characters):
    """Rows of unit length: tf-idf of words, and of pairs of characters with equal say."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.preprocessing import normalize

    parts = [_tfidf(bags, analyser)[0] for bags, analyser in feature_counts(texts, words, characters)]
    return csr_matrix(np.round(normalize(hstack(parts).tocsr()), 8))


def _pairs(text):
    plain = re.sub(r"[\W\d_]", "", text)
    return (plain[at : at + 2] for at in range(len(plain) - 1))


def _tfidf(texts, features):
    """(rows, vectorizer): sublinear tf times idf, unit length; features of one text only are left out (unless there
    are no others)."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    for least in (2, 1):
        try:
            vectorizer = TfidfVectorizer(analyzer=features, min_df=least, sublinear_tf=True)
            return vectorizer.fit_transform(texts), vectorizer
        except ValueError:  # no feature is left
            continue
    return csr_matrix((len(texts), 1)), None


def neighbourly(rows):
    """Cosine similarity after each text has moved half way to the mean of its nearest neighbours, `ROUNDS` times."""
    similar = (rows @ rows.T).toarray()
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


def factored(similar, k, seed):
    """The strongest of k non-negative factors for each row (array of int from 0)."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = NMF(min(k, len(similar)), init="nndsvd", max_iter=STEPS, tol=1e-3, random_state=seed)
        return np.round(model.fit_transform(similar), 6).argmax(axis=1)


def consensus(similar, k, seed):
    """(labels from 1, share of runs together, mean and standard deviation of the agreement of pairs of runs)."""
    from sklearn.metrics import adjusted_rand_score

    size = len(similar)
    draw = np.random.default_rng(seed)
    together, drawn, runs = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32), []
    for _ in range(RUNS):
        chosen = np.sort(draw.choice(size, max(int(SAMPLE * size), 2), replace=False))
        labels = factored(similar[np.ix_(chosen, chosen)], k, seed)
        together[np.ix_(chosen, chosen)] += labels[:, None] == labels[None, :]
        drawn[np.ix_(chosen, chosen)] += 1
        runs.append(dict(zip(chosen.tolist(), labels.tolist(), strict=True)))
    together = np.round(together / np.maximum(drawn, 1), 4)
    agreement = []
    for i, one in enumerate(runs):
        for other in runs[:i]:
            both = sorted(one.keys() & other.keys())
            agreement.append(adjusted_rand_score([one[j] for j in both], [other[j] for j in both]))
    return by_size(factored(together, k, seed) + 1), together, float(np.mean(agreement)), float(np.std(agreement))


def by_size(labels):
    """Labels renumbered: 1 for the largest cluster, ties by the first member; 0 stays 0."""
    order = sorted(
        (-count, labels.tolist().index(label), label) for label, count in Counter(labels.tolist()).items() if label
    )
    new = {label: number for number, (_, _, label) in enumerate(order, 1)}
    return np.array([new.get(label, 0) for label in labels.tolist()])


def confidence(labels, together):
    """How often each text fell together with the others of its cluster: 0–1, 0 for a text alone."""
    weights = np.zeros(len(labels))
    for label in set(labels.tolist()):
        members = np.flatnonzero(labels == label)
        block = together[np.ix_(members, members)]
        weights[members] = (block.sum(axis=1) - np.diag(block)) / max(len(members) - 1, 1)
    return weights


def joined(known, labels, rest, analyser):
    """(labels, similarity) of the `rest`: the cluster whose mean each text is most similar to; 0 where to none.

    `known` and `rest` hold what `analyser` takes (texts or lists of words), `labels` the clusters of the known from 1.
    Memory grows with the texts at a time, not with all of them.
    """
    rows, vectorizer = _tfidf(known, analyser or _pairs)
    count, found, values = int(labels.max()), [], []
    means = np.zeros((count, rows.shape[1]))
    for label in range(1, count + 1):
        means[label - 1] = np.asarray(rows[np.flatnonzero(labels == label)].mean(axis=0)).ravel()
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    for start in range(0, len(rest), _AT_ONCE):
        score = np.round(vectorizer.transform(rest[start : start + _AT_ONCE]) @ means.T, 6)
        values.append(score.max(axis=1))
        found.append(np.where(values[-1] > 0, score.argmax(axis=1) + 1, 0))
    return np.concatenate(found), np.concatenate(values)
