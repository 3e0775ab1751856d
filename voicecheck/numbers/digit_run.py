"""Digits said in a row."""

from __future__ import annotations

from dataclasses import dataclass

from voicecheck.numbers.atoms import Span


@dataclass(frozen=True, kw_only=True)
class DigitRun:
    """Digits that follow one another with nothing but pauses, marks and fillers between them.

    Parameters
    ----------
    digits : str
        As said or written, before any judgement; no plus.
    start, end : int
        Place in the text.
    digit_spans : tuple of (int, int), one per digit
        Place of each digit; digits of one phrase ("double five") share the phrase's place.
    """

    digits: str
    start: int
    end: int
    digit_spans: tuple[Span, ...]
