from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.access.actor import Actor
from accounts.kit.ids import first_id_at
from accounts.models import AuditEntry
from processing.actions.review import decide
from processing.models import Asset, Job, JobImage
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def images_of(job: Job) -> list[JobImage]:
    return list(job.images.select_related("output__blob", "source").order_by("index"))


def ids(*images: JobImage) -> list[str]:
    return [str(image.pk) for image in images]


def names(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [shot.image.name for shot in answer.context["shots"]]


@pytest.fixture
def job(cast: Cast) -> Job:
    return job_of(
        cast.alice,
        Photo("cup.jpg"), Photo("vase.jpg", 1, confidence=0.3, size=(90, 60)), Photo("bad.jpg", 2, ended="failed"),
        preset="ebay", label="Autumn",
    )  # fmt: skip


def test_finished_images_with_sizes_so_that_nothing_jumps(cast: Cast, as_: As, job: Job) -> None:
    page = re.sub(r"\s+", " ", as_(cast.victor).get("/library/").content.decode())
    cup, vase, _ = images_of(job)
    assert 'width="90" height="60" loading="lazy"' in page
    assert f'srcset="/images/{vase.output_id}/640.webp 1x, /images/{vase.output_id}/1280.webp 2x"' in page
    assert f"/images/{cup.output_id}/320.webp 1x" in page
    assert "ratio-150" in page
    assert "ratio-100" in page
    assert "bad.jpg" not in page
    assert page.count("To look at</span>") == 1
    assert "Showing 1-2 of 2" in page
    for refused in ("Add photos", "Label…", "Delete…"):
        assert refused not in page, "a viewer is offered nothing that would be refused"
    assert "style=" not in page


def test_search_and_filters_by_address(cast: Cast, as_: As, job: Job) -> None:
    other = images_of(job_of(cast.alice, Photo("lamp.jpg", 5), label="Spring", parameters={"width": 50}))[0]
    cup = images_of(job)[0]
    decide(cast.alice, image_id=cup.pk, decision="accepted")
    decide(cast.alice, image_id=other.pk, decision="rejected")
    before = timezone.now() - timedelta(days=10)
    JobImage.unscoped.filter(pk=cup.pk).update(id=first_id_at(before), finished_at=before)
    day = timezone.localdate() - timedelta(days=10)
    client = as_(cast.alice)
    for query, wanted in {
        "": {"cup.jpg", "vase.jpg", "lamp.jpg"},
        "q=CUP": {"cup.jpg"},
        "label=Spring": {"lamp.jpg"},
        "preset=ebay": {"cup.jpg", "vase.jpg"},
        "state=doubtful": {"vase.jpg"},
        "state=pending": {"vase.jpg"},
        "state=accepted": {"cup.jpg"},
        "state=rejected": {"lamp.jpg"},
        f"until={day}": {"cup.jpg"},
        f"since={day + timedelta(days=1)}": {"vase.jpg", "lamp.jpg"},
        f"since={day}&until={day}&state=accepted&q=cup": {"cup.jpg"},
        "q=nothing": set(),
    }.items():
        assert set(names(client, f"/library/?{query}")) == wanted, query


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026-02-30", "since=2026-02-02&until=2026-02-01", "state=x"]
)
def test_a_filter_that_makes_no_sense_says_so_and_keeps_what_was_typed(
    cast: Cast, as_: As, job: Job, query: str
) -> None:
    answer = as_(cast.alice).get(f"/library/?q=cup&{query}")
    assert answer.status_code == 400
    assert 'value="cup"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_strangers_see_and_change_nothing(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    client = as_(cast.charlie)
    assert "No images yet" in client.get("/library/").content.decode()
    assert client.get(f"/library/{cup.pk}/").status_code == 404
    assert client.post(f"/library/{cup.pk}/", {"label": "Mine"}).status_code == 404
    for address in ("download", "label", "delete"):
        sent = {"image": ids(cup, vase), "label": "Mine", "confirmed": "1"}
        assert client.post(f"/library/{address}/", sent).status_code == 404
    cup.refresh_from_db()
    assert (cup.label, cup.in_library) == ("Autumn", True)


def test_a_viewer_downloads_and_changes_nothing(cast: Cast, as_: As, job: Job) -> None:
    cup, _, _ = images_of(job)
    client = as_(cast.victor)
    assert client.post("/library/label/", {"image": ids(cup), "label": "Mine"}).status_code == 403
    assert client.post("/library/delete/", {"image": ids(cup), "confirmed": "1"}).status_code == 403
    assert client.post(f"/library/{cup.pk}/", {"label": "Mine"}).status_code == 403
    assert client.post("/library/download/", {"image": ids(cup)}).status_code == 302
    cup.refresh_from_db()
    assert (cup.label, cup.in_library) == ("Autumn", True)


def test_chosen_images_come_as_a_zip_named_by_the_template(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    client = as_(cast.bob)
    dialog = client.post("/library/download/", {"image": ids(cup, vase), "ask": "1"}, **HTMX).content.decode()  # type: ignore[arg-type]
    assert dialog.strip().startswith("<dialog")
    sent = {"image": ids(cup, vase), "names": "{label}-{name}-{n}"}
    answer = client.post("/library/download/", sent)
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.namelist() == ["Autumn-cup-1.jpg", "Autumn-vase-2.jpg"]
    one = client.post("/library/download/", {"image": ids(cup)})
    assert one["Location"] == f"/images/{cup.output_id}/?download=Autumn-cup-1.jpg", "the template is remembered"


def test_a_template_that_cannot_be_used_is_kept_and_explained(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    answer = as_(cast.bob).post("/library/download/", {"image": ids(cup, vase), "names": "{colour}"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="{colour}"' in page
    assert "There is no {colour}." in page


def test_a_label_for_many(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    client = as_(cast.bob)
    assert 'value="Autumn"' in client.post("/library/label/", {"image": ids(cup, vase)}).content.decode()
    sent = {"image": ids(cup, vase), "label": "  Winter   sale ", "back": "q=c"}
    answer = client.post("/library/label/", sent)
    assert answer["Location"] == "/library/?q=c"
    assert set(JobImage.unscoped.filter(pk__in=ids(cup, vase)).values_list("label", flat=True)) == {"Winter sale"}
    assert AuditEntry.objects.of(cast.alice).filter(action="image.labeled", user=cast.bob.user).count() == 2
    too_long = client.post("/library/label/", {"image": ids(cup), "label": "x" * 201})
    assert too_long.status_code == 400
    assert "x" * 201 in too_long.content.decode()
    cup.refresh_from_db()
    assert cup.label == "Winter sale"


def test_deleting_asks_once_and_names_what_goes(
    cast: Cast, as_: As, job: Job, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    cup, vase, _ = images_of(job)
    assert cup.output is not None
    path = cup.output.blob.path
    client = as_(cast.bob)
    asked = re.sub(r"\s+", " ", client.post("/library/delete/", {"image": ids(cup, vase)}).content.decode())
    assert "Delete 2 images?" in asked
    assert "cup.jpg" in asked
    assert default_storage.exists(path)
    sent = {"image": ids(cup), "confirmed": "1", "back": "label=Autumn"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/library/delete/", sent, follow=True)
    assert "1 image is deleted." in answer.content.decode()
    assert names(client, "/library/") == ["vase.jpg"]
    assert not default_storage.exists(path)
    assert not Asset.unscoped.filter(pk=cup.output.pk).exists()
    assert AuditEntry.objects.of(cast.alice).get(action="image.deleted").details == {"name": "cup.jpg"}
    assert cup.source is not None
    assert Asset.unscoped.filter(pk=cup.source.pk).exists(), "the original photo stays"
    page = client.get(f"/jobs/{job.pk}/?photo=1").content.decode()
    assert "The image was deleted from the library" in page
    assert client.get(f"/library/{cup.pk}/").status_code == 404
    assert client.post("/library/delete/", {"image": ids(cup), "confirmed": "1"}).status_code == 404


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["019a0000-0000-7000-8000-000000000000"] * 501])
def test_nothing_or_nonsense_or_too_much_chosen(cast: Cast, as_: As, job: Job, chosen: list[str]) -> None:
    for address in ("download", "label", "delete"):
        assert as_(cast.alice).post(f"/library/{address}/", {"image": chosen}).status_code == 400


def test_back_leads_into_the_library_only(cast: Cast, as_: As, job: Job) -> None:
    sent = {"image": ids(images_of(job)[0]), "label": "x", "back": "//evil.example/"}
    answer = as_(cast.alice).post("/library/label/", sent)
    assert answer["Location"].startswith("/library/?")


def test_load_more_brings_the_next_ones(cast: Cast, as_: As, job: Job) -> None:
    cup = images_of(job)[0]
    JobImage.unscoped.bulk_create(
        JobImage(
            organization=job.organization, job=job, index=index, name=f"{index}.jpg", status="succeeded",
            output=cup.output, in_library=True,
        )
        for index in range(10, 75)
    )  # fmt: skip
    client = as_(cast.alice)
    first = client.get("/library/")
    assert "Showing 1-45 of 67" in first.content.decode()
    more = client.get(f"{first.context['listing'].next_url}&more=1&first=1", **HTMX)  # type: ignore[arg-type]
    assert more.content.decode().strip().startswith("<li")
    assert "Showing 1-67 of 67" in more.content.decode()
    assert more.content.decode().count('id="shot-') == 22


def test_one_image_with_its_versions(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    again = images_of(job_of(cast.alice, Photo("cup copy.jpg"), preset="etsy"))[0]
    page = re.sub(r"\s+", " ", as_(cast.bob).get(f"/library/{cup.pk}/").content.decode())
    assert f'href="/library/{again.pk}/"' in page
    assert "Etsy listing" in page
    assert f"/images/{cup.output_id}/?download=cup.jpg" in page
    assert f'href="/library/{again.pk}/" rel="prev"' in page or f'href="/library/{vase.pk}/" rel="prev"' in page
    answer = as_(cast.bob).post(f"/library/{cup.pk}/", {"label": "Winter"})
    assert answer["Location"] == f"/library/{cup.pk}/"
    cup.refresh_from_db()
    assert cup.label == "Winter"
    wrong = as_(cast.bob).post(f"/library/{cup.pk}/", {"label": "y" * 201})
    assert wrong.status_code == 400
    assert "y" * 201 in wrong.content.decode()


def test_as_many_queries_for_fifty_images_as_for_two(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.alice)
    cup = images_of(job)[0]

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ["/library/", f"/library/{cup.pk}/"]
    few = [queries(address) for address in addresses]
    for index in range(50):
        JobImage.unscoped.create(
            organization=job.organization, job=job, index=10 + index, name="x.jpg", status="succeeded",
            source=cup.source, output=cup.output, in_library=True, label=f"label {index}",
        )  # fmt: skip
    many = [queries(address) for address in addresses]
    # One more may come with the rows (a page after this one); one for each row would be fifty.
    assert all(after <= before + 1 for before, after in zip(few, many, strict=True)), (few, many)


def test_characters_that_no_database_takes_are_no_error(cast: Cast, as_: As, job: Job) -> None:
    client = as_(cast.alice)
    for name in ("q", "label", "preset"):
        assert client.get("/library/", {name: "a\0b"}).status_code == 200
    cup = images_of(job)[0]
    answer = client.post("/library/label/", {"image": ids(cup), "label": "a\0b", "back": "q=\n\0"})
    assert answer["Location"] == "/library/?q=%0A%00"
    cup.refresh_from_db()
    assert cup.label == "a b"
