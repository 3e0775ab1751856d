"""The speech models that are known: names, files, hashes, licences."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from voicecheck.errors import EngineError, ParameterError

ALSO_CALLED = {"large": "large-v3", "turbo": "large-v3-turbo"}
"""Names that faster-whisper and its users give to models of the catalog."""

ALWAYS_THERE = ("config.json", "model.bin", "tokenizer.json")
"""What every conversion of Whisper holds; the vocabulary is a .txt or a .json."""


NEWEST = "main"
"""The hub's name for the newest revision."""


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """One file of a model, as the catalog lists it.

    Parameters
    ----------
    name : str
        Its name in the model's folder.
    bytes : int or None
        Its size; None if that is not known.
    sha256 : str or None
        Of its bytes, 64 hex digits; None where only the revision pins it.
    package : tuple of str
        Where an installed package carries the same bytes, as ``distribution:path``; several are parts,
        to be joined in order.
    """

    name: str
    bytes: int | None
    sha256: str | None
    package: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model of the catalog.

    Parameters
    ----------
    name : str
        As users call it, such as ``tiny.en``.
    repository, revision : str
        On the hub.
    licence : str or None
        An SPDX identifier; None if it is not known.
    files : tuple of ModelFile
        All that CTranslate2 and faster-whisper need.
    checked : bool
        Whether these bytes were hashed by us, and not only by others.
    """

    name: str
    repository: str
    revision: str
    licence: str | None
    files: tuple[ModelFile, ...]
    checked: bool = True

    @property
    def is_listed(self) -> bool:
        """Whether the catalog pins it to a revision."""
        return self.revision != NEWEST

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes or 0 for file in self.files)


def load_catalog() -> list[Model]:
    """Read `models/catalog.toml`.

    Raises
    ------
    EngineError
        If the installation lacks it.
    """
    with resource_path("catalog.toml").open("rb") as file:
        listed = tomllib.load(file)["models"]
    return [
        Model(
            name=name,
            repository=entry["repository"],
            revision=entry["revision"],
            licence=entry["licence"],
            files=tuple(
                ModelFile(
                    name=file_name,
                    bytes=file["bytes"],
                    sha256=file.get("sha256"),
                    package=tuple(file.get("package", ())),
                )
                for file_name, file in entry["files"].items()
            ),
            checked=entry.get("checked", True),
        )
        for name, entry in listed.items()
    ]


def resource_path(relative: str) -> Path:
    """Find something in the models folder, which may or may not exist.

    Parameters
    ----------
    relative : str
        Inside the folder, such as ``catalog.toml``.

    Returns
    -------
    Path
        In the package's `_models`, where a wheel puts the folder, or in the checkout's `models`.

    Raises
    ------
    EngineError
        If there is no models folder.
    """
    package = Path(__file__).resolve().parents[1]
    for models in (package / "_models", package.parent / "models"):
        if (models / "catalog.toml").is_file():
            return models / relative
    raise EngineError("voicecheck is not installed completely (no models/catalog.toml); install it again")


def catalog_model(name: str) -> Model:
    """Find a model by its name.

    Parameters
    ----------
    name : str
        Of the catalog, or another that people use for it; or a repository of the hub, ``owner/name``, whose
        newest revision is then taken as it is.

    Returns
    -------
    Model
        Its files, with sizes and hashes.

    Raises
    ------
    ParameterError
        If the catalog has none of that name.
    """
    if "/" in name:
        return _unlisted(name)
    catalog = load_catalog()
    wanted = ALSO_CALLED.get(name, name)
    for model in catalog:
        if model.name == wanted:
            return model
    known = ", ".join(model.name for model in catalog)
    raise ParameterError(
        f"there is no model {name!r}; choose one of {known}, or name a hub repository (owner/name)"
    )


def _unlisted(repository: str) -> Model:
    """Describe a repository of which nothing is known but its name."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ParameterError(f"{repository!r} is no hub repository; write owner/name, or use --model-dir")
    files = tuple(ModelFile(name=name, bytes=None, sha256=None) for name in ALWAYS_THERE)
    return Model(
        name=repository, repository=repository, revision=NEWEST, licence=None, files=files, checked=False
    )
