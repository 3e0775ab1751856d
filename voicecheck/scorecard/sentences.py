"""Words that the sentences of several checks share."""

from __future__ import annotations


def ordinal(place: int) -> str:
    """Name a place: in a word up to the third, in figures beyond.

    Parameters
    ----------
    place : int
        From 1.

    Returns
    -------
    str
        Such as "first" or "7th".

    Examples
    --------
    >>> ordinal(1), ordinal(7), ordinal(22)
    ('first', '7th', '22nd')
    """
    if place <= 3:
        return ("first", "second", "third")[place - 1]
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def times(count: int) -> str:
    """Say how often.

    Parameters
    ----------
    count : int
        0 or more.

    Returns
    -------
    str
        Such as "once" or "3 times".

    Examples
    --------
    >>> times(1), times(2), times(3)
    ('once', 'twice', '3 times')
    """
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: float, what: str) -> str:
    """Give a number with its noun.

    Parameters
    ----------
    count : float
        0 or more.
    what : str
        The noun in the singular.

    Returns
    -------
    str
        Such as "1 word" or "2 words".

    Examples
    --------
    >>> counted(1, "second"), counted(8, "second")
    ('1 second', '8 seconds')
    >>> counted(1_234_567, "message"), counted(1.5, "second")
    ('1234567 messages', '1.5 seconds')
    """
    return f"{count:.12g} {what}{'s' * (count != 1)}"


def noisy(snr_db: float) -> str:
    """Say that there is too much noise.

    Parameters
    ----------
    snr_db : float
        How far the voice stands above it.

    Returns
    -------
    str
        A phrase for a card's row.

    Examples
    --------
    >>> noisy(6.7)
    'there is a lot of noise behind the voice (7 dB below it)'
    """
    return f"there is a lot of noise behind the voice ({snr_db:.0f} dB below it)"
