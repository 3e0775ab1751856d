from __future__ import annotations

import json
import math
from dataclasses import asdict

import numpy as np
import pytest
from sounds import recording, silence, tone

from voicecheck.audio.condition import Condition, bandwidth_hz, clipped_share, dropouts, measure_condition
from voicecheck.audio.levels import active_speech_level, frame_levels_dbfs, sounding
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.timing import Interval

SINE_DBOV = 20 * math.log10(0.3 / math.sqrt(2))
"""Level of `tone`'s default sine."""


def condition_of(made: Recording) -> Condition:
    levels = frame_levels_dbfs(made)
    return measure_condition(made, levels, sounding(levels))


def noise(rng: np.random.Generator, duration_s: float, level: float) -> np.ndarray:
    return (level * rng.standard_normal(round(duration_s * SAMPLE_RATE_HZ))).astype(np.float32)


def low_passed(samples: np.ndarray, edge_hz: float) -> np.ndarray:
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ) > edge_hz] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


# --- active speech level ---


@pytest.mark.parametrize("level", [0.003, 0.03, 0.3, 0.9])
def test_of_a_steady_sine_the_active_level_is_its_rms(level: float) -> None:
    level_dbov, activity = active_speech_level(tone(10.0, level=level))
    assert level_dbov == pytest.approx(20 * math.log10(level / math.sqrt(2)), abs=0.1)
    assert activity == pytest.approx(1.0, abs=0.02)


def test_pauses_do_not_lower_the_active_level_but_the_activity() -> None:
    """Five bursts of 4 s and as much silence; each counts for 0.3 s more: hangover, and the fall.

    So the activity is 4.3 / 8 and the level 10 log(4 / 4.3) = -0.3 dB lower.
    """
    made = np.concatenate([part for _ in range(5) for part in (tone(4.0), silence(4.0))])
    level_dbov, activity = active_speech_level(made)
    assert level_dbov == pytest.approx(SINE_DBOV - 0.3, abs=0.15)
    assert activity == pytest.approx(4.3 / 8, abs=0.02)


def test_short_gaps_belong_to_the_speech() -> None:
    """Gaps of 0.15 s are shorter than the hangover: all of it is active, and the level is the mean's."""
    made = np.concatenate([part for _ in range(40) for part in (tone(0.15), silence(0.15))])
    level_dbov, activity = active_speech_level(made)
    assert activity == pytest.approx(1.0, abs=0.03)
    assert level_dbov == pytest.approx(SINE_DBOV - 3.01, abs=0.15)


def test_gain_moves_the_active_level_by_as_much() -> None:
    made = np.concatenate([tone(2.0), silence(1.0), tone(0.7, level=0.1), silence(2.0)])
    soft, loud = active_speech_level(made * np.float32(0.1)), active_speech_level(made)
    assert loud[0] - soft[0] == pytest.approx(20.0, abs=0.15)
    assert loud[1] == pytest.approx(soft[1], abs=0.02)


@pytest.mark.parametrize("made", [silence(0), silence(3.0)])
def test_silence_has_no_active_level(made: np.ndarray) -> None:
    assert all(math.isnan(value) for value in active_speech_level(made))


# --- noise, clipping, dead air ---


@pytest.mark.parametrize("snr_db", [10, 20, 40])
def test_snr_is_what_was_planted(snr_db: int, rng: np.random.Generator) -> None:
    made = np.concatenate([silence(2.0), tone(6.0), silence(2.0)])
    level = 0.3 / math.sqrt(2) / 10 ** (snr_db / 20)
    found = condition_of(recording(made + noise(rng, 10.0, level)))
    assert found.noise_floor_dbfs == pytest.approx(SINE_DBOV - snr_db, abs=0.5)
    assert found.snr_db == pytest.approx(snr_db, abs=1.0)


def test_clipping_is_the_share_of_samples_at_full_scale() -> None:
    """A sine of peak 2 held at 1 stays at the top for two thirds of its time: |sin| >= 1/2."""
    clipped = np.clip(tone(1.0, level=2.0), -1, 1)
    assert clipped_share(clipped) == pytest.approx(2 / 3, abs=0.02)
    assert clipped_share(tone(1.0, level=0.9)) == 0.0
    assert clipped_share(silence(0)) == 0.0


def test_dead_air_is_what_lies_before_and_after_the_sound() -> None:
    found = condition_of(recording(silence(1.5), tone(2.0), silence(3.0)))
    assert (found.lead_s, found.tail_s) == pytest.approx((1.5, 3.0), abs=0.03)


def test_of_silence_nothing_is_measured_but_its_length() -> None:
    found = condition_of(recording(silence(4.0)))
    assert (found.lead_s, found.tail_s, found.clipped_share, found.dropouts) == (4.0, 4.0, 0.0, ())
    unmeasured = (found.active_level_dbov, found.snr_db, found.bandwidth_hz)
    assert all(math.isnan(value) for value in unmeasured)
    assert found.band is None


# --- bandwidth ---


@pytest.mark.parametrize(
    ("edge_hz", "band"), [(3400, "telephone"), (4000, "telephone"), (5500, "wide"), (7500, "wide")]
)
def test_the_band_ends_where_the_sound_does(edge_hz: float, band: str, rng: np.random.Generator) -> None:
    """Noise that falls by 6 dB an octave, as speech does, over a room that is 60 dB below."""
    burst = np.cumsum(noise(rng, 2.0, 1.0))
    burst = low_passed(burst - burst.mean(), edge_hz)
    burst *= 0.1 / np.std(burst)
    made = np.concatenate([silence(1.0), burst, silence(1.0)]) + noise(rng, 4.0, 1e-5)
    found = condition_of(recording(made))
    assert found.bandwidth_hz == pytest.approx(edge_hz, abs=260)
    assert found.band == band


def test_hiss_does_not_widen_the_band(rng: np.random.Generator) -> None:
    """White noise goes up to 8 kHz, but it is there in the pauses as well."""
    voice = low_passed(noise(rng, 2.0, 0.1), 3400)
    made = np.concatenate([silence(1.0), voice, silence(1.0)]) + noise(rng, 4.0, 0.003)
    assert condition_of(recording(made)).band == "telephone"


def test_without_sound_there_is_no_band() -> None:
    assert math.isnan(bandwidth_hz(tone(1.0), ()))
    assert math.isnan(bandwidth_hz(silence(0), [Interval(onset_s=0.0, offset_s=1.0)]))


# --- dropouts ---


@pytest.mark.parametrize("hole_s", [0.02, 0.06, 0.12])
def test_a_hole_is_found_where_it_is(hole_s: float, rng: np.random.Generator) -> None:
    voice = noise(rng, 2.0, 0.1)
    first, last = round(1.0 * SAMPLE_RATE_HZ), round((1.0 + hole_s) * SAMPLE_RATE_HZ)
    voice[first:last] = 0
    (found,) = dropouts(voice, active_speech_level(voice)[0])
    assert (found.onset_s, found.offset_s) == pytest.approx((1.0, 1.0 + hole_s), abs=0.006)


def test_what_fades_or_is_short_or_long_is_no_hole(rng: np.random.Generator) -> None:
    level = 0.1
    fade = np.concatenate([np.geomspace(1, 1e-4, 800), np.zeros(800), np.geomspace(1e-4, 1, 800)])
    closure = noise(rng, 0.15, level) * fade.astype(np.float32)
    parts = [noise(rng, 0.5, level), closure, noise(rng, 0.5, level)]
    parts += [silence(0.004), noise(rng, 0.5, level), silence(0.6), noise(rng, 0.5, level)]
    made = np.concatenate(parts)
    assert dropouts(made, active_speech_level(made)[0]) == ()


def test_a_pause_in_which_the_room_is_heard_is_no_hole(rng: np.random.Generator) -> None:
    made = np.concatenate([noise(rng, 0.5, 0.1), silence(0.1), noise(rng, 0.5, 0.1)]) + noise(rng, 1.1, 0.003)
    assert dropouts(made, active_speech_level(made)[0]) == ()


def test_a_condition_can_be_written_and_read() -> None:
    found = condition_of(recording(silence(0.5), tone(1.0), silence(0.5)))
    assert json.loads(json.dumps(asdict(found)))["active_level_dbov"] == found.active_level_dbov
