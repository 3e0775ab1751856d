"""Words of a message as phrases are looked up in them: tokens, names, places, quotes."""

from __future__ import annotations

import pytest
from hearings import recited
from test_advice import words_of

from voicecheck.scorecard.names import is_heard_as
from voicecheck.scorecard.phrases import PhraseToken, SpokenText
from voicecheck.speech.transcript import Word


def spoken(text: str) -> SpokenText:
    return SpokenText.of(words_of(text), ())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Hi Ann, it's Bob.", ". hi ANN , it is BOB ."),
        ("We saw that I'm here", ". we saw that i am here"),
        ("and Roger's van", ". and ROGER'S van"),
        ("so I'll go, won't I? Yes", ". so i will go , will not i . yes"),
        ("hello bob", ". hello BOB"),
        ("hello, um, bob", ". hello , um , BOB"),
        ("hello there", ". hello there"),
        ("Dr. Lee on Monday", ". dr LEE on monday"),
        ("ask Dr. Lee.", ". ask dr LEE ."),
        ("see May in May", ". see MAY in MAY"),
        ("Zebra. Zebra", ". ZEBRA . ZEBRA"),
        ("The van. The van", ". the van . the van"),
        ("Monday is fine. July too", ". monday is fine . july too"),
        ("n't I've", ". n't i have"),
        ("don't, you\N{RIGHT SINGLE QUOTATION MARK}re", ". do not , you are"),
        ("wait; stop: now", ". wait , stop , now"),
        ("wait ... stop", ". wait . stop"),
        ("", ""),
    ],
)
def test_words_are_parted_and_names_have_a_capital(text: str, tokens: str) -> None:
    """Names are written in capitals here; a first word is one only if it is no ordinary word."""
    found = [each.text.upper() if each.is_name else each.text for each in spoken(text).tokens]
    assert " ".join(found) == tokens


def test_words_are_counted_without_marks() -> None:
    text = spoken("Hi Ann, it's Bob.")
    assert text.n_words == 5
    assert [text.nth_word(n) for n in range(7)] == [1, 2, 4, 5, 6, 8, 8]


@pytest.mark.parametrize(
    ("text", "phrases", "found"),
    [
        ("we call back now", ["call back"], [("call back", 2, 4)]),
        ("we call, um, back now", ["call back"], [("call back", 2, 7)]),
        ("we call the back", ["call back"], []),
        ("we call the back", ["call * back"], [("call * back", 2, 5)]),
        ("we call", ["call *"], []),
        ("we call you back", ["call you", "call you back"], [("call you back", 2, 5)]),
        ("we call you back", ["call you back", "you back"], [("call you back", 2, 5)]),
        ("call you. call you", ["call you"], [("call you", 1, 3), ("call you", 4, 6)]),
        ("so this is Ann Lee", ["this is {name}"], [("this is {name}", 2, 6)]),
        ("so this is, Ann Lee", ["this is {name}"], [("this is {name}", 2, 7)]),
        ("so this is ann lee", ["this is {name}"], []),
        ("Ann calling", ["{name} calling"], [("{name} calling", 1, 3)]),
        ("Ann, calling", ["{name} calling"], []),
        ("Ann, calling", ["{name}, calling"], [("{name}, calling", 1, 4)]),
        ("so bye", ["bye."], [("bye.", 2, 3)]),
        ("so bye. Ann", ["bye."], [("bye.", 2, 4)]),
        ("so bye Ann", ["bye."], []),
        ("so this is Ann", ["this is {name}."], [("this is {name}.", 2, 5)]),
        ("so this is Ann now", ["this is {name}."], []),
        ("bye", [".bye"], [(".bye", 0, 2)]),
    ],
)
def test_a_phrase_is_found_with_its_place(
    text: str, phrases: list[str], found: list[tuple[str, int, int]]
) -> None:
    assert [(each.phrase, each.start, each.end) for each in spoken(text).find(phrases)] == found


def test_where_it_must_stand_exactly_nothing_stands_between() -> None:
    assert spoken("we call, back").find(["call back"], exactly=True) == []
    assert len(spoken("we call back").find(["call back"], exactly=True)) == 1


@pytest.mark.parametrize(
    ("unless", "n_found"),
    [("call you", 0), ("you back", 0), ("we call", 0), ("so we", 1), ("back now", 0), ("now then", 1)],
)
def test_a_phrase_that_touches_an_exception_is_not_meant(unless: str, n_found: int) -> None:
    text = spoken("so we call you back now then")
    assert len(text.meant(["call you back"], [unless])) == n_found


def test_a_quote_has_the_time_of_its_words_and_no_comma_at_its_end() -> None:
    """Words of 0.35 s from 1.0 s on."""
    text = spoken("Hi Ann, it's Bob.")
    quote = text.quote(2, 4)
    assert quote.text == "Ann"
    assert (quote.heard.onset_s, quote.heard.offset_s) == pytest.approx((1.35, 1.7))
    assert text.quote(4, 4).text == "it's"
    assert text.quote_words(1, 2).text == "Ann, it's"


@pytest.mark.parametrize(("n_letters", "is_cut"), [(60, False), (61, True)])
def test_a_long_quote_ends_at_a_word(n_letters: int, is_cut: bool) -> None:
    word = "a" * 9
    text = " ".join([word] * 5) + " " + "b" * (n_letters - 50)
    quote = spoken(text).quote_words(0, 5).text
    assert quote == (" ".join([word] * 5) + " ..." if is_cut else text)


def test_a_number_is_quoted_by_the_words_that_sound_while_it_does() -> None:
    """It sounds from 5 s to 5 s and ten digits at 1.5 a second, 11.67 s."""
    number = recited("4165550198", 5.0)
    times_s = [(4.0, 5.0), (4.5, 5.1), (6.0, 7.0), (11.6, 12.0), (11.67, 13.0)]
    words = [
        Word(text=f" w{at}", onset_s=onset_s, offset_s=offset_s, probability=0.9)
        for at, (onset_s, offset_s) in enumerate(times_s)
    ]
    quote = SpokenText.of(words, (number,)).quote_number(number)
    assert (quote.heard.onset_s, quote.heard.offset_s) == (4.5, 12.0)


@pytest.mark.parametrize(
    ("part", "word", "is_name", "is_heard"),
    [
        ("ann", "ann", False, True),
        ("bob", "bo", True, False),  # alike enough, and too short for it
        ("anna", "ana", False, True),
        ("smith", "smyth", False, True),  # four of five letters: 80 %
        ("wills", "will", False, False),  # an ordinary word
        ("wills", "will", True, True),
        ("jeff", "geoff", True, True),
        ("jeff", "geoff", False, False),
        ("kathryn", "catherine", True, True),
        ("dan", "tina", True, False),
        ("dan", "ben", True, False),
        ("ann", "a", True, False),
        ("ann", ",", False, False),
        ("joe", "jo", True, True),
        ("jo", "j", True, False),
    ],
)
def test_a_name_is_heard_as_recognisers_spell_it(part: str, word: str, is_name: bool, is_heard: bool) -> None:
    assert is_heard_as(part, PhraseToken(text=word, word=0, is_name=is_name)) is is_heard
