from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.queries.credits import balance
from processing.actions.assets import save_upload
from processing.actions.claim import claim_next
from processing.actions.run_image import run_next_image
from processing.actions.submit import Request, submit
from processing.models import Job, JobImage, Status, Worker
from processing.queries.studio import strip
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.studio import HTMX, As, change, process, put


def test_the_button_names_number_and_cost(cast: Cast, as_: As) -> None:
    photos = put(cast.bob, 12)
    client = as_(cast.bob)
    page = client.get("/studio/").content.decode()
    assert "Process 12 photos" in page
    assert "<strong>12</strong> credits" in page
    assert "100 left" in page
    assert "Process 2 photos" in change(client, chosen=[str(photo.pk) for photo in photos[:2]]).content.decode()
    one = change(client, chosen=[str(photos[0].pk)]).content.decode()
    assert "Process 1 photo<" in one
    assert "<strong>1</strong> credit<" in one


def test_one_job_over_all_photos_bound_to_the_strip(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    put(cast.bob, 3)
    client = as_(cast.bob)
    answer = process(client, expected="3", label="  Autumn   sale ")
    assert answer["HX-Trigger"] == "studio:processing, studio:submitted"
    job = Job.objects.of(cast.bob).get()
    assert (job.image_count, job.preset, job.preset_label) == (3, "amazon-main", "Autumn sale")
    assert [photo.latest.index for photo in strip(cast.bob) if photo.latest] == [0, 1, 2]
    assert process(client).status_code == 409
    run_all()
    assert balance(cast.bob) == 97
    page = client.get("/studio/").content.decode()
    assert page.count('data-state="succeeded"') + page.count('data-state="doubtful"') == 3
    assert "Every photo has an image with these settings." in page
    assert "Download 3 images" in page


def test_other_settings_ask_for_the_photos_again(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    put(cast.bob, 2)
    client = as_(cast.bob)
    process(client)
    run_all()
    put(cast.bob, 3)
    assert "Process 1 photo<" in client.get("/studio/").content.decode()
    assert "Process 3 photos" in change(client, preset="etsy").content.decode()


def test_an_unexpected_number_charges_nothing(cast: Cast, as_: As) -> None:
    put(cast.bob, 3)
    answer = process(as_(cast.bob), expected="2")
    assert answer.status_code == 409
    assert "it would be 3 photos now, not 2" in answer.content.decode()
    assert balance(cast.bob) == 100
    assert not Job.unscoped.exists()


def test_too_few_credits_are_said_before_and_refused_after(cast: Cast, as_: As) -> None:
    cast.bob.organization.credit_balance = 1
    cast.bob.organization.save(update_fields=["credit_balance"])
    put(cast.bob, 2)
    client = as_(cast.bob)
    assert "This costs 2 credits and 1 is left." in client.get("/studio/").content.decode()
    assert process(client).status_code == 402
    assert not Job.unscoped.exists()


def test_one_photo_by_its_own_button(cast: Cast, as_: As) -> None:
    photos = put(cast.bob, 3)
    assert process(as_(cast.bob), only=str(photos[1].pk), expected="3").status_code == 200
    assert JobImage.unscoped.get().source_id == photos[1].asset_id


def test_canceling_gives_the_credits_back(cast: Cast, as_: As) -> None:
    put(cast.bob, 2)
    client = as_(cast.bob)
    process(client)
    assert balance(cast.bob) == 98
    assert client.post("/studio/cancel/", headers=HTMX).status_code == 204
    assert balance(cast.bob) == 100
    assert client.get("/studio/").content.decode().count('data-state="canceled"') == 2


def test_a_failed_photo_says_why(cast: Cast, as_: As) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    process(client)
    JobImage.unscoped.update(status=Status.FAILED, error={"code": "no_subject", "detail": "There is no product in it."})
    Job.unscoped.update(status=Status.FAILED)
    page = client.get("/studio/").content.decode()
    assert "There is no product in it. Nothing was charged for it." in page
    assert "Try again" in page


def test_one_request_tells_what_changed(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    photos = put(cast.bob, 5)
    client = as_(cast.bob)
    token = client.get("/studio/").context["seen"]
    quiet = client.get("/studio/strip/", {"seen": token})
    assert (quiet.status_code, quiet["X-Studio-Busy"]) == (204, "0")
    process(client, chosen=[str(photo.pk) for photo in photos[:2]])
    started = client.get("/studio/strip/", {"seen": token, "photo": str(photos[0].pk)})
    assert started.content.decode().count('class="film__frame"') == 2
    assert "0 of 2 done" in started.content.decode()
    assert 'id="stage-state"' in started.content.decode()
    assert started["X-Studio-Busy"] == "1"
    run_all()
    ended = client.get("/studio/strip/", {"seen": started["X-Studio-Seen"]})
    assert ended.content.decode().count('class="film__frame"') == 2
    assert ended["X-Studio-Busy"] == "0"
    put(cast.bob, 6)
    added = client.get("/studio/strip/", {"seen": ended["X-Studio-Seen"]})
    assert (added.content.decode().count('class="film__frame"'), added["X-Studio-Whole"]) == (1, "0")


def test_where_nothing_has_changed_the_answer_is_empty_and_nearly_free(
    cast: Cast, as_: As, run_all: Callable[[], int], django_assert_num_queries: Callable[[int], Any]
) -> None:
    photos = put(cast.bob, 30)
    client = as_(cast.bob)
    process(client, chosen=[str(photo.pk) for photo in photos[:2]])
    run_all()
    process(client, chosen=[str(photo.pk) for photo in photos[2:]])
    shown = client.get("/studio/strip/", {"seen": ""})
    with django_assert_num_queries(4):  # session, person, membership, and the strip at a glance
        same = client.get("/studio/strip/", {"seen": shown["X-Studio-Seen"]})
    assert (same.status_code, same.content, same["X-Studio-Busy"]) == (204, b"", "1")


def test_the_next_question_after_a_step_tells_it(cast: Cast, as_: As) -> None:
    put(cast.bob, 2)
    client = as_(cast.bob)
    process(client)
    token = client.get("/studio/").context["seen"]
    claim = claim_next("w")
    assert claim is not None
    for step, words in (("", "Starting"), ("segment", "Segment, 2 of 5"), ("encode", "Encode, 5 of 5")):
        JobImage.unscoped.filter(pk=claim.image_id).update(step=step)
        answer = client.get("/studio/strip/", {"seen": token})
        assert (answer.status_code, answer.content.decode().count('class="film__frame"')) == (200, 1)
        assert words in answer.content.decode()
        token = answer["X-Studio-Seen"]
        assert client.get("/studio/strip/", {"seen": token}).status_code == 204


def test_the_end_of_a_job_is_told_though_its_last_photo_is_off_the_strip(cast: Cast, as_: As) -> None:
    second = put(cast.bob, 2)[1]
    client = as_(cast.bob)
    process(client)
    client.post("/studio/remove/", {"chosen": str(second.pk)}, headers=HTMX)
    run_next_image()
    token = client.get("/studio/").context["seen"]
    assert "1 of 1 done" in client.get("/studio/").content.decode()
    run_next_image()
    answer = client.get("/studio/strip/", {"seen": token})
    assert answer.status_code == 200
    assert "1 of 1 done" not in answer.content.decode()


def test_the_server_says_when_to_ask_again(cast: Cast, as_: As) -> None:
    put(cast.bob, 2)
    client = as_(cast.bob)
    process(client)

    def again(**times: float) -> int:
        ago = {name: timezone.now() - timedelta(seconds=seconds) for name, seconds in times.items()}
        JobImage.unscoped.filter(job__created_by=cast.bob.user).update(**ago)
        cache.clear()
        return round(int(client.get("/studio/strip/")["X-Studio-Again"]), -2)

    assert again(queued_at=2) == 1000, "soon, while it is new"
    assert again(queued_at=30) == 3000, "ever more seldom, while it waits"
    assert again(queued_at=900) == 5000
    Worker.objects.create(
        name="w", host="h", pid=1, photo_seconds=20, started_at=timezone.now(), seen_at=timezone.now()
    )
    photo = save_upload(cast.charlie, data=product_photo(), name="a.jpg")
    submit(cast.charlie, Request(sources=[photo]))
    assert again(queued_at=2) == 2000, "another one's photo goes before it, and takes its time"
    JobImage.unscoped.filter(job__created_by=cast.bob.user, index=0).update(status=Status.RUNNING)
    assert again(queued_at=900, started_at=3) == 1000, "soon again, once a worker has it"


@pytest.mark.parametrize(
    "token", ["", "nonsense", "3.00000000.n3-", "99999999.x.n9-", "3..n99999999999999-", "-1.x.", "٣.x.n٣-"]
)
def test_a_token_that_makes_no_sense_gets_everything(cast: Cast, as_: As, token: str) -> None:
    put(cast.bob, 3)
    answer = as_(cast.bob).get("/studio/strip/", {"seen": token})
    assert answer["X-Studio-Whole"] == "1"
    assert answer.content.decode().count('class="film__frame"') == 3


def test_a_long_strip_costs_few_queries(
    cast: Cast, as_: As, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    put(cast.bob, 30)
    client = as_(cast.bob)
    process(client)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get("/studio/strip/", {"seen": ""})


def test_photos_leave_the_strip_and_their_images_stay(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    photos = put(cast.bob, 3)
    client = as_(cast.bob)
    process(client)
    run_all()
    assert client.post("/studio/remove/", {"chosen": str(photos[0].pk)}, headers=HTMX).status_code == 204
    assert len(strip(cast.bob)) == 2
    client.post("/studio/clear/")
    assert strip(cast.bob) == []
    assert JobImage.objects.of(cast.bob).filter(output__isnull=False).count() == 3
