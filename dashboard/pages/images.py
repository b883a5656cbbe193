"""The bytes of images: by public address, for members by id, as thumbnails."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit import image_address
from accounts.kit.errors import NotFound
from dashboard.access import everyone, member
from processing.actions import blobs
from processing.actions.thumbnails import SIDES, small
from processing.imaging.formats import CONTENT_TYPES, EXTENSIONS
from processing.models import Asset
from processing.queries.assets import alive
from processing.queries.assets import asset as find_asset

_FOREVER = "private, max-age=31536000, immutable"


@require_safe
@everyone
def public_image(request: HttpRequest, token: str, extension: str) -> HttpResponseBase:
    """Open to whoever has the address: it is the credential."""
    asset_id = image_address.open_token(token, key=settings.SECRET_KEY)
    asset = alive(Asset.unscoped).select_related("blob").filter(pk=asset_id).first() if asset_id else None
    if asset is None or EXTENSIONS[asset.format] != extension:
        raise Http404
    response = _bytes(request, asset)
    if asset.expires_at:
        seconds = max(0, int((asset.expires_at - timezone.now()).total_seconds()))
        response["Cache-Control"] = f"private, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@member(Permission.IMAGES_READ)
def image(request: HttpRequest, actor: Actor, asset_id: uuid.UUID) -> HttpResponseBase:
    """The whole image; `?download=name` offers it as a file."""
    asset = find_asset(actor, asset_id)
    response = _bytes(request, asset)
    name = request.GET.get("download")
    if name is not None:
        fallback = f"{asset.stem}.{EXTENSIONS[asset.format]}"
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name or fallback)}"
    return response


@require_safe
@member(Permission.IMAGES_READ)
def image_thumbnail(request: HttpRequest, actor: Actor, asset_id: uuid.UUID, side: int) -> HttpResponseBase:
    """A WebP whose longer side is `side` pixels, made once and kept beside the bytes."""
    if side not in SIDES:
        raise NotFound(gettext("There is no thumbnail of that size."))
    asset = find_asset(actor, asset_id)
    etag = f'"{asset.blob.sha256}-{side}"'
    if request.headers.get("If-None-Match") == etag:
        return _not_modified(etag)
    return HttpResponse(
        small(asset, side), content_type="image/webp", headers={"Cache-Control": _FOREVER, "ETag": etag}
    )


def _bytes(request: HttpRequest, asset: Asset) -> HttpResponse:
    etag = f'"{asset.blob.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return _not_modified(etag)
    # Scripts in a file that only looks like an image never run: no sniffing, no document.
    headers = {"Cache-Control": _FOREVER, "ETag": etag, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(blobs.read(asset.blob), content_type=CONTENT_TYPES[asset.format], headers=headers)


def _not_modified(etag: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": _FOREVER})
