"""The command `libplans`: what a user types, and what it says when something is wrong."""

import argparse
import os
import sys

from . import __version__
from .errors import PlanError

ABOUT = "Compare library development plans: shared wording, themes, indicators, citations."
_RAW = {"formatter_class": argparse.RawDescriptionHelpFormatter}


def parser():
    """The command line and its sub-commands."""
    top = argparse.ArgumentParser(
        "libplans", description=ABOUT, epilog="example:\n  libplans report --data data", **_RAW
    )
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    report = commands.add_parser(
        "report",
        help="the whole job: tables, figures, notebooks",
        epilog="example:\n  libplans report --data data",
        **_RAW,
    )
    report.add_argument(
        "--data", default="data", metavar="DIR", help="the data folder with raw/plans.csv (default: data)"
    )

    add = commands.add_parser(
        "add",
        help="register a plan or a reference document",
        epilog="example:\n  libplans add shandong.txt --plan shandong --title 山东省图书馆“十四五”发展规划 \\\n"
        "      --issuer 山东省图书馆 --level province --region 山东 --aliases '山东省图书馆;鲁图;山东'",
        **_RAW,
    )
    add.add_argument("file", metavar="FILE", help="the document as UTF-8 text (.txt or .md)")
    add.add_argument("--plan", required=True, metavar="ID", help="a short id: a-z, 0-9, _ and -")
    for name, text in (("title", "the document's title"), ("issuer", "the institution that issued it")):
        add.add_argument(f"--{name}", required=True, help=text)
    add.add_argument("--level", required=True, help="national, province, city or county")
    add.add_argument("--issued", default="", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known")
    add.add_argument("--role", default="plan", help="plan (default), or reference: matched against, never a target")
    for name in ("title-en", "issuer-en", "region", "region-en", "aliases", "source", "licence"):
        add.add_argument(
            f"--{name}",
            default="",
            help={"aliases": "names of the institution and its region, separated by ;"}.get(name, argparse.SUPPRESS),
        )
    add.add_argument("--data", default="data", metavar="DIR", help="the data folder (default: data)")

    reuse = commands.add_parser(
        "reuse",
        help="shared passages between any texts",
        epilog="example:\n  libplans reuse plans/ --out shared/",
        **_RAW,
    )
    reuse.add_argument(
        "paths", nargs="+", metavar="PATH", help="text files, or folders of text files (plan id = file stem)"
    )
    reuse.add_argument("--out", default="reuse", metavar="DIR", help="where the tables go (default: reuse)")

    indicators = commands.add_parser(
        "indicators",
        help="the quantities in any texts",
        epilog="example:\n  libplans indicators report.txt --out quantities/",
        **_RAW,
    )
    indicators.add_argument(
        "paths", nargs="+", metavar="PATH", help="text files, or folders of text files (plan id = file stem)"
    )
    indicators.add_argument(
        "--out", default="indicators", metavar="DIR", help="where the table goes (default: indicators)"
    )
    return top


def main(argv=None):
    """Run the command line; returns the exit status (0 only on success)."""
    options = vars(parser().parse_args(argv))
    command = COMMANDS[options.pop("command")]
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
        print(
            f"libplans: {error.filename or 'system'}: {error.strerror}; check the path, its permissions and the free space",
            file=sys.stderr,
        )
        return 1
    return 0


def _report(data):
    os.environ.setdefault("PYTHONHASHSEED", "0")  # for the notebooks' kernels
    from .report import write_report

    tables = write_report(data)
    print(
        f"{len(tables['plans'])} plans, {len(tables['passages']) // 2} shared passages, {len(tables['indicators'])} indicators"
    )


def _add(**options):
    from .adding import add_document

    row = add_document(**options)
    print(
        f"added {row['plan']}: {row['title']} ({row['role']}, {row['file']}); run `make report` for the new tables and figures"
    )


def _reuse(paths, out):
    from . import reuse
    from .corpus import read_texts
    from .report import Progress
    from .tables import write

    step = Progress()
    corpus = step("reading", read_texts, paths)
    passages = step("text reuse", reuse.find_reuse, corpus)
    found = {
        "passages": passages,
        "reuse": step("shares", reuse.measure_reuse, corpus, passages),
        "substitutions": step("substitutions", reuse.find_substitutions, corpus, passages),
        "leftovers": step("leftovers", reuse.find_leftovers, corpus, passages),
    }
    for name, table in found.items():
        write(table, os.path.join(out, f"{name}.csv"))
    print(f"{len(corpus)} texts, {len(passages) // 2} shared passages: {out}")


def _indicators(paths, out):
    from .corpus import read_texts
    from .indicators import extract_indicators
    from .report import Progress
    from .tables import write

    step = Progress()
    corpus = step("reading", read_texts, paths)
    table = step("indicators", extract_indicators, corpus)
    write(table, os.path.join(out, "indicators.csv"))
    print(f"{len(corpus)} texts, {len(table)} quantities: {out}")


COMMANDS = {"report": _report, "add": _add, "reuse": _reuse, "indicators": _indicators}

if __name__ == "__main__":
    sys.exit(main())
