"""Find the messages of a batch: folders, files, patterns, and what the list says of them."""

from __future__ import annotations

import glob
import os
import posixpath
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from voicecheck.audio.formats import AUDIO_SUFFIXES
from voicecheck.batch.lists import Listed
from voicecheck.errors import ParameterError
from voicecheck.files import printable
from voicecheck.scorecard.across import Message, natural_key

ASTERISK_SUFFIXES = (".wav", ".WAV", ".gsm")
"""Asterisk keeps each message three times, by default: PCM, GSM in WAV, bare GSM; the first is the best."""

OUR_FILES = frozenset({"scorecards.jsonl", "summary.csv", "report.html", "rubric.toml"})
"""What a batch itself puts into a folder, or looks for in it."""


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
    rubric : Path, str or None
        What to judge it by, where that is not what all are judged by: a file, or the name of a ready rubric.
    """

    path: Path
    message: Message
    url: str | None = None
    rubric: Path | str | None = None


def find_messages(paths: Sequence[Path], listed: Sequence[Listed] = ()) -> list[Found]:
    """Find the messages, in the natural order of their names, each file once.

    A file's name is its path below the folder that all have in common, and the first folder in that is its
    rep: ``calls/dana/2.wav`` is ``dana/2.wav`` of rep ``dana`` when ``calls`` is given.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders (the audio files in them and below), and patterns such as ``calls/**/*.wav``.
    listed : sequence of Listed
        Adds its files, which lie beside the list or in one of the folders, and knows better who left them.

    Returns
    -------
    list of Found
        Nothing is opened yet.

    Raises
    ------
    ParameterError
        If a path leads nowhere, a folder holds no audio, a pattern matches nothing, or the list names a file
        that is nowhere, or names one twice.
    """
    places = [place for path in paths for place in _matches(path)]
    files = dict.fromkeys(
        _absolute(file) for place in places for file in (audio_files(place) if is_folder(place) else [place])
    )
    known: dict[Path, Listed] = {}
    for line in listed:
        path = _located(line, places, list(files))
        if path in known:
            raise ParameterError(
                f"{line.list_file}, lines {known[path].line} and {line.line}: both name {line.name}; keep one"
            )
        known[path] = line
    root = _common_folder(places or known)
    messages = [_message(path, root, known.get(path)) for path in dict.fromkeys([*files, *known])]
    return sorted(messages, key=lambda found: natural_key(found.message.file))


def _located(line: Listed, places: Sequence[Path], files: Sequence[Path]) -> Path:
    """Find a file of the list: beside it, in a named folder, or among the files by the end of its path."""
    names = dict.fromkeys([line.name, line.name.replace("\\", "/")])
    folders = [line.list_file.parent, *(place for place in places if place.is_dir())]
    for path in (_absolute(folder / name) for name in names for folder in folders):
        if path.is_file():
            return path
    for name in names:
        wanted = _parts(Path(name))
        matching = [file for file in files if _parts(file)[-len(wanted) :] == wanted]
        if len(matching) == 1:
            return matching[0]
    shown = "".join(f"in {printable(str(place))} or " for place in places[:3] if place.is_dir())
    raise ParameterError(
        f"{line.list_file}, line {line.line}: no {line.name[:255]} {shown}beside {line.list_file.name}"
    )


def _parts(path: Path) -> tuple[str, ...]:
    """Give the parts of a path so that two ways to write an accent are one."""
    return tuple(unicodedata.normalize("NFC", part) for part in path.parts)


def is_folder(place: Path) -> bool:
    """Whether a place is a folder; none that has no name a system would take.

    Parameters
    ----------
    place : Path
        As it was typed.

    Returns
    -------
    bool
        False for what cannot be looked at, too: reading it will say why.
    """
    return os.path.isdir(place)  # noqa: PTH112  Path.is_dir raises for a name of 300 letters


def is_url(place: str) -> bool:
    """Whether a place is an address such as ``s3://bucket/calls`` and no path.

    Parameters
    ----------
    place : str
        As it was typed.

    Returns
    -------
    bool
        True for an address.
    """
    return "://" in place


def find_remote(urls: Sequence[str]) -> list[Found]:
    """Find messages at addresses, as `find_messages` does on this machine.

    Parameters
    ----------
    urls : sequence of str
        Files, folders and patterns that `fsspec` understands, such as ``s3://bucket/calls``.

    Returns
    -------
    list of Found
        In the natural order of their names, without a time.

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
    inside = {Path(name): name for name in sorted(names) if Path(name).suffix.lower() in AUDIO_SUFFIXES}
    folder = Path(*takewhile(lambda part: not glob.has_magic(part), Path(place).parts))
    messages = _each_message_once(each for each in inside if not _is_hidden(each, folder))
    if not messages:
        raise ParameterError(f"{url}: no audio files at this address")
    return [files.unstrip_protocol(inside[each]) for each in messages]


def audio_files(folder: Path) -> list[Path]:
    """List the audio files in a folder and below, each message once.

    Hidden files are passed over (such as the ``._name`` that macOS puts beside each file on other disks), and
    so are the further copies that Asterisk keeps of each message.

    Parameters
    ----------
    folder : Path
        It and all below is looked through.

    Returns
    -------
    list of Path
        In order.

    Raises
    ------
    ParameterError
        If there are none.
    """
    inside = _each_message_once(each for each in _files(folder) if each.suffix.lower() in AUDIO_SUFFIXES)
    if not inside:
        raise ParameterError(f"{folder}: no audio files in this folder")
    return inside


def passed_over(folder: Path) -> list[Path]:
    """List what a folder holds beside its audio files and hidden ones: nothing is left out in silence.

    Parameters
    ----------
    folder : Path
        It and all below is looked through.

    Returns
    -------
    list of Path
        In order.
    """
    scored = set(audio_files(folder))
    return [each for each in _files(folder) if each not in scored and each.name not in OUR_FILES]


def _files(folder: Path) -> list[Path]:
    below = (each for each in sorted(folder.rglob("*")) if not each.is_dir() or _looks_like_audio(each))
    return [each for each in below if not _is_hidden(each, folder)]


def _is_hidden(file: Path, folder: Path) -> bool:
    """Whether a file's name, or that of a folder on the way to it, begins with a point."""
    below = file.relative_to(folder) if file.is_relative_to(folder) else Path(file.name)
    return any(part.startswith(".") for part in below.parts)


def _looks_like_audio(folder: Path) -> bool:
    """Whether a folder bears the name of a recording: to be told of, as any file that cannot be read."""
    return folder.suffix.lower() in AUDIO_SUFFIXES


def _each_message_once(files: Iterable[Path]) -> list[Path]:
    once = dict.fromkeys(files)
    return [each for each in once if not any(better in once for better in _better_copies(each))]


def _better_copies(file: Path) -> list[Path]:
    """Name the files that would be better copies of the same message."""
    at = ASTERISK_SUFFIXES.index(file.suffix) if file.suffix in ASTERISK_SUFFIXES else 0
    return [file.with_suffix(suffix) for suffix in ASTERISK_SUFFIXES[:at]]


def _matches(path: Path) -> list[Path]:
    """Resolve a pattern; a path that exists, or holds no pattern, stands for itself."""
    if os.path.exists(path):  # noqa: PTH110  Path.exists raises for a name of 300 letters
        return [path]
    if not glob.has_magic(str(path)):
        raise ParameterError(f"{path}: there is no such file or folder; check the name")
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
    message = Message(file=file.as_posix(), rep=rep, date=_file_time(path))
    rubric: Path | str | None = _rubric_of_folder(path, root)
    if line is not None:
        message = replace(
            message,
            rep=line.rep or message.rep,
            company=line.company,
            prospect=line.prospect,
            expected=line.expected,
            date=line.date or message.date,
        )
        rubric = _named_rubric(line) or rubric
    return Found(path=path, message=message, rubric=rubric)


def _file_time(path: Path) -> datetime | None:
    """When a file was last written, to the second: for a recording, when it ended."""
    try:
        return datetime.fromtimestamp(int(path.stat().st_mtime))
    except (OSError, ValueError, OverflowError):
        return None


def _rubric_of_folder(path: Path, root: Path) -> Path | None:
    """Find the nearest ``rubric.toml`` from a message's folder up to the folder that was given."""
    folders = [folder for folder in path.parents if folder.is_relative_to(root)]
    return next((folder / "rubric.toml" for folder in folders if (folder / "rubric.toml").is_file()), None)


def _named_rubric(line: Listed) -> Path | str | None:
    if line.rubric is None or not line.rubric.endswith(".toml"):
        return line.rubric
    return line.list_file.parent / line.rubric
