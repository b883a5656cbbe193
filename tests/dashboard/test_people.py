"""Sign-up, sign-in, password reset, e-mail confirmation, several organizations."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import LedgerEntry, Membership, Organization, User
from tests.support.cast import PASSWORD, Cast

As = Callable[[Actor], Client]
NEW = {"email": "dora@example.com", "password1": "a long enough one", "organization": "Dora's mugs"}

pytestmark = pytest.mark.django_db


def test_signing_up_makes_an_organization_with_its_owner(client: Client) -> None:
    answer = client.post("/accounts/signup/", NEW, follow=True)
    assert answer.status_code == 200
    membership = Membership.unscoped.get(user__email="dora@example.com")
    assert (membership.role, membership.organization.name) == ("owner", "Dora's mugs")
    assert membership.organization.credit_balance == 100
    assert LedgerEntry.unscoped.get(organization=membership.organization).kind == "grant"
    assert client.get("/presets/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"organization": ""}, "organization"),
        ({"password1": "short"}, "password1"),
        ({"password1": "Packshot-Studio-2026"}, "password1"),
        ({"password1": "MyP4ck5h0t!!"}, "password1"),
        ({"email": "dora"}, "email"),
    ],
)
def test_a_refused_sign_up_makes_nothing_and_keeps_what_was_typed(
    client: Client, change: dict[str, str], field: str
) -> None:
    answer = client.post("/accounts/signup/", NEW | change)
    assert field in answer.context["form"].errors
    page = answer.content.decode()
    assert ("Dora&#x27;s mugs" in page) or "organization" in change
    assert not User.objects.exists()
    assert not Organization.objects.exists()


def test_a_sentence_may_hold_the_products_words(client: Client) -> None:
    client.post("/accounts/signup/", NEW | {"password1": "our studio smells of turpentine"})
    assert User.objects.filter(email=NEW["email"]).exists()


def test_sign_up_can_be_closed(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SIGN_UP_OPEN = False
    client.post("/accounts/signup/", NEW)
    assert not User.objects.exists()


def test_signing_in_and_out(cast: Cast, client: Client) -> None:
    wrong = client.post("/accounts/login/", {"login": "alice@example.com", "password": "wrong"})
    assert wrong.status_code == 200
    assert "alice@example.com" in wrong.content.decode()
    answer = client.post("/accounts/login/?next=/presets/", {"login": "alice@example.com", "password": PASSWORD})
    assert answer["Location"] == "/presets/"
    client.post("/accounts/logout/")
    assert client.get("/presets/").status_code == 302


def test_a_forgotten_password(cast: Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    (letter,) = mail.outbox
    address = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(letter.body))
    assert address is not None
    form = client.get(address[1], follow=True)
    target = form.redirect_chain[-1][0]
    client.post(target, {"password1": "another long one", "password2": "another long one"})
    assert client.login(email="alice@example.com", password="another long one")


def test_confirmation_is_asked_for_by_a_setting_alone(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.post("/accounts/signup/", NEW)
    assert client.get("/presets/").status_code == 302
    address = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[0].body))
    assert address is not None
    client.post(address[1])
    client.post("/accounts/login/", {"login": NEW["email"], "password": NEW["password1"]})
    assert client.get("/presets/").status_code == 200


def test_switching_between_ones_organizations(cast: Cast, as_: As) -> None:
    assert cast.bob.user is not None
    Membership.unscoped.create(organization=cast.charlie.organization, user=cast.bob.user, role="viewer")
    client = as_(cast.bob)
    assert client.get("/presets/").context["organization"] == cast.alice.organization
    client.post("/organizations/switch/", {"organization": str(cast.charlie.organization.pk)})
    page = client.get("/presets/")
    assert page.context["organization"] == cast.charlie.organization
    assert page.context["actor"].role == "viewer"


def test_nobody_switches_into_an_organization_of_others(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    for wanted in (str(cast.charlie.organization.pk), "nonsense", ""):
        assert client.post("/organizations/switch/", {"organization": wanted}).status_code == 404
    assert client.get("/presets/").context["organization"] == cast.alice.organization
