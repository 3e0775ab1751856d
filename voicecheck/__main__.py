"""The program `voicecheck`: prepares the process, then runs the command line."""

from __future__ import annotations

import signal

if __name__ == "__main__" or signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(
        signal.SIGINT, signal.SIG_DFL
    )  # before anything else: Ctrl-C while we import ends us quietly

import os
import sys


def main() -> None:
    """Run one command; nothing but results goes to stdout, and nothing ends in a traceback."""
    from voicecheck.system import end_at_interrupt

    end_at_interrupt()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  kept open until the process ends
    if sys.stdout is None:
        sys.stderr.write("voicecheck: standard output is closed, so no result can be printed\n")
        sys.exit(3)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console may lack any character of a name
    from voicecheck.cli import app

    app()


if __name__ == "__main__":
    main()
