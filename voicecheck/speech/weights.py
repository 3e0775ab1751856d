"""Find the weights of a Whisper model, and make sure they are the bytes the catalog lists.

Weights are looked for in an explicit folder, else in `models/<name>/`, an installed weights package, and
the hub's cache; then the hub is asked. Whatever the source, every file is hashed once; a marker in the
cache folder remembers its path, size, time and inode, so that a later run only looks at these.

The cache folder is the platform's own for users, or `VOICECHECK_CACHE` if that is set.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from voicecheck.errors import EngineError
from voicecheck.files import cache_folder
from voicecheck.speech.catalog import Model, catalog_model, load_catalog, resource_path

Origin = Literal["folder", "models", "cache", "package", "hub cache"]
"""Where weights were found; `cache` holds a copy joined from a package's parts."""

HUB_TIMEOUT_S = 5.0
"""How long the hub may take to answer the first question, in seconds; the download may take longer."""


@dataclass(frozen=True, kw_only=True)
class ModelStatus:
    """What is known of a model on this machine.

    Parameters
    ----------
    name : str
        As in the catalog.
    path : Path or None
        The folder it would be read from (with a package in parts, the first part's); None if it is not here.
    source : str or None
        How it was found: ``folder``, ``models``, ``cache``, ``package`` or ``hub cache``.
    bytes : int
        Size of all its files by the catalog.
    verified : bool
        Whether these very files have been hashed before and matched.
    checked : bool
        Whether the catalog's hashes are ours, and not only others'.
    """

    name: str
    path: Path | None
    source: Origin | None
    bytes: int
    verified: bool
    checked: bool


def find_model(name: str, *, folder: Path | None = None, download: bool = True) -> Path:
    """Find a model's folder, verified; if need be, join it from a package's parts or download it.

    Parameters
    ----------
    name : str
        A model of the catalog, or a repository of the hub (``owner/name``).
    folder : Path, optional
        Look only here: a folder with the model's files, or with a sub-folder `name` that has them.
    download : bool
        Whether the hub may be asked when the model is not on this machine.

    Returns
    -------
    Path
        A folder that CTranslate2 and faster-whisper can load.

    Raises
    ------
    ParameterError
        If the catalog has no such model.
    EngineError
        If it cannot be found, joined or downloaded, or a file has other bytes than the catalog says.
    """
    model = catalog_model(name)
    origin, place = _found(model, folder)
    if place is None and folder is not None:
        lacking = ", ".join(file.name for file in model.files if not (folder / file.name).is_file())
        raise EngineError(f"{folder} does not hold the model {name}: no {lacking}")
    if place is None and download:
        place = _downloaded(model)
    if place is None:
        raise EngineError(_not_found(model))
    if origin == "package" and not _is_whole(model, place):
        place = _joined(model)
    _verify(model, place)
    return place


def fetch_model(name: str) -> Path:
    """Make a model ready for use: found, joined or downloaded, and verified.

    Parameters
    ----------
    name : str
        In the catalog, or ``owner/name`` at the hub.

    Returns
    -------
    Path
        The folder that holds it.

    Raises
    ------
    ParameterError, EngineError
        As `find_model` does.
    """
    return find_model(name, download=True)


def verify_model(name: str, *, folder: Path | None = None) -> ModelStatus:
    """Hash a model that is on this machine again, whatever is remembered.

    Parameters
    ----------
    name : str
        In the catalog.
    folder : Path or None
        Where its files are; None looks in every place.

    Returns
    -------
    ModelStatus
        What was found, and whether the hashes agree.

    Raises
    ------
    ParameterError
        If the catalog has no such model.
    EngineError
        If it is not on this machine, or a file has other bytes than the catalog says.
    """
    place = find_model(name, folder=folder, download=False)
    _verify(catalog_model(name), place, trust_marker=False)
    return _status(catalog_model(name), folder)


def model_status() -> list[ModelStatus]:
    """Tell for each model of the catalog where it is; nothing is hashed, joined or downloaded."""
    return [_status(model, None) for model in load_catalog()]


def _status(model: Model, folder: Path | None) -> ModelStatus:
    origin, place = _found(model, folder)
    verified = place is not None and _is_whole(model, place) and _marker(model, place).exists()
    return ModelStatus(
        name=model.name,
        path=place,
        source=origin,
        bytes=model.bytes,
        verified=verified,
        checked=model.checked,
    )


def _found(model: Model, folder: Path | None) -> tuple[Origin, Path] | tuple[None, None]:
    """Find the first place that has the model; a package in parts counts, as its first part's folder."""
    for origin, place in _places(model, folder):
        if place is not None and (origin == "package" or _is_whole(model, place)):
            return origin, place
    return None, None


def _places(model: Model, folder: Path | None) -> Iterator[tuple[Origin, Path | None]]:
    if folder is not None:
        yield "folder", folder
        yield "folder", folder / model.name
        return
    yield "models", resource_path(model.name.replace("/", "--"))
    yield "cache", _joined_folder(model)
    yield "package", _package_folder(model)
    yield "hub cache", _hub_cache_folder(model)


def _is_whole(model: Model, folder: Path) -> bool:
    return all((folder / file.name).is_file() for file in model.files)


def _package_folder(model: Model) -> Path | None:
    """Find the folder of the installed package that carries the model; None unless every part is there."""
    parts = [_package_file(place) for file in model.files for place in file.package]
    if not parts or any(part is None for part in parts) or not all(file.package for file in model.files):
        return None
    return parts[0].parent if parts[0] is not None else None


def _package_file(place: str) -> Path | None:
    """Locate ``distribution:path`` without importing the package."""
    distribution, _, path = place.partition(":")
    try:
        located = Path(str(importlib.metadata.distribution(distribution).locate_file(path)))
    except importlib.metadata.PackageNotFoundError:
        return None
    return located if located.is_file() else None


def _hub_cache_folder(model: Model) -> Path | None:
    """Find the model in the hub's cache, without the network."""
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    held = try_to_load_from_cache(model.repository, model.files[0].name, revision=model.revision)
    return Path(held).parent if isinstance(held, str) else None


def _downloaded(model: Model) -> Path:
    """Download the pinned revision into the hub's cache, as faster-whisper does itself."""
    try:
        from huggingface_hub import get_hf_file_metadata, hf_hub_url, snapshot_download

        names = [file.name for file in model.files]
        # The download retries for half a minute where there is no network; this question does not.
        get_hf_file_metadata(
            hf_hub_url(model.repository, names[0], revision=model.revision), timeout=HUB_TIMEOUT_S
        )
        wanted = names if model.is_listed else [*names, "preprocessor_config.json", "vocabulary.*"]
        return Path(snapshot_download(model.repository, revision=model.revision, allow_patterns=wanted))
    except Exception as error:  # its HTTP library's errors come through, and they have no common base
        because = f"it is not on this machine and the hub gave no copy ({type(error).__name__})"
        raise EngineError(_not_found(model, because=because)) from error


def _not_found(model: Model, *, because: str = "it is not on this machine") -> str:
    return (
        f"the model {model.name} cannot be used: {because}; "
        'get it with pip install "voicecheck-coach[offline]", '
        f"with voicecheck models fetch {model.name}, or name its folder with --model-dir FOLDER"
    )


def _joined_folder(model: Model) -> Path:
    return cache_folder() / "models" / f"{model.name.replace('/', '--')}-{model.revision[:12]}"


def _joined(model: Model) -> Path:
    """Join a package's parts into a folder in the cache, all at once or not at all."""
    target = _joined_folder(model)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{target.name}.", dir=target.parent) as scratch:
            unfinished = Path(scratch) / model.name
            unfinished.mkdir()
            for file in model.files:
                _join([_package_file(place) for place in file.package], unfinished / file.name)
            _check_bytes(model, unfinished)
            try:
                unfinished.replace(target)
            except OSError:
                if not _is_whole(model, target):  # else another process was first; its copy is as good
                    raise
    except OSError as error:
        raise EngineError(
            f"the model {model.name} ({model.bytes / 1e6:.0f} MB) cannot be joined in {target.parent}: "
            f"{error.strerror}; make room, or set VOICECHECK_CACHE to another folder"
        ) from error
    return target


def _join(parts: Sequence[Path | None], target: Path) -> None:
    with target.open("wb") as joined:
        for part in parts:
            assert part is not None
            with part.open("rb") as file:
                shutil.copyfileobj(file, joined, 1 << 20)


def _verify(model: Model, folder: Path, *, trust_marker: bool = True) -> None:
    """Make sure once that the folder holds the catalog's bytes."""
    marker = _marker(model, folder)
    if trust_marker and marker.exists():
        return
    with suppress(OSError):
        marker.unlink()
    _check_bytes(model, folder)
    with suppress(OSError):  # a cache that cannot be written costs time, not the result
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()


def _check_bytes(model: Model, folder: Path) -> None:
    for file in model.files:
        path = folder / file.name
        try:
            with path.open("rb") as opened:
                actual = hashlib.file_digest(opened, "sha256").hexdigest()
            size = path.stat().st_size
        except OSError as error:
            raise EngineError(f"{path} cannot be read: {error.strerror}") from error
        if file.bytes is not None and size != file.bytes:
            raise EngineError(
                f"{path} is not the {file.name} of {model.name}: {file.bytes} bytes expected, {size} found; "
                "remove it and get the model again"
            )
        if file.sha256 is not None and actual != file.sha256:
            raise EngineError(
                f"{path} is not the {file.name} of {model.name}: SHA-256 {file.sha256[:12]} expected, "
                f"{actual[:12]} found; remove it and get the model again"
            )


def _marker(model: Model, folder: Path) -> Path:
    """Name the marker for these very files: any change to them, or to the catalog, makes it another."""
    key = [
        [str(path.absolute()), found.st_size, found.st_mtime_ns, found.st_ino, file.sha256]
        for file in model.files
        for path in [folder / file.name]
        for found in [path.stat()]
    ]
    return cache_folder() / "verified" / hashlib.sha256(json.dumps(key).encode()).hexdigest()
