"""libplans: how library development plans relate: shared wording, themes, indicators, citations.

One way, nothing runs back up: `reading` (a document to its outline and sentences) and `corpus` (all plans); what is
found in them: `reuse`, `themes`, `indicators`, `citations`; what is shown: `plots`, `papers`, `reader`; and `runs`,
which does the whole job. Every folder holds small modules, one family of verbs each. What all share lies beside them.
"""

from importlib import import_module

#: public name -> the module that defines it (loaded when first used)
_PUBLIC = {
    name: module
    for module, names in {
        "errors": "PlanError",
        "corpus": "Corpus load read_texts",
        "reading.contents": "account_characters check_outline",
        "reading.quality": "check_quality describe_quality",
        "reuse": "find_reuse measure_reuse reused_shares pairs_asked split_reuse measure_chapters reuse_intervals "
        "baseline_reuse sensitivity code_sentences find_formulae find_substitutions find_leftovers "
        "find_direction reader_agreement",
        "plots.glosses": "gloss",
        "words": "tokenize concordance domain_terms",
        "themes.assign": "assign_themes theme_evidence theme_coverage theme_emphasis",
        "themes.codes": "theme_sheet read_codes",
        "themes.distances": "theme_distances",
        "themes.codebook": "themes_list read_codebook",
        "themes.clusters": "cluster_texts cluster_sections cluster_sweep cluster_agreement",
        "themes.keywords": "keyness",
        "themes.cowords": "coword_network coword_tables write_cowords",
        "citations.find": "find_citations citation_network cited_levels policy_citations",
        "indicators.extract": "extract_indicators",
        "indicators.harmonised": "measures comparable",
        "indicators.quantification": "quantified trace",
        "indicators.obligation": "commitment commitment_summary modality",
        "indicators.sheets": "indicator_sheet",
        "themes.agenda": "national_agenda own_initiatives agenda_gaps",
        "coders": "coding_sheet agreement disagreements",
        "plots.catalogue": "draw draw_figures describe",
        "plots.style": "save_figure digest",
        "plots.corpus": "plot_corpus",
        "plots.reuse": "plot_reuse_matrix plot_reuse_network",
        "plots.sources": "plot_reuse_sources plot_reuse_strips",
        "plots.change": "plot_sensitivity plot_substitutions",
        "plots.themes": "plot_theme_emphasis plot_clusters plot_keyness",
        "plots.citations": "plot_citations plot_cited_levels",
        "plots.citation_network": "plot_citation_network",
        "plots.coassignment": "plot_coassignment",
        "plots.agenda": "plot_agenda",
        "plots.commitment": "plot_commitment",
        "plots.indicators": "plot_indicators",
        "plots.quantified": "plot_quantification",
        "plots.cowords": "plot_cowords",
        "plots.gallery": "write_gallery",
        "runs.pages": "export_notebooks",
        "papers.tables": "PaperTable paper_table",
        "papers.files": "save_table write_paper_tables",
        "reader.page": "write_reader passage_html",
        "runs.report": "build_tables",
        "tables": "read_tables",
    }.items()
    for name in names.split()
}
__all__ = sorted(_PUBLIC)
__version__ = "0.1.0"


def __getattr__(name):
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
