"""In which order is a page of a PDF read: straight down, or column by column?

A gutter is an upright strip that no line crosses, with prose on both sides: lines of eight characters and more, many of
them full. Cells of a table beside each other are no columns: they are short, or end anywhere.
"""

from collections import Counter
from dataclasses import dataclass

from .pdf_lines import joined, letter_space

STEP = 3.0  # points between places that are tried for a gutter
MIN_LINES = 3  # of prose on either side of a gutter
MIN_LENGTH = 8  # characters of the middle line of a column
NARROW = 0.3  # characters of white space that a gutter leaves in every line: a full stop may hang into it
CLEAR = 0.7  # the same, of a gutter beside which few lines are enough
MANY = 8  # lines that show a narrower gutter
FULL = 0.4  # least share of a column's lines that end at one place, its right margin
HALF_BLANK = frozenset("，。、；：！？）》】」』〉”’")  # signs whose right half is empty: they may hang into a gutter
MAX_TRIED = 8  # places of a page that are tried for a gutter
MAX_ROWS = 400  # of a page, beyond which it is read straight down


@dataclass
class Row:
    """Characters on one base line, or a table or box (`block`); `spans` are the places it covers from left to right."""

    base: float
    size: float
    spans: list
    chars: list
    block: object = None
    wide: float = 0.0  # space between all its letters

    def left_of(self, x):
        return [span for span in self.spans if span[1] <= x]

    def right_of(self, x):
        return [span for span in self.spans if span[0] >= x]

    def crosses(self, x):
        return any(x0 < x < x1 for x0, x1 in self.spans)


def reading_order(chars, blocks):
    """Regions of a page in reading order: list of (flow, characters, blocks); `blocks` have x0, x1, base (the top)."""
    rows = _rows(chars) + [Row(b.base, b.size, [(b.x0, b.x1)], [], b) for b in blocks]
    rows.sort(key=lambda row: -row.base)
    head, rows, foot = _edges(rows)
    out = _regions(rows) if len(rows) <= MAX_ROWS else [("full", rows)]
    out = [("edge", head)] * bool(head) + out + [("edge", foot)] * bool(foot)
    return [
        (flow, [c for row in inside for c in row.chars], [row.block for row in inside if row.block])
        for flow, inside in out
    ]


def _rows(chars):
    groups = []
    for char in sorted(chars, key=lambda c: (-c.base, c.x0)):
        if groups and abs(groups[-1][0].base - char.base) <= 0.3 * min(char.size, groups[-1][0].size):
            groups[-1].append(char)
        else:
            groups.append([char])
    return [_row(sorted(group, key=lambda c: c.x0)) for group in groups]


def _row(chars):
    size = Counter(round(c.size, 1) for c in chars).most_common(1)[0][0]
    wide = letter_space(chars, size)
    near = NARROW * size + wide
    spans = []
    for char, following in zip(chars, [*chars[1:], None], strict=True):
        if spans and char.x0 - spans[-1][1] < near:
            spans[-1] = (spans[-1][0], max(char.x1, spans[-1][1]))
        else:
            spans.append((char.x0, char.x1))
        if char.text in HALF_BLANK and (following is None or abs(following.x0 - char.x1) > 0.1 * size):
            spans[-1] = (spans[-1][0], max(char.x0 + 0.5 * size, spans[-1][0] + 0.1))
    return Row(chars[0].base, size, spans, chars, wide=wide)


def _edges(rows):
    """(head, body, foot): up to two rows at the top and at the foot that stand apart from the rest."""
    falls = sorted(a.base - b.base for a, b in zip(rows, rows[1:], strict=False) if a.base - b.base > 0.8 * a.size)
    if len(rows) < 8 or not falls:
        return [], rows, []
    far = 1.8 * falls[len(falls) // 2]
    head = next((k for k in (2, 1) if rows[k - 1].base - rows[k].base > far), 0)
    foot = next((k for k in (2, 1) if rows[-k - 1].base - rows[-k].base > far), 0)
    if any(row.block for row in rows[:head]):
        head = 0
    if any(row.block for row in rows[len(rows) - foot :]):
        foot = 0
    return rows[:head], rows[head : len(rows) - foot], rows[len(rows) - foot :]


def _regions(rows, flow="full", depth=0):
    """Rows from the top cut into regions: bands of columns, and what stands between them."""
    x = _gutter(rows) if depth < 3 else None
    if x is None:
        return [(flow, rows)] if rows else []
    out, at = [], 0
    for first, last in _bands(rows, x):
        out += [(flow, rows[at:first])] if first > at else []
        band = rows[first:last]
        for side in (_side(band, x, left=True), _side(band, x, left=False)):
            out += _regions(side, "column", depth + 1)
        at = last
    return out + ([(flow, rows[at:])] if at < len(rows) else [])


def _side(rows, x, left):
    out = []
    for row in rows:
        chars = [c for c in row.chars if ((c.x0 + c.x1) / 2 < x) == left]
        if row.block:
            out += [row] if (row.spans[0][1] <= x) == left else []
        elif chars:
            out.append(_row(chars))
    return out


def _gutter(rows):
    """The x of the gutter that parts the most lines of the rows, None where there is none."""
    if len(rows) < 2 * MIN_LINES:
        return None
    size = Counter(round(row.size, 1) for row in rows).most_common(1)[0][0]
    left, right = min(row.spans[0][0] for row in rows), max(row.spans[-1][1] for row in rows)
    count = int((right - left) / STEP) + 2
    if not 2 * MIN_LENGTH * size < right - left or count > 2000:
        return None
    change = [0] * (count + 1)
    for row in rows:
        for x0, x1 in row.spans:
            a, b = int((x0 - left) / STEP) + 1, int((x1 - left) / STEP)
            if b >= a:
                change[a] += 1
                change[b + 1] -= 1
    covered, total = [], 0
    for step in change:
        total += step
        covered.append(total)
    margin = int(MIN_LENGTH * size / STEP)
    tried = [
        i
        for i in range(margin, count - margin)
        if covered[i] <= len(rows) - 2 * MIN_LINES and covered[i - 1] > covered[i] <= covered[i + 1]
    ]
    best, x = 0, None
    for i in sorted(tried, key=lambda i: covered[i])[:MAX_TRIED]:
        last = next((k for k in range(i, count) if covered[k + 1] != covered[i]), i)
        place = left + (i + last) / 2 * STEP
        parted = sum(last - first for first, last in _bands(rows, place))
        if parted > best:
            best, x = parted, place
    return x


def _bands(rows, x):
    """(first, last) of the runs of rows that a gutter at `x` parts into columns of prose."""
    out, first = [], 0
    for i in range(len(rows) + 1):
        if i < len(rows) and not rows[i].crosses(x):
            continue
        a, b = _trimmed(rows, first, i, x)
        if b - a >= MIN_LINES and _are_columns(rows[a:b], x):
            out.append((a, b))
        first = i + 1
    return out


def _trimmed(rows, first, last, x):
    """A band without the end of a paragraph of full width above it, or the head of one below it."""

    def both(i):
        return rows[i].left_of(x) and rows[i].right_of(x)

    def wide(i):
        return 0 <= i < len(rows) and rows[i].spans[-1][1] - rows[i].spans[0][0] > 0.6 * span

    if first >= last:
        return first, last
    span = max(row.spans[-1][1] for row in rows) - min(row.spans[0][0] for row in rows)
    lefts = [i for i in range(first, last) if rows[i].left_of(x)]
    rights = [i for i in range(first, last) if rows[i].right_of(x)]
    if not lefts or not rights:
        return first, first
    if wide(first - 1) and rights[0] > first and not both(first):
        first = min(first + 1, rights[0])
    if wide(last) and rights[-1] < last - 2:
        last = rights[-1] + 2
    return first, last


def _are_columns(rows, x):
    sides = ([row.left_of(x) for row in rows], [row.right_of(x) for row in rows])
    places = []
    for spans in sides:
        lines = [(held, row) for held, row in zip(spans, rows, strict=True) if held]
        text = [(held, row) for held, row in lines if row.block is None]
        if len(text) < MIN_LINES:
            return False
        size = text[0][1].size
        pieces = [piece for held, row in text for piece in joined(held, 1.5 * row.size)]
        ends = Counter(round(x1 / (1.4 * size)) for _, x1 in pieces)
        full = sum(ends[k] for k in ends if ends[k - 1] + ends[k] + ends[k + 1] >= max(MIN_LINES, len(pieces) / 6))
        lengths = sorted(x1 - x0 for x0, x1 in pieces)
        if lengths[len(lengths) // 2] < MIN_LENGTH * size or full < FULL * len(pieces):
            return False
        places.append((lines[0][1].base, lines[-1][1].base))
    (top, low), (other_top, other_low) = places
    shared = min(top, other_top) - max(low, other_low)
    both = sum(bool(a and b) for a, b in zip(*sides, strict=True))
    strip = min(held[0][0] for held in sides[1] if held) - max(held[-1][1] for held in sides[0] if held)
    wide = sorted(row.wide for row in rows)[len(rows) // 2]
    clear = strip >= CLEAR * rows[0].size + 1.5 * wide or (len(rows) >= MANY and both >= MIN_LINES)
    return clear and shared >= 0.5 * min(top - low, other_top - other_low)
