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


class ImageAddresses:
    """The public addresses of the images of one answer: plain, unguessable, with the format's extension.

    They live for IMAGE_URL_HOURS and up to an hour more: the end is rounded up so that the address of an image stays
    the same within an hour and caches can work. An image that itself expires ends its addresses with it.
    """

    def __init__(self, request: HttpRequest | None) -> None:
        hour = 3600
        self._end = (int(time.time()) // hour + 1 + settings.IMAGE_URL_HOURS) * hour
        # Once, not for each of the hundreds of images of a list of jobs.
        self._before = base(request) + reverse("public_image", args=["-", "-"]).removesuffix("-.-")

    def of(self, asset: Asset) -> str:
        token = image_address.sign(asset.pk, expires_at=self._end, key=settings.SECRET_KEY)
        return f"{self._before}{token}.{EXTENSIONS[asset.format]}"


def image_url(request: HttpRequest | None, asset: Asset) -> str:
    return ImageAddresses(request).of(asset)
