"""The head in PyTorch, its two losses, and its way into numpy.

First each frame is taught its own class (cross-entropy against how much of the frame each class covers),
then whole strings against all other strings (the negative logarithm of `string_score`),
by the same paths and constants that reading uses. Of what it is shown, parts are blurred and hidden [1]_: it
hears few voices, and learned them by heart. The head is the running mean of the last weights [2]_.

References
----------
.. [1] Park et al. (2019), "SpecAugment: A Simple Data Augmentation Method for Automatic Speech Recognition",
   Interspeech; here on the encoder's output.
.. [2] Polyak and Juditsky (1992), "Acceleration of Stochastic Approximation by Averaging", SIAM J. Control
   Optim. 30(4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.windows import N_WORDS
from voicecheck.speech import digit_head, digit_paths
from voicecheck.speech.digit_head import DigitNetwork

N_OUTPUTS = 1 + 2 * N_WORDS

LOUDER = 0.1
"""Standard deviation by which a window's frames are scaled, around 1."""
BLUR_MAX = 0.35
"""Noise that is added to a window's frames at most, as a share of their standard deviation."""
HIDDEN_TIMES_MAX, HIDDEN_FRAMES_MAX = 3, 6
"""Hidden pieces of a window, and frames of each, at most: less than a digit."""
HIDDEN_CHANNELS = (8, 64)
"""Channels in a row that are hidden in every other window."""
MEAN_DECAY = 0.995
"""What the running mean of the weights keeps of itself at each step; less in the first steps."""


@dataclass(frozen=True)
class Example:
    """One window: encoder output, how much of each frame each class covers, and its events."""

    frames: NDArray[np.float16]
    targets: NDArray[np.float16]
    events: list[tuple[int, float, float]]


class Network(nn.Module):
    """As `DigitNetwork`, with dropout."""

    def __init__(
        self, width: int, *, hidden: int = 128, n_taps: int = 5, n_layers: int = 3, dropout: float = 0.15
    ) -> None:
        super().__init__()
        self.width = width
        self.project = nn.Linear(width, hidden)
        self.convolve = nn.ModuleList(
            nn.Conv1d(hidden, hidden, n_taps, padding=n_taps // 2) for _ in range(n_layers)
        )
        self.classify = nn.Linear(hidden, N_OUTPUTS)
        self.dropout = nn.Dropout(dropout)

    def forward(self, frames: Tensor) -> Tensor:
        """Log-probabilities, shape=(n_windows, n_frames, N_OUTPUTS)."""
        normalised = functional.layer_norm(frames, (self.width,))
        hidden = functional.relu(self.project(self.dropout(normalised)))
        for layer in self.convolve:
            wide = layer(self.dropout(hidden).transpose(1, 2)).transpose(1, 2)
            hidden = hidden + functional.relu(wide)
        return functional.log_softmax(self.classify(self.dropout(hidden)), dim=-1)

    def in_numpy(self) -> DigitNetwork:
        """Its weights as numpy reads them."""
        kernels = [layer.weight.detach().permute(2, 1, 0).numpy() for layer in self.convolve]
        return DigitNetwork(
            projection=self.project.weight.detach().numpy().T.copy(),
            projection_bias=self.project.bias.detach().numpy().copy(),
            kernels=np.stack(kernels),
            kernel_biases=np.stack([layer.bias.detach().numpy() for layer in self.convolve]),
            output=self.classify.weight.detach().numpy().T.copy(),
            output_bias=self.classify.bias.detach().numpy().copy(),
        )


def merged(logp: Tensor) -> Tensor:
    """Classes as `DigitNetwork.log_posteriors` gives them: "oh" added to "zero"."""
    zero = torch.logaddexp(logp[..., 1:3], logp[..., digit_head.N_CLASSES :])
    both = torch.cat([logp[..., :1], zero, logp[..., 3 : digit_head.N_CLASSES]], dim=-1)
    return both.clamp(min=digit_head.LOG_FLOOR)


def string_loss(logp: Tensor, strings: list[str], lengths: Tensor) -> Tensor:
    """Mean negative `string_score` per digit; `lengths` counts the frames of each row of `logp`."""
    scaled = digit_paths.SCALE * merged(logp)
    weights = torch.exp(scaled - scaled.max(dim=-1, keepdim=True).values).double()
    score = _forward_strings(weights, strings, lengths) - _forward_all(weights, lengths)
    n_digits = torch.tensor([max(1, len(digits)) for digits in strings])
    return (-score / n_digits).clamp(max=20.0).mean()


def _forward_all(weights: Tensor, lengths: Tensor) -> Tensor:
    n, n_frames, _ = weights.shape
    entry = math.exp(-digit_paths.ENTRY_COST)
    first, second = weights[:, :, None, 1::2], weights[:, :, None, 2::2]
    emissions = torch.cat([first, first, second, second], dim=2)
    held = torch.tensor([[0.0], [1.0], [0.0], [1.0]], dtype=torch.float64)
    total = torch.zeros(n, 4, 10, dtype=torch.float64)
    other = torch.ones(n, dtype=torch.float64)
    log_weight = torch.zeros(n, dtype=torch.float64)
    for t in range(n_frames):
        into = other + total[:, 3].sum(dim=1)
        moved = torch.cat([(into * entry)[:, None, None].expand(n, 1, 10), total[:, :3]], dim=1)
        new, new_other = (total * held + moved) * emissions[:, t], into * weights[:, t, 0]
        live = t < lengths
        total = torch.where(live[:, None, None], new, total)
        other = torch.where(live, new_other, other)
        if t % 8 == 7:
            size = (other + total.sum(dim=(1, 2))).detach()
            total, other, log_weight = total / size[:, None, None], other / size, log_weight + size.log()
    return log_weight + (other + total[:, 3].sum(dim=1)).log()


def _forward_strings(weights: Tensor, strings: list[str], lengths: Tensor) -> Tensor:
    classes = torch.from_numpy(digit_paths.chains(strings))
    n, n_states = classes.shape
    place = torch.arange(n_states) % digit_paths.CHAIN
    entry = math.exp(-digit_paths.ENTRY_COST)
    stay = torch.isin(place, torch.tensor([0, 2, 4])).double()
    step = torch.where(place == 1, entry, 1.0).double()
    skip = torch.where(place == 1, entry, 0.0).double()
    alive = (classes >= 0).double()
    emissions = torch.gather(weights, 2, classes.clamp(min=0)[:, None].expand(n, weights.shape[1], n_states))
    emissions = emissions * alive[:, None]
    start = torch.zeros(n, n_states, dtype=torch.float64)
    start[:, 0] = 1.0
    start[:, 1:2] = entry
    total = start * emissions[:, 0]
    log_weight = torch.zeros(n, dtype=torch.float64)
    for t in range(1, weights.shape[1]):
        new = (
            total * stay
            + functional.pad(total[:, :-1], (1, 0)) * step
            + functional.pad(total[:, :-2], (2, 0)) * skip
        )
        total = torch.where((t < lengths)[:, None], new * emissions[:, t], total)
        if t % 8 == 0:
            size = total.sum(dim=1).clamp(min=1e-250).detach()
            total, log_weight = total / size[:, None], log_weight + size.log()
    ends = torch.tensor([digit_paths.CHAIN * len(digits) for digits in strings])
    rows = torch.arange(n)
    final = total[rows, ends] + torch.where(ends > 0, total[rows, (ends - 1).clamp(min=0)], 0.0)
    return log_weight + final.clamp(min=1e-250).log()


def train(
    examples: list[Example],
    *,
    n_steps: int,
    n_string_steps: int,
    seed: int = 0,
    network: Network | None = None,
    hidden: int = 128,
    n_taps: int = 5,
    n_layers: int = 3,
    log: bool = True,
) -> Network:
    """Teach frames, then strings.

    Parameters
    ----------
    examples : list of Example
        Windows to learn from.
    n_steps, n_string_steps : int
        Steps of 16 crops of 8 s on single frames, then of 16 crops of about 6 s on whole strings (and
        frames).
    network : Network, optional
        Where to start; a fresh one by default.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    width = examples[0].frames.shape[1]
    network = network or Network(width, hidden=hidden, n_taps=n_taps, n_layers=n_layers)
    weights = np.array([len(example.frames) for example in examples], float)
    weights /= weights.sum()
    for phase, steps, peak in (("frames", n_steps, 3e-3), ("strings", n_string_steps, 6e-4)):
        if not steps:
            continue
        optimiser = torch.optim.AdamW(network.parameters(), lr=peak, weight_decay=0.01)
        plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, total_steps=steps, pct_start=0.15)
        network.train()
        mean = 0.0
        averaged = {name: value.clone() for name, value in network.state_dict().items()}
        for step in range(steps):
            picks = rng.choice(len(examples), size=16, p=weights)
            loss = (_frame_step if phase == "frames" else _string_step)(
                network, [examples[k] for k in picks], rng
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            plan.step()
            kept = min(MEAN_DECAY, (1 + step) / (10 + step))
            for name, value in network.state_dict().items():
                averaged[name].lerp_(value, 1 - kept)
            mean += 0.02 * (float(loss.detach()) - mean) if step else float(loss.detach())
            if log and step % 100 == 99:
                print(f"{phase} {step + 1}/{steps}: loss {mean:.3f}", flush=True)
        network.load_state_dict(averaged)
    network.eval()
    return network


def _batch(crops: list[tuple[NDArray[np.float16], NDArray[np.float16]]]) -> tuple[Tensor, Tensor, Tensor]:
    lengths = torch.tensor([len(frames) for frames, _ in crops])
    longest = int(lengths.max())
    frames = torch.zeros(len(crops), longest, crops[0][0].shape[1])
    goals = torch.zeros(len(crops), longest, N_OUTPUTS)
    for row, (some, goal) in enumerate(crops):
        frames[row, : len(some)] = torch.from_numpy(some.astype(np.float32))
        goals[row, : len(goal)] = torch.from_numpy(goal.astype(np.float32))
    return frames, goals, lengths


def _blur_and_hide(frames: Tensor, lengths: Tensor, rng: np.random.Generator) -> None:
    """Change each row of `frames` in place: scaled, blurred, pieces of time and of the channels hidden."""
    for row, length in zip(frames, lengths.tolist(), strict=True):
        row *= 1 + LOUDER * torch.randn(1)
        row += torch.randn_like(row) * row.std() * float(rng.uniform(0.0, BLUR_MAX))
        for _ in range(int(rng.integers(HIDDEN_TIMES_MAX + 1))):
            n = int(rng.integers(1, HIDDEN_FRAMES_MAX + 1))
            start = int(rng.integers(max(1, length - n)))
            row[start : start + n] = 0.0
        if rng.random() < 0.5:
            n = int(rng.integers(*HIDDEN_CHANNELS))
            first = int(rng.integers(row.shape[1] - n))
            row[:, first : first + n] = 0.0


def _frame_step(
    network: Network, examples: list[Example], rng: np.random.Generator, n_frames: int = 400
) -> Tensor:
    crops = []
    for example in examples:
        start = int(rng.integers(max(1, len(example.frames) - n_frames + 1)))
        crops.append((example.frames[start : start + n_frames], example.targets[start : start + n_frames]))
    frames, goals, lengths = _batch(crops)
    _blur_and_hide(frames, lengths, rng)
    return -(goals * network(frames)).sum() / lengths.sum()


def _string_step(
    network: Network, examples: list[Example], rng: np.random.Generator, n_frames: int = 300
) -> Tensor:
    crops, strings = [], []
    for example in examples:
        start, end = _uncut(example, rng, n_frames)
        inside = [
            event
            for event in example.events
            if start * 0.02 <= event[1] + 0.011 and event[2] <= end * 0.02 + 0.011
        ]
        strings.append("".join("0" if word == 10 else str(word) for word, _, _ in inside))
        crops.append((example.frames[start:end], example.targets[start:end]))
    frames, goals, lengths = _batch(crops)
    _blur_and_hide(frames, lengths, rng)
    logp = network(frames)
    return string_loss(logp, strings, lengths) + 0.5 * -(goals * logp).sum() / lengths.sum()


def _uncut(example: Example, rng: np.random.Generator, n_frames: int) -> tuple[int, int]:
    """A random crop whose ends do not fall into a digit."""
    free = np.flatnonzero(np.append(example.targets[:, 0] > 0.99, True))
    start = int(
        rng.choice(free[free <= max(0, len(example.frames) - n_frames // 2)] if len(free) else [0])
        if len(free) and free[0] <= max(0, len(example.frames) - n_frames // 2)
        else 0
    )
    later = free[(free > start + n_frames // 2) & (free <= start + n_frames)]
    end = int(later[-1]) if len(later) else min(len(example.frames), start + n_frames)
    if not len(later) and end < len(example.frames):  # no pause in reach: go on to the next one
        beyond = free[free > start + n_frames]
        end = int(beyond[0]) if len(beyond) else len(example.frames)
    return start, end
