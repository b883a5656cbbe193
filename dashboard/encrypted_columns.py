"""Every column that holds secrets encrypted with FIELD_ENCRYPTION_KEYS, and writing them anew with the first key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from accounts.kit import encryption
from accounts.kit.encryption import Undecipherable
from accounts.models import IdempotentCall, OrganizationWebhookSecret, WebhookEndpoint
from integrations.models import Connection, InboundHook
from processing.models import FaceSwapAccount

COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (Connection, "credentials"),
    (InboundHook, "secret"),
    (WebhookEndpoint, "secret"),
    (WebhookEndpoint, "previous_secret"),
    (OrganizationWebhookSecret, "secret"),
    (OrganizationWebhookSecret, "previous_secret"),
    (FaceSwapAccount, "token"),
    (IdempotentCall, "body"),
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Of one column: how many were written anew, and how many no key can read."""

    column: str
    written: int
    unreadable: int


def rewrite_all() -> Iterator[Rewritten]:
    """Beside a running server: a value that changes meanwhile is left as it was changed to."""
    for model, field in COLUMNS:
        rows = model._base_manager.exclude(**{field: ""})
        written = unreadable = 0
        for pk, stored in rows.values_list("pk", field).iterator():
            try:
                anew = encryption.encrypt(encryption.decrypt(stored))
            except Undecipherable:
                unreadable += 1
                continue
            written += model._base_manager.filter(pk=pk, **{field: stored}).update(**{field: anew})
        yield Rewritten(f"{model.__name__}.{field}", written, unreadable)
    yield _two_factor()


def _two_factor() -> Rewritten:
    """The secrets of authenticator apps and recovery codes stand inside of JSON."""
    written = unreadable = 0
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        field = "secret" if row.type == Authenticator.Type.TOTP else "seed"
        with transaction.atomic():
            # A recovery code may be used at this very moment, which changes the same JSON.
            locked = Authenticator.objects.select_for_update().filter(pk=row.pk).first()
            if locked is None:
                continue
            try:
                locked.data[field] = encryption.encrypt(encryption.decrypt(locked.data[field]))
            except Undecipherable:
                unreadable += 1
                continue
            locked.save(update_fields=["data"])
            written += 1
    return Rewritten("Authenticator.data", written, unreadable)
