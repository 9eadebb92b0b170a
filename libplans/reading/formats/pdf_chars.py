"""Which characters stand on a page of a PDF, and where?

All places are in points, x to the right, y upwards, on the page as it is read: most of its text upright, and a page
set in vertical lines turned so that they run across, the first at the top.
"""

import ctypes
import math
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

MAX_CHARS = 40_000  # characters of a page
INVISIBLE = 3  # text rendering mode of PDF: neither filled nor stroked
STRIP = 8  # points: the height of a strip of the page in which the same character is looked for
OBLIQUE = 4  # a direction of writing that is none of the four along the page

#: CJK radicals that stand for a character and have no compatibility mapping (Unicode: Equivalent Unified Ideograph)
RADICALS = dict(
    zip(
        "⺁⺄⺆⺇⺈⺊⺌⺍⺎⺏⺐⺑⺒⺓⺗⺙⺛⺝⺞⺟⺠⺡⺢⺣⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺵⺶⺷⺸⺹⺺⺼⺾⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲⻳",
        "厂乙冂几刀卜小小兀尢尢尣巳幺忄攵旡月歺母民氵氺灬丬牛犭王疋目示礻竹糸纟罓罒冈网羊羊羋耂聿肉艹艹虎衤覀西见角角讠贝足车辶辶钅長镸长门阜阝雨青韦页风飞食飠饣首马骨鬼鱼鸟鹵麦黄黾斉齐歯齿竜龙龟龟",
        strict=False,
    )
)


@dataclass(slots=True)
class Char:
    x0: float
    x1: float
    base: float  # y of the base line
    size: float  # of the font, as drawn
    text: str
    font: str = ""
    spaced: bool = False  # a space stands before it


@dataclass
class PageText:
    """The characters of a page: those that are read, groups that are turned against them, and what is left out."""

    turn: object  # maps a point of the page to the page as it is read
    chars: list = field(default_factory=list)
    turned: list = field(default_factory=list)
    oblique: str = ""
    hidden: int = 0  # invisible characters beside visible ones
    outside: int = 0  # characters off the visible page
    vertical: bool = False
    invisible: bool = False  # the text that is read is invisible: put behind a scan by character recognition


@dataclass(slots=True)
class _Drawn:
    way: int  # quarter turns of its base line from left to right, counter-clockwise; or OBLIQUE
    box: tuple
    origin: tuple
    size: float
    text: str
    font: str
    spaced: bool
    hidden: bool


def plain_character(code):
    """A character code of a PDF as text: radicals and compatibility forms of Han as the characters they stand for."""
    if 0x21 <= code < 0x7F or 0x3001 <= code <= 0x9FFF:
        return chr(code)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return ""
    character = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFB06 or 0x2F800 <= code <= 0x2FA1F:
        return RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return "" if unicodedata.category(character) in ("Cc", "Cf") and character != "\ufeff" else character


def page_text(page):
    """The characters of a page as a `PageText`."""
    drawn = list(_drawn(page))
    left, bottom, right, top = page.get_bbox()
    visible = sum(not one.hidden for one in drawn)
    inside = []
    found = PageText(None, invisible=visible * 2 < len(drawn))
    for one in drawn:
        x, y = (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2
        if one.hidden and not found.invisible:
            found.hidden += 1
        elif (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1) or (inside and _runs_on(inside[-1], one)):
            inside.append(one)
        else:
            found.outside += 1
    ways = Counter(one.way for one in inside)
    main = max(range(4), key=lambda way: (ways[way], -way))
    found.vertical = main == 0 and _runs_down(inside)
    found.turn = _turning(3 if found.vertical else main, (left, bottom, right, top))
    found.oblique = "".join(one.text for one in inside if one.way == OBLIQUE)
    found.chars = _once(_placed(one, found.turn, found.vertical) for one in inside if one.way == main)
    for way in sorted(set(ways) - {main, OBLIQUE}):
        turn = _turning(way, (left, bottom, right, top))
        found.turned.append(_once(_placed(one, turn, False) for one in inside if one.way == way))
    return found


def _runs_on(last, one):
    """True for a character right behind `last` on its line: a line that is too long runs off the page."""
    gap = one.box[0] - last.box[2]
    return last.way == one.way == 0 and abs(last.origin[1] - one.origin[1]) < 0.3 * one.size and -1 < gap < one.size


def _drawn(page):
    """The characters of a page in the order of drawing, spaces only as a mark of the character behind them."""
    held = page.get_textpage()  # must live while its characters are read
    raw = held.raw
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    known, spaced, high = {}, False, 0
    for i in range(min(pdfium.FPDFText_CountChars(raw), MAX_CHARS)):
        code = pdfium.FPDFText_GetUnicode(raw, i)
        if 0xD800 <= code < 0xDC00:  # the first half of a rare character
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        text = plain_character(code)
        if not text.strip():
            spaced = spaced or bool(text)
            continue
        item = pdfium.FPDFText_GetTextObject(raw, i)
        if not item:
            continue
        address = ctypes.cast(item, ctypes.c_void_p).value
        if address not in known:
            known[address] = _style(raw, i, item)
        way, size, font, hidden = known[address]
        if not pdfium.FPDFText_GetLooseCharBox(raw, i, box) or not pdfium.FPDFText_GetCharOrigin(raw, i, x, y):
            continue
        places = (box.left, box.bottom, box.right, box.top)
        size = size or abs(box.top - box.bottom)
        if 0.5 < size < 2000 and all(map(math.isfinite, places)) and math.isfinite(x.value + y.value):
            yield _Drawn(way, places, (x.value, y.value), size, text, font, spaced, hidden)
            spaced = False


def _style(raw, i, item):
    """(direction, size, font, invisible) of the text object that character `i` belongs to."""
    matrix, name = pdfium.FS_MATRIX(), ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetMatrix(raw, i, matrix)
    size = pdfium.FPDFText_GetFontSize(raw, i) * math.hypot(matrix.c, matrix.d)
    length = math.hypot(matrix.a, matrix.b)
    way = 0
    if length and math.isfinite(length):
        turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        way = round(turns) % 4 if abs(turns - round(turns)) < 0.2 else OBLIQUE
    font = pdfium.FPDFTextObj_GetFont(item)
    if font:
        pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    hidden = pdfium.FPDFTextObj_GetTextRenderMode(item) == INVISIBLE
    return way, size if math.isfinite(size) else 0.0, name.value.decode("utf-8", "replace"), hidden


def _runs_down(drawn):
    """True where the characters follow each other downwards: text set in vertical lines."""
    down = across = 0
    for a, b in zip(drawn, drawn[1:], strict=False):
        right, fall = b.box[0] - a.box[0], a.box[1] - b.box[1]
        down += abs(right) < 0.3 * a.size and 0.5 * a.size < fall < 2.5 * a.size
        across += abs(fall) < 0.3 * a.size and 0.3 * a.size < right < 2.5 * a.size
    return down > 20 and down > 3 * across


def _turning(way, edges):
    """Maps a point of the page to the page turned so that text written in direction `way` is upright."""
    left, bottom, right, top = edges
    return (
        lambda x, y: (x - left, y - bottom),
        lambda x, y: (y - bottom, right - x),
        lambda x, y: (right - x, top - y),
        lambda x, y: (top - y, x - left),
    )[way]


def _placed(one, turn, vertical):
    (x0, y0), (x1, y1) = turn(*one.box[:2]), turn(*one.box[2:])
    base = min(y0, y1) if vertical else turn(*one.origin)[1]
    return Char(min(x0, x1), max(x0, x1), base, one.size, one.text, one.font, one.spaced)


def _once(chars):
    """Without the second drawing of a character at its own place (bold by drawing twice, shadows)."""
    seen, kept = defaultdict(list), []
    for char in chars:
        near, strip = max(char.size * 0.2, 0.6), int(char.base / STRIP)
        for k in (strip - 1, strip, strip + 1):
            if any(
                abs(x - char.x0) < near and abs(base - char.base) < near for x, base in seen.get((char.text, k), ())
            ):
                break
        else:
            seen[char.text, strip].append((char.x0, char.base))
            kept.append(char)
    return kept


def unread_objects(page):
    """How many text objects pdfium leaves out: single characters without a shape, in a font that is not embedded."""
    count = 0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
        x0, _, x1, _ = item.get_bounds()
        font = pdfium.FPDFTextObj_GetFont(item.raw) if x0 == x1 else None
        count += bool(font) and pdfium.FPDFFont_GetIsEmbedded(font) == 0
    return count
