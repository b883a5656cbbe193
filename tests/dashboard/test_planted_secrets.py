"""Secrets of people and programs are planted, the product is used and broken, and none turns up where it is not named:
not in logs, errors, pages, exports, webhooks, e-mails, the queue, sessions or plain columns."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as installation
from django.core import mail
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.permissions import SCOPES
from accounts.models import ApiKey, User, WebhookEndpoint
from processing.models import Job, JobImage
from tests.support.access_walk import address, table
from tests.support.api import photo
from tests.support.cast import Cast
from tests.support.discord import Person, discord
from tests.support.finished import Photo, job_of
from tests.support.in_process_worker import run_all
from tests.support.one_of_each import one_of_each
from tests.support.planted_secrets import Planted, broken, heard, waiting_messages
from tests.support.receiver import Receiver, deliver_due, receiver
from tests.support.signing_in import just_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Commit = Callable[..., Any]

# Where each is told to whom it belongs: shown once, or in a letter to its owner alone.
NAMED = {
    "the link of an invitation": {"an e-mail", "the invitation's own page"},
    "the link of a new password": {"an e-mail", "the reset's own page", "a session"},
    "the link of a review": {"the review is made", "the review's own page"},
    "the webhook secret": {"the endpoint is made"},
    "the webhook secret after": {"the secret is rotated"},
    "the default webhook secret": {"GET /webhooks/", "the endpoint is made"},
    "the app's seed": {"the app is added", "a wrong code", "a session"},
    **{f"recovery code {number}": {"the codes are shown"} for number in range(10)},
    **{f"a key for {scope.value}": {"a key is made"} for scope in SCOPES},
    "a rotated key": {"a key is rotated"},
    "a token for a key": {"a token is made"},
    "an access token": {"a token is made"},
}


@pytest.fixture
def peer(settings: Any) -> Iterator[Receiver]:
    """Repeats in its answer what it was sent, as many do in their errors."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with receiver() as running:
        yield running


class Story:
    """One organization, its people and programs, and what they are told."""

    def __init__(self, cast: Cast, as_: Callable[[Actor], Client], commit: Commit) -> None:
        self.cast, self.as_, self.commit = cast, as_, commit
        self.planted = Planted()

    def browser(self, actor: Actor | None = None) -> Client:
        client = self.as_(actor) if actor else Client()
        client.raise_request_exception = False
        return client

    def ask(self, where: str, client: Client, method: str, path: str, *sent: Any, **more: Any) -> Any:
        with self.commit(execute=True):
            return self.planted.hear(where, getattr(client, method)(path, *sent, **more))

    def ask_broken(self, gone: str, client: Client, method: str, path: str, *sent: Any, **more: Any) -> None:
        """The same while a table is gone."""
        with broken(gone):
            answer = self.planted.hear(
                f"{path.split('/')[1]} with no {gone}", getattr(client, method)(path, *sent, **more)
            )
            assert answer.status_code == 500, (path, answer.status_code)


@pytest.fixture
def story(cast: Cast, as_: Callable[[Actor], Client], django_capture_on_commit_callbacks: Commit) -> Story:
    return Story(cast, as_, django_capture_on_commit_callbacks)


def test_secrets_of_people_and_programs_turn_up_nowhere(story: Story, peer: Receiver, settings: Any) -> None:
    waiting_messages()
    planted = story.planted
    settings.METRICS_TOKEN = planted.plant("the metrics token", "metrics-3b9d27f1c6")
    settings.SHOPIFY_CLIENT_SECRET = planted.plant("the Shopify app's secret", "shpss_planted_9e7d1c")
    settings.IMAGES_ENDPOINT_KEY = planted.plant("the image engine's key", "sk-planted-77d0aa31")
    settings.IMAGES_ENDPOINT_URL = peer.url("/v1/images/generations")
    settings.LOG_REQUESTS = True
    planted.plant("SECRET_KEY", installation.SECRET_KEY)
    planted.plant("FIELD_ENCRYPTION_KEYS", installation.FIELD_ENCRYPTION_KEYS[0])
    planted.plant("API_KEY_PEPPER", installation.API_KEY_PEPPER)
    with heard(planted):
        passwords(story)
        second_factor(story)
        links(story)
        programs(story)
        webhooks(story, peer)
        providers(story, settings)
        workers(story, peer)
        looking_around(story)
    planted.everywhere()
    for seen in peer.seen:
        if seen.path != "/v1/images/generations":
            planted.note("a webhook", f"{seen.headers}{seen.body!r}")
    leaks = planted.found(named=NAMED)
    assert not leaks, "\n".join(leaks)
    log = dict(planted.said)["the log as json"]
    assert log.count('"event": "request"') > 100, "requests were logged"
    assert "OperationalError" in log or "ProgrammingError" in log, "and the errors"
    for what in NAMED:
        assert not planted.never_said(what), what


def passwords(story: Story) -> None:
    planted, client = story.planted, story.browser()
    first = planted.plant("a password", "planted first passphrase 81")
    wrong = planted.plant("a wrong password", "planted wrong passphrase 82")
    second = planted.plant("a new password", "planted second passphrase 83")
    third = planted.plant("a password after a reset", "planted third passphrase 84")
    new = {"email": "dora@example.com", "password1": first, "organization": "Dora's mugs"}
    story.ask_broken("accounts_user", client, "post", "/accounts/signup/", new)
    story.ask("sign-up", client, "post", "/accounts/signup/", new | {"email": "nonsense"})
    story.ask("sign-up", client, "post", "/accounts/signup/", new)
    story.ask("a change", client, "post", "/accounts/password/change/", {"oldpassword": wrong, "password1": second})
    story.ask("a change", client, "post", "/accounts/password/change/", {"oldpassword": first, "password1": second})
    story.ask("deleting", client, "post", "/settings/account/delete/", {"password": wrong})
    story.ask("their own data", client, "post", "/settings/account/my-account.json")
    story.ask("sign-out", client, "post", "/accounts/logout/")
    sign_in = {"login": "dora@example.com", "password": second}
    story.ask_broken("accounts_user", client, "post", "/accounts/login/", sign_in)
    story.ask("a wrong one", client, "post", "/accounts/login/", sign_in | {"password": wrong})
    # In every wrong place.
    for scheme in ("Bearer", "Basic", "Token", "AccessToken"):
        for path in ("/api/v1/jobs", "/v3/file-ops/usage/", "/v1/faceswap/jobs/", "/metrics"):
            story.ask("a call", client, "get", path, headers={"Authorization": f"{scheme} {second}"})
    story.ask("a call", client, "get", "/api/v1/jobs", headers={"x-api-key": second})
    story.ask("a call", client, "get", "/api/v1/jobs", {"password": second})
    for path in ("/api/token", "/api/v1/process", "/api/v1/webhooks"):
        story.ask("a call", client, "post", path, {"key": second, "password": second}, content_type="application/json")
    story.ask("a reset", client, "post", "/accounts/password/reset/", {"email": "dora@example.com"})
    (found,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    planted.plant("the link of a new password", found.split("/")[-2].partition("-")[2])
    story.ask_broken("accounts_user", client, "get", found)
    page = client.get(found)
    story.ask("the reset's own page", client, "get", page["Location"])
    story.ask("a reset", client, "post", page["Location"], {"password1": "short", "password2": third})
    story.ask("a reset", client, "post", page["Location"], {"password1": third, "password2": third})
    story.ask("sign-in", client, "post", "/accounts/login/", sign_in | {"password": third})
    assert client.get("/jobs/").status_code == 200


def second_factor(story: Story) -> None:
    planted, client = story.planted, story.browser(story.cast.bob)
    with story.commit(execute=True):
        page = planted.hear("the app is added", client.get("/accounts/2fa/totp/activate/"))
    seed = planted.plant("the app's seed", page.context["form"].secret)
    story.ask("a wrong code", client, "post", "/accounts/2fa/totp/activate/", {"code": "000000"})
    code = format_hotp_value(hotp_value(seed, int(time.time()) // 30))
    story.ask("the app works", client, "post", "/accounts/2fa/totp/activate/", {"code": code})
    shown = story.ask("the codes are shown", client, "get", "/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"^(\d{10})$", shown.replace(">", ">\n"), re.MULTILINE)
    assert len(codes) == 10
    for number, each in enumerate(codes):
        planted.plant(f"recovery code {number}", each)
    other = story.browser()
    sign_in = {"login": "bob@example.com", "password": "correct horse battery"}
    story.ask("sign-in", other, "post", "/accounts/login/", sign_in)
    story.ask_broken("mfa_authenticator", other, "post", "/accounts/2fa/authenticate/", {"code": codes[0]})
    story.ask("sign-in", other, "post", "/accounts/2fa/authenticate/", {"code": codes[0]})
    story.ask("a used code", story.browser(), "post", "/accounts/2fa/authenticate/", {"code": codes[0]})


def links(story: Story) -> None:
    planted, alice, stranger = story.planted, story.browser(story.cast.alice), story.browser()
    story.ask("invited", alice, "post", "/team/invitations/", {"emails": "emil@example.com", "role": "viewer"})
    (path,) = re.findall(r"(/invitations/[A-Za-z0-9_-]+/)", str(mail.outbox[-1].body))
    planted.plant("the link of an invitation", path.split("/")[2])
    person = {"name": "Emil", "password": planted.plant("an invited person's password", "planted guest phrase 85")}
    story.ask_broken("accounts_invitation", stranger, "get", path)
    story.ask_broken("accounts_invitation", stranger, "post", path, person)
    strict = Client(enforce_csrf_checks=True)
    story.ask("a forged form", strict, "post", path, person, headers={"origin": "https://evil.example"})
    story.ask("a host of others", stranger, "get", path, headers={"host": "evil.example"})
    story.ask("the invitation's own page", stranger, "get", path)
    story.ask("the invitation's own page", stranger, "post", path, person | {"name": ""})
    image = JobImage.unscoped.get(job=job_of(story.cast.alice, Photo()))
    made = story.ask("the review is made", alice, "post", "/reviews/new/",
                     {"image": [str(image.pk)], "title": "Mugs", "days": "14"}).content.decode()  # fmt: skip
    (path,) = set(re.findall(r"http://[^/]+(/r/[A-Za-z0-9_-]{40,}/)", made))
    planted.plant("the link of a review", path.split("/")[2])
    story.ask_broken("processing_clientreview", stranger, "get", path)
    story.ask("the review's own page", stranger, "get", path)
    story.ask(
        "a forged form", strict, "post", f"{path}answer/", {"answer": "approved"}, headers={"origin": "https://e.x"}
    )


def programs(story: Story) -> None:
    planted, alice, client = story.planted, story.browser(story.cast.alice), story.browser()
    keys: dict[str, str] = {}
    for scope in SCOPES:
        form = {"name": scope.value, "scopes": [scope.value], "kind": "live", "lifetime": "30"}
        secret = story.ask("a key is made", alice, "post", "/api-keys/", form).context["made"]["secret"]
        keys[scope.value] = planted.plant(f"a key for {scope.value}", secret)
        for path in ("/api/v1/jobs", "/api/v1/webhooks", "/api/v1/user/credits"):
            story.ask("a call", client, "get", path, headers={"x-api-key": secret})
    key = keys["jobs:read"]
    story.ask_broken("accounts_apikey", client, "get", "/api/v1/jobs", headers={"x-api-key": key})
    story.ask_broken("accounts_apikey", client, "get", "/v3/file-ops/usage/", headers={"Authorization": f"Token {key}"})
    # In every wrong place.
    story.ask("a call", client, "get", "/api/v1/jobs", {"api_key": key})
    story.ask("a call", client, "get", f"/api/v1/jobs/{key}")
    story.ask("a call", client, "get", "/api/v1/jobs", headers={"Authorization": f"Basic {key}"})
    story.ask("a call", client, "get", "/api/v1/jobs", headers={"x-api-key": key[:-1] + "0"})
    story.ask("a call", client, "post", "/api/v1/process", {"image": photo(), "apiKey": key},
              headers={"x-api-key": keys["images:write"]})  # fmt: skip
    story.ask("sign-in", client, "post", "/accounts/login/", {"login": "alice@example.com", "password": key})
    sent = story.ask("a token is made", client, "post", "/api/token", {"key": key}, content_type="application/json")
    token = planted.plant("a token for a key", sent.json()["access_token"])
    for given in (token, token[:-2]):
        story.ask("a call", client, "get", "/api/v1/jobs", headers={"Authorization": f"Bearer {given}"})
    sent = story.ask("a token is made", client, "post", "/v3/auth/access-token/",
                     headers={"Authorization": f"Token {keys['images:write']}"})  # fmt: skip
    token = planted.plant("an access token", sent.json()["access_token"])
    story.ask("a call", client, "get", "/v3/file-ops/usage/", headers={"Authorization": f"AccessToken {token}"})
    row = ApiKey.unscoped.get(name="images:read")
    rotated = story.ask("a key is rotated", alice, "post", f"/api-keys/{row.pk}/rotate/", {"overlap": "24"})
    (secret,) = set(re.findall(r"ps_live_\w{38}", rotated.content.decode()))
    planted.plant("a rotated key", secret)


def webhooks(story: Story, peer: Receiver) -> None:
    planted, alice = story.planted, story.browser(story.cast.alice)
    form = {"url": peer.url("/hook"), "events": ["*"]}
    made = story.ask("the endpoint is made", alice, "post", "/webhooks/", form).content.decode()
    planted.plant("the webhook secret", re.findall(r'id="new-secret-value">(whsec_[^<]+)<', made)[0])
    row = WebhookEndpoint.unscoped.get()
    again = story.ask("the secret is rotated", alice, "post", f"/webhooks/{row.pk}/rotate/", {"overlap": "24"})
    planted.plant(
        "the webhook secret after", re.findall(r'id="new-secret-value">(whsec_[^<]+)<', again.content.decode())[0]
    )
    shown = story.ask("GET /webhooks/", alice, "get", "/webhooks/").content.decode()
    planted.plant("the default webhook secret", re.findall(r"whsec_[^<\"]+", shown)[0])
    story.ask("a test", alice, "post", f"/webhooks/{row.pk}/test/")
    peer.answer(500, b"out of order")
    deliver_due()
    story.ask_broken("accounts_webhookendpoint", alice, "get", f"/webhooks/{row.pk}/")


def providers(story: Story, settings: Any) -> None:
    planted, alice = story.planted, story.browser(story.cast.alice)
    token = planted.plant("a Discord token", "MTI3NDU2.planted.0123456789abcdefghij")
    with discord() as world:
        settings.DISCORD_API_URL, settings.FACE_SWAP_POLL_SECONDS = world.base, 0.01
        world.people[token] = Person(mood="unauthorized")
        form = {"channel": "11", "server": "77", "discord": token}
        story.ask_broken("processing_faceswapaccount", alice, "post", "/providers/", form)
        story.ask("an account", alice, "post", "/providers/", form | {"server": ""})
        story.ask("an account", alice, "post", "/providers/", form, follow=True)
        for mood in ("unauthorized", "down", "slow_down", "ok"):
            world.people[token].mood = mood
            story.ask("an account", alice, "post", "/providers/test/", {"channel": "11"}, follow=True)


def workers(story: Story, peer: Receiver) -> None:
    """A picture from an engine that repeats its key, and a photo at which a worker stumbles."""
    client = story.browser()
    peer.answer(401, f"Incorrect key {installation.IMAGES_ENDPOINT_KEY}".encode())
    sent = {"prompt": "a forest at noon", "width": 64, "height": 64}
    headers = {"x-api-key": story.planted.plant("a key for everything", story.cast.key()), "prefer": "respond-async"}
    answer = story.ask("a call", client, "post", "/api/v1/backgrounds/generate", sent, content_type="application/json",
                       headers=headers)  # fmt: skip
    assert answer.status_code == 202, answer.content
    form = {"image": photo(), "webhookUrl": peer.url("/job"), "preset": "amazon-main"}
    assert story.ask("a call", client, "post", "/api/v1/jobs", form, headers=headers).status_code == 202
    Job.unscoped.filter(operation="process", status="queued").update(parameters={"width": ["of nothing"]})
    with story.commit(execute=True):
        assert run_all() >= 2
    asked = [seen for seen in peer.seen if seen.path == "/v1/images/generations"]
    assert asked[0].headers["authorization"] == f"Bearer {installation.IMAGES_ENDPOINT_KEY}"
    assert JobImage.unscoped.filter(error__code="internal_error").exists()
    peer.answer(200, b"thank you")
    deliver_due()


def looking_around(story: Story) -> None:
    """Every page as the owner and as the operator, every call that reads, every export, the metrics."""
    alice, operator = story.browser(story.cast.alice), story.browser(story.cast.charlie)
    User.objects.filter(pk=story.cast.charlie.user.pk if story.cast.charlie.user else 0).update(is_staff=True)
    ids = one_of_each(story.cast.alice, story.cast.bob)
    program = story.cast.key()
    for row in table():
        path = address(row.route, ids)
        # Documents are the same for everybody, and large.
        if path.startswith("/docs/") or path.endswith(("openapi", "postman")) or "/2fa/" in path:
            continue
        if row.method != "GET" or path == "/accounts/logout/":
            continue
        if row.scope:
            how = f"Token {program}" if path.startswith("/v3/") else f"Bearer {program}"
            story.ask(f"GET {path}", story.browser(), "get", path, headers={"Authorization": how})
        else:
            story.ask(f"GET {path}", operator if row.who == "staff" else alice, "get", path)
    for where in re.findall(r'href="(/admin/\w+/\w+/)"', operator.get("/admin/").content.decode()):
        page = story.ask(f"GET {where}", operator, "get", where).content.decode()
        for path in dict.fromkeys(re.findall(rf'href="({where}[^"?/]+/change/)', page)):
            story.ask(f"GET {path}", operator, "get", path)
    assert alice.session
    just_signed_in(alice, story.cast.alice.user)  # type: ignore[arg-type]
    story.ask("the export", alice, "post", "/settings/organization/close/everything.zip")
    for given in (f"Bearer {installation.METRICS_TOKEN}", "Bearer no", f"Basic {installation.METRICS_TOKEN}"):
        story.ask("the metrics", story.browser(), "get", "/metrics", headers={"Authorization": given})
    for path in ("/readyz", "/healthz", f"/{urlsplit(installation.IMAGES_ENDPOINT_URL).path}"):
        story.ask(path, story.browser(), "get", path)
