from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fake import FakeTranscriber
from sounds import said, spoken, transcript

from voicecheck.audio.decode import file_sha256
from voicecheck.files import write_atomically
from voicecheck.hearing.cache import ReadingCache, default_cache
from voicecheck.hearing.hear import listen
from voicecheck.hearing.hearing import Hearing, to_json

KEY = "ab" * 32


@pytest.fixture
def cache(tmp_path: Path) -> ReadingCache:
    return ReadingCache(folder=tmp_path / "readings")


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    words = said("hi dana this is joe")
    return listen(spoken(words), FakeTranscriber(transcript=transcript(words)))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_is_found_again_under_its_key_alone(cache: ReadingCache, hearing: Hearing) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, hearing)
    found = cache.get(KEY)
    assert found is not None
    assert to_json(found) == to_json(hearing)
    assert cache.get("cd" * 32) is None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"source": 1}', b'{"source": {}}']
)
def test_a_damaged_reading_is_absent_and_is_written_again(
    cache: ReadingCache, hearing: Hearing, damage: bytes
) -> None:
    cache.put(KEY, hearing)
    (file,) = files_in(cache.folder)
    file.write_bytes(damage)
    assert cache.get(KEY) is None
    cache.put(KEY, hearing)
    assert cache.get(KEY) is not None


def test_a_reading_cut_short_anywhere_is_absent(cache: ReadingCache, hearing: Hearing) -> None:
    cache.put(KEY, hearing)
    (file,) = files_in(cache.folder)
    whole = file.read_bytes()
    for length in range(0, len(whole) - 1, 37):
        file.write_bytes(whole[:length])
        assert cache.get(KEY) is None


def test_many_writers_of_one_file_leave_one_of_their_texts_and_nothing_else(tmp_path: Path) -> None:
    texts = [str(digit) * 200_000 for digit in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda text: write_atomically(tmp_path / "f", text), texts * 4))
    assert files_in(tmp_path) == [tmp_path / "f"]
    assert (tmp_path / "f").read_text() in texts


def test_a_write_that_fails_leaves_the_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomically(tmp_path / "f", "old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "f", "new")
    assert [path.read_text() for path in files_in(tmp_path)] == ["old"]


def test_a_cache_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path, hearing: Hearing) -> None:
    (tmp_path / "file").write_text("in the way")
    ReadingCache(folder=tmp_path / "file" / "readings").put(KEY, hearing)


def test_readings_are_their_owners_alone(cache: ReadingCache, hearing: Hearing) -> None:
    cache.put(KEY, hearing)
    assert cache.folder.stat().st_mode & 0o077 == 0


def test_the_cache_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path))
    assert default_cache().folder == tmp_path / "readings"


def test_only_what_the_decoder_would_open_is_hashed(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_sha256(tmp_path) is None
    assert file_sha256(tmp_path / "gone") is None
    assert file_sha256(tmp_path / "empty") is None
    assert file_sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_reading_is_plain_json(cache: ReadingCache, hearing: Hearing) -> None:
    cache.put(KEY, hearing)
    (file,) = files_in(cache.folder)
    assert json.loads(file.read_text())["transcript"]["words"][1]["text"] == " dana"
