"""Strict verification of the notebooks in this folder: `pytest --nbval --nbval-current-env`, its holes closed.

nbval runs every code cell again and compares. By itself it lets pass: cells that were never run, tags and comments that
exempt a cell, pictures, the order of outputs, text before a carriage return, and all prose. Here every notebook is
collected as a `StrictNotebook`: one item `form` (what can be seen without running it), then one item per code cell.
A copy of this folder takes the strictness with it; docs/verification.md tells the rules to a reader.
"""

import ast
import base64
import copy
import html
import io
import os
import re
import tempfile
import tokenize
import unicodedata
from importlib import metadata
from pathlib import Path

import pytest
from nbformat.v4 import output_from_msg
from nbval import plugin

# ---- numbers typed into prose ---------------------------------------------------------------------------------------

_FENCE = re.compile(r"^(```+|~~~+) *[A-Za-z].*?^(?:```+|~~~+) *$", re.M | re.S)  # fenced code that names its language
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_NAME = re.compile(r"(19|20)\d\d|\d\d_[\w./]+|[./~$#-]*[A-Za-z_].*", re.S)  # a year, a notebook, a piece of code
_TARGET = re.compile(r"(?<=\])\([^()\s]*\)|<https?://[^>\s]*>|https?://[^\s)>\]]+")
_RATE = re.compile(r"(?:\b(?:per|every) |每 ?)(?:`?10[0,]*`?(?![\d.])|(?:ten |hundred )?thousand|[百千万]+)")  # a unit
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」")  # the name of a document, a slogan

_HAN = "〇零一二两三四五六七八九十百千万亿"
_HAN_PART = re.compile(
    rf"百分之[{_HAN}点]+|[{_HAN}]+分之[{_HAN}]+|[{_HAN}半]+[成倍](?![立为果长不了功品])|一半|半数|[过大近]半"
)
_HAN_COUNT = re.compile(rf"(?<![第{_HAN}])([{_HAN}]+)[多余几]?[个项条章节份部字句段处次人种家所册件篇页类组对张幅行列]")
_PART = re.compile(r"\b(?:half|thirds?|quarters?|fifths?|tenths?)\s+of\b|\btwice as\b", re.I)
_COUNT = re.compile(
    r"\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundreds?|thousands?|millions?|dozens?)\b(?:[\s-]+\w+){0,2}?[\s-]+(?:plans?|librar(?:y|ies)|provinces?"
    r"|cities|documents?|sections?|chapters?|sentences?|passages?|characters?|words?|indicators?|targets?|themes?|topics?"
    r"|clusters?|citations?|formulae|pairs?|pages?|times|per ?cent)\b",
    re.I,
)


def typed_numbers(prose):
    """The numbers typed into Markdown text: digits of any script, and quantities in Chinese or English words.

    Free are fenced code that names its language, targets of links, code spans that hold a name, code or a year (a bare
    number in backticks is not free), and the unit of a rate (per 10,000, 每万字). Words are a quantity when they name
    a part (三成, 百分之十, 一半, half of) or, from three up, count a thing (三项, five plans); ordinals (第三章) and
    names in 《》 or “” are not.
    """
    text = _RATE.sub(" ", _FENCE.sub(" ", prose))
    text = _SPAN.sub(lambda span: " " if _NAME.fullmatch(span[2].strip()) else span[2], text)
    text = html.unescape(_TARGET.sub(" ", text))
    digits = "".join(char if unicodedata.category(char)[0] == "N" and char != "〇" else " " for char in text).split()
    parts = [match[0] for rule in (_HAN_PART, _PART) for match in rule.finditer(text)]
    unquoted = _QUOTED.sub(" ", text)
    counts = [match[0] for match in _HAN_COUNT.finditer(unquoted) if match[1] not in "一二两"]
    return [*digits, *parts, *counts, *(match[0] for match in _COUNT.finditer(unquoted))]


def typed_in_code(tree):
    """The numbers typed into sentences that a cell shows: in f-strings, and in strings handed to Markdown, print …"""
    found = []
    formats = {id(node.format_spec) for node in ast.walk(tree) if isinstance(node, ast.FormattedValue)}
    for node in ast.walk(tree):
        if id(node) in formats:  # .1% in {share:.1%} is an f-string too
            continue
        shows = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in _SHOWING
        if isinstance(node, ast.JoinedStr) or shows:
            found += [number for literal in _literals(node) for number in typed_numbers(literal)]
        if isinstance(node, ast.FormattedValue) and not _names(node.value):  # {0.36:.1%} computes nothing
            found.append(ast.unparse(node.value))
    return list(dict.fromkeys(found))


_SHOWING = {"Markdown", "HTML", "Latex", "print", "display"}


def _names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _literals(node):
    if isinstance(node, ast.Constant):
        yield from [node.value] if isinstance(node.value, str) else []
    elif not isinstance(node, (ast.FormattedValue, ast.Subscript)):
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


# ---- the form of a notebook -----------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_PATH = re.compile(r"(?<![\w/:.<])/(?:home|Users|root|tmp|private|usr|var|opt|mnt|etc|srv)/|\b[A-Za-z]:\\\w")
_EXEMPTING = {"skip-execution", *plugin.metadata_tags}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def form_faults(nb, folder):
    """What is wrong with a notebook before it is run: one line each, with the cell (counted from 1, prose included)."""
    faults, counts, outputs = [], [], 0
    for place, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "code":
            counts.append(cell.execution_count)
            outputs += len(cell.outputs)
            found = [*_source_faults(cell), *_output_faults(cell, folder)]
        elif cell.cell_type == "markdown":
            found = _prose_faults(cell)
        else:
            found = [f"is a {cell.cell_type} cell; use code or markdown"]
        faults += [f"cell {place} {fault}" for fault in found]
    if counts != list(range(1, len(counts) + 1)):
        faults.append(f"the cells were not run once each, from top to bottom: {counts}; run the notebook again, whole")
    if not outputs:
        faults.append("no cell has an output; run the notebook and store what it shows")
    return faults


def _prose_faults(cell):
    typed = typed_numbers(cell.source)
    if typed:
        yield f"has a number typed into its text: {', '.join(typed)}; compute it (or put a name in backticks)"
    if cell.get("attachments") or re.search(r"!\[|<img|data:image", cell.source):
        yield "holds a picture that no code has drawn; draw it in a code cell"


def _source_faults(cell):
    tags = {str(tag).lower().replace("_", "-") for tag in cell.metadata.get("tags") or []}
    if tags & _EXEMPTING:
        yield f"is exempted by a tag: {', '.join(sorted(tags & _EXEMPTING))}; take the tag off"
    if re.search("nbval_|pytest_validate", cell.source, re.I):
        yield "is exempted by a comment; take it out"
    if not cell.source.strip():
        yield "is empty; take it out"
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        yield f"is not plain Python (line {error.lineno}); no magics, no shell"
        return
    if any(isinstance(node, _DEFINITIONS) for node in ast.walk(tree)):
        yield "defines a function or class; put it into the package"
    if "get_ipython" in _names(tree):
        yield "reaches for IPython itself; use plain Python"
    tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
    if any(token.exact_type == tokenize.SEMI for token in tokens):
        yield "has a ';', which hides what a line shows; take it out"
    typed = typed_in_code(tree)
    if typed:
        yield f"shows a sentence with a number typed into it: {', '.join(typed)}; compute it"


def _output_faults(cell, folder):
    for output in cell.outputs:
        data = {mime: value for mime, value in output.get("data", {}).items() if mime != "image/png"}
        text = "\n".join([*map(str, data.values()), output.get("text", "")])
        if output.output_type == "error" or output.get("name") == "stderr":
            yield f"has stored an error or a warning: {(output.get('evalue') or text).strip()[:100]!r}; mend its cause"
        if output.get("execution_count", cell.execution_count) != cell.execution_count:
            yield f"holds the result of run {output.execution_count}; run the notebook again, whole"
        if "\r" in text or "\b" in text:
            yield "overwrites its own output (a progress bar?); show the end only"
        home = [place for place in (str(folder.parent), str(Path.home())) if len(place) > 1 and place in text]
        for found in [*_ADDRESS.findall(text), *_PATH.findall(text), *home]:
            yield f"shows a memory address or a path of one machine: {found!r}; show a name"


# ---- stored outputs against the run ---------------------------------------------------------------------------------

#: of 255 levels, the most that a pixel, and the mean of all, may differ: processors round differently, a digit is more
PIXEL, MEAN = 24, 0.5
_DRAWING = ("matplotlib", "numpy", "pandas", "scikit-learn", "seaborn", "networkx", "pillow")


def off_lock():
    """What draws the pictures in another version than requirements.txt pins (then pictures cannot be compared)."""
    pins = Path(__file__).resolve().parent.parent / "requirements.txt"
    if not pins.exists():
        return []
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", pins.read_text(encoding="utf-8"), re.M))
    have = {name: metadata.version(name) for name in _DRAWING if name in locked}
    return [f"{name} {version} (pinned: {locked[name]})" for name, version in have.items() if version != locked[name]]


def output_differences(stored, run, compare_pictures=True):
    """Every difference between the stored outputs of a cell and those of its run, a text each: kind, order, content."""
    stored, run = _joined(stored), _joined(run)
    if len(stored) != len(run):
        return [f"{len(stored)} outputs are stored ({_kinds(stored)}), the run gives {len(run)} ({_kinds(run)})"]
    differences = []
    for place, (left, right) in enumerate(zip(map(_parts, stored), map(_parts, run), strict=True), 1):
        if left.keys() != right.keys():
            differences.append(f"output {place}: stored as {', '.join(left)}; the run gives {', '.join(right)}")
            continue
        for kind in left:
            if kind == "image/png":
                difference = picture_difference(left[kind], right[kind]) if compare_pictures else ""
            else:
                difference = "" if left[kind] == right[kind] else _first_difference(str(left[kind]), str(right[kind]))
            differences += [f"output {place}, {kind}: {difference}"] if difference else []
    return differences


def picture_difference(stored, run):
    """How two PNGs (base64) differ to the eye; "" when they show the same."""
    import numpy as np
    from PIL import Image

    try:
        pictures = [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA") for data in (stored, run)]
    except (ValueError, OSError) as error:
        return f"not a picture: {error}"
    (wide, high), (wide_run, high_run) = (picture.size for picture in pictures)
    if (wide, high) != (wide_run, high_run):
        return f"the stored picture is {wide} x {high} pixels, the run draws {wide_run} x {high_run}"
    apart = np.abs(np.subtract(*(np.asarray(picture, dtype=np.int16) for picture in pictures)))
    if apart.max() > PIXEL or apart.mean() > MEAN:
        return f"another picture: {(apart.max(axis=2) > 0).mean():.2%} of its pixels differ, by up to {apart.max()}/255"
    return ""


def _joined(outputs):
    """Neighbouring pieces of one stream as one: how a stream is cut up depends on the clock."""
    whole = []
    for output in copy.deepcopy(outputs):
        if whole and output.output_type == "stream" == whole[-1].output_type and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def _parts(output):
    if output.output_type == "stream":
        return {output.name: output.text}
    return {"output_type": output.output_type, **output.get("data", {})}


def _kinds(outputs):
    return ", ".join("/".join(_parts(output)) for output in outputs) or "none"


def _first_difference(stored, run):
    at = len(os.path.commonprefix([stored, run]))
    left, right = (text[max(0, at - 60) : at + 60] for text in (stored, run))
    return f"from character {at} on\n    stored: …{left!r}…\n    run:    …{right!r}…"


# ---- pytest ---------------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Every notebook that nbval would collect is collected strictly instead."""
    collectors = yield
    return [
        StrictNotebook.from_parent(parent, path=file_path) if isinstance(collector, plugin.IPyNbFile) else collector
        for collector in collectors
    ]


def pytest_terminal_summary(terminalreporter):
    """Say it when pictures could not be compared."""
    if off_lock():
        terminalreporter.write_line(f"WARNING: pictures in notebooks were NOT compared: {'; '.join(off_lock())}")


class StrictNotebook(plugin.IPyNbFile):
    """A notebook: an item for its form, then one for each code cell. The first cell that runs starts the kernel."""

    def collect(self):
        cells = list(super().collect())
        yield NotebookForm.from_parent(self, name="form")
        for cell in cells:
            yield StrictCell.from_parent(self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options={})

    def setup(self):
        """Nothing yet: `form` needs no kernel."""

    def start(self):
        """Start the kernel in the folder of the notebook, away from the user's own settings of IPython."""
        if self.kernel is not None:
            return
        self.messages = []
        self.profile = tempfile.TemporaryDirectory(prefix="ipython-", ignore_cleanup_errors=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IPYTHONDIR", self.profile.name)
            patch.delenv("MPLBACKEND", raising=False)
            super().setup()

    def teardown(self):
        super().teardown()
        if self.kernel is not None:
            self.profile.cleanup()

    def get_sanitize_files(self):
        """None: nothing is rubbed out before it is compared."""
        return []

    def get_kernel_message(self, timeout=None, stream="iopub"):
        """nbval's own, and kept: its list of outputs has lost their order."""
        message = super().get_kernel_message(timeout=timeout, stream=stream)
        self.messages.append(message)
        return message


class NotebookForm(pytest.Item):
    """What can be said of a notebook without running it."""

    def runtest(self):
        faults = form_faults(self.parent.nb, self.path.parent.resolve())
        if faults:
            pytest.fail("\n".join([f"{self.path.name}:", *faults]), pytrace=False)

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}::form"


class StrictCell(plugin.IPyNbCell):
    """A code cell: it is run, and what it shows must be what is stored, all of it, in the same order."""

    def setup(self):
        self.options = {"skip": False, "check": True, "check_exception": False}  # whatever tags and comments say
        self.parent.start()

    def runtest(self):
        self.stored = copy.deepcopy(self.cell.outputs)  # nbval changes them when it compares
        self.parent.messages.clear()
        super().runtest()
        if self.cell.execution_count is None:
            self.raise_cell_error("This cell was never run")

    def compare_outputs(self, test, ref, skip_compare=None):
        """Whether the run showed what is stored; nbval's lists (test, ref) have lost their order and are left aside."""
        messages = self.parent.messages
        run_id = next(m["parent_header"].get("msg_id") for m in messages if m["msg_type"] == "execute_input")
        shown = [m for m in messages if m["parent_header"].get("msg_id") == run_id]
        rewrites = [m["msg_type"] for m in shown if m["msg_type"] in ("clear_output", "update_display_data")]
        run = [output_from_msg(m) for m in shown if m["msg_type"] in ("stream", "display_data", "execute_result")]
        self.comparison_traceback = [f"the cell takes back what it has shown: {kind}" for kind in rewrites]
        self.comparison_traceback += output_differences(self.stored, run, compare_pictures=not off_lock())
        return not self.comparison_traceback
