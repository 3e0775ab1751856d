"""The telephone network's band and codecs: sound in at 16 kHz, and out again as the other end gets it.

The codecs are the real ones, run by libsndfile: G.711 mu-law [1]_, which fixed lines and internet telephony
use, and GSM full rate [2]_, a mobile codec of 13 kbit/s that keeps much less.

References
----------
.. [1] ITU-T Recommendation G.711 (1988), Pulse code modulation (PCM) of voice frequencies.
.. [2] ETSI EN 300 961 (GSM 06.10), Full rate speech; Transcoding.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.errors import ParameterError

Samples = NDArray[np.float32]

LINE_RATE_HZ = 8000

PACKET_SAMPLES = 160
"""20 ms, the usual packet of internet telephony and the frame of GSM."""

CODECS = {"mu-law": "ULAW", "GSM": "GSM610"}
"""Each codec as libsndfile names it."""

BAND_HZ = (300.0, 3400.0)
"""What a telephone passes: the voice band of ITU-T G.712 and of every analogue line."""

BAND_TAPS = 161
"""Length of the filter, 20 ms: its edges are some 160 Hz wide."""


class TelephoneNetwork:
    """Fixed lines and GSM."""

    def narrowed(self, samples: Samples, codec: str) -> Samples:
        """Send sound into a line: the telephone band at 8 kHz, coded and decoded.

        Parameters
        ----------
        samples : np.ndarray, shape=(n_samples,)
            At `SAMPLE_RATE_HZ`.
        codec : str
            One of `CODECS`.

        Returns
        -------
        np.ndarray, shape=(n_packets * PACKET_SAMPLES,), dtype=float32
            At `LINE_RATE_HZ`, in step with the input, filled up to whole packets.

        Raises
        ------
        ParameterError
            If the codec is unknown.
        """
        if codec not in CODECS:
            raise ParameterError(f"codec must be one of {', '.join(CODECS)}, got {codec!r}")
        import soxr

        slow = soxr.resample(samples, SAMPLE_RATE_HZ, LINE_RATE_HZ)
        banded = _in_band(slow) if len(slow) else slow
        padded = np.pad(banded, (0, -len(banded) % PACKET_SAMPLES))
        return _recoded(np.clip(padded, -1.0, 1.0), CODECS[codec])

    def widened(self, samples: Samples) -> Samples:
        """Bring what came out of a line back to `SAMPLE_RATE_HZ`.

        Parameters
        ----------
        samples : np.ndarray, shape=(n_samples,)
            At the rate of the line, 8 kHz.

        Returns
        -------
        np.ndarray, shape=(2 * n_samples,)
            At 16 kHz, with nothing above 4 kHz.
        """
        import soxr

        wide: Samples = soxr.resample(samples, LINE_RATE_HZ, SAMPLE_RATE_HZ).astype(np.float32)
        return wide


def _in_band(samples: Samples) -> NDArray[np.float64]:
    """Pass the telephone band, without delay: the difference of two windowed sincs."""
    at = np.arange(BAND_TAPS) - BAND_TAPS // 2
    low, high = (2 * edge / LINE_RATE_HZ for edge in BAND_HZ)
    band: NDArray[np.float64] = (high * np.sinc(high * at) - low * np.sinc(low * at)) * np.hamming(BAND_TAPS)
    return np.convolve(samples, band)[BAND_TAPS // 2 :][: len(samples)]


def _recoded(samples: NDArray[np.float64], subtype: str) -> Samples:
    """Encode and decode in memory."""
    import soundfile

    coded = io.BytesIO()
    soundfile.write(coded, samples, LINE_RATE_HZ, format="WAV", subtype=subtype)
    coded.seek(0)
    decoded = np.zeros(len(samples), dtype=np.float32)
    with soundfile.SoundFile(coded) as file:
        at = 0
        # GSM cannot be sought, so it is read bit by bit; its last block may be longer than what went in.
        while at < len(decoded) and len(block := file.read(2 * PACKET_SAMPLES, dtype="float32")):
            decoded[at : at + len(block)] = block[: len(decoded) - at]
            at += len(block)
    return decoded
