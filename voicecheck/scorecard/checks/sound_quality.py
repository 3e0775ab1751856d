"""Does the recording itself stand in the way?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voicecheck.audio.condition import Condition
from voicecheck.scorecard import check
from voicecheck.scorecard.check import Check, CheckResult, Evidence, Tip, limit
from voicecheck.scorecard.sentences import noisy
from voicecheck.timing import Interval


class Limits(check.Limits):
    """How loud, noisy and distorted the recording is, and whether sound is missing."""

    role: check.Role = "tip"
    min_level_dbov: float = limit(
        -40.0, low=-100, high=0, unit="dB", source="telephone networks aim at -26 (ITU-T G.100.1)"
    )
    min_snr_db: float = limit(
        15.0, low=0, high=100, unit="dB", source="below this, people with good hearing start to miss words"
    )
    max_clipped_share: float = limit(
        0.001, low=0, high=1, source="above one sample in a thousand at full scale, it is heard"
    )


def judge(evidence: Evidence, limits: Limits) -> CheckResult | None:
    """Say what is wrong with the recording, the worst first.

    Parameters
    ----------
    evidence : Evidence
        The condition of the rep's part.
    limits : Limits
        The least level and signal over noise, and the largest share of clipped samples.

    Returns
    -------
    CheckResult or None
        Never None; a pass where nothing is wrong.
    """
    faults = tuple(_faults(evidence.measures.condition, limits))
    if not faults:
        return CheckResult(verdict="pass")
    tips = tuple(Tip(id="", text=f"{mend}: {what}.") for what, mend in faults)
    return CheckResult(
        verdict="fail",
        evidence="; ".join(what for what, _ in faults),
        advice=tips[0].text,
        tips=tips,
    )


def _faults(condition: Condition, limits: Limits) -> Iterator[tuple[str, str]]:
    """What is wrong, and what to do about it."""
    if condition.dropouts:
        yield f"the sound drops out in {_places(condition.dropouts)}", "Find a better connection"
    if condition.echo_delay_s is not None:
        yield (
            f"an echo of the voice comes {condition.echo_delay_s:.2f} s behind it",
            "Record without a loudspeaker",
        )
    if condition.clipped_share > limits.max_clipped_share:
        yield (
            f"{100 * condition.clipped_share:.1f} % of the sound is too loud and distorted",
            "Move away from the microphone or turn it down",
        )
    if condition.snr_db < limits.min_snr_db:
        yield (
            noisy(condition.snr_db),
            "Record in a quieter place",
        )
    if condition.active_level_dbov < limits.min_level_dbov:
        yield (
            f"speech is very quiet ({condition.active_level_dbov:.0f} dB)",
            "Move closer to the microphone or turn it up",
        )


def _places(intervals: Sequence[Interval]) -> str:
    lasts_s = sum(each.duration_s for each in intervals)
    return f"{len(intervals)} place{'s' * (len(intervals) != 1)}, {lasts_s:.2f} seconds in all"


CHECK = Check(id="sound_quality", title="Sound quality", priority=5, limits=Limits, judge=judge)
