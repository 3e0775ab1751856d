"""A scorecard for the eye and for programs: each module turns it into one kind of text."""
