"""What a rule is: its name, the numbers it takes, and the check of a measured picture against them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from processing.compliance.finding import Region, Status

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

Value = float | str | tuple[str, ...]
Thresholds = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Threshold:
    """One figure that a rule takes. `lowest`, `highest`: of a number. `choices`: the words that a choice or a list of
    words may hold. `unit`: as it is written behind the number (px, %, MB)."""

    name: str
    title: str
    kind: Literal["number", "choice", "words"] = "number"
    unit: str = ""
    lowest: float = 0
    highest: float = 100_000
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found, before severity and date are looked at: `fail` means that the rule is broken for sure, `warn`
    that it is broken a little or perhaps."""

    status: Status
    measured: str
    wanted: str
    detail: str
    fix: str | None = None
    region: Region | None = None
    confidence: float | None = None
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """`check` answers None where the rule has nothing to say of this picture (no JPEG, no file name)."""

    name: str
    title: str
    check: Callable[[MeasuredPicture, Thresholds], Outcome | None]
    thresholds: tuple[Threshold, ...] = ()


def number(thresholds: Thresholds, name: str, default: float) -> float:
    value = thresholds.get(name, default)
    return value if isinstance(value, int | float) else default


def words(thresholds: Thresholds, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    value = thresholds.get(name, default)
    return value if isinstance(value, tuple) else default
