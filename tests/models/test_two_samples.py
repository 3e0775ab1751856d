"""Two samples with the real model, in the tests that everybody runs; `test_samples` holds all promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voicecheck.listener import Listener

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["pass_male.flac", "swapped.flac"])
def test_a_real_message_is_heard_and_judged_as_its_readme_promises(name: str, listener: Listener) -> None:
    card, expected = listener.score_file(SAMPLES / name), EXPECTED[name]
    assert [each.digits for each in card.recitations if each.full] == expected["digits"]
    assert card.verdict in expected["verdict"].split("|")
    verdicts = {check.id: check.verdict for check in card.checks}
    assert verdicts["number_agrees"] in expected["checks"]["number_agrees"].split("|")
