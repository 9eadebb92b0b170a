"""Text reuse: which wording do plans share, of what kind, and what speaks for who borrowed it?

Public verbs: `find_reuse` (passages), `measure_reuse`, `split_reuse`, `measure_chapters`, `reuse_intervals`,
`baseline_reuse`, `sensitivity` (shares), `code_sentences`, `find_formulae`, `find_substitutions`, `find_leftovers`,
`find_direction`, `reader_agreement`.
"""

from .coding import code_sentences
from .direction import find_direction
from .formulae import find_formulae
from .leftovers import find_leftovers
from .measures import (
    baseline_reuse,
    measure_chapters,
    measure_reuse,
    pairs_asked,
    reuse_intervals,
    reused_shares,
    split_reuse,
)
from .passages import find_reuse
from .substitutions import find_substitutions
from .thresholds import sensitivity
from .validation import reader_agreement

__all__ = [
    "baseline_reuse",
    "code_sentences",
    "find_direction",
    "find_formulae",
    "find_leftovers",
    "find_reuse",
    "find_substitutions",
    "measure_chapters",
    "measure_reuse",
    "pairs_asked",
    "reader_agreement",
    "reuse_intervals",
    "reused_shares",
    "sensitivity",
    "split_reuse",
]
