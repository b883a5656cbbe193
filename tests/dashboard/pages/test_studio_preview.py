from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.kit.ids import first_id_at
from accounts.queries.credits import balance
from dashboard.preview_wait import pause
from processing.models import Job, JobImage, Status
from tests.support.cast import Cast
from tests.support.photos import opened
from tests.support.studio import HTMX, As, change, form, put


def preview_of(client: Client, answer: Any) -> Any:
    found = re.search(r'hx-get="(/studio/preview/[^"]+)"', answer.content.decode())
    assert found is not None, answer.content.decode()
    return client.get(found[1], headers=HTMX)


def test_a_change_is_previewed_small_and_free(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    (photo,) = put(cast.bob, 1)
    client = as_(cast.bob)
    answer = change(client, width="4000", height="3000", photo=str(photo.pk))
    run_all()
    shown = preview_of(client, answer).content.decode()
    source = re.search(r'data-src="([^"]+)"', shown)
    assert source is not None
    image = opened(client.get(source[1]).content)
    assert image.size == (1024, 768)
    assert balance(cast.bob) == 100
    assert Job.objects.of(cast.bob).get().purpose == Job.Purpose.PREVIEW
    assert source[1] in client.get("/studio/").content.decode()


def test_the_same_choice_again_needs_no_second_preview(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    change(client, shadow="drop")
    run_all()
    assert 'data-kind="preview"' in change(client, shadow="drop").content.decode()
    assert Job.unscoped.count() == 1


def test_the_second_preview_asks_no_network(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    for shadow in ("drop", "contact"):
        change(client, shadow=shadow)
        run_all()
    first, second = (image.source for image in JobImage.unscoped.order_by("pk"))
    assert first is not None
    assert first == second
    kept = Path(default_storage.path(first.blob.path))
    assert len(list(kept.parent.glob(f"{kept.name}.*.mask.png"))) == 1


def test_a_new_preview_takes_the_place_of_the_one_that_waits(cast: Cast, as_: As) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    for shadow in ("drop", "contact", "reflection"):
        change(client, shadow=shadow)
    states = Job.unscoped.order_by("pk").values_list("status", flat=True)
    assert list(states) == [Status.CANCELED, Status.CANCELED, Status.QUEUED]


def test_a_preview_belongs_to_its_person(cast: Cast, as_: As) -> None:
    put(cast.bob, 1)
    change(as_(cast.bob), shadow="drop")
    job = Job.unscoped.get()
    for other in (cast.alice, cast.charlie):
        assert as_(other).get(f"/studio/preview/{job.pk}/").status_code == 404


def test_without_scripts_the_preview_is_on_the_page(cast: Cast, as_: As, worker: None) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    page = client.post("/studio/settings/", form(client, shadow="drop"), follow=True)
    assert "data-compare" in page.content.decode().partition('id="compare-pattern"')[0]


def test_a_preview_that_waits_its_turn_is_asked_for_ever_more_seldom() -> None:
    def asked(seconds: float, status: str) -> int:
        made = first_id_at(timezone.now() - timedelta(seconds=seconds))
        return round(pause(JobImage(job_id=made, status=status)), -2)

    assert asked(1, Status.QUEUED) == 0, "at once, while it is new"
    assert asked(20, Status.QUEUED) == 2000
    assert asked(600, Status.QUEUED) == 5000
    assert asked(600, Status.RUNNING) == 0, "and once a worker has it"
