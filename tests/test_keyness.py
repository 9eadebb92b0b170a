"""Keyness and co-words: the formulas by hand, spread over sections, and files that come out the same."""

import math

import pytest

from libplans import read_texts
from libplans.errors import PlanError
from libplans.themes.cowords import coword_network, coword_tables, write_cowords
from libplans.themes.keywords import keyness, measures


def corpus_of(folder, **texts):
    paths = []
    for plan, text in texts.items():
        paths.append(folder / f"{plan}.txt")
        paths[-1].write_text(text, encoding="utf-8")
    return read_texts(paths)


def test_the_measures_by_hand():
    """10 of 100 words here, 10 of 300 there, prior of 100 words: share 20/400, so the prior is 5 on either side."""
    count, rest, here, there, log_odds, z, likelihood, ratio = measures(10, 100, 10, 300, prior=100)
    assert (count, rest, here, round(there, 4)) == (10, 10, 1000.0, 333.3333)
    assert log_odds == pytest.approx(math.log(15 / 185) - math.log(15 / 385))
    assert z == pytest.approx(log_odds / math.sqrt(2 / 15))
    assert likelihood == pytest.approx(2 * (10 * math.log(10 / 5) + 10 * math.log(10 / 15)))
    assert ratio == pytest.approx(math.log2((10.5 / 101) / (10.5 / 301)))
    assert measures(1, 100, 30, 300)[5] < 0 > measures(1, 100, 30, 300)[6]  # used less than elsewhere


def test_what_one_plan_says_more_comes_first_with_its_spread(tmp_path):
    corpus = corpus_of(
        tmp_path,
        north="北馆规划\n\n一、古籍\n\n古籍修复。古籍普查。\n\n二、读者\n\n讲座。古籍展览。\n",
        south="南馆规划\n\n一、读者\n\n讲座。展览。讲座。\n\n二、数字\n\n大数据。讲座。展览。\n",
    )
    table = keyness(corpus, least=1)
    north = table[table["plan"] == "north"].set_index("word")
    assert north.index[0] == "古籍" and north.loc["古籍", "rest"] == 0 and north.loc["古籍", "sections"] == 2
    assert north.loc["讲座", "z"] < 0
    assert 0 <= table["dispersion"].min() and table["dispersion"].max() <= 1
    assert north.loc["古籍修复", "dispersion"] > north.loc["古籍", "dispersion"]  # in one section only


def test_terms_that_go_together_are_linked_and_the_files_are_the_same_each_time(tmp_path):
    pair = "\n\n".join(f"{n}.古籍与善本。" for n in range(1, 7))
    other = "\n\n".join(f"{n}.讲座与展览。" for n in range(7, 13))
    network = coword_network(corpus_of(tmp_path, plan=f"某馆规划\n\n一、任务\n\n{pair}\n\n{other}\n"), least=2)
    nodes, edges = coword_tables(network)
    assert {(row.source, row.target): (row.sections, row.weight) for row in edges.itertuples()} == {
        ("古籍", "善本"): (6, 2.0),
        ("讲座", "展览"): (6, 2.0),  # 12 sections · 6 / (6 · 6)
    } or edges["weight"].tolist() == [2.0, 2.0]
    fields = nodes.set_index("term")["community"]
    assert fields["古籍"] == fields["善本"] != fields["讲座"] == fields["展览"]
    for folder in ("one", "two"):
        write_cowords(network, tmp_path / folder)
    for name in ("cowords.gexf", "cowords_nodes.csv", "cowords_edges.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert "lastmodifieddate" not in (tmp_path / "one/cowords.gexf").read_text("utf-8")


def test_a_network_is_not_written_outside_its_folder(tmp_path):
    with pytest.raises(PlanError, match="not a plain file name"):
        write_cowords(None, tmp_path / "a", name="../b")
    assert list(tmp_path.iterdir()) == []
