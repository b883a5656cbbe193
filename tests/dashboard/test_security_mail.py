"""The e-mails about what happens to an account: sent by a worker, with what, when, where and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from tests.dashboard.test_two_factor import SIGN_IN, add_app, code, codes_shown
from tests.support.cast import PASSWORD, Cast
from tests.support.task_queue import forget_sent, run_sent

As = Callable[[Actor], Client]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Callable[..., list[EmailMessage]]:
    """The e-mails that come of doing something."""
    forget_sent()
    mail.outbox.clear()

    def told_of(work: Callable[[], object]) -> list[EmailMessage]:
        with django_capture_on_commit_callbacks(execute=True):
            work()
        assert mail.outbox == [], "nobody waits for the mail server"
        run_sent()
        sent, mail.outbox[:] = list(mail.outbox), []
        return sent

    return told_of


def subjects(letters: list[EmailMessage]) -> list[str]:
    assert all(letter.to == ["bob@example.com"] for letter in letters)
    return [str(letter.subject) for letter in letters]


def test_a_new_browser_is_announced_once(cast: Cast, told: Callable[..., list[EmailMessage]]) -> None:
    first, second = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": FIREFOX})
    assert subjects(told(lambda: first.post("/accounts/login/", SIGN_IN))) == [], "the very first sign-in"
    (letter,) = told(lambda: second.post("/accounts/login/", SIGN_IN, REMOTE_ADDR="203.0.113.9"))
    assert subjects([letter]) == ["A new sign-in to your account"]
    for words in ("Firefox on Windows", "203.0.113.9", "http://testserver/accounts/password/reset/", "UTC"):
        assert words in str(letter.body)
    assert AuditEntry.unscoped.filter(action="sign_in.new_browser", user=cast.bob.user).count() == 1
    second.post("/accounts/logout/")
    assert told(lambda: second.post("/accounts/login/", SIGN_IN)) == []


def test_after_signing_out_everywhere_every_browser_is_new(cast: Cast, told: Callable[..., list[EmailMessage]]) -> None:
    client = Client()
    client.post("/accounts/login/", SIGN_IN)
    client.post("/settings/sessions/")
    client.post("/accounts/logout/")
    assert len(told(lambda: client.post("/accounts/login/", SIGN_IN))) == 1


def test_a_wrong_password_is_announced_to_nobody(cast: Cast, told: Callable[..., list[EmailMessage]]) -> None:
    Client().post("/accounts/login/", SIGN_IN)
    assert told(lambda: Client().post("/accounts/login/", SIGN_IN | {"password": "wrong"})) == []


def test_two_factor_is_told_of(cast: Cast, as_: As, told: Callable[..., list[EmailMessage]]) -> None:
    client = as_(cast.bob)
    secret: list[str] = []
    assert subjects(told(lambda: secret.append(add_app(client)))) == ["An authenticator app was added to your account"]
    codes = codes_shown(client)

    def use_a_code() -> None:
        client.post("/accounts/2fa/reauthenticate/", {"code": codes[0]})

    (letter,) = told(use_a_code)
    assert subjects([letter]) == ["A recovery code of your account was used"]
    assert "9 are left" in str(letter.body)
    assert told(lambda: client.post("/accounts/2fa/reauthenticate/", {"code": code(secret[0], 1)})) == []
    made = told(lambda: client.post("/accounts/2fa/recovery-codes/generate/"))
    assert subjects(made) == ["New recovery codes were made for your account"]
    removed = told(lambda: client.post("/accounts/2fa/totp/deactivate/"))
    assert subjects(removed) == ["The authenticator app was removed from your account"]
    done = set(AuditEntry.unscoped.filter(user=cast.bob.user).values_list("action", flat=True))
    assert done >= {"two_factor.app_added", "two_factor.code_used", "two_factor.codes_made", "two_factor.app_removed"}


def test_a_changed_password_is_told_of(cast: Cast, as_: As, told: Callable[..., list[EmailMessage]]) -> None:
    client = as_(cast.bob)
    form = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
    assert subjects(told(lambda: client.post("/accounts/password/change/", form))) == ["Your password was changed"]
    assert AuditEntry.unscoped.filter(action="password.changed", user=cast.bob.user).count() == 1


def test_a_key_is_told_of_to_its_maker(cast: Cast, as_: As, told: Callable[..., list[EmailMessage]]) -> None:
    client = as_(cast.alice)
    form = {"name": "Shop & <sync>", "scopes": ["jobs:read"], "expires": "never", "mode": "live"}
    (letter,) = told(lambda: client.post("/api-keys/", form))
    assert letter.to == ["alice@example.com"]
    assert letter.subject == "An API key was made with your account"
    assert "The API key Shop & <sync> (ps_live_" in str(letter.body)
    assert told(lambda: client.post("/api-keys/", form | {"name": ""})) == []
