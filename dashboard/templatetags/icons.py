"""`{% icon "search" %}`: one lucide icon, drawn inline in the text's colour."""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import _load_icon

register = template.Library()


@lru_cache(maxsize=512)
def _shapes(name: str) -> SafeString:
    parts = (ElementTree.tostring(shape, encoding="unicode").strip() for shape in _load_icon(name))
    return mark_safe("".join(parts))  # noqa: S308  (from the installed package, not from a request)


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """The icon's SVG; without a label it is decoration and hidden from assistive technology.

    Raises lucide.IconDoesNotExist for an unknown name.
    """
    return _drawn(str(name), size, str(label))


@lru_cache(maxsize=1024, typed=True)  # a safe text and a plain one are equal, and only one of them is escaped
def _drawn(name: str, size: int, label: str) -> SafeString:
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="{1}" stroke-linecap="round" stroke-linejoin="round" {2}>{3}</svg>',
        size,
        "1.5" if size >= 20 else "1.75",
        meaning,
        _shapes(name),
    )
