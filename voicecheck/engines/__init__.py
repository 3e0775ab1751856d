"""Edges to the outside: files, weights and speech recognisers, each behind a small door of its own."""
