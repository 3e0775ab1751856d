"""Words, digits and numbers as labels for Audacity."""

from __future__ import annotations

from voicecheck.report.marks import Mark, digit_marks, number_marks, word_marks
from voicecheck.scorecard.card import Scorecard


def to_labels(card: Scorecard) -> str:
    """Write labels: onset, offset and text, parted by tabs, in time order.

    Parameters
    ----------
    card : Scorecard
        Whose marks to write.

    Returns
    -------
    str
        One label a line; empty without words.
    """
    marks = [*word_marks(card), *_named("digit", digit_marks(card)), *_named("number", number_marks(card))]
    in_order = sorted(marks, key=lambda mark: (mark.heard.onset_s, -mark.heard.offset_s))
    return "".join(
        f"{mark.heard.onset_s:.6f}\t{mark.heard.offset_s:.6f}\t{' '.join(mark.text.split())}\n"
        for mark in in_order
    )


def _named(what: str, marks: list[Mark]) -> list[Mark]:
    return [Mark(text=f"{what} {mark.text}", heard=mark.heard) for mark in marks]
