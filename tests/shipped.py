"""The plans that come with the project: what is tested of them holds whatever else a user has registered."""

from pathlib import Path

import pytest

import libplans as lp
from libplans.corpus import Corpus

DATA = Path(__file__).parent.parent / "data"
PLANS = ("national", "heilongjiang", "jilin", "liaoning", "tengzhou")


def shipped_corpus():
    """The corpus of the five plans alone; skips the test where one of them is no longer registered."""
    corpus = lp.load(DATA)
    missing = [plan for plan in PLANS if plan not in corpus.plan_ids]
    if missing:
        pytest.skip(f"not registered here: {', '.join(missing)}")
    return Corpus([corpus._readings[plan] for plan in PLANS])
