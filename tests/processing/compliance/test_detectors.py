"""The detectors on generated listing photos: sure when they fail, and not blind.

The full measurement is python -m tests.benchmarks.compliance; these are floors under it.
"""

from __future__ import annotations

import pytest

from tests.benchmarks.compliance import measure


def _hold(count: int, *, first: int, recall: float) -> None:
    results = measure(count, first=first)
    wrong = {name: score.wrong for name, score in results.scores.items()}
    assert wrong == dict.fromkeys(wrong, 0), [what for what, _ in results.mistakes]
    found = {name: round(score.recall_warned, 2) for name, score in results.scores.items()}
    assert min(found.values()) >= recall, found


def test_a_picture() -> None:
    _hold(1, first=20, recall=0)


@pytest.mark.slow
def test_a_few_pictures() -> None:
    _hold(3, first=20, recall=0.6)


@pytest.mark.slow
def test_more_pictures() -> None:
    _hold(20, first=300, recall=0.75)
