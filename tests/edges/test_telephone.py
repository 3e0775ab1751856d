from __future__ import annotations

import numpy as np
import pytest
from sounds import tone

from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.errors import ParameterError
from voicecheck.linetest.packets import PACKET_SAMPLES


def level_db(samples: np.ndarray) -> float:
    """Of the middle half, so that the filter's edges do not count."""
    quarter = len(samples) // 4
    return float(20 * np.log10(np.sqrt(np.mean(np.square(samples[quarter:-quarter]))) + 1e-9))


@pytest.mark.parametrize("codec", ["mu-law", "GSM"])
@pytest.mark.parametrize("n_samples", [0, 1, 320, 16_001])
def test_a_line_gives_whole_packets(codec: str, n_samples: int) -> None:
    narrow = TelephoneNetwork().narrowed(np.zeros(n_samples, dtype=np.float32), codec)
    assert narrow.dtype == np.float32
    assert len(narrow) == -(-((n_samples + 1) // 2) // PACKET_SAMPLES) * PACKET_SAMPLES


@pytest.mark.parametrize(("frequency_hz", "passes"), [(100, False), (500, True), (3000, True), (3800, False)])
def test_the_telephone_band_passes_and_the_rest_does_not(frequency_hz: float, passes: bool) -> None:
    sound = tone(1.0, frequency_hz=frequency_hz)
    loss_db = level_db(sound) - level_db(TelephoneNetwork().narrowed(sound, "mu-law"))
    assert loss_db == pytest.approx(0.0, abs=1.0) if passes else loss_db > 20


def test_mu_law_has_the_noise_of_its_quantiser() -> None:
    """G.711 keeps 33 dB or more between a sine and its noise at this level (ITU-T G.712).

    At 1,020 Hz, the usual test tone: at 1,000 Hz the same eight samples would come again and again.
    """
    sound = tone(1.0, frequency_hz=1020, level=0.3)
    line = TelephoneNetwork()
    back = line.widened(line.narrowed(sound, "mu-law"))[: len(sound)]
    noise = (back - sound)[4000:-4000]
    ratio_db = 10 * np.log10(np.mean(sound[4000:-4000] ** 2) / np.mean(noise**2))
    assert 33 < ratio_db < 45


@pytest.mark.parametrize("codec", ["mu-law", "GSM"])
def test_what_comes_out_is_in_step_with_what_went_in(codec: str, rng: np.random.Generator) -> None:
    """Bursts of noise in the band: the best lag is none, to a fifth of a packet."""
    spectrum = np.fft.rfft(rng.standard_normal(16_000))
    hertz = np.fft.rfftfreq(16_000, 1 / 16_000)
    spectrum[(hertz < 400) | (hertz > 2500)] = 0
    sound = (0.1 * np.fft.irfft(spectrum, 16_000) / 0.25).astype(np.float32)
    sound[3000:9000] = 0
    line = TelephoneNetwork()
    back = line.widened(line.narrowed(sound, codec))[: len(sound)]
    lags = np.arange(-400, 401)
    match = [np.dot(back[400:-400], np.roll(sound, lag)[400:-400]) for lag in lags]
    assert abs(lags[int(np.argmax(match))]) <= 64


def test_an_unknown_codec_is_refused() -> None:
    with pytest.raises(ParameterError, match="mu-law, GSM"):
        TelephoneNetwork().narrowed(np.zeros(320, dtype=np.float32), "opus")
