"""Reading at size: how do time and memory grow with the number of plans, and with the length of one?

Plans of 20,000 characters are made from the raw texts of the project: pieces of them from a random line on, with one
Han character in twenty changed, so that headings, tables, contents and page furniture stand as in a real plan. Every
size is read in a process of its own. Same arguments, same texts.

    python benchmarks/reading.py 100 1000 3000
    python benchmarks/reading.py --one 1000000 20000000

Columns: plans, characters, sentences, seconds (wall clock), CPU seconds of this process and of those beside it, and the
peak memory in GB: of this process while reading, of the largest process beside it, of this process once all tables are
joined.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RAW = Path(__file__).parent.parent / "data" / "raw"
SIZE = 20_000


def changed(rng, text, han, every=20):
    """The text with one Han character in `every` replaced."""
    return "".join(rng.choice(han) if "\u4e00" <= c <= "\u9fff" and rng.random() * every < 1 else c for c in text)


def plan_of(rng, texts, han, size):
    """A text of `size` characters from whole lines of the texts, changed."""
    parts, length = [], 0
    while length < size:
        text = rng.choice(texts)
        start = text.find("\n", rng.randrange(len(text))) + 1
        parts.append(text[start : start + size - length])
        length += len(parts[-1]) + 1
    return changed(rng, "\n".join(parts), han)


def write_plans(folder, count, size, seed=1):
    """`count` files of `size` characters in `folder`."""
    texts = [path.read_text("utf-8") for path in sorted(RAW.glob("*.txt"))]
    han = sorted({c for text in texts for c in text if "\u4e00" <= c <= "\u9fff"})
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        (Path(folder) / f"p{number:05d}.txt").write_text(plan_of(rng, texts, han, size), "utf-8", newline="")


def peak(who=resource.RUSAGE_SELF):
    """Peak memory in GB."""
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def measure(folder):
    """One run in this process: dict of figures."""
    import pandas  # noqa: F401  so that its own memory does not count as the tables'

    import libplans as lp

    began = time.perf_counter()
    corpus = lp.read_texts(folder)
    figures = {"seconds": time.perf_counter() - began}
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures["cpu"] = sum(one.ru_utime + one.ru_stime for one in used)
    figures["reading"], figures["beside"] = peak(), peak(resource.RUSAGE_CHILDREN)
    rows = [len(getattr(corpus, name)) for name in ("plans", "cleaning", "sections", "sentences")]
    figures["joined"], figures["sentences"] = peak(), rows[-1]
    figures["characters"] = int(corpus.plans["chars"].sum())
    return figures


def main():
    """Print a row of figures for every size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("counts", nargs="*", type=int, help="numbers of plans")
    parser.add_argument("--one", nargs="*", type=int, default=[], help="lengths of a single document, in characters")
    parser.add_argument("--folder", help="measure this folder, and print JSON")
    options = parser.parse_args()
    if options.folder:
        print(json.dumps(measure(options.folder)))
        return
    print("plans    body characters  sentences  seconds  CPU s  reading GB  beside GB  joined GB")
    for count, size in [(count, SIZE) for count in options.counts] + [(1, size) for size in options.one]:
        with tempfile.TemporaryDirectory() as folder:
            write_plans(folder, count, size)
            run = [sys.executable, __file__, "--folder", folder]
            found = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
        print(
            f"{count:<6} {found['characters']:>17,} {found['sentences']:>10,} {found['seconds']:>8.1f}"
            f" {found['cpu']:>6.1f} {found['reading']:>11.2f} {found['beside']:>10.2f} {found['joined']:>10.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
