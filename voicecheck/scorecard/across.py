"""Many messages: what is known of each, and what only shows when they are laid side by side.

Messages of one rep are taken in the order of time; those of one time, or of an unknown one, in the natural
order of their files' names ("call 2" before "call 10"). A trend is told only where time tells early from
late.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from statistics import fmean
from typing import Any

from voicecheck.scorecard.card import Scorecard
from voicecheck.scorecard.check import Tip

SAME_WORDS_MIN = 90.0
"""Texts at least this similar, in per cent of their letters (Indel ratio), are the same message again."""

SAME_WORDS_LENGTH_MIN = 40
"""Texts with fewer letters than this are alike by chance."""

TREND_MESSAGES_MIN = 6
"""A trend needs this many messages: three at first, three lately."""

_NEVER = datetime.min
"""Stands for an unknown time: before all others."""

TREND_SPAN_MIN = timedelta(minutes=10)
"""A trend needs this much time; files that were copied together are written within less."""

TREND_CHANGE_MIN = 0.5
"""Failed checks a message that have to come or go before it is called a trend."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of many.

    Parameters
    ----------
    file : str
        How it is shown: its path below the folder that was given.
    rep, company, prospect : str or None
        Who left it, for which company, and for whom.
    expected : str or None
        The number that should be said, digits with an optional leading ``+``.
    date : datetime or None
        When it was left, in local time.
    """

    file: str
    rep: str | None = None
    company: str | None = None
    prospect: str | None = None
    expected: str | None = None
    date: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message and what became of it: a card or an error.

    Parameters
    ----------
    message : Message
        Which one.
    card : Scorecard or None
        None if it could not be analysed.
    error : str or None
        Why not, in one line.
    peaks : tuple of float
        The drawing of its sound (`Hearing.peaks`).
    sound : str or None
        Where the recording lies, as an address seen from the folder of the results.
    """

    message: Message
    card: Scorecard | None = None
    error: str | None = None
    peaks: tuple[float, ...] = ()
    sound: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rep:
    """The scored messages of one rep, in order.

    Parameters
    ----------
    name : str or None
        None for messages that belong to nobody.
    rows : tuple of Row
        Those with a card.
    """

    name: str | None
    rows: tuple[Row, ...]

    @property
    def failed_checks(self) -> tuple[int, ...]:
        """How many required checks each message failed."""
        return tuple(count_failed(row.card) for row in self.rows if row.card)

    @property
    def change(self) -> float | None:
        """Failed checks a message, the later half less the earlier half.

        None for too few messages, and where it is not known that the later half was left later.
        """
        failed = self.failed_checks
        if len(failed) < TREND_MESSAGES_MIN:
            return None
        half = len(failed) // 2
        dates = [row.message.date or _NEVER for row in self.rows]
        early, late = dates[:half], dates[-half:]
        if _NEVER in dates or max(early) >= min(late) or dates[-1] - dates[0] < TREND_SPAN_MIN:
            return None
        return fmean(failed[-half:]) - fmean(failed[:half])


def count_failed(card: Scorecard) -> int:
    """Count the required checks that a card fails.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    int
        Without tips.
    """
    return sum(check.role == "required" and check.verdict == "fail" for check in card.checks)


def natural_key(text: str) -> Any:
    """Order texts as people do, numbers in them by value.

    Parameters
    ----------
    text : str
        Such as a file's name.

    Returns
    -------
    object
        A key for `sorted`.

    Examples
    --------
    >>> sorted(["call 10", "Call 9"], key=natural_key)
    ['Call 9', 'call 10']
    """
    return _natural_keys()(text)


@cache
def _natural_keys() -> Callable[[str], Any]:
    from natsort import natsort_keygen, ns

    keys: Callable[[str], Any] = natsort_keygen(alg=ns.IGNORECASE)
    return keys


def by_rep(rows: Iterable[Row]) -> tuple[Rep, ...]:
    """Gather the rows that have a card by rep; those without a rep come last.

    Parameters
    ----------
    rows : iterable of Row
        In any order.

    Returns
    -------
    tuple of Rep
        By name.
    """

    def who(row: Row) -> tuple[bool, str]:
        return row.message.rep is None, (row.message.rep or "").casefold()

    def when(row: Row) -> tuple[datetime, Any]:
        return row.message.date or _NEVER, natural_key(row.message.file)

    scored = sorted((row for row in rows if row.card), key=when)
    return tuple(
        Rep(name=(mates := tuple(group))[0].message.rep, rows=mates)
        for _, group in groupby(sorted(scored, key=who), key=who)
    )


def with_tips(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Add the tips that need more than one message; the order stays.

    A message that repeats an earlier one of the same rep almost word for word is told so; the latest message
    of a rep whose failed checks have come or gone says that.

    Parameters
    ----------
    rows : sequence of Row
        Of one batch, with cards or without.

    Returns
    -------
    tuple of Row
        Cards with more tips; a row without a card stays as it is.
    """
    tips: dict[str, tuple[Tip, ...]] = {}
    for rep in by_rep(rows):
        for row, original, share in _repeats(rep.rows):
            tips[row.message.file] = (_same_words(row, original, share),)
        change = rep.change if rep.name is not None else None
        if change is not None and abs(change) >= TREND_CHANGE_MIN:
            latest = rep.rows[-1].message.file
            tips[latest] = (*tips.get(latest, ()), _trend(rep))
    return tuple(_with(row, tips.get(row.message.file, ())) for row in rows)


def _with(row: Row, tips: tuple[Tip, ...]) -> Row:
    if row.card is None or not tips:
        return row
    return replace(row, card=replace(row.card, tips=(*row.card.tips, *tips)))


def _repeats(rows: Sequence[Row]) -> list[tuple[Row, Row, float]]:
    """Find each message that is nearly an earlier one: the message, the likest earlier one, per cent."""
    from rapidfuzz import fuzz, process

    texts = [_letters(row) for row in rows]
    found: list[tuple[Row, Row, float]] = []
    for at, text in enumerate(texts):
        if len(text) < SAME_WORDS_LENGTH_MIN:
            continue
        best = process.extractOne(text, texts[:at], scorer=fuzz.ratio, score_cutoff=SAME_WORDS_MIN)
        if best is not None:
            found.append((rows[at], rows[best[2]], best[1]))
    return found


def _letters(row: Row) -> str:
    """The words alone: the number is always the same, and must not make two messages alike."""
    text = row.card.transcript.text.casefold() if row.card else ""
    return " ".join(re.findall(r"[^\W\d_]+", text))


def _same_words(row: Row, original: Row, share: float) -> Tip:
    same_prospect = row.message.prospect is not None and row.message.prospect == original.message.prospect
    why = (
        f"{row.message.prospect} has heard it before; give a new reason to call back."
        if same_prospect
        else "say why you call this person."
    )
    return Tip(id="same_words", text=f"The same words as in {original.message.file} ({share:.0f} %): {why}")


def _trend(rep: Rep) -> Tip:
    failed = rep.failed_checks
    half = len(failed) // 2
    before, lately = fmean(failed[:half]), fmean(failed[-half:])
    what = "Getting better" if lately < before else "Slipping"
    return Tip(
        id="trend",
        text=f"{what}: {lately:.1f} failed checks a message in the last {half}, "
        f"{before:.1f} in the first {half}.",
    )
