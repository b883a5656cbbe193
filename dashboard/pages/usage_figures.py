"""The figures on top of the usage page, each beside what it was in the period before."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma

from accounts.queries.usage import Usage
from dashboard.templatetags.figures import duration

_NUMBERS = ("more", "fewer")
_TIMES = ("longer", "shorter")


def stats(found: Usage) -> list[dict[str, str]]:
    """Label, value and note of each."""
    now, before = found.total, found.before
    return [
        {"label": "Calls", "value": str(intcomma(now.calls)), "note": change(now.calls, before.calls)},
        {"label": "Errors", "value": percent(now.error_share), "note": _points(now.error_share, before.error_share)},
        {"label": "Median time", "value": duration(now.p50), "note": change(now.p50, before.p50, _TIMES)},
        {"label": "95 % within", "value": duration(now.p95), "note": change(now.p95, before.p95, _TIMES)},
        {"label": "Credits", "value": str(intcomma(now.credits)), "note": change(now.credits, before.credits)},
    ]


def percent(share: float | None) -> str:
    """A share of errors: never "0 %" while there is one."""
    if share is None:
        return "–"
    if 0 < share < 0.1:
        return "< 0.1 %"
    return f"{share:.0f} %" if share in (0, 100) else f"{share:.1f} %"


def change(now: float | None, before: float | None, words: tuple[str, str] = _NUMBERS) -> str:
    """In words: "12 % more than before"; nothing where there is nothing to compare."""
    if not before:
        return "None before" if now and words == _NUMBERS else ""
    if now is None:
        return ""
    share = round(100 * (now - before) / before)
    if share == 0:
        return "As before"
    if share > 999:
        return f"{now / before:,.0f} times as {'many' if words == _NUMBERS else 'long'} as before"
    return f"{abs(share)} % {words[share < 0]} than before"


def _points(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    points = round(now - before, 1)
    return f"{abs(points):.1f} points {'less' if points < 0 else 'more'} than before" if points else "As before"
