"""Which recitations are the same number, and where two of them differ.

Metrics
-------
repeats       how many recitations say (or mean to say) the same number
differences   where two strings of digits part: another digit, two neighbours swapped, one missing or extra
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecheck.recitations import Recitation, same_number


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


def comparable_digits(digits: str, *, region: str = "US") -> str:
    """Strip what two sayings of one number may differ in: the country code, the trunk prefix.

    >>> comparable_digits("+14165550198"), comparable_digits("02079460018", region="GB")
    ('4165550198', '2079460018')
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return digits.lstrip("+")
    return phonenumbers.national_significant_number(parsed)


def grouped_by_number(
    recitations: Sequence[Recitation], *, region: str = "US"
) -> tuple[tuple[Recitation, ...], ...]:
    """Group full recitations by the number that they mean to say, in the order of first mention.

    Parameters
    ----------
    recitations : sequence of Recitation
        Partial ones are passed over.
    region : str
        ISO 3166 code.
    """
    groups: list[list[Recitation]] = []
    for recitation in recitations:
        if not recitation.full:
            continue
        digits = comparable_digits(recitation.digits, region=region)
        for group in groups:
            if same_number(comparable_digits(group[0].digits, region=region), digits):
                group.append(recitation)
                break
        else:
            groups.append([recitation])
    return tuple(tuple(group) for group in groups)
