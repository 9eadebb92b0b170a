"""How can a reader see every shared passage in its place, side by side?

`write_reader` makes one HTML page of all plans that works from disk without a network; `passage_html` shows passages
inside a notebook, without a script. What the page shows is laid out in `reader_data`.
"""

import base64
import hashlib
import html
import json
import re
from importlib.resources import files

from .. import tables as declared
from ..errors import PlanError
from ..plots.common import KIND_NAMES, plan_names
from ..reuse.differences import difference_steps
from .data import LETTER, ShownText, cell_sums, families, pair_entries, plan_entry, showable

LANGUAGES = ("zh", "en")
#: the parts of the page's script in their order; together they are one script
SCRIPTS = tuple(f"{name}.js" for name in "strings model pane ribbons matrix links card reader".split())
TITLES = {"zh": "规划文本对读：相同文字的出处与改动", "en": "Plans side by side: shared wording in its place"}


def write_reader(corpus, tables, path, lang="zh"):
    """Write the reader page of a corpus to `path`, whole or not at all; returns the path.

    `tables` is a dict of DataFrames: `passages` is needed; `reuse`, `coding`, `substitutions`, `leftovers` are shown
    where given. `lang` is the language the page opens in, "zh" or "en"; it can be switched there. Same input, same
    bytes. Raises PlanError.
    """
    declared.write_whole(path, reader_html(corpus, tables, lang).encode("utf-8"))
    return path


def reader_html(corpus, tables, lang="zh"):
    """The reader page as a string: one self-contained document without any outside address.

    Texts are data in it, never markup; a content security policy lets only the page's own script and style run.
    """
    if lang not in LANGUAGES:
        raise PlanError(f"reader page: lang: {lang!r} is not a language of the page; use {' or '.join(LANGUAGES)}")
    if "passages" not in tables:
        raise PlanError("reader page: tables: no table 'passages'; give the result of find_reuse")
    style, script = _part("reader.css"), "".join(_part(name) for name in SCRIPTS)
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src {_digest(style)}; script-src {_digest(script)}; require-trusted-types-for 'script'"
    )
    data = "\n".join(
        f'<script type="application/json" id="{name}">{as_json(value)}</script>'
        for name, value in reader_entries(corpus, tables).items()
    )
    parts = {
        "policy": policy,
        "lang": {"zh": "zh-Hans", "en": "en"}[lang],
        "title": TITLES[lang],
        "style": style,
        "data": data,
        "script": script,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _part("template.html"))


def reader_entries(corpus, tables):
    """The data of the page, element id -> value: `index`, a `plan-<i>` for each plan, a `pair-<i>-<j>`, i < j."""
    given = {
        name: tables[name] if tables.get(name) is not None else declared.frame(name, [])
        for name in ("passages", "reuse", "coding", "substitutions", "leftovers")
    }
    number = {plan: i for i, plan in enumerate(corpus.plan_ids)}
    rows = {
        name: _by_plan(table)
        for name, table in {
            "sentences": corpus.sentences,
            "sections": corpus.sections,
            "coding": given["coding"],
            "leftovers": given["leftovers"],
        }.items()
    }
    shown = {plan: ShownText(corpus, plan, rows["sentences"].get(plan, corpus.sentences.iloc[:0])) for plan in number}
    entries = {}
    for plan, i in number.items():
        here = {
            name: list(table[plan].itertuples(index=False)) if plan in table else [] for name, table in rows.items()
        }
        codes = {int(row.sentence): LETTER[row.kind] for row in here["coding"]}
        entries[f"plan-{i}"] = plan_entry(shown[plan], corpus, here["sections"], codes, here["leftovers"], number)
    pairs = pair_entries(shown, given["passages"], given["substitutions"])
    entries |= {f"pair-{i}-{j}": entry for (i, j), entry in pairs.items()}
    sums = cell_sums(shown, given["passages"], given["reuse"])
    return {"index": _index(corpus, shown, pairs, sums, number), **entries}


def _by_plan(table):
    return dict(list(table.groupby("plan", sort=False)))


def _index(corpus, shown, pairs, sums, number):
    """What the page must know before a pair is opened: the plans, the matrix, the families."""
    names = {lang: plan_names(corpus.plans, lang) for lang in LANGUAGES}
    plans = []
    for row in corpus.plans.to_dict("records"):
        plan = row["plan"]
        texts = {
            "id": plan,
            "level": row["level"],
            "issued": row["issued"],
            "role": row["role"],
            "zh": names["zh"][plan],
            "en": names["en"][plan],
            "title_zh": row["title"] or plan,
            "title_en": row["title_en"] or row["title"] or plan,
        }
        plans.append(
            {
                **{key: showable(str(text)) for key, text in texts.items()},
                "chars": int(shown[plan].weights.sum()),
                "any": sums.get((plan, "any"), [0, 0, 0]),
            }
        )
    cells = [
        [
            number[target],
            number[source],
            *chars,
            len(pairs[tuple(sorted((number[target], number[source])))]["passages"]),
        ]
        for (target, source), chars in sorted(sums.items())
        if source in number and target in number and tuple(sorted((number[target], number[source]))) in pairs
    ]
    return {"plans": plans, "cells": cells, "families": families(pairs)}


def as_json(value):
    """`value` as compact JSON that can stand inside a script element: no sign of it ends or opens markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _part(name):
    return files("libplans").joinpath("data", "reader", name).read_text("utf-8").replace("\r\n", "\n")


def _digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


# ---------------------------------------------------------------- in a notebook


class PassageView(str):
    """Passages side by side: HTML as a string, which a notebook shows; printed, it reads as plain text."""

    plain = ""

    def _repr_html_(self):
        return str(self)

    def __repr__(self):
        return self.plain


HEADS = {"zh": ("对象", "对照"), "en": ("target", "source")}
LABELS = {
    "zh": "{kind} · 相同 {matched} 字 · 一致度 {identity:.2f}",
    "en": "{kind} · {matched} characters match · identity {identity:.2f}",
}
LEGENDS = {
    "zh": "下划线：仅见于左侧；删除线：仅见于右侧。不表示谁抄谁。",
    "en": "Underlined: only on the left. Struck through: only on the right. It does not say who borrowed.",
}


def passage_html(corpus, passages, lang="zh", limit=20):
    """Passages side by side, the differences marked, as HTML without a script: for the stored output of a notebook.

    `passages` is any selection of rows of that table (one row, too: `table.iloc[3]`); at most `limit` are shown, and it
    is said if there are more. Left the target, right the source, each with its section and its place in the raw text
    (half-open offsets). The result is a str; a notebook shows it, its repr is the same as plain text. Differences are
    those of `difference_steps`.
    """
    table = passages.to_frame().T if getattr(passages, "ndim", 2) == 1 else passages
    names = plan_names(corpus.plans, lang)
    paths = {(row.plan, row.section): row.path for row in corpus.sections.itertuples(index=False)}
    rows = list(table.head(limit).itertuples(index=False))
    cells, lines = [], []
    for row in rows:
        label = LABELS[lang].format(kind=KIND_NAMES[lang][row.kind], matched=row.matched, identity=float(row.identity))
        left, right, left_plain, right_plain = _marked(showable(row.target_text), showable(row.source_text))
        sides = [_side(row, side, names, paths) for side in ("target", "source")]
        cells.append(
            f'<tr><th colspan="2" style="text-align:left">{html.escape(label)}</th></tr>\n<tr>'
            + "".join(
                f'<td style="text-align:left;vertical-align:top;width:50%"><small>{html.escape(place)}</small>'
                f"<br>{text}</td>"
                for place, text in zip(sides, (left, right), strict=False)
            )
            + "</tr>"
        )
        lines += [label, f"  {sides[0]}", f"    {left_plain}", f"  {sides[1]}", f"    {right_plain}"]
    more = (
        {"zh": "另有 {} 段未显示", "en": "{} more not shown"}[lang].format(len(table) - len(rows))
        if len(table) > limit
        else ""
    )
    notes = [note for note in (LEGENDS[lang], more) if note]
    head = "".join(f'<th style="text-align:left">{text}</th>' for text in HEADS[lang])
    view = PassageView(
        f'<table lang="zh-Hans"><thead><tr>{head}</tr></thead><tbody>\n'
        + "\n".join(cells)
        + "\n</tbody></table>\n"
        + "".join(f"<p><small>{html.escape(note)}</small></p>" for note in notes)
    )
    view.plain = "\n".join(lines + ([more] if more else []))
    return view


def _side(row, side, names, paths):
    plan, start, end = getattr(row, side), getattr(row, f"{side}_start"), getattr(row, f"{side}_end")
    path = paths.get((plan, getattr(row, f"{side}_section")), "")
    return showable(" · ".join(filter(None, (names.get(plan, plan), path, f"{start}–{end}"))))


def _marked(left, right):
    """Both texts with what only one has marked: as HTML (<ins>, <del>) and as plain text ([+…], [-…])."""
    out, x, y = [[], [], [], []], 0, 0
    for same, only_left, only_right in difference_steps(left, right):
        shared_left, shared_right = left[x : x + same], right[y : y + same]
        x, y = x + same, y + same
        one, other = left[x : x + only_left], right[y : y + only_right]
        x, y = x + only_left, y + only_right
        out[0] += [html.escape(shared_left), f"<ins>{html.escape(one)}</ins>" if one else ""]
        out[1] += [html.escape(shared_right), f"<del>{html.escape(other)}</del>" if other else ""]
        out[2] += [shared_left, f"[+{one}]" if one else ""]
        out[3] += [shared_right, f"[-{other}]" if other else ""]
    return tuple("".join(pieces) for pieces in out)
