"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Rubric = Annotated[
    Path | None,
    typer.Option(
        "--rubric",
        metavar="FILE",
        help="Judge by this rubric: a file (TOML), or a name from `voicecheck rubric --list`.",
    ),
]

Rep = Annotated[
    str | None, typer.Option("--rep", metavar="NAME", help="The name of who speaks, such as 'Marcus Bell'.")
]

Company = Annotated[
    str | None,
    typer.Option(
        "--company", metavar="NAME", help="The company that they speak for, such as 'Brightwater Logistics'."
    ),
]

Checks = Annotated[
    Path | None,
    typer.Option("--checks", metavar="FILE", help="Your own checks, in Python; see docs/own-check.md."),
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]

Region = Annotated[
    str, typer.Option(metavar="CODE", help="Country whose numbers need no country code: US, CA, GB, ...")
]

Model = Annotated[
    str, typer.Option(help="Speech model; see `voicecheck models`. auto: the largest that is quick here.")
]

ModelDir = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Take the model's files from this folder.")
]

Device = Annotated[
    str | None,
    typer.Option(help="cpu, cuda (an NVIDIA graphics card) or auto; cpu if not given.", show_default=False),
]

ComputeType = Annotated[
    str | None,
    typer.Option(
        help="int8, float16, int8_float16, float32, ...; what suits the device if not given.",
        show_default=False,
    ),
]

Cache = Annotated[
    bool, typer.Option("--cache/--no-cache", help="Recall what was heard before, and keep what is heard now.")
]

Line = Annotated[
    bool, typer.Option("--line", help="Test the number on bad telephone lines too; takes twice as long.")
]

Channel = Annotated[
    Literal["left", "right"] | None,
    typer.Option("--channel", help="The channel that the rep is on; found out if not given."),
]

Phone = Annotated[bool, typer.Option("--phone", help="Also print the message as the listener's phone would.")]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress line.")]
