"""Fit how far words are a mailbox's or a rep's: "words" in `models/greeting.json`.

    python -m training.mailbox_words  # of sentences in groups that were left out: which side are they on?

A logistic regression over the sentences that are written in `call_texts`, `mailbox_texts`, `said_texts` and
`texts`, with a quadratic penalty. The texts come in groups: a call is judged with weights of groups that it
is not made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from training import call_texts, mailbox_texts, said_texts, texts
from voicecheck.speech.wording import plain_words, terms

PENALTY = 0.3
"""Of folds by text, the one with the likeliest sentences."""

N_MIN = 2
"""A word or pair in fewer sentences than this gets no weight."""

Sentences = list[tuple[list[str], bool]]


def groups() -> dict[str, Sentences]:
    """All sentences, by group: the words of each, and whether a mailbox says it."""
    found: dict[str, Sentences] = {}
    for group, is_mailbox, text in _texts():
        blanked = re.sub(r"\{(?:number|spoken)\}", " five ", text)
        for sentence in re.split(r"[.?!]|\{\w+\}", blanked):
            names = plain_words(sentence)
            if names:
                found.setdefault(group, []).append((terms(names), is_mailbox))
    return found


def _texts() -> Iterator[tuple[str, bool, str]]:
    old, new = call_texts, mailbox_texts
    for text in (*old.PERSONAL, *old.CARRIER, *old.MENUS):
        yield "calls", True, text
    for text in (*old.REPS, *old.REASONS, *old.CLOSES, *old.TURNS, *old.SHORT):
        yield "calls", False, text
    for every in (
        new.GREETINGS,
        new.CARRIERS,
        new.BEFORE_BEEP,
        new.AFTER,
        new.FULL,
        new.SCREENS,
        new.SCREENED,
    ):
        for place, text in enumerate(every):
            yield f"mailbox {place % new.N_FOLDS}", True, text
    for every in (new.REPS, new.NAMED):
        for place, text in enumerate(every):
            yield f"mailbox {place % new.N_FOLDS}", False, text
    yield "said", True, said_texts.MAILBOX
    yield "said", False, said_texts.REPS
    for text in (*texts.TALK, *texts.OPENINGS, *texts.CLOSINGS):
        yield "talk", False, text


@cache
def weights_without(left_out: frozenset[str] = frozenset()) -> dict[str, float]:
    """Fit on all groups but some."""
    return fit([each for group, some in groups().items() if group not in left_out for each in some])


def fit(sentences: Sentences, penalty: float = PENALTY) -> dict[str, float]:
    """The weight of each word and pair; sentences of either side count as much as those of the other."""
    seen: dict[str, int] = {}
    for names, _ in sentences:
        for name in set(names):
            seen[name] = seen.get(name, 0) + 1
    kept = sorted(name for name, n in seen.items() if n >= N_MIN)
    place = {name: k for k, name in enumerate(kept)}
    rows = np.zeros((len(sentences), len(kept) + 1))
    rows[:, -1] = 1.0
    for row, (names, _) in zip(rows, sentences, strict=True):
        for name in names:
            if name in place:
                row[place[name]] += 1.0
    sides = np.array([1.0 if is_mailbox else -1.0 for _, is_mailbox in sentences])
    share = np.where(sides > 0, 0.5 / (sides > 0).mean(), 0.5 / (sides < 0).mean())

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sides * (rows @ weights)
        pull = -share * sides / (1 + np.exp(margins))
        own = np.append(weights[:-1], 0.0)
        total = penalty * float(own @ own) + float((share * np.logaddexp(0, -margins)).sum())
        return total, 2 * penalty * own + pull @ rows

    found = minimize(loss, np.zeros(len(kept) + 1), jac=True, method="L-BFGS-B").x
    return {name: round(float(w), 2) for name, w in zip(kept, found, strict=False) if abs(w) >= 0.01}


def likelihood(penalty: float) -> tuple[float, float]:
    """Of sentences in groups that were left out: mean logarithm, and share on the right side."""
    every = groups()
    logs, right = [], []
    for group, some in every.items():
        weights = fit([e for other, more in every.items() if other != group for e in more], penalty)
        for names, is_mailbox in some:
            margin = sum(weights.get(name, 0.0) for name in names) * (1 if is_mailbox else -1)
            logs.append(-float(np.logaddexp(0, -margin)))
            right.append(margin > 0)
    return float(np.mean(logs)), float(np.mean(right))


if __name__ == "__main__":
    print("penalty, mean logarithm of the likelihood, share on the right side")
    for penalty in (0.1, 0.2, 0.3, 0.5, 1.0):
        print(penalty, *(round(each, 3) for each in likelihood(penalty)))
