"""What counts when wording is compared?

Han characters, letters and digits, with width and case folded and traditional characters read as simplified;
punctuation, spaces and layout do not count. The text that is shown stays as it was: the folding is for matching only.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np


@lru_cache(1)
def simplified_forms():
    """Traditional character -> simplified character (from the character table of OpenCC, Apache-2.0)."""
    table = files("libplans").joinpath("data/traditional.csv").read_text("utf-8")
    return dict(line.split(",") for line in table.splitlines()[1:])


class _Folding(dict):
    """Character -> the characters that stand for it in the normalised stream ("" where it does not count), filled as
    met."""

    def __missing__(self, character):
        simple = simplified_forms()
        folded = unicodedata.normalize("NFKC", character).casefold()
        self[character] = value = "".join(simple.get(c, c) for c in folded if c.isalnum())
        return value


FOLDING = _Folding()


def normalise(text):
    """The normalised stream of a text, as str."""
    return "".join(map(FOLDING.__getitem__, text))


def normalise_with_offsets(text, offsets):
    """The normalised stream of a text and the raw offset of each of its characters: (str, int64 array)."""
    folded = list(map(FOLDING.__getitem__, text))
    lengths = np.fromiter(map(len, folded), dtype=np.int64, count=len(folded))
    return "".join(folded), np.repeat(np.asarray(offsets, dtype=np.int64), lengths)


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
