"""Digits as a person writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import IntEnum
from functools import lru_cache

from voicecheck.errors import ParameterError

NANP_REGIONS = frozenset({"US", "CA"})

_REGIONS_PEOPLE_WRITE = {"UK": "GB", "USA": "US"}
"""What people write for a region, and its ISO 3166-1 code."""


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
    >>> display("416555"), display("416550198")
    ('416-555', '416-550-198')
    >>> display("02079460018", region="GB"), display("+442079460018", region="GB")
    ('020 7946 0018', '+44 20 7946 0018')

    Returns
    -------
    str
        Such as "416-555-0198"; as they are where no plan knows them.
    """
    region = check_region(region)
    if region in NANP_REGIONS and not digits.startswith("+"):
        if len(digits) in (7, 10, 11):
            groups = [digits[:-10], digits[-10:-7], digits[-7:-4], digits[-4:]]
        else:  # a piece of a number, or more than one: as it starts
            groups = [digits[:3], digits[3:6], digits[6:]]
        return "-".join(group for group in groups if group)
    import phonenumbers

    formatter = phonenumbers.AsYouTypeFormatter(region)
    shown = ""
    for digit in digits:
        shown = formatter.input_digit(digit)
    same_digits = [letter for letter in shown if letter.isdigit()] == list(digits.lstrip("+"))
    return shown if same_digits else digits


def display_without(digits: str, places: Collection[int], *, region: str = "US") -> str:
    """Group a number's digits for the eye, with a question mark for those at `places`.

    Parameters
    ----------
    digits : str
        As dialled.
    places : Collection[int]
        Of digits, from 0.
    region : str
        ISO 3166 code.

    Returns
    -------
    str
        As long as `display` would write it.

    Examples
    --------
    >>> display_without("4165550198", {3})
    '416-?55-0198'
    """
    shown, place = "", 0
    for letter in display(digits, region=region):
        shown += "?" if letter.isdigit() and place in places else letter
        place += letter.isdigit()
    return shown


_NANP_FULL = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")


_NANP_LOOSE = re.compile(r"\d{10}|1[2-9]\d{9}")


_NANP_LOCAL = re.compile(r"[2-9]\d{6}")


_WITH_EXIT_CODE = re.compile(r"(?:011|00)([1-9]\d{7,14})")
"""Dialled to another country: from North America with 011, from most of the world with 00."""


_NEAR_LENGTHS = frozenset({9, 10, 11, 12})


class Grade(IntEnum):
    """How much a string of digits looks like a telephone number of the region.

    NEAR is one digit off, or of a shape that only the words around it can make a number; LOCAL lacks
    the area code; LOOSE has the right length but impossible leading digits; FULL is a whole number.
    """

    NONE = 0
    NEAR = 1
    LOCAL = 2
    LOOSE = 3
    FULL = 4


@lru_cache(maxsize=256)
def check_region(region: str) -> str:
    """Give the ISO 3166-1 code that `region` means: in any case, and "UK" for GB.

    Parameters
    ----------
    region : str
        Empty for no region.

    Raises
    ------
    ParameterError
        If it is no region that `phonenumbers` knows.

    Examples
    --------
    >>> check_region("us"), check_region("UK")
    ('US', 'GB')
    """
    known = region.strip().upper()
    known = _REGIONS_PEOPLE_WRITE.get(known, known)
    if not known or known in NANP_REGIONS:
        return known
    import phonenumbers

    if known not in phonenumbers.SUPPORTED_REGIONS:
        raise ParameterError(f"unknown region {region!r}; use a two-letter code such as US, CA or GB")
    return known


@lru_cache(maxsize=4096)
def grade(digits: str, region: str) -> Grade:
    """Grade dialled digits, a leading "+" included, by the shapes that `region` dials.

    North American numbers are graded by structure alone, so that fictional 555 numbers count.

    >>> [grade(digits, "US").name for digits in ("4165550198", "5551234567", "5550198", "416555019")]
    ['FULL', 'LOOSE', 'LOCAL', 'NEAR']
    """
    if digits.startswith("+"):
        return _grade_international(digits)
    region = check_region(region)
    abroad = _WITH_EXIT_CODE.fullmatch(digits)
    if abroad and _is_possible("+" + abroad[1], ""):
        return Grade.FULL
    shape = _grade_nanp(digits) if is_nanp(region) else _grade_national(digits, region)
    if shape is Grade.NONE and is_valid("+" + digits, region):
        return Grade.NEAR
    return shape


@lru_cache(maxsize=4096)
def is_valid(digits: str, region: str) -> bool:
    """Whether `phonenumbers` holds the number for assigned, dialled from `region`."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region or None))
    except phonenumbers.NumberParseException:
        return False


def _is_possible(digits: str, region: str) -> bool:
    """Whether the length is one that some number has, area code and all."""
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, region or None)
    except phonenumbers.NumberParseException:
        return False
    reason = phonenumbers.is_possible_number_with_reason(number)
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE


@lru_cache(maxsize=256)
def is_nanp(region: str) -> bool:
    """Whether the region dials as North America does; no region at all is taken so."""
    import phonenumbers

    return not region or phonenumbers.country_code_for_region(region) == 1


def begins_with_trunk(digits: str, region: str) -> bool | None:
    """Whether a number begins as those dialled within its country do: 020 7946 0018 in Britain.

    Parameters
    ----------
    digits : str
        As dialled.
    region : str
        ISO 3166 code.

    Returns
    -------
    bool or None
        None where numbers have no such prefix, or none that one says: in North America.

    Examples
    --------
    >>> begins_with_trunk("02079460018", "GB"), begins_with_trunk("2079460018", "GB")
    (True, False)
    """
    trunk = "" if is_nanp(region) else _trunk_prefix(region)
    return digits.startswith(trunk) if trunk else None


@lru_cache(maxsize=256)
def _trunk_prefix(region: str) -> str:
    import phonenumbers

    return phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""


def _grade_international(digits: str) -> Grade:
    if _is_possible(digits, ""):
        return Grade.FULL
    return Grade.NEAR if 8 <= len(digits) - 1 <= 15 else Grade.NONE


def _grade_nanp(digits: str) -> Grade:
    if _NANP_FULL.fullmatch(digits):
        return Grade.FULL
    if _NANP_LOOSE.fullmatch(digits):
        return Grade.LOOSE
    if _NANP_LOCAL.fullmatch(digits):
        return Grade.LOCAL
    return Grade.NEAR if len(digits) == 7 or len(digits) in _NEAR_LENGTHS else Grade.NONE


def _grade_national(digits: str, region: str) -> Grade:
    trunk = _trunk_prefix(region)
    has_trunk = bool(trunk) and digits.startswith(trunk) and len(digits) >= 9
    if is_valid(digits, region):
        return Grade.FULL if has_trunk or len(digits) >= 9 else Grade.LOCAL
    if _is_possible(digits, region):
        return Grade.LOOSE if has_trunk or len(digits) >= 10 else Grade.NEAR
    is_local = 6 <= len(digits) <= 8 and digits[0] not in "01"
    return Grade.NEAR if is_local or len(digits) in _NEAR_LENGTHS else Grade.NONE


_QUANTITY = re.compile(
    r"(?P<whole>\+?[0-9]{7,15}|[0-9]{1,3}(?P<mark>[,.])[0-9]{3}(?:(?P=mark)[0-9]{3})+)"
    r"(?:(?!(?P=mark))[,.](?P<decimals>[0-9]+))?"
)
"""What a spreadsheet makes of a number: thousands parted by commas or points, decimals behind the other."""

_KEPT_AS_TEXT = re.compile(r"\A(?:tel:(?://)?|['=])? *(\"?)(.*)\1\Z", re.DOTALL | re.IGNORECASE)
"""What keeps a spreadsheet from that, and what makes a number a link."""

_SCIENTIFIC = re.compile(r"[0-9.,]+[Ee]\+?[0-9]+")

_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def parse_expected(text: str) -> str:
    """Read a phone number that a user typed, or a spreadsheet kept.

    Parameters
    ----------
    text : str
        Digits with the usual marks between them, on one line. A number that a spreadsheet took for a
        quantity ("4165550198.0") is read as the number that it was, and one that was kept from that
        ("'4165550198"), or is a link ("tel:+14165550198"), as what it shows.

    Returns
    -------
    str
        Its digits, a leading ``+`` kept.

    Raises
    ------
    ParameterError
        If it does not hold 7 to 15 digits, or holds anything that is not part of a number.

    Examples
    --------
    >>> parse_expected("(416) 555-0198"), parse_expected("4165550198.0")
    ('4165550198', '4165550198')
    """
    # Text pasted from a web page holds marks that nobody sees: U+202A, U+200B and their like.
    plain = "".join(_plain(char) for char in text if unicodedata.category(char) != "Cf").strip(" ")
    plain = _KEPT_AS_TEXT.sub(r"\2", plain).strip(" ")
    if _SCIENTIFIC.fullmatch(plain):
        raise ParameterError(
            f"{text!r} lost its last digits in a spreadsheet: write the whole number, as text"
        )
    quantity = _QUANTITY.fullmatch(plain)
    part_of_one = quantity is not None and (quantity["decimals"] or "").strip("0")
    if quantity:
        plain = quantity["whole"].replace(",", "")
    digits = re.sub(r"[\s().\-/]", "", re.sub(r"^(\+\d+ ?)\(0\)", r"\1", plain))
    if part_of_one or _LINE_BREAKS.search(plain) or not re.fullmatch(r"\+?[0-9]{7,15}", digits):
        raise ParameterError(f"{text!r} is not a phone number: give 7 to 15 digits, such as 416-555-0198")
    return digits


def _plain(char: str) -> str:
    """Write any hyphen or dash as "-", and any decimal digit in ASCII."""
    if unicodedata.category(char) == "Pd" or char == "\u2212":
        return "-"
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def comparable_digits(digits: str, *, region: str = "US") -> str:
    """Strip what two sayings of one number may differ in: exit code, country code, trunk prefix.

    Parameters
    ----------
    digits : str
        As dialled, a leading ``+`` included.
    region : str
        ISO 3166 code of the region it is dialled in.

    Returns
    -------
    str
        The national number.

    Examples
    --------
    >>> comparable_digits("+14165550198"), comparable_digits("02079460018", region="GB")
    ('4165550198', '2079460018')
    >>> comparable_digits("0014165550198"), comparable_digits("01114165550198")
    ('4165550198', '4165550198')
    """
    import phonenumbers

    region = check_region(region)
    abroad = _WITH_EXIT_CODE.fullmatch(digits)
    if abroad and _is_possible("+" + abroad[1], ""):
        digits = "+" + abroad[1]
    try:
        parsed = phonenumbers.parse(digits, region or None)
    except phonenumbers.NumberParseException:
        return digits.lstrip("+")
    return phonenumbers.national_significant_number(parsed)


def written_numbers(text: str, region: str) -> tuple[str, ...]:
    """Find the numbers in a text that a phone would make tappable.

    Parameters
    ----------
    text : str
        As printed; numbers in words are none.
    region : str
        ISO 3166 code of the country that the phone is used in.

    Returns
    -------
    tuple of str
        Digits as written, a leading ``+`` kept, in the order of the text.

    Examples
    --------
    >>> written_numbers("Call 416-555-0198, or four one six, by 5:30.", "US")
    ('4165550198',)
    """
    import phonenumbers

    matches = phonenumbers.PhoneNumberMatcher(text, region or None, leniency=phonenumbers.Leniency.POSSIBLE)
    return tuple(re.sub(r"[^0-9+]", "", match.raw_string) for match in matches)
