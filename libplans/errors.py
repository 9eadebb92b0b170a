"""The one error that a user of libplans is meant to see."""


class PlanError(ValueError):
    """Bad input, told in one line: the file, the place, the bad value and the remedy."""
