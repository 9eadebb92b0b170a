"""Text reuse: which wording do plans share, of what kind, and what speaks for who borrowed it?

Public verbs: `find_reuse` (passages), `measure_reuse`, `split_reuse`, `measure_chapters`, `reuse_intervals`,
`baseline_reuse`, `sensitivity` (shares), `code_sentences`, `find_formulae`, `find_substitutions`, `find_leftovers`,
`find_direction`, `reader_agreement`.
"""

from importlib import import_module

#: public name -> the module that defines it (loaded when first used: a process that matches blocks needs few of them)
_PUBLIC = {
    "baseline_reuse": "measures",
    "code_sentences": "coding",
    "find_direction": "direction",
    "find_formulae": "formulae",
    "find_leftovers": "leftovers",
    "find_reuse": "passages",
    "find_substitutions": "substitutions",
    "measure_chapters": "measures",
    "measure_reuse": "measures",
    "pairs_asked": "measures",
    "reader_agreement": "validation",
    "reuse_intervals": "measures",
    "reused_shares": "measures",
    "sensitivity": "thresholds",
    "split_reuse": "measures",
}
__all__ = sorted(_PUBLIC)


def __getattr__(name):
    if name in _PUBLIC:
        return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
