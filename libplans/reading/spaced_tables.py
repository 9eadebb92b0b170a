"""Which lines are rows of a table whose cells are set apart by spaces?"""

import re

from .lines import HAN, LONGEST_ENTRY, apply_cuts

#: a number in a row set with spaces: 120, ≥150（120）, 98.5%
SPACED_NUMBER = r"[≥≤＞＜<>+−－-]?\d[\d.,]*%?(?:[（(]\d[\d.,]*%?[)）])?"
#: a row set with spaces: a name, then its unit in brackets and a number or more, or two numbers or more
SPACED_ROW = re.compile(
    rf"^(?=.*[{HAN}])(?:[^\d。；，]*[{HAN}][^\d。；，]*)?"
    rf"(?:[（(][^（()）\d]{{1,10}}[)）](?P<one>\s+{SPACED_NUMBER})+|(?<=\s)\s*{SPACED_NUMBER}(?:\s+{SPACED_NUMBER})+)$"
)
#: a cell of the head of such a table: words with one space between them at the most, or two letters apart (项　　目)
SPACED_CELL = re.compile(rf"^[{HAN}][ \u3000]+[{HAN}](?=\s{{2}})|\S+(?: \S+)*")
SPACED_ALONE = re.compile(rf"{SPACED_NUMBER}(?:以上|以下|以内|左右)?$")
#: titles of columns, by which the head of a table is known whose cells stand one space apart
COLUMN_TITLE = re.compile(r"^(?:序号|.{0,6}(?:指标|名称|项目|单位|目标|现状|属性|类型|备注)|(?:19|20)\d\d年?.{0,6})$")
SPACED_TAIL = re.compile(rf"(?:\s+{SPACED_NUMBER})+\s*$")
NAME_ALONE = re.compile(rf"^[{HAN}#*（）()、]{{2,20}}$")
SPACED_ROWS = 3  # in a row before lines are taken for a table
LONGEST_CELL = 20  # characters of a cell that stands alone on its line
MOST_COLUMNS = 12


def mark_spaced_tables(raw, lines):
    """Give the lines of tables set with spaces, and their heads, the kind `row` (in place)."""
    _mark_column_tables(lines)
    _mark_word_tables(raw, lines)
    _mark_number_tables(lines)


def spaced_cells(text):
    """The spans of the cells of a row set with spaces: by two spaces or more, or a name and the numbers behind it, or
    (a head) by single spaces, whichever gives more."""
    wide = [match.span() for match in SPACED_CELL.finditer(text)]
    found = SPACED_TAIL.search(text)
    numbers = found.start() if found else len(text)
    left, right = len(text) - len(text.lstrip()), len(text[:numbers].rstrip())
    spans = [(left, right)] if right > left else []
    spans += [(match.start() + numbers, match.end() + numbers) for match in re.finditer(r"\S+", text[numbers:])]
    if len(wide) > max(len(spans), 2):
        return wide
    words = [match.span() for match in re.finditer(r"\S+", text)]
    return words if not found and len(wide) < 3 and len(words) > 2 else spans


def _mark_column_tables(lines):
    """Rows of tables whose columns are set with two spaces or more: three lines in a row, blank ones left out, with as
    many cells, three or more, a number among them; and the head above, where it has as many."""
    run, width, above, head = [], 0, None, None
    for line in [*(line for line in lines if line.kind != "blank"), None]:
        cells = _columns(line)
        if run and cells != width:
            if len(run) >= SPACED_ROWS:
                for row in [*([head] if _heads(head, width) else []), *run]:
                    row.kind = "row"
            run = []
        if cells:
            if not run:
                head, width = above, cells
            run.append(line)
        above = line


def _columns(line):
    """How many cells a line has by two spaces or more, a number among them; 0 where it is no such row."""
    if line is None or line.kind != "text" or len(line.text) > LONGEST_ENTRY or "  " not in line.text:
        return 0
    cells = SPACED_CELL.findall(line.text)
    return len(cells) if len(cells) > 2 and any(SPACED_ALONE.match(cell) for cell in cells[1:]) else 0


def _mark_word_tables(raw, lines):
    """Rows of tables whose cells stand one space apart (copied from a page): below a head of four words or more, three
    of them titles of columns, three rows with as many words, or one fewer (no number of its own), and numbers at the
    same places from the right. A name that is broken over two lines may stand between. A space between two of its
    numbers parts them (486 620), whatever it is elsewhere."""
    filled = [line for line in lines if line.kind != "blank"]
    for at, head in enumerate(filled):
        words = _words(raw, head)
        rows = []
        if 4 <= len(words) <= MOST_COLUMNS and sum(bool(COLUMN_TITLE.match(word)) for word in words) >= 3:
            rows = _word_rows(raw, filled[at + 1 :], len(words))
        for line in [head, *rows] if len(rows) >= SPACED_ROWS else ():
            line.kind, line.words = "row", True
            line.cuts = [cut for cut in line.cuts if cut[2] != "digit_spacing"]
            line.text = apply_cuts(raw, line.start, line.end, line.cuts).strip()


def _words(raw, line):
    return raw[line.start : line.end].split() if line.kind == "text" and len(line.text) <= LONGEST_ENTRY else []


def _word_rows(raw, lines, width):
    """The lines below a head that are rows of its table, and the first halves of broken names between them."""
    rows, places, apart = [], None, []
    for line in lines:
        words = _words(raw, line)
        numbers = {len(words) - i for i, word in enumerate(words) if i and SPACED_ALONE.match(word)}
        if numbers and len(words) in (width, width - 1) and numbers == (places or numbers):
            rows, places, apart = [*rows, *apart, line], numbers, []
        elif words and len(words) <= 2 and len(line.text) <= LONGEST_CELL and not apart:
            apart = [line]
        else:
            break
    return rows


def _mark_number_tables(lines):
    """Rows of tables whose columns are set with spaces: three or more in a row, bare names between them; and the head
    above them, where it has as many cells."""
    run, alone, above, head = [], 0, None, None
    for line in [*lines, None]:
        if line is not None and line.kind == "blank":
            continue
        if not run:
            head = above
        above = line
        if line is not None and line.kind == "text" and _is_spaced_row(line.text):
            run, alone = [*run, line], 0
        elif line is not None and run and not alone and line.kind == "text" and NAME_ALONE.match(line.text):
            alone = 1
        else:
            if len(run) >= SPACED_ROWS:
                for row in [*([head] if _heads(head, len(spaced_cells(run[0].text))) else []), *run]:
                    row.kind = "row"
            run, alone = [], 0


def _heads(head, cells):
    """Whether a line is the head of a table set with spaces: as many cells as its rows, and no sentence."""
    if head is None or head.kind != "text" or len(head.text) > LONGEST_ENTRY or head.text[-1:] in "。；，":
        return False
    return len(spaced_cells(head.text)) == cells


def _is_spaced_row(text):
    return len(text) <= LONGEST_ENTRY and text[-1:] in "0123456789%）)" and bool(SPACED_ROW.match(text))
