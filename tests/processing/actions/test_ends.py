"""Whoever waits for a job hears of its end at once, and of one that nobody tells of all the same."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from processing.actions import ends
from processing.actions.assets import save_upload
from processing.actions.ends import Ear
from processing.actions.submit import Request, submit
from processing.actions.wait import wait_for
from processing.models import Job, Status
from tests.support import reachable
from tests.support.cast import make_cast
from tests.support.photos import product_photo
from tests.support.server import free_port

LONG = 20.0  # seconds; nothing here takes a second


@pytest.fixture(params=["loopback", "redis"])
def line(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    settings.DATA_DIR, settings.CELERY_BROKER_URL, settings.REDIS_URL = tmp_path, "", ""
    if request.param == "redis":
        if not reachable.redis():
            pytest.skip("Redis is not reachable.")
        settings.REDIS_URL = reachable.REDIS_URL
    return str(request.param)


def opened() -> Ear:
    ear = Ear()
    with ear.awaiting(uuid.uuid4()):
        until(lambda: ear.open)
    return ear


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.usefixtures("line")
def test_every_process_hears_of_the_job_it_waits_for_and_of_no_other() -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()
    first, second = opened(), opened()
    with first.awaiting(mine) as one, second.awaiting(mine) as two, second.awaiting(other) as three:
        ends.tell(mine)
        assert one.wait(LONG)
        assert two.wait(LONG)
        assert not three.is_set()


def test_ears_of_dead_processes_are_forgotten(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.CELERY_BROKER_URL, settings.REDIS_URL = tmp_path, "", ""
    folder = tmp_path / "queue" / "ears"
    folder.mkdir(parents=True)
    left = folder / str(free_port())
    left.touch()
    ears = opened()
    assert not left.exists()
    awaited = uuid.uuid4()
    with ears.awaiting(awaited) as told:
        ends.tell(awaited)
        assert told.wait(LONG)


def test_while_redis_is_away_nobody_hears_and_nobody_fails(settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    ear = Ear()
    with ear.awaiting(uuid.uuid4()) as told:
        assert told.wait(LONG)  # the row is to be looked at
        assert not ear.open
    ends.tell(uuid.uuid4())


@pytest.mark.usefixtures("line")
@pytest.mark.django_db(transaction=True)
def test_a_call_that_waits_is_told_by_the_job_s_end(run_all: Callable[[], int]) -> None:
    ears = opened()
    job = submitted()
    with ears.awaiting(job.pk) as told:
        assert run_all() == 1
        assert told.wait(LONG)
    assert Job.unscoped.get(pk=job.pk).status == Status.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_an_end_that_nobody_tells_of_is_seen_in_the_row() -> None:
    job = submitted()
    waited: list[bool] = []

    def wait() -> None:
        waited.append(wait_for(job.pk, seconds=LONG))
        connections.close_all()

    waiting = threading.Thread(target=wait)
    waiting.start()
    Job.unscoped.filter(pk=job.pk).update(status=Status.FAILED)
    waiting.join(LONG)
    assert waited == [True]


def submitted() -> Job:
    cast = make_cast()
    return submit(cast.alice, Request(sources=[save_upload(cast.alice, data=product_photo(), name="a.jpg")]))
