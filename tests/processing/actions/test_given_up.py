"""Photos that are given up for their worker's sake: too long, or too large for its memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytest_django.fixtures import Settings

from accounts.queries.credits import balance
from processing.actions import run_image
from processing.actions.assets import save_upload
from processing.actions.claim import claim_next
from processing.actions.memory import lacks_memory, lose
from processing.actions.overdue import end_overdue
from processing.actions.run_image import run_next_image
from processing.actions.submit import Request, submit
from processing.engines.errors import BrokenModel
from processing.models import Job, JobImage
from tests.support import prepared
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.server import ROOT, Server

pytestmark = pytest.mark.django_db(transaction=True)


def submitted(cast: Cast) -> Job:
    return submit(cast.alice, Request(sources=[save_upload(cast.alice, data=product_photo(), name="a.jpg")]))


def ended_as(job: Job) -> tuple[str, str]:
    job.refresh_from_db()
    return job.status, (job.error or {}).get("code", "")


@pytest.fixture
def in_hand() -> Iterator[None]:
    yield
    run_image._ends.clear()


def test_a_photo_that_takes_too_long_ends_at_its_next_step(cast: Cast, settings: Settings) -> None:
    before = balance(cast.alice)
    job = submitted(cast)
    settings.JOB_SECONDS = 0
    assert run_next_image()
    assert ended_as(job) == ("failed", "took_too_long")
    assert balance(cast.alice) == before
    settings.JOB_SECONDS = 900
    job = submitted(cast)
    assert run_next_image()
    assert ended_as(job) == ("succeeded", "")


def test_one_that_hangs_is_ended_from_outside(cast: Cast, in_hand: None) -> None:
    before = balance(cast.alice)
    late, well = submitted(cast), submitted(cast)
    claim, other = claim_next("w"), claim_next("w")
    assert claim
    assert other
    run_image._ends |= {claim: time.monotonic() - 1, other: time.monotonic() + 60}
    end_overdue(lambda: pytest.fail("nobody ends the worker so early"))
    assert ended_as(late) == ("failed", "took_too_long")
    assert ended_as(well) == ("running", "")
    assert balance(cast.alice) == before - 1


def test_a_worker_whose_thread_never_comes_back_ends(tmp_path: Path) -> None:
    server = Server(tmp_path)
    prepared.copy_into(tmp_path)
    code = (
        "import django, time, uuid; django.setup()\n"
        "from processing.actions import run_image, overdue\nfrom processing.actions.claim import Claim\n"
        "run_image._ends[Claim(uuid.uuid4(), 1)] = time.monotonic() - 31\n"
        "overdue.end_overdue(lambda: print('left', flush=True))\nprint('still here')\n"
    )
    environment = server.environment | {"DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (70, "left\n"), done.stderr


def _too_large_for_numpy() -> object:
    return np.empty(1 << 60, np.uint8)


def _too_large_for_opencv() -> object:
    return cv2.resize(np.zeros((1, 1), np.uint8), (1 << 30, 1 << 30))


def _of_a_network() -> object:
    try:
        return _too_large_for_numpy()
    except MemoryError as error:
        raise BrokenModel("It does not run.") from error


@pytest.mark.parametrize("work", [_too_large_for_numpy, _too_large_for_opencv, _of_a_network])
def test_what_lacks_memory_is_known(work: Callable[[], object]) -> None:
    with pytest.raises(Exception) as raised:
        work()
    assert lacks_memory(raised.value)
    assert not lacks_memory(ValueError("out of memory"))


def test_a_photo_without_memory_is_tried_again_and_set_aside(cast: Cast, settings: Settings) -> None:
    before = balance(cast.alice)
    job = submitted(cast)
    for number in range(1, settings.JOB_ATTEMPTS):
        claim = claim_next("w")
        assert claim
        lose(claim)
        image = JobImage.unscoped.get(job=job)
        assert (image.status, image.losses) == ("queued", number)
        lose(claim)  # held no more: nothing happens
        assert JobImage.unscoped.get(job=job).losses == number
    claim = claim_next("w")
    assert claim
    lose(claim)
    assert ended_as(job) == ("failed", "out_of_memory")
    assert balance(cast.alice) == before
