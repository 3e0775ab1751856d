"""Many messages as one page: totals, what fails most, a table by rep, and each card with its drawing.

The page is one file without any address in it: no script, font or picture is fetched.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from voicecheck.numbers.plan import is_nanp
from voicecheck.report.alignment import GridRow, digit_grids
from voicecheck.report.data import to_dict
from voicecheck.report.drawing import draw
from voicecheck.report.words import (
    VERDICTS,
    clock,
    condition_line,
    measured,
    part_line,
    phone_line,
    said_parts,
    shown_verdict,
    sound_line,
    survival_line,
    survival_rows,
    told_once,
    unbroken,
)
from voicecheck.scorecard.across import Rep, Row, by_rep, count_failed
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.check import CheckResult, Tip
from voicecheck.scorecard.registry import titles
from voicecheck.scorecard.sentences import counted

SPARK_STEP, SPARK_HEIGHT = 8, 27
SPARK_MAX = 40
"""Messages of a rep that are drawn: the latest."""

WORST_FIRST = ("fail", "review", "pass")


def to_html(rows: Sequence[Row], *, made_on: str = "", sounds: Mapping[str, str] | None = None) -> str:
    """Write the page, the worst messages first.

    Parameters
    ----------
    rows : sequence of Row
        In any order; of two that are equally bad the earlier one comes first.
    made_on : str
        The day, for the head of the page.
    sounds : mapping of str to str, or None
        For a message's file, where its recording lies as seen from the page: a relative address.

    Returns
    -------
    str
        One file that needs no other, but for the recordings.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("voicecheck.report"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["unbroken"] = unbroken
    cards = sorted(((row, row.card) for row in rows if row.card is not None), key=_badness)
    reps = [rep for rep in by_rep(rows) if rep.name is not None]
    return environment.get_template("report.html.j2").render(
        names=VERDICTS,
        statuses={card.status for _, card in cards},
        totals=_totals(rows, made_on),
        checks=_checks_by_failure([card for _, card in cards]),
        reps=[_rep(rep) for rep in reps],
        cards=[{**_card(row, card), "sound": (sounds or {}).get(row.message.file)} for row, card in cards],
        failures=[{"file": row.message.file, "error": row.error} for row in rows if row.error],
    )


def _badness(scored: tuple[Row, Scorecard]) -> tuple[int, int]:
    """Sort key: failed before unsure before passed, and more failed checks before fewer."""
    _, card = scored
    return WORST_FIRST.index(card.verdict), -count_failed(card)


def _totals(rows: Sequence[Row], made_on: str) -> dict[str, Any]:
    verdicts = Counter(_verdict(row.card) if row.card else "none" for row in rows)
    n_scored = len(rows) - verdicts["none"] - verdicts["unsaid"]
    texts = {"pass": "pass", "review": "to review", "fail": "fail", "none": "not analysed"}
    texts |= {"unsaid": "without a message"} if verdicts["unsaid"] else {}
    reps = {_rep_key(row.message.rep) for row in rows} - {""}
    rubrics = sorted({row.card.rubric.name for row in rows if row.card})
    facts = [counted(len(rows), "message"), counted(len(reps), "rep") if reps else "", made_on]
    facts.append(f"judged by {', '.join(rubrics)}" if rubrics else "")
    return {
        "heading": "Pass rate",
        "rate": _share(verdicts["pass"], n_scored),
        "share": f"{verdicts['pass']} of {n_scored} scored",
        "line": " · ".join(fact for fact in facts if fact),
        "parts": [{"name": name, "n": verdicts[name], "text": text} for name, text in texts.items()],
    }


def _verdict(card: Scorecard) -> str:
    return card.verdict if card.part.outcome == "message" else "unsaid"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"  # noqa: RUF001


def _required(card: Scorecard) -> list[CheckResult]:
    return [check for check in card.checks if check.role == "required"]


def _checks_by_failure(cards: Sequence[Scorecard]) -> list[dict[str, Any]]:
    """List the checks that were not all passed, the most harmful first."""
    counts = Counter((check.id, check.verdict) for card in cards for check in _required(card))
    named = {check.id: check.title for card in cards for check in card.checks}
    rows = [(counts[name, "fail"], counts[name, "unsure"], name) for name in {**titles(), **named}]
    widest = max((n_fail + n_unsure for n_fail, n_unsure, _ in rows), default=0)
    return [
        {
            "id": name,
            "title": named[name],
            "n_fail": n_fail,
            "n_unsure": n_unsure,
            "fail_width": round(100 * n_fail / widest, 1),
            "unsure_width": round(100 * n_unsure / widest, 1),
        }
        for n_fail, n_unsure, name in sorted(rows, key=lambda row: (-row[0], -row[1]))
        if n_fail or n_unsure
    ]


def _rep_key(name: str | None) -> str:
    """One for every way to write a name in capitals: a folder "bo" and a list's "Bo" are one rep."""
    return (name or "").casefold()


def _rep(rep: Rep) -> dict[str, Any]:
    cards = [row.card for row in rep.rows if row.card and row.card.part.outcome == "message"]
    failed = Counter(check.title for card in cards for check in _required(card) if check.verdict == "fail")
    latest = rep.rows[-SPARK_MAX:]
    return {
        "name": rep.name,
        "key": _rep_key(rep.name),
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
        "verdict": card.status,
        "x": SPARK_STEP * at,
        "y": SPARK_HEIGHT - height,
        "height": height,
        "title": f"{row.message.file}: {VERDICTS[card.status]}, {n_failed} failed",
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
    message, data = row.message, to_dict(card)
    rep = "" if message.file.startswith(f"{message.rep}/") else message.rep
    who = " to ".join(name for name in (rep, message.prospect) if name)
    length_s = _message_s(card)
    facts = [who, "" if math.isnan(length_s) else f"{length_s:.1f} s"]
    return {
        "file": message.file,
        "about": " · ".join(fact for fact in facts if fact),
        "rep": _rep_key(message.rep),
        "verdict": card.status,
        "next_step": card.next_step,
        "fails": " ".join(check.id for check in _required(card) if check.verdict in ("fail", "unsure")),
        "n_failed": count_failed(card),
        "seconds": 0 if math.isnan(length_s) else round(length_s, 2),
        "dps": 0 if math.isnan(_fastest_dps(card)) else round(_fastest_dps(card), 3),
        "checks": _checks(card.checks),
        "dots_label": ", ".join(
            f"{check.title}: {VERDICTS[shown_verdict(check.role, check.verdict)]}" for check in card.checks
        ),
        "sayings": [
            _saying(each, card.region)
            for grid in digit_grids(data, message.expected, card.region)
            for each in grid
        ],
        "sound_quality": sound_line(data),
        "condition": condition_line(data["condition"], is_speech=bool(card.transcript.words)),
        "survival_line": survival_line(data["line_test"]) if data["line_test"] else "",
        "phone": data["phone"],
        "phone_line": phone_line(data["phone"]) if data["phone"] else "",
        "survival": survival_rows(data["line_test"]) if data["line_test"] else [],
        "tips": [_tip(tip) for tip in card.other_tips],
        "part": part_line(card.part, card.measures.message),
        "said": [{"part": part, "text": text} for part, text in said_parts(card)],
        **draw(card, row.peaks),
    }


def _tip(tip: Tip) -> dict[str, str]:
    quote = f"\N{LEFT DOUBLE QUOTATION MARK}{tip.quote}\N{RIGHT DOUBLE QUOTATION MARK}" if tip.quote else ""
    at = f"at {clock(tip.heard.onset_s)}" if tip.heard else ""
    return {"text": tip.text, "about": ", ".join(part for part in (quote, at) if part)}


def _checks(checks: Sequence[CheckResult]) -> list[dict[str, str]]:
    told = told_once((check.verdict, check.evidence) for check in checks)
    return [_check(check, evidence) for check, evidence in zip(checks, told, strict=True)]


def _check(check: CheckResult, evidence: str) -> dict[str, str]:
    value = measured(check.value, check.unit)
    evidence = "not required" if check.role == "tip" and not check.evidence else evidence
    return {
        "title": check.title,
        "verdict": shown_verdict(check.role, check.verdict),
        "value": value,
        "evidence": evidence,
    }


def _saying(saying: GridRow, region: str) -> dict[str, Any]:
    """Spell a row of the digit grid letter by letter, each with what is to be said of it."""
    letters: list[dict[str, str]] = [{"text": "+", "mark": "", "label": ""}] if saying.plus else []
    between = "-" if is_nanp(region) and not saying.plus else " "
    for at, cell in enumerate(saying.cells):
        if cell.starts_group and at:
            letters.append({"text": between if cell.digit else " ", "mark": "", "label": ""})
        text = cell.digit or ("_" if cell.mark else " ")
        letters.append({"text": text, "mark": cell.mark, "label": cell.label})
    when = saying.title.lower() if saying.onset_s is None else f"at {clock(saying.onset_s)}"
    return {"digits": letters, "about": ", ".join(fact for fact in (when, saying.note) if fact)}
