"""The images of a publication as a publisher takes them: their bytes, and an address to fetch them from."""

from __future__ import annotations

import time

from django.conf import settings
from django.urls import reverse

from accounts.kit import image_address
from integrations.models import Publication
from integrations.publishing import Picture
from integrations.reachability import base_url_is_public
from processing.actions import blobs
from processing.imaging.formats import CONTENT_TYPES, EXTENSIONS
from processing.models import Asset

_DAY = 86400
_GOOD_FOR = 400 * _DAY


def new_picture(row: Publication) -> Picture | None:
    """What is published; None when its bytes are not kept any more."""
    if row.sent_image is None:
        return None
    # The same address in every try: its end counts from the beginning.
    ends = int(row.created_at.timestamp()) + _GOOD_FOR
    return _picture(row, row.sent_image, key=str(row.pk), ends=ends)


def old_picture(row: Publication) -> Picture | None:
    """Our copy of what was there before, where one was taken."""
    if row.old_image is None:
        return None
    ends = (int(time.time()) // _GOOD_FOR + 2) * _GOOD_FOR
    return _picture(row, row.old_image, key=f"{row.pk}-old", ends=ends)


def _picture(row: Publication, image: Asset, *, key: str, ends: int) -> Picture:
    extension = EXTENSIONS[image.format]
    return Picture(
        key=key,
        url=_address(image, ends) if base_url_is_public() else "",
        filename=f"{image.stem}.{extension}",
        media_type=CONTENT_TYPES[image.format],
        sha256=image.blob.sha256,
        read=lambda: blobs.read(image.blob),
        alt=row.title,
        name=image.stem,
    )


def _address(image: Asset, ends: int) -> str:
    token = image_address.sign(image.pk, expires_at=ends, key=settings.SECRET_KEY)
    return settings.BASE_URL + reverse("public_image", args=[token, EXTENSIONS[image.format]])
