"""What is done about a decoder that runs on, and where speech starts and ends; no model is run."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import spans

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.speech import activity, whisper, word_times
from voicecheck.speech.transcript import Word


def timed(*pieces: tuple[str, float, float]) -> list[Word]:
    return [
        Word(text=f" {text}", onset_s=onset_s, offset_s=offset_s, probability=0.9)
        for text, onset_s, offset_s in pieces
    ]


SAID = timed(("call", 0.0, 0.3), ("five", 0.4, 0.8), ("one", 0.9, 1.2), ("two", 1.3, 1.6))


# Time (s)   0.0   0.4   0.9  1.3  1.6
# Words      |call|five|one|two||||||    the pile has no time, or what little its last word was given
@pytest.mark.parametrize("last_s", [0.0, 0.12])
def test_words_piled_up_at_the_end_are_dropped(last_s: float) -> None:
    pile = timed(*((word, 1.6, 1.6) for word in ("five", "one", "two")), ("three", 1.6, 1.6 + last_s))
    assert word_times.without_run_on([*SAID, *pile]) == tuple(SAID)


def test_a_few_squeezed_words_at_the_end_stay() -> None:
    squeezed = timed(("bye", 1.6, 1.62), ("bye", 1.62, 1.62))
    assert word_times.without_run_on([*SAID, *squeezed]) == (*SAID, *squeezed)


def test_a_pile_before_words_that_were_said_stays() -> None:
    """Times go wrong in the middle as well; what has time after it was said."""
    pile = timed(*((word, 1.6, 1.6) for word in "abcde"))
    after = timed(("thanks", 1.7, 2.1), ("bye", 2.2, 2.5))
    assert word_times.without_run_on([*SAID, *pile, *after]) == (*SAID, *pile, *after)


# Time (s)   0   1   2   3   4   5   6   7   8   9
# Sure               |-------|       |---|
# Faint      |-| |------|               |----|  |-|
# Heard          |-----------|       |-------|
def test_faint_speech_that_reaches_sure_speech_is_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        activity,
        "_stretches_of_speech",
        lambda samples, **thresholds: list(spans((0, 0.4), (1, 2.8), (6.8, 8), (8.7, 9))),
    )
    samples = np.zeros(9 * SAMPLE_RATE_HZ, dtype=np.float32)
    heard = activity.with_faint_edges(spans((2, 4), (6, 7)), samples)
    assert heard == spans((1, 4), (6, 8))


def test_faint_speech_alone_is_none() -> None:
    assert activity.with_faint_edges((), np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)) == ()


@pytest.mark.parametrize(
    ("probabilities", "language"),
    [
        ({"en": 0.9, "es": 0.1}, "en"),
        ({"en": 0.3, "es": 0.7}, "en"),
        ({"en": 0.1, "es": 0.6, "la": 0.3}, "es"),
        ({"en": 0.1, "es": 0.2, "la": 0.7}, "en"),
    ],
)
def test_a_message_is_another_language_only_if_it_clearly_is(
    probabilities: dict[str, float], language: str
) -> None:
    """Accented English is taken for Latin by the model; it is judged all the same."""
    assert whisper._likeliest_language(probabilities)[0] == language
