"""Whole files of plain samples, read by libsndfile through soundfile.

It takes part in WAV, Wave64, AIFF, AU and CAF: where every byte of sound is one, counted and there, nothing
can go wrong, and libsndfile gives the same samples as libav. Of anything else it can neither say where
damage is nor see sound that a FLAC header does not count; that is left to libav.
"""

from __future__ import annotations

from voicecheck.audio.libav import Decoded
from voicecheck.audio.parts import CUT_MIN_S, FilePart
from voicecheck.audio.timeline import Timeline, check_channels

_CODECS = {
    "PCM_S8": "pcm_s8",
    "PCM_U8": "pcm_u8",
    "PCM_16": "pcm_s16{}",
    "PCM_24": "pcm_s24{}",
    "PCM_32": "pcm_s32{}",
    "FLOAT": "pcm_f32{}",
    "DOUBLE": "pcm_f64{}",
    "ULAW": "pcm_mulaw",
    "ALAW": "pcm_alaw",
}
"""What is read here, and what libav calls it, with the order of its bytes."""

_ONLY_HERE = {("AIFF", "GSM610"): "gsm"}  # libav takes its samples for blocks

_FORMATS = {"AIFF", "AU", "CAF", "RF64", "W64", "WAV", "WAVEX"}


class DoubtError(Exception):
    """A file that seemed whole is not."""


def decode(part: FilePart, line: Timeline) -> Decoded | None:
    """Put the sound of a recording on the time line; None if it is not a whole file of plain samples.

    Parameters
    ----------
    part : FilePart
        Where its bytes are.
    line : Timeline
        Takes the sound; untouched where the result is None.

    Returns
    -------
    Decoded or None
        What the file is.

    Raises
    ------
    DoubtError
        If it turns out not to be one when part of it is on the time line.
    InputError
        If it has too many channels, or is too long.
    """
    if part.promised_s is None or part.uncounted_s or part.breaks_off:
        return None
    import soundfile

    try:
        file = soundfile.SoundFile(part.view)
    except soundfile.LibsndfileError:
        return None
    with file:
        codec = _CODECS.get(file.subtype) or _ONLY_HERE.get((file.format, file.subtype))
        if codec is None or file.format not in _FORMATS:
            return None
        if abs(file.frames / file.samplerate - part.promised_s) > 0.5 * CUT_MIN_S:
            return None
        check_channels(file.channels, line.name)
        line.check_limit(part.promised_s)
        n_read = 0
        while n_read < file.frames:
            try:
                block = file.read(file.samplerate, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError as error:
                raise DoubtError from error
            if not len(block):
                raise DoubtError
            line.place(block, file.samplerate, None)
            n_read += len(block)
    return Decoded(
        codec=codec.format("be" if part.big_endian else "le"),
        promised_s=part.promised_s,
        expected_s=part.promised_s,
    )
