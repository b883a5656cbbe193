"""`{{ product.url|web }}`: an address that somebody else has given, where it may become a link."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def web(address: str | None) -> str:
    """Empty for everything that is no address of the web: a shop could answer with a script."""
    return address if address and address.startswith(("http://", "https://")) else ""
