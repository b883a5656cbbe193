"""Signing in through GitHub, GitLab and Google, each answering as it does. What they share: test_single_sign_on."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount import providers
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.urls import build_provider_urlpatterns
from django.test import Client
from django.urls import include, path

from accounts.models import Membership, User
from dashboard import single_sign_on, urls
from tests.support.cast import Cast
from tests.support.identity_provider import back_from
from tests.support.social_services import CLIENT_ID, SECRET, Person, SocialService, social_service

SERVICES = ("github", "gitlab", "google")
# GitLab names an address without saying whether it is confirmed: that is not enough to open somebody's account.
CONFIRMING = ("github", "google")
DORA, BOB = Person(1, "Dora Day", "dora@example.com"), Person(2, "Bob Bright", "bob@example.com")
SIGN_UP = "/accounts/3rdparty/signup/"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _running() -> Iterator[SocialService]:
    with social_service() as running:
        yield running


@pytest.fixture
def service(_running: SocialService, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SocialService]:
    """All three at one address. Which of them there are is read once at a start, so it is read again here."""
    wanted: dict[str, Any] = {}
    for name in SERVICES:
        wanted |= single_sign_on.service(name, CLIENT_ID, SECRET)
    wanted["gitlab"]["GITLAB_URL"] = _running.address
    settings.SOCIALACCOUNT_PROVIDERS = wanted
    settings.INSTALLED_APPS = [
        *settings.INSTALLED_APPS,
        *(app for app in single_sign_on.apps(wanted) if app not in settings.INSTALLED_APPS),
    ]
    for name, address in {
        "access_token_url": "/login/oauth/access_token",
        "authorize_url": "/login/oauth/authorize",
        "profile_url": "/api/v3/user",
        "emails_url": "/api/v3/user/emails",
    }.items():
        monkeypatch.setattr(GitHubOAuth2Adapter, name, _running.address + address)
    monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", f"{_running.address}/token")
    monkeypatch.setattr(GoogleOAuth2Adapter, "authorize_url", f"{_running.address}/o/oauth2/v2/auth")
    before = providers.registry.provider_map, providers.registry.loaded
    providers.registry.provider_map, providers.registry.loaded = type(before[0])(), False
    addresses = ModuleType("addresses_of_services")
    addresses.urlpatterns = [path("accounts/", include(build_provider_urlpatterns())), *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = addresses
    _running.person, _running.refuses, _running.broken = DORA, False, False
    _running.asked.clear()
    yield _running
    providers.registry.provider_map, providers.registry.loaded = before


def come(client: Client, service: SocialService, name: str, person: Person, query: str = "") -> Any:
    """Through the button, to the service, and back."""
    service.person = person
    there = client.get(f"/accounts/{name}/login/{query}")["Location"]
    assert there.startswith(service.address)
    return client.get(back_from(there))


def is_out(client: Client) -> bool:
    return bool(client.get("/jobs/").headers.get("Location", "").startswith("/accounts/login/"))


@pytest.mark.parametrize("name", SERVICES)
def test_somebody_new_names_their_organization_and_comes_back_to_it(
    client: Client, service: SocialService, name: str
) -> None:
    assert come(client, service, name, DORA)["Location"] == SIGN_UP
    assert DORA.email in client.get(SIGN_UP).content.decode()
    assert not User.objects.exists(), "nothing before the form is sent"
    client.post(SIGN_UP, {"email": DORA.email, "organization": "Dora's mugs"})
    person = Membership.unscoped.get(organization__name="Dora's mugs", role="owner").user
    assert (person.email, person.name, person.has_usable_password()) == (DORA.email, DORA.name, False)
    assert EmailAddress.objects.get(user=person, email=DORA.email).verified == (name in CONFIRMING)
    again = Client()
    assert come(again, service, name, DORA, "?next=/jobs/")["Location"] == "/jobs/"
    assert again.get("/jobs/").context["user"] == person


@pytest.mark.parametrize("name", SERVICES)
def test_an_account_is_opened_by_an_address_that_both_sides_have_confirmed(
    cast: Cast, client: Client, service: SocialService, name: str
) -> None:
    EmailAddress.objects.create(user=cast.bob.user, email=BOB.email, verified=True, primary=True)
    come(client, service, name, BOB)
    assert is_out(client) == (name not in CONFIRMING)
    assert SocialAccount.objects.filter(user=cast.bob.user, provider=name).exists() == (name in CONFIRMING)


@pytest.mark.parametrize("name", CONFIRMING)
@pytest.mark.parametrize(("here", "there"), [(False, True), (True, False)])
def test_an_address_that_one_side_has_not_confirmed_opens_nobodys_account(
    cast: Cast, client: Client, service: SocialService, name: str, here: bool, there: bool
) -> None:
    EmailAddress.objects.create(user=cast.bob.user, email=BOB.email, verified=here, primary=True)
    come(client, service, name, Person(2, BOB.name, BOB.email, confirmed=there))
    client.post(SIGN_UP, {"email": BOB.email, "organization": "Not Bob's"})
    assert is_out(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("name", SERVICES)
def test_whoever_is_refused_there_is_out_here(cast: Cast, client: Client, service: SocialService, name: str) -> None:
    service.refuses = True
    answer = come(client, service, name, DORA)
    assert answer["Location"] == "/accounts/3rdparty/login/cancelled/"
    service.refuses, service.broken = False, True
    answer = come(client, service, name, DORA)
    assert "That did not work" in answer.content.decode()
    assert "bad_verification_code" not in answer.content.decode()
    assert is_out(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("name", SERVICES)
def test_each_is_asked_for_no_more_than_it_takes(client: Client, service: SocialService, name: str) -> None:
    come(client, service, name, DORA)
    wanted = {"github": {"user:email"}, "gitlab": {"read_user"}, "google": {"openid", "profile", "email"}}
    assert set(service.asked[0]["scope"].split()) == wanted[name]
    assert service.asked[0]["redirect_uri"] == f"http://testserver/accounts/{name}/login/callback/"
