"""Every format is made (in `made`) with a known sound in it, damaged in known places, and read back.

Tolerances are 5 ms for formats that keep samples, 30 ms for lossy ones.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from made import (
    BREAKS_OFF,
    ENDS_WITH_INDEX,
    FIRST_PIP_S,
    FORMATS,
    LENGTH_S,
    N_PIPS,
    Samples,
    by_soundfile,
    late_ms,
    pips,
)

from voicecheck.audio import libav
from voicecheck.audio.channels import mix_down
from voicecheck.audio.decode import read_recording
from voicecheck.audio.recording import SAMPLE_RATE_HZ
from voicecheck.errors import DecodeError, InputError


@pytest.fixture
def saved(tmp_path) -> Callable[[bytes], Path]:
    """Save bytes under a name that tells nothing."""

    def save(data: bytes, name: str = "message") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return save


# ---- whole files ----


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_whole_and_in_time(name, saved):
    """Without a telling name, with no warning, and with every pip where it was planted."""
    made = FORMATS[name]
    recording = read_recording(saved(made.file()))
    assert recording.warnings == ()
    assert recording.source.codec == made.codec
    assert recording.source.channels == 1
    assert recording.source.sample_rate_hz == (48_000 if made.codec == "opus" else made.rate_hz)
    assert recording.source.sha256 == hashlib.sha256(made.file()).hexdigest()
    assert recording.source.duration_s == recording.duration_s == pytest.approx(LENGTH_S, abs=0.06)
    for pip in range(N_PIPS):
        assert abs(late_ms(recording.samples, pip)) <= made.tolerance_ms


@pytest.mark.parametrize("name", ["wav-16-8k", "mp3-44k", "m4a", "opus-48k", "flac-48k", "amr"])
def test_the_name_of_a_file_says_nothing(name, saved):
    """A rep's .wav may well be an MP3 inside."""
    data = FORMATS[name].file()
    plain = read_recording(saved(data))
    for misleading in ("a.wav", "a.mp3", "a.txt", "a.gsm"):
        recording = read_recording(saved(data, misleading))
        assert recording.source.name == misleading
        assert np.array_equal(recording.samples, plain.samples)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "ULAW", "ALAW"])
def test_samples_agree_with_another_reader(subtype, saved):
    """At 16 kHz nothing is resampled, so libsndfile's samples are ours, bit for bit."""
    data = by_soundfile("WAV", subtype, pips(SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    theirs, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    assert np.array_equal(read_recording(saved(data)).samples[: len(theirs)], theirs)


@pytest.mark.parametrize(
    ("head", "codec", "pause", "speech"),
    [
        (b"#!AMR\n", "amr_nb", b"\x7c", b"\x04" + 12 * b"\x55"),
        (b"#!AMR\n", "amr_nb", b"\x44" + bytes(5), b"\x04" + 12 * b"\x55"),
        (b"#!AMR-WB\n", "amr_wb", b"\x7c", b"\x04" + 17 * b"\x55"),
        (b"#!AMR-WB\n", "amr_wb", b"\x4c" + bytes(5), b"\x04" + 17 * b"\x55"),
    ],
)
def test_phones_send_less_in_pauses_and_time_goes_on(head, codec, pause, speech, saved):
    """Hand-made: 50 frames of speech, 50 of comfort noise or "nothing sent", 20 ms each, are 2 s."""
    recording = read_recording(saved(head + 50 * speech + 50 * pause))
    assert recording.source.codec == codec
    assert recording.duration_s == pytest.approx(2.0)
    assert recording.warnings == ()


def test_another_name_can_be_shown(saved):
    path = saved(FORMATS["wav-16-8k"].file(), "upload-31415")
    assert read_recording(path, name="to Ann.wav").source.name == "to Ann.wav"
    with pytest.raises(InputError, match=r"^to Ann.wav: "):
        read_recording(path, name="to Ann.wav", max_duration_s=2.0)


def test_tags_in_odd_encodings_do_no_harm(saved):
    title = b"TIT2" + struct.pack(">I", 5) + b"\0\0\3\xff\xfe\xe9\x80"
    tag = b"ID3\3\0\0" + struct.pack(">I", len(title)) + title
    id3v1 = b"TAG" + 125 * b"\xe9"
    recording = read_recording(saved(tag + FORMATS["mp3-44k"].file() + id3v1))
    assert recording.warnings == ()
    assert recording.source.declared_duration_s == pytest.approx(LENGTH_S)


# ---- cut short ----


# A tenth is less than a page of Ogg, and too few frames of GSM to know them for what they are.
GONE_WITH_A_TENTH_LEFT = {"gsm", "ogg-vorbis-44k", "ogg-vorbis-8k", "opus-48k", "opus-8k", "opus-voice-note"}


@pytest.mark.parametrize("percent", [10, 50, 90])
@pytest.mark.parametrize("name", FORMATS)
def test_a_cut_is_always_noticed(name, percent, saved):
    """Either nothing can be read, or what is left is in time and the warning says how much that is."""
    made = FORMATS[name]
    data = made.file()
    n_left = inside_a_frame(data, len(data) * percent // 100)
    path = saved(data[:n_left])
    if made.cut == ENDS_WITH_INDEX or (percent == 10 and name in GONE_WITH_A_TENTH_LEFT):
        with pytest.raises(DecodeError, match=f"{made.cut}|damaged or cut short|not audio"):
            read_recording(path)
        return
    recording = read_recording(path)
    (warning,) = recording.warnings
    assert re.search(made.cut, warning)
    assert "cut short" in warning
    assert f" {recording.duration_s:.1f} s" in warning
    assert recording.duration_s < 0.97 * LENGTH_S
    for pip in range(int(recording.duration_s - FIRST_PIP_S)):
        assert abs(late_ms(recording.samples, pip)) <= made.tolerance_ms


def inside_a_frame(data: bytes, at: int) -> int:
    """Move a cut off the seam between two frames, where nobody could notice it."""
    if data[:2] == b"\xff\xf1":
        return data.index(b"\xff\xf1", at) + 20
    if data[:5] == b"#!AMR":
        return at + ((at - 6) % 32 == 0)
    return at + (at % 33 == 0)


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF, 0x7FFF_FFFF])
@pytest.mark.parametrize("name", ["wav-16-8k", "wav-mulaw", "wav-float", "wav-ima", "wav-gsm"])
def test_a_wav_written_as_a_stream_is_whole(name, size, saved):
    """Its length was not known when the header was written; some programs put the same into `fact`."""
    data = bytearray(FORMATS[name].file())
    for mark in (b"RIFF", b"data"):
        struct.pack_into("<I", data, data.index(mark) + 4, size)
    if b"fact" in data and size:
        struct.pack_into("<I", data, data.index(b"fact") + 8, size)
    recording = read_recording(saved(bytes(data)))
    assert recording.warnings == ()
    assert recording.duration_s == pytest.approx(LENGTH_S, abs=0.06)
    assert recording.source.declared_duration_s is None or size == 0


def test_what_the_header_promised_is_kept(saved):
    data = FORMATS["wav-16-8k"].file()
    source = read_recording(saved(data[: len(data) // 3])).source
    assert source.declared_duration_s == pytest.approx(LENGTH_S, abs=0.01)
    assert source.duration_s == pytest.approx(LENGTH_S / 3, abs=0.01)
    assert read_recording(saved(FORMATS["amr"].file())).source.declared_duration_s is None


def test_an_ogg_cut_between_pages_lacks_its_end_mark(saved):
    data = FORMATS["opus-48k"].file()
    (warning,) = read_recording(saved(data[: data.rindex(b"OggS")])).warnings
    assert BREAKS_OFF in warning


# ---- damaged inside ----


def zero_middle(data: bytes) -> bytes:
    """Lose a block, as a bad disk does: 5 % from the middle on."""
    start, n_bytes = len(data) // 2, len(data) // 20
    return data[:start] + bytes(n_bytes) + data[start + n_bytes :]


def flip_bytes(data: bytes) -> bytes:
    """Invert five bytes in the middle half."""
    changed = bytearray(data)
    for at in np.random.default_rng(3).integers(len(data) // 4, len(data) * 3 // 4, 5):
        changed[at] ^= 0xFF
    return bytes(changed)


def drop_middle(data: bytes) -> bytes:
    """Lose 5 % without a trace."""
    return data[: len(data) // 2] + data[len(data) // 2 + len(data) // 20 :]


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("flac-48k", zero_middle),
        ("flac-48k", flip_bytes),
        ("flac-48k", drop_middle),
        ("ogg-vorbis-44k", zero_middle),
        ("ogg-vorbis-44k", drop_middle),
        ("opus-48k", zero_middle),
        ("opus-48k", drop_middle),
        ("opus-voice-note", zero_middle),
        ("m4a", zero_middle),
        ("m4a-8k", zero_middle),
        ("mp4-index-first", zero_middle),
        ("mp3-44k", zero_middle),
    ],
)
def test_silence_takes_the_place_of_what_is_lost(name, damage, saved):
    """So pips before and after the damage are where they were."""
    recording = read_recording(saved(damage(FORMATS[name].file())))
    assert any(
        re.search(r"is damaged in .* could not be read and counts as silence", w) for w in recording.warnings
    )
    assert recording.duration_s == pytest.approx(LENGTH_S, abs=0.1)
    for pip in (0, 5):
        assert abs(late_ms(recording.samples, pip)) <= 30.0


@pytest.mark.parametrize("name", ["adts", "mp3-44k", "webm", "wav-16-8k"])
def test_what_is_lost_without_a_trace_is_told(name, saved):
    """Nothing says how much was there, so times after the damage may be early; the warning is due."""
    warnings = read_recording(saved(drop_middle(FORMATS[name].file()))).warnings
    assert any(re.search("damaged|cut short", warning) for warning in warnings)


def without_packets(data: bytes, lost: range) -> bytes:
    """A WebM without some of its packets of 20 ms: its clock runs on, as when a browser was too busy."""
    copy = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(copy, "w", format="webm") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for index, packet in enumerate(source.demux(source.streams.audio[0])):
            if packet.pts is not None and index not in lost:
                packet.stream = stream
                target.mux(packet)
    return copy.getvalue()


@pytest.mark.parametrize(("n_lost", "told"), [(2, False), (4, False), (8, True)])
def test_moments_that_a_busy_recorder_dropped_are_silent_and_told_from_a_tenth_of_a_second(
    n_lost, told, saved
):
    """Two packets are 0.04 s; only a loss that could cost a digit is called damage."""
    recording = read_recording(saved(without_packets(FORMATS["webm"].file(), range(100, 100 + n_lost))))
    assert bool(recording.warnings) == told
    assert recording.duration_s == pytest.approx(LENGTH_S, abs=0.1)
    for pip in (0, 5):
        assert abs(late_ms(recording.samples, pip)) <= 30.0


def test_lost_frames_of_flac_are_silent_not_noise(saved):
    """A damaged FLAC frame decodes to noise at full scale unless its checksum is looked at."""
    for seed in range(5):
        data = bytearray(FORMATS["flac-48k"].file())
        at = int(np.random.default_rng(seed).integers(len(data) // 4, len(data) * 3 // 4))
        data[at] ^= 0x55
        recording = read_recording(saved(bytes(data)))
        assert np.abs(recording.samples).max() < 0.6
        assert len(recording.warnings) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_no_damage_leads_to_anything_but_our_own_error(name, saved, capfd):
    """Whatever bytes are changed: a recording or our own error, and nothing on the terminal."""
    data = FORMATS[name].file()
    for seed in range(4):
        rng = np.random.default_rng(seed)
        changed = bytearray(data)
        for at in rng.integers(0, min(len(data), 4096) if seed % 2 else len(data), 12):
            changed[at] = rng.integers(256)
        with suppress(InputError):
            recording = read_recording(saved(bytes(changed)), max_duration_s=30.0)
            assert np.isfinite(recording.samples).all()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e30])
def test_what_is_no_sample_becomes_silence_and_is_told(odd, saved):
    sound = pips(SAMPLE_RATE_HZ)
    sound[1000:1003] = odd
    recording = read_recording(saved(by_soundfile("WAV", "FLOAT", sound, SAMPLE_RATE_HZ)))
    assert recording.warnings == ("3 samples of the sound are broken and count as silence",)
    assert not recording.samples[1000:1003].any()
    assert abs(late_ms(recording.samples, 5)) <= 5.0


# ---- beyond use ----


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"Hi Ann, this is Bob.\n" * 200, "not audio that can be read; save the message as WAV, MP3 or M4A"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.wav\n", "not audio"),
        (b"ffconcat version 1.0\nfile other.wav\n", "not audio"),
        (bytes(50_000), "not audio"),
        (np.random.default_rng(0).bytes(50_000), "not audio"),
        (b"RIFF", "damaged or cut short"),
        (by_soundfile("WAV", "PCM_16", np.zeros(0, np.float32), 8_000), "holds no sound"),
        (by_soundfile("WAV", "PCM_16", pips(8_000), 8_000)[:44], "holds no sound"),
        (by_soundfile("WAV", "PCM_16", np.zeros((800, 9), np.float32), 8_000), "9 channels are not usable"),
        (by_soundfile("FLAC", "PCM_16", np.zeros((800, 8), np.float32), 8_000), "8 channels are not usable"),
        (by_soundfile("WAV", "PCM_16", np.zeros(800, np.float32), 100), "100 Hz is not usable"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(data, complaint, saved, capfd):
    with pytest.raises(DecodeError, match=rf"^take.wav: .*{complaint}") as caught:
        read_recording(saved(data, "take.wav"))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("tag", [b"drms", b"enca"])
def test_protected_files_are_named_as_such(tag, saved):
    entry = b"mp4a" + bytes(7) + b"\1"
    with pytest.raises(DecodeError, match="protected"):
        read_recording(saved(FORMATS["m4a"].file().replace(entry, tag + entry[4:])))


def test_a_video_without_sound_is_told(saved):
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for picture in [*(av.VideoFrame(32, 32, "yuv420p") for _ in range(5)), None]:
            container.mux(stream.encode(picture))
    with pytest.raises(DecodeError, match="no audio track"):
        read_recording(saved(file.getvalue()))


def test_an_empty_file_is_told(saved):
    with pytest.raises(DecodeError, match=r"^take.wav: the file is empty"):
        read_recording(saved(b"", "take.wav"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match=r"there is no file .*gone.wav"):
        read_recording(tmp_path / "gone.wav")


def test_a_folder_is_told(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_recording(tmp_path)


def test_a_pipe_is_told_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InputError, match="not a regular file"):
        read_recording(tmp_path / "pipe.wav")


def test_a_file_that_may_not_be_read_is_told(saved, monkeypatch):
    """Simulated, for the tests may run as root, who may read everything."""
    path = saved(b"RIFF")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="may not be read"):
        read_recording(path)


# ---- limits ----


def test_too_many_bytes_are_refused_unopened(saved, monkeypatch):
    path = saved(FORMATS["wav-16-8k"].file())
    monkeypatch.setattr(Path, "open", lambda *args, **kwargs: pytest.fail("opened"))
    with pytest.raises(InputError, match=r"^message: 0.1 MB is over the limit of 0.0 MB"):
        read_recording(path, max_bytes=1000)


@pytest.mark.parametrize("name", ["wav-16-8k", "flac-48k", "mp3-44k", "m4a", "opus-48k", "webm", "aiff"])
def test_too_long_by_the_header_is_refused_undecoded(name, saved, monkeypatch):
    monkeypatch.setattr(libav, "_decode_track", lambda *args: pytest.fail("decoded"))
    with pytest.raises(InputError, match="longer than the limit of 5 s"):
        read_recording(saved(FORMATS[name].file()), max_duration_s=5.0)


@pytest.mark.parametrize("name", ["adts", "amr", "gsm"])
def test_too_long_without_a_header_is_refused_while_decoding(name, saved):
    with pytest.raises(InputError, match="longer than the limit of 5 s"):
        read_recording(saved(FORMATS[name].file()), max_duration_s=5.0)


def test_a_recording_as_long_as_the_limit_is_read(saved):
    for name in ("wav-16-8k", "m4a", "adts", "amr"):
        assert read_recording(saved(FORMATS[name].file()), max_duration_s=LENGTH_S).duration_s > 5.9


def test_an_hour_of_silence_in_a_small_file_stops_early(saved):
    """FLAC whose header does not tell: it must stop at the limit, in little memory."""
    data = bytearray(by_soundfile("FLAC", "PCM_16", np.zeros(3600 * 8_000, np.float32), 8_000))
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # the number of samples, 36 bits: unknown
    path = saved(bytes(data))
    started = time.process_time()
    tracemalloc.start()
    with pytest.raises(InputError, match="longer than the limit of 20 s"):
        read_recording(path, max_duration_s=20.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20e6
    assert time.process_time() - started < 2.0


# ---- channels and rates ----


def stereo(left: Samples, right: Samples) -> bytes:
    return by_soundfile("WAV", "FLOAT", np.stack([left, right], axis=1), SAMPLE_RATE_HZ)


VOICE = pips(SAMPLE_RATE_HZ)
SILENCE = np.zeros_like(VOICE)
HISS = (1e-3 * np.random.default_rng(1).standard_normal(len(VOICE))).astype(np.float32)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (VOICE, VOICE),
        (VOICE, SILENCE),
        (SILENCE, VOICE),
        (VOICE, HISS),
        (VOICE, -VOICE),
        (VOICE, (-0.9 * VOICE).astype(np.float32)),
    ],
)
def test_no_voice_is_lost_in_mixing(left, right, saved):
    """The same on both sides, on one side only, or in opposite phase: within 0.01 of full scale."""
    recording = read_recording(saved(stereo(left, right)))
    assert recording.source.channels == 2
    np.testing.assert_allclose(recording.samples, VOICE, atol=0.01)


def test_two_voices_are_both_kept(saved):
    other = VOICE[::-1]
    recording = read_recording(saved(stereo(VOICE, other)))
    assert recording.line is not None
    np.testing.assert_allclose(recording.samples + recording.line, VOICE + other, atol=1e-6)


def test_mixing_one_channel_changes_nothing():
    assert np.array_equal(mix_down(VOICE[:, None]), VOICE)
    assert not mix_down(np.zeros((10, 2), np.float32)).any()


@pytest.mark.parametrize("name", ["m4a", "opus-48k", "flac-48k", "mp3-44k"])
def test_stereo_of_other_formats_is_mixed_too(name, saved):
    made = FORMATS[name]
    voice = pips(made.rate_hz)
    data = made.make(made.kind, made.subtype, np.stack([voice, 0 * voice], axis=1), made.rate_hz)
    recording = read_recording(saved(data))
    assert recording.source.channels == 2
    assert np.sqrt(np.mean(recording.samples**2)) == pytest.approx(np.sqrt(np.mean(voice**2)), rel=0.05)


RATES_HZ = [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000]


def sine(frequency_hz: float, rate_hz: int) -> bytes:
    time_s = np.arange(2 * rate_hz) / rate_hz
    return by_soundfile("WAV", "FLOAT", 0.5 * np.sin(2 * np.pi * frequency_hz * time_s), rate_hz)


def level_db(samples: Samples) -> float:
    """Power of the middle second, against the sine of `sine`."""
    return float(10 * np.log10(np.mean(np.square(samples[8_000:24_000])) / 0.125))


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_resampling_keeps_level_and_length(rate_hz, saved):
    recording = read_recording(saved(sine(1_000, rate_hz)))
    assert level_db(recording.samples) == pytest.approx(0.0, abs=0.1)
    assert len(recording.samples) == pytest.approx(2 * SAMPLE_RATE_HZ, abs=1)


@pytest.mark.parametrize("rate_hz", [22_050, 44_100, 48_000, 96_000])
def test_what_16_khz_cannot_hold_is_filtered_out(rate_hz, saved):
    """A tone at 9 kHz would come back at 7 kHz; it is to stay 90 dB down."""
    assert level_db(read_recording(saved(sine(9_000, rate_hz))).samples) < -90.0


@pytest.mark.parametrize("name", ["wav-24-48k", "mp3-44k", "m4a", "opus-48k"])
def test_reading_twice_gives_the_same(name, saved):
    path = saved(FORMATS[name].file())
    assert np.array_equal(read_recording(path).samples, read_recording(path).samples)
