"""The card: all checks, the verdict they add up to, and the one thing to do next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecheck.audio import Source
from voicecheck.checks import Check
from voicecheck.measures.level import Levels
from voicecheck.measures.summary import Measures
from voicecheck.recitations import Recitation
from voicecheck.rubric import Rubric
from voicecheck.timing import Interval
from voicecheck.transcript import EngineInfo, Transcript

CardVerdict = Literal["pass", "fail", "review"]

QUIET_DBFS = -40.0
"""Speech below this has to be turned up to be understood; handsets aim at about -26 (ITU-T P.56 levels)."""

NOISY_SNR_DB = 15.0
"""Below this, people with good hearing start to miss words."""

CLIPPED_SHARE = 0.001
"""Above one sample in a thousand at full scale, clipping is heard."""

FIRST_THINGS_FIRST = (
    "number_given",
    "number_agrees",
    "number_clear",
    "number_pace",
    "number_repeated",
    "length",
    "pace",
)
"""Failed checks in the order in which mending them helps the listener."""


@dataclass(frozen=True, kw_only=True)
class Tip:
    """Advice that does not count for the verdict.

    Parameters
    ----------
    id : str
        For programs.
    text : str
        One or two sentences.
    heard : Interval or None
        Where in the recording.
    """

    id: str
    text: str
    heard: Interval | None = None


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """Everything that voicecheck says about one recording.

    Parameters
    ----------
    verdict : {"pass", "fail", "review"}
        From the required checks.
    next_step : str
        One sentence: what to do next.
    source : Source
        The file.
    duration_s : float
        Of the decoded audio.
    checks : tuple of Check
        In the order of the rubric.
    tips : tuple of Tip
        The audio condition first.
    measures : Measures
        Of the message.
    recitations : tuple of Recitation
        In time order.
    transcript : Transcript
        What was heard, without encoder output.
    engine : EngineInfo
        What heard it.
    rubric : Rubric
        What it was judged by.
    region : str
        ISO 3166 code of the country whose numbers need no country code.
    """

    verdict: CardVerdict
    next_step: str
    source: Source
    duration_s: float
    checks: tuple[Check, ...]
    tips: tuple[Tip, ...]
    measures: Measures
    recitations: tuple[Recitation, ...]
    transcript: Transcript
    engine: EngineInfo
    rubric: Rubric
    region: str


def card_verdict(checks: Sequence[Check]) -> CardVerdict:
    """Add up the required checks: fail if any fails, else review if any is open, else pass."""
    verdicts = {check.verdict for check in checks if check.role == "required"}
    if "fail" in verdicts:
        return "fail"
    return "review" if verdicts & {"unsure", "not_measured"} else "pass"


def next_step(checks: Sequence[Check], *, damaged: bool = False) -> str:
    """Pick the one thing to do next: a whole file, the most harmful failure, the first open question."""
    if damaged:
        return "The file is damaged: send or record it again before you trust this card."
    required = [check for check in checks if check.role == "required"]
    for verdict in ("fail", "unsure"):
        found = [check for check in required if check.verdict == verdict]
        if found:
            return min(found, key=lambda check: FIRST_THINGS_FIRST.index(check.id)).advice
    open_checks = [check for check in required if check.verdict == "not_measured"]
    if open_checks:
        return f"Nothing to judge: {open_checks[0].evidence}. Record the message again."
    return "Nothing to mend: a listener could write the number down and call back."


def file_tips(warnings: Sequence[str]) -> tuple[Tip, ...]:
    """Say what is wrong with the file."""
    return tuple(Tip(id="source", text=f"{text[0].upper()}{text[1:].rstrip('.')}.") for text in warnings)


def condition_tips(levels: Levels) -> tuple[Tip, ...]:
    """Say what undermines the verdicts: clipping, a quiet or a noisy recording."""
    tips: list[Tip] = []
    if levels.clipped_share > CLIPPED_SHARE:
        share = 100 * levels.clipped_share
        tips.append(
            Tip(
                id="clipped",
                text=f"The recording is clipped: {share:.1f} % of it is at full scale. "
                "Move away from the microphone or turn it down.",
            )
        )
    if levels.speech_dbfs < QUIET_DBFS:
        tips.append(
            Tip(
                id="quiet",
                text=f"The recording is very quiet: speech at {levels.speech_dbfs:.0f} dBFS. "
                "Move closer to the microphone or turn it up.",
            )
        )
    if levels.snr_db < NOISY_SNR_DB:
        tips.append(
            Tip(
                id="noisy",
                text=f"The recording is noisy: speech only {levels.snr_db:.0f} dB above the "
                "noise. Record in a quieter place.",
            )
        )
    return tuple(tips)


def check_tips(checks: Sequence[Check]) -> tuple[Tip, ...]:
    """Turn failures of checks with the role of a tip into tips."""
    return tuple(
        Tip(id=check.id, text=check.advice, heard=check.heard)
        for check in checks
        if check.role == "tip" and check.verdict in ("fail", "unsure")
    )


def number_or_none(value: float) -> float | None:
    """Turn the NaN of something not measured into None."""
    return None if math.isnan(value) else value
