"""Is a project whole after `libplans report`, or a folder after `libplans reuse`, was killed at any moment?

    python benchmarks/knocks.py --kills 50 --seed 1

A small project has two generations of inputs, A and B. It stands at one of them with all results, is given the inputs
of the other, and the run is killed with SIGKILL: at a random moment of its time, or as soon as its files begin to move
into their places. After each kill every file must be of the one generation or of the other, byte for byte; all must be
of one generation unless a journal says that they are on their way; and the next run must succeed and give the
generation of its inputs, whole, with nothing left behind. Every fourth run starts with an empty cache.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from small_project import make, reported, results, set_texts, started  # noqa: E402

from libplans.runs.publish import JOURNAL, WORK  # noqa: E402

GENERATIONS = {"A": "", "B": "一千万"}


class Report:
    """`libplans report` on the small project."""

    def __init__(self, folder):
        self.root = folder / "项 目"
        make(self.root)
        self.work = self.root / "data" / WORK

    def set(self, generation):
        set_texts(self.root, GENERATIONS[generation])

    def start(self):
        return started(self.root)

    def run(self):
        status, said = reported(self.root)
        assert status == 0, said

    def results(self):
        return results(self.root)

    def forget(self):
        shutil.rmtree(self.root / ".cache", ignore_errors=True)


class Reuse:
    """`libplans reuse` on two texts."""

    def __init__(self, folder):
        self.root = folder / "texts"
        make(self.root)
        self.out = folder / "out"
        self.work = self.out / WORK

    def set(self, generation):
        set_texts(self.root, GENERATIONS[generation])

    def start(self):
        raw = self.root / "data" / "raw"
        call = [sys.executable, "-m", "libplans.cli", "reuse", str(raw / "one.txt"), str(raw / "two.txt")]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        return subprocess.Popen([*call, "--out", str(self.out)], **pipes)

    def run(self):
        process = self.start()
        said = process.communicate()[1]
        assert process.returncode == 0, said

    def results(self):
        files = sorted(self.out.rglob("*"))
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in files
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self.out).parts)
        }

    def forget(self):
        shutil.rmtree(self.out / ".cache", ignore_errors=True)


def killed(job, seconds, at_moves):
    """Start a run and kill it after `seconds`, or with `at_moves` when its journal stands; returns where it was."""
    run, began = job.start(), time.perf_counter()
    while run.poll() is None and (at_moves or time.perf_counter() - began < seconds):
        if at_moves and (job.work / JOURNAL).exists():
            break
        time.sleep(0.0002 if at_moves else 0.002)
    run.kill()
    run.communicate()
    if run.returncode == 0:
        return "ended before"
    return "while files moved" if (job.work / JOURNAL).exists() else "before files moved"


def check(job, whole, wanted):
    """After a kill: nothing is half, no mix but with a journal; the next run gives the generation `wanted`."""
    now, moving = job.results(), (job.work / JOURNAL).exists()
    for name, content in now.items():
        assert any(content == made.get(name) for made in whole.values()), f"{name} is of no generation"
    assert moving or any(now == made for made in whole.values()), "a mix of two generations"
    job.run()
    assert job.results() == whole[wanted], "the next run gave something else"
    assert not job.work.exists(), "something was left behind"


def knocks(job, kills, rng, say):
    """Kill `kills` runs; returns how often each thing was hit."""
    whole, seconds = {}, {}
    for generation in "BA":
        job.set(generation)
        job.forget()
        began = time.perf_counter()
        job.run()
        seconds["cold"], whole[generation] = time.perf_counter() - began, job.results()
    began = time.perf_counter()
    job.run()
    seconds["kept"], stands, hit = time.perf_counter() - began, "A", Counter()
    say(f"  a run takes {seconds['cold']:.1f} s, one that changes nothing {seconds['kept']:.1f} s")
    for number in range(kills):
        stands = "B" if stands == "A" else "A"
        job.set(stands)
        if number % 4 == 3:
            job.forget()
        takes = seconds["cold" if number % 4 == 3 else "kept"] * 1.5
        hit[killed(job, rng.uniform(0, takes), at_moves=number % 2 == 0)] += 1
        check(job, whole, stands)
        if number % 10 == 9:
            say(f"  {number + 1} runs killed", flush=True)
    return hit


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--of", nargs="+", default=["report", "reuse"], choices=("report", "reuse"))
    given = options.parse_args()
    for name in given.of:
        with tempfile.TemporaryDirectory() as folder:
            print(f"libplans {name}", flush=True)
            job = {"report": Report, "reuse": Reuse}[name](Path(folder))
            hit = knocks(job, given.kills, random.Random(given.seed), print)
            print("  killed " + ", ".join(f"{count} {where}" for where, count in sorted(hit.items())) + ": all whole")


if __name__ == "__main__":
    main()
