"""Which lines are rows of a table: with bars or tabs between the cells, set with spaces, or with one cell a line?"""

import re

from .lines import fold_key
from .spaced_tables import LONGEST_CELL, MOST_COLUMNS, mark_spaced_tables

TABLE_ROW = re.compile(r"^\|.*\|$")
OPEN_ROW = re.compile(r"^[^|]*[^|\s] ?\|(?:[^|]*\|)+[^|]*$")  # bars between the cells, none at the ends
CELL_UNIT = re.compile(r"[（(][^（()）\d]{1,8}[)）](?:[/／每][年月日人])?$")
CELL_BAR = re.compile(r"^[^|]{1,40}\|$")
BARRED_CELLS = 6  # lines in a row that end with a bar before they are taken for the cells of a table
NUMBER_CELL = re.compile(
    r"^(?:[≥≤＞>＜<约]|不[少低]于|超过)?\s?[-−]?\d[\d.,]*(?:[%％]|[万亿余多]+)?(?:以上|左右|以下)?$"
)
EMPTY_CELL = re.compile(r"^(?:[-—–－/／]{1,3}|无)$")
MOST_TRIES = 20_000  # heads looked at in one text: a list of units is no list of tables
TABLE_RULE = re.compile(r"^[|+]?[\s:|+-]*-{2,}[\s:|+-]*[|+]?$")


def mark_tables(raw, lines):
    """Give the lines of tables the kind `row`, however their cells are set apart, and take rules out (in place)."""
    _mark_barred_tables(raw, lines)
    mark_spaced_tables(raw, lines)
    _cut_cell_bars(raw, lines)
    _mark_cell_tables(lines)


def _mark_barred_tables(raw, lines):
    """Rows of tables (tabs or bars between cells); a header row that comes again after a page break goes out."""
    header, open_rows = None, _open_rows(lines)
    for line in lines:
        if line.kind != "text":
            if line.kind != "blank" and not (line.kind == "note" or line.rule in ("page_number", "running_header")):
                header = None
            continue
        inner = raw[line.start : line.end].strip()
        if not line.text.strip("| \t\u3000\u00a0"):
            line.kind, line.rule = "removed", "table_rule"
        elif header and TABLE_RULE.match(inner):
            line.kind, line.rule = "removed", "table_rule"
        elif "\t" in inner or TABLE_ROW.match(inner) or id(line) in open_rows:
            line.kind = "row"
            if header is None:
                header = fold_key(line.text)
            elif fold_key(line.text) == header:
                line.kind, line.rule = "removed", "repeated_table_header"
        else:
            header = None


def _open_rows(lines):
    """The lines (their ids) that are rows with bars between the cells only: two or more below each other with as many
    bars, three cells at least."""
    found, above, bars = set(), None, 0
    for line in lines:
        if line.kind == "blank":
            continue
        count = line.text.count("|") if line.kind == "text" and OPEN_ROW.match(line.text) else 0
        if count and count == bars:
            found |= {id(above), id(line)}
        above, bars = line, count
    return found


def _cut_cell_bars(raw, lines):
    """Take out the bars at the ends of lines that are cells of a table which came with one cell a line."""
    run = []
    for line in [*(line for line in lines if line.kind != "blank"), None]:
        if line is not None and line.kind == "text" and CELL_BAR.match(line.text):
            run.append(line)
            continue
        for cell in run if len(run) >= BARRED_CELLS else ():
            at = cell.start + raw[cell.start : cell.end].rindex("|")
            cell.cuts = sorted([*cell.cuts, (at, at + 1, "table_mark")])
            cell.text = cell.text[:-1].strip()
        run = []


def _mark_cell_tables(lines):
    """Rows of tables that came with one cell a line: a head, then rows of the same make, with units in brackets.

    As many columns as make two rows or more below a head without numbers, in which numbers stand in the same columns,
    one of them below the unit; or in which each row names its unit in the first cell. Of several heads that fit, the
    one that covers most cells, then the last.
    """
    cells = [line for line in lines if line.kind != "blank"]
    at, tries = 0, 0
    units = [i for i, line in enumerate(cells) if line.kind == "text" and CELL_UNIT.search(line.text)]
    for unit in units:
        if unit < at or tries > MOST_TRIES:
            continue
        found = []
        for start in range(max(at, unit - MOST_COLUMNS + 1), unit + 1):
            for width in range(max(2, unit - start + 1), MOST_COLUMNS + 1):
                tries += 1
                if rows := _cell_rows(cells, start, width, unit - start):
                    found.append((width * (rows + 1), start, width))
        for width in range(2, MOST_COLUMNS + 1):
            tries += 1
            if rows := _unit_rows(cells, unit, width):
                found.append((width * (rows + 1), unit - width, width))
        if found:
            covered, start, width = max(found)
            at = start + covered
            for i in range(start, at):
                cells[i].kind, cells[i].further = "row", (i - start) % width > 0


def _cell_rows(cells, start, width, unit):
    """How many rows of `width` cells stand below a head at `start`; 0 where it is none or fewer than two follow."""
    head = cells[start : start + width]
    if len(head) < width or any(not _is_cell(line) or NUMBER_CELL.match(line.text) for line in head):
        return 0
    first, rows = None, 0
    for at in range(start + width, len(cells) - width + 1, width):
        row = cells[at : at + width]
        if not all(map(_is_cell, row)):
            break
        kinds = [bool(NUMBER_CELL.match(line.text)) for line in row]
        kinds = [None if EMPTY_CELL.match(line.text) else kind for line, kind in zip(row, kinds, strict=True)]
        first = [kind if known is None else known for known, kind in zip(first or kinds, kinds, strict=True)]
        if any(kind not in (None, known) for kind, known in zip(kinds, first, strict=True)) or kinds[unit] is False:
            break
        rows += 1
    return rows if rows >= 2 else 0


def _unit_rows(cells, first, width):
    """How many rows of `width` cells begin at `first`, each with the unit in its first cell and numbers, or nothing, in
    the others, below a head without numbers; 0 where there is no head or fewer than two rows."""
    head = cells[first - width : first] if first >= width else []
    if not head or any(
        not _is_cell(line) or NUMBER_CELL.match(line.text) or CELL_UNIT.search(line.text) for line in head
    ):
        return 0
    rows = 0
    for at in range(first, len(cells) - width + 1, width):
        name, *values = cells[at : at + width]
        if not _is_cell(name) or not CELL_UNIT.search(name.text):
            break
        if any(
            line.kind != "text" or not (NUMBER_CELL.match(line.text) or EMPTY_CELL.match(line.text)) for line in values
        ):
            break
        rows += 1
    return rows if rows >= 2 else 0


def _is_cell(line):
    return line.kind == "text" and len(line.text) <= LONGEST_CELL and line.text[-1:] not in "。；，、"
