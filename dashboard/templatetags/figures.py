"""Numbers and times as people read them: `{{ job.ms|duration }}`, `{{ file.bytes|weight }}`, `{% ago job.at %}`."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_AGES = ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"), (7 * 86_400, 86_400, "d"))


@register.filter
def duration(milliseconds: float | None) -> str:
    """Milliseconds as "380 ms", "1.24 s" or "2 min 05 s"; a dash when there is none."""
    if milliseconds is None:
        return "–"
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 59_995:
        return f"{milliseconds / 1000:.2f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes} min {seconds:02d} s"


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
    words = f"{there.day} {there:%b %Y}"
    if seconds < 5:
        words = "just now"
    else:
        for limit, unit, name in _AGES:
            if seconds < limit:
                words = f"{int(seconds // unit)} {name} ago"
                break
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        moment.isoformat(timespec="seconds"),
        f"{there.day} {there:%b %Y, %H:%M:%S %Z}",
        words,
    )


@register.simple_tag
def soon(moment: datetime | None) -> SafeString | str:
    """A <time> that says in how long it is, roughly; what is over is "in a moment"."""
    if moment is None:
        return "–"
    seconds = (moment - timezone.now()).total_seconds()
    there = timezone.localtime(moment)
    words = f"on {there.day} {there:%b %Y}" if seconds >= 7 * 86_400 else "in a moment"
    if seconds >= 60:
        for limit, unit, name in _AGES:
            if seconds < limit:
                words = f"in {round(seconds / unit)} {name}"
                break
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        f"{there.day} {there:%b %Y, %H:%M:%S %Z}",
        words,
    )
