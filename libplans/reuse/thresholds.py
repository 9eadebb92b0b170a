"""Thresholds: how do the shares move with the minimum length and the minimum identity of a passage?"""

import numpy as np
import pandas as pd

from .measures import REUSED, cover_masks
from .passages import find_reuse

LENGTHS = (10, 15, 20, 30, 50, 80)
IDENTITIES = (0.4, 0.6, 0.8, 0.9)


def sensitivity(corpus, lengths=LENGTHS, identities=IDENTITIES):
    """Shares of reused text (verbatim and adapted) for each minimum length and identity.

    DataFrame with target, source (a plan or `any`), min_length (characters matched), min_identity (0-1), share (0-1).
    The passages are found once, at the least length; those below a setting are then left out, whole, even beside
    longer ones. (`find_reuse` with a higher `min_identity` cuts a passage into its closer parts instead, so its shares
    fall less.) A conclusion that holds only at one setting is no conclusion.
    """
    rows = []
    passages = find_reuse(corpus, min_length=min(lengths))
    for length in lengths:
        for identity in identities:
            kept = passages[(passages["matched"] >= length) & (passages["identity"] >= identity)]
            masks = cover_masks(corpus, kept[kept["kind"].isin(REUSED)])
            for target, found in masks.items():
                body = int(np.asarray(corpus.stream(target).body, bool).sum())
                sources = {source for _, source in _pairs(passages, target)} | {"any"}
                for source in sorted(sources):
                    chars = sum(int(found[source, kind].sum()) for kind in REUSED if (source, kind) in found)
                    rows.append(
                        {
                            "target": target,
                            "source": source,
                            "min_length": length,
                            "min_identity": identity,
                            "share": round(chars / body, 6) if body else 0.0,
                        }
                    )
    return pd.DataFrame(rows, columns=["target", "source", "min_length", "min_identity", "share"])


def _pairs(passages, target):
    return set(passages.loc[passages["target"] == target, ["target", "source"]].itertuples(index=False, name=None))
