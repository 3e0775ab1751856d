"""A call is parted where another begins to speak, before anything is recognised."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import Samples, recording, silence, tone
from test_audio_voice import spoken

from voicecheck.audio.levels import sample_levels_dbfs
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.audio.tones import Tone
from voicecheck.hearing.signal import broken, signal_of, without_tones
from voicecheck.timing import Interval

BEEP = tone(0.4, level=0.2, frequency_hz=1000.0)


def breaks_s(*sounds: Samples) -> list[float]:
    """Where a recording of some sounds, with a little hiss, is parted."""
    sound = np.concatenate(sounds)
    sound += np.random.default_rng(6).normal(0, 1e-3, len(sound)).astype(np.float32)
    call = recording(sound)
    return list(broken(call, signal_of(call)).breaks_s)


def test_it_parts_at_a_beep_and_at_a_change_of_voice() -> None:
    mailbox, rep = spoken(210.0, 4.0, tilt=0.5), spoken(110.0, 4.0)
    (by_voice,) = breaks_s(mailbox, silence(0.8), rep)
    assert 4.0 < by_voice < 4.8
    by_beep = breaks_s(mailbox, silence(0.5), BEEP, silence(0.5), rep)
    assert min(abs(each - 4.9) for each in by_beep) < 0.02
    assert all(4.0 < each < 5.4 for each in by_beep)


def test_one_voice_with_a_pause_is_not_parted() -> None:
    assert breaks_s(spoken(120.0, 4.0), silence(1.5), spoken(120.0, 4.0)) == []


def test_a_word_in_another_tone_is_no_other_voice() -> None:
    """A second of sound tells too little of a voice."""
    assert breaks_s(spoken(110.0, 4.0), silence(0.8), spoken(210.0, 1.2, tilt=0.5)) == []


def test_voices_without_a_silence_between_are_not_parted() -> None:
    """A word might be cut in two."""
    assert breaks_s(spoken(210.0, 4.0, tilt=0.5), spoken(110.0, 4.0)) == []


def test_a_quiet_rep_behind_a_loud_mailbox_is_turned_up_for_the_recogniser() -> None:
    mailbox, rep = spoken(210.0, 4.0, tilt=0.5, peak=0.6), spoken(110.0, 4.0, peak=0.06)
    call = recording(np.concatenate([mailbox, silence(0.5), BEEP, silence(0.5), rep]))
    heard = broken(call, signal_of(call)).samples
    first = round(5.6 * SAMPLE_RATE_HZ)
    loud, quiet = (np.percentile(sample_levels_dbfs(part), 95) for part in (heard[:first], heard[first:]))
    assert quiet == pytest.approx(loud, abs=1.5)
    assert np.array_equal(heard[: 4 * SAMPLE_RATE_HZ], call.samples[: 4 * SAMPLE_RATE_HZ])


def test_a_recording_that_is_not_parted_is_heard_as_it_is() -> None:
    call = recording(spoken(120.0, 4.0, peak=0.05))
    assert broken(call, signal_of(call)).samples is call.samples


@pytest.mark.parametrize(
    ("purity", "left"), [(0.99, [(0.0, 0.9), (0.95, 1.0), (1.5, 2.0)]), (0.5, [(0.0, 0.9), (0.95, 2.0)])]
)
def test_a_pure_tone_is_no_sound_of_a_voice(purity: float, left: list[tuple[float, float]]) -> None:
    beep = Tone(
        kind="beep",
        interval=Interval(onset_s=1.0, offset_s=1.5),
        frequencies_hz=(1000.0,),
        level_dbfs=-10.0,
        purity=purity,
    )
    sounds = [Interval(onset_s=0.0, offset_s=0.9), Interval(onset_s=0.95, offset_s=2.0)]
    assert [(each.onset_s, each.offset_s) for each in without_tones(sounds, [beep])] == left
