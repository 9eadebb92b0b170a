"""How far do the themes agree with a reader, the clusters with themselves, and the national agenda with a reader?

Prints Cohen's kappa of the codebook's themes on `tests/gold/themes.csv` (both samples), the adjusted Rand index of the
clustering over pairs of 80 % subsamples, each clustered anew, and the agreement of the agenda's levels on
`tests/gold/agenda.csv`. With `--methods` the same subsamples are given to the usual alternatives too; with `--labelled`
the clusters of a text's sentences are held against its chapters. Same tree, same numbers.

    python benchmarks/themes.py --pairs 20 --methods
    python benchmarks/themes.py --labelled my-plan.txt
"""

import argparse
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent


def theme_kappa(corpus, themes, gold):
    """Cohen's kappa of the first theme for each sample and all: DataFrame with sample, sections, agreement, kappa."""
    from sklearn.metrics import cohen_kappa_score

    found = corpus.sections[["plan", "section", "start"]].merge(themes[["plan", "section", "theme"]])
    coded = gold.merge(found, on=["plan", "start"], suffixes=("", "_found"), validate="one_to_one")
    rows = []
    for sample in [*sorted(set(coded["sample"])), "all"]:
        some = coded if sample == "all" else coded[coded["sample"] == sample]
        same = float((some["theme"] == some["theme_found"]).mean())
        rows.append((sample, len(some), same, cohen_kappa_score(some["theme"], some["theme_found"])))
    return pd.DataFrame(rows, columns=["sample", "sections", "agreement", "kappa"]).round(3)


def agenda_agreement(agenda, gold):
    """The pairs coded by both: the reader's table with `level_found` and `counterpart_found` (start of the section)."""
    found = agenda[["start", "plan", "level", "counterpart_start"]]
    return gold.merge(found, on=["start", "plan"], suffixes=("", "_found"), validate="one_to_one")


def _tell_agenda(coded):
    from sklearn.metrics import cohen_kappa_score

    for sample in sorted(set(coded["sample"])):
        some = coded[coded["sample"] == sample]
        kappa = cohen_kappa_score(some["level"], some["level_found"])
        same = (some["level"] == some["level_found"]).sum()
        present = some[(some["level"] != "absent") & (some["level_found"] != "absent")]
        hits = (present["counterpart_start"].astype(int) == present["counterpart_start_found"].astype(int)).sum()
        print(
            f"\nnational agenda, sample {sample}: {same} of {len(some)} levels as the reader's, kappa {kappa:.3f}; ",
            end="",
        )
        print(f"the reader's own counterpart in {hits} of {len(present)} (reader in rows)")
        print(pd.crosstab(some["level"], some["level_found"]).to_string())


def method_agreement(texts, k, pairs):
    """Adjusted Rand index over the same pairs of subsamples for this clustering and the usual ones: method, mean, sd.

    The others get words weighted by tf-idf (LDA: counts) and are fitted anew on each subsample, as ours is.
    """
    from sklearn.cluster import AgglomerativeClustering, KMeans
    from sklearn.decomposition import NMF, LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    from libplans import cluster_agreement
    from libplans.themes.stability import pair_agreement
    from libplans.words import tokenize

    words = [tokenize(text, stop=True) for text in texts]
    tfidf = TfidfVectorizer(analyzer=list, min_df=2, sublinear_tf=True)
    counts = CountVectorizer(analyzer=list, min_df=2)
    others = {
        "tf-idf + KMeans": lambda some: KMeans(k, n_init=10, random_state=0).fit_predict(tfidf.fit_transform(some)),
        "tf-idf + Ward": lambda some: AgglomerativeClustering(k).fit_predict(tfidf.fit_transform(some).toarray()),
        "tf-idf + NMF": lambda some: (
            NMF(k, init="nndsvd", max_iter=500).fit_transform(tfidf.fit_transform(some)).argmax(axis=1)
        ),
        "LDA": lambda some: (
            LatentDirichletAllocation(k, random_state=0).fit_transform(counts.fit_transform(some)).argmax(axis=1)
        ),
    }
    rows = [("libplans", *cluster_agreement(texts, k, pairs)["ari"].agg(["mean", "std"]))]
    for name, assign in others.items():
        found = pair_agreement(len(words), lambda chosen, f=assign: f([words[place] for place in chosen]), pairs)
        rows.append((name, *found["ari"].agg(["mean", "std"])))
    return pd.DataFrame(rows, columns=["method", "mean", "sd"]).round(3)


def labelled_sentences(path):
    """The sentences of a text and the first two numbers of their headings: (list of str, list of labels).

    Chapters with fewer than five sentences are left out, and what stands under no heading.
    """
    from collections import Counter

    from libplans import read_texts

    corpus = read_texts([path])
    above, found = {}, []
    for row in corpus.sections.itertuples(index=False):
        above[row.section] = (above[row.parent] + (int(row.section),)) if row.depth else ()
    for row in corpus.sentences.itertuples(index=False):
        if row.kind == "body" and above[row.section] and len(row.text) > 5:
            found.append((row.text, above[row.section]))
    for depth in (1, 2):
        count = Counter(path[:depth] for _, path in found)
        kept = [(text, path[:depth]) for text, path in found if count[path[:depth]] >= 5]
        if len({label for _, label in kept}) > 4:  # else the chapters are one level further down
            break
    return [text for text, _ in kept], [str(label) for _, label in kept]


def chapter_agreement(texts, labels, seeds=10):
    """Normalised mutual information of clusters and labels at k = number of labels over seeds: method, nmi, sd."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import normalized_mutual_info_score

    from libplans import cluster_texts, tokenize

    k, rows = len(set(labels)), []
    found = {"libplans": [cluster_texts(texts, k, seed=seed).labels for seed in range(seeds)]}
    spaces = {
        "words": TfidfVectorizer(analyzer=tokenize),
        "words, no stop words, sublinear": TfidfVectorizer(
            analyzer=lambda text: tokenize(text, stop=True), min_df=2, sublinear_tf=True
        ),
        "pairs and triples of characters": TfidfVectorizer(analyzer="char", ngram_range=(2, 3)),
        "characters and pairs, sublinear": TfidfVectorizer(
            analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True
        ),
    }
    for name, space in spaces.items():
        rows_of = space.fit_transform(texts)
        found[f"tf-idf ({name}) + KMeans"] = [
            KMeans(k, n_init=10, random_state=seed).fit_predict(rows_of) for seed in range(seeds)
        ]
    for name, runs in found.items():
        values = pd.Series([normalized_mutual_info_score(labels, run) for run in runs])
        rows.append((name, values.mean(), values.std()))
    return pd.DataFrame(rows, columns=["method", "nmi", "sd"]).round(3)


def _tell_labelled(path):
    texts, labels = labelled_sentences(path)
    print(f"{Path(path).name}: {len(texts)} sentences in {len(set(labels))} chapters")
    print(chapter_agreement(texts, labels).to_string(index=False))


def main():
    """Print the measurements asked for."""
    from libplans import assign_themes, cluster_agreement, cluster_sections, find_reuse, load
    from libplans.themes.agenda import national_agenda
    from libplans.themes.bodies import section_texts

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=ROOT / "data", help="data folder (default: the project's)")
    parser.add_argument("--pairs", type=int, default=20, help="pairs of subsamples (default: 20)")
    parser.add_argument("--methods", action="store_true", help="the stability of KMeans, Ward, NMF and LDA as well")
    parser.add_argument("--labelled", nargs="+", metavar="FILE", help="only: clusters of sentences against chapters")
    arguments = parser.parse_args()
    if arguments.labelled:
        for path in arguments.labelled:
            _tell_labelled(path)
        return
    corpus = load(arguments.data)
    passages = find_reuse(corpus)
    themes = assign_themes(corpus, passages=passages)
    gold = pd.read_csv(ROOT / "tests" / "gold" / "themes.csv", keep_default_na=False)
    print("themes against the reader")
    print(theme_kappa(corpus, themes, gold).to_string(index=False))
    busy = time.process_time()
    _, found = cluster_sections(corpus, passages=passages)
    print(f"\nclusters: the sweep ({time.process_time() - busy:.1f} s of processor time), k = {found.k} taken")
    print(found.sweep.to_string(index=False))
    texts = section_texts(corpus)["text"].tolist()
    pairs = cluster_agreement(texts, k=found.k, pairs=arguments.pairs)["ari"]
    print(f"\nARI over {len(pairs)} pairs of 80 % subsamples: mean {pairs.mean():.3f}, sd {pairs.std():.3f}, ", end="")
    print(f"least {pairs.min():.3f}")
    if arguments.methods:
        print(method_agreement(texts, found.k, arguments.pairs).to_string(index=False))
    gold = pd.read_csv(ROOT / "tests" / "gold" / "agenda.csv", keep_default_na=False)
    _tell_agenda(agenda_agreement(national_agenda(corpus, passages, themes=themes), gold))


if __name__ == "__main__":
    main()
