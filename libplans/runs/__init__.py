"""Runs: the whole job, what is kept between two runs, and how nothing is ever half written."""
