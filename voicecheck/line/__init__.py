"""Simulated telephone lines, and what of the phone number comes through them."""
