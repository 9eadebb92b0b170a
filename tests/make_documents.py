"""Documents built by hand for the tests: small PDFs and Word files whose every character is known."""

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body, **parts):
    """The bytes of a .docx with `body` (the XML inside w:body) and further parts (name without .xml -> XML)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", xml)
    return out.getvalue()


def paragraph(text, level=None, style=None):
    """A Word paragraph, in list 1 at `level`."""
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>' if level is not None else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbering}</w:pPr>{run(text)}</w:p>"


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def table(*rows):
    cells = lambda row: "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row)  # noqa: E731
    return "<w:tbl>" + "".join(f"<w:tr>{cells(row)}</w:tr>" for row in rows) + "</w:tbl>"


def numbering(*levels):
    """Numbering definitions of list 1: (format, pattern) for each level."""
    drawn = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for i, (style, pattern) in enumerate(levels)
    )
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{drawn}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )


def pdf(*pages, trailer=""):
    """The bytes of a PDF. A page is a list of (x, y, size, text), of ruled lines (x0, y0, x1, y1), and of drawing
    commands as they stand in the file."""
    font = len(pages) * 2 + 3
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>")
    for i, page in enumerate(pages):
        stream = "\n".join(_drawn(item) for item in page)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {4 + 2 * i} 0 R/Resources<</Font<</F1 {font} 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    objects.append(
        f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[{font + 1} 0 R]>>"
    )
    objects.append(
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        f"/DW 1000/FontDescriptor {font + 2} 0 R>>"
    )
    objects.append(
        "<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200"
        "/CapHeight 700/StemV 80>>"
    )
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{out.rindex('xref')}\n%%EOF"
    return out.encode("ascii")


def _drawn(item):
    if isinstance(item, str):
        return item
    if len(item) == 4 and isinstance(item[3], str):
        x, y, size, text = item
        return f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"
    x0, y0, x1, y1 = item
    return f"{x0} {y0} m {x1} {y1} l S"


def lines(text, top, left=90, size=14, width=30, leading=24):
    """A paragraph set in lines of `width` characters, the first indented by two: items for `pdf`, and the next y."""
    pieces = [text[: width - 2]] + [text[i : i + width] for i in range(width - 2, len(text), width)]
    items = [(left + (2 * size if i == 0 else 0), top - i * leading, size, piece) for i, piece in enumerate(pieces)]
    return items, top - len(pieces) * leading
