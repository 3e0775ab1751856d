"""The learned score of the decision: weights, and what makes the largest share a probability.

References
----------
.. [1] McFadden (1974), Conditional logit analysis of qualitative choice behavior, in: Frontiers in
   Econometrics.
.. [2] Platt (1999), Probabilistic outputs for support vector machines and comparisons to regularized
   likelihood methods, in: Advances in Large Margin Classifiers.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicecheck.errors import EngineError
from voicecheck.numbers.candidates import FEATURES, NONE_FEATURES, Candidate, Clues, none_features

CALIBRATED = ("scale", "bias", "whole", "fewer_sound")
"""What `Calibration` is made of."""

SHARE_MIN, SHARE_MAX = 1e-4, 1 - 1e-5
"""Odds of a share stay finite."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How often the likeliest candidate is right, by its share and by what it is.

    The logarithm of the odds is that of the share times `scale`, plus `bias`, plus what holds of the rest.

    Parameters
    ----------
    scale, bias : float
        Of every reading.
    whole : float
        If it has as many digits as a number of the region: else it is likelier that one was lost or made up.
    fewer_sound : float
        If fewer digits sound in it than it has ("double five", "eight hundred").
    """

    scale: float
    bias: float
    whole: float
    fewer_sound: float

    def probability(self, share: float, candidate: Candidate) -> float:
        """Compute how probable it is that the candidate with the largest share is right.

        Parameters
        ----------
        share : float
            Between 0 and 1.
        candidate : Candidate
            That has it.

        Returns
        -------
        float
            Between 0 and 1.

        Examples
        --------
        >>> from voicecheck.numbers.candidates import Candidate
        >>> said = Candidate(digits="55", spoken="55", owners=(0, 1), features=np.zeros(len(FEATURES)))
        >>> squared = Calibration(scale=2.0, bias=0.0, whole=0.0, fewer_sound=0.0)
        >>> round(squared.probability(0.75, said), 3)  # odds of 3 to 1, squared: 9 to 1
        0.9
        """
        bounded = min(SHARE_MAX, max(SHARE_MIN, share))
        logit = self.scale * math.log(bounded / (1 - bounded)) + self.bias
        logit += self.whole * sum(
            float(candidate.features[FEATURES.index(name)]) for name in ("full", "loose")
        )
        logit += self.fewer_sound * (len(candidate.spoken) < len(candidate.digits))
        return 1 / (1 + math.exp(-logit))


@dataclass(frozen=True, kw_only=True)
class DecisionModel:
    """The weights of the decision.

    Parameters
    ----------
    features : mapping of str to float
        Weight of each of `FEATURES`.
    none : mapping of str to float
        Weight of each of `NONE_FEATURES`.
    calibration : Calibration
        Makes the largest share a probability.
    none_sure_min : float
        "No digits" of at least this probability is sure. Fitted on all readings: at most 1 in 100 of those
        that were so probable was wrong. From where on digits are sure is the rubric's to say.
    slips_alike : float
        Probability that two wrong readings of one number are wrong alike.
    """

    features: Mapping[str, float]
    none: Mapping[str, float]
    calibration: Calibration
    none_sure_min: float
    slips_alike: float

    @classmethod
    def load(cls, path: Path | str) -> DecisionModel:
        """Read the weights from a TOML file.

        Raises
        ------
        EngineError
            If there is no such file, or it does not hold the weights of all features.
        """
        try:
            with Path(path).open("rb") as file:
                data = tomllib.load(file)
            features = {name: float(data["features"][name]) for name in FEATURES}
            none = {name: float(data["none"][name]) for name in NONE_FEATURES}
            return cls(
                features=features,
                none=none,
                calibration=Calibration(**{name: float(data["calibration"][name]) for name in CALIBRATED}),
                none_sure_min=float(data["none_sure_min"]),
                slips_alike=float(data["slips_alike"]),
            )
        except FileNotFoundError:
            raise EngineError(f"there are no weights of the decision at {path}") from None
        except (KeyError, ValueError, TypeError) as error:
            raise EngineError(f"{path} does not hold the weights of the decision: {error}") from None

    def shares(self, clues: Clues, listed: Sequence[Candidate]) -> NDArray[np.float64]:
        """Compute each candidate's share of all exponentials of scores, and last that of none of them.

        Parameters
        ----------
        clues : Clues
            What both ears have of the stretch.
        listed : sequence of Candidate, length n
            From `candidates`.

        Returns
        -------
        np.ndarray, shape=(n + 1,)
            They sum to 1.
        """
        weights = np.array([self.features[name] for name in FEATURES])
        none = np.array([self.none[name] for name in NONE_FEATURES])
        scores = np.array(
            [each.features @ weights for each in listed] + [none_features(clues, listed) @ none]
        )
        shares = np.exp(scores - scores.max())
        normalised: NDArray[np.float64] = shares / shares.sum()
        return normalised
