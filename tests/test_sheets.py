"""The table of targets to print: values as one writes them, names in two languages, one row a target."""

import pandas as pd
import pytest

from libplans import tables
from libplans.errors import PlanError
from libplans.indicators.sheets import indicator_sheet, value_text

PLANS = pd.DataFrame(
    [
        {"plan": "b", "issuer": "乙馆", "issuer_en": "Library B", "role": "plan"},
        {"plan": "a", "issuer": "甲馆", "issuer_en": "Library A", "role": "plan"},
        {"plan": "law", "issuer": "人大", "issuer_en": "Congress", "role": "reference"},
    ]
)


def _row(plan, measure, low, high, bound, sentence=1, **more):
    row = {"plan": plan, "start": sentence, "end": sentence + 3, "section": 1, "sentence": sentence, "measure": measure}
    row |= {"value_low": low, "value_high": high, "bound": bound, "unit": "人次", "role": "target"}
    return {**row, "frequency": "annual", "period": "annual-十四五", "scope": "library", "indicator": "到馆", **more}


@pytest.mark.parametrize(
    ("low", "high", "bound", "zh", "en"),
    [
        (3e6, None, "at_least", "≥300万", "≥3,000,000"),
        (1.2e9, 1.2e9, "exact", "12亿", "1,200,000,000"),
        (None, 2, "at_most", "≤2", "≤2"),
        (None, 2e5, "about", "近20万", "nearly 200,000"),
        (50, 50, "about", "约50", "c. 50"),
        (25, 29, "range", "25–29", "25–29"),
        (900, None, "more_than", ">900", ">900"),
        (148479, 148479, "exact", "14.8479万", "148,479"),
        (0.62, 0.62, "exact", "0.62", "0.62"),
    ],
)
def test_a_value_is_printed_with_its_bound(low, high, bound, zh, en):
    row = {"value_low": low, "value_high": high, "bound": bound}
    assert (value_text(row, "zh"), value_text(row, "en")) == (zh, en)


def test_targets_stand_by_measure_and_register_and_a_figure_stated_twice_once():
    table = tables.frame(
        "indicators",
        [
            _row("a", "loans_annual", 5, 5, "exact", 2),
            _row("a", "visits_annual", 7, 7, "exact", 3),
            _row("a", "visits_annual", 7, 7, "exact", 9),
            _row("b", "visits_annual", 8, None, "at_least", 4),
            _row("b", "visits_annual", 6, 6, "exact", 5, role="baseline"),
            _row("b", "", 1, 1, "exact", 6, indicator="青年骨干"),
            _row("law", "visits_annual", 1, 1, "exact", 1),
        ],
    )
    sheet = indicator_sheet(table, PLANS, "en")
    assert sheet[["Measure", "Plan", "Value", "Period", "Sentence"]].values.tolist() == [
        ["Visits in person", "Library B", "≥8", "十四五", "4"],
        ["Visits in person", "Library A", "7", "十四五", "3, 9"],
        ["Loans", "Library A", "5", "十四五", "2"],
        ["青年骨干", "Library B", "1", "十四五", "6"],
    ]
    both = indicator_sheet(table, PLANS)
    assert both.iloc[0].tolist()[:5] == ["到馆读者 Visits in person", "乙馆 Library B", "≥8", "人次", "每年 yearly"]
    assert list(indicator_sheet(table, PLANS, "zh").columns)[:3] == ["指标", "规划", "数值"]
    assert indicator_sheet(table, PLANS, role="baseline").shape == (1, 8)


def test_nothing_to_print_is_an_empty_table_and_a_wrong_language_an_error():
    assert indicator_sheet(tables.frame("indicators", []), PLANS).empty
    with pytest.raises(PlanError, match="use zh, en or both"):
        indicator_sheet(tables.frame("indicators", []), PLANS, "fr")
