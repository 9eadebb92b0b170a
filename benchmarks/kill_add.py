"""Is a project whole after `libplans add` was killed at any moment?

A document is added to a copy of the project's data folder again and again; each run is killed with SIGKILL: every
second one at a random moment of its time, the others as soon as its files wait in the staging folder, or a random few
milliseconds later. After each kill the register must load, with its plans as before or with the new one whole, every
old file the same to the byte; the next run must succeed and clear what is left.

    python benchmarks/kill_add.py --kills 60 --seed 1
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
sys.path.insert(0, str(ROOT / "tests"))  # for make_documents


def tree(folder):
    """Relative path -> bytes of every file."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def start(data, document):
    """A running `libplans add`."""
    call = [sys.executable, "-m", "libplans.cli", "add", str(document), "--plan", "new", "--title", "新规划"]
    call += ["--issuer", "新馆", "--level", "city", "--data", str(data)]
    return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def killed(data, document, rng, whole, early):
    """Start `add` and kill it; returns where: before it wrote, while it wrote, or after its end."""
    run, began = start(data, document), time.perf_counter()
    moment = rng.uniform(0, 1.05) * whole
    while run.poll() is None:
        staged = any((data / "raw").glob(".adding-*"))
        if (early and time.perf_counter() - began > moment) or (not early and staged):
            break
        time.sleep(0.0002 if not early else 0.002)
    if not early:
        time.sleep(rng.choice((0, 0.001, 0.003, 0.01)))
    run.kill()
    run.communicate()
    if run.returncode == 0:
        return "ended before"
    return "writing" if any((data / "raw").glob(".adding-*")) else "not writing"


def outcome(data, before):
    """Check the project after a kill: `before`, or `whole` with the new plan."""
    import libplans as lp

    corpus, now = lp.load(data), tree(data)
    register = "raw/plans.csv"
    assert all(now[name] == content for name, content in before.items() if name != register), "an old file changed"
    if "new" in corpus.plan_ids:
        assert now[register].startswith(before[register]) and "讲座" in corpus.raw["new"]
        return "whole"
    assert now[register] == before[register]
    return "before"


def main():
    """Kill, check, and add again; prints how often what was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from make_documents import docx, paragraph

    rng, met = random.Random(options.seed), Counter()
    with tempfile.TemporaryDirectory() as folder:
        data, document = Path(folder) / "data", Path(folder) / "a.docx"
        shutil.copytree(ROOT / "data" / "raw", data / "raw")
        document.write_bytes(docx("".join(paragraph(f"第{i}项：举办讲座{i}场。") for i in range(3000))))
        before, began = tree(data), time.perf_counter()
        for number in range(-1, options.kills):
            if number < 0:  # how long a run takes that nothing stops
                assert start(data, document).wait() == 0
                whole = time.perf_counter() - began
            else:
                where = killed(data, document, rng, whole, number % 2 == 0)
                met[where, outcome(data, before)] += 1
                again = start(data, document)
                said = again.communicate()[1].decode()
                assert again.returncode == 0 or "taken" in said, said
            assert outcome(data, before) == "whole" and not list((data / "raw").glob(".adding-*"))
            shutil.rmtree(data)
            shutil.copytree(ROOT / "data" / "raw", data / "raw")
    for (where, what), count in sorted(met.items()):
        print(f"killed {count:>3} times {where}: project {what}")
    print(f"{sum(met.values())} kills, none left the project otherwise")


if __name__ == "__main__":
    main()
