"""The queue is a hint: while it is down, work is accepted and waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from processing.actions.assets import save_upload
from processing.actions.submit import Request, submit
from processing.actions.sweep import sweep
from processing.models import Job
from tests.support.cast import make_cast
from tests.support.photos import product_photo

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(settings.CELERY_BROKER_URL), reason="this breaks the embedded queue, not a real one"),
]


@pytest.fixture
def broken_queue() -> Callable[[], None]:
    """The folder of the messages cannot be written to until the answer is called."""
    folder = Path(settings.CELERY["broker_transport_options"]["data_folder_out"])
    for message in folder.iterdir():
        message.unlink()
    folder.rmdir()
    folder.write_text("a file where the folder should be")

    def mend() -> None:
        folder.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)

    return mend


def test_a_job_is_accepted_and_taken_up_later(broken_queue: Callable[[], None], run_all: Callable[[], int]) -> None:
    cast = make_cast()
    try:
        job = submit(cast.alice, Request(sources=[save_upload(cast.alice, data=product_photo(), name="a.jpg")]))
        sweep()
    finally:
        broken_queue()
    sweep()
    folder = Path(settings.CELERY["broker_transport_options"]["data_folder_out"])
    assert len([name for name in folder.iterdir() if name.name.endswith(".cpu.msg")]) == 1
    assert run_all() == 1
    assert Job.unscoped.get(pk=job.pk).status == "succeeded"
