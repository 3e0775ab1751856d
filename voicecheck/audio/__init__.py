"""A recording, and what its signal alone tells."""
