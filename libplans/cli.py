"""The command `libplans`: what a user types, and what it says when something is wrong."""

import argparse
import os
import sys

from . import __version__
from .errors import PlanError

ABOUT = "Compare library development plans: shared wording, themes, indicators, citations."
_RAW = {"formatter_class": argparse.RawDescriptionHelpFormatter}


#: options of `add` that may be left out
MORE = {
    "title-en": "English title",
    "issuer-en": "English name of the institution (labels of the English figures)",
    "region": "region it serves (labels of the figures)",
    "region-en": "English name of the region",
    "aliases": "names that mean the institution or its region, separated by ;",
    "source": "where the text comes from",
    "licence": "terms of the text",
}


def parser():
    """The command line and its sub-commands."""
    top = argparse.ArgumentParser(
        "libplans", description=ABOUT, epilog="example:\n  libplans report --data data", **_RAW
    )
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    report = _command(
        commands, "report", "the whole job: tables, figures, reader page, notebooks", "libplans report --data data"
    )
    report.add_argument("--data", default="data", metavar="DIR", help="data folder with raw/plans.csv (default: data)")
    report.add_argument("--fresh", action="store_true", help="compute all again, whatever is kept in .cache")
    _add_options(commands)
    _reuse_options(
        _text_options(commands, "reuse", "shared passages between any texts", "libplans reuse plans/ --out shared/")
    )
    _text_options(commands, "indicators", "the quantities in any texts", "libplans indicators report.txt --out found/")
    reader = _command(
        commands, "reader", "the side-by-side reader page", "libplans reader --out shared/reader.html --lang en"
    )
    reader.add_argument("--data", default="data", metavar="DIR", help="the data folder (default: data)")
    reader.add_argument("--out", metavar="FILE", help="the page (default: figures/reader.html beside the data folder)")
    reader.add_argument("--lang", default="zh", choices=("zh", "en"), help="language of the page when it opens")
    return top


def _command(commands, name, what, example):
    return commands.add_parser(name, help=what, description=what, epilog=f"example:\n  {example}", **_RAW)


def _add_options(commands):
    add = _command(
        commands,
        "add",
        "register a plan or a reference document",
        "libplans add shandong.txt --plan shandong --title 山东省图书馆“十四五”发展规划 \\\n"
        "      --issuer 山东省图书馆 --level province --region 山东 --aliases '山东省图书馆;鲁图;山东'\n"
        "  libplans add shandong.pdf --plan shandong … --dry-run    (shows the quality report, changes nothing)",
    )
    add.add_argument("file", metavar="FILE", help="the document: .txt, .md, .html, .docx, or .pdf with a text layer")
    add.add_argument("--plan", required=True, metavar="ID", help="a short id: a-z, 0-9, _ and -")
    add.add_argument("--title", required=True, help="the document's title")
    add.add_argument("--issuer", required=True, help="the institution that issued it")
    add.add_argument("--level", required=True, help="national, province, city or county")
    add.add_argument("--issued", default="", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known")
    add.add_argument("--role", default="plan", help="plan (default), or reference: matched against, never a target")
    for name, what in MORE.items():
        add.add_argument(f"--{name}", default="", metavar="TEXT", help=what)
    encodings = "utf-8, utf-16-le, utf-16-be, gb18030 or big5 (default: recognised)"
    add.add_argument("--encoding", default="", metavar="NAME", help=encodings)
    add.add_argument("--dry-run", action="store_true", help="show the quality report of the document, change nothing")
    add.add_argument("--data", default="data", metavar="DIR", help="the data folder (default: data)")


def _text_options(commands, name, what, example):
    command = _command(commands, name, what, example)
    command.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders of files (plan id = file stem)")
    command.add_argument("--out", default=name, metavar="DIR", help=f"where the tables go (default: {name})")
    return command


def _reuse_options(reuse):
    reuse.add_argument(
        "--engine", default="local", metavar="NAME", help="local: processes here (default); dask: a Dask cluster"
    )
    reuse.add_argument("--scheduler", metavar="ADDRESS", help="of a running Dask cluster: tcp://host:8786, or its file")
    reuse.add_argument("--format", dest="form", default="csv", metavar="NAME", help="csv (default) or parquet")
    reuse.add_argument("--cache", metavar="DIR", help="keeps what was read (default: .cache in the --out folder)")
    reuse.add_argument("--processes", type=int, metavar="N", help="processes here (default: one a processor)")


def main(argv=None):
    """Run the command line; returns the exit status (0 only on success)."""
    options = vars(parser().parse_args(argv))
    command = COMMANDS[options.pop("command")]
    if argv is None:  # a process of our own
        from .workers import collect_seldom

        collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        command(**options)
    except PlanError as error:
        print(f"libplans: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("libplans: interrupted; files that were being written are as they were before", file=sys.stderr)
        return 130
    except OSError as error:
        place, remedy = error.filename or "system", "check the path, its permissions and the free space"
        print(f"libplans: {place}: {error.strerror}; {remedy}", file=sys.stderr)
        return 1
    return 0


def _report(data, fresh=False):
    from .runs.report import write_report

    rows = write_report(data, fresh)
    print(f"{rows['plans']} plans, {rows['passages'] // 2} shared passages, {rows['indicators']} indicators")


def _add(dry_run=False, **options):
    from .reading.adding import read_document, register_document

    candidate = read_document(**options)
    print(candidate.report(), flush=True)
    if dry_run:
        print("dry run: nothing was changed")
        return
    row = register_document(candidate)
    print(f"added {row['plan']}: {row['title']} ({row['role']}, {row['file']})")
    print("run `make report` for the new tables and figures")


def _reuse(**options):
    from .runs.folder_reuse import write_reuse

    for line in write_reuse(**options):
        print(line)


def _indicators(paths, out):
    from .corpus import read_texts
    from .indicators.extract import extract_indicators
    from .runs.progress import Progress
    from .tables import write

    step = Progress()
    corpus = step("reading", read_texts, paths, step.count)
    table = step("indicators", extract_indicators, corpus)
    corpus.check_files()  # a text that changed meanwhile is noticed
    write(table, os.path.join(out, "indicators.csv"))
    print(f"{len(corpus)} texts, {len(table)} quantities: {out}")


def _reader(data, out, lang):
    from pathlib import Path

    from .corpus import load
    from .reader.page import write_reader
    from .runs.progress import Progress
    from .runs.report import build_reuse, data_folder

    step = Progress()
    corpus = step("reading", load, data, step.count)
    tables = build_reuse(corpus, step)
    path = Path(out) if out else data_folder(data).parent / "figures" / "reader.html"
    step("reader page", write_reader, corpus, tables, path, lang)
    print(path)


COMMANDS = {"report": _report, "add": _add, "reuse": _reuse, "indicators": _indicators, "reader": _reader}

if __name__ == "__main__":
    sys.exit(main())
