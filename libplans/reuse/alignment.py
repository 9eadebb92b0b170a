"""Alignment: which characters of two passages correspond, and where does a passage truly begin and end?

The exact matches of a chain are fixed points; the gaps between them and a flank on either side are aligned by edit
distance (rapidfuzz); then the stretches that score best (matched characters minus the cost of gaps) are kept, so that a
passage ends where its density falls.
"""

from rapidfuzz.distance import Levenshtein

from .chains import gap_cost

FLANK = 32  # characters beyond the outermost exact match in which its continuation is looked for
LONG = 400  # characters from which on a chain is not looked for among those that were aligned before
KNOWN = 100_000  # alignments that are kept
DROP = 16.0  # a passage ends when its score has fallen this far below its best (X-drop)


def blocks_between(left, right):
    """Matching blocks (i, j, length) of an optimal edit alignment of two strings."""
    found = Levenshtein.editops(left, right).as_matching_blocks()
    return [(block.a, block.b, block.size) for block in found[:-1]]  # the last one is the end of both


def stretches(texts, a, b, chain, known, before=True, behind=True):
    """The dense stretches of a chain's alignment; those of the same wording between the same flanks are aligned once.

    `known` holds what was aligned before, by wording. The flanks `before` and `behind` the chain are looked into where
    that is asked (`reach`).
    """
    x, y, _ = chain[0]
    end_x, end_y, last = chain[-1]
    low_x, low_y = max(x - FLANK, texts.bounds[a]), max(y - FLANK, texts.bounds[b])
    left = texts.string(a, low_x, min(end_x + last + FLANK, texts.bounds[a + 1]))
    right = texts.string(b, low_y, min(end_y + last + FLANK, texts.bounds[b + 1]))
    if len(left) > LONG:
        return dense_stretches(_aligned(texts, a, b, chain, before, behind)[0])
    key = (left, right, *[(i - low_x, j - low_y, size) for i, j, size in chain])
    if key in known:
        return [[(i + x, j + y, size) for i, j, size in blocks] for blocks in known[key]]
    blocks, inside = _aligned(texts, a, b, chain, before, behind)
    found = dense_stretches(blocks)
    if inside:
        if len(known) >= KNOWN:
            known.clear()
        known[key] = [[(i - x, j - y, size) for i, j, size in blocks] for blocks in found]
    return found


def _aligned(texts, a, b, chain, before, behind):
    """Blocks (x, y, length) of the alignment of a chain: its links, what matches in its gaps and in its flanks; and
    whether no character beyond the flanks was asked for."""
    blocks, inside = _flank(texts, a, b, chain[0][0], chain[0][1], -1) if before else ([], True)
    for place, (x, y, length) in enumerate(chain):
        blocks.append((x, y, length))
        end_x, end_y = x + length, y + length
        if place + 1 < len(chain):
            next_x, next_y = chain[place + 1][:2]
            if next_x > end_x and next_y > end_y:
                between = blocks_between(texts.string(a, end_x, next_x), texts.string(b, end_y, next_y))
                blocks += [(end_x + i, end_y + j, size) for i, j, size in between]
    if behind:
        found, no_more = _flank(texts, a, b, end_x, end_y, 1)
        blocks, inside = blocks + found, inside and no_more
    return _joined(blocks), inside


def _flank(texts, a, b, x, y, step):
    """Blocks beyond the last exact match in one direction: FLANK characters, and more while half of them match; and
    whether there are no more."""
    found, first = [], True
    low_x, high_x, low_y, high_y = texts.bounds[a], texts.bounds[a + 1], texts.bounds[b], texts.bounds[b + 1]
    while True:
        if step > 0:
            left = texts.string(a, x, min(x + FLANK, high_x))
            right = texts.string(b, y, min(y + FLANK, high_y))
            here = [(x + i, y + j, size) for i, j, size in blocks_between(left, right)]
        else:
            left = texts.string(a, max(x - FLANK, low_x), x)[::-1]
            right = texts.string(b, max(y - FLANK, low_y), y)[::-1]
            here = [(x - i - size, y - j - size, size) for i, j, size in blocks_between(left, right)]
        if here and here[-1][2] >= FLANK / 2:
            here[-1] = _prolonged(texts, a, b, here[-1], step)
        found += here
        if not here or sum([size for _, _, size in here]) < FLANK / 2:
            return (found if step > 0 else found[::-1]), first
        first = False
        far_x, far_y, size = here[-1]
        x, y = (far_x + size, far_y + size) if step > 0 else (far_x, far_y)


def _prolonged(texts, a, b, block, step):
    """A block prolonged in one direction for as long as the characters are equal."""
    x, y, size = block
    width = 64
    while width > 0:
        if step > 0:
            far_x, far_y = x + size, y + size
            width = min(width, int(texts.starts[a + 1]) - far_x, int(texts.starts[b + 1]) - far_y)
        else:
            width = min(width, x - int(texts.starts[a]), y - int(texts.starts[b]))
            far_x, far_y = x - width, y - width
        if texts.string(a, far_x, far_x + width) == texts.string(b, far_y, far_y + width):
            x, y, size = (x, y, size + width) if step > 0 else (far_x, far_y, size + width)
            width *= 2
        else:
            width //= 2
    return x, y, size


def _joined(blocks):
    """Blocks that touch on one diagonal made one."""
    merged = []
    for x, y, length in blocks:
        if merged and merged[-1][0] + merged[-1][2] == x and merged[-1][1] + merged[-1][2] == y:
            merged[-1] = (*merged[-1][:2], merged[-1][2] + length)
        else:
            merged.append((x, y, length))
    return merged


def dense_stretches(blocks, drop=DROP):
    """Runs of blocks whose score is locally best: list of lists of blocks.

    The score adds matched characters and takes off the cost of each gap; a run ends at its best block once the score
    has fallen by `drop` below it (or to nothing), and begins where the score was nothing.
    """
    kept, start, count = [], 0, len(blocks)
    while start < count:
        x, y, length = blocks[start]
        score = best = float(length)
        end = place = start
        x, y = x + length, y + length
        while place + 1 < count:
            next_x, next_y, length = blocks[place + 1]
            score -= gap_cost(next_x - x, next_y - y)
            if score <= 0 or score < best - drop:
                break
            score += length
            place += 1
            x, y = next_x + length, next_y + length
            if score >= best:
                best, end = score, place
        kept.append(_trimmed(blocks[start : end + 1]) if end > start else [blocks[start]])
        start = end + 1
    return kept


def _trimmed(run):
    """A run without leading blocks that cost more than they bring."""
    score, best, start = 0.0, float("-inf"), len(run) - 1
    for place in range(len(run) - 1, -1, -1):
        score += run[place][2]
        if score >= best:
            best, start = score, place
        if place:
            here, there = run[place - 1], run[place]
            score -= gap_cost(there[0] - here[0] - here[2], there[1] - here[1] - here[2])
    return run[start:]


def identity(blocks):
    """(matched characters, matched characters over aligned length) of a run of blocks."""
    matched = sum(length for _, _, length in blocks)
    gaps = sum(
        max(there[0] - here[0] - here[2], there[1] - here[1] - here[2])
        for here, there in zip(blocks, blocks[1:], strict=False)
    )
    return matched, matched / (matched + gaps)
