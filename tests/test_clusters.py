"""Clusters: groups that a reader sees are found, the same each time, copied text counts once."""

import numpy as np
import pytest
from figure_checks import faults
from sklearn.metrics import adjusted_rand_score

from libplans import read_texts
from libplans.errors import PlanError
from libplans.plots.coassignment import plot_coassignment
from libplans.themes.assign import assign_themes
from libplans.themes.clusters import (
    Clusters,
    chosen_place,
    cluster_agreement,
    cluster_sections,
    cluster_sweep,
    cluster_terms,
    cluster_texts,
    coded_clusters,
    coded_terms,
)
from libplans.themes.names import is_name
from libplans.themes.stability import pair_agreement

TOPICS = (
    ["古籍", "善本", "修复", "普查", "影印", "典籍", "脱酸", "书库"],
    ["讲座", "展览", "读者", "朗诵", "亲子阅读", "书香", "沙龙", "绘本"],
    ["大数据", "云平台", "智能", "网络", "物联网", "终端", "系统", "数据"],
)


def sentences(count=20):
    """Sentences of four words each from one of three topics."""
    chance = np.random.default_rng(7)
    texts, topics = [], []
    for number in range(3 * count):
        topics.append(number % 3)
        texts.append("、".join(chance.choice(TOPICS[number % 3], 4, replace=False)) + "。")
    return texts, topics


def test_plain_groups_are_found_and_named_by_their_words():
    texts, topics = sentences()
    found = cluster_texts(texts, k=3)
    assert adjusted_rand_score(topics, found.labels) > 0.95
    labels, terms = found
    for label, some in terms.items():
        topic = topics[labels.tolist().index(label)]
        assert set(some) <= set(TOPICS[topic])
    assert sorted(set(labels.tolist())) == [1, 2, 3] and found.weights.min() >= 0 and found.weights.max() <= 1


def test_same_texts_same_result_and_a_copy_shares_the_label():
    texts, _ = sentences()
    first, again = cluster_texts(texts, k=3), cluster_texts(texts, k=3)
    assert first.labels.tolist() == again.labels.tolist() and first.weights.tolist() == again.weights.tolist()
    copied = cluster_texts([*texts, *[texts[0].replace("、", "，")] * 30, "——"], k=3)
    assert set(copied.labels[60:90].tolist()) == {copied.labels[0]}
    assert copied.labels[90] == 0  # no word, no cluster
    assert adjusted_rand_score(first.labels, copied.labels[:60]) == 1  # thirty copies move nothing


def test_the_number_of_clusters_that_the_texts_have_agrees_best():
    texts, _ = sentences()
    sweep = cluster_sweep(texts, ks=(2, 3, 6)).set_index("k")
    assert sweep["ari_mean"].idxmax() == 3
    assert cluster_agreement(texts, k=3, pairs=3)["ari"].mean() > 0.9


def test_large_sets_are_sampled_and_the_rest_joins(monkeypatch):
    texts, topics = sentences(30)
    monkeypatch.setattr("libplans.themes.clusters.LARGEST", 45)
    found = cluster_texts(texts, k=3)
    assert (
        adjusted_rand_score(topics, found.labels) > 0.9 and len(found.drawn) == 45 and found.together.shape == (45, 45)
    )


def test_terms_by_hand():
    """Two clusters of 4 words, mean 4: 古籍 log(1+4/4)·2/4 = 0.35, 修复 log(1+4/2)·2/4 = 0.55,
    讲座 and 展览 log(1+4/1)·1/4 = 0.40."""
    words = [["古籍", "古籍", "修复", "修复"], ["古籍", "古籍", "讲座", "展览"]]
    assert cluster_terms(words, [1, 2], 3) == {1: ["修复", "古籍"], 2: ["展览", "讲座", "古籍"]}


def test_sections_are_clustered_with_their_place(tmp_path):
    texts, _ = sentences()
    body = "\n\n".join(f"{number}.{text}" for number, text in enumerate(texts, 1))
    (tmp_path / "plan.txt").write_text(f"某馆规划\n\n一、任务\n\n{body}\n", encoding="utf-8")
    corpus = read_texts([tmp_path / "plan.txt"])
    table, found = cluster_sections(corpus, k=3)
    assert list(table.columns) == ["plan", "section", "cluster", "cluster_weight"]
    assert len(table) == len(found.labels) and set(table["section"]) <= set(corpus.sections["section"])


def test_names_of_places_and_libraries_are_no_labels_unless_asked_for():
    """Each topic is said in one town, whose name would mark it best of all."""
    texts, _ = sentences()
    towns = ("吉林省", "沈阳市", "本馆")
    named = [f"{towns[place % 3]}、{text}" for place, text in enumerate(texts)]
    plain, asked = cluster_texts(named, k=3).terms, cluster_texts(named, k=3, names=True).terms
    assert not {word for words in plain.values() for word in words} & set(towns)
    assert {"吉林省", "沈阳市"} <= {word for words in asked.values() for word in words}


@pytest.mark.parametrize(
    "word", "吉林 吉林省 滕州市 滕州市图书馆 省图书馆 市政府 全省 我市 本馆 省内 国家图书馆 中国 哈尔滨".split()
)
def test_what_only_names_or_points_at_a_place_is_a_name(word):
    assert is_name(word)


@pytest.mark.parametrize(
    "word",
    "公共图书馆 图书馆 馆藏 省级 城市 市场 市民 普及 满意度 合作 基层图书馆 吉林文化 数字图书馆 文化馆 国家".split(),
)
def test_what_says_a_thing_is_no_name(word):
    assert not is_name(word)


def test_names_of_the_register_count_with_what_follows_them():
    assert not is_name("云岭") and is_name("云岭", {"云岭"}) and is_name("云岭镇图书馆", {"云岭镇"})
    assert not is_name("云岭绿水", {"云岭"})


def test_agreement_of_pairs_by_hand():
    """A method that always tells even from odd places agrees with itself; of 10 texts each draw takes 8."""
    found = pair_agreement(10, lambda chosen: [place % 2 for place in chosen], pairs=4)
    assert found["ari"].tolist() == [1.0] * 4 and set(found["texts"]) <= {6, 7, 8}


def test_stored_clusters_are_found_again_with_their_terms(tmp_path):
    texts, _ = sentences()
    body = "\n\n".join(f"{number}.{text}" for number, text in enumerate(texts, 1))
    (tmp_path / "plan.txt").write_text(f"某馆规划\n\n一、任务\n\n{body}\n", encoding="utf-8")
    corpus = read_texts([tmp_path / "plan.txt"])
    table, found = cluster_sections(corpus, k=3)
    themes = assign_themes(corpus, table)
    assert coded_terms(corpus, themes) == found.terms
    assert coded_clusters(corpus, themes).labels.tolist() == found.labels.tolist()
    assert found.tried[3].tolist() == found.labels[found.drawn].tolist()


def test_the_coassignment_picture_says_how_often_pairs_fell_together():
    """Three clean topics: pairs of one cluster nearly always, pairs of two never; the mean is that of the matrix."""
    texts, _ = sentences()
    found = cluster_texts(texts, k=3)
    data = plot_coassignment(found, lang="en").data.set_index(["cluster", "other"])["share"]
    assert len(data) == 6 and data[1, 2] == 0 and data[1, 1] > 0.9
    one = np.flatnonzero(found.labels[found.drawn] == 2)
    block = found.together[np.ix_(one, one)].astype(float)
    pairs = len(one) * (len(one) - 1)
    assert data[2, 2] == pytest.approx((block.sum() - np.trace(block)) / pairs, abs=1e-4)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["single", "double"])
def test_nothing_on_the_coassignment_picture_overlaps(lang, width):
    """Sixteen clusters, the last of them one section, on 80 and 165 mm."""
    labels = np.repeat(np.arange(1, 17), [max(12 - topic, 1) for topic in range(16)])
    together = (labels[:, None] == labels[None, :]).astype(np.float32)
    terms = {cluster: ["公共图书馆服务体系", "读者", "空间"] for cluster in range(1, 17)}
    found = Clusters(labels, terms, np.ones(len(labels)), 16, None, together, list(range(len(labels))), {})
    assert faults(plot_coassignment(found, lang=lang, width=width)) == []


def test_bad_numbers_are_refused():
    with pytest.raises(PlanError, match="k = 1"):
        cluster_texts(["古籍修复", "讲座展览"], k=1)
    with pytest.raises(PlanError, match="too few"):
        cluster_texts(["古籍修复", "讲座展览"], k=5)


def test_the_smallest_k_within_one_standard_error_of_the_best_is_taken(monkeypatch):
    """Nine runs, so an error is a third of the spread: 0.80 − 0.06 / 3 = 0.78 is enough, and 12 has just that."""
    monkeypatch.setattr("libplans.themes.clusters.RUNS", 9)
    assert chosen_place([(8, 0.70, 0.3), (12, 0.78, 0.01), (16, 0.80, 0.06), (20, 0.79, 0.01)]) == 1
    assert chosen_place([(8, 0.70, 0.3), (12, 0.7799, 0.01), (16, 0.80, 0.06), (20, 0.79, 0.01)]) == 2
    assert chosen_place([(8, 0.5, 0.0), (12, 0.5, 0.0)]) == 0


def test_the_sweep_goes_on_until_agreement_no_longer_rises(monkeypatch):
    """Three topics in 60 texts: 3 agrees best, 4 and 5 less, so 6 is not tried; named numbers are all tried."""
    texts, _ = sentences()
    monkeypatch.setattr("libplans.themes.clusters.KS", (2, 3, 4, 5, 6))
    assert cluster_sweep(texts)["k"].tolist() == [2, 3, 4, 5] and cluster_texts(texts).k == 3
    assert cluster_sweep(texts, ks=(3, 5, 6, 7))["k"].tolist() == [3, 5, 6, 7]
