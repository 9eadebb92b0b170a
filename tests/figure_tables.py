"""Made-up tables for the pictures: as many plans as asked for, with names long enough to be a trial."""

import networkx
import numpy as np
import pandas as pd

from libplans import tables
from libplans.plots.themes import theme_names


def plans(count):
    """The national library and `count - 1` libraries with long names that differ only near their end."""
    rows = [{"plan": "plan0", "issuer": "国家图书馆", "issuer_en": "National Library of China", "level": "national"}]
    rows += [
        {
            "plan": f"plan{place}",
            "issuer": f"内蒙古自治区锡林郭勒盟少数民族图书馆第{place}分馆",
            "level": "city",
            "issuer_en": f"Inner Mongolia Autonomous Region Xilingol League Library no. {place}",
        }
        for place in range(1, count)
    ]
    return tables.frame(
        "plans", [{**row, "role": "plan", "chars": 20000 + 997 * place} for place, row in enumerate(rows)]
    )


def coword_graph(count):
    """`count` terms in a ring, each linked to the next and to the one opposite, in four communities."""
    graph = networkx.Graph()
    terms = [f"公共文化服务体系{place}" for place in range(count)]
    for place, term in enumerate(terms):
        graph.add_node(term, sections=5 + place, community=1 + place % 4, degree_centrality=0.1, betweenness=0.0)
    for place, term in enumerate(terms):
        for other in (terms[(place + 1) % count], terms[(place + count // 2) % count]):
            if other != term:
                graph.add_edge(term, other, sections=5, weight=1.0 + place)
    return graph


def all_tables(count, seed=0):
    """Arguments of every figure of the catalogue but the strips: name -> list of tables, for `count` plans."""
    chance = np.random.default_rng(seed)
    ids, register = [f"plan{place}" for place in range(count)], plans(count)
    themes = list(theme_names())
    reuse = [
        {
            "target": a,
            "source": b,
            "kind": kind,
            "chars": 100,
            "share": round(float(min(chance.exponential(0.03), 0.3)), 4),
        }
        for a in ids
        for b in [*ids, "any"]
        if a != b
        for kind in ("verbatim", "adapted", "formula")
    ]
    sections = [
        {
            "plan": plan,
            "section": number,
            "depth": 1 + number % 5,
            "body_start": 100 * number,
            "body_end": 100 * number + int(chance.integers(10, 90)),
        }
        for plan in ids
        for number in range(2, 60)
    ]
    coded = [
        {"plan": row["plan"], "section": row["section"], "theme": "frame", "cluster": 1 + row["section"] % 8}
        for row in sections
    ]
    emphasis = [
        {"plan": plan, "theme": theme, "share": share}
        for plan in ids
        for theme, share in zip(themes, chance.dirichlet(np.ones(len(themes))), strict=True)
    ]
    words = [
        {
            "plan": plan,
            "word": "词语" + "长" * (place % 8) + str(place),
            "z": 12 - place,
            "count": 9,
            "sections": 1 + place % 4,
        }
        for plan in ids
        for place in range(12)
    ]
    swaps = [
        {
            "target": a,
            "source": b,
            "source_text": "国家图书馆" + "与全国各级公共图书馆" * (k % 3),
            "target_text": "黑龙江省图书馆" + "与全省各级公共图书馆" * (k % 3),
            "count": 20 - k,
            "kind": "name",
        }
        for a in ids[:3]
        for b in ids[:3]
        if a != b
        for k in range(9)
    ]
    sweep = [
        {"target": a, "source": b, "min_length": length, "min_identity": level, "share": 6 * (1.5 - level) / length}
        for a in ids[:4]
        for b in ids[:4]
        if a != b
        for length in (10, 15, 20, 30, 50)
        for level in (0.6, 0.75, 0.9)
    ]
    split = [
        {"target": plan, "part": part, "chars": 100, "share": round(share, 4)}
        for plan in ids
        for part, share in zip(
            ["own", *(other for other in ids[:9] if other != plan), "several", "formula"],
            chance.dirichlet(np.ones(3 + len([other for other in ids[:9] if other != plan]))),
            strict=True,
        )
    ]
    cited = [
        {
            "plan": plan,
            "document": f"关于推动第{number}号公共文化服务高质量发展的意见和实施方案若干措施",
            "issuer_level": "national",
        }
        for plan in ids
        for number in range(24)
        for _ in range(int(chance.integers(0, 4)))
    ]
    numbers = indicator_rows(ids, chance)
    counted = pd.DataFrame(
        [(plan, "any", 9 + place, 3 * place, 9000) for place, plan in enumerate(ids)],
        columns=["plan", "theme", "targets", "baselines", "chars"],
    )
    agenda = agenda_rows(ids[1:], chance)
    cluster_terms = {cluster: ["图书馆", "阅读推广", "古籍保护", "智慧服务"] for cluster in range(1, 9)}
    section_table = tables.frame("sections", sections)
    return {
        "corpus": [register, section_table],
        "reuse_matrix": [tables.frame("reuse", reuse), register],
        "reuse_network": [tables.frame("reuse", reuse), register],
        "reuse_sources": [pd.DataFrame(split), register],
        "sensitivity": [pd.DataFrame(sweep), register],
        "substitutions": [tables.frame("substitutions", swaps), register],
        "theme_emphasis": [pd.DataFrame(emphasis), register],
        "clusters": [tables.frame("themes", coded), section_table, register, cluster_terms],
        "cowords": [coword_graph(2 * count)],
        "keyness": [pd.DataFrame(words), register],
        "citations": [tables.frame("citations", cited), register],
        "cited_levels": [tables.frame("citations", cited), register],
        "agenda": [agenda, register],
        "indicators": [numbers, register],
        "quantification": [counted, register],
        "commitment": [commitments(ids), register],
    }


def commitments(ids):
    """Counts of sentences by level and sign for each plan, like `commitment_summary`."""
    rows = []
    for place, plan in enumerate(ids):
        levels = {"binding": 5 + place, "directional": 80, "tentative": 9, "unmarked": 20 - place % 20}
        signs = {"with_quantity": 4 * place, "with_deadline": place, "with_body": 1}
        rows.append({"plan": plan, "theme": "any", "sentences": sum(levels.values()), **levels, **signs})
    return pd.DataFrame(rows)


def agenda_rows(ids, chance, chapters=15, each=5):
    """`chapters` national chapters of `each` sections, at a level in every plan, like `national_agenda`."""
    return pd.DataFrame(
        [
            {
                "section": 100 * chapter + place,
                "chapter": 100 * chapter,
                "title": f"（{place}）完善馆藏发展政策及制度体系，健全馆藏建设的科学决策管理机制",
                "path": f"{chapter}、完善多元立体馆藏资源体系，强化国家文献信息战略保存保障职能 / （{place}）完善",
                "plan": plan,
                "level": ("copied", "adapted", "same topic", "absent")[int(chance.integers(0, 4))],
            }
            for chapter in range(1, chapters + 1)
            for place in range(1, each + 1)
            for plan in ids
        ],
        columns=["section", "chapter", "title", "path", "plan", "level"],
    )


def indicator_rows(ids, chance):
    """Ten measures, each reported and promised by every plan, with every kind of bound, like `comparable`."""
    rows = []
    for number in range(10):
        for place, plan in enumerate(ids):
            value = round(10 ** chance.uniform(3, 3.5 if number % 2 else 6))
            bound = ("exact", "at_least", "range", "about", "at_most")[(number + place) % 5]
            same = {"plan": plan, "measure": f"measure_{number}_annual", "unit": "人次", "sentence": number}
            rows.append(
                {**same, "start": number, "value_low": value, "value_high": value, "bound": "exact", "role": "baseline"}
            )
            rows.append(
                {
                    **same,
                    "start": number + 1,
                    "value_low": None if bound == "at_most" else value,
                    "value_high": None if bound == "at_least" else value * (2 if bound == "range" else 1),
                    "bound": bound,
                    "role": "target",
                }
            )
    table = tables.frame("indicators", rows)
    caveat = "scope: library against national; time base: annual against cumulative"
    caveats = [caveat if number.split("_")[1] in "125" else "" for number in table["measure"]]
    return table.assign(zh="外借册次与到馆人次合计", en="Loans and visits taken together", caveat=caveats)
