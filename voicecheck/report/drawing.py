"""A recording drawn to scale: its wave, words, pauses and numbers, and how far a writer is behind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicecheck.audio.levels import PEAK_S
from voicecheck.measures.pen import Wait
from voicecheck.numbers.plan import display
from voicecheck.numbers.recitations import Recitation
from voicecheck.report.words import clock
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.sentences import counted
from voicecheck.timing import Interval

COLUMNS_MAX = 320
"""Strokes of a drawn wave, at most."""

SCALE = 100
"""Drawing units a second."""

PEN_BASE, PEN_STEP, PEN_HEIGHT = 80, 7, 35
"""In drawing units: where the steps of the pen stand, one step a digit, and the highest."""

QUIET_PEAK = 0.05
"""Full scale is 1: speech with lower peaks than this (-26 dBFS) has to be turned up to be understood."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A stretch of time in a drawing, in drawing units, and what it says when pointed at."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, kw_only=True)
class PenBar(Bar):
    """How many digits wait for a listener's pen."""

    y: int
    height: int


def draw(card: Scorecard, peaks: Sequence[float]) -> dict[str, Any]:
    """Work out what a time line shows.

    Parameters
    ----------
    card : Scorecard
        What was heard.
    peaks : sequence of float
        As in `Hearing.peaks`.

    Returns
    -------
    dict
        In drawing units, `SCALE` of them a second.
    """
    duration_s = max(card.duration_s, 0.1)
    words = card.transcript.words
    pauses = card.measures.pauses
    return {
        "scale": round(SCALE * duration_s),
        "wave": _wave(peaks),
        "words": [_bar(word.interval, word.text.strip()) for word in words],
        "pauses": [_bar(pause, f"pause, {pause.duration_s:.2f} s") for pause in pauses],
        "numbers": [
            _bar(each.interval, display(each.digits, region=card.region)) for each in card.recitations
        ],
        "pen": [_pen_bar(wait) for wait in card.waits],
        "ticks": _ticks(duration_s),
        "drawing": f"{duration_s:.1f} s of sound: {counted(len(words), 'word')}, "
        f"{counted(len(pauses), 'pause')}, the number at {_places(card.recitations)}",
    }


def _places(recitations: Sequence[Recitation]) -> str:
    return " and ".join(clock(each.interval.onset_s) for each in recitations) or "no place"


def _bar(heard: Interval, title: str) -> Bar:
    return Bar(
        x=round(SCALE * heard.onset_s, 1), width=max(1.0, round(SCALE * heard.duration_s, 1)), title=title
    )


def _pen_bar(wait: Wait) -> PenBar:
    bar = _bar(wait.interval, f"{counted(wait.n_digits, 'digit')} not yet written down")
    height = min(PEN_HEIGHT, PEN_STEP * wait.n_digits)
    return PenBar(x=bar.x, width=bar.width, title=bar.title, y=PEN_BASE - height, height=height)


def _wave(peaks: Sequence[float]) -> str:
    """Draw strokes up and down from the middle; by the square root of the peak, soft speech shows, too.

    Near silence is drawn as such: nothing is blown up beyond what speech at `QUIET_PEAK` would be.
    """
    if not peaks:
        return ""
    step = math.ceil(len(peaks) / COLUMNS_MAX)
    loudest = max(*peaks, QUIET_PEAK)
    strokes: list[str] = []
    for start in range(0, len(peaks), step):
        reach = round(30 * math.sqrt(max(peaks[start : start + step]) / loudest), 1)
        x = round(SCALE * PEAK_S * (start + step / 2))
        strokes.append(f"M{x} {40 - reach:g}v{max(0.6, 2 * reach):g}")
    return "".join(strokes)


def _ticks(duration_s: float) -> list[dict[str, Any]]:
    step_s = next(step for step in (1, 2, 5, 10, 20, 60, 120, 300) if duration_s / step <= 8)
    return [
        {"left": round(100 * at_s / duration_s, 2), "text": f"{at_s} s" if at_s else "0"}
        for at_s in range(0, int(duration_s) + 1, step_s)
        if at_s <= 0.97 * duration_s
    ]
