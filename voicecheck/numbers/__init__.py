"""Telephone numbers in what was said: words, numerals and any mixture of them, to dialled digits.

Files stand in the order of the work: `tokens` (text to tokens), `atoms` and `runs` (tokens to runs of
digits), `letters` (1-800-FLOWERS), `cues` (what the words around them say), `evidence` (what speaks for a
number, by shapes from `plan`), `split` (the search), `corrections` (what was taken back), `find`.
docs/finder.md explains the score on one page.
"""

from voicecheck.numbers.digit_run import DigitRun
from voicecheck.numbers.find import SpokenNumber, digit_runs, find_in_words, find_numbers

__all__ = ["DigitRun", "SpokenNumber", "digit_runs", "find_in_words", "find_numbers"]
