"""Judgement: from what was heard to a card."""
