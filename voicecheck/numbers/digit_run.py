"""Digits said in a row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecheck.numbers.atoms import Span
from voicecheck.speech.transcript import TimedDigit
from voicecheck.timing import Interval


@dataclass(frozen=True, kw_only=True)
class DigitRun:
    """Digits that follow one another with nothing but pauses, marks and fillers between them.

    Parameters
    ----------
    digits : str
        As said or written, before any judgement; no plus.
    start, end : int
        Place in the text.
    digit_spans : tuple of (int, int), one per digit
        Place of each digit; digits of one phrase ("double five") share the phrase's place.
    """

    digits: str
    start: int
    end: int
    digit_spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class DecidedRun:
    """Digits that were said in a row, as the decision has them.

    Parameters
    ----------
    digits : tuple of TimedDigit
        At least one, each with what it is if not that; `settled` leaves that to those in doubt.
    first_word, last_word : int
        The words of the transcript that it stands for, one a digit, the last one excluded; none where the
        digits were heard too badly to be written.
    probability : float
        That these are the digits that were said, all of them and no other.
    background : bool
        Whether digits of another, fainter voice were left out.
    heard_only : bool
        Whether the recogniser wrote no digits there: the sound alone has them.
    """

    digits: tuple[TimedDigit, ...]
    first_word: int
    last_word: int
    probability: float
    background: bool = False
    heard_only: bool = False

    def moved(self, n_words: int) -> DecidedRun:
        """The same run where so many words stand before those that it was found in.

        Parameters
        ----------
        n_words : int
            Negative where words before it are left out.

        Returns
        -------
        DecidedRun
            With other places of words, and the same times.
        """
        return replace(self, first_word=self.first_word + n_words, last_word=self.last_word + n_words)

    def settled(self, sure_probability: float) -> DecidedRun:
        """The same run where only the digits in doubt keep their rivals.

        Parameters
        ----------
        sure_probability : float
            A reading of at least this probability has no digit in doubt; any other has those that are less
            probable, and at least the least probable one.

        Returns
        -------
        DecidedRun
            With the same digits.

        Examples
        --------
        >>> one = TimedDigit(digit="1", onset_s=0.0, offset_s=0.4, confidence=0.95, rival="9")
        >>> four = TimedDigit(digit="4", onset_s=0.4, offset_s=0.8, confidence=0.85, rival="5")
        >>> run = DecidedRun(digits=(one, four), first_word=0, last_word=2, probability=0.82)
        >>> [[digit.rival for digit in run.settled(p).digits] for p in (0.8, 0.9, 0.99)]
        [[None, None], [None, '5'], ['9', '5']]
        """
        is_sure = self.probability >= sure_probability
        least = min(digit.confidence for digit in self.digits)
        return replace(
            self,
            digits=tuple(
                replace(digit, rival=None)
                if is_sure or least < digit.confidence >= sure_probability
                else digit
                for digit in self.digits
            ),
        )

    @property
    def is_sure(self) -> bool:
        """Whether no digit is in doubt."""
        return all(digit.rival is None for digit in self.digits)

    @property
    def interval(self) -> Interval:
        """From the onset of the first digit to the offset of the last."""
        return Interval(onset_s=self.digits[0].onset_s, offset_s=self.digits[-1].offset_s)
