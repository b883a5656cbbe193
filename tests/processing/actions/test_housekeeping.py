"""A worker beside its photos: leases are kept whatever else goes wrong, and nothing is left behind at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.actions.organizations import create_organization
from processing.actions import engine_shelf, run_image
from processing.actions.assets import save_upload
from processing.actions.claim import claim_next
from processing.actions.housekeeping import Housekeeping
from processing.actions.submit import Request, submit
from processing.models import Asset, JobImage, Worker
from tests.support.cast import make_cast, user
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def housekeeping(settings) -> Iterator[Callable[[], Housekeeping]]:  # type: ignore[no-untyped-def]
    settings.JOB_LEASE_SECONDS = 2
    settings.WORKER_DRAIN_SECONDS = 0  # nothing ends what these tests leave in hand
    started: list[Housekeeping] = []

    def start() -> Housekeeping:
        started.append(Housekeeping())
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.stop()
        each._order.join(10)
    run_image._draining.clear()
    run_image._stopping.clear()
    run_image._running.clear()


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def photo_in_hand() -> JobImage:
    cast = make_cast()
    submit(cast.alice, Request(sources=[save_upload(cast.alice, data=product_photo(), name="a.jpg")]))
    claim = claim_next("w")
    assert claim is not None
    run_image._running[0] = claim
    return JobImage.unscoped.get(pk=claim.image_id)


def test_leases_are_renewed_though_every_sweep_fails(housekeeping: Callable[[], Housekeeping]) -> None:
    image = photo_in_hand()
    # An expired image whose bytes cannot be removed: a folder with something in it lies in their place.
    asset = save_upload(create_organization(user("dora"), name="Dora"), data=product_photo(1), name="b.jpg")
    Asset.unscoped.filter(pk=asset.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    path = Path(default_storage.path(asset.blob.path))
    path.unlink()
    (path / "inside").mkdir(parents=True)
    housekeeping()
    assert eventually(lambda: bool(Worker.objects.filter(engine="grabcut").exists()))
    assert image.lease_expires_at is not None
    past = image.lease_expires_at + timedelta(seconds=4)
    assert eventually(lambda: bool(JobImage.unscoped.filter(pk=image.pk, lease_expires_at__gt=past).exists()))
    assert JobImage.unscoped.get(pk=image.pk).status == "running"


def test_what_a_worker_holds_goes_back_when_it_ends(housekeeping: Callable[[], Housekeeping]) -> None:
    image = photo_in_hand()
    running = housekeeping()
    assert eventually(lambda: bool(Worker.objects.exists()))
    running.stop()
    assert not Worker.objects.exists()
    image.refresh_from_db()
    assert (image.status, image.losses) == ("queued", 0)


def test_an_engine_that_cannot_be_loaded_is_reported_and_tried_again(
    housekeeping: Callable[[], Housekeeping], settings: Settings, client: Client
) -> None:
    settings.SEGMENTATION_MODEL = "isnet-general-use"
    model = Path(django_settings.MODELS_DIR) / "isnet-general-use.onnx"
    model.parent.mkdir(parents=True, exist_ok=True)
    model.write_bytes(b"half a download")
    engine_shelf.forget()
    try:
        housekeeping()
        assert eventually(lambda: bool(Worker.objects.exclude(engine_reason="").exists()))
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert (answer.json()["status"], answer.json()["engine"]) == ("unavailable", "failed")
        reason = Worker.objects.get().engine_reason
        assert answer.json()["engineReason"].startswith("The segmentation engine could not be loaded.")
        assert reason not in answer.content.decode()
        assert "isnet" not in answer.content.decode()
        model.unlink()
        settings.SEGMENTATION_MODEL = "grabcut"
        assert eventually(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/readyz").json()["model"] == "grabcut"
    finally:
        model.unlink(missing_ok=True)
        engine_shelf.forget()
