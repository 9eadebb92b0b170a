"""How does one look through all figures? A page beside them, made from their sidecars."""

import json
from html import escape
from pathlib import Path

from ..tables import write_whole

_HEAD = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Figures · 图</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
figure { margin: 0 0 3rem; border-top: 1px solid #ccc; padding-top: 1rem }
img { max-width: 100%; height: auto }
figcaption p { margin: .3rem 0 }
.more { color: #555; font-size: .85rem }
nav { columns: 2; font-size: .9rem }
</style>
<h1>图 · Figures</h1>
"""


def write_gallery(folder="figures"):
    """Write `index.html` into `folder`: every figure that has a sidecar, in both languages, with links to its files.

    Figures of the catalogue come in its order, a researcher's own after them by name. The reader page, the pages of the
    notebooks (`notebooks/`) and the tables for papers (`tables/`) are linked where they stand in `folder`: call it when
    they are written. The page needs no network. Returns its path.
    """
    from .catalogue import CATALOGUE

    folder = Path(folder)
    cards = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    groups = {}
    for name, card in cards.items():
        known = card.get("figure") in CATALOGUE and name == f"{card['figure']}_{card.get('lang')}"
        groups.setdefault(card["figure"] if known else name, {})[card.get("lang") or "zh"] = (name, card)
    order = {name: place for place, name in enumerate(CATALOGUE)}
    names = sorted(groups, key=lambda name: (order.get(name, len(order)), name))
    links = "".join(f'<a href="#{escape(name, quote=True)}">{escape(name)}</a><br>\n' for name in names)
    body = "".join(_entry(name, groups[name]) for name in names)
    path = folder / "index.html"
    write_whole(path, f'{_HEAD}{_beside(folder)}<nav aria-label="Figures">\n{links}</nav>\n{body}</html>\n'.encode())
    return path


def _beside(folder):
    """Links to what stands beside the figures: the reader page, the notebooks as pages, the tables for papers."""
    tables = {}
    for path in sorted(folder.glob("tables/*")):
        if path.suffix in FORMATS:
            tables.setdefault(path.stem, []).append(_link(f"tables/{path.name}", FORMATS[path.suffix]))
    groups = {
        "对读 · Reader page": [_link(path.name, "reader") for path in sorted(folder.glob("reader.html"))],
        "笔记本 · Notebooks": [_link(f"notebooks/{p.name}", p.stem) for p in sorted(folder.glob("notebooks/*.html"))],
        "表格 · Tables": [f"{escape(name)} ({', '.join(links)})" for name, links in tables.items()],
    }
    return "".join(f"<p>{head}: {' · '.join(links)}</p>\n" for head, links in groups.items() if links)


#: endings of the tables for papers, and what they are called
FORMATS = {".csv": "CSV", ".html": "HTML", ".tex": "LaTeX", ".xlsx": "XLSX"}


def _link(address, words):
    return f'<a href="{escape(address, quote=True)}">{escape(words)}</a>'


def _entry(name, versions):
    """One figure: the picture in each language with its caption, source note, notebook and files."""
    parts = [f'<figure id="{escape(name, quote=True)}">\n<h2>{escape(name)}</h2>\n']
    for lang in sorted(versions, reverse=True):
        stem, card = versions[lang]
        caption = card.get("caption", {}).get(lang, "")
        formats = [form for form in ("pdf", "svg", "png") if form in card.get("formats", ())]
        shown = next((form for form in ("png", "svg") if form in formats), "")
        if shown:
            source, words = escape(f"{stem}.{shown}", quote=True), escape(caption or stem, quote=True)
            parts.append(f'<img src="{source}" alt="{words}" loading="lazy">\n')
        files = " · ".join(
            f'<a href="{escape(stem, quote=True)}.{form}">{form.upper()}</a>' for form in [*formats, "json"]
        )
        source = " ".join(filter(None, (card.get("source", {}).get(lang, ""), card.get("notebook", ""))))
        parts.append(
            f'<figcaption lang="{escape(lang, quote=True)}"><p>{escape(caption)}</p>'
            f'<p class="more">{escape(source)} {files}</p></figcaption>\n'
        )
    return "".join([*parts, "</figure>\n"])
