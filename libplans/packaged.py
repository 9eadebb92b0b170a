"""The lists that ship with the package, in `libplans/data/`: made to be read and edited by a researcher."""

from importlib.resources import files


def data_text(name):
    """The text of a file of `libplans/data/`."""
    return files("libplans").joinpath("data", name).read_text(encoding="utf-8")
