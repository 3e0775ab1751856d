"""What people say in voicemails, and the numbers a listener would write down.

The texts lie in ``training/spoken_numbers.jsonl``. All numbers are fictional (555-01xx, Ofcom's drama ranges,
or plainly made up); the sentences are our own. The finder's weights are fitted on them, so what these tests
show is that the finder can tell all these kinds apart; ``benchmarks/numbers_dev.py`` has texts kept aside.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voicecheck.numbers import find_numbers

TEXTS = Path(__file__).resolve().parents[1] / "training" / "spoken_numbers.jsonl"

CASES = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("kind", sorted({case["kind"] for case in CASES}))
def test_a_voicemail_gives_the_numbers_a_listener_would_write_down(kind: str) -> None:
    """Every number, in the order said, and nothing else; an "x" parts an extension from its number."""
    wrong: list[str] = []
    for case in CASES:
        if case["kind"] != kind:
            continue
        found = [
            number.digits + (f"x{number.extension}" if number.extension else "")
            for number in find_numbers(case["text"], case["region"])
        ]
        if found not in [case["expect"], *case.get("also_ok", [])]:
            wrong.append(f"{case['text']!r}: expected {case['expect']}, found {found}")
    assert not wrong, "\n".join(wrong)
