"""An image of the catalog as a small picture of our own: a visitor's browser never asks a shop."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from integrations.actions.catalog_pictures import PictureMissing, PicturesBusy, picture

# Another image of the shop is another row, and so another address; after a day its bytes are asked for again.
_DAY = "private, max-age=86400, immutable"
_TEN_MINUTES = "private, max-age=600"
# A picture with a line through it, in a grey that is seen on light and on dark.
_MISSING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="-20 -20 64 64" fill="none" '
    b'stroke="#8a8f98" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    b"<style>rect{fill:#eff0f3}@media(prefers-color-scheme:dark){rect{fill:#1c1e23}}</style>"
    b'<rect x="-20" y="-20" width="64" height="64" stroke="none"/>'
    b"<title>The shop does not give this image</title>"
    b'<path d="M2 2l20 20M10.4 10.4a2 2 0 1 1-2.8-2.8M13.5 13.5 6 21M18 12l3 3"/>'
    b'<path d="M3.6 3.6A2 2 0 0 0 3 5v14a2 2 0 0 0 2 2h14a2 2 0 0 0 1.4-.6M21 15V5a2 2 0 0 0-2-2H9"/></svg>'
)


@require_safe
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor, image_id: int) -> HttpResponse:
    """The picture; a sign where the shop does not give it; 503 while too many are being fetched."""
    try:
        data = picture(actor, image_id=image_id)
    except PictureMissing as error:
        headers = {"Cache-Control": _TEN_MINUTES, "X-Picture-Problem": error.code}
        return HttpResponse(_MISSING, content_type="image/svg+xml", headers=headers)
    except PicturesBusy:
        return HttpResponse(status=503, headers={"Retry-After": "1", "Cache-Control": "no-store"})
    headers = {"Cache-Control": _DAY, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(data, content_type="image/webp", headers=headers)
