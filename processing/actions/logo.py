"""The organization's logo: shown in the switcher and to those outside who are asked for something."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import InvalidImage, InvalidInput
from accounts.models import Organization
from processing.actions import blobs
from processing.actions.assets import discard
from processing.imaging.inspect import inspect
from processing.imaging.limits import Limits
from processing.imaging.thumbnail import thumbnail
from processing.models import Asset

SIDE = 512
MOST_BYTES = 5_000_000
_LIMITS = Limits(max_bytes=MOST_BYTES, max_pixels=25_000_000)
_FORMATS = ("jpeg", "png", "webp")


def set_logo(actor: Actor, *, data: bytes) -> Asset:
    """Decoded and written anew as WebP of at most SIDE pixels: nothing of the file that came is served.

    Raises InvalidInput for what is no JPEG, PNG or WebP, is too large, or broken.
    """
    actor.require(Permission.ORGANIZATION_WRITE)
    try:
        if inspect(data, _LIMITS).format not in _FORMATS:
            raise InvalidInput(gettext("Send the logo as JPEG, PNG or WebP."), field="logo")
        small = thumbnail(data, _LIMITS, side=SIDE)
        info = inspect(small, _LIMITS)
    except InvalidImage as error:
        raise InvalidInput(error.detail, field="logo") from None
    with transaction.atomic():
        row, before = _locked(actor)
        asset = Asset.unscoped.create(
            organization=row,
            blob=blobs.store(row.pk, small),
            kind=Asset.Kind.LOGO,
            name="logo.webp",
            format=info.format,
            width=info.width,
            height=info.height,
            created_by=actor.user,
        )
        _put(actor, row, asset, before)
    return asset


@transaction.atomic
def remove_logo(actor: Actor) -> None:
    actor.require(Permission.ORGANIZATION_WRITE)
    row, before = _locked(actor)
    if before is not None or row.logo_id is not None:
        _put(actor, row, None, before)


def _locked(actor: Actor) -> tuple[Organization, Asset | None]:
    row = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    found = Asset.objects.of(actor).filter(kind=Asset.Kind.LOGO, pk=row.logo_id) if row.logo_id else None
    return row, found.first() if found is not None else None


def _put(actor: Actor, row: Organization, asset: Asset | None, before: Asset | None) -> None:
    row.logo_id = asset.pk if asset else None
    row.save(update_fields=["logo_id"])
    if before is not None:
        discard(before)
    what = "logo_changed" if asset else "logo_removed"
    audit.record(actor, f"organization.{what}", target_kind="organization", target_id=row.pk)
