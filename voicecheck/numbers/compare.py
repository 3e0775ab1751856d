"""Which recitations are the same number, and where two of them differ.

Metrics
-------
repeats       how many recitations say (or mean to say) the same number
differences   where two strings of digits part: another digit, two neighbours swapped, one missing or extra
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SAME_NUMBER_MAX_SHARE = 0.3
"""Numbers of which at most this share of digits differs are two tries at one number."""


def same_number(first: str, second: str) -> bool:
    """Whether two strings of digits mean the same number, slips allowed.

    Parameters
    ----------
    first, second : str
        Digits only.

    Returns
    -------
    bool
        False where they are too far apart to be slips of one another.

    Examples
    --------
    >>> same_number("4165550198", "4165550189"), same_number("4165550198", "2125550147")
    (True, False)
    """
    return distance(first, second) <= SAME_NUMBER_MAX_SHARE * max(len(first), len(second))


PART_MIN = 6
"""So many digits of a number in a row are a part of it that nobody says by chance."""


def may_be_part(digits: str, number: str) -> bool:
    """Whether digits are a piece of a number, or all of it with slips: a saying that was cut off or misheard.

    Parameters
    ----------
    digits : str
        That were heard.
    number : str
        Whole.

    Returns
    -------
    bool
        True for the number itself, too.

    Examples
    --------
    >>> may_be_part("416555", "4165550198"), may_be_part("416", "4165550198")
    (True, False)
    """
    return same_number(digits, number) or (len(digits) >= PART_MIN and digits in number)


def distance(first: str, second: str) -> int:
    """Count the slips that lead from one string of digits to another; a swap of neighbours is one.

    Parameters
    ----------
    first, second : str
        Digits only.

    Returns
    -------
    int
        0 for equal ones.

    Examples
    --------
    >>> distance("4165550198", "4165550189"), distance("416", "46")
    (1, 1)
    """
    from rapidfuzz.distance import OSA

    return int(OSA.distance(first, second))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One place where a second saying differs from the first.

    Parameters
    ----------
    kind : {"other", "swapped", "missing", "extra"}
        Another digit; two neighbours that traded places; a digit of the first that the second lacks; one
        that only the second has.
    first_at, second_at : int
        Indices into the two strings.
    first, second : str
        The digits there; two each when swapped, empty where there is none.
    """

    kind: Literal["other", "swapped", "missing", "extra"]
    first_at: int
    second_at: int
    first: str
    second: str


def differences(first: str, second: str) -> tuple[Difference, ...]:
    """Find where `second` differs from `first`, with the fewest edits [1]_.

    Parameters
    ----------
    first, second : str
        Digits only.

    Returns
    -------
    tuple of Difference
        By the place in `first`; empty if they are equal.

    References
    ----------
    .. [1] Levenshtein (1966), Soviet Physics Doklady 10(8), 707-710; a swap of neighbours counts as one
       difference, as in Damerau (1964), Communications of the ACM 7(3), 171-176.

    Examples
    --------
    >>> [each.kind for each in differences("4165550198", "4165550189")]
    ['swapped']
    >>> differences("416", "46")[0].kind, differences("123", "123")
    ('missing', ())
    """
    from rapidfuzz.distance import Levenshtein

    edits = Levenshtein.editops(first, second)
    in_place = _position_differences(first, second) if len(first) == len(second) else ()
    if in_place and len(in_place) <= len(edits):
        return in_place
    names: dict[str, Literal["other", "missing", "extra"]] = {
        "replace": "other",
        "delete": "missing",
        "insert": "extra",
    }
    return tuple(
        Difference(
            kind=names[edit.tag],
            first_at=edit.src_pos,
            second_at=edit.dest_pos,
            first="" if edit.tag == "insert" else first[edit.src_pos],
            second="" if edit.tag == "delete" else second[edit.dest_pos],
        )
        for edit in edits
    )


def _position_differences(first: str, second: str) -> tuple[Difference, ...]:
    found: list[Difference] = []
    at = 0
    while at < len(first):
        pair = first[at : at + 2]
        swapped = len(pair) == 2 and pair[0] != pair[1] and second[at : at + 2] == pair[::-1]
        width = 2 if swapped else 1
        if first[at : at + width] != second[at : at + width]:
            found.append(
                Difference(
                    kind="swapped" if swapped else "other",
                    first_at=at,
                    second_at=at,
                    first=first[at : at + width],
                    second=second[at : at + width],
                )
            )
        at += width
    return tuple(found)
