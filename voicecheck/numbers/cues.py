"""What the words around digits say they are: evidence by name, for the search to weigh.

Nothing here decides. `cues_before` and `cues_after` name what stands there; what a name is worth is fitted
(`finder_weights`). The names: `phone`, `number` (announced in this sentence), `phone_earlier` (in one
before), `at` ("at", "on" right before), `again`; against a telephone number `noun_bare` ("invoice 123"),
`noun_linked` ("the invoice is 123"), `noun_number` ("invoice number 123"), `noun_number_far` (other words
between), `name_bare` (a word that is as often a name: "this is Bill 212-..."), `hard_noun` (ISBN and the
like, anywhere in the sentence), `hash`, `extension`, `spelled` (letters of a code), `currency`, `month`,
`amount`, `road`.
"""

from __future__ import annotations

from collections.abc import Sequence

from voicecheck.english import (
    AMOUNTS_AFTER,
    BE_VERBS,
    BEFORE_NUMBER,
    CURRENCY_MARKS,
    CURRENCY_WORDS,
    DENIALS,
    DETERMINERS,
    EXTENSION_LINKERS,
    EXTENSION_WORDS,
    HARD_NOUNS,
    LINE_LABELS,
    LINK_WORDS,
    LINKERS,
    MONTHS,
    NUMBER_WORDS,
    NUMBERABLE_NOUNS,
    NUMBERED_NOUNS,
    PHONE_WORDS,
    REPEATS,
    ROAD_WORDS,
    TIME_PREPOSITIONS,
    TOPIC_PREPOSITIONS,
    UNITS,
    UNITS_AFTER,
)
from voicecheck.numbers.tokens import Token, TokenKind

Cues = frozenset[str]

NOUNS = NUMBERED_NOUNS | NUMBERABLE_NOUNS

OTHER_CUES = frozenset({"noun_bare", "noun_linked", "noun_number", "noun_number_far", "hard_noun", "hash"})
"""Cues that name something else than a telephone number."""

_BACK_MAX = 14
"""Words looked at before digits."""

_AHEAD_MAX = 7
"""Words looked at after digits."""


def cues_before(tokens: Sequence[Token], at: int) -> Cues:
    """Name what the words before token `at`, where digits start, say of them.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        Where the digits start.

    Returns
    -------
    Cues
        The names of all that speak for or against a telephone number.
    """
    return _Back(tokens, at).cues()


class _Back:
    """A walk back from digits to the nearest word that says what they are.

    The walk is `direct` as long as only linking words were met: then a bare noun names the digits
    ("invoice is 123"). Later only "invoice number" does, and in an earlier sentence nothing does.
    """

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self.tokens, self.start = tokens, at
        self.direct, self.paused, self.linked, self.earlier = True, False, False, False
        self.before = tokens[at - 1].text if at else ""
        self.after_preposition = self.before in BEFORE_NUMBER

    def cues(self) -> Cues:
        """Walk until a word decides, collecting what is worth less on the way."""
        found = set(self._beside())
        n_words, at = 0, self.start - 1
        while at >= 0 and n_words < _BACK_MAX:
            token = self.tokens[at]
            if token.kind is TokenKind.MARK:
                self._pass_mark(token)
            else:
                n_words += 1
                cue = self._cue(at)
                if cue:
                    found.add(cue)
                if cue not in (None, "name_bare"):
                    break
            at -= 1
        return frozenset(found)

    def _beside(self) -> list[str]:
        """Name what stands right before the digits."""
        beside = ["at"] if self.after_preposition else []
        if _is_spelled_code(self.tokens, self.start):
            beside.append("spelled")
        if self.before in CURRENCY_MARKS | CURRENCY_WORDS:
            beside.append("currency")
        if self.before in MONTHS:
            beside.append("month")
        if self.before == "#" and word_before(self.tokens, self.start - 1) not in PHONE_WORDS | {
            "is",
            "number",
        }:
            beside.append("hash")
        return beside

    def _pass_mark(self, mark: Token) -> None:
        if mark.text in ".?!":
            self.earlier = self.earlier or not self.direct
        if mark.text in ",.;?!":
            self.paused = True

    def _cue(self, at: int) -> str | None:
        word = self.tokens[at].text
        if word in NUMBER_WORDS or word in ("code", "id"):
            return self._number_word_cue(at)
        if word in PHONE_WORDS:
            return "phone_earlier" if self.earlier else "phone"
        if word in REPEATS:
            return "again"
        named = word in NOUNS and self.direct and self._names_the_digits(at)
        if word in HARD_NOUNS and not named and not (self.earlier or self.after_preposition):
            return "hard_noun"
        if word in LINKERS and self.direct:
            self.linked = True
        else:
            self.direct = False
        return self._noun_cue(at) if named else None

    def _noun_cue(self, at: int) -> str:
        if self.tokens[at].text in EXTENSION_WORDS:
            return "extension"
        if self.linked:
            return "noun_linked"
        is_name = self.tokens[at].text in NUMBERABLE_NOUNS or self._is_written_as_name(at)
        return "name_bare" if is_name else "noun_bare"

    def _is_written_as_name(self, at: int) -> bool:
        """Whether a capital in the middle of a sentence makes a name of the word: "Justin Case"."""
        starts = at == 0 or self.tokens[at - 1].text in ".?!"
        return self.tokens[at].title and not starts

    def _number_word_cue(self, at: int) -> str | None:
        """Judge "number" by the word before it: an invoice number, a phone number, my number."""
        word, noun = self.tokens[at].text, word_before(self.tokens, at)
        if noun in NOUNS:
            if self.direct and not self.earlier:
                return "noun_number"
            return None if self.earlier or self.after_preposition else "noun_number_far"
        if word in ("number", "numbers", "number's") or noun in ("area", "caller", "country"):
            return "phone_earlier" if self.earlier else "number"
        return "noun_bare" if self.direct and word in ("code", "id") else None

    def _names_the_digits(self, at: int) -> bool:
        """Tell "invoice 123" and "the invoice is 123" from "about your invoice, 123" and "at 123"."""
        if self.after_preposition or not self.linked:
            return not (self.after_preposition or self.paused)
        before = at - 1
        if before >= 0 and self.tokens[before].text in DETERMINERS:
            before -= 1
        return before < 0 or self.tokens[before].text not in TOPIC_PREPOSITIONS


def _text_at(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if at < len(tokens) else ""


def _is_spelled_code(tokens: Sequence[Token], at: int) -> bool:
    """Whether a spelled letter leads straight into the digits, as in "A B dash one two"."""
    while at > 0 and tokens[at - 1].text in LINK_WORDS:
        at -= 1
    letter = tokens[at - 1].text if at else ""
    return len(letter) == 1 and letter.isalpha() and letter not in "aiox"


def cues_after(tokens: Sequence[Token], at: int) -> Cues:
    """Name what the words from token `at` on, right behind digits, say of them.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        Right behind the digits.

    Returns
    -------
    Cues
        The names of all that speak for or against a telephone number.
    """
    while _text_at(tokens, at) in (",", "and", "which"):
        at += 1
    if _text_at(tokens, at) in AMOUNTS_AFTER:
        return frozenset({"amount"})
    if ROAD_WORDS & {_text_at(tokens, at), _text_at(tokens, at + 1)}:
        return frozenset({"road"})
    if _text_at(tokens, at) not in BE_VERBS:
        return frozenset()
    for token in tokens[at : at + 1 + _AHEAD_MAX]:  # the verb is none of them
        if token.text in DENIALS or token.kind is not TokenKind.WORD or token.text in UNITS:
            break
        if token.text in EXTENSION_WORDS:
            break
        if token.text in PHONE_WORDS or token.text in LINE_LABELS or token.text == "number":
            return frozenset({"phone"})
        if token.text in NOUNS:
            return frozenset({"noun"})
    return frozenset()


def first_digits_cue(tokens: Sequence[Token], at: int) -> str:
    """Name what the word right before token `at` makes of a few first digits: "until 5", "suite 200".

    One of `time`, `noun`, `extension`, `currency`, `at`, `name` (a capital, as of a town before its ZIP
    code), or "".

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        Where the digits start.

    Returns
    -------
    str
        The cue's name; empty if there is none.
    """
    before = tokens[at - 1] if at else None
    if before is None:
        return ""
    if before.text in EXTENSION_WORDS:
        return "extension"
    if before.text in TIME_PREPOSITIONS:
        return "time"
    if before.text in NOUNS or before.text in NUMBER_WORDS:
        return "noun"
    if before.text in CURRENCY_MARKS | CURRENCY_WORDS:
        return "currency"
    if before.text in BEFORE_NUMBER:
        return "at"
    return "name" if before.title or before.upper else ""


def last_digits_cue(tokens: Sequence[Token], last: int) -> str:
    """Name what makes a time, a count or an amount of the few digits that end at token `last`.

    One of `unit` ("24 hours"), `clock` ("24/7"), or "".

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    last : int
        Where the digits end.

    Returns
    -------
    str
        The cue's name; empty if there is none.
    """
    if _is_round_the_clock(tokens, last):
        return "clock"
    return "unit" if _is_unit(tokens, last + 1) else ""


def _is_unit(tokens: Sequence[Token], at: int) -> bool:
    first, *others = (_text_at(tokens, place) for place in range(at, at + 3))
    if first in ("a", "p"):
        return others[0] == "m" or others == [".", "m"]
    return (first, others[0]) == ("in", "the") or first in UNITS_AFTER | AMOUNTS_AFTER


def _is_round_the_clock(tokens: Sequence[Token], last: int) -> bool:
    words = [token.text for token in tokens[max(0, last - 2) : last + 1] if token.text != "/"]
    return words[-2:] == ["24", "7"] or words == ["twenty", "four", "seven"]


def word_before(tokens: Sequence[Token], at: int) -> str:
    """Give the nearest word before token `at`, marks left out; empty if there is none.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        A place in it.

    Returns
    -------
    str
        In small letters.
    """
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.kind is TokenKind.WORD:
            return token.text
    return ""


def line_label(tokens: Sequence[Token], first: int, last: int, *, after: int) -> str | None:
    """Name the line that the words around a number say it is of: "my cell is ...", "... is my office".

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    first, last : int
        The first and the last token of the number.
    after : int
        The last token of the number before; -1 if there is none.

    Returns
    -------
    str or None
        One of the values of `english.LINE_LABELS`; the most particular that the words name.
    """
    before: list[str] = []
    for token in reversed(tokens[max(after + 1, first - _BACK_MAX) : first]):
        if token.text in ".?!":
            break
        before += [LINE_LABELS[token.text]] if token.text in LINE_LABELS else []
    behind: list[str] = []
    at = last + 1 + (_text_at(tokens, last + 1) == ",")
    if _text_at(tokens, at) in BE_VERBS | {"for"}:
        for token in tokens[at : at + 1 + _AHEAD_MAX]:  # the verb is none of them
            if token.kind is not TokenKind.WORD or token.text in UNITS:
                break
            behind += [LINE_LABELS[token.text]] if token.text in LINE_LABELS else []
    named = behind or before
    return next((label for label in named if label != "phone"), named[0] if named else None)


def extension_word(tokens: Sequence[Token], at: int, *, after: int) -> int | None:
    """Find the word that makes an extension of the digits at token `at`.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    at : int
        The first token of the digits.
    after : int
        The last token of the digits before; -1 if there are none.

    Returns
    -------
    int or None
        Index of "extension", "ext", "x" or "dial".
    """
    for place in range(at - 1, max(after, at - 6), -1):
        word = tokens[place].text
        if word == "dial":
            between = tokens[after + 1 : place]
            return place if after >= 0 and all(_may_precede_dial(token) for token in between) else None
        if word in EXTENSION_WORDS:
            return place if word != "x" or place == after + 1 else None
        if word not in LINKERS | NUMBER_WORDS and tokens[place].kind is not TokenKind.MARK:
            return None
    return None


def _may_precede_dial(token: Token) -> bool:
    return token.kind is TokenKind.MARK or token.text in ("and", "then")


def is_extension_link(tokens: Sequence[Token]) -> bool:
    """Whether only linking words and marks stand between a number and its "extension".

    Parameters
    ----------
    tokens : sequence of Token
        Between the two.

    Returns
    -------
    bool
        True for nothing in between, and for a name that is to be asked for.
    """
    words = [token for token in tokens if token.kind is not TokenKind.MARK]
    others = [at for at, word in enumerate(words) if word.text not in EXTENSION_LINKERS]
    is_asked_for = all(words[at].title and words[at - 1].text == "for" for at in others if at)
    return len(words) <= _AHEAD_MAX and 0 not in others and is_asked_for
