"""Bodies: which words stand for a section when sections are compared by their words?"""


def by_plan(table, corpus):
    """plan -> its rows of a table of the corpus, in the order of the plans; a plan without rows has an empty table."""
    found = dict(iter(table.groupby("plan", sort=False)))
    return {plan: found.get(plan, table.iloc[:0]) for plan in corpus.plan_ids}


def section_texts(corpus):
    """What stands for a section in clustering and keyness: plan, section, text (heading, own text, headings above),
    own.

    Only sections with text of their own; the title of the plan is left out. `own` is the text without the headings
    above.
    """
    import pandas as pd

    sections = {(row.plan, int(row.section)): row for row in corpus.sections.itertuples(index=False)}
    bodies, order = {}, {plan: number for number, plan in enumerate(corpus.plan_ids)}
    for row in corpus.sentences.itertuples(index=False):
        if row.kind != "heading" and corpus.roles.get(row.plan) != "reference":
            bodies.setdefault((row.plan, int(row.section)), []).append(row.text)
    rows = []
    for key, body in sorted(bodies.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        row, above = sections[key], []
        own = "\n".join(([row.title] if row.title and row.depth else []) + body)
        parent = row.parent
        while str(parent) not in ("<NA>", "nan", "None", "", "0") and sections[key[0], int(parent)].depth:
            above.append(sections[key[0], int(parent)].title)
            parent = sections[key[0], int(parent)].parent
        rows.append((*key, "\n".join([own, *above]), own))
    return pd.DataFrame(rows, columns=["plan", "section", "text", "own"])
