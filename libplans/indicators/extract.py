"""What does each plan promise and report in figures? One row a quantity, with evidence.

`extract_indicators` goes through the sentences of a corpus: running text clause by clause, tables cell by cell. The
rules are those of the coding page in docs/indicators.md; each step is a module of its own (numerals, quantities,
uncounted, roles, measures).
"""

import re

from .. import tables
from ..workers import in_processes, processes_for
from .carry import carry_over
from .context import Clause, governing_time, named_year
from .documents import bracketed, opening_setting, reach_of, setting
from .keys import key_of
from .names import growth_name, indicator_name
from .numerals import plain, simplified
from .periods import period, scope
from .quantities import pieces, quantities
from .roles import role
from .table_rows import Header, caption_unit, is_header, read_header, row_quantities
from .timing import frequency
from .topics import topics_at
from .unit_elsewhere import unit_is_written

_BYTES = 3  # of a Han character in UTF-8
_BEGINNING = 3000  # characters that tell what sort of document a text without a telling title is
_HAS_NUMBER = re.compile(r"[\d０-９一二三四五六七八九十百千万亿两半]|当[天日]")


def extract_indicators(corpus):
    """The quantities of every plan of a corpus, as the table `indicators`.

    One row a quantity: span into the raw text (`start`, `end`), `section` and `sentence` for tracing, `raw` as it
    stands in the cleaned sentence, `value_low` and `value_high` in base units (empty on an open side), `bound`,
    `unit`, `role`, `frequency`, `period`, `scope`, the plan's own name in `indicator` and the harmonised key in
    `measure` (empty where no measure fits). A reference document is left out. A figure stated twice has two rows.
    Nothing is converted: 场 and 次 stay apart; see `measures.comparable`.
    """
    plans = [plan for plan in corpus.plan_ids if corpus.roles.get(plan) != "reference"]
    processes = processes_for([_BYTES * len(corpus.raw[plan]) for plan in plans])
    rows = []
    for plan, found in zip(
        plans, in_processes(sentence_rows, (_job(corpus, plan) for plan in plans), processes), strict=True
    ):
        for sentence, items in found:
            offsets = corpus.sentence_offsets(plan, sentence)
            for row in items:
                first, last = row.pop("start"), row.pop("end")
                rows.append(
                    {
                        "plan": plan,
                        "start": int(offsets[first]),
                        "end": int(offsets[last - 1]) + 1,
                        "sentence": sentence,
                        **row,
                    }
                )
    return tables.frame("indicators", rows)


def _job(corpus, plan):
    """What `sentence_rows` needs of a plan: setting; sentence, section, kind, text and headings of each sentence."""
    sections, sentences = corpus.rows("sections", plan), corpus.rows("sentences", plan)
    paths = {number: simplified(path) for number, path in zip(sections["section"], sections["path"], strict=True)}
    columns = (sentences[name].tolist() for name in ("sentence", "section", "kind", "text"))
    held = [(*item, paths.get(item[1], "")) for item in zip(*columns, strict=True)]
    return document_setting(corpus, plan, sections), held


def sentence_rows(job):
    """The indicators of one plan, sentence by sentence: [(sentence, [row, …]), …], with spans into the sentence."""
    own, sentences = job
    found, header, dated, previous = [], Header(), {}, ""
    for sentence, section, kind, text, path in sentences:
        if kind != "table" and kind != "note":
            header = Header(unit=caption_unit(text))
        if not _HAS_NUMBER.search(text) and kind != "table":
            continue
        place = own._replace(path=path, dated=dated.get(section, ""), previous=previous)
        previous = text[-200:]
        dated[section] = (named_year(text) if text.strip() != own.title else "") or place.dated
        if kind == "table" and is_header(simplified(text)):
            header = read_header(simplified(text), header.unit)
        elif items := indicators_in(text, place, kind, header):
            found.append((sentence, [{"section": section, **row} for row in items]))
    return found


def document_setting(corpus, plan, sections=None):
    """What title and date of issue say of a plan, as a `context.Setting`: from the register, else from the document.

    `sections` are the plan's own rows of `corpus.sections`, where the caller has them at hand.
    """
    sections = corpus.sections if sections is None else sections
    titles = sections.loc[(sections["plan"] == plan) & (sections["section"] == 1), "title"]
    title = _document_title(corpus, plan, titles.iloc[0] if len(titles) else "")
    text = plain(corpus.raw[plan][:_BEGINNING])
    title = plain(simplified(title)) or _first_line(text)
    place = setting(title, "", corpus.issued(plan), tuple(corpus.aliases(plan)))
    place = place._replace(reach=reach_of(title), bracketed=bracketed(corpus.raw[plan], place.first))
    return place if place.document else opening_setting(place, text)


def _first_line(text):
    """The first line of a text without a title, where it can be one: short, and no sentence."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= 40 and not re.search("[，。；]", line) else ""


def _document_title(corpus, plan, title):
    """The title in the register, or that of the document: whichever names a period or a kind of document."""
    plans = corpus.plans[corpus.plans["plan"] == plan]
    registered = str(plans["title"].iloc[0]) if len(plans) and "title" in plans else ""
    return registered if registered and registered != plan else title


def indicators_in(text, place, kind="body", header=None):
    """The indicators of one sentence, as dicts with spans into `text`.

    `place` is a `context.Setting`; `kind` is that of the sentence; a table row needs the `header` above it (see
    `indicator_tables`).
    """
    if kind == "table":
        folded = simplified(text)
        rows = [_row(folded, *item, place) for item in row_quantities(folded, header or Header())]
        return [_as_written(row, text) for row in rows]
    rows, read = [], {}
    for start, piece in pieces(plain(text)):
        if piece not in read:
            read[piece] = _piece_rows(piece, place)
        for row in read[piece]:
            rows.append(_as_written({**row, "start": row["start"] + start, "end": row["end"] + start}, text))
    return rows


def _as_written(row, text):
    """The row with `raw` and unit as they stand in the text, whose traditional characters were read as simplified."""
    raw = text[row["start"] : row["end"]]
    at = simplified(raw).rfind(row["unit"]) if raw != simplified(raw) and row["unit"] else -1
    unit = raw[at : at + len(row["unit"])] if at >= 0 else row["unit"]
    return {**row, "raw": raw, "unit": unit}


#: the mark behind a label, read as a word: 周开放时间：98小时
_LABEL = re.compile(
    r"(?<=[一-龥]{3})(?<!指标)(?<!目标)(?<!情况)(?<!如下)(?<!任务)(?<!包括)(?<!其中)：(?=(?:不少于|不低于|不超过|超过|[约近超≥])?\d[\d.,]*(?:余|多)?[万亿]?(?:余|多)?[一-龥%（])(?!\d{4}\s?年|\d{1,2}[月日时点号、])"
)


def _piece_rows(piece, place):
    """The indicators of one piece of a sentence, with spans into the piece."""
    labels = frozenset(found.start() for found in _LABEL.finditer(piece))
    piece = _LABEL.sub("为", piece)
    rows, previous, topics = [], 0, []
    for quantity in quantities(piece):
        clause = Clause(piece, quantity.start, quantity.end, previous, labels=labels)
        topics = [topic for topic in dict.fromkeys(topics_at(clause, quantity, topics)) if topic][:5]
        row = _row(piece, quantity, clause, topics, place)
        named = rows[-1]["indicator"] if rows else ""
        row["indicator"] = growth_name(row["indicator"], clause, row["unit"], named)
        carry_over(row, rows, clause, quantity)
        rows.append(row)
        previous = quantity.end
    return rows


def _row(text, quantity, clause, topics, place):
    role_value = role(clause, place)
    frequency_value = frequency(quantity, clause, place, role_value)
    time, name = governing_time(clause), indicator_name(clause, topics)
    words = (time.words if time else "") + clause.before
    return {
        "start": quantity.start,
        "end": quantity.end,
        "raw": text[quantity.start : quantity.end],
        "indicator": name,
        "measure": key_of(text, quantity, clause, topics, frequency_value, words, place),
        "value_low": quantity.low,
        "value_high": quantity.high,
        "bound": quantity.bound,
        "unit": quantity.unit if unit_is_written(quantity.noun, clause.before) else "",
        "role": role_value,
        "frequency": frequency_value,
        "period": period(clause, place, role_value, frequency_value),
        "scope": scope(clause, role_value, name, place.reach),
    }
