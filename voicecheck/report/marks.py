"""Words, digits, numbers and pauses as texts with a time."""

from __future__ import annotations

from dataclasses import dataclass

from voicecheck.numbers.plan import display
from voicecheck.scorecard.card import Scorecard
from voicecheck.timing import Interval


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A text at a time."""

    text: str
    heard: Interval


def word_marks(card: Scorecard) -> list[Mark]:
    """One mark a word of the transcript, in time order.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    list of Mark
        Without the words of greeting and mailbox, too.
    """
    return [Mark(text=word.text.strip(), heard=word.interval) for word in card.transcript.words]


def digit_marks(card: Scorecard) -> list[Mark]:
    """One mark a digit of every recitation.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    list of Mark
        In time order.
    """
    return [
        Mark(text=each.digit, heard=each.interval)
        for recitation in card.recitations
        for each in recitation.timed_digits
    ]


def number_marks(card: Scorecard) -> list[Mark]:
    """One mark a recitation, the number as it is displayed.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    list of Mark
        In time order.
    """
    return [
        Mark(text=display(each.digits, region=card.region), heard=each.interval) for each in card.recitations
    ]


def pause_marks(card: Scorecard) -> list[Mark]:
    """One mark a pause inside the message.

    Parameters
    ----------
    card : Scorecard
        Of one message.

    Returns
    -------
    list of Mark
        In time order.
    """
    return [Mark(text="pause", heard=pause) for pause in card.measures.pauses]
