"""The words as subtitles: SubRip, and WebVTT with the time of each word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from voicecheck.scorecard.card import Scorecard
from voicecheck.speech.transcript import Word
from voicecheck.timing import reaches

CUE_MAX_S = 5.0
CUE_MAX_LETTERS = 42
"""What a subtitle may hold: the line length of the BBC's and Netflix's guides."""

CUE_PAUSE_S = 0.6
"""A silence that ends a cue."""


def to_srt(card: Scorecard) -> str:
    """Write the words as SubRip subtitles; empty without words.

    Parameters
    ----------
    card : Scorecard
        Whose words to write.

    Returns
    -------
    str
        A cue for each phrase.
    """
    import srt

    cues = [
        srt.Subtitle(
            index=number,
            start=timedelta(milliseconds=round(1000 * cue[0].onset_s)),
            end=timedelta(milliseconds=round(1000 * cue[-1].offset_s)),
            content=_text(cue),
        )
        for number, cue in enumerate(_cues(card.transcript.words), start=1)
    ]
    return str(srt.compose(cues, reindex=False)).removesuffix("\n")


def to_vtt(card: Scorecard) -> str:
    """Write the words as WebVTT.

    Parameters
    ----------
    card : Scorecard
        Whose words to write.

    Returns
    -------
    str
        A cue for each phrase, each word after its own time.
    """
    import webvtt

    captions = [
        webvtt.Caption(_stamp(cue[0].onset_s), _stamp(cue[-1].offset_s), _timed_text(cue))
        for cue in _cues(card.transcript.words)
    ]
    return str(webvtt.WebVTT(captions=captions).content)


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
    timed = [f"<{_stamp(word.onset_s)}>{escape(word.text, quote=False)}" for word in rest]
    return escape(first.text.strip(), quote=False) + "".join(timed)


def _stamp(time_s: float) -> str:
    ms = round(time_s * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
