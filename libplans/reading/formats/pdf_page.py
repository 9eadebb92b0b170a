"""What stands on a page of a PDF, in the order in which it is read: lines of text, tables, boxes."""

from dataclasses import dataclass, field, replace
from itertools import count

from .pdf_cells import find_open_tables
from .pdf_chars import page_text, unread_objects
from .pdf_columns import reading_order
from .pdf_lines import Line, text_lines
from .pdf_tables import ruled_lines, ruled_rows, table_rows, tables

MAX_GRIDS = 400  # tables, and boxes, of a page: the largest
SMALL_BOX = 1_000  # square points: a smaller box frames no text of its own
TURNED = 4  # Han characters from which turned text is text, and no mark on a drawing


@dataclass
class Page:
    """The lines and tables of a page in reading order, and what there is to say about it."""

    lines: list = field(default_factory=list)
    left_out: str = ""  # the wording of turned text that is not read
    hidden: int = 0
    outside: int = 0
    lost: int = 0
    vertical: bool = False
    invisible: bool = False


@dataclass
class _Block:
    """A table or box with its place on the page; `base` is its top."""

    x0: float
    x1: float
    base: float
    size: float
    lines: list = field(default_factory=list)  # of a table
    ys: list = field(default_factory=list)  # of a box: the edges of its cells, upwards
    chars: list = field(default_factory=list)
    blocks: list = field(default_factory=list)


def read_page(page):
    """A page of a pypdfium2 document as a `Page`."""
    text = page_text(page)
    found = Page([], text.oblique, text.hidden, text.outside, unread_objects(page), text.vertical, text.invisible)
    if text.chars:
        across, down = ruled_lines(page, text.turn)
        grids = tables(across, down)
        chars, blocks = _ruled_blocks(text.chars, grids + ruled_rows(across, grids, text.chars))
        found.lines = _lines(chars, blocks, count())
    for chars in text.turned:
        if sum("\u3400" <= c.text <= "\u9fff" for c in chars) >= TURNED:
            region = found.lines[-1].region + 1 if found.lines else 0
            found.lines += [replace(line, flow="turned", region=region) for line in text_lines(chars)]
        else:
            found.left_out += "".join(c.text for c in chars)
    return found


def _ruled_blocks(chars, grids):
    """(characters outside, blocks): the tables of a page with their cells, then boxes with the text that they frame."""

    def area(grid):
        return (grid[0][-1] - grid[0][0]) * (grid[1][-1] - grid[1][0])

    wide = sorted((grid for grid in grids if len(grid[0]) > 2), key=area, reverse=True)[:MAX_GRIDS]
    boxes = sorted((grid for grid in grids if len(grid[0]) == 2 and area(grid) > SMALL_BOX), key=area)[-MAX_GRIDS:]
    blocks = []
    for grid in wide:
        chars, inside = _taken(chars, grid)
        rows = table_rows(grid, inside) if inside else []
        if any(len(row) > 1 for row in rows):
            lines = [Line(grid[0][0], grid[0][-1], grid[1][-1], 0.0, "", rows=tuple(rows))]
            blocks.append(_Block(grid[0][0], grid[0][-1], grid[1][-1], inside[0].size, lines))
        else:
            chars = chars + inside
    for grid in boxes:
        chars, inside = _taken(chars, grid)
        held = [block for block in blocks if _is_within(block, grid)]
        if inside or held:
            blocks = [block for block in blocks if not any(block is one for one in held)]
            size = inside[0].size if inside else held[0].size
            blocks.append(_Block(grid[0][0], grid[0][-1], grid[1][-1], size, [], grid[1], inside, held))
    return chars, blocks


def _taken(chars, grid):
    xs, ys = grid[:2]
    inside, outside = [], []
    for c in chars:
        within = xs[0] <= (c.x0 + c.x1) / 2 <= xs[-1] and ys[0] <= c.base + 0.35 * c.size <= ys[-1]
        (inside if within else outside).append(c)
    return outside, inside


def _is_within(block, grid):
    xs, ys = grid[:2]
    return xs[0] - 3 <= block.x0 and block.x1 <= xs[-1] + 3 and ys[0] <= block.base <= ys[-1] + 3


def _lines(chars, blocks, number, inner=None):
    """Lines of a page or of a box in reading order; `number` counts the regions."""
    out = []
    for flow, held, inside in reading_order(chars, blocks):
        region = next(number)
        flow = inner if inner and flow == "full" else flow
        lines = [replace(line, flow=flow, region=region) for line in text_lines(held)]
        lines = find_open_tables(lines) if flow != "edge" else lines
        lines = [replace(line, chars=()) for line in lines]
        for one in sorted([*lines, *inside], key=lambda one: -one.base):
            out += _block_lines(one, number) if isinstance(one, _Block) else [one]
    return out


def _block_lines(block, number):
    """The lines of a table, or inside a box from cell to cell downwards."""
    if block.lines:
        return block.lines
    out, ys = [], block.ys
    if max(b - a for a, b in zip(ys, ys[1:], strict=False)) < 1.8 * block.size:
        ys = [ys[0], ys[-1]]  # a shade behind each line, no cells
    for low, high in reversed(list(zip(ys, ys[1:], strict=False))):
        chars = [c for c in block.chars if low < c.base + 0.35 * c.size <= high]
        blocks = [one for one in block.blocks if low < one.base - 1 <= high]
        out += [replace(line, frame=block.x1) for line in _lines(chars, blocks, number, "box")]
    return out
