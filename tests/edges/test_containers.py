"""Sound behind the header, several recordings or tracks in one file, and damage that only checksums show."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from made import FORMATS, LENGTH_S, N_PIPS, by_libav, by_soundfile, late_ms, pips

from voicecheck.audio import containers, libav, sndfile
from voicecheck.audio.decode import read_recording
from voicecheck.audio.formats import AUDIO_SUFFIXES
from voicecheck.audio.parts import View
from voicecheck.audio.recording import Recording
from voicecheck.errors import DecodeError, InputError, VoicecheckError

CASES = Path(__file__).parents[3] / "shared" / "data" / "cases"


@pytest.fixture
def read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[[bytes], Recording]:
    """Read bytes as a file; nothing may reach the terminal."""

    def read(data: bytes) -> Recording:
        path = tmp_path / "take"
        path.write_bytes(data)
        recording = read_recording(path)
        assert capfd.readouterr() == ("", "")
        return recording

    return read


def wav(data: bytes, *, counted: int | None = None, rate_hz: int = 8_000, more: bytes = b"") -> bytes:
    """A mu-law WAV written by hand, whose header counts as many bytes of sound as one likes."""
    form = struct.pack("<HHIIHH", 7, 1, rate_hz, rate_hz, 1, 8)
    counted = len(data) if counted is None else counted
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", counted) + data + more
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mulaw() -> bytes:
    """The pips, 6 s of 8,000 bytes each."""
    file = by_soundfile("WAV", "ULAW", pips(8_000), 8_000)
    return file[-round(LENGTH_S * 8_000) :]


def assert_all_pips(recording: Recording, *, times: int = 1, tolerance_ms: float = 30.0) -> None:
    """Every pip is where it was planted, in each of so many copies one behind the other."""
    n_each = len(recording.samples) // times
    for copy in range(times):
        samples = recording.samples[copy * n_each : (copy + 1) * n_each]
        for pip in range(N_PIPS):
            assert abs(late_ms(samples, pip)) <= tolerance_ms + 70.0 * copy


# ---- sound behind the header ----


def test_a_header_that_counts_half_of_the_sound(read):
    """All 6 s are heard, and the card says that the header counts 3."""
    recording = read(wav(mulaw(), counted=24_000))
    assert recording.warnings == ()
    assert recording.remarks == ("the file holds 3.0 s more sound than it says; that was heard too",)
    assert recording.source.declared_duration_s == pytest.approx(LENGTH_S)
    assert_all_pips(recording)


@pytest.mark.parametrize("between", [b"", b"LIST\4\0\0\0INFO", b"JUNK\3\0\0\0abc\0"])
def test_a_second_data_chunk_is_more_of_the_same(between, read):
    sound = mulaw()
    more = between + b"data" + struct.pack("<I", 24_000) + sound[24_000:]
    recording = read(wav(sound[:24_000], more=more))
    assert recording.warnings == ()
    assert recording.remarks == ("the file holds 3.0 s more sound than it says; that was heard too",)
    assert_all_pips(recording)


@pytest.mark.parametrize(
    "tail",
    [
        bytes(9_000),
        b"LIST" + struct.pack("<I", 4_000) + b"INFO" + 3_996 * b"a",
        b"LIST" + struct.pack("<I", 90_000) + b"INFO" + 3_000 * b"ab",
        b"TAG" + 125 * b"a",
    ],
)
def test_what_is_no_sound_behind_the_sound_is_left_alone(tail, read):
    """Filling, notes, notes cut off, the tag of an MP3 player."""
    recording = read(wav(mulaw(), more=tail))
    assert recording.warnings == ()
    assert recording.duration_s == pytest.approx(LENGTH_S)


@pytest.mark.parametrize("kind", ["AIFF", "CAF", "W64"])
def test_other_files_of_chunks_are_read_on_too(kind, read):
    """Their header is made to count 4 of the 6 s."""
    data = bytearray(by_soundfile(kind, "PCM_16", pips(16_000), 16_000))
    n_bytes = round(4.0 * 32_000)
    if kind == "AIFF":
        struct.pack_into(">I", data, data.index(b"SSND") + 4, n_bytes + 8)
        struct.pack_into(">I", data, data.index(b"COMM") + 10, n_bytes // 2)
    elif kind == "CAF":
        struct.pack_into(">q", data, data.index(b"data") + 4, n_bytes + 4)
    else:
        struct.pack_into("<q", data, data.index(b"data") + 16, n_bytes + 24)
    recording = read(bytes(data))
    assert recording.warnings == ()
    assert recording.remarks == ("the file holds 2.0 s more sound than it says; that was heard too",)
    assert_all_pips(recording)


@pytest.mark.parametrize("n_counted", [24_000, 24_001])
def test_sound_goes_on_right_behind_what_is_counted(n_counted, read):
    """An odd count is no reason to take the next byte, a zero, for filling: the rest would be noise."""
    data = bytearray(by_soundfile("WAV", "PCM_16", pips(8_000), 8_000))
    at = data.index(b"data") + 4
    struct.pack_into("<I", data, at, n_counted)
    data[at + 4 + n_counted] = 0
    assert_all_pips(read(bytes(data)))


@pytest.mark.parametrize("kind", ["CAF", "W64"])
def test_a_chunk_of_less_than_nothing_behind_the_sound_ends_the_walk(kind, read, monkeypatch):
    """It would lead back before the start of the file, from where a search goes on for ever."""
    data = by_soundfile(kind, "PCM_16", pips(16_000), 16_000)
    n_bytes = struct.pack(">q" if kind == "CAF" else "<q", -(2**60))
    looked_at = []
    monkeypatch.setattr(View, "at", lambda self, *place, at=View.at: looked_at.append(1) or at(self, *place))
    recording = read(data + (b"note" if kind == "CAF" else b"note" + bytes(12)) + n_bytes + bytes(64))
    assert_all_pips(recording)
    assert len(looked_at) < 10_000


@pytest.mark.parametrize("name", ["wav-ima", "wav-msadpcm"])
def test_samples_that_are_counted_apart_are_not_counted_twice(name, read):
    """The chunk `fact` tells all samples, `data` half of the bytes: all are there, and nothing is missing."""
    data = bytearray(FORMATS[name].file())
    at = data.index(b"data") + 4
    struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] // 2)
    recording = read(bytes(data))
    assert (recording.warnings, recording.remarks) == ((), ())
    assert_all_pips(recording)


@pytest.mark.parametrize(("counted", "remarks"), [(96_000, 1), (0, 0), (0xFFFF_FFFF_FFFF_FFFF, 0)])
def test_rf64_that_counts_half_or_nothing(counted, remarks, read):
    data = bytearray(by_soundfile("RF64", "PCM_16", pips(16_000), 16_000))
    struct.pack_into("<Q", data, data.index(b"ds64") + 16, counted)
    recording = read(bytes(data))
    assert (recording.warnings, len(recording.remarks)) == ((), remarks)
    assert_all_pips(recording)


@pytest.mark.parametrize(("kind", "layout"), [("AIFF", ">I"), ("W64", "<q")])
@pytest.mark.parametrize("counted", [0, 24])
def test_files_of_chunks_that_were_streamed(kind, layout, counted, read):
    """Their sound was counted before there was any; a chunk of Wave64 counts its own head of 24 bytes."""
    data = bytearray(by_soundfile(kind, "PCM_16", pips(16_000), 16_000))
    place = data.index(b"SSND") + 4 if kind == "AIFF" else data.index(b"data") + 16
    struct.pack_into(layout, data, place, counted if kind == "W64" else 0)
    recording = read(bytes(data))
    assert recording.warnings == ()
    assert_all_pips(recording)


def test_an_au_file_that_counts_half(read):
    data = bytearray(FORMATS["au-mulaw"].file())
    struct.pack_into(">I", data, 8, 24_000)
    recording = read(bytes(data))
    assert recording.remarks == ("the file holds 3.0 s more sound than it says; that was heard too",)
    assert_all_pips(recording)
    assert read(FORMATS["au-mulaw"].file() + bytes(9_000)).remarks == ()


# MP3, ADTS and GSM go on by themselves: their second part is a chain that libav follows.
JOINED = [
    *("wav-16-8k", "wav-24-extensible", "wav-ima", "wav-gsm", "aiff", "flac-48k", "m4a", "m4a-alac"),
    *("mp4-index-first", "mp4-fragments", "3gp-amr", "amr", "caf-alac", "au-mulaw", "wma"),
    *("opus-48k", "ogg-vorbis-44k", "webm"),
]
FOLLOWED = ["mp3-44k", "adts", "gsm"]


@pytest.mark.parametrize("name", [*JOINED, *FOLLOWED])
def test_two_files_joined_byte_by_byte_are_both_heard(name, read):
    data = FORMATS[name].file()
    recording = read(data + data)
    assert recording.duration_s == pytest.approx(2 * LENGTH_S, abs=0.15)
    assert_all_pips(recording, times=2, tolerance_ms=FORMATS[name].tolerance_ms)
    told = "2 recordings joined; all were heard|more sound than it says; that was heard"
    assert all(re.search(told, remark) for remark in recording.remarks)
    assert recording.remarks or name in FOLLOWED
    assert recording.warnings == ()


@pytest.mark.slow
@pytest.mark.parametrize("between", [b"\r\n", bytes(4), bytes(512)])
@pytest.mark.parametrize("name", ["m4a", "mp4-fragments", "wma", "opus-voice-note", "webm", "flac-48k"])
def test_what_fills_the_space_between_two_files_hides_no_file(name, between, read):
    data = FORMATS[name].file()
    assert_all_pips(read(data + between + data), times=2, tolerance_ms=FORMATS[name].tolerance_ms)


def test_what_a_tag_holds_is_no_other_file(read):
    """A FLAC that was a WAV may keep its head, and an ID3 tag may stand before any file."""
    flac = FORMATS["flac-48k"].file()
    kept = b"riff" + FORMATS["wav-16-8k"].file()[:12]
    kept = bytes([2]) + len(kept).to_bytes(3, "big") + kept
    tag = b"ID3\3\0\0" + bytes([0, 0, 1, 20]) + b"TIT2" + bytes(144)
    for data in (flac[:42] + kept + flac[42:], tag + flac, tag + FORMATS["m4a"].file()):
        recording = read(data)
        assert (recording.warnings, recording.remarks) == ((), ())
        assert_all_pips(recording)


def test_a_streamed_file_with_another_behind_it(read):
    """A header that counts nothing lasts to the next one."""
    recording = read(wav(mulaw(), counted=0xFFFF_FFFF) + FORMATS["flac-48k"].file())
    assert_all_pips(recording, times=2)


def test_more_recordings_than_anyone_joins_are_refused_and_not_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "_MAX_PARTS", 3)
    path = tmp_path / "take.wav"
    path.write_bytes(3 * wav(mulaw()))
    assert read_recording(path).duration_s == pytest.approx(3 * LENGTH_S)
    path.write_bytes(4 * wav(mulaw()))
    with pytest.raises(DecodeError, match="damaged"):
        read_recording(path)


@pytest.mark.parametrize(
    "first", ["wav-16-8k", "flac-48k", "m4a", "ogg-vorbis-8k", "webm", "wma", "mp3-44k", "amr"]
)
@pytest.mark.parametrize("second", ["wav-24-48k", "m4a", "opus-voice-note", "webm"])
def test_another_kind_of_file_behind_the_first(first, second, read):
    recording = read(FORMATS[first].file() + FORMATS[second].file())
    assert recording.duration_s == pytest.approx(2 * LENGTH_S, abs=0.15)
    assert any("2 recordings joined" in each for each in recording.remarks)


def test_too_long_together_is_refused(tmp_path):
    path = tmp_path / "take.wav"
    path.write_bytes(wav(mulaw()) + wav(mulaw()))
    with pytest.raises(InputError, match="longer than the limit of 10 s"):
        read_recording(path, max_duration_s=10.0)


@pytest.mark.parametrize("name", ["m4a", "m4a-alac", "mp4-index-first", "3gp-amr"])
def test_what_was_trimmed_off_is_told(name, read):
    """An edit list plays the first 3 of 6 s; the sound behind them is still in the file."""
    data = bytearray(FORMATS[name].file())
    assert read(bytes(data)).remarks == ()
    at = data.index(b"elst") + 12
    struct.pack_into(">I", data, at, struct.unpack_from(">I", data, at)[0] // 2)
    recording = read(bytes(data))
    assert recording.duration_s == pytest.approx(LENGTH_S / 2, abs=0.1)
    assert recording.warnings == ()
    (remark,) = recording.remarks
    assert re.match(r"3\.[01] s of the file's sound are trimmed off", remark)


# ---- lengths that must be read by hand ----


def test_a_long_file_says_its_length_in_its_own_chunk(read):
    """RF64 cut in the middle: `ds64` tells how long it was."""
    data = by_soundfile("RF64", "PCM_16", pips(16_000), 16_000)
    assert read(data).warnings == ()
    (warning,) = read(data[: len(data) // 2]).warnings
    assert warning == "the file is cut short: 3.0 s of 6.0 s could be read"


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32"])
def test_a_byte_too_many_or_too_few_is_told(subtype, read):
    """Samples behind it are read from the wrong byte; what is pushed out at the end may be a zero."""
    sound = pips(16_000)
    sound[-8:] = 0.0
    data = by_soundfile("WAV", subtype, sound, 16_000)
    assert data.endswith(bytes(8))
    assert read(data).warnings == ()
    for at in (44, 20_000, len(data) // 2):
        (more,) = read(data[:at] + b"\x55" + data[at:]).warnings
        (fewer,) = read(data[:at] + data[at + 1 :]).warnings
        assert (
            more
            == fewer
            == "the file is one byte longer or shorter than it says it is: sound in it may be damaged"
        )
    assert read(data + b"\0").warnings == (), "filled up, and nothing out of step"


@pytest.mark.parametrize("at", [3_000, 9_000, 15_000])
def test_a_byte_that_is_gone_from_adpcm_is_told(at, read):
    """Each block begins with a number that is out of range from there on, so nothing more decodes."""
    data = by_soundfile("WAV", "MS_ADPCM", pips(8_000), 8_000)
    assert read(data).warnings == ()
    recording = read(data[:at] + data[at + 1 :])
    assert recording.warnings
    assert f"of {LENGTH_S:.1f} s could be read" in recording.warnings[0]


@pytest.mark.parametrize("name", ["mp3-44k", "mp3-lame", "adts"])
def test_a_bare_stream_that_begins_in_the_middle_of_a_frame_is_told(name, read):
    data = FORMATS[name].file()
    assert "the file begins in the middle of its sound: the start is missing" in read(data[4_001:]).warnings
    assert read(bytes(64) + data).warnings == read(data).warnings, "filled up before it begins"


@pytest.mark.parametrize("gone", [77, -1])
def test_bytes_gone_from_amr_or_too_many_are_told(gone, read):
    """Every frame begins with a byte that only few values can have."""
    data = FORMATS["amr"].file()
    at = len(data) // 2
    assert any("damaged" in each for each in read(data[:at] + data[at + gone :]).warnings)
    assert read(data).warnings == ()


@pytest.mark.parametrize(
    "head", [b"RIFF\x34\x82\2\0WAVE", b"RF64\xff\xff\xff\xffWAVE", b"FORM\0\1\0\0AIFF", b"caff\0\1\0\0"]
)
def test_zeros_behind_a_head_are_given_up_at_once(head, tmp_path, monkeypatch):
    """libav walked through all of them, 0.4 s a megabyte; it is not even asked."""
    monkeypatch.setattr(av, "open", lambda *args, **kwargs: pytest.fail("libav was asked"))
    path = tmp_path / "take.wav"
    path.write_bytes(head + bytes(1 << 20))
    with pytest.raises(DecodeError, match="damaged or cut short"):
        read_recording(path)


# ---- checksums of Ogg ----


def pages(data: bytes) -> list[int]:
    """Where the pages of an Ogg file begin."""
    return [at for at in range(len(data)) if data[at : at + 4] == b"OggS"]


@pytest.mark.parametrize("name", ["opus-48k", "ogg-vorbis-44k"])
def test_a_bit_flipped_in_the_last_page_is_told(name, read):
    data = bytearray(FORMATS[name].file())
    data[-20] ^= 1
    (warning,) = read(bytes(data)).warnings
    assert "breaks off after" in warning


@pytest.mark.parametrize("name", ["opus-48k", "ogg-vorbis-44k"])
def test_a_damaged_first_page_of_sound_leaves_the_rest_in_time(name, read):
    """Its pips are gone; those after it are where they were, not early."""
    data = bytearray(FORMATS[name].file())
    starts = pages(bytes(data))
    first = next(at for at in starts if any(data[at + 6 : at + 14]))
    data[first + 200] ^= 1
    recording = read(bytes(data))
    assert any("is damaged in one place" in warning for warning in recording.warnings)
    assert abs(late_ms(recording.samples, N_PIPS - 1)) <= 30.0


# ---- fragments ----


def boxes(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(data):
        n_bytes, kind = struct.unpack_from(">I4s", data, at)
        found.append((at, kind))
        at += n_bytes
    return found


@pytest.mark.parametrize("inside", [-1, 0, 4, 40])
def test_fragments_cut_off_are_told(inside, read):
    """In, at and right before the last fragment; whole, it says nothing."""
    options = {"movflags": "empty_moov+default_base_moof", "frag_duration": "1000000"}
    data = by_libav("mp4", "aac", pips(16_000), 16_000, **options)
    fragments = [at for at, kind in boxes(data) if kind == b"moof"]
    assert len(fragments) > 1
    assert read(data).warnings == ()
    recording = read(data[: fragments[-1] + inside])
    assert any("cut short" in warning for warning in recording.warnings)


# ---- tracks and codecs ----


def two_tracks(first: np.ndarray, second: np.ndarray) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        streams = [container.add_stream("pcm_s16le", rate=16_000, layout="mono") for _ in range(2)]
        for stream, sound in zip(streams, (first, second), strict=True):
            table = np.round(sound * 32_767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(table, "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, 0, Fraction(1, 16_000)
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
    return file.getvalue()


def test_an_index_that_swallows_the_first_fragments_is_told(read):
    """One bit of its length is wrong: what follows is no box, and no fragment is left to be seen."""
    data = bytearray(FORMATS["mp4-pieces"].file())
    data[data.index(b"moov") - 2] ^= 0x20
    assert any(re.search("cut short|breaks off", each) for each in read(bytes(data)).warnings)


@pytest.mark.parametrize("silent_first", [True, False])
def test_the_track_that_carries_sound_is_heard(silent_first, read):
    voice, nothing = pips(16_000), np.zeros(96_000, np.float32)
    recording = read(two_tracks(nothing, voice) if silent_first else two_tracks(voice, nothing))
    assert recording.warnings == ()
    assert_all_pips(recording)


def test_of_two_tracks_with_sound_the_first_is_heard_and_the_other_told(read):
    recording = read(two_tracks(pips(16_000), pips(16_000)[::-1]))
    assert recording.remarks == ("the file has several tracks with sound; only the first was heard",)
    assert_all_pips(recording)


def test_g722_in_wav_is_decoded(read):
    """Its tag in WAV, 0x028F, is no text, which PyAV wants to show it as."""
    recording = read(by_libav("wav", "g722", pips(16_000), 16_000))
    assert recording.source.codec == "adpcm_g722"
    assert_all_pips(recording)


@pytest.mark.parametrize("tag", [0x0081, 0x00FA, 0xF1AC, 0xFFFF])
def test_a_codec_that_nobody_knows_is_refused_in_one_line(tag, tmp_path):
    data = bytearray(wav(mulaw()))
    struct.pack_into("<H", data, 20, tag)
    path = tmp_path / "take.wav"
    path.write_bytes(data)
    with pytest.raises(DecodeError, match=r"^take\.wav: ") as caught:
        read_recording(path)
    assert "\n" not in str(caught.value)


def test_a_video_that_is_not_read_is_not_called_damaged(tmp_path):
    path = tmp_path / "take.avi"
    path.write_bytes(by_libav("avi", "pcm_s16le", pips(16_000), 16_000))
    with pytest.raises(DecodeError, match=r"a video \(AVI\), which is not read; save its sound as"):
        read_recording(path)


def test_wave64_and_windows_media_are_read(read):
    for data in (
        by_soundfile("W64", "PCM_16", pips(16_000), 16_000),
        by_libav("mov", "aac", pips(16_000), 16_000),
    ):
        recording = read(data)
        assert recording.warnings == ()
        assert_all_pips(recording)


def ogg(packets: list[bytes], every: int) -> bytes:
    """One packet a page, as an Ogg file of one stream; `every` samples for each but the two of the head."""
    pages = []
    for at, packet in enumerate(packets):
        kind = 2 if at == 0 else 4 if at == len(packets) - 1 else 0
        place = struct.pack("<BqIII", kind, max(0, at - 1) * every, 7, at, 0)
        page = b"OggS\0" + place + bytes([1, len(packet)]) + packet
        sum_ = 0
        for byte in page:  # as Ogg has it: from the highest bit on
            sum_ ^= byte << 24
            for _ in range(8):
                sum_ = (sum_ << 1 ^ (0x04C11DB7 if sum_ >> 31 else 0)) & 0xFFFFFFFF
        pages.append(page[:22] + struct.pack("<I", sum_) + page[26:])
    return b"".join(pages)


def test_speex_is_read(read):
    """Two seconds of random narrowband frames: 20 ms each, mode 3, in 160 bits."""
    head = (
        b"Speex   "
        + b"1.2".ljust(20, b"\0")
        + struct.pack("<13i", 1, 80, 8000, 0, 4, 1, 8000, 160, 0, 1, 0, 0, 0)
    )
    rng = np.random.default_rng(7)
    frames = [bytes([0b00011000 | int(rng.integers(8))]) + rng.bytes(19) for _ in range(100)]
    data = ogg([head, struct.pack("<II", 0, 0), *frames], every=160)
    recording = read(data)
    assert (recording.source.codec, recording.warnings) == ("speex", ())
    assert recording.duration_s == pytest.approx(2.0, abs=0.05)
    assert np.abs(recording.samples).max() > 0.01
    (warning,) = read(data[: len(data) // 2]).warnings
    assert "breaks off" in warning


def test_a_folder_is_searched_for_all_that_is_read():
    assert {".weba", ".3gpp", ".wave", ".mov", ".spx", ".wma", ".w64"} <= AUDIO_SUFFIXES


# ---- libraries that raise ----


def every_exception(base: type[Exception] = Exception) -> set[type[Exception]]:
    """All that is loaded by now, libav's and numpy's own among them."""
    return {base}.union(*(every_exception(child) for child in base.__subclasses__()))


FOREIGN = sorted(
    (each for each in every_exception() if not issubclass(each, (VoicecheckError, ExceptionGroup))),
    key=lambda each: f"{each.__module__}.{each.__qualname__}",
)


@pytest.mark.slow
def test_whatever_a_library_raises_becomes_one_line(tmp_path, monkeypatch):
    path = tmp_path / "take.wav"
    path.write_bytes(FORMATS["flac-48k"].file())
    assert len(FOREIGN) > 100
    for kind in FOREIGN:

        def broken(*_args: object, kind: type[Exception] = kind) -> None:
            raise kind.__new__(kind)

        monkeypatch.setattr(libav, "_decoder", broken)
        with pytest.raises(InputError, match=r"^take\.wav: [^\n]+$"):
            read_recording(path)


def test_what_soundfile_raises_halfway_leaves_the_file_to_libav(tmp_path, monkeypatch):
    """A second on the time line by then is not heard twice."""
    path = tmp_path / "take.wav"
    path.write_bytes(wav(mulaw()))
    honest, asked = soundfile.SoundFile.read, []

    def broken(file: soundfile.SoundFile, *args: object, **kwargs: object) -> object:
        asked.append(1)
        if len(asked) == 2:
            raise soundfile.LibsndfileError(1)
        return honest(file, *args, **kwargs)

    monkeypatch.setattr(soundfile.SoundFile, "read", broken)
    recording = read_recording(path)
    assert len(asked) == 2
    assert recording.duration_s == pytest.approx(LENGTH_S)
    assert_all_pips(recording)


WHOLE = [
    "wav-u8",
    "wav-16-11k",
    "wav-24-extensible",
    "wav-32-96k",
    "wav-float",
    "wav-double",
    "wav-mulaw",
    "wav-alaw",
    "aiff",
    "au-mulaw",
]


@pytest.mark.parametrize("name", WHOLE)
def test_both_libraries_give_the_same_samples(name, tmp_path, monkeypatch):
    """Bit for bit, and the same facts of the file."""
    path = tmp_path / "take"
    path.write_bytes(FORMATS[name].file())
    monkeypatch.setattr(libav, "decode", lambda *args: pytest.fail("libav was asked"))
    by_soundfile_alone = read_recording(path)
    monkeypatch.undo()
    monkeypatch.setattr(sndfile, "decode", lambda *args: None)
    by_libav_alone = read_recording(path)
    assert np.array_equal(by_soundfile_alone.samples, by_libav_alone.samples)
    assert by_soundfile_alone.source == by_libav_alone.source
    assert by_soundfile_alone.warnings == by_libav_alone.warnings == ()


def test_libsndfile_agrees_on_flac(tmp_path):
    path = tmp_path / "take.flac"
    path.write_bytes(by_soundfile("FLAC", "PCM_16", pips(16_000), 16_000))
    theirs, _ = soundfile.read(path, dtype="float32")
    assert np.array_equal(read_recording(path).samples[: len(theirs)], theirs)


def test_gsm_in_aiff_is_read_by_the_one_that_can(read):
    """libav takes its number of samples for one of blocks of 160: 6 s would be 16 minutes."""
    recording = read(by_soundfile("AIFF", "GSM610", pips(8_000), 8_000))
    assert (recording.source.codec, recording.warnings) == ("gsm", ())
    assert_all_pips(recording)


def test_a_disk_that_fails_is_told_and_not_taken_for_the_end(tmp_path, monkeypatch):
    """Half of a file, read before the disk failed, must not be judged as if it were whole."""
    path = tmp_path / "take.wav"
    path.write_bytes(by_soundfile("WAV", "PCM_16", pips(48_000), 48_000))
    honest = View._from_file

    def failing(view: View, place: range) -> bytes:
        if place.start > 200_000:
            view.error = OSError(5, "Input/output error")
            return b""
        return honest(view, place)

    monkeypatch.setattr(View, "_from_file", failing)
    with pytest.raises(InputError, match=r"^take\.wav: cannot be read: Input/output error"):
        read_recording(path)


# ---- a file in pieces ----


def test_pieces_are_read_as_one_file(tmp_path):
    path = tmp_path / "letters"
    path.write_bytes(b"abcdefgh")
    with path.open("rb") as file:
        view = View(file, [range(4, 8), b"-+", range(0, 2)])
        assert view.size == 8
        assert view.read() == b"efgh-+ab"
        assert view.at(3, 4) == b"h-+a"
        assert (view.seek(-3, 2), view.read(9), view.read(9)) == (5, b"+ab", b"")
        assert view.seek(-9, 0) < 0
        assert view.tell() == 8


# ---- what people reported ----

REPORTED = {
    "wav_g722.wav": None,
    "wav_header_counts_half.wav": "more sound than it says",
    "wav_two_files_joined.wav": "2 recordings joined",
    "m4a_two_files_joined.m4a": "2 recordings joined",
    "mp4_first_track_silent.mp4": None,
}


@pytest.mark.skipif(not CASES.is_dir(), reason="needs ../shared/data/cases")
@pytest.mark.parametrize("name", REPORTED)
def test_reported_recordings_are_heard_whole(name):
    """Each holds 20.5 s."""
    recording = read_recording(CASES / name)
    assert recording.duration_s == pytest.approx(20.55, abs=0.1)
    assert np.abs(recording.samples).max() > 0.1
    assert [REPORTED[name] in remark for remark in recording.remarks] == [True] * bool(REPORTED[name])


@pytest.mark.skipif(not CASES.is_dir(), reason="needs ../shared/data/cases")
def test_reported_damage_is_told(capfd):
    for path in sorted((CASES / "damaged").iterdir()):
        with suppress(DecodeError):
            assert read_recording(path).warnings
    assert capfd.readouterr() == ("", "")
