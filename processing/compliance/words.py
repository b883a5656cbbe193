"""How figures are written for sellers: 1,240 × 930 px, 82 %, 0.12 %, 4.8 MB."""

from __future__ import annotations

from collections.abc import Sequence

_NAMES = {"webp": "WebP"}


def pixels(value: float) -> str:
    return f"{round(value):,} px"


def size(width: float, height: float) -> str:
    return f"{round(width):,} × {round(height):,} px"


def percent(share: float) -> str:
    """`share`: 0..1. As many digits as tell it from nothing and from everything."""
    value = 100 * share
    if 0 < value < 0.005:
        return "under 0.01 %"
    if 99.995 <= value < 100:
        return "over 99.99 %"
    text = f"{value:.2f}" if value < 1 or value > 99 else f"{value:.1f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def megabytes(count: float, limit: float) -> str:
    """Never rounded down onto the `limit`, in megabytes, that it is over."""
    value = count / 1e6
    if value > limit >= round(value, 1):
        return f"{limit:g} MB and {(count - 1e6 * limit) / 1e3:,.3g} kB"
    return f"{value:.2f} MB" if value < 1 else f"{value:.1f} MB"


def listed(names: Sequence[str], last: str = "or") -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def format_name(kind: str) -> str:
    return _NAMES.get(kind, kind.upper())


def formats(kinds: Sequence[str]) -> str:
    return listed([format_name(kind) for kind in kinds])


def sentence(parts: Sequence[str]) -> str:
    return ", ".join(parts)
