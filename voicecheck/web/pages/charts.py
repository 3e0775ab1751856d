"""A rep's measures over their messages, as small charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from voicecheck.scorecard.checks import length, number_pace, pace
from voicecheck.scorecard.rubric import Rubric
from voicecheck.web.store.rows import StoredMessage

CHARTED = {check.id: check for check in (length.CHECK, number_pace.CHECK, pace.CHECK)}
OUTLIER = 2.0
"""Values beyond so many times the median are drawn at the edge, so that one does not flatten the others."""
WIDTH, HEIGHT, MARGIN = 320.0, 110.0, 10.0


@dataclass(frozen=True, kw_only=True)
class Point:
    """One message on a chart."""

    x: float
    y: float
    value: float
    verdict: str
    message_id: str
    received_at: datetime
    is_beyond: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A measure over a rep's messages, in the units of an SVG of `WIDTH` by `HEIGHT`."""

    title: str
    unit: str
    points: tuple[Point, ...]
    band_top: float
    band_bottom: float
    low: float
    high: float
    latest: float

    def written(self, value: float) -> str:
        """Write a value with its unit."""
        return f"{value:.{2 if self.unit == 'digits/s' else 0}f} {self.unit}"

    @property
    def good(self) -> str:
        """Say which values are good."""
        if self.low == self.high:
            return f"Aim for {self.high:g} {self.unit}"
        return f"Good {f'from {self.low:g} to' if self.low else 'up to'} {self.high:g} {self.unit}"

    @property
    def line(self) -> str:
        """The points as SVG wants a polyline."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


def chart(check_id: str, takes: Sequence[StoredMessage], rubric: Rubric) -> Chart | None:
    """Draw one measure; None if it was measured less than twice.

    Parameters
    ----------
    check_id : str
        One of `CHARTED`.
    takes : sequence of StoredMessage
        The oldest first.
    rubric : Rubric
        Where the band lies in which a value passes.
    """
    measured = [
        (take, outcome.value, outcome.verdict)
        for take in takes
        if (outcome := take.outcomes.get(check_id)) is not None and outcome.value is not None
    ]
    title, unit = CHARTED[check_id].title, CHARTED[check_id].unit
    return _drawn(title, unit, measured, _band(check_id, rubric))


def score_chart(takes: Sequence[StoredMessage]) -> Chart | None:
    """Draw which share of the checks that count each take passed; None for less than two takes."""
    measured = [
        (take, 100.0 * take.passed / take.counted, take.verdict or "review")
        for take in takes
        if take.passed is not None and take.counted
    ]
    return _drawn("Checks passed", "%", measured, (100.0, 100.0))


def _drawn(
    title: str,
    unit: str,
    measured: Sequence[tuple[StoredMessage, float, str]],
    band: tuple[float, float],
) -> Chart | None:
    if len(measured) < 2:
        return None
    low, high = band
    top = high if unit == "%" else 1.1 * max(high, OUTLIER * median(value for _, value, _ in measured))

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * min(1.0, value / top)

    step = (WIDTH - 2 * MARGIN) / (len(measured) - 1)
    points = tuple(
        Point(
            x=MARGIN + step * at,
            y=y(value),
            value=value,
            verdict=verdict,
            message_id=take.id,
            received_at=take.received_at,
            is_beyond=value > top,
        )
        for at, (take, value, verdict) in enumerate(measured)
    )
    return Chart(
        title=title,
        unit=unit,
        points=points,
        band_top=y(high),
        band_bottom=y(low),
        low=low,
        high=high,
        latest=measured[-1][1],
    )


def _band(check_id: str, rubric: Rubric) -> tuple[float, float]:
    return {
        "length": (0.0, rubric.of(length.CHECK).max_s),
        "pace": (rubric.of(pace.CHECK).min_wpm, rubric.of(pace.CHECK).max_wpm),
        "number_pace": (0.0, rubric.of(number_pace.CHECK).max_dps),
    }[check_id]


def most_failed(takes: Sequence[StoredMessage]) -> tuple[str, int] | None:
    """Tell which check a rep's messages fail most, and how many do; None if none fails."""
    failed = Counter(
        check_id for take in takes for check_id, outcome in take.outcomes.items() if outcome.verdict == "fail"
    )
    return failed.most_common(1)[0] if failed else None
