"""Do figures look alike whatever the user has set, show every character, and come out as the same bytes each time?"""

import base64
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from libplans.errors import PlanError
from libplans.plots.style import (
    FAMILIES,
    FONT_FILE,
    PlanFigure,
    covered,
    digest,
    digest_table,
    finish,
    new_figure,
    render,
    save_figure,
    showable,
    style,
)

ROOT = Path(__file__).resolve().parent.parent


def small_figure(label="黑龙江省图书馆 → 吉林", lang="zh"):
    with style():
        figure = new_figure("trial", lang, "single", 40)
        axes = figure.subplots()
        axes.barh([label, "b"], [2, 1])
        return finish(figure, pd.DataFrame({"plan": ["jl", "nlc"], "share": [0.25, 2]}))


def run_python(code, **environment):
    """What `code` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---------------------------------------------------------------- the font


def test_the_font_is_truetype_with_gb2312_and_every_character_of_the_plans():
    from fontTools.ttLib import TTFont

    font = TTFont(FONT_FILE)
    assert "glyf" in font and "CFF " not in font and font["name"].getDebugName(1) == FAMILIES[0]
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert (FONT_FILE.parent / "OFL.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE Version 1.1") == 1
    has = set(font.getBestCmap())
    gb2312 = {
        bytes([row, cell]).decode("gb2312")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA) or row > 0xD7
    }
    assert len(gb2312) == 6763 and {ord(character) for character in gb2312} <= has
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "raw").glob("*.txt")))
    missing = {character for character in texts if ord(character) not in has and not character.isspace()}
    assert missing <= {"⁵"} and all(ord(character) in covered() for character in missing)


def test_signs_of_the_figures_are_in_the_bundled_font():
    from fontTools.ttLib import TTFont

    has = set(TTFont(FONT_FILE).getBestCmap())
    assert [sign for sign in "→←↑↓≥≤×±–—“”‘’…·①⑳−《》（）、％%" if ord(sign) not in has] == []


def test_a_character_without_a_glyph_is_shown_by_its_number_and_said(caplog):
    with caplog.at_level(logging.WARNING, logger="libplans"):
        assert showable("图书\ue123馆𪚥") == "图书U+E123馆U+2A6A5"
    assert "U+E123, U+2A6A5" in caplog.text
    assert showable("表\t格\u202e\u200b\n行\x00") == "表 格\n行 "


def test_no_box_stands_on_a_figure_for_a_missing_character(recwarn):
    figure = small_figure("滕州\ue123市图书馆")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    render(figure, "png", 72)
    assert "滕州U+E123市图书馆" in labels
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_a_dollar_sign_in_a_title_is_not_mathematics():
    assert render(small_figure("$a_{$ 与 $100"), "svg").startswith(b"<?xml")


# ---------------------------------------------------------------- the style leaves no trace


def test_importing_and_drawing_change_no_setting_and_open_no_window():
    code = """
import sys
import libplans.plots.style, libplans.plots.catalogue
assert 'matplotlib.pyplot' not in sys.modules
import matplotlib
before = dict(matplotlib.rcParams)
import figure_tables
from libplans.plots.catalogue import draw
tables = dict(zip(('reuse', 'plans'), figure_tables.all_tables(3)['reuse_matrix']))
draw('reuse_matrix', None, tables)
import matplotlib.pyplot as plt
backends = ('backend', 'backend_fallback')
changed = [name for name in before if name not in backends and before[name] != matplotlib.rcParams[name]]
print(changed, plt.get_fignums())
"""
    assert run_python(code, PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'tests'}").strip() == "[] []"


def test_libplans_itself_loads_no_matplotlib():
    assert run_python("import sys, libplans; print('matplotlib' in sys.modules)").strip() == "False"


def test_a_figure_is_the_same_whatever_the_user_has_set():
    import matplotlib
    import seaborn

    expected = small_figure().image()
    with matplotlib.rc_context():
        seaborn.set_theme(font_scale=2)
        matplotlib.rcParams.update({"savefig.bbox": "tight", "font.size": 30, "axes.grid": True, "pdf.fonttype": 3})
        assert small_figure().image() == expected
        assert matplotlib.rcParams["font.size"] == 30


# ---------------------------------------------------------------- in a notebook


def test_a_notebook_shows_a_figure_once_with_its_digest_as_text_whatever_the_inline_backend_does():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.pylabtools import select_figure_formats
    from IPython.utils.capture import capture_output

    figure = small_figure()
    shell = InteractiveShell.instance()
    try:
        select_figure_formats(shell, {"png", "svg"})  # what %matplotlib inline does to every Figure
        with capture_output() as captured:
            left_over, _ = shell.display_formatter.format(figure)
    finally:
        InteractiveShell.clear_instance()
    (shown,) = captured.outputs
    assert left_over == {} and set(shown.data) == {"image/png", "text/plain"}
    assert base64.b64decode(shown.data["image/png"]) == figure.image() and shown.data["text/plain"] == figure.digest


def test_a_figure_shown_twice_or_saved_in_between_has_the_same_bytes(tmp_path):
    figure = small_figure()
    first = figure.image()
    save_figure(figure, "between", tmp_path)
    assert figure.image() == first and b"Software" not in first


def test_a_figure_says_its_name_language_and_size():
    assert repr(small_figure(lang="en")) == "<PlanFigure trial (en), 80 × 40 mm>"


def test_a_digest_is_a_head_line_the_columns_and_the_rows():
    table = pd.DataFrame(
        {"plan": ["吉林", ""], "share": [0.123456789, 2.0], "chars": pd.array([7, None], dtype="Int64")}
    )
    head, *rest = digest_table(table, "shares").split("\n")
    assert head.startswith("shares · 2 rows · ") and rest == ["plan | share | chars", "吉林 | 0.123457 | 7", "| 2 |"]
    assert digest_table(table, "shares", rows=1).split("\n")[-1] == "… 1 more rows"
    changed = table.assign(share=[0.123456789, 2.1])
    assert digest_table(changed, "shares", rows=0).split("\n")[0] != head


def test_any_other_figure_has_a_digest_of_its_axes():
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], [2, 0.5])
    axes.set_xlabel("year")
    assert digest(figure) == "figure · 1 axes\naxes 1 | year\nline: (0, 2), (1, 0.5)"


# ---------------------------------------------------------------- saving


def test_saving_writes_three_formats_and_a_card_with_caption_data_and_digest(tmp_path):
    figure = small_figure()
    figure.name = "reuse_matrix"
    paths = save_figure(figure, "matrix_zh", tmp_path)
    assert [path.name for path in paths] == ["matrix_zh.pdf", "matrix_zh.svg", "matrix_zh.png", "matrix_zh.json"]
    card = json.loads(paths[-1].read_text(encoding="utf-8"))
    assert set(card["caption"]) == set(card["source"]) == {"zh", "en"} and card["notebook"] == "02_text_reuse"
    assert card["data"] == {"columns": ["plan", "share"], "rows": [["jl", "0.25"], ["nlc", "2"]]}
    assert card["digest"][0].startswith("trial · 2 rows") and (card["width_mm"], card["height_mm"]) == (80.0, 40.0)
    assert list(card) == sorted(card)


def test_pdf_text_is_embedded_truetype_that_can_be_searched(tmp_path):
    pdf = save_figure(small_figure(), "trial", tmp_path, "pdf")[0].read_bytes()
    assert b"/FontFile2" in pdf and b"/Type3" not in pdf and b"/ToUnicode" in pdf and b"LibplansSansSC" in pdf
    assert b"CreationDate" not in pdf and b"Producer" not in pdf


def test_png_has_the_resolution_asked_for(tmp_path):
    from PIL import Image

    for dpi in (300, 600):
        with Image.open(save_figure(small_figure(), "trial", tmp_path, "png", dpi=dpi)[0]) as picture:
            assert picture.size == (int(80 / 25.4 * dpi), int(40 / 25.4 * dpi))


def test_the_same_bytes_in_another_process_time_zone_and_hash_order(tmp_path):
    code = """
import sys, hashlib
sys.path.insert(0, 'tests')
from test_style import small_figure
from libplans.plots.style import save_figure
print([hashlib.sha256(path.read_bytes()).hexdigest() for path in save_figure(small_figure(), 'trial', sys.argv[1])])
""".replace("sys.argv[1]", repr(str(tmp_path)))
    one = run_python(code, PYTHONHASHSEED="1", TZ="UTC", OMP_NUM_THREADS="1", LC_ALL="C")
    two = run_python(code, PYTHONHASHSEED="2", TZ="Asia/Shanghai", OMP_NUM_THREADS="2", SOURCE_DATE_EPOCH="1000000000")
    assert one == two


def test_a_researchers_own_figure_gets_the_house_fonts(tmp_path, recwarn):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 2))
    axes = figure.subplots()
    axes.bar(["吉林", "龙\ue001江"], [1, 2])
    axes.set_title("各馆比较")
    pdf = save_figure(figure, "own", tmp_path, about={"caption": {"zh": "自绘", "en": "own"}})[0].read_bytes()
    assert b"LibplansSansSC" in pdf and not [w for w in recwarn if "Glyph" in str(w.message)]
    card = json.loads((tmp_path / "own.json").read_text(encoding="utf-8"))
    assert card["caption"]["zh"] == "自绘" and any(line.startswith("bar: ") for line in card["digest"])


@pytest.mark.parametrize("name", ["", "a/b", "../up", "a.b", "a b"])
def test_a_name_that_is_not_a_plain_file_name_is_refused(name, tmp_path):
    with pytest.raises(PlanError, match="name"):
        save_figure(small_figure(), name, tmp_path)


def test_unknown_formats_languages_and_widths_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(PlanError, match="'bmp' is unknown; use pdf, svg, png"):
        save_figure(small_figure(), "trial", tmp_path, ("pdf", "bmp"))
    with pytest.raises(PlanError, match="'fr' is not a language"):
        new_figure("trial", "fr")
    with pytest.raises(PlanError, match="'wide' is unknown"):
        new_figure("trial", "zh", "wide")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_when_a_format_fails(tmp_path, monkeypatch):
    import libplans.plots.style as module

    whole = module.render
    monkeypatch.setattr(
        module, "render", lambda figure, format, dpi: whole(figure, format, dpi) if format != "png" else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        save_figure(small_figure(), "trial", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_plan_figure_is_a_matplotlib_figure():
    from matplotlib.figure import Figure

    assert issubclass(PlanFigure, Figure)
