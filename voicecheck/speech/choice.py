"""Which model a machine can run while somebody waits: what `--model auto` stands for."""

from __future__ import annotations

from dataclasses import dataclass

AUTO = "auto"

DEFAULT_MODEL = "base"


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


def has_graphics_card() -> bool:
    """Whether CTranslate2 finds a graphics card that it can use."""
    import ctranslate2

    try:
        return bool(ctranslate2.get_cuda_device_count())
    except RuntimeError:  # a driver that does not answer
        return False


def choose_model() -> ModelChoice:
    """Choose by the machine: `WITH_CARD` or `WITHOUT_CARD`."""
    return WITH_CARD if has_graphics_card() else WITHOUT_CARD
