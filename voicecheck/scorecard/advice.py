"""Advice from the words: tips that quote the moment they are about.

Better silent than wrong: a tip is given where the words leave no doubt, for a recogniser misspells names
and leaves fillers out. What is looked for, and how that is written, stands in the rubric's phrase lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from voicecheck.numbers.recitations import Recitation
from voicecheck.scorecard.card import Tip
from voicecheck.scorecard.rubric import Advice
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval

QUOTE_MAX = 60
"""Letters of a quote; more is cut off."""

WORN_OUT_MAX = 3
"""Worn-out phrases that are told of one message."""

NEAR = 10
"""Who and where belong together if there are no more words between them."""

NAME_WORDS_MAX = 3

PASSED_OVER = frozenset(
    {
        "just",
        "also",
        "probably",
        "definitely",
        "actually",
        "simply",
        "please",
        "then",
        "um",
        "uh",
        "er",
        "erm",
    }
)
"""Words that change nothing about a phrase they stand in."""

CAPITALISED = frozenset(
    {
        *("i", "mr", "mrs", "ms", "dr", "ok"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
        *("november", "december"),
    }
)
"""Words that have a capital anywhere and are no names; a "May" in the middle of a sentence is a name."""

TITLES = frozenset({"dr", "mr", "mrs", "ms", "st", "jr", "sr"})
"""A full stop after one of these ends no sentence."""

NAME_FOLLOWS = TITLES | {"hi", "hello", "hey"}
"""What follows these is a name even if the recogniser gave it no capital."""

CONTRACTIONS = {"'ll": "will", "'m": "am", "'re": "are", "'ve": "have", "'d": "would", "n't": "not"}

ENDS_IN_IS = frozenset({"it", "that", "name", "here", "there", "what", "who", "how", "where", "this"})
"""In "it's" the end is "is"; in "Roger's" it is not."""


@cache
def plain_words() -> frozenset[str]:
    """Words that are no names and give no reason by themselves."""
    text = files("voicecheck").joinpath("rubrics/plain-words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word of the message, or a mark.

    Parameters
    ----------
    text : str
        In small letters; ``","`` and ``"."`` for marks.
    word : int
        Index of the transcript's word.
    is_name : bool
        Whether it has a capital, and not only because a sentence starts with it, or stands where a name does.
    """

    text: str
    word: int
    is_name: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it is a comma or the end of a sentence."""
        return self.text in (",", ".")


@dataclass(frozen=True, kw_only=True)
class Match:
    """Where a phrase stands: tokens `start` up to `end`."""

    phrase: str
    start: int
    end: int


def advise(
    words: Sequence[Word], recitations: Sequence[Recitation], advice: Advice, *, prospect: str | None = None
) -> tuple[Tip, ...]:
    """Find what a coach would say about the words.

    Parameters
    ----------
    words : sequence of Word
        The transcript.
    recitations : sequence of Recitation
        The numbers in it.
    advice : Advice
        Phrase lists and limits.
    prospect : str or None
        Whom the message is for, if that is known.

    Returns
    -------
    tuple of Tip
        In the order of the rubric; none for a message without words.
    """
    message = Message.of(words, recitations)
    if not message.n_words:
        return ()
    return tuple(
        tip
        for name, judge in _JUDGES.items()
        if getattr(advice, name).role == "tip"
        for tip in judge(message, advice, prospect)
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Message:
    """What the tips look at."""

    words: Sequence[Word]
    tokens: Sequence[Token]
    recitations: Sequence[Recitation]

    @classmethod
    def of(cls, words: Sequence[Word], recitations: Sequence[Recitation]) -> Message:
        """Split the words into tokens."""
        return cls(words=words, tokens=tuple(_tokens(words)), recitations=recitations)

    @property
    def n_words(self) -> int:
        """Tokens that are words."""
        return sum(not token.is_mark for token in self.tokens)

    def find(self, phrases: Sequence[str], *, exactly: bool = False) -> list[Match]:
        """Find phrases in the order of their places; a longer one hides those inside it.

        Unless it must stand there exactly, commas and words that change nothing may stand in a phrase.
        """
        found: list[Match] = []
        by_first = _by_first(tuple(phrases))
        for start, token in enumerate(self.tokens):
            firsts = (token.text,) if token.is_mark else (token.text, "*", "{name}")
            ends = {
                phrase: self._end(parts, start, exactly)
                for first in firsts
                for phrase, parts in by_first.get(first, ())
            }
            matches = [Match(phrase=phrase, start=start, end=end) for phrase, end in ends.items() if end]
            if matches:
                found.append(max(matches, key=lambda match: match.end))
        return [
            match
            for match in found
            if not any(
                other is not match and other.start <= match.start and match.end <= other.end
                for other in found
            )
        ]

    def _end(self, parts: Sequence[str], at: int, exactly: bool) -> int:
        """Where a phrase that starts here ends; 0 if it does not stand here."""
        if not parts:
            return at
        if at >= len(self.tokens):
            return at if list(parts) == ["."] else 0
        token, part = self.tokens[at], parts[0]
        if part == "{name}":
            return self._name_end(parts, at, exactly)
        if (part == "*" and not token.is_mark) or part == token.text:
            end = self._end(parts[1:], at + 1, exactly)
            if end:
                return end
        if not exactly and (token.text == "," or token.text in PASSED_OVER):
            return self._end(parts, at + 1, exactly)
        return 0

    def _name_end(self, parts: Sequence[str], at: int, exactly: bool) -> int:
        if not exactly and self.tokens[at].text == ",":
            at += 1
        n_names = 0
        while (
            n_names < NAME_WORDS_MAX and at + n_names < len(self.tokens) and self.tokens[at + n_names].is_name
        ):
            n_names += 1
        ends = (
            self._end(parts[1:], at + n, exactly)
            for n in range(n_names, 0, -1)
            if not self._is_parted(parts[1:], at + n)
        )
        return next((end for end in ends if end), 0)

    def _is_parted(self, parts: Sequence[str], at: int) -> bool:
        """Whether a comma ends a name: "Ann, calling from Acme" is to Ann, "Ann calling" is from her."""
        return bool(parts) and parts[0] != "," and [each.text for each in self.tokens[at : at + 1]] == [","]

    def tip(self, tip_id: str, text: str, start: int, end: int) -> Tip:
        """Give a tip about the tokens from `start` up to `end`."""
        first, last = self.tokens[start].word, self.tokens[max(start, end - 1)].word
        return self.tip_on_words(tip_id, text, first, last)

    def tip_on_words(self, tip_id: str, text: str, first: int, last: int) -> Tip:
        """Give a tip about words of the transcript."""
        quoted = self.words[first : last + 1]
        quote = "".join(word.text for word in quoted).strip().rstrip(",")
        if len(quote) > QUOTE_MAX:
            quote = quote[:QUOTE_MAX].rsplit(" ", 1)[0] + " ..."
        offset_s = max(quoted[0].onset_s, quoted[-1].offset_s)
        return Tip(
            id=tip_id, text=text, quote=quote, heard=Interval(onset_s=quoted[0].onset_s, offset_s=offset_s)
        )


def _tokens(words: Sequence[Word]) -> Iterator[Token]:
    if words:
        yield Token(text=".", word=0)
    starts, before = True, ""
    for index, word in enumerate(words):
        text = word.text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for piece in re.findall(r"[^\W_]+(?:'[^\W_]+)*|[,;:.?!]+", text):
            if not piece[0].isalnum():
                if text.strip(" .").lower() in TITLES:
                    continue
                starts = any(mark in piece for mark in ".?!")
                yield Token(text="." if starts else ",", word=index)
                continue
            small = piece.lower()
            not_names = plain_words() if starts else CAPITALISED
            has_place = before in NAME_FOLLOWS and small not in plain_words()
            is_name = has_place or (piece[0].isupper() and small.split("'")[0] not in not_names)
            starts, before = False, before if small in PASSED_OVER else small
            for part in _uncontracted(small):
                yield Token(text=part, word=index, is_name=is_name)


def _uncontracted(word: str) -> list[str]:
    """Part a contraction: "i'll" is "i will", but "roger's" stays.

    >>> _uncontracted("i'll"), _uncontracted("don't"), _uncontracted("it's"), _uncontracted("roger's")
    (['i', 'will'], ['do', 'not'], ['it', 'is'], ["roger's"])
    """
    if word == "won't":
        return ["will", "not"]
    for ending, full in CONTRACTIONS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending), full]
    if word.endswith("'s") and word.removesuffix("'s") in ENDS_IN_IS:
        return [word.removesuffix("'s"), "is"]
    return [word]


@cache
def _by_first(phrases: tuple[str, ...]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Sort phrases, with their parts, by the first part."""
    sorted_by: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for phrase in phrases:
        parts = _compiled(phrase)
        if parts:
            sorted_by.setdefault(parts[0], []).append((phrase, parts))
    return sorted_by


def _compiled(phrase: str) -> tuple[str, ...]:
    """Part a phrase of the rubric as a message is parted."""
    pieces = re.findall(
        r"\{name\}|\*|[,.]|[^\W_]+(?:'[^\W_]+)*", phrase.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return tuple(
        part for piece in pieces for part in (_uncontracted(piece.lower()) if piece[0].isalnum() else [piece])
    )


def _introduction(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    del prospect
    lists = advice.introduction
    limit = _nth_word(message, lists.within_words)
    who = [match for match in message.find(lists.who) if match.start < limit]
    where = [match for match in message.find(lists.where) if match.start < limit]
    if any(one.start - NEAR <= other.end and other.start <= one.end + NEAR for one in who for other in where):
        return
    called = [match for match in message.find(advice.prospect_name.addresses) if match.phrase[0] != ","]
    n_names = _count_names(message, limit, called)
    n_outside = _count_names(message, limit, [*called, *where])
    if n_names > 1 or (where and n_outside):  # "Ann, Bob Lee, Acme Tools", "Ann, Bob Lee, I'm the agent for"
        return
    missing = (
        "where you are from" if who else "who you are" if where else "who you are and where you are from"
    )
    yield message.tip(
        "introduction",
        f"Say {missing} in the first sentence: nobody calls a stranger back.",
        0,
        min(limit, _nth_word(message, 10)),
    )


def _count_names(message: Message, limit: int, but_for: Sequence[Match]) -> int:
    """Names before `limit` outside the matches, marks between them."""
    inside = {at for match in but_for for at in range(match.start, match.end)}
    names = [token.is_name and at not in inside for at, token in enumerate(message.tokens[:limit])]
    return sum(is_name and not before for before, is_name in pairwise([False, *names]))


def _nth_word(message: Message, n: int) -> int:
    """Index of the token after the first n words."""
    seen = 0
    for index, token in enumerate(message.tokens):
        seen += not token.is_mark
        if seen > n:
            return index
    return len(message.tokens)


def _prospect_name(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    if prospect:
        named = _is_named(message, prospect)
    else:
        introduced = [match for match in message.find(advice.introduction.who) if "{name}" in match.phrase]
        named = any(
            not any(one.start < match.end and match.start < one.end for one in introduced)
            for match in message.find(advice.prospect_name.addresses)
        )
    if not named:
        yield message.tip(
            "prospect_name",
            f"Greet {prospect or 'the listener'} by name: it tells them that the message is for them.",
            0,
            _nth_word(message, 6),
        )


def _is_named(message: Message, prospect: str) -> bool:
    """Whether any part of a name is said, as well as a recogniser spells it."""
    import jellyfish
    from rapidfuzz.fuzz import ratio

    parts = [part.lower() for part in re.findall(r"[^\W\d_]{2,}", prospect)]
    said = {token for token in message.tokens if len(token.text) > 1 and not token.is_mark}

    def is_heard_as(part: str, token: Token) -> bool:
        if part == token.text:
            return True
        alike = ratio(part, token.text)
        if alike >= 80 and len(part) > 3 and (token.is_name or token.text not in plain_words()):
            return True
        sound, other = jellyfish.metaphone(part), jellyfish.metaphone(token.text)
        short, long = sorted((sound, other), key=len)
        begins_alike = len(short) > 1 and long.startswith(short)
        return (
            token.is_name
            and alike >= 50
            and sound[:1] == other[:1]
            and (begins_alike or ratio(sound, other) >= 75)
        )

    return not parts or any(is_heard_as(part, token) for part in parts for token in said)


def _reason(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    del prospect
    phrases = (
        *advice.reason.empty,
        *advice.next_try.asks,
        *advice.next_try.promises,
        *advice.introduction.who,
        *advice.prospect_name.addresses,
        *advice.number_last.closings,
        *advice.worn_out.phrases,
    )
    covered = {at for match in message.find(phrases) for at in range(match.start, match.end)}
    others = [
        token
        for at, token in enumerate(message.tokens)
        if at not in covered and not token.is_mark and not token.is_name and token.text.isalpha()
    ]
    n_others = sum(token.text not in plain_words() for token in others)
    if n_others <= advice.reason.max_other_words:
        asks = message.find(advice.next_try.asks)
        start, end = (asks[0].start, asks[0].end) if asks else (0, _nth_word(message, 10))
        yield message.tip(
            "reason", "Say why you call: one concrete reason is what makes somebody call back.", start, end
        )


def _next_try(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    del prospect
    text = "Say when you will try again, so that not all hangs on their calling back."
    if _meant(message, advice.next_try.promises, advice.next_try.unless):
        return
    asks = _meant(message, advice.next_try.asks, advice.next_try.unless)
    numbers = [each for each in message.recitations if each.full]
    if asks:
        yield message.tip("next_try", text, asks[0].start, asks[0].end)
    elif numbers:
        yield _tip_on_number(message, "next_try", text, numbers[0])


def _tip_on_number(message: Message, tip_id: str, text: str, number: Recitation) -> Tip:
    inside = [
        at
        for at, word in enumerate(message.words)
        if word.offset_s > number.interval.onset_s and word.onset_s < number.interval.offset_s
    ]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    return message.tip_on_words(tip_id, text, first, last)


def _number_last(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    del prospect
    if len(message.recitations) != 1 or not message.recitations[0].full:
        return
    (number,) = message.recitations
    closings = {
        at for match in message.find(advice.number_last.closings) for at in range(match.start, match.end)
    }
    after = [
        token
        for at, token in enumerate(message.tokens)
        if at not in closings
        and not token.is_mark
        and message.words[token.word].onset_s >= number.interval.offset_s - 0.05
    ]
    if len(after) <= advice.number_last.max_other_words:
        yield _tip_on_number(
            message,
            "number_last",
            "Give the number before your last sentence, or say it twice: a cut-off at the end takes it.",
            number,
        )


def _worn_out(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    del prospect
    seen: set[str] = set()
    for match in _meant(message, advice.worn_out.phrases, advice.worn_out.unless):
        if _is_in_name(message, match) or match.phrase in seen or len(seen) == WORN_OUT_MAX:
            continue
        seen.add(match.phrase)
        tip = message.tip("worn_out", "", match.start, match.end)
        quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{tip.quote.rstrip('.!?')}\N{RIGHT DOUBLE QUOTATION MARK}"
        yield replace(tip, text=f"Leave out {quoted}: everybody says it. Say what is in it for them.")


def _is_in_name(message: Message, match: Match) -> bool:
    """Whether the words are those of a company: all of them, or the next one too, have a capital."""
    inside = [token for token in message.tokens[match.start : match.end] if not token.is_mark]
    after = message.tokens[match.end : match.end + 1]
    return all(token.is_name for token in inside) or (
        inside[-1].is_name and any(one.is_name for one in after)
    )


def _fillers(message: Message, advice: Advice, prospect: str | None) -> Iterator[Tip]:
    del prospect
    limits = advice.fillers
    found = _meant(message, limits.phrases, limits.unless)
    rate = 100 * len(found) / message.n_words
    if len(found) >= limits.min_count and rate > limits.max_per_100_words:
        yield message.tip(
            "fillers",
            f"Leave the fillers out: {len(found)} in {message.n_words} words. A pause sounds surer.",
            found[0].start,
            found[0].end,
        )


def _meant(message: Message, phrases: Sequence[str], unless: Sequence[str]) -> list[Match]:
    """Find phrases that are not part of an exception."""
    exceptions = message.find(unless, exactly=True)
    return [
        match
        for match in message.find(phrases)
        if not any(one.start < match.end and match.start < one.end for one in exceptions)
    ]


_JUDGES: dict[str, Callable[[Message, Advice, str | None], Iterator[Tip]]] = {
    "introduction": _introduction,
    "prospect_name": _prospect_name,
    "reason": _reason,
    "next_try": _next_try,
    "number_last": _number_last,
    "worn_out": _worn_out,
    "fillers": _fillers,
}
