"""Messages with nothing around them, as calls: what must be left whole.

    python -m training.bare WORK --messages FOLDER  # as training.decision has built them

Every message is taken once, in one of the conditions of `training.conditions`; where it starts and ends is
not asked for, since all of it is the rep's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import soundfile
import typer

from training.conditions import CONDITIONS
from training.heard import in_condition, messages_in, people_in
from training.voices import RATE_HZ


def main(
    work: Path,
    messages: Annotated[Path, typer.Option(help="Messages, as of training.decision.")],
    every: Annotated[int, typer.Option(help="Only every n-th message.")] = 1,
) -> None:
    """Write WORK/calls and WORK/calls.jsonl, one truth a line."""
    folder = work / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    everybody = messages_in(messages)
    others = people_in(everybody)
    lines = []
    for place, message in enumerate(everybody[::every]):
        condition = sorted(CONDITIONS)[place % len(CONDITIONS)]
        samples = in_condition(message, condition, others)
        name = f"{message.path.stem}__{condition}.flac"
        soundfile.write(folder / name, samples, RATE_HZ)
        truth = {"kind": "bare", "outcome": "message", "start_s": 0.0, "end_s": len(samples) / RATE_HZ}
        lines.append(json.dumps(truth | {"file": name, "rep": message.speaker, "texts": ["talk"]}))
    (work / "calls.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    typer.run(main)
