"""The notebooks are verified strictly: each way of tampering with one is seen to fail, on copies.

What a mutation changes and which item of the copy must fail, that one and no other, stands side by side below. The
copies lie in one folder with `notebooks/conftest.py`, so one pytest run (a separate process) sees them all.
"""

import base64
import copy
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

_SPEC = importlib.util.spec_from_file_location("strict_notebooks", ROOT / "notebooks" / "conftest.py")
strict = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(strict)


# ---- a small notebook that has one of everything, and what can be done to it ----------------------------------------

CELLS = [
    "from io import BytesIO\nfrom IPython.display import HTML, Image, Markdown, display\nfrom PIL import Image as Draw",
    'counts = {"jilin": 36, "liaoning": 12}\ncounts',
    'HTML("".join(f"<tr><td>{plan}</td><td>{count}</td></tr>" for plan, count in counts.items()))',
    "Markdown(f\"Jilin repeats **{counts['jilin']}** passages.\")",
    'print("sum", sum(counts.values()))\ndisplay(Markdown("between"))\nprint("end")',
    'file = BytesIO()\nDraw.effect_mandelbrot((60, 40), (-2, -1, 1, 1), 30).save(file, "PNG")\nImage(file.getvalue())',
]


@pytest.fixture(scope="module")
def small():
    """A notebook as `libplans report` would leave it: run from top to bottom, its outputs stored."""
    prose = "# What the plans share\n\nSee [`01_corpus`](01_corpus.ipynb), the “十四五” plans."
    notebook = new_notebook(cells=[new_markdown_cell(prose), *map(new_code_cell, CELLS)])
    return NotebookClient(notebook, kernel_name="python3", record_timing=False).execute()


def code(notebook, number):
    return [cell for cell in notebook.cells if cell.cell_type == "code"][number]


def other_digit(text):
    """`text` with its last digit changed; in a table, a digit that a reader sees."""
    shown = re.compile(r"\d(?=[^\d<>]*</td>)") if "</td>" in text else re.compile(r"\d(?=\D*\Z)")
    return shown.sub(lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)


def change_number(cell, kind):
    for output in cell.outputs:
        if kind in output.get("data", {}):
            output.data[kind] = other_digit(output.data[kind])
        elif output.get("name") == kind:
            output.text = other_digit(output.text)


def repaint(cell):
    """Another picture of the same size: a block of two by two pixels is painted over."""
    from PIL import Image

    for data in [output.data for output in cell.outputs if "image/png" in output.get("data", {})]:
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
        red, green, blue = picture.getpixel((5, 5))
        picture.paste((255 - red, 255 - green, 255 - blue), (5, 5, 7, 7))
        file = io.BytesIO()
        picture.save(file, "PNG")
        data["image/png"] = base64.b64encode(file.getvalue()).decode()


def strip(*cells):
    for cell in cells:
        cell.outputs = []


def strip_all(notebook):
    strip(*(cell for cell in notebook.cells if cell.cell_type == "code"))


def unrun(notebook):
    code(notebook, 1).execution_count = None


def unrun_all(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def reorder(notebook):
    first, second = code(notebook, 0), code(notebook, 1)
    first.execution_count, second.execution_count = second.execution_count, first.execution_count


def count_on(notebook):
    """As if the cells had been run twice in one session."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for numbered in [cell, *(output for output in cell.outputs if output.output_type == "execute_result")]:
                numbered.execution_count += len(CELLS)


def append(notebook, text):
    notebook.cells[0].source += text


def tag(notebook, name):
    code(notebook, 1).metadata["tags"] = [name]


def prefix(notebook, line):
    cell = code(notebook, 1)
    cell.source = f"{line}\n{cell.source}"


def swap_outputs(cell):
    cell.outputs[0], cell.outputs[1] = cell.outputs[1], cell.outputs[0]


MUTATIONS = {  # name: (what is done, the items that fail)
    "all_outputs_stripped": (strip_all, {"form", "Cell 1", "Cell 2", "Cell 3", "Cell 4", "Cell 5"}),
    "never_run": (unrun_all, {"form", *(f"Cell {number}" for number in range(6))}),
    "one_cell_stripped": (lambda nb: strip(code(nb, 3)), {"Cell 3"}),
    "picture_stripped": (lambda nb: strip(code(nb, 5)), {"Cell 5"}),
    "cell_not_run": (unrun, {"form", "Cell 1"}),
    "counts_reordered": (reorder, {"form"}),
    "counts_from_a_second_run": (count_on, {"form"}),
    "picture_replaced": (lambda nb: repaint(code(nb, 5)), {"Cell 5"}),
    "picture_taken_out": (lambda nb: code(nb, 5).outputs[0].data.pop("image/png"), {"Cell 5"}),
    "number_in_html_table": (lambda nb: change_number(code(nb, 2), "text/html"), {"Cell 2"}),
    "number_in_plain_table": (lambda nb: change_number(code(nb, 1), "text/plain"), {"Cell 1"}),
    "number_in_sentence": (lambda nb: change_number(code(nb, 3), "text/markdown"), {"Cell 3"}),
    "number_printed": (lambda nb: change_number(code(nb, 4), "stdout"), {"Cell 4"}),
    "outputs_swapped": (lambda nb: swap_outputs(code(nb, 4)), {"Cell 4"}),
    "output_added": (lambda nb: code(nb, 0).outputs.append(new_output("stream", text="sum 48\n")), {"Cell 0"}),
    "number_typed": (lambda nb: append(nb, "\n\nJilin repeats 36 passages."), {"form"}),
    "number_typed_in_chinese": (lambda nb: append(nb, "\n\n吉林重复了三成。"), {"form"}),
    "number_typed_in_code": (lambda nb: prefix(nb, 'note = f"Jilin repeats 36 of {counts}" if False else 0'), {"form"}),
    "tagged_to_be_skipped": (lambda nb: tag(nb, "nbval-skip"), {"form"}),
    "tagged_in_capitals": (lambda nb: tag(nb, "NBVAL_SKIP"), {"form"}),
    "tagged_to_raise": (lambda nb: tag(nb, "raises-exception"), {"form"}),
    "skipped_by_comment": (lambda nb: prefix(nb, "# NBVAL_SKIP"), {"form"}),
    "unchecked_by_comment": (
        lambda nb: (prefix(nb, "# NBVAL_IGNORE_OUTPUT"), change_number(code(nb, 1), "text/plain")),
        {"form", "Cell 1"},
    ),
    "warning_shown": (
        lambda nb: (
            prefix(nb, 'import sys\n_ = sys.stderr.write("careful")'),
            code(nb, 1).outputs.insert(0, new_output("stream", name="stderr", text="careful")),
        ),
        {"form"},
    ),
}


def verify(folder, *only):
    """Run strict nbval over the notebooks of a folder in a process of its own: {notebook: set of items that failed}."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-rA", "-q"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment["PYTHONPATH"] = str(ROOT)  # the package, where it is not installed
    run = subprocess.run(
        [*command, "-c", "pytest.ini", *(only or ["notebooks"])],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    outcomes = re.findall(r"^(PASSED|FAILED|ERROR) notebooks/(\w+)\.ipynb(?:::(form|Cell \d+))?", run.stdout, re.M)
    assert outcomes, run.stdout + run.stderr
    return {
        notebook: {item for outcome, where, item in outcomes if where == notebook and outcome != "PASSED"}
        for _, notebook, _ in outcomes
    }, run.stdout


def lay_out(folder, notebooks):
    """Copies of notebooks in `folder`/notebooks, with the conftest that makes them strict, and what they read."""
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "conftest.py", folder / "notebooks")
    shutil.copy(ROOT / "requirements.txt", folder)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    return folder


def surroundings(folder):
    """What the real notebooks read: the data, the codings by hand, the plan to practise with."""
    for name in ("data", "tests/gold", "notebooks/your_plan"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name)


@pytest.fixture(scope="module")
def outcomes(small, tmp_path_factory):
    """What fails in each mutated copy of the small notebook, and in an untouched one."""
    copies = {"untouched": copied(small)}
    for name, (mutate, _) in MUTATIONS.items():
        copies[name] = copied(small)
        mutate(copies[name])
    failed, _ = verify(lay_out(tmp_path_factory.mktemp("small"), copies))
    return failed


def copied(notebook):
    return nbformat.reads(nbformat.writes(notebook), as_version=4)


def test_an_untouched_copy_passes(outcomes):
    assert outcomes["untouched"] == set()


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_mutation_fails_where_it_was_made_and_nowhere_else(outcomes, name):
    if name.startswith("picture_replaced") and strict.off_lock():
        pytest.skip(f"pictures are not compared off the lock: {strict.off_lock()}")
    assert outcomes[name] == MUTATIONS[name][1]


# ---- the real notebooks ---------------------------------------------------------------------------------------------


def test_all_notebooks_of_the_project_are_there():
    names = {path.stem for path in NOTEBOOKS}
    assert names >= {"01_corpus", "02_text_reuse", "03_themes", "04_indicators", "05_findings", "06_your_plans"}


def test_every_notebook_stands_under_the_strict_conftest():
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*.ipynb")]
    strays = [path for path in found if path.parent != Path("notebooks") and not path.parts[0].startswith(".")]
    assert [path for path in strays if ".ipynb_checkpoints" not in path.parts] == []


def contents_faults(notebook):
    """How the list of contents departs from the headings: one cell, a link to each heading of depth two, in order."""
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    lists = [source for source in prose if source.startswith("**Contents**")]
    headings = [line[3:] for source in prose for line in source.splitlines() if line.startswith("## ")]
    wanted = [f"- [{heading}](#{heading.replace(' ', '-')})" for heading in headings]
    found = [line for source in lists for line in source.splitlines() if line.startswith("- ")]
    if len(lists) != 1:
        return [f"{len(lists)} cells open with **Contents**; one should"]
    return [] if found == wanted else [f"listed: {line}" for line in found if line not in wanted] + [
        f"to be listed, in this order: {line}" for line in wanted
    ]  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_contents_of_a_notebook_are_its_headings(path):
    assert contents_faults(nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize(
    ("prose", "right"),
    [
        (["**Contents** 目录\n\n- [One 一](#One-一)\n- [Two](#Two)", "## One 一\n\ntext", "### inner", "## Two"], True),
        (["**Contents**\n\n- [Two](#Two)\n- [One](#One)", "## One", "## Two"], False),  # another order
        (["**Contents**\n\n- [One](#One)", "## One", "## Two"], False),
        (["**Contents**\n\n- [One](#one)", "## One"], False),
        (["## One"], False),
        (["**Contents**\n\n- [One](#One)", "**Contents**", "## One"], False),
    ],
)
def test_contents_that_depart_from_the_headings_are_seen(prose, right):
    assert (contents_faults(new_notebook(cells=[*map(new_markdown_cell, prose)])) == []) is right


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_code_in_a_notebook_fits_a_line(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [line for cell in cells for line in cell.source.splitlines() if len(line) > 120] == []


def test_trying_a_plan_of_ones_own_leaves_the_project_as_it_was(tmp_path):
    from libplans.runs.report import run_notebook

    real = ROOT / "notebooks" / "06_your_plans.ipynb"
    surroundings(tmp_path)
    shutil.copy(real, tmp_path / "notebooks")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    run_notebook(tmp_path / "notebooks" / real.name)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert set(after) == set(before)
    assert [path.name for path in after if after[path] != before[path] and path.suffix != ".ipynb"] == []


FORM_MUTATIONS = {
    "stripped": (strip_all, "no cell has an output"),
    "not_run": (unrun, "were not run once each"),
    "reordered": (reorder, "were not run once each"),
    "typed": (lambda nb: append(nb, "\n\nThe share is 36 %."), "cell 1 has a number typed into its text: 36"),
    "tagged": (lambda nb: tag(nb, "nbval-skip"), "is exempted by a tag: nbval-skip"),
}


def test_a_real_notebook_in_bad_form_fails(tmp_path):
    real = nbformat.read(NOTEBOOKS[0], as_version=4)
    copies = {"untouched": real} | {name: copied(real) for name in FORM_MUTATIONS}
    for name, (mutate, _) in FORM_MUTATIONS.items():
        mutate(copies[name])
    lay_out(tmp_path, copies)
    failed, said = verify(tmp_path, *(f"notebooks/{name}.ipynb::form" for name in copies))
    assert failed == {"untouched": set()} | {name: {"form"} for name in FORM_MUTATIONS}
    assert [message for _, message in FORM_MUTATIONS.values() if message not in said] == []


def test_a_real_notebook_with_changed_outputs_fails_in_each_changed_cell(tmp_path):
    """One copy, a different cell for each change; all cells that were left alone must pass."""
    real = nbformat.read(NOTEBOOKS[0], as_version=4)
    cells = [cell for cell in real.cells if cell.cell_type == "code"]
    changed = set()
    for kind, change in REAL_CHANGES.items():
        if kind == "image/png" and strict.off_lock():
            continue
        able = [number for number, cell in enumerate(cells) if number not in changed and is_changed(change, cell)]
        assert able, f"{NOTEBOOKS[0].name} shows no {kind} with a number in a cell of its own"
        change(cells[able[0]])
        changed.add(able[0])
    lay_out(tmp_path, {"real": real})
    surroundings(tmp_path)
    failed, said = verify(tmp_path)
    assert failed["real"] == {f"Cell {number}" for number in changed}, said


REAL_CHANGES = {
    "image/png": repaint,
    "text/markdown": lambda cell: change_number(cell, "text/markdown"),
    "text/html": lambda cell: change_number(cell, "text/html"),
    "any": strip,
}


def is_changed(change, cell):
    tried = copy.deepcopy(cell)
    change(tried)
    return tried != cell


# ---- the rules themselves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prose",
    [
        "The share is 36 %.", "占３６％", "① first", "x² grows", "½ of it", "`36%` of the text", "&#51;6 per cent",
        "## 2. Reuse", "| a | 12 |", "约三成", "“三成”", "百分之十", "三分之一", "一半以上", "增长两倍",
        "共五份规划", "二十三条", "five plans", "three library plans", "half of the text", "ten per cent", "`12 plans`",
        "see [note 3](x.md)", "```\n12 passages\n```", "36 per 10,000", "every 12 plans", "per 105 plans",
    ],
)  # fmt: skip
def test_a_typed_number_is_seen(prose):
    assert strict.typed_numbers(prose)


@pytest.mark.parametrize(
    "prose",
    [
        "the “十四五” plans", "十四五时期", "“四个全面”", "《三项计划》", "一个问题", "两份规划", "一致、统一、一种",
        "第三章", "三级", "万一", "see [`02_text_reuse`](02_text_reuse.ipynb)", "`2021`, `k=5`, `--nbval`",
        "`lp.load('../data')`", "<https://example.org/10.1145/3>", "https://example.org/2008",
        "```python\nn = 12\n```", "one plan or two plans", "a second look", "half-open spans", "the first of its kind",
        "per 10,000 characters", "for every `10000` characters", "per thousand characters", "每万字", "每1000字",
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_left_alone(prose):
    assert strict.typed_numbers(prose) == []


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ('Markdown(f"{share:.1%} of {plan}")', []),
        ('Markdown(f"36 % of {plan}")', ["36"]),
        ('Markdown(f"{0.36:.0%} of it")', ["0.36"]),
        ('display(Markdown("占" + "三成"))', ["三成"]),
        ('lp.concordance(corpus, "24小时自助图书馆")', []),
        ('print(table.loc["2021", "shares"])', []),
    ],
)
def test_a_number_typed_into_a_sentence_that_code_shows_is_seen(source, typed):
    assert strict.typed_in_code(strict.ast.parse(source)) == typed


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("%matplotlib inline", "not plain Python"),
        ("def share():\n    return 1", "defines a function"),
        ("rank = lambda row: row", "defines a function"),
        ("class Plan: pass", "defines a function"),
        ("table;", "has a ';'"),
        ("get_ipython().system('date')", "reaches for IPython"),
        ("   ", "is empty"),
    ],
)
def test_source_that_hides_or_defines_is_seen(source, fault):
    notebook = new_notebook(cells=[new_code_cell(source, execution_count=1, outputs=[new_output("stream", text="a")])])
    (said,) = strict.form_faults(notebook, ROOT / "notebooks")
    assert fault in said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<Corpus object at 0x7f3a5c0d2e50>", "memory address"),
        ("read /home/someone/data", "path of one machine"),
        (r"read C:\plans", "path of one machine"),
        ("10%\r20%", "overwrites its own output"),
        ("<p>省/市/县</p> and/or <https://example.org/home/x> 0x1F", None),
    ],
)
def test_outputs_that_differ_between_machines_are_seen(text, fault):
    output = new_output("stream", text=text)
    faults = strict.form_faults(new_notebook(cells=[new_code_cell("a", execution_count=1, outputs=[output])]), ROOT)
    assert fault is None and faults == [] or fault in faults[0]


def png(array):
    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.asarray(array, dtype="uint8")).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_pictures_may_differ_by_rounding_and_no_more():
    import numpy as np

    grey = np.full((40, 50), 128)
    dot, shade, tint = grey.copy(), grey.copy(), grey.copy()
    dot[3, 4] += strict.PIXEL + 1  # one pixel that an eye can see
    shade[3:5, 4:9] += strict.PIXEL  # a few pixels of an edge, drawn a little darker
    tint += 5  # the whole picture a little lighter
    assert strict.picture_difference(png(grey), png(grey)) == ""
    assert strict.picture_difference(png(grey), png(shade)) == ""
    assert "another picture" in strict.picture_difference(png(grey), png(dot))
    assert "another picture" in strict.picture_difference(png(grey), png(tint))
    assert "50 x 40 pixels, the run draws 50 x 39" in strict.picture_difference(png(grey), png(grey[1:]))
    assert "not a picture" in strict.picture_difference(png(grey), "bm90IGEgcGljdHVyZQ==")


def test_how_a_stream_is_cut_up_does_not_matter_but_its_place_does():
    a, b, table = new_output("stream", text="a"), new_output("stream", text="b"), new_output("display_data", {"x": "1"})
    assert strict.output_differences([new_output("stream", text="ab"), table], [a, b, table]) == []
    assert strict.output_differences([a, table, b], [a, b, table]) != []
    assert strict.output_differences([a, table], [new_output("stream", name="stderr", text="a"), table]) != []
