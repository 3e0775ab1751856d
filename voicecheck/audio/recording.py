"""A decoded recording: its samples, and what the file was that they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import ParameterError

SAMPLE_RATE_HZ = 16_000
"""The one sample rate inside voicecheck; Whisper was trained at it."""

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
"""The two channels of a recording, in the order in which files hold them."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a recording was before it was decoded.

    Parameters
    ----------
    name : str
        The file's name, without its folder.
    sha256 : str
        Of the file's bytes, 64 hex digits.
    duration_s : float
        Of what could be decoded, in seconds.
    declared_duration_s : float or None
        What the file's header promises, in seconds; None if it promises nothing.
    side : {"left", "right"} or None
        The channel that is judged, because the other one is the line's; None where all are.
    sample_rate_hz, channels : int
        As in the file, before resampling and mixing down.
    codec : str
        As the decoder names it, such as ``pcm_mulaw`` or ``aac``.
    """

    name: str
    sha256: str
    duration_s: float
    sample_rate_hz: int
    channels: int
    codec: str
    declared_duration_s: float | None = None
    side: Side | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """Decoded audio, ready to be measured.

    Parameters
    ----------
    samples : np.ndarray, shape=(n_samples,), dtype=float32
        Mono, at `SAMPLE_RATE_HZ`; full scale is 1.0.
    source : Source
        The file they came from.
    warnings : tuple of str
        What the user must know before any verdict: a file cut short, blocks that could not be decoded.
    remarks : tuple of str
        What is odd about a file of which nothing is lost.
    line : np.ndarray, shape=(n_samples,), dtype=float32, or None
        The other side of the call, where it is on a channel of its own.
    breaks_s : tuple of float
        Where a recogniser must not read on, in seconds: after a beep another speaks.

    Raises
    ------
    ParameterError
        If the samples are not one-dimensional float32, or some are not finite.
    """

    samples: NDArray[np.float32]
    source: Source
    warnings: tuple[str, ...] = field(default=())
    remarks: tuple[str, ...] = field(default=())
    line: NDArray[np.float32] | None = None
    breaks_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            shape, dtype = self.samples.shape, self.samples.dtype
            raise ParameterError(f"samples must be one row of float32, got {shape} of {dtype}")
        if not np.isfinite(self.samples).all():
            raise ParameterError("samples hold values that are not finite")

    @property
    def duration_s(self) -> float:
        """Length of the decoded audio in seconds."""
        return len(self.samples) / SAMPLE_RATE_HZ
