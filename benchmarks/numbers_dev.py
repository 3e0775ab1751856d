"""Right and wrong finds of `find_numbers` on the development set, whole and in a recogniser's pieces.

Run from the repository: ``python benchmarks/numbers_dev.py [--all]``. Prints every wrong case that is not
debatable (with ``--all`` the debatable ones, too), then the totals. The set lies beside the repository in
``../shared/data``; without it there is nothing to measure.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from voicecheck.numbers import find_in_words, find_numbers
from voicecheck.speech.transcript import Word

DEV_SET = Path(__file__).resolve().parents[2] / "shared" / "data" / "spoken_numbers_dev.jsonl"


def found(case: dict[str, Any], *, in_pieces: bool) -> list[tuple[str, str | None]]:
    """Digits and extensions found in one case; in pieces where the case has them."""
    if in_pieces and "whisper_words" in case:
        words = [
            Word(text=text, onset_s=0.0, offset_s=0.0, probability=1.0) for text in case["whisper_words"]
        ]
        numbers = find_in_words(words, case["region"])
    else:
        numbers = find_numbers(case["text"], case["region"])
    return [(number.digits, number.extension) for number in numbers]


def is_right(case: dict[str, Any], finds: list[tuple[str, str | None]]) -> bool:
    """Whether the digits are those expected (or allowed), and the extension if one is."""
    digits = [number for number, _ in finds]
    if digits not in [case["expect"], *case.get("also_ok", [])]:
        return False
    return not digits or case.get("ext") in {extension for _, extension in finds} or "ext" not in case


def main() -> int:
    """Print wrong cases and totals."""
    if not DEV_SET.exists():
        print(f"nothing to measure: {DEV_SET} is absent")
        return 0
    cases = [json.loads(line) for line in DEV_SET.read_text(encoding="utf-8").splitlines()]
    totals: Counter[tuple[str, str]] = Counter()
    for case in cases:
        kind = "debatable" if case.get("debatable") else "strict"
        for form, in_pieces in (("text", False), ("pieces", True)):
            finds = found(case, in_pieces=in_pieces)
            right = is_right(case, finds)
            totals[kind, form] += right
            totals[kind, "all"] += not in_pieces
            if not right and (kind == "strict" or "--all" in sys.argv):
                print(f"{case['id']} {kind} {form} {case['region']}: {case['text']!r}")
                print(f"    expected {case['expect']} {case.get('ext', '')} found {finds}")
    for kind in ("strict", "debatable"):
        n_cases = totals[kind, "all"]
        for form in ("text", "pieces"):
            n_right = totals[kind, form]
            print(f"{kind} {form}: {n_right} of {n_cases} right ({100 * n_right / n_cases:.1f} %)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
