from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from processing.models import Asset, StudioPhoto
from processing.queries.studio import strip
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.studio import As, process, put, send


def test_empty_it_is_a_drop_area_and_preset_cards(cast: Cast, as_: As) -> None:
    page = as_(cast.bob).get("/studio/").content.decode()
    assert "Drop product photos here" in page
    assert page.count('name="preset"') == 9
    assert "2000 × 2000 px · 5 % margin · White · JPEG 95" in page
    assert "Add photos first." in page


def test_a_viewer_may_look_and_is_told_why_not_more(cast: Cast, as_: As) -> None:
    client = as_(cast.victor)
    page = client.get("/studio/").content.decode()
    assert "Your role may look but not upload" in page
    assert 'type="file" id="studio-photos"' not in page
    assert send(client, product_photo()).status_code == 403
    assert process(client).status_code == 403
    assert not Asset.unscoped.exists()


@pytest.mark.parametrize("path", ["photos", "remove", "clear", "settings", "background", "process", "cancel", "zip"])
def test_nothing_changes_by_a_get(cast: Cast, as_: As, path: str) -> None:
    assert as_(cast.bob).get(f"/studio/{path}/").status_code == 405


def test_the_strip_belongs_to_one_person(cast: Cast, as_: As) -> None:
    (photo,) = put(cast.bob, 1)
    for other in (cast.alice, cast.charlie):
        client = as_(other)
        assert str(photo.pk) not in client.get("/studio/", {"photo": str(photo.pk)}).content.decode()
        client.post("/studio/remove/", {"chosen": str(photo.pk)})
        client.post("/studio/clear/")
        assert process(client, chosen=str(photo.pk)).status_code == 409
    assert StudioPhoto.unscoped.get() == photo
    assert as_(cast.charlie).get(f"/images/{photo.asset_id}/").status_code == 404


def test_an_upload_answers_with_its_frame(cast: Cast, as_: As) -> None:
    answer = send(as_(cast.bob), product_photo(), "Tasse <b>.jpg")
    photo = StudioPhoto.objects.of(cast.bob).get()
    assert answer.status_code == 201
    assert f'id="photo-{photo.pk}"' in answer.content.decode()
    assert "Tasse &lt;b&gt;.jpg" in answer.content.decode()
    assert (photo.user, photo.asset.name) == (cast.bob.user, "Tasse <b>.jpg")


def test_the_same_file_again_is_the_same_photo(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    assert [send(client, product_photo()).status_code for _ in range(2)] == [201, 201]
    assert StudioPhoto.unscoped.count() == Asset.unscoped.count() == 1


def test_photos_lie_in_the_order_in_which_they_were_chosen(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    moment = int(time.time() * 1000)
    send(client, product_photo(1), "wrong-clock.jpg", at=str(moment - 400 * 24 * 3_600_000))
    for number in (2, 0, 1):
        send(client, product_photo(10 + number), f"{number}.jpg", at=str(moment - 1000 + number))
    send(client, product_photo(5), "nonsense.jpg", at="tomorrow")
    assert [photo.asset.name for photo in strip(cast.bob)] == [
        "0.jpg",
        "1.jpg",
        "2.jpg",
        "wrong-clock.jpg",
        "nonsense.jpg",
    ]


@pytest.mark.parametrize(
    ("data", "status"), [(b"hello", 415), (b"", 400), (product_photo()[:300], 400), (b"x" * 2_000_001, 413)]
)
def test_a_refused_file_says_why_and_leaves_nothing(
    cast: Cast, as_: As, settings: Settings, data: bytes, status: int
) -> None:
    settings.MAX_UPLOAD_BYTES = 2_000_000
    answer = send(as_(cast.bob), data)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")
    assert not StudioPhoto.unscoped.exists()
    assert not Asset.unscoped.exists()


def test_a_signed_out_upload_is_told_to_sign_in(db: None) -> None:
    assert send(Client(), product_photo()).status_code == 401


def test_without_scripts_a_form_sends_many_files(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    files = [SimpleUploadedFile(f"{n}.jpg", product_photo(n)) for n in range(3)]
    page = client.post("/studio/photos/", {"image": [*files, SimpleUploadedFile("notes.txt", b"hi")]}, follow=True)
    assert StudioPhoto.unscoped.count() == 3
    assert "notes.txt: " in page.content.decode()
    assert "3 photos are on the strip." in page.content.decode()
