"""Laws and regulations with heavy mutual copying: does each find its other version first, and how long does it take?

Each law has two versions, of which 70-95 % of the articles are the same; the others are reworded or new. Besides there
are stock articles (liability, supervision, entry into force), some in a third of all laws, some in a few. Same
arguments, same bytes.

Real laws share more than these, in other ways. `--like FOLDER` makes a collection of any size out of a smaller one of
real texts (UTF-8, one a file) that shares wording as they do: all of them as they are, and copies of all of them in
each of which the Chinese characters are exchanged for others about as common, always for the same, but in a seventh of
all sentences, which stand in every copy. So what two texts of a copy share is as long, and stands at as many places, as
in the real ones.

    python benchmarks/laws.py --laws 1722 --out laws/     (3,444 texts; prints the ranking)
    python benchmarks/laws.py --like real/ --out laws/    (17 million characters; prints the time)
"""

import argparse
import random
import re
import time
import zlib
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.synthetic import edited, lexicon, sentence


def article(rng, words, weights):
    """An article of two to four sentences."""
    return "".join(sentence(rng, words, weights) for _ in range(rng.randint(2, 4)))


def law_texts(laws=1722, seed=1, chars=5000, stock=60):
    """{plan: text}: each law as `l00000a` (earlier) and `l00000b` (later), `chars` characters of articles on average.

    A stock article stands in a share of all laws between a few per cent and 60 %.
    """
    rng = random.Random(seed)
    words, weights = lexicon(rng)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
    common = [(article(rng, words, weights), rng.uniform(0.02, 0.6) ** 2 + 0.02) for _ in range(stock)]
    texts = {}
    for number in range(laws):
        own = []
        while sum(map(len, own)) < rng.uniform(0.5, 1.5) * chars:
            own.append(article(rng, words, weights))
        shared = [text for text, share in common if rng.random() < share]
        for text in shared:
            own.insert(rng.randrange(len(own) + 1), text)
        same = rng.uniform(0.7, 0.95)
        later = []
        for text in own:
            if rng.random() < same:
                later.append(text)
            elif rng.random() < 0.6:
                later.append(edited(rng, text, rng.uniform(0.05, 0.3), letters))
            else:
                later.append(article(rng, words, weights))
        for date, articles in (("a", own), ("b", later)):
            body = "\n".join(f"第{place}条　{text}" for place, text in enumerate(articles, 1))
            texts[f"l{number:05d}{date}"] = f"第{number}号法\n\n{body}\n"
    return texts


def other_version_first(reuse):
    """(laws whose other version shares the most characters with them, laws) by the table `reuse`."""
    rows = reuse[reuse["kind"].isin(["verbatim", "adapted"]) & (reuse["source"] != "any")]
    chars = rows.groupby(["target", "source"])["chars"].sum()
    best = {}
    for (target, source), count in chars.items():
        best[target] = max(best.get(target, (0, "")), (int(count), source))
    targets = sorted(set(reuse["target"]))
    return sum(target in best and best[target][1][:-1] == target[:-1] for target in targets), len(targets)


def laws_like(texts, chars=17_000_000, kept=15, most=8000):
    """{plan: text} of `chars` characters that share wording as these real `texts` ({plan: text}) do; `kept` per cent of
    the sentences stand in all copies, texts of more than `most` characters are cut in two."""
    common = Counter(c for text in texts.values() for c in text if "\u4e00" <= c <= "\u9fff").most_common()
    found, size, copy, fixed = {}, 0, 0, set("第条章节一二三四五六七八九十百零")
    while size < chars:
        rng, other = random.Random(copy), {}
        for first in range(0, len(common), 200):
            part = [letter for letter, _ in common[first : first + 200]]
            other |= zip(part, rng.sample(part, len(part)), strict=True)
        exchange = str.maketrans({one: to for one, to in other.items() if not {one, to} & fixed}) if copy else {}
        for name, text in sorted(texts.items()):
            sentences = re.split("(?<=[。；\n])", text)
            same = [zlib.crc32(sentence.strip().encode()) % 100 < kept for sentence in sentences]
            parts = zip(sentences, same, strict=True)
            lines = "".join(part if stays else part.translate(exchange) for part, stays in parts).splitlines(True)
            pieces = 1 if len(text) <= most else 2
            for piece in range(pieces):
                here = lines[piece * len(lines) // pieces : (piece + 1) * len(lines) // pieces]
                found[f"c{copy}-{name}-{piece}"] = "".join(here)
                size += sum(map(len, here))
        copy += 1
    return found


def main():
    """Write the laws, match them, print how long it takes and how many rank first."""
    from libplans.runs.folder_reuse import write_reuse
    from libplans.tables import read

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--laws", type=int, default=1722)
    parser.add_argument("--chars", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--like", help="folder of real texts to make a collection of")
    parser.add_argument("--out", default="laws")
    arguments = parser.parse_args()
    folder = Path(arguments.out) / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.like:
        files = sorted(Path(arguments.like).glob("*.txt"))
        real = {f"{number:04d}-{path.stem[:60]}": path.read_text("utf-8") for number, path in enumerate(files)}
        texts = laws_like(real)
    else:
        texts = law_texts(arguments.laws, arguments.seed, arguments.chars)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    began = time.perf_counter()
    for line in write_reuse([folder], Path(arguments.out) / "found"):
        print(line)
    if arguments.like:
        print(f"{time.perf_counter() - began:.1f} s")
        return
    first, all_laws = other_version_first(read("reuse", Path(arguments.out) / "found" / "reuse.csv"))
    print(f"{time.perf_counter() - began:.1f} s; the other version ranks first for {first} of {all_laws} laws")


if __name__ == "__main__":
    main()
