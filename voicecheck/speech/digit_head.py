"""Small networks on Whisper's encoder output: for each frame, which digit is heard; in numpy.

The networks of a head differ by the seed of their training alone. Each has learned some accidents of its few
voices by heart, each other ones: the mean of their logarithms [1]_ is right more often than any of them.

References
----------
.. [1] Hinton (1999), "Products of experts", ICANN.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import EngineError, ParameterError

N_CLASSES = 21
"""Other, and two halves for each of ten digits."""

LOG_FLOOR = -30.0
"""No class is less probable than this, so that one frame can never forbid a digit."""

Floats = NDArray[np.float32]

Doubles = NDArray[np.float64]

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class DigitNetwork:
    """One network: normalise each frame, project, some residual convolutions over time, classify.

    Parameters
    ----------
    projection : np.ndarray, shape=(width, hidden)
    projection_bias : np.ndarray, shape=(hidden,)
    kernels : np.ndarray, shape=(n_layers, n_taps, hidden, hidden)
        `n_taps` is odd; tap ``n_taps // 2`` is the frame itself.
    kernel_biases : np.ndarray, shape=(n_layers, hidden)
    output : np.ndarray, shape=(hidden, N_CLASSES + 2)
        The last two classes are the halves of "oh".
    output_bias : np.ndarray, shape=(N_CLASSES + 2,)
    """

    projection: Floats
    projection_bias: Floats
    kernels: Floats
    kernel_biases: Floats
    output: Floats
    output_bias: Floats

    def log_posteriors(self, normalised: Floats) -> Floats:
        """Tell for each frame how probable each class is.

        Parameters
        ----------
        normalised : np.ndarray, shape=(n_frames, width), dtype=float32
            Encoder output, each row with mean 0 and variance 1.

        Returns
        -------
        np.ndarray, shape=(n_frames, N_CLASSES), dtype=float32
            Natural logarithms, none below `LOG_FLOOR`.
        """
        hidden = np.maximum(normalised @ self.projection + self.projection_bias, 0)
        for kernel, bias in zip(self.kernels, self.kernel_biases, strict=True):
            hidden = hidden + np.maximum(_convolved(hidden, kernel) + bias, 0)
        return _oh_is_zero(_log_softmax(hidden @ self.output + self.output_bias))


@dataclass(frozen=True, eq=False)
class DigitHead:
    """The mean of some networks of one shape.

    Parameters
    ----------
    networks : tuple of DigitNetwork
        At least one.
    """

    networks: tuple[DigitNetwork, ...]

    @property
    def width(self) -> int:
        """Width of the encoder output that the head was trained on."""
        return int(self.networks[0].projection.shape[0])

    @classmethod
    def load(cls, path: Path | str) -> DigitHead:
        """Read a head from an ``.npz`` file.

        Raises
        ------
        EngineError
            If there is no such file, or it does not hold a head.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                weights = {name: arrays[name].astype(np.float32) for name in _WEIGHTS}
        except FileNotFoundError:
            raise EngineError(f"there is no digit head at {path}") from None
        except (KeyError, ValueError, EOFError, OSError, BadZipFile) as error:
            raise EngineError(f"{path} does not hold a digit head: {error}") from None
        n_networks, hidden = len(weights["projection"]), weights["projection"].shape[-1]
        if not n_networks or weights["output"].shape != (n_networks, hidden, N_CLASSES + 2):
            raise EngineError(f"{path} does not hold a digit head: output of shape {weights['output'].shape}")
        each = ({name: weights[name][k] for name in _WEIGHTS} for k in range(n_networks))
        return cls(tuple(DigitNetwork(**one) for one in each))

    def save(self, path: Path | str) -> None:
        """Write the head as half-precision ``.npz``, the networks' arrays stacked.

        Parameters
        ----------
        path : Path or str
            Written whole, or not at all.
        """
        stacked = {name: np.stack([getattr(one, name) for one in self.networks]) for name in _WEIGHTS}
        weights: dict[str, Any] = {name: array.astype(np.float16) for name, array in stacked.items()}
        np.savez(path, **weights)

    def log_posteriors(self, frames: Floats) -> Floats:
        """Tell for each frame how probable each class is.

        Parameters
        ----------
        frames : np.ndarray, shape=(n_frames, width), dtype=float32
            Encoder output of one window, rows past the end of the audio left out or not.

        Returns
        -------
        np.ndarray, shape=(n_frames, N_CLASSES), dtype=float32
            Natural logarithms, each row's probabilities adding up to 1.

        Raises
        ------
        ParameterError
            If the frames are not of the width that the head was trained on.
        """
        if frames.ndim != 2 or frames.shape[1] != self.width:
            raise ParameterError(f"the head reads frames of width {self.width}, got shape {frames.shape}")
        normalised = _normalised(frames.astype(np.float32))
        each = [network.log_posteriors(normalised) for network in self.networks]
        mean: Floats = np.mean(each, axis=0)
        return np.maximum(_log_softmax(mean), LOG_FLOOR)


_WEIGHTS = tuple(field.name for field in fields(DigitNetwork))


def _normalised(frames: Floats) -> Floats:
    """Each row with mean 0 and variance 1."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    normalised: Floats = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return normalised


def _convolved(hidden: Floats, kernel: Floats) -> Floats:
    """Each row as a sum over its neighbours, zeros past both ends; shape of `hidden` kept."""
    reach = len(kernel) // 2
    padded = np.pad(hidden, ((reach, reach), (0, 0)))
    windows = [padded[tap : tap + len(hidden)] for tap in range(len(kernel))]
    product: Floats = np.concatenate(windows, axis=1) @ kernel.reshape(-1, kernel.shape[2])
    return product


def _log_softmax(scores: Floats) -> Floats:
    scores = scores - scores.max(axis=1, keepdims=True)
    result: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return result


def _oh_is_zero(logp: Floats) -> Floats:
    """Add the halves of "oh", the last two classes, to those of "zero"."""
    merged = logp[:, :N_CLASSES].copy()
    merged[:, 1:3] = np.logaddexp(logp[:, 1:3], logp[:, N_CLASSES:])
    return np.maximum(merged, LOG_FLOOR)
