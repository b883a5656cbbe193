"""Deleting what is left of a closed organization: its rows on every floor, its files, and itself."""

from __future__ import annotations

import uuid

import structlog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.files.storage import Storage, default_storage
from django.db import models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from accounts.actions import audit
from accounts.models import Organization
from accounts.models.owned import Owned

log = structlog.get_logger(__name__)
_AT_ONCE = 500
# Rows are deleted in so many steps a round of the sweeper, which has leases to look after meanwhile.
_STEPS = 20
_ROUNDS = 6


def remove_closed_organizations() -> None:
    """The sweeper's part: goes on where a crash has stopped it, and two at once do no harm."""
    closed = Organization.objects.filter(closes_at__lte=timezone.now()).order_by("closes_at")
    organization_id = closed.values_list("pk", flat=True).first()
    if organization_id:
        remove_organization(organization_id, steps=_STEPS)


def remove_organization(organization_id: uuid.UUID, *, steps: int) -> None:
    """The rows first and the files after them: no row ever names bytes that are gone. Ends after `steps`, or when
    nothing is left; called again it goes on from there."""
    # Rows that others hold on to go in a later round, when those are gone.
    for _ in range(_ROUNDS):
        left = []
        for model in _owned():
            taken, empty = _emptied(model, organization_id, steps)
            steps -= taken
            if not steps:
                return
            if not empty:
                left.append(model.__name__)
        if not left:
            break
    else:
        log.error("organization_not_removed", organization=str(organization_id), left=left)
        return
    _remove_folder(default_storage, str(organization_id))
    # The operator's admin notes what it has changed, by name.
    noted = LogEntry.objects.filter(content_type__app_label="accounts", content_type__model="organization")
    noted.filter(object_id=str(organization_id)).delete()
    Organization.objects.filter(pk=organization_id).delete()
    log.info("organization_removed", organization=str(organization_id))


def _owned() -> list[type[models.Model]]:
    """The upper floors first."""
    floors = ["integrations", "processing", "accounts"]
    found = [model for model in apps.get_models() if issubclass(model, Owned)]
    return sorted(found, key=lambda model: floors.index(model._meta.app_label))


def _emptied(model: type[models.Model], organization_id: uuid.UUID, steps: int) -> tuple[int, bool]:
    """How many steps it took, and whether nothing is left."""
    rows = model._base_manager.filter(organization_id=organization_id)
    taken = 0
    while taken < steps and (some := list(rows.values_list("pk", flat=True)[:_AT_ONCE])):
        taken += 1
        try:
            with transaction.atomic():
                audit.allow_purge()
                model._base_manager.filter(pk__in=some).delete()
        except (ProtectedError, RestrictedError):
            return taken, False
    return taken, taken < steps


def _remove_folder(storage: Storage, path: str) -> None:
    try:
        folders, files = storage.listdir(path)
    except FileNotFoundError:
        return
    for folder in folders:
        _remove_folder(storage, f"{path}/{folder}")
    for file in files:
        storage.delete(f"{path}/{file}")
    storage.delete(path)
