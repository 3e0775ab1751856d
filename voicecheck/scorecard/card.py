"""The card: all checks, the verdict they add up to, and the one thing to do next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecheck.audio.condition import Condition
from voicecheck.audio.recording import Source
from voicecheck.linetest.phone import PhonePreview
from voicecheck.linetest.survival import LineTest, most_missed
from voicecheck.measures.message import Measures
from voicecheck.measures.pen import Wait, Writing
from voicecheck.numbers.plan import display, display_without
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.check import Check
from voicecheck.scorecard.rubric import PenLimits, Rubric
from voicecheck.speech.transcriber import EngineInfo
from voicecheck.speech.transcript import Transcript
from voicecheck.timing import Interval

CardVerdict = Literal["pass", "fail", "review"]

QUIET_DBOV = -40.0
"""Speech below this has to be turned up to be understood; telephone networks aim at -26 (ITU-T G.100.1)."""

NOISY_SNR_DB = 15.0
"""Below this, people with good hearing start to miss words."""

CLIPPED_SHARE = 0.001
"""Above one sample in a thousand at full scale, clipping is heard."""

DEAD_AIR_S = 3.0
"""A listener who hears nothing for so long thinks that nobody is there."""

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

BEST_TIPS_FIRST = (
    *("dropouts", "clipped", "noisy", "quiet", "line", "pen", "number_last", "introduction", "reason"),
    *("next_try", "prospect_name", "worn_out", "fillers", "dead_air"),
)
"""Tips in the order in which following them helps: first what costs the number, then what costs the call."""

FRAGILE_SHARE = 0.5
"""A number that comes through whole on no more of the bad lines than this is worth a tip."""

NAMED_DIGITS_MAX = 3
"""More digits than this are not named one by one."""


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
    quote : str
        The words that it is about, as the transcript has them.
    """

    id: str
    text: str
    heard: Interval | None = None
    quote: str = ""


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
    writings : tuple of Writing
        How a listener with a pen fared with each recitation.
    transcript : Transcript
        What was heard, without encoder output.
    engine : EngineInfo
        What heard it.
    rubric : Rubric
        What it was judged by.
    region : str
        ISO 3166 code of the country whose numbers need no country code.
    line_test : LineTest or None
        How the number fared on bad lines; None if it was not sent.
    phone : PhonePreview or None
        What the listener's phone would print; None if that was not asked for.
    """

    verdict: CardVerdict
    next_step: str
    source: Source
    duration_s: float
    checks: tuple[Check, ...]
    tips: tuple[Tip, ...]
    measures: Measures
    recitations: tuple[Recitation, ...]
    writings: tuple[Writing, ...]
    transcript: Transcript
    engine: EngineInfo
    rubric: Rubric
    region: str
    line_test: LineTest | None = None
    phone: PhonePreview | None = None

    @property
    def other_tips(self) -> tuple[Tip, ...]:
        """The tips that the next step does not tell."""
        return tuple(tip for tip in self.tips if not is_told(tip.text, self.next_step))

    @property
    def waits(self) -> tuple[Wait, ...]:
        """When how many digits wait for a listener's pen, all sayings together."""
        return tuple(wait for writing in self.writings for wait in writing.waits)


def card_verdict(checks: Sequence[Check]) -> CardVerdict:
    """Add up the required checks: fail if any fails, else review if any is open, else pass."""
    verdicts = {check.verdict for check in checks if check.role == "required"}
    if "fail" in verdicts:
        return "fail"
    return "review" if verdicts & {"unsure", "not_measured"} else "pass"


def next_step(checks: Sequence[Check], tips: Sequence[Tip] = (), *, damaged: bool = False) -> str:
    """Pick the one change that would help the listener most.

    That is a whole file, else the most harmful failure, else the first open question, else the best tip.
    """
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
    if tips:
        best = min(tips, key=lambda tip: BEST_TIPS_FIRST.index(tip.id) if tip.id in BEST_TIPS_FIRST else 99)
        return f"Nothing to mend. Better still: {best.text[0].lower()}{best.text[1:]}"
    return "Nothing to mend: a listener could write the number down and call back."


def is_told(tip_text: str, step: str) -> bool:
    """Whether the next step is this tip: it ends with its words, but for the first letter's size."""
    return step.endswith(tip_text[1:])


def file_tips(warnings: Sequence[str]) -> tuple[Tip, ...]:
    """Say what is wrong with the file."""
    return tuple(Tip(id="source", text=f"{text[0].upper()}{text[1:].rstrip('.')}.") for text in warnings)


def condition_tips(condition: Condition) -> tuple[Tip, ...]:
    """Say what undermines the verdicts, and what dead air costs."""
    tips: list[Tip] = []

    def add(tip_id: str, text: str, *, due: bool) -> None:
        if due:
            tips.append(Tip(id=tip_id, text=text))

    add(
        "clipped",
        "Move away from the microphone or turn it down: "
        f"{100 * condition.clipped_share:.1f} % of the recording is clipped.",
        due=condition.clipped_share > CLIPPED_SHARE,
    )
    add(
        "quiet",
        "Move closer to the microphone or turn it up: "
        f"speech is very quiet, {condition.active_level_dbov:.0f} dBov.",
        due=condition.active_level_dbov < QUIET_DBOV,
    )
    add(
        "noisy",
        f"Record in a quieter place: speech is only {condition.snr_db:.0f} dB above the noise.",
        due=condition.snr_db < NOISY_SNR_DB,
    )
    add(
        "dropouts",
        f"Find a better connection: the sound drops out in {_places(condition.dropouts)}.",
        due=bool(condition.dropouts),
    )
    add(
        "dead_air",
        f"Speak right after the tone: there are {condition.lead_s:.1f} s of dead air before the first sound.",
        due=condition.lead_s > DEAD_AIR_S,
    )
    add(
        "dead_air",
        f"Hang up when you have said it: {condition.tail_s:.1f} s of dead air follow.",
        due=condition.tail_s > DEAD_AIR_S,
    )
    return tuple(tips)


def _places(intervals: Sequence[Interval]) -> str:
    lasts_s = sum(each.duration_s for each in intervals)
    return f"{len(intervals)} place{'s' * (len(intervals) != 1)}, {1000 * lasts_s:.0f} ms in all"


def pen_tips(
    recitations: Sequence[Recitation], writings: Sequence[Writing], pen: PenLimits, *, region: str
) -> tuple[Tip, ...]:
    """Say where a listener with a pen falls so far behind that memory is full."""
    if pen.role == "off":
        return ()
    recitation, writing = max(
        zip(recitations, writings, strict=True), key=lambda pair: max(pair[1].behind), default=(None, None)
    )
    if recitation is None or writing is None or max(writing.behind) < max(1, pen.digits_in_mind - 1):
        return ()
    writer = f"a listener who writes {pen.digits_per_s:g} digits a second"
    if writing.lost:
        place = writing.lost[0]
        digit = recitation.timed_digits[place].digit
        text = f"after {_up_to(place, recitation, region)} {writer} has no room in mind for the {digit}"
    else:
        place = writing.behind.index(max(writing.behind))
        said = _up_to(place + 1, recitation, region)
        text = f"after {said} {writer} is {max(writing.behind)} digits behind"
    heard = Interval(onset_s=recitation.interval.onset_s, offset_s=recitation.timed_digits[place].offset_s)
    return (Tip(id="pen", text=f"Pause after each group: {text}.", heard=heard),)


def _up_to(n_digits: int, recitation: Recitation, region: str) -> str:
    """The first digits of a number, grouped for the eye."""
    others = set(range(n_digits, len(recitation.timed_digits)))
    return display_without(recitation.digits, others, region=region).split("?")[0].rstrip("-( ")


def line_tips(test: LineTest | None, recitations: Sequence[Recitation], *, region: str) -> tuple[Tip, ...]:
    """Say when a number is fragile, and when only its second saying saves it."""
    if test is None or not test.n_lines:
        return ()
    whole_first, whole_all = test.n_whole_first, test.n_whole_all
    if whole_first > FRAGILE_SHARE * test.n_lines:
        return ()
    saved = whole_all > FRAGILE_SHARE * test.n_lines
    lost = most_missed(test.misses_first if saved else test.misses_all)
    digits = _named_digits(test.digits.lstrip("+"), lost)
    what = f"Say {digits} in {display(test.digits, region=region)} more clearly"
    text = (
        f"{what} the first time: said once, the number survives {whole_first} of {test.n_lines} bad lines, "
        f"{_again(test.n_sayings, recitations)} {whole_all}."
        if saved
        else f"{what}: the number survives only {whole_all} of {test.n_lines} bad lines."
    )
    first = next(each for each in recitations if each.full)
    digit = first.timed_digits[lost[0]]
    return (Tip(id="line", text=text, heard=Interval(onset_s=digit.onset_s, offset_s=digit.offset_s)),)


def _again(n_sayings: int, recitations: Sequence[Recitation]) -> str:
    if sum(each.full for each in recitations) < n_sayings:
        return "with what is said again"
    return "said twice" if n_sayings == 2 else f"said {n_sayings} times"


def _named_digits(digits: str, places: Sequence[int]) -> str:
    """Name the digits at a few places.

    >>> _named_digits("4165550198", [6, 9]), _named_digits("4165550198", range(4))
    ('the 0 and the 8', 'the digits')
    """
    if len(places) > NAMED_DIGITS_MAX:
        return "the digits"
    return " and ".join(f"the {digits[place]}" for place in places)


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
