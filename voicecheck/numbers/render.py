"""Digits that were decided, written into the transcript: one piece a digit, with the marks that stood there.

Where the decision is what the decoder wrote, its text stays letter for letter; only the times are better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from voicecheck.numbers.stretches import Stretch
from voicecheck.speech.transcript import TimedDigit, Word
from voicecheck.timing import Interval, overlap_s

WORD_BETWEEN_S = 0.2
"""Silence between two digits from which on they are written apart."""


def words_for(
    stretch: Stretch, words: Sequence[Word], digits: Sequence[TimedDigit], free: range
) -> tuple[int, int]:
    """Find which words a decided run stands for: the stretch's, and those written for digits that it lacked.

    A decoder may write "Ziggs 47" for "six four seven", and "7-7-7 A-A-A-9" for "777 8889".

    Parameters
    ----------
    stretch : Stretch
        Where the digits were said.
    words : sequence of Word
        The transcript.
    digits : sequence of TimedDigit
        What was decided.
    free : range
        Words that no other stretch claims.

    Returns
    -------
    first, last : int
        The last one excluded.
    """
    first, last = stretch.first_word, stretch.last_word
    if not stretch.runs or not digits:
        return first, last
    from rapidfuzz.distance import Levenshtein

    written = "".join(run.digits for run in stretch.runs)
    said = "".join(digit.digit for digit in digits)
    added = [edit for edit in Levenshtein.editops(written, said) if edit.tag == "insert"]
    early = [digits[edit.dest_pos] for edit in added if edit.src_pos == 0]
    late = [digits[edit.dest_pos] for edit in added if edit.src_pos == len(written)]
    while first - 1 in free and _stands_for(words[first - 1], early):
        first -= 1
    while last in free and _stands_for(words[last], late):
        last += 1
    return first, last


def _stands_for(word: Word, digits: Sequence[TimedDigit]) -> bool:
    """Whether a word was written for digits: it covers one or lies among them, and has no other figure."""
    if not digits:
        return False
    said = iter(digit.digit for digit in digits)
    whole = Interval(onset_s=digits[0].onset_s, offset_s=digits[-1].offset_s)
    return all(figure in said for figure in word.text if figure.isdigit()) and (
        overlap_s(word.interval, whole) > 0.5 * word.interval.duration_s
        or any(overlap_s(word.interval, each.interval) > 0.7 * each.interval.duration_s for each in digits)
    )


def written_words(
    stretch: Stretch, words: Sequence[Word], digits: Sequence[TimedDigit], *, ends: bool = False
) -> list[Word]:
    """Write one run: a piece per digit, with the marks that stood between the digits before.

    Parameters
    ----------
    stretch : Stretch
        The words that the digits take the place of.
    words : sequence of Word
        Of the whole message.
    digits : sequence of TimedDigit
        As decided.
    ends : bool
        Whether another saying follows at once: a full stop parts the two.

    Returns
    -------
    list of Word
        Each with the time of its digit.
    """
    marks, tail = _marks(stretch, words, digits)
    if ends and not re.search(r"[.!?]", tail):
        tail = "."
    tails = [""] * (len(digits) - 1) + [tail]
    return [
        Word(
            text=f"{mark}{digit.digit}{tail}",
            onset_s=digit.onset_s,
            offset_s=digit.offset_s,
            probability=digit.confidence,
        )
        for mark, digit, tail in zip(marks, digits, tails, strict=False)
    ]


def _marks(stretch: Stretch, words: Sequence[Word], digits: Sequence[TimedDigit]) -> tuple[list[str], str]:
    """Find what to write before each digit, and after the last one; a silence parts groups."""
    said = "".join(digit.digit for digit in digits)
    apart = [
        "",
        *(" " if late.onset_s - early.offset_s >= WORD_BETWEEN_S else "" for early, late in pairwise(digits)),
    ]
    if not stretch.runs:
        return [" ", *apart[1:]], ""
    from rapidfuzz.distance import Levenshtein

    text = "".join(word.text for word in words)
    start = sum(len(word.text) for word in words[: stretch.first_word])
    stop = sum(len(word.text) for word in words[: stretch.last_word])
    spans = [span for run in stretch.runs for span in run.digit_spans]
    written = "".join(run.digits for run in stretch.runs)
    old = [text[start : spans[0][0]]]
    for (before, end), (begin, after) in pairwise(spans):
        between = text[end:begin] if (before, end) != (begin, after) else ""
        old.append(", " if re.search(r"\w", between) else between)
    spaced = all(old[1:])
    leading, old[0] = old[0], " " if spaced else ""
    new = [" " if spaced else ""] * len(said)
    edits = Levenshtein.editops(written, said)
    for block in edits.as_matching_blocks():
        new[block.b : block.b + block.size] = old[block.a : block.a + block.size]
    for edit in edits:
        if edit.tag == "replace" or (edit.tag == "delete" and edit.dest_pos < len(new)):
            new[edit.dest_pos] = new[edit.dest_pos] or old[edit.src_pos]
    new = [mark or gap for mark, gap in zip(new, apart, strict=True)]
    new[:1] = [leading][: len(new[:1])]
    return new, text[spans[-1][1] : stop]
