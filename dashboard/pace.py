"""How soon a page asks again for what it follows.

Whoever waits hears of the end within a tenth of the time that it took: at once where things move, seldom where nothing
has for a while, and on a busy installation, where most of those who ask wait for their turn, ever more seldom.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

_SHARE = 0.1
_LONGEST = 5.0


def follow(moved: datetime | None, *, expected: float = 0.0, least: float = 1.0) -> float:
    """Seconds until the next question. `moved`: when something last happened. `expected`: seconds until something can
    happen at the earliest, 0 where that is at any moment."""
    quiet = (timezone.now() - moved).total_seconds() if moved else 0.0
    return max(least, share(max(quiet, expected)))


def share(seconds: float) -> float:
    """So long may the end of what has taken `seconds` go unnoticed."""
    return min(_LONGEST, _SHARE * seconds)
