"""Themes: what is each section about, by the codebook and by its words alone, and which priorities of the nation?"""
