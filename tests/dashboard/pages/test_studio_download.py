from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from processing.queries.studio import strip
from tests.support.cast import Cast
from tests.support.photos import opened
from tests.support.studio import HTMX, As, form, process, put


@pytest.fixture
def done(cast: Cast, as_: As, run_all: Callable[[], int]) -> Client:
    put(cast.bob, 3)
    client = as_(cast.bob)
    process(client, label="Autumn sale")
    run_all()
    return client


def unzipped(answer: Any) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: archive.read(name) for name in archive.namelist()}


def test_all_images_as_a_zip_with_names_from_a_template(cast: Cast, done: Client) -> None:
    answer = done.post("/studio/zip/", form(done, names="{n} {name} {preset} {label}"))
    files = unzipped(answer)
    assert list(files) == [f"{n + 1} cup-{n} amazon-main Autumn sale.jpg" for n in range(3)]
    assert {opened(data).size for data in files.values()} == {(2000, 2000)}
    assert "autumn-sale-" in answer["Content-Disposition"]
    assert done.get("/studio/").context["choices"].names == "{n} {name} {preset} {label}"


def test_a_zip_of_the_chosen(cast: Cast, done: Client) -> None:
    second = strip(cast.bob)[1]
    assert list(unzipped(done.post("/studio/zip/", form(done, chosen=[str(second.pk)])))) == ["cup-1.jpg"]


def test_a_template_that_cannot_be_followed(done: Client) -> None:
    sentence = "There is no {sku}. Use {name}, {label}, {preset} or {n}."
    assert sentence in done.post("/studio/names/", form(done, names="{sku}"), headers=HTMX).content.decode()
    page = done.post("/studio/zip/", form(done, names="{sku}"))
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert 'value="{sku}"' in page.content.decode()


def test_examples_of_the_names(done: Client) -> None:
    shown = done.post("/studio/names/", form(done, names="{name}_{preset}"), headers=HTMX).content.decode()
    assert "cup-0_amazon-main.jpg" in shown
    assert "more" not in shown


def test_nothing_to_download_is_a_word(cast: Cast, as_: As) -> None:
    put(cast.alice, 1)
    assert as_(cast.alice).post("/studio/zip/", {"names": "{name}"}).status_code == 409


def test_one_image_as_a_file(cast: Cast, done: Client) -> None:
    page = done.get("/studio/").content.decode()
    link = re.search(r'href="(/images/[^"]+\?download=[^"]+)"', page)
    assert link is not None
    answer = done.get(link[1])
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''cup-0.jpg"
    assert opened(answer.content).size == (2000, 2000)


def test_ids_that_are_none_do_no_harm(cast: Cast, as_: As) -> None:
    put(cast.bob, 1)
    client = as_(cast.bob)
    assert client.get("/studio/", {"photo": "' or 1=1"}).status_code == 200
    assert client.get(f"/studio/preview/{uuid.uuid4()}/").status_code == 404
    assert process(client, chosen=["x"], photo="../").status_code == 200
