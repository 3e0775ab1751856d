"""The audio condition in one line, for every kind of report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def condition_line(condition: Mapping[str, Any], *, is_speech: bool) -> str:
    """Put a card's ``condition`` into words; what could not be measured is left out."""
    what = "speech" if is_speech else "sound"
    level, snr, band = condition["active_level_dbov"], condition["snr_db"], condition["band"]
    clipped, n_dropouts = condition["clipped_share"], len(condition["dropouts"])
    facts = [
        "" if level is None else f"{what} at {level:.1f} dBov",
        "" if snr is None else f"{snr:.0f} dB above the noise",
        "" if band is None else f"{band} band",
        f"{100 * clipped:.1f} % clipped" if clipped else "not clipped",
        f"{n_dropouts} dropout{'s' * (n_dropouts != 1)}" if n_dropouts else "",
    ]
    return ", ".join(fact for fact in facts if fact)


@dataclass(frozen=True, kw_only=True)
class SurvivalRow:
    """What came through of one way to listen.

    Parameters
    ----------
    heard : str
        Which sayings the listener goes by.
    whole : str
        On how many lines the whole number came through, with its 95 % interval.
    lost : str
        The number with a question mark for the digits lost most often; empty if none was lost.
    """

    heard: str
    whole: str
    lost: str


def survival_rows(test: Mapping[str, Any]) -> list[SurvivalRow]:
    """Put a card's ``line_test`` into rows: the first saying alone and, if there are more, all together."""
    if not test["lines"]:
        return []
    n_sayings = test["sayings"]
    if n_sayings == 1:
        return [_row("said once", test["first"], test["lines"])]
    together = "both sayings" if n_sayings == 2 else f"all {n_sayings} sayings"
    return [
        _row("the first saying alone", test["first"], test["lines"]),
        _row(together, test["all"], test["lines"]),
    ]


def _row(heard: str, survival: Mapping[str, Any], n_lines: int) -> SurvivalRow:
    low, high = 100 * survival["share_low"], 100 * survival["share_high"]
    return SurvivalRow(
        heard=heard,
        whole=f"whole on {survival['whole']} of {n_lines} ({low:.0f}-{high:.0f} %)",
        lost=survival["most_missed"] if any(survival["misses"]) else "",
    )
