"""libplans: how library development plans relate: shared wording, themes, indicators, citations."""

from importlib import import_module

#: public name -> the module that defines it (loaded when first used)
_PUBLIC = {
    "Corpus": "corpus",
    "load": "corpus",
    "read_texts": "corpus",
    "PlanError": "errors",
    "check_outline": "contents",
}
__all__ = sorted(_PUBLIC)
__version__ = "0.1.0"


def __getattr__(name):
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
