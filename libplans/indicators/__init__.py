"""Indicators: which quantities does a plan state, what do they count, and how binding are its sentences?"""
