"""Many messages as one page: totals, what fails most, a table by rep, and each card with its drawing.

The page is one file without any address in it: no script, font or picture is fetched.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from voicecheck.audio.levels import PEAK_S
from voicecheck.measures.pen import Wait
from voicecheck.numbers.compare import differences
from voicecheck.numbers.plan import comparable_digits, display
from voicecheck.numbers.recitations import Recitation
from voicecheck.report.data import condition_dict, line_test_dict
from voicecheck.report.words import condition_line, survival_rows
from voicecheck.scorecard.across import Rep, Row, by_rep, count_failed
from voicecheck.scorecard.card import Scorecard, Tip
from voicecheck.scorecard.check import Check
from voicecheck.scorecard.checks import TITLES
from voicecheck.timing import Interval

OPEN_MAX = 30
"""With more messages than this, the cards start closed."""

COLUMNS_MAX = 320
"""Strokes of a drawn wave, at most."""

SCALE = 100
"""Drawing units a second."""

PEN_BASE, PEN_STEP, PEN_HEIGHT = 80, 7, 35
"""In drawing units: where the steps of the pen stand, one step a digit, and the highest."""

SPARK_STEP, SPARK_HEIGHT = 8, 27
SPARK_MAX = 40
"""Messages of a rep that are drawn: the latest."""

VERDICT_NAMES = {
    "pass": "pass",
    "fail": "fail",
    "review": "review",
    "unsure": "unsure",
    "not_measured": "open",
}


def to_html(rows: Sequence[Row], *, made_on: str = "") -> str:
    """Write the page.

    Parameters
    ----------
    rows : sequence of Row
        In the order in which they are shown.
    made_on : str
        The day, for the head of the page.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("voicecheck.report"), autoescape=True, undefined=StrictUndefined
    )
    cards = [(row, row.card) for row in rows if row.card is not None]
    reps = [rep for rep in by_rep(rows) if rep.name is not None]
    return environment.get_template("report.html.j2").render(
        names=VERDICT_NAMES,
        totals=_totals(rows, made_on),
        checks=_checks_by_failure([card for _, card in cards]),
        reps=[_rep(rep) for rep in reps],
        cards=[_card(row, card) for row, card in cards],
        failures=[{"file": row.message.file, "error": row.error} for row in rows if row.error],
        open=len(cards) <= OPEN_MAX,
    )


def _totals(rows: Sequence[Row], made_on: str) -> dict[str, Any]:
    verdicts = Counter(row.card.verdict if row.card else "none" for row in rows)
    n_scored = len(rows) - verdicts["none"]
    texts = {"pass": "pass", "review": "to review", "fail": "fail", "none": "not analysed"}
    reps = {row.message.rep for row in rows} - {None}
    rubrics = sorted({row.card.rubric.name for row in rows if row.card})
    facts = [_counted(len(rows), "message"), _counted(len(reps), "rep") if reps else "", made_on]
    facts.append(f"judged by {', '.join(rubrics)}" if rubrics else "")
    return {
        "heading": "Pass rate",
        "rate": _share(verdicts["pass"], n_scored),
        "share": f"{verdicts['pass']} of {n_scored} scored",
        "line": " · ".join(fact for fact in facts if fact),
        "parts": [{"name": name, "n": verdicts[name], "text": text} for name, text in texts.items()],
    }


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"  # noqa: RUF001


def _checks_by_failure(cards: Sequence[Scorecard]) -> list[dict[str, Any]]:
    """List the checks that were not all passed, the most harmful first."""
    counts = Counter((check.id, check.verdict) for card in cards for check in card.checks)
    rows = [(counts[name, "fail"], counts[name, "unsure"], name) for name in TITLES]
    widest = max((n_fail + n_unsure for n_fail, n_unsure, _ in rows), default=0)
    return [
        {
            "id": name,
            "title": TITLES[name],
            "n_fail": n_fail,
            "n_unsure": n_unsure,
            "fail_width": round(100 * n_fail / widest, 1),
            "unsure_width": round(100 * n_unsure / widest, 1),
        }
        for n_fail, n_unsure, name in sorted(rows, key=lambda row: (-row[0], -row[1]))
        if n_fail or n_unsure
    ]


def _rep(rep: Rep) -> dict[str, Any]:
    cards = [row.card for row in rep.rows if row.card]
    failed = Counter(check.title for card in cards for check in card.checks if check.verdict == "fail")
    latest = rep.rows[-SPARK_MAX:]
    return {
        "name": rep.name,
        "n": len(cards),
        "rate": _share(sum(card.verdict == "pass" for card in cards), len(cards)),
        "seconds": _mean((_message_s(card) for card in cards), ".1f"),
        "wpm": _mean((card.measures.speaking_rate_wpm for card in cards), ".0f"),
        "dps": _mean((_fastest_dps(card) for card in cards), ".2f"),
        "worst": failed.most_common(1)[0][0].lower() if failed else "nothing",
        "trend": ", ".join(map(str, rep.failed_checks)),
        "width": SPARK_STEP * len(latest),
        "bars": [_spark(at, row, row.card) for at, row in enumerate(latest) if row.card],
    }


def _spark(at: int, row: Row, card: Scorecard) -> dict[str, Any]:
    n_failed = count_failed(card)
    height = min(SPARK_HEIGHT, 3 + 5 * n_failed)
    return {
        "verdict": card.verdict,
        "x": SPARK_STEP * at,
        "y": SPARK_HEIGHT - height,
        "height": height,
        "title": f"{row.message.file}: {card.verdict}, {n_failed} failed",
    }


def _mean(values: Iterable[float], form: str) -> str:
    known = [value for value in values if not math.isnan(value)]
    return format(fmean(known), form) if known else "–"  # noqa: RUF001


def _message_s(card: Scorecard) -> float:
    return card.measures.message.duration_s if card.measures.message else math.nan


def _fastest_dps(card: Scorecard) -> float:
    rates = [each.rate_dps for each in card.recitations if each.full and not math.isnan(each.rate_dps)]
    return max(rates, default=math.nan)


# ---- one card ----


def _card(row: Row, card: Scorecard) -> dict[str, Any]:
    message = row.message
    rep = "" if message.file.startswith(f"{message.rep}/") else message.rep
    who = " to ".join(name for name in (rep, message.prospect) if name)
    length_s = _message_s(card)
    facts = [who, "" if math.isnan(length_s) else f"{length_s:.1f} s"]
    return {
        "file": message.file,
        "about": " · ".join(fact for fact in facts if fact),
        "rep": message.rep or "",
        "verdict": card.verdict,
        "next_step": card.next_step,
        "fails": " ".join(check.id for check in card.checks if check.verdict in ("fail", "unsure")),
        "n_failed": count_failed(card),
        "seconds": 0 if math.isnan(length_s) else round(length_s, 2),
        "dps": 0 if math.isnan(_fastest_dps(card)) else round(_fastest_dps(card), 3),
        "checks": [_check(check) for check in card.checks],
        "dots_label": ", ".join(f"{check.title}: {VERDICT_NAMES[check.verdict]}" for check in card.checks),
        "sayings": [_saying(each, card, message.expected) for each in card.recitations],
        "condition": condition_line(
            condition_dict(card.measures.condition), is_speech=bool(card.transcript.words)
        ),
        "line_test": card.line_test,
        "survival": survival_rows(line_test_dict(card.line_test, card.region)) if card.line_test else [],
        "tips": [_tip(tip) for tip in card.other_tips],
        "text": card.transcript.text,
        **_drawing(card, row.peaks),
    }


def _tip(tip: Tip) -> dict[str, str]:
    quote = f"\N{LEFT DOUBLE QUOTATION MARK}{tip.quote}\N{RIGHT DOUBLE QUOTATION MARK}" if tip.quote else ""
    at = f"at {_clock(tip.heard.onset_s)}" if tip.heard else ""
    return {"text": tip.text, "about": ", ".join(part for part in (quote, at) if part)}


def _check(check: Check) -> dict[str, str]:
    units = {"s": " s", "words/min": " wpm", "digits/s": " /s"}
    decimals = {"s": 1, "words/min": 0, "digits/s": 2, "confidence": 2}.get(check.unit, 0)
    value = "" if check.value is None else f"{check.value:.{decimals}f}{units.get(check.unit, '')}"
    evidence = "not required" if check.role == "tip" and not check.evidence else check.evidence
    return {"title": check.title, "verdict": check.verdict, "value": value, "evidence": evidence}


def _saying(saying: Recitation, card: Scorecard, expected: str | None) -> dict[str, Any]:
    """Spell a recitation letter by letter, with the digits marked that differ or are in doubt."""
    differing = _differing(saying, card, expected)
    rivals = {doubt.position: doubt.rival for doubt in saying.doubts}
    letters: list[dict[str, Any]] = []
    position = 0
    for letter in display(saying.digits, region=card.region):
        rival = rivals.get(position) if letter.isdigit() else None
        letters.append(
            {
                "text": letter,
                "differs": letter.isdigit() and position in differing,
                "rival": None if rival is None else f"may be {rival}" if rival else "may not be there",
            }
        )
        position += letter.isdigit()
    facts = [
        f"at {_clock(saying.interval.onset_s)}",
        "" if math.isnan(saying.rate_dps) else f"{saying.rate_dps:.2f} digits/s",
        f"ext. {saying.extension}" if saying.extension else "",
        "" if saying.full else "in part",
    ]
    return {"digits": letters, "about": ", ".join(fact for fact in facts if fact)}


def _differing(saying: Recitation, card: Scorecard, expected: str | None) -> set[int]:
    """Find the places in which a full recitation differs from the expected number, or the first one."""
    if not saying.full:
        return set()
    first = next(each for each in card.recitations if each.full)
    reference = comparable_digits(expected or first.digits, region=card.region)
    said = comparable_digits(saying.digits, region=card.region)
    shift = len(saying.digits.lstrip("+")) - len(said)
    return {
        shift + min(place, len(said) - 1)
        for each in differences(reference, said)
        for place in range(each.second_at, each.second_at + max(1, len(each.second)))
    }


# ---- its drawing ----


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A stretch of time in a drawing, in drawing units, and what it says when pointed at."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, kw_only=True)
class PenBar(Bar):
    """How many digits wait for a listener's pen."""

    y: int
    height: int


def _drawing(card: Scorecard, peaks: Sequence[float]) -> dict[str, Any]:
    duration_s = max(card.duration_s, 0.1)
    words = card.transcript.words
    pauses = card.measures.pauses
    return {
        "scale": round(SCALE * duration_s),
        "wave": _wave(peaks),
        "words": [_bar(word.interval, word.text.strip()) for word in words],
        "pauses": [_bar(pause, f"pause, {pause.duration_s:.2f} s") for pause in pauses],
        "numbers": [
            _bar(each.interval, display(each.digits, region=card.region)) for each in card.recitations
        ],
        "pen": [_pen_bar(wait) for wait in card.waits],
        "ticks": _ticks(duration_s),
        "drawing": f"{duration_s:.1f} s of sound: {len(words)} words, {_counted(len(pauses), 'pause')}, "
        f"the number at {_places(card.recitations)}",
    }


def _places(recitations: Sequence[Recitation]) -> str:
    return " and ".join(_clock(each.interval.onset_s) for each in recitations) or "no place"


def _bar(heard: Interval, title: str) -> Bar:
    return Bar(
        x=round(SCALE * heard.onset_s, 1), width=max(1.0, round(SCALE * heard.duration_s, 1)), title=title
    )


def _pen_bar(wait: Wait) -> PenBar:
    bar = _bar(wait.interval, f"{_counted(wait.n_digits, 'digit')} waiting for a pen")
    height = min(PEN_HEIGHT, PEN_STEP * wait.n_digits)
    return PenBar(x=bar.x, width=bar.width, title=bar.title, y=PEN_BASE - height, height=height)


def _wave(peaks: Sequence[float]) -> str:
    """Draw strokes up and down from the middle; by the square root of the peak, soft speech shows, too."""
    if not peaks:
        return ""
    step = math.ceil(len(peaks) / COLUMNS_MAX)
    loudest = max(peaks) or 1.0
    strokes: list[str] = []
    for start in range(0, len(peaks), step):
        reach = round(30 * math.sqrt(max(peaks[start : start + step]) / loudest), 1)
        x = round(SCALE * PEAK_S * (start + step / 2))
        strokes.append(f"M{x} {40 - reach:g}v{max(0.6, 2 * reach):g}")
    return "".join(strokes)


def _ticks(duration_s: float) -> list[dict[str, Any]]:
    step_s = next(step for step in (1, 2, 5, 10, 20, 60, 120, 300) if duration_s / step <= 8)
    return [
        {"left": round(100 * at_s / duration_s, 2), "text": f"{at_s} s" if at_s else "0"}
        for at_s in range(0, int(duration_s) + 1, step_s)
        if at_s <= 0.97 * duration_s
    ]


def _clock(time_s: float) -> str:
    return f"{int(time_s // 60)}:{time_s % 60:04.1f}"
