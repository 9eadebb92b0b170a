"""The whole job: plans in, tables, figures, the reader page and notebooks out.

`build_tables` names every table and the call that makes it, in the order in which they build on each other;
`write_report` writes them, draws the figures and runs the notebooks. Nothing is written before all tables are made;
each file is written whole or not at all.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from .corpus import load
from .errors import PlanError
from .register import find_register
from .tables import write, write_whole


class Progress:
    """Says on standard error what is being done, one line a step, with the seconds it took."""

    def __init__(self, out=None):
        self.out = out or sys.stderr

    def __call__(self, what, call, *args):
        self.out.write(f"{what} … ")
        self.out.flush()
        began = time.perf_counter()
        try:
            result = call(*args)
        except BaseException:
            self.out.write("stopped\n")
            raise
        self.out.write(f"{time.perf_counter() - began:.1f} s\n")
        self.out.flush()
        return result

    def count(self, done, total):
        """Says how far a long step is, in steps of five per cent; silent where there is little to do."""
        if total >= 40 and done * 20 // total > (done - 1) * 20 // total:
            self.out.write(f"{done * 100 // total}% ")
            self.out.flush()


def _at_once(what, call, *args):
    return call(*args)


def build_reuse(corpus, step=_at_once):
    """The tables of text reuse alone: passages, reuse, formulae, coding, substitutions, leftovers, direction."""
    from . import reuse

    passages = step("text reuse", reuse.find_reuse, corpus)
    found = {
        "passages": passages,
        "reuse": step("reuse shares", reuse.measure_reuse, corpus, passages),
        "formulae": step("formulae", reuse.find_formulae, corpus, passages),
        "coding": step("sentence coding", reuse.code_sentences, corpus, passages),
        "substitutions": step("substitutions", reuse.find_substitutions, corpus, passages),
        "leftovers": step("leftovers", reuse.find_leftovers, corpus, passages),
    }
    found["direction"] = step("direction", reuse.find_direction, corpus, passages, found["leftovers"])
    return found


def build_tables(corpus, step=_at_once):
    """All tables of a corpus: dict of table name -> DataFrame, with the columns that `tables.TABLES` declares.

    `step(what, call, *args)` runs one call; a `Progress` says how long each took.
    """
    from .citations import find_citations
    from .clusters import cluster_sections
    from .indicators import extract_indicators
    from .themes import assign_themes

    found = {name: getattr(corpus, name) for name in ("plans", "cleaning", "sections", "sentences")}
    found.update(build_reuse(corpus, step))
    passages = found["passages"]
    groups, _ = step("clusters", partial(cluster_sections, passages=passages), corpus)
    found["themes"] = step("themes", partial(assign_themes, passages=passages), corpus, groups)
    found["indicators"] = step("indicators", extract_indicators, corpus)
    found["citations"] = step("citations", find_citations, corpus)
    return found


def data_folder(data):
    """The data folder (with `raw/` and `processed/`) that `data` names, itself or by the project folder above it."""
    register = find_register(data)
    return register.parent.parent if register.parent.name == "raw" else register.parent


def write_report(data="data"):
    """Make every table, figure and notebook of the project whose data folder is `data`; returns rows by table.

    Tables go to `processed/` in the data folder; figures, the reader page and notebooks stand in `figures/` and
    `notebooks/` beside it (a project without notebooks gets none). Raises PlanError before anything is written where
    the input is bad. Progress goes to standard error.
    """
    folder = data_folder(data)
    interruptible = {"initializer": signal.signal, "initargs": (signal.SIGINT, signal.SIG_DFL)}
    try:  # in a process of its own, so that its memory is free again when the notebooks run
        with ProcessPoolExecutor(1, get_context("spawn"), **interruptible) as apart:
            counts = apart.submit(write_results, folder).result()
    except BrokenProcessPool:
        raise PlanError(f"{folder}: the report was ended from outside (out of memory?); run it again") from None
    step = Progress()
    for notebook in sorted((folder.parent / "notebooks").glob("*.ipynb")):
        step(f"notebook {notebook.stem}", run_notebook, notebook)
    return counts


def write_results(folder):
    """The tables, figures and reader page of the project with this data folder; returns rows by table."""
    from .figures import draw_figures
    from .reader import write_reader

    step = Progress()
    figures = Path(folder).parent / "figures"
    corpus = step("reading", load, folder, step.count)
    tables = build_tables(corpus, step)
    for name, table in tables.items():
        write(table, Path(folder) / "processed" / f"{name}.csv")
    step("figures", draw_figures, corpus, tables, figures)
    step("reader page", write_reader, corpus, tables, figures / "reader.html")
    return {name: len(table) for name, table in tables.items()}


def run_notebook(path):
    """Run a notebook in its own folder and store it with its outputs, the same bytes for the same results."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path = Path(path)
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise PlanError(
            f"{path}: not a notebook that can be read ({type(error).__name__}); restore it from the repository"
        ) from None
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    with tempfile.TemporaryDirectory() as profile:  # no start-up files of the user, and a home that may be read-only
        surroundings = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
        surroundings.update(IPYTHONDIR=profile, PYTHONHASHSEED="0")
        try:
            client.execute(env=surroundings, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            raise PlanError(
                f"{path}: a cell failed: {error.ename}: {error.evalue}; open the notebook and run it to see the place"
            ) from None
    write_whole(path, notebook_bytes(notebook))


def notebook_bytes(notebook):
    """A notebook as it is stored: steady metadata, streams joined, cells numbered, keys sorted, one trailing line
    feed."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
            for output in cell.outputs:
                if "metadata" in output:
                    output["metadata"] = {}
    return (json.dumps(_lines(notebook), indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")


def _joined_streams(outputs):
    joined = []
    for output in outputs:
        if (
            joined
            and output.output_type == "stream"
            and joined[-1].output_type == "stream"
            and joined[-1].name == output.name
        ):
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _lines(notebook):
    """Multi-line texts as lists of lines, as nbformat stores them."""
    import copy

    from nbformat.v4.rwbase import split_lines

    return split_lines(copy.deepcopy(notebook))
