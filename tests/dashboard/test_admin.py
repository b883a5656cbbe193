"""The operator's admin: for staff alone, without secrets, with little to change; plans and notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.actions.api_keys import create_api_key, revoke_api_key
from accounts.actions.invitations import invite
from accounts.kit.errors import Conflict
from accounts.models import ApiKey, AuditEntry, Invitation, LedgerEntry, Notice, Organization, Plan, User
from dashboard.admin_site import site
from integrations.models import Connection
from integrations.models.connection import sealed
from tests.support.cast import Cast

As = Callable[[Actor], Client]


@pytest.fixture
def operator(cast: Cast, as_: As) -> Client:
    User.objects.filter(pk=cast.charlie.user.pk if cast.charlie.user else 0).update(is_staff=True)
    return as_(cast.charlie)


def test_nobody_else_knows_of_it(cast: Cast, as_: As) -> None:
    for path in ("/admin/", "/admin/accounts/user/", "/admin/accounts/apikey/1/change/", "/admin/nothing/"):
        assert as_(cast.alice).get(path).status_code == 404, path
        assert Client().get(path)["Location"].startswith("/accounts/login/"), path
    assert "/admin/" not in as_(cast.alice).get("/").content.decode()


def test_every_kind_of_row_has_its_list_and_no_secret(cast: Cast, operator: Client) -> None:
    row, key = create_api_key(cast.alice, name="Import", scopes=["*"])
    shop = Connection.unscoped.create(
        organization=cast.alice.organization, marketplace="woocommerce", name="Shop", address="https://example.com",
        credentials=sealed({"consumer_secret": "cs_planted"}), masked="ck_…1234",
    )  # fmt: skip
    assert "/admin/" in operator.get("/").content.decode()
    index = operator.get("/admin/").content.decode()
    assert "Audit entries" in index
    assert "Webhook deliveries" in index
    assert "img/favicon" in index
    for model in apps.get_models():
        if site.is_registered(model):
            answer = operator.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
            assert answer.status_code == 200, model
    for path in (f"accounts/apikey/{row.pk}", f"integrations/connection/{shop.pk}"):
        page = operator.get(f"/admin/{path}/change/").content.decode()
        assert str(row.prefix) in page or "ck_…1234" in page
        for planted in (key, row.digest, shop.credentials, "cs_planted"):
            assert planted not in page
        assert "_save" not in page


def test_what_is_looked_at_cannot_be_changed(cast: Cast, operator: Client) -> None:
    row, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    path = f"/admin/accounts/apikey/{row.pk}/"
    assert operator.post(f"{path}change/", {"name": "Mine"}).status_code == 403
    assert operator.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    assert operator.post("/admin/accounts/ledgerentry/add/", {"amount": 5}).status_code == 403
    assert ApiKey.unscoped.get(pk=row.pk).name == "Import"


def test_somebody_is_shut_out_but_nobody_themselves(cast: Cast, operator: Client) -> None:
    alice, me = cast.alice.user, cast.charlie.user
    assert alice
    assert me
    operator.post(f"/admin/accounts/user/{alice.pk}/change/", {"email": "x@example.com"})
    found = User.objects.get(pk=alice.pk)
    assert (found.is_active, found.email) == (False, "alice@example.com")
    assert operator.post(f"/admin/accounts/user/{me.pk}/change/", {}).status_code == 403


def test_a_plan_brings_its_credits_and_its_limits(cast: Cast, operator: Client) -> None:
    operator.post(
        "/admin/accounts/plan/add/", {"name": "Small", "monthly_credits": "50", "members": "4", "api_keys": "1"}
    )
    plan = Plan.objects.get()
    operator.post(
        f"/admin/accounts/organization/{cast.alice.organization.pk}/change/", {"plan": plan.pk, "name": "Mine"}
    )
    there = Organization.objects.get(pk=cast.alice.organization.pk)
    assert (there.plan, there.name, there.credit_balance, there.monthly_credits) == (plan, "Alice's shop", 150, 50)
    assert LedgerEntry.objects.of(cast.alice).filter(month__isnull=False).count() == 1
    told = AuditEntry.objects.of(cast.alice).get(action="organization.plan_changed")
    assert (told.user, told.details["after"]) == (cast.charlie.user, {"plan": "Small"})
    first, _ = create_api_key(cast.alice, name="Import", scopes=["*"])
    with pytest.raises(Conflict, match="The plan Small has room for 1 API key that works, and 1 are there"):
        create_api_key(cast.alice, name="Second", scopes=["*"])
    revoke_api_key(cast.alice, key_id=first.pk)
    create_api_key(cast.alice, name="Second", scopes=["*"])
    with pytest.raises(Conflict, match="4 members"):
        invite(cast.alice, emails=["a@example.com", "b@example.com"], role="viewer")
    assert not Invitation.unscoped.exists()
    invite(cast.alice, emails=["a@example.com"], role="viewer")
    create_api_key(cast.charlie, name="Without a plan", scopes=["*"])


def test_the_page_of_keys_says_that_the_plan_is_full(cast: Cast, as_: As) -> None:
    Organization.objects.filter(pk=cast.alice.organization.pk).update(plan=Plan.objects.create(name="None", api_keys=0))
    answer = as_(cast.alice).post("/api-keys/", {"name": "Import", "scopes": ["images:read"]})
    assert answer.status_code == 409
    assert "Ask for a larger plan" in answer.content.decode()
    assert 'value="Import"' in answer.content.decode()


def test_a_notice_stands_on_every_page_between_its_moments(cast: Cast, as_: As, operator: Client) -> None:
    now = timezone.now()
    Notice.objects.create(title="Not yet", starts_at=now + timedelta(hours=1))
    Notice.objects.create(title="Long past", starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    Notice.objects.create(
        title="Maintenance <tonight>", text="From 22:00.", tone="warning", ends_at=now + timedelta(hours=1)
    )
    for client, path in ((as_(cast.victor), "/library/"), (Client(), "/accounts/login/")):
        page = client.get(path).content.decode()
        assert "Maintenance &lt;tonight&gt;" in page
        assert "Not yet" not in page
        assert "Long past" not in page
