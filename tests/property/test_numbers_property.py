"""Say a number in words, find it again."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from voicecheck.numbers import digit_runs, find_numbers

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = [".", ".", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

LEADS = ["call me at ", "my number is ", "Hi, it's Ann. Reach me at ", "my cell, ", "It's ", ""]
LINKS = [". Again, that's ", ", that's ", ". That number again is ", ". I'll say that again: ", ". ", ", "]
TRAILS = ["", ".", ". Thanks, bye.", " thank you", ". I'll try you again on Thursday.", ", talk soon"]


@st.composite
def nanp_numbers(draw: st.DrawFn) -> str:
    """Ten digits that North America could dial."""
    first = st.sampled_from("23456789")
    others = draw(st.text(alphabet="0123456789", min_size=8, max_size=8))
    return draw(first) + others[:2] + draw(first) + others[2:]


@st.composite
def said_singly(draw: st.DrawFn, digits: str) -> str:
    """Digits one by one, zeros as people say them, equal neighbours sometimes doubled."""
    parts: list[str] = []
    at = 0
    while at < len(digits):
        width = next((n for n in (3, 2) if digits[at : at + n] == digits[at] * n), 1)
        width = width if width > 1 and draw(st.booleans()) else 1
        word = draw(st.sampled_from(["zero", "oh", "o"])) if digits[at] == "0" else WORDS[int(digits[at])]
        parts.append(" ".join([["", "double", "triple"][width - 1], word]).strip())
        at += width
    return draw(st.sampled_from([" ", ", "])).join(parts)


def said_as_pairs(digits: str) -> str:
    """Four digits as two numbers below a hundred: "twelve thirty four"."""
    pairs = (int(digits[:2]), int(digits[2:]))
    return " ".join(
        TEENS[n - 10] if n < 20 else TENS[n // 10] + (f" {WORDS[n % 10]}" if n % 10 else "") for n in pairs
    )


@st.composite
def said_groups(draw: st.DrawFn, digits: str) -> str:
    """A group of a number in one of its spoken or written forms."""
    forms = ["singly", "singly", "written"]
    if len(digits) == 4 and digits[0] != "0" and digits[2] != "0":
        forms.append("pairs")
    if len(digits) == 3 and digits.endswith("00"):
        forms.append("hundred")
    if len(digits) == 4 and digits.endswith("000"):
        forms.append("thousand")
    form = draw(st.sampled_from(forms))
    if form == "written":
        return digits
    if form == "pairs":
        return said_as_pairs(digits)
    if form in ("hundred", "thousand"):
        return f"{WORDS[int(digits[0])]} {form}"
    return draw(said_singly(digits))


@st.composite
def sayings(draw: st.DrawFn, number: str) -> str:
    """A whole number as said or written."""
    widths = draw(st.sampled_from([(3, 3, 4), (3, 3, 2, 2), (3, 7), (6, 4), (10,)]))
    groups, at = [], 0
    for width in widths:
        groups.append(draw(said_groups(number[at : at + width])))
        at += width
    joints = st.sampled_from([" ", " ", ", ", "... ", ", um, ", " dash "])
    said = groups[0]
    for before, group in pairwise(groups):
        tens = before.split()[-1] in TENS
        said += (", " if tens else draw(joints)) + group
    return said


@given(st.data(), nanp_numbers(), st.sampled_from(LEADS), st.sampled_from(TRAILS))
@settings(max_examples=100, deadline=None)
def test_a_number_said_once_is_found_exactly(data: st.DataObject, number: str, lead: str, trail: str) -> None:
    """Whatever the grouping and the words, the digits come back in order, each from its place."""
    text = lead + data.draw(sayings(number)) + trail
    found = find_numbers(text)
    assert [one.digits for one in found] == [number]
    assert len(found[0].digit_spans) == 10
    assert (found[0].start, found[0].end) == (found[0].digit_spans[0][0], found[0].digit_spans[-1][1])


@given(st.data(), nanp_numbers(), st.sampled_from(LEADS), st.sampled_from(LINKS), st.sampled_from(TRAILS))
@settings(max_examples=100, deadline=None)
def test_a_number_said_twice_is_found_twice(
    data: st.DataObject, number: str, lead: str, link: str, trail: str
) -> None:
    """With or without words between, both recitations are found."""
    text = lead + data.draw(sayings(number)) + link + data.draw(sayings(number)) + trail
    assert [one.digits for one in find_numbers(text)] == [number, number]


@given(st.text(max_size=200), st.sampled_from(["US", "CA", "GB", "IN", "DE", ""]))
@settings(deadline=None)
def test_no_text_is_refused(text: str, region: str) -> None:
    """Any text at all gives a list whose places lie inside it."""
    for number in find_numbers(text, region):
        assert 0 <= number.start < number.end <= len(text)


OTHERS = (
    "oh double triple hundred thousand and plus extension to no sorry for area code um call flowers A "
    "million am order number again is 555 0198 4165550198 1-800 , . - ( ) # $ x / :"
)
VOCABULARY = st.sampled_from([*WORDS, *TEENS, *TENS[2:], *OTHERS.split(" ")])


@given(st.lists(VOCABULARY, max_size=60).map(" ".join), st.sampled_from(["US", "GB"]))
@settings(deadline=None)
def test_number_words_in_any_order_are_read_in_order(text: str, region: str) -> None:
    """Runs never overlap, and every digit has its place."""
    end = 0
    for run in digit_runs(text):
        assert run.start >= end
        assert len(run.digits) == len(run.digit_spans)
        end = run.end
    for number in find_numbers(text, region):
        assert len(number.digits.lstrip("+")) == len(number.digit_spans)
