"""Distances: how alike are two plans in what they give room to?"""

import numpy as np


def theme_distances(emphasis, frame=True):
    """How far the plans are apart in their themes: a DataFrame plan × plan of Jensen–Shannon distances, 0–1.

    `emphasis` is the table of `theme_emphasis` (plan, theme, share). 0 is the same shares, 1 no theme in common; the
    distance is the square root of the Jensen–Shannon divergence in bits, a metric (Endres and Schindelin 2003, IEEE
    Transactions on Information Theory 49, 1858–1860). Without `frame`, prefaces and overviews are left out and the rest
    is scaled to 1. It compares room, not wording: two plans may be near without a sentence in common. A plan without a
    counted character is at distance 1 from all others.
    """
    import pandas as pd

    rows = emphasis if frame else emphasis[emphasis["theme"] != "frame"]
    plans = list(dict.fromkeys(emphasis["plan"]))
    table = rows.pivot(index="plan", columns="theme", values="share").reindex(plans).astype(float).fillna(0.0)
    shares = table.to_numpy() / np.maximum(table.to_numpy().sum(axis=1, keepdims=True), 1e-12)
    found = [
        [_distance(one, other) if i != j else 0.0 for j, other in enumerate(shares)] for i, one in enumerate(shares)
    ]
    return pd.DataFrame(found, index=plans, columns=plans).round(4)


def _distance(one, other):
    if not one.sum() or not other.sum():
        return 1.0
    middle = (one + other) / 2
    parts = (np.sum(side[side > 0] * np.log2(side[side > 0] / middle[side > 0])) for side in (one, other))
    return float(np.sqrt(max(sum(parts) / 2, 0.0)))
