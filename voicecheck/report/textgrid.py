"""Words, digits, numbers and pauses as tiers of a Praat TextGrid."""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.report.marks import Mark, digit_marks, number_marks, pause_marks, word_marks
from voicecheck.scorecard.card import Scorecard

DECIMALS = 4
"""Of the times: finer than a sample at 8 kHz."""


def to_textgrid(card: Scorecard) -> str:
    """Write a TextGrid (the long text format) with one tier for each kind of mark.

    Parameters
    ----------
    card : Scorecard
        Whose marks to write.

    Returns
    -------
    str
        Every tier covers all time; the gaps hold empty texts.
    """
    from praatio.utilities.textgrid_io import getTextgridAsStr

    tiers = {
        "words": word_marks(card),
        "digits": digit_marks(card),
        "numbers": number_marks(card),
        "pauses": pause_marks(card),
    }
    offsets_s = [mark.heard.offset_s for marks in tiers.values() for mark in marks]
    end_s = round(max([card.duration_s, *offsets_s]), DECIMALS)
    grid = {
        "xmin": 0.0,
        "xmax": end_s,
        "tiers": [
            {"class": "IntervalTier", "name": name, "xmin": 0.0, "xmax": end_s, "entries": _parted(marks)}
            for name, marks in tiers.items()
        ],
    }
    return str(getTextgridAsStr(grid, "long_textgrid", includeBlankSpaces=True))


def _parted(marks: Sequence[Mark]) -> list[tuple[float, float, str]]:
    """Part marks that overlap; one without any length left joins the mark before."""
    pieces: list[tuple[float, float, str]] = []
    for mark in sorted(marks, key=lambda mark: mark.heard):
        now_s = pieces[-1][1] if pieces else 0.0
        onset_s = max(now_s, round(mark.heard.onset_s, DECIMALS))
        offset_s = round(mark.heard.offset_s, DECIMALS)
        if offset_s > onset_s:
            pieces.append((onset_s, offset_s, mark.text))
        elif pieces:
            start_s, stop_s, text = pieces[-1]
            pieces[-1] = (start_s, stop_s, f"{text} {mark.text}".strip())
    return pieces
