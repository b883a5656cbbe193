"""The address of a WooCommerce shop as people type it."""

from __future__ import annotations

from accounts.kit.outbound import check_url


def tidy_address(text: str) -> str:
    """Scheme, host and folder without a slash at the end; https where no scheme was typed. Raises OutboundError."""
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    url = check_url(text)
    path = url.path.partition("/wp-json")[0].partition("/wp-admin")[0].rstrip("/")
    return str(url.copy_with(path=path or "/", query=None, fragment=None)).rstrip("/")
