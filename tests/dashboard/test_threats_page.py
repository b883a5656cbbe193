"""The page of threats answers every requirement, and names the tests that show what it says: each of them is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from django.test import Client

from dashboard.asvs import sections

ROOT = Path(__file__).resolve().parents[2]
# Of the standard: its chapters, and the requirements of levels 1 (70) and 2 (183).
CHAPTERS, REQUIREMENTS = 17, 70 + 183


@cache
def text(file: str) -> str:
    path = ROOT / file
    return path.read_text() if path.is_file() else ""


def test_every_named_test_exists() -> None:
    named = {test for section in sections() for line in section.requirements for test in line.tests}
    assert len(named) > 80
    missing = [test for test in named if f"def {test.partition('::')[2]}(" not in text(test.partition("::")[0])]
    assert not missing


def test_every_line_has_an_answer() -> None:
    lines = [(section, line) for section in sections() for line in section.requirements]
    numbers = [line.number for _, line in lines]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) == REQUIREMENTS
    assert {int(number.partition(".")[0]) for number in numbers} == set(range(1, CHAPTERS + 1))
    for section, line in lines:
        assert line.number.startswith(f"{section.number.removeprefix('V')}."), line
        assert line.asked, line
        # Met is shown by a test; what is missing, or why it is about nothing here, is said.
        assert line.tests if line.answer == "Met" else line.note, line


def test_the_page_shows_them(client: Client, db: None) -> None:
    page = client.get("/docs/threats/").content.decode()
    for section in sections():
        for line in section.requirements:
            assert f'<th scope="row">{line.number}</th>' in page


@pytest.mark.parametrize("answer", ["Met", "Partly", "Not here"])
def test_each_answer_is_used(answer: str) -> None:
    assert any(line.answer == answer for section in sections() for line in section.requirements)
