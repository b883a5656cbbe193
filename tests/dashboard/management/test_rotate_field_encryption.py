"""Secrets are written anew under the first key, all of them, and what cannot be read is named and left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.actions.webhook_endpoints import create_endpoint
from accounts.kit.encryption import encrypt
from accounts.models import IdempotentCall, OrganizationWebhookSecret, WebhookEndpoint
from dashboard.encrypted_columns import COLUMNS
from integrations.models import Connection, InboundHook
from processing.models import FaceSwapAccount
from tests.support.cast import Cast
from tests.support.shops import connection_to
from tests.support.woocommerce_peer import SECRET, Shop, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(settings: Settings) -> Iterator[Shop]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    with shop() as running:
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    """Something encrypted in every column."""
    made = connection_to(peer, cast.bob)
    InboundHook.unscoped.create(organization=made.organization, connection=made, secret=encrypt("told"))
    create_endpoint(cast.alice, url="https://example.com/hook", events=["sync.finished"])
    WebhookEndpoint.unscoped.update(previous_secret=encrypt("before"))
    OrganizationWebhookSecret.unscoped.update_or_create(
        organization=cast.alice.organization, defaults={"secret": encrypt("own"), "previous_secret": encrypt("older")}
    )
    FaceSwapAccount.unscoped.create(organization=cast.alice.organization, token=encrypt("token"))
    IdempotentCall.objects.create(
        scope="key:1", key="k", fingerprint="f", body=encrypt("{}"), lease_expires_at=timezone.now(),
        expires_at=timezone.now(),
    )  # fmt: skip
    return made


def test_the_old_key_can_be_taken_away_afterwards(
    row: Connection, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    old = list(settings.FIELD_ENCRYPTION_KEYS)
    new = Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    call_command("rotate_field_encryption")
    shown = capsys.readouterr().out
    assert "Connection.credentials: 1 encrypted anew" in shown
    assert SECRET not in shown
    settings.FIELD_ENCRYPTION_KEYS = [new]
    row.refresh_from_db()
    assert row.account().credentials["consumer_secret"] == SECRET
    assert InboundHook.unscoped.get().opened() == "told"
    assert FaceSwapAccount.unscoped.get().readable_token() == "token"
    call_command("rotate_field_encryption")


def test_what_cannot_be_read_is_named_and_left(row: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    before = row.credentials
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("rotate_field_encryption")
    row.refresh_from_db()
    assert row.credentials == before


def test_no_encrypted_column_is_forgotten(row: Connection) -> None:
    """Whatever looks like it was encrypted lies in a column that the command knows."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.TextField | models.CharField):
                continue
            if model._base_manager.filter(**{f"{field.name}__startswith": "gAAAA"}).exists():
                found.add((model, field.name))
    assert found == set(COLUMNS)
