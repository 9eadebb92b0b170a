"""Keyness: what does one plan say more than the others, and is it spread over the plan or said in one place?

Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political Analysis 16, 372–403) for
the order, log-likelihood (Dunning 1993) for the test, the log ratio for the size of the effect, and the deviation of
proportions (Gries 2008) for the spread. Words of plans that copy one another are not independent draws: read z and
G² as an order, not as a probability.
"""

import math
from collections import Counter

from ..words import tokenize
from .bodies import section_texts
from .codebook import simplify
from .names import is_name, own_names
from .repeats import repeated_groups

_COLUMNS = (
    "plan",
    "word",
    "count",
    "rest",
    "per_10000",
    "rest_per_10000",
    "log_odds",
    "z",
    "log_likelihood",
    "log_ratio",
    "sections",
    "dispersion",
)


def keyness(corpus, passages=None, prior=1000, least=5, dictionary=None, names=False):
    """Words that mark each plan against all the others: a DataFrame, for each plan the most typical word first.

    Columns: plan, word, count (in the plan), rest (in the others), per_10000 and rest_per_10000 (words), log_odds and z
    (Monroe et al.; z above 1.96 is worth a look, negative is under-used), log_likelihood (G², with the sign of the
    difference), log_ratio (binary logarithm of the ratio of the rates: 1 is twice as often), sections (how many of
    the plan's sections have the word) and dispersion (Gries' DP: 0 spread evenly over the sections, 1 in one place).
    `prior` is the weight of the prior in words, shared out by the words' frequency in the whole corpus; `least` the
    least count in the whole corpus. With `passages`, a section that repeats another plan's for at least half is left
    out where it stands second, so that copied wording counts once. The headings above a section do not count, its
    own does. Words that only name or point at a place or an institution (吉林省, 省图书馆, 本馆; see `names.is_name`)
    are left out unless `names`.
    """
    own = own_names(corpus)
    bags = _bags(corpus, passages, dictionary)
    counts = {plan: Counter(word for bag in sections for word in bag) for plan, sections in bags.items()}
    overall = Counter()
    for here in counts.values():
        overall.update(here)
    total = sum(overall.values())
    kept = {word for word in overall if overall[word] >= least and (names or not is_name(word, own))}
    rows = []
    for plan, here in counts.items():
        size = sum(here.values())
        spread = _spread(bags[plan], here, size)
        for word in sorted(kept & here.keys() if len(counts) > 1 and size < total else ()):
            found = measures(here[word], size, overall[word] - here[word], total - size, prior)
            rows.append((plan, word, *found, *spread[word]))
    return _table(rows)


def measures(count, size, rest, rest_size, prior=1000):
    """(count, rest, per_10000, rest_per_10000, log_odds, z, log_likelihood, log_ratio) of one word in two bodies of
    text.

    `count` of `size` words here, `rest` of `rest_size` words there; `prior` as in `keyness`.
    """
    share = (count + rest) / (size + rest_size)
    here, there = count + prior * share, rest + prior * share
    log_odds = math.log(here / (size + prior - here)) - math.log(there / (rest_size + prior - there))
    z = log_odds / math.sqrt(1 / here + 1 / there)
    likelihood = 2 * sum(
        seen * math.log(seen / (words * share)) for seen, words in ((count, size), (rest, rest_size)) if seen
    )
    rates = (count + 0.5) / (size + 1), (rest + 0.5) / (rest_size + 1)
    sign = 1 if count / size >= rest / rest_size else -1
    return (
        count,
        rest,
        1e4 * count / size,
        1e4 * rest / rest_size,
        log_odds,
        z,
        sign * max(likelihood, 0.0),
        math.log2(rates[0] / rates[1]),
    )


def _bags(corpus, passages, dictionary):
    """plan -> list of sections, each a list of content words."""
    sections = section_texts(corpus)
    keys = list(zip(sections["plan"], sections["section"].astype(int), strict=True))
    first = repeated_groups(corpus, passages, set(keys)) if passages is not None else {key: key for key in keys}
    bags = {plan: [] for plan in dict.fromkeys(sections["plan"])}
    for key, text in zip(keys, sections["own"], strict=True):
        if first[key][0] == key[0]:
            bags[key[0]].append([word.lower() for word in tokenize(simplify(text), dictionary, stop=True)])
    return bags


def _spread(sections, counts, size):
    """word -> (sections that have it, deviation of proportions); sections without it differ by their whole share."""
    holding, apart = Counter(), Counter()
    for bag in sections:
        share = len(bag) / size if size else 0.0
        for word, count in Counter(bag).items():
            holding[word] += 1
            apart[word] += abs(count / counts[word] - share) - share
    return {word: (holding[word], (1 + apart[word]) / 2) for word in holding}


def _table(rows):
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    reals = [column for column in _COLUMNS if column not in ("plan", "word", "count", "rest", "sections")]
    table[reals] = table[reals].astype(float).round(4)
    order = {plan: number for number, plan in enumerate(dict.fromkeys(table["plan"]))}
    table = table.assign(_plan=table["plan"].map(order))
    return table.sort_values(["_plan", "z", "word"], ascending=[True, False, True], ignore_index=True).drop(
        columns="_plan"
    )
