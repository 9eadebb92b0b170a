"""How does a table for papers become LaTeX: three lines, two rows of heads, no text that is a command?"""

import re

from ..plots.common import ems, longest_word
from ..plots.style import WIDTHS
from .cells import cells, parts, plain, shown

LONG, LINE = 30, 15  # a table of more lines than LONG may run over pages; a cell takes a line for every LINE ems
_TEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}", "'": "'{}", "*": "{*}", "[": "{[}", "]": "{]}", "≥": r"$\geq$", "≤": r"$\leq$",
    "→": r"$\rightarrow$", "↔": r"$\leftrightarrow$", "×": r"$\times$",
}  # fmt: skip


def tex(text):
    """A text as LaTeX that prints it: no sign of it is a command, a ligature or the end of a cell."""
    return re.sub("-(?=-)", "-{}", "".join(_TEX.get(sign, sign) for sign in plain(text)))


_SMALL = r"\footnotesize\setlength{\tabcolsep}{4pt}"


def to_tex(table):
    """A table as LaTeX, in bytes: three lines (booktabs), over pages where it is long; caption above, note below."""
    lines = ["% \\usepackage{ctex,booktabs,longtable,array,textcomp}  XeLaTeX; the text is 165 mm wide"]
    caption, note = (r" \\ ".join(map(tex, table.lines(pair))) for pair in (table.caption, table.note))
    sets = parts(table)
    for place, keys in enumerate(sets, 1):
        head = [r"\toprule", *_tex_heads(table, keys), r"\midrule"]
        told = cells(table, keys)
        rows = [" & ".join(map(tex, row)) + r" \\" for row in told]
        label = caption.replace(r" \\ ", " ") + (f" ({place}/{len(sets)})" if len(sets) > 1 else "")
        below = note if place == len(sets) else ""
        spec = _tex_columns(table, keys)
        if sum(max(1, max(map(ems, row)) / LINE) for row in told) > LONG:
            lines += [rf"\begingroup{_SMALL}", rf"\begin{{longtable}}{{{spec}}}", rf"\caption{{{label}}}\\"]
            lines += [*head, r"\endfirsthead", *head, r"\endhead", r"\bottomrule", r"\endfoot", *rows]
            lines += [r"\end{longtable}", rf"\noindent {below}\par\endgroup"]
        else:
            lines += [r"\begin{table}[htbp]", rf"\centering{_SMALL}", rf"\caption{{{label}}}"]
            lines += [rf"\begin{{tabular}}{{{spec}}}", *head, *rows, r"\bottomrule", r"\end{tabular}"]
            lines += [rf"\par\smallskip\raggedright {below}", r"\end{table}"]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _tex_heads(table, keys):
    """The line of heads: in two languages one above the other."""
    told = [[tex(text) for text in table.lines(table.heads[key])] for key in keys]
    for line in range(max(map(len, told))):
        yield " & ".join(texts[line] if line < len(texts) else "" for texts in told) + r" \\"


def _tex_columns(table, keys):
    """The columns: numbers to the right; what is too wide is set in lines and shares the width of the page."""
    widths = {key: _em_width(table, key) for key in keys}
    texts = [key for key in keys if key not in table.kinds]
    numbers = [key for key in keys if key in table.kinds]
    room = WIDTHS["double"] / 2.65 - 1.1 * len(keys)
    most = max(4.0, (room - 12 * len(texts)) / max(len(numbers), 1))  # of a number with its head
    words = {key: max(map(longest_word, table.lines(table.heads[key]))) for key in numbers}
    given = {key: min(widths[key], max(most, words[key])) for key in numbers}
    room -= sum(given.values())
    for place, key in enumerate(sorted(texts, key=widths.get)):  # narrow ones whole, the wide ones share what is left
        given[key] = min(widths[key], room / (len(texts) - place))
        room -= given[key]
    return "".join(_tex_column(given[key], widths[key], key in table.kinds) for key in keys)


def _tex_column(given, wanted, is_number):
    side, ragged = ("r", "left") if is_number else ("l", "right")
    if wanted <= given + 1e-6:
        return side
    return rf">{{\ragged{ragged}\arraybackslash}}p{{{max(given, 2):.1f}em}}"


def _em_width(table, key):
    told = [shown(value, table.kinds.get(key, "")) for value in table.frame[key]]
    return max(ems(text) for text in [*table.lines(table.heads[key]), *told])
