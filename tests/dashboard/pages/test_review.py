from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.actions.assets import delete_asset
from processing.models import Job, JobImage, StudioPhoto
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]


@pytest.fixture
def job(cast: Cast) -> Job:
    return job_of(
        cast.alice,
        Photo("sure.jpg", 0, confidence=0.97),
        Photo("doubtful.jpg", 1, confidence=0.5, reasons=("patchy",)),
        Photo(
            "worst.jpg",
            2,
            confidence=0.1,
            reasons=("spill", "cut_off"),
            warnings=(("subject_cut_off", "Cut off at the bottom."),),
        ),
        Photo("unknown.jpg", 3, confidence=None),
        Photo("bad.jpg", 4, ended="failed"),
        label="Autumn",
    )


def image(job: Job, name: str) -> JobImage:
    return job.images.get(name=name)


def shown(client: Client, address: str) -> tuple[str | None, str]:
    """The name of the image and the count beside it."""
    answer = client.get(address)
    assert answer.status_code == 200
    page = re.sub(r"\s+", " ", answer.content.decode())
    count = re.search(r"(\d+ of \d+)</span>", page)
    found = answer.context.get("image")
    return (found.name if found else None), count[1] if count else ""


def follow(client: Client, image_id: uuid.UUID, decision: str, **more: object) -> str:
    answer = client.post(f"/review/{image_id}/", {"decision": decision, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_doubtful_first_and_only_they(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.bob)
    assert shown(client, "/review/") == ("worst.jpg", "1 of 2")
    page = client.get("/review/").content.decode()
    assert "Cut off at the bottom." in page
    assert "Some of the background may be left" in page
    assert "The photo cuts the product off<" not in page, "the warning says it better"
    assert "0.10" in page
    assert 'data-shortcut="a"' in page
    following = re.search(r'href="(/review/\?image=[^"]+)"', page)
    assert following is not None
    assert shown(client, following[1]) == ("doubtful.jpg", "2 of 2")


def test_decisions_are_saved_and_lead_on(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.bob)
    worst, doubtful = image(job, "worst.jpg"), image(job, "doubtful.jpg")
    address = follow(client, worst.pk, "rejected")
    assert shown(client, address) == ("doubtful.jpg", "1 of 1")
    address = follow(client, doubtful.pk, "accepted")
    assert "Nothing to review" in client.get(address).content.decode()
    assert {one.name: one.review for one in job.images.all() if one.review != "pending"} == {
        "worst.jpg": "rejected",
        "doubtful.jpg": "accepted",
    }
    entries = AuditEntry.objects.of(cast.alice).filter(target_kind="image").order_by("id")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("image.rejected", cast.bob.user),
        ("image.accepted", cast.bob.user),
    ]


def test_the_last_decision_can_be_undone(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.bob)
    worst = image(job, "worst.jpg")
    address = follow(client, worst.pk, "accepted")
    page = client.get(address).content.decode()
    assert "Accepted" in page
    assert "Undo" in page
    asked = parse_qs(urlsplit(address).query)
    assert (asked["undo"], asked["was"]) == ([str(worst.pk)], ["pending"])
    back = follow(client, worst.pk, "pending", stay="1")
    assert shown(client, back) == ("worst.jpg", "1 of 2")
    worst.refresh_from_db()
    assert worst.review == "pending"
    assert "Undo" not in client.get(back).content.decode()


def test_a_batch_keeps_its_count_and_shows_what_was_decided(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.bob)
    scope = {"job": str(job.pk)}
    start = f"/review/?job={job.pk}"
    assert shown(client, start) == ("worst.jpg", "1 of 4")
    order = []
    address = start
    for number, decision in enumerate(("accepted", "rejected", "accepted", "accepted"), start=1):
        name, count = shown(client, address)
        assert name is not None
        assert count == f"{number} of 4"
        order.append(name)
        address = follow(client, image(job, name).pk, decision, **scope)
    assert order == ["worst.jpg", "doubtful.jpg", "sure.jpg", "unknown.jpg"]
    page = re.sub(r"\s+", " ", client.get(address).content.decode())
    assert "All of this job is reviewed" in page
    assert "3 accepted, 1 rejected" in page
    first = f"{start}&image={image(job, 'doubtful.jpg').pk}"
    assert shown(client, first) == ("doubtful.jpg", "2 of 4")
    assert 'aria-pressed="true"' in client.get(first).content.decode()


def test_the_same_decision_twice_is_one(cast: Cast, as_: As, job: Job) -> None:
    worst = image(job, "worst.jpg")
    for _ in range(2):
        follow(as_(cast.bob), worst.pk, "accepted")
    assert AuditEntry.objects.of(cast.alice).filter(action="image.accepted").count() == 1


def test_a_decision_that_is_none_is_refused(cast: Cast, as_: As, job: Job) -> None:
    worst = image(job, "worst.jpg")
    for decision in ("", "maybe"):
        assert as_(cast.bob).post(f"/review/{worst.pk}/", {"decision": decision}).status_code == 400
    worst.refresh_from_db()
    assert worst.review == "pending"


def test_strangers_and_viewers_decide_nothing(cast: Cast, as_: As, job: Job) -> None:
    worst = image(job, "worst.jpg")
    stranger, viewer = as_(cast.charlie), as_(cast.victor)
    assert "Nothing to review" in stranger.get("/review/").content.decode()
    for address in (f"/review/?image={worst.pk}", f"/review/?job={job.pk}", "/review/?image=nonsense"):
        assert stranger.get(address).status_code == 404
    assert stranger.get(f"/review/?undo={worst.pk}").status_code == 200
    assert "worst.jpg" not in stranger.get(f"/review/?undo={worst.pk}&was=accepted").content.decode()
    for client, status in ((stranger, 404), (viewer, 403)):
        assert client.post(f"/review/{worst.pk}/", {"decision": "accepted"}).status_code == status
        assert client.post(f"/review/{worst.pk}/mend/").status_code == status
    page = viewer.get("/review/").content.decode()
    assert "worst.jpg" in page
    for refused in ("Accept<", "Reject<", "Mend<"):
        assert refused not in page
    worst.refresh_from_db()
    assert worst.review == "pending"
    assert not StudioPhoto.unscoped.exists()


def test_mending_opens_the_studio_with_the_photo(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.bob)
    worst = image(job, "worst.jpg")
    address = client.post(f"/review/{worst.pk}/mend/")["Location"]
    photo = StudioPhoto.objects.of(cast.bob).get(user=cast.bob.user)
    assert address == f"/studio/?photo={photo.pk}"
    assert (photo.asset_id, photo.latest_id) == (worst.source_id, worst.pk)
    client.post(f"/review/{worst.pk}/mend/")
    assert StudioPhoto.unscoped.count() == 1, "a photo that lies on the strip already stays the one it is"
    assert AuditEntry.objects.of(cast.bob).filter(action="image.opened_in_studio").exists()


def test_what_cannot_be_mended_says_why(cast: Cast, as_: As, job: Job) -> None:
    worst = image(job, "worst.jpg")
    assert worst.source_id is not None
    delete_asset(cast.alice, asset_id=worst.source_id)
    client = as_(cast.bob)
    assert "Mend<" not in client.get(f"/review/?image={worst.pk}").content.decode()
    answer = client.post(f"/review/{worst.pk}/mend/")
    assert answer.status_code == 409
    assert "The original photo was deleted" in answer.content.decode()


def test_nothing_to_review_leads_to_the_studio(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/review/").content.decode()
    assert "Nothing to review" in page
    assert 'href="/studio/"' in page


def test_htmx_gets_the_body_alone(cast: Cast, as_: As, job: Job) -> None:
    answer = as_(cast.alice).get("/review/", HTTP_HX_REQUEST="true")
    assert answer.content.decode().strip().startswith('<div class="review"')


def test_as_many_queries_for_fifty_images_as_for_four(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.alice)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ("/review/", f"/review/?job={job.pk}")
    few = [queries(address) for address in addresses]
    worst = image(job, "worst.jpg")
    JobImage.unscoped.bulk_create(
        JobImage(
            organization=job.organization, job=job, index=index, name=f"{index}.jpg", status="succeeded",
            source=worst.source, output=worst.output, in_library=True, confidence=0.2,
        )
        for index in range(10, 60)
    )  # fmt: skip
    assert [queries(address) for address in addresses] == few
