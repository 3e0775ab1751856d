"""What a bad recording leaves without ground."""

from __future__ import annotations

from dataclasses import replace

from voicecheck.scorecard.check import Check, Evidence
from voicecheck.timing import overlap_s

NUMBER_CHECKS = ("number_given", "number_repeated", "number_agrees", "number_pace", "number_clear")

UNRELIABLE_SNR_DB = 10.0
"""Of 24 natural strings in noise, readings that were sure went wrong: one at 15 dB, one at 10, three at 7."""

DISTORTED_CLIPPED_SHARE = 0.01
"""So much clipping makes a voice rough; the reading stands it, a listener may not."""


def undermined(evidence: Evidence) -> dict[str, tuple[str, str]]:
    """Find the checks that the audio condition leaves without ground, each with the reason and the mend."""
    condition = evidence.measures.condition
    if condition.snr_db < UNRELIABLE_SNR_DB:
        why = f"speech is only {condition.snr_db:.0f} dB above the noise, where digits are misheard"
        return dict.fromkeys(NUMBER_CHECKS, (why, "Record it again in a quieter place."))
    found: dict[str, tuple[str, str]] = {}
    if condition.clipped_share > DISTORTED_CLIPPED_SHARE:
        why = f"{100 * condition.clipped_share:.0f} % of the recording is clipped, which roughens every digit"
        found["number_clear"] = (why, "Record it again, further from the microphone.")
    sayings = [each.interval for each in evidence.full]
    if any(overlap_s(hole, saying) for hole in condition.dropouts for saying in sayings):
        why = "the sound drops out while the number is said"
        found |= dict.fromkeys(("number_agrees", "number_clear"), (why, "Record it again."))
    return found


def doubted(check: Check, why: tuple[str, str] | None) -> Check:
    """Leave a check that was decided open, if there is a reason."""
    if why is None or check.verdict not in ("pass", "fail"):
        return check
    reason, advice = why
    evidence = f"{reason}; {check.evidence}" if check.evidence else reason
    return replace(check, verdict="unsure", evidence=evidence, advice=advice)
