"""Numbers and times as people read them: `{{ job.ms|duration }}`, `{{ file.bytes|weight }}`, `{% ago job.at %}`."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

register = template.Library()

# Up to so many seconds, in units of so many: as said of what was, and of what comes.
_AGES = (
    (60, 1, gettext_noop("{count} s ago"), gettext_noop("in {count} s")),
    (3600, 60, gettext_noop("{count} min ago"), gettext_noop("in {count} min")),
    (86_400, 3600, gettext_noop("{count} h ago"), gettext_noop("in {count} h")),
    (7 * 86_400, 86_400, gettext_noop("{count} d ago"), gettext_noop("in {count} d")),
)


@register.filter
def duration(milliseconds: float | None) -> str:
    """Milliseconds as "380 ms", "1.24 s" or "2 min 05 s"; a dash when there is none."""
    if milliseconds is None:
        return "–"
    if milliseconds < 999.5:
        return gettext("{milliseconds:.0f} ms").format(milliseconds=milliseconds)
    if milliseconds < 59_995:
        return f"{milliseconds / 1000:.2f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return gettext("{minutes} min {seconds:02d} s").format(minutes=minutes, seconds=seconds)


@register.filter
def weight(size: float | None) -> str:
    """Bytes as "820 B", "48 KB" or "2.4 MB" (decimal, as file managers and the limits count); a dash when none."""
    if size is None:
        return "–"
    if size < 1000:
        return f"{size:.0f} B"
    if size < 999_500:
        return f"{size / 1000:.0f} KB"
    if size < 999_950_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.2f} GB"


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """A <time> that says how long ago it was; the exact moment is its title. static/js/time.js keeps it fresh."""
    if moment is None:
        return "–"
    seconds = (timezone.now() - moment).total_seconds()
    there = timezone.localtime(moment)
    words = _day(there)
    if seconds < 5:
        words = gettext("just now")
    else:
        for limit, unit, past, _ in _AGES:
            if seconds < limit:
                words = gettext(past).format(count=int(seconds // unit))
                break
    return _time(moment, there, words, " data-ago")


@register.simple_tag
def soon(moment: datetime | None) -> SafeString | str:
    """A <time> that says in how long it is, roughly; what is over is "in a moment"."""
    if moment is None:
        return "–"
    seconds = (moment - timezone.now()).total_seconds()
    there = timezone.localtime(moment)
    words = gettext("on {day}").format(day=_day(there)) if seconds >= 7 * 86_400 else gettext("in a moment")
    if seconds >= 60:
        for limit, unit, _, future in _AGES:
            if seconds < limit:
                words = gettext(future).format(count=round(seconds / unit))
                break
    return _time(moment, there, words)


def _time(moment: datetime, there: datetime, words: str, more: str = "") -> SafeString:
    """Put together by hand: lists have one in each row, and Django's dateformat would be a tenth of such a page."""
    exact = escape(f"{_day(there)}, {there:%H:%M:%S} {there.tzname()}")
    return SafeString(
        f'<time datetime="{moment.isoformat(timespec="seconds")}" title="{exact}"{more}>{escape(words)}</time>'
    )


def _day(there: datetime) -> str:
    """ "5 Mar 2026", in the reader's language."""
    return f"{there.day} {MONTHS_3[there.month].title()} {there.year}"
