"""OWASP ASVS answered line by line: templates/docs/asvs.txt as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.conf import settings

_ANSWERS = {"met": "Met", "partly": "Partly", "none": "Not here"}
_CELLS = 5


@dataclass(frozen=True, slots=True)
class Requirement:
    """`asked`: what the requirement asks for, in our words. `tests`: `file::name` of those that show the answer."""

    number: str
    answer: str
    asked: str
    note: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    number: str
    title: str
    requirements: list[Requirement] = field(default_factory=list)


@cache
def sections() -> tuple[Section, ...]:
    """Raises ValueError that names a line that cannot be read."""
    tests: dict[str, str] = {}
    found: list[Section] = []
    text = (settings.BASE_DIR / "templates" / "docs" / "asvs.txt").read_text()
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            continue
        if line.startswith("V"):
            number, _, title = line.partition(" ")
            found.append(Section(number, title))
        elif " = " in line and "|" not in line:
            name, _, test = line.partition(" = ")
            tests[name] = test
        else:
            found[-1].requirements.append(_requirement(line, tests))
    return tuple(found)


def _requirement(line: str, tests: dict[str, str]) -> Requirement:
    cells = [cell.strip() for cell in line.split("|")]
    unknown = [name for name in cells[-1].split() if name not in tests]
    if len(cells) != _CELLS or cells[1] not in _ANSWERS or unknown:
        raise ValueError(f"asvs.txt: {line!r} {unknown or ''}")
    number, answer, asked, note, named = cells
    return Requirement(number, _ANSWERS[answer], asked, note, tuple(tests[name] for name in named.split()))
