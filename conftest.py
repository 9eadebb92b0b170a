"""What holds for every test: property tests draw the same examples each time, and have no stopwatch."""

from hypothesis import settings

settings.register_profile("libplans", derandomize=True, deadline=None, database=None)
settings.load_profile("libplans")
