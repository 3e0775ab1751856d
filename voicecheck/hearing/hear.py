"""From a recording to its card: the rooms in order, nothing decided here."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from voicecheck.audio.condition import Condition, measure_condition
from voicecheck.audio.levels import frame_levels_dbfs, measure_peaks, sounding
from voicecheck.audio.recording import Recording
from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.hearing.hearing import Hearing
from voicecheck.linetest.phone import preview
from voicecheck.linetest.send import send
from voicecheck.numbers.decide import mend_words
from voicecheck.numbers.find_recitations import find_recitations
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.transcriber import Transcriber
from voicecheck.speech.transcript import Transcript
from voicecheck.speech.word_times import snapped_words

SILENT_DBOV = -50.0
"""Sound below this, in which no speech was found, is called silence."""

LANGUAGE_NAMES = {"es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "it": "Italian"}


def listen(
    recording: Recording,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    telephone: TelephoneNetwork | None = None,
    phone: Transcriber | None = None,
    region: str = "US",
) -> Hearing:
    """Hear one recording: the slow half of `analyse`, which no rubric and no expected number changes.

    Raises
    ------
    EngineError
        If the model cannot be run.
    ParameterError
        If the region is unknown.
    """
    transcript = transcriber.transcribe(recording)
    return understand(
        recording, transcript, transcriber, head=head, telephone=telephone, phone=phone, region=region
    )


def understand(
    recording: Recording,
    transcript: Transcript,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    telephone: TelephoneNetwork | None = None,
    phone: Transcriber | None = None,
    region: str = "US",
) -> Hearing:
    """Bring together what was transcribed, what the head hears and what the signal shows.

    Parameters
    ----------
    recording : Recording
        Decoded audio.
    transcript : Transcript
        What the transcriber heard in it.
    transcriber : Transcriber
        Asked again where the words and the head disagree.
    head : DigitHead or None
        Hears the digits in the encoder's output; None reads them from the words alone.
    telephone : Telephone or None
        Lines that the number is tested on, if there is a head; None leaves the test out.
    phone : Transcriber or None
        Hears what the listener's phone would print; None leaves that out.
    region : str
        ISO 3166 code: numbers that are well formed there win ties.
    """
    levels_dbfs = frame_levels_dbfs(recording)
    sounds = sounding(levels_dbfs)
    condition = measure_condition(recording, levels_dbfs, sounds)
    unheard = why_unheard(transcript, condition)
    words = () if unheard else snapped_words(transcript.words, sounds)
    if head is not None and not unheard:
        spell = partial(transcriber.spell, transcript)
        words = mend_words(words, transcript.windows, head, sounds=sounds, spell=spell, region=region)
    line_test = None
    if head is not None and telephone is not None:
        recitations = find_recitations(words, sounds, region=region)
        line_test = send(
            recording,
            recitations,
            head=head,
            encode=transcriber.encode,
            telephone=telephone,
            region=region,
        )
    return Hearing(
        source=recording.source,
        duration_s=recording.duration_s,
        warnings=recording.warnings,
        remarks=recording.remarks,
        transcript=replace(transcript, words=words, windows=()),
        unheard=unheard,
        sounds=sounds,
        condition=condition,
        peaks=measure_peaks(recording.samples),
        engine=transcriber.info,
        line_test=line_test,
        phone=None if phone is None or unheard else preview(recording, transcriber=phone, region=region),
    )


def why_unheard(transcript: Transcript, condition: Condition) -> str | None:
    """Say why a recording cannot be judged; None if it can."""
    if not transcript.speech:
        if math.isnan(condition.active_level_dbov):
            return "no speech was heard, only silence"
        if condition.active_level_dbov < SILENT_DBOV:
            return f"no speech was heard, only near silence ({condition.active_level_dbov:.0f} dBov)"
        return "no speech was heard, only other sound"
    if transcript.language not in (None, "en"):
        language = LANGUAGE_NAMES.get(transcript.language, f"another language ({transcript.language})")
        return f"the message seems to be in {language}, and only English is judged"
    if not transcript.words:
        return "no words could be made out"
    return None
