"""`libplans add`: what it takes, what it refuses, and that it leaves the project whole at every moment."""

import hashlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from make_documents import docx, numbering, paragraph, pdf

import libplans as lp
from libplans.cli import main
from libplans.reading.adding import add_document, with_row
from libplans.tables import TABLES

ROOT = Path(__file__).parent.parent
TEXT = "甲市图书馆“十四五”规划\n一、任务\n每年举办讲座10场，坚持公益性，保障公民的基本文化权益，提升服务效能。\n"
OLD = "一、旧事\n图书馆是公共文化设施。\n"
WORD = docx(paragraph("任务", 0) + paragraph("每年举办讲座10场。"), numbering=numbering(("chineseCounting", "%1、")))


@pytest.fixture
def data(tmp_path):
    """A project with one small plan."""
    raw = tmp_path / "project" / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "old.txt").write_text(OLD, "utf-8")
    row = {
        **dict.fromkeys(TABLES["register"], ""),
        "plan": "old",
        "title": "旧规划",
        "level": "city",
        "role": "plan",
        "file": "old.txt",
        "sha256": hashlib.sha256(OLD.encode()).hexdigest(),
    }
    (raw / "plans.csv").write_bytes(with_row((",".join(TABLES["register"]) + "\n").encode(), row))
    return raw.parent


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def add(data, file, *more, plan="new", title="新规划"):
    return main(
        [
            "add",
            str(file),
            "--plan",
            plan,
            "--title",
            title,
            "--issuer",
            "新馆",
            "--level",
            "city",
            "--data",
            str(data),
            *more,
        ]
    )


def test_a_dry_run_shows_the_report_and_changes_nothing(data, tmp_path, capsys):
    (tmp_path / "a.docx").write_bytes(WORD)
    before = files(tmp_path)
    assert add(data, tmp_path / "a.docx", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "new: " in said and "doubtful: nothing" in said and "nothing was changed" in said
    assert files(tmp_path) == before


def test_the_report_comes_before_anything_is_registered(data, tmp_path, capsys):
    (tmp_path / "a.txt").write_text(TEXT.replace("。", "“。"), "utf-8")
    assert add(data, tmp_path / "a.txt") == 0
    said = capsys.readouterr().out
    assert said.index("unbalanced_marks 1") < said.index("added new")


@pytest.mark.parametrize(
    "codec, name", [("utf-8", "new.txt"), ("gb18030", "new.gb18030.txt"), ("utf-16-le", "new.utf-16-le.txt")]
)
def test_the_encoding_stands_in_the_name_of_the_stored_file_and_the_bytes_stay(data, tmp_path, codec, name):
    (tmp_path / "新 规划.txt").write_bytes(TEXT.encode(codec))
    assert add(data, tmp_path / "新 规划.txt") == 0
    assert (data / "raw" / name).read_bytes() == TEXT.encode(codec)
    assert lp.load(data).raw["new"] == TEXT


def test_a_short_text_needs_its_encoding_named_once(data, tmp_path, capsys):
    (tmp_path / "a.txt").write_bytes("一、任务\n办讲座。\n".encode("gb18030"))
    assert add(data, tmp_path / "a.txt") == 1 and "--encoding" in capsys.readouterr().err
    assert add(data, tmp_path / "a.txt", "--encoding", "GBK") == 0
    assert lp.load(data).raw["new"] == "一、任务\n办讲座。\n"


def test_what_stands_in_the_register_stays_as_it_is(data, tmp_path):
    register = data / "raw" / "plans.csv"
    lines = register.read_bytes().decode().splitlines()
    register.write_bytes(("\ufeff" + lines[0] + ",note\r\n" + lines[1] + ",本馆\r\n").encode())
    before = register.read_bytes()
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert add(data, tmp_path / "a.txt", title='新,"规划"\n第二行\u202e') == 0
    assert register.read_bytes().startswith(before) and register.read_bytes().endswith(b"\r\n")
    assert lp.load(data).plans["title"].iloc[-1] == '新,"规划" 第二行'


def test_the_first_document_of_an_empty_register_can_be_added(data, tmp_path):
    (data / "raw" / "plans.csv").write_text(",".join(TABLES["register"]), "utf-8")
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert add(data, tmp_path / "a.txt") == 0
    assert lp.load(data).plan_ids == ["new"]


def test_a_reference_is_read_as_any_plan_and_known_as_a_reference(data, tmp_path):
    (tmp_path / "law.txt").write_text(
        "中华人民共和国公共图书馆法\n第一章　总则\n第一条　为了促进公共图书馆事业发展，制定本法。\n", "utf-8"
    )
    assert add(data, tmp_path / "law.txt", "--role", "reference", plan="law") == 0
    corpus = lp.load(data)
    assert corpus.roles == {"old": "plan", "law": "reference"}
    assert list(corpus.sections.query("plan == 'law'")["kind"]) == ["title", "第一章", "第一条"]


@pytest.mark.parametrize(
    "case, says",
    [
        (dict(plan="old"), "taken"),
        (dict(plan="../x"), "an id has"),
        (dict(plan="a" * 41), "an id has"),
        (dict(title=" \n"), "title is empty"),
        (dict(level="state"), "level 'state'"),
        (dict(role="target"), "role 'target'"),
        (dict(issued="2021-13"), "issued"),
        (dict(title="\udcff"), "not valid UTF-8"),
        (dict(encoding="klingon"), "unknown encoding"),
        (dict(encoding="big5"), "not big5"),
        (dict(file="none.txt"), "no such file"),
        (dict(file="."), "a folder"),
        (dict(file="a\0b"), "no such file|not a file"),
        (dict(file="old.doc"), "save it as .docx"),
        (dict(file="a.xlsx"), "not a format"),
        (dict(file="same.txt"), "already as plan 'old'"),
        (dict(file="/dev/null"), "not a file"),
    ],
)
def test_what_cannot_be_registered_is_refused_in_one_line_and_leaves_no_trace(data, tmp_path, monkeypatch, case, says):
    monkeypatch.chdir(tmp_path)
    for name, content in (("a.txt", TEXT), ("old.doc", "x"), ("a.xlsx", "x"), ("same.txt", OLD)):
        (tmp_path / name).write_text(content, "utf-8")
    before = files(tmp_path)
    call = {"file": "a.txt", "plan": "new", "title": "新", "issuer": "馆", "level": "city", "data": data, **case}
    with pytest.raises(lp.PlanError, match=says) as error:
        add_document(**call)
    assert "\n" not in str(error.value) and files(tmp_path) == before


def test_a_file_that_is_in_the_way_is_not_written_over(data, tmp_path):
    (data / "raw" / "new.txt").write_text("别的文件", "utf-8")
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with pytest.raises(lp.PlanError, match="in the way"):
        add_document(tmp_path / "a.txt", "new", "新", "馆", "city", data=data)
    assert (data / "raw" / "new.txt").read_text("utf-8") == "别的文件"


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from libplans.reading import adding
left = int(sys.argv[1])
def counted(call):
    def step(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return step
candidate = adding.read_document({file!r}, "new", "新", "馆", "city", data={data!r})
for name in ("replace", "fsync", "chmod", "mkdir"):
    setattr(os, name, counted(getattr(os, name)))
adding.register_document(candidate)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_killed_at_any_step_the_project_is_as_before_or_has_the_plan_whole(data, tmp_path):
    (tmp_path / "a.docx").write_bytes(WORD)
    before = files(data)
    script = KILLED.format(root=str(ROOT), file=str(tmp_path / "a.docx"), data=str(data))
    outcomes = []
    for step in range(40):
        done = subprocess.run([sys.executable, "-c", script, str(step)], capture_output=True, text=True)
        corpus = lp.load(data)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        outcomes.append(corpus.plan_ids)
        if corpus.plan_ids == ["old"]:
            now = files(data)
            assert {name: now[name] for name in before} == before
        else:
            assert "讲座" in corpus.raw["new"]
        if done.returncode == 0:
            break
    assert done.returncode == 0 and outcomes[-1] == ["old", "new"]
    assert len(outcomes) >= 10 and outcomes[0] == ["old"]
    assert sorted(outcomes, key=len) == outcomes  # never back again
    assert not list((data / "raw").glob(".adding-*"))


def mangled(seed):
    """A document damaged in a way that the seed decides: (bytes, name)."""
    rnd = random.Random(seed)
    base = rnd.choice(
        [
            TEXT.encode(),
            TEXT.encode("gb18030"),
            TEXT.encode("utf-16"),
            WORD,
            pdf([(90, 700, 14, TEXT[:20])]),
            f"<html><body><p>{TEXT}</p></body></html>".encode(),
            b"",
        ]
    )
    data = bytearray(base or rnd.randbytes(rnd.choice([0, 1, 300])))
    for _ in range(rnd.choice([1, 2, 8])):
        at = rnd.randrange(len(data) + 1)
        what = rnd.randrange(6)
        if what == 0:
            data = data[:at]
        elif what == 1:
            data = data[at:]
        elif what == 2:
            data[at:at] = rnd.choice(
                [b"\0" * 99, b"\xed\xa0\x80", "\u202e\u2066".encode(), rnd.randbytes(50), b"<div>" * 300]
            )
        elif what == 3 and data:
            for _ in range(20):
                data[rnd.randrange(len(data))] = rnd.randrange(256)
        elif what == 4:
            data[at:at] = data[at : at + 400] * 3
        else:
            del data[at : at + rnd.choice([1, 60])]
    names = ["a", "名 前", "x\ny", "..a", "q'\"", "\u202eb"]
    return bytes(data), rnd.choice(names) + rnd.choice(
        [".txt", ".md", ".html", ".docx", ".pdf", ".docx", ".pdf", ".doc", ""]
    )


@pytest.mark.parametrize("block", range(6))
def test_a_mangled_file_is_read_or_refused_in_one_line_and_never_written(data, tmp_path, capsys, block):
    before = files(data)
    (tmp_path / "in").mkdir()
    for seed in range(block * 25, block * 25 + 25):
        content, name = mangled(seed)
        path = tmp_path / "in" / name
        path.write_bytes(content)
        status = add(data, path, "--dry-run")
        said = capsys.readouterr()
        assert status in (0, 1) and "Traceback" not in said.err
        assert status == 0 or len(said.err.strip().splitlines()) == 1, (seed, said.err)
        path.unlink()
    assert files(data) == before and os.listdir(tmp_path / "in") == []


def test_fifty_megabytes_of_one_line_are_refused_at_once(data, tmp_path, capsys):
    (tmp_path / "a.txt").write_bytes("图".encode() * 17_000_000)
    assert add(data, tmp_path / "a.txt") == 1
    assert "split the document" in capsys.readouterr().err
    (tmp_path / "a.txt").write_text("馆\n" * 100_001, "utf-8")
    assert add(data, tmp_path / "a.txt") == 1
    assert "100,001 lines" in capsys.readouterr().err


def test_a_full_disk_leaves_all_as_before_and_names_the_file(data, tmp_path):
    """A limit on the size of files stands for the full disk: writing fails in the middle of the document."""
    pytest.importorskip("resource")
    (tmp_path / "a.txt").write_text(TEXT * 3000, "utf-8")
    before = files(data)
    folders = sorted(path for path in data.rglob("*"))
    call = ["add", str(tmp_path / "a.txt"), "--plan", "new", "--title", "新", "--issuer", "馆", "--level", "city"]
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    script = f"{limit}; from libplans.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", script, *call, "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "new.txt" in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert files(data) == before and sorted(path for path in data.rglob("*")) == folders


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "@甲", "-1规划", "'+甲", "'甲", "甲"])
def test_no_title_is_a_formula_in_the_register_and_every_one_comes_back(data, tmp_path, title):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    add_document(tmp_path / "a.txt", "new", title, "馆", "city", data=data)
    cell = (data / "raw" / "plans.csv").read_text("utf-8").splitlines()[-1].split(",")[1]
    assert cell[0] not in "=+-@" and lp.load(data).plans["title"].iloc[-1] == title


def test_a_title_of_a_page_is_refused(data, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with pytest.raises(lp.PlanError, match="title: 3,000 characters"):
        add_document(tmp_path / "a.txt", "new", "长" * 3000, "馆", "city", data=data)


def test_two_documents_that_were_read_at_once_are_both_registered_with_their_texts(data, tmp_path):
    from libplans.reading.adding import read_document, register_document

    waiting = []
    for plan in ("one", "two"):
        path = tmp_path / f"{plan}.docx"
        path.write_bytes(docx(paragraph(f"{plan}举办讲座十场。")))
        waiting.append(read_document(path, plan, plan, "馆", "city", data=data))
    for candidate in waiting:
        register_document(candidate)
    stored = (data / "processed" / "text" / "texts.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in stored] == ["text", "one.txt", "two.txt"]


def test_a_register_that_is_no_table_is_refused_with_its_name(data):
    (data / "raw" / "plans.csv").write_text(",".join(TABLES["register"]) + "\n" + "x" * 200_000, "utf-8")
    with pytest.raises(lp.PlanError, match="plans.csv: not a table"):
        lp.load(data)
