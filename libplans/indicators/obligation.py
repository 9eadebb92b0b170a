"""How binding is what a plan says it will do?

A documented dictionary (data/modality.csv) grades the words with which a clause commits its writer; quantity, deadline
and responsible body are counted as further signs, each by itself.
"""

import csv
import re
from functools import cache

import pandas as pd

from ..errors import PlanError
from ..packaged import data_text
from .documents import YEAR, five_year_start
from .extract import document_setting, extract_indicators
from .headings import heading_role
from .roles import looks_back

LEVELS = {3: "binding", 2: "directional", 1: "tentative", 0: "unmarked"}
_ROW = ["plan", "section", "sentence", "start", "end", "theme", "level", "term", "binding", "directional", "tentative"]
_ROW += ["unmarked", "intensified", "quantities", "deadline", "body", "signs"]
_SUMMARY = ["plan", "theme", "sentences", "binding", "directional", "tentative", "unmarked"]
_SUMMARY += ["with_quantity", "with_deadline", "with_body", "binding_pct", "signed_pct"]


@cache
def _dictionary():
    text = data_text("modality.csv")
    rows = []
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        if row["level"] not in ("3", "2", "1", "0", "-1") or None in row:
            raise PlanError(f"modality.csv: line {number}: level {row['level']!r}; use 3, 2, 1, 0 or -1, and six cells")
        rows.append((row, re.compile(row["pattern"])))
    return rows


def modality():
    """The dictionary of modality and degree: term, kind, level, pattern, en, reason.

    `kind` is modal, result (level 3), action (2), tentative (1), downtoner (-1: takes a level from its clause) or
    intensifier (0: counted only). The grades follow Halliday's high, median and low value of modality; 应, 宜 and 可
    are read as in GB/T 1.1. The file is meant to be read, disputed and changed.
    """
    return pd.DataFrame([{**row, "level": int(row["level"])} for row, _ in _dictionary()])


_BREAK = re.compile(r"[，。；：！？,;\t\n]")
_LEADING = re.compile(
    r"^(?:[\s（(\d.、）)]|[一二三四五六七八九十]+[、是]|并|且|还|要|将|拟|以|通过|同时|积极|大力|深入|全面|进一步|切实|每年|每月|每季度|定期|年均)+"
)


def clause_level(clause):
    """Level and deciding term of one clause: (3, "确保"), (0, "") where no word of the dictionary stands in it.

    The first word that governs decides (力争完成 is tentative, 确保完成 binding); a downtoner anywhere in the clause
    takes one level, never below 1. Names in 《》 and “” are not read.
    """
    plain = re.sub("《[^》]*》|“[^”]*”", "", clause)
    plain = _LEADING.sub("", plain)
    found, weaker = [], False
    for row, pattern in _dictionary():
        match = pattern.search(plain)
        if row["kind"] == "downtoner":
            weaker = weaker or bool(match)
        elif match and row["kind"] != "intensifier":
            found.append((match.start(), -int(row["level"]), match.group()))
    if not found:
        return 0, ""
    _, level, term = min(found)
    return (max(1, -level - 1) if weaker else -level), term


_BODY = re.compile(
    r"(?:由[^，。；]{2,16}(?:部门?|处|室|科|局|厅|委|组|办|中心)|(?<=[部室科处厅局委办组馆])(?<![我本]馆))牵头|牵头(?:单位|部门)[:：]|责任(?:单位|部门|人|科室)|(?:主办|承办|配合|协办|参与)(?:单位|部门)[:：]|"
    r"由[^，。；]{2,16}(?:部门?|中心|处|室|科|馆|局|厅|委|组|办)(?:负责|具体|组织|承担|统筹|实施|会同|联合)|"
    r"[部室科处厅局委办馆组](?:具体)?负责(?!人)"
)
_BY = re.compile(
    rf"(?:到|至)?\s?({YEAR})\s?年?(?:\d{{1,2}}月)?(?:底|末)?(?:以?前|之前|完成|建成|达到|底|末|实现)|[到至]\s?({YEAR})|"
    r"年底[之以]?前|规划期?末|按期|如期|限期|\d+个?(?:工作日|小时|天|个?月|年)[之以]?内|[三五两一二]年[之以]?内|当[天日]"
)


def has_deadline(text, first=0):
    """Whether a sentence names a date or a limit by which something is to be done; `first`: year the period begins."""
    for match in _BY.finditer(text):
        year = match[1] or match[2]
        if not year or not first or int(year) >= first:
            return True
    ends = re.finditer(r"“?(十[一二三四五六七八九])五”?(?:规划)?(?:期?末|收官)", text)
    return any(not first or five_year_start(end[1]) >= first for end in ends)


def has_body(text):
    """Whether a sentence names who is responsible (牵头, 责任单位, 由…部负责). A subject 我馆 alone is no such name."""
    return bool(_BODY.search(text))


def commitment(corpus, indicators=None, themes=None):
    """How binding each forward-looking sentence of each plan is: one row a sentence.

    Left out: headings, sentences under review headings or told as reached, reference documents. Columns: plan, section,
    sentence, start, end (raw offsets), theme ("" without `themes`), `level` 0-3 (the highest of its clauses: 3 binding,
    2 directional, 1 tentative, 0 unmarked), `term` (the word that gave it), binding, directional, tentative, unmarked
    (numbers of clauses), intensified (words of emphasis), and the further signs: quantities (targets in figures, from
    `indicators`, extracted where None), deadline and body (0 or 1), signs (how many of the three, 0-3).

    It grades wording, not will: it knows nothing of money, of power, or of what was done. A level is an order, not a
    distance: do not average it. Method: a dictionary, after Halliday & Matthiessen (2014) on the value of modality and
    Abbott et al. (2000, The Concept of Legalization) on obligation and precision as signs that stand apart.
    """
    indicators = extract_indicators(corpus) if indicators is None else indicators
    targets = indicators[indicators["role"] == "target"].groupby(["plan", "sentence"]).size().to_dict()
    theme_of = {} if themes is None else {(row.plan, row.section): row.theme for row in themes.itertuples()}
    paths = {(row.plan, row.section): row.path for row in corpus.sections.itertuples()}
    rows = []
    by_plan, sections = corpus.sentences.groupby("plan", sort=False), corpus.sections.groupby("plan", sort=False)
    for plan in corpus.plan_ids:
        if corpus.roles.get(plan) == "reference" or plan not in by_plan.groups:
            continue
        own = document_setting(corpus, plan, sections.get_group(plan) if plan in sections.groups else None)
        for item in by_plan.get_group(plan).itertuples():
            place = own._replace(path=paths.get((plan, item.section), ""))
            if item.kind == "heading" or _is_review(item.text, place):
                continue
            count = targets.get((plan, item.sentence), 0)
            row = {**_graded(item.text), "quantities": count, "deadline": int(has_deadline(item.text, own.first))}
            row["body"] = int(has_body(item.text))
            row["signs"] = int(count > 0) + row["deadline"] + row["body"]
            where = {"plan": plan, "section": item.section, "sentence": item.sentence, "start": item.start}
            rows.append({**where, "end": item.end, "theme": theme_of.get((plan, item.section), ""), **row})
    return pd.DataFrame(rows, columns=_ROW)


def _is_review(text, place):
    return heading_role(place) == "baseline" or looks_back(text)


def _graded(text):
    """Level, deciding term and the clauses by level of one sentence."""
    clauses = [clause for clause in _BREAK.split(text) if len(clause.strip()) > 1]
    levels = [clause_level(clause) for clause in clauses]
    level, term = max(levels, key=lambda pair: pair[0], default=(0, ""))
    counts = {name: sum(found == grade for found, _ in levels) for grade, name in LEVELS.items()}
    strong = next(pattern for row, pattern in _dictionary() if row["kind"] == "intensifier")
    return {"level": level, "term": term, **counts, "intensified": len(strong.findall(text))}


def commitment_summary(sentences):
    """How binding each plan is, and each theme in it: the table of `commitment` counted by level and by sign.

    One row per plan (theme "any") and, where the sentences have themes, per plan and theme. Columns: plan, theme,
    sentences, binding, directional, tentative, unmarked (sentences by their level; they add up to sentences),
    with_quantity, with_deadline, with_body (sentences with the sign), binding_pct and signed_pct (per cent of the
    sentences that are binding; that have any sign). A plan of few long sentences has a higher share than the same words
    in short ones.
    """
    rows = []
    for plan, part in sentences.groupby("plan", sort=False):
        rows.append(_counted(plan, "any", part))
        rows += [_counted(plan, theme, own) for theme, own in part[part["theme"] != ""].groupby("theme", sort=True)]
    return pd.DataFrame(rows, columns=_SUMMARY)


def _counted(plan, theme, part):
    total = len(part)
    row = {"plan": plan, "theme": theme, "sentences": total}
    row |= {name: int((part["level"] == level).sum()) for level, name in LEVELS.items()}
    signs = {
        "with_quantity": part["quantities"] > 0,
        "with_deadline": part["deadline"] > 0,
        "with_body": part["body"] > 0,
    }
    row |= {name: int(found.sum()) for name, found in signs.items()}
    row["binding_pct"] = round(100 * row["binding"] / total, 1)
    row["signed_pct"] = round(100 * int((part["signs"] > 0).sum()) / total, 1)
    return row
