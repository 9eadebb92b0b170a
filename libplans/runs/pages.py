"""How does somebody read the notebooks without Jupyter? One HTML page for each, its code shown on request.

A page is one file: pictures stand in it, the switch for the code needs no script, and a content security policy lets
nothing run and nothing be loaded. What nbconvert makes of the cells is cleaned of every address outside the project.
"""

import base64
import io
import os
import re
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..errors import PlanError
from ..packaged import data_text
from ..tables import write_whole

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'"
#: of a picture in a page; figures have few colours, and the file is a third as large
COLOURS = 128
REFUSED = ("script", "style", "iframe", "object", "embed", "link", "meta", "base", "form", "svg", "video", "audio")
DIGEST = re.compile(r"\A[^\n]* · \d+ (?:rows|axes)(?: · [0-9a-f]{12})?$", re.M)
NUMBER = re.compile(r"[-+−]?[\d,.]*(?:e-?\d+)?%?|NaN|<NA>|nan|None")
BACK = (("index.html", "图 Figures"), ("reader.html", "对读 Reader page"))

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header><nav aria-label="Notebooks">{links}</nav></header>
<input type="checkbox" id="code"><label class="switch" for="code">显示代码 · Show the code</label>
<main>
{body}
</main>
</body>
</html>
"""


def export_notebooks(notebooks="notebooks", out="figures/notebooks"):
    """Write each notebook, as it is stored with its outputs, to `out` as an HTML page; returns the paths.

    `notebooks` is a folder, or a list of .ipynb files. Code is hidden until it is asked for (a box at the top of the
    page, by mouse or keyboard), the numbers below a figure likewise. Links between notebooks lead to their pages, other
    links into the project stay right seen from `out`, links to elsewhere lose their address. Nothing is run. The same
    notebooks give the same bytes. Raises PlanError where a file is no notebook.
    """
    paths = (
        sorted(Path(notebooks).glob("*.ipynb")) if isinstance(notebooks, (str, Path)) else list(map(Path, notebooks))
    )
    out = Path(out)
    pages = {out / f"{path.stem}.html": notebook_page(path, out, paths).encode("utf-8") for path in paths}
    for page, content in pages.items():
        write_whole(page, content)
    return list(pages)


def notebook_page(path, out, notebooks=()):
    """The page of one notebook as a string; `out` is the folder for it, `notebooks` all that have a page."""
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise PlanError(f"{path}: not a notebook that can be read ({type(error).__name__})") from None
    prose = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    title = next((line[2:] for line in prose if line.startswith("# ")), path.stem)
    here = [(f"{other.stem}.html", other.stem.replace("_", " ")) for other in notebooks]
    back = [(f"../{name}", what) for name, what in BACK if (Path(out).parent / name).exists()]
    links = " ".join(
        f'<a href="{escape(name)}"{" aria-current=page" * (name == f"{path.stem}.html")}>{escape(what)}</a>'
        for name, what in [*back, *here]
    )
    return _PAGE.format(
        policy=POLICY,
        title=escape(title),
        style=data_text("notebook.css"),
        links=links,
        body=_body(notebook, path.parent, Path(out), {other.name for other in notebooks}),
    )


def _body(notebook, folder, out, pages):
    """The cells as HTML, by nbconvert, cleaned."""
    from lxml import html
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/svg+xml", None)
    tree = html.fragment_fromstring(exporter.from_notebook_node(notebook)[0], create_parent="div")
    _clean(tree, lambda address: _inside(address, folder, out, pages))
    _describe_pictures(tree, notebook)
    for heading in tree.iter("h1", "h2", "h3", "h4"):
        if heading.get("id"):
            heading.set("id", unquote(heading.get("id")))
        if re.search("[\u4e00-\u9fff]", heading.text_content()) and not re.search("[a-z]", heading.text_content()):
            heading.set("lang", "zh-Hans")
    heading = ""
    for element in tree.iter("h1", "h2", "h3", "table"):
        if element.tag != "table":
            heading = " ".join(element.text_content().split())
        elif heading:
            element.set("aria-label", heading)
    for part in tree.find_class("output_subarea"):
        _fold_digest(part)
    inner = "".join(html.tostring(child, encoding="unicode", method="html") for child in tree)
    return re.sub(r"\n\s*\n+", "\n", inner)


def _clean(tree, inside):
    """Take out of a tree what could run or lead outside; classes and ids that only nbconvert needs go, too."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in REFUSED or "anchor-link" in element.get("class", ""):
            element.drop_tree()
            continue
        for name in list(element.attrib):
            if name.startswith("on") or name in ("srcset", "action", "formaction", "background", "poster", "ping"):
                del element.attrib[name]
            elif name == "style" and re.search(r"url|expression|import|@|\\", element.get(name), re.I):
                del element.attrib[name]
            elif name in ("border", "data-mime-type") or name == "id" and element.get(name).startswith("cell-id="):
                del element.attrib[name]
        if element.get("href") is not None:
            address = inside(element.get("href"))
            element.attrib.pop("href") if address is None else element.set("href", address)
        if element.get("src") is not None and not element.get("src").startswith("data:image/png;base64,"):
            del element.attrib["src"]
        if element.tag == "table":
            element.set("lang", "zh-Hans")
            _align(element)
    for part in tree.find_class("output_subarea"):
        part.set("class", "output_subarea scroll")


def _align(table):
    """Mark the columns of a table that hold text, so that they are set to the left, and cells with much of it."""
    rows = [list(row) for row in table.iter("tr")]
    body = [row for row in rows if any(cell.tag == "td" for cell in row)]
    texts = {
        place
        for row in body
        for place, cell in enumerate(row)
        if cell.tag == "td" and not NUMBER.fullmatch(cell.text_content().strip())
    }
    for row in rows:
        for place, cell in enumerate(row):
            if place in texts:
                size = len(cell.text_content())
                cell.set("class", "short" if size <= 12 else ("text" if size <= 40 else "text long"))


def _inside(address, folder, out, pages):
    """A link of a notebook in `folder` as it reads in `out`; None where it leads outside."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or address.startswith(("/", "\\")):
        return None
    if not parts.path:
        return address
    name = unquote(parts.path)
    if name in pages:
        target = f"{Path(name).stem}.html"
    else:
        target = Path(os.path.relpath(folder / name, out)).as_posix()
    return target + (f"#{parts.fragment}" if parts.fragment else "")


def _describe_pictures(tree, notebook):
    """Give each picture its words (the first line of its text output), and few colours."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    told = [output.data.get("text/plain", "") for output in outputs if "image/png" in output.get("data", {})]
    pictures = [image for image in tree.iter("img") if image.get("src")]
    for image, words in zip(pictures, told, strict=False):
        image.set("alt", words.split("\n")[0].split(" · ")[0])
        image.attrib.pop("class", None)
    for image in pictures:
        image.set("src", _fewer_colours(image.get("src")))


def _fewer_colours(address):
    """A PNG (as data address) with a palette of at most 128 colours; one that cannot be read stays as it is."""
    from PIL import Image

    kind, _, content = address.partition(",")
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB")
    except (ValueError, OSError):
        return address
    stream = io.BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        stream, "PNG", optimize=True
    )
    return f"{kind},{base64.b64encode(stream.getvalue()).decode('ascii')}"


def _fold_digest(part):
    """The numbers printed below a figure, folded away until they are asked for."""
    from lxml.html import builder

    text = part.text_content().strip()
    if part.find("pre") is None or not DIGEST.match(text):
        return
    details = builder.DETAILS(builder.SUMMARY("数据 Data"), *list(part))
    part.append(details)
