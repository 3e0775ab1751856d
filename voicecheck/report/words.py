"""Sentences, names, units and times that several reports share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from voicecheck.numbers.shown import shown_words
from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.sentences import times
from voicecheck.speech.greeting import Part
from voicecheck.speech.transcript import WordPart
from voicecheck.timing import Interval


def condition_line(condition: Mapping[str, Any], *, is_speech: bool) -> str:
    """Put a card's ``condition`` into words; what could not be measured is left out.

    Parameters
    ----------
    condition : mapping
        As in a card's data.
    is_speech : bool
        Whether there is speech that levels could be measured of.

    Returns
    -------
    str
        One sentence of figures.
    """
    what = "speech" if is_speech else "sound"
    level, snr, band = condition["active_level_dbov"], condition["snr_db"], condition["band"]
    clipped, n_dropouts = condition["clipped_share"], len(condition["dropouts"])
    facts = [
        "" if level is None else f"{what} at {level:.1f} dB",
        "" if snr is None else f"{snr:.0f} dB above the noise",
        "" if band is None else f"{band} band",
        f"{100 * clipped:.1f} % too loud and distorted" if clipped else "nothing distorted",
        f"drops out {times(n_dropouts)}" if n_dropouts else "",
    ]
    return ", ".join(fact for fact in facts if fact)


def part_line(part: Part, message: Interval | None) -> str:
    """Say where the message starts and after what; empty where it is the whole recording, and surely so.

    Parameters
    ----------
    part : Part
        The rep's.
    message : Interval or None
        From the first word to the last; None if there is none.

    Returns
    -------
    str
        One sentence.
    """
    if part.outcome != "message" or message is None or (part.sure and not part.why):
        return ""
    if not part.why:
        return f"It is not certain that all of this is the message ({100 * part.probability:.0f} %)"
    seems = "starts" if part.sure else "seems to start"
    sure = "" if part.sure else f" ({100 * part.probability:.0f} % sure)"
    return f"Message {seems} at {clock(message.onset_s)}, {part.why}{sure}"


def sound_line(card: Mapping[str, Any]) -> str:
    """Say in a few words how the recording sounds; the figures are in `condition_line`.

    Parameters
    ----------
    card : mapping
        As `voicecheck.report.data` writes it.

    Returns
    -------
    str
        A sentence without figures.
    """
    if not card["transcript"]["words"]:
        return "No speech to judge"
    if any(tip["id"] == "sound_quality" for tip in card["tips"]):
        return "Sound quality could be better"
    return "Good sound quality"


@dataclass(frozen=True, kw_only=True)
class SurvivalRow:
    """What came through of one way to listen.

    Parameters
    ----------
    heard : str
        Which sayings the listener goes by.
    whole : str
        On how many lines the whole number came through.
    range : str
        The 95 % interval of that share.
    lost : str
        The number with a question mark for the digits lost most often; empty if none was lost.
    """

    heard: str
    whole: str
    range: str
    lost: str


def survival_line(test: Mapping[str, Any]) -> str:
    """Say why there are no rows of a card's ``line_test``; empty where there are.

    A number that was said once is not praised for coming through: a worse line loses digits for good.

    Parameters
    ----------
    test : mapping
        As in a card's data.

    Returns
    -------
    str
        What follows "on bad phone lines".
    """
    if not test["lines"]:
        return f"not tested, {test['why_not']}"
    if test["sayings"] == 1 and test["first"]["whole"] == test["lines"]:
        return "heard once, so a digit that a line loses is lost"
    return ""


def survival_rows(test: Mapping[str, Any]) -> list[SurvivalRow]:
    """Put a card's ``line_test`` into rows: the first saying alone and, if there are more, all together.

    Parameters
    ----------
    test : mapping
        As in a card's data.

    Returns
    -------
    list of SurvivalRow
        Empty where `survival_line` says all there is to say.
    """
    if survival_line(test):
        return []
    n_sayings = test["sayings"]
    if n_sayings == 1:
        return [_row("heard once", test["first"], test["lines"])]
    return [
        _row("the first time alone", test["first"], test["lines"]),
        _row(f"said {times(n_sayings)}", test["all"], test["lines"]),
    ]


def _row(heard: str, survival: Mapping[str, Any], n_lines: int) -> SurvivalRow:
    low, high = 100 * survival["share_low"], 100 * survival["share_high"]
    return SurvivalRow(
        heard=heard,
        whole=f"got through on {survival['whole']} of {n_lines} test lines",
        range=f"{low:.0f}-{high:.0f} %",
        lost=survival["most_missed"] if any(survival["misses"]) else "",
    )


LINES = {"mu-law": "landline", "GSM": "mobile"}
"""Which telephones have the codecs of the test lines."""

OUTCOMES = {"no_message": "no message", "greeting_only": "only a greeting", "person": "answered"}
"""What a call came to that holds no message to judge."""

VERDICTS = {
    **OUTCOMES,
    "pass": "pass",
    "fail": "fail",
    "review": "review",
    "unsure": "unsure",
    "not_measured": "not judged",
    "tip": "tip",
}
"""A verdict in words: the same on the terminal, on the page and in a report."""


def shown_verdict(role: str, verdict: str) -> str:
    """Give the verdict of a row, as `VERDICTS` names it: what is only a tip never fails.

    Parameters
    ----------
    role : {"required", "tip"}
        Of the row's check.
    verdict : str
        What the check came to.

    Returns
    -------
    str
        ``"tip"`` where advice is due, else the verdict.

    Examples
    --------
    >>> shown_verdict("required", "fail"), shown_verdict("tip", "fail"), shown_verdict("tip", "pass")
    ('fail', 'tip', 'pass')
    """
    return "tip" if role == "tip" and verdict in ("fail", "unsure") else verdict


def told_once(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Leave out the reason of a row that could not be judged where the row before gives the same.

    Parameters
    ----------
    rows : iterable of (str, str)
        Verdict and evidence of each row of a card.

    Returns
    -------
    list of str
        The evidence to show for each.

    Examples
    --------
    >>> told_once([("fail", "no number"), ("not_measured", "no number"), ("not_measured", "no number")])
    ['no number', '', '']
    """
    told, before = [], ""
    for verdict, evidence in rows:
        told.append("" if verdict == "not_measured" and evidence == before else evidence)
        before = evidence
    return told


def clock(time_s: float) -> str:
    """Write a time as a player shows it.

    Parameters
    ----------
    time_s : float >= 0
        Seconds from the start of the recording.

    Examples
    --------
    >>> clock(75.26), clock(59.96)
    ('1:15.3', '1:00.0')

    Returns
    -------
    str
        Minutes, seconds and tenths.
    """
    tenths = round(time_s * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def phone_line(phone: Mapping[str, Any]) -> str:
    """Say whether the listener's phone shows the number, and the names; `phone` is a card's ``phone``.

    Parameters
    ----------
    phone : mapping
        As in a card's data.

    Returns
    -------
    str
        One sentence.
    """
    number = {
        None: "no number was said",
        True: "the number is right and can be tapped",
        False: "there is no number to tap",
    }[phone["shows_number"]]
    names = {"your name": phone["shows_rep"], "the company": phone["shows_company"]}
    garbled = [name for name, is_shown in names.items() if is_shown is False]
    return "; ".join([number, *(f"{name} does not come out as it is spelled" for name in garbled)])


def unbroken(text: str) -> Markup:
    """Mark a sentence up so that no number in it is broken over two lines.

    Parameters
    ----------
    text : str
        Plain text, escaped here.

    Returns
    -------
    Markup
        With each number in a span of the class ``unbroken``.

    Examples
    --------
    >>> unbroken("Say <415-555-0136>.")
    Markup('Say &lt;<span class="unbroken">415-555-0136</span>&gt;.')
    """
    return Markup(re.sub(r"\d+(-\d+)+", r'<span class="unbroken">\g<0></span>', str(escape(text))))


SHOWN_UNITS = {"s": (" s", 1), "words/min": (" wpm", 0), "digits/s": (" /s", 2)}
"""How a unit is written, and the decimals of its values. What has another unit (a count, a share) is said in
the evidence, in words."""


def measured(value: float | None, unit: str) -> str:
    """Write what a check measured.

    Parameters
    ----------
    value : float or None
        None if it was not measured.
    unit : str
        Of the check.

    Returns
    -------
    str
        Such as "1.77 /s"; empty for None.

    Examples
    --------
    >>> measured(21.42, "s"), measured(1.777, "digits/s"), measured(2, "times"), measured(None, "s")
    ('21.4 s', '1.78 /s', '', '')
    """
    if value is None or unit not in SHOWN_UNITS:
        return ""
    name, decimals = SHOWN_UNITS[unit]
    return f"{value:.{decimals}f}{name}"


def allowed(low: float | None, high: float | None, unit: str) -> str:
    """Write the band in which a value passes.

    Parameters
    ----------
    low, high : float or None
        None for a side that is open.
    unit : str
        Of the check.

    Returns
    -------
    str
        Such as "max 30".

    Examples
    --------
    >>> allowed(100, 200, "words/min"), allowed(None, 30, "s"), allowed(2, None, "times")
    ('100-200', 'max 30', '')
    """
    if unit not in SHOWN_UNITS:
        return ""
    if low is not None and high is not None:
        return f"{low:g}-{high:g}"
    if high is not None:
        return f"max {high:g}"
    return "" if low is None else f"min {low:g}"


def said_parts(card: Scorecard) -> list[tuple[WordPart, str]]:
    """Write what was said, each number as it is displayed, parted by whose words they are.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    list of (str, str)
        ``"greeting"``, ``"message"`` or ``"after"``, and the words.
    """
    words = card.transcript.words
    shown = zip(words, shown_words(words, card.recitations, region=card.region), strict=True)
    return [
        (part, "".join(text for _, text in said).strip())
        for part, said in groupby(shown, key=lambda each: each[0].part)
    ]
