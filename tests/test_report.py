"""The whole job: what is stored is what the code gives, and a notebook is stored the same way each time."""

import json
from pathlib import Path

import nbformat
import pytest

import libplans as lp
from libplans import tables
from libplans.runs.kernel import notebook_bytes, run_notebook
from libplans.runs.progress import Progress
from libplans.runs.report import data_folder

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built():
    return lp.build_tables(lp.load(ROOT / "data"))


@pytest.mark.parametrize("name", [name for name in tables.TABLES if name != "register"])
def test_the_stored_table_is_what_the_code_gives(built, name, tmp_path):
    tables.write(built[name], tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == (ROOT / "data" / "processed" / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_stored_notebook_is_stored_as_run_notebook_stores_it(path):
    assert notebook_bytes(nbformat.read(path, as_version=4)) == path.read_bytes()


def notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python", "version": "3.99"}})


def test_nothing_of_the_machine_is_stored_with_a_notebook(tmp_path):
    path = tmp_path / "one.ipynb"
    nbformat.write(notebook("print('一')\nprint('二')", "1 + 1"), path)
    run_notebook(path)
    stored = json.loads(path.read_text("utf-8"))
    assert [cell["execution_count"] for cell in stored["cells"]] == [1, 2]
    assert stored["cells"][0]["outputs"][0]["text"] == ["一\n", "二\n"]
    assert [cell["id"] for cell in stored["cells"]] == ["cell-01", "cell-02"]
    assert [cell["metadata"] for cell in stored["cells"]] == [{}, {}] and "version" not in stored["metadata"][
        "language_info"
    ]
    before = path.read_bytes()
    run_notebook(path)
    assert path.read_bytes() == before


def test_a_cell_that_fails_leaves_the_notebook_as_it_was(tmp_path):
    path = tmp_path / "bad.ipynb"
    nbformat.write(notebook("raise RuntimeError('nothing there')"), path)
    before = path.read_bytes()
    with pytest.raises(lp.PlanError, match="bad.ipynb: a cell failed: RuntimeError: nothing there") as error:
        run_notebook(path)
    assert path.read_bytes() == before and "\n" not in str(error.value)


def test_the_data_folder_is_found_from_the_project_too():
    assert data_folder(ROOT).resolve() == data_folder(ROOT / "data").resolve() == (ROOT / "data").resolve()


def test_progress_names_the_step_and_gives_back_its_result(capsys):
    assert Progress()("counting", len, "abc") == 3
    assert capsys.readouterr().err.startswith("counting … ")


def test_a_long_step_says_how_far_it_is(tmp_path, capsys):
    for number in range(40):
        (tmp_path / f"plan{number}.txt").write_text(f"图书馆规划第{number}份。\n", "utf-8")
    step = Progress()
    assert len(step("reading", lp.read_texts, tmp_path, step.count)) == 40
    told = capsys.readouterr().err
    assert told.startswith("reading … 5% 10% ") and "100% " in told and told.count("%") == 20


def test_progress_ends_its_line_where_a_step_fails(capsys):
    with pytest.raises(TypeError):
        Progress()("counting", len, 3)
    assert capsys.readouterr().err == "counting … stopped\n"


def test_importing_the_package_loads_no_heavy_library():
    import subprocess
    import sys

    code = "import sys, libplans; print(*{'pandas', 'numpy', 'matplotlib', 'sklearn', 'jieba', 'networkx'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""


def test_every_public_name_is_there_and_documented():
    for name in lp.__all__:
        assert getattr(lp, name).__doc__, name
