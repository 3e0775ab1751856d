"""What the listener's phone shows: the message through a narrow line, transcribed while it is left.

Phones print the words of a voicemail and turn what looks like a telephone number into one that can be
tapped. Theirs is a small model on 8 kHz sound; ours is another one on the same sound, so a word that comes
out wrong here may come out right there, and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicecheck.audio.recording import Recording
from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.numbers.plan import comparable_digits, written_numbers
from voicecheck.numbers.recitations import Recitation
from voicecheck.speech.transcriber import Transcriber

CODEC = "mu-law"
"""What a voicemail system keeps: G.711 at 8 kHz."""

FIRST_LINE_LETTERS = 40
"""About what a phone shows of a voicemail in a list."""


@dataclass(frozen=True, kw_only=True)
class PhonePreview:
    """A voicemail on the screen of the phone that it was left on.

    Parameters
    ----------
    text : str
        All that is printed.
    numbers : tuple of str
        What can be tapped in it, digits as dialled, a leading ``+`` kept.
    """

    text: str
    numbers: tuple[str, ...]

    @property
    def first_line(self) -> str:
        """What a list of voicemails shows, cut at a word."""
        if len(self.text) <= FIRST_LINE_LETTERS:
            return self.text
        return self.text[: FIRST_LINE_LETTERS + 1].rsplit(" ", 1)[0] + " ..."

    def shows(self, recitations: Sequence[Recitation], *, region: str = "US") -> bool | None:
        """Whether the number that was said can be tapped.

        Parameters
        ----------
        recitations : sequence of Recitation
            What was said.
        region : str
            ISO 3166 code of the country whose numbers need no country code.

        Returns
        -------
        bool or None
            None if no whole number was said.
        """
        said = {comparable_digits(each.digits, region=region) for each in recitations if each.full}
        if not said:
            return None
        return any(comparable_digits(number, region=region) in said for number in self.numbers)

    def spells(self, name: str | None) -> bool | None:
        """Whether a name is printed as it is spelled.

        Parameters
        ----------
        name : str or None
            Of a person or a company; None if it is not known.

        Returns
        -------
        bool or None
            None where there is no name to look for.
        """
        wanted = _plain(name or "")
        return f" {wanted} " in f" {_plain(self.text)} " if wanted else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def preview(recording: Recording, *, transcriber: Transcriber, region: str = "US") -> PhonePreview:
    """Print a message as a phone would.

    Parameters
    ----------
    recording : Recording
        The message.
    transcriber : Transcriber
        The phone's own: a small one.
    region : str
        ISO 3166 code of the country that the phone is used in.

    Returns
    -------
    PhonePreview
        Text and numbers, as the phone's reader sees them.

    Raises
    ------
    EngineError
        If the model cannot be run.
    """
    telephone = TelephoneNetwork()
    heard = telephone.widened(telephone.narrowed(recording.samples, CODEC))[: len(recording.samples)]
    text = transcriber.transcribe(replace(recording, samples=heard)).text
    return PhonePreview(text=text, numbers=written_numbers(text, region))
