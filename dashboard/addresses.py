"""Absolute addresses: from BASE_URL, else from the request's host, in a worker from the port."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.kit import image_address
from processing.imaging.formats import EXTENSIONS
from processing.models import Asset


def base(request: HttpRequest | None) -> str:
    """Scheme and host without a slash at the end."""
    if settings.BASE_URL:
        return settings.BASE_URL
    if request is None:
        return f"http://127.0.0.1:{settings.PORT}"
    return f"{request.scheme}://{request.get_host()}"


def image_url(request: HttpRequest | None, asset: Asset) -> str:
    """The public address of an image: plain, unguessable, with the format's extension.

    It lives for IMAGE_URL_HOURS and up to an hour more: the end is rounded up so that the address of an image stays
    the same within an hour and caches can work. An image that itself expires ends its addresses with it.
    """
    hour = 3600
    end = (int(time.time()) // hour + 1 + settings.IMAGE_URL_HOURS) * hour
    token = image_address.sign(asset.pk, expires_at=end, key=settings.SECRET_KEY)
    return base(request) + reverse("public_image", args=[token, EXTENSIONS[asset.format]])
