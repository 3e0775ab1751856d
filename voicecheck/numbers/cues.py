"""What the words around digits say they are: a telephone number, or something else."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from voicecheck.english import EXTENSION_WORDS, FILLERS, LINK_WORDS, OH_WORDS, UNITS, words_of
from voicecheck.numbers.tokens import Kind, Token

_BACK_MAX = 14
"""Words looked at before digits."""

_AHEAD_MAX = 7
"""Words looked at after digits."""


class Cue(IntEnum):
    """What the surrounding words make of digits.

    REFUSED: something else than a telephone number; HINT: a number may follow ("at ..."), or was announced
    in an earlier sentence; PHONE: a number was announced in this one; AGAIN: it is what the digits before
    were.
    """

    REFUSED = 0
    NONE = 1
    HINT = 2
    PHONE = 3
    AGAIN = 4


PHONE_WORDS = words_of(
    """
    area buzz call callback called calling calls cell cellphone cellular contact dial dialing dialling
    fax handset helpline hotline landline line mailbox mobile phone phones rang reach reached ring shout
    sms tel telephone text texting voicemail voicemails whatsapp
    """
)

_REPEATS = frozenset({"again", "repeat", "repeating", "once", "twice"})
"""What follows them is what came before."""

REFUSING_NOUNS = words_of(
    """
    account accounts acct amex apartment apt asin badge bank barcode batch bill booking box building bus
    card case chapter check checking cheque claim client code codes confirmation contract coupon credit
    customer dea debit delivery discover docket doi dollar ein employee estimate ext extension file
    flight floor gate gift iban id identification imei incident insurance invoice isbn isrc item licence
    license loan locker lot lottery mastercard meeting member membership meter minus mls model nhs nmls
    npi order orders otp package page parcel part passcode passport password patient permit pin plate
    platform po point policy port postal postcode prescription product project promo purchase quote
    receipt record ref reference registration request reservation room routing rx savings score seat
    security serial server shipment sku social sort ssn student suite tax ticket times tracking train
    transaction unit upc usd vat version vin visa voucher winning wire zip zipcode
    """
)
"""Directly before digits, or before "number", they name what is no telephone number."""

_HARD_NOUNS = words_of("ssn isbn vin iban routing tracking wire passport imei otp")
"""These refuse anything later in their sentence, too."""

_NUMBER_WORDS = frozenset({"number", "numbers", "no", "num", "nos"})

_LINKERS = FILLERS | words_of(
    """
    and are as be being colon ending equals hash here here's is it it's its pound read reads says that's
    thats the was which will would
    """
)

_DETERMINERS = words_of("the your my our his her their this that a an")

_PREPOSITIONS = words_of("on for of about regarding re under concerning with to from in")

_BEFORE_NUMBER = frozenset({"at", "on"})

_TIME_PREPOSITIONS = words_of("until till til before after by around past")

_VERBS = words_of("is was that's thats being are")

_DENIALS = words_of("not isn't doesn't don't wasn't never")

_UNITS_AFTER = words_of(
    """
    % a.m am bucks central cents day days degrees dollar dollars eastern euros feet friday fridays hour
    hours hrs inches kg kids kilograms kilos last lbs miles mins minute minutes moment monday mondays
    month months more o'clock of other p.m pacific people percent pm pounds quid saturday second seconds
    square sunday thing things thursday thursdays times tuesday tuesdays wednesday wednesdays week
    weekdays weekends weeks year years
    """
)
"""After a small number they make it a time, a count or an amount."""

_AMOUNTS_AFTER = words_of(
    "percent % dollars dollar bucks cents pounds quid euros miles kilometers kilograms kg"
)

_EXTENSION_LINKERS = FILLERS | words_of(
    """
    an ask at by dial enter for her his is it's its my number on our press that's the through to use via
    with
    """
)

_CORRECTIONS = words_of(
    """
    actually apologies correction excuse make mean meant mistake no nope oops pardon rather restart
    scratch should sorry start strike wait whoops wrong
    """
)

_CORRECTION_LINKERS = (
    FILLERS
    | OH_WORDS
    | words_of(
        """
    again bad be bit digits do got hang have hold i i'm is it it's its last let let's me my not number
    on one over part right say so that that's thats the this to try was
    """
    )
)

_STRONG_CORRECTIONS = _CORRECTIONS - {"sorry", "pardon", "excuse", "actually"}
"""These take back what was said even beside "again"."""

_ASIDE_MAX = 4
"""Words of an aside inside a number."""

_NEW_STARTS = PHONE_WORDS | REFUSING_NOUNS | {"or", "number", "ask"}


def cue_before(tokens: Sequence[Token], at: int) -> Cue:
    """Say what the words before token `at`, where digits start, make of them."""
    if _is_spelled_code(tokens, at):
        return Cue.REFUSED
    return _Back(tokens, at).cue()


class _Back:
    """A walk back from digits to the nearest word that says what they are.

    The walk is `direct` as long as only linking words were met: then a bare noun names the digits
    ("invoice is 123"). Later only "invoice number" does, and in an earlier sentence nothing refuses.
    """

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self.tokens, self.start = tokens, at
        self.direct, self.paused, self.linked, self.earlier = True, False, False, False
        self.after_preposition = at > 0 and tokens[at - 1].text in _BEFORE_NUMBER

    def cue(self) -> Cue:
        """Walk until a word decides."""
        n_words, at = 0, self.start - 1
        while at >= 0 and n_words < _BACK_MAX:
            token = self.tokens[at]
            if token.kind is Kind.MARK:
                if token.text == "#" and self._hash_refuses(at):
                    return Cue.REFUSED
                self._pass_mark(token)
                at -= 1
                continue
            n_words += 1
            verdict = self._judge(at)
            if verdict is not None:
                return verdict
            at -= 1
        return Cue.HINT if self.after_preposition else Cue.NONE

    def _hash_refuses(self, at: int) -> bool:
        """Tell whether a hash mark right before the digits is more than a way to write "number"."""
        return at == self.start - 1 and word_before(self.tokens, at) not in PHONE_WORDS | {"is", "number"}

    def _pass_mark(self, mark: Token) -> None:
        if mark.text in ".?!":
            self.earlier = self.earlier or not self.direct
        if mark.text in ",.;?!":
            self.paused = True

    def _judge(self, at: int) -> Cue | None:
        word = self.tokens[at].text
        if word in _NUMBER_WORDS or word in ("code", "id"):
            return self._judge_number_word(at)
        if word in PHONE_WORDS:
            return Cue.HINT if self.earlier else Cue.PHONE
        if word in _REPEATS:
            return Cue.AGAIN
        if word in REFUSING_NOUNS and self.direct:
            if self._names_the_digits(at):
                return Cue.REFUSED
        elif word in _HARD_NOUNS and not (self.earlier or self.after_preposition):
            return Cue.REFUSED
        if word in _LINKERS and self.direct:
            self.linked = True
        else:
            self.direct = False
        return None

    def _judge_number_word(self, at: int) -> Cue | None:
        """Judge "number" by the word before it: an invoice number, a phone number, my number."""
        word, noun = self.tokens[at].text, word_before(self.tokens, at)
        if noun in REFUSING_NOUNS:
            refused = not self.earlier and (self.direct or not self.after_preposition)
            return Cue.REFUSED if refused else None
        if word in ("number", "numbers") or noun in ("area", "caller", "country"):
            return Cue.HINT if self.earlier else Cue.PHONE
        return Cue.REFUSED if self.direct and word in ("code", "id") else None

    def _names_the_digits(self, at: int) -> bool:
        """Tell "invoice 123" and "the invoice is 123" from "about your invoice, 123" and "at 123"."""
        if self.after_preposition or not self.linked:
            return not (self.after_preposition or self.paused)
        before = at - 1
        if before >= 0 and self.tokens[before].text in _DETERMINERS:
            before -= 1
        return before < 0 or self.tokens[before].text not in _PREPOSITIONS


def _is_spelled_code(tokens: Sequence[Token], at: int) -> bool:
    """Whether a spelled letter leads straight into the digits, as in "A B dash one two"."""
    while at > 0 and tokens[at - 1].text in LINK_WORDS:
        at -= 1
    letter = tokens[at - 1].text if at else ""
    return len(letter) == 1 and letter.isalpha() and letter not in "aiox"


def cue_after(tokens: Sequence[Token], at: int) -> Cue:
    """Say what "... is my cell" and "... is the order number", from token `at` on, make of digits."""
    while at < len(tokens) and tokens[at].text in (",", "and", "which"):
        at += 1
    if at >= len(tokens) or tokens[at].text not in _VERBS:
        return Cue.REFUSED if amount_after(tokens, at) else Cue.NONE
    for token in tokens[at + 1 : at + 1 + _AHEAD_MAX]:
        if token.text in _DENIALS or token.kind is not Kind.WORD or token.text in UNITS:
            return Cue.NONE
        if token.text in PHONE_WORDS or token.text == "number":
            return Cue.PHONE
        if token.text in REFUSING_NOUNS:
            return Cue.REFUSED
    return Cue.NONE


def amount_after(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word that makes an amount of digits stands at token `at`."""
    return at < len(tokens) and tokens[at].text in _AMOUNTS_AFTER


def unit_after(tokens: Sequence[Token], at: int) -> bool:
    """Whether token `at` makes a time, a count or an amount of a small number before it."""
    if at >= len(tokens):
        return False
    if tokens[at].text in ("a", "p") and at + 1 < len(tokens):
        following = [token.text for token in tokens[at + 1 : at + 3]]
        return following[0] == "m" or following == [".", "m"]
    in_the = [token.text for token in tokens[at : at + 2]] == ["in", "the"]
    return in_the or tokens[at].text in _UNITS_AFTER


def leads_to_other(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word before token `at` gives the next digits another meaning: "until 5", "suite 200"."""
    before = tokens[at - 1].text if at else ""
    return before in _TIME_PREPOSITIONS or before in REFUSING_NOUNS or before in _NUMBER_WORDS


def word_before(tokens: Sequence[Token], at: int) -> str:
    """Give the nearest word before token `at`, marks left out; empty if there is none."""
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.kind is Kind.WORD:
            return token.text
    return ""


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
        if word not in _LINKERS | _NUMBER_WORDS and tokens[place].kind is not Kind.MARK:
            return None
    return None


def _may_precede_dial(token: Token) -> bool:
    return token.kind is Kind.MARK or token.text in ("and", "then")


def is_extension_link(tokens: Sequence[Token]) -> bool:
    """Whether only linking words and marks stand between a number and its "extension"."""
    words = [token.text for token in tokens if token.kind is not Kind.MARK]
    return len(words) <= _AHEAD_MAX and all(word in _EXTENSION_LINKERS for word in words)


def is_correction(tokens: Sequence[Token]) -> bool:
    """Whether the tokens between two runs take back what was said before: "no, sorry, that's"."""
    words = {token.text for token in tokens if token.kind is not Kind.MARK}
    if not words & _CORRECTIONS or not words <= _CORRECTIONS | _CORRECTION_LINKERS:
        return False
    return not words & _REPEATS or bool(words & _STRONG_CORRECTIONS)


def is_round_the_clock(tokens: Sequence[Token], last: int) -> bool:
    """Whether the digits that end at token `last` end in "24/7"."""
    words = [token.text for token in tokens[max(0, last - 2) : last + 1]]
    return words in (["24", "/", "7"], ["twenty", "four", "seven"])


def is_interrupted(tokens: Sequence[Token], first: int, last: int, until: int) -> bool:
    """Whether three digits that a caller was dialling up to go on after a short aside.

    That is "call 416, that's Toronto, 555-0198": a cue leads straight into the digits from token `first`
    to `last`, and what stands between them and token `until` starts nothing new.
    """
    aside = [token.text for token in tokens[last + 1 : until]]
    n_words = sum(word.isalpha() for word in aside)
    ends_sentence = any(mark in aside for mark in ".?!")
    cue = cue_before(tokens, first)
    leading = tokens[first - 1].text if first else ""
    leads = cue is Cue.PHONE and leading in _LINKERS | _BEFORE_NUMBER | {"code"}
    return leads and n_words <= _ASIDE_MAX and not ends_sentence and not _NEW_STARTS.intersection(aside)


def joins_area_code(tokens: Sequence[Token], first: int, last: int, until: int) -> bool:
    """Whether the digits from token `first` to `last` are an area code whose number starts at `until`.

    That is "area code 416, and the number is 555-0198".
    """
    leading = [token.text for token in tokens[max(0, first - 5) : first] if token.kind is Kind.WORD]
    while leading and leading[-1] in _LINKERS:
        leading.pop()
    between = {token.text for token in tokens[last + 1 : until] if token.kind is Kind.WORD}
    allowed = _LINKERS | _NUMBER_WORDS | {"my", "phone", "local", "s"}
    return leading[-2:] == ["area", "code"] and until - last <= 9 and between <= allowed
