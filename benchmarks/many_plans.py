"""How long do themes, clusters, words, citations and the agenda take with many plans, and how much memory?

The plans are made up: each takes the headings of one of the given plans, and its paragraphs are new sentences, chains
of two neighbouring words of the given plans (so the words are real, and hardly a clause is said twice), with the
documents that those plans cite. Same arguments, same texts. Prints processor seconds, for a wall clock says how busy
the machine is.

    python benchmarks/many_plans.py --plans 1000 --from data/raw
"""

import argparse
import random
import re
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def made_up(texts, plans, seed=1):
    """`plans` texts, each with the headings (lines under 50 characters) of one of `texts` and made-up paragraphs."""
    from libplans import tokenize

    rng, following = random.Random(seed), defaultdict(list)
    marks = [mark for text in texts for mark in re.findall("《[^《》]{4,40}》", text)]
    for text in texts:
        for clause in re.split(r"[^\w]+", text):
            words = tokenize(clause)
            for one, other in zip(words, words[1:], strict=False):
                following[one].append(other)
    starts = sorted(following)
    for number in range(plans):
        lines = texts[number % len(texts)].split("\n")
        yield "\n".join(
            line if len(line) < 50 else _paragraph(rng, len(line), starts, following, marks) for line in lines
        )


def _paragraph(rng, size, starts, following, marks):
    text = []
    while sum(map(len, text)) < size:
        word, clause = rng.choice(starts), ""
        while len(clause) < 24 and following.get(word):
            clause += word
            word = rng.choice(following[word])
        if marks and rng.random() < 0.01:
            clause += "，落实" + rng.choice(marks)
        text.append(clause + rng.choice("，，。"))
    return "".join(text)[:-1] + "。"


def _measured(name, call, *args, **options):
    began = time.process_time()
    result = call(*args, **options)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name:12} {time.process_time() - began:7.1f} s of processor time, peak {peak:.2f} GB", flush=True)
    return result


def main():
    """Print the time and the peak of memory after each step."""
    import libplans as lp
    from libplans.tables import frame

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="source", default=ROOT / "data" / "raw", help="folder of texts to start from")
    arguments = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(arguments.source).glob("*.txt"))]
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(made_up(texts, arguments.plans, arguments.seed)):
            Path(folder, f"p{number:04d}.txt").write_text(text, encoding="utf-8")
        corpus = _measured("reading", lp.read_texts, [folder])
    print(f"{len(corpus)} plans, {corpus.plans['chars'].sum():,} characters, {len(corpus.sections):,} sections")
    none = frame("passages", [])
    themes = _measured("themes", lp.assign_themes, corpus, passages=none)
    _measured("emphasis", lp.theme_emphasis, corpus, themes)
    _measured("clusters", lp.cluster_sections, corpus, passages=none)
    _measured("keyness", lp.keyness, corpus, passages=none)
    _measured("co-words", lp.coword_network, corpus, passages=none)
    _measured("citations", lp.find_citations, corpus)
    first = corpus.plan_ids[0]
    _measured("agenda", lp.national_agenda, corpus, none, national=first, themes=themes)
    _measured("own", lp.own_initiatives, corpus, none, national=first, themes=themes)


if __name__ == "__main__":
    main()
