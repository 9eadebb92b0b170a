"""Which lines of a page are rows of a table that has no ruled lines between its columns?"""

import re

from .pdf_lines import joined, letter_space, run_together, text_lines

APART = 1.5  # characters of white space between two columns of three or more
FAR = 2.6  # the same, between two columns
CLEAR = 0.8  # characters of white space that all rows leave between two columns
FEW = 3  # rows from which lines make a table
MANY = 4  # columns with which two rows do
ENUMERATOR = re.compile(r"[（(]?[\dA-Za-z一二三四五六七八九十]{1,3}[)）.．、]?|[•●■◆·—-]+|第.{1,4}[条章节]")


def find_open_tables(lines):
    """Lines of a region, from its top, with runs of them put together to tables: list of `Line`.

    A cell that goes over several lines is one: its lines stand closer than rows do, or have no entry in the first
    column; these go to the row above, or to that below where they stand farther from the one above.
    """
    out, at = [], 0
    while at < len(lines):
        last = _run_end(lines, at)
        table = _table(lines[at:last]) if last - at >= 2 else None
        if table is None:
            last = at + 1
            out += lines[at:last]
        else:
            out.append(table)
        at = last
    return out


def _pieces(line, least):
    """The stretches of a line that stand `least` characters of white space apart: [(x0, x1)]."""
    spans, apart = [], least * line.size + letter_space(line.chars, line.size)
    for char in line.chars:
        if spans and char.x0 - spans[-1][1] <= apart:
            spans[-1] = (spans[-1][0], max(spans[-1][1], char.x1))
        else:
            spans.append((char.x0, char.x1))
    return spans


def _is_seed(line):
    if line.rows or not (" " in line.text or "\t" in line.text):
        return False
    return len(_pieces(line, APART)) >= 3 or len(_pieces(line, FAR)) == 2


def _run_end(lines, at):
    """The index after the last line of the run of table rows that opens at `at`; `at` where none does."""
    if not _is_seed(lines[at]):
        return at
    end, i = at + 1, at + 1
    while i < len(lines) and i - end < 3 and not lines[i].rows:
        if (
            lines[i - 1].base - lines[i].base > 3.5 * lines[i].size
            or abs(lines[i].size - lines[at].size) > lines[at].size / 4
        ):
            break
        if _is_seed(lines[i]):
            end = i + 1
        i += 1
    edges = _columns(lines[at:end])
    while end < len(lines) and len(edges) > 1 and _hangs_on(lines[end - 1], lines[end], edges):
        end += 1
    return end


def _hangs_on(above, line, edges):
    """True for the rest of a cell below the last row."""
    if line.rows or above.base - line.base > 1.6 * line.size or abs(line.size - above.size) > 0.5:
        return False
    held = [k for k, (x0, x1) in enumerate(edges) if line.x0 >= x0 - 1 and line.x1 <= x1 + 1]
    return len(held) == 1 and held[0] > 0


def _columns(lines):
    """The columns of a run of rows: [(x0, x1)], the stretches between the strips that no row covers."""
    out = joined([piece for line in lines if _is_seed(line) for piece in _pieces(line, CLEAR)], CLEAR * lines[0].size)
    for x0, x1 in (piece for line in lines if not _is_seed(line) for piece in _pieces(line, CLEAR)):
        held = [k for k, column in enumerate(out) if x0 < column[1] and x1 > column[0]]
        if len(held) == 1:  # the rest of a cell may be wider than its column seemed
            out[held[0]] = (min(x0, out[held[0]][0]), max(x1, out[held[0]][1]))
    return out


def _table(lines):
    """The table that the lines make, None where they make none."""
    seeds = [line for line in lines if _is_seed(line)]
    columns = _columns(lines)
    if len(columns) < 2 or len(seeds) < (FEW if len(columns) < MANY else 2):
        return None
    edges = [(a[1] + b[0]) / 2 for a, b in zip(columns, columns[1:], strict=False)]
    if any(x0 < edge < x1 for line in lines for x0, x1 in _pieces(line, CLEAR) for edge in edges):
        return None
    cells = [_cells(line, edges) for line in lines]
    if all(ENUMERATOR.fullmatch(row[0]) for row in cells if row[0]) and len(columns) == 2:
        return None
    if _are_contents(cells):
        return None
    rows = []
    for group in _grouped(lines, cells):
        row = tuple(run_together([cells[i][k] for i in group if cells[i][k]]) for k in range(len(columns)))
        rows.append(row)
    first = lines[0]
    return type(first)(
        min(line.x0 for line in lines), max(line.x1 for line in lines), first.base, first.size, "",
        rows=tuple(rows), flow=first.flow, region=first.region,
    )  # fmt: skip


def _are_contents(cells):
    """True for titles with page numbers that rise: contents, whose lines stay lines."""
    pages = [row[-1] for row in cells if row[-1]]
    return len(cells[0]) == 2 and all(p.isdigit() and len(p) < 4 for p in pages) and pages == sorted(pages, key=int)


def _cells(line, edges):
    """The text of a line cut at the edges of the columns."""
    held = [[] for _ in range(len(edges) + 1)]
    for char in line.chars:
        held[sum((char.x0 + char.x1) / 2 > edge for edge in edges)].append(char)
    return [" ".join(one.text for one in text_lines(chars)) if chars else "" for chars in held]


def _grouped(lines, cells):
    """Indices of the lines of each row."""
    gaps = [a.base - b.base for a, b in zip(lines, lines[1:], strict=False)]
    near = _near(gaps)
    if near:
        heads = [0, *(i + 1 for i, gap in enumerate(gaps) if gap > near)]
    else:
        heads = [i for i, row in enumerate(cells) if row[0] or sum(map(bool, row)) * 2 > len(row)] or [0]
    groups = {head: [head] for head in heads}
    groups[heads[0]] += range(heads[0])
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        last = len(lines) - 1 if following is None else following - 1
        if following is not None and not near:
            inner = gaps[head:following]
            last = head + inner.index(max(inner)) if max(inner) > 1.1 * min(inner) else last
            groups[following] += range(last + 1, following)
        groups[head] += range(head + 1, last + 1)
    return [sorted(groups[head]) for head in heads]


def _near(gaps):
    """The distance up to which lines belong to one row, where rows stand clearly farther apart; else 0."""
    order = sorted(gaps)
    steps = [(b / max(a, 0.1), a) for a, b in zip(order, order[1:], strict=False)]
    ratio, near = max(steps, default=(0, 0))
    far = sum(gap > near for gap in gaps)
    return near if ratio >= 1.25 and far >= 0.3 * len(gaps) else 0
