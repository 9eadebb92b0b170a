"""The picture of the reader page in the README: the matrix, and under it a passage lined up, as Chromium shows them.

    python tools/reader_picture.py [figures/reader.html] [docs/images/reader.png]

It needs Debian's Chromium and a Chinese font (fonts-noto-cjk). What it shows is computed: the pair that shares most,
and its longest adapted passage (where it has none, the longest passage that is no formula).
"""

import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
WIDTH, COLOURS = 1180, 64


def passage_shown():
    """The fragment of the page's address that opens the passage."""
    import libplans as lp

    passages = lp.read_tables(ROOT / "data")["passages"]
    rows = passages[passages["kind"] != "formula"]
    target, source = rows.groupby(["target", "source"])["matched"].sum().idxmax()
    rows = rows[(rows["target"] == target) & (rows["source"] == source)]
    adapted = rows[rows["kind"] == "adapted"]
    row = (adapted if len(adapted) else rows).sort_values(["matched", "target_start"]).iloc[-1]
    places = f"{row.target_start}-{row.target_end}~{row.source_start}-{row.source_end}"
    return f"#pair={target}~{source}&passage={places}&lang=en"


def main(page=ROOT / "figures" / "reader.html", out=ROOT / "docs" / "images" / "reader.png"):
    from chromium import Browser, Page
    from PIL import Image

    address, shots = Path(page).resolve().as_uri(), []
    with Browser() as browser:
        for fragment, height in (("#lang=en", 580), (passage_shown(), 720)):
            tab = Page(browser, address + fragment, WIDTH, height)
            tab.picture(Path(out).with_suffix(".tmp"))
            shots.append(Image.open(io.BytesIO(Path(out).with_suffix(".tmp").read_bytes())).convert("RGB"))
            Path(out).with_suffix(".tmp").unlink()
    whole = Image.new("RGB", (WIDTH, sum(shot.height for shot in shots) + 8), "#888888")
    whole.paste(shots[0], (0, 0))
    whole.paste(shots[1], (0, shots[0].height + 8))
    few = whole.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    print(out, Path(out).stat().st_size, "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
