"""The small rules of the finder, each on words of its own: what a phrase is worth, what stands around it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voicecheck.numbers.atoms import is_glued, link_width, read_atom
from voicecheck.numbers.compare import differences, distance, may_be_part, same_number
from voicecheck.numbers.corrections import is_correction
from voicecheck.numbers.cues import (
    cues_after,
    cues_before,
    extension_word,
    first_digits_cue,
    is_extension_link,
    last_digits_cue,
    line_label,
    word_before,
)
from voicecheck.numbers.evidence import Surroundings
from voicecheck.numbers.find import digit_runs, find_numbers, surrounded
from voicecheck.numbers.letters import with_letters
from voicecheck.numbers.render import words_for, written_words
from voicecheck.numbers.runs import Run, read_runs
from voicecheck.numbers.split import arcs_of, split
from voicecheck.numbers.stretches import Stretch
from voicecheck.numbers.tokens import Token, tokenize
from voicecheck.speech.transcript import TimedDigit, Word


def led(text: str) -> list[tuple[int, list[Token]]]:
    """The tokens of a text, alone and behind three of another sentence, with the place of its first one."""
    return [(0, tokenize(text)), (3, tokenize(f"zebra zebra . {text}"))]


@pytest.mark.parametrize(
    ("text", "digits", "last"),
    [
        ("five", "5", 0),
        ("forty six", "46", 1),
        ("forty-six", "46", 2),
        ("forty", "40", 0),
        ("fifteen", "15", 0),
        ("double five", "55", 1),
        ("triple oh", "000", 1),
        ("double 56", "556", 1),
        ("nine hundred", "900", 1),
        ("nine hundred now", "900", 1),
        ("five hundred and twelve", "512", 3),
        ("five hundred twelve", "500", 1),
        ("seven thousand", "7000", 1),
        ("0198", "0198", 0),
        ("forty-", "40", 0),
        ("forty -six", "40", 0),
        ("forty- six", "40", 0),
        ("nine hundred-", "900", 1),
        ("nine-hundred", "900", 2),
        ("double-five", "55", 2),
        ("double fives", "55", 1),
        ("five hundred and forty-six now", "546", 5),
        ("9 hundred", "900", 1),
        ("12 hundred", "1200", 1),
        ("123 hundred", "123", 0),
        ("12 thousand", "12000", 1),
        ("two ones", "11", 1),
        ("four fives", "5555", 1),
        ("five fives", "5", 0),
    ],
)
def test_a_phrase_is_worth_its_digits_up_to_its_last_word(text: str, digits: str, last: int) -> None:
    for start, tokens in led(text):
        atom = read_atom(tokens, start)
        assert atom is not None
        assert (atom.digits, atom.first, atom.last) == (digits, start, start + last)


def test_each_digit_of_a_phrase_has_its_place_in_the_text() -> None:
    """Digits of one phrase share its place; figures have one each."""
    atom = read_atom(tokenize("a double 07"), 1)
    assert atom is not None
    assert (atom.digits, atom.spans) == ("007", ((2, 10), (2, 10), (10, 11)))
    atom = read_atom(tokenize("a 416"), 1)
    assert atom is not None
    assert atom.spans == ((2, 3), (3, 4), (4, 5))


@pytest.mark.parametrize("text", ["hello", "and", "hundred", "thousand", "double", "double trouble", "-"])
def test_what_is_no_phrase_of_digits_is_none(text: str) -> None:
    for start, tokens in led(text):
        assert read_atom(tokens, start) is None


@pytest.mark.parametrize(
    ("text", "is_quantity"),
    [
        ("seven thousand", False),
        ("seven thousand five", True),
        ("seven thousand and five", True),
        ("seven thousand then five", False),
        ("seven thousand and then", False),
        ("nine hundred", False),
        ("nine hundred thousand", True),
        ("nine hundred million", True),
        ("nine million", True),
    ],
)
def test_a_number_that_goes_on_is_a_quantity(text: str, is_quantity: bool) -> None:
    for start, tokens in led(text):
        atom = read_atom(tokens, start)
        assert atom is not None
        assert atom.quantity is is_quantity


@pytest.mark.parametrize(
    ("text", "at", "glued"),
    [("86221d", 0, True), ("P0", 1, True), ("2nd", 0, True), ("5 pm", 0, False), ("at 5", 1, False)],
)
def test_a_numeral_within_a_code_is_glued(text: str, at: int, glued: bool) -> None:
    for start, tokens in led(text):
        assert is_glued(tokens, start + at) is glued


@pytest.mark.parametrize(
    ("text", "last", "cue"),
    [
        ("we are open 24/7", 5, "clock"),
        ("we are open 24/7. Call any time", 5, "clock"),
        ("open twenty four seven for all of you", 3, "clock"),
        ("twenty four seven", 2, "clock"),
        ("at 24 8", 2, ""),
        ("the last 4 in the afternoon", 2, "unit"),
        ("at 5 a m", 1, "unit"),
        ("at 5 p . m", 1, "unit"),
        ("at 5 p . x", 1, ""),
        ("5 hours", 0, "unit"),
        ("5 items", 0, "unit"),
        ("5 zebras", 0, ""),
        ("5 in the", 0, "unit"),
        ("5 in a", 0, ""),
        ("5 on the", 0, ""),
        ("at 5 p.m.", 1, "unit"),
        ("at 5 a few", 1, ""),
        ("at 5", 1, ""),
        ("my number 5 is", 2, ""),
    ],
)
def test_the_words_behind_make_a_time_of_digits(text: str, last: int, cue: str) -> None:
    for start, tokens in led(text):
        assert last_digits_cue(tokens, start + last) == cue


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("call suite 200", 2, "suite"),
        ("suite, 200", 2, "suite"),
        ("suite ( - 200", 3, "suite"),
        ("suite ( - - 200", 4, ""),
        ("200", 0, ""),
        ("Call 200", 1, "call"),
    ],
)
def test_the_word_before_is_the_nearest_of_three_tokens(text: str, at: int, word: str) -> None:
    assert word_before(tokenize(text), at) == word


def test_a_suite_is_no_number_and_a_name_is_nothing() -> None:
    assert first_digits_cue(tokenize("at suite 200"), 2) != ""
    assert first_digits_cue(tokenize("hello dana 200"), 2) == ""


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("416", ""),
        ("ext 416", "extension"),
        ("until 416", "time"),
        ("invoice 416", "noun"),
        ("number 416", "noun"),
        ("$ 416", "currency"),
        ("eur 416", "currency"),
        ("bank 416", "noun"),
        ("no 416", "noun"),
        ("at 416", "at"),
        ("Boston 416", "name"),
        ("IBM 416", "name"),
        ("so 416", ""),
    ],
)
def test_the_word_right_before_says_what_a_few_digits_are(text: str, cue: str) -> None:
    for _, tokens in led(text):
        assert first_digits_cue(tokens, len(tokens) - 1) == cue


def test_an_extension_follows_at_once_or_behind_linking_words() -> None:
    assert is_extension_link(tokenize(""))
    assert is_extension_link(tokenize(", and"))
    assert not is_extension_link(tokenize("elephants"))
    assert is_extension_link(tokenize("and ask for Bob"))
    assert not is_extension_link(tokenize("and ask for elephants"))
    assert not is_extension_link(tokenize("and Bob"))


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [
        ("4155550136", "4155550136", 0),
        ("4155550136", "4155550163", 1),
        ("4155550136", "4155550137", 1),
        ("4155550136", "415555013", 1),
        ("4155550136", "4155550166", 1),
        ("4155550136", "4155550199", 2),
        ("12", "21", 1),
        ("", "", 0),
    ],
)
def test_slips_are_counted_and_a_swap_of_neighbours_is_one(first: str, second: str, slips: int) -> None:
    assert distance(first, second) == slips
    assert distance(second, first) == slips


def test_equal_strings_do_not_differ() -> None:
    assert differences("4155550136", "4155550136") == ()
    assert len(differences("4155550136", "4155550163")) >= 1


def test_a_number_is_itself_and_its_piece_is_a_part_of_it() -> None:
    assert same_number("4155550136", "4155550136")
    assert same_number("4155550136", "4155550163")
    assert not same_number("4155550136", "6475550199")
    assert may_be_part("5550136", "4155550136")
    assert not may_be_part("9998887", "4155550136")


@pytest.mark.parametrize("text", ["hello", "416"])
def test_what_is_no_link_has_no_width(text: str) -> None:
    assert link_width(tokenize(text), 0) == 0


def test_a_comma_is_a_link_of_one_token() -> None:
    assert link_width(tokenize(", 555"), 0) == 1


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("416-555-0198-7B", True),
        ("416-555-0198 7B", False),
        ("416-555-0198 -7B", False),
        ("416-555-0198- 7B", False),
        ("A4-416-555-0198", True),
        ("A4 416-555-0198", False),
        ("A4- 416-555-0198", False),
        ("so-416-555-0198", False),
    ],
)
def test_digits_that_hang_on_a_code_without_a_space_are_broken(text: str, broken: bool) -> None:
    """They are as likely a part of it."""
    for _, tokens in led(text):
        (run,) = read_runs(tokens)
        assert (run.digits, run.broken) == ("4165550198", broken)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("is my phone", {"phone"}),
        (", which is my cell", {"phone"}),
        ("is also my very own and only phone", {"phone"}),
        ("is also my very own and one and only phone", set()),
        ("is also my very own and the only phone", set()),
        ("is not my phone", set()),
        ("is good. My phone", set()),
        ("is my extension and phone", set()),
        ("my phone", set()),
        ("main street", {"road"}),
        ("", set()),
    ],
)
def test_the_words_behind_say_what_the_digits_are(text: str, cues: set[str]) -> None:
    """Of the seven words behind the verb, up to one that denies it or ends the sentence."""
    for start, tokens in led(text):
        assert cues_after(tokens, start) == cues


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("it is $416", {"currency"}),
        ("on May 416", {"month"}),
        ("it is eur 416", {"currency"}),
        ("our case 416", {"noun_bare"}),
        ("our bank 416", {"name_bare"}),
        ("# 416", {"hash"}),
        ("room # 416", {"hash", "noun_bare"}),
        (", phone , # 416", {"phone"}),
        (", , phone , # 416", {"phone"}),
        ("number # 416", {"number"}),
        ("phone # 416", {"phone"}),
        ("call me at 416", {"at", "phone"}),
        ("B dash 416", {"spelled"}),
        ("AB 416", set()),
        ("A 416", set()),
        ("I 416", set()),
        ("our invoice 416", {"noun_bare"}),
        ("my invoice is 416", {"noun_linked"}),
        ("about your invoice is 416", set()),
        ("invoice, 416", set()),
        ("Justin Case 416", {"name_bare"}),
        ("Case 416", {"noun_bare"}),
        ("Look. Invoice 416", {"noun_bare"}),
        ("the Invoice 416", {"name_bare"}),
        ("ticket number is 416", {"noun_number"}),
        ("ticket number at 416", {"at"}),
        ("we sent ticket number there yesterday 416", {"noun_number_far"}),
        ("ticket number. We sent it. 416", set()),
        ("my number 416", {"number"}),
        ("my number. We are here. 416", {"phone_earlier"}),
        ("my phone. We are here. 416", {"phone_earlier"}),
        ("area code 416", {"number"}),
        ("code 416", {"noun_bare"}),
        ("the tracking went out 416", {"hard_noun"}),
        ("the tracking is at 416", {"at"}),
        ("again 416", {"again"}),
        ("phone twice 416", {"again"}),
        ("extension is 416", {"extension"}),
        ("the phone of my invoice 416", {"noun_bare"}),
        ("call" + " so" * 13 + " 416", {"phone"}),
        ("call" + " so" * 14 + " 416", set()),
        ("call" + " ," * 15 + " 416", {"phone"}),
        ("416", set()),
    ],
)
def test_the_words_before_say_what_the_digits_are(text: str, cues: set[str]) -> None:
    """The nearest of fourteen words decides, if no preposition and no end of a sentence stands between."""
    for _, tokens in led(text):
        assert cues_before(tokens, len(tokens) - 1) == cues


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5" + " ," * 8 + " 5", ["55"]),
        ("5" + " ," * 9 + " 5", ["5", "5"]),
        ("5, oh, sorry", ["5"]),
        ("5, oh sorry", ["5"]),
        ("5, oh. Bye", ["50"]),
        ("5, oh,", ["50"]),
        ("5, oh", ["50"]),
        ("5, oo. Bye", ["500"]),
    ],
)
def test_a_run_goes_on_over_a_few_marks_and_an_exclamation_is_no_zero(text: str, digits: list[str]) -> None:
    """Eight marks or fillers may stand between two digits."""
    for _, tokens in led(text):
        assert [run.digits for run in read_runs(tokens)] == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("area code is, um, 503 and the number is 555-0171", ["503", "5550171"]),
        ("area code, um, 503 and the number is 555-0171", ["5035550171"]),
        ("area code is um 503 and the number is 555-0171", ["5035550171"]),
        ("503 is the area code" + " ," * 7 + " 555-0171", ["5035550171"]),
        ("503 is the area code" + " ," * 8 + " 555-0171", ["503", "5550171"]),
        ("area code 503" + " ," * 11 + " 555-0171", ["5035550171"]),
    ],
)
def test_an_area_code_is_named_by_one_of_five_tokens_before(text: str, digits: list[str]) -> None:
    for _, tokens in led(text):
        assert [said.run.digits for said, _ in surrounded(tokens, "US")] == digits


def test_of_each_other_run_it_is_known_whether_words_name_it_as_something_else() -> None:
    tokens = tokenize("My order number is 5035550171. Call me at 971-555-0128.")
    (_, of_order), (_, of_phone) = surrounded(tokens, "US")
    assert of_order.others == (("9715550128", False),)
    assert of_phone.others == (("5035550171", True),)


def test_where_no_digit_is_left_nothing_is_written() -> None:
    assert written_words(Stretch(first_word=0, last_word=0, runs=(), heard=()), [], []) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5" + " ," * 6 + " you know 5", ["55"]),
        ("5" + " ," * 7 + " you know 5", ["5", "5"]),
        ("5" + " ," * 5 + " let me see 5", ["55"]),
        ("5" + " ," * 6 + " let me see 5", ["5", "5"]),
        ("5 house 5" + " ," * 8 + " 5", ["5", "55"]),
        ("1 area code 416 555 0198", ["14165550198"]),
        ("+ 1 area code 416 555 0198", ["14165550198"]),
        ("416 area code 555 0198", ["416", "5550198"]),
        ("11 area code 416", ["11", "416"]),
        ("+ area code 416", ["416"]),
        ("5, for 5", ["5", "5"]),
        ("5 for 5", ["545"]),
        ("55 for 5", ["55", "5"]),
        ("5 for 55", ["5", "55"]),
        ("for 5", ["5"]),
        ("5 for", ["5"]),
        ("+44 (0) 20", ["4420"]),
        ("44 (0) 20", ["44020"]),
        ("+44 0 20", ["44020"]),
        ("+44 (0 20)", ["44020"]),
        ("oh, um, 5", ["05"]),
        ("oh" + " ," * 7 + " 5", ["05"]),
        ("oh" + " ," * 8 + " 5", ["5"]),
        ("oh house 5", ["5"]),
        ("5" + " ," * 8 + " oh", ["50"]),
        ("5" + " ," * 9 + " oh", ["5"]),
        ("5 oh" + " oh" * 5, ["5000000"]),
    ],
)
def test_what_joins_digits_and_what_parts_them(text: str, digits: list[str]) -> None:
    """Up to eight tokens of marks and fillers join; "for" is a four between two digits said one by one."""
    for _, tokens in led(text):
        assert [run.digits for run in read_runs(tokens)] == digits


@pytest.mark.parametrize(
    ("text", "joints"),
    [
        ("416-555", ["STOP", "TIGHT"]),
        ("416 555", ["STOP", "SPACE"]),
        ("416 - 555", ["STOP", "PAUSE"]),
        ("416- 555", ["STOP", "SPACE"]),
        ("416 -555", ["STOP", "SPACE"]),
        ("416, 555", ["STOP", "PAUSE"]),
        ("416 um 555", ["STOP", "PAUSE"]),
        ("416 dash 555", ["STOP", "SPACE"]),
        ("416. 555", ["STOP", "STOP"]),
        ("416.555", ["STOP", "TIGHT"]),
        ("416; 555", ["STOP", "STOP"]),
        ("(416) 555", ["STOP", "SPACE"]),
        ("(416)555", ["STOP", "TIGHT"]),
        ("416\n555", ["STOP", "STOP"]),
        ("416,\n555", ["STOP", "STOP"]),
        ("416 , um - 555", ["STOP", "PAUSE"]),
    ],
)
def test_how_firmly_two_groups_hang_together(text: str, joints: list[str]) -> None:
    """As firmly as the loosest of what stands between them."""
    (run,) = read_runs(tokenize(text))
    assert [atom.joint.name for atom in run.atoms] == joints


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("416-555", "-"),
        ("416 dash 555", "-"),
        ("416.555", "."),
        ("416 dot 555", "."),
        ("416/555", "/"),
        ("416 555", ""),
        ("416, 555", ""),
        ("416 hyphen 555", "-"),
    ],
)
def test_a_mark_that_joins_two_groups_is_kept(text: str, mark: str) -> None:
    (run,) = read_runs(tokenize(text))
    assert [atom.mark for atom in run.atoms] == ["", mark]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        (", x", 1),
        ("um x", 1),
        ("dash x", 1),
        ("you know x", 2),
        ("let me see x", 3),
        ("let me x", 0),
        ("you", 0),
        (": x", 1),
        ("* x", 0),
        ("$ x", 1),
        ("... x", 1),
    ],
)
def test_a_link_is_as_wide_as_its_phrase(text: str, width: int) -> None:
    for start, tokens in led(text):
        assert link_width(tokens, start) == width


@pytest.mark.parametrize(
    ("text", "at", "after", "place"),
    [
        ("5550198 extension 61", 2, 0, 1),
        ("5550198 x 61", 2, 0, 1),
        ("5550198 , x 61", 3, 0, None),
        ("5550198 , extension number is 61", 5, 0, 2),
        ("5550198 dial 61", 2, 0, 1),
        ("5550198 , and then dial 61", 5, 0, 4),
        ("5550198 please dial 61", 3, 0, None),
        ("dial 61", 1, -1, None),
        ("extension 61", 1, -1, 0),
        ("extension , , , , 61", 5, -1, 0),
        ("extension is 61", 2, -1, 0),
        ("extension number 61", 2, -1, 0),
        ("extension , , , , , 61", 6, -1, None),
        ("extension house 61", 2, -1, None),
        ("5550198 house 61", 2, 0, None),
    ],
)
def test_an_extension_is_named_by_one_of_five_tokens_before(
    text: str, at: int, after: int, place: int | None
) -> None:
    for start, tokens in led(text):
        found = extension_word(tokens, start + at, after=-1 if after < 0 else start + after)
        assert found == (None if place is None else start + place)


@pytest.mark.parametrize(
    ("text", "first", "last", "after", "label"),
    [
        ("my cell is 5", 3, 3, -1, "cell"),
        ("5 , is my cell", 0, 0, -1, "cell"),
        ("5 , , is my cell", 0, 0, -1, None),
        ("5 for the office", 0, 0, -1, "office"),
        ("5 my cell", 0, 0, -1, None),
        ("5 is it , my cell", 0, 0, -1, None),
        ("5 is one cell", 0, 0, -1, None),
        ("5 is a b c d e f cell", 0, 0, -1, "cell"),
        ("5 is a b c d e f g cell", 0, 0, -1, None),
        ("my fax 4 office 5", 4, 4, 2, "office"),
        ("my fax 4 and 5", 4, 4, 2, None),
        ("my fax 4 and 5", 4, 4, 1, None),
        ("my fax , 4 and 5", 5, 5, -1, "fax"),
        ("my fax . 4 and 5", 5, 5, -1, None),
        ("my phone at the office is 5", 6, 6, -1, "office"),
        ("my office 5 is a cell", 2, 2, -1, "cell"),
        ("cell" + " so" * 13 + " 5", 14, 14, -1, "cell"),
        ("cell" + " so" * 14 + " 5", 15, 15, -1, None),
    ],
)
def test_a_line_is_named_by_the_words_beside_its_number(
    text: str, first: int, last: int, after: int, label: str | None
) -> None:
    """Those behind it before those in front, in fourteen words of one sentence; seven behind the verb."""
    for start, tokens in led(text):
        before = -1 if after < 0 else start + after
        assert line_label(tokens, start + first, start + last, after=before) == label


def pieces_of(text: str) -> list[str]:
    """The digits of every number that some reading of the one run may hold."""
    (run,) = read_runs(tokenize(text))
    return [arc.piece.digits for arc in arcs_of(run, "US", Surroundings()) if arc.piece]


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("4165550198777", False),  # thirteen digits: one figure holds one number
        ("41655501987777", True),
        ("4 1 6 5 5 5 0 1 9 8 7 7 7", True),
        ("41655 50198 777", True),
        ("41655501 98777", False),
    ],
)
def test_a_figure_is_cut_from_fourteen_digits_on(text: str, may_be: bool) -> None:
    assert ("4165550198" in pieces_of(text)) == may_be


@pytest.mark.parametrize(("n_more", "n_found"), [(0, 6), (1, 0)])
def test_of_more_than_66_digits_in_a_row_none_is_a_number(n_more: int, n_found: int) -> None:
    text = "call 1-416-555-0198" + ", 1-416-555-0198" * 5 + ", 5" * n_more
    assert [each.digits for each in find_numbers(text)] == ["14165550198"] * n_found


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1-877-KARS-4-KIDS", ["18775277454"]),  # the 4 belongs to the letters, and is no run of its own
        ("1-877-KARS-4-KIDS or 5", ["18775277454", "5"]),
        ("5 or 1-877-KARS-4-KIDS", ["5", "18775277454"]),
        ("1-800-FLOWERS 5", ["18003569377", "5"]),
        ("call 1 800 FLOWERS", ["18003569377"]),
        ("our 1-800 number", ["1800"]),
        ("503-555-TALK, 5", ["5035558255", "5"]),
        ("503-555-TALKS", ["503555"]),
        ("503-555-TAL", ["503555"]),
        ("1-800-FLOWERSABCD", ["18003569377"]),
        ("1-800-FLOWERSABCDE", ["1800"]),
        ("900-FLOWERS", ["9003569377"]),
        ("503-flowers", ["503"]),
        ("111-FLOWERS", ["111"]),
    ],
)
def test_letters_and_the_figures_between_them_are_one_run(text: str, digits: list[str]) -> None:
    """Seven are dialled behind a toll-free code, up to four more ignored; four behind an exchange."""
    for _, tokens in led(text):
        assert [run.digits for run in with_letters(read_runs(tokens), tokens)] == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("503 is the area code and 555-0171", ["5035550171"]),
        ("503 is the area code, my number is 555-0171", ["5035550171"]),
        ("503 is the area code, my fax is 555-0171", ["503", "5550171"]),
        ("503 is the area code, my order is 555-0171", ["503", "5550171"]),
        ("503 is the area code, or 555-0171", ["503", "5550171"]),
        ("503 is the area code, ask 555-0171", ["503", "5550171"]),
        ("area code 503 and 555-0171", ["5035550171"]),
        ("area code 503 number 555-0171", ["5035550171"]),
        ("area code 503 rest 555-0171", ["5035550171"]),
        ("area code 503 zebra 555-0171", ["5035550171"]),
        ("zebra code 503 number 555-0171", ["503", "5550171"]),
        ("area code 511 number 555-0171", ["511", "5550171"]),
        ("area code 103 number 555-0171", ["103", "5550171"]),
        ("area code 503 number 555-017", ["503", "555017"]),
        ("area code 503 number 971-555-0171", ["503", "9715550171"]),
        ("555-0171 with 503 area code", ["5035550171"]),
        ("555-0171 and 503 area code", ["5035550171"]),
        ("555-0171 my 503 area code", ["5035550171"]),
        ("555-0171 in 503 area code", ["5035550171"]),
        ("555-0171 from 503 area code", ["5035550171"]),
        ("555-0171 zebra 503 area code", ["5550171", "503"]),
        ("555-0171 area code 503", ["5035550171"]),
        ("555-0171 area code is 503", ["5035550171"]),
        ("555-0171 a b c d area code 503", ["5035550171"]),
        ("555-0171 a b c d e area code 503", ["5550171", "503"]),
        ("555-0171 my order area code 503", ["5550171", "503"]),
        ("555-017 area code 503", ["555017", "503"]),
        ("my number is 503 that zebra there 555-0171", ["5035550171"]),
        ("my number at 503 that zebra there 555-0171", ["5035550171"]),
        ("my number is 503 a b c d 555-0171", ["5035550171"]),
        ("my number is 503 a b c d e 555-0171", ["503", "5550171"]),
        ("my number is 503 zebra. 555-0171", ["503", "5550171"]),
        ("my number is 503 zebra? 555-0171", ["503", "5550171"]),
        ("my number is 503 order zebra 555-0171", ["503", "5550171"]),
        ("my number zebra 503 that zebra 555-0171", ["503", "5550171"]),
        ("zebra is 503 that zebra 555-0171", ["503", "5550171"]),
    ],
)
def test_what_parts_an_area_code_from_its_number(text: str, digits: list[str]) -> None:
    """Few words, none of which begins another number; and it has three digits as area codes have them."""
    for _, tokens in led(text):
        assert [said.run.digits for said, _ in surrounded(tokens, "US")] == digits


@pytest.mark.parametrize(
    ("between", "takes_back"),
    [
        ("no", True),
        (", no , sorry , it's", True),
        ("sorry my number is", True),
        ("no zebra", False),
        ("um", False),
        ("", False),
        ("again", False),
        ("sorry again", False),
        ("no again", True),
        ("or", False),
    ],
)
def test_what_takes_digits_back(between: str, takes_back: bool) -> None:
    """A word of correction, and nothing but such words and links; "again" needs a strong one."""
    assert is_correction(tokenize(between)) is takes_back


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("call 1 800 flowers", "18003569377"),
        ("at 1 800 flowers", "18003569377"),
        ("on 1 800 flowers", "18003569377"),
        ("1 800 flowers", "18003569377"),
        ("zebra 1 800 flowers", "1800"),
        ("zebra 1 800 Flowers", "18003569377"),
        ("the 1 800 Flowers", "1800"),
        ("any 1 800 Flowers", "1800"),
        ("call 1 800 hotline", "1800"),
        ("call 1 800 dollars", "1800"),
        ("call 1 800 minutes", "1800"),
        ("call 1 800 numbers", "1800"),
    ],
)
def test_which_words_are_dialled_behind_a_toll_free_code(text: str, digits: str) -> None:
    """One that is no kind of line, count or amount, and that a capital or the words before make a name."""
    tokens = tokenize(text)
    assert [run.digits for run in with_letters(read_runs(tokens), tokens)] == [digits]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("call 416-555-0189, no sorry, 416-555-0198", ["4165550198"]),
        ("call 416-555-0198, no sorry, 416-555-0198", ["4165550198", "4165550198"]),
        ("call 416-555-0189, no sorry, 0198", ["4165550198"]),
        ("call 4 1 6 5 5 5 0 1 8 9, no sorry, 9 8", ["4165550198"]),
        ("call 4 1 6 5 5 5 0 1 8 9, no sorry, 8", ["4165550188"]),
        ("call 416-555-0189, no sorry, 555-0198", ["4165550198"]),
        ("call 416-555-0189 647-555-0133, no sorry, 647-555-0134", ["4165550189", "6475550134"]),
        ("call 416-555-0189, no sorry, 416-555-0198 647-555-0133", ["4165550198", "6475550133"]),
        (
            "call 416-555-0189 647-555-0133 212-555-0177, no sorry, 212-555-0178",
            ["4165550189", "6475550133", "2125550178"],
        ),
        ("call 416-555, no sorry, 416-555-0198", ["4165550198"]),
        ("call 416-555-0189, no sorry, 416", ["4165550416"]),
        ("call 416-555-0189, no sorry, 416-555-0198, no sorry, 416-555-0199", ["4165550199"]),
        ("call 416, no sorry, 647-555-0133", ["6475550133"]),
    ],
)
def test_what_is_taken_back_is_replaced_by_what_follows(text: str, digits: list[str]) -> None:
    """The whole number, or as few of its last digits as make one with what follows."""
    for _, tokens in led(text):
        runs = [said.run for said, _ in surrounded(tokens, "US")]
        assert [piece for run in runs for piece in numbers_in(run)] == digits


def numbers_in(run: Run) -> list[str]:
    """The numbers that a run was cut into, or the run if it holds none."""
    pieces = split(run, "US", Surroundings(before=frozenset({"phone"})))
    return [piece.digits for piece in pieces] or [run.digits]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("555-0171, 503 area code", "5035550171"),
        ("555-0171. 503 area code", "5035550171"),
        ("555-0171 503 area code", "5550171503"),
        ("555-0171, 503 zebra code", "5550171503"),
        ("555-0171, 503, area code", "5550171503"),
        ("555-0171, 503, zebra area code", "5550171503"),
    ],
)
def test_a_code_behind_its_number_and_a_pause_is_dialled_first(text: str, digits: str) -> None:
    for _, tokens in led(text):
        assert [said.run.digits for said, _ in surrounded(tokens, "US")] == [digits]


def timed(digit: str, onset_s: float, offset_s: float) -> TimedDigit:
    """A digit at times counted from 2 s on."""
    return TimedDigit(digit=digit, onset_s=2.0 + onset_s, offset_s=2.0 + offset_s, confidence=0.9)


def ziggs(onset_s: float, offset_s: float, text: str = " Ziggs") -> Word:
    """A word at times counted from 2 s on: what a decoder wrote for "six"."""
    return Word(text=text, onset_s=2.0 + onset_s, offset_s=2.0 + offset_s, probability=0.9)


@pytest.mark.parametrize(
    ("word", "is_free", "is_taken"),
    [
        (ziggs(0.0, 0.4), True, True),
        (ziggs(0.0, 0.4), False, False),  # another saying has it
        (ziggs(0.0, 0.4, " 9"), True, False),  # another digit
        (ziggs(-0.21, 0.19), True, False),  # 0.19 s of 0.4 s among the digits: less than half, of either
        (ziggs(-0.19, 0.21), True, True),  # 0.21 s of 0.4 s
        (ziggs(-0.75, 0.27), True, False),  # it covers 0.27 s of the digit's 0.4 s, 68 %
        (ziggs(-0.75, 0.29), True, True),  # 0.29 s, 73 %
    ],
)
def test_a_word_before_or_behind_is_taken_where_it_was_written_for_a_digit(
    word: Word, is_free: bool, is_taken: bool
) -> None:
    """ "Ziggs 47" for "six four seven", the six from 0 s to 0.4 s; and the same in a mirror."""
    (run,) = digit_runs("47")
    written = ziggs(0.5, 1.3, " 47")
    stretch = Stretch(first_word=1, last_word=2, runs=(run,), heard=())
    said = [timed("6", 0.0, 0.4), timed("4", 0.5, 0.9), timed("7", 0.9, 1.3)]
    free = range(0 if is_free else 1, 2)
    assert words_for(stretch, [word, written], said, free) == (0 if is_taken else 1, 2)

    mirrored = replace(word, onset_s=4.0 - word.offset_s, offset_s=4.0 - word.onset_s)
    written = ziggs(-1.3, -0.5, " 47")
    stretch = Stretch(first_word=0, last_word=1, runs=(run,), heard=())
    said = [timed("4", -1.3, -0.9), timed("7", -0.9, -0.5), timed("6", -0.4, 0.0)]
    free = range(2 if is_free else 1)
    assert words_for(stretch, [written, mirrored], said, free) == (0, 2 if is_taken else 1)


@pytest.mark.parametrize(("onset_s", "text"), [(0.51, " 7"), (0.49, "7")])
def test_a_silence_of_a_fifth_of_a_second_parts_digits(onset_s: float, text: str) -> None:
    nothing = Stretch(first_word=0, last_word=0, runs=(), heard=())
    written = written_words(nothing, [], [timed("4", 0.0, 0.3), timed("7", onset_s, 0.9)])
    assert [word.text for word in written] == [" 4", text]


def test_letters_begin_behind_the_digits() -> None:
    """Tokens 0 to 4: 1, hyphen, 800, hyphen, FLOWERS."""
    for start, tokens in led("1-800-FLOWERS"):
        (run,) = with_letters(read_runs(tokens), tokens)
        assert (run.atoms[-1].first, run.atoms[-1].last) == (start + 3, start + 4)
