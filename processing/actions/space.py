"""The file space of an organization: put images under paths, take them away. Whoever writes holds the organization's
row, so that names and the quota are settled one after the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.errors import NotFound, PackshotError
from accounts.models import Organization
from processing.actions.assets import discard
from processing.actions.new_photos import NewPhoto, keep, size_of
from processing.models import Asset, SpaceFile
from processing.queries.space import taken_like, usage_of
from processing.space_path import clean


class QuotaExceeded(PackshotError):
    """The organization's file space is full. Delete files, or wait for older ones to end."""

    code = "quota_exceeded"
    status = 413
    title = "The file space is full"


def ends_at() -> datetime:
    """Until when a file that comes now is kept."""
    return timezone.now() + timedelta(minutes=settings.SPACE_FILE_MINUTES)


@transaction.atomic
def upload(actor: Actor, *, photos: Sequence[tuple[str, NewPhoto]], replace: bool) -> list[str]:
    """Keeps photos under their paths, all or none; answers with the paths they got.

    A path that is taken gets a suffix, or its file gives way with `replace`. Raises as `size_of` does, QuotaExceeded.
    """
    actor.require(Permission.IMAGES_WRITE)
    for _, photo in photos:
        size_of(photo)
    organization_id = actor.organization.pk
    _hold(organization_id)
    named: dict[str, NewPhoto] = {}
    for path, photo in photos:
        named[path if replace else _free(organization_id, path, named)] = photo
    _refuse_if_full(organization_id, {path: len(photo.read()) for path, photo in named.items()})
    for path, photo in named.items():
        put(organization_id, path, keep(actor, photo, expires_at=ends_at()))
    return list(named)


@transaction.atomic
def remove(actor: Actor, *, path: str) -> None:
    """Deletes the file at that path. Raises NotFound."""
    actor.require(Permission.IMAGES_WRITE)
    _hold(actor.organization.pk)
    found = SpaceFile.objects.of(actor).select_related("asset").filter(digest=SpaceFile.digest_of(path)).first()
    if found is None or (found.asset.expires_at and found.asset.expires_at <= timezone.now()):
        raise NotFound(gettext("There is no file at this path."))
    audit.record(actor, "file.deleted", target_kind="file", target_id=found.asset_id, details={"name": path[:200]})
    discard(found.asset)


def make_room(organization_id: uuid.UUID, sizes: Mapping[str, int]) -> None:
    """Before images of those sizes in bytes are stored for `put`, in the same transaction. Raises QuotaExceeded."""
    _hold(organization_id)
    _refuse_if_full(organization_id, sizes)


def put(organization_id: uuid.UUID, path: str, asset: Asset) -> None:
    """The asset is what is at that path from now on. The caller holds the organization's row."""
    digest = SpaceFile.digest_of(path)
    file = SpaceFile.unscoped.select_related("asset").filter(organization_id=organization_id, digest=digest).first()
    if file is None:
        SpaceFile.unscoped.create(organization_id=organization_id, digest=digest, path=path, asset=asset)
        return
    before = file.asset
    file.asset = asset
    file.save(update_fields=["asset"])
    discard(before)


def _hold(organization_id: uuid.UUID) -> None:
    # no_key: rows of others that only name the organization need not wait.
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _refuse_if_full(organization_id: uuid.UUID, sizes: Mapping[str, int]) -> None:
    used = usage_of(organization_id, without=frozenset(sizes)).bytes
    if used + sum(sizes.values()) > settings.SPACE_QUOTA_BYTES:
        raise QuotaExceeded(
            f"The file space holds {used / 1e6:.1f} MB of {settings.SPACE_QUOTA_BYTES / 1e6:g} MB, and this would be "
            f"{sum(sizes.values()) / 1e6:.1f} MB more. Delete files, or wait: each ends by itself after "
            f"{settings.SPACE_FILE_MINUTES} minutes."
        )


def _free(organization_id: uuid.UUID, path: str, named: Mapping[str, NewPhoto]) -> str:
    """`photo.jpg`, else `photo_1.jpg` and so on."""
    folder, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    start, end = f"{folder}{slash}{stem}", f"{dot}{extension}"
    taken = taken_like(organization_id, start=start, end=end) | set(named)
    number = 0
    while path in taken:
        number += 1
        path = f"{start}_{number}{end}"
    return clean(path, "upload_path")
