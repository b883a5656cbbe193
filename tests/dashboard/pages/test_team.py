"""The team page: members, roles, removing, leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.permissions import MEMBER_WORDS, ROLE_WORDS, SCOPE_WORDS, Permission, Role
from accounts.models import ApiKey, AuditEntry, Membership, User
from tests.support.api import Api
from tests.support.cast import Cast

As = Callable[[Actor], Client]


def membership(actor: Actor) -> Membership:
    return Membership.unscoped.get(organization=actor.organization, user=actor.user)


def address(actor: Actor, what: str = "") -> str:
    return f"/team/members/{membership(actor).pk}/{what}"


def test_everybody_sees_the_members_and_when_they_were_here(cast: Cast, as_: As) -> None:
    browser = Client()
    browser.force_login(cast.bob.user)  # type: ignore[arg-type]
    browser.get("/jobs/")
    page = as_(cast.victor).get("/team/").content.decode()
    assert "Org / Team Layer" in page
    for name in ("alice@example.com", "bob@example.com", "victor@example.com", "Editor", "Showing 1-3 of 3"):
        assert name in page
    assert "charlie@example.com" not in page
    assert membership(cast.bob).last_seen_at is not None
    assert membership(cast.alice).last_seen_at is None


def test_search_and_role_filter_the_list(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    part = client.get("/team/?q=BOB", headers={"HX-Request": "true"}).content.decode()
    assert "bob@example.com" in part
    assert "victor@example.com" not in part
    assert "<html" not in part
    page = client.get("/team/?role=viewer").content.decode()
    assert "victor@example.com" in page
    assert "bob@example.com" not in page
    assert "Nobody matches" in client.get("/team/?q=nobody").content.decode()


def test_an_owner_changes_a_role_and_it_is_recorded(cast: Cast, as_: As) -> None:
    answer = as_(cast.alice).post(address(cast.bob), {"role": "admin"}, follow=True)
    assert "Bob is an admin now." in answer.content.decode()
    entry = AuditEntry.objects.of(cast.alice).get(action="member.role_changed")
    assert entry.details == {
        "email": "bob@example.com",
        "before": {"role": "editor"},
        "after": {"role": "admin"},
    }
    assert (entry.user, entry.credential) == (cast.alice.user, "session")


@pytest.mark.parametrize("role", ["king", "", "owner"])
def test_an_admin_cannot_give_more_than_their_own_role(cast: Cast, as_: As, role: str) -> None:
    cast.bob_as(Role.ADMIN)
    answer = as_(cast.bob).post(address(cast.victor), {"role": role})
    assert answer.status_code == 400
    assert "field__error" in answer.content.decode()
    assert membership(cast.victor).role == "viewer"


def test_an_admin_cannot_touch_an_owner(cast: Cast, as_: As) -> None:
    cast.bob_as(Role.ADMIN)
    client = as_(cast.bob)
    assert client.post(address(cast.alice), {"role": "viewer"}).status_code == 403
    assert client.post(address(cast.alice, "remove/")).status_code == 403
    assert "Remove…" not in client.get(address(cast.alice)).content.decode()
    assert membership(cast.alice).role == "owner"


def test_editors_viewers_and_strangers_change_nobody(cast: Cast, as_: As) -> None:
    for actor, status in ((cast.bob, 403), (cast.victor, 403), (cast.charlie, 404)):
        client = as_(actor)
        assert client.post(address(cast.victor), {"role": "owner"}).status_code == status
        assert client.get(address(cast.victor)).status_code == (404 if status == 404 else 200)
        assert client.post(address(cast.victor, "remove/")).status_code == status
    assert membership(cast.victor).role == "viewer"
    assert not AuditEntry.objects.of(cast.alice).filter(action__startswith="member.").exists()


def test_the_last_owner_stays_an_owner(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    answer = client.post(address(cast.alice), {"role": "viewer"})
    assert answer.status_code == 409
    assert "You are the last owner" in answer.content.decode()
    for what in (address(cast.alice, "remove/"), "/team/leave/"):
        assert "You are the last owner" in client.post(what, follow=True).content.decode()
    assert membership(cast.alice).role == "owner"


def test_who_is_removed_is_out_at_once_and_nothing_is_lost(cast: Cast, as_: As) -> None:
    api = Api(cast.key(cast.bob_as(Role.ADMIN), "jobs:read"))
    browser = as_(cast.bob)
    assert api.get("/jobs").status_code == 200
    answer = as_(cast.alice).post(address(cast.bob, "remove/"), follow=True)
    assert "Bob is removed" in answer.content.decode()
    assert api.get("/jobs").status_code == 401
    assert "do not belong to an organization" in browser.get("/jobs/").content.decode()
    assert User.objects.filter(email="bob@example.com").exists()
    key = ApiKey.objects.of(cast.alice).get()
    entry = AuditEntry.objects.of(cast.alice).get(action="member.removed")
    assert key.revoked_at is not None
    assert entry.details["keys_revoked"] == [key.prefix]


def test_leaving(cast: Cast, as_: As) -> None:
    client = as_(cast.victor)
    assert "Leave…" in client.get(address(cast.victor)).content.decode()
    client.post("/team/leave/")
    assert client.get("/team/").status_code == 404
    assert AuditEntry.objects.of(cast.alice).get(action="member.left").user == cast.victor.user


def test_the_matrix_has_words_for_every_permission_and_role(cast: Cast, as_: As) -> None:
    assert set(SCOPE_WORDS) | set(MEMBER_WORDS) == set(Permission)
    assert set(ROLE_WORDS) == set(Role)
    page = as_(cast.victor).get("/team/roles/").content.decode()
    for permission in Permission:
        assert permission.value in page


def test_500_members_cost_as_many_queries_as_three(
    cast: Cast, as_: As, django_assert_max_num_queries: Callable[..., object]
) -> None:
    people = User.objects.bulk_create(User(email=f"p{n}@example.com", name=f"Person {n}") for n in range(500))
    Membership.unscoped.bulk_create(
        Membership(organization=cast.alice.organization, user=person, role="viewer") for person in people
    )
    client = as_(cast.alice)
    client.get("/team/")
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        page = client.get("/team/").content.decode()
    assert "Showing 1-50 of 503" in page
