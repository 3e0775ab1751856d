"""The audio condition in one line, for every kind of report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def condition_line(condition: Mapping[str, Any], *, is_speech: bool) -> str:
    """Put a card's ``condition`` into words; what could not be measured is left out."""
    what = "speech" if is_speech else "sound"
    level, snr, band = condition["active_level_dbov"], condition["snr_db"], condition["band"]
    clipped, n_dropouts = condition["clipped_share"], len(condition["dropouts"])
    facts = [
        "" if level is None else f"{what} at {level:.1f} dBov",
        "" if snr is None else f"{snr:.0f} dB above the noise",
        "" if band is None else f"{band} band",
        f"{100 * clipped:.1f} % clipped" if clipped else "not clipped",
        f"{n_dropouts} dropout{'s' * (n_dropouts != 1)}" if n_dropouts else "",
    ]
    return ", ".join(fact for fact in facts if fact)
