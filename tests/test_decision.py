"""The decision between words and head, on words and posteriors drawn by hand."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecheck.numbers import find_in_words
from voicecheck.numbers.decide import mend_words
from voicecheck.speech.digit_head import N_CLASSES, DigitHead, Floats
from voicecheck.speech.transcript import ENCODER_FRAME_S, EncoderWindow, Word
from voicecheck.timing import Interval

DIGIT_S = 0.4
"""Each drawn digit is 20 frames of 20 ms."""


class PlantedHead:
    """Takes the frames that it is given for its posteriors."""

    def log_posteriors(self, frames: Floats) -> Floats:
        return frames


HEAD = cast(DigitHead, PlantedHead())


def silence(duration_s: float) -> Floats:
    """Frames that are surely no digit."""
    frames = np.full((round(duration_s / ENCODER_FRAME_S), N_CLASSES), -12.0, dtype=np.float32)
    frames[:, 0] = math.log(1 - 20 * math.exp(-12))
    return frames


def digit(name: str, *, rival: str | None = None, rival_share: float = 0.0) -> Floats:
    """Frames that are surely a digit, or share it with a rival."""
    frames = np.full((round(DIGIT_S / ENCODER_FRAME_S), N_CLASSES), -12.0, dtype=np.float32)
    half = len(frames) // 2
    for part, rows in enumerate((slice(0, half), slice(half, None))):
        frames[rows, 1 + 2 * int(name) + part] = math.log(1 - rival_share - 19 * math.exp(-12))
        if rival is not None:
            frames[rows, 1 + 2 * int(rival) + part] = math.log(rival_share)
    return frames


def said(digits: str) -> list[Floats]:
    """Digits one right after the other."""
    return [digit(name) for name in digits]


def window(*parts: Floats) -> list[EncoderWindow]:
    return [EncoderWindow(frames=np.concatenate(parts), onset_s=0.0)]


def words(*pieces: tuple[str, float, float]) -> list[Word]:
    return [
        Word(text=text, onset_s=onset_s, offset_s=offset_s, probability=0.8)
        for text, onset_s, offset_s in pieces
    ]


def mend(heard: list[Word], frames: list[EncoderWindow], *, spelled: str = "") -> list[Word]:
    whole = [Interval(onset_s=0.0, offset_s=1000.0)]
    return list(mend_words(heard, frames, HEAD, sounds=whole, spell=lambda before, onset_s: spelled))


def text_of(mended: list[Word]) -> str:
    return "".join(word.text for word in mended)


# Time (s)     0       1                           5
# Head         |-------|4|1|6|5|5|5|0|1|9|8|-------|
CALL = [silence(1.0), *said("4165550198"), silence(1.0)]


def test_digits_that_both_ears_agree_on_get_the_heads_times() -> None:
    heard = words((" at", 0.2, 0.6), (" 416", 0.6, 2.0), ("-555", 2.0, 3.5), ("-0198.", 3.5, 5.5))
    mended = mend(heard, window(*CALL))
    assert text_of(mended) == " at 416-555-0198."
    assert [word.onset_s for word in mended[1:]] == pytest.approx(
        [1.0 + DIGIT_S * at for at in range(10)], abs=0.04
    )
    assert all(word.probability > 0.95 and word.rival is None for word in mended[1:])


@pytest.mark.parametrize("written", ["416-55-0198", "416-5555-0198", "416-555-019", "416-555-0199"])
def test_a_digit_that_the_decoder_lost_added_or_changed_is_mended(written: str) -> None:
    mended = mend(words((" at", 0.2, 0.6), (f" {written}.", 0.8, 5.2)), window(*CALL))
    assert text_of(mended).strip().removeprefix("at ").rstrip(".").replace("-", "") == "4165550198"
    assert text_of(mended).endswith(".")


def test_words_decide_where_the_head_cannot() -> None:
    """The head gives 5 a little more than 9; the decoder wrote 9."""
    unsure = [digit("5", rival="9", rival_share=0.49) if at == 4 else part for at, part in enumerate(CALL)]
    mended = mend(words((" 416-955-0198", 0.8, 5.2)), window(*unsure))
    assert text_of(mended).strip() == "416-955-0198"


def test_a_close_call_names_the_rival() -> None:
    unsure = [digit("5", rival="9", rival_share=0.5) if at == 4 else part for at, part in enumerate(CALL)]
    mended = mend(words((" 416-755-0198", 0.8, 5.2)), window(*unsure))
    doubted = {word.text[-1] + (word.rival or "") for word in mended if word.rival is not None}
    assert doubted in ({"59"}, {"95"})


def test_a_number_that_the_decoder_garbled_is_put_in() -> None:
    heard = words((" at", 0.2, 0.6), (" S-6", 1.1, 2.0), (" so", 2.2, 3.0), (" five", 3.2, 5.0))
    mended = mend(heard, window(*CALL))
    assert [number.digits for number in find_in_words(mended)] == ["4165550198"]
    assert mended[0].text == " at"


def test_a_number_without_any_digit_in_the_sound_is_taken_out() -> None:
    heard = words((" call", 0.2, 0.6), (" 416-555-0198", 0.7, 2.0), (" thanks", 2.2, 2.6))
    mended = mend(heard, window(silence(3.0)))
    assert [word.text for word in mended] == [" call", " thanks"]


def test_two_sayings_that_differ_stay_different() -> None:
    frames = window(silence(1.0), *said("4165550198"), silence(1.0), *said("4165550189"), silence(0.5))
    heard = words(
        (" at", 0.2, 0.6), (" 416-555-0198.", 0.9, 5.1), (" Again,", 5.2, 5.8), (" 416-555-0198", 5.9, 10)
    )
    mended = mend(heard, frames)
    assert [number.digits for number in find_in_words(mended)] == ["4165550198", "4165550189"]


def test_double_is_two_digits_that_sound_once() -> None:
    frames = window(silence(1.0), *said("416"), silence(0.5), *said("5"), *said("70198"), silence(0.5))
    heard = words(
        *((f" {name}", 1.0 + 0.4 * at, 1.4 + 0.4 * at) for at, name in enumerate(("four", "one", "six"))),
        (" double", 2.2, 2.7),
        *(
            (f" {name}", 2.7 + 0.4 * at, 3.1 + 0.4 * at)
            for at, name in enumerate(("five", "seven", "zero", "one", "nine", "eight"))
        ),
    )
    (number,) = find_in_words(mend(heard, frames))
    assert number.digits == "4165570198"


def test_a_hundred_behind_figures_is_spelled_out() -> None:
    """The decoder writes 800 where "eight hundred" was said; the head hears one 8 and a word after it."""
    frames = window(silence(1.0), *said("18"), silence(0.6), *said("5550198"), silence(0.5))
    heard = words((" call", 0.2, 0.7), (" 1-800-555-0198", 0.9, 5.3))
    spelled = " one eight hundred five five five zero one nine eight"
    (number,) = find_in_words(mend(heard, frames, spelled=spelled))
    assert number.digits == "18005550198"


def test_a_spelling_whose_digits_were_not_heard_is_not_believed() -> None:
    frames = window(silence(1.0), *said("416"), silence(0.6), *said("5550198"), silence(0.5))
    heard = words((" call", 0.2, 0.7), (" 416-555-0198", 0.9, 5.3))
    spelled = " nine hundred six five five five zero one nine eight"
    (number,) = find_in_words(mend(heard, frames, spelled=spelled))
    assert number.digits == "4165550198"


@pytest.mark.parametrize("text", [" in 2024", " for $1,999", " at 10:30", " order 90210"])
def test_figures_in_which_no_digits_sound_are_left_alone(text: str) -> None:
    heard = words((" see", 0.2, 0.6), (text, 0.7, 2.0), (" bye", 2.2, 2.6))
    assert mend(heard, window(silence(3.0))) == heard


def test_without_windows_words_stay_as_they_are() -> None:
    heard = words((" 416-555-0198", 0.7, 2.0))
    assert mend(heard, []) == heard


@pytest.mark.parametrize(("area", "rival"), [("", ["7"]), ("416", [])])
def test_a_faint_head_that_the_decoder_contradicts_is_in_doubt(area: str, rival: list[str]) -> None:
    """Four digits are faint, each with a rival of its own; the decoder wrote another third digit.

    A whole number is evidence for itself and needs less.
    """
    faint = [
        digit(name, rival=str((int(name) + 3) % 10), rival_share=0.42) if at < 4 else digit(name)
        for at, name in enumerate("6250198")
    ]
    frames = window(silence(1.0), *said(area), *faint, silence(1.0))
    end_s = 1.0 + DIGIT_S * len(area + "6250198")
    agreed = mend(words((" at", 0.2, 0.6), (f" {area}6250198.", 0.8, end_s)), frames)
    assert [word.rival for word in agreed if word.rival is not None] == []
    contradicted = mend(words((" at", 0.2, 0.6), (f" {area}6270198.", 0.8, end_s)), frames)
    assert text_of(contradicted).strip() == f"at {area}6250198."
    assert [word.rival for word in contradicted if word.rival is not None] == rival


def test_tens_behind_the_last_digit_that_the_head_hears_are_not_lost() -> None:
    """In "forty-six twelve" the head hears no digit, but something sounds there."""
    frames = window(silence(1.0), *said("416555"), silence(1.2), silence(0.5))
    heard = words((" at", 0.2, 0.6), (" 416-555-4612", 0.9, 4.6))
    mended = mend(heard, frames)
    assert text_of(mended) == " at 416-555-4612"
    assert mended[1].rival is not None


def test_words_that_hold_more_digits_than_sounded_are_in_doubt() -> None:
    """The decoder wrote 4165850198; between 4165 and 50198 the head hears something that is no digit."""
    frames = window(silence(1.0), *said("4165"), silence(0.4), *said("50198"), silence(1.0))
    heard = words((" at", 0.2, 0.6), (" 416-585-0198", 0.9, 5.2))
    mended = mend(heard, frames)
    assert text_of(mended) == " at 416-585-0198"
    assert [word.text for word in mended if word.rival is not None] == [" 416-585-0198"]


def test_a_word_in_the_place_of_a_digit_goes() -> None:
    """The decoder wrote "Ziggs" for the six."""
    frames = window(silence(1.0), *said("6475550198"), silence(1.0))
    heard = words((" is", 0.5, 0.8), (" Ziggs", 0.9, 1.4), (" 47-555-0198.", 1.4, 5.1))
    assert text_of(mend(heard, frames)) == " is 647-555-0198."


def test_slow_digits_that_the_decoder_left_out_belong_to_the_number() -> None:
    """Said a second apart, and the decoder stops before the last two."""
    apart = [part for frames in said("4165550198") for part in (frames, silence(0.6))]
    heard = words(*((f" {name}", 1.0 + at, 1.4 + at) for at, name in enumerate("41655501")))
    mended = mend(heard, window(silence(1.0), *apart))
    assert text_of(mended).replace(" ", "") == "4165550198"


def test_a_whole_number_takes_nothing_from_afar() -> None:
    """A second after the number something like an 8 sounds, in a word that was not made out."""
    frames = window(*CALL, *said("8"), silence(0.5))
    thanks = Word(text=" ate", onset_s=6.0, offset_s=6.4, probability=0.3)
    mended = mend([*words((" 416-555-0198.", 0.9, 5.1)), thanks], frames)
    assert text_of(mended) == " 416-555-0198. ate"


@given(
    digits=st.text("0123456789", min_size=10, max_size=10),
    slip=st.integers(0, 9),
    kind=st.sampled_from(["lose", "double", "none"]),
)
def test_a_sure_head_overrules_any_slip_of_the_decoder(digits: str, slip: int, kind: str) -> None:
    written = {
        "lose": digits[:slip] + digits[slip + 1 :],
        "double": digits[:slip] + digits[slip] + digits[slip:],
        "none": digits,
    }[kind]
    heard = words((" call", 0.2, 0.6), (f" {written}", 0.9, 5.1), (" thanks", 5.3, 5.6))
    mended = mend(heard, window(silence(1.0), *said(digits), silence(1.0)))
    assert "".join(letter for letter in text_of(mended) if letter.isdigit()) == digits
    assert [word.onset_s for word in mended] == sorted(word.onset_s for word in mended)
