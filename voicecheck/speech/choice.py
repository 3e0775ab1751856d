"""Which model a machine can run while somebody waits, where, and in what numbers: what `auto` stands for."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from voicecheck.errors import ParameterError

AUTO = "auto"

DEFAULT_MODEL = "base"

DEVICES = ("cpu", "cuda")

CUBLAS = ("libcublasLt.so.12", "libcublas.so.12")
"""What CTranslate2 needs on a graphics card beside the driver, in the order to load them."""


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """A model and where it runs.

    Parameters
    ----------
    model : str
        Name in the catalog.
    device, compute_type : str
        As CTranslate2 names them.
    """

    model: str
    device: str
    compute_type: str


WITH_CARD = ModelChoice(model="large-v3", device="cuda", compute_type="float16")
"""A graphics card hears 20 s with the best model sooner than a processor does with a small one."""

WITHOUT_CARD = ModelChoice(model=DEFAULT_MODEL, device="cpu", compute_type="int8")
"""The largest model that hears faster on two cores than people speak, with room to spare for a folder."""


SMALL = ("tiny", "base", "small")
"""Models, by how their names begin, that a graphics card computes in float32, as quick there. In float16 one
of 20 samples was written otherwise in a batch than alone, and lost its number; in float32 none was."""


def has_graphics_card() -> bool:
    """Whether CTranslate2 finds a graphics card that it can use."""
    import ctranslate2

    try:
        return bool(ctranslate2.get_cuda_device_count())
    except RuntimeError:  # a driver that does not answer
        return False


def load_cublas() -> None:
    """Load the card's matrix library from where pip puts it (the extra ``gpu``), if it is there.

    CTranslate2 asks for it by its name, and the system knows no folder of Python packages.
    """
    with suppress(ModuleNotFoundError, OSError):
        package = find_spec("nvidia.cublas")
        for folder in (package and package.submodule_search_locations) or ():
            for name in CUBLAS:
                ctypes.CDLL(str(Path(folder, "lib", name)), mode=ctypes.RTLD_GLOBAL)


def choose(model: str, device: str | None = None, compute_type: str | None = None) -> ModelChoice:
    """Fill in what was not said, by the machine.

    Parameters
    ----------
    model : str
        Name in the catalog, or ``"auto"``: the best one that the device runs while somebody waits.
    device : str or None
        ``"cpu"``, ``"cuda"``, or ``"auto"``: a graphics card where there is one. None is ``"auto"`` for the
        model ``"auto"``, else ``"cpu"``.
    compute_type : str or None
        As CTranslate2 names them; None takes what is quick on the device, and reads alike in any batch.

    Returns
    -------
    ModelChoice
        All three by name.

    Raises
    ------
    ParameterError
        If the device is unknown or not there.
    """
    device = device or (AUTO if model == AUTO else "cpu")
    if device not in (*DEVICES, AUTO):
        raise ParameterError(f"--device must be cpu, cuda or auto, got {device}")
    if device == "cuda" and not has_graphics_card():
        raise ParameterError(
            "--device cuda: no NVIDIA graphics card with a working driver was found; "
            "leave it out to listen on the processor"
        )
    on_card = device == "cuda" or (device == AUTO and has_graphics_card())
    usual = WITH_CARD if on_card else WITHOUT_CARD
    model = usual.model if model == AUTO else model
    exact = on_card and model.startswith(SMALL)
    return ModelChoice(
        model=model,
        device=usual.device,
        compute_type=compute_type or ("float32" if exact else usual.compute_type),
    )


def check_numbers(device: str, compute_type: str) -> None:
    """Refuse a number type that the device does not compute in, before any work.

    Parameters
    ----------
    device : str
        ``"cpu"`` or ``"cuda"``.
    compute_type : str
        As CTranslate2 names them.

    Raises
    ------
    ParameterError
        Which names those that it does.
    """
    if compute_type == "float32" or (device, compute_type) == (
        WITHOUT_CARD.device,
        WITHOUT_CARD.compute_type,
    ):
        return  # every machine has these
    import ctranslate2

    known = ctranslate2.get_supported_compute_types(device)
    if compute_type not in known:
        raise ParameterError(
            f"--compute-type {compute_type}: {device} has {', '.join(sorted(known))} on this machine"
        )
