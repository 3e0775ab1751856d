"""How far a decision about a call can be relied on: the probability that outcome, start and end are right.

Conventions
-----------
The choices of `greeting` are surer of themselves than they may be, for what tells one from the other is not
independent. A logistic regression over a few features of a decision, fitted by ``training.greeting`` on
decisions about calls of other voices and texts, says how often such decisions were right (Platt scaling
[1]_, with more than the odds).

References
----------
.. [1] Platt (1999), Probabilistic outputs for support vector machines, Advances in Large Margin Classifiers,
   61-74.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voicecheck.speech.call_features import share_of_digits
from voicecheck.speech.scene import Scene

ODDS_MIN = 1e-4
"""Nothing is taken for less likely than this."""

TOLD_MAX = 8.0
"""Words tell no more of a mailbox, or of a rep, than this (natural logarithm of odds)."""

LAST_WORDS = 10
"""Of so many last words the digits are counted: a message ends in its number."""

TRUST_FEATURES = (
    *("one", "odds", "end_odds", "starts", "behind_beep", "talk", "rings_only", "told", "digits", "foreign"),
)
"""`rings_only` is of a message behind ringing and nothing else: a caller hears the mailbox first."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen among all that a call may have come to.

    Parameters
    ----------
    change : int
        Index of the first word of the rep; the number of words if nobody left a message.
    start, end : int
        Of the message: its first word, behind the beep, and the one behind its last.
    is_talk : bool
        Whether two people talk.
    odds, end_odds : float
        Share of the likelihood that all choices with this start have, and this end, 0 to 1.
    """

    change: int
    start: int
    end: int
    is_talk: bool = False
    odds: float = 1.0
    end_odds: float = 1.0


def trust_features(scene: Scene, choice: Choice, english: float) -> list[float]:
    """Describe what tells whether a choice is right.

    Parameters
    ----------
    scene : Scene
        The recording.
    choice : Choice
        What was chosen.
    english : float
        Probability that English is spoken, 0 to 1.

    Returns
    -------
    list of float
        In the order of `TRUST_FEATURES`.
    """
    n = len(scene.words)
    is_message = not choice.is_talk and choice.start < n
    starts = is_message and choice.start > 0
    told = scene.told(choice.start, choice.end) if is_message else 0.0
    return [
        1.0,
        _log_odds(choice.odds),
        _log_odds(choice.end_odds),
        float(starts),
        float(starts and scene.beep_at(choice.start) is not None),
        float(choice.is_talk),
        float(is_message and not starts and scene.rings_first and scene.beep_at(0) is None),
        max(-TOLD_MAX, min(TOLD_MAX, told)) / TOLD_MAX,
        share_of_digits(scene.words[choice.start : choice.end][-LAST_WORDS:]),
        1.0 - english,
    ]


def _log_odds(share: float) -> float:
    share = max(ODDS_MIN, min(1.0 - ODDS_MIN, share))
    return math.log(share / (1.0 - share))


def trust(weights: Sequence[float], features: Sequence[float]) -> float:
    """Weigh the features.

    Parameters
    ----------
    weights, features : sequence of float
        In the order of `TRUST_FEATURES`.

    Returns
    -------
    float
        Probability that the choice is right, 0 to 1.
    """
    return 1.0 / (1.0 + math.exp(-sum(w * x for w, x in zip(weights, features, strict=True))))
