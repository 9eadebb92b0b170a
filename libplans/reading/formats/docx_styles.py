"""What do the styles of a Word document give a paragraph: a number, a rank as a heading, hidden text?"""

import re

from .docx_package import child, integer, named, on, value
from .numbering import Level, Numbering


class Styles:
    """The styles of a document, each with what it inherits from the style that it rests on."""

    def __init__(self, root):
        self.styles, self.linked = {}, {}
        for style in root if root is not None else ():
            if named(style) == "style":
                properties = child(style, "pPr")
                numbering = child(properties, "numPr")
                self.styles[value(style, "styleId")] = {
                    "based": value(child(style, "basedOn")),
                    "name": value(child(style, "name")).lower(),
                    "list": value(child(numbering, "numId")),
                    "level": value(child(numbering, "ilvl")),
                    "outline": value(child(properties, "outlineLvl")),
                    "hidden": "1" if on(child(child(style, "rPr"), "vanish")) else "",
                }

    def get(self, style, key):
        """What a style, or the nearest that it rests on, says under `key`; "" where none does."""
        seen = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            if self.styles[style][key]:
                return self.styles[style][key]
            style = self.styles[style]["based"]
        return ""

    def is_contents(self, properties):
        """True for a paragraph in a style of the table of contents (TOC 1 …)."""
        name = self.styles.get(_style(properties), {}).get("name", "")
        return bool(re.fullmatch(r"(?:toc|目录) ?\d", name))

    def list_of(self, properties):
        """(list id, level) that number a paragraph: its own, or its style's; ("", 0) where it has no number."""
        numbering, style = child(properties, "numPr"), _style(properties)
        number = value(child(numbering, "numId")) or self.get(style, "list")
        level = value(child(numbering, "ilvl")) or self.get(style, "level")
        if not level and (style, number) in self.linked:
            return number, self.linked[style, number]
        return ("", 0) if number in ("", "0") else (number, integer(level))

    def outline(self, properties):
        """Rank of a heading by its outline level or style, 1 to 6; 0 for a paragraph."""
        level = value(child(properties, "outlineLvl")) or self.get(_style(properties), "outline")
        if level:
            return integer(level, 9) + 1 if 0 <= integer(level, 9) < 6 else 0
        match = re.fullmatch(r"(?:heading|标题) ?([1-6])", self.styles.get(_style(properties), {}).get("name", ""))
        return int(match[1]) if match else 0


def _style(properties):
    return value(child(properties, "pStyle"))


def read_numbering(root, styles):
    """The `Numbering` of a document; the levels that belong to a style are told to `styles`."""
    abstract, links, homes, numbers = {}, {}, {}, {}
    for element in root if root is not None else ():
        key = value(element, "abstractNumId")
        if named(element) == "abstractNum":
            abstract[key] = {integer(value(e, "ilvl")): e for e in element if named(e) == "lvl"}
            links[key], homes[value(child(element, "styleLink"))] = value(child(element, "numStyleLink")), key
    for element in root if root is not None else ():
        if named(element) == "num":
            key = value(child(element, "abstractNumId"))
            if links.get(key):  # the list is defined under a style of lists
                key = homes.get(links[key], key)
            numbers[value(element, "numId")] = (key, *_overrides(element))
    for number, (key, _, _) in numbers.items():
        for level, definition in abstract.get(key, {}).items():
            if style := value(child(definition, "pStyle")):
                styles.linked[style, number] = level
    levels = {key: {level: _level(e) for level, e in found.items()} for key, found in abstract.items()}
    return Numbering(levels, numbers)


def _overrides(number):
    """({level: where it starts anew}, {level: its own definition}) of one list."""
    starts, own = {}, {}
    for override in number:
        if named(override) == "lvlOverride":
            level = integer(value(override, "ilvl"))
            if (start := child(override, "startOverride")) is not None:
                starts[level] = integer(value(start), 1)
            if (definition := child(override, "lvl")) is not None:
                own[level] = _level(definition)
    return starts, own


def _level(level):
    restart, start = value(child(level, "lvlRestart")), child(level, "start")
    return Level(
        value(child(level, "numFmt")) or "decimal",
        value(child(level, "lvlText")),
        0 if start is None else integer(value(start), 1),
        integer(restart) if restart else None,
        on(child(level, "isLgl")),
    )
