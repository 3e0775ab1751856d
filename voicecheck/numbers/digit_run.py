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
        At least one; a digit in doubt has a rival.
    first_word, last_word : int
        The words of the transcript that it stands for, one a digit, the last one excluded; none where the
        digits were heard too badly to be written.
    probability : float
        That these are the digits that were said, all of them and no other.
    background : bool
        Whether digits of another, fainter voice were left out.
    """

    digits: tuple[TimedDigit, ...]
    first_word: int
    last_word: int
    probability: float
    background: bool = False

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

    @property
    def text(self) -> str:
        """The digits, "?" for each in doubt.

        >>> doubtful = TimedDigit(digit="4", onset_s=0.4, offset_s=0.8, confidence=0.4, rival="5")
        >>> sure = TimedDigit(digit="1", onset_s=0.0, offset_s=0.4, confidence=0.99)
        >>> DecidedRun(digits=(sure, doubtful), first_word=0, last_word=2, probability=0.4).text
        '1?'
        """
        return "".join(digit.digit if digit.rival is None else "?" for digit in self.digits)

    @property
    def is_sure(self) -> bool:
        """Whether no digit is in doubt."""
        return all(digit.rival is None for digit in self.digits)

    @property
    def interval(self) -> Interval:
        """From the onset of the first digit to the offset of the last."""
        return Interval(onset_s=self.digits[0].onset_s, offset_s=self.digits[-1].offset_s)
