"""Is the reading sound: does the outline agree with the plan's own table of contents, has every character its place?"""

from collections import Counter, defaultdict, deque

from .entries import read_entries
from .lines import fold_key

MANY = 400  # entries without a heading of their wording beyond which no likeness is looked for
ALIKE = 80  # per cent of like wording from which an entry and a heading count as the same heading, worded differently


def contents_entries(corpus, plan):
    """The entries of a plan's table of contents, in order: (wording, page) pairs; empty where the plan has none.

    An entry that is broken over two lines is put together; a table of contents without page numbers gives "" for the
    page.
    """
    cleaning = corpus.rows("cleaning", plan)
    return read_entries(cleaning.loc[cleaning["rule"] == "contents", "text"])


def check_outline(corpus):
    """Each plan's table of contents held against the headings that were found in its body.

    Returns a DataFrame, one row for each entry or heading, with `plan`, `status` (found | differs | missing | extra),
    `entry` (wording in the contents), `page`, `section` and `heading` (wording in the body). `missing`: the body
    lacks the entry. `differs`: the nearest heading is worded otherwise (looked for where at most 400 entries are left).
    `extra`: a heading that they do not list, of a style of which they list half or more. A plan without a table of
    contents has no row.
    """
    import pandas as pd

    rows = []
    for plan in corpus.plan_ids:
        if entries := contents_entries(corpus, plan):
            sections = corpus.rows("sections", plan)
            rows += _compare(plan, entries, sections[sections["kind"] != "title"])
    columns = ["plan", "status", "entry", "page", "section", "heading"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"section": "Int64"})


def _compare(plan, entries, sections):
    headings = [
        (int(s.section), f"{s.number} {s.title}".strip(), s.kind) for s in sections.itertuples() if s.title or s.number
    ]
    entries = _joined(entries, {fold_key(heading) for _, heading, _ in headings})
    by_key, rows, listed = defaultdict(deque), [], Counter()
    for heading in headings:
        by_key[fold_key(heading[1])].append(heading)
    matches = [_take(by_key, fold_key(wording)) for wording, _ in entries]
    taken = {match[0] for match in matches if match}
    free = {heading[0]: heading for heading in headings if heading[0] not in taken}
    alike = matches.count(None) <= MANY
    for (wording, page), match in zip(entries, matches, strict=True):
        status = "found"
        if not match:
            match = _nearest(list(free.values())[:MANY], fold_key(wording)) if alike else None
            status = "differs" if match else "missing"
            if match:
                del free[match[0]]
        if match:
            listed[match[2]] += 1
        rows.append((plan, status, wording, page, match[0] if match else None, match[1] if match else ""))
    total = Counter(kind for _, _, kind in headings)
    rows += [
        (plan, "extra", "", "", *one[:2])
        for one in free.values()
        if listed[one[2]] and listed[one[2]] * 2 >= total[one[2]]
    ]
    return rows


def _joined(entries, keys):
    """The entries, two neighbours put together where only both are a heading (an entry broken over two lines)."""
    out = []
    for wording, page in entries:
        if out and fold_key(out[-1][0] + wording) in keys and not {fold_key(out[-1][0]), fold_key(wording)} & keys:
            out[-1] = (out[-1][0] + wording, page)
        else:
            out.append((wording, page))
    return out


def _take(by_key, key):
    return by_key[key].popleft() if by_key.get(key) else None


def _nearest(free, key):
    from rapidfuzz import fuzz

    scored = [(fuzz.ratio(fold_key(heading[1]), key), -heading[0], heading) for heading in free]
    best = max(scored, default=(0, 0, None))
    return best[2] if best[0] >= ALIKE else None


def account_characters(corpus):
    """Where every character of the raw texts went.

    Returns a DataFrame, one row a plan: `characters` of the raw text, of these `sentences` (in a sentence), `cleaning`
    (in a row of the cleaning table), `white_space`, and `unaccounted` (in none of them, or in two; 0 unless the reading
    is broken).
    """
    import numpy as np
    import pandas as pd

    rows = []
    for plan in corpus.plan_ids:
        raw = corpus.raw[plan]
        held = np.zeros(len(raw), np.int64)
        space = np.fromiter((character.isspace() for character in raw), bool, len(raw))
        for sentence in corpus.rows("sentences", plan).itertuples():
            offsets = corpus.sentence_offsets(plan, sentence.sentence)
            shown = np.fromiter((not character.isspace() for character in sentence.text), bool, len(sentence.text))
            held[offsets[shown]] += 1
        in_sentence = held == 1
        for start, end in corpus.rows("cleaning", plan)[["start", "end"]].itertuples(index=False):
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
