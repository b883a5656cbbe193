"""The badge of a finished image: `{{ image.judged_by|profile_name }}`."""

from __future__ import annotations

from django import template

from dashboard.compliance_words import NAMES

register = template.Library()


@register.filter
def profile_name(key: str) -> str:
    """The marketplace behind a profile's key, or an own profile by its slug: "Amazon", "Our amazon"."""
    marketplace, slash, _ = key.partition("/")
    return NAMES.get(marketplace, marketplace) if slash else key.replace("-", " ").capitalize()
