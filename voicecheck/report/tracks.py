"""The words and digits of a message in time, for tools that show sound.

==========  ==============================================================================
SubRip      `to_srt`: subtitles, a cue for each phrase
WebVTT      `to_vtt`: the same for web pages, with the time of each word
TextGrid    `to_textgrid`: Praat, tiers for words, digits, numbers and pauses
labels      `to_labels`: Audacity, one label a line for words, digits and numbers
==========  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from voicecheck.numbers.plan import display
from voicecheck.scorecard.card import Scorecard
from voicecheck.speech.transcript import Word
from voicecheck.timing import Interval, reaches

CUE_MAX_S = 5.0
CUE_MAX_LETTERS = 42
"""What a subtitle may hold: the line length of the BBC's and Netflix's guides."""

CUE_PAUSE_S = 0.6
"""A silence that ends a cue."""

PRAAT_DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A text at a time."""

    text: str
    heard: Interval


def to_srt(card: Scorecard) -> str:
    """Write the words as SubRip subtitles; empty without words."""
    cues = [
        f"{number}\n{_clock(cue[0].onset_s, ',')} --> {_clock(cue[-1].offset_s, ',')}\n{_text(cue)}\n"
        for number, cue in enumerate(_cues(card.transcript.words), start=1)
    ]
    return "\n".join(cues)


def to_vtt(card: Scorecard) -> str:
    """Write the words as WebVTT, each after its own time."""
    cues = [
        f"{_clock(cue[0].onset_s, '.')} --> {_clock(cue[-1].offset_s, '.')}\n{_timed_text(cue)}\n"
        for cue in _cues(card.transcript.words)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def to_textgrid(card: Scorecard) -> str:
    """Write a Praat TextGrid (the long text format) with one tier for each kind of mark."""
    tiers = {
        "words": _word_marks(card),
        "digits": _digit_marks(card),
        "numbers": _number_marks(card),
        "pauses": [Mark(text="pause", heard=pause) for pause in card.measures.pauses],
    }
    end_s = max([card.duration_s, *(mark.heard.offset_s for marks in tiers.values() for mark in marks)])
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {end_s:.{PRAAT_DECIMALS}f}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, (name, marks) in enumerate(tiers.items(), start=1):
        lines += _tier(number, name, marks, end_s)
    return "\n".join(lines) + "\n"


def to_labels(card: Scorecard) -> str:
    """Write Audacity labels: onset, offset and text, parted by tabs, in time order."""
    marks = [*_word_marks(card), *_digit_marks(card, prefix="digit "), *_number_marks(card, prefix="number ")]
    in_order = sorted(marks, key=lambda mark: (mark.heard.onset_s, -mark.heard.offset_s))
    return "".join(
        f"{mark.heard.onset_s:.6f}\t{mark.heard.offset_s:.6f}\t{' '.join(mark.text.split())}\n"
        for mark in in_order
    )


FORMATS: Mapping[str, Callable[[Scorecard], str]] = {
    "srt": to_srt,
    "vtt": to_vtt,
    "TextGrid": to_textgrid,
    "labels": to_labels,
}


def _word_marks(card: Scorecard) -> list[Mark]:
    return [Mark(text=word.text.strip(), heard=word.interval) for word in card.transcript.words]


def _digit_marks(card: Scorecard, *, prefix: str = "") -> list[Mark]:
    return [
        Mark(text=f"{prefix}{each.digit}", heard=Interval(onset_s=each.onset_s, offset_s=each.offset_s))
        for recitation in card.recitations
        for each in recitation.timed_digits
    ]


def _number_marks(card: Scorecard, *, prefix: str = "") -> list[Mark]:
    return [
        Mark(text=prefix + display(each.digits, region=card.region), heard=each.interval)
        for each in card.recitations
    ]


def _cues(words: Sequence[Word]) -> list[list[Word]]:
    """Part the words into cues: at a pause, and before one gets too long; a number is never cut."""
    cues: list[list[Word]] = []
    for word in words:
        cue = cues[-1] if cues else []
        joined = not word.text.startswith(" ")
        fits = (
            bool(cue)
            and word.offset_s - cue[0].onset_s <= CUE_MAX_S
            and len(_text([*cue, word])) <= CUE_MAX_LETTERS
            and not reaches(word.onset_s - cue[-1].offset_s, CUE_PAUSE_S)
        )
        if cue and (fits or joined):
            cue.append(word)
        else:
            cues.append([word])
    return cues


def _text(cue: Sequence[Word]) -> str:
    return "".join(word.text for word in cue).strip()


def _timed_text(cue: Sequence[Word]) -> str:
    first, *rest = cue
    timed = [f"<{_clock(word.onset_s, '.')}>{escape(word.text, quote=False)}" for word in rest]
    return escape(first.text.strip(), quote=False) + "".join(timed)


def _clock(time_s: float, point: str) -> str:
    ms = round(time_s * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{point}{ms % 1000:03}"


def _tier(number: int, name: str, marks: Sequence[Mark], end_s: float) -> list[str]:
    """Write an interval tier, which has to cover all time: the gaps hold empty texts."""
    lines = [
        f"    item [{number}]:",
        '        class = "IntervalTier"',
        f'        name = "{name}"',
        "        xmin = 0",
        f"        xmax = {end_s:.{PRAAT_DECIMALS}f}",
    ]
    pieces = _covering(marks, end_s)
    lines.append(f"        intervals: size = {len(pieces)}")
    for index, (onset_s, offset_s, text) in enumerate(pieces, start=1):
        quoted = text.replace('"', '""')
        lines += [
            f"        intervals [{index}]:",
            f"            xmin = {onset_s:.{PRAAT_DECIMALS}f}",
            f"            xmax = {offset_s:.{PRAAT_DECIMALS}f}",
            f'            text = "{quoted}"',
        ]
    return lines


def _covering(marks: Sequence[Mark], end_s: float) -> list[tuple[float, float, str]]:
    """Cut the time into touching pieces; marks without any length left join the piece before."""
    pieces: list[tuple[float, float, str]] = []
    now_s = 0.0
    for mark in sorted(marks, key=lambda mark: mark.heard):
        onset_s = max(now_s, round(mark.heard.onset_s, PRAAT_DECIMALS))
        offset_s = round(min(mark.heard.offset_s, end_s), PRAAT_DECIMALS)
        if offset_s <= onset_s:
            if pieces:
                start_s, stop_s, text = pieces[-1]
                pieces[-1] = (start_s, stop_s, f"{text} {mark.text}".strip())
            continue
        if onset_s > now_s:
            pieces.append((now_s, onset_s, ""))
        pieces.append((onset_s, offset_s, mark.text))
        now_s = offset_s
    end_s = round(end_s, PRAAT_DECIMALS)
    if now_s < end_s:
        pieces.append((now_s, end_s, ""))
    return pieces
