from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEntry, Organization
from processing.models import JobImage, Worker
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]


@pytest.fixture
def operator(cast: Cast, as_: As) -> Client:
    """Charlie, who belongs to another organization than the jobs."""
    assert cast.charlie.user is not None
    cast.charlie.user.is_staff = True
    cast.charlie.user.save(update_fields=["is_staff"])
    return as_(cast.charlie)


@pytest.fixture
def worker() -> Worker:
    now = timezone.now()
    return Worker.objects.create(name="a:1:00", host="a", pid=1, engine="grabcut", started_at=now, seen_at=now)


def test_for_operators_alone(cast: Cast, as_: As, client: Client, operator: Client) -> None:
    assert client.get("/system/").status_code == 302
    assert as_(cast.alice).get("/system/").status_code == 404
    page = operator.get("/system/").content.decode()
    assert "No worker is ready." in page
    assert "onnxruntime" in page
    assert "Nothing is stuck" in page
    assert "<html" not in operator.get("/system/", headers={"HX-Request": "true"}).content.decode()


def test_a_stuck_job_is_queued_again_with_all_its_tries(cast: Cast, as_: As, operator: Client) -> None:
    job = job_of(cast.bob, Photo(), Photo("b.jpg", 1, ended="running"))
    long_ago = timezone.now() - timedelta(hours=1)
    JobImage.unscoped.filter(job=job, status="running").update(losses=2, started_at=long_ago, queued_at=long_ago)
    page = operator.get("/system/").content.decode()
    assert str(job.pk) in page
    assert cast.bob.organization.name in page.replace("&#x27;", "'")
    assert as_(cast.alice).post(f"/system/jobs/{job.pk}/again/").status_code == 404
    assert JobImage.unscoped.filter(job=job, status="running").count() == 1, "a refusal changes nothing"
    assert operator.post(f"/system/jobs/{job.pk}/again/").status_code == 302
    image = JobImage.unscoped.get(job=job, status="queued")
    assert (image.losses, image.worker, image.lease_expires_at) == (0, "", None)
    entry = AuditEntry.unscoped.get(action="job.queued_again")
    assert (entry.organization, entry.user, entry.target_id) == (cast.bob.organization, cast.charlie.user, str(job.pk))


def test_photos_that_were_set_aside_are_named(cast: Cast, operator: Client) -> None:
    job = job_of(cast.bob, Photo("killer.jpg", ended="failed"), Photo("b.jpg", 1, ended="failed"))
    now = timezone.now()
    JobImage.unscoped.filter(job=job).update(finished_at=now, error={"code": "no_subject", "detail": "x"})
    assert "Photos set aside" not in operator.get("/system/").content.decode()
    killer = JobImage.unscoped.filter(job=job, name="killer.jpg")
    killer.update(losses=3, error={"code": "worker_lost", "detail": "x"})
    page = operator.get("/system/").content.decode()
    for words in ("Photos set aside", "killer.jpg", "worker_lost", str(job.pk)):
        assert words in page
    assert "no_subject" not in page
    killer.update(finished_at=now - timedelta(days=8))
    assert "Photos set aside" not in operator.get("/system/").content.decode()


def test_a_stuck_job_is_canceled_and_credits_come_back(cast: Cast, operator: Client) -> None:
    def left() -> int:
        return Organization.objects.get(pk=cast.bob.organization.pk).credit_balance

    before = left()
    job = job_of(cast.bob, Photo(), Photo("b.jpg", 1, ended="queued"))
    assert left() == before - 2
    assert operator.post(f"/system/jobs/{job.pk}/cancel/").status_code == 302
    assert left() == before - 1
    assert AuditEntry.unscoped.get(action="job.canceled").user == cast.charlie.user
    assert operator.post(f"/system/jobs/{job.pk}/cancel/").status_code == 409
    assert operator.post(f"/system/jobs/{job.pk}/again/").status_code == 409
    assert left() == before - 1


def test_a_worker_is_drained_and_takes_photos_again(cast: Cast, as_: As, operator: Client, worker: Worker) -> None:
    def draining() -> bool:
        return Worker.objects.get(pk=worker.pk).draining

    sent = {"worker": worker.name, "draining": "1"}
    assert as_(cast.alice).post("/system/workers/drain/", sent).status_code == 404
    assert not draining()
    operator.post("/system/workers/drain/", sent)
    assert draining()
    assert "Take photos again" in operator.get("/system/").content.decode()
    operator.post("/system/workers/drain/", {"worker": worker.name, "draining": "0"})
    assert not draining()
    assert operator.post("/system/workers/drain/", {"worker": "gone", "draining": "1"}).status_code == 404
    actions = AuditEntry.unscoped.filter(target_kind="worker").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["worker.draining", "worker.resumed"]
