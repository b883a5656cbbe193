"""Words of the API document in a page: paragraphs and `code`."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def with_code(text: str) -> SafeString:
    """`code` between backticks; everything else is escaped."""
    escaped = str(conditional_escape(text))
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped))  # noqa: S308  (escaped above)


@register.filter
def paragraphs(text: str) -> SafeString:
    return mark_safe(  # noqa: S308  (each part is escaped)
        "".join(format_html("<p>{}</p>", with_code(part)) for part in text.split("\n\n") if part.strip())
    )
