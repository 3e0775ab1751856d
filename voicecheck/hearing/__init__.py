"""What was heard in a recording, and kept of it."""
