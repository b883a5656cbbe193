"""How far the work on one photo is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from processing.models.status import STEPS


def percent(step: str, done: Sequence[Mapping[str, Any]], *, operations: int = 1) -> int:
    """0 to 99 while it runs. `done`: its finished steps, [{"name": …}]; each of the `operations` ends with an encode.

    It never goes back: the decode of a recipe's second operation is further than the encode of its first.
    """
    ended = [each["name"] for each in done].count(STEPS[-1])
    between = bool(done) and done[-1]["name"] == STEPS[-1]
    within = STEPS.index(step) if step in STEPS and not (between and step == STEPS[-1]) else 0
    return min(100 * (ended * len(STEPS) + within) // (operations * len(STEPS)), 99)
