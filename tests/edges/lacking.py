"""Takes from this Python what macOS or Windows lack; `with_less` gives the environment of such a child."""

from __future__ import annotations

import os
from pathlib import Path

LESS = """
import os, signal, sys
for name in ("sched_getaffinity", "nice", "fork", "forkpty", "getuid", "geteuid", "setsid", "killpg"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGALRM", "setitimer", "alarm", "pthread_kill"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("fcntl", "resource", "pwd", "grp"):
    sys.modules[name] = None
"""


def with_less(folder: Path, **more: str) -> dict[str, str]:
    """Make the environment of a Python that lacks them, in a folder of its own."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(LESS)
    return {**os.environ, "PYTHONPATH": str(folder), **more}
