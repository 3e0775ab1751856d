"""From a recording to its card: the rooms in order, nothing decided here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio.condition import Condition, measure_condition
from voicecheck.audio.levels import (
    HOP_S,
    frame_levels_dbfs,
    measure_peaks,
    sounding,
)
from voicecheck.audio.recording import SAMPLE_RATE_HZ, Recording
from voicecheck.audio.telephone import TelephoneNetwork
from voicecheck.hearing.hearing import Hearing, message_only, with_parts
from voicecheck.hearing.signal import Signal, broken, signal_of, without_tones
from voicecheck.linetest.phone import preview
from voicecheck.linetest.send import send
from voicecheck.numbers.decide import Decision, decide
from voicecheck.numbers.decision_model import DecisionModel
from voicecheck.numbers.digit_run import DecidedRun
from voicecheck.numbers.find_recitations import find_recitations
from voicecheck.speech.digit_head import DigitHead
from voicecheck.speech.greeting import Part, find_part
from voicecheck.speech.transcriber import Transcriber
from voicecheck.speech.transcript import ENCODER_FRAME_S, EncoderWindow, Transcript, Word
from voicecheck.speech.two_channels import find_part_beside
from voicecheck.speech.word_times import snapped_words
from voicecheck.timing import Interval

SILENT_DBOV = -50.0
"""Sound below this, in which no speech was found, is called silence."""

LANGUAGE_NAMES = {"es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "it": "Italian"}


def listen(
    recording: Recording,
    transcriber: Transcriber,
    *,
    head: DigitHead | None = None,
    decision: DecisionModel | None = None,
    telephone: TelephoneNetwork | None = None,
    phone: Transcriber | None = None,
    region: str = "US",
) -> Hearing:
    """Hear one recording: the slow half of `analyse`, which no rubric and no expected number changes.

    Parameters
    ----------
    recording : Recording
        Decoded.
    transcriber : Transcriber
        Hears the words.
    head : DigitHead or None
        Hears the digits; None leaves them to the words.
    decision : DecisionModel or None
        Weighs the two; None for the model that comes with voicecheck.
    telephone : TelephoneNetwork or None
        Sends the number through bad lines; None leaves that out.
    phone : Transcriber or None
        Prints the message as a phone would; None leaves that out.
    region : str
        ISO 3166 code, for the numbers.

    Returns
    -------
    Hearing
        Unheard, with the reason, where there is nothing to judge.

    Raises
    ------
    EngineError
        If the model cannot be run.
    ParameterError
        If the region is unknown.
    """
    signal = signal_of(recording)
    transcript = transcriber.transcribe(broken(recording, signal))
    return understand(
        recording,
        transcript,
        transcriber,
        signal=signal,
        head=head,
        decision=decision,
        telephone=telephone,
        phone=phone,
        region=region,
    )


def understand(
    recording: Recording,
    transcript: Transcript,
    transcriber: Transcriber,
    *,
    signal: Signal,
    head: DigitHead | None = None,
    decision: DecisionModel | None = None,
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
        What heard it; encodes what the line test sends.
    signal : Signal
        What the signal of the recording tells.
    head : DigitHead or None
        Hears the digits in the encoder's output; None reads them from the words alone.
    decision : DecisionModel or None
        Weighs what the head and the words have; needed with a head.
    telephone : Telephone or None
        Lines that the number is tested on, if there is a head; None leaves the test out.
    phone : Transcriber or None
        Hears what the listener's phone would print; None leaves that out.
    region : str
        ISO 3166 code: numbers that are well formed there win ties.

    Returns
    -------
    Hearing
        As of `listen`.
    """
    levels_dbfs = signal.levels_dbfs
    sounds = signal.sounds
    own = recording
    whole = condition = measure_condition(recording, levels_dbfs, sounds)
    words = snapped_words(transcript.words, sounds)
    part = _part(recording, words, signal, transcript.english)
    if part.outcome == "message" and part.interval != Interval(onset_s=0.0, offset_s=recording.duration_s):
        # A quiet rep behind a loud mailbox has silences and words of another level.
        sounds = without_tones(_sounds_by_part(levels_dbfs, part), signal.tones)
        words = snapped_words(transcript.words, sounds)
        own = _cut(recording, part.interval)
        condition = _condition_of(own, part.onset_s)
        transcript = _in_language_of(transcript, part.interval)
    words = with_parts(words, part)
    unheard = why_unheard(transcript, condition)
    decided = Decision(words=() if unheard and part.outcome == "message" else words)
    if head is not None and decision is not None and not unheard:
        decided = _decided_by_part(
            words,
            transcript.windows,
            head,
            decision,
            sounds=sounds,
            levels_dbfs=levels_dbfs,
            condition=condition,
            region=region,
        )
    line_test = None
    if head is not None and telephone is not None:
        spoken, runs = message_only(decided.words, decided.digit_runs)
        recitations = find_recitations(spoken, sounds, digit_runs=runs, region=region)
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
        transcript=replace(transcript, words=decided.words, windows=()),
        digit_runs=decided.digit_runs,
        unheard=unheard,
        sounds=sounds,
        condition=condition,
        whole_condition=whole,
        tones=signal.tones,
        part=part,
        peaks=measure_peaks(recording.samples),
        engine=transcriber.info,
        line_test=line_test,
        phone=None if phone is None or unheard else preview(own, transcriber=phone, region=region),
    )


def with_phone(hearing: Hearing, recording: Recording, phone: Transcriber, region: str = "US") -> Hearing:
    """Add what the listener's phone would print to what was heard before; nothing else is heard again.

    Parameters
    ----------
    hearing : Hearing
        Of the same recording; its part is printed.
    recording : Recording
        Decoded audio.
    phone : Transcriber
        The phone's own.
    region : str
        ISO 3166 code of the country that the phone is used in.

    Returns
    -------
    Hearing
        Without a print where nothing was heard.
    """
    if hearing.unheard:
        return hearing
    own = _cut(recording, hearing.part.interval) if hearing.part.outcome == "message" else recording
    return replace(hearing, phone=preview(own, transcriber=phone, region=region))


def _part(recording: Recording, words: Sequence[Word], signal: Signal, english: float) -> Part:
    """Find the rep's part: by the line's own channel if there is one, else by all that may tell."""
    if recording.line is not None:
        return find_part_beside(words, signal.tones, recording)
    return find_part(words, signal.tones, signal.track, duration_s=recording.duration_s, english=english)


def _sounds_by_part(levels_dbfs: NDArray[np.float64], part: Part) -> tuple[Interval, ...]:
    """Where it sounds before, in and after the rep's part, each by its own level."""
    edges = [round(each / HOP_S) for each in (0.0, part.onset_s, part.offset_s)]
    stretches = zip(edges, [*edges[1:], len(levels_dbfs)], strict=True)
    return tuple(
        Interval(onset_s=sound.onset_s + start * HOP_S, offset_s=sound.offset_s + start * HOP_S)
        for start, stop in stretches
        for sound in sounding(levels_dbfs[start:stop])
    )


def _cut(recording: Recording, part: Interval) -> Recording:
    """Take a part of a recording for itself."""
    first, last = round(part.onset_s * SAMPLE_RATE_HZ), round(part.offset_s * SAMPLE_RATE_HZ)
    return replace(recording, samples=recording.samples[first:last])


def _condition_of(part: Recording, onset_s: float) -> Condition:
    """Measure the condition of a part that starts at `onset_s`; times are those of the recording."""
    levels_dbfs = frame_levels_dbfs(part)
    condition = measure_condition(part, levels_dbfs, sounding(levels_dbfs))
    dropouts = [
        Interval(onset_s=each.onset_s + onset_s, offset_s=each.offset_s + onset_s)
        for each in condition.dropouts
    ]
    return replace(condition, dropouts=tuple(dropouts))


def _in_language_of(transcript: Transcript, part: Interval) -> Transcript:
    """The same transcript with the language of the longest window in a part."""
    inside = _within(transcript.windows, part.onset_s, part.offset_s)
    if not inside:
        return transcript
    longest = max(inside, key=lambda window: len(window.frames))
    return replace(transcript, language=longest.language, language_probability=longest.language_probability)


def _decided_by_part(
    words: Sequence[Word],
    windows: Sequence[EncoderWindow],
    head: DigitHead,
    model: DecisionModel,
    *,
    sounds: Sequence[Interval],
    levels_dbfs: NDArray[np.float64],
    condition: Condition,
    region: str,
) -> Decision:
    """Decide the digits of each part alone: the mailbox's number says nothing about the rep's."""
    parts = [(part, tuple(group)) for part, group in groupby(words, key=lambda word: word.part)]
    written: list[Word] = []
    runs: list[DecidedRun] = []
    start_s = 0.0
    for place, (part, said) in enumerate(parts):
        stop_s = parts[place + 1][1][0].onset_s if place + 1 < len(parts) else math.inf
        found = decide(
            said,
            windows if len(parts) < 2 else _within(windows, start_s, stop_s),
            head,
            model,
            sounds=sounds,
            levels_dbfs=levels_dbfs,
            condition=condition,
            region=region,
        )
        runs += [run.moved(len(written)) for run in found.digit_runs]
        written += [replace(word, part=part) for word in found.words]
        start_s = stop_s
    return Decision(words=tuple(written), digit_runs=tuple(runs))


def _within(windows: Sequence[EncoderWindow], start_s: float, stop_s: float) -> list[EncoderWindow]:
    """Cut the encoder's output to a part."""
    cut: list[EncoderWindow] = []
    for window in windows:
        first = max(0, round((start_s - window.onset_s) / ENCODER_FRAME_S))
        last = round(min(len(window.frames), (stop_s - window.onset_s) / ENCODER_FRAME_S))
        if first < last:
            onset_s = window.onset_s + first * ENCODER_FRAME_S
            cut.append(replace(window, frames=window.frames[first:last], onset_s=onset_s))
    return cut


def why_unheard(transcript: Transcript, condition: Condition) -> str | None:
    """Say why a recording cannot be judged; None if it can.

    Parameters
    ----------
    transcript : Transcript
        Of the rep's part.
    condition : Condition
        Of the same part.

    Returns
    -------
    str or None
        A sentence for the card.
    """
    if not transcript.speech:
        if math.isnan(condition.active_level_dbov):
            return "no speech was heard, only silence"
        if condition.active_level_dbov < SILENT_DBOV:
            return f"no speech was heard, only near silence ({condition.active_level_dbov:.0f} dB)"
        return "no speech was heard, only other sound"
    if transcript.language not in (None, "en"):
        language = LANGUAGE_NAMES.get(transcript.language, f"another language ({transcript.language})")
        return f"the message seems to be in {language}, and only English is judged"
    if not transcript.words:
        return "no words could be made out"
    return None
