"""The whole job: plans in, tables, figures, the reader page and notebooks out.

`build_tables` names every table and the call that makes it, in the order in which they build on each other;
`write_report` makes them, draws the figures and runs the notebooks, in a stage; all come into their places together at
the end (`publish`). What has not changed is not computed again (`cache`).
"""

import hashlib
import os
import shutil
import signal
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import product
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from ..corpus import load
from ..errors import PlanError
from ..reading.register import find_register
from ..tables import TABLES, write, write_whole
from .kernel import run_notebook
from .lock import alone
from .progress import Progress
from .publish import WORK, publishing


def _at_once(what, call, *args):
    return call(*args)


def build_reuse(corpus, step=_at_once):
    """The tables of text reuse alone: passages, reuse, formulae, coding, substitutions, leftovers, direction."""
    from .. import reuse

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


def build_tables(corpus, step=_at_once, codes=None):
    """All tables of a corpus: dict of table name -> DataFrame, with the columns that `tables.TABLES` declares.

    `step(what, call, *args)` runs one call; a `Progress` says how long each took. `codes` are themes coded by hand
    (`read_codes`).
    """
    from ..citations.find import find_citations
    from ..indicators.extract import extract_indicators
    from ..themes.assign import assign_themes
    from ..themes.clusters import cluster_sections
    from .cache import first

    found = {name: getattr(corpus, name) for name in ("plans", "cleaning", "sections", "sentences")}
    found.update(build_reuse(corpus, step))
    passages = found["passages"]
    groups = step("clusters", partial(first, cluster_sections, passages=passages), corpus)
    found["themes"] = step("themes", partial(assign_themes, passages=passages, codes=codes), corpus, groups)
    found["indicators"] = step("indicators", extract_indicators, corpus)
    found["citations"] = step("citations", find_citations, corpus)
    return found


def data_folder(data):
    """The data folder (with `raw/` and `processed/`) that `data` names, itself or by the project folder above it."""
    register = find_register(data)
    folder = register.parent.parent if register.parent.name == "raw" else register.parent
    return folder if folder.name not in ("", "..") else Path(os.path.abspath(folder))


# ---- the whole job --------------------------------------------------------------------------------------------------


def write_report(data="data", fresh=False):
    """Make every table, figure and notebook of the project whose data folder is `data`; returns rows by table.

    Tables go to `processed/` in the data folder; figures, the reader page and notebooks stand in `figures/` and
    `notebooks/` beside it (a project without notebooks gets none). All are made in a stage and come into their places
    together at the end, or none does (`publish`). What does not depend on anything that has changed comes from
    `.cache/libplans` in the project (`cache`); with `fresh` all is computed. A run that is at work here is waited for.
    Raises PlanError where the input is bad, or was changed meanwhile. Progress goes to standard error.
    """
    folder, began = data_folder(data), time.time()
    project = folder.parent
    with alone(find_register(folder).parent), publishing(project, folder / WORK) as stage:
        given = _inputs(folder)
        lay_out(project, folder, stage)
        cache = _cache_folder(project, fresh)
        counts = _in_a_process(write_results, folder, stage, cache, fresh)
        run_notebooks(project, stage, folder.name, cache, fresh)
        _refuse_changed(folder, given)
    if cache:
        from .cache import cache_in

        cache_in(cache, fresh).prune(began)
    return counts


def _in_a_process(call, folder, *args):
    """call(folder, *args) in a process of its own, so that its memory is free again when the notebooks run."""
    try:
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=_end_with_parent) as apart:
            return apart.submit(call, folder, *args).result()
    except BrokenProcessPool:
        raise PlanError(f"{folder}: the report was ended from outside (out of memory?); run it again") from None


def _end_with_parent():
    """Let a process of ours end at Ctrl-C, and when the run that started it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def wait():
        parent_process().join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def _cache_folder(project, fresh):
    from .cache import open_cache

    cache = open_cache(project / ".cache" / "libplans", fresh)
    return cache and cache.folder


def _inputs(folder):
    """The SHA-256 of all that a report is made of, by path: register, raw files, stored texts, notebooks."""
    raw = find_register(folder).parent
    paths = [*raw.iterdir(), *(folder / "processed" / "text").glob("*"), *(folder.parent / "notebooks").glob("*.ipynb")]
    paths += (folder / "codes").glob("*.csv")
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths) if _is_input(path)}


def _is_input(path):
    """A file, but the records of stored texts: the first report on a document adds to them."""
    return path.is_file() and not path.name.startswith((".", "~$")) and path.name != "texts.csv"


def _refuse_changed(folder, given):
    """Raise PlanError where an input is another than it was when the report began."""
    now = _inputs(folder)
    texts = folder / "processed" / "text"  # a document without its stored text gets one in its first report
    changed = [path for path in given if now.get(path) != given[path]]
    changed += [path for path in now if path not in given and path.parent != texts]
    if changed:
        raise PlanError(f"{changed[0]}: changed while the report was made; nothing was written; run it again")


def lay_out(project, folder, stage):
    """Make `stage` look like the project to a notebook in it: the folders that a report writes as copies, all else as
    links."""
    made = {project / "figures", project / "notebooks", folder / "processed"}
    tables = {folder / "processed" / f"{name}.csv" for name in TABLES}
    _mirror(project, stage, {*made, folder}, tables)
    if folder.is_dir() and not (stage / folder.name).exists():
        (stage / folder.name).mkdir()
    _mirror(folder, stage / folder.name, made, tables)
    for path in made:
        if path.is_dir():
            _mirror(path, stage / path.relative_to(project), None, tables)


def _mirror(folder, target, copied, without):
    """Links in `target` to all in `folder` but `without`; `copied` are left for later, None: copy all."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path in without or copied and path in copied or path.name in (WORK, ".cache"):
            continue
        if copied is None and not path.name.startswith("."):
            _copy(path, target / path.name)
        elif copied is not None:
            try:
                (target / path.name).symlink_to(os.path.abspath(path))
            except OSError:  # Windows without the right to make links
                _copy(path, target / path.name)


def _copy(path, target):
    shutil.copytree(path, target) if path.is_dir() else shutil.copyfile(path, target)


def write_results(folder, stage, cache_folder=None, fresh=False):
    """The tables, figures and reader page of the project with this data folder, into `stage`; returns rows by table.

    `stage` is laid out as the project. What is in the cache, the folder `cache_folder`, is not computed again.
    """
    from ..papers.files import write_paper_tables
    from ..themes.codes import read_codes

    said = Progress()
    if cache_folder:
        from .cache import cache_in, load_kept

        cache = cache_in(cache_folder, fresh)
        step, reading = partial(_kept, cache, said), partial(load_kept, folder, cache)
    else:
        cache, step, reading = None, said, partial(load, folder)
    corpus = said("reading", reading, said.count)
    tables = build_tables(corpus, step, read_codes(folder, corpus))
    for name, table in tables.items():
        write(table, stage / folder.name / "processed" / f"{name}.csv")
    said("figures", write_figures, corpus, tables, stage / "figures", cache, said.note)
    said("tables for papers", write_paper_tables, corpus, tables, stage / "figures" / "tables")
    page = said("reader page", reader_page, corpus, tables, cache)
    write_whole(stage / "figures" / "reader.html", page.encode("utf-8"))
    return {name: len(table) for name, table in tables.items()}


def _kept(cache, said, what, call, *args):
    """One step, from the cache where it is there; as `Progress`."""

    def keep():
        hits = cache.hits
        result = cache.keep(call, *args)
        if cache.hits > hits:
            said.note("kept")
        return result

    return said(what, keep)


def reader_page(corpus, tables, cache=None):
    """The reader page, as text."""
    from ..reader.page import reader_html

    if cache is None:
        return reader_html(corpus, tables)
    return cache.keep(reader_html, corpus, code=("reader.page",), stop=("plots.catalogue",), find=tables.get)


def write_figures(corpus, tables, folder, cache=None, note=None):
    """The figures of the catalogue and their gallery page in `folder`, each drawn only where it is not in the cache.

    `note` is told how many were there.
    """
    from ..plots.catalogue import CATALOGUE, DERIVED, describe, draw_figures
    from ..plots.gallery import write_gallery

    if cache is None:
        draw_figures(corpus, tables, folder)
        return
    found = dict(tables)

    def find(name):
        if name not in found and name in DERIVED:
            found[name] = cache.keep(derived, name, corpus, code=("",), find=find)
        return found.get(name)

    drawn = 0
    for name, lang in product(CATALOGUE, ("zh", "en")):
        entry = CATALOGUE[name]
        modules = (entry.plot.rsplit(".", 1)[0], "plots.catalogue", "plots.style")
        about, hits = repr((entry, describe(name))), cache.hits
        files = cache.keep(figure_files, name, lang, about, corpus, code=modules, stop=("plots.catalogue",), find=find)
        for file, content in files:
            write_whole(folder / file, content)
        drawn += cache.hits == hits
    write_gallery(folder)
    if note:
        note(f"{drawn} of {2 * len(CATALOGUE)} drawn")


def derived(name, corpus, tables):
    """A table that figures need beyond the stored ones."""
    from ..plots.catalogue import DERIVED

    return DERIVED[name](corpus, tables)


def figure_files(name, lang, about, corpus, tables):
    """A figure of the catalogue as files: [name, bytes] of each. `about` is its entry there, for the cache."""
    from ..plots.catalogue import draw
    from ..plots.style import save_figure

    with tempfile.TemporaryDirectory() as folder:
        paths = save_figure(draw(name, corpus, tables, lang), f"{name}_{lang}", folder)
        return [[Path(path).name, Path(path).read_bytes()] for path in paths]


def run_notebooks(project, stage, data, cache_folder=None, fresh=False):
    """Run the notebooks in the stage, write them as pages, then the gallery page; what is in the cache is not made."""
    from ..plots.gallery import write_gallery

    said = Progress()
    for path in sorted((stage / "notebooks").glob("*.ipynb")):
        shown = project / "notebooks" / path.name
        if cache_folder:
            from .cache import cache_in
            from .kernel import keep_notebook

            call = partial(keep_notebook, cache_in(cache_folder, fresh), path, stage, project, data, shown, said.note)
        else:
            call = partial(run_notebook, path, shown)
        said(f"notebook {path.stem}", call)
    said("notebooks as pages", write_pages, stage, cache_folder, fresh)
    write_gallery(stage / "figures")


def write_pages(stage, cache_folder=None, fresh=False):
    """The notebooks of a stage as HTML pages, each made only where it is not in the cache."""
    from .pages import export_notebooks, notebook_page

    notebooks, out = sorted((stage / "notebooks").glob("*.ipynb")), stage / "figures" / "notebooks"
    if not cache_folder:
        export_notebooks(notebooks, out)
        return
    from .cache import cache_in

    names = [path.name for path in notebooks]
    for path in notebooks:
        made = partial(notebook_page, path, out, notebooks)
        page = cache_in(cache_folder, fresh).keep_as(made, "runs.pages", [names, path.name, path.read_bytes()])
        write_whole(out / f"{path.stem}.html", page.encode("utf-8"))
