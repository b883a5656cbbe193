"""The rule that deletes old images: who sets it, what it says before it deletes, and what stands where they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.models import AuditEntry
from integrations.actions.image_retention import sweep
from processing.models import Asset, ImageRetention, StudioPhoto
from processing.queries.image_retention import days_kept
from tests.support.aged import job_days_ago
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
PATH = "/settings/organization/images/"
PAGE = "/settings/organization/"
CHANGED = "organization.image_retention_changed"


def changes(cast: Cast) -> list[dict[str, Any]]:
    return list(
        AuditEntry.objects.of(cast.alice).filter(action=CHANGED).order_by("pk").values_list("details", flat=True)
    )


def days_there(cast: Cast) -> int | None:
    return days_kept(cast.alice)


def test_an_owner_sets_it_and_takes_it_back(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    assert "They stay" in client.get(PAGE).content.decode()
    assert client.post(PATH, {"days": "30"}).status_code == 302
    assert days_there(cast) == 30
    page = client.get(PAGE).content.decode()
    assert "Deleted after 30 days" in page
    assert 'value="30"' in page
    assert "Deleted after 30 days" in as_(cast.victor).get(PAGE).content.decode()
    assert "They stay" in as_(cast.charlie).get(PAGE).content.decode()
    client.post(PATH, {"days": "30"})
    assert client.post(PATH, {"days": ""}).status_code == 302
    assert days_there(cast) is None
    name = "delete_images_after_days"
    assert changes(cast) == [
        {"before": {name: None}, "after": {name: 30}},
        {"before": {name: 30}, "after": {name: None}},
    ]
    assert "Days after which images are deleted changed" in client.get("/audit/").content.decode()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR, Role.VIEWER])
def test_nobody_else_sets_it(cast: Cast, as_: As, role: Role) -> None:
    client = as_(cast.bob_as(role))
    assert client.post(PATH, {"days": "1", "agreed": "1"}).status_code == 403
    assert PATH not in client.get(PAGE).content.decode()
    assert not ImageRetention.unscoped.exists()
    assert changes(cast) == []


@pytest.mark.parametrize("typed", ["0", "-3", "3651", "1.5", "soon", "9" * 5000])
def test_what_is_no_number_of_days_is_refused_and_stays_typed(cast: Cast, as_: As, typed: str) -> None:
    client = as_(cast.alice)
    client.post(PATH, {"days": "90"})
    answer = client.post(PATH, {"days": typed, "agreed": typed})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Use a whole number of days from 1 to 3,650, or leave it empty." in page
    assert f'value="{typed}"' in page
    assert days_there(cast) == 90
    assert len(changes(cast)) == 1


def test_what_goes_at_once_is_said_and_agreed_to_first(cast: Cast, as_: As) -> None:
    job_days_ago(cast.bob, 40)
    job_of(cast.bob, Photo(seed=7))
    client = as_(cast.alice)
    answer = client.post(PATH, {"days": "30"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "2 photos and images, " in page
    assert "are deleted at once" in page
    assert '<input type="hidden" name="agreed" value="30">' in page
    assert days_there(cast) is None
    assert changes(cast) == []
    # Who agreed to 30 days has not agreed to 20.
    assert client.post(PATH, {"days": "20", "agreed": "30"}).status_code == 409
    sweep()
    assert Asset.objects.of(cast.alice).count() == 4
    assert client.post(PATH, {"days": "30", "agreed": "30"}).status_code == 302
    sweep()
    assert Asset.objects.of(cast.alice).count() == 2
    # More days delete nothing more; fewer that reach no further neither.
    assert client.post(PATH, {"days": "60"}).status_code == 302
    assert client.post(PATH, {"days": "20"}).status_code == 302


def test_an_image_that_went_says_so_wherever_it_was(cast: Cast, as_: As) -> None:
    image = job_days_ago(cast.bob, 40)
    job, source, output = image.job, image.source_id, image.output_id
    client, api = as_(cast.bob), Api(cast.key())
    assert client.get(f"/library/{image.pk}/").status_code == 200
    as_(cast.alice).post(PATH, {"days": "30", "agreed": "30"})
    sweep()
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert page.count("Deleted after 30 days") == 2
    assert "The image was deleted from the library" not in page
    assert client.get(f"/library/{image.pk}/").status_code == 404
    answer = api.get(f"/jobs/{job.pk}").json()
    assert (answer["status"], answer["outputs"][0]["error"]["code"]) == ("succeeded", "deleted")
    assert "deleted after 30 days" in answer["outputs"][0]["error"]["detail"]
    for asset_id in (source, output):
        assert api.get(f"/files/{asset_id}").status_code == 404
        assert client.get(f"/images/{asset_id}/").status_code == 404


def test_the_film_strip_says_so_where_the_photo_is_still_needed(cast: Cast, as_: As) -> None:
    image, bob = job_days_ago(cast.bob, 40), cast.bob
    assert image.source
    assert bob.user
    StudioPhoto.unscoped.create(organization=bob.organization, user=bob.user, asset=image.source, latest=image)
    Asset.unscoped.filter(pk=image.source.pk).update(renewed_at=timezone.now())
    as_(cast.alice).post(PATH, {"days": "30", "agreed": "30"})
    sweep()
    assert "Deleted after 30 days" in as_(cast.bob).get("/studio/").content.decode()
    assert "the photo, which something still needs" in as_(cast.bob).get(f"/jobs/{image.job.pk}/").content.decode()
