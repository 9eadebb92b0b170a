"""The cache: what comes out of it is what went in, and nothing comes out that something else would have made."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import networkx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import libplans as lp
from libplans import tables
from libplans.corpus import Corpus
from libplans.runs import kernel
from libplans.runs.cache import EVERYTHING, FACETS, Cache, load_kept, open_cache
from libplans.runs.packing import Damaged, Unpackable, pack, packed_digest, unpack
from libplans.runs.sources import PACKAGE, Sources

# ---- packing --------------------------------------------------------------------------------------------------------

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_values_come_back_as_they_were_type_for_type(value):
    assert repr(unpack(pack(value))) == repr(value)


def test_tables_come_back_as_they_were():
    table = pd.DataFrame(
        {
            "text": pd.Series(["馆", "", "\ud800"], dtype=object),
            "str": pd.Series(["a", "b", "c"], dtype="str"),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "real": pd.array([0.1 + 0.2, None, -0.0], dtype="Float64"),
            "plain": [1.5, float("nan"), float("inf")],
            "mixed": pd.Series([pd.NA, 2.0, ("a", 1)], dtype=object),
            "yes": [True, False, True],
        }
    ).set_index(pd.Index([5, 3, 9], name="row"))
    back = unpack(pack(table))
    pd.testing.assert_frame_equal(back, table, check_exact=True)
    assert list(map(type, back["mixed"])) == list(map(type, table["mixed"]))
    assert pack(back) == pack(table) and packed_digest(pack(table)) != packed_digest(pack(table[::-1]))


def test_arrays_and_graphs_come_back_as_they_were():
    arrays = [np.arange(3, dtype=np.int32), np.zeros(0, np.int32)]
    back = unpack(pack({"a": arrays, 2: np.eye(2)}))
    assert [part.tolist() for part in back["a"]] == [[0, 1, 2], []] and back["a"][0].dtype == np.int32
    assert back[2].tolist() == [[1, 0], [0, 1]]
    graph = networkx.Graph([("b", "a", {"weight": 2})], name="g")
    back = unpack(pack(graph))
    assert list(back.nodes) == ["b", "a"] and back.edges["a", "b"] == {"weight": 2} and back.graph == {"name": "g"}


def test_arrays_are_packed_while_another_thread_loads_pandas(monkeypatch):
    value = {"places": np.arange(5), "text": "一" * 300, "none": [None, 1.5]}
    packed = pack(value)
    monkeypatch.setitem(sys.modules, "pandas", type(sys)("pandas"))  # half loaded: it has no names yet
    assert pack(value) == packed


@pytest.mark.parametrize("value", [object(), {1, 2}, np.float64(1), pd.Timestamp(0), [print]], ids=str)
def test_what_would_not_come_back_as_itself_is_refused(value):
    with pytest.raises(Unpackable):
        pack(value)


@given(st.data())
def test_a_single_changed_bit_is_noticed(data):
    packed = bytearray(pack({"a": ["text", 1], "b": np.arange(4)}))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Damaged):
        unpack(bytes(packed))


# ---- which code a step depends on -----------------------------------------------------------------------------------


@pytest.fixture
def toy(tmp_path):
    """A package: `one` imports `two` at the top and `deep.three` inside a function; `two` names a data file."""
    package = tmp_path / "toy"
    (package / "deep").mkdir(parents=True)
    (package / "data").mkdir()
    files = {
        "__init__.py": "",
        "one.py": "from .two import f\n\ndef g():\n    from .deep import three\n",
        "two.py": "NAME = 'data/units.csv'\n",
        "deep/__init__.py": "",
        "deep/three.py": "from importlib import import_module\nimport_module('.' + 'four')\n",
        "deep/four.py": "",
        "apart.py": "from . import one\n",
        "data/units.csv": "a",
        "data/nobody.csv": "a",
    }
    for name, content in files.items():
        (package / name).write_text(content, "utf-8")
    return package


def test_code_is_followed_through_imports_and_data_through_names(toy):
    files = Sources(toy).files
    assert files("two") == {"__init__.py", "two.py", "data/units.csv", "data/nobody.csv"}
    below = {"deep/__init__.py", "deep/three.py", "deep/four.py"}  # four: three imports by a name made at run time
    assert files("one") == files("two") | {"one.py"} | below
    assert files("apart") == files("one") | {"apart.py"}
    assert files("apart", stop=["one"]) == {"__init__.py", "apart.py", "one.py", "data/nobody.csv"}


@pytest.mark.parametrize("name", ["two.py", "deep/four.py", "data/units.csv", "data/nobody.csv"])
def test_a_change_of_what_is_used_changes_the_digest(toy, name):
    before = Sources(toy)
    digests = before.digest("one"), before.digest("")
    (toy / name).write_text("b = 1\n", "utf-8")
    assert not before.unchanged()
    now = Sources(toy)
    assert now.digest("one") != digests[0] and now.digest("") != digests[1]


def test_a_change_elsewhere_does_not(toy):
    before = Sources(toy).digest("one")
    (toy / "apart.py").write_text("", "utf-8")
    assert Sources(toy).digest("one") == before


OPENED = """
import json, os, sys
import libplans as lp
import numpy, pandas, scipy.sparse, sklearn.feature_extraction.text, sklearn.decomposition, jieba, rapidfuzz
from libplans.runs.sources import PACKAGE

PLANS = [os.path.join("data", "raw", name) for name in ("liaoning.txt", "tengzhou.txt")]
name, call = sys.argv[1:]
seen, on = set(), [False]

def note(event, arguments):
    if on[0] and event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        seen.add(os.path.abspath(arguments[0]))

sys.addaudithook(note)
on[0] = True
from importlib import import_module
module = import_module("libplans." + name)
corpus = lp.read_texts(PLANS) if name != "corpus" else None
module.read_texts(PLANS) if name == "corpus" else getattr(module, call)(corpus)
print(json.dumps(sorted(path for path in seen if path.startswith(str(PACKAGE)))))
"""


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("corpus", ""),
        ("reuse.passages", "find_reuse"),
        ("indicators.extract", "extract_indicators"),
        ("citations.find", "find_citations"),
    ],
)
def test_a_step_opens_no_file_of_the_package_that_its_key_does_not_cover(module, call):
    """Seen by an audit hook, imports among them; reading the texts, which comes first, may open what it covers."""
    root = PACKAGE.parent
    run = subprocess.run(
        [sys.executable, "-B", "-c", OPENED, module, call], cwd=root, capture_output=True, encoding="utf-8", check=True
    )
    opened = {os.path.relpath(path, PACKAGE).replace(os.sep, "/") for path in json.loads(run.stdout)}
    names = {name.replace("__pycache__/", "").split(".cpython")[0] for name in opened}
    names = {name if name in opened and "__pycache__" not in name else f"{name}.py" for name in names}
    covered = Sources().files(module, "corpus")
    assert {name for name in names if not name.startswith("__pycache__")} - covered == set() and len(names) > 3


# ---- steps ----------------------------------------------------------------------------------------------------------


class Noted(dict):
    """A row of the register that notes which columns are read."""

    def __init__(self, row, read):
        super().__init__(row)
        self.read = read

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("facet", [name for name in FACETS if name not in ("plan_ids", "roles")])
def test_a_facet_of_a_corpus_reads_no_column_that_it_does_not_declare(facet):
    """A corpus whose rows note what is read of them: `raw` must not look at the title, `aliases` not at the region."""
    corpus, read = lp.read_texts([PACKAGE.parent / "data" / "raw" / "liaoning.txt"]), set()
    for plan, facts in corpus._facts.items():
        object.__setattr__(facts, "row", Noted(facts.row, read))
        corpus._readings[plan].row = Noted(corpus._readings[plan].row, read)
    given = {"aliases": ["liaoning"], "issued": ["liaoning"], "stream": ["liaoning"], "text": ["liaoning", 0, 9]}
    given |= {"sentence_offsets": ["liaoning", 1], "rows": ["sections", "liaoning"], "names": []}
    value = getattr(corpus, facet)
    value(*given[facet]) if facet in given else len(value)
    assert read - {"plan"} <= set(FACETS[facet])


@pytest.fixture
def cache(tmp_path):
    return open_cache(tmp_path / "cache")


def corpus_of(tmp_path, title="甲", text="图书馆服务读者。\n"):
    (tmp_path / "one.txt").write_text(text, "utf-8")
    return _with(lp.read_texts([tmp_path / "one.txt"]), title=title)


def _with(corpus, **columns):
    for facts in corpus._facts.values():
        facts.row.update(columns)
    return corpus


@pytest.fixture
def kept(cache):
    """A step that counts the sentences, through the cache, and how often it was called."""
    calls = []

    def count(corpus):
        calls.append(1)
        return {"sentences": len(corpus.sentences)}

    count.__module__, count.__qualname__ = "libplans.corpus", "count"  # steps are functions of the package
    return lambda corpus: cache.keep(count, corpus), calls


def test_a_step_is_done_again_only_if_what_it_read_has_changed(tmp_path, kept):
    run, calls = kept
    assert run(corpus_of(tmp_path)) == run(corpus_of(tmp_path, title="乙")) == {"sentences": 1}
    assert len(calls) == 1  # it reads no title
    assert run(corpus_of(tmp_path, text="图书馆服务读者。借书。\n")) == {"sentences": 2} and len(calls) == 2


def test_what_a_corpus_may_tell_beyond_the_facets_counts_as_everything(tmp_path, cache):
    assert set(EVERYTHING) == {*tables.TABLES["register"], "texts"}
    assert "plans" not in FACETS and "__repr__" not in FACETS


def test_a_plan_read_from_the_cache_is_the_plan(cache):
    fresh = lp.load(PACKAGE.parent / "data")
    for corpus in (load_kept(PACKAGE.parent / "data", cache), load_kept(PACKAGE.parent / "data", cache)):
        for name in ("plans", "cleaning", "sections", "sentences"):
            pd.testing.assert_frame_equal(getattr(corpus, name), getattr(fresh, name))
        for plan in fresh.plan_ids:
            assert corpus.stream(plan).offsets.tolist() == fresh.stream(plan).offsets.tolist()
            assert corpus.raw[plan] == fresh.raw[plan]
    assert cache.hits == len(fresh)


def test_every_table_of_the_project_can_be_kept_and_comes_back_the_same(tmp_path):
    corpus = Corpus(lp.read_texts([PACKAGE.parent / "data" / "raw" / "liaoning.txt"])._readings.values())
    for name, table in lp.build_tables(corpus).items():
        pd.testing.assert_frame_equal(unpack(pack(table)), table, check_exact=True, obj=name)


def test_the_folder_is_private_and_never_another_users(tmp_path, capsys):
    cache = open_cache(tmp_path / "cache")
    assert os.name == "nt" or (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    assert isinstance(cache, Cache)
    (tmp_path / "link").symlink_to(tmp_path / "cache")
    (tmp_path / "file").write_text("", "utf-8")
    assert open_cache(tmp_path / "link") is open_cache(tmp_path / "file") is None
    assert capsys.readouterr().err.count("the run goes on without it") == 2


def test_old_entries_go_and_those_of_this_run_stay(cache):
    shutil.rmtree(cache.folder)
    for number in range(4):
        cache.write(f"{number:064d}", pack("x" * 1000))
        os.utime(cache._path(f"{number:064d}"), (number, number))
    cache.prune(since=2, spare=1200)
    assert [path.name[-1] for path in sorted(cache.folder.glob("??/*"))] == ["1", "2", "3"]
    cache.prune(since=4, spare=0)
    assert not list(cache.folder.glob("??/*"))


# ---- notebooks ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept_notebook(tmp_path_factory):
    """A notebook that reads a file and lists a folder, run once in a stage and kept: (cache, path, stage)."""
    root = tmp_path_factory.mktemp("project")
    stage, cache = root / "stage", open_cache(root / "cache")
    for name in ("data/raw/one.txt", "extra/x.txt", "notebooks/beside.csv"):
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).write_text(name, "utf-8")
    source = "import os\n\nprint(open('../extra/x.txt').read(), os.listdir('../extra'))"
    path = stage / "notebooks" / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), path)
    kernel.keep_notebook(cache, path, stage, root, "data", path)
    assert "extra/x.txt ['x.txt']" in path.read_text("utf-8")
    return cache, path, stage


@pytest.mark.parametrize(
    ("changed", "run"),
    [
        ("", 0),
        ("extra/x.txt", 1),
        ("extra/new.txt", 1),
        ("data/raw/one.txt", 1),
        ("data/new.csv", 1),
        ("notebooks/new.csv", 1),
        ("elsewhere/new.txt", 0),
    ],
)
def test_a_notebook_is_run_again_if_a_file_that_it_may_have_read_has_changed(kept_notebook, monkeypatch, changed, run):
    cache, path, stage = kept_notebook
    runs, target, shown = [], stage / (changed or "extra/x.txt"), path.read_bytes()
    before = target.read_bytes() if target.exists() else None
    monkeypatch.setattr(
        kernel, "run_notebook", lambda path, shown, watch, project: runs.append(watch.write_bytes(b"x os.system\0"))
    )
    target.parent.mkdir(exist_ok=True)
    if changed:
        target.write_text("other", "utf-8")
    path.write_bytes(shown.replace(b"['x.txt']", b"[lost]"))  # outputs do not count, and come back
    kernel.keep_notebook(cache, path, stage, stage.parent, "data", path)
    assert len(runs) == run and (run or path.read_bytes() == shown)
    path.write_bytes(shown)
    target.write_bytes(before) if before is not None else target.unlink()
    kernel.keep_notebook(cache, path, stage, stage.parent, "data", path)
    assert len(runs) == run  # a notebook that starts a program was not kept in its stead


def test_a_notebook_with_another_cell_is_run_again(kept_notebook, monkeypatch):
    cache, path, stage = kept_notebook
    shown, runs = path.read_bytes(), []
    monkeypatch.setattr(kernel, "run_notebook", lambda path, shown, watch, project: runs.append(watch.write_bytes(b"")))
    path.write_bytes(shown.replace(b"import os", b"import os, sys"))
    kernel.keep_notebook(cache, path, stage, stage.parent, "data", path)
    path.write_bytes(shown)
    assert len(runs) == 1
