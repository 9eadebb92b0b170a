"""How is a text set: are its lines cut at a width, its paragraphs set apart, its first lines indented?

Whether a line goes on with the line above it can be told with more certainty where the whole text shows a habit.
"""

import re
from dataclasses import dataclass

from .lines import sentence_ended

FEW = 12  # lines from which a habit shows
NEAR_FULL = 6  # half-width columns by which a full line may fall short of the widest
WIDEST = 200  # characters from which on a line is wider than any at which lines are cut, however wide


@dataclass(frozen=True)
class Setting:
    """The habits of a text.

    `apart`: an empty line stands between all paragraphs, and pages are marked otherwise (by form feeds). `width`: lines
    are cut at this many columns (Han characters count two), 0 where lines are whole paragraphs. `indented`: paragraphs
    open indented.
    """

    apart: bool = False
    width: int = 0
    indented: bool = False


def columns(text):
    """How wide a line is: two columns for a Han character or full-width sign, one for any other."""
    return len(text) + len(
        re.findall(
            "[\u1100-\u115f\u2014-\u2026\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]",
            text,
        )
    )


def find_setting(lines):
    """The `Setting` of a text from its `layout.Line`s."""
    text = [line for line in lines if line.kind == "text"]
    paged = bool(text) and text[-1].page > 0
    if len(text) < (2 if paged else FEW):
        return Setting()
    width = _wrap_width(lines) if len(text) >= FEW else 0
    gaps = [line.after_blank for above, line in zip(text, text[1:], strict=False) if above.page == line.page]
    apart = not width and paged and sum(gaps) >= 0.9 * len(gaps)
    if width:
        share, least, most = sum(line.indented for line in text) / len(text), 0.08, 0.75
    else:
        inner = [line for above, line in zip(text, text[1:], strict=False) if above.page == line.page]
        whole = [line for line in inner if len(line.text) > 20 and sentence_ended(line.text)]
        share, least, most = sum(line.indented for line in whole) / max(len(whole), 1), 0.7, 1
    return Setting(apart, width, least <= share <= most)


def _wrap_width(lines):
    """The width at which lines are cut: many end within a word's length of it, none goes beyond."""
    text = [line for line in lines if line.kind == "text"]
    widths = sorted((columns(line.text) if len(line.text) < WIDEST else WIDEST) + 4 * line.indented for line in text)
    width = widths[int(len(widths) * 0.97)]
    full = sum(width - NEAR_FULL <= w <= width + 3 for w in widths)
    return width if 40 <= width <= 130 and full >= 0.4 * len(widths) and widths[-1] <= width + 20 else 0


def goes_on(setting, last, line, broken):
    """True or False where the setting decides whether `line` goes on with the paragraph whose last line is `last`; None
    where it does not.

    `broken`: a page break, a page number or a running header stands between the two.
    """
    if setting.apart:
        if not broken:
            return False if line.after_blank else None
        if setting.indented:
            return False if line.indented else None
    if setting.width:
        if line.indented and (setting.indented or not last.indented):
            return False
        full = columns(last.text) + 4 * last.indented + _first_piece(line.text) >= setting.width - 1
        if broken:
            return True if full and setting.indented else None
        if not full or (line.after_blank and sentence_ended(last.text)):
            return False
        return None if line.indented else True
    return None


def _first_piece(text):
    """Columns of the piece at the head of a line that a line break could not cut off: a word or number, with the signs
    that stand with it."""
    return max(columns(re.match(r"[A-Za-z0-9%.,:/_-]*[^A-Za-z0-9]?[，。；：、”’）》】！？]*", text)[0]), 2) + 2
