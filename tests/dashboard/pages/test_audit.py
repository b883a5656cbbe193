"""The audit page: filters, masking, CSV, and that nothing is ever changed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions import audit
from accounts.models import AuditEntry, User
from dashboard.audit_words import WORDS, words_for
from tests.support.cast import Cast

As = Callable[[Actor], Client]
ROOT = Path(__file__).resolve().parents[3]


def record(actor: Actor, action: str, **details: object) -> AuditEntry:
    audit.record(actor, action, target_kind="thing", target_id="7", details=details)
    return AuditEntry.objects.of(actor).latest("pk")


def test_who_what_from_where_and_what_changed(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    client.post("/api-keys/", {"name": "Import", "scopes": ["images:read"]})
    record(cast.bob, "preset.changed", title="White", before={"margin": 0.1}, after={"margin": 0.05})
    page = client.get("/audit/").content.decode()
    for words in ("API key made", "Import", "127.0.0.1", "Browser", "Preset changed", "<del>0.1</del>", "0.05", "Bob"):
        assert words in page, words


def test_what_a_look_at_a_shop_has_found_came_by_itself(cast: Cast, as_: As) -> None:
    AuditEntry.unscoped.create(
        organization=cast.alice.organization, action="connection.broken", target_kind="connection", credential="check"
    )
    page = as_(cast.alice).get("/audit/").content.decode()
    assert "By itself" in page
    assert "check…" not in page


def test_filters_and_csv_say_the_same(cast: Cast, as_: As) -> None:
    record(cast.bob, "preset.created", title="=White")
    record(cast.alice, "file.deleted", name="a.jpg")
    client = as_(cast.alice)
    for query, count in (("who=BOB", 1), ("action=preset.", 1), ("action=file.deleted", 1), ("who=nobody", 0)):
        rows = client.get(f"/audit/?{query}", headers={"HX-Request": "true"}).content.decode()
        assert (f"of {count}<" in rows) or ("No entry matches" in rows and count == 0), query
        text = b"".join(client.get(f"/audit/audit.csv?{query}").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert len(list(csv.reader(text.splitlines()))) == count + 1, query
    assert "No entry matches" in client.get("/audit/?from=2001-01-01&to=2001-01-02").content.decode()


@pytest.mark.parametrize("query", ["from=soon", "from=2026-11-20&to=2026-11-01"])
def test_a_wrong_day_is_named(cast: Cast, as_: As, query: str) -> None:
    answer = as_(cast.alice).get(f"/audit/?{query}")
    assert answer.status_code == 400
    assert "Shown are all days." in answer.content.decode()
    assert as_(cast.alice).get(f"/audit/audit.csv?{query}").status_code == 400


@pytest.mark.parametrize("path", ["/audit/", "/audit/audit.csv"])
def test_editors_and_viewers_are_refused_and_strangers_see_their_own(cast: Cast, as_: As, path: str) -> None:
    record(cast.alice, "file.deleted", name="secret-plan.jpg")
    assert as_(cast.bob).get(path).status_code == 403
    assert as_(cast.victor).get(path).status_code == 403
    assert as_(cast.bob_as(Role.ADMIN)).get(path).status_code == 200
    answer = as_(cast.charlie).get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert b"secret-plan" not in body


def test_secrets_are_masked_before_they_are_stored(cast: Cast) -> None:
    entry = record(
        cast.alice,
        "webhook.created",
        url="https://me:pass@example.com/hook?key=abc",
        before={"access_token": "shpat_1", "list": [{"client_secret": "x"}]},
        keys_revoked=["ps_live_12345678"],
    )
    assert entry.details == {
        "url": "https://example.com/hook?••••••",
        "before": {"access_token": "••••••", "list": [{"client_secret": "••••••"}]},
        "keys_revoked": ["ps_live_12345678"],
    }


def test_what_is_done_has_words() -> None:
    found: set[str] = set()
    for file in (ROOT / "accounts/actions").rglob("*.py"):
        text = file.read_text()
        found |= set(re.findall(r'(?:record|_audit)\(\s*actor,\s*"([a-z_]+\.[a-z_]+)"', text))
    assert len(found) > 8
    assert sorted(found - set(WORDS)) == []
    assert words_for("kitchen.cleaned_up") == "Kitchen: cleaned up"


def test_ten_thousand_entries_cost_the_same_queries(
    cast: Cast, as_: As, django_assert_max_num_queries: Callable[..., object]
) -> None:
    AuditEntry.unscoped.bulk_create(
        AuditEntry(organization=cast.alice.organization, action="job.submitted", target_kind="job", target_id=str(n))
        for n in range(2000)
    )
    client = as_(cast.alice)
    client.get("/audit/")
    with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
        assert "Showing 1-50 of 2,00" in client.get("/audit/").content.decode()


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the trigger is PostgreSQL's")
def test_the_database_refuses_changes_and_deletions(cast: Cast) -> None:
    entry = record(cast.bob, "file.deleted", name="a.jpg")
    entries = AuditEntry.unscoped.filter(pk=entry.pk)
    for change in (
        lambda: entries.update(action="job.submitted"),
        lambda: entries.update(user=None, ip="10.0.0.1"),
        entries.delete,
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    entries.update(user=None)  # what deleting a person does
    assert entries.get().action == "file.deleted"
    assert User.objects.count() == 4


def test_old_entries_go_where_the_operator_has_said_so(cast: Cast, settings: Any) -> None:
    kept = AuditEntry.objects.of(cast.alice).count()
    assert kept
    settings.AUDIT_KEEP_DAYS = 30
    audit.remove_old()
    assert AuditEntry.objects.of(cast.alice).count() == kept
    with connection.cursor() as cursor:  # made older: nothing in the product can
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute("UPDATE accounts_auditentry SET created_at = %s", [timezone.now() - timedelta(days=31)])
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = 'origin'")
    settings.AUDIT_KEEP_DAYS = 0
    audit.remove_old()
    assert AuditEntry.objects.of(cast.alice).count() == kept
    settings.AUDIT_KEEP_DAYS = 30
    audit.remove_old()
    assert not AuditEntry.unscoped.exists()
