"""The answer: which telephone numbers were said, in order, and where in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecheck.numbers.atoms import Span
from voicecheck.numbers.corrections import Said, is_correction, set_in_order
from voicecheck.numbers.cues import (
    OTHER_CUES,
    cues_after,
    cues_before,
    extension_word,
    first_digits_cue,
    is_extension_link,
    last_digits_cue,
    line_label,
)
from voicecheck.numbers.digit_run import DigitRun
from voicecheck.numbers.evidence import Piece, Surroundings
from voicecheck.numbers.letters import with_letters
from voicecheck.numbers.plan import check_region, is_valid
from voicecheck.numbers.runs import Run, read_runs
from voicecheck.numbers.split import split
from voicecheck.numbers.tokens import Token, tokenize
from voicecheck.speech.transcript import Word

_EXTENSION_DIGITS_MAX = 7


@dataclass(frozen=True, kw_only=True)
class SpokenNumber:
    """One saying of a telephone number.

    Parameters
    ----------
    digits : str
        As dialled; a leading ``+`` only if "plus" was said or written. Never mended.
    extension : str or None
        Its digits.
    start, end : int
        Place in the text, from the plus or the first digit to the last digit, words of correction between
        them included; the extension is left out.
    digit_spans : tuple of (int, int), one per digit, the plus left out
        Place of each digit, in the order of dialling: where the area code was said last ("555-0198, area
        code 416") its places come first. Digits of one phrase ("nine hundred") share the phrase's place.
    valid : bool
        Whether `phonenumbers` holds it for a number that can be in use, dialled from the region. False
        for many fictional numbers, for a local one, and for one with a digit too many or too few.
    label : str or None
        Which line the words say it is: "cell", "office", "home", "fax", "direct", "main", "toll-free",
        "landline", "assistant", "phone". Two numbers with different labels are two numbers; a saying without
        words of its own has the label of another saying of the same digits.
    lettered : tuple of (int, int)
        Places of the words that were read on the keypad: FLOWERS is seven digits, and one word.
    """

    digits: str
    extension: str | None = None
    start: int
    end: int
    digit_spans: tuple[Span, ...]
    valid: bool
    label: str | None = None
    lettered: tuple[Span, ...] = ()

    @property
    def spoken_spans(self) -> tuple[Span, ...]:
        """Places of what was said as one word each: digits, and words read on the keypad."""
        digits = (
            span for span in self.digit_spans if not any(_lies_in(span, word) for word in self.lettered)
        )
        return (*digits, *self.lettered)


def find_numbers(text: str, region: str = "US") -> list[SpokenNumber]:
    """Find the telephone numbers that were said, repeats included.

    Parameters
    ----------
    text : str
        A transcript: words, numerals or any mixture, with or without punctuation.
    region : str
        ISO 3166-1 alpha-2 code of the region the caller dials in; empty for none.

    Returns
    -------
    list of SpokenNumber
        In the order said; empty when there is none. Each was weighed: its digits, how they were set, and the
        words around them. Prices, times, dates and numbers that are named as something else ("order number
        ...") weigh too little.

    Raises
    ------
    ParameterError
        If `region` is not known.

    Examples
    --------
    >>> call = "I'm at four one six, triple five, oh one nine eight, extension two oh five."
    >>> number, = find_numbers(call)
    >>> number.digits, number.extension
    ('4165550198', '205')
    >>> [number.digits for number in find_numbers("416-555-0189, no, sorry, 0198. That's 416-555-0198.")]
    ['4165550198', '4165550198']
    >>> find_numbers("My order number is 416-555-0198.")
    []
    """
    region = check_region(region)
    tokens = tokenize(text)
    return _labelled([_number(found, region) for found in _find(tokens, region)])


def find_in_words(words: Sequence[Word], region: str = "US") -> list[SpokenNumber]:
    """Find the telephone numbers in an engine's words.

    Parameters
    ----------
    words : sequence of Word
        In time order; joined exactly as they are, so that pieces such as ``" 555"``, ``"-0123."`` meet.
    region : str
        As for `find_numbers`.

    Returns
    -------
    list of SpokenNumber
        With places in ``"".join(word.text for word in words)``.

    Raises
    ------
    ParameterError
        If `region` is not known.
    """
    return find_numbers("".join(word.text for word in words), region)


def digit_runs(text: str) -> list[DigitRun]:
    """Find every maximal run of digits, spoken or written, before any judgement.

    Parameters
    ----------
    text : str
        As it was heard or written.

    Returns
    -------
    list of DigitRun
        In the order said.

    Examples
    --------
    >>> [run.digits for run in digit_runs("At 9, call 555-0198; again that's oh one nine eight.")]
    ['9', '5550198', '0198']
    """
    return [
        DigitRun(digits=run.digits, start=run.spans[0][0], end=run.spans[-1][1], digit_spans=run.spans)
        for run in read_runs(tokenize(text))
    ]


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A number, and what else the words around it say."""

    piece: Piece
    last: int
    extension: str | None = None
    label: str | None = None


def _find(tokens: Sequence[Token], region: str) -> list[_Placed]:
    """Weigh all runs, and give each number the extension that follows it."""
    found: list[_Placed] = []
    after, in_extension = -1, False
    for said, around in surrounded(tokens, region):
        pieces = split(said.run, region, around)
        word = extension_word(tokens, said.cue_at, after=after)
        between = tokens[after + 1 : said.cue_at if word is None else word]
        corrected = in_extension and is_correction(between)
        in_extension = corrected or (word is not None and is_extension_link(between))
        if word is not None or corrected:
            extension, pieces = _cut_extension(said.run, pieces)
            if found and in_extension and found[-1].last == after:
                found[-1] = replace(found[-1], extension=extension)
        label = line_label(tokens, said.cue_at, said.last, after=after)
        found += [_Placed(piece=piece, last=said.last, label=label) for piece in pieces]
        after = said.last
        if in_extension and found:
            found[-1] = replace(found[-1], last=after)
    return found


def surrounded(tokens: Sequence[Token], region: str) -> list[tuple[Said, Surroundings]]:
    """Read the runs of a text as they were meant, each with what stands around it.

    Parameters
    ----------
    tokens : sequence of Token
        Of the whole text.
    region : str
        ISO 3166 code.

    Returns
    -------
    list[tuple[Said, Surroundings]]
        In the order said, what was taken back left out.
    """
    runs = with_letters(read_runs(tokens), tokens)
    said = set_in_order(runs, tokens, region)
    before = [cues_before(tokens, one.cue_at) for one in said]
    digits = [(one.run.digits, bool(cues & OTHER_CUES)) for one, cues in zip(said, before, strict=True)]
    return [
        (
            one,
            Surroundings(
                before=cues,
                after=cues_after(tokens, one.last + 1),
                first_digits=first_digits_cue(tokens, one.cue_at),
                last_digits=last_digits_cue(tokens, one.last),
                others=tuple(digits[:at] + digits[at + 1 :]),
            ),
        )
        for at, (one, cues) in enumerate(zip(said, before, strict=True))
    ]


def _lies_in(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _number(found: _Placed, region: str) -> SpokenNumber:
    piece = found.piece
    spans = tuple(span for atom in piece.atoms for span in atom.spans)
    start = min(start for start, _ in spans)
    return SpokenNumber(
        digits=piece.digits,
        extension=found.extension,
        start=min(piece.plus.start, start) if piece.plus else start,
        end=max(end for _, end in spans),
        digit_spans=spans,
        valid=is_valid(piece.digits, region),
        label=found.label,
        lettered=tuple(span for atom in piece.atoms for span in atom.words),
    )


def _labelled(numbers: Sequence[SpokenNumber]) -> list[SpokenNumber]:
    """Give a saying without a label that of another saying of the same digits."""
    labels = {number.digits: number.label for number in numbers if number.label}
    return [replace(number, label=number.label or labels.get(number.digits)) for number in numbers]


def _cut_extension(run: Run, pieces: Sequence[Piece]) -> tuple[str | None, list[Piece]]:
    """Tell an extension from a number that follows it without a word between."""
    if len(run.digits) <= _EXTENSION_DIGITS_MAX:
        return run.digits, []
    if pieces and pieces[0].start:
        return run.digits[: pieces[0].start], list(pieces)
    return None, []
