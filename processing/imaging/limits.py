"""How large an image may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_bytes` of the file; `max_pixels` of the decoded image, width times height."""

    max_bytes: int = 30_000_000
    max_pixels: int = 50_000_000
