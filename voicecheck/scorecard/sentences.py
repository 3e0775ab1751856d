"""Words that the sentences of several checks share."""

from __future__ import annotations


def ordinal(place: int) -> str:
    """Name a place: in a word up to the third, in figures beyond.

    >>> ordinal(1), ordinal(7), ordinal(22)
    ('first', '7th', '22nd')
    """
    if place <= 3:
        return ("first", "second", "third")[place - 1]
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def times(count: int) -> str:
    """Say how often.

    >>> times(1), times(2), times(3)
    ('once', 'twice', '3 times')
    """
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: float, what: str) -> str:
    """Give a number with its noun.

    >>> counted(1, "second"), counted(8, "second")
    ('1 second', '8 seconds')
    """
    return f"{count:g} {what}{'s' * (count != 1)}"
