"""The answer: which telephone numbers were said, in order, and where in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecheck.numbers.atoms import Atom, Joint, Span
from voicecheck.numbers.cues import (
    Cue,
    cue_after,
    cue_before,
    extension_word,
    is_correction,
    is_extension_link,
    is_interrupted,
    is_round_the_clock,
    joins_area_code,
    leads_to_other,
    unit_after,
)
from voicecheck.numbers.digit_run import DigitRun
from voicecheck.numbers.letters import with_letters
from voicecheck.numbers.plan import Grade, check_region, is_valid
from voicecheck.numbers.runs import Run, read_runs
from voicecheck.numbers.split import DIGITS_MAX, Edges, Piece, atoms_between, is_counting, is_tidy, split
from voicecheck.numbers.tokens import Token, tokenize
from voicecheck.speech.transcript import Word

_EXTENSION_DIGITS_MAX = 7

_AREA_CODE = re.compile(r"[2-9](?!11)\d\d")


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
        Place of each digit; digits of one phrase ("nine hundred") share the phrase's place.
    valid : bool
        Whether `phonenumbers` holds it for a number that can be in use, dialled from the region. False
        for many fictional numbers, for a local one, and for one with a digit too many or too few.
    """

    digits: str
    extension: str | None = None
    start: int
    end: int
    digit_spans: tuple[Span, ...]
    valid: bool


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
        In the order said; empty when there is none. Prices, times, dates and numbers that are named as
        something else ("order number ...") are left out.

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
    return _Finder(tokens, region).find(read_runs(tokens))


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

    >>> [run.digits for run in digit_runs("At 9, call 555-0198; again that's oh one nine eight.")]
    ['9', '5550198', '0198']
    """
    return [
        DigitRun(digits=run.digits, start=run.spans[0][0], end=run.spans[-1][1], digit_spans=run.spans)
        for run in read_runs(tokenize(text))
    ]


@dataclass(frozen=True, kw_only=True)
class _Said:
    """A run as the caller meant it, and the token before which the words that name it end."""

    run: Run
    cue_at: int

    @property
    def last(self) -> int:
        """Index of its last token."""
        return self.run.atoms[-1].last


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """A number that may have been said, and what the words around it say."""

    piece: Piece
    cue: Cue
    extension: str | None = None


class _Finder:
    """Carries what every step needs: the tokens and the region."""

    def __init__(self, tokens: Sequence[Token], region: str) -> None:
        self.tokens, self.region = tokens, region

    def find(self, runs: Sequence[Run]) -> list[SpokenNumber]:
        """Judge all runs."""
        candidates = self._candidates(self._joined(self._lettered(runs)))
        accepted = {candidate.piece.digits for candidate in candidates if self._is_accepted(candidate)}
        # A number that stands bare is believed if it was said elsewhere with a reason to believe it.
        return [
            self._number(candidate)
            for candidate in candidates
            if candidate.cue is not Cue.REFUSED and candidate.piece.digits in accepted
        ]

    def _lettered(self, runs: Sequence[Run]) -> list[Run]:
        ends = [*(run.atoms[0].first for run in runs[1:]), len(self.tokens)]
        return [with_letters(run, self.tokens, end) for run, end in zip(runs, ends, strict=False)]

    def _joined(self, runs: Sequence[Run]) -> list[_Said]:
        """Put corrections where they belong, and area codes before their numbers."""
        said: list[_Said] = []
        for run in runs:
            new = _Said(run=run, cue_at=run.atoms[0].first)
            before = said[-1] if said else None
            if before is None:
                said.append(new)
            elif is_correction(self.tokens[before.last + 1 : new.cue_at]):
                said[-1:] = self._corrected(before, new)
            elif self._is_area_code(before, new):
                said[-1] = replace(before, run=_concatenated(before.run.atoms, before.run, run))
            else:
                said.append(new)
        return said

    def _is_area_code(self, before: _Said, new: _Said) -> bool:
        first = before.run.atoms[0].first
        is_code = _AREA_CODE.fullmatch(before.run.digits) and len(new.run.digits) >= 7
        place = self.tokens, first, before.last, new.cue_at
        return bool(is_code) and (joins_area_code(*place) or is_interrupted(*place))

    def _corrected(self, before: _Said, new: _Said) -> list[_Said]:
        """Replace what was taken back: the whole number, or the digits at its end.

        Where no replacement makes a number, both stay as they were said.
        """
        pieces = self._whole(new.run)
        if pieces and pieces[0].grade >= Grade.LOOSE:
            old = split(before.run, self.region, Edges())
            if old and old[-1].digits == pieces[0].digits:
                return [before, new]
            return [*_without_last(before, old), replace(new, cue_at=before.cue_at)]
        spliced = self._spliced(before, new)
        if spliced:
            return [spliced]
        if pieces:
            return [replace(new, cue_at=before.cue_at)]
        return [before, new]

    def _spliced(self, before: _Said, new: _Said) -> _Said | None:
        """Put the corrected digits in the place of as few digits as make a whole number."""
        atoms = before.run.atoms
        while atoms and atoms[-1].optional:
            atoms = atoms[:-1]
        n_digits = sum(len(atom.digits) for atom in atoms)
        if n_digits > DIGITS_MAX:
            return None
        best: tuple[float, _Said] | None = None
        for n_kept in range(n_digits, 0, -1):
            kept = atoms_between(atoms, 0, n_kept)
            run = _concatenated(kept, before.run, new.run) if kept else None
            pieces = self._whole(run) if run else []
            if run and pieces:
                merit = float(min(piece.grade for piece in pieces))
                if best is None or merit > best[0]:
                    best = merit, replace(before, run=run)
        return best[1] if best else None

    def _whole(self, run: Run) -> list[Piece]:
        """Split a run that holds nothing but whole numbers; empty if it holds anything else."""
        pieces = [piece for piece in split(run, self.region, Edges()) if piece.grade >= Grade.LOCAL]
        return pieces if sum(piece.end - piece.start for piece in pieces) == len(run.atoms) else []

    def _candidates(self, said: Sequence[_Said]) -> list[_Candidate]:
        candidates: list[_Candidate] = []
        after = -1
        in_extension = False
        for one in said:
            word = extension_word(self.tokens, one.cue_at, after=after)
            pieces = self._pieces(one)
            between = self.tokens[after + 1 : one.cue_at if word is None else word]
            corrected = in_extension and is_correction(between)
            in_extension = corrected or (word is not None and is_extension_link(between))
            if word is not None or corrected:
                extension, pieces = _cut_extension(one.run, pieces)
                if candidates and in_extension:
                    candidates[-1] = replace(candidates[-1], extension=extension)
            candidates += self._judged(one, pieces, candidates[-1:])
            after = one.last
        return candidates

    def _pieces(self, said: _Said) -> list[Piece]:
        edges = Edges(
            head_is_other=leads_to_other(self.tokens, said.cue_at),
            tail_is_other=unit_after(self.tokens, said.last + 1)
            or is_round_the_clock(self.tokens, said.last),
        )
        return [] if said.run.broken else split(said.run, self.region, edges)

    def _judged(self, said: _Said, pieces: Sequence[Piece], before: Sequence[_Candidate]) -> list[_Candidate]:
        """Say what the words around a run, and the number `before` it, make of the numbers in it."""
        cue = cue_before(self.tokens, said.cue_at)
        if cue is Cue.AGAIN:
            refused = {candidate.piece.digits for candidate in before if candidate.cue is Cue.REFUSED}
            cue = Cue.REFUSED if refused & {piece.digits for piece in pieces} else Cue.PHONE
        if cue in (Cue.NONE, Cue.HINT):
            after = cue_after(self.tokens, said.last + 1)
            cue = after if after is not Cue.NONE else cue
        # Digits that are left over in front take a refusing noun with them: "invoice 12, 416-555-0198".
        left_over = said.run.atoms[: pieces[0].start] if pieces else ()
        if cue is Cue.REFUSED and not all(atom.optional for atom in left_over):
            cue = Cue.NONE if pieces[0].grade is Grade.FULL else cue
        return [_Candidate(piece=piece, cue=cue) for piece in pieces]

    def _is_accepted(self, candidate: _Candidate) -> bool:
        piece, cue = candidate.piece, candidate.cue
        if cue is Cue.REFUSED:
            return False
        if piece.digits.startswith("+") or cue is Cue.PHONE:
            return True
        if piece.grade is Grade.NEAR:
            return False
        if cue is Cue.HINT and piece.grade is not Grade.LOCAL:
            return True
        if is_counting(piece.atoms) or not is_tidy(piece, self.region):
            return False
        if piece.grade is Grade.LOCAL:
            return cue is Cue.HINT or _is_plain_local(piece)
        return piece.grade is Grade.FULL or len(set(piece.digits)) > 1

    def _number(self, candidate: _Candidate) -> SpokenNumber:
        piece = candidate.piece
        spans = tuple(span for atom in piece.atoms for span in atom.spans)
        return SpokenNumber(
            digits=piece.digits,
            extension=candidate.extension,
            start=piece.plus.start if piece.plus else spans[0][0],
            end=spans[-1][1],
            digit_spans=spans,
            valid=is_valid(piece.digits, self.region),
        )


def _concatenated(kept: tuple[Atom, ...], before: Run, after: Run) -> Run:
    joined = replace(after.atoms[0], joint=Joint.PAUSE, optional=False)
    return replace(before, atoms=(*kept, joined, *after.atoms[1:]), broken=before.broken or after.broken)


def _without_last(said: _Said, pieces: Sequence[Piece]) -> list[_Said]:
    """Leave out the last number of a run, keeping those before it."""
    if len(pieces) < 2:
        return []
    return [replace(said, run=replace(said.run, atoms=said.run.atoms[: pieces[-2].end]))]


def _cut_extension(run: Run, pieces: Sequence[Piece]) -> tuple[str | None, list[Piece]]:
    """Tell an extension from a number that follows it without a word between."""
    if len(run.digits) <= _EXTENSION_DIGITS_MAX:
        return run.digits, []
    if pieces and pieces[0].start:
        return "".join(atom.digits for atom in run.atoms[: pieces[0].start]), list(pieces)
    return None, []


def _is_plain_local(piece: Piece) -> bool:
    """Whether seven digits without any cue look like a number: 555-0198, or said one by one."""
    if len(piece.digits) != 7:
        return False
    hyphened = len(piece.atoms) == 2 and piece.atoms[1].joint is Joint.TIGHT
    return hyphened or piece.digits.startswith("555") or all(len(atom.digits) == 1 for atom in piece.atoms)
