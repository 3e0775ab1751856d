"""The formats of one card: a line each, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from voicecheck.scorecard.card import Scorecard

FORMATS = {
    "text": "text.to_text",
    "json": "data.to_json",
    "csv": "table.card_to_csv",
    "srt": "subtitles.to_srt",
    "vtt": "subtitles.to_vtt",
    "TextGrid": "textgrid.to_textgrid",
    "labels": "labels.to_labels",
}
"""Each format's name, and the module of this folder and the function that write it."""

SOUND_FORMATS = ("srt", "vtt", "TextGrid", "labels")
"""Those that hold one recording's words or digits in time."""


def writer(name: str) -> Callable[[Scorecard], str]:
    """Find what writes a format.

    Parameters
    ----------
    name : str
        One of `FORMATS`.

    Returns
    -------
    callable
        From a card to its text.
    """
    module, _, function = FORMATS[name].partition(".")
    write: Callable[[Scorecard], str] = getattr(import_module(f"voicecheck.report.{module}"), function)
    return write
