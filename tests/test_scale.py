"""Many texts: matched in blocks, on any engine, again after one was added, and texts that are hostile."""

import os
import random
import shutil
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from test_reuse import Bare, naive_runs

from benchmarks.laws import law_texts, laws_like, other_version_first
from benchmarks.synthetic import Copy, detections_of, pan_measures, synthetic_plans
from libplans.corpus import Corpus, read_texts
from libplans.errors import PlanError
from libplans.reuse import find_reuse, measure_reuse, packs
from libplans.reuse.seeds import seed_positions, shared_groups
from libplans.reuse.texts import lay_out
from libplans.reuse.wide import bounds_pairs, family_limit, pairs_by_places
from libplans.runs import engines, evidence, folder_reuse
from libplans.runs.folder_reuse import write_reuse
from libplans.tables import read
from libplans.workers import threads_beside

STOCK = "我们要坚持公益性原则，把读者的需要放在各项工作的首位，不断提高服务的质量。"
OWN = "山前的老屋里住着一位会修钟表的先生，每逢集日便把铺子搬到桥头的槐树下面去。"
COPIED = "依托馆藏红色文献建立流动书屋，每季度向边远村屯配送新书并回收读者意见。"


class Silent:
    """Steps without a word."""

    class out:
        write = staticmethod(lambda text: None)

    def __call__(self, what, call, *args):
        return call(*args)

    def count(self, done, total):
        """Says nothing."""


def run(folder, out, **options):
    """The lines that `write_reuse` says; in this process, unless told otherwise."""
    return write_reuse([folder], out, step=Silent(), **{"processes": 1, **options})


def write_texts(folder, texts):
    """Text files in a folder; the folder."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def tables(out):
    """{file: bytes} of the tables in a folder."""
    return {path.name: path.read_bytes() for path in sorted(Path(out).iterdir()) if path.is_file()}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A folder of 24 synthetic plans, and the copies planted in them."""
    texts, copies = synthetic_plans(24, 2000, copies=2, stock=6, seed=5)
    return write_texts(tmp_path_factory.mktemp("scale") / "plans", texts), copies


@pytest.fixture(scope="module")
def fresh(planted, tmp_path_factory):
    """Tables of the 24 plans, from a run without a cache."""
    out = tmp_path_factory.mktemp("fresh")
    run(planted[0], out)
    return tables(out)


@pytest.fixture
def small_parts(monkeypatch):
    """Blocks, parts and ranges so small that 24 plans have many of each."""
    from libplans.reuse import blocks, matching

    monkeypatch.setattr(matching, "BLOCK", 7_000)
    monkeypatch.setattr(matching, "SEEDS", 9_000)
    monkeypatch.setattr(blocks, "BATCH", 50)
    monkeypatch.setattr(folder_reuse, "PACK_FILES", 3)


def test_blocks_find_what_is_found_in_memory(planted, fresh, tmp_path, small_parts):
    run(planted[0], tmp_path / "out")
    assert tables(tmp_path / "out") == fresh
    corpus = read_texts([planted[0]])
    in_memory = find_reuse(corpus)
    (tmp_path / "passages.csv").write_bytes(fresh["passages.csv"])
    stored = read("passages", tmp_path / "passages.csv")
    columns = [column for column in in_memory.columns if column != "identity"]
    assert stored[columns].to_dict("list") == in_memory[columns].to_dict("list")
    assert np.allclose(stored["identity"].astype(float), in_memory["identity"].astype(float))
    (tmp_path / "reuse.csv").write_bytes(fresh["reuse.csv"])
    shares = measure_reuse(corpus, in_memory).drop(columns="share").to_dict("list")
    assert read("reuse", tmp_path / "reuse.csv").drop(columns="share").to_dict("list") == shares


def test_planted_copies_are_found_in_blocks(planted, fresh, tmp_path):
    (tmp_path / "passages.csv").write_bytes(fresh["passages.csv"])
    found = pan_measures(planted[1], detections_of(read("passages", tmp_path / "passages.csv")))
    assert found["precision"] > 0.98 and found["recall"] > 0.97 and found["granularity"] < 1.02
    assert pan_measures([Copy("a", 0, 9, "b", 0, 9, 0)], [])["recall"] == 0


def test_an_added_text_gives_the_tables_of_a_fresh_run(planted, fresh, tmp_path, monkeypatch):
    folder = shutil.copytree(planted[0], tmp_path / "plans")
    late = (folder / "p00007.txt").rename(tmp_path / "late.txt")
    run(folder, tmp_path / "out")
    shutil.move(late, folder / "p00007.txt")
    assert "23 of 24 texts read before" in run(folder, tmp_path / "out")
    assert tables(tmp_path / "out") == fresh
    (folder / "p00003.txt").unlink()  # and one taken away again
    run(folder, tmp_path / "out")
    run(folder, tmp_path / "other")
    assert tables(tmp_path / "out") == tables(tmp_path / "other") != fresh


def test_files_with_the_same_bytes_are_texts_of_their_own(tmp_path):
    rng = random.Random(7)
    texts = {f"t{n:02d}": "".join(rng.choices([chr(c) for c in range(0x4E00, 0x5400)], k=200)) for n in range(20)}
    texts |= {"again": texts["t03"], "once more": texts["t03"]}
    run(write_texts(tmp_path / "texts", texts), tmp_path / "out")
    passages = read("passages", tmp_path / "out" / "passages.csv")
    assert sorted(zip(passages["target"], passages["source"], passages["matched"], strict=True)) == sorted(
        (one, other, 200)
        for one in ("again", "once more", "t03")
        for other in ("again", "once more", "t03")
        if one != other
    )


def test_pairs_of_plans_that_were_matched_before_are_not_matched_again(planted, tmp_path, monkeypatch):
    from libplans.reuse import blocks

    folder, rng = shutil.copytree(planted[0], tmp_path / "plans"), random.Random(3)
    own, lent = ("".join(rng.choices([chr(code) for code in range(0x5A00, 0x5F00)], k=k)) for k in (3000, 100))
    with open(folder / "p00003.txt", "a", encoding="utf-8") as text:
        text.write(lent)
    matched, passages_of = [], blocks.passages_of

    def noting(texts, matches, families, **options):
        pairs = [{*zip(part.a.tolist(), part.b.tolist(), strict=True)} for part in (matches, families[0])]
        matched.append(pairs[0] | pairs[1])
        return passages_of(texts, matches, families, **options)

    monkeypatch.setattr(blocks, "passages_of", noting)
    run(folder, tmp_path / "out")
    assert len(set.union(*matched)) > 200
    matched.clear()
    run(folder, tmp_path / "out")
    assert not set.union(*matched)  # nothing new
    (folder / "p00007a.txt").write_text(own + lent, encoding="utf-8")
    run(folder, tmp_path / "out")
    assert set.union(*matched) == {(3, 8)}
    run(folder, tmp_path / "other")
    assert tables(tmp_path / "out") == tables(tmp_path / "other")


def test_kinds_follow_what_has_become_a_formula_or_is_none_any_more(tmp_path):
    rng = random.Random(11)
    words = [chr(code) for code in range(0x4E00, 0x5400)]
    texts = {f"t{n:02d}": "".join(rng.choices(words, k=300)) + "。" for n in range(21)}
    for name in ("t03", "t05", "t08", "t13"):  # in a fifth of 20 texts, not of 21
        texts[name] += STOCK
    folder = write_texts(tmp_path / "texts", {name: text for name, text in texts.items() if name != "t00"})
    kinds = []
    for _ in range(2):
        run(folder, tmp_path / "out")
        found = read("passages", tmp_path / "out" / "passages.csv")
        kinds.append({*found["kind"]})
        (folder / "t00.txt").write_text(texts["t00"], encoding="utf-8")
    assert kinds == [{"formula"}, {"verbatim"}]
    run(folder, tmp_path / "other")
    assert tables(tmp_path / "out") == tables(tmp_path / "other")


@pytest.mark.parametrize("harm", ["cut", "flip", "gone", "index", "kept"])
def test_a_damaged_cache_is_made_anew(planted, fresh, tmp_path, harm):
    run(planted[0], tmp_path / "out")
    pack = sorted((tmp_path / "out" / ".cache").glob("*.pack"))[0]
    seeds = sorted((tmp_path / "out" / ".cache").glob("*.seeds"))[0]
    if harm == "index":
        (tmp_path / "out" / ".cache" / "index.json").write_text("{]")
    elif harm == "kept":
        kept = tmp_path / "out" / ".cache" / "pairs.kept"
        data = bytearray(kept.read_bytes())
        data[len(data) // 2] ^= 1
        kept.write_bytes(data)
    elif harm == "gone":
        pack.unlink()
    else:
        for path in (pack, seeds):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data[: len(data) // 2] if harm == "cut" else data)
    run(planted[0], tmp_path / "out")
    assert tables(tmp_path / "out") == fresh


def test_what_other_code_has_read_is_not_used(planted, tmp_path, monkeypatch):
    run(planted[0], tmp_path / "out")
    monkeypatch.setattr(packs, "code_key", lambda: "other")
    assert not any("read before" in line for line in run(planted[0], tmp_path / "out"))


def test_two_processes_give_the_same_bytes(planted, fresh, tmp_path):
    run(planted[0], tmp_path / "out", processes=2)
    assert tables(tmp_path / "out") == fresh


def test_wording_at_many_places_is_a_family_with_all_its_places(tmp_path):
    rng = random.Random(1)
    words = [chr(code) for code in range(0x4E00, 0x5400)]
    texts = {f"t{n:03d}": "".join(rng.choices(words, k=300)) + "。" + STOCK for n in range(90)}
    texts["t000"], texts["t001"] = OWN + texts["t000"], OWN + texts["t001"]
    said = run(write_texts(tmp_path / "texts", texts), tmp_path / "out")
    assert "1 wordings stand at many places: one pair a place, 89 in all, stands for their 4,005 pairs" in said[0]
    families = (tmp_path / "out" / "families.csv").read_text("utf-8").splitlines()
    assert families == [
        "family,text,plans,places,pairs,listed,wide,formula",
        f"1,{STOCK[:-1]},90,90,4005,89,1,1",
    ]
    places = (tmp_path / "out" / "family_places.csv").read_text("utf-8").splitlines()[1:]
    starts = [301 + (len(OWN) if n < 2 else 0) for n in range(90)]
    assert places == [f"1,t{n:03d},{start},{start + len(STOCK) - 1}" for n, start in enumerate(starts)]
    passages = read("passages", tmp_path / "out" / "passages.csv")
    pairs = passages[passages["target_text"] == OWN[:-1]]
    assert pairs[["target", "source", "kind"]].values.tolist() == [
        ["t000", "t001", "verbatim"],
        ["t001", "t000", "verbatim"],
    ]


def test_where_pairs_are_too_many_wording_at_fewer_places_is_a_family(tmp_path, monkeypatch):
    from libplans.reuse import matching, passages, wide

    for module in (matching, passages):
        monkeypatch.setattr(module, "SMALL", 0)  # texts of this size are paired whatever they share
    rng = random.Random(1)
    words = [chr(code) for code in range(0x4E00, 0x5400)]
    texts = {f"t{n:03d}": "".join(rng.choices(words, k=300)) for n in range(100)}
    for n in range(30, 42):
        texts[f"t{n:03d}"] += "。" + COPIED
    texts["t000"], texts["t001"] = OWN + texts["t000"], OWN + texts["t001"]
    folder, found = write_texts(tmp_path / "texts", texts), {}
    for most in (wide.PAIRS, 0):
        monkeypatch.setattr(wide, "PAIRS", most)
        monkeypatch.setattr(wide, "PAIRS_A_CHARACTER", 0)
        said = run(folder, tmp_path / f"{most}")
        found[most] = read("passages", tmp_path / f"{most}" / "passages.csv")
        in_memory = find_reuse(read_texts([folder]))
        columns = [column for column in in_memory.columns if column != "identity"]
        assert found[most][columns].to_dict("list") == in_memory[columns].to_dict("list")
        assert (found[most]["target_text"] == OWN[:-1]).sum() == 2
    assert [len(table) // 2 for table in found.values()] == [12 * 11 // 2 + 1, 11 + 1]
    assert said[0].startswith("wording at more than 8 places, not at more than 64, is a family here")
    families = (tmp_path / "0" / "families.csv").read_text("utf-8").splitlines()
    assert families[1:] == [f"1,{COPIED[:-1]},12,12,66,11,1,0"]
    places = (tmp_path / "0" / "family_places.csv").read_text("utf-8").splitlines()[1:]
    assert places == [f"1,t{n:03d},301,{301 + len(COPIED) - 1}" for n in range(30, 42)]
    reuse = read("reuse", tmp_path / "0" / "reuse.csv")
    anywhere = reuse[(reuse["source"] == "any") & (reuse["kind"] == "verbatim")]
    assert set(anywhere["target"]) == {"t000", "t001", *(f"t{n:03d}" for n in range(30, 42))}


def test_how_many_places_make_a_family_depends_on_the_pairs_that_a_corpus_has():
    pairs = [0] * 65
    pairs[10] = pairs[40] = 1_000_000
    assert family_limit(pairs, 5_000_000) == 64
    pairs[60] = 1_000_000  # more than 2.5 million with the others
    assert family_limit(pairs, 5_000_000) == 48
    assert family_limit(pairs, 20_000_000) == 64  # up to 0.15 of the characters
    pairs[10] = 10**8
    assert family_limit(pairs, 20_000_000) == 8


def test_pairs_are_counted_between_plans_alone():
    corpus = Bare({"a": "甲乙丙丁" * 3, "b": "戊己庚辛甲乙丙丁", "c": "子丑寅卯子丑寅卯"})
    texts = lay_out(corpus)
    groups = shared_groups(*seed_positions(texts, 4))
    found = pairs_by_places(texts, groups, np.zeros(len(groups.sizes), bool))
    assert found.nonzero()[0].tolist() == [4] and found[4] == 3  # 甲乙丙丁 three times in a, once in b
    assert bounds_pairs(texts, 64) is False  # among few plans nothing depends on it


def test_every_shared_run_outside_families_lies_in_a_passage():
    rng = np.random.default_rng(3)
    bricks = ["".join(chr(0x4E00 + c) for c in rng.integers(0, 25, rng.integers(5, 25))) for _ in range(30)]
    texts = {f"t{n:02d}": "".join(bricks[i] for i in rng.integers(0, 30, 12)) for n in range(12)}
    passages = find_reuse(Bare(texts), n=7, window=7)
    for one in ("t00", "t05", "t11"):
        for other in ("t03", "t07"):
            rows = passages[(passages["target"] == one) & (passages["source"] == other)]
            spans = rows[["target_start", "target_end", "source_start", "source_end"]].values.tolist()
            for i, j, size in naive_runs(texts[one], texts[other], 15):
                assert any(s <= i and i + size <= e and u <= j and j + size <= v for s, e, u, v in spans)


def test_of_laws_at_two_dates_the_other_date_ranks_first(tmp_path):
    laws = write_texts(tmp_path / "laws", law_texts(laws=90, seed=4, chars=1500))
    run(laws, tmp_path / "out")
    reuse = read("reuse", tmp_path / "out" / "reuse.csv")
    assert other_version_first(reuse) == (180, 180)


def test_evidence_of_a_text_that_changed_before_it_was_read_is_not_kept(tmp_path, monkeypatch):
    texts = {
        f"t{n:02d}": "".join(random.Random(n).choices([chr(c) for c in range(0x4E00, 0x5400)], k=300))
        for n in range(22)
    }
    texts |= {name: COPIED + texts[name] for name in ("t00", "t01")}
    folder = write_texts(tmp_path / "texts", texts)
    run(folder, tmp_path / "fresh")
    evidence_of = evidence.evidence_of

    def after_a_change(files, *others):
        (folder / "t00.txt").write_text(OWN + texts["t00"], encoding="utf-8")
        return evidence_of(files, *others)

    monkeypatch.setattr(evidence, "evidence_of", after_a_change)
    with pytest.raises(PlanError, match="t00.txt: changed while it was being worked on"):
        run(folder, tmp_path / "out")
    monkeypatch.setattr(evidence, "evidence_of", evidence_of)
    (folder / "t00.txt").write_text(texts["t00"], encoding="utf-8")
    run(folder, tmp_path / "out")
    assert tables(tmp_path / "out") == tables(tmp_path / "fresh")


def test_a_collection_like_real_laws_shares_wording_as_they_do():
    real = {"law": f"第一条　{STOCK}\n{OWN}\n", "other": f"{OWN}\n第二条　{COPIED}\n"}
    found = laws_like(real, chars=400, kept=0)
    assert sorted(found)[:3] == ["c0-law-0", "c0-other-0", "c1-law-0"] and found == laws_like(real, chars=400, kept=0)
    assert {name[3:-2]: found[name] for name in ("c0-law-0", "c0-other-0")} == real
    assert found["c1-law-0"] != real["law"] and found["c1-law-0"].startswith("第一条　")
    assert found["c1-law-0"].splitlines()[1] == found["c1-other-0"].splitlines()[0]  # shared within a copy
    assert set(laws_like(real, chars=400, kept=100).values()) == set(real.values())


def test_a_million_times_one_character_and_a_hundred_copies_of_one_text_end():
    passages = find_reuse(Bare({"a": "天" * 1_000_000, "b": "天" * 1_000_000 + COPIED, "c": COPIED}))
    assert passages["target_text"].map(len).max() == 1_000_000
    assert [len(text) for text in passages[passages["target"] == "c"]["target_text"]] == [len(COPIED)]
    rng = random.Random(2)
    text = "".join(chr(rng.randrange(0x4E00, 0x6000)) for _ in range(5_000))
    copies = find_reuse(Bare({f"t{n:03d}": text for n in range(100)}))
    assert len(copies) == 2 * 99 and set(copies["matched"]) == {5_000} and copies["family"].nunique() == 1


def test_a_passage_at_the_end_of_a_text_does_not_go_on_in_the_next(tmp_path):
    rng = random.Random(8)
    words = [chr(code) for code in range(0x4E00, 0x5400)]
    own = ["".join(rng.choices(words, k=400)) for _ in range(22)]
    texts = {f"t{n:02d}": f"国家图书馆{text}。" for n, text in enumerate(own)}
    for name in ("t03", "t09", "t21"):  # names open the text behind
        texts[name] = texts[name] + COPIED
    run(write_texts(tmp_path / "texts", texts), tmp_path / "out")
    found = read("passages", tmp_path / "out" / "passages.csv")
    found = found[found["target_text"].str.contains(COPIED[:-1])]
    assert len(found) == 6 and {*found["target_text"], *found["source_text"]} == {COPIED[:-1]}


def test_a_long_text_beside_others_is_matched_in_blocks_and_has_no_evidence(tmp_path, monkeypatch):
    texts, _ = synthetic_plans(5, 2000, copies=2, stock=4, seed=9)
    rng = random.Random(4)
    long = list("".join(texts.values()) * 10)
    for at in range(0, len(long), 20):
        long[at] = chr(rng.randrange(0x4E00, 0x5000))
    folder = write_texts(tmp_path / "texts", {**texts, "long": "".join(long)})
    monkeypatch.setattr(folder_reuse, "FEW_BYTES", 100_000)
    monkeypatch.setattr(folder_reuse, "LONG_TEXT", 50_000)
    said = run(folder, tmp_path / "out")
    assert any("without 1 texts of 50,000 characters or more" in line for line in said)
    assert any(line.startswith("6 texts of more than 0 MB in all: wording that four") for line in said)
    passages = read("passages", tmp_path / "out" / "passages.csv")
    for plan in texts:
        found = passages[(passages["target"] == "long") & (passages["source"] == plan)]
        assert sum(found["matched"]) > 6_000  # ten copies, every twentieth character another
    coded = {line.split(",")[0] for line in (tmp_path / "out" / "coding.csv").read_text("utf-8").splitlines()[1:]}
    assert coded <= set(texts) and "long" not in coded
    again = run(folder, tmp_path / "again", processes=2)
    assert again == [line.replace("/out", "/again") for line in said]
    assert tables(tmp_path / "again") == tables(tmp_path / "out")


def test_a_text_of_one_character_and_copies_of_one_text_beside_others_say_what_stands_for_what(tmp_path):
    rng = random.Random(6)
    words = [chr(code) for code in range(0x4E00, 0x5400)]
    own = {f"t{n:02d}": "".join(rng.choices(words, k=600)) for n in range(5)}
    texts = {**own, **{f"copy{n:02d}": own["t01"] for n in range(70)}, "one": "天" * 30_000}
    texts["t02"] += "天" * 40
    said = run(write_texts(tmp_path / "texts", texts), tmp_path / "out")
    assert "1 wordings stand at many places: one pair a place, 70 in all, stands for their 2,485 pairs" in said[0]
    passages = read("passages", tmp_path / "out" / "passages.csv")
    assert {*passages.loc[passages["target"] == "one", "source"]} <= {"t02"}
    assert (passages[passages["target"].str.startswith("copy")]["matched"] == 600).all()


def test_dask_on_this_machine_gives_the_same_bytes(planted, fresh, tmp_path):
    pytest.importorskip("distributed")
    run(planted[0], tmp_path / "out", engine="dask", processes=2)
    assert tables(tmp_path / "out") == fresh


def test_what_runs_beside_a_job_is_not_waited_for_where_it_is_broken_off():
    end = threading.Event()
    with pytest.raises(KeyboardInterrupt), threads_beside(1) as aside:
        waiting = aside.submit(end.wait)
        raise KeyboardInterrupt
    assert not waiting.done()
    end.set()
    assert waiting.result() is True


def test_dask_gives_the_same_bytes_and_survives_a_killed_worker(planted, fresh, tmp_path, small_parts):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.run(arm, str(tmp_path / "victim"))
        run(planted[0], tmp_path / "out", engine="dask", scheduler=cluster.scheduler_address)
        victim = int((tmp_path / "victim").read_text())
        assert victim != os.getpid() and victim not in client.run(os.getpid).values()
    assert tables(tmp_path / "out") == fresh


def arm(mark):
    """Has a worker end while it parts seeds, if it is the first of all."""
    from libplans.reuse import blocks

    part_seeds = blocks.scatter_seeds

    def end_or_part_seeds(*args):
        end_once(mark)
        return part_seeds(*args)

    blocks.scatter_seeds = end_or_part_seeds


def test_an_unknown_engine_scheduler_or_format_is_said_in_one_line(planted, tmp_path, monkeypatch):
    for options, message in (
        ({"engine": "spark"}, "--engine spark: not known; choose local or dask"),
        ({"form": "xls"}, "--format xls: not known; choose csv or parquet"),
        ({"scheduler": "tcp://nowhere:1"}, "--scheduler: only Dask has a scheduler; add --engine dask"),
    ):
        with pytest.raises(PlanError, match=message):
            run(planted[0], tmp_path / "out", **options)
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(PlanError, match=r"Dask is not installed; run: pip install 'libplans\[scale\]'"):
        run(planted[0], tmp_path / "out", engine="dask")
    assert not tables(tmp_path / "out")


def test_parquet_holds_the_same_tables(planted, fresh, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    run(planted[0], tmp_path / "out", form="parquet")
    table = parquet.read_table(tmp_path / "out" / "passages.parquet").to_pandas()
    (tmp_path / "passages.csv").write_bytes(fresh["passages.csv"])
    stored = read("passages", tmp_path / "passages.csv")
    assert table["target_text"].tolist() == stored["target_text"].tolist() and len(table) > 100
    assert not list((tmp_path / "out").glob("*.csv"))


def test_a_task_that_fails_is_raised_and_one_whose_process_ends_is_done_here(tmp_path):
    with engines.local(2) as engine:
        assert engine(divmod_here, [(n, 3) for n in range(9)]) == [divmod(n, 3) for n in range(9)]
        with pytest.raises(ZeroDivisionError):
            engine(divmod_here, [(1, 1), (1, 0)])
        assert engine(end_once, [(str(tmp_path / "mark"),)]) == ["done"]


def divmod_here(a, b):
    """divmod, as a function of a module."""
    return divmod(a, b)


def end_once(mark):
    """Ends the process that runs it, the first time, and leaves its number."""
    if not os.path.exists(mark):
        Path(mark).write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def test_a_text_that_changes_while_it_is_worked_on_is_said_and_nothing_is_written(planted, tmp_path, monkeypatch):
    for texts, name in ((3, "corpus.Corpus.check_files"), (24, "runs.folder_reuse._check_files")):
        folder, out = tmp_path / f"plans{texts}", tmp_path / f"out{texts}"
        folder.mkdir()
        for path in sorted(planted[0].iterdir())[:texts]:
            shutil.copy(path, folder)
        run(folder, out)
        before, changed = tables(out), folder / "p00001.txt"
        monkeypatch.setattr(f"libplans.{name}", changing(changed, name))
        with pytest.raises(PlanError, match="p00001.txt: changed while it was being worked on"):
            run(folder, out)
        assert tables(out) == before and not (out / ".unfinished").exists()


def changing(path, name):
    """The check of that name, after a file has changed."""
    check = folder_reuse._check_files if name.startswith("runs") else Corpus.check_files

    def changed(*args):
        path.write_text(path.read_text("utf-8") + COPIED, encoding="utf-8")
        return check(*args)

    return changed


@pytest.mark.parametrize("sizes", [[9], [3_000_000, 5, 5, 5], [5, 3_000_000, 5] * 4, [20_000] * 120, [1_900_000] * 30])
def test_every_pair_of_plans_is_matched_in_one_task(sizes):
    from libplans.reuse.matching import pair_ranges

    tasks = list(pair_ranges(sizes))
    for a in range(len(sizes)):
        for b in range(a + 1, len(sizes)):
            assert sum(first <= a < last and low <= b < high for first, last, low, high in tasks) == 1
