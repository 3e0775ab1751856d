"""What an engine heard: words with times, and the encoder frames behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import ParameterError
from voicecheck.timing import Interval, check_times

WordPart = Literal["message", "greeting", "after"]

ENCODER_FRAME_S = 0.02
"""Seconds per frame of Whisper's encoder output (two mel frames of 10 ms)."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word, or piece of a number, as the engine wrote it.

    Parameters
    ----------
    text : str
        Exactly as written, a leading blank included: joining the texts of all words gives the
        transcript. A number comes in pieces such as ``" 555"``, ``"-0123."``.
    onset_s, offset_s : float
        Seconds from the start of the recording.
    probability : float
        The engine's own, 0 to 1.
    part : {"message", "greeting", "after"}
        Whose it is: the rep's, or said by the mailbox before the rep or after. Only the rep's words count.

    Raises
    ------
    ParameterError
        If a time or the probability is impossible.
    """

    text: str
    onset_s: float
    offset_s: float
    probability: float
    part: WordPart = "message"

    def __post_init__(self) -> None:
        check_times(self.onset_s, self.offset_s)
        if not 0.0 <= self.probability <= 1.0:
            raise ParameterError(f"probability must lie between 0 and 1, got {self.probability}")

    @cached_property
    def interval(self) -> Interval:
        """Where the word was heard."""
        return Interval(onset_s=self.onset_s, offset_s=self.offset_s)


@dataclass(frozen=True, kw_only=True, eq=False)
class EncoderWindow:
    """The encoder's output for one stretch of the recording.

    Parameters
    ----------
    frames : np.ndarray, shape=(n_frames, width), dtype=float32
        One row per `ENCODER_FRAME_S`, from `onset_s` on; rows past the end of the audio are left out.
    onset_s : float
        Where the window starts in the recording, in seconds.
    language, language_probability
        Of what is said in it, as in `Transcript`.
    hypotheses : tuple of str
        What else the decoder might have written for it, likeliest first.
    """

    frames: NDArray[np.float32]
    onset_s: float
    language: str | None = None
    language_probability: float | None = None
    hypotheses: tuple[str, ...] = ()

    @property
    def offset_s(self) -> float:
        """Where the last frame ends in the recording, in seconds."""
        return self.onset_s + len(self.frames) * ENCODER_FRAME_S


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """All that was heard in one recording.

    Parameters
    ----------
    words : tuple of Word
        In time order; empty when no speech was heard.
    language : str or None
        ISO 639-1 code; None when no speech was heard.
    language_probability : float or None
        How sure the engine is of the language, 0 to 1; None for an engine that knows only one.
    speech : tuple of Interval
        Where the signal holds speech by the engine's voice activity detector, in time order.
    windows : tuple of EncoderWindow
        Kept for the digit head; not part of equality.
    """

    words: tuple[Word, ...]
    language: str | None
    language_probability: float | None = None
    speech: tuple[Interval, ...] = ()
    windows: tuple[EncoderWindow, ...] = ()

    @property
    def text(self) -> str:
        """The words joined as they were written."""
        return "".join(word.text for word in self.words).strip()

    @property
    def english(self) -> float:
        """Probability that English is spoken; 1 for an engine that knows nothing else."""
        if self.language in (None, "en"):
            return 1.0 if self.language_probability is None else self.language_probability
        return 0.0


@dataclass(frozen=True, kw_only=True)
class TimedDigit:
    """One digit as it was heard.

    Parameters
    ----------
    digit : str
        ``"0"`` to ``"9"``.
    onset_s, offset_s : float
        Seconds from the start of the recording.
    confidence : float
        0 to 1: the probability that it is this digit.
    rival : str or None
        For a digit in doubt: what it may be instead; empty if it may be no digit.

    Raises
    ------
    ParameterError
        If a value is impossible.
    """

    digit: str
    onset_s: float
    offset_s: float
    confidence: float
    rival: str | None = None

    def __post_init__(self) -> None:
        if len(self.digit) != 1 or self.digit not in "0123456789":
            raise ParameterError(f"a digit is one of 0 to 9, got {self.digit!r}")
        check_times(self.onset_s, self.offset_s)
        if not 0.0 <= self.confidence <= 1.0:
            raise ParameterError(f"confidence must lie between 0 and 1, got {self.confidence}")

    @property
    def interval(self) -> Interval:
        """When it was said."""
        return Interval(onset_s=self.onset_s, offset_s=self.offset_s)
