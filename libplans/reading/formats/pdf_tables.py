"""Which tables does a page of a PDF draw with ruled lines, and what stands in their cells?"""

import ctypes
import math
from collections import defaultdict

import pypdfium2.raw as pdfium

from .pdf_lines import joined, run_together, text_lines

MAX_SEGMENTS = 20_000  # ruled lines of a page
TOUCH = 3.0  # points within which two ruled lines meet
MAX_RULES = 1_000  # ruled lines across a page among which rows are looked for
MIN_BANDS = 3  # rows that ruled lines across make a table of
OPEN = 10.0  # points by which the lines of an open table go beyond its outermost line across


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
    """The ruled grids of a page, each as (xs, ys, across, down), borders sorted; a frame is a grid of one cell."""
    rules = [("h", *rule) for rule in across] + [("v", *rule) for rule in down]
    groups = _touching(rules)
    found = []
    for group in groups:
        h = [rule[1:] for rule in group if rule[0] == "h"]
        v = [rule[1:] for rule in group if rule[0] == "v"]
        ys, xs = _clusters([rule[0] for rule in h]), _clusters([rule[0] for rule in v])
        if len(xs) >= 2 and len(ys) >= 2:  # a table may be open at its sides, above and below
            xs = _extended(xs, h)
            ys = _extended(ys, v)
        if len(xs) >= 2 and len(ys) >= 2 and len(xs) * len(ys) <= 20_000:
            found.append((xs, ys, h, v))
    return found


def ruled_rows(across, grids, chars):
    """Grids of tables whose rows are ruled and whose columns are not: columns stand where no row has text.

    `grids` are those with lines both ways, `chars` the characters outside them.
    """
    if len(across) > MAX_RULES or len(grids) > MAX_RULES:
        return []
    free = [rule for rule in across if not any(_is_inside(rule, grid) for grid in grids)]
    groups = defaultdict(list)
    for y, x0, x1 in _whole_rules(free):
        groups[round(x0 / TOUCH), round(x1 / TOUCH)].append((y, x0, x1))
    found = []
    for rules in groups.values():
        _, x0, x1 = rules[0]
        inside = [c for c in chars if x0 - TOUCH <= c.x0 and c.x1 <= x1 + TOUCH]
        run = []
        for low, high in [*_pairs(_clusters([rule[0] for rule in rules])), (0, 0)]:
            held = [c for c in inside if low < c.base + 0.35 * c.size <= high]
            spans = joined([(c.x0, c.x1) for c in held], 0.5 * held[0].size if held else 0)
            if len(spans) > 1 or (spans and high - low < 2.5 * held[0].size):
                run.append((low, high, spans))
                continue
            found += _ruled_run(run, x0, x1)
            run = []
    return found


def _ruled_run(run, x0, x1):
    """The grid of a run of ruled rows (low, high, stretches of text), in a list; empty where they are no table."""
    several = [spans for _, _, spans in run if len(spans) > 1]
    if len(run) < MIN_BANDS or len(several) < 0.6 * len(run):
        return []
    columns = joined([span for spans in several for span in spans], 0)
    edges = [(a[1] + b[0]) / 2 for a, b in _pairs(columns)]
    down = [(x, low, high) for low, high, spans in run for x in edges if not any(a < x < b for a, b in spans)]
    ys = [run[0][0], *(high for _, high, _ in run)]
    return [([x0, *edges, x1], ys, [(y, x0, x1) for y in ys], down)] if edges else []


def _pairs(values):
    return list(zip(values, values[1:], strict=False))


def _is_inside(rule, grid):
    (y, x0, x1), (xs, ys) = rule, grid[:2]
    return ys[0] - TOUCH <= y <= ys[-1] + TOUCH and x0 < xs[-1] and x1 > xs[0]


def _whole_rules(rules):
    """Ruled lines across with the pieces that are drawn cell by cell put together."""
    out = []
    for y, x0, x1 in sorted(rules, key=lambda rule: (round(rule[0]), rule[1])):
        if out and abs(out[-1][0] - y) < 1 and x0 - out[-1][2] <= TOUCH:
            out[-1] = (out[-1][0], out[-1][1], max(x1, out[-1][2]))
        else:
            out.append((y, x0, x1))
    return out


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


def _extended(places, rules):
    """The places with the far ends of the ruled lines across them, where those go clearly beyond."""
    first, last = min(rule[1] for rule in rules), max(rule[2] for rule in rules)
    return [first] * (first < places[0] - OPEN) + places + [last] * (last > places[-1] + OPEN)


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
