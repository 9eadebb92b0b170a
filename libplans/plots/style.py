"""How do all figures come to look alike, show every character, and come out as the same bytes each time?

The house style (`libplans/data/libplans.mplstyle`) and the bundled Chinese font are applied inside `style()`, never
on import, and leave the reader's own matplotlib settings as they were. A `PlanFigure` is made without pyplot: it
belongs to no window and no backend, a notebook shows it once, and it carries the numbers that it shows (`fig.data`,
`fig.digest`).
"""

import base64
import hashlib
import io
import logging
import unicodedata
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..errors import PlanError

log = logging.getLogger("libplans")

HERE = Path(__file__).parent.parent
FONT_FILE = HERE / "fonts" / "LibplansSansSC-Regular.ttf"
STYLE_FILE = HERE / "data" / "libplans.mplstyle"
#: the bundled Chinese font, then the font that comes with matplotlib for signs that the first one lacks
FAMILIES = ["Libplans Sans SC", "DejaVu Sans"]
#: widths of one and of two columns, in millimetres
WIDTHS = {"single": 80, "double": 165}
LANGUAGES = ("zh", "en")
SCREEN_DPI = 110
#: what each format must leave out so that the same figure gives the same bytes
METADATA = {
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    "svg": {"Creator": None, "Date": None},
    "png": {"Software": None},
}


# ---------------------------------------------------------------- style and fonts


@lru_cache(maxsize=1)
def _settings():
    return dict(matplotlib.rc_params_from_file(STYLE_FILE, use_default_template=False))


def register_fonts():
    """Make the bundled font known to matplotlib, once; nothing else changes."""
    known = font_manager.fontManager.ttflist
    if not any(entry.name == FAMILIES[0] and entry.fname == str(FONT_FILE) for entry in known):
        font_manager.fontManager.addfont(FONT_FILE)


@contextmanager
def style():
    """Draw in the house style: matplotlib's defaults and ours on top, whatever the user has set; all is restored after.

    The backend is left alone. Text is laid out when a figure is drawn, so a figure that is not a `PlanFigure` must
    also be saved inside this context (`save_figure` does so).
    """
    register_fonts()
    from matplotlib import style as styles

    with styles.context([_settings()], after_reset=True):
        yield


@lru_cache(maxsize=1)
def covered():
    """Code points that the bundled font or DejaVu Sans can show."""
    register_fonts()
    points = set()
    for family in FAMILIES:
        file = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
        points |= set(font_manager.get_font(file).get_charmap())
    return frozenset(points)


def showable(text):
    """`text` with each character that no font of ours can show written as U+XXXX, and control signs as spaces.

    A line feed stays. What was replaced is said in the log, so a missing glyph is never a silent box.
    """
    if text.isascii() and text.isprintable():
        return text
    shown, missing = [], []
    for character in text:
        if character == "\n" or ord(character) in covered() and character.isprintable():
            shown.append(character)
        elif unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            shown.append("" if unicodedata.category(character) == "Cf" else " ")
        else:
            missing.append(f"U+{ord(character):04X}")
            shown.append(missing[-1])
    if missing:
        log.warning("no font here has the character %s; the figure shows its number", ", ".join(dict.fromkeys(missing)))
    return "".join(shown)


def dress(figure):
    """Give every text of `figure` the house fonts and make it showable, in place."""
    from matplotlib.axis import Axis
    from matplotlib.category import StrCategoryFormatter
    from matplotlib.text import Text
    from matplotlib.ticker import FixedFormatter, FuncFormatter

    for text in figure.findobj(Text):
        text.set_fontfamily(FAMILIES)
        shown = showable(text.get_text())
        if shown != text.get_text():
            text.set_text(shown)
    for axis in figure.findobj(Axis):
        for get, put in (
            (axis.get_major_formatter, axis.set_major_formatter),
            (axis.get_minor_formatter, axis.set_minor_formatter),
        ):
            old = get()
            if isinstance(old, FixedFormatter):
                old.seq = [showable(str(label)) for label in old.seq]
            elif isinstance(old, StrCategoryFormatter):
                labels = {place: showable(str(name)) for name, place in axis.units._mapping.items()}
                put(FuncFormatter(lambda value, _place, labels=labels: labels.get(value, "")))


# ---------------------------------------------------------------- the figure


class PlanFigure(Figure):
    """A figure in the house style that carries what it shows.

    `data` is the DataFrame drawn, `digest` a short text of its numbers, `name` its place in the catalogue, `lang` "zh"
    or "en". In a notebook it shows itself as PNG once, with the digest as its text; no pyplot, no open window.
    """

    def __init__(self, *args, name="", lang="zh", **options):
        super().__init__(*args, **options)
        FigureCanvasAgg(self)
        self.name, self.lang, self.data, self.digest = name, lang, None, ""

    def draw(self, renderer):
        with style():
            super().draw(renderer)

    def savefig(self, *args, **options):
        with style():
            super().savefig(*args, **options)

    def image(self, format="png", dpi=SCREEN_DPI):
        """The picture as bytes: png, svg or pdf, the same for the same figure."""
        return render(self, format, dpi)

    def _repr_mimebundle_(self, include=None, exclude=None):
        picture = base64.b64encode(self.image()).decode("ascii")
        return {"image/png": picture, "text/plain": self.digest or repr(self)}

    def _ipython_display_(self):
        """Shown as the bundle above, also where an inline backend has its own way with every matplotlib figure."""
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)

    def __repr__(self):
        width, height = (round(float(inches) * 25.4) for inches in self.get_size_inches())
        return f"<PlanFigure {self.name or 'unnamed'} ({self.lang}), {width} × {height} mm>"


def new_figure(name, lang="zh", width="double", height=80, layout="constrained"):
    """An empty `PlanFigure`, `width` "double" (165 mm), "single" (80 mm) or a number, and `height`, in millimetres.

    `layout` None leaves the placing of axes to the caller. Raises PlanError for an unknown language or width. Draw on
    it inside `style()`, end with `finish`.
    """
    if lang not in LANGUAGES:
        raise PlanError(
            f"figure {name}: lang: {lang!r} is not a language of the figures; use one of {', '.join(LANGUAGES)}"
        )
    if isinstance(width, str) and width not in WIDTHS:
        raise PlanError(f"figure {name}: width: {width!r} is unknown; use {', '.join(WIDTHS)} or millimetres")
    millimetres = WIDTHS.get(width, width)
    return PlanFigure(figsize=(millimetres / 25.4, height / 25.4), layout=layout, name=name, lang=lang)


def finish(figure, data, title="", rows=12):
    """Settle the layout for good, and attach the data drawn and its digest; returns the figure.

    The solver of the constrained layout leaves noise in the last bits, and the SVG writer names its clip paths by all
    of them; places are therefore rounded (to a billionth of the figure), or the same figure would differ by the run.
    """
    dress(figure)
    for _ in range(2):
        figure.draw_without_rendering()
    if figure.get_layout_engine() is not None:
        figure.set_layout_engine("none")
        for axes in figure.axes:
            bounds = axes.get_position(original=True).bounds
            axes.set_position([round(float(side), 9) for side in bounds])
            axes.set_in_layout(True)
    figure.data = data.reset_index(drop=True)
    figure.digest = digest_table(figure.data, title or figure.name, rows)
    return figure


# ---------------------------------------------------------------- digests


def _cell(value):
    import pandas as pd

    if isinstance(value, bool) or not isinstance(value, (int, float)) and not hasattr(value, "dtype"):
        return "" if value is None or value is pd.NA else str(value)
    if pd.isna(value):
        return ""
    return f"{float(value):.6g}" if float(value) != int(value) else f"{int(value):d}"


def digest_table(data, title, rows=12):
    """The numbers of `data` as short fixed text: a head line with size and checksum, then at most `rows` rows."""
    cells = [[_cell(value) for value in row] for row in data.astype(object).itertuples(index=False)]
    whole = "\n".join("\t".join(row) for row in [[str(column) for column in data.columns], *cells])
    checksum = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:12]
    lines = [f"{title} · {len(cells)} rows · {checksum}", " | ".join(str(column) for column in data.columns)]
    lines += [" | ".join(row) for row in cells[:rows]]
    if len(cells) > rows:
        lines.append(f"… {len(cells) - rows} more rows")
    return "\n".join(" ".join(line.split()) for line in lines)


def digest(figure):
    """What a figure says, as short text: the digest of a `PlanFigure`, or texts and data of the axes of any other."""
    if getattr(figure, "digest", ""):
        return figure.digest
    lines = [f"figure · {len(figure.axes)} axes"]
    for place, axes in enumerate(figure.axes, start=1):
        words = (axes.get_title(loc="left"), axes.get_title(), axes.get_xlabel(), axes.get_ylabel())
        lines.append(" | ".join([f"axes {place}", *filter(None, words)]))
        lines += [
            "line: " + ", ".join(f"({_cell(float(x))}, {_cell(float(y))})" for x, y in line.get_xydata())
            for line in axes.lines
        ]
        lines += [
            "bar: " + ", ".join(_cell(round(float(side), 9)) for side in patch.get_bbox().bounds)
            for patch in axes.patches
            if hasattr(patch, "get_bbox")
        ]
        lines += ["text: " + " ".join(text.get_text().split()) for text in axes.texts]
    return "\n".join(lines)


def render(figure, format="png", dpi=300):
    """A figure as bytes in `format` (pdf, svg or png), without dates or program names: the same each time."""
    stream = io.BytesIO()
    with style():
        figure.savefig(stream, format=format, dpi=dpi, metadata=METADATA[format])
    return stream.getvalue()


# ---------------------------------------------------------------- saving


def save_figure(figure, name, folder="figures", formats=("pdf", "svg", "png"), dpi=300, about=None):
    """Save `figure` for print: PDF with searchable text, SVG, PNG at `dpi`, and `<name>.json` that says what it shows.

    Any matplotlib figure gets the house fonts (text is changed in place); nothing is clipped to fit, so make it 80 or
    165 mm wide. `about` holds caption, source note, notebook and tables; a figure of the catalogue needs none. The same
    figure gives the same bytes. All formats are drawn before the first is written, and each file is whole or absent.
    Returns the paths, the sidecar last. Raises PlanError for a name with a folder or a dot in it, or an unknown format.
    """
    import json

    from ..tables import write_whole

    if not name or not name.replace("-", "_").replace("_", "a").isalnum():
        raise PlanError(f"save_figure: name: {name!r} is not a plain file name; use letters, digits, - and _")
    formats = (formats,) if isinstance(formats, str) else tuple(formats)
    unknown = [format for format in formats if format not in METADATA]
    if unknown:
        raise PlanError(f"save_figure: formats: {unknown[0]!r} is unknown; use {', '.join(METADATA)}")
    with style():
        dress(figure)
    files = {Path(folder) / f"{name}.{format}": render(figure, format, dpi) for format in formats}
    card = json.dumps(_card(figure, formats, about), ensure_ascii=False, indent=1, sort_keys=True)
    files[Path(folder) / f"{name}.json"] = (card + "\n").encode("utf-8", "replace")
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def _card(figure, formats, about):
    """The sidecar of a saved figure: what it shows, where it comes from, and its numbers."""
    from .catalogue import describe

    data = getattr(figure, "data", None)
    width, height = (round(float(inches) * 25.4, 1) for inches in figure.get_size_inches())
    card = {
        "figure": getattr(figure, "name", ""),
        "lang": getattr(figure, "lang", ""),
        "formats": sorted(formats),
        "width_mm": width,
        "height_mm": height,
        "digest": digest(figure).split("\n"),
    }
    if data is not None:
        rows = [[_cell(value) for value in row] for row in data.astype(object).itertuples(index=False)]
        card["data"] = {"columns": [str(column) for column in data.columns], "rows": rows}
    return {**card, **describe(card["figure"]), **(about or {})}
