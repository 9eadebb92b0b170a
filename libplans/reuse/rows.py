"""The tables of a match in blocks: from passages on the long array to rows that lead to the raw texts."""

from collections import Counter, defaultdict
from types import SimpleNamespace

import numpy as np
import pandas as pd

from ..tables import frame
from ..workers import threads_beside
from .blocks import KINDS, save
from .families import family_numbers
from .formulae import bare, documented_formulae
from .seeds import sorted_order, sorted_rows
from .sides import SHARED, read_sides, share_rows

FAMILIES = ("family", "text", "plans", "places", "pairs", "listed", "wide", "formula")
PLACES = ("family", "plan", "start", "end")
STOCK = 8  # characters of a formula that no list knows


class Sides:
    """The places of passages, each once: `plan` (index), `start`, `end` on the long array; `first` and `second` are the
    places (rows here) of the two sides of each passage, `wide` those of wide wording."""

    def __init__(self, rows, wide):
        plan, start, end = np.concatenate([rows[:, [0, 2, 3]], rows[:, [1, 4, 5]], wide]).T
        order = sorted_order(start, end)  # and so by plan
        new = (np.diff(start[order], prepend=-1) != 0) | (np.diff(end[order], prepend=-1) != 0)
        place = np.empty(len(order), np.int64)
        place[order] = np.cumsum(new) - 1
        self.plan, self.start, self.end = (column[order[new]] for column in (plan, start, end))
        self.first, self.second, self.wide = np.split(place, [len(rows), 2 * len(rows)])

    def __len__(self):
        return len(self.plan)


def describe_sides(match, sides):
    """Raw spans, sections and texts of all places: (int array low, high, section; array of str)."""
    starts = match.starts[sides.plan]
    names = sorted({name for name, _ in match.places})
    number = {name: n for n, name in enumerate(names)}
    pack, place = np.array([(number[name], place) for name, place in match.places], np.int64).T
    order = np.lexsort((place[sides.plan], pack[sides.plan]))
    asked = np.stack([place[sides.plan], sides.start - starts, sides.end - starts], axis=1)[order]
    edges = np.searchsorted(pack[sides.plan][order], np.arange(len(names) + 1))
    parts = [slice(*edge) for edge in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    jobs = [(str(match.cache), name, asked[part]) for name, part in zip(names, parts, strict=True)]
    jobs = [job for job in jobs if len(job[2])]
    columns, texts = np.zeros((len(sides), 3), np.int64), np.full(len(sides), "", object)
    found = match.run(read_sides, jobs)
    if found:
        columns[order] = np.concatenate([part for part, _ in found])
        texts[order] = [wording for _, wordings in found for wording in wordings]
    return columns, texts


def passage_table(plans, rows, identity, families, sides, columns, texts):
    """The table `passages`: two rows a passage, sorted by target and place."""
    count = len(rows)
    target = np.stack([sides.first, sides.second], axis=1).reshape(-1)
    source = np.stack([sides.second, sides.first], axis=1).reshape(-1)
    kind = rows[:, [7, 8]].reshape(-1)
    pair = np.repeat(np.arange(count), 2)
    order = sorted_order(sides.plan[target], *columns[target, :2].T, sides.plan[source], columns[source, 0])
    target, source, kind, pair = target[order], source[order], kind[order], pair[order]
    names, family = np.array(plans, dtype=object), families[pair]
    data = {}
    for side, place in (("target", target), ("source", source)):
        data[side] = names[sides.plan[place]]
        data[f"{side}_start"], data[f"{side}_end"], data[f"{side}_section"] = columns[place].T
        data[f"{side}_text"] = texts[place]
    data |= {"matched": rows[pair, 6], "identity": np.round(identity[pair], 6), "pair": pair + 1}
    data["kind"] = np.array(KINDS, dtype=object)[kind]
    data["family"] = pd.arrays.IntegerArray(family, family == 0)
    return _table("passages", data)


def _table(name, data):
    """The table of that name with these columns (arrays)."""
    wanted = frame(name, [])
    return pd.DataFrame({column: pd.Series(data[column], dtype=wanted[column].dtype) for column in wanted.columns})


def family_tables(plans, rows, families, sides, columns, texts, wide=()):
    """(families, their places). A family is wording in three plans or more; `pairs` are the pairs of its places in two
    plans, `listed` how many of them are rows of `passages`. Where it is `wide` it stands at so many places that one
    pair a place stands for all; else the pairs that are not listed share too little of it. `formula` is 1 where it is
    nothing but a formula. `wide` holds the family (as in `rows`) of each of `sides.wide`; `families` are those of the
    passages, 0 where there is none."""
    names, lines, places, wide_sides = list(plans), [], [], defaultdict(list)
    for side, family in zip(sides.wide.tolist(), wide, strict=True):
        wide_sides[family].append(side)
    numbers = np.flatnonzero(families)
    known, first, listed = np.unique(families[numbers], return_index=True, return_counts=True)
    marks, stock = rows[numbers[first], 9].tolist(), (rows[:, 7:9] == KINDS.index("formula")).all(1)
    stock = np.bincount(families[numbers], stock[numbers], len(known) + 1)[known] == listed
    span = list(zip(sides.plan.tolist(), *columns[:, :2].T.tolist(), strict=True))
    whose = zip(known.tolist(), listed.tolist(), marks, stock.tolist(), _sides_of(families, sides), strict=True)
    for family, count, mark, formula, here in whose:
        here = wide_sides.get(mark) or here
        spans = _merged(sorted(span[side] for side in here))
        per_plan, wordings = Counter(plan for plan, _, _ in spans), Counter(texts[side] for side in here)
        text = max(wordings, key=lambda wording: (wordings[wording], len(wording), wording))
        pairs = (len(spans) ** 2 - sum(n * n for n in per_plan.values())) // 2
        lines.append((family, text, len(per_plan), len(spans), pairs, count, int(mark >= 0), int(formula)))
        places += [(family, names[plan], start, end) for plan, start, end in spans]
    return pd.DataFrame(lines, columns=FAMILIES), pd.DataFrame(places, columns=PLACES)


def _sides_of(families, sides):
    """The places (rows of `sides`) of the passages of each family, each once: lists, in the order of the families."""
    family, side = np.tile(families, 2), np.concatenate([sides.first, sides.second])
    family, side = sorted_rows(family[family > 0], side[family > 0])
    new = (np.diff(family, prepend=0) != 0) | (np.diff(side, prepend=-1) != 0)
    family, side = family[new], side[new].tolist()
    edges = [*np.flatnonzero(np.diff(family, prepend=0)).tolist(), len(side)]
    return [side[first:last] for first, last in zip(edges, edges[1:], strict=False)]


def families_of(passages):
    """(families, their places) of a table of passages, as `family_tables` gives them; none is called wide."""
    once = passages[passages["family"].notna()].drop_duplicates("pair").reset_index(drop=True)
    names = sorted({*once["target"], *once["source"]})
    sides = [
        (names.index(row[side]), row[f"{side}_start"], row[f"{side}_end"], row[f"{side}_text"])
        for row in once.to_dict("records")
        for side in ("target", "source")
    ]
    rows = np.full((len(once), 10), -1, np.int64)
    kinds = passages.groupby("pair")["kind"].agg(lambda kind: (kind == "formula").all())
    rows[:, 7:9] = 2 * once["pair"].map(kinds).to_numpy(dtype=np.int64)[:, None]
    numbers = np.array([side[:3] for side in sides], np.int64).reshape(-1, 3)
    held = SimpleNamespace(
        plan=numbers[:, 0], first=np.arange(0, len(sides), 2), second=np.arange(1, len(sides), 2), wide=np.zeros(0)
    )
    families = once["family"].to_numpy(dtype=np.int64)
    return family_tables(names, rows, families, held, numbers[:, 1:], [side[3] for side in sides])


def _merged(spans):
    """Spans (plan, start, end), sorted, with those of a plan that overlap made one."""
    merged = []
    for plan, start, end in spans:
        if merged and merged[-1][0] == plan and start < merged[-1][2]:
            merged[-1] = (plan, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((plan, start, end))
    return merged


def formula_table(match, families):
    """The table `formulae`: the documented formulae that occur, and the families that are nothing but formulae."""
    count, plans = Counter(), Counter()
    for held in match.stock:
        for number, times in held.reshape(-1, 2).tolist():
            count[number] += times
            plans[number] += 1
    known = documented_formulae()
    rows = {
        bare(known[number][0]): {
            "text": known[number][0],
            "plans": plans[number],
            "count": count[number],
            "upstream": known[number][1],
        }
        for number in count
    }
    for row in families[families["formula"] == 1].itertuples(index=False):
        wording = bare(row.text)
        if len(wording) >= STOCK and not any(wording in other for other in rows):
            rows[wording] = {"text": row.text, "plans": row.plans, "count": row.places, "upstream": ""}
    return frame("formulae", sorted(rows.values(), key=lambda row: (-row["plans"], -row["count"], row["text"])))


def reuse_table(match, rows):
    """The table `reuse` of all plans, as `measure_reuse` gives it."""
    target = np.concatenate([rows[:, 0], rows[:, 1]])
    columns = [np.concatenate([rows[:, one], rows[:, other]]) for one, other in ((1, 0), (2, 4), (3, 5), (7, 8))]
    order = np.argsort(target, kind="stable")
    save(match.work, "shared", **dict(zip(SHARED, [column[order] for column in (target, *columns)], strict=True)))
    jobs = [(str(match.work), first, last) for first, last in match.blocks()]
    names, kinds = np.array([*match.plans, "", "any"], object), np.array([*KINDS, "own"], object)  # "any" is -1, "" -2
    plan, source, kind, chars, body, passages = np.concatenate(match.run(share_rows, jobs)).T
    share = [round(some / most, 6) if most else 0.0 for some, most in zip(chars.tolist(), body.tolist(), strict=True)]
    data = {"target": names[plan], "source": names[source], "kind": kinds[kind], "share": np.array(share)}
    return _table("reuse", data | {"chars": chars, "passages": passages})


class Tables:
    """The tables of a match, from its passages (`rows` and `identity` as `blocks.range_passages` gives them)."""

    def __init__(self, match, rows, identity):
        self.match, self.rows, self.identity = match, rows, identity
        wide = match.families
        plan = np.searchsorted(match.starts, wide.starts, side="right") - 1
        self.sides = Sides(rows, np.stack([plan, wide.starts, wide.ends], axis=1))
        with threads_beside(1) as aside:
            described = aside.submit(describe_sides, match, self.sides)
            self.numbers = match.step("families", family_numbers, rows[:, [0, 1, 2, 3, 4, 5, 9]])
            self.columns, self.texts = match.step("wording", described.result)

    def passages(self):
        """The table `passages`."""
        described = self.sides, self.columns, self.texts
        return passage_table(self.match.plans, self.rows, self.identity, self.numbers, *described)

    def families(self):
        """The tables families, family_places and formulae."""
        described, wide = (self.sides, self.columns, self.texts), self.match.families.family.tolist()
        families, places = family_tables(self.match.plans, self.rows, self.numbers, *described, wide)
        return {
            "families": families,
            "family_places": places,
            "formulae": formula_table(self.match, families),
        }

    def reuse(self):
        """The table `reuse`."""
        return reuse_table(self.match, self.rows)
