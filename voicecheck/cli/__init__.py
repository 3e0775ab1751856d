"""The command line: each module registers its commands in `app`."""

from voicecheck.cli import batch, cache, demo, models, report, rubric, score, web
from voicecheck.cli.app import app

__all__ = ["app", "batch", "cache", "demo", "models", "report", "rubric", "score", "web"]
