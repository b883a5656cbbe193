"""Everything of an organization as one ZIP, made while it is sent: its images, and its rows as JSON lines.

An image whose bytes have gone from the storage is named in `missing.json`; everything else still comes.

What opens something (digests, encrypted credentials, secrets) stays here. A new kind of row is exported unless it is
named in LEFT_OUT; a field is unless it is named in SECRET_FIELDS: a test plants secrets and looks for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import structlog
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.models.owned import Owned
from dashboard.zip_stream import Entry
from processing.actions import blobs
from processing.imaging.formats import EXTENSIONS
from processing.models import Asset
from processing.queries.assets import alive

log = structlog.get_logger(__name__)
_ROWS = 2_000
# Rows of our own housekeeping, which say nothing to anybody else.
LEFT_OUT = frozenset(
    {
        "IdempotentCall", "Blob", "StudioPhoto", "CallPace", "CatalogPicture", "SignInRequest", "InboundHook",
        "InboundDelivery", "OrganizationWebhookSecret", "KeptMask", "StoredBytes",
    }
)  # fmt: skip
SECRET_FIELDS = frozenset({"digest", "secret", "previous_secret", "credentials", "token", "memory"})


def export_entries(actor: Actor) -> Iterator[Entry]:
    """The files of the archive, one after the other. Only what has not expired. Raises MissingPermission."""
    actor.require(Permission.ORGANIZATION_WRITE)
    organization = actor.organization
    yield _json("organization.json", {"name": organization.name, "slug": organization.slug, "id": organization.pk})
    for model in exported_models():
        yield from _rows(actor, model)
    images = alive(Asset.objects.of(actor)).select_related("blob").exclude(kind=Asset.Kind.PREVIEW).order_by("pk")
    missing = []
    for asset in images.iterator(chunk_size=500):
        name = f"images/{asset.kind}/{asset.pk}.{EXTENSIONS[asset.format]}"
        # Read before its header is sent: a file of the archive that has begun cannot be taken back.
        try:
            data = blobs.read(asset.blob)
        except (NotFound, blobs.StorageFailed) as error:
            log.error("export_without_image", asset=str(asset.pk), error=str(error))
            missing.append({"file": name, "id": asset.pk, "name": asset.name, "why": error.detail})
            continue
        yield _entry(name, data, asset.created_at)
    if missing:
        yield _json("missing.json", {"images": missing})


def exported_models() -> list[type[Owned]]:
    found = [model for model in apps.get_models() if issubclass(model, Owned) and model.__name__ not in LEFT_OUT]
    return sorted(found, key=lambda model: model.__name__)


def _rows(actor: Actor, model: type[Owned]) -> Iterator[Entry]:
    fields = [field for field in model._meta.concrete_fields if field.name not in SECRET_FIELDS]
    rows = model._base_manager.filter(organization=actor.organization).order_by("pk")
    names = [field.attname for field in fields]
    last: object = None
    number = 1
    while True:
        some = list((rows if last is None else rows.filter(pk__gt=last)).values("pk", *names)[:_ROWS])
        if not some:
            return
        last = some[-1]["pk"]
        yield _lines(f"data/{model.__name__}-{number:04}.jsonl", some, model)
        number += 1


def _lines(name: str, rows: list[dict[str, Any]], model: type[models.Model]) -> Entry:
    text = "".join(json.dumps(row, cls=_Encoder, ensure_ascii=False) + "\n" for row in rows)
    return _entry(name, text.encode(), timezone.now())


def _json(name: str, value: dict[str, Any]) -> Entry:
    data = json.dumps(value, cls=_Encoder, ensure_ascii=False, indent=2).encode()
    return _entry(name, data, timezone.now())


def _entry(name: str, data: bytes, modified: datetime) -> Entry:
    return Entry(name, len(data), modified, lambda: data)


class _Encoder(DjangoJSONEncoder):
    """Bytes of a row are of no use outside."""

    def default(self, o: Any) -> Any:
        return None if isinstance(o, bytes | memoryview) else super().default(o)
