"""Tables of evidence of the texts that share the most: coding, substitutions, leftovers and direction.

Of many texts they are made for a few, by the passages that these share among themselves, and kept in the cache.
"""

import hashlib
from contextlib import suppress

from ..tables import write_whole
from .packing import Damaged, pack, packed_digest, unpack

MANY_TEXTS, CLOSE = 40, 20  # above the first, tables of evidence are made for the texts that share the most


def with_evidence(texts, reuse):
    """Those of `texts` (plan ids) of which there is evidence, by the table `reuse`: all of a few, else the closest."""
    return texts if len(texts) <= MANY_TEXTS else closest_plans(reuse, texts)


def closest_plans(reuse, plans, most=CLOSE):
    """Of these plans those of the pairs that share the largest part of the target (verbatim, adapted): `most` at most,
    sorted."""
    pairs = reuse[reuse["kind"].isin(["verbatim", "adapted"]) & (reuse["source"] != "any")]
    pairs = pairs[pairs["target"].isin(plans) & pairs["source"].isin(plans)]
    shares = pairs.groupby(["target", "source"])["share"].sum().to_dict()
    found = []
    for target, source in sorted(shares, key=lambda pair: (-shares[pair], pair)):
        new = [plan for plan in (target, source) if plan not in found]
        if len(found) + len(new) > most:
            break
        found += new
    return sorted(found)


def kept_evidence(run, cache, files, passages, plans):
    """Coding, substitutions, leftovers and direction of a few texts, by the passages that they share (dict of tables),
    made by a task of an engine; kept in the cache with a key of all that they depend on."""
    import pandas as pd

    from ..reuse import packs

    here = passages[passages["target"].isin(plans) & passages["source"].isin(plans)].reset_index(drop=True)
    here["pair"], here["family"] = here["pair"].rank(method="dense").astype("Int64"), pd.NA  # numbers of this run only
    here["family"] = here["family"].astype("Int64")
    keys = packs.file_keys(files)
    packed, path, asked = pack(here), cache / "evidence.kept", cache / "evidence.asked"
    parts = [packs.code_key(), *plans, *keys, packed_digest(packed)]
    key = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    with suppress(OSError, Damaged):
        if (held := unpack(path.read_bytes()))["key"] == key:
            return held["tables"]
    write_whole(asked, packed)
    (tables,) = run(evidence_of, [(files, asked)])
    asked.unlink()
    if packs.file_keys(files) == keys:  # else one changed before it was read
        write_whole(path, pack({"key": key, "tables": tables}))
    return tables


def evidence_of(files, asked):
    """The tables of evidence (dict) of a few texts and the passages that they share, which lie packed in a file."""
    from .. import reuse
    from ..corpus import Corpus, read_texts
    from ..reuse.marks import Aligner

    corpus, passages = read_texts(files) if files else Corpus(), unpack(asked.read_bytes())
    aligner = Aligner(corpus)
    found = {
        "coding": reuse.code_sentences(corpus, passages, aligner),
        "substitutions": reuse.find_substitutions(corpus, passages, aligner),
        "leftovers": reuse.find_leftovers(corpus, passages, aligner),
    }
    return {**found, "direction": reuse.find_direction(corpus, passages, found["leftovers"], aligner)}
