"""Which indicators of two plans count the same thing, and why some pairs are not like for like?

The table of measures (data/measures.csv) is meant to be read and extended by a researcher: a row says what a measure
counts, in which units, and what it must not be mixed with; `pattern` is looked for in the words around the quantity,
and the first row that fits is taken.
"""

import csv
import re
from functools import cache

import pandas as pd

from ..packaged import data_text
from ..tables import require
from .units import base_unit

_SUFFIX = {"annual": "_annual", "cumulative": "_fyp", "one-off": ""}
_COMPARED = [
    "measure",
    "family",
    "zh",
    "en",
    "plan",
    "sentence",
    "start",
    "end",
    "indicator",
    "raw",
    "value_low",
    "value_high",
    "bound",
    "unit",
    "role",
    "frequency",
    "period",
    "scope",
    "plans",
    "caveat",
]
#: units that count events alike and are merged when measures are compared (the written unit stays in the table)
_EVENTS = frozenset("场 场次 次 期 项 场/次 讲".split())


@cache
def _rows():
    text = data_text("measures.csv")
    rows = []
    for row in csv.DictReader(text.splitlines()):
        units = {base_unit(unit) for unit in row["unit"].split(";")} | set(row["unit"].split(";"))
        rows.append((row, units, re.compile(row["pattern"]), re.compile(row["unless"]) if row["unless"] else None))
    return rows


def measures():
    """The harmonised measures: one row a measure.

    Columns: `measure` (key without its time suffix), `zh`, `en`, `unit` (units accepted), `frequency` (auto: the key
    takes _annual, _daily, _monthly, _fyp after the quantity's own time base), `family` (measures that readers are
    tempted to compare), `counts`, `not_with`, `caution` (why figures of one key may still differ), `pattern`,
    `unless`. It defines no values; a measure says what is counted, not how well two libraries count it.
    """
    return pd.DataFrame([row for row, *_ in _rows()])


_GROUPS = (
    ("children", re.compile("未成年|少儿(?!馆|图书馆)|儿童(?!图书馆)|青少年")),
    ("special", re.compile("特殊群体|残障|残疾|视障|盲人|老年人")),
)


def measure_of(topics, unit, frequency, time_words="", opening=""):
    """The harmonised key for a quantity, or "" where no measure fits.

    `topics` are the words around the quantity, nearest first; the first topic in which a measure's pattern stands
    decides. The key has the suffix of the quantity's time base, so that a yearly flow never shares a key with a total
    over five years. `opening` is the first clause of the sentence: where it speaks of children or of special groups,
    "activities" are theirs.
    """
    base = base_unit(unit)
    for topic in topics:
        topic = _EXCEPT.sub("", topic)
        for row, units, pattern, unless in _rows():
            if row["measure"] == "rank":
                continue
            if (
                (unit not in units and base not in units)
                or not pattern.search(topic)
                or (unless and unless.search(topic))
            ):
                continue
            if not _fits(row["frequency"], frequency) or (frequency == "cumulative" and row["family"] in _HELD):
                continue
            key = row["measure"]
            if key == "activities":
                key = next((f"{name}_activities" for name, words in _GROUPS if words.search(opening)), key)
            if base == "种" and row["unit"].split(";")[0] in _VOLUMES:
                key += "_titles"
            return key + _suffix(row["frequency"], frequency, time_words, base)
    return ""


#: units of volumes: a measure that is counted in them and in titles (种) has a key of its own for titles
_VOLUMES = frozenset("册 件 册件".split())


def rank_of(topics):
    """The key of a place in a ranking, by what is ranked: building_area_rank; "" where no measure fits."""
    for topic in topics:
        named = next((key for key, words in _RANKED if words in topic), "")
        if named:
            return f"{named}_rank"
        for row, _, pattern, unless in _rows():
            if (
                row["measure"] not in ("rank", "service_hours")
                and pattern.search(topic)
                and not (unless and unless.search(topic))
            ):
                return f"{row['measure']}_rank"
    return ""


#: what is ranked and no measure counts
_RANKED = (
    ("service_effectiveness", "效能"),
    ("overall", "业务指标"),
    ("overall", "实力"),
    ("research", "科研"),
    ("research", "学术"),
    ("reading_index", "阅读指数"),
)


#: what brackets take in or leave out is no name of the thing counted: 总藏量（不含电子文献）
_EXCEPT = re.compile("（(?:[^（）]{0,4}[含除]|指|即|系)[^（）]*）|^[●■◆▲★○•·#*\\-—]+\\s*")


def _fits(wanted, frequency):
    if wanted == "any":
        return True
    if wanted == "auto":
        return frequency in ("annual", "cumulative", "one-off", "rate")
    if wanted == "auto0":
        return frequency in ("annual", "cumulative", "one-off", "stock")
    return wanted == frequency or (wanted == "stock" and frequency == "cumulative")


#: families of stocks to which an addition (新增阅览座位1200个) is no figure of the whole
_HELD = frozenset("seats area collection digital".split())
_FLOW_UNITS = frozenset("人次 次 小时 册次 条 期 人 篇 份".split())


def _suffix(wanted, frequency, time_words, unit):
    if wanted == "any":
        return ""
    if wanted in ("auto", "auto0"):
        if frequency != "rate":
            return _SUFFIX.get(frequency, "")
    elif wanted != "rate" or unit not in _FLOW_UNITS:
        return ""
    last = max(_PER, key=lambda mark: time_words.rfind(mark))
    return _PER[last] if last in time_words else "_daily"


_PER = {"日": "_daily", "天": "_daily", "月": "_monthly", "周": "_weekly", "季": "_quarterly", "半年": "_half_yearly"}


def base_measure(measure):
    """A measure's key without its time suffix: visits_annual -> visits."""
    return re.sub("_(?:annual|daily|monthly|weekly|quarterly|half_yearly|fyp)$", "", measure)


def _named_measures():
    """{key without its time suffix: its entry}: those of the table, and what the rules derive from them."""
    named = {row["measure"]: row for row, *_ in _rows()}
    derived = {
        pattern.format(key): {
            **row,
            "zh": zh.format(row["zh"]),
            "en": en.format(row["en"]),
            "family": row["family"] if pattern == "{}_titles" else pattern.format(row["family"]),
        }
        for pattern, zh, en in _DERIVED
        for key, row in named.items()
    }
    return {**derived, **named}


#: keys that the rules derive: of titles beside volumes, of a rank, of a growth, of what each branch has
_DERIVED = (
    ("{}_titles", "{}（种）", "{}, titles"),
    ("{}_rank", "{}排名", "{}, rank"),
    ("{}_growth_pct", "{}增长率", "{}, growth"),
    ("{}_decline_pct", "{}下降率", "{}, fall"),
    ("branch_{}", "每个分馆（书房）{}", "{}, each branch or outlet"),
)


def comparable(indicators, corpus=None):
    """The indicators whose family of measures is shared by two plans or more, each with what stands in the way of
    comparing it.

    Columns: measure, family, zh, en, plan, sentence, start, end, indicator, raw, value_low, value_high, bound, unit,
    role, frequency, period, scope, plans (how many plans have this very key), caveat. Only rows with a measure that a
    second plan also has under the same key (or, within a family, under a neighbouring key: then the caveat says so).
    With `corpus` the sentence around each figure is read for what it covers; without it, only the plan's own name.
    `caveat` is "" where a row is like for like with its peers, else reasons joined by "; ": another measure of the
    family, another time base, another scope, another reach (children's shows or one programme against all), another
    unit, a figure of others, a design figure, a value open at one end, and the measure's caution. It does not say that
    two libraries count alike; see the column `counts` of `measures()`.
    """
    require(indicators, ("plan", "measure", "unit", "value_low", "role", "frequency", "scope"), "comparable")
    indicators = indicators.assign(**{name: indicators[name].fillna("") for name in ("measure", "period", "indicator")})
    named = _named_measures()
    table = indicators[indicators["measure"] != ""].copy()
    table["base"] = [base_measure(measure) for measure in table["measure"]]
    table["family"] = [named[base]["family"] if base in named else base for base in table["base"]]
    table["covers"] = _covers(table, corpus)
    shared = table.groupby("family")["plan"].nunique()
    table = table[table["family"].isin(shared[shared > 1].index)]
    rows = []
    for _, group in table.groupby("family", sort=True):
        keys = group.groupby("measure")["plan"].nunique()
        for _, row in group.sort_values(["measure", "plan", "start", "end"], kind="stable").iterrows():
            entry = named.get(row["base"], {"zh": row["base"], "en": row["base"]})
            caution = entry.get("caution", "") if keys[row["measure"]] > 1 else ""
            caveat = "; ".join([*_caveats(row, group, keys), *([caution] if caution else [])])
            rows.append(
                {**row, "zh": entry["zh"], "en": entry["en"], "plans": int(keys[row["measure"]]), "caveat": caveat}
            )
    return pd.DataFrame(rows, columns=_COMPARED).reset_index(drop=True)


_COUNTED = frozenset("activities attendance visits online_visits loans users".split())
#: what narrows a figure, looked for in its part of the sentence, or in its own clause
_NARROWED = (
    ("children", re.compile("少儿|未成年|儿童|青少年|亲子"), False),
    ("special groups", re.compile("特殊群体|残障|残疾|视障|盲人|老年人"), False),
    ("one programme", re.compile("“[^“”]{2,16}”[^，；]{0,12}$|“[^“”]{2,16}”(?:系列)?(?:活动|讲座|展览)"), True),
    (
        "one kind",
        re.compile(
            "(?:传统文化|节庆|节日|红色|党史|电影|英语|科普|文旅|漂流|征文|诵读|国学|手工|非遗)[^，；]{0,8}(?:活动|展览?|讲座)"
        ),
        True,
    ),
    ("online", re.compile("线上(?!线下|、|和|与)|云端|直播"), True),
    ("in person", re.compile("线下(?!、|和|与)|现场"), True),
)


def _covers(table, corpus):
    """What each figure covers: "all", or the group, programme or channel that its words name."""
    texts = {}
    if corpus is not None:
        texts = {(row.plan, row.sentence): row.text for row in corpus.sentences.itertuples()}
    found = []
    for row in table.to_dict("records"):
        if row["family"] not in _COUNTED or row["base"].startswith(("children", "special", "online", "branch", "room")):
            found.append("all")
            continue
        part = clause = row["indicator"]
        text = texts.get((row["plan"], row["sentence"]), "")
        if text:
            offsets = corpus.sentence_offsets(row["plan"], row["sentence"])
            at = int((offsets < row["start"]).sum())
            opening = re.split("[，：]", re.split("[；。]", text[:at])[-1])[0]
            part = row["indicator"] + (opening if "、" not in opening else "")
            clause = re.split("[，；。]", text[:at])[-1] + row["indicator"]
        found.append(next((name for name, words, own in _NARROWED if words.search(clause if own else part)), "all"))
    return found


def _caveats(row, group, keys):
    peers = group[(group["measure"] == row["measure"]) & (group["plan"] != row["plan"])]
    if keys[row["measure"]] < 2:
        others = sorted(set(group[group["plan"] != row["plan"]]["measure"]) - {row["measure"]})
        yield "not the same measure as " + ", ".join(others)
    if row["role"] == "comparison":
        yield "figure of others"
    if "capacity" in row["measure"]:
        yield "design figure, not use"
    if len(peers) and row["frequency"] not in set(peers["frequency"]):
        yield f"time base: {row['frequency']} against {', '.join(sorted(set(peers['frequency'])))}"
    if len(peers) and row["scope"] not in set(peers["scope"]):
        yield f"scope: {row['scope']} against {', '.join(sorted(set(peers['scope'])))}"
    if len(peers) and row["covers"] not in set(peers["covers"]):
        yield f"covers: {row['covers']} against {', '.join(sorted(set(peers['covers'])))}"
    units = {_common(unit) for unit in peers["unit"]}
    if len(peers) and row["unit"] and units != {""} and _common(row["unit"]) not in units:
        yield f"unit: {row['unit']} against {', '.join(sorted(set(peers['unit'])))}"
    if row["bound"] in ("at_least", "more_than", "at_most"):
        yield "open bound: " + row["bound"]


def _common(unit):
    return "events" if unit in _EVENTS else base_unit(unit)
