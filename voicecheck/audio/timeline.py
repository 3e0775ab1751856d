"""Decoded sound put where it belongs in time, silence for what is lost."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from voicecheck.audio.channels import MAX_CHANNELS
from voicecheck.audio.formats import RATES_HZ
from voicecheck.audio.parts import CUT_MIN_S
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.errors import DecodeError, InputError

_LOUDEST = 2.0**16  # a float file scaled like 16-bit samples stays below; anything more is no sound

_STAMP_SLACK_S = 0.025  # Vorbis and WebM time stamps wander by 10 ms in whole files

_STAMP_SLACK_BROKEN_S = 0.002


class Timeline:
    """Sound put where it belongs, at 16 kHz, with silence where some is missing."""

    def __init__(self, *, name: str, limit_s: float, horizon_s: float) -> None:
        self.name = name
        self.limit_s = limit_s
        self.horizon_s = horizon_s  # a stamp later than this is itself damaged
        self.read_s = 0.0
        self.missing_s = 0.0
        self.owed_s = 0.0
        self.n_breaks = 0
        self.n_dropped = 0
        self.dropped_s = 0.0  # missing though nothing failed to decode: it was never recorded
        self.n_not_sound = 0
        self.broken = False  # something was lost since the last frame
        self._runs: list[_Resampled] = []

    @property
    def now_s(self) -> float:
        """Where the next frame goes if nothing is missing."""
        return self.read_s + self.missing_s

    @property
    def sample_rate_hz(self) -> int:
        """Of what was read last."""
        return self._runs[-1].rate_hz

    @property
    def n_channels(self) -> int:
        """The most that any part of the file has."""
        return max(run.n_channels for run in self._runs)

    def lose(self, seconds: float) -> None:
        """Note that something could not be decoded here, and how long it was as far as is known.

        Parameters
        ----------
        seconds : float
            Of sound; 0 if nothing tells.
        """
        self.n_breaks += not self.broken
        self.broken = True
        self.owed_s += seconds

    def place(self, block: NDArray[np.float32], rate_hz: int, at_s: float | None) -> None:
        """Add sound, shape=(n_samples, n_channels), that belongs at `at_s`; None if nothing tells.

        Parameters
        ----------
        block : np.ndarray, shape=(n_samples, n_channels)
            -1 to 1; what is no number, or far beyond, counts as silence.
        rate_hz : int
            Of this block.
        at_s : float or None
            By the file's own stamp.
        """
        if self.broken and at_s is None:
            return  # after damage only a stamp says where; until one comes, all counts as missing
        run = self._run(rate_hz, block.shape[1])
        gap_s = 0.0 if at_s is None or at_s > self.horizon_s else at_s - self.now_s
        if gap_s > (_STAMP_SLACK_BROKEN_S if self.broken else _STAMP_SLACK_S):
            if not self.broken:
                self.n_dropped += 1
                self.dropped_s += gap_s
            self._be_silent(run, gap_s)
        self.broken, self.owed_s = False, 0.0
        not_sound = ~(np.abs(block) <= _LOUDEST)
        if not_sound.any():
            self.n_not_sound += int(not_sound.sum())
            block = np.where(not_sound, np.float32(0.0), block)
        self.read_s += len(block) / run.rate_hz
        self.check_limit()
        run.add(block)

    def finish(self) -> list[NDArray[np.float32]]:
        """All samples: an array for each run, shape=(n_samples, n_channels)."""
        if not self._runs or self.read_s == 0.0:
            raise DecodeError(
                f"{self.name}: the file holds no sound that can be decoded; record or copy it again"
            )
        return [run.finish() for run in self._runs]

    def _be_silent(self, run: _Resampled, seconds: float) -> None:
        self.missing_s += seconds
        self.check_limit()
        n_left = round(seconds * run.rate_hz)
        while n_left > 0:
            n_now = min(n_left, run.rate_hz)
            run.add(np.zeros((n_now, run.n_channels), dtype=np.float32))
            n_left -= n_now

    def check_limit(self, more_s: float = 0.0) -> None:
        """Refuse a recording that is too long, or will be with so much more.

        Parameters
        ----------
        more_s : float
            Sound that is still to come.

        Raises
        ------
        InputError
            If it is.
        """
        if self.now_s + more_s > self.limit_s + CUT_MIN_S:
            raise InputError(
                f"{self.name}: longer than the limit of {self.limit_s:g} s; cut it down to the message"
            )

    def _run(self, rate_hz: int, n_channels: int) -> _Resampled:
        """Find the run that a block belongs to; a file may change its sound midway."""
        if self._runs and (self._runs[-1].rate_hz, self._runs[-1].n_channels) == (rate_hz, n_channels):
            return self._runs[-1]
        if rate_hz not in RATES_HZ:
            raise DecodeError(f"{self.name}: a rate of {rate_hz} Hz is not usable; save it at 8 to 48 kHz")
        check_channels(n_channels, self.name)
        self._runs.append(_Resampled(rate_hz, n_channels))
        return self._runs[-1]


class _Resampled:
    """A stretch of one sample rate and number of channels, resampled as it comes."""

    def __init__(self, rate_hz: int, n_channels: int) -> None:
        self.rate_hz = rate_hz
        self.n_channels = n_channels
        # VHQ computes in double precision: what machines round differently vanishes in float32.
        self._resampler = soxr.ResampleStream(
            rate_hz, SAMPLE_RATE_HZ, n_channels, dtype="float32", quality="VHQ"
        )
        self._pieces: list[NDArray[np.float32]] = []

    def add(self, block: NDArray[np.float32]) -> None:
        self._pieces.append(
            self._resampler.resample_chunk(np.ascontiguousarray(block)).reshape(-1, self.n_channels)
        )

    def finish(self) -> NDArray[np.float32]:
        rest = np.zeros((0, self.n_channels), dtype=np.float32)
        self._pieces.append(self._resampler.resample_chunk(rest, last=True).reshape(-1, self.n_channels))
        return np.concatenate(self._pieces)


def check_channels(n_channels: int, name: str) -> None:
    """Refuse more channels than can be read.

    Parameters
    ----------
    n_channels : int
        As the decoder gives them.
    name : str
        Of the file, for the complaint.

    Raises
    ------
    DecodeError
        If there are none, or too many.
    """
    if n_channels not in range(1, MAX_CHANNELS + 1):
        raise DecodeError(f"{name}: {n_channels} channels are not usable; save it as mono or stereo")
