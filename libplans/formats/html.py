"""Which text does a web page hold? Its prose, without scripts, navigation and the frame of the site."""

import re

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from ..errors import PlanError
from ..layout import HAN
from ..read import PLAUSIBLE, canonical, decode_source, plausibility, refuse_empty
from . import Extract

OUT = frozenset(
    "script style noscript template nav aside button select option input textarea iframe object embed svg canvas audio "
    "video map dialog head meta link".split()
)
MAYBE_OUT = frozenset(("header", "footer", "form"))
BLOCKS = frozenset(
    "address article blockquote body center dd details dir div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "html li main menu ol p pre section summary table tbody tfoot thead td th tr ul".split()
)
FURNITURE = re.compile(
    r"(^|[-_\s])(nav|navbar|menu|breadcrumbs?|crumbs?|sidebar|footer|header|foot|copyright|share|toolbar|pager|pagination"
    r"|related|advert|ads?)($|[-_\s])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
MAIN = 0.9  # share of the page's own prose that its main part must hold
FRAME = 0.2  # most of the page's prose that an element named like a frame may hold and still be one
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MAX_DEPTH = 200  # deeper nesting is read as one run of text
MAX_PAGE = 20_000_000  # bytes of source
MAX_TAGS = 200_000
LINE, GAP = "\n", "\n\n"
BREAK = "\x0b"  # a line break that stands in preformatted text


def read(data, where, encoding=""):
    """The main text of a web page as an `Extract`."""
    source, encoding = _decode(data, where, encoding)
    if source.count("<") > MAX_TAGS:
        raise PlanError(f"{where}: more than {MAX_TAGS:,} tags; no document; save its text as .txt")
    source = re.sub("[\x00-\x08\x0b\x0e-\x1f\ufeff\ufffe\uffff]", "", source)
    try:
        parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
        root = document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise PlanError(f"{where}: no HTML that can be read; save the page as text (.txt)") from None
    _drop_furniture(root)
    weights = _weights(root)
    main = _main(root, weights)
    writer = _Writer()
    headline = _headline(root, main)
    if headline is not None:
        writer.walk(headline)
    writer.walk(main)
    text = writer.text()
    if not text.strip():
        raise PlanError(f"{where}: the page holds no text of its own; save the document itself")
    return Extract(text, [f"encoding {encoding}"], "lxml " + ".".join(map(str, etree.LXML_VERSION[:3])))


def _decode(data, where, encoding):
    """(source, encoding): as forced, else as the page declares where that holds, else as recognised."""
    if len(data) > MAX_PAGE:
        raise PlanError(
            f"{where}: {len(data):,} bytes of HTML; no more than {MAX_PAGE:,} are read; save it as text (.txt)"
        )
    refuse_empty(data, where)
    declared = CHARSET.search(data[:4096])
    if not encoding and declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            text, name = decode_source(data, where, canonical(declared[1].decode("ascii")))
            if name == "utf-8" or plausibility(re.sub("<[^>]{0,2000}>", "", text[:400_000])) >= PLAUSIBLE:
                return text, name
        except PlanError:
            pass  # the page says one thing and is another
    return decode_source(data, where, encoding)


def _tag(element):
    return element.tag if isinstance(element.tag, str) else ""


def _letters(text):
    return sum(map(str.isalnum, text)) if text else 0


def _weights(root):
    """Letters outside links of each element with all that it holds."""
    weights = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        own = _letters(element.text) + sum(weights[child] + _letters(child.tail) for child in element)
        weights[element] = 0 if _tag(element) in ("a", "script", "style") else own
    return weights


def _drop_furniture(root):
    """Take out scripts, navigation, forms and what is hidden; text that follows such an element stays."""
    weights = _weights(root)
    for element in list(root.iter()):
        tag = _tag(element)
        if element.getparent() is None or tag in ("html", "body"):
            continue
        framed = tag in MAYBE_OUT or FURNITURE.search(f"{element.get('class', '')} {element.get('id', '')}")
        hidden = element.get("hidden") is not None or HIDDEN.search(element.get("style", ""))
        if tag in OUT or hidden or (framed and weights[element] <= FRAME * weights[root]):
            element.drop_tree()


def _main(root, weights):
    """The smallest element that holds nearly all prose of the page."""
    body = root.find("body")
    main = root if body is None else body
    whole = sum(weights[child] + _letters(child.tail) for child in main) + _letters(main.text)
    while True:
        held = [
            child
            for child in main
            if weights[child] >= MAIN * whole and _tag(child) in ("div", "main", "article", "section")
        ]
        if not held:
            return main
        main = held[0]


def _headline(root, main):
    """The page's one headline (h1), where it stands outside the main part; else None."""
    heads = list(root.iter("h1"))
    if len(heads) != 1 or main in list(heads[0].iter()):
        return None
    return None if main in list(heads[0].iterancestors()) else heads[0]


class _Writer:
    """Collects paragraphs and table rows in the order of the page."""

    def __init__(self):
        self.parts, self.line, self.items = [], [], {}

    def walk(self, element, depth=0):
        tag = _tag(element)
        block = tag in BLOCKS
        if tag == "br":
            self._end(LINE)
        elif tag == "table" and not _is_layout(element):
            self._end(GAP)
            self._table(element)
        elif depth > MAX_DEPTH:
            self.line += element.itertext()
        elif tag == "sup" and (mark := _footnote_mark(element)):
            self.line.append(mark)
        else:
            if block:
                self._end(GAP)
                self._open(element, tag)
            self._content(element, tag, depth)
            if block:
                self._end(GAP)

    def _content(self, element, tag, depth):
        kept = (lambda text: text.replace("\n", BREAK)) if tag == "pre" else (lambda text: text)
        self.line.append(kept(element.text or ""))
        for child in element:
            self.walk(child, depth + 1)
            self.line.append(kept(child.tail or ""))

    def _open(self, element, tag):
        """What the browser draws at the head of a block: the number of a list item; and the rank of a heading."""
        if re.fullmatch("h[2-6]", tag):
            self.line.append("#" * (int(tag[1]) - 1) + " ")
        above = element.getparent()
        if tag == "li" and above is not None and _tag(above) == "ol":
            first = above.get("start", "1")
            first = int(first) if re.fullmatch("[0-9]{1,4}", first) else 1
            self.items[above] = self.items.get(above, first - 1) + 1
            self.line.append(f"{self.items[above]}. ")

    def _end(self, gap):
        text = collapse("".join(self.line)).replace(BREAK, LINE)
        self.line = []
        if text.strip("#" + LINE + " "):
            self.parts += [text, gap]
        elif self.parts and self.parts[-1] == LINE:
            self.parts[-1] = GAP

    def _table(self, table):
        for row in table.iter("tr"):
            cells = []
            for cell in row:
                if _tag(cell) in ("td", "th"):
                    span = cell.get("colspan", "1")
                    cells += [_cell_text(cell)] + [""] * (int(span) - 1 if re.fullmatch("[1-9][0-9]?", span) else 0)
            if line := "\t".join(cells).rstrip("\t"):
                self.parts += [line, LINE]
        if self.parts:
            self.parts[-1] = GAP

    def text(self):
        self._end(GAP)
        return "\f" + "".join(self.parts).strip(LINE) + LINE


def _footnote_mark(element):
    text = "".join(element.itertext()).strip()
    return (
        text.strip("[](（）)［］〔〕").translate(SUPERSCRIPT)
        if re.fullmatch(r"[\[［(（〔]?[0-9]{1,3}[\]］)）〕]?", text)
        else ""
    )


def _cell_text(cell):
    for element in cell.iterdescendants():
        if _tag(element) in BLOCKS or _tag(element) == "br":
            element.tail = " " + (element.tail or "")
    return collapse("".join(cell.itertext()))


def _is_layout(table):
    """True for a table that only places prose on the page: another table inside, one cell, or a cell of long
    paragraphs."""
    if table.find(".//table") is not None or len(table.findall(".//td")) + len(table.findall(".//th")) <= 1:
        return True
    return any(sum(_letters("".join(p.itertext())) > 60 for p in cell.iter("p")) >= 3 for cell in table.iter("td"))


def collapse(text):
    """Text with the line breaks and runs of spaces of its source made one space, or nothing between Han characters."""
    text = re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")
    return re.sub(rf"(?<=[{HAN}，。；：、]) (?=[{HAN}])", "", text)
