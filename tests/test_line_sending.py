"""A toy world in which a digit is a tone: 500 Hz for 0, 150 Hz more for each further one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sounds import recording, silence, tone

from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.linetest.packets import BAD_LINES, Line
from voicecheck.linetest.send import sayings_of_one_number, send
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.digit_head import N_CLASSES
from voicecheck.speech.transcript import TimedDigit

FRAME = SAMPLE_RATE_HZ // 50
DIGIT_S, GAP_S = 0.3, 0.1


class ToneHead:
    """A `DigitHead` for whom the encoder's frames are the posteriors already."""

    def log_posteriors(self, frames: np.ndarray) -> np.ndarray:
        return frames


def tone_encoder(pieces: list[np.ndarray]) -> list[np.ndarray]:
    """For each 20 ms the tone that sounds there, as the first half of its digit and then the second."""
    return [_posteriors(piece) for piece in pieces]


def _posteriors(piece: np.ndarray) -> np.ndarray:
    heard = [_digit_of(piece[at : at + FRAME]) for at in range(0, len(piece) - FRAME + 1, FRAME)]
    logp = np.full((len(heard), N_CLASSES), -12.0)
    start = 0
    for at, digit in enumerate(heard):
        if at and digit != heard[at - 1]:
            start = at
        if digit is None:
            logp[at, 0] = 0.0
        else:
            logp[at, 1 + 2 * digit + (at - start >= round(DIGIT_S * 25))] = 0.0
    return logp


def _digit_of(frame: np.ndarray) -> int | None:
    if np.sqrt(np.mean(frame**2)) < 0.05:
        return None
    spectrum = np.abs(np.fft.rfft(frame * np.hanning(len(frame)), 4096))
    peak_hz = np.argmax(spectrum) * SAMPLE_RATE_HZ / 4096
    return int(np.clip(round((peak_hz - 500) / 150), 0, 9))


class PlainTelephone:
    """Every second sample, and back."""

    def narrowed(self, samples: np.ndarray, codec: str) -> np.ndarray:
        del codec
        half = samples[::2]
        return np.pad(half, (0, -len(half) % 160))

    def widened(self, samples: np.ndarray) -> np.ndarray:
        at = np.arange(2 * len(samples)) / 2
        return np.interp(at, np.arange(len(samples)), samples).astype(np.float32)


def message(*numbers: str, swallowed: tuple[int, ...] = ()) -> tuple[Recording, tuple[Recitation, ...]]:
    """Tones for each number with a second between; the swallowed digits of the first are not sounded."""
    parts, recitations, at_s = [silence(0.5)], [], 0.5
    for nth, number in enumerate(numbers):
        timed = []
        for place, digit in enumerate(number):
            sound = tone(DIGIT_S, frequency_hz=500 + 150 * int(digit))
            parts += [silence(DIGIT_S) if nth == 0 and place in swallowed else sound, silence(GAP_S)]
            timed.append(TimedDigit(digit=digit, onset_s=at_s, offset_s=at_s + DIGIT_S, confidence=0.9))
            at_s += DIGIT_S + GAP_S
        full = len(number) == len(numbers[0])
        recitations.append(Recitation(digits=number, extension=None, full=full, timed_digits=tuple(timed)))
        parts.append(silence(1.0))
        at_s += 1.0
    return recording(*parts), tuple(recitations)


def sent(*numbers: str, lines: tuple[Line, ...] = BAD_LINES, swallowed: tuple[int, ...] = (), seed: int = 1):
    made, recitations = message(*numbers, swallowed=swallowed)
    return send(
        made,
        recitations,
        head=ToneHead(),
        encode=tone_encoder,
        telephone=PlainTelephone(),
        lines=lines,
        seed=seed,
    )


def line(loss: float, burst: float = 3.0) -> Line:
    return Line(codec="mu-law", loss=loss, burst=burst)


def test_a_line_that_loses_nothing_brings_everything() -> None:
    test = sent("4165550198", "4165550198", lines=(line(0.0, 1.0),))
    assert test.results[0].first == test.results[0].all_sayings == "4165550198"
    assert (test.digits, test.n_sayings) == ("4165550198", 2)


def test_on_a_very_bad_line_the_second_saying_fills_the_gaps() -> None:
    """Half of the packets are lost in bursts of a digit's length: each saying keeps some digits."""
    test = sent("4165550198", "4165550198", lines=(line(0.5, 15.0),) * 6)
    assert test.n_whole_first == 0
    n_lost_first, n_lost_all = sum(test.misses_first), sum(test.misses_all)
    assert 10 < n_lost_first < 60
    assert n_lost_all < 0.7 * n_lost_first
    for result in test.results:
        for digit, first, all_ in zip(test.digits, result.first, result.all_sayings, strict=True):
            assert all_ == digit or first != digit


def test_the_same_message_gets_the_same_result_and_another_seed_another() -> None:
    lines = (line(0.4, 12.0),) * 4
    assert sent("4165550198", lines=lines) == sent("4165550198", lines=lines)
    assert sent("4165550198", lines=lines) != sent("4165550198", lines=lines, seed=2)


def test_a_digit_that_one_saying_swallows_is_lost_there() -> None:
    test = sent("4165550198", "4165550198", lines=(line(0.0, 1.0),), swallowed=(4,))
    assert (test.results[0].first, test.results[0].all_sayings) == ("4165?50198", "4165550198")
    assert (test.n_whole_first, test.n_whole_all) == (0, 1)


def test_a_digit_that_is_read_in_no_saying_is_not_blamed_on_the_line() -> None:
    test = sent("4165550198", lines=(line(0.0, 1.0),), swallowed=(4,))
    assert test.results[0].first == "4165.50198"
    assert test.n_whole_first == 1


def test_a_number_that_can_hardly_be_heard_is_not_tested() -> None:
    test = sent("4165550198", swallowed=(0, 2, 4, 6))
    assert test.n_lines == 0
    assert "without a bad line" in test.why_not


def test_a_message_without_a_number_is_not_tested() -> None:
    test = send(recording(silence(2)), (), head=ToneHead(), encode=tone_encoder, telephone=PlainTelephone())
    assert test.n_lines == 0
    assert test.why_not == "no phone number was heard"


def test_a_partial_saying_helps_with_the_digits_that_it_has() -> None:
    test = sent("4165550198", "5550198", lines=(line(0.5, 15.0),) * 6)
    assert test.n_sayings == 2
    assert test.misses_all[:3] == test.misses_first[:3]
    assert sum(test.misses_all[3:]) < sum(test.misses_first[3:])


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("4165550198", "4165550198"), 2),
        (("4165550198", "4165550189"), 1),
        (("4165550198", "5550198", "0198"), 3),
        (("4165550198", "2125550147"), 1),
    ],
)
def test_only_sayings_of_the_same_digits_are_sent(numbers: tuple[str, ...], expected: int) -> None:
    _, recitations = message(*numbers)
    assert len(sayings_of_one_number(recitations)) == expected


@pytest.mark.parametrize(
    ("region", "first", "second", "end"),
    [
        ("US", "4165550198", "14165550198", "4165550198"),
        ("US", "4165550198", "+14165550198", "4165550198"),
        ("US", "14165550198", "4165550198", "4165550198"),
        ("GB", "02079460018", "+442079460018", "2079460018"),
        ("US", "4165550198", "0198", "0198"),
    ],
)
def test_a_number_said_again_in_another_form_is_a_saying_of_it(
    region: str, first: str, second: str, end: str
) -> None:
    _, (one, other) = message(first.lstrip("+"), second.lstrip("+"))
    other = replace(other, digits=second, full=len(second) > 4)
    same = sayings_of_one_number([one, other], region=region)
    assert [each.digits for each in same] == [first, end]
    assert len(same[1].timed_digits) == len(end)


def test_a_number_that_takes_longer_than_the_encoder_hears_is_not_tested() -> None:
    _, (slow,) = message("4165550198")
    last = replace(slow.timed_digits[-1], onset_s=34.0, offset_s=34.4)
    slow = replace(slow, timed_digits=(*slow.timed_digits[:-1], last))
    test = send(
        recording(silence(36.0)), [slow], head=ToneHead(), encode=tone_encoder, telephone=PlainTelephone()
    )
    assert test.results == ()
    assert "more than 29 s" in test.why_not
