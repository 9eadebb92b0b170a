"""How is a table stored so that a paper can take it: CSV, XLSX, LaTeX with booktabs, HTML that Word takes over?

Whatever the cells hold, none is run as a formula, none ends a line or a cell of the LaTeX or HTML. The same table gives
the same bytes: the workbook carries no date and is not compressed (the bytes would depend on the library that does it).
"""

import csv
import io
from html import escape
from pathlib import Path

from ..errors import PlanError
from ..tables import write_whole
from .cells import cells, guarded, head_text, is_empty, parts, plain, shown
from .latex import to_tex
from .tables import BUILDERS, COUNT, NUMBER, PaperTable, paper_table
from .workbook import to_xlsx


def write_paper_tables(corpus, tables, folder="figures/tables", only=None, lang="both"):
    """Write the tables of a paper into `folder`, each as CSV, XLSX, LaTeX and HTML; returns the paths.

    `tables` as for `paper_table`, left as it is; `only` keeps some names. Same input, same bytes.
    """
    tables, paths = dict(tables), []
    for name in only or BUILDERS:
        paths += save_table(paper_table(name, corpus, tables, lang), name, folder)
    return paths


def save_table(table, name, folder="figures/tables", formats=("csv", "xlsx", "tex", "html"), caption="", note=""):
    """Save a `PaperTable`, or any DataFrame of yours, for a paper: `<name>.csv`, `.xlsx`, `.tex`, `.html`.

    A DataFrame is printed with its columns as heads (its index is left out), real numbers to three significant digits;
    `caption` and `note` are for it. LaTeX: three lines (booktabs), to be read in by a document set with XeLaTeX and
    ctex. HTML: three lines, to open in Word or a browser. In CSV and XLSX shares are per cent as printed, counts plain
    numbers. Returns the paths. Raises PlanError for a name with a folder or a dot in it, or an unknown format.
    """
    if not name or not name.replace("-", "_").replace("_", "a").isalnum():
        raise PlanError(f"save_table: name: {name!r} is not a plain file name; use letters, digits, - and _")
    formats = (formats,) if isinstance(formats, str) else tuple(formats)
    unknown = [form for form in formats if form not in _WRITERS]
    if unknown:
        raise PlanError(f"save_table: formats: {unknown[0]!r} is unknown; use {', '.join(_WRITERS)}")
    if not isinstance(table, PaperTable):
        table = as_paper_table(table, name, caption, note)
    files = {Path(folder) / f"{name}.{form}": _WRITERS[form](table) for form in formats}
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def as_paper_table(frame, name, caption="", note=""):
    """A DataFrame as a `PaperTable`: whole numbers as counts, other numbers as they are, all else as text."""
    from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

    frame = frame.copy()
    frame.columns = [str(column) for column in frame.columns]
    if not frame.columns.is_unique:
        raise PlanError(f"save_table: {name}: two columns have the same head; give each its own")
    numeric = [head for head in frame.columns if is_numeric_dtype(frame[head]) and not is_bool_dtype(frame[head])]
    kinds = {head: COUNT if is_integer_dtype(frame[head]) else NUMBER for head in numeric}
    heads = {head: (head, head) for head in frame.columns}
    return PaperTable(name, frame.astype(object), heads, kinds, (caption, caption), (note, note), "zh")


# ---------------------------------------------------------------- CSV and HTML


def to_csv(table):
    """A table as CSV, in bytes: UTF-8, LF, a line of heads; a text that a spreadsheet would run gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    keys = list(table.frame.columns)
    writer.writerow([guarded(head_text(table, key)) for key in keys])
    for row in table.frame.itertuples(index=False):
        writer.writerow([_csv_cell(value, table.kinds.get(key, "")) for key, value in zip(keys, row, strict=True)])
    return out.getvalue().encode("utf-8")


def _csv_cell(value, kind):
    if is_empty(value):
        return ""
    if not kind:
        return guarded(plain(value))
    return shown(value, kind).replace(",", "")


_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
</head>
<body style="font: 10.5pt 'Times New Roman', SimSun, 'Songti SC', 'Noto Serif CJK SC', serif; margin: 1em">
{body}
</body>
</html>
"""


def to_html(table):
    """A table as an HTML page, in bytes, with three lines and its style in the cells, as Word takes it over."""
    title = escape(" ".join(map(plain, table.lines(table.caption))) or table.name)
    lang = "en" if table.lang == "en" else "zh-Hans"
    return _PAGE.format(lang=lang, title=title, body=html_table(table)).encode("utf-8")


def html_table(table):
    """A table as HTML: caption, three lines, note; in parts where it is wide."""
    caption, note = (
        "<br>".join(escape(plain(text)) for text in table.lines(pair)) for pair in (table.caption, table.note)
    )
    joined = '\n<p style="margin: 4pt 0"></p>\n'.join(_html_part(table, keys) for keys in parts(table))
    above = f'<p style="margin: 0 0 4pt"><b>{caption}</b></p>\n' if caption else ""
    below = f'\n<p style="font-size: 9pt; margin: 4pt 0 0">{note}</p>' if note else ""
    return above + joined + below


def _html_part(table, keys):
    side = {key: "right" if key in table.kinds else "left" for key in keys}
    rows = cells(table, keys)
    lines = ['<table style="border-collapse: collapse; border: none; line-height: 1.35">', "<thead>", "<tr>"]
    for key in keys:
        head = "<br>".join(escape(plain(text)) for text in table.lines(table.heads[key]))
        rules = "border: none; border-top: 1.5pt solid black; border-bottom: 0.75pt solid black"
        lines.append(f'<th align="{side[key]}" style="{rules}; padding: 2pt 5pt; text-align: {side[key]}">{head}</th>')
    lines += ["</tr>", "</thead>", "<tbody>"]
    for place, row in enumerate(rows, 1):
        rules = "border: none"
        if place == 1:  # once more: where two cells meet, some programs take the rule of the lower one alone
            rules += "; border-top: 0.75pt solid black"
        if place == len(rows):
            rules += "; border-bottom: 1.5pt solid black"
        line = [
            f'<td align="{side[key]}" valign="top" style="{rules}; padding: 2pt 5pt; vertical-align: top; '
            f'text-align: {side[key]}">{escape(text)}</td>'
            for key, text in zip(keys, row, strict=True)
        ]
        lines.append(f"<tr>{''.join(line)}</tr>")
    return "\n".join([*lines, "</tbody>", "</table>"])


_WRITERS = {"csv": to_csv, "xlsx": to_xlsx, "tex": to_tex, "html": to_html}
