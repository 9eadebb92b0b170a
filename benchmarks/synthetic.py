"""Synthetic plans with planted, edited copies at known places, and the PAN measures of a detector on them.

How well does text-reuse detection find copies whose places are known, and how does it grow? The plans are random
Chinese-looking text: words of two to four characters with Zipf frequencies, in sentences; stock sentences (formulae)
stand in a third to half of all plans; copies of 30-400 characters, edited at a rate of 0-15 %, are planted from plan
to plan. Same arguments, same bytes.

    python benchmarks/synthetic.py --plans 60 --seed 1

Measures after Potthast, Stein, Barrón-Cedeño and Rosso (2010), An Evaluation Framework for Plagiarism Detection.
"""

import argparse
import math
import random
import resource
import time
from collections import defaultdict
from dataclasses import dataclass

_COMMON = range(0x4E00, 0x4E00 + 2500)


@dataclass(frozen=True)
class Copy:
    """A planted copy: half-open spans into the raw texts, and the rate at which it was edited."""

    target: str
    target_start: int
    target_end: int
    source: str
    source_start: int
    source_end: int
    rate: float


def lexicon(rng, size=6000):
    """Words of two to four characters and their Zipf weights (cumulative)."""
    letters = [chr(code) for code in _COMMON]
    words = ["".join(rng.choices(letters, k=rng.choice((2, 2, 2, 3, 4)))) for _ in range(size)]
    total, weights = 0.0, []
    for rank in range(size):
        total += 1 / (rank + 3)
        weights.append(total)
    return words, weights


def sentence(rng, words, weights):
    """A sentence of 15-50 characters with commas, ending in a full stop."""
    size, out, used = rng.randint(15, 50), [], 0
    while used < size:
        word = rng.choices(words, cum_weights=weights)[0]
        used += len(word)
        out.append(word)
        if rng.random() < 0.15 and used < size:
            out.append("，")
    return "".join(out) + "。"


def edited(rng, text, rate, letters):
    """The text with about `rate` of its characters substituted, dropped or followed by a new one."""
    out = []
    for char in text:
        if rng.random() >= rate:
            out.append(char)
            continue
        act = rng.randrange(3)
        if act == 0:
            out.append(rng.choice(letters))
        elif act == 1:
            out += [char, rng.choice(letters)]
    return "".join(out)


def synthetic_plans(plans=60, chars=20_000, copies=3.0, stock=40, seed=1, top_rate=0.15):
    """Texts {plan: text} and the list of planted copies.

    `chars` per plan, `copies` planted per plan on average (none overlaps another, in target or source, and none holds
    a stock sentence, so that every pair of places that shares wording is known), `stock` sentences each in a third to
    half of the plans.
    """
    rng = random.Random(seed)
    words, weights = lexicon(rng)
    letters = [chr(code) for code in _COMMON]
    names = [f"p{number:05d}" for number in range(plans)]
    bodies = {}
    for name in names:
        parts, used = [], 0
        while used < chars:
            parts.append(sentence(rng, words, weights))
            used += len(parts[-1])
        bodies[name] = parts
    stock_lines = [sentence(rng, words, weights) for _ in range(stock)]
    for line in stock_lines:
        for name in rng.sample(names, rng.randint(max(2, plans // 3), max(2, plans // 2))):
            bodies[name].insert(rng.randrange(len(bodies[name]) + 1), line)
    texts = {name: "".join(parts) for name, parts in bodies.items()}
    return _planted(rng, texts, int(copies * plans), letters, top_rate, stock_lines)


def _planted(rng, texts, count, letters, top_rate, stock_lines):
    """Copies planted into the texts; each is inserted between two sentences of its target."""
    names, inserts, taken = sorted(texts), defaultdict(list), defaultdict(list)
    for _ in range(count):
        source, target = rng.sample(names, 2)
        size = rng.randint(30, 400)
        if len(texts[source]) <= size:
            continue
        start = rng.randrange(len(texts[source]) - size)
        if any(start < end and first < start + size for first, end in taken[source]):
            continue
        if any(line in texts[source][max(start - 60, 0) : start + size + 60] for line in stock_lines):
            continue  # a copy of a stock sentence is no copy from this plan
        taken[source].append((start, start + size))
        stops = [place + 1 for place, char in enumerate(texts[target]) if char == "。"]
        inserts[target].append((rng.choice(stops), source, start, size, rng.uniform(0, top_rate)))
    out, copies, moved = {}, [], {}
    for name in names:
        pieces, place, grown, shifts = [], 0, 0, []
        for at, source, start, size, rate in sorted(inserts[name]):
            if any(first < at < end for first, end in taken[name]):
                continue  # would cut a stretch that another plan copies
            copy = edited(rng, texts[source][start : start + size], rate, letters)
            pieces += [texts[name][place:at], copy]
            copies.append([name, at + grown, at + grown + len(copy), source, start, start + size, rate])
            grown += len(copy)
            shifts.append((at, grown))
            place = at
        out[name] = "".join(pieces) + texts[name][place:]
        moved[name] = shifts
    for copy in copies:
        shift = max([grown for at, grown in moved[copy[3]] if at <= copy[4]], default=0)
        copy[4], copy[5] = copy[4] + shift, copy[5] + shift
    return out, [Copy(*copy) for copy in copies]


def pan_measures(copies, detections):
    """Precision, recall, granularity and plagdet of detections (target, start, end, source, start, end) against copies.

    Characters on both sides count, each detection and each copy weighs the same (macro-average). A detection may name
    the two sides of a copy in either order.
    """
    cases = defaultdict(list)
    for number, copy in enumerate(copies):
        first = copy.target, copy.target_start, copy.target_end
        second = copy.source, copy.source_start, copy.source_end
        first, second = sorted((first, second))
        cases[first[0], second[0]].append((number, first[1:], second[1:]))
    hits, by_case = [], defaultdict(list)
    for detection in detections:
        first, second = sorted((tuple(detection[:3]), tuple(detection[3:6])))
        touched = []
        for number, left, right in cases[first[0], second[0]]:
            over = _overlap(first[1:], left), _overlap(second[1:], right)
            if over[0] and over[1]:
                touched.append(over)
                by_case[number].append((left, right, over))
        hits.append(((first, second), touched))
    precision = _mean([_covered(touched) / (_size(first) + _size(second)) for (first, second), touched in hits])
    sizes = {
        number: (copy.target_end - copy.target_start) + (copy.source_end - copy.source_start)
        for number, copy in enumerate(copies)
    }
    recall = _mean([_covered([over for *_, over in by_case[number]]) / sizes[number] for number in sizes])
    granularity = _mean([len(found) for found in by_case.values() if found]) or 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "precision": precision,
        "recall": recall,
        "granularity": granularity,
        "plagdet": f1 / math.log2(1 + granularity),
        "cases": len(copies),
        "detections": len(hits),
    }


def _overlap(left, right):
    start, end = max(left[0], right[0]), min(left[1], right[1])
    return (start, end) if start < end else None


def _covered(overs):
    """Characters of both sides covered by a list of pairs of spans, each counted once."""
    return sum(_union([over[side] for over in overs]) for side in (0, 1))


def _union(spans):
    total, reach = 0, -1
    for start, end in sorted(spans):
        total += max(0, end - max(start, reach))
        reach = max(reach, end)
    return total


def _size(side):
    return side[2] - side[1]


def _mean(values):
    return sum(values) / len(values) if values else 0.0


def detections_of(passages):
    """Reuse passages (formulae left out), one row a pair, as tuples for `pan_measures`."""
    table = passages[passages["kind"] != "formula"].drop_duplicates("pair")
    columns = ["target", "target_start", "target_end", "source", "source_start", "source_end"]
    return list(table[columns].itertuples(index=False, name=None))


class Plain:
    """A corpus of plain strings, as far as matching needs one."""

    def __init__(self, texts):
        import numpy as np

        self.plan_ids = sorted(texts)
        self.raw = texts
        self.roles = dict.fromkeys(texts, "plan")
        self._streams = {}
        for plan, text in texts.items():
            keep = [(place, char) for place, char in enumerate(text) if char.isalnum()]
            stream = type("Stream", (), {})()
            stream.chars = "".join(char for _, char in keep)
            stream.offsets = np.array([place for place, _ in keep], dtype=np.int64)
            marks = np.cumsum([char == "。" for char in text])
            stream.sentence = marks[stream.offsets] + 1
            stream.body = np.ones(len(keep), dtype=bool)
            self._streams[plan] = stream

    def stream(self, plan):
        """The normalised stream of a plan."""
        return self._streams[plan]

    def aliases(self, plan):
        """No names: the synthetic plans have no institutions."""
        return []


def main():
    """Print time, memory and PAN measures for one size."""
    from libplans.reuse import find_reuse

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=60)
    parser.add_argument("--chars", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    texts, copies = synthetic_plans(arguments.plans, arguments.chars, seed=arguments.seed)
    corpus = Plain(texts)
    begin, busy = time.perf_counter(), time.process_time()
    passages = find_reuse(corpus)
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    measures = pan_measures(copies, detections_of(passages))
    print(
        f"plans {arguments.plans}  seconds {seconds:.2f}  CPU seconds {busy:.2f}  "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB  rows {len(passages)}"
    )
    print(
        "  ".join(
            f"{name} {value:.4f}" if isinstance(value, float) else f"{name} {value}" for name, value in measures.items()
        )
    )


if __name__ == "__main__":
    main()
