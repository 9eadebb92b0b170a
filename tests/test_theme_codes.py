"""Codes by hand: written out, filled in, read back, and used by all that depends on themes."""

import pandas as pd
import pytest

from libplans import PlanError, agreement, assign_themes, read_texts, theme_emphasis
from libplans.themes.codes import read_codes, theme_sheet

PLAN = """某馆规划

一、加强古籍保护

完成古籍普查。

二、建设智慧图书馆

部署云平台。

三、推进总分馆制

完善分馆布局。
"""


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "city.txt").write_text(PLAN, encoding="utf-8")
    return read_texts([tmp_path / "city.txt"])


def filled(corpus, path, **codes):
    """A sheet written to `path` with `codes` (title -> theme) in coder_2, as a researcher would save it."""
    theme_sheet(corpus, assign_themes(corpus), path=path)
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False)
    for title, theme in codes.items():
        row = sheet.index[sheet["evidence"].str.contains(title)][-1]
        sheet.loc[row, ["coder_2", "second_theme"]] = [*theme.split("+"), ""][:2]
    sheet.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_the_sheet_shows_each_section_with_its_text_and_its_automatic_code(corpus, tmp_path):
    sheet = theme_sheet(corpus, assign_themes(corpus))
    row = sheet[sheet["evidence"].str.contains("智慧")].iloc[-1]
    assert row["coder_1"] == "smart" and row["coder_2"] == row["second_theme"] == ""
    assert row["evidence"] == "二、 建设智慧图书馆 ← 部署云平台。"
    assert "heritage" in row["codes"].split("|") and len(row["codes"].split("|")) == 16
    assert set(theme_sheet(corpus, assign_themes(corpus), blind=True)["coder_1"]) == {""}
    path = filled(corpus, tmp_path / "sheet.csv", 古籍="heritage", 总分馆="sector")
    assert agreement(path).set_index("statistic").loc["raw agreement", "value"] == 0.5


def test_codes_by_hand_take_the_place_of_the_automatic_ones(corpus, tmp_path):
    codes = read_codes(filled(corpus, tmp_path / "sheet.csv", 古籍="local", 智慧="知识与咨询服务+smart"), corpus)
    assert codes.values.tolist() == [["city", 2, "local", ""], ["city", 3, "knowledge", "smart"]]
    themes, before = assign_themes(corpus, codes=codes), assign_themes(corpus)
    assert themes["theme"].tolist() == ["frame", "local", "knowledge", "services"]
    assert themes["second_theme"].tolist()[2] == "smart"
    assert themes["weight"].isna().tolist() == [False, True, True, False]
    assert themes.iloc[3].equals(before.iloc[3])
    room = theme_emphasis(corpus, themes).set_index("theme")["chars"]
    assert room["local"] == len("完成古籍普查") and room["heritage"] == 0


def test_a_data_folder_keeps_them_in_codes(corpus, tmp_path):
    assert read_codes(tmp_path, corpus).empty
    assert assign_themes(corpus, codes=read_codes(tmp_path, corpus)).equals(assign_themes(corpus))
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "themes.csv").write_text("plan,section,theme\ncity,2,tourism\ncity,3,\n", encoding="utf-8")
    assert read_codes(tmp_path, corpus).values.tolist() == [["city", 2, "tourism", ""]]


def test_the_last_coder_is_taken_unless_another_is_named(corpus, tmp_path):
    path = tmp_path / "three.csv"
    path.write_text("plan,section,coder_1,coder_2,coder_3\ncity,2,heritage,local,reading\n", encoding="utf-8")
    assert read_codes(path, corpus)["theme"].tolist() == ["reading"]
    assert read_codes(path, corpus, coder="coder_2")["theme"].tolist() == ["local"]
    with pytest.raises(PlanError, match="line 1: no column coder_9"):
        read_codes(path, corpus, coder="coder_9")


@pytest.mark.parametrize(
    "row, message",
    [
        ("town,2,,reading", "line 2: no plan is called 'town'; the plans are city"),
        ("city,99,,reading", "line 2: city has no section 99"),
        ("city,,7,reading", "line 2: no section of city starts at 7"),
        ("city,,,reading", "line 2: neither start nor section"),
        ("city,two,,reading", "line 2: section 'two' is no whole number"),
        ("city,2,,readng", "line 2: theme 'readng' is unknown; did you mean reading"),
        ("city,2,,猫", "line 2: theme '猫' is unknown; one of party"),
        ("city,2,,reading\ncity,2,,party", "line 3: section 2 of city has another code in line 2"),
        ("city,2,,reading,x,y", "line 2: not 4 cells"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(corpus, tmp_path, row, message):
    path = tmp_path / "codes.csv"
    path.write_text(f"plan,section,start,theme\n{row}\n", encoding="utf-8")
    with pytest.raises(PlanError, match=message) as caught:
        read_codes(path, corpus)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_what_is_no_sheet_is_refused(corpus, tmp_path):
    with pytest.raises(PlanError, match="No such file"):
        read_codes(tmp_path / "none.csv", corpus)
    (tmp_path / "gbk.csv").write_bytes("plan,section,theme\ncity,2,古籍".encode("gbk"))
    with pytest.raises(PlanError, match="not UTF-8"):
        read_codes(tmp_path / "gbk.csv", corpus)
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    with pytest.raises(PlanError, match="no column plan"):
        read_codes(tmp_path / "empty.csv", corpus)


def test_the_place_in_the_text_decides_when_the_outline_has_moved(corpus, tmp_path):
    path = tmp_path / "codes.csv"
    start = int(corpus.sections.set_index("section").loc[3, "start"])
    path.write_text(f"plan,section,start,theme\ncity,2.0,{start}.0,local\n", encoding="utf-8")
    assert read_codes(path, corpus)["section"].tolist() == [3]
