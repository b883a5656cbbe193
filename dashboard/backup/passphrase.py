"""The passphrase that a backup's keys are under, from a file: a command line is seen by others."""

from __future__ import annotations

from pathlib import Path

_LEAST = 12


class Unreadable(Exception):
    """No passphrase can be had from that file; the text is a sentence."""


def first_line(path: Path | None) -> str:
    """Empty where no file is named. Raises Unreadable."""
    if path is None:
        return ""
    try:
        found = (path.read_text().splitlines() or [""])[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"The file {path} cannot be read: {error}") from error
    if len(found) < _LEAST:
        raise Unreadable(f"The first line of {path} must be a passphrase of at least {_LEAST} characters.")
    return found
