"""Telephone numbers in what was said: words, numerals and any mixture of them, to dialled digits.

One way: `tokens` (text to tokens), `reading` (tokens to runs of digits, words from `lexicon`), `splitting`
(runs to candidates, shapes from `plan`), `context` (what the words around them say), `finder` (the answer).
"""

from voicecheck.numbers.finder import DigitRun, SpokenNumber, digit_runs, find_in_words, find_numbers

__all__ = ["DigitRun", "SpokenNumber", "digit_runs", "find_in_words", "find_numbers"]
