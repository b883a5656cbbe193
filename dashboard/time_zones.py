"""The time zones that a form offers."""

from __future__ import annotations

import zoneinfo
from functools import cache


@cache
def zones() -> list[tuple[str, str]]:
    """UTC, and those with a place in their name."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
