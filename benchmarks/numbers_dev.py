"""Right and wrong finds of `find_numbers`, by kind, whole and in a recogniser's pieces.

Run from the repository: ``python -m benchmarks.numbers_dev [--all] [--wrong]``. The sets:

held out    ``benchmarks/spoken_numbers.jsonl``: written for this project, never fitted on
own         ``training/spoken_numbers.jsonl``: written for this project, the weights were fitted on it
suites      ``../shared/data/spoken_numbers_dev.jsonl``: from public suites; fitted on
bug reports ``../shared/data/cases/cases.jsonl``; fitted on

What lies in ``../shared/data`` is passed over where it is absent. ``--wrong`` prints the wrong cases (strict
ones; with ``--all`` the debatable, too).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from voicecheck.numbers import find_in_words, find_numbers
from voicecheck.speech.transcript import Word

ROOT = Path(__file__).resolve().parents[1]

SHARED = ROOT.parent / "shared" / "data"

SETS = {
    "held out": ROOT / "benchmarks" / "spoken_numbers.jsonl",
    "own (fitted)": ROOT / "training" / "spoken_numbers.jsonl",
    "suites (fitted)": SHARED / "spoken_numbers_dev.jsonl",
    "bug reports (fitted)": SHARED / "cases" / "cases.jsonl",
}

Finds = list[tuple[str, str | None]]
"""Digits and extension of each number."""


def found(case: dict[str, Any], *, in_pieces: bool) -> Finds:
    """Digits and extensions found in one case; in pieces where the case has them."""
    if in_pieces:
        words = [
            Word(text=text, onset_s=0.0, offset_s=0.0, probability=1.0) for text in case["whisper_words"]
        ]
        numbers = find_in_words(words, case["region"])
    else:
        numbers = find_numbers(case["text"], case["region"])
    return [(number.digits, number.extension) for number in numbers]


def is_right(case: dict[str, Any], finds: Finds) -> bool:
    """Whether the digits are those expected (or allowed), and the extension if one is."""
    digits = [number for number, _ in finds]
    answers = [case["expect"], *case.get("also_ok", [])]
    if any(answer == digits or answer == _with_extensions(finds) for answer in answers):
        return not digits or case.get("ext") in {extension for _, extension in finds} or "ext" not in case
    return False


def _with_extensions(finds: Finds) -> list[str]:
    return [digits + (f"x{extension}" if extension else "") for digits, extension in finds]


def measure(name: str, path: Path) -> None:
    """Print one set: the wrong cases if they are asked for, then right ones by kind."""
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    totals: Counter[tuple[str, str, str]] = Counter()
    for case in cases:
        if "text" not in case:
            continue
        strength = "debatable" if case.get("debatable") else "strict"
        for form in ("text", "pieces") if "whisper_words" in case else ("text",):
            finds = found(case, in_pieces=form == "pieces")
            right = is_right(case, finds)
            for kind in (case["kind"] if form == "text" else form, f"all {form}"):
                totals[strength, kind, "right"] += right
                totals[strength, kind, "all"] += 1
            if not right and "--wrong" in sys.argv and (strength == "strict" or "--all" in sys.argv):
                print(f"{case.get('kind')} {strength} {form} {case['region']}: {case['text']!r}")
                print(f"    expected {case['expect']} {case.get('ext', '')} found {_with_extensions(finds)}")
    print(f"\n{name}")
    for strength, kind in dict.fromkeys((strength, kind) for strength, kind, _ in totals):
        n_right, n_all = totals[strength, kind, "right"], totals[strength, kind, "all"]
        print(f"  {strength:9} {kind:20} {n_right:4} of {n_all:4} ({100 * n_right / n_all:.1f} %)")


def main() -> int:
    """Print every set that is there."""
    for name, path in SETS.items():
        if path.exists():
            measure(name, path)
        else:
            print(f"\n{name}: {path.name} is absent")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
