from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access.credentials import Unauthorized, actor_for_key
from accounts.access.permissions import Permission
from accounts.actions.api_keys import create_api_key, revoke_api_key
from accounts.kit import api_keys
from accounts.kit.errors import InvalidInput, NotFound, NotPermitted
from accounts.models import ApiKey, AuditEntry, Membership
from tests.support.cast import Cast


def test_a_key_has_the_promised_form_and_checks_itself() -> None:
    key = api_keys.generate()
    assert key.startswith("ps_live_")
    assert len(key) == 8 + 32 + 6
    assert api_keys.well_formed(key)
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    assert not api_keys.well_formed(wrong)
    assert not api_keys.well_formed(key + "x")
    assert not api_keys.well_formed("é" * 46)


def test_only_a_hash_is_stored(cast: Cast) -> None:
    row, key = create_api_key(cast.alice, name="Shop", scopes=["images:write"])
    stored = ApiKey.unscoped.filter(pk=row.pk).values().get()
    assert not any(key in str(value) for value in stored.values())
    assert row.prefix == key[:16]


def test_a_key_acts_with_its_scopes_and_its_makers_role(cast: Cast) -> None:
    actor = actor_for_key(cast.key(cast.alice, "images:write", "jobs:read"))
    assert actor.organization == cast.alice.organization
    assert actor.permissions == {Permission.IMAGES_WRITE, Permission.JOBS_READ}
    with pytest.raises(NotPermitted, match="credits:read"):
        actor.require(Permission.CREDITS_READ)
    key = cast.key(cast.alice)
    Membership.unscoped.filter(user=cast.alice.user).update(role="viewer")
    assert not actor_for_key(key).may(Permission.IMAGES_WRITE)


def test_a_key_without_a_good_checksum_costs_no_look_up(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    key = cast.key()
    with django_assert_num_queries(0), pytest.raises(Unauthorized, match="copied whole"):
        actor_for_key(key[:-1] + ("0" if key[-1] != "0" else "1"))


@pytest.mark.parametrize("end", ["revoked", "expired", "maker gone", "maker disabled"])
def test_a_key_that_has_ended_is_refused(cast: Cast, end: str) -> None:
    row, key = create_api_key(cast.alice, name="Shop", scopes=["*"])
    actor_for_key(key)
    if end == "revoked":
        revoke_api_key(cast.alice, key_id=row.pk)
    elif end == "expired":
        ApiKey.unscoped.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "maker gone":
        Membership.unscoped.filter(user=cast.alice.user).delete()
    else:
        cast.alice.user.is_active = False  # type: ignore[union-attr]
        cast.alice.user.save(update_fields=["is_active"])  # type: ignore[union-attr]
    with pytest.raises(Unauthorized):
        actor_for_key(key)


def test_editors_make_no_keys_and_strangers_revoke_none(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        create_api_key(cast.bob, name="Mine", scopes=["*"])
    assert not ApiKey.unscoped.exists()
    row, _ = create_api_key(cast.alice, name="Shop", scopes=["*"])
    with pytest.raises(NotFound):
        revoke_api_key(cast.charlie, key_id=row.pk)
    row.refresh_from_db()
    assert row.revoked_at is None


@pytest.mark.parametrize(
    ("name", "scopes", "field"), [("", ["*"], "name"), ("Shop", [], "scopes"), ("Shop", ["images:eat"], "scopes")]
)
def test_bad_input_names_its_field_and_makes_nothing(cast: Cast, name: str, scopes: list[str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_api_key(cast.alice, name=name, scopes=scopes)
    assert [error.field for error in caught.value.errors] == [field]
    assert not ApiKey.unscoped.exists()


def test_last_used_is_written_once_a_minute(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    key = cast.key()
    actor_for_key(key)
    with django_assert_num_queries(1):  # the key with its maker, organization and role; no write
        actor_for_key(key)


def test_making_and_revoking_are_audited_without_the_secret(cast: Cast) -> None:
    row, key = create_api_key(cast.alice, name="Shop", scopes=["*"])
    revoke_api_key(cast.alice, key_id=row.pk)
    revoke_api_key(cast.alice, key_id=row.pk)
    entries = AuditEntry.objects.of(cast.alice).filter(target_id=str(row.pk))
    assert [entry.action for entry in entries.order_by("pk")] == ["api_key.created", "api_key.revoked"]
    assert not any(key in str(entry.details) for entry in entries)
