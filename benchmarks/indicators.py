"""How well are quantities found, against every table made by reading? `python benchmarks/indicators.py [--show SET]`

Prints one line a set: the five plans as the first reader coded them (the rules were mended by that table), the same
plans as a second reader coded them who had seen neither rules nor output, and whole documents, set by set.
`--show SET` lists what was missed, wrong or too many. What each set gave at its first run is in docs/indicators.md.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from indicator_scores import GOLD, read_gold, scores  # noqa: E402

import libplans as lp  # noqa: E402

COLUMNS = ("recall", "precision", "role", "frequency", "measure")


def sets():
    """(name, rows of the reader, corpus) of each set."""
    corpus = lp.load(ROOT / "data")
    yield "five plans, first reader", read_gold("indicators.csv"), corpus
    yield "five plans, second reader", read_gold("indicators-second.csv"), corpus
    names = sorted({path.name.split("-")[0] for path in (GOLD / "documents").glob("*.txt")})
    for name in names:
        texts = sorted((GOLD / "documents").glob(f"{name}-*.txt"))
        yield name, read_gold("indicators-documents.csv", f"{name}-"), lp.read_texts(texts)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--show", default="", metavar="SET", help="list the rows behind the figures of a set")
    show = options.parse_args().show
    print(f"{'':28}{'quantities':>10}" + "".join(f"{name:>11}" for name in COLUMNS))
    for name, gold, corpus in sets():
        told = scores(gold, lp.extract_indicators(corpus))
        print(f"{name:28}{told['quantities']:>10}" + "".join(f"{told[column]:>11.3f}" for column in COLUMNS))
        if show and show in name:
            for what in ("missed", "wrong", "extra"):
                for row in told[what]:
                    text = corpus.raw[row["plan"]][max(0, row["start"] - 24) : row["end"] + 12]
                    print(f"  {what}: {row['plan']} {row['raw']} | {' '.join(text.split())}")


if __name__ == "__main__":
    main()
