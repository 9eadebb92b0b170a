"""Stability: how far does a clustering agree with itself when a fifth of the texts is left out?"""

import numpy as np

from .consensus import SAMPLE


def pair_agreement(count, assign, pairs=20, seed=0):
    """The adjusted Rand index of `pairs` pairs of 80 % subsamples: a DataFrame with pair, texts, ari.

    `assign` takes the places of the texts drawn (rising, out of `count`) and returns a label for each; it is called
    anew for each of the 2 × `pairs` subsamples. `texts` is how many both drew, over which `ari` is taken (0 as by
    chance, 1 the same; Hubert and Arabie 1985).
    """
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score

    draw = np.random.default_rng(seed)
    size, rows = max(int(SAMPLE * count), 2), []
    for pair in range(pairs):
        found = []
        for _ in range(2):
            chosen = np.sort(draw.choice(count, size, replace=False)).tolist()
            found.append(dict(zip(chosen, np.asarray(assign(chosen)).tolist(), strict=True)))
        both = sorted(found[0].keys() & found[1].keys())
        ari = adjusted_rand_score([found[0][i] for i in both], [found[1][i] for i in both])
        rows.append((pair + 1, len(both), round(ari, 4)))
    return pd.DataFrame(rows, columns=["pair", "texts", "ari"])
