from __future__ import annotations

import pytest
from damage import ANY_BYTES_SOUND, DAMAGES, NO_LENGTH, outcomes
from made import FORMATS


@pytest.mark.slow
def test_no_damage_crashes_and_none_is_hidden_where_the_format_can_tell() -> None:
    """Every kind of file in every way of damage; ``python tests/edges/damage.py`` reads more."""
    found = list(outcomes(len(FORMATS) * len(DAMAGES)))
    assert [each for each in found if each.result == "crashed"] == []
    told = [each for each in found if each.kind not in ANY_BYTES_SOUND | NO_LENGTH]
    assert [each for each in told if each.result == "untold"] == []
    assert sum(each.result == "told" for each in found) > len(found) / 5
