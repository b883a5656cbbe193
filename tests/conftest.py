"""Fixtures of every test: the cast, signed-in clients, a worker, a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.actions import usage
from accounts.limits import rate_limit
from accounts.models import Membership
from processing.actions import cut_shelf
from tests.support import in_process_worker, reachable
from tests.support.cast import Cast, make_cast
from tests.support.server import Server


def pytest_configure() -> None:
    # The real hashers take a quarter of a second on purpose; what is tested here is not them.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Hashed names come from collectstatic, which only a server's start runs.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
    # Each test's data is its own: usage is written when the test says so.
    settings.USAGE_FLUSH_SECONDS = 0


def pytest_unconfigure() -> None:
    # The database of the tests is gone by the time a process ends.
    usage.forget()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reachable.skip_what_is_missing(items)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()
    rate_limit.forget_all()
    usage.forget()
    cut_shelf.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice (owner), Bob (editor), Victor (viewer) in one organization, Charlie in another; 100 credits each."""
    return make_cast()


@pytest.fixture
def as_(cast: Cast) -> Callable[[Actor], Client]:
    """`as_(cast.bob)` is a browser in which Bob is signed in."""

    def signed_in(actor: Actor) -> Client:
        assert actor.user is not None
        client = Client(raise_request_exception=True)
        client.force_login(actor.user)
        # Noted already: the first page costs what every page costs.
        Membership.unscoped.filter(user=actor.user).update(last_seen_at=timezone.now())
        return client

    return signed_in


@pytest.fixture
def run_all() -> Callable[[], int]:
    """Works on every queued photo in this process."""
    return in_process_worker.run_all


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A worker thread beside the test."""
    with in_process_worker.worker_thread():
        yield


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running product for all tests of this process that talk to it over HTTP (engine: grabcut)."""
    running = Server(Path(tmp_path_factory.mktemp("server"))).start()
    yield running
    running.stop()
