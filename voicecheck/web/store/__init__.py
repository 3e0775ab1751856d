"""What the server remembers, on one database: messages, the queue of work, rubrics, users."""
