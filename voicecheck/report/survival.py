"""The line test in words, for every kind of report."""

from __future__ import annotations

from dataclasses import dataclass

from voicecheck.line.survival import LineTest, most_missed, wilson_interval
from voicecheck.phone_format import display_without


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


def survival_rows(test: LineTest, region: str) -> list[SurvivalRow]:
    """Put a line test into rows: the first saying alone and, if there are more, all together."""
    if not test.n_lines:
        return []
    once = "the first saying alone" if test.n_sayings > 1 else "said once"
    rows = [(once, test.n_whole_first, test.misses_first)]
    if test.n_sayings > 1:
        together = "both sayings" if test.n_sayings == 2 else f"all {test.n_sayings} sayings"
        rows.append((together, test.n_whole_all, test.misses_all))
    return [
        SurvivalRow(heard=heard, whole=_whole(n_whole, test.n_lines), lost=_lost(test, misses, region))
        for heard, n_whole, misses in rows
    ]


def _whole(n_whole: int, n_lines: int) -> str:
    low, high = wilson_interval(n_whole, n_lines)
    return f"whole on {n_whole} of {n_lines} ({100 * low:.0f}-{100 * high:.0f} %)"


def _lost(test: LineTest, misses: tuple[int, ...], region: str) -> str:
    lost = most_missed(misses)
    return display_without(test.digits, lost, region=region) if lost else ""
