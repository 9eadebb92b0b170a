"""Which text does a web page hold? Its prose, without scripts, navigation and the frame of the site."""

import re

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from ...errors import PlanError
from ..lines import HAN, sentence_ended
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
PARTS = ("div", "main", "article", "section", "td")
#: what publishing systems of Chinese institutions, and HTML itself, call the part with the document
CONTENT = re.compile(
    r"zoom|ucap-?content|trs_u?editor|custom_unionstyle|vsb_content\w*|wp_articlecontent|article-?(content|body|con)"
    r"|(main|news|text|info)-?content|content-?(text|main|body)|entry-content|post-content",
    re.IGNORECASE,
)
SILENT = frozenset("script style noscript template head meta link svg canvas title input option select".split())
NAMED = 0.5  # share of the page's own prose that an element must hold whose name says that it is the document
MAIN = 0.9  # share of the page's own prose that its main part must hold
FRAME = 0.2  # most of the page's prose that an element named like a frame may hold and still be one
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MAX_DEPTH = 200  # deeper nesting is read as one run of text
MAX_PAGE = 20_000_000  # bytes of source
MAX_TAGS = 200_000
INDENT = re.compile("[\xa0\u3000 ]{2,}")
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
    titles = _titles(root)
    left_out = _drop_furniture(root)
    weights = _weights(root)
    main = _main(root, weights)
    writer = _Writer()
    headline = _headline(root, main, titles)
    if headline is not None:
        writer.walk(headline)
    writer.walk(main)
    text = writer.text()
    if not text.strip():
        raise PlanError(f"{where}: the page holds no text of its own; save the document itself")
    left_out["outside the main part"] = _outside(root, main, headline)
    notes = [f"encoding {encoding}", *(_shown(kind, pieces) for kind, pieces in left_out.items() if pieces)]
    return Extract(text, notes, "lxml " + ".".join(map(str, etree.LXML_VERSION[:3])))


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
    """Take out scripts, navigation, forms and what is hidden; text that follows such an element stays.

    Returns what had letters: kind -> list of its wordings.
    """
    weights, dropped = _weights(root), {"hidden": [], "frame of the site": []}
    for element in list(root.iter()):
        tag = _tag(element)
        if element.getparent() is None or tag in ("html", "body") or element.getroottree().getroot() is not root:
            continue
        framed = tag in MAYBE_OUT or FURNITURE.search(f"{element.get('class', '')} {element.get('id', '')}")
        hidden = element.get("hidden") is not None or HIDDEN.search(element.get("style", ""))
        if tag in OUT or hidden or (framed and weights[element] <= FRAME * weights[root]):
            if tag not in SILENT and (text := collapse(" ".join(element.itertext()))):
                dropped["hidden" if hidden else "frame of the site"].append(text)
            element.drop_tree()
    return dropped


def _main(root, weights):
    """The part of the page that holds the document: the element that a publishing system names so where it holds most
    of the page's prose, else the smallest element that holds nearly all of it."""
    body = root.find("body")
    main = root if body is None else body
    whole = sum(weights[child] + _letters(child.tail) for child in main) + _letters(main.text)
    for element in main.iter():
        named = CONTENT.fullmatch(element.get("id", "")) or any(
            map(CONTENT.fullmatch, element.get("class", "").split())
        )
        if _tag(element) in PARTS and named and weights[element] >= NAMED * whole:
            return element
    while True:
        held = [child for child in main if weights[child] >= MAIN * whole and _tag(child) in PARTS]
        if not held:
            return main
        main = held[0]


def _titles(root):
    """What the page's head says is the title of its document."""
    titles = [meta.get("content", "") for meta in root.iter("meta") if meta.get("name", "").lower() == "articletitle"]
    titles += [re.split("[_|—–-]", element.text or "")[0] for element in root.iter("title")]
    return {collapse(title) for title in titles if _letters(title) >= 6}


def _headline(root, main, titles):
    """The page's headline where it stands outside the main part, else None: its one h1, or the element with the words
    that the page gives as its title."""
    heads = list(root.iter("h1"))
    if len(heads) != 1:
        heads = [one for one in root.iter() if _tag(one) in BLOCKS and collapse("".join(one.itertext())) in titles][-1:]
    if len(heads) != 1 or main in list(heads[0].iter()) or main in list(heads[0].iterancestors()):
        return None
    return heads[0]


def _outside(root, main, headline):
    """The wordings of what stands beside the main part."""
    out = []
    kept = {main, *main.iterancestors()} | ({headline, *headline.iterancestors()} if headline is not None else set())
    for element in kept - {main, headline}:
        if _tag(element) == "html":
            continue
        pieces = [element.text or "", *(child.tail or "" for child in element)]
        pieces += [" ".join(child.itertext()) for child in element if child not in kept and _tag(child) not in SILENT]
        out += [text for piece in pieces if _letters(text := collapse(piece))]
    return sorted(out)


def _shown(kind, pieces):
    """One line that says what was left out."""
    pieces = [re.sub(r"[\s\xa0]+", " ", piece) for piece in pieces]
    shown = ", ".join(f"“{piece[:40]}{'…' * (len(piece) > 40)}”" for piece in pieces[:12])
    return f"left out, {kind} ({sum(map(_letters, pieces))} letters): {shown}{' …' * (len(pieces) > 12)}".replace(
        ";", "；"
    )


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
        if INDENT.match(text):
            text = "\u3000\u3000" + INDENT.sub("", text)
        if self.parts and self.parts[-1] == LINE and (sentence_ended(self.parts[-2]) or text.startswith("\u3000")):
            self.parts[-1] = GAP
        if text.strip("#" + LINE + " "):
            self.parts += [text, gap]
        elif self.parts and self.parts[-1] == LINE:
            self.parts[-1] = GAP

    def _table(self, table):
        """Rows of cells; a cell that spans columns or rows stands once, the places that it covers are empty."""
        above = {}  # column -> rows that a cell above still covers
        for row in table.iter("tr"):
            cells, spans = [], {}
            for cell in (one for one in row if _tag(one) in ("td", "th")):
                while len(cells) in above:
                    cells.append("")
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                spans.update({len(cells) + k: down for k in range(across)})
                cells += [_cell_text(cell)] + [""] * (across - 1)
            above = {column: rows - 1 for column, rows in {**above, **spans}.items() if rows > 1}
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


def _span(cell, name):
    """How many columns or rows a cell covers, 1 to 99."""
    return int(span) if re.fullmatch("[1-9][0-9]?", span := cell.get(name, "1")) else 1


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
