"""Two-factor authentication: an app, recovery codes, and an organization that asks it of everybody."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import Fernet
from django.core import signing
from django.core.management import call_command
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.models import ApiKey, AuditEntry, Membership, Organization, User
from tests.support.api import Api
from tests.support.cast import PASSWORD, Cast
from tests.support.signing_in import just_signed_in

As = Callable[[Actor], Client]
ADD, REMOVE = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"
CODES = "/accounts/2fa/recovery-codes/"
SIGN_IN = {"login": "bob@example.com", "password": PASSWORD}

pytestmark = pytest.mark.django_db


def code(secret: str, steps: int = 0) -> str:
    """What the app shows, `steps` of 30 seconds from now: each code works once."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def add_app(client: Client) -> str:
    """The secret of the app that is added as a person does it."""
    secret = client.get(ADD).context["form"].secret
    answer = client.post(ADD, {"code": code(secret)})
    assert answer["Location"] == CODES
    return str(secret)


def codes_shown(client: Client) -> list[str]:
    return re.findall(r"^(\d{10})$", client.get(CODES).content.decode().replace(">", ">\n"), re.MULTILINE)


def test_an_app_is_added_and_asked_for_at_the_next_sign_in(cast: Cast, as_: As, client: Client) -> None:
    secret = add_app(as_(cast.bob))
    row = Authenticator.objects.get(user=cast.bob.user, type="totp")
    assert secret not in str(row.data), "encrypted"
    answer = client.post("/accounts/login/?next=/jobs/", SIGN_IN)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/jobs/")["Location"].startswith("/accounts/login/"), "the password alone opens nothing"
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This is not the code" in wrong.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": code(secret, 1)})["Location"] == "/jobs/"
    assert client.get("/jobs/").status_code == 200


def test_a_wrong_code_adds_nothing(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    client.get(ADD)
    answer = client.post(ADD, {"code": "000000"})
    assert "This is not the code" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert not AuditEntry.unscoped.filter(action__startswith="two_factor.").exists()


def test_an_address_that_is_not_confirmed_adds_nothing(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "dora@example.com", "password1": PASSWORD, "organization": "Mugs"})
    assert "Confirm your e-mail address first" in client.get("/settings/security/").content.decode()
    secret = client.get(ADD).context["form"].secret
    answer = client.post(ADD, {"code": code(secret)})
    assert "Confirm your e-mail address first" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once_and_work_once(cast: Cast, as_: As, client: Client) -> None:
    browser = as_(cast.bob)
    add_app(browser)
    codes = codes_shown(browser)
    assert len(codes) == 10
    assert codes_shown(browser) == []
    assert browser.get(f"{CODES}download/").status_code == 403
    for expected in (200, 302):  # a used one; one of the others
        client.post("/accounts/login/", SIGN_IN)
        if expected == 200:
            client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
            client.post("/accounts/logout/")
            client.post("/accounts/login/", SIGN_IN)
        used = codes[0] if expected == 200 else codes[1]
        assert client.post("/accounts/2fa/authenticate/", {"code": used}).status_code == expected
        client.post("/accounts/logout/")
    assert AuditEntry.unscoped.filter(action="two_factor.code_used").count() == 2
    assert "8 of 10 left" in browser.get("/settings/security/").content.decode()


def test_new_encryption_keys_keep_app_and_codes_working(cast: Cast, as_: As, client: Client, settings: Any) -> None:
    browser = as_(cast.bob)
    secret = add_app(browser)
    codes = codes_shown(browser)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    call_command("rotate_field_encryption")
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    for proof in (code(secret, 1), codes[0]):
        client.post("/accounts/login/", SIGN_IN)
        assert client.post("/accounts/2fa/authenticate/", {"code": proof})["Location"] == "/"
        client.post("/accounts/logout/")


def test_removing_the_app_turns_it_off(cast: Cast, as_: As, client: Client) -> None:
    browser = as_(cast.bob)
    add_app(browser)
    assert browser.get(REMOVE).status_code == 200
    browser.post(REMOVE)
    assert not Authenticator.objects.exists(), "recovery codes go with the last factor"
    assert client.post("/accounts/login/", SIGN_IN)["Location"] == "/"


def test_what_happens_is_written_into_every_organization_of_the_person(
    cast: Cast,
    as_: As,
    django_capture_on_commit_callbacks: Any,
) -> None:
    assert cast.bob.user is not None
    Membership.unscoped.create(organization=cast.charlie.organization, user_id=cast.bob.user.pk, role="viewer")
    with django_capture_on_commit_callbacks(execute=True):
        add_app(as_(cast.bob))
    entries = AuditEntry.unscoped.filter(action="two_factor.app_added")
    assert {entry.organization for entry in entries} == {cast.alice.organization, cast.charlie.organization}
    assert {entry.user for entry in entries} == {cast.bob.user}


# -- required by an organization ----------------------------------------------------------------


def require(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.alice.organization.pk).update(two_factor_required=True)


def required(cast: Cast) -> bool:
    return Organization.objects.get(pk=cast.alice.organization.pk).two_factor_required


RULE = "/settings/organization/two-factor/"


def test_an_owner_requires_it_once_they_have_it(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    client.post(RULE, {"required": "1"})
    assert not required(cast), "they would have locked themselves out"
    add_app(client)
    client.post(RULE, {"required": "1"})
    assert required(cast)
    assert AuditEntry.unscoped.filter(action="organization.two_factor_required").count() == 1
    client.post(RULE, {"required": "0"})
    assert not required(cast)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR, Role.VIEWER])
def test_only_owners_require_it(cast: Cast, as_: As, role: Role) -> None:
    client = as_(cast.bob_as(role))
    add_app(client)
    assert client.post(RULE, {"required": "1"}).status_code == 403
    assert not required(cast)


def test_members_without_it_are_led_to_it_and_back(cast: Cast, as_: As) -> None:
    require(cast)
    client = as_(cast.bob)
    for address in ("/", "/jobs/?state=failed", "/settings/", "/team/", "/library/"):
        there = client.get(address)
        assert there.status_code == 302, address
        assert there["Location"].startswith("/settings/security/?next="), address
    part = client.get("/jobs/live/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/jobs/")
    assert part["HX-Redirect"].startswith("/settings/security/")
    page = client.get("/settings/security/?next=/jobs/%3Fstate%3Dfailed")
    assert page.status_code == 200
    assert page.context["actor"] is None
    assert "Alice&#x27;s shop asks everybody for it" in page.content.decode()
    add_app(client)
    assert client.get("/settings/security/?done")["Location"] == "/jobs/?state=failed"
    assert client.get("/jobs/?state=failed").status_code == 200


def test_members_without_it_change_nothing(cast: Cast, as_: As) -> None:
    require(cast)
    client = as_(cast.alice)
    answer = client.post("/api-keys/", {"name": "x", "scopes": ["*"]})
    assert answer["Location"] == "/settings/security/?next=%2F"
    assert not ApiKey.objects.of(cast.alice).exists()
    assert client.post(RULE, {"required": "0"}).status_code == 302
    assert required(cast)


def test_keys_and_other_organizations_go_on(cast: Cast, as_: As) -> None:
    key = cast.key()
    require(cast)
    assert Api(key).get("/jobs").status_code == 200
    assert cast.bob.user is not None
    Membership.unscoped.create(organization=cast.charlie.organization, user_id=cast.bob.user.pk, role="viewer")
    client = as_(cast.bob)
    assert "Charlie&#x27;s shop" in client.get("/settings/security/").content.decode()
    client.post("/organizations/switch/", {"organization": str(cast.charlie.organization.pk)})
    assert client.get("/jobs/").context["organization"] == cast.charlie.organization


# -- proof again --------------------------------------------------------------------------------

KEY = {"name": "Shop & <sync>", "scopes": ["images:read", "jobs:read"], "expires": "never", "mode": "live"}


@pytest.fixture
def stale(cast: Cast, as_: As) -> Client:
    """Alice, signed in since yesterday."""
    client = as_(cast.alice)
    just_signed_in(client, cast.alice.user, minutes_ago=24 * 60)  # type: ignore[arg-type]
    return client


def names(cast: Cast) -> list[str]:
    return list(ApiKey.objects.of(cast.alice).values_list("name", flat=True))


def test_an_old_sign_in_makes_a_key_after_the_password_with_nothing_lost(cast: Cast, stale: Client) -> None:
    asked = stale.post("/api-keys/", KEY)
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Fapi-keys%2F"
    assert names(cast) == []
    assert "Shop" not in str(stale.session["account_reauthentication_state"]), "what was typed is kept encrypted"
    wrong = stale.post("/accounts/reauthenticate/", {"password": "wrong", "next": "/api-keys/"})
    assert wrong.status_code == 200
    assert names(cast) == []
    made = stale.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/api-keys/"})
    assert names(cast) == ["Shop & <sync>"]
    assert "ps_live_" in made.content.decode()
    stale.post("/api-keys/", KEY | {"name": "second"})
    assert len(names(cast)) == 2, "for a while nothing more is asked"


def test_what_was_laid_aside_runs_for_its_own_errand_alone(cast: Cast, stale: Client) -> None:
    stale.post("/api-keys/", KEY)
    there = stale.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    assert there["Location"] == "/accounts/2fa/totp/activate/"
    assert names(cast) == []


def test_a_part_of_a_page_is_led_there_too(stale: Client, cast: Cast) -> None:
    answer = stale.post("/api-keys/", KEY, HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"].startswith("/accounts/reauthenticate/")
    assert names(cast) == []


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/webhooks/", {"url": "https://example.com/hook", "events": ["job.failed"]}),
        ("/webhooks/default-secret/", {"overlap": "24"}),
        ("/integrations/connect/woocommerce/", {"name": "x"}),
        ("/settings/organization/two-factor/", {"required": "1"}),
        ("/team/invitations/", {"emails": "new@example.com", "role": "owner"}),
        ("/settings/organization/close/hand-over/", {"email": "bob@example.com"}),
    ],
)
def test_what_is_dangerous_asks_again(stale: Client, address: str, form: dict[str, str]) -> None:
    before = AuditEntry.unscoped.count()
    assert stale.post(address, form)["Location"].startswith("/accounts/reauthenticate/")
    assert AuditEntry.unscoped.count() == before


def test_an_owner_is_made_after_proof_and_an_editor_without(cast: Cast, stale: Client) -> None:
    row = Membership.unscoped.get(user=cast.bob.user)
    asked = stale.post(f"/team/members/{row.pk}/", {"role": "owner"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    row.refresh_from_db()
    assert row.role == "editor"
    stale.post(f"/team/members/{row.pk}/", {"role": "viewer"})
    row.refresh_from_db()
    assert row.role == "viewer"


def test_the_default_secret_of_webhooks_is_not_shown_to_an_old_sign_in(cast: Cast, stale: Client, as_: As) -> None:
    assert "whsec_" not in stale.get("/webhooks/").content.decode()
    assert "whsec_" in as_(cast.alice).get("/webhooks/").content.decode()


def test_the_app_of_an_account_proves_it_too(cast: Cast, stale: Client, as_: As) -> None:
    secret = add_app(as_(cast.alice))
    stale.post("/api-keys/", KEY)
    stale.post("/accounts/2fa/reauthenticate/", {"code": code(secret, 1), "next": "/api-keys/"})
    assert len(names(cast)) == 1


# -- wrong passwords ----------------------------------------------------------------------------


def fail(client: Client, times: int, ip: str) -> str:
    for _ in range(times):
        page = client.post("/accounts/login/", SIGN_IN | {"password": "wrong"}, REMOTE_ADDR=ip).content.decode()
    return page


def test_a_stranger_who_guesses_shuts_out_themselves_alone(cast: Cast) -> None:
    stranger, bob = Client(), Client()
    assert "Too many" not in fail(stranger, 5, "203.0.113.9")
    assert "Too many" in fail(stranger, 1, "203.0.113.9")
    assert stranger.post("/accounts/login/", SIGN_IN, REMOTE_ADDR="203.0.113.9").status_code == 200, "not even rightly"
    assert bob.post("/accounts/login/", SIGN_IN, REMOTE_ADDR="203.0.113.10").status_code == 302


def test_a_browser_that_is_known_signs_in_beside_a_guesser_at_the_same_address(cast: Cast) -> None:
    bob, stranger = Client(), Client()
    bob.post("/accounts/login/", SIGN_IN, REMOTE_ADDR="203.0.113.9")
    bob.post("/accounts/logout/")
    fail(stranger, 6, "203.0.113.9")
    assert bob.post("/accounts/login/", SIGN_IN, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_made_up_cookie_makes_no_browser_known(cast: Cast) -> None:
    stranger = Client()
    value = signing.dumps({"browser": "x", "people": {str(cast.bob.user.pk): 0}}, salt="guessed")  # type: ignore[union-attr]
    stranger.cookies["known_browser"] = value
    fail(stranger, 5, "203.0.113.9")
    assert "Too many" in fail(stranger, 1, "203.0.113.9")


def test_wrong_passwords_of_many_accounts_from_one_address_end(cast: Cast) -> None:
    guesser = Client()
    for number in range(30):
        guesser.post("/accounts/login/", {"login": f"{number}@example.com", "password": "x"}, REMOTE_ADDR="203.0.113.9")
    assert "Too many" in fail(guesser, 1, "203.0.113.9")
    assert User.objects.get(email="bob@example.com").last_login is None
