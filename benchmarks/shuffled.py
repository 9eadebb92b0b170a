"""Synthetic plans of another make: words of real plans, shuffled, with copies that may hold stock sentences.

How well are planted copies found in text whose chance overlaps are those of real plans? The words of the plans in
`data/raw` (in the frequencies in which they stand there) are shuffled into sentences, so that phrases such as
公共文化服务体系建设 come together by chance. Stock sentences stand in a third to half of all plans. Copies of 30-400
characters, cut anywhere, are edited at a rate of 0-15 % (substitution, insertion, deletion) and put between two
sentences of another plan; they may begin in, hold or touch a stock sentence. No copy is taken from a copy.
Same arguments,
same bytes.

    python benchmarks/shuffled.py --plans 60 --seed 1
"""

import argparse
import random
import resource
import time
from collections import defaultdict
from pathlib import Path

if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.synthetic import Copy, Plain, detections_of, pan_measures

RAW = Path(__file__).resolve().parent.parent / "data" / "raw"


def plan_words(folder=RAW):
    """The words of the registered plans in the order of their texts, as often as they occur (Han words only)."""
    import jieba

    jieba.setLogLevel(60)
    words = []
    for path in sorted(folder.glob("*.txt")):
        words += [w for w in jieba.cut(path.read_text(encoding="utf-8")) if all("一" <= c <= "鿿" for c in w)]
    return words


def shuffled_sentence(rng, words):
    """A sentence of 12-60 characters made of words drawn at random."""
    size, text = rng.randint(12, 60), ""
    while len(text) < size:
        text += rng.choice(words)
        if rng.random() < 0.08:
            text += "，"
    return text.rstrip("，") + "。"


def reworked(rng, text, rate, letters):
    """The text with `rate` of its characters (rounded) substituted, deleted or followed by an inserted one."""
    chars = list(text)
    for place in rng.sample(range(len(chars)), round(rate * len(chars))):
        act = rng.choice(("substitute", "insert", "delete"))
        if act == "substitute":
            chars[place] = rng.choice(letters)
        else:
            chars[place] = "" if act == "delete" else chars[place] + rng.choice(letters)
    return "".join(chars)


def shuffled_plans(plans=60, chars=20_000, copies=4, stock=40, seed=1, rates=(0.0, 0.15), words=None):
    """Texts {plan: text} and the list of planted copies (`benchmarks.synthetic.Copy`)."""
    rng = random.Random(seed)
    words = words or plan_words()
    letters = sorted({char for word in words for char in word})
    names = [f"s{number:05d}" for number in range(plans)]
    lines = [shuffled_sentence(rng, words) for _ in range(stock)]
    parts = defaultdict(list)
    for name in names:
        while sum(map(len, parts[name])) < chars:
            parts[name].append(shuffled_sentence(rng, words))
    for line in lines:
        for name in rng.sample(names, rng.randint(-(-plans // 3), plans // 2)):
            parts[name].insert(rng.randrange(len(parts[name]) + 1), line)
    texts = {name: "".join(parts[name]) for name in names}
    taken, inserts = defaultdict(list), defaultdict(list)
    for target in names:
        for _ in range(copies):
            source, size = rng.choice([name for name in names if name != target]), rng.randint(30, 400)
            start = rng.randrange(len(texts[source]) - size)
            if all(start >= end or start + size <= first for first, end in taken[source]):
                taken[source].append((start, start + size))
                inserts[target].append((source, start, size, rng.uniform(*rates)))
    return _put_in(rng, texts, taken, inserts, letters)


def _put_in(rng, texts, taken, inserts, letters):
    """The copies put between two sentences of their targets, never into a stretch that was itself copied."""
    grown, out, copies = {}, {}, []
    for name, text in texts.items():
        stops = [place + 1 for place, char in enumerate(text) if char == "。"]
        free = [stop for stop in stops if not any(first < stop < end for first, end in taken[name])]
        spots = sorted(rng.sample(free, len(inserts[name])))
        pieces, place, added, shifts = [], 0, 0, []
        for at, (source, start, size, rate) in zip(spots, inserts[name], strict=True):
            copy = reworked(rng, texts[source][start : start + size], rate, letters)
            pieces += [text[place:at], copy]
            copies.append((name, at + added, len(copy), source, start, size, rate))
            added, place = added + len(copy), at
            shifts.append((at, added))
        out[name], grown[name] = "".join(pieces) + text[place:], shifts
    found = []
    for target, at, length, source, start, size, rate in copies:
        start += max([added for place, added in grown[source] if place <= start], default=0)
        found.append(Copy(target, at, at + length, source, start, start + size, rate))
    return out, found


def main():
    """Print time, memory and PAN measures for one size."""
    from libplans.reuse import find_reuse

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=60)
    parser.add_argument("--chars", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, help="edit every copy at this rate")
    arguments = parser.parse_args()
    rates = (0.0, 0.15) if arguments.rate is None else (arguments.rate, arguments.rate)
    texts, copies = shuffled_plans(arguments.plans, arguments.chars, seed=arguments.seed, rates=rates)
    corpus, busy = Plain(texts), time.process_time()
    passages = find_reuse(corpus)
    busy = time.process_time() - busy
    measures = pan_measures(copies, detections_of(passages))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"plans {arguments.plans}  CPU seconds {busy:.2f}  peak memory {memory:.0f} MB  rows {len(passages)}")
    print("  ".join(f"{name} {value:.4f}" for name, value in measures.items()))


if __name__ == "__main__":
    main()
