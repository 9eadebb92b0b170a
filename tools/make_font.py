"""How is the bundled Chinese font made? By cutting Noto Sans SC Regular down to the characters that figures need.

    python tools/make_font.py NotoSansSC_400Regular.ttf

The source is the static TrueType file of Noto Sans SC Regular, version 2.004-H2, as published by Google Fonts (in the
npm package @expo-google-fonts/noto-sans-sc 0.4.3, file 400Regular/NotoSansSC_400Regular.ttf). The script refuses any
other file, so that the result is the same bytes each time (fontTools 4.68). It needs fontTools, which comes with
matplotlib.

Kept: the 6,763 Han characters of GB 2312 with the other signs of that set, Latin with accents, punctuation, sub- and
superscripts, arrows, mathematical and geometric signs, circled numbers, full-width forms, and EXTRA. Dropped: hinting
and the layout tables. The family is renamed, so that a Noto Sans SC installed on a machine can never take its place.
"""

import hashlib
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "libplans" / "fonts"
SOURCE_SHA256 = "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16"
FAMILY = "Libplans Sans SC"
FILE = "LibplansSansSC-Regular.ttf"

#: characters outside GB 2312 that stand in the five plans or in the laws and resolutions they lean on
EXTRA = "〇靺鞨·—²³¹⁴⁵"

#: Unicode blocks kept as far as the source has them
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1CD, 0x1DC),
    (0x2010, 0x205E),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2460, 0x24FF),
    (0x2500, 0x25FF),
    (0x2600, 0x266F),
    (0x2713, 0x2718),
    (0x3000, 0x303F),
    (0x3200, 0x32FF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)


def wanted_characters():
    """Every character asked for, as a set of code points (the source may lack some of the signs)."""
    wanted = {ord(character) for character in EXTRA}
    for start, end in RANGES:
        wanted.update(range(start, end + 1))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                wanted.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass  # a cell that GB 2312 leaves empty
    return wanted


def cut_font(source):
    """The font at `source` cut to `wanted_characters`, without hinting and layout tables."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=["*"], notdef_outline=True, glyph_names=False)
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "vhea", "vmtx"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted_characters())
    cutter.subset(font)
    return font


def rename(font):
    """Give the cut font a name of its own; copyright, trademark, authors and licence stay as they were."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14)]
    version = table.getDebugName(5)
    described = f"A subset of Noto Sans SC Regular ({version}) made for the figures of libplans."
    names = {
        1: FAMILY,
        2: "Regular",
        3: f"{version};libplans;{Path(FILE).stem}",
        4: f"{FAMILY} Regular",
        6: Path(FILE).stem,
        10: described,
    }
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)


def main(source):
    found = hashlib.sha256(Path(source).read_bytes()).hexdigest()
    if found != SOURCE_SHA256:
        raise SystemExit(
            f"{source}: sha256 {found} is not the Noto Sans SC Regular 2.004-H2 this script was written for"
        )
    font = cut_font(source)
    rename(font)
    FOLDER.mkdir(parents=True, exist_ok=True)
    font.save(FOLDER / FILE)
    han = sum(0x4E00 <= point <= 0x9FFF for point in font.getBestCmap())
    print(f"{FILE}: {(FOLDER / FILE).stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters, {han:,} Han")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
