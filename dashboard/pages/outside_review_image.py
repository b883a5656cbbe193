"""The pictures behind a review link, and the files where the client may have them. Nothing else of the organization can
be reached so: the address names one image of one link, and ends with it."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.kit.errors import NotFound
from dashboard.access import everyone
from dashboard.outside import alone, gone, too_many
from processing.actions import blobs, thumbnails
from processing.imaging.formats import CONTENT_TYPES, EXTENSIONS
from processing.models import Asset
from processing.queries.client_reviews import image_behind

_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Robots-Tag": "noindex, noimageindex"}


@require_safe
@everyone
def small(request: HttpRequest, image_id: uuid.UUID, mark: str, side: int) -> HttpResponseBase:
    """A WebP whose longer side is at most `side` pixels."""
    if refused := too_many(request):
        return refused
    try:
        asset = _asset(image_id, mark)
        if side not in thumbnails.SIDES:
            return gone(request)
        data = thumbnails.small(asset, side)
    except NotFound:
        return gone(request)
    # An hour in this browser: a page without scripts is loaded anew with each answer.
    headers = _HEADERS | {"Cache-Control": "private, max-age=3600", "Referrer-Policy": "no-referrer"}
    return HttpResponse(data, content_type="image/webp", headers=headers)


@require_safe
@everyone
def file(request: HttpRequest, image_id: uuid.UUID, mark: str) -> HttpResponseBase:
    """The whole image as a download, where who has asked allows it."""
    if refused := too_many(request):
        return refused
    try:
        asset = _asset(image_id, mark, downloads=True)
        data = blobs.read(asset.blob)
    except NotFound:
        return gone(request)
    name = quote(f"{asset.stem}.{EXTENSIONS[asset.format]}")
    headers = _HEADERS | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return alone(HttpResponse(data, content_type=CONTENT_TYPES[asset.format], headers=headers))


def _asset(image_id: uuid.UUID, mark: str, *, downloads: bool = False) -> Asset:
    """Raises NotFound."""
    image = image_behind(image_id, mark)
    if image.asset is None or (downloads and not image.review.downloads):
        raise NotFound(gettext("There is no such image."))
    return image.asset
