"""/catalog/match/: three lists before anything happens, from images, names and tables; and their files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from integrations.models import Connection, Publication, PublishRun
from processing.models import JobImage
from tests.support.cast import Cast
from tests.support.catalog import NINE, product, stocked, variant
from tests.support.finished import Photo, job_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def row(cast: Cast) -> Connection:
    return stocked(
        cast.bob,
        product(1, "MUG-1", title="Blue mug", images=NINE),
        product(2, "MUG-1_2", title="Red mug"),
        product(3, "CUP", title="Cup one"),
        product(4, "cup", title="Cup two"),
        product(5, "SHIRT", variant(50, "SHIRT-S"), variant(51, "SHIRT-M"), title="Shirt", images=NINE[:1]),
    )


def lists(html: str) -> dict[str, list[str]]:
    """The files of each of the three lists."""
    parts = re.split(r'<section class="section[^"]*" id="', html)[1:]
    return {part.split('"')[0]: re.findall(r'match-name"><strong title="([^"]*)"', part) for part in parts}


def values(html: str) -> list[str]:
    """What the ticked boxes send."""
    return re.findall(r'type="checkbox" name="item" value="([^"]*)"[^>]* checked', html)


def test_before_a_shop_is_connected(cast: Cast, as_: SignIn) -> None:
    assert "No shop is connected" in as_(cast.bob).get("/catalog/match/").content.decode()


def test_the_images_of_a_job_in_three_lists(cast: Cast, as_: SignIn, row: Connection) -> None:
    names = ("MUG-1.jpg", "MUG-1_2.jpg", "MUG-1_3.heic", "cup.jpg", "shirt-s.png", "plate.jpg")
    job = job_of(cast.bob, *(Photo(name, seed) for seed, name in enumerate(names)))
    client = as_(cast.victor)
    html = client.get("/catalog/match/", {"job": str(job.pk)}).content.decode()
    assert lists(html) == {
        "matched": ["MUG-1.jpg", "MUG-1_2.jpg", "MUG-1_3.heic", "shirt-s.png"],
        "ambiguous": ["cup.jpg"],
        "unmatched": ["plate.jpg"],
    }
    assert "Or: image 2 of Blue mug" in html
    assert "Cup one (CUP): Main image" in html
    assert "No product of this shop has it." in html
    assert len(values(html)) == 4
    # A viewer may look, and nothing else.
    assert "What happens with them" in html
    assert "Publish 4 images" not in html
    assert not Publication.unscoped.exists()
    stranger = as_(cast.charlie).get("/catalog/match/", {"job": str(job.pk), "connection": str(row.pk)})
    assert stranger.status_code == 400
    assert "MUG-1" not in stranger.content.decode()


def test_a_name_typed_by_hand_and_rejected_images(cast: Cast, as_: SignIn, row: Connection) -> None:
    job = job_of(cast.bob, Photo("one.jpg", 1), Photo("two.jpg", 2), Photo("MUG-1.jpg", 3))
    JobImage.unscoped.filter(name="two.jpg").update(review="rejected")
    client = as_(cast.bob)
    html = client.get("/catalog/match/", {"job": str(job.pk)}).content.decode()
    assert lists(html) == {"matched": ["MUG-1.jpg"], "ambiguous": [], "unmatched": ["one.jpg"]}
    one = JobImage.unscoped.get(name="one.jpg")
    found = re.search(r'name="images" value="([^"]*)"', html)
    assert found
    again = {"connection": str(row.pk), "source": "images", "images": found[1], f"as:{one.pk}": "shirt_2"}
    html = client.post("/catalog/match/", again).content.decode()
    assert lists(html)["matched"] == ["one.jpg", "MUG-1.jpg"]
    assert "Image 2" in html


def test_typed_names_and_tables_find_finished_images(cast: Cast, as_: SignIn, row: Connection) -> None:
    job_of(cast.bob, Photo("MUG-1.png", 1), Photo("IMG_1.jpg", 2))
    client = as_(cast.bob)
    typed = {"connection": str(row.pk), "source": "names", "names": "photos/MUG-1.jpg\nMUG-1_2.jpg\nMUG-1_2.jpg\n"}
    html = client.post("/catalog/match/", typed).content.decode()
    assert lists(html)["matched"] == ["MUG-1.png", "MUG-1_2.jpg"]
    assert "1 without a finished image" in html
    assert len(values(html)) == 1
    table = "file,sku,slot\nIMG_1.jpg,shirt,2\nIMG_1.jpg,MUG-1,\n,MUG-1,\nIMG_1.jpg,MUG-1,nowhere at all\n"
    upload = SimpleUploadedFile("list.csv", table.encode("utf-16"))
    html = client.post("/catalog/match/", {**typed, "names": "", "table": upload}).content.decode()
    assert lists(html)["matched"] == ["IMG_1.jpg", "IMG_1.jpg"]
    assert "Line 4: No file is named." in html
    assert "Line 5:" in html
    assert len(values(html)) == 2
    for wrong in ({"names": ""}, {"names": "x", "template": "{n}"}, {"names": "x", "connection": "nonsense"}):
        answer = client.post("/catalog/match/", {**typed, **wrong})
        assert answer.status_code == 400
        assert "field__error" in answer.content.decode()
    kept = client.post("/catalog/match/", {**typed, "template": "{n}"}).content.decode()
    assert "photos/MUG-1.jpg" in kept


def test_an_own_template_and_a_label(cast: Cast, as_: SignIn, row: Connection) -> None:
    job_of(cast.bob, Photo("web-MUG-1.jpg", 1), Photo("MUG-1_2.jpg", 2), label="Spring")
    asked = {"connection": str(row.pk), "source": "label", "label": "Spring", "template": "web-{sku}"}
    html = as_(cast.bob).post("/catalog/match/", asked).content.decode()
    assert lists(html) == {"matched": ["web-MUG-1.jpg"], "ambiguous": [], "unmatched": ["MUG-1_2.jpg"]}


def test_what_was_matched_as_files(cast: Cast, as_: SignIn, row: Connection) -> None:
    job = job_of(cast.bob, *(Photo(name, seed) for seed, name in enumerate(("mug-1.jpg", "mug-1_3.jpg", "=plate.jpg"))))
    client = as_(cast.bob)
    html = client.get("/catalog/match/", {"job": str(job.pk)}).content.decode()
    found = re.search(r'name="images" value="([^"]*)"', html)
    assert found
    sent = {"connection": str(row.pk), "source": "images", "images": found[1], "item": values(html)}
    answer = client.post("/catalog/match/zip/", {**sent, "names_of_files": "{sku}-{n}"})
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert sorted(archive.namelist()) == ["MUG-1-1.jpg", "MUG-1-3.jpg"]
    refused = client.post("/catalog/match/zip/", {**sent, "names_of_files": "{sku}{colour}"})
    assert refused.status_code == 400
    assert "There is no {colour}" in refused.content.decode()
    nothing = client.post("/catalog/match/zip/", {**sent, "item": "", "names_of_files": "{sku}"})
    assert "Choose at least one image." in nothing.content.decode()
    text = b"".join(client.post("/catalog/match/table/", sent)).decode()
    assert text.splitlines()[1:] == [
        "mug-1.jpg,MUG-1,1,matched,Blue mug",
        "mug-1_3.jpg,MUG-1,3,matched,Blue mug",
        "'=plate.jpg,,,No product of this shop has it.,",
    ]
    html = client.post(
        "/catalog/match/", {"connection": str(row.pk), "source": "names", "names": text}
    ).content.decode()
    assert lists(html) == {"matched": ["mug-1.jpg", "mug-1_3.jpg"], "ambiguous": [], "unmatched": ["=plate.jpg"]}


def test_many_images_take_few_queries(cast: Cast, as_: SignIn, row: Connection) -> None:
    def queries(count: int) -> int:
        job = job_of(cast.bob, *(Photo(f"MUG-1_{n}.jpg", n) for n in range(3, 3 + count)))
        client = as_(cast.bob)
        with CaptureQueriesContext(database) as seen:
            assert client.get("/catalog/match/", {"job": str(job.pk)}).status_code == 200
        return len(seen)

    assert queries(2) == queries(12)


def test_the_studio_and_the_library_send_their_images(cast: Cast, as_: SignIn, row: Connection) -> None:
    job = job_of(cast.bob, Photo("MUG-1.jpg", 1), Photo("MUG-1_2.jpg", 2))
    client = as_(cast.bob)
    images = [str(image.pk) for image in job.images.all()]
    html = client.post("/library/publish/", {"image": images}, follow=True).content.decode()
    assert lists(html)["matched"] == ["MUG-1.jpg", "MUG-1_2.jpg"]
    asked = client.get("/catalog/match/", {"source": "studio"})
    assert asked.status_code == 200
    assert "Match to products" in client.get(f"/jobs/{job.pk}/").content.decode()


def test_a_run_is_started_from_what_was_ticked(cast: Cast, as_: SignIn, row: Connection, settings: Settings) -> None:
    settings.BASE_URL = "https://packshot.example.com"
    job = job_of(cast.bob, *(Photo(name, seed) for seed, name in enumerate(("mug-1_3.jpg", "mug-1.jpg", "cup.jpg"))))
    client = as_(cast.bob)
    html = client.get("/catalog/match/", {"job": str(job.pk)}).content.decode()
    assert "Publish 2 images" in html
    cups = re.findall(r'<option value="([^"]+)">Cup', html)
    assert len(cups) == 2
    images = re.search(r'name="images" value="([^"]*)"', html)
    assert images
    sent = {"connection": str(row.pk), "source": "images", "images": images[1], "item": [*values(html), cups[1]]}
    sent |= {"name": "Spring", "first": "1", "most_failures": "30", "override_reason": "", "names_of_files": "{sku}"}
    url = "/catalog/match/publish/"
    for wrong, words in (
        ({"first": "0"}, "Type a number from 1 on"),
        ({"first": "x"}, "Type a number from 1 on"),
        ({"item": ""}, "Choose at least one image."),
        ({"item": ["nonsense"]}, "Match the images again"),
        ({"item": [*values(html), cups[0], values(html)[1].replace(" main", " 3")]}, "both chosen for one place"),
    ):
        refused = client.post(url, {**sent, **wrong})
        assert refused.status_code == 400
        assert words in refused.content.decode()
    assert 'value="Spring"' in refused.content.decode()
    assert not PublishRun.unscoped.exists()
    answer = client.post(url, sent)
    run = PublishRun.unscoped.get()
    assert answer["Location"] == f"/publications/runs/{run.pk}/"
    assert (run.name, run.size, run.first, run.most_failures) == ("Spring", 3, 1, 30)
    # Galleries are filled from their front, whatever order the files came in.
    places = [(row.filename, row.product, row.slot) for row in Publication.unscoped.order_by("pk")]
    assert places == [("mug-1.jpg", "1", "main"), ("mug-1_3.jpg", "1", "3"), ("cup.jpg", "4", "main")]
    again = client.post(url, sent)
    assert again.status_code == 400
    assert "mug-1.jpg: Another image is on its way" in again.content.decode()
    assert values(again.content.decode()) == values(html)
    assert PublishRun.unscoped.count() == 1
    assert as_(cast.victor).post(url, sent).status_code == 403
    # A stranger has no such shop and no such images.
    assert as_(cast.charlie).post(url, sent).status_code == 400
    assert PublishRun.unscoped.count() == 1


def test_the_newest_images_are_offered_first(cast: Cast, as_: SignIn, row: Connection) -> None:
    job_of(cast.bob, Photo("MUG-1.jpg"), Photo("plate.jpg", 1))
    job_of(cast.charlie, Photo("CUP.jpg", 2))
    client = as_(cast.bob)
    assert re.search(r'value="latest" checked', client.get("/catalog/match/").content.decode())
    html = client.post("/catalog/match/", {"connection": str(row.pk), "source": "latest"}).content.decode()
    assert lists(html) == {"matched": ["MUG-1.jpg"], "ambiguous": [], "unmatched": ["plate.jpg"]}
