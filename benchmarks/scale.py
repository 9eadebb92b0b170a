"""How long does the reuse of 100, 1,000, 10,000 texts take, in how much memory, and how well are copies found?

For each size synthetic plans are made (`benchmarks.synthetic`), written as files, and `libplans reuse` is run on the
folder in a process of its own, from nothing and once more after one plan was added. Printed are wall clock, CPU
seconds, peak memory of all processes together (proportional set size), bytes written, PAN measures, and the wall clock
over a floor measured in the same run: sorting as many 64-bit keys as the texts have characters.

    python benchmarks/scale.py --sizes 100 1000 --engine local
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.synthetic import detections_of, pan_measures, synthetic_plans


def floor_seconds(count, seed=0):
    """Seconds to sort as many random 64-bit keys."""
    keys = np.random.default_rng(seed).integers(0, 2**63, count, dtype=np.int64)
    began = time.perf_counter()
    keys.sort()
    return time.perf_counter() - began


def family_of(process):
    """A process id with those of its children, and theirs."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += family_of(int(child))
    return found


def memory_of(process):
    """Bytes that a process holds, its share of what it shares with others counted; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def measured(command):
    """(wall clock, CPU seconds, peak bytes of all processes together) of a command."""
    began, before, peak = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, sum(map(memory_of, family_of(process.pid))))
        time.sleep(0.25)  # to ask for the memory takes a process some milliseconds
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu, peak


def written(folder):
    """Bytes of all files under a folder."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def measure(size, arguments):
    """Measure one size; returns a dict of what was measured."""
    from libplans.tables import read

    folder = Path(arguments.folder) / f"{size}-{arguments.seed}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "texts").mkdir(parents=True)
    texts, copies = synthetic_plans(size, arguments.chars, seed=arguments.seed)
    for name, text in texts.items():
        (folder / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
    characters = sum(map(len, texts.values()))
    found = {"plans": size, "characters": characters, "floor": floor_seconds(characters)}
    command = [sys.executable, "-m", "libplans.cli", "reuse", str(folder / "texts"), "--out", str(folder / "out")]
    command += ["--engine", arguments.engine, "--processes", str(arguments.processes)]
    found["wall"], found["cpu"], found["peak"] = measured(command)
    found["ratio"] = found["wall"] / found["floor"]
    found["cache"] = written(folder / "out" / ".cache")
    found["tables"] = written(folder / "out") - found["cache"]
    found |= pan_measures(copies, detections_of(read("passages", folder / "out" / "passages.csv")))
    one, _ = synthetic_plans(2, arguments.chars, seed=arguments.seed + 1)
    (folder / "texts" / "added.txt").write_text(one["p00000"], encoding="utf-8")
    found["added wall"], found["added cpu"], _ = measured(command)
    if not arguments.keep:
        shutil.rmtree(folder)
    return found


def main():
    """Print one line of a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--chars", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--engine", default="local")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--folder", default="scale-benchmark", help="where texts and tables go")
    parser.add_argument("--keep", action="store_true", help="leave texts and tables there")
    arguments = parser.parse_args()
    columns = {
        "plans": ",",
        "wall": ".1f",
        "cpu": ".1f",
        "peak": ".2f",
        "cache": ".2f",
        "tables": ".2f",
        "floor": ".2f",
        "ratio": ".0f",
        "precision": ".4f",
        "recall": ".4f",
        "granularity": ".4f",
        "plagdet": ".4f",
        "added wall": ".1f",
        "added cpu": ".1f",
    }
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|", flush=True)
    for size in arguments.sizes:
        found = measure(size, arguments)
        for name in ("peak", "cache", "tables"):
            found[name] /= 1e9
        print("| " + " | ".join(format(found[name], form) for name, form in columns.items()) + " |", flush=True)


if __name__ == "__main__":
    main()
