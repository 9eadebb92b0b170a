"""Does any text or file break a step? Mangled plans through every step, mangled files through `libplans add`.

A text is a piece of one of the project's plans, with stretches deleted, doubled, swapped, cut, or strange characters
put in. It goes through reading, accounting, quality, reuse (beside the plan it came from and another text), indicators,
citations and the reader page; an exception, a character that is lost or a span outside the text is a failure. A file is
such a text as txt, md, html, docx or pdf in some encoding, with bytes damaged; `add` must end with status 0 or 1, one
line on standard error where it is 1, nothing new but the plan that it names, in 20 seconds and 1 GB.
Same numbers, same inputs.

    python benchmarks/fuzz.py --texts 1500
    python benchmarks/fuzz.py --files 1000

Prints the failures (the seed makes the input again: --first SEED), the slowest inputs and the largest memory.
"""

import argparse
import contextlib
import io
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # for make_documents
STRANGE = [
    "\0",
    "\ud800",
    "\udfff",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\uffff",
    "\u2028",
    "\x85",
    "\f",
    "\r",
    "\t",
]
STRANGE += [
    "<script>",
    "</script>",
    "<!--",
    "“",
    "”",
    "（",
    "《",
    "|",
    "**",
    "# ",
    "一、",
    "（一）",
    "目标1",
    "1.",
    "100万",
    "……",
]
SECONDS, BYTES = 20, 1_000_000_000


def mangled_text(rng, plans, most=12_000):
    """A piece of a plan, damaged in a few places."""
    text = rng.choice(plans)
    start = rng.randrange(max(len(text) - 500, 1))
    text = text[start : start + rng.randrange(50, most)]
    for _ in range(rng.choice((1, 2, 4, 8, 30))):
        at, size = rng.randrange(len(text) + 1), rng.choice((1, 3, 40, 400))
        act = rng.randrange(8)
        if act == 0:
            text = text[:at] + text[at + size :]
        elif act == 1:
            text = text[:at] + text[at : at + size] * rng.choice((2, 3, 50)) + text[at:]
        elif act == 2:
            other = rng.randrange(len(text) + 1)
            text = text[:at] + text[other : other + size] + text[at:]
        elif act == 3:
            text = text[:at] + rng.choice(STRANGE) * rng.choice((1, 2, 500)) + text[at:]
        elif act == 4:
            text = text[:at] + "".join(chr(rng.randrange(0x110000)) for _ in range(size)) + text[at:]
        elif act == 5:
            text = text[:at] + rng.choice(plans)[start : start + 10 * size] + text[at:]
        elif act == 6:
            text = text.replace(rng.choice("\n。，、 "), rng.choice(["", "\n", " ", "。\n", "\r\n"]))
        elif len(text) > 200:
            text = text[: rng.randrange(100, len(text))]
    return text[: 4 * most]


def check_text(raw, beside, folder, page):
    """Put a text through every step; raises where something is wrong with the outcome."""
    import libplans as lp
    from libplans.corpus import Corpus, read_plan
    from libplans.runs.report import build_reuse
    from libplans.tables import TABLES

    row = {
        **dict.fromkeys(TABLES["register"], ""),
        "role": "plan",
        "title": "规划",
        "issuer": "某馆",
        "aliases": "某馆;本馆",
    }
    corpus = Corpus([read_plan({**row, "plan": f"p{i}"}, text) for i, text in enumerate((raw, *beside))])
    accounted = lp.account_characters(corpus)
    assert not accounted["unaccounted"].any(), "characters lost"
    size = {plan: len(text) for plan, text in corpus.raw.items()}
    tables = build_reuse(corpus)
    tables["indicators"], tables["citations"] = lp.extract_indicators(corpus), lp.find_citations(corpus)
    tables["quality"], tables["sentences"] = lp.check_quality(corpus), corpus.sentences
    tables["sections"], tables["cleaning"] = corpus.sections, corpus.cleaning
    for name, table in tables.items():
        for plan, start, end in (
            ("plan", "start", "end"),
            *((f, f"{f}_start", f"{f}_end") for f in ("target", "source")),
        ):
            if {plan, start, end} <= set(table.columns):
                spans = table[[plan, start, end]].dropna().itertuples(index=False, name=None)
                wrong = [span for span in spans if not 0 <= span[1] <= span[2] <= size[span[0]]]
                assert not wrong, f"{name}: spans outside the text: {wrong[:3]}"
    if page:
        lp.write_reader(corpus, tables, folder / "reader.html")


def run_texts(first, count, folder):
    """Failures and (seconds, seed) of the texts."""
    plans = [path.read_text("utf-8") for path in sorted((ROOT / "data" / "raw").glob("*.txt"))]
    failures, times = [], []
    for seed in range(first, first + count):
        rng = random.Random(seed)
        raw, other = mangled_text(rng, plans), mangled_text(rng, plans)
        began = time.process_time()
        try:
            check_text(raw, (raw[: len(raw) // 2] + other[:500], other), folder, page=seed % 10 == 0)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            failures.append((seed, f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"))
        times.append((time.process_time() - began, seed, len(raw)))
        _progress(seed - first + 1, count)
    return failures, times


def mangled_file(rng, plans):
    """(bytes, file name) of a damaged document."""
    from make_documents import docx, paragraph, pdf, table

    text = mangled_text(rng, plans, 3000)
    plain = "".join(c for c in text if c.isprintable() or c == "\n")
    safe = plain.replace("&", "&amp;").replace("<", "&lt;")
    kind = rng.choice(["txt", "md", "html", "docx", "pdf", "noise", "bomb"])
    if kind in ("txt", "md"):
        data = text.encode(rng.choice(["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"]), "replace")
    elif kind == "html":
        data = f"<html><body>{'<div>' * rng.choice((0, 5, 5000))}<p>{safe}</p>".encode(rng.choice(["utf-8", "gb18030"]))
    elif kind == "docx":
        data = docx(table(*[[safe[:9], safe[9:30]]] * 5) + "".join(map(paragraph, safe.split("\n"))))
    elif kind == "pdf":
        lines = [(72, 780 - 14 * i, 11, line[:40]) for i, line in enumerate(plain.split("\n")[:50]) if line]
        data = pdf(lines or [(72, 700, 11, "图书馆")])
    elif kind == "bomb":
        data = (
            docx(f"<w:p><w:r><w:t>{'图' * 30_000_000}</w:t></w:r></w:p>")
            if rng.random() < 0.2
            else docx("<w:p>" * 90_000)
        )
    else:
        data = rng.randbytes(rng.choice((0, 1, 100, 100_000)))
    data = bytearray(data)
    for _ in range(rng.choice((0, 0, 1, 3, 20))):
        at = rng.randrange(len(data) + 1)
        act = rng.randrange(5)
        if act == 0:
            del data[at:]
        elif act == 1:
            data[at:at] = rng.choice(
                (b"\0" * 50, b"\xed\xa0\x80", rng.randbytes(30), b"<div>" * 50, b"PK\x03\x04", b"%PDF-")
            )
        elif act == 2:
            del data[at : at + rng.choice((1, 50, 2000))]
        elif act == 3 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        else:
            data[at:at] = data[at : at + 300]
    ending = (
        kind
        if kind not in ("noise", "bomb") and rng.random() < 0.9
        else rng.choice(["txt", "docx", "pdf", "html", "doc", "x"])
    )
    name = rng.choice(["a", "名 前", "x\ny", "..a", "q'\"", "\u202eb", "=cmd", "-x", "a" * 200])
    return bytes(data), f"{name}.{ending if kind != 'bomb' else 'docx'}"


def run_files(first, count, folder):
    """Failures and (seconds, seed, bytes) of the files, each in a process of its own."""
    import make_documents  # noqa: F401
    import pandas  # noqa: F401

    from libplans import cli

    plans = [path.read_text("utf-8") for path in sorted((ROOT / "data" / "raw").glob("*.txt"))]
    project = folder / "project" / "data" / "raw"
    shutil.copytree(ROOT / "data" / "raw", project)
    start, failures, times = _tree(folder), [], []
    for seed in range(first, first + count):
        rng = random.Random(seed)
        data, name = mangled_file(rng, plans)
        path = folder / name
        path.write_bytes(data)
        title = rng.choice(["规划", '甲,"乙"', "=1+1", "行\n行", "../x"])
        call = [
            "add",
            "--plan",
            "new",
            "--title",
            title,
            "--issuer",
            "馆",
            "--level",
            "city",
            "--data",
            str(project.parent),
        ]
        began = time.perf_counter()
        status, said, used = _apart(lambda call=call, path=path: cli.main([*call, "--", str(path)]))
        seconds = time.perf_counter() - began
        path.unlink()
        after = _tree(folder)
        fault = _fault(status, said, used, seconds, start, after)
        if fault:
            failures.append((seed, f"{name!r}: {fault}"))
        for new in set(after) - set(start):
            (folder / new).unlink()
        (project / "plans.csv").write_bytes(start["project/data/raw/plans.csv"])
        times.append((seconds, seed, used))
        _progress(seed - first + 1, count)
    return failures, times


def _fault(status, said, used, seconds, start, after):
    """What is wrong with a run of `add`, "" where nothing is."""
    if status not in (0, 1):
        return f"status {status}: {said[-300:]}"
    if "Traceback" in said or (status == 1 and len(said.strip().splitlines()) != 1):
        return f"more than one line: {said[-300:]}"
    if seconds > SECONDS or used > BYTES:
        return f"{seconds:.1f} s, {used / 1e9:.2f} GB"
    changed = {name for name in after if after[name] != start.get(name)} | (set(start) - set(after))
    allowed = (
        ("project/data/raw/plans.csv", "project/data/raw/new.", "project/data/processed/text/") if status == 0 else ()
    )
    odd = sorted(name for name in changed if not name.startswith(allowed))
    if odd or (status == 0 and "project/data/raw/plans.csv" not in changed):
        return f"status {status}, files changed: {odd or 'none'}"
    return ""


def _tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _apart(call):
    """(status, standard error, peak bytes) of a call in a forked process that has a minute."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
            os.dup2(said.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            status = 70
            with contextlib.suppress(SystemExit):
                try:
                    status = call()
                except BaseException:
                    traceback.print_exc()
            sys.stderr.flush()
            os._exit(status)
        _, code, used = os.wait4(child, 0)
        said.seek(0)
        text = io.TextIOWrapper(said, "utf-8", "replace").read()
    return os.waitstatus_to_exitcode(code), text, used.ru_maxrss * 1024


def _progress(done, count):
    if done % max(count // 20, 1) == 0:
        print(f"{done * 100 // count}% ", end="", file=sys.stderr, flush=True)


def main():
    """Run the fuzzer and print what it found; the status is 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=0, help="number of texts")
    parser.add_argument("--files", type=int, default=0, help="number of files")
    parser.add_argument("--first", type=int, default=0, help="seed of the first input")
    options = parser.parse_args()
    bad = 0
    for run, count in ((run_texts, options.texts), (run_files, options.files)):
        if not count:
            continue
        with tempfile.TemporaryDirectory() as folder:
            failures, times = run(options.first, count, Path(folder))
        bad += len(failures)
        print(f"\n{run.__name__[4:]}: {count} inputs, {len(failures)} failures, {sum(t[0] for t in times):.0f} s")
        for seed, what in failures[:40]:
            print(f"  seed {seed}: {what}")
        unit, scale = ("GB", 1e9) if run is run_files else ("thousand characters", 1e3)
        for seconds, seed, size in sorted(times, reverse=True)[:5]:
            print(f"  slowest: seed {seed}: {seconds:.2f} s, {size / scale:.2f} {unit}")
        print(f"  largest: {max(t[2] for t in times) / scale:.2f} {unit}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
