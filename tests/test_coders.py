"""Agreement: worked by hand on small tables, beside a naive re-computation of alpha."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libplans.coders import agreement, coding_sheet, disagreements, krippendorff_alpha
from libplans.errors import PlanError

TABLE = pd.DataFrame(
    {
        "plan": ["a"] * 4,
        "start": [0, 5, 9, 14],
        "end": [4, 8, 13, 20],
        "raw": ["1册", "2册", "=3册", "4册"],
        "role": ["target", "target", "baseline", "baseline"],
    }
)


def _coded(second):
    sheet = coding_sheet(TABLE, "role")
    sheet["coder_2"] = second
    return sheet


def test_agreement_by_hand():
    # 3 of 4 alike; expected by chance 1/2*1/4 + 1/2*3/4 = 1/2; kappa = (3/4 - 1/2) / (1/2) = 1/2
    # alpha: 8 values, 3 target, 5 baseline; observed 2/8, expected 2*3*5/(8*7) = 30/56; 1 - (1/4)/(30/56) = 8/15
    result = agreement(_coded(["target", "baseline", "baseline", "baseline"])).set_index("statistic")["value"]
    assert result["raw agreement"] == 0.75
    assert result["Cohen's kappa"] == 0.5
    assert result["Krippendorff's alpha"] == pytest.approx(8 / 15, abs=1e-6)


def test_bands_and_sources():
    result = agreement(_coded(list(TABLE["role"]))).set_index("statistic")
    assert result.loc["Cohen's kappa", "band"] == "almost perfect"
    assert result.loc["Krippendorff's alpha", "band"] == "reliable"
    assert "Landis & Koch 1977" in result.loc["Cohen's kappa", "source"]


def test_one_code_throughout_says_nothing():
    sheet = _coded(["target"] * 4)
    sheet["coder_1"] = "target"
    result = agreement(sheet).set_index("statistic")
    assert result.loc["raw agreement", "value"] == 1
    assert pd.isna(result.loc["Cohen's kappa", "value"])


def test_a_third_coder_with_gaps():
    # Krippendorff's own way: units with fewer than two codes fall out
    units = [["a", "a", ""], ["a", "b", "b"], ["b", "", ""], ["b", "b", "b"]]
    # pairable values: a a | a b b | b b b -> 3 a, 5 b; disagreeing pairs 4 of weight 1/2 = 2; expected 2*3*5/7
    assert krippendorff_alpha(units) == pytest.approx(1 - 2 / (30 / 7))


def test_a_blind_sheet_travels_through_csv(tmp_path):
    path = tmp_path / "sheet.csv"
    sheet = coding_sheet(TABLE, "role", path=path, blind=True)
    assert list(sheet["coder_1"]) == [""] * 4
    coded = pd.read_csv(path, dtype=str, keep_default_na=False)
    coded["coder_2"] = ["target", "target", "target", "baseline"]
    coded.to_csv(path, index=False)
    assert agreement(path, TABLE).set_index("statistic").loc["raw agreement", "value"] == 0.75
    assert list(disagreements(path, TABLE)["start"].astype(int)) == [9]


def test_a_sample_is_the_same_for_the_same_seed():
    first, again = (coding_sheet(TABLE, "role", size=2, seed=3) for _ in range(2))
    assert first.equals(again) and len(first) == 2


def test_bad_sheets_are_told_in_one_line(tmp_path):
    with pytest.raises(PlanError, match="no column 'colour'"):
        coding_sheet(TABLE, "colour")
    with pytest.raises(PlanError, match="fill in coder_2"):
        agreement(coding_sheet(TABLE, "role"))
    with pytest.raises(PlanError, match="no such coding sheet"):
        agreement(tmp_path / "none.csv")


def _naive_alpha(units):
    """Alpha from all pairs, without a coincidence table."""
    units = [[code for code in unit if code] for unit in units]
    units = [unit for unit in units if len(unit) > 1]
    values = [code for unit in units for code in unit]
    observed = sum(sum(a != b for a, b in combinations(unit, 2)) * 2 / (len(unit) - 1) for unit in units) / max(
        1, len(values)
    )
    pairs = list(combinations(values, 2))
    expected = sum(a != b for a, b in pairs) / len(pairs) if pairs else 0
    return 1 - observed / expected if expected else None


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=3, max_size=3), min_size=1, max_size=12))
def test_alpha_against_all_pairs(units):
    assert krippendorff_alpha(units) == (None if _naive_alpha(units) is None else pytest.approx(_naive_alpha(units)))
