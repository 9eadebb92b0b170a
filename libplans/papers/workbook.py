"""How does a table for papers become a workbook (XLSX) whose bytes depend on its content alone?"""

import io
import re
import zipfile

from .cells import FORMULA, cells, is_empty, number, plain, shown
from .tables import COUNT, SHARE


def to_xlsx(table):
    """A table as a workbook of one sheet, in bytes: caption, heads, rows, note; numbers as numbers, texts as texts."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book, keys = Workbook(), list(table.frame.columns)
    sheet = book.active
    sheet.title = re.sub(r"[\\/*?:\[\]]", "_", table.name)[:31]
    first, last = 2, 2 + len(table.frame)
    _put(sheet.cell(1, 1), " ".join(map(plain, table.lines(table.caption))), Font(bold=True))
    for place, key in enumerate(keys, 1):
        kind = table.kinds.get(key, "")
        across = "right" if kind else "left"
        _put(sheet.cell(first, place), "\n".join(map(plain, table.lines(table.heads[key]))), Font(bold=True))
        sheet.cell(first, place).alignment = Alignment(across, "bottom", wrap_text=True)
        for line, value in enumerate(table.frame[key], first + 1):
            cell = sheet.cell(line, place)
            if kind and not is_empty(value):
                cell.value = number(value, kind)
                cell.number_format = {SHARE: "0.0", COUNT: "#,##0"}.get(kind, "General")
            elif not is_empty(value):
                _put(cell, plain(value))
            cell.alignment = Alignment(across, "top", wrap_text=not kind)
        sheet.column_dimensions[get_column_letter(place)].width = _wide(table, key)
        thick, thin = Side("medium"), Side("thin")
        sheet.cell(first, place).border = Border(top=thick, bottom=thin)
        if last > first:
            sheet.cell(last, place).border = Border(bottom=thick)
    notes = list(map(plain, table.lines(table.note)))
    _put(sheet.cell(last + 1, 1), "\n".join(notes))
    sheet.cell(last + 1, 1).alignment = Alignment("left", "top", wrap_text=True)
    sheet.merge_cells(start_row=last + 1, end_row=last + 1, start_column=1, end_column=max(len(keys), 1))
    whole = sum(_wide(table, key) for key in keys)
    sheet.row_dimensions[last + 1].height = 15 * sum(-(-_digits(text) // int(whole)) for text in notes)
    for line, height in enumerate(_heights(table), first):
        sheet.row_dimensions[line].height = height
    sheet.freeze_panes = sheet.cell(first + 1, 1)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return _steady(book)


def _heights(table):
    """The heights of the heads and of each row in points: not every program finds them by itself."""
    keys = list(table.frame.columns)
    room = [int(_wide(table, key) - 2) for key in keys]
    yield 15 * max(len(table.lines(table.heads[key])) for key in keys)
    for row in cells(table, keys):
        yield 15 * max(-(-_digits(text) // wide) or 1 for wide, text in zip(room, row, strict=True))


def _put(cell, text, font=None):
    """Write a text into a cell as text, whatever it opens with."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA)
    if font:
        cell.font = font


def _wide(table, key):
    """The width of a column in digits: that of its longest text, 10 to 40."""
    texts = [*table.lines(table.heads[key]), *(shown(value, table.kinds.get(key, "")) for value in table.frame[key])]
    return min(max(max(map(_digits, texts)) + 2, 10), 40)


def _digits(text):
    """How wide a text is in digits: a Han character takes two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _steady(book):
    """A workbook in bytes that depend on its content alone."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.properties.creator = "libplans"
    book.save(raw)
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as steady:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            steady.writestr(entry, content)
    return out.getvalue()
