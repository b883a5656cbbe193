"""Small pictures cost a list nothing: they load when they are seen, keep their room, and are asked for once."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.access.actor import Actor
from processing.models import JobImage
from tests.support.cast import Cast
from tests.support.catalog import NINE, product, stocked
from tests.support.finished import Photo, job_of
from tests.support.studio import put

As = Callable[[Actor], Client]


def test_pictures_of_lists_are_lazy_and_sized(cast: Cast, as_: As) -> None:
    job = job_of(cast.bob, Photo(), Photo("b.jpg", 1))
    stocked(cast.bob, product(1, "A", images=NINE[:2]))
    put(cast.alice, 2)
    client = as_(cast.alice)
    for address in ("/library/", "/jobs/", "/catalog/", f"/jobs/{job.pk}/", "/studio/"):
        found = re.findall(r"<img [^>]*\.webp[^>]*>", client.get(address).content.decode())
        small = [tag for tag in found if "/1280.webp" not in tag.split("srcset")[0]]
        assert small, address
        for tag in small:
            assert 'loading="lazy"' in tag, (address, tag)
            assert re.search(r' width="\d+" height="\d+"', tag), (address, tag)


def test_a_thumbnail_is_kept_for_ever_and_by_its_viewer_alone(cast: Cast, as_: As) -> None:
    image = JobImage.unscoped.get(job=job_of(cast.bob, Photo()))
    address = reverse("image_thumbnail", args=[image.output_id, 320])
    answer = as_(cast.victor).get(address)
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["Content-Type"] == "image/webp"
    again = as_(cast.victor).get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert as_(cast.charlie).get(address).status_code == 404


def test_a_large_batch_shows_the_frames_around_the_chosen_photo(cast: Cast, as_: As) -> None:
    job = job_of(cast.bob, Photo())
    JobImage.unscoped.bulk_create(
        JobImage(organization=job.organization, job=job, index=index, name=f"{index + 1}.jpg", status="failed")
        for index in range(1, 150)
    )
    client = as_(cast.alice)

    def frames(photo: int) -> tuple[int, str]:
        page = client.get(f"/jobs/{job.pk}/?photo={photo}").content.decode()
        return page.count('id="frame-'), page

    count, first = frames(60)
    assert count == 60
    assert "From photo 61" in first
    assert 'data-job-step="61"' not in first, "that one is on another strip: the whole page is asked for"
    count, last = frames(150)
    assert count == 30
    assert "To photo 120" in last
    assert "From photo" not in last
