"""Fixtures of every test: the cast, signed-in clients, a worker, a running server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from tests.support import in_process_worker, prepared, reachable
from tests.support.cast import Cast, make_cast
from tests.support.server import NO_LIMITS_BY_ADDRESS, Server
from tests.support.signing_in import just_signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    if config.getvalue("dist") != "loadfile":
        return None
    from tests.support.scheduling import FileScheduling  # xdist: only where it runs

    return FileScheduling(config, log)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """SQLite: the migrated file lies there already. It goes with the folder of this run."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return False
    shutil.copy(prepared.database(), database["TEST"]["NAME"])
    return True


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
        just_signed_in(client, actor.user)
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
    """One running product for all tests of this process that talk to it over HTTP (engine: grabcut).

    It may call this machine, where receivers of tests are. All tests come from one address, so only keys are limited.
    """
    allowed = {"OUTBOUND_ALLOWED_HOSTS": "127.0.0.1,localhost", **NO_LIMITS_BY_ADDRESS}
    running = Server(Path(tmp_path_factory.mktemp("server")), allowed).start()
    yield running
    running.stop(within=60)  # under load; how fast it ends is asked elsewhere


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process; each opens a window of its own."""
    from tests.support.browsing import chromium  # Playwright: only where it is used

    with chromium() as launched:
        yield launched
