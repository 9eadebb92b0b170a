"""Plots: the figures for papers, one look, one catalogue, and the page to leaf through them."""
