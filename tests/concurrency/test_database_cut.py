"""The database goes away in the middle of a photo: the photo is begun again and ends well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.queries.credits import balance
from processing.actions.assets import save_upload
from processing.actions.submit import Request, submit
from processing.models import Job, JobImage
from tests.support.at_once import at_once
from tests.support.cast import make_cast
from tests.support.in_process_worker import worker_thread
from tests.support.photos import product_photo

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a file cannot be cut off (DATABASE_URL is not set)"),
]


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def cut_all_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def test_a_pool_of_broken_connections_stops_nobody() -> None:
    """As after a restart of PostgreSQL: whoever comes next gets a good one, and not after a row of waits."""
    together = threading.Barrier(12)

    def held_at_once(_: int) -> int:
        counted = Job.unscoped.count()
        together.wait(timeout=30)
        return counted

    assert at_once(12, held_at_once) == [0] * 12
    cut_all_others()
    for many in (1, 1, 12):
        assert at_once(many, lambda _: Job.unscoped.count()) == [0] * many


def test_a_photo_outlives_its_connection() -> None:
    cast = make_cast()
    source = save_upload(cast.alice, data=product_photo(size=(2400, 1800)), name="a.jpg")
    job = submit(cast.alice, Request(sources=[source]))
    with worker_thread():
        until(lambda: JobImage.unscoped.get().step in {"segment", "refine"})
        cut_all_others()
        until(lambda: Job.unscoped.get(pk=job.pk).ended)
    image = JobImage.unscoped.get()
    # Begun again at once, and no loss: however often it is cut, the photo is not the one to be set aside.
    assert (image.status, image.attempt, image.losses) == ("succeeded", 2, 0)
    assert balance(cast.alice) == 99
