"""A browser in which nothing is done is signed out after a while, and one that is used is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.access.actor import Actor
from dashboard.idle_sessions import ACTIVE_AT
from tests.support.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def idle(client: Client, minutes: float) -> None:
    session = client.session
    session[ACTIVE_AT] = session[ACTIVE_AT] - int(minutes * 60)
    session.save()


def test_a_session_that_does_nothing_ends(cast: Cast, as_: Callable[[Actor], Client], settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 30 * 60
    client = as_(cast.bob)
    key = client.session.session_key
    for _ in range(3):
        idle(client, 25)
        assert client.get("/jobs/").status_code == 200, "what is used goes on"
    idle(client, 31)
    answer = client.get("/jobs/")
    assert answer["Location"].startswith("/accounts/login/?next=/jobs/")
    assert not Session.objects.filter(pk=key).exists(), "a stolen cookie is worth nothing either"
    client.post("/accounts/login/", {"login": "bob@example.com", "password": PASSWORD})
    assert client.get("/jobs/").status_code == 200


def test_being_used_is_not_written_down_each_time(cast: Cast, as_: Callable[[Actor], Client], settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 30 * 60
    client = as_(cast.bob)
    at = client.session[ACTIVE_AT]
    client.get("/jobs/")
    assert client.session[ACTIVE_AT] == at
    idle(client, 5)
    client.get("/jobs/")
    assert client.session[ACTIVE_AT] >= at


def test_a_sign_in_begins_the_time(cast: Cast, client: Client, settings: Any) -> None:
    client.post("/accounts/login/", {"login": "bob@example.com", "password": PASSWORD})
    client.get("/jobs/")
    assert ACTIVE_AT in client.session
