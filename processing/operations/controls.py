"""What a parameter means to a person, annotated beside its limits: forms read it, the API does not see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a length, such as 0.05: people are asked for it in per cent."""


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees clockwise, 0 at the top."""


@dataclass(frozen=True, slots=True)
class Seed:
    """Any number will do; another one is another picture."""


@dataclass(frozen=True, slots=True)
class Colour:
    """#rrggbb."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A colour, a gradient of two colours, or transparent."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Several words, written by hand."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """A choice of which each word has a picture, `folder`/`word`.webp, and a title."""

    folder: str
    titles: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Begins:
    """What a form starts with, where the operation itself has no default."""

    value: object


@dataclass(frozen=True, slots=True)
class WithImage:
    """Belongs to a background image; without one it may not be sent."""


@dataclass(frozen=True, slots=True)
class InsteadOfImage:
    """Says what a background image says too; with one it may not be sent."""


@dataclass(frozen=True, slots=True)
class OfBatch:
    """Without effect on a single photo."""
