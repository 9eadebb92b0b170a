"""Chains: which exact matches of a pair of plans belong to one copied passage?

Matches that follow each other in both plans with small gaps are linked, linked matches form clusters, and inside a
cluster the best collinear chains are taken one after the other (so that reordered sentences and double copies become
chains of their own). A gap has to earn its place: a chain's score is the characters matched minus the cost of its gaps.
"""

import numpy as np

from .ranges import linked
from .seeds import NEAR, Matches

GAP_OPEN = 1.5  # characters that a gap costs, however short: one chance character never pays for it
GAP_EXTEND = 0.5  # ... and for each of its characters, on the wider side: below .4 matched a stretch costs too much


def clusters(matches, max_gap=40, lookahead=16):
    """Label of the cluster of each match: matches of one pair of plans that stand close in both texts.

    `matches` sorted by plans and place. Two matches are linked when neither gap is wider than `max_gap`.
    """
    size = len(matches)
    new = np.flatnonzero((matches.a[1:] != matches.a[:-1]) | (matches.b[1:] != matches.b[:-1])) + 1
    edges = np.concatenate([[0], new, [size]])
    last = np.repeat(edges[1:], np.diff(edges))  # behind the last match of the same plans
    left, right, i = [], [], np.arange(size)
    for lag in range(1, lookahead + 1):
        i = i[i + lag < last[i]]
        if not len(i):
            break
        j = i + lag
        gap_x = matches.x[j] - matches.x[i] - matches.length[i]
        gap_y = matches.y[j] - matches.y[i] - matches.length[i]
        near = (gap_x <= max_gap) & (gap_y <= max_gap)
        near &= matches.y[j] + matches.length[j] > matches.y[i] + matches.length[i]
        left.append(i[near])
        right.append(j[near])
    return linked(size, np.concatenate(left), np.concatenate(right)) if left else np.arange(size)


def promising(texts, matches, label, weight, solid, reach=16, least=5):
    """Which matches may belong to a passage: bool array.

    A lone match shorter than `solid` (one number for each match) is no passage unless it goes on beyond a mismatch:
    `least` of the next `reach` characters on one side must match, on its own diagonal or one of the two on either
    side. Where a pair of plans has anything longer, all its matches stay (a short match beside a long one counts).
    """
    strong = weight[label] >= solid
    pair = matches.a * len(texts.plans) + matches.b
    open_pairs = np.flatnonzero(~np.isin(pair, np.unique(pair[strong])))
    for first in range(0, len(open_pairs), NEAR):
        rows = open_pairs[first : first + NEAR]
        x, y, length = matches.x[rows], matches.y[rows], matches.length[rows]
        bounds = [texts.starts[plan[rows] + side] for plan in (matches.a, matches.b) for side in (0, 1)]
        strong[rows] = _goes_on(texts.codes, x - reach, y - reach, bounds, reach, least)
        strong[rows] |= _goes_on(texts.codes, x + length, y + length, bounds, reach, least)
    return np.isin(pair, np.unique(pair[strong]))


def _goes_on(codes, x, y, bounds, reach, least, slack=2):
    """Whether `least` of `reach` characters from x on equal those from y on, shifted by up to `slack`.

    At the ends of their plans (`bounds`: first of x, end of x, first of y, end of y) the outermost character stands for
    those beyond.
    """
    low_x, high_x, low_y, high_y = bounds
    left = [codes[np.clip(x + step, low_x, high_x - 1)] for step in range(reach)]
    right = [codes[np.clip(y + step, low_y, high_y - 1)] for step in range(-slack, reach + slack)]
    found = np.zeros(len(x), bool)
    for shift in range(2 * slack + 1):
        count = np.zeros(len(x), np.uint8)
        for step in range(reach):
            count += left[step] == right[step + shift]
        found |= count >= least
    return found


def chains(texts, matches, floor, solid, max_gap=40):
    """Collinear chains with at least `floor` matched characters, in pairs of plans that have one with about `solid`.

    `solid` is an array, one number for each match. Returns a list of (a, b, [(x, y, length), …]) of several links,
    and the chains of one link as `Matches`; the links of a chain do not overlap in either text.
    """
    if not len(matches):
        return [], matches
    label = clusters(matches, max_gap)
    weight = np.bincount(label, matches.length)
    rows = np.flatnonzero((weight[label] >= floor) & promising(texts, matches, label, weight, solid))
    rows = rows[np.argsort(label[rows], kind="stable")]
    new = np.diff(label[rows]) != 0
    edges = np.flatnonzero(np.concatenate([[True], new, [True]])) if len(rows) else np.zeros(1, int)
    single = np.diff(edges) == 1
    found, left = [], []
    for first, last in zip(edges[:-1][~single].tolist(), edges[1:][~single].tolist(), strict=True):
        part = rows[first:last]
        links = list(
            zip(matches.x[part].tolist(), matches.y[part].tolist(), matches.length[part].tolist(), strict=False)
        )
        pair = int(matches.a[part[0]]), int(matches.b[part[0]])
        for chain in _best_chains(links, floor, max_gap):
            if len(chain) > 1:
                found.append((*pair, chain))
            else:
                left.append((*pair, *chain[0]))
    few, lone = Matches(*np.array(left, np.int64).reshape(-1, 5).T), matches.take(rows[edges[:-1][single]])
    return found, Matches(*map(np.concatenate, zip(vars(lone).values(), vars(few).values(), strict=True)))


def _best_chains(links, floor, max_gap):
    """Chains of one cluster, taken greedily: the best, then the best of what is left, and so on."""
    taken = []
    while links:
        chain, used = _best_chain(links, max_gap)
        if sum(link[2] for link in chain) < floor:
            break
        taken.append(chain)
        links = [link for place, link in enumerate(links) if place not in used]
    return taken


def _best_chain(links, max_gap, lookback=64):
    """The chain with the highest score among links sorted by x, and the places of its links."""
    score, before = [], []
    for i, (x, y, length) in enumerate(links):
        best, parent = float(length), -1
        for j in range(i - 1, max(-1, i - 1 - lookback), -1):
            px, py, plen = links[j]
            if y <= py:
                continue
            gap_x, gap_y = x - px - plen, y - py - plen
            overlap = -gap_x if gap_x < gap_y else -gap_y
            if overlap > 0:
                if overlap >= length:
                    continue
                gap_x, gap_y = gap_x + overlap, gap_y + overlap
            else:
                overlap = 0
            wide = gap_x if gap_x > gap_y else gap_y
            if wide > max_gap:
                continue
            value = score[j] + length - overlap - (GAP_OPEN + GAP_EXTEND * wide if wide else 0.0)
            if value > best:
                best, parent = value, j
        score.append(best)
        before.append(parent)
    place = max(range(len(links)), key=lambda i: (score[i], -i))
    used = []
    while place >= 0:
        used.append(place)
        place = before[place]
    used.reverse()
    chain = []
    for place in used:
        x, y, length = links[place]
        if chain:
            px, py, plen = chain[-1]
            overlap = max(px + plen - x, py + plen - y, 0)
            x, y, length = x + overlap, y + overlap, length - overlap
        chain.append((x, y, length))
    return chain, set(used)
