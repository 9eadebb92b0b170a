"""What stands on a page of a PDF, and where? Characters, ruled lines, and the lines of text they make.

All places are in points, x from the left, y upwards, as the page is seen (its rotation undone).
"""

import ctypes
import math
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass

import pypdfium2.raw as pdfium

MAX_CHARS = 40_000  # characters of a page
MAX_SEGMENTS = 20_000  # ruled lines of a page
TOUCH = 3.0  # points within which two ruled lines meet
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

#: CJK radicals that stand for a character and have no compatibility mapping (Unicode: Equivalent Unified Ideograph)
RADICALS = dict(
    zip(
        "⺁⺄⺆⺇⺈⺊⺌⺍⺎⺏⺐⺑⺒⺓⺗⺙⺛⺝⺞⺟⺠⺡⺢⺣⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺵⺶⺷⺸⺹⺺⺼⺾⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲⻳",
        "厂乙冂几刀卜小小兀尢尢尣巳幺忄攵旡月歺母民氵氺灬丬牛犭王疋目示礻竹糸纟罓罒冈网羊羊羋耂聿肉艹艹虎衤覀西见角角讠贝足车辶辶钅長镸长门阜阝雨青韦页风飞食飠饣首马骨鬼鱼鸟鹵麦黄黾斉齐歯齿竜龙龟龟",
        strict=False,
    )
)


@dataclass
class Char:
    x0: float
    x1: float
    base: float  # y of the base line
    size: float  # of the font, as drawn
    text: str
    font: str = ""
    spaced: bool = False  # a space stands before it


@dataclass
class Line:
    """A line of text on a page, or a table (with `rows`)."""

    x0: float
    x1: float
    base: float
    size: float
    text: str
    first_font: str = ""
    last_font: str = ""
    first_token: float = 0.0  # width of the piece at its head that a line break could not cut
    rows: tuple = ()


def plain_character(code):
    """A character code of a PDF as text: radicals and compatibility forms of Han as the characters they stand for."""
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return ""
    character = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F:
        return RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return "" if unicodedata.category(character) in ("Cc", "Cf") and character != "\ufeff" else character


def page_chars(text_page, turn):
    """The characters of a page as `Char`, turned text (watermarks) left out. `turn` maps to the page as seen."""
    count = min(pdfium.FPDFText_CountChars(text_page), MAX_CHARS)
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    chars, turned, fonts, spaced = [], 0, {}, False
    for i in range(count):
        text = plain_character(pdfium.FPDFText_GetUnicode(text_page, i))
        if not text.strip() or pdfium.FPDFText_IsGenerated(text_page, i) == 1:
            spaced = spaced or bool(text)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, i, box) or not pdfium.FPDFText_GetCharOrigin(
            text_page, i, x, y
        ):
            continue
        pdfium.FPDFText_GetMatrix(text_page, i, matrix)
        (x0, y0), (x1, y1) = turn(box.left, box.bottom), turn(box.right, box.top)
        scale = math.hypot(matrix.c, matrix.d)
        along = turn(matrix.a, matrix.b, vector=True)
        if abs(along[1]) > 0.3 * math.hypot(*along):
            turned += 1
            continue
        size = pdfium.FPDFText_GetFontSize(text_page, i) * scale or abs(y1 - y0)
        if not (0.5 < size < 2000 and all(map(math.isfinite, (x0, x1, y0, y1, size)))):
            continue
        font = _font(text_page, i, fonts)
        for part in text:
            chars.append(Char(min(x0, x1), max(x0, x1), turn(x.value, y.value)[1], size, part, font, spaced))
            spaced = False
    return _once(chars), turned


def _font(text_page, i, known):
    """The name of the font of character `i`; `known` keeps the names of text objects that were seen."""
    item = pdfium.FPDFText_GetTextObject(text_page, i)
    address = ctypes.cast(item, ctypes.c_void_p).value
    if address not in known:
        name = ctypes.create_string_buffer(128)
        font = pdfium.FPDFTextObj_GetFont(item) if item else None
        if font:
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
        known[address] = name.value.decode("utf-8", "replace")
    return known[address]


def _once(chars):
    """Without the second drawing of a character at its own place (bold by drawing twice, shadows)."""
    seen, kept = set(), []
    for char in chars:
        step = max(char.size * 0.15, 0.5)
        key = (char.text, round(char.x0 / step), round(char.base / step))
        near = {(key[0], key[1] + dx, key[2] + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        if not near & seen:
            kept.append(char)
        seen.add(key)
    return kept


def unread_objects(page):
    """How many text objects pdfium leaves out: single characters without a shape, in a font that is not embedded."""
    count = 0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
        x0, y0, x1, y1 = item.get_bounds()
        font = pdfium.FPDFTextObj_GetFont(item.raw) if x0 == x1 else None
        count += bool(font) and pdfium.FPDFFont_GetIsEmbedded(font) == 0
    return count


def ruled_lines(page, turn):
    """The horizontal and the vertical ruled lines of a page: lists of (y, x0, x1) and of (x, y0, y1)."""
    across, down, left = [], [], MAX_SEGMENTS
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1):
        count = pdfium.FPDFPath_CountSegments(item.raw)
        left -= max(count, 1)
        if left < 0:
            break
        if count < 0 or count > 5000:
            continue
        for points in _subpaths(item, count):
            _rule([turn(*point) for point in points], across, down)
    return across, down


def _subpaths(item, count):
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item.raw, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    points = []
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(
            (matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f)
        )
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _rule(points, across, down):
    """Add a subpath's straight lines; a thin rectangle is one line, a larger one its four sides."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    if not all(map(math.isfinite, xs + ys)):
        return
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if height <= TOUCH < width:
        across.append(((max(ys) + min(ys)) / 2, min(xs), max(xs)))
    elif width <= TOUCH < height:
        down.append(((max(xs) + min(xs)) / 2, min(ys), max(ys)))
    else:
        for (xa, ya), (xb, yb) in zip(points, points[1:], strict=False):
            if abs(ya - yb) < 1 < abs(xa - xb):
                across.append(((ya + yb) / 2, min(xa, xb), max(xa, xb)))
            elif abs(xa - xb) < 1 < abs(ya - yb):
                down.append(((xa + xb) / 2, min(ya, yb), max(ya, yb)))


def tables(across, down):
    """The ruled grids of a page, each as (xs, ys, across, down): two cells or more, borders sorted."""
    rules = [("h", *rule) for rule in across] + [("v", *rule) for rule in down]
    groups = _touching(rules)
    found = []
    for group in groups:
        h = [rule[1:] for rule in group if rule[0] == "h"]
        v = [rule[1:] for rule in group if rule[0] == "v"]
        ys, xs = _clusters([rule[0] for rule in h]), _clusters([rule[0] for rule in v])
        if len(xs) >= 2 and len(ys) >= 2 and (len(xs) - 1) * (len(ys) - 1) >= 2 and len(xs) * len(ys) <= 20_000:
            found.append((xs, ys, h, v))
    return found


def _touching(rules):
    """Groups of ruled lines that cross or meet each other."""
    above = list(range(len(rules)))

    def top(i):
        while above[i] != i:
            above[i] = above[above[i]]
            i = above[i]
        return i

    columns = defaultdict(list)
    for i, rule in enumerate(rules):
        if rule[0] == "v":
            columns[round(rule[1] / 8)].append(i)
    for i, (kind, y, x0, x1) in enumerate(rules):
        if kind != "h":
            continue
        for column in range(round((x0 - TOUCH) / 8) - 1, min(round((x1 + TOUCH) / 8) + 2, round(x0 / 8) + 2000)):
            for j in columns.get(column, ()):
                _, x, y0, y1 = rules[j]
                if x0 - TOUCH <= x <= x1 + TOUCH and y0 - TOUCH <= y <= y1 + TOUCH:
                    above[top(i)] = top(j)
    groups = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[top(i)].append(rule)
    return list(groups.values())


def _clusters(values):
    """Sorted values, those within `TOUCH` of each other as one."""
    out = []
    for value in sorted(values):
        if not out or value - out[-1] > TOUCH:
            out.append(value)
    return out


def table_rows(grid, chars):
    """The rows of a ruled grid as tuples of cell texts, from the top; merged cells stand once, at their first place."""
    xs, ys, h, v = grid
    columns, lines = len(xs) - 1, len(ys) - 1
    cell_of = _merged_cells(xs, ys, h, v)
    held = defaultdict(list)
    for char in chars:
        column = sum((char.x0 + char.x1) / 2 > x for x in xs) - 1
        row = sum(char.base + 0.35 * char.size > y for y in ys) - 1
        held[cell_of[min(max(row, 0), lines - 1), min(max(column, 0), columns - 1)]].append(char)
    rows, drawn = [], set()
    for row in reversed(range(lines)):
        cells = []
        for column in range(columns):
            cell = cell_of[row, column]
            if column and cell_of[row, column - 1] == cell:
                continue
            cells.append("" if cell in drawn else run_together([line.text for line in text_lines(held[cell])]))
            drawn.add(cell)
        if any(cells):
            rows.append(tuple(cells))
    return rows


def _merged_cells(xs, ys, h, v):
    """(row, column) of the grid -> the cell it belongs to: places without a ruled line between them are one cell."""
    cell_of = {}
    for row in reversed(range(len(ys) - 1)):
        for column in range(len(xs) - 1):
            middle_x, middle_y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            left = any(abs(x - xs[column]) <= TOUCH and y0 <= middle_y <= y1 for x, y0, y1 in v)
            top = any(abs(y - ys[row + 1]) <= TOUCH and x0 <= middle_x <= x1 for y, x0, x1 in h)
            if not left and column:
                cell_of[row, column] = cell_of[row, column - 1]
            elif not top and row < len(ys) - 2:
                cell_of[row, column] = cell_of[row + 1, column]
            else:
                cell_of[row, column] = (row, column)
    return cell_of


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
        if rows and abs(rows[-1][0].base - char.base) <= 0.3 * max(char.size, rows[-1][0].size):
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
    out, previous = [], None
    for char in row:
        if previous is not None:
            out.append(_gap(previous, char, size))
        raised = char.size <= 0.8 * size and char.base - base > 0.12 * size
        out.append(_raised(char.text) if raised else char.text)
        previous = char
    text = "".join(out)
    big = [c for c in row if c.size > 0.8 * size and not c.text.isascii()] or row
    token = next((i for i, c in enumerate(row) if not c.text.isascii()), len(row))
    width = row[max(token - 1, 0)].x1 - row[0].x0
    return Line(row[0].x0, row[-1].x1, base, size, text, big[0].font, big[-1].font, max(width, size))


def _raised(text):
    if "①" <= text <= "⑳":
        return str(ord(text) - ord("①") + 1).translate(SUPERSCRIPT)
    return "" if text in "[]［］〔〕" else text.translate(SUPERSCRIPT)


def _gap(a, b, size):
    """White space between two characters of a line: a tab for a gap between columns, a space between words."""
    gap = b.x0 - a.x1
    if gap > 2.6 * size:
        return "\t"
    if b.spaced and gap > 0.1 * size:
        return " "
    latin = a.text.isascii() and b.text.isascii()
    return " " if gap > (0.16 if latin and a.text.isalnum() and b.text.isalnum() else 0.9) * size else ""
