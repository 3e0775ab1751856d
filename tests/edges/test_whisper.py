"""What is done about a decoder that runs on, and where speech starts and ends; no model is run."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import spans

from voicecheck.speech import activity, decoder, word_times
from voicecheck.speech.transcript import Word
from voicecheck.timing import merged


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
def test_faint_speech_that_reaches_sure_speech_is_heard_too() -> None:
    faint = spans((0, 0.4), (1, 2.8), (6.8, 8), (8.7, 9))
    assert activity.with_faint_edges(spans((2, 4), (6, 7)), faint) == spans((1, 4), (6, 8))


def test_faint_speech_alone_is_none() -> None:
    assert activity.with_faint_edges((), spans((0, 1))) == ()


# Frames of 512 samples (32 ms). A pause is told once 100 ms have passed since it began, so at its fifth
# frame; speech is widened by 30 ms.
# Frame         0   1   2   3   4   5   6   7   8   9  10
# Probability  0.1 0.1 0.9 0.9 0.4 0.2 0.2 0.2 0.2 0.2 0.9
# Speech               |-----------|                   |--|
def test_speech_ends_where_it_stays_unlikely_for_a_tenth_of_a_second() -> None:
    likely = [0.1, 0.1, 0.9, 0.9, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2, 0.9]
    probabilities = np.array(likely, dtype=np.float32)
    first, last = activity.stretches(probabilities, 11 * 512, threshold=0.5, until=0.35)
    assert (first.onset_s, first.offset_s) == pytest.approx((2 * 0.032 - 0.03, 5 * 0.032 + 0.03))
    assert (last.onset_s, last.offset_s) == pytest.approx((10 * 0.032 - 0.03, 0.352))


@pytest.mark.parametrize(("threshold", "until"), [(0.5, 0.35), (0.1, 0.05)])
def test_stretches_are_those_of_the_library(
    threshold: float, until: float, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is asked with 200 rows of probabilities that wander up and down."""
    from faster_whisper import vad

    for _ in range(200):
        steps = rng.normal(0, rng.choice([0.5, 1.5]), size=120)
        probabilities = (1 / (1 + np.exp(-np.cumsum(steps)))).astype(np.float32)
        n_samples = 512 * 119 + int(rng.integers(1, 512))
        monkeypatch.setattr(vad, "get_vad_model", lambda given=probabilities: lambda audio: given)
        options = vad.VadOptions(
            threshold=threshold, neg_threshold=until, min_silence_duration_ms=100, speech_pad_ms=30
        )
        theirs = vad.get_speech_timestamps(np.zeros(n_samples, dtype=np.float32), options)
        edges = [(each["start"] / 16000, min(n_samples, each["end"]) / 16000) for each in theirs]
        ours = activity.stretches(probabilities, n_samples, threshold=threshold, until=until)
        assert ours == merged(spans(*edges))


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
    assert decoder._likeliest_language(probabilities)[0] == language
