"""Recognisers: words, digits, and when."""
