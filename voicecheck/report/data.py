"""The card as data, schema ``voicecheck.scorecard/1``: times in seconds, null for what was not measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

from voicecheck.audio.condition import Condition
from voicecheck.linetest.survival import LineTest, most_missed, wilson_interval
from voicecheck.measures.pauses import group_gaps
from voicecheck.measures.pen import WrittenDown
from voicecheck.numbers.plan import display, display_without
from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.card import Scorecard, number_or_none
from voicecheck.scorecard.check import CheckResult, Tip
from voicecheck.speech.greeting import Part
from voicecheck.timing import Interval
from voicecheck.version import __version__

SCHEMA = "voicecheck.scorecard/1"

TIME_DECIMALS = 3


def to_json(card: Scorecard) -> str:
    """Write a card as one line of JSON.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    str
        Without a line's end.
    """
    return json.dumps(to_dict(card), ensure_ascii=False, allow_nan=False)


def json_schema() -> dict[str, Any]:
    """Read the published JSON Schema of a card."""
    text = files("voicecheck").joinpath("schemas/scorecard-1.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def to_dict(card: Scorecard) -> dict[str, Any]:
    """Turn a card into plain data, as the schema says.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    dict
        Times in seconds; None where nothing was measured.
    """
    return {
        "schema": SCHEMA,
        "verdict": card.verdict,
        "score": {
            "passed": card.score.passed,
            "of": card.score.of,
            "percent": _round(card.score.percent, 1),
        },
        "part": _part(card.part),
        "next_step": card.next_step,
        "source": _source(card),
        "checks": [_check(check) for check in card.checks],
        "tips": [_tip(tip) for tip in card.tips],
        "condition": condition_dict(card.measures.condition),
        "measures": _measures(card),
        "recitations": _recitations(card),
        "line_test": None if card.line_test is None else line_test_dict(card.line_test, card.region),
        "phone": _phone(card),
        "transcript": _transcript(card),
        "engine": {
            "model": card.engine.model,
            "compute_type": card.engine.compute_type,
            "voicecheck": __version__,
            "faster_whisper": _version("faster-whisper"),
        },
        "rubric": {"name": card.rubric.name, "sha256": card.rubric.sha256},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _round(value: float | None, decimals: int = TIME_DECIMALS) -> float | None:
    """Round for the reader; None and NaN stay "not measured"."""
    if value is None or number_or_none(value) is None:
        return None
    return round(value, decimals)


def _times(interval: Interval | None) -> dict[str, float | None]:
    if interval is None:
        return {"onset_s": None, "offset_s": None}
    return {"onset_s": _round(interval.onset_s), "offset_s": _round(interval.offset_s)}


def _source(card: Scorecard) -> dict[str, Any]:
    source = card.source
    return {
        "name": source.name,
        "sha256": source.sha256,
        "duration_s": _round(source.duration_s),
        "sample_rate_hz": source.sample_rate_hz,
        "channels": source.channels,
        "side": source.side,
        "codec": source.codec,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "outcome": part.outcome,
        **_times(part.interval),
        "probability": _round(part.probability),
        "why": part.why or None,
        "lost_words": part.lost_words or None,
    }


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "id": check.id,
        "title": check.title,
        "role": check.role,
        "verdict": check.verdict,
        "value": _round(check.value),
        "unit": check.unit,
        "limit": {"min": check.limit_min, "max": check.limit_max, "target": check.target},
        **_times(check.heard),
        "evidence": check.evidence,
        "advice": check.advice,
    }


def _tip(tip: Tip) -> dict[str, Any]:
    return {"id": tip.id, "text": tip.text, "quote": tip.quote or None, **_times(tip.heard)}


def condition_dict(condition: Condition) -> dict[str, Any]:
    """Turn the audio condition into plain data.

    Parameters
    ----------
    condition : Condition
        As it was measured.

    Returns
    -------
    dict
        Rounded; None where nothing was measured.
    """
    return {
        "active_level_dbov": _round(condition.active_level_dbov, 1),
        "activity": _round(condition.activity),
        "noise_floor_dbfs": _round(condition.noise_floor_dbfs, 1),
        "snr_db": _round(condition.snr_db, 1),
        "clipped_share": _round(condition.clipped_share, 6),
        "bandwidth_hz": _round(condition.bandwidth_hz, 0),
        "band": condition.band,
        "dropouts": [_times(each) for each in condition.dropouts],
        "lead_s": _round(condition.lead_s),
        "tail_s": _round(condition.tail_s),
        "echo_delay_s": _round(condition.echo_delay_s),
        "echo_db": _round(condition.echo_db, 1),
    }


def _measures(card: Scorecard) -> dict[str, Any]:
    measures = card.measures
    message = measures.message
    return {
        "message_s": _round(message.duration_s if message else None),
        "leading_silence_s": _round(max(0.0, message.onset_s - card.part.onset_s) if message else None),
        "trailing_silence_s": _round(max(0.0, card.part.offset_s - message.offset_s) if message else None),
        "words": measures.n_words if message else None,
        "speaking_rate_wpm": _round(measures.speaking_rate_wpm, 1),
        "articulation_rate_wpm": _round(measures.articulation_rate_wpm, 1),
        "words_outside_number": measures.n_words_outside if message else None,
        "outside_number_wpm": _round(measures.outside_rate_wpm, 1),
        "pause_count": len(measures.pauses) if message else None,
        "pause_s": _round(sum(pause.duration_s for pause in measures.pauses) if message else None),
        "pauses": [_times(pause) for pause in measures.pauses],
    }


def _recitations(card: Scorecard) -> list[dict[str, Any]]:
    return [
        _recitation(recitation, writing, ordinal, card.region)
        for ordinal, (recitation, writing) in enumerate(
            zip(card.recitations, card.writings, strict=True), start=1
        )
    ]


def _recitation(recitation: Recitation, writing: WrittenDown, ordinal: int, region: str) -> dict[str, Any]:
    digits = recitation.timed_digits
    intervals = [each.interval for each in digits]
    return {
        "digits": recitation.digits,
        "display": display(recitation.digits, region=region),
        "extension": recitation.extension,
        "full": recitation.full,
        "well_formed": recitation.well_formed,
        **_times(recitation.interval),
        "rate_dps": _round(recitation.rate_dps),
        "confidence": _round(recitation.confidence),
        "ordinal": ordinal,
        "timed_digits": [
            {
                "digit": each.digit,
                **_times(interval),
                "confidence": _round(each.confidence),
                "behind": behind,
            }
            for each, interval, behind in zip(digits, intervals, writing.behind, strict=True)
        ],
        "waits": [{**_times(wait.interval), "digits": wait.n_digits} for wait in writing.waits],
        "group_gaps": [_times(gap) for gap in group_gaps(intervals)],
        "doubts": [
            {"position": place, "digit": digits[place].digit, "rival": digits[place].rival or None}
            for place in recitation.doubts
        ],
    }


def line_test_dict(test: LineTest, region: str) -> dict[str, Any]:
    """Turn a line test into plain data.

    Parameters
    ----------
    test : LineTest
        Of one number.
    region : str
        ISO 3166 code, for the number as it is displayed.

    Returns
    -------
    dict
        By the schema's ``line_test``.
    """
    return {
        "why_not": test.why_not or None,
        "digits": test.digits or None,
        "sayings": test.n_sayings,
        "lines": test.n_lines,
        "first": _survival(test, test.n_whole_first, test.misses_first, region),
        "all": _survival(test, test.n_whole_all, test.misses_all, region),
        "results": [
            {**asdict(each.line), "first": each.first, "all": each.all_sayings} for each in test.results
        ],
    }


def _survival(test: LineTest, n_whole: int, misses: Sequence[int], region: str) -> dict[str, Any] | None:
    if not test.n_lines:
        return None
    low, high = wilson_interval(n_whole, test.n_lines)
    return {
        "whole": n_whole,
        "share_low": _round(low),
        "share_high": _round(high),
        "misses": list(misses),
        "most_missed": display_without(test.digits, most_missed(misses), region=region),
    }


def _phone(card: Scorecard) -> dict[str, Any] | None:
    if card.phone is None:
        return None
    return {
        "text": card.phone.text,
        "first_line": card.phone.first_line,
        "numbers": list(card.phone.numbers),
        "shows_number": card.phone.shows(card.recitations, region=card.region),
        "shows_rep": card.phone.spells(card.settings.rep),
        "shows_company": card.phone.spells(card.settings.company),
    }


def _transcript(card: Scorecard) -> dict[str, Any]:
    return {
        "text": card.transcript.text,
        "language": card.transcript.language,
        "words": [
            {
                "text": word.text.strip(),
                **_times(word.interval),
                "probability": _round(word.probability),
                "part": word.part,
            }
            for word in card.transcript.words
        ],
    }
