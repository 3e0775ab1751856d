"""The speech models that are known: names, files, hashes, licences."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from voicecheck.errors import EngineError, ParameterError


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """One file of a model, as the catalog lists it.

    Parameters
    ----------
    name : str
        Its name in the model's folder.
    bytes : int
        Its size.
    sha256 : str
        Of its bytes, 64 hex digits.
    package : tuple of str
        Where an installed package carries the same bytes, as ``distribution:path``; several are parts,
        to be joined in order.
    """

    name: str
    bytes: int
    sha256: str
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
    licence : str
        An SPDX identifier.
    files : tuple of ModelFile
        All that CTranslate2 and faster-whisper need.
    """

    name: str
    repository: str
    revision: str
    licence: str
    files: tuple[ModelFile, ...]

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)


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
                    sha256=file["sha256"],
                    package=tuple(file.get("package", ())),
                )
                for file_name, file in entry["files"].items()
            ),
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

    Raises
    ------
    ParameterError
        If the catalog has none of that name.
    """
    catalog = load_catalog()
    for model in catalog:
        if model.name == name:
            return model
    raise ParameterError(f"there is no model {name!r}; choose one of {', '.join(m.name for m in catalog)}")
