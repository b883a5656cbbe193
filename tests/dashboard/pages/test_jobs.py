from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.credentials import actor_for_key
from processing.actions.cancel import cancel_job
from processing.models import Job, JobImage, Status
from tests.support.cast import Cast
from tests.support.downloads import text
from tests.support.finished import Photo, end, job_of

As = Callable[[Actor], Client]


def test_each_job_says_state_photo_label_who_time_and_cost(cast: Cast, as_: As) -> None:
    by_key = actor_for_key(cast.key())
    assert by_key.api_key is not None
    job_of(cast.bob, Photo("espresso.jpg"), Photo("ring.jpg", 1, ended="failed"), preset="ebay", label="Autumn")
    job_of(by_key, Photo("api.jpg", 2, ended="failed"))
    page = text(as_(cast.victor), "/jobs/")
    for words in ("espresso.jpg", "eBay listing", "2 photos", "1 failed", "Autumn", "Bob", "Showing 1-2 of 2"):
        assert words in page, words
    assert by_key.api_key.prefix in page
    assert "No product was found." in page
    assert "Add photos" not in page, "a viewer is offered nothing that would be refused"
    assert "Add photos" in text(as_(cast.bob), "/jobs/")


def test_strangers_see_none_of_it(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("secret.jpg"), label="Secret label")
    page = text(as_(cast.charlie), "/jobs/?q=secret")
    assert "No jobs yet" in page
    assert "Secret label" not in page
    assert str(job.pk) not in text(as_(cast.charlie), f"/jobs/live/?job={job.pk}")


def test_signed_out_it_asks_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/jobs/")["Location"] == "/accounts/login/?next=/jobs/"


def test_filters_by_address(cast: Cast, as_: As) -> None:
    job_of(cast.alice, Photo("cup.jpg"), label="Autumn")
    job_of(cast.alice, Photo("vase.jpg", 1, ended="failed"), label="Spring")
    client = as_(cast.alice)
    for address, there, gone in (
        ("/jobs/?status=failed", "vase.jpg", "cup.jpg"),
        ("/jobs/?label=Autumn", "cup.jpg", "vase.jpg"),
        ("/jobs/?q=VASE", "vase.jpg", "cup.jpg"),
        ("/jobs/?q=autumn", "cup.jpg", "vase.jpg"),
    ):
        page = text(client, address)
        assert there in page, address
        assert gone not in page, address
    assert "No job matches" in text(client, "/jobs/?q=nothing+like+it")
    assert client.get("/jobs/?status=lost").status_code == 400
    assert client.get("/jobs/?older=garbage").status_code == 400


def test_pages_forward_and_back(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(ended="failed"))
    Job.unscoped.bulk_create(
        Job(organization=job.organization, operation="process", status="failed") for _ in range(54)
    )
    client = as_(cast.alice)
    first = client.get("/jobs/").context["listing"]
    assert (first.start, first.end, first.total, first.previous_url) == ("1", "50", "55", None)
    second = client.get(first.next_url).context["listing"]
    assert (second.start, second.end, second.total, second.next_url) == ("51", "55", "55", None)
    back = client.get(second.previous_url).context["listing"]
    assert (back.start, back.end, back.previous_url) == ("1", "50", None)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_the_list_asks_for_news_only_while_something_is_open(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("cup.jpg"), Photo("vase.jpg", 1, ended="queued"))
    client = as_(cast.alice)
    page = text(client, "/jobs/")
    assert f"/jobs/live/?job={job.pk}" in page
    assert "50 %" in page
    live = text(client, f"/jobs/live/?job={job.pk}&job=garbage", HTTP_HX_REQUEST="true")
    assert 'hx-trigger="every' in live
    assert f'id="job-{job.pk}" hx-swap-oob="true"' in live
    end(job.images.get(index=1), Photo())
    live = text(client, f"/jobs/live/?job={job.pk}", HTTP_HX_REQUEST="true")
    assert "Succeeded" in live
    assert "hx-trigger" not in live
    assert 'hx-trigger="every' not in text(client, "/jobs/")


def test_a_list_whose_jobs_only_wait_asks_more_seldom(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("cup.jpg", ended="queued"))
    client = as_(cast.alice)
    for seconds, again in ((1, 1500), (900, 5000)):
        Job.unscoped.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))
        assert f'hx-trigger="every {again}ms"' in text(client, "/jobs/")
    Job.unscoped.filter(pk=job.pk).update(status=Status.RUNNING)
    assert 'hx-trigger="every 1500ms"' in text(client, "/jobs/"), "soon, once a worker has it"


def test_htmx_gets_the_list_alone(cast: Cast, as_: As) -> None:
    job_of(cast.alice, Photo())
    part = text(as_(cast.alice), "/jobs/?q=cup", HTTP_HX_REQUEST="true")
    assert part.strip().startswith('<div id="jobs-list">')


def test_a_canceled_job_says_what_was_done(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(), Photo("b.jpg", 1, ended="queued"))
    cancel_job(cast.alice, job_id=job.pk)
    page = text(as_(cast.alice), "/jobs/")
    assert "Canceled" in page
    assert "1 done" in page


def test_as_many_queries_for_fifty_jobs_as_for_two(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/jobs/")
        return len(captured)

    for _ in range(2):
        job_of(cast.alice, Photo(), Photo("b.jpg", 1, ended="failed"), preset="ebay", label="x")
    queries()
    few = queries()
    source = JobImage.unscoped.filter(output__isnull=False).select_related("output", "source").first()
    assert source is not None
    jobs = [
        Job(organization=cast.alice.organization, operation="process", created_by=cast.bob.user, image_count=3)
        for _ in range(48)
    ]
    Job.unscoped.bulk_create(jobs)
    JobImage.unscoped.bulk_create(
        JobImage(organization=cast.alice.organization, job=job, index=index, name=f"{index}.jpg", source=source.source)
        for job in jobs
        for index in range(3)
    )
    assert queries() == few


def test_characters_that_no_database_takes_are_no_error(cast: Cast, as_: As) -> None:
    job_of(cast.alice, Photo())
    for name in ("q", "label"):
        assert as_(cast.alice).get("/jobs/", {name: "a\0b"}).status_code == 200
