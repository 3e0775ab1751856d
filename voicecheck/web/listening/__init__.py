"""Hears the messages that wait: a thread of the server, and the process that it keeps alive."""
