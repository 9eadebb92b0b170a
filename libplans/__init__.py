"""libplans: how library development plans relate: shared wording, themes, indicators, citations."""

from importlib import import_module

#: public name -> the module that defines it (loaded when first used)
_PUBLIC = {
    name: module
    for module, names in {
        "errors": "PlanError",
        "corpus": "Corpus load read_texts",
        "contents": "account_characters check_outline",
        "quality": "check_quality describe_quality",
        "reuse": "find_reuse measure_reuse reused_shares pairs_asked split_reuse measure_chapters reuse_intervals "
        "baseline_reuse sensitivity code_sentences find_formulae find_substitutions find_leftovers "
        "find_direction reader_agreement",
        "glosses": "gloss",
        "words": "tokenize concordance domain_terms",
        "themes": "assign_themes theme_evidence theme_coverage theme_emphasis",
        "theme_codes": "theme_sheet read_codes",
        "distances": "theme_distances",
        "codebook": "themes_list read_codebook",
        "clusters": "cluster_texts cluster_sections cluster_sweep cluster_agreement",
        "keywords": "keyness",
        "cowords": "coword_network coword_tables write_cowords",
        "citations": "find_citations citation_network cited_levels policy_citations",
        "indicators": "extract_indicators",
        "harmonised": "measures comparable",
        "quantification": "quantified trace",
        "obligation": "commitment commitment_summary modality",
        "sheets": "indicator_sheet",
        "agenda": "national_agenda own_initiatives agenda_gaps",
        "coders": "coding_sheet agreement disagreements",
        "figures": "draw draw_figures describe",
        "style": "save_figure digest",
        "plots_corpus": "plot_corpus",
        "plots_reuse": "plot_reuse_matrix plot_reuse_network",
        "plots_sources": "plot_reuse_sources plot_reuse_strips",
        "plots_change": "plot_sensitivity plot_substitutions",
        "plots_themes": "plot_theme_emphasis plot_clusters plot_keyness",
        "plots_citations": "plot_citations plot_cited_levels",
        "plots_citation_network": "plot_citation_network",
        "plots_coassignment": "plot_coassignment",
        "plots_agenda": "plot_agenda",
        "plots_commitment": "plot_commitment",
        "plots_indicators": "plot_indicators",
        "plots_quantified": "plot_quantification",
        "plots_cowords": "plot_cowords",
        "gallery": "write_gallery",
        "pages": "export_notebooks",
        "paper_tables": "PaperTable paper_table",
        "paper_files": "save_table write_paper_tables",
        "reader": "write_reader passage_html",
        "report": "build_tables",
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
