"""Phrases in the words of a message: what was said, and where.

Better silent than wrong: a phrase is found where the words leave no doubt, for a recogniser misspells names
and leaves fillers out. How phrases are written stands in `rubrics/phrases.toml`, beside the lists.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voicecheck.numbers.plan import display
from voicecheck.numbers.recitations import Recitation
from voicecheck.numbers.shown import shown_words
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval

QUOTE_MAX = 60
"""Letters of a quote; more is cut off."""

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
def default_phrases(check_id: str, name: str) -> tuple[str, ...]:
    """Read the list `name` of a check, as it comes with the package."""
    return _phrase_lists()[check_id][name]


@cache
def _phrase_lists() -> dict[str, dict[str, tuple[str, ...]]]:
    text = files("voicecheck").joinpath("rubrics/phrases.toml").read_text(encoding="utf-8")
    return {
        check_id: {name: tuple(phrases) for name, phrases in lists.items()}
        for check_id, lists in tomllib.loads(text).items()
    }


@cache
def ordinary_words() -> frozenset[str]:
    """Words that are no names and give no reason by themselves."""
    text = files("voicecheck").joinpath("rubrics/plain-words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@dataclass(frozen=True, kw_only=True)
class PhraseToken:
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
class Quote:
    """Words as the transcript has them, and when they were said."""

    text: str
    heard: Interval


@dataclass(frozen=True, kw_only=True)
class Match:
    """Where a phrase stands: tokens `start` up to `end`."""

    phrase: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, eq=False)
class SpokenText:
    """The words of a message and their tokens, to look phrases up in."""

    words: Sequence[Word]
    tokens: Sequence[PhraseToken]
    recitations: Sequence[Recitation]
    region: str

    @classmethod
    def of(
        cls, words: Sequence[Word], recitations: Sequence[Recitation], *, region: str = "US"
    ) -> SpokenText:
        """Split the words into tokens."""
        return cls(words=words, tokens=tuple(_tokens(words)), recitations=recitations, region=region)

    @staticmethod
    def parts(word: str) -> list[str]:
        """Part a word as the words of a message are parted: "I'll" is "i", "will"."""
        return _uncontracted(word.lower())

    @property
    def n_words(self) -> int:
        """Tokens that are words."""
        return sum(not token.is_mark for token in self.tokens)

    def find(self, phrases: Sequence[str], *, exactly: bool = False) -> list[Match]:
        """Find phrases in the order of their places; a longer one hides those inside it.

        Unless it must stand there exactly, commas and words that change nothing may stand in a phrase.

        Parameters
        ----------
        phrases : sequence of str
            As `Phrases` has them.
        exactly : bool
            Whether a word has to be written alike; else one of the same sound will do.

        Returns
        -------
        list of Match
            Each with the tokens that it holds.
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

    def meant(self, phrases: Sequence[str], unless: Sequence[str]) -> list[Match]:
        """Find phrases that are not part of an exception.

        Parameters
        ----------
        phrases : sequence of str
            To look for.
        unless : sequence of str
            What they must not be part of.

        Returns
        -------
        list of Match
            As of `find`.
        """
        exceptions = self.find(unless, exactly=True)
        return [
            match
            for match in self.find(phrases)
            if not any(one.start < match.end and match.start < one.end for one in exceptions)
        ]

    def nth_word(self, n: int) -> int:
        """Index of the token after the first n words.

        Parameters
        ----------
        n : int
            Words, without marks.

        Returns
        -------
        int
            The number of tokens if there are fewer words.
        """
        seen = 0
        for index, token in enumerate(self.tokens):
            seen += not token.is_mark
            if seen > n:
                return index
        return len(self.tokens)

    def quote(self, start: int, end: int) -> Quote:
        """Quote the tokens from `start` up to `end`.

        Parameters
        ----------
        start, end : int
            Tokens, the second not included.

        Returns
        -------
        Quote
            Text, and when it was said.
        """
        return self.quote_words(self.tokens[start].word, self.tokens[max(start, end - 1)].word)

    def quote_words(self, first: int, last: int) -> Quote:
        """Quote words of the transcript, the last one included.

        Parameters
        ----------
        first, last : int
            Words of the transcript, from 0.

        Returns
        -------
        Quote
            Text, and when it was said.
        """
        quoted = self.words[first : last + 1]
        shown = shown_words(quoted, self.recitations, region=self.region)
        text = "".join(shown).strip().rstrip(",")
        if len(text) > QUOTE_MAX:
            text = text[:QUOTE_MAX].rsplit(" ", 1)[0] + " ..."
        heard = Interval(onset_s=quoted[0].onset_s, offset_s=quoted[-1].offset_s)
        return Quote(text=text, heard=heard)

    def quote_number(self, number: Recitation) -> Quote:
        """Quote the words of a recitation; its digits, where the recogniser has no words for them.

        Parameters
        ----------
        number : Recitation
            Of this message.

        Returns
        -------
        Quote
            Text, and when it was said.
        """
        inside = [
            at
            for at, word in enumerate(self.words)
            if word.offset_s > number.interval.onset_s and word.onset_s < number.interval.offset_s
        ]
        if not inside:
            return Quote(text=display(number.digits, region=self.region), heard=number.interval)
        return self.quote_words(inside[0], inside[-1])


def _tokens(words: Sequence[Word]) -> Iterator[PhraseToken]:
    if words:
        yield PhraseToken(text=".", word=0)
    starts, before = True, ""
    for index, word in enumerate(words):
        text = word.text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for piece in re.findall(r"[^\W_]+(?:'[^\W_]+)*|[,;:.?!]+", text):
            if not piece[0].isalnum():
                if text.strip(" .").lower() in TITLES:
                    continue
                starts = any(mark in piece for mark in ".?!")
                yield PhraseToken(text="." if starts else ",", word=index)
                continue
            small = piece.lower()
            not_names = CAPITALISED | ordinary_words() if starts else CAPITALISED
            has_place = before in NAME_FOLLOWS and small not in ordinary_words()
            is_name = has_place or (piece[0].isupper() and small.split("'")[0] not in not_names)
            starts, before = False, before if small in PASSED_OVER else small
            for part in _uncontracted(small):
                yield PhraseToken(text=part, word=index, is_name=is_name)


def _uncontracted(word: str) -> list[str]:
    """Part a contraction: "i'll" is "i will", but "roger's" stays.

    >>> _uncontracted("i'll"), _uncontracted("don't"), _uncontracted("it's"), _uncontracted("roger's")
    (['i', 'will'], ['do', 'not'], ['it', 'is'], ["roger's"])
    """
    if word == "won't":
        return ["will", "not"]
    for ending, full in CONTRACTIONS.items():
        if word.endswith(ending) and word != ending:
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
