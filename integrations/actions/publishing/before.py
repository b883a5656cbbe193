"""What a shop shows before anything is changed: read once, with a copy of the image that is about to go."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts.kit.errors import PackshotError
from accounts.kit.outbound import OutboundError, fetch
from integrations.actions.publishing import kept
from integrations.actions.publishing.claim import lock
from integrations.actions.publishing.stored import shown_to_json
from integrations.base import Blame, MarketplaceError
from integrations.models import CatalogImage, Publication
from integrations.publishing import Shown

_TRIES = 3


def with_users(row: Publication, shown: Shown) -> Shown:
    """How many other products show the same file, as far as the catalog knows, where the shop does not tell."""
    if shown.image is None or shown.shared_with is not None:
        return shown
    same = CatalogImage.unscoped.filter(
        organization=row.organization_id, product__connection=row.connection_id, remote_id=shown.image.remote_id
    )
    others = same.exclude(product__remote_id=row.product)
    return replace(shown, shared_with=others.values("product").distinct().count())


def remember(row: Publication, shown: Shown) -> None:
    """Stored before the first call that changes something. Raises Lost, and MarketplaceError where the image that
    would go cannot be copied: somebody who gives a reason may go on without the copy."""
    url = shown.image.url if shown.image else ""
    try:
        _store(row, shown, url, fetch(url, max_bytes=settings.MAX_UPLOAD_BYTES).data if shown.image else b"")
    except (OutboundError, PackshotError) as error:
        if row.failures < _TRIES - 1 or not row.override_reason:
            raise _unreadable(error.detail, permanent=row.failures >= _TRIES - 1) from None
        row.note = f"The image that was there could not be copied, so it may not come back: {error.detail}"[:500]
        _store(row, shown, url, b"")


@transaction.atomic
def _store(row: Publication, shown: Shown, url: str, data: bytes) -> None:
    lock(row)
    row.before = shown_to_json(shown)
    row.old_image = kept.keep(row, data, name=urlsplit(url).path) if data else None
    row.save(update_fields=["before", "old_image", "note"])


def _unreadable(reason: str, *, permanent: bool) -> MarketplaceError:
    detail = f"The image that is there now could not be copied: {reason}"
    if permanent:
        detail += " Nothing was changed. Try again with a reason to replace it without a copy."
    return MarketplaceError("old_image_unreadable", detail, blame=Blame.SHOP, permanent=permanent)
