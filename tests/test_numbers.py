"""The finder's contract: places, extensions, validity, pieces, errors."""

from __future__ import annotations

import subprocess
import sys

import pytest

from voicecheck.errors import ParameterError
from voicecheck.numbers import digit_runs, find_in_words, find_numbers
from voicecheck.numbers.plan import Grade, comparable_digits, display, grade, parse_expected
from voicecheck.speech.transcript import Word


def pieces(*texts: str) -> list[Word]:
    """Words as an engine writes them; their times do not matter here."""
    return [Word(text=text, onset_s=0.0, offset_s=0.0, probability=1.0) for text in texts]


def test_every_written_digit_has_its_own_place():
    """Marks between them have none."""
    text = "Call 416-555-0198."
    (number,) = find_numbers(text)
    assert [text[start:end] for start, end in number.digit_spans] == list("4165550198")
    assert text[number.start : number.end] == "416-555-0198"


def test_digits_of_one_phrase_share_its_place():
    """Triple five is three digits and one place; so are two digits of forty-six."""
    text = "call four one six, triple five, forty-six oh one"
    (number,) = find_numbers(text)
    assert number.digits == "4165554601"
    assert [text[start:end] for start, end in number.digit_spans[3:8]] == ["triple five"] * 3 + [
        "forty-six"
    ] * 2


def test_the_plus_belongs_to_the_number_but_has_no_digit_place():
    """A number starts at its plus, said or written."""
    text = "ring plus forty four, seven seven double oh, nine hundred, one two three"
    (number,) = find_numbers(text, "GB")
    assert number.digits == "+447700900123"
    assert text[number.start : number.end] == text.removeprefix("ring ")
    assert len(number.digit_spans) == 12


def test_a_plus_is_never_made_up():
    """A country code without a plus stays without."""
    assert [number.digits for number in find_numbers("It's 1-416-555-0198.")] == ["14165550198"]


def test_the_extension_is_kept_apart():
    """Its digits and its place are not the number's."""
    text = "416-555-0198, extension two oh five."
    (number,) = find_numbers(text)
    assert (number.digits, number.extension) == ("4165550198", "205")
    assert text[number.start : number.end] == "416-555-0198"


def test_letters_are_read_on_the_keypad():
    """One place per letter."""
    text = "Call 1-800-FLOWERS."
    (number,) = find_numbers(text)
    assert number.digits == "18003569377"
    assert "".join(text[start:end] for start, end in number.digit_spans) == "1800FLOWERS"


@pytest.mark.parametrize(
    ("digits", "region", "valid"),
    [("416-967-1111", "CA", True), ("01632 960501", "GB", False), ("020 7219 3000", "GB", True)],
)
def test_valid_says_what_phonenumbers_holds(digits: str, region: str, valid: bool):
    """Fictional numbers are found all the same."""
    (number,) = find_numbers(f"call me on {digits}", region)
    assert number.valid is valid


def test_pieces_are_joined_as_they_are():
    """An engine cuts "416-555-0198." into three words, and places count from the first."""
    words = pieces(" Call", " 416", "-555", "-0198.")
    (number,) = find_in_words(words)
    assert number.digits == "4165550198"
    assert "".join(word.text for word in words)[number.start : number.end] == "416-555-0198"


def test_no_words_hold_no_number():
    """Nothing in, nothing out."""
    assert find_in_words([]) == []
    assert find_numbers("") == []
    assert digit_runs("") == []


def test_digit_runs_come_before_any_judgement():
    """Prices and partial repeats are there as well, each with its place."""
    text = "For $95, call 416-555-0198; again, that's oh one nine eight."
    runs = digit_runs(text)
    assert [run.digits for run in runs] == ["95", "4165550198", "0198"]
    assert text[runs[2].start : runs[2].end] == "oh one nine eight"


def test_near_numbers_are_reported_as_they_were_said():
    """A digit too few or too many is shown where the caller says that it is a phone number."""
    assert [number.digits for number in find_numbers("my number is 416-555-019")] == ["416555019"]
    assert [number.digits for number in find_numbers("my number is 416-555-01988")] == ["41655501988"]
    assert find_numbers("we sold 416 555 019 of them") == []


def test_two_recitations_that_differ_are_both_shown():
    """Nothing is copied from one to the other."""
    text = "Call 416-555-0198, again that's 416-555-0189."
    assert [number.digits for number in find_numbers(text)] == ["4165550198", "4165550189"]


def test_an_unknown_region_is_refused():
    """The message names it and says what is wanted."""
    with pytest.raises(ParameterError, match="unknown region 'XX'; use a two-letter code"):
        find_numbers("call 020 7946 0958", "XX")


@pytest.mark.parametrize("region", ["gb", "UK", "uk", " GB "])
def test_a_region_is_taken_as_people_write_it(region: str):
    """In any case, and the United Kingdom by either name."""
    assert [number.digits for number in find_numbers("020 7946 0958", region)] == ["02079460958"]


def test_every_function_takes_a_region_as_people_write_it():
    """ "us" is "US" wherever digits are shown, graded or compared."""
    assert display("4165550198", region="us") == "416-555-0198"
    assert display("02079460958", region="uk") == "020 7946 0958"
    assert grade("4165550198", "us") is grade("4165550198", "US") is Grade.FULL
    assert comparable_digits("02079460958", region="uk") == "2079460958"


@pytest.mark.parametrize(
    ("digits", "region", "shape"),
    [
        ("02079460958", "GB", "FULL"),
        ("2079460958", "GB", "FULL"),  # without the trunk zero
        ("79460958", "GB", "NEAR"),  # without London's area code
        ("234567", "GB", "NEAR"),
        ("23456", "GB", "NONE"),
        ("034567", "GB", "NONE"),
        ("134567", "GB", "NONE"),  # no subscriber's number begins with 0 or 1
        ("912345678", "ES", "FULL"),  # nine digits, with nothing before them
        ("40612345", "NO", "LOCAL"),  # eight are all that Norway has, and as few as a number without its code
        ("1632960501", "GB", "LOOSE"),
        ("01632960501", "GB", "LOOSE"),
        ("163296050", "GB", "NEAR"),
        ("12345678", "GB", "NONE"),
        ("234567890123456", "GB", "NONE"),
        ("+9991234567", "US", "NEAR"),
        ("+99912345", "US", "NEAR"),
        ("+9991234", "US", "NONE"),
        ("+999123456789012", "US", "NEAR"),
        ("+9991234567890123", "US", "NONE"),
        ("416555019", "US", "NEAR"),
        ("41655501", "US", "NONE"),
        ("0555123", "US", "NEAR"),
        ("4165550198123", "US", "NONE"),
        ("+442079460958", "US", "FULL"),
        ("011442079460958", "US", "FULL"),
    ],
)
def test_digits_are_graded_by_the_shapes_of_their_country(digits: str, region: str, shape: str):
    """By length and first digit; what lacks an area code or a digit is near."""
    assert grade(digits, region).name == shape


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("416-555-0198", "4165550198"),
        ("416\u2011555\u20110198", "4165550198"),
        ("\u202a(416) 555-0198\u202c", "4165550198"),
        ("416\u00a0555\u00a00198", "4165550198"),
        ("4165550198.0", "4165550198"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+14165550198", "+14165550198"),
        ("4165550198,0", "4165550198"),
        ("4,165,550,198", "4165550198"),
        ("4.165.550.198,00", "4165550198"),
        ("4,165,550,198.00", "4165550198"),
        ("'4165550198", "4165550198"),
        ('="4165550198"', "4165550198"),
        ('="416-555-0198"', "4165550198"),
        ("=4165550198", "4165550198"),
        ("tel:+1-416-555-0198", "+14165550198"),
        ("Tel: (416) 555-0198", "4165550198"),
        ("416.555.0198", "4165550198"),
        ("1.416.555.0198", "14165550198"),
    ],
)
def test_a_typed_number_is_read_with_the_marks_that_people_paste(typed: str, digits: str):
    """Hyphens that do not break, marks of writing direction, and a spreadsheet's ".0" are no digits."""
    assert parse_expected(typed) == digits


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "416-555\n0198", "416-555-0198\n", "416-555\u20280198", "4165550198.5", "4165550198,5"),
        *("4,165,550,198.5", "416,555,0198", "4,165,550198", "tel:", '="', "='416-555-0198"),
    ],
)
def test_what_is_no_number_on_one_line_is_refused(typed: str):
    """Two lines are two numbers, and nothing is none."""
    with pytest.raises(ParameterError, match="is not a phone number"):
        parse_expected(typed)


@pytest.mark.parametrize("typed", ["4.16E+09", "4,16E+9", "4.165550198e9"])
def test_a_number_that_a_spreadsheet_rounded_is_refused(typed: str):
    """Its last digits are gone, and no one can know them."""
    with pytest.raises(ParameterError, match="lost its last digits in a spreadsheet"):
        parse_expected(typed)


def test_importing_the_finder_leaves_the_metadata_alone():
    """The first search loads `phonenumbers`, not the import."""
    code = "import sys, voicecheck.numbers; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("unit", ["one ", "oh ", "no sorry 416 ", "double ", "one hundred and ", "( 0 ) + "])
def test_endless_input_is_read(unit: str):
    """Three thousand words of one kind neither crash nor hold a number."""
    assert find_numbers(unit * 3_000) == []


@pytest.mark.parametrize(
    "text", ["555-0198, area code 416", "415, that's the area code, 555-0136", "area code 416, it's 555-0198"]
)
def test_an_area_code_may_stand_on_either_side(text: str):
    """Digits come in the order of dialling, each with its own place."""
    (number,) = find_numbers(text)
    assert number.digits in ("4165550198", "4155550136")
    assert "".join(text[start:end] for start, end in number.digit_spans) == number.digits
    assert (number.start, number.end) == (
        min(start for start, _ in number.digit_spans),
        max(end for _, end in number.digit_spans),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call 1-800-FLOWERS.", ["FLOWERS"]),
        ("Call 415-555-Talk.", ["Talk"]),
        ("Call 1-877-KARS-4-KIDS", ["KARS", "KIDS"]),
        ("Call 416-555-0198.", []),
    ],
)
def test_words_that_are_dialled_are_told_apart_from_digits(text: str, words: list[str]):
    """A word is seven digits to dial, and one word to say."""
    (number,) = find_numbers(text)
    assert [text[start:end] for start, end in number.lettered] == words


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("My office is 212-555-0177 and my cell is 646-555-0123.", ["office", "cell"]),
        ("Fax 212-555-0177, phone 646-555-0123", ["fax", "phone"]),
        ("My cell phone is 646-555-0123.", ["cell"]),
        (
            "212-555-0177 is my office. Again, 212-555-0177. My mobile is 646-555-0123",
            ["office", "office", "cell"],
        ),
        ("Call 212-555-0177.", [None]),
        ("This is about your cell. Call 212-555-0177.", [None]),
        ("My cell is 646-555-0123, or 212-555-0177", ["cell", None]),
        ("My cell" + " and so" * 5 + " is 212-555-0177", ["cell"]),
        ("My cell" + " and so" * 7 + " is 212-555-0177", [None]),
        ("Call 212-555-0177, for my office", ["office"]),
        ("Call 212-555-0177 a", [None]),
    ],
)
def test_a_number_has_the_label_that_its_words_give_it(text: str, labels: list[str | None]):
    """A saying without words of its own is of the line that has the same digits."""
    for lead in ("", "We saw zebras. "):
        assert [number.label for number in find_numbers(lead + text)] == labels


@pytest.mark.parametrize(
    "lead", ["Hi, this is Bill", "Blue Harbor Insurance", "three times", "It's Justin Case"]
)
def test_a_well_formed_number_outweighs_a_noun(lead: str):
    """What stands before is evidence, and no veto."""
    assert [number.digits for number in find_numbers(f"{lead} 212-555-0177")] == ["2125550177"]
    assert find_numbers("Your invoice number is 212-555-0177") == []


def test_what_weighs_nothing_is_no_number():
    """No digits, too few, and more than anyone says: the reading without a number scores 0."""
    assert find_numbers("one two three") == []
    assert find_numbers("7 " * 80) == []


def test_a_word_that_is_dialled_is_said_as_one_word():
    """1-800-FLOWERS: four digits and one word."""
    text = "Call 1-800-FLOWERS."
    (number,) = find_numbers(text)
    assert [text[start:end] for start, end in number.spoken_spans] == ["1", "8", "0", "0", "FLOWERS"]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Call 1 800 FLOWERS Now", "18003569377"),
        ("call 1-800 flowers", "18003569377"),
        ("1-800-FLOW-ERS", "18003569377"),
        ("Call 1 800 FLOWERSX Now", "18003569377"),  # signs beyond the seventh are not dialled
        ("Dial 1-888-Mattress", "18886288737"),
        ("1-800-FLOWERSSSSSSS", ""),
        ("1-800-4-FLOWER", "18004356937"),
        ("1-800-GO-FEDEX now please", "18004633339"),
        ("Call 1 800 BIG WOLF Now", "18002449653"),
        ("Call 1 800 BIG WOLFS Now", ""),
        ("call 416-555-CALL", "4165552255"),
        ("call 416-GET-FOOD", "4164383663"),
        ("call 416 GET FOOD", ""),
        ("we sent 416-555-items", ""),
        ("call 1-800-FLOW3RS", ""),
        ("1-800-and-flowers", ""),
        ("we have 1,800 flowers", ""),
        ("please dial 1,800 FLOWERS", ""),  # a quantity, however it is led up to
        ("we sold 1 800 flowers", ""),
        ("eighteen hundred flowers", ""),
    ],
)
def test_letters_are_dialled_by_the_keypad_where_they_fill_a_number(text: str, digits: str):
    """2 ABC, 3 DEF, 4 GHI, 5 JKL, 6 MNO, 7 PQRS, 8 TUV, 9 WXYZ."""
    for lead in ("", "We saw zebras. "):
        assert [number.digits for number in find_numbers(lead + text)] == [digits][: bool(digits)]
