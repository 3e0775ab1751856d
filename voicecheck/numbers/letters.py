"""Numbers that end in letters, read on the keypad: 1-800-FLOWERS."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voicecheck.english import DASHES, KEYPAD
from voicecheck.numbers.atoms import Atom, Joint
from voicecheck.numbers.runs import Run
from voicecheck.numbers.tokens import Kind, Token

_TOLL_FREE = re.compile(r"1?(?:8(?:00|22|33|44|55|66|77|88)|900)(\d{0,6})")

_AREA_CODE = re.compile(r"1?[2-9]\d\d(\d{3})?")

_LETTERS_SPARE = 4
"""Letters past the seventh that a toll-free word may have; the exchange ignores them."""


def with_letters(run: Run, tokens: Sequence[Token], until: int) -> Run:
    """Add the letters that complete a number after `run`, if any do; they end before token `until`.

    After a toll-free code with a 1 of its own before it any word of the right length will do; elsewhere only
    capitals joined on by a hyphen, as in 416-555-TALK: "eight hundred dollars" is no number.
    """
    toll_free = _TOLL_FREE.fullmatch(run.digits)
    prefix = toll_free or _AREA_CODE.fullmatch(run.digits)
    if not prefix:
        return run
    n_wanted = 7 - len(prefix[1] or "")
    loose = bool(toll_free) and n_wanted >= 6 and _is_dialled_from_one(run, tokens)
    letters: list[Token] = []
    for at in range(run.atoms[-1].last + 1, min(until, len(tokens), run.atoms[-1].last + 17)):
        token = tokens[at]
        if token.text in DASHES:
            continue
        tight = not token.spaced and tokens[at - 1].text in DASHES
        if token.kind is not Kind.WORD or not (loose or (tight and token.upper)):
            break
        letters.append(token)
        n_letters = sum(len(word.text) for word in letters)
        goes_on = at + 1 < len(tokens) and tokens[at + 1].text in DASHES and not tokens[at + 1].spaced
        is_long_word = len(letters) == 1 and loose and n_letters <= n_wanted + _LETTERS_SPARE
        if n_letters >= n_wanted and not goes_on:
            complete = n_letters == n_wanted or is_long_word
            return _extended(run, letters, at) if complete else run
    return run


def _is_dialled_from_one(run: Run, tokens: Sequence[Token]) -> bool:
    """Tell "one eight hundred" and "1-800" from the quantities 1,800 and "eighteen hundred"."""
    if run.atoms[0].digits != "1":
        return False
    after = tokens[run.atoms[1].first]
    return after.spaced or tokens[run.atoms[1].first - 1].text != ","


def _extended(run: Run, words: Sequence[Token], last: int) -> Run:
    letters = [(char, word.start + i) for word in words for i, char in enumerate(word.text)]
    if not all(char in KEYPAD for char, _ in letters):
        return run
    atom = Atom(
        digits="".join(KEYPAD[char] for char, _ in letters),
        spans=tuple((place, place + 1) for _, place in letters),
        first=run.atoms[-1].last + 1,
        last=last,
        joint=Joint.SPACE,
        lettered=True,
    )
    return replace(run, atoms=(*run.atoms, atom))
