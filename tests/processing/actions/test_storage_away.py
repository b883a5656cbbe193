"""The file storage is away: photos wait for it in the queue, end well, or after a while give their credits back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.queries.credits import balance
from processing.actions.assets import save_upload
from processing.actions.run_image import run_next_image
from processing.actions.submit import Request, submit
from processing.actions.tempo import photo_seconds
from processing.models import Blob, Job, JobImage
from tests.support.cast import Cast
from tests.support.in_process_worker import run_all
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def unreadable(blob: Blob) -> Iterator[None]:
    """A folder where the file should be: reading it is an error of the storage, not a file that is gone."""
    path = Path(default_storage.path(blob.path))
    aside = path.with_suffix(".aside")
    path.rename(aside)
    path.mkdir()
    try:
        yield
    finally:
        path.rmdir()
        aside.rename(path)


def submitted(cast: Cast) -> tuple[Job, Blob]:
    asset = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    return submit(cast.alice, Request(sources=[asset], parameters={"width": 300, "height": 300})), asset.blob


def test_a_photo_waits_in_the_queue_and_ends_well(cast: Cast) -> None:
    before = balance(cast.alice)
    job, blob = submitted(cast)
    # A batch may have waited for an hour before: that is no time in which the storage was away.
    JobImage.unscoped.filter(job=job).update(queued_at=timezone.now() - timedelta(hours=1))
    tempo_before = photo_seconds()
    with unreadable(blob):
        assert run_next_image()
        image = JobImage.unscoped.get(job=job)
        assert (image.status, image.losses) == ("queued", 0)
    assert photo_seconds() == tempo_before, "the storage's time is not how long a photo takes"
    run_all()
    assert photo_seconds() != tempo_before
    assert Job.unscoped.get(pk=job.pk).status == "succeeded"
    assert balance(cast.alice) == before - 1


def test_after_ten_minutes_it_fails_and_costs_nothing(cast: Cast) -> None:
    before = balance(cast.alice)
    job, blob = submitted(cast)
    with unreadable(blob):
        assert run_next_image()
        assert Job.unscoped.get(pk=job.pk).status == "running"
        JobImage.unscoped.filter(job=job).update(storage_away_since=timezone.now() - timedelta(minutes=11))
        assert run_next_image()
    job.refresh_from_db()
    assert job.error is not None
    assert (job.status, job.error["code"]) == ("failed", "storage_failed")
    assert balance(cast.alice) == before
