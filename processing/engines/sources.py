"""What the sources of model files have in common."""

from __future__ import annotations


class SourceFailed(Exception):
    """One source did not give the file; the text says why and goes on after "npm: " or "rembg's release: "."""


class Progress:
    """Says how far a transfer is, at most every tenth of it."""

    def __init__(self, name: str, total: int) -> None:
        self._name = name
        self._total = total
        self._said = 0

    def at(self, done: int) -> str | None:
        """The sentence to say now, if any."""
        tenth = done * 10 // self._total if self._total else 0
        if tenth <= self._said or done >= self._total:
            return None
        self._said = tenth
        return f"{self._name}: {done / 1e6:.0f} of {self._total / 1e6:.0f} MB"
