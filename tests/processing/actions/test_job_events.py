"""A job's end and its event: exactly one, in the same transaction, never for a preview."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from accounts.actions.webhook_endpoints import create_endpoint
from accounts.actions.webhook_secrets import default_secret
from accounts.models import WebhookDelivery, WebhookEvent
from processing.actions.assets import save_upload
from processing.actions.cancel import cancel_job
from processing.actions.claim import Claim
from processing.actions.finish import fail, set_aside, succeed
from processing.actions.submit import Request, submit
from processing.models import Job, JobImage, Status
from tests.support.api import Api, photo
from tests.support.cast import Cast
from tests.support.finished import Photo, end, job_of, result
from tests.support.photos import product_photo
from tests.support.receiver import deliver_due, receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _listening(cast: Cast) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["*"])


def events(job: Job) -> list[dict[str, Any]]:
    return [json.loads(event.body) for event in WebhookEvent.unscoped.filter(job_id=job.pk).order_by("pk")]


def test_the_data_is_the_body_of_get_job(cast: Cast) -> None:
    job = job_of(cast.alice, Photo("cup.jpg"), label="Été")
    (event,) = events(job)
    assert event["type"] == "job.succeeded"
    answer = Api(cast.key()).get(f"/jobs/{job.pk}").json()
    for output in (*answer["outputs"], *event["data"]["outputs"]):
        output["url"] = output["url"].partition("/i/")[2]
    assert event["data"] == answer
    assert event["data"]["presetLabel"] == "Été"


def test_a_batch_is_one_event_at_its_end(cast: Cast) -> None:
    job = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1, ended="failed"), Photo("c.jpg", 2, ended="queued"))
    assert events(job) == []
    end(job.images.get(index=2), Photo("c.jpg", 2))
    (event,) = events(job)
    assert event["type"] == "job.succeeded"
    assert [("error" in output) for output in event["data"]["outputs"]] == [False, True, False]


def test_a_failed_job_and_one_set_aside(cast: Cast) -> None:
    job = job_of(cast.alice, Photo(ended="failed"))
    (event,) = events(job)
    assert (event["type"], event["data"]["error"]["code"]) == ("job.failed", "no_subject")
    running = job_of(cast.alice, Photo("b.jpg", 1, ended="running"))
    image = running.images.get()
    JobImage.unscoped.filter(pk=image.pk).update(lease_expires_at=running.created_at)
    assert set_aside(Claim(image.pk, 1))
    (event,) = events(running)
    assert (event["type"], event["data"]["error"]["code"]) == ("job.failed", "worker_lost")
    fail(Claim(image.pk, 1), code="late", detail="Late.")
    assert len(events(running)) == 1


def test_a_canceled_job(cast: Cast) -> None:
    job = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1, ended="running"))
    cancel_job(cast.alice, job_id=job.pk)
    (event,) = events(job)
    assert (event["type"], event["data"]["status"]) == ("job.canceled", "canceled")
    assert event["data"]["credits"]["charged"] == 1
    assert len(event["data"]["outputs"]) == 2


def test_an_end_that_is_rolled_back_is_not_told(cast: Cast) -> None:
    job = job_of(cast.alice, Photo(ended="running"))
    image = job.images.get()
    with transaction.atomic():
        succeed(Claim(image.pk, 1), result(Photo()))
        assert len(events(job)) == 1
        transaction.set_rollback(True)
    assert events(job) == []
    assert not WebhookDelivery.unscoped.exists()
    succeed(Claim(image.pk, 1), result(Photo()))
    assert len(events(job)) == 1


def test_a_preview_is_nobodys_business(cast: Cast) -> None:
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    job = submit(cast.alice, Request(sources=[source], purpose=Job.Purpose.PREVIEW))
    JobImage.unscoped.filter(job=job).update(status=Status.RUNNING, attempt=1)
    succeed(Claim(job.images.get().pk, 1), result(Photo()))
    job.refresh_from_db()
    assert job.status == "succeeded"
    assert not WebhookEvent.unscoped.exists()


def test_a_jobs_own_address_is_signed_with_the_default_secret(cast: Cast, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with receiver() as there:
        answer = Api(cast.key(cast.charlie)).form("/jobs", {"image": photo(), "webhookUrl": there.url("/own?token=x")})
        assert answer.status_code == 202, answer.content
        job = Job.unscoped.get(pk=answer.json()["jobId"])
        end(job.images.get(), Photo())
        assert deliver_due() == 1
        (got,) = there.seen
    assert got.path == "/own?token=x"
    secret = default_secret(cast.charlie).secrets_in_use()[0]
    assert got.verified(secret)["data"]["jobId"] == str(job.pk)
    delivery = WebhookDelivery.unscoped.get(event__job_id=job.pk)
    assert (delivery.endpoint_id, delivery.status) == (None, "succeeded")
