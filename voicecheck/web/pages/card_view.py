"""What the card page shows, worked out from the card: digits over digits, gauges, words for verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicecheck.scorecard.card import is_told
from voicecheck.scorecard.registry import all_checks
from voicecheck.web.store.rows import StoredMessage

VERDICTS = {
    "pass": "Pass",
    "fail": "Fail",
    "review": "Review",
    "unsure": "Unsure",
    "not_measured": "Not measured",
}
UNITS = {
    "s": "s",
    "words/min": "wpm",
    "digits/s": "digits/s",
    "times": "times",
    "differences": "differences",
}
SINGULAR = {**UNITS, "times": "time", "differences": "difference"}
DECIMALS = {"s": 1, "digits/s": 2, "confidence": 2}


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """Where a value lies, in shares of the scale from 0 to 100."""

    value: float
    low: float
    high: float
    target: float | None = None


def split_tips(card: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]:
    """Part the tip that the next step tells, if it is one, from the others."""
    told = [tip for tip in card["tips"] if is_told(tip["text"], card["next_step"])]
    return told[0] if told else None, [tip for tip in card["tips"] if tip not in told]


def better(before: StoredMessage, now: StoredMessage) -> list[str]:
    """Say which checks a take passes that the one before did not, with both values where there are."""
    said = []
    for check in all_checks():
        check_id, title, unit = check.id, check.title, check.unit
        was, is_now = before.outcomes.get(check_id), now.outcomes.get(check_id)
        if was is None or is_now is None or was.verdict != "fail" or is_now.verdict != "pass":
            continue
        if was.value is None or is_now.value is None:
            said.append(title)
            continue
        values = [value_text({"value": value, "unit": unit}) for value in (was.value, is_now.value)]
        said.append(f"{title}: was {values[0]}, now {values[1]}")
    return said


def gauge(check: Mapping[str, Any], target_s: float) -> Gauge | None:
    """Draw a check that has a scale: length with its target, pace, number pace; None for the others."""
    low, high, value = check["limit"]["min"], check["limit"]["max"], check["value"]
    if check["unit"] not in ("s", "words/min", "digits/s") or value is None or high is None:
        return None
    end = max(high * 1.4, value * 1.05)
    return Gauge(
        value=_share(value, end),
        low=_share(low or 0.0, end),
        high=_share(high, end),
        target=_share(target_s, end) if check["id"] == "length" and target_s < high else None,
    )


def _share(value: float, end: float) -> float:
    return round(100 * value / end, 2)


def value_text(check: Mapping[str, Any]) -> str:
    """Write what was measured, with its unit."""
    if check["value"] is None:
        return ""
    unit = (SINGULAR if check["value"] == 1 else UNITS).get(check["unit"], "")
    return f"{check['value']:.{DECIMALS.get(check['unit'], 0)}f} {unit}".strip()


def limit_text(check: Mapping[str, Any]) -> str:
    """Write what is allowed."""
    low, high = check["limit"]["min"], check["limit"]["max"]
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if high is not None:
        return f"at most {high:g}" if high else "none allowed"
    return "" if low is None else f"at least {low:g}"
