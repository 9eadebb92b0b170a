"""Glosses beside Chinese wording."""

import pandas as pd
import pytest

import libplans as lp


def test_a_gloss_stands_after_its_wording_and_is_empty_where_unknown():
    table = pd.DataFrame(
        {"plan": ["a", "a", "b"], "text": ["国图", "某个没有人用的词", "公共图书馆"], "count": [1, 2, 3]}
    )
    found = lp.gloss(table, "text")
    assert found.columns.tolist() == ["plan", "text", "gloss", "count"]
    assert found["gloss"].tolist() == ["short name of the National Library of China", "", "public library"]
    assert found.drop(columns="gloss").equals(table) and "gloss" not in table.columns


def test_every_wording_has_one_gloss():
    rows = pd.read_csv(lp.__path__[0] + "/data/glosses.csv", keep_default_na=False)
    assert rows["text"].is_unique and (rows["gloss"].str.len() > 2).all() and len(rows) > 60


def test_a_column_that_is_not_there_or_glosses_that_are_are_refused():
    table = pd.DataFrame({"text": ["国图"]})
    with pytest.raises(lp.PlanError, match="'texts'.*this one has text"):
        lp.gloss(table, "texts")
    with pytest.raises(lp.PlanError, match="without glosses"):
        lp.gloss(lp.gloss(table, "text"), "text")
