"""The figures on top of the usage page, each beside what it was in the period before."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext, gettext_noop

from accounts.queries.usage import Usage
from dashboard.templatetags.figures import duration

# What is said of a share that grew, of one that shrank, and of one that grew beyond percents.
_NUMBERS = (
    gettext_noop("{share} % more than before"),
    gettext_noop("{share} % fewer than before"),
    gettext_noop("{times:,.0f} times as many as before"),
)
_TIMES = (
    gettext_noop("{share} % longer than before"),
    gettext_noop("{share} % shorter than before"),
    gettext_noop("{times:,.0f} times as long as before"),
)


def stats(found: Usage) -> list[dict[str, str]]:
    """Label, value and note of each."""
    now, before = found.total, found.before
    return [
        {"label": gettext("Calls"), "value": str(intcomma(now.calls)), "note": change(now.calls, before.calls)},
        {
            "label": gettext("Errors"),
            "value": percent(now.error_share),
            "note": _points(now.error_share, before.error_share),
        },
        {"label": gettext("Median time"), "value": duration(now.p50), "note": change(now.p50, before.p50, _TIMES)},
        {"label": gettext("95 % within"), "value": duration(now.p95), "note": change(now.p95, before.p95, _TIMES)},
        {"label": gettext("Credits"), "value": str(intcomma(now.credits)), "note": change(now.credits, before.credits)},
    ]


def percent(share: float | None) -> str:
    """A share of errors: never "0 %" while there is one."""
    if share is None:
        return "–"
    if 0 < share < 0.1:
        return "< 0.1 %"
    return f"{share:.0f} %" if share in (0, 100) else f"{share:.1f} %"


def change(now: float | None, before: float | None, words: tuple[str, str, str] = _NUMBERS) -> str:
    """In words: "12 % more than before"; nothing where there is nothing to compare."""
    if not before:
        return gettext("None before") if now and words == _NUMBERS else ""
    if now is None:
        return ""
    share = round(100 * (now - before) / before)
    if share == 0:
        return gettext("As before")
    if share > 999:
        return gettext(words[2]).format(times=now / before)
    return gettext(words[share < 0]).format(share=abs(share))


def _points(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return ""
    points = round(now - before, 1)
    if not points:
        return gettext("As before")
    words = (
        gettext("{points:.1f} points less than before")
        if points < 0
        else gettext("{points:.1f} points more than before")
    )
    return words.format(points=abs(points))
