"""Find the messages of a batch: folders, files, globs, and the list that names reps and expected numbers."""

from __future__ import annotations

import csv
import glob
import os
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voicecheck.audio.formats import AUDIO_SUFFIXES
from voicecheck.errors import ParameterError
from voicecheck.numbers.plan import parse_expected
from voicecheck.scorecard.across import Message, natural_key


@dataclass(frozen=True, kw_only=True)
class Found:
    """A message and the file it is in.

    Parameters
    ----------
    path : Path
        Where to read it; it need not exist.
    message : Message
        What is known of it.
    url : str or None
        Where to read it if that is not on this machine, as `fsspec` understands it.
    """

    path: Path
    message: Message
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A line of the list: what it says of one file."""

    path: Path
    rep: str | None
    prospect: str | None
    expected: str | None


def find_messages(paths: Sequence[Path], listed: Sequence[Listed] = ()) -> list[Found]:
    """Find the messages, in the natural order of their names, each file once.

    A file's name is its path below the folder that all have in common, and the first folder in that is its
    rep: ``calls/dana/2.wav`` is ``dana/2.wav`` of rep ``dana`` when ``calls`` is given.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders (the audio files in them and below), and patterns such as ``calls/**/*.wav``.
    listed : sequence of Listed
        Adds its files, and knows better who left a message.

    Raises
    ------
    ParameterError
        If a folder holds no audio, or a pattern matches nothing.
    """
    places = [place for path in paths for place in _matches(path)]
    files = dict.fromkeys(
        _absolute(file) for place in places for file in (audio_files(place) if place.is_dir() else [place])
    )
    known = {line.path: line for line in listed}
    root = _common_folder(places or known)
    messages = [_message(path, root, known.get(path)) for path in dict.fromkeys([*files, *known])]
    return sorted(messages, key=lambda found: natural_key(found.message.file))


def is_url(place: str) -> bool:
    """Whether a place is an address such as ``s3://bucket/calls`` and no path."""
    return "://" in place


def find_remote(urls: Sequence[str]) -> list[Found]:
    """Find messages at addresses, as `find_messages` does on this machine.

    Parameters
    ----------
    urls : sequence of str
        Files, folders and patterns that `fsspec` understands, such as ``s3://bucket/calls``.

    Raises
    ------
    ParameterError
        If there is no such address, or no audio at it.
    """
    files = list(dict.fromkeys(file for url in urls for file in _remote_files(url)))
    root = posixpath.commonpath([posixpath.dirname(file) for file in files])
    if len(urls) == 1 and not glob.has_magic(urls[0]) and files[0].startswith(f"{urls[0].rstrip('/')}/"):
        root = urls[0].rstrip("/")
    found: list[Found] = []
    for file in files:
        inside = posixpath.relpath(file, root)
        rep = inside.split("/")[0] if "/" in inside else None
        found.append(Found(path=Path(inside), message=Message(file=inside, rep=rep), url=file))
    return sorted(found, key=lambda each: natural_key(each.message.file))


def _remote_files(url: str) -> list[str]:
    import fsspec

    try:
        files, place = fsspec.core.url_to_fs(url)
        names = files.glob(place) if glob.has_magic(place) else files.find(place)
    except (ImportError, ValueError, OSError) as error:
        raise ParameterError(f"{url}: cannot be listed: {error}") from error
    inside = [name for name in names if Path(name).suffix.lower() in AUDIO_SUFFIXES]
    if not inside:
        raise ParameterError(f"{url}: no audio files at this address")
    return [files.unstrip_protocol(name) for name in sorted(inside)]


def audio_files(folder: Path) -> list[Path]:
    """List the audio files in a folder and below.

    Raises
    ------
    ParameterError
        If there are none.
    """
    inside = sorted(each for each in folder.rglob("*") if each.suffix.lower() in AUDIO_SUFFIXES)
    if not inside:
        raise ParameterError(f"{folder}: no audio files in this folder")
    return inside


def read_list(file: Path) -> list[Listed]:
    """Read a CSV file with the columns `file`, and, if it likes, `rep`, `prospect` and `expected_number`.

    Files are named as seen from the folder of the list.

    Raises
    ------
    ParameterError
        If it cannot be read, has no column `file`, or a number in it is none.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(_lines(csv.DictReader(opened), file))
    except OSError as error:
        raise ParameterError(f"{file}: {error.strerror}; give a CSV file with a column file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParameterError(f"{file}: not a CSV file in UTF-8; save it as one") from error


def _lines(table: csv.DictReader[str], file: Path) -> Iterator[Listed]:
    if "file" not in (table.fieldnames or ()):
        raise ParameterError(f"{file}: no column file; columns are file, rep, prospect, expected_number")
    for line in table:
        values = {
            name: (value or "").strip() or None for name, value in line.items() if isinstance(name, str)
        }
        name, number = values.get("file"), values.get("expected_number")
        if name is None:
            continue
        try:
            expected = None if number is None else parse_expected(number)
        except ParameterError as error:
            raise ParameterError(f"{file}, line {table.line_num}: {error}") from error
        yield Listed(
            path=_absolute(file.parent / name),
            rep=values.get("rep"),
            prospect=values.get("prospect"),
            expected=expected,
        )


def _matches(path: Path) -> list[Path]:
    """Resolve a pattern; a path that exists, or holds no pattern, stands for itself."""
    if path.exists() or not glob.has_magic(str(path)):
        return [path]
    matched = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207  the pattern may be absolute
    if not matched:
        raise ParameterError(f"{path}: no file matches this pattern")
    return [Path(each) for each in matched]


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  no link is followed, so that names stay as given


def _common_folder(places: Iterable[Path]) -> Path:
    """Find the folder that a lone folder is, or that everything lies in."""
    distinct = list(dict.fromkeys(_absolute(place) for place in places))
    if len(distinct) == 1 and distinct[0].is_dir():
        return distinct[0]
    parents = [place.parent for place in distinct]
    try:
        return Path(os.path.commonpath(parents))
    except ValueError:  # nothing given, or several drives
        return Path(os.path.abspath(os.sep))  # noqa: PTH100


def _message(path: Path, root: Path, line: Listed | None) -> Found:
    inside = path.is_relative_to(root)
    file = path.relative_to(root) if inside else Path(os.path.relpath(path, root))
    rep = file.parts[0] if inside and len(file.parts) > 1 else None
    message = Message(file=file.as_posix(), rep=rep)
    if line is not None:
        message = replace(
            message, rep=line.rep or message.rep, prospect=line.prospect, expected=line.expected
        )
    return Found(path=path, message=message)
