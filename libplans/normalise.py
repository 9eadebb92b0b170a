"""What counts when wording is compared?

Han characters, letters and digits, with width and case folded and traditional characters read as simplified;
punctuation, spaces and layout do not count. The text that is shown stays as it was: the folding is for matching only.
"""

import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .packaged import data_text


@lru_cache(1)
def simplified_forms():
    """Traditional character -> simplified character (from the character table of OpenCC, Apache-2.0)."""
    table = data_text("traditional.csv")
    return dict(line.split(",") for line in table.splitlines()[1:])


class _Folding(dict):
    """Character -> the characters that stand for it in the normalised stream ("" where it does not count), filled as
    met."""

    def __missing__(self, character):
        simple = simplified_forms()
        wide = unicodedata.normalize("NFKC", character).casefold()
        if len(wide) > LONGEST:
            wide = character
        self[character] = value = "".join(simple.get(c, c) for c in wide if c.isalnum())
        return value


LONGEST = 4  # characters that one may stand for; a ligature of a whole sentence (U+FDFA) stands for itself
FOLDING = _Folding()
_NEW, _MANY = 0xFFFFFFFF, 0xFFFFFFFE  # in the table of code points: not met yet, stands for more than one


@lru_cache(1)
def _table():
    """Code point -> the code point that stands for it, 0 where it does not count; filled as met."""
    return np.full(sys.maxunicode + 1, _NEW, np.uint32)


def code_points(text):
    """Code points of a string as uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def characters(codes):
    """The string that code points spell."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def normalise(text):
    """The normalised stream of a text, as str."""
    return "".join(map(FOLDING.__getitem__, text))


def folded(codes):
    """The normalised stream of a text, from its code points: (code points, place in the text of each)."""
    table = _table()
    found = table[codes]
    new = found == _NEW
    if new.any():
        for code in np.unique(codes[new]).tolist():
            value = FOLDING[chr(code)]
            table[code] = _MANY if len(value) > 1 else ord(value) if value else 0
        found = table[codes]
    places = np.flatnonzero(found)
    found = found[places]
    many = np.flatnonzero(found == _MANY)
    return _spelled_out(codes, found, places, many) if len(many) else (found, places)


def _spelled_out(codes, found, places, many):
    """`folded` where some characters (those at `many`) stand for more than one."""
    kinds, kind = np.unique(codes[places[many]], return_inverse=True)
    values = [FOLDING[chr(code)] for code in kinds.tolist()]
    sizes = np.array(list(map(len, values)))
    lengths = np.ones(len(found), np.int64)
    lengths[many] = sizes[kind]
    first = np.cumsum(lengths) - lengths
    out = np.repeat(found, lengths)
    within = np.arange(lengths[many].sum()) - np.repeat(np.cumsum(lengths[many]) - lengths[many], lengths[many])
    begins = (np.cumsum(sizes) - sizes)[kind]
    out[np.repeat(first[many], lengths[many]) + within] = code_points("".join(values))[
        np.repeat(begins, lengths[many]) + within
    ]
    return out, np.repeat(places, lengths)


@dataclass(frozen=True, repr=False)
class Stream:
    """A plan's normalised stream: `chars` with, for each character, its raw offset, its sentence and whether it is
    body text."""

    chars: str
    offsets: np.ndarray
    sentence: np.ndarray
    body: np.ndarray

    def __len__(self):
        return len(self.chars)

    def __repr__(self):
        return f"Stream({len(self.chars)} characters, {int(self.body.sum())} of the body)"
