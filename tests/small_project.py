"""A project that is reported in seconds, for the tests and benchmarks of interruptions: two short plans that share a
paragraph, one figure, one notebook. Run as a script it is the command `libplans` for it:

    python tests/small_project.py report --data DIR
"""

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

from libplans.tables import TABLES

if __name__ in ("__main__", "__mp_main__"):  # the process that draws is started anew and runs this file first
    import libplans.plots.catalogue as figures

    figures.CATALOGUE = {"corpus": figures.CATALOGUE["corpus"]}

SHARED = "坚持以人民为中心的发展思想，推动公共图书馆事业高质量发展，完善城乡公共图书馆服务网络。"
TEXT = """{name}“十四五”发展规划

一、总体要求
{shared}{name}将服务全省读者{extra}。

二、馆藏建设
到2025年，馆藏总量达到{number}万册，年接待读者{readers}万人次。{name}采购图书，入藏报刊，收集地方文献。

三、智慧图书馆
{name}建设智慧图书馆平台，升级网络与机房，开展数据治理。

四、阅读推广
{name}举办讲座、展览与培训，开展全民阅读推广活动。

五、古籍保护
{name}修复古籍善本，普查登记古籍，改善古籍库房条件。
"""
NOTEBOOK = ['import libplans as lp\n\ncorpus = lp.load("../data")\nshare = 1', "corpus.plans[['plan', 'chars']]"]


def make(root):
    """Make the project in the folder `root`; returns its data folder."""
    import nbformat

    raw = Path(root) / "data" / "raw"
    raw.mkdir(parents=True)
    (Path(root) / "notebooks").mkdir()
    set_texts(root, "")
    cells = [nbformat.v4.new_code_cell(source) for source in NOTEBOOK]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), Path(root) / "notebooks" / "tiny.ipynb")
    return raw.parent


def set_texts(root, extra, title_en="Plan"):
    """Write both plans, with `extra` in a sentence, and their register."""
    raw, rows = Path(root) / "data" / "raw", []
    for plan, name, number, readers in (("one", "东江省图书馆", 300, 120), ("two", "西江省图书馆", 450, 80)):
        text = TEXT.format(name=name, shared=SHARED, extra=extra, number=number, readers=readers).encode("utf-8")
        (raw / f"{plan}.txt").write_bytes(text)
        row = {**dict.fromkeys(TABLES["register"], ""), "plan": plan, "title": f"{name}“十四五”发展规划"}
        row.update(issuer=name, issuer_en=f"Library {plan}", level="province", role="plan", file=f"{plan}.txt")
        rows.append({**row, "title_en": f"{title_en} {plan}", "sha256": hashlib.sha256(text).hexdigest()})
    with open(raw / "plans.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(TABLES["register"]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def started(root, *arguments, command=(), **options):
    """A running `libplans report` on the project in `root`, its output on pipes; `command` goes before it."""
    call = [*command, sys.executable, __file__, "report", "--data", str(Path(root) / "data"), *arguments]
    return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **options)


def reported(root, *arguments, **options):
    """As `started`, ended: (exit status, what it said on standard error)."""
    run = started(root, *arguments, **options)
    said = run.communicate()[1]
    return run.returncode, said


def results(root):
    """Path below the project -> bytes, of all that a report makes."""
    folders = (Path(root) / "data" / "processed", Path(root) / "figures", Path(root) / "notebooks")
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(files)}


if __name__ == "__main__":
    from libplans.cli import main

    sys.exit(main())
