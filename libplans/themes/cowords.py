"""Co-words: which terms go together, and into which fields do they fall?

Two terms are linked where they stand in the same section; the strength of the link is the association strength (van
Eck and Waltman 2009, JASIST 60, 1635–1651): how much more often than if the two were strewn at random. Fields are
communities by modularity (Clauset, Newman and Moore 2004). Export for Gephi (GEXF) and VOSviewer (CSV).
"""

import io
import re
from collections import Counter
from itertools import combinations

from ..errors import PlanError
from ..tables import write, write_whole
from ..words import domain_terms, term_counts
from .bodies import section_texts
from .codebook import read_codebook, simplify
from .repeats import repeated_groups


def coword_network(corpus, size=60, least=5, passages=None, plans=None):
    """The network of the `size` most widespread terms: a networkx Graph, nodes and edges in sorted order.

    Terms are those of the dictionary and the topical ones of the codebook. Nodes carry `sections` (how many have the
    term), `community` (1 for the largest), `degree_centrality` and `betweenness`; edges `sections` (with both) and
    `weight`, the association strength n·c/(a·b): 1 as often as by chance, 2 twice as often. Links in fewer than
    `least` sections or no stronger than chance are left out. With `passages`, sections that repeat each other count
    once.
    """
    import networkx

    sections = section_texts(corpus)
    keys = list(zip(sections["plan"], sections["section"].astype(int), strict=True))
    first = repeated_groups(corpus, passages, set(keys)) if passages is not None else {key: key for key in keys}
    terms = sorted(
        set(domain_terms()["term"])
        | {t for t, themes in read_codebook().items() if len(t) > 1 and set(themes) != {"frame"}}
    )
    held = [
        sorted(term_counts(simplify(text), terms))
        for key, text in zip(keys, sections["own"], strict=True)
        if first[key] == key and (plans is None or key[0] in plans)
    ]
    spread = Counter(term for bag in held for term in bag if len(term) > 1)
    kept = set(sorted(spread, key=lambda term: (-spread[term], term))[:size])
    pairs = Counter(pair for bag in held for pair in combinations([term for term in bag if term in kept], 2))
    network = networkx.Graph()
    for term in sorted(kept):
        network.add_node(term, sections=spread[term])
    for (one, other), count in sorted(pairs.items()):
        strength = len(held) * count / (spread[one] * spread[other])
        if count >= least and strength > 1 and not (one in other or other in one):
            network.add_edge(one, other, sections=count, weight=round(strength, 4))
    _describe(network)
    return network


def _describe(network):
    import networkx

    if not network:
        return
    fields = (
        networkx.community.greedy_modularity_communities(network, weight="weight")
        if network.edges
        else [{n} for n in network]
    )
    fields = sorted((sorted(field) for field in fields), key=lambda field: (-len(field), field))
    degree = networkx.degree_centrality(network) if len(network) > 1 else dict.fromkeys(network, 0.0)
    between = networkx.betweenness_centrality(network)
    for number, field in enumerate(fields, 1):
        for term in field:
            network.nodes[term].update(
                community=number, degree_centrality=round(degree[term], 4), betweenness=round(between[term], 4)
            )


def coword_tables(network):
    """The network as two DataFrames: nodes (term, sections, community, centralities) and edges (source, target,
    sections, weight).
    """
    import pandas as pd

    nodes = pd.DataFrame(
        [{"term": term, **data} for term, data in sorted(network.nodes(data=True))],
        columns=["term", "sections", "community", "degree_centrality", "betweenness"],
    )
    edges = pd.DataFrame(
        [{"source": one, "target": other, **data} for one, other, data in sorted(network.edges(data=True))],
        columns=["source", "target", "sections", "weight"],
    )
    return nodes, edges


def write_cowords(network, folder, name="cowords"):
    """Write the network for other programs: `name`.gexf (Gephi), `name`_nodes.csv and `name`_edges.csv (VOSviewer);
    same bytes each time. PlanError for a name with a folder or a dot in it.
    """
    import networkx

    if not re.fullmatch(r"[\w-]+", name):
        raise PlanError(f"write_cowords: name: {name!r} is not a plain file name; use letters, digits, - and _")

    buffer = io.BytesIO()
    networkx.write_gexf(network, buffer)
    text = re.sub(r' lastmodifieddate="[^"]*"', "", buffer.getvalue().decode("utf-8"))
    text = re.sub(r"<creator>.*?</creator>", "<creator>libplans</creator>", text)
    write_whole(f"{folder}/{name}.gexf", text.encode("utf-8"))
    nodes, edges = coword_tables(network)
    write(nodes, f"{folder}/{name}_nodes.csv")
    write(edges, f"{folder}/{name}_edges.csv")
