"""Read any recording a rep has into 16 kHz mono, and say what is wrong with the file.

It goes by a file's content, never by its name. Bit errors that a format can notice (FLAC and Ogg carry
checksums) are noticed.

Conventions
-----------
* Where sound is missing *inside* a file, silence of the same length takes its place, so that times stay
  right; what is missing at its end is not made up. Both are told in `Recording.warnings`, but for
  less than 0.1 s in all that a busy browser dropped from a WebM.
* Sound that a header does not count, and files joined byte by byte, are heard to their end and told, but
  for a bare stream or an AU file joined behind another kind, whose head could be anything. Of several
  tracks, the first that carries sound is heard.
* Time 0 is the first sound that the file wants played: the run-in that MP3, AAC and Opus encoders put
  before it is dropped as the file asks. A bare AAC stream (ADTS) cannot ask; its first frame is dropped,
  for no encoder's run-in is shorter. Its other run-in, about 20 ms with some encoders, stays.
* Bare streams (ADTS, AMR, GSM, MP3 without a Xing header) do not say how long they are: cut off between
  two frames, they look whole. So do a WAV written as a stream, WebM from a live recorder or with pictures,
  and MP4 from a recorder that lists no fragments. Nor can damage inside be noticed where any bytes make
  sound: PCM, mu-law, GSM, AMR.
* Of a call with one speaker on each of two channels, the rep's is taken (`find_sides`); else several channels
  become one by `mix_down`.
"""

from __future__ import annotations

import errno
import hashlib
import stat
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicecheck.audio import libav, sndfile
from voicecheck.audio.channels import mix_down
from voicecheck.audio.containers import parts_of, why_not_readable
from voicecheck.audio.libav import Decoded
from voicecheck.audio.parts import CUT_MIN_S, FilePart
from voicecheck.audio.recording import SAMPLE_RATE_HZ, SIDES, Recording, Side, Source
from voicecheck.audio.sides import Sides, find_sides, told_sides
from voicecheck.audio.timeline import Timeline
from voicecheck.errors import DecodeError, InputError, VoicecheckError

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is opened: ten minutes of 48 kHz stereo in 32 bits, and some more."""

MAX_DURATION_S = 600.0
"""The longest recording that is decoded, in seconds."""

_DISK_ERRORS = {errno.EIO, errno.ENOMEM, errno.ESTALE, errno.ENXIO, errno.ETIMEDOUT, errno.EACCES}

_MORE_MIN_S = 0.2  # the frame that encoders fill up at the end lasts up to 0.13 s

_TRIMMED_MIN_S = 0.5  # encoders trim what they began with, up to 0.3 s

_DROPPED_MIN_S = 0.1  # what a busy recorder drops between frames; less in all is shorter than any digit


def read_recording(
    path: Path | str,
    *,
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
    max_duration_s: float = MAX_DURATION_S,
    side: Side | None = None,
) -> Recording:
    """Decode one file.

    Parameters
    ----------
    path : Path
        The file, in any format that libav reads as sound.
    name : str, optional
        What to call it in messages and in the result; its own name unless given.
    max_bytes : int
        A larger file is not opened.
    max_duration_s : float
        A longer recording is refused: by its header if that tells, else as soon as it has run that long.
    side : {"left", "right"} or None
        The channel that the rep is on; None finds out.

    Returns
    -------
    Recording
        Its `warnings` say in plain sentences if the file is cut short or damaged.

    Raises
    ------
    InputError
        If there is no such file, it may not be read, it is over a limit, or it lacks the channel asked for.
    DecodeError
        If it holds no sound that can be decoded.
    """
    path = Path(path)
    name = path.name if name is None else name
    with _open(path, name, max_bytes) as file:
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return _decode(file, name=name, sha256=sha256, limit_s=max_duration_s, side=side)
        except VoicecheckError:
            raise
        except MemoryError as error:
            raise InputError(f"{name}: not enough memory to decode it; close other programs") from error
        except OSError as error:
            if error.errno in _DISK_ERRORS:
                raise InputError(f"{name}: cannot be read: {error.strerror}") from error
            raise _not_readable(file, name) from error
        except Exception as error:  # whatever a library makes of a damaged file, nobody is to see its insides
            raise _not_readable(file, name) from error


def _not_readable(file: BufferedReader, name: str) -> DecodeError:
    file.seek(0)
    return DecodeError(f"{name}: {why_not_readable(file.read(64))}")


def _open(path: Path, name: str, max_bytes: int) -> BufferedReader:
    """Open a file for reading, or say in one line why not."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise InputError(f"{path} is a folder; name a recording in it, or use voicecheck batch")
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path} is not a regular file; save the recording to a file first")
        if found.st_size == 0:
            raise DecodeError(f"{name}: the file is empty (0 bytes); record or copy it again")
        if found.st_size > max_bytes:
            size, limit = f"{found.st_size / 1e6:.1f} MB", f"{max_bytes / 1e6:.1f} MB"
            raise InputError(f"{name}: {size} is over the limit of {limit}; cut it, or save it as MP3")
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}; check the name") from error
    except PermissionError as error:
        raise InputError(f"{path} may not be read; ask its owner for permission") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _decode(file: BufferedReader, *, name: str, sha256: str, limit_s: float, side: Side | None) -> Recording:
    """Decode an open file: every recording in it, one behind the other."""
    parts = parts_of(file)
    try:
        line = Timeline(name=name, limit_s=limit_s, horizon_s=limit_s)
        decoded = [_decode_part(part, line, readers=(sndfile.decode, libav.decode)) for part in parts]
    except sndfile.DoubtError:
        line = Timeline(name=name, limit_s=limit_s, horizon_s=limit_s)
        decoded = [_decode_part(part, line, readers=(libav.decode,)) for part in parts]
    runs = line.finish()
    sides = _sides(runs, side, name)
    samples = sides.rep if sides else np.concatenate([mix_down(run) for run in runs])
    promised = [each.promised_s for each in decoded]
    return Recording(
        samples=samples,
        source=Source(
            name=name,
            sha256=sha256,
            duration_s=len(samples) / SAMPLE_RATE_HZ,
            declared_duration_s=_sum(promised),
            sample_rate_hz=line.sample_rate_hz,
            channels=line.n_channels,
            codec=decoded[0].codec,
            side=sides.side if sides else None,
        ),
        line=sides.line if sides else None,
        warnings=tuple(_warnings(line, parts, decoded)),
        remarks=(*_remarks(line, parts, decoded), *_side_remark(sides if side is None else None)),
    )


def _sides(runs: Sequence[NDArray[np.float32]], side: Side | None, name: str) -> Sides | None:
    """Tell the two sides of a call apart, as told or as found."""
    widths = {run.shape[1] for run in runs}
    if side is None:
        return find_sides(np.concatenate(runs)) if widths == {2} else None
    if widths != {2}:
        raise InputError(f"{name}: has no {side} channel to choose: it has not two channels")
    return told_sides(np.concatenate(runs), side)


Reader = Callable[[FilePart, Timeline], Decoded | None]
"""Puts a recording on the time line, or leaves it to the next."""


def _decode_part(part: FilePart, line: Timeline, *, readers: Sequence[Reader]) -> Decoded:
    """Have the first reader that takes it read a recording; the last takes all."""
    for read in readers:
        part.view.seek(0)
        decoded = read(part, line)
        if decoded is not None:
            break
    assert decoded is not None
    if part.view.error is not None:
        raise part.view.error
    return decoded


def _sum(seconds: Sequence[float | None]) -> float | None:
    """Add times up, if all are known."""
    known = [each for each in seconds if each is not None]
    return sum(known) if len(known) == len(seconds) else None


def _warnings(line: Timeline, parts: Sequence[FilePart], decoded: Sequence[Decoded]) -> Iterator[str]:
    """Tell what is wrong with a file that could be read in part."""
    n_inside = line.n_breaks - line.broken
    if not (any(each.live for each in decoded) and line.dropped_s < _DROPPED_MIN_S):
        n_inside += line.n_dropped
    n_inside = max(n_inside, sum(part.n_damaged for part in parts))
    expected_s = _sum([each.expected_s for each in decoded])
    if expected_s is not None and expected_s - line.now_s > CUT_MIN_S:
        state = "damaged" if n_inside else "cut short"
        yield f"the file is {state}: {line.now_s:.1f} s of {expected_s:.1f} s could be read"
    elif any(each.breaks_off for each in decoded):
        yield f"the file breaks off after {line.now_s:.1f} s: it may be cut short"
    if any(part.begins_late for part in parts):
        yield "the file begins in the middle of its sound: the start is missing"
    if n_inside:
        places = "one place" if n_inside == 1 else f"{n_inside} places"
        lost = f"{line.missing_s:.2f} s could not be read and counts as silence"
        yield f"the file is damaged in {places}: {lost}"
    if line.n_not_sound:
        yield f"{line.n_not_sound} samples of the sound are broken and count as silence"
    n_odd_bytes = sum(abs(part.n_odd_bytes) for part in parts)
    if n_odd_bytes and (expected_s is None or abs(expected_s - line.now_s) <= CUT_MIN_S):
        some = "one byte" if n_odd_bytes == 1 else f"{n_odd_bytes} bytes"
        yield f"the file is {some} longer or shorter than it says it is: sound in it may be damaged"


def _remarks(line: Timeline, parts: Sequence[FilePart], decoded: Sequence[Decoded]) -> Iterator[str]:
    """Tell what is odd about a file that was read whole."""
    uncounted_s = sum(part.uncounted_s for part in parts)
    expected_s = _sum([each.expected_s for each in decoded])
    if expected_s is not None and line.now_s - expected_s > _MORE_MIN_S:
        uncounted_s += line.now_s - expected_s
    if uncounted_s:
        yield f"the file holds {uncounted_s:.1f} s more sound than it says; that was heard too"
    if len(parts) > 1:
        yield f"the file is {len(parts)} recordings joined; all were heard, one after the other"
    trimmed_s = sum(each.trimmed_s for each in decoded)
    if trimmed_s > _TRIMMED_MIN_S:
        yield f"{trimmed_s:.1f} s of the file's sound are trimmed off and not played, so not heard"
    if any(each.n_tracks > 1 for each in decoded):
        yield "the file has several tracks with sound; only the first was heard"


def _side_remark(sides: Sides | None) -> Iterator[str]:
    """Tell which channel was taken, where nobody has said so."""
    if sides is not None:
        other = SIDES[1 - SIDES.index(sides.side)]
        yield (
            f"only the {sides.side} channel was judged: the {other} one is the other side of the call; "
            f"if that is the rep, choose it (--channel {other})"
        )


def file_sha256(path: Path) -> str | None:
    """Hash a file's bytes; None for what the decoder would not open, which then says why.

    Parameters
    ----------
    path : Path
        Of the recording.

    Returns
    -------
    str or None
        64 hexadecimal digits.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or not 0 < found.st_size <= MAX_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
