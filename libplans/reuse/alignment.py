"""Alignment: which characters of two passages correspond, and where does a passage truly begin and end?

The exact matches of a chain are fixed points; the gaps between them and a flank on either side are aligned by edit
distance (rapidfuzz); then the stretches that score best (matched characters minus the cost of gaps) are kept, so that a
passage ends where its density falls.
"""

from rapidfuzz.distance import Levenshtein

from .chains import GAP_EXTEND, GAP_OPEN

FLANK = 32  # characters beyond the outermost exact match in which its continuation is looked for
HALF = FLANK / 2  # matched characters of a flank from which on what lies beyond it is looked at, too
DROP = 16.0  # a passage ends when its score has fallen this far below its best (X-drop)


def blocks_between(left, right):
    """Matching blocks (i, j, length) of an optimal edit alignment of two strings."""
    found = Levenshtein.editops(left, right).as_matching_blocks()
    return [(block.a, block.b, block.size) for block in found[:-1]]  # the last one is the end of both


def stretches(texts, a, b, chain, before=True, behind=True):
    """The dense stretches of a chain's alignment: lists of blocks (x, y, length) on the long array.

    The flanks `before` and `behind` the chain are looked into where that is asked (`reach`).
    """
    (first, left), (start, right) = texts.plan_string(a), texts.plan_string(b)
    links = [(x - first, y - start, length) for x, y, length in chain]
    found = dense_stretches(_aligned(left, right, links, before, behind))
    return [[(x + first, y + start, length) for x, y, length in blocks] for blocks in found]


def _aligned(left, right, chain, before, behind):
    """Blocks (x, y, length) of the alignment of a chain: its links, what matches in its gaps and in its flanks; those
    that touch on one diagonal are one."""
    found = _flank(left, right, *chain[0][:2], -1) if before else []
    end_x = end_y = -1
    for x, y, length in chain:
        if x > end_x >= 0 and y > end_y:
            between = blocks_between(left[end_x:x], right[end_y:y])
            found += [(end_x + i, end_y + j, size) for i, j, size in between]
        found.append((x, y, length))
        end_x, end_y = x + length, y + length
    if behind:
        found += _flank(left, right, end_x, end_y, 1)
    if len(found) == 1:
        return found
    merged, end_x, end_y = [], -1, -1
    for x, y, length in found:
        if x == end_x and y == end_y:
            first_x, first_y, size = merged[-1]
            merged[-1] = first_x, first_y, size + length
        else:
            merged.append((x, y, length))
        end_x, end_y = x + length, y + length
    return merged


def _flank(left, right, x, y, step):
    """Blocks beyond the last exact match in one direction: FLANK characters, and more while half of them match."""
    found = []
    while True:
        if step > 0:
            here = blocks_between(left[x : x + FLANK], right[y : y + FLANK])
        else:
            one, other = left[max(x - FLANK, 0) : x], right[max(y - FLANK, 0) : y]
            here = blocks_between(one[::-1], other[::-1])
        if not here:
            break
        matched = 0
        for i, j, size in here:
            matched += size
            found.append((x + i, y + j, size) if step > 0 else (x - i - size, y - j - size, size))
        if size >= HALF:
            matched -= size
            found[-1] = _prolonged(left, right, *found[-1], step)
            matched += found[-1][2]
        if matched < HALF:
            break
        x, y, size = found[-1]
        if step > 0:
            x, y = x + size, y + size
    return found if step > 0 else found[::-1]


def _prolonged(left, right, x, y, size, step):
    """A block prolonged in one direction for as long as the characters are equal."""
    width = 64
    while width > 0:
        if step > 0:
            far_x, far_y = x + size, y + size
            width = min(width, len(left) - far_x, len(right) - far_y)
        else:
            width = min(width, x, y)
            far_x, far_y = x - width, y - width
        if left[far_x : far_x + width] == right[far_y : far_y + width]:
            x, y, size = (x, y, size + width) if step > 0 else (far_x, far_y, size + width)
            width *= 2
        else:
            width //= 2
    return x, y, size


def dense_stretches(blocks, drop=DROP):
    """Runs of blocks whose score is locally best: list of lists of blocks.

    The score adds matched characters and takes off GAP_OPEN and GAP_EXTEND for each gap; a run ends at its best block
    once the score has fallen by `drop` below it (or to nothing), and begins where the score was nothing.
    """
    kept, start, count = [], 0, len(blocks)
    while start < count:
        x, y, length = blocks[start]
        score = best = length
        end = place = start
        x, y = x + length, y + length
        while place + 1 < count:
            place += 1
            next_x, next_y, length = blocks[place]
            x, y = next_x - x, next_y - y
            score -= GAP_OPEN + GAP_EXTEND * (x if x > y else y)
            if score <= 0 or score < best - drop:
                break
            score += length
            x, y = next_x + length, next_y + length
            if score >= best:
                best, end = score, place
        kept.append(_trimmed(blocks[start : end + 1]) if end > start else [blocks[start]])
        start = end + 1
    return kept


def _trimmed(run):
    """A run without leading blocks that cost more than they bring."""
    score, start = 0.0, len(run) - 1
    best, x, y = -DROP, *run[-1][:2]
    for place in range(start, -1, -1):
        here_x, here_y, length = run[place]
        if place < len(run) - 1:
            x, y = x - here_x - length, y - here_y - length
            score -= GAP_OPEN + GAP_EXTEND * (x if x > y else y)
        score += length
        if score >= best:
            best, start = score, place
        x, y = here_x, here_y
    return run[start:] if start else run


def identity(blocks):
    """(matched characters, matched characters over aligned length) of a run of blocks."""
    x, y, matched = blocks[0]
    x, y, gaps = x + matched, y + matched, 0
    for next_x, next_y, length in blocks[1:]:
        x, y = next_x - x, next_y - y
        gaps += x if x > y else y
        matched += length
        x, y = next_x + length, next_y + length
    return matched, matched / (matched + gaps)
