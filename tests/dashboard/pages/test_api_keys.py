from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.access import json_web_tokens
from accounts.access.actor import Actor
from accounts.access.credentials import Unauthorized, actor_for_key, actor_for_token
from accounts.access.permissions import Permission
from accounts.models import ApiKey, AuditEntry
from tests.support.cast import Cast

As = Callable[[Actor], Client]


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


def test_the_page_has_its_fixed_words(cast: Cast, as_: As) -> None:
    cast.key()
    client = as_(cast.alice)
    page = client.get("/api-keys/").content.decode()
    assert "<h1>API Key Management</h1>" in page
    assert "Loading keys..." in page
    rows = client.get("/api-keys/rows/").content.decode()
    heads = [cell.split("</th>")[0] for cell in rows.split("<th>")[1:]]
    assert heads == ["Key Prefix", "Scopes", "Created", "Last Used", "Status", "Actions"]
    assert "Key Prefix" in client.get("/api-keys/?whole").content.decode()


def test_a_key_is_made_and_shown_once(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    answer = client.post("/api-keys/", {"name": "Import", "scopes": ["images:write"], "kind": "live", "lifetime": "30"})
    secret = answer.context["made"]["secret"]
    assert answer.content.decode().count(secret) == 1
    assert answer["Cache-Control"] == "private, no-store"
    assert actor_for_key(secret).organization == cast.alice.organization
    assert secret not in client.get("/api-keys/?whole").content.decode()
    assert ApiKey.objects.of(cast.alice).get().expires_at is not None


def test_bad_input_keeps_what_was_typed_and_makes_nothing(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post("/api-keys/", {"name": "Import tool", "scopes": []})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'value="Import tool"' in page
    assert "This field is required." in page
    assert not ApiKey.unscoped.exists()


def test_revoking(cast: Cast, as_: As) -> None:
    key = cast.key()
    row = ApiKey.objects.of(cast.alice).get()
    address = f"/api-keys/{row.pk}/revoke/"
    assert as_(cast.charlie).post(address).status_code == 404
    assert as_(cast.bob).post(address).status_code == 403
    actor_for_key(key)
    answer = as_(cast.alice).post(address, follow=True)
    assert f"The key {row.prefix}… is revoked" in words(answer.content.decode())
    row.refresh_from_db()
    assert row.status() == "revoked"


def test_who_may_look(cast: Cast, as_: As, client: Client) -> None:
    assert client.get("/api-keys/")["Location"] == "/accounts/login/?next=/api-keys/"
    assert as_(cast.victor).get("/api-keys/").status_code == 403
    page = as_(cast.bob).get("/api-keys/?whole").content.decode()
    assert "Make a key" not in page
    cast.key(cast.charlie)
    assert "ps_live_" not in page


def test_a_test_key_is_marked_with_a_word(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    made = client.post("/api-keys/", {"name": "Try", "kind": "test", "scopes": ["images:write"], "lifetime": ""})
    assert made.context["made"]["secret"].startswith("ps_test_")
    assert "Test Try" in words(client.get("/api-keys/rows/").content.decode())


def test_a_day_of_expiry_is_the_end_of_that_day(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    fields = {"name": "Import", "kind": "live", "scopes": ["images:write"], "lifetime": "on"}
    refused = client.post("/api-keys/", fields)
    assert "Choose the day." in refused.content.decode()
    past = client.post("/api-keys/", fields | {"expires_on": "2020-01-01"})
    assert "Choose an expiry in the future." in past.content.decode()
    assert 'value="2020-01-01"' in past.content.decode()
    assert not ApiKey.unscoped.exists()
    day = timezone.localdate() + timedelta(days=3)
    client.post("/api-keys/", fields | {"expires_on": day.isoformat()})
    row = ApiKey.unscoped.get()
    assert row.expires_at is not None
    assert (timezone.localdate(row.expires_at), row.status()) == (day, "expiring")


def test_editing_changes_what_was_changed_and_says_so_in_the_audit_log(cast: Cast, as_: As) -> None:
    secret = cast.key(cast.alice, "images:write", "jobs:read")
    row = ApiKey.unscoped.get()
    client, address = as_(cast.alice), f"/api-keys/{row.pk}/"
    assert 'value="Test"' in client.get(address).content.decode()
    refused = client.post(address, {"name": "", "scopes": ["jobs:read"], "lifetime": ""})
    assert refused.status_code == 400
    assert actor_for_key(secret).may(Permission.IMAGES_WRITE)
    answer = client.post(address, {"name": "Importer", "scopes": ["jobs:read"], "lifetime": "30"})
    assert answer["Location"] == "/api-keys/"
    row.refresh_from_db()
    assert (row.name, row.scopes, row.expires_at is not None) == ("Importer", ["jobs:read"], True)
    assert not actor_for_key(secret).may(Permission.IMAGES_WRITE)
    entry = AuditEntry.unscoped.get(action="api_key.edited")
    assert entry.details["before"]["scopes"] == ["images:write", "jobs:read"]
    assert entry.details["after"]["name"] == "Importer"
    kept = client.post(address, {"name": "Importer", "scopes": ["jobs:read"], "lifetime": "keep"})
    assert kept.status_code == 302
    assert AuditEntry.unscoped.filter(action="api_key.edited").count() == 1


def test_rotating_with_an_overlap(cast: Cast, as_: As) -> None:
    old = cast.key(cast.alice, "images:write")
    row = ApiKey.unscoped.get()
    client = as_(cast.alice)
    answer = client.post(f"/api-keys/{row.pk}/rotate/", {"overlap": "24", "lifetime": ""})
    new = answer.context["made"]["secret"]
    assert actor_for_key(old).organization == actor_for_key(new).organization
    row.refresh_from_db()
    assert (row.status(), row.usable()) == ("rotated", True)
    listed = words(client.get("/api-keys/rows/").content.decode())
    assert "Rotated works until" in listed
    assert f"now {new[:16]}" in listed
    # once is enough: the second click finds it rotated, and no third key comes of it
    again = client.post(f"/api-keys/{row.pk}/rotate/", {"overlap": "24", "lifetime": ""})
    assert again.status_code == 409
    assert ApiKey.unscoped.count() == 2
    ApiKey.unscoped.filter(pk=row.pk).update(ends_at=timezone.now())
    with pytest.raises(Unauthorized, match="rotated"):
        actor_for_key(old)
    assert actor_for_key(new)


def test_rotating_at_once_ends_the_old_key_and_its_tokens(cast: Cast, as_: As) -> None:
    old = cast.key(cast.alice, "images:write")
    row = ApiKey.unscoped.get()
    token = json_web_tokens.issue(row.pk)
    actor_for_token(token)
    as_(cast.alice).post(f"/api-keys/{row.pk}/rotate/", {"overlap": "0", "lifetime": ""})
    with pytest.raises(Unauthorized):
        actor_for_key(old)
    with pytest.raises(Unauthorized):
        actor_for_token(token)


def test_a_key_that_has_ended_is_not_changed(cast: Cast, as_: As) -> None:
    cast.key(cast.alice, "images:write")
    ApiKey.unscoped.update(revoked_at=timezone.now())
    row = ApiKey.unscoped.get()
    client = as_(cast.alice)
    assert "This key has ended." in client.get(f"/api-keys/{row.pk}/").content.decode()
    assert client.post(f"/api-keys/{row.pk}/", {"name": "X", "scopes": ["*"], "lifetime": ""}).status_code == 409
    assert client.post(f"/api-keys/{row.pk}/rotate/", {"overlap": "0", "lifetime": ""}).status_code == 409
    row.refresh_from_db()
    assert (row.name, ApiKey.unscoped.count()) == ("Test", 1)


@pytest.mark.parametrize("part", ["", "rotate/", "revoke/"])
def test_nobody_else_changes_a_key(cast: Cast, as_: As, part: str) -> None:
    cast.key()
    row = ApiKey.unscoped.get()
    fields = {"name": "X", "scopes": ["*"], "overlap": "0", "lifetime": ""}
    assert as_(cast.charlie).post(f"/api-keys/{row.pk}/{part}", fields).status_code == 404
    assert as_(cast.bob).post(f"/api-keys/{row.pk}/{part}", fields).status_code == 403
    row.refresh_from_db()
    assert (row.name, row.status(), ApiKey.unscoped.count()) == ("Test", "active", 1)


def test_last_use_shows_time_endpoint_and_address(cast: Cast, as_: As) -> None:
    key = cast.key()
    Client().get("/api/v1/user/credits", headers={"x-api-key": key}, REMOTE_ADDR="192.0.2.44")
    listed = words(as_(cast.alice).get("/api-keys/rows/").content.decode())
    assert "GET /api/v1/user/credits" in listed
    assert "192.0.2.44" in listed
