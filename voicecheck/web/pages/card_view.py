"""What the card page shows, worked out from the card: digits over digits, gauges, words for verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from voicecheck.report import words
from voicecheck.scorecard.card import is_told
from voicecheck.scorecard.registry import all_checks
from voicecheck.scorecard.sentences import times
from voicecheck.web.store.rows import StoredMessage

VERDICTS = {name: shown.capitalize() for name, shown in words.VERDICTS.items()}


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
    """Say how many more checks a take passes than the one before, and which, with both values."""
    said = []
    if before.passed is not None and now.passed is not None and before.passed < now.passed:
        said.append(f"{score(now)} passed, {before.passed} before")
    for check in all_checks():
        check_id, title, unit = check.id, check.title, check.unit
        was, is_now = before.outcomes.get(check_id), now.outcomes.get(check_id)
        if was is None or is_now is None or was.verdict != "fail" or is_now.verdict != "pass":
            continue
        before_text, now_text = (_progress_text(each.value, unit) for each in (was, is_now))
        said.append(f"{title}: was {before_text}, now {now_text}" if before_text and now_text else title)
    return said


def _progress_text(value: float | None, unit: str | None) -> str:
    if unit == "times" and value:
        return times(int(value))
    return value_text({"value": value, "unit": unit})


def score(message: StoredMessage) -> str:
    """Say how many of the checks that count were passed; empty without a card."""
    if message.counted is None:
        return ""
    return f"{message.passed} of {message.counted} {'check' if message.counted == 1 else 'checks'}"


@dataclass(frozen=True, kw_only=True)
class SaidWord:
    """A word of the transcript, as it can be clicked.

    Parameters
    ----------
    text : str
        As it was heard.
    onset_s, offset_s : float
        When it was said.
    is_number : bool
        Whether it belongs to a saying of the number.
    tip : str
        What a tip says about it; empty for none.
    is_outside : bool
        Whether it belongs to a greeting or to what follows the message, and counts for nothing.
    """

    text: str
    onset_s: float
    offset_s: float
    is_number: bool
    tip: str
    is_outside: bool


def on_page(text: str) -> Markup:
    """Leave the options of the command line out of a sentence, and keep a number on one line.

    >>> on_page("Say where the message starts (--start SECONDS), or not (--whole).")
    Markup('Say where the message starts, or not.')
    >>> on_page("Say <415-555-0136>.")
    Markup('Say &lt;<span class="unbroken">415-555-0136</span>&gt;.')
    """
    return words.unbroken(re.sub(r" \(--[^)]*\)", "", text))


def said_words(card: Mapping[str, Any]) -> list[SaidWord]:
    """List the words in time; a saying of the number is one of them, and what a tip is about is marked."""
    said: list[SaidWord] = []
    told: set[int] = set()
    for word in card["transcript"]["words"]:
        number = next((each for each in card["recitations"] if _holds(each, word)), None)
        if number is None:
            said.append(_said_word(word["text"].strip(), word, card, is_number=False))
        elif number["ordinal"] not in told:
            told.add(number["ordinal"])
            said.append(_said_word(number["display"], number, card, is_number=True))
    return said


def _said_word(text: str, part: Mapping[str, Any], card: Mapping[str, Any], *, is_number: bool) -> SaidWord:
    tip = next((tip["text"] for tip in card["tips"] if not is_number and _holds(tip, part)), "")
    return SaidWord(
        text=text,
        onset_s=part["onset_s"],
        offset_s=part["offset_s"],
        is_number=is_number,
        tip=tip,
        is_outside=part.get("part", "message") != "message",
    )


def _holds(part: Mapping[str, Any], word: Mapping[str, Any]) -> bool:
    """Whether the middle of a word lies in a part of the message."""
    if part["onset_s"] is None:
        return False
    return bool(part["onset_s"] <= (word["onset_s"] + word["offset_s"]) / 2 <= part["offset_s"])


def channel_line(card: Mapping[str, Any]) -> str:
    """Say which of several channels was judged; empty for one channel."""
    n_channels, side = card["source"]["channels"], card["source"]["side"]
    if side:
        return f"The {side} channel is judged, where the rep speaks; the other one is the line's."
    if n_channels < 2:
        return ""
    return f"{'Both' if n_channels == 2 else f'All {n_channels}'} channels are judged together."


def gauge(check: Mapping[str, Any]) -> Gauge | None:
    """Draw a check that has a scale, with its target if it has one: length, pace, number pace; else None."""
    low, high, value = check["limit"]["min"], check["limit"]["max"], check["value"]
    target = check["limit"]["target"]
    if check["unit"] not in words.SHOWN_UNITS or value is None or high is None:
        return None
    end = max(high * 1.4, value * 1.05)
    return Gauge(
        value=_share(value, end),
        low=_share(low or 0.0, end),
        high=_share(high, end),
        target=None if target is None or target >= high else _share(target, end),
    )


def _share(value: float, end: float) -> float:
    return round(100 * value / end, 2)


def value_text(check: Mapping[str, Any]) -> str:
    """Write what was measured; what has no unit to show is said in the evidence."""
    return words.measured(check["value"], check["unit"]).replace(" /s", " digits/s")


def limit_text(check: Mapping[str, Any]) -> str:
    """Write what is allowed, of a check whose value is shown."""
    low, high = check["limit"]["min"], check["limit"]["max"]
    if check["unit"] not in words.SHOWN_UNITS:
        return ""
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if high is not None:
        return f"at most {high:g}"
    return "" if low is None else f"at least {low:g}"


def told_evidence(checks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give the evidence to show in each row: a reason that several share is told once."""
    return words.told_once((check["verdict"], check["evidence"]) for check in checks)
