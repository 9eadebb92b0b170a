"""Which characters does a Word paragraph show? Runs, fields, symbols, formulas, calls of notes, tracked changes."""

import re

from .docx_package import MAX_DEPTH, child, named, on, value

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SKIPPED = frozenset("pPr rPr sectPr sdtPr instrText delText delInstrText rt rPrChange pPrChange".split())
LEFT_OUT = {
    "pic": "picture",
    "imagedata": "picture",
    "chart": "chart",
    "relIds": "diagram",
    "OLEObject": "embedded object",
}
#: code of a symbol font -> the character that it draws
SYMBOL = {0xA3: "≤", 0xB3: "≥", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞"}
SYMBOL |= {0xD7: "·", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x73: "σ", 0x53: "Σ"}
WINGDINGS = {0x6C: "●", 0x6E: "■", 0x75: "◆", 0x76: "❖", 0xA7: "▪", 0xA8: "☐", 0x6F: "□", 0xD8: "➢"}
WINGDINGS |= {0xE0: "→", 0xF0: "⇨", 0xFC: "✔", 0xFB: "✘", 0xFE: "☑", 0xFD: "☒"}


class Inline:
    """Reads paragraphs; keeps what is to be put elsewhere (`boxes`, `due` footnotes) and counts what is left out."""

    def __init__(self, package, styles):
        self.styles = styles
        self.noted = {kind: _notes(package.part(kind + "s")) for kind in ("footnote", "endnote")}
        comments = package.part("comments")
        counts = {
            "comment": len(comments) if comments is not None else 0,
            "header or footer": package.count("header", "footer"),
        }
        self.left_out = {what: count for what, count in counts.items() if count}
        self.boxes, self.due, self.order = [], [], {"footnote": {}, "endnote": {}}

    def text(self, paragraph, contents=False):
        """The text of a paragraph, line breaks as "\\n"; in a table of contents with dots before the page number."""
        return _tabs(self._read(paragraph, 0), contents)

    def taken(self, name):
        """What was put aside since the last call, emptied."""
        found = getattr(self, name)
        setattr(self, name, [])
        return found

    def endnotes_called(self):
        """(number, element) of the endnotes in the order of their calls."""
        return [(number, self.noted["endnote"][name]) for name, number in self.order["endnote"].items()]

    def leave_out(self, what):
        """Count one more thing that is not part of the text."""
        self.left_out[what] = self.left_out.get(what, 0) + 1

    def strike(self, element):
        """Count a struck-out passage, where it holds any text."""
        if any(named(e) in ("delText", "t") and e.text for e in element.iter()):
            self.leave_out("tracked deletion")

    @staticmethod
    def alternative(element):
        """Of the versions of one content (mc:AlternateContent) the one that Word shows: the first that holds text."""
        choices = [e for e in element if named(e) == "Choice"]
        fallback = child(element, "Fallback")
        full = next((e for e in [*choices, fallback] if e is not None and any(named(x) == "t" for x in e.iter())), None)
        return full if full is not None else next((e for e in [*choices, fallback] if e is not None), ())

    def _read(self, parent, depth):
        out = []
        for element in parent:
            if depth < MAX_DEPTH:
                out.append(self._element(element, named(element), depth))
        return "".join(out)

    def _element(self, element, name, depth):
        if name == "t":
            return re.sub(r"[\r\n]+", " ", element.text or "")
        if name in MARKS:
            return MARKS[name]
        if name == "r":
            return self._run(element, depth)
        if name == "sym":
            return _symbol(value(element, "char"), value(element, "font"))
        if name in ("footnoteReference", "endnoteReference"):
            return self._call(name[:-9], value(element, "id"))
        if name in ("del", "moveFrom"):
            self.strike(element)
            return ""
        if name == "txbxContent":
            self.boxes.append(element)
            return ""
        if name == "AlternateContent":
            return self._read(self.alternative(element), depth + 1)
        if name in LEFT_OUT:
            self.leave_out(LEFT_OUT[name])
            return ""
        if name in SKIPPED:
            return ""
        if name in FORMULAS and element.tag.startswith("{") and "/math" in element.tag:
            return self._formula(element, name, depth)
        return self._read(element, depth + 1)

    def _run(self, run, depth):
        properties = child(run, "rPr")
        hidden = child(properties, "vanish")
        if on(hidden) or (hidden is None and self.styles.get(value(child(properties, "rStyle")), "hidden")):
            if any(named(e) == "t" for e in run.iter()):
                self.leave_out("hidden run")
            return ""
        text = self._read(run, depth + 1)
        if value(child(properties, "vertAlign")) == "superscript":
            return _superscript(text)
        font = next((value(child(properties, "rFonts"), name) for name in ("ascii", "hAnsi")), "")
        if re.search("[\uf020-\uf0ff]", text):
            return "".join(_symbol(f"{ord(c):X}", font) if "\uf020" <= c <= "\uf0ff" else c for c in text)
        return text

    def _formula(self, element, name, depth):
        parts = [self._read(e, depth + 1).strip() for e in element if not named(e).endswith("Pr")]
        joint = FORMULAS[name]
        if joint == "^" and len(parts) == 2 and parts[1].isdigit():
            return parts[0] + parts[1].translate(SUPERSCRIPT)
        return joint.join(parts)

    def _call(self, kind, name):
        """The mark of a note in the text; a footnote falls due behind its paragraph."""
        if name not in self.noted[kind]:
            return ""
        order = self.order[kind]
        if name not in order:
            order[name] = len(order) + 1
            if kind == "footnote":
                self.due.append((order[name], self.noted[kind][name]))
        return str(order[name]).translate(SUPERSCRIPT)


MARKS = {"tab": " \t", "ptab": " \t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
FORMULAS = {"f": "/", "sSup": "^", "sSub": "_"}


def _notes(root):
    """Note id -> its element, separators left out."""
    wanted = ("footnote", "endnote")
    notes = root if root is not None else ()
    return {value(n, "id"): n for n in notes if named(n) in wanted and value(n, "type") in ("", "normal")}


def _tabs(text, contents):
    """Tabs as spaces, but before a page number at the end, where they mark a table of contents."""
    head, tab, tail = text.rpartition("\t")
    if tab and re.fullmatch(r"\s*[-—(（]?\s*(\d{1,3}|[ivxIVX]{1,6})\s*[-—)）]?\s*", tail):
        return head.replace(" \t", " ").rstrip() + ("......" if contents else "\t") + tail.strip()
    return text.replace(" \t", " ")


def _superscript(text):
    return text.strip("[]〔〕").translate(SUPERSCRIPT) if re.fullmatch(r"[\[〔]?\d{1,3}[\]〕]?", text) else text


def _symbol(code, font):
    """The character that a symbol font draws for a code; a bullet where it is not known."""
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{2,5}", code) else 0
    if 0xF000 <= number <= 0xF0FF or font.lower().startswith(("symbol", "wingdings")):
        table = WINGDINGS if font.lower().startswith("wingdings") else SYMBOL
        return table.get(number & 0xFF, "•")
    return chr(number) if 0x20 <= number < 0xD800 else ("•" if number else "")
