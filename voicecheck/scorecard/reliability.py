"""What a bad recording leaves without ground."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from voicecheck.scorecard.check import Check, CheckResult, Evidence, Fault
from voicecheck.scorecard.sentences import noisy
from voicecheck.speech.greeting import Part
from voicecheck.timing import Interval, overlap_s

SAY_WHERE = "Say where the message starts (--start SECONDS), or that all of it is the message (--whole)."

UNRELIABLE_SNR_DB = 10.0
"""Of 24 natural strings in noise, readings that were sure went wrong: one at 15 dB, one at 10, three at 7."""

DISTORTED_CLIPPED_SHARE = 0.01
"""So much clipping makes a voice rough; the reading stands it, a listener may not."""

DAMAGE = (
    "the file is damaged or cut short, and what is missing may have been said",
    "Copy or record it again.",
)


def faults(evidence: Evidence) -> dict[Fault, tuple[str, str]]:
    """Find what the recording suffers from, the worst first, each with the reason and the mend.

    Parameters
    ----------
    evidence : Evidence
        Of one message.

    Returns
    -------
    dict
        By the fault's name: a phrase for a row, and what to do about it.
    """
    condition = evidence.measures.condition
    found: dict[Fault, tuple[str, str]] = {}
    why = part_in_doubt(evidence.hearing.part, evidence.measures.message)
    if why:
        found["part"] = (why, SAY_WHERE)
    if condition.snr_db < UNRELIABLE_SNR_DB:
        why = f"{noisy(condition.snr_db)}, where digits are misheard"
        found["noise"] = (why, "Record it again in a quieter place.")
    if condition.echo_delay_s is not None:
        why = (
            f"an echo of the voice comes {condition.echo_delay_s:.2f} s behind it, where digits are misheard"
        )
        found["echo"] = (why, "Record it again without a loudspeaker.")
    sayings = [each.interval for each in evidence.full]
    if any(overlap_s(hole, saying) for hole in condition.dropouts for saying in sayings):
        found["dropouts"] = ("the sound drops out while the number is said", "Record it again.")
    if condition.clipped_share > DISTORTED_CLIPPED_SHARE:
        share = f"{100 * condition.clipped_share:.0f} % of the sound"
        why = f"{share} is too loud and distorted, which roughens every digit"
        found["clipping"] = (why, "Record it again, further from the microphone.")
    return found


def part_in_doubt(part: Part, message: Interval | None) -> str:
    """Say that it is not certain which part of a recording is the message; empty where it is.

    Parameters
    ----------
    part : Part
        The rep's.
    message : Interval or None
        From the first word to the last; None if there is none.

    Returns
    -------
    str
        A phrase for the card's rows.
    """
    if part.sure or part.outcome != "message":
        return ""
    if not part.why or message is None:
        return "it is not certain that all of this recording is the message"
    return f"it is not certain that the message starts at {message.onset_s:.1f} s, {part.why}"


def doubted(
    result: CheckResult, check: Check[Any], found: dict[Fault, tuple[str, str]], *, is_damaged: bool
) -> CheckResult:
    """Leave a check that was decided open, if a fault of the recording undermines it.

    Parameters
    ----------
    result : CheckResult
        Of the check.
    check : Check[Any]
        It tells which faults undermine it.
    found : dict
        As `faults` gives them.
    is_damaged : bool
        Whether a part of the file is missing.

    Returns
    -------
    CheckResult
        The same, or one that is unsure and says why.
    """
    reasons = [reason for fault, reason in found.items() if fault == "part" or fault in check.undermined_by]
    if is_damaged and result.verdict == check.open_if_damaged:
        reasons.insert(0, DAMAGE)
    if not reasons or result.verdict not in ("pass", "fail"):
        return result
    why, advice = reasons[0]
    if "part" in found and result.role == "tip":
        return replace(result, verdict="not_measured", evidence=why)
    evidence = f"{why}; {result.evidence}" if result.evidence else why
    return replace(result, verdict="unsure", evidence=evidence, advice=advice)
