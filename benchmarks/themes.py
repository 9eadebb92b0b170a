"""How far do the themes agree with a reader, the clusters with themselves, and the national agenda with a reader?

Prints Cohen's kappa of the codebook's themes on `tests/gold/themes.csv` (both samples), the adjusted Rand index of the
clustering over pairs of 80 % subsamples, each clustered anew, and the agreement of the agenda's levels on
`tests/gold/agenda.csv`. Same tree, same numbers.

    python benchmarks/themes.py --pairs 20
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


def main():
    """Print the three measurements."""
    from libplans import assign_themes, cluster_agreement, cluster_sections, find_reuse, load
    from libplans.agenda import national_agenda
    from libplans.clusters import section_texts

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=ROOT / "data", help="data folder (default: the project's)")
    parser.add_argument("--pairs", type=int, default=20, help="pairs of subsamples (default: 20)")
    arguments = parser.parse_args()
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
    pairs = cluster_agreement(section_texts(corpus)["text"].tolist(), k=found.k, pairs=arguments.pairs)["ari"]
    print(f"\nARI over {len(pairs)} pairs of 80 % subsamples: mean {pairs.mean():.3f}, sd {pairs.std():.3f}, ", end="")
    print(f"least {pairs.min():.3f}")
    gold = pd.read_csv(ROOT / "tests" / "gold" / "agenda.csv", keep_default_na=False)
    _tell_agenda(agenda_agreement(national_agenda(corpus, passages, themes=themes), gold))


if __name__ == "__main__":
    main()
