from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from accounts.queries.credits import balance
from processing.actions.assets import delete_asset
from processing.models import Job
from tests.support.cast import Cast
from tests.support.downloads import text
from tests.support.finished import Photo, end, job_of

As = Callable[[Actor], Client]


def test_one_photo(cast: Cast, as_: As) -> None:
    photo = Photo(
        "cup.jpg",
        confidence=0.42,
        reasons=("soft_edges", "made_up"),
        warnings=(("enlarged", "The photo was enlarged 3.0 times."),),
    )
    job = job_of(cast.bob, photo, preset="amazon-main")
    image = job.images.get()
    page = text(as_(cast.victor), f"/jobs/{job.pk}/")
    for words in (
        "Succeeded", "Amazon main image", "2000 × 2000 px", "5 % on every side", "White", "JPEG, quality 95", "Bob",
        "segment", "1.20 s", "isnet-general-use", "onnxruntime-cpu", "0.42",
        "Much of the outline is undecided", "Made up",
        "The photo was enlarged 3.0 times.", "60 × 60 px", "1 charged", str(job.pk),
    ):  # fmt: skip
        assert words in page, words
    assert f"/images/{image.output_id}/" in page
    assert f"/images/{image.source_id}/1280.webp" in page
    assert f"/images/{image.output_id}/?download=cup.jpg" in page
    for refused in ("Run again", "Cancel job", "/review/?job="):
        assert refused not in page, "a viewer is offered nothing that would be refused"
    assert "style=" not in page


def test_a_batch_shows_the_chosen_photo(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1, ended="failed"), Photo("c.jpg", 2, confidence=0.3))
    client = as_(cast.alice)
    page = client.get(f"/jobs/{job.pk}/?photo=2")
    assert page.context["chosen"].name == "b.jpg"
    words = re.sub(r"\s+", " ", page.content.decode())
    assert "No product was found." in words
    assert "Take a photo in which the product stands out" in words
    assert "2 of 3" in words
    assert "Wants a look" in words
    assert "Download 2 images" in words
    part = text(client, f"/jobs/{job.pk}/?photo=3", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="job-photo")
    assert part.strip().startswith("<input")
    assert "c.jpg" in part
    for nonsense in ("0", "99", "x", "-1", "²"):
        assert client.get(f"/jobs/{job.pk}/", {"photo": nonsense}).status_code == 200


def test_strangers_find_nothing(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(), Photo("b.jpg", 1, ended="queued"))
    client = as_(cast.charlie)
    for address in ("", "live/", "zip/"):
        assert client.get(f"/jobs/{job.pk}/{address}").status_code == 404
    for address in ("cancel/", "again/"):
        assert client.post(f"/jobs/{job.pk}/{address}").status_code == 404
    job.refresh_from_db()
    assert job.status == "running"
    assert Job.unscoped.count() == 1


def test_a_viewer_cancels_and_runs_nothing(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(), Photo("b.jpg", 1, ended="queued"))
    client = as_(cast.victor)
    for address in ("cancel/", "again/"):
        assert client.post(f"/jobs/{job.pk}/{address}").status_code == 403
    job.refresh_from_db()
    assert (job.status, Job.unscoped.count()) == ("running", 1)


def test_canceling_gives_back_and_says_so(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(), Photo("b.jpg", 1, ended="queued"), Photo("c.jpg", 2, ended="queued"))
    page = text(as_(cast.bob), f"/jobs/{job.pk}/")
    assert "1 of 3 photos are done and stay." in page
    answer = as_(cast.bob).post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "2 credits are given back" in answer.content.decode()
    assert balance(cast.alice) == 99
    assert AuditEntry.objects.of(cast.alice).filter(action="job.canceled", user=cast.bob.user).count() == 1
    assert as_(cast.bob).post(f"/jobs/{job.pk}/cancel/").status_code == 409


def test_running_again_takes_what_did_not_succeed(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1, ended="failed"), preset="ebay")
    client = as_(cast.bob)
    assert "Run 1 unfinished again" in text(client, f"/jobs/{job.pk}/")
    answer = client.post(f"/jobs/{job.pk}/again/")
    new = Job.unscoped.get(retry_of=job)
    assert answer["Location"] == f"/jobs/{new.pk}/"
    assert [image.name for image in new.images.all()] == ["b.jpg"]
    page = text(client, f"/jobs/{new.pk}/")
    assert f"/jobs/{job.pk}/" in page
    assert f"/jobs/{new.pk}/" in text(client, f"/jobs/{job.pk}/")


def test_a_job_whose_photos_are_gone_says_so(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("a.jpg", ended="failed"))
    source = job.images.get().source
    assert source is not None
    delete_asset(cast.alice, asset_id=source.pk)
    page = text(as_(cast.alice), f"/jobs/{job.pk}/")
    assert "The photo was deleted" in page
    assert "The photos are not kept any more" in page
    assert as_(cast.alice).post(f"/jobs/{job.pk}/again/").status_code == 409


def test_a_background_that_was_made_of_no_photo_can_be_run_again(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo())
    job.images.update(source=None, without_photo=True, attempt=1)
    page = text(as_(cast.alice), f"/jobs/{job.pk}/")
    assert "The photos are not kept any more" not in page
    job.images.update(without_photo=False)
    assert "The photos are not kept any more" in text(as_(cast.alice), f"/jobs/{job.pk}/")


def test_progress_is_live_until_the_end(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1, ended="running"), Photo("c.jpg", 2, ended="queued"))
    client = as_(cast.alice)
    page = text(client, f"/jobs/{job.pk}/")
    assert "1 of 3 photos done" in page
    assert "46 %" in page
    live = text(client, f"/jobs/{job.pk}/live/?photo=1&seen=succeeded", HTTP_HX_REQUEST="true")
    assert 'id="frame-2" hx-swap-oob="true"' in live
    assert 'id="frame-3"' not in live, "what has not changed is not sent"
    assert "innerHTML:#job-photo" not in live, "the slider that is being looked at stays"
    end(job.images.get(index=1), Photo(ended="failed"))
    live = text(client, f"/jobs/{job.pk}/live/?photo=2&seen=running", HTTP_HX_REQUEST="true")
    assert 'hx-swap-oob="innerHTML:#job-photo"' in live
    end(job.images.get(index=2), Photo())
    last = client.get(f"/jobs/{job.pk}/live/?photo=2&seen=failed", headers={"HX-Request": "true"})
    assert last["HX-Retarget"] == "#main"
    assert 'hx-trigger="every' not in last.content.decode()


def test_where_nothing_has_changed_the_answer_is_empty_and_nearly_free(
    cast: Cast, as_: As, django_assert_num_queries: Callable[[int], Any]
) -> None:
    job = job_of(cast.alice, Photo("a.jpg"), Photo("b.jpg", 1, ended="running"), Photo("c.jpg", 2, ended="queued"))
    client, address = as_(cast.alice), f"/jobs/{job.pk}/live/"

    def state() -> str:
        found = re.search(r'name="state" value="([^"]+)"', text(client, f"/jobs/{job.pk}/"))
        assert found is not None
        return found[1]

    seen = {"photo": "2", "seen": "running", "state": state()}
    with django_assert_num_queries(6):  # session, person, membership; the job, its photos, those in hand
        same = client.get(address, seen)
    assert (same.status_code, same.content) == (204, b"")
    job.images.filter(index=1).update(step="encode")
    moved = client.get(address, seen)
    assert moved.status_code == 200
    assert state() in moved.content.decode(), "the page asks with it the next time"
    assert client.get(address, seen | {"state": state()}).status_code == 204
    assert as_(cast.charlie).get(address, seen).status_code == 404


@pytest.mark.parametrize("reader", ["bob", "victor"])
def test_all_images_as_one_download(cast: Cast, as_: As, reader: str) -> None:
    job = job_of(
        cast.alice,
        Photo("cup.jpg"), Photo("cup.jpg", 1), Photo("bad.jpg", 2, ended="failed"),
        preset="ebay", label="Cups / mugs",
    )  # fmt: skip
    answer = as_(getattr(cast, reader)).get(f"/jobs/{job.pk}/zip/?names={{name}}-{{preset}}-{{n}}")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.namelist() == ["cup-ebay-1.jpg", "cup-ebay-2.jpg"]
        assert archive.testzip() is None
    assert "Cups%20-%20mugs" in answer["Content-Disposition"]
    assert as_(cast.bob).get(f"/jobs/{job.pk}/zip/?names={{nonsense}}").status_code == 400
    empty = job_of(cast.alice, Photo("bad.jpg", 3, ended="failed"))
    assert as_(cast.bob).get(f"/jobs/{empty.pk}/zip/").status_code == 404


def test_as_many_queries_for_twenty_photos_as_for_two(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    counts = []
    for number in (2, 20):
        job = job_of(cast.alice, *(Photo(f"{index}.jpg", index) for index in range(number)), preset="ebay")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/jobs/{job.pk}/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
