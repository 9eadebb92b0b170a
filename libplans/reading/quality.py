"""What looks doubtful in a plan as it was read, and what was taken out or mended?

A doubt is a place to look at, not an error: a text may well lack a final stop where its author forgot it.
"""

import re
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from itertools import chain

from .lines import HAN, fold_key, sentence_ended

COLUMNS = ["plan", "kind", "start", "end", "text"]
#: kind of doubt -> what it says, in the order in which they are told
KINDS = {
    "replacement_character": "a character that was lost before the file reached us (U+FFFD)",
    "private_use": "a character without a meaning of its own (private use), as symbol fonts and damaged PDFs leave it",
    "wrong_decoding": "letters as they come from text that was decoded wrongly",
    "outside_font": "a character that the bundled font cannot draw in figures",
    "unbalanced_marks": "a quotation mark or bracket without its partner in the section",
    "doubled_mark": "two punctuation marks of which one is too many (，。)",
    "word_cut": "a dash, dot or blank inside a word of the dictionary (政—治)",
    "no_final_stop": "a paragraph of prose without final punctuation",
    "long_sentence": "a sentence of more than 400 characters: a stop may be lost",
    "repeated_sentence": "a sentence of 30 characters or more that stands twice",
    "number_missing": "numbered headings beside each other skip a number or come back to one",
    "contents_differ": "an entry of the table of contents that no heading has word for word",
}
PAIRS = dict(zip("”’》〉】』」）)］", "“‘《〈【『「（(［", strict=False))
MENDED = ("page_break", "line_break", "digit_spacing", "footnote_mark", "recognition_debris", "bold_mark")
LONG = 400
COUPLET = 7  # characters in each half of a couplet
MOST = 1_000  # doubts of one kind in one plan that have a row of their own
MANY = 20  # characters outside the font that are told one by one
SEARCHED = 500  # lines of contents in which an entry that opens none of them is looked for
PLACES = 5  # of a kind that the text report shows


def check_quality(corpus):
    """The doubtful places of all plans.

    Returns a DataFrame, one row a place, with `plan`, `kind` (see `KINDS`), half-open raw offsets `start`, `end`, and
    `text` (what stands there, or its sentence, cut to 60 characters), sorted by plan and place. Of more than 1,000
    places of one kind in a plan the last row says how many are left out. No row does not mean that the plan was read
    right: compare a page of it with the original.
    """
    import pandas as pd

    from .contents import check_outline

    rows, outline = [], check_outline(corpus)
    entries = dict(list(outline.groupby("plan")))
    for plan in corpus.plan_ids:
        own = _Placed(corpus, plan)
        found = [_characters(own.raw), _marks(own), _doubled(own), _cut_words(own), _sentences(own)]
        found.append(_numbers(corpus.rows("sections", plan)))
        if plan in entries:
            found.append(_contents(entries[plan], corpus.rows("cleaning", plan)))
        rows += [(plan, *doubt) for doubt in _bounded(chain.from_iterable(found))]
    order = {plan: place for place, plan in enumerate(corpus.plan_ids)}
    rows.sort(key=lambda row: (order[row[0]], row[2], row[3], row[1]))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object).astype({"start": "Int64", "end": "Int64"})


def _bounded(found):
    """The doubts as they are found, of each kind `MOST` at the most; the last of these says how many are left out."""
    counts, last = Counter(), {}
    for kind, start, end, text in found:
        counts[kind] += 1
        if counts[kind] < MOST:
            yield kind, start, end, _cut(text)
        elif counts[kind] == MOST:
            last[kind] = start, end, _cut(text)
    for kind, (start, end, text) in last.items():
        more = counts[kind] - MOST
        yield kind, start, end, _cut(f"and {more:,} more: {text}") if more else text


def describe_quality(corpus, notes=()):
    """The quality report of a corpus as text: what was read, taken out, mended, and what looks doubtful, with places.

    `notes` are lines about how the file was read (its encoding, what its format held besides the text).
    """
    doubts = check_quality(corpus)
    lines = []
    for row in corpus.plans.itertuples():
        lines.append(f"{row.plan}: {row.chars:,} characters, {row.sections:,} sections, {row.sentences:,} sentences")
        if notes:
            lines.append(f"  read: {'; '.join(notes)}")
        rules = Counter(corpus.cleaning[corpus.cleaning["plan"] == row.plan]["rule"])
        lines.append(f"  taken out: {_counted({r: n for r, n in rules.items() if r not in MENDED})}")
        lines.append(f"  mended: {_counted({r: n for r, n in rules.items() if r in MENDED})}")
        own = doubts[doubts["plan"] == row.plan]
        lines.append(f"  doubtful: {_counted(Counter(own['kind']))}")
        for kind in KINDS:
            places = own[own["kind"] == kind]
            if len(places):
                lines.append(f"    {kind}: {KINDS[kind]}")
                lines += [f"      {p.start}–{p.end}  {shown_text(p.text)}" for p in places.head(PLACES).itertuples()]
                if len(places) > PLACES:
                    lines.append(f"      and {len(places) - PLACES} more")
    return "\n".join(lines)


def _counted(counts):
    return ", ".join(f"{name} {counts[name]}" for name in sorted(counts)) or "nothing"


def shown_text(text):
    """A text in one line, with what cannot be seen written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def _cut(text):
    return text if len(text) <= 60 else text[:59] + "…"


def _characters(raw):
    for kind, pattern in (
        ("replacement_character", "\ufffd+"),
        ("private_use", "[\ue000-\uf8ff\U000f0000-\U0010ffff]+"),
        ("wrong_decoding", "[\u00c0-\u00ff][\u0080-\u00ff\u0152-\u0178\u2018-\u203a]{3,}"),
    ):
        for match in re.finditer(pattern, raw):
            yield kind, match.start(), match.end(), match[0]
    yield from _undrawn(raw)


def _undrawn(raw):
    """Characters that the bundled font lacks, each at its first place; many (another script) in one row."""
    missing = [c for c in sorted(set(raw) - drawn_characters()) if c.isprintable() and not c.isspace()]
    missing = [c for c in missing if not "\ue000" <= c <= "\uf8ff" and c != "\ufffd"]
    places = {raw.index(c): c for c in missing}
    if len(places) <= MANY:
        yield from (("outside_font", place, place + 1, c) for place, c in sorted(places.items()))
    else:
        first = min(places)
        shown = "".join(places[place] for place in sorted(places)[:MANY])
        yield "outside_font", first, first + 1, f"{len(places)} characters: {shown}…"


@lru_cache(1)
def drawn_characters():
    """The characters that the bundled font can draw, as a frozenset; all that a plan holds where there is no font."""
    from matplotlib.ft2font import FT2Font

    font = files("libplans").joinpath("fonts/LibplansSansSC-Regular.ttf")
    return frozenset(map(chr, FT2Font(str(font)).get_charmap()))


class _Placed:
    """The sentences of a plan, with the raw place of each of their characters."""

    def __init__(self, corpus, plan):
        self.corpus, self.plan, self.raw = corpus, plan, corpus.raw[plan]
        self.rows = list(corpus.rows("sentences", plan).itertuples())

    def span(self, row, first, last):
        """Raw offsets of the characters first…last-1 of a sentence."""
        offsets = self.corpus.sentence_offsets(self.plan, row.sentence)
        return int(offsets[first]), int(offsets[last - 1]) + 1


def _around(text, place):
    return text[max(0, place - 20) : place + 20]


def _marks(own):
    """Quotation marks and brackets without a partner, section by section; numbering such as 1） is none."""
    opened = {}
    for row in own.rows:
        open_here = opened.setdefault((row.section, row.kind == "heading"), [])
        for place, mark in _brackets(row.text):
            if mark in PAIRS.values():
                open_here.append((mark, row, place))
            elif open_here and _partners(open_here[-1][0], mark):
                open_here.pop()
            elif place > 4 or not re.fullmatch(r"\s*[\dA-Za-z一二三四五六七八九十①-⑳]{1,3}", row.text[:place]):
                yield "unbalanced_marks", *own.span(row, place, place + 1), _around(row.text, place)
    for _, row, place in (one for open_here in opened.values() for one in open_here):
        yield "unbalanced_marks", *own.span(row, place, place + 1), _around(row.text, place)


def _brackets(text):
    return [(match.start(), match[0]) for match in re.finditer("[“”‘’《》〈〉【】『』「」（）()［］]", text)]


def _partners(opening, closing):
    return PAIRS[closing] == opening or (opening in "（(" and closing in "）)")


def _doubled(own):
    """Two marks side by side where one would do."""
    for row in own.rows:
        for match in re.finditer("[，、；：,;][，。；：、,;]|。[，。；：、]", row.text):
            yield "doubled_mark", *own.span(row, *match.span()), _around(row.text, match.start())


def _cut_words(own):
    """Words of the dictionary with a stray sign inside. A blank between equal halves is layout (总　则, a couplet)."""
    from ..words import spans

    for row in own.rows:
        blank = "" if row.kind == "table" else " \u3000"
        for match in re.finditer(f"(?<=[{HAN}])(?:[-—–－_|~·.．{blank}]| {{2}})(?=[{HAN}])", row.text):
            left = re.search(f"[{HAN}]+$", row.text[: match.start()])[0]
            right = re.match(f"[{HAN}]+", row.text[match.end() :])[0]
            if match[0].isspace() and len(left) == len(right) <= COUPLET:
                continue
            left, right = left[-8:], right[:8]
            word = next((w for w, start, end in spans(left + right) if start < len(left) < end), "")
            if word:
                yield "word_cut", *own.span(row, *match.span()), f"{word}: {_around(row.text, match.start())}"


def _sentences(own):
    seen, above = {}, None
    for row in own.rows:
        runs_on = above is not None and "\n" not in own.raw[above.end : row.start]
        above = row
        if row.kind != "body":
            continue
        if not sentence_ended(row.text) and _prose(row.text, runs_on):
            yield "no_final_stop", row.start, row.end, row.text[-40:]
        if len(row.text) > LONG:
            yield "long_sentence", row.start, row.end, row.text
        if len(row.text) >= 30:
            if row.text in seen:
                yield "repeated_sentence", row.start, row.end, row.text
            seen[row.text] = row.start


def _prose(text, runs_on):
    """A sentence, not a caption, an issuer or a date: it has a comma, goes on a paragraph, or is long."""
    return len(text) >= 10 and (runs_on or len(text) >= 40 or bool(re.search("[，。；,;]", text)))


def _numbers(sections):
    """Numbered siblings of one style whose numbers do not rise one by one."""
    last = {}
    for row in sections[sections["number"] != ""].itertuples():
        value, before = _ordinal(row.number), last.get((row.parent, row.kind))
        if value is not None and before is not None and value != before + 1 and not (value == 1 and row.kind != "1."):
            yield "number_missing", row.start, row.start + len(row.number), f"{row.number} {row.title}"
        last[row.parent, row.kind] = value


def _ordinal(number):
    from ..indicators.numerals import han_value

    if digits := re.fullmatch(r"\D*(\d{1,4})\D*", number):
        return int(digits[1])
    if words := re.fullmatch(
        r"[^一二三四五六七八九十百〇零]*([一二三四五六七八九十百〇零]{1,6})[^一二三四五六七八九十百〇零]*", number
    ):
        value = han_value(words[1])
        return None if value is None else int(value)
    if "①" <= number[:1] <= "⑳":
        return ord(number[0]) - ord("①") + 1
    return None


def _contents(entries, cleaning):
    lines = [(fold_key(row.text), row.start, row.end) for row in cleaning[cleaning["rule"] == "contents"].itertuples()]
    ordered = sorted(lines)
    for entry in entries[entries["status"].isin(["missing", "differs"])]["entry"]:
        wanted = fold_key(entry)[:12]
        at = bisect_left(ordered, (wanted, 0, 0))
        place = ordered[at] if at < len(ordered) and ordered[at][0].startswith(wanted) else None
        if not place and len(lines) <= SEARCHED:
            place = next((line for line in lines if wanted in line[0]), None)
        if place:
            yield "contents_differ", *place[1:], entry
