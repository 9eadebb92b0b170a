"""What do all the pictures share? Names of plans that fit, and colours that also read in grey.

Every kind and every source has a colour and a hatch, so that a chart printed in grey, or seen by a colour-blind reader,
still tells them apart.
"""

from collections import Counter

INK, PALE, RULE = "#222222", "#efefef", "#bbbbbb"
#: colour, hatch and colour of the hatch for the kinds of text
KIND_LOOK = {
    "verbatim": ("#08306b", "", "#ffffff"),
    "adapted": ("#6baed6", "////", "#ffffff"),
    "formula": ("#ffffff", "...", "#555555"),
    "own": (PALE, "", "#555555"),
}
#: the same for the sources of a plan, in the order of the register
SOURCE_LOOKS = (
    ("#08306b", "", "#ffffff"),
    ("#fdb863", "////", "#ffffff"),
    ("#4a98c9", "...", "#ffffff"),
    ("#12684a", "\\\\\\\\", "#ffffff"),
    ("#dfa0c8", "xxx", "#ffffff"),
    ("#f0e442", "---", "#555500"),
)
SEVERAL_LOOK = ("#d55e00", "+++", "#ffffff")
OTHER_LOOK = ("#999999", "|||", "#ffffff")
MARKERS = "osD^vP*X<>h8"
KIND_NAMES = {
    "zh": {"verbatim": "逐字相同", "adapted": "改写", "formula": "套语", "own": "自有文字"},
    "en": {"verbatim": "verbatim", "adapted": "adapted", "formula": "formula", "own": "own words"},
}
EM = 7.5 * 0.3528  # an em of the small print, in mm
PUNCTUATION = "，。、；：）］】》”’！？…%"


# ---------------------------------------------------------------- words that fit


def ems(text):
    """The width of a line in ems, near enough to plan a layout: a Han character is 1, a small letter about 0.56."""
    width = 0.0
    for character in text:
        if ord(character) > 0x2E7F:
            width += 1.0
        elif character in "ilj.,:;'|!()[] ":
            width += 0.32
        else:
            width += 0.66 if character.isupper() or character in "mw%@→—" else 0.56
    return width


def _tokens(text):
    """Pieces that a line may end after: a Latin word with its space, a Han character with the sign after it, a mark in
    square brackets (［对数］)."""
    pieces = []
    for character in text:
        glued = pieces and (
            character in PUNCTUATION + " "
            or pieces[-1][-1] in "（《“‘"
            or pieces[-1][0] == "［"
            and pieces[-1][-1] != "］"
            or ord(character) < 0x2E80
            and ord(pieces[-1][-1]) < 0x2E80
            and pieces[-1][-1] not in " /-"
        )
        if glued:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def wrap(text, width, lines=2):
    """`text` broken to at most `lines` lines of `width` ems; what does not fit is cut and ends in an ellipsis."""
    text = " ".join(str(text).split())
    done, line, pieces = [], "", _tokens(text)
    while pieces:
        piece = pieces.pop(0)
        if ems((line + piece).rstrip()) <= width:
            line += piece
        elif not line and len(piece) > 1:  # one word wider than the line: break it where it is full
            cut = next((place for place in range(len(piece), 1, -1) if ems(piece[:place]) <= width), 1)
            pieces[:0] = [piece[:cut], piece[cut:]]
        elif not line:
            line = piece
        else:
            done.append(line.rstrip())
            line = ""
            pieces.insert(0, piece)
    if line:
        done.append(line.rstrip())
    if len(done) > lines:
        dots = "..." if text.isascii() else "…"
        last = done[lines - 1]
        while last and ems(last + dots) > width:
            last = last[:-1]
        done = [*done[: lines - 1], last.rstrip() + dots]
    return "\n".join(done)


def wrap_name(name, width, lines=2):
    """`wrap` for names: one that is too long loses its middle, not its end, where long names of libraries differ."""
    name = " ".join(str(name).split())
    whole = wrap(name, width, 99).split("\n")
    if len(whole) <= lines:
        return "\n".join(whole)
    dots = "..." if name.isascii() else "…"
    room = width if lines > 1 else width / 2
    head = whole[: lines - 1] if lines > 1 else [wrap(name, room - ems(dots), 99).split("\n")[0]]
    pieces = _tokens(name)
    while len(pieces) > 1 and ems(dots + "".join(pieces)) > room:
        pieces.pop(0)
    tail = "".join(pieces)
    while tail and ems(dots + tail) > room:
        tail = tail[1:]
    return "\n".join([*head, dots + tail]) if lines > 1 else head[0] + dots + tail


def longest_word(text):
    """The width in ems of the widest piece of `text` that a line cannot break."""
    return max((ems(piece.rstrip()) for piece in _tokens(" ".join(text.split()))), default=0.0)


def plan_names(plans, lang="zh"):
    """A short name for each plan, as dict id -> name: its region, or its issuer where the region will not do.

    `plans` is the table of plans. A national plan is known by its issuer; a plan without a name by its id. Names that
    two plans share are told apart by the id.
    """
    end = "" if lang == "zh" else "_en"
    regions = Counter(plans.get("region" + end, []))
    names = {}
    for row in plans.to_dict("records"):
        region, issuer = str(row.get("region" + end) or ""), str(row.get("issuer" + end) or "")
        by_region = region and regions[region] == 1 and row.get("level") != "national"
        names[row["plan"]] = (region if by_region else issuer) or region or row["plan"]
    shared = Counter(names.values())
    return {plan: name if shared[name] == 1 else f"{name} {plan}" for plan, name in names.items()}


def own_plans(plans):
    """The ids of the plans under study, in the order of the register (documents kept as reference are left out)."""
    if "role" not in plans.columns:
        return list(plans["plan"])
    return list(plans.loc[plans["role"] != "reference", "plan"])


def thousands(value):
    """A whole number with commas."""
    return f"{round(float(value)):,}"


def percent(value):
    """A share as per cent: one decimal below ten, none from ten; a share that is not nothing never reads as 0.0."""
    value = 100 * float(value)
    if value == 0:
        return "0"
    if value < 0.05:
        return "<0.1"
    return f"{value:.1f}" if round(value, 1) < 10 else f"{value:.0f}"


# ---------------------------------------------------------------- looks


def source_looks(sources):
    """A look (colour, hatch, hatch colour) for each source, as dict; beyond the sixth all look like `OTHER_LOOK`."""
    return {
        source: SOURCE_LOOKS[place] if place < len(SOURCE_LOOKS) else OTHER_LOOK for place, source in enumerate(sources)
    }


def fill(look, line=0.0):
    """A look as keyword arguments of a matplotlib patch."""
    colour, hatch, ink = look
    options = {"facecolor": colour, "edgecolor": INK if line else ink, "linewidth": line}
    return {**options, "hatch": hatch, "hatchcolor": ink} if hatch else options


def key(axes_or_figure, entries, **options):
    """A legend of (label, look) pairs as filled boxes."""
    from matplotlib.patches import Patch

    boxes = [Patch(label=label, **fill(look, 0.4)) for label, look in entries]
    return axes_or_figure.legend(handles=boxes, **options)


def key_columns(labels, width):
    """How many legend entries fit beside each other in `width` ems."""
    widest = max((ems(label) for label in labels), default=1) + 3.4
    return max(1, min(len(labels), int(width // widest)))


def empty_figure(name, data, lang="zh", width="double"):
    """A figure that says in words that there is nothing to show; `data` is the empty table that it would have drawn."""
    from .style import finish, new_figure, style

    with style():
        figure = new_figure(name, lang, width, 24)
        words = {"zh": "没有可显示的数据", "en": "nothing to show"}[lang]
        figure.text(0.5, 0.5, words, ha="center", va="center")
        return finish(figure, data)
