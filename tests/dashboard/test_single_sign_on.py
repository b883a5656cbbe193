"""Signing in through another service: a local OpenID Connect provider, and whose accounts it opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import ApiKey, AuditEntry, Membership, User
from dashboard import single_sign_on
from tests.support.cast import PASSWORD, Cast
from tests.support.identity_provider import CLIENT_ID, SECRET, IdentityProvider, back_from, identity_provider
from tests.support.signing_in import just_signed_in

DORA = {"sub": "d-1", "email": "dora@example.com", "email_verified": True, "name": "Dora Day"}
BOB = {"sub": "b-1", "email": "bob@example.com", "email_verified": True, "name": "Bob"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with identity_provider() as running:
        settings.SOCIALACCOUNT_PROVIDERS = single_sign_on.oidc("Example ID", running.issuer, CLIENT_ID, SECRET)
        yield running


def come(client: Client, provider: IdentityProvider, person: dict[str, Any], query: str = "") -> Any:
    """Through the button, to the provider, and back."""
    provider.person = person
    there = client.get(f"/accounts/oidc/sso/login/{query}")["Location"]
    assert there.startswith(f"{provider.issuer}/authorize?")
    return client.get(back_from(there))


def test_the_button_is_there_only_where_it_is_set(client: Client, cast: Cast, provider: IdentityProvider) -> None:
    page = client.get("/accounts/login/?next=/jobs/").content.decode()
    assert "Continue with Example ID" in page
    assert "/accounts/oidc/sso/login/?next=%2Fjobs%2F" in page


def test_without_settings_there_is_neither_button_nor_address(client: Client, cast: Cast) -> None:
    assert "Continue with" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/sso/login/").status_code == 404
    assert client.get("/accounts/google/login/").status_code == 404


def test_somebody_new_names_their_organization_and_comes_back_to_it(client: Client, provider: IdentityProvider) -> None:
    assert come(client, provider, DORA)["Location"] == "/accounts/3rdparty/signup/"
    page = client.get("/accounts/3rdparty/signup/").content.decode()
    assert "dora@example.com" in page
    assert not User.objects.exists(), "nothing before the form is sent"
    client.post("/accounts/3rdparty/signup/", {"email": DORA["email"], "organization": "Dora's mugs"})
    person = Membership.unscoped.get(organization__name="Dora's mugs", role="owner").user
    assert (person.email, person.name, person.has_usable_password()) == ("dora@example.com", "Dora Day", False)
    assert EmailAddress.objects.get(user=person).verified
    again = Client()
    assert come(again, provider, DORA, "?next=/jobs/")["Location"] == "/jobs/"
    assert again.get("/jobs/").context["user"] == person


def test_closed_sign_up_is_closed_here_too(client: Client, provider: IdentityProvider, settings: Any) -> None:
    settings.SIGN_UP_OPEN = False
    come(client, provider, DORA)
    client.post("/accounts/3rdparty/signup/", {"email": DORA["email"], "organization": "Dora's mugs"})
    assert not User.objects.exists()


@pytest.mark.parametrize(("here", "there"), [(False, True), (True, False), (False, False)])
def test_an_address_not_confirmed_on_both_sides_opens_nobodys_account(
    cast: Cast, client: Client, provider: IdentityProvider, here: bool, there: bool
) -> None:
    EmailAddress.objects.create(user=cast.bob.user, email="bob@example.com", verified=here, primary=True)
    come(client, provider, BOB | {"email_verified": there})
    assert client.get("/jobs/")["Location"].startswith("/accounts/login/")
    client.post("/accounts/3rdparty/signup/", {"email": "bob@example.com", "organization": "Not Bob's"})
    assert client.get("/jobs/")["Location"].startswith("/accounts/login/")
    assert not SocialAccount.objects.exists()
    assert User.objects.get(email="bob@example.com").check_password(PASSWORD)


def test_an_address_confirmed_on_both_sides_opens_the_account(
    cast: Cast, client: Client, provider: IdentityProvider, django_capture_on_commit_callbacks: Any
) -> None:
    EmailAddress.objects.create(user=cast.bob.user, email="bob@example.com", verified=True, primary=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert come(client, provider, BOB)["Location"] == "/"
    assert client.get("/jobs/").context["user"] == cast.bob.user
    assert User.objects.get(email="bob@example.com").check_password(PASSWORD), "the password stays"
    assert AuditEntry.unscoped.filter(action="sign_in.service_connected", user=cast.bob.user).count() == 1
    # The address may change there from now on: it is the same person.
    assert come(Client(), provider, BOB | {"email": "robert@example.com"})["Location"] == "/"


def test_a_link_connects_no_stranger_to_who_is_signed_in(
    cast: Cast, client: Client, provider: IdentityProvider
) -> None:
    client.force_login(cast.bob.user)  # type: ignore[arg-type]
    answer = come(client, provider, DORA, "?process=connect")
    assert answer["Location"] == "/settings/security/"
    assert not SocialAccount.objects.exists()


def test_a_way_back_that_nobody_began_opens_nothing(cast: Cast, client: Client, provider: IdentityProvider) -> None:
    provider.person = DORA
    there = back_from(client.get("/accounts/oidc/sso/login/")["Location"])
    assert "That did not work" in Client().get(there).content.decode(), "another browser"
    assert not SocialAccount.objects.exists()


def test_who_has_no_password_proves_it_there_and_the_form_goes_on(client: Client, provider: IdentityProvider) -> None:
    come(client, provider, DORA)
    client.post("/accounts/3rdparty/signup/", {"email": DORA["email"], "organization": "Dora's mugs"})
    just_signed_in(client, User.objects.get(), minutes_ago=24 * 60)
    asked = client.post("/api-keys/", {"name": "Sync", "scopes": ["jobs:read"], "expires": "never", "mode": "live"})
    assert asked["Location"].startswith("/accounts/oidc/sso/login/?")
    there = client.get(asked["Location"])["Location"]
    assert "prompt=login" in there, "a sign-in that is still open there is no proof"
    back = client.get(back_from(there))["Location"]
    assert not ApiKey.unscoped.exists()
    assert "ps_live_" in client.get(back).content.decode()
    assert ApiKey.unscoped.get().name == "Sync"
    client.get(back)
    assert ApiKey.unscoped.count() == 1, "once"


def test_the_proof_of_somebody_else_is_none(cast: Cast, client: Client, provider: IdentityProvider) -> None:
    come(client, provider, DORA)
    client.post("/accounts/3rdparty/signup/", {"email": DORA["email"], "organization": "Dora's mugs"})
    just_signed_in(client, User.objects.get(email=DORA["email"]), minutes_ago=24 * 60)
    asked = client.post("/api-keys/", {"name": "Sync", "scopes": ["jobs:read"], "expires": "never", "mode": "live"})
    provider.person = BOB
    client.get(back_from(client.get(asked["Location"])["Location"]))
    client.get("/settings/security/go-on/?next=%2Fapi-keys%2F")
    assert not ApiKey.unscoped.exists()


@pytest.mark.parametrize("address", ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
def test_who_has_no_password_adds_a_factor_after_a_proof_there(
    client: Client, provider: IdentityProvider, address: str
) -> None:
    come(client, provider, DORA)
    client.post("/accounts/3rdparty/signup/", {"email": DORA["email"], "organization": "Dora's mugs"})
    just_signed_in(client, User.objects.get(), minutes_ago=24 * 60)
    asked = client.get(address)
    assert asked["Location"].startswith("/accounts/oidc/sso/login/?")
    assert client.get(back_from(client.get(asked["Location"])["Location"]))["Location"] == address
    assert client.get(address).status_code == 200


def test_who_has_no_password_sets_one_after_a_proof_there(client: Client, provider: IdentityProvider) -> None:
    come(client, provider, DORA)
    client.post("/accounts/3rdparty/signup/", {"email": DORA["email"], "organization": "Dora's mugs"})
    just_signed_in(client, User.objects.get(), minutes_ago=24 * 60)
    form = {"password1": PASSWORD, "password2": PASSWORD}
    asked = client.post("/accounts/password/set/", form)
    assert asked["Location"].startswith("/accounts/oidc/sso/login/?")
    assert not User.objects.get().has_usable_password()
    client.get(back_from(client.get(asked["Location"])["Location"]))
    client.post("/accounts/password/set/", form)
    assert User.objects.get().check_password(PASSWORD)
