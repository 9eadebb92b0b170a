"""What stands at the places of passages, and how much of each plan do they take? The tasks behind the tables of `rows`.

They need no tables, so that the processes that run them start quickly.
"""

from collections import defaultdict

import numpy as np

from .blocks import KINDS, load, open_marks, open_texts
from .packs import BODY, open_pack, pack_texts, sentences_at
from .ranges import parts_of, ranges

MANY_SPANS = 500  # from which on spans are counted all at once


def read_sides(cache, name, sides):
    """Of places in the texts of a pack (int64 array: place in the pack, first position in its text, end): columns low,
    high (raw span), section, and the cleaned texts."""
    pack = open_pack(cache, name)
    place, first, end = sides.T
    base = np.concatenate([[0], np.cumsum(pack["sizes"])])[place]
    first, length = base + first, end - first
    low, high = np.zeros(len(sides), np.int64), np.zeros(len(sides), np.int64)
    for part in parts_of(length):
        starts = np.cumsum(length[part]) - length[part]
        offsets = pack["offsets"][ranges(first[part], length[part])]
        low[part], high[part] = np.minimum.reduceat(offsets, starts), np.maximum.reduceat(offsets, starts) + 1
    sections = np.concatenate(pack["sections"])
    before = np.concatenate([[0], np.cumsum([len(section) for section in pack["sections"]])])[place]
    section = sections[before + sentences_at(pack, first) - 1] if len(sides) else low
    return np.stack([low, high, section], axis=1), pack_texts(cache, name, place, low, high)


SHARED = ("target", "source", "start", "end", "kind")  # of the passages, either plan as target, sorted by target


def share_rows(work, first, last):
    """Rows of the table `reuse` for the plans first to last (indices): int array target, source (-1: any, -2: own),
    kind, chars, body, passages. The columns SHARED lie in the work folder, as `shared-`."""
    texts, marks, found = open_texts(work), open_marks(work), []
    targets, *columns = load(work, "shared", *SHARED).values()
    part = slice(*np.searchsorted(targets, (first, last)))
    targets, columns = targets[part], [column[part] for column in columns]
    for plan in range(first, last):
        low, high = int(texts.starts[plan]), int(texts.starts[plan + 1])
        body = np.asarray(marks[low:high]) & BODY != 0
        total = int(body.sum())
        rows = slice(*np.searchsorted(targets, (plan, plan + 1)))
        spans = defaultdict(list)
        for source, start, end, kind in zip(*(column[rows].tolist() for column in columns), strict=True):
            for name in (source, -1):
                spans[name, kind].append((start - low, end - low))
        names = [*sorted({name for name, _ in spans} - {-1}), *([-1] if spans else [])]
        union = 0
        for name in names:
            taken = ~body
            for kind in range(len(KINDS)):
                if here := spans.get((name, kind)):
                    chars = _take(taken, here)
                    union += chars if name == -1 else 0
                    found.append((plan, name, kind, chars, total, len(here)))
        found.append((plan, -2, -1, total - union, total, 0))
    return np.array(found, np.int64).reshape(-1, 6)


def _take(taken, spans):
    """How many characters spans newly take; they are marked as taken."""
    if len(spans) > MANY_SPANS:
        places = np.array(spans, np.int64)
        low, high = int(places[:, 0].min()), int(places[:, 1].max())
        flips = np.bincount(places[:, 0] - low, minlength=high - low + 1)
        flips -= np.bincount(places[:, 1] - low, minlength=high - low + 1)
        new = (np.cumsum(flips[:-1]) > 0) & ~taken[low:high]
        taken[low:high] |= new
        return int(np.count_nonzero(new))
    count = 0
    for start, end in spans:
        here = taken[start:end]
        count += len(here) - int(np.count_nonzero(here))
        here[:] = True
    return count
