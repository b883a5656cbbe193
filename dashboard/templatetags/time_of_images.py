"""What stands where an image was that went by the organization's rule: `{{ image.deleted_after|deleted_after }}`."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def deleted_after(days: int | None) -> str:
    """ "Deleted after 30 days"; empty where nothing went by a rule."""
    if not days:
        return ""
    return ngettext("Deleted after {days:,} day", "Deleted after {days:,} days", days).format(days=days)
