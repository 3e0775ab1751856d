"""Inputs rebuilt from public bug reports: what comes out of each, beside what must.

    python -m benchmarks.cases

Recordings are scored as a user would; texts go to the finder. Files, names and lists that only the command
line can be tried with are run by ``tests/edges``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from voicecheck import Scorecard, VoicecheckError, score
from voicecheck.numbers import find_numbers

CASES = Path(__file__).parents[2] / "shared" / "data" / "cases"


def faults(case: Mapping[str, Any], card: Scorecard) -> list[str]:
    """Compare a card with a case: what is not as it must be."""
    found = []
    heard = [recitation.digits for recitation in card.recitations]
    if case.get("digits") is not None and heard != case["digits"]:
        found.append(f"heard {heard}")
    verdicts = {check.id: check.verdict for check in card.checks}
    for name, allowed in case.get("checks", {}).items():
        if verdicts.get(name) not in allowed.split("|"):
            found.append(f"{name} is {verdicts.get(name)}, not {allowed}")
    return found


def judged_file(case: Mapping[str, Any], model: str) -> list[str]:
    """Score one recording."""
    arguments = case["args"]
    expected = arguments[arguments.index("--expect") + 1] if "--expect" in arguments else None
    try:
        card = score(CASES / case["file"], model=model, expect=expected)
    except VoicecheckError as error:
        return [] if case.get("digits") is None else [str(error)]
    return faults(case, card)


def judged_text(case: Mapping[str, Any]) -> list[str]:
    """Find the numbers of one text."""
    found = [number.digits for number in find_numbers(case["text"], region=case["region"])]
    return [] if found in [case["expect"], *case.get("also_ok", [])] else [f"found {found}"]


def main(model: Annotated[str, typer.Option()] = "base") -> None:
    """Print every case that is not as it must be, and how many are."""
    if not CASES.is_dir():
        print(f"skipped: no cases at {CASES}")
        raise typer.Exit
    cases = [json.loads(line) for line in (CASES / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    n_right = n_tried = 0
    for case in cases:
        if "file" in case:
            wrong = judged_file(case, model)
        elif "text" in case:
            wrong = judged_text(case)
        else:
            continue
        n_tried += 1
        n_right += not wrong
        if wrong:
            print(f"{case['kind']}: {case.get('file') or case['text']}: {'; '.join(wrong)}", flush=True)
    print(f"{n_right} of {n_tried} cases are as they must be")


if __name__ == "__main__":
    typer.run(main)
