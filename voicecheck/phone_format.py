"""Digits as a person writes them."""

from __future__ import annotations

from collections.abc import Collection

NANP_REGIONS = frozenset({"US", "CA"})


def display(digits: str, *, region: str = "US") -> str:
    """Group the digits of a number for the eye; no digit is added or dropped.

    Parameters
    ----------
    digits : str
        As dialled; a leading ``+`` is kept.
    region : str
        ISO 3166 code of the country whose habits apply.

    Examples
    --------
    >>> display("4165550198"), display("14165550198"), display("5550198")
    ('416-555-0198', '1-416-555-0198', '555-0198')
    >>> display("02079460018", region="GB"), display("+442079460018", region="GB")
    ('020 7946 0018', '+44 20 7946 0018')
    """
    if region in NANP_REGIONS and not digits.startswith("+"):
        groups = [digits[-4:], digits[-7:-4], digits[-10:-7], digits[:-10]]
        return "-".join(group for group in reversed(groups) if group)
    import phonenumbers

    formatter = phonenumbers.AsYouTypeFormatter(region)
    shown = ""
    for digit in digits:
        shown = formatter.input_digit(digit)
    same_digits = [letter for letter in shown if letter.isdigit()] == list(digits.lstrip("+"))
    return shown if same_digits else digits


def display_without(digits: str, places: Collection[int], *, region: str = "US") -> str:
    """Group a number's digits for the eye, with a question mark for those at `places`.

    >>> display_without("4165550198", {3})
    '416-?55-0198'
    """
    shown, place = "", 0
    for letter in display(digits, region=region):
        shown += "?" if letter.isdigit() and place in places else letter
        place += letter.isdigit()
    return shown
