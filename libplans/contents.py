"""Is the reading sound: does the outline agree with the plan's own table of contents, has every character its place?"""

import re

from .layout import contents_entry, fold_key
from .outline import heading_title

ALIKE = 80  # per cent of like wording from which an entry and a heading count as the same heading, worded differently


def contents_entries(corpus, plan):
    """The entries of a plan's table of contents, in order: (wording, page) pairs; empty where the plan has none.

    An entry that is broken over two lines is put together; a table of contents without page numbers gives "" for the
    page.
    """
    lines = corpus.cleaning.query("plan == @plan and rule == 'contents'")["text"]
    paged = any(contents_entry(line) for line in lines)
    entries, open_half = [], ""
    for line in lines:
        entry = contents_entry(line, paged)
        wording = entry[0] if entry else re.sub(r"[|\s:+-]+", " ", line).strip()
        if not wording or (not entries and re.fullmatch(r"[#*\s]*(目\s*[录錄次]|contents)\W*", wording, re.IGNORECASE)):
            continue
        if paged and not entry:
            open_half += wording
        else:
            entries.append((heading_title(open_half + wording), entry[1] if entry else ""))
            open_half = ""
    return entries


def check_outline(corpus):
    """Each plan's table of contents held against the headings that were found in its body.

    Returns a DataFrame, one row for each entry or heading, with `plan`, `status` (found | differs | missing | extra),
    `entry` (wording in the contents), `page`, `section` and `heading` (wording in the body). `missing`: the body
    lacks the entry. `differs`: the nearest heading is worded otherwise. `extra`: a heading of a
    style that the contents list, which they do not list. A plan without a table of contents has no row.
    """
    import pandas as pd

    rows = []
    for plan in corpus.plan_ids:
        rows += _compare(
            plan, contents_entries(corpus, plan), corpus.sections.query("plan == @plan and kind != 'title'")
        )
    columns = ["plan", "status", "entry", "page", "section", "heading"]
    return pd.DataFrame(rows, columns=columns).astype({"section": "Int64"})


def _compare(plan, entries, sections):
    headings = [
        (int(s.section), f"{s.number} {s.title}".strip(), s.kind) for s in sections.itertuples() if s.title or s.number
    ]
    free, rows, kinds = list(headings), [], set()
    matches = [_take(free, fold_key(wording)) for wording, _ in entries]
    for (wording, page), match in zip(entries, matches):
        status = "found"
        if not match:
            match = _nearest(free, fold_key(wording))
            status = "differs" if match else "missing"
            if match:
                free.remove(match)
        if match:
            kinds.add(match[2])
        rows.append((plan, status, wording, page, match[0] if match else None, match[1] if match else ""))
    rows += [(plan, "extra", "", "", section, heading) for section, heading, kind in free if kind in kinds]
    return rows


def _take(free, key):
    for heading in free:
        if fold_key(heading[1]) == key:
            free.remove(heading)
            return heading
    return None


def _nearest(free, key):
    from rapidfuzz import fuzz

    scored = [(fuzz.ratio(fold_key(heading[1]), key), -heading[0], heading) for heading in free]
    best = max(scored, default=(0, 0, None))
    return best[2] if best[0] >= ALIKE else None


def account_characters(corpus):
    """Where every character of the raw texts went.

    Returns a DataFrame, one row a plan: `characters` of the raw text, of these `sentences` (in a sentence), `cleaning` (in a row of the cleaning table), `white_space`,
    and `unaccounted` (in none of them, or in two; 0 unless the reading is broken).
    """
    import numpy as np
    import pandas as pd

    rows = []
    for plan in corpus.plan_ids:
        raw = corpus.raw[plan]
        held = np.zeros(len(raw), np.int64)
        space = np.fromiter((character.isspace() for character in raw), bool, len(raw))
        for sentence in corpus.sentences.query("plan == @plan").itertuples():
            offsets = corpus.sentence_offsets(plan, sentence.sentence)
            shown = np.fromiter((not character.isspace() for character in sentence.text), bool, len(sentence.text))
            held[offsets[shown]] += 1
        in_sentence = held == 1
        for start, end in corpus.cleaning.query("plan == @plan")[["start", "end"]].itertuples(index=False):
            held[start:end][~space[start:end]] += 2
        rows.append(
            {
                "plan": plan,
                "characters": len(raw),
                "sentences": int(in_sentence.sum()),
                "cleaning": int((held == 2).sum()),
                "white_space": int(space.sum()),
                "unaccounted": int((~space & (held != 1) & (held != 2)).sum()),
            }
        )
    return pd.DataFrame(rows)
