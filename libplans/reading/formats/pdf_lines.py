"""Which lines do the characters of a page make?"""

from collections import Counter
from dataclasses import dataclass

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass
class Line:
    """A line of text on a page, or a table (with `rows`).

    `flow` says what it stands in: the full width, a column, a box, at the edge of the page by itself, or turned;
    lines of one `region` stand below each other and share their margins.
    """

    x0: float
    x1: float
    base: float
    size: float
    text: str
    first_font: str = ""
    last_font: str = ""
    first_token: float = 0.0  # width of the piece at its head that a line break could not cut
    rows: tuple = ()
    chars: tuple = ()
    flow: str = "full"
    region: int = 0
    frame: float = 0.0  # right edge of the box that it stands in


def run_together(texts):
    """The lines of a cell or paragraph as one text: a space only between Latin words."""
    out = ""
    for text in texts:
        latin = out and text and out[-1].isascii() and text[0].isascii() and out[-1].isalnum() and text[0].isalnum()
        out += (" " if latin else "") + text
    return out


def text_lines(chars):
    """Characters put together to lines, from the top of the page."""
    rows = []
    for char in sorted(chars, key=lambda c: (-c.base, c.x0)):
        if rows and abs(rows[-1][0].base - char.base) <= 0.3 * min(char.size, rows[-1][0].size):
            rows[-1].append(char)
        else:
            rows.append([char])
    return [_line(row) for row in _with_raised(rows)]


def _with_raised(rows):
    """Rows of small characters (superscripts) put into the row of text they stand at."""
    sizes = [_main_size(row) for row in rows]
    out = list(rows)
    for i, row in enumerate(rows):
        for j in (i + 1, i - 1):
            if not 0 <= j < len(rows) or out[j] is None or sizes[i] > 0.8 * sizes[j]:
                continue
            lift = row[0].base - rows[j][0].base
            near = any(abs(c.x0 - o.x1) <= sizes[j] or abs(o.x0 - c.x1) <= sizes[j] for c in row[:1] for o in rows[j])
            if -0.3 * sizes[j] <= lift <= 0.8 * sizes[j] and near and len(row) <= len(rows[j]):
                out[j] = out[j] + row
                out[i] = None
                break
    return [row for row in out if row]


def _main_size(row):
    return Counter(round(char.size, 1) for char in row).most_common(1)[0][0]


def _line(row):
    row = sorted(row, key=lambda c: c.x0)
    size = _main_size(row)
    base = Counter(round(c.base, 1) for c in row if abs(c.size - size) < 0.2).most_common(1)[0][0]
    wide = letter_space(row, size)
    out, previous = [], None
    for char in row:
        if previous is not None:
            out.append(_gap(previous, char, size, wide))
        raised = char.size <= 0.8 * size and char.base - base > 0.12 * size
        out.append(_raised(char.text) if raised else char.text)
        previous = char
    text = "".join(out)
    big = [c for c in row if c.size > 0.8 * size and not c.text.isascii()] or row
    token = next((i for i, c in enumerate(row) if not c.text.isascii()), len(row))
    width = max(row[max(token - 1, 0)].x1 - row[0].x0, size) + wide
    return Line(row[0].x0, row[-1].x1, base, size, text, big[0].font, big[-1].font, width, chars=tuple(row))


def letter_space(row, size):
    """The space that stands between all characters of a line, in points: letter-spacing, or a line spread out."""
    gaps = sorted(max(b.x0 - a.x1, 0.0) for a, b in zip(row, row[1:], strict=False) if not (a.text + b.text).isascii())
    if len(gaps) >= 5:
        return min(gaps[len(gaps) // 2], 1.5 * size)
    spread = gaps and len(gaps) == len(row) - 1 <= 5 and gaps[-1] - gaps[0] < 0.5 * size
    return (
        min(gaps[0], 4 * size)
        if spread and all("\u3400" <= c.text <= "\u9fff" or c.text in "，。、；：！？" for c in row)
        else 0.0
    )


def _raised(text):
    if "①" <= text <= "⑳":
        return str(ord(text) - ord("①") + 1).translate(SUPERSCRIPT)
    return "" if text in "[]［］〔〕" else text.translate(SUPERSCRIPT)


def _gap(a, b, size, wide):
    """White space between two characters of a line whose letters stand `wide` apart: a tab for a gap between columns,
    a space between words."""
    latin = a.text.isascii() and b.text.isascii()
    gap = b.x0 - a.x1 - (0 if latin else wide)
    if gap > 2.6 * size:
        return "\t"
    if b.spaced and gap > 0.1 * size and (latin or wide < 0.3 * size):
        return " "
    return " " if gap > (0.16 if latin and a.text.isalnum() and b.text.isalnum() else 0.9) * size else ""


def joined(spans, apart):
    """Stretches (x0, x1) from left to right, those with no more than `apart` between them as one."""
    out = []
    for x0, x1 in sorted(spans):
        if out and x0 - out[-1][1] <= apart:
            out[-1] = (out[-1][0], max(x1, out[-1][1]))
        else:
            out.append((x0, x1))
    return out
