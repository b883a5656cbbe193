"""An organization's rule that its images are deleted after some days: setting it, and the sweeper that follows it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, Q
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit import shared_clock
from accounts.kit.errors import Conflict, InvalidInput
from accounts.models import AuditEntry, Organization
from processing.actions.blobs import remove_unused
from processing.actions.versions import step_forward
from processing.models import Asset, ImageRetention, JobImage, Status
from processing.queries.image_retention import Due, count_due, due, oldest

MOST_DAYS = 3650
# Each takes its bytes out of the store with it, one after the other.
_AT_ONCE = 50
_EVERY = timedelta(minutes=10)
# A round ends with the batch in which these are over: shops and publications wait for the same thread.
_SECONDS = 2.0

log = structlog.get_logger(__name__)


class WouldDelete(Conflict):
    """The rule deletes images as soon as it is saved, and nobody has agreed to that yet."""

    code = "would_delete"
    title = "Images would be deleted"

    def __init__(self, found: Due) -> None:
        super().__init__(gettext("This deletes images at once. Confirm it first."), field="days")
        self.found = found


def set_rule(actor: Actor, *, days: int | None, agreed: bool, needed: Exists) -> None:
    """`days`: 1 to MOST_DAYS, None keeps all images. `agreed`: to what it deletes at once. `needed`: as in `due`.

    Raises InvalidInput, WouldDelete; then nothing has changed.
    """
    actor.require(Permission.ORGANIZATION_WRITE)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InvalidInput(
            gettext("Use a whole number of days from 1 to {most:,}, or leave it empty.").format(most=MOST_DAYS),
            field="days",
        )
    if days is not None and not agreed:
        _refuse_if_it_deletes(actor, days, needed)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
        rule = ImageRetention.objects.of(actor).first()
        before = rule.days if rule else None
        if before == days:
            return
        if days is None:
            ImageRetention.objects.of(actor).delete()
        else:
            ImageRetention.unscoped.update_or_create(
                organization=actor.organization, defaults={"days": days, "next_at": shared_clock.now()}
            )
        audit.record(
            actor,
            "organization.image_retention_changed",
            target_kind="organization",
            target_id=actor.organization.pk,
            details={"before": {"delete_images_after_days": before}, "after": {"delete_images_after_days": days}},
        )


def _refuse_if_it_deletes(actor: Actor, days: int, needed: Exists) -> None:
    before = ImageRetention.objects.of(actor).values_list("days", flat=True).first()
    if before is not None and before <= days:
        return
    found = count_due(actor.organization.pk, days=days, now=shared_clock.now(), needed=needed)
    if found.images:
        raise WouldDelete(found)


def sweep(*, needed: Exists, now: datetime | None = None) -> None:
    """The sweeper's part: a batch of each organization that is due, whose turn is longest ago first, until the time is
    over. `needed`: as in `due`. Two of them take different organizations. By the clock that all machines share: one
    that is a year ahead would delete a year too much."""
    now, began = now or shared_clock.now(), time.monotonic()
    for rule in ImageRetention.unscoped.filter(next_at__lte=now).order_by("next_at", "pk")[:_AT_ONCE]:
        own = ImageRetention.unscoped.filter(pk=rule.pk)
        if own.filter(next_at=rule.next_at).update(next_at=now + _EVERY) and _delete_some(rule, now, needed):
            own.update(next_at=now)
        if time.monotonic() - began > _SECONDS:
            return


@transaction.atomic
def _delete_some(rule: ImageRetention, now: datetime, needed: Exists) -> bool:
    """Whether there may be more. The bytes go after the commit, those of a crash at the next start of a worker."""
    # Held to the end: whoever is told that images stay, or stay longer, loses none afterwards.
    if ImageRetention.unscoped.select_for_update().filter(pk=rule.pk, days=rule.days).first() is None:
        return False
    found = due(rule.organization_id, days=rule.days, now=now, needed=needed)
    wanted = oldest(found, _AT_ONCE)
    # Asked again under the locks: a publication, a job or a link may have begun with one of them in the meantime.
    assets = list(found.filter(pk__in=_locked(wanted)).select_related("blob"))
    if not assets:
        return False
    ids, contents = [asset.pk for asset in assets], {asset.blob_id: asset.blob.bytes for asset in assets}
    made, used = JobImage.unscoped.filter(output__in=ids), JobImage.unscoped.filter(source__in=ids)
    shown = made.filter(in_library=True, superseded=False).exclude(origin="")
    origins = set(shown.values_list("origin", flat=True))
    # A corrected cut goes with the image that was made with it, or with the photo where there is none.
    cut = JobImage.unscoped.filter(Q(output__in=ids) | Q(source__in=ids, output=None), matte__isnull=False)
    unused = {*contents, *cut.values_list("matte_id", flat=True)}
    cut.update(matte=None)
    # Where a person had deleted the image, the rule has not.
    used.exclude(status=Status.SUCCEEDED, output=None).update(deleted_after=rule.days)
    made.update(deleted_after=rule.days, in_library=False)
    Asset.unscoped.filter(pk__in=ids).delete()
    for blob_id in sorted(filter(None, unused)):
        remove_unused(blob_id)
    for origin in sorted(origins):
        step_forward(rule.organization_id, origin=origin)
    details = {"days": rule.days, "images": len(assets), "bytes": sum(contents.values())}
    AuditEntry.unscoped.create(
        organization_id=rule.organization_id,
        action="organization.old_images_deleted",
        target_kind="organization",
        target_id=str(rule.organization_id),
        details=details,
        credential="delivery",
    )
    log.info("old_images_deleted", organization=str(rule.organization_id), **details)
    return len(wanted) == _AT_ONCE


def _locked(wanted: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the images that nobody else works on, locked with the rows of jobs that name them. Nothing is waited
    for: who deletes from the library holds the same rows in another order."""
    naming = JobImage.unscoped.filter(Q(output__in=wanted) | Q(source__in=wanted)).order_by("pk")
    held = set(naming.select_for_update(skip_locked=True).values_list("pk", flat=True))
    busy = {
        asset_id
        for image_id, *named in naming.values_list("pk", "output_id", "source_id")
        if image_id not in held
        for asset_id in named
    }
    free = Asset.unscoped.filter(pk__in=set(wanted) - busy).order_by("pk")
    return set(free.select_for_update(skip_locked=True).values_list("pk", flat=True))
