"""The tables: what is written comes back, and the data dictionary says what is true."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from libplans import tables

PROCESSED = Path(__file__).parent.parent / "data" / "processed"
STORED = [name for name in tables.TABLES if name != "register"]


def dictionary():
    found, name = {}, None
    for line in (PROCESSED / "README.md").read_text("utf-8").splitlines():
        if heading := re.match(r"## (\w+)\.csv", line):
            name = heading[1]
            found[name] = {}
        elif name and (row := re.match(r"\| (\w+) \| (\w+) \| \S", line)) and row[1] != "column":
            found[name][row[1]] = row[2]
    return found


def test_the_dictionary_names_every_table_column_and_type():
    documented = dictionary()
    assert sorted(documented) == sorted(STORED)
    for name in STORED:
        assert list(documented[name].items()) == list(tables.TABLES[name].items()), name


@pytest.mark.parametrize("name", STORED)
def test_the_stored_table_has_the_columns_of_the_dictionary(name):
    header = (PROCESSED / f"{name}.csv").read_text("utf-8").split("\n", 1)[0]
    assert header.split(",") == list(dictionary()[name])


@pytest.mark.parametrize("name", STORED)
def test_stored_values_are_those_that_the_dictionary_lists(name):
    text = (PROCESSED / "README.md").read_text("utf-8")
    table = tables.read(name, PROCESSED / f"{name}.csv")
    part = text.split(f"## {name}.csv")[1].split("\n## ")[0]
    for column, listed in re.findall(r"^\| (\w+) \| text \| ([^\n]*? \\\| [^\n]*?) \|$", part, re.MULTILINE):
        values = {re.sub(r"[`(].*", "", value).split(";")[0].strip() for value in listed.split("\\|")}
        if all(re.fullmatch(r"[\w-]+", value) for value in values):
            assert set(table[column]) - {""} <= values, column


def test_what_is_written_comes_back(tmp_path):
    rows = [
        {
            "plan": "a",
            "start": 0,
            "end": 9,
            "raw": "=1+1",
            "value_low": 1.5,
            "value_high": None,
            "indicator": '引号"逗号,换\n行',
        },
        {"plan": "a", "start": 3, "end": 4, "raw": "'@x", "value_low": 1.2e9, "value_high": 0.1},
    ]
    table = tables.frame("indicators", rows)
    tables.write(table, tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_text("utf-8")
    assert "'=1+1" in text and "nan" not in text.lower() and "\r" not in text and "<NA>" not in text
    assert tables.read("indicators", tmp_path / "t.csv").equals(table)


def test_an_empty_cell_alone_in_its_row_is_a_row(tmp_path):
    tables.write(pd.DataFrame({1: ["一", "", "二"]}), tmp_path / "t.csv")
    assert pd.read_csv(tmp_path / "t.csv", keep_default_na=False)["1"].tolist() == ["一", "", "二"]


def test_a_cell_may_hold_the_line_end_of_another_system(tmp_path):
    rows = [{"plan": "a", "raw": "一\r二"}, {"plan": "b", "raw": "三"}]
    table = tables.frame("indicators", rows)
    tables.write(table, tmp_path / "t.csv")
    assert [row[5] for row in csv.reader(open(tmp_path / "t.csv", encoding="utf-8", newline=""))] == [
        "raw",
        "一\r二",
        "三",
    ]
    assert tables.read("indicators", tmp_path / "t.csv").equals(table)


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("old")
    monkeypatch.setattr(tables.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(OSError, match="disk full.*t.csv"):
        tables.write_whole(tmp_path / "t.csv", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"] and (tmp_path / "t.csv").read_text() == "old"


def test_an_unknown_column_is_refused():
    with pytest.raises(KeyError, match="no column colour"):
        tables.frame("reuse", [{"target": "a", "colour": "red"}])
