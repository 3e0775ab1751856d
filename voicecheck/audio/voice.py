"""Whether one voice is heard or two: how each word sounds, and what a second voice would explain.

Conventions
-----------
A frame is 40 ms long and a new one starts every `HOP_S`. It is described by `N_CEPSTRA` cepstral
coefficients (how its sound is spread over `N_BANDS` bands of equal width in mel, the level taken out), its
level and the logarithm of its pitch. The frames of a voice are taken for independent draws from normal
distributions, one for each of these. How much likelier they become when two sets of words get
distributions of their own is the generalised likelihood ratio of speaker segmentation [1]_. This is no
speaker recognition: the spectrum holds the line as well as the voice, and here both are wanted, for a mailbox
speaks through another line than the one who calls it.

References
----------
.. [1] Gish, Siu & Rohlicek (1991), Segregation of speakers for speech recognition and speaker identification,
   ICASSP, 873-876.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.timing import Interval, overlap_s

Samples = NDArray[np.float32]
Rows = NDArray[np.float32]
Doubles = NDArray[np.float64]

HOP_S = 0.020
FRAME, FFT = 640, 1024
N_BANDS, LOWEST_HZ, HIGHEST_HZ = 20, 120.0, 7600.0
N_CEPSTRA = 12
PITCH_LOW_HZ, PITCH_HIGH_HZ = 70.0, 400.0
VOICED = 0.5
"""Autocorrelation at the best lag, over that at zero, from which a frame counts as voiced."""

LOUD_DB = 30.0
"""Frames of a word further below the loudest of all words than this are silence."""

BAND_DEPTH_DB = 45.0
"""A band further below its frame is taken for this: there is nothing but rounding in the bands that a line
lacks."""

PRIOR_FRAMES = 50.0
"""So many frames of the whole recording stand beside those of each voice: a few words have no spread of their
own."""

FRAMES_MIN = 10
"""Fewer loud frames describe no voice."""

CHANGE_GAIN = 0.3
"""A second voice that explains so much is another one, if more speaks for it."""

PART_GAIN, PART_GAP_S, PART_VOICE_S = 0.4, 0.3, 1.5
"""By the sound alone a recording is parted where a second voice explains so much, in so long a silence, and
with so much sound of each. With a gain of 0.3 and 1 s, 10 of 113 recordings of one voice were parted, some in
their number, now 1; of 48 mailboxes as many are parted from the rep where no beep does it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class VoiceTrack:
    """What `voice_track` measured, one row each `HOP_S`.

    Parameters
    ----------
    cepstra_db : np.ndarray, shape=(n_frames, N_CEPSTRA), dtype=float32
        Cosine transform of the level in each band, without the first coefficient.
    level_db : np.ndarray, shape=(n_frames,), dtype=float32
        Level of the frame.
    pitch_hz : np.ndarray, shape=(n_frames,), dtype=float32
        NaN where nothing is voiced.
    """

    cepstra_db: Rows
    level_db: Rows
    pitch_hz: Rows


@dataclass(frozen=True, kw_only=True, eq=False)
class VoiceSums:
    """The loud frames of each word, added up: all that a normal distribution needs.

    Parameters
    ----------
    n, total, squares : np.ndarray, shape=(n_words, N_CEPSTRA + 2), dtype=float64
        How many frames are known in each dimension, their sum, and the sum of their squares.
    """

    n: Doubles
    total: Doubles
    squares: Doubles

    @property
    def n_frames(self) -> Doubles:
        """Loud frames of each word, shape (n_words,)."""
        return self.n[:, 0]


def voice_track(samples: Samples) -> VoiceTrack:
    """Measure spectrum, level and pitch, frame by frame.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,)
        At `SAMPLE_RATE_HZ`.

    Returns
    -------
    VoiceTrack
        One value, or row, a frame.
    """
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, FRAME // 2), FRAME)[::hop]
    bands, pitch = [], []
    weights = _band_weights()
    for start in range(0, len(frames), 500):
        spectrum = np.fft.rfft(frames[start : start + 500] * window, FFT, axis=1)
        power = (np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32) / np.float32(FRAME)
        bands.append(power @ weights)
        pitch.append(_pitch_hz(power))
    energy = np.concatenate(bands) + np.float32(1e-12)
    level_db = 10 * np.log10(energy.sum(axis=1, keepdims=True))
    bands_db = np.maximum(10 * np.log10(energy) - level_db, -BAND_DEPTH_DB)
    return VoiceTrack(
        cepstra_db=(bands_db @ _cosines()).astype(np.float32),
        level_db=level_db[:, 0].astype(np.float32),
        pitch_hz=np.concatenate(pitch),
    )


def _band_weights() -> Rows:
    """Sum the bins of each band; bands are equally wide in mel and do not overlap."""
    edges_mel = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), N_BANDS + 1)
    bin_mel = _mel(np.arange(FFT // 2 + 1) * SAMPLE_RATE_HZ / FFT)
    inside = (bin_mel[:, None] >= edges_mel[:-1]) & (bin_mel[:, None] < edges_mel[1:])
    return inside.astype(np.float32)


def _mel(hz: float | Doubles) -> Doubles:
    return np.asarray(2595 * np.log10(1 + np.asarray(hz) / 700))


def _cosines() -> Rows:
    """The cosine transform of the bands (type 2, orthonormal), its first row left out."""
    order, band = np.arange(1, N_CEPSTRA + 1), np.arange(N_BANDS) + 0.5
    rows = np.sqrt(2 / N_BANDS) * np.cos(np.pi * np.outer(band, order) / N_BANDS)
    return np.asarray(rows, dtype=np.float32)


def _pitch_hz(power: Rows) -> Rows:
    """Find the lag at which each frame is most like itself."""
    alike = np.fft.irfft(power, axis=1)
    first, last = round(SAMPLE_RATE_HZ / PITCH_HIGH_HZ), round(SAMPLE_RATE_HZ / PITCH_LOW_HZ)
    taper = 1 - np.arange(last + 1) / FRAME  # of the window: fewer samples overlap at a longer lag
    lags = alike[:, first : last + 1] / taper[first:]
    best = lags.argmax(axis=1)
    voiced = lags[np.arange(len(lags)), best] > VOICED * np.maximum(alike[:, 0], 1e-12)
    return np.where(voiced, SAMPLE_RATE_HZ / (first + best), np.nan).astype(np.float32)


def voice_sums(track: VoiceTrack, words: Sequence[Interval | None]) -> VoiceSums:
    """Add up the loud frames of each word.

    Parameters
    ----------
    track : VoiceTrack
        Of the whole recording.
    words : sequence of Interval or None
        When each word was said; None for one that is not to be looked at, such as a word under a tone.

    Returns
    -------
    VoiceSums
        One row a word.
    """
    spans = [
        slice(0, 0) if each is None else slice(round(each.onset_s / HOP_S), round(each.offset_s / HOP_S) + 1)
        for each in words
    ]
    pitch = np.log2(track.pitch_hz)[:, None]
    rows = np.concatenate([track.cepstra_db, track.level_db[:, None], pitch], axis=1, dtype=np.float64)
    inside = np.concatenate([track.level_db[span] for span in spans]) if spans else np.zeros(0)
    threshold_db = np.percentile(inside, 95) - LOUD_DB if len(inside) else 0.0
    n, total, squares = (np.zeros((len(spans), rows.shape[1])) for _ in range(3))
    for place, span in enumerate(spans):
        loud = rows[span][track.level_db[span] >= threshold_db]
        known = np.isfinite(loud)
        n[place] = known.sum(axis=0)
        total[place] = np.where(known, loud, 0.0).sum(axis=0)
        squares[place] = np.square(np.where(known, loud, 0.0)).sum(axis=0)
    return VoiceSums(n=n, total=total, squares=squares)


def second_voice_gain(sums: VoiceSums, is_other: NDArray[np.bool_]) -> float:
    """Tell how much likelier the sound is if some of the words are another voice's.

    Parameters
    ----------
    sums : VoiceSums
        Of all words.
    is_other : np.ndarray, shape=(n_words,), dtype=bool
        Which words may be another's.

    Returns
    -------
    float
        Logarithm (natural) of the likelihood ratio, by the frame: 0 where one of the two voices has fewer
        than `FRAMES_MIN`. Some 0.1 within one voice, 0.3 and more between two.
    """
    n_all = sums.n_frames.sum()
    if min(sums.n_frames[is_other].sum(), sums.n_frames[~is_other].sum()) < FRAMES_MIN:
        return 0.0
    _, pooled = _normal(sums, np.ones(len(is_other), dtype=bool))
    gain = 0.0
    for side in (is_other, ~is_other):
        n, variance = _normal(sums, side)
        shrunk = (n * variance + PRIOR_FRAMES * pooled) / (n + PRIOR_FRAMES)
        gain += 0.5 * float((n * np.log(pooled / shrunk)).sum())
    return gain / float(n_all)


def two_voices(sums: VoiceSums, turns: Sequence[int]) -> NDArray[np.bool_]:
    """Part the words into two voices, turn by turn, so that the sound becomes as likely as it can.

    Parameters
    ----------
    sums : VoiceSums
        Of all words.
    turns : sequence of int
        The first word of each turn, 0 included: a voice speaks whole turns.

    Returns
    -------
    np.ndarray, shape=(n_words,), dtype=bool
        Which words are the second voice's; none where that explains nothing.
    """
    n_words = len(sums.n)
    is_other = np.zeros(n_words, dtype=bool)
    spans = [slice(first, stop) for first, stop in pairwise([*turns, n_words])]
    best = 0.0
    while True:
        gains = []
        for span in spans:
            flipped = is_other.copy()
            flipped[span] = ~flipped[span]
            gains.append(second_voice_gain(sums, flipped))
        place = int(np.argmax(gains)) if gains else 0
        if not gains or gains[place] <= best + 1e-9:
            return is_other
        best = gains[place]
        is_other[spans[place]] = ~is_other[spans[place]]


def voice_changes(track: VoiceTrack, sounds: Sequence[Interval], tones: Sequence[Interval]) -> list[float]:
    """Find where another voice, or another line, begins to be heard, by the sound alone.

    Parameters
    ----------
    track : VoiceTrack
        Of the whole recording.
    sounds : sequence of Interval
        Where it sounds, in time order.
    tones : sequence of Interval
        Of the line; what sounds under them is nobody's.

    Returns
    -------
    list of float
        Seconds, in time order, each in a silence of `PART_GAP_S` or more. People who take quick turns are
        not parted: on both sides of a change one voice goes on for a while.
    """
    nobody = [any(overlap_s(tone, sound) > 0.05 for tone in tones) for sound in sounds]
    sums = voice_sums(track, [None if no else sound for no, sound in zip(nobody, sounds, strict=True)])
    changes: list[float] = []
    spans = [(0, len(sounds))]
    while spans:
        first, stop = spans.pop()
        place = _best_change(sums, sounds, first, stop)
        if place is not None:
            silence_s = sounds[place].onset_s - sounds[place - 1].offset_s
            changes.append(sounds[place].onset_s - min(silence_s / 2, PART_GAP_S))
            spans += [(first, place), (place, stop)]
    return sorted(changes)


def _best_change(sums: VoiceSums, sounds: Sequence[Interval], first: int, stop: int) -> int | None:
    """Find the silence among some sounds at which a second voice explains most, if it explains enough."""
    own = VoiceSums(n=sums.n[first:stop], total=sums.total[first:stop], squares=sums.squares[first:stop])
    before = np.concatenate([[0.0], np.cumsum(own.n_frames)])
    least = PART_VOICE_S / HOP_S
    gains = {
        place: second_voice_gain(own, np.arange(first, stop) >= place)
        for place in range(first + 1, stop)
        if sounds[place].onset_s - sounds[place - 1].offset_s >= PART_GAP_S
        and least <= before[place - first] <= before[-1] - least
    }
    best = max(gains, key=lambda place: gains[place], default=None)
    return best if best is not None and gains[best] >= PART_GAIN else None


def _normal(sums: VoiceSums, chosen: NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
    """Count the frames of some words, and measure their variance, in each dimension."""
    n = sums.n[chosen].sum(axis=0)
    mean = sums.total[chosen].sum(axis=0) / np.maximum(n, 1)
    variance = sums.squares[chosen].sum(axis=0) / np.maximum(n, 1) - np.square(mean)
    return n, np.maximum(variance, 1e-3)
