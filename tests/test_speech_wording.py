"""Words weigh for a mailbox or for a rep as the weights have it, and the fitted ones know both."""

from __future__ import annotations

import numpy as np
import pytest

from voicecheck.audio.voice import voice_track
from voicecheck.speech.scene import TOLD_MAX, Scene
from voicecheck.speech.transcript import Word
from voicecheck.speech.wording import mailbox_odds, plain_words, terms


def heard(text: str, *, gap_s: float = 0.05) -> tuple[Word, ...]:
    """Words of 0.3 s; a full stop is followed by half a second."""
    words, now_s = [], 0.0
    for each in text.split():
        words.append(Word(text=f" {each}", onset_s=now_s, offset_s=now_s + 0.3, probability=1.0))
        now_s += 0.3 + (0.5 if each.endswith(".") else gap_s)
    return tuple(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You’ve reached 415-555-0136!", ["you've", "reached", "#"]),  # noqa: RUF001
        ("four one FIVE, oh", ["#"]),
        ("Press 1 or 2.", ["press", "#", "or", "#"]),
        ("Après le bip", ["après", "le", "bip"]),
        ("... -", []),
    ],
)
def test_digits_however_many_are_one_word(text: str, words: list[str]) -> None:
    assert plain_words(text) == words


def test_a_word_weighs_with_the_pair_that_ends_in_it() -> None:
    weights = {"press": 1.0, "#": -0.5, "press #": 2.0, "call": -1.0}
    odds = mailbox_odds(heard("Press 1 2 please call"), weights)
    assert odds == pytest.approx([1.0, 1.5, 0.0, 0.0, -1.0])
    assert terms(["press", "#"]) == ["press", "#", "press #"]


def test_no_piece_between_two_cuts_tells_more_than_another() -> None:
    words = heard("press press press press press. call")
    track = voice_track(np.zeros(16_000, np.float32))
    scene = Scene(words, (), track, words[-1].offset_s, {"press": 1.0, "call": -1.0})
    assert scene.cuts == (0, 5, 6)
    assert scene.pieces_told == (TOLD_MAX, -1.0)
    assert scene.told(0, 6) == TOLD_MAX - 1.0
    assert scene.told(5, 5) == 0


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The mailbox is full", 1),
        ("To send your message press 1", 1),
        ("I can't get to the phone right now", 1),
        ("Record at the tone", 1),
        ("I'm calling from Redstone about your order", -1),
        ("Please call me back at 415-555-0136", -1),
        ("My number again is 415-555-0136", -1),
    ],
)
def test_the_fitted_weights_know_both(text: str, sign: int) -> None:
    assert sign * mailbox_odds(heard(text)).sum() > 1
