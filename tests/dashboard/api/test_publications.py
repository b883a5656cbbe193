"""/api/v1/publications: made, listed, read, put back; a refusal names its field and leaves nothing behind."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.models import AuditEntry, IdempotentCall
from integrations.models import CatalogProduct, Connection, Publication
from processing.models import Asset, JobImage
from tests.support.api import Api, errors
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of
from tests.support.listed import judge, output_of, product_of, shop_of

pytestmark = pytest.mark.django_db
NOBODYS = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"


@pytest.fixture(autouse=True)
def _shops_can_fetch_images(settings: Settings) -> None:
    settings.BASE_URL = "https://images.example.com"


@pytest.fixture
def row(cast: Cast) -> Connection:
    return shop_of(cast.alice)


@pytest.fixture
def product(row: Connection) -> CatalogProduct:
    return product_of(row, images=2, variants=1)


@pytest.fixture
def image(cast: Cast) -> Asset:
    return output_of(cast.alice)


@pytest.fixture
def api(cast: Cast, product: CatalogProduct) -> Api:
    return Api(cast.key(cast.alice, "publish:write", "catalog:read"))


def body(row: Connection, image: Asset, **other: Any) -> dict[str, Any]:
    return {"fileId": str(image.pk), "connectionId": str(row.pk), "productId": "1"} | other


def test_made_and_read(api: Api, cast: Cast, row: Connection, image: Asset) -> None:
    answer = api.json("/publications", body(row, image, slot="2"))
    assert answer.status_code == 202, answer.content
    made = answer.json()
    assert made["status"] == "queued"
    assert (made["issues"], made["remoteUrl"]) == ([], "https://shop.example.com/1")
    assert (made["slot"], made["variantId"], made["sandbox"], made["dryRun"]) == ("2", None, False, False)
    assert answer["Location"] == f"https://images.example.com/api/v1/publications/{made['publicationId']}"
    assert api.get(f"/publications/{made['publicationId']}").json() == made
    stored = Publication.unscoped.get()
    assert stored.api_key is not None
    entry = AuditEntry.unscoped.get(action="publication.made")
    assert entry.credential == stored.api_key.prefix
    issue = {"code": "too_small", "detail": "The image is too small.", "severity": "error", "said": "20001"}
    Publication.unscoped.update(status="rejected", issues=[issue], finished_at=timezone.now())
    ended = api.get(f"/publications/{made['publicationId']}").json()
    assert (ended["status"], ended["issues"]) == ("rejected", [issue])
    assert ended["finishedAt"]


def test_the_only_image_of_a_job(api: Api, cast: Cast, row: Connection, image: Asset) -> None:
    job_id = JobImage.unscoped.get(output=image).job_id
    wanted = body(row, image, jobId=str(job_id))
    both = api.json("/publications", wanted)
    assert set(errors(both)) == {"fileId", "jobId"}
    del wanted["fileId"]
    made = api.json("/publications", wanted)
    assert made.status_code == 202
    assert (made.json()["fileId"], made.json()["jobId"]) == (str(image.pk), str(job_id))
    two = job_of(cast.alice, Photo(seed=5), Photo(seed=6))
    none = job_of(cast.alice, Photo(seed=7, ended="failed"))
    for job, says in ((two, "has made 2 images"), (none, "has made no image")):
        refused = api.json("/publications", wanted | {"jobId": str(job.pk)})
        assert refused.status_code == 400
        assert says in errors(refused)["jobId"]
    assert Publication.unscoped.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"fileId": None}, 400, "fileId"),
        ({"fileId": NOBODYS}, 404, "fileId"),
        ({"fileId": "photo"}, 400, "fileId"),
        ({"fileId": None, "jobId": NOBODYS}, 404, "jobId"),
        ({"connectionId": NOBODYS}, 404, None),
        ({"connectionId": "shop"}, 400, "connectionId"),
        ({"connectionId": None}, 400, "connectionId"),
        ({"productId": "77"}, 404, "productId"),
        ({"productId": 1}, 400, "productId"),
        ({"variantId": "77"}, 404, "variantId"),
        ({"slot": "9000"}, 400, "slot"),
        ({"slot": "02"}, 400, "slot"),
        ({"dryRun": "maybe"}, 400, "dryRun"),
        ({"overrideReason": "x" * 501}, 400, "overrideReason"),
        ({"position": 1}, 400, "position"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    api: Api, row: Connection, image: Asset, change: dict[str, Any], status: int, field: str | None
) -> None:
    answer = api.json("/publications", body(row, image) | change)
    assert answer.status_code == status, answer.content
    if field:
        assert set(errors(answer)) == {field}
    assert not Publication.unscoped.exists()
    assert not AuditEntry.unscoped.filter(action__startswith="publication.").exists()


def test_a_failed_check_is_a_conflict_with_its_findings(api: Api, row: Connection, image: Asset) -> None:
    judge(image, "fail")
    refused = api.json("/publications", body(row, image))
    assert (refused.status_code, refused.json()["code"]) == (409, "compliance_failed")
    assert "Size: The image is too small." in errors(refused)["overrideReason"]
    assert not Publication.unscoped.exists()
    made = api.json("/publications", body(row, image, overrideReason="It is a stamp."))
    assert made.status_code == 202
    assert (made.json()["verdict"], made.json()["overrideReason"]) == ("fail", "It is a stamp.")


def test_one_open_publication_for_a_place(api: Api, row: Connection, image: Asset) -> None:
    assert api.json("/publications", body(row, image)).status_code == 202
    second = api.json("/publications", body(row, image))
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert api.json("/publications", body(row, image, slot="2")).status_code == 202
    assert Publication.unscoped.count() == 2


def test_the_same_call_again_is_the_same_publication(api: Api, row: Connection, image: Asset) -> None:
    key = uuid.uuid4().hex
    first = api.json("/publications", body(row, image), **{"Idempotency-Key": key})
    second = api.json("/publications", body(row, image), **{"Idempotency-Key": key})
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    # Broken off after the commit, before the answer was stored.
    IdempotentCall.objects.update(status=None, body="", headers={})
    third = api.json("/publications", body(row, image), **{"Idempotency-Key": key})
    assert third.json() == first.json()
    other = api.json("/publications", body(row, image, slot="2"), **{"Idempotency-Key": key})
    assert other.status_code == 422
    assert Publication.unscoped.count() == 1


def test_the_list(api: Api, row: Connection, image: Asset) -> None:
    ids = [api.json("/publications", body(row, image, slot=slot)).json()["publicationId"] for slot in ("main", "2")]
    Publication.unscoped.filter(pk=ids[0]).update(status="confirmed")

    def listed(query: str) -> list[str]:
        return [each["publicationId"] for each in api.get(f"/publications{query}").json()["publications"]]

    assert listed("") == ids[::-1]
    assert listed("?status=confirmed") == ids[:1]
    assert listed(f"?connectionId={row.pk}&product=blue") == ids[::-1]
    assert listed(f"?connectionId={NOBODYS}") == listed("?product=plate") == []
    first = api.get("/publications?limit=1").json()
    assert listed(f"?limit=1&cursor={first['nextCursor']}") == ids[:1]
    for query, field in (("status=live", "status"), ("connectionId=x", "connectionId"), ("limit=0", "limit")):
        refused = api.get(f"/publications?{query}")
        assert (refused.status_code, set(errors(refused))) == (400, {field})


def test_what_was_not_sent_is_taken_back_and_the_rest_conflicts(api: Api, row: Connection, image: Asset) -> None:
    made = api.json("/publications", body(row, image)).json()["publicationId"]
    taken = api.json(f"/publications/{made}/revert", {})
    assert (taken.status_code, taken.json()["status"]) == (202, "reverted")
    again = api.json(f"/publications/{made}/revert", {})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert api.json(f"/publications/{NOBODYS}/revert", {}).status_code == 404
    assert AuditEntry.unscoped.filter(action="publication.reverted").count() == 1


def test_a_published_image_is_put_back_by_a_worker(api: Api, row: Connection, image: Asset) -> None:
    made = api.json("/publications", body(row, image)).json()["publicationId"]
    Publication.unscoped.update(status="confirmed", before={"image": None, "gallery": [], "shared_with": None})
    answer = api.json(f"/publications/{made}/revert", {})
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert Publication.unscoped.get().task == "restore"


def test_others_see_and_change_nothing(api: Api, cast: Cast, row: Connection, image: Asset) -> None:
    made = api.json("/publications", body(row, image)).json()["publicationId"]
    Connection.unscoped.update(shared=False)
    for actor in (cast.bob_as(Role.ADMIN), cast.charlie):
        other = Api(cast.key(actor))
        assert other.get(f"/publications/{made}").status_code == 404
        assert other.json(f"/publications/{made}/revert", {}).status_code == 404
        assert other.get("/publications").json()["publications"] == []
        assert other.json("/publications", body(row, image, slot="2")).status_code == 404
    assert Publication.unscoped.get().status == "queued"


def test_a_test_key_marks_what_it_makes(cast: Cast, row: Connection, product: CatalogProduct, image: Asset) -> None:
    _, key = create_api_key(cast.alice, name="Try", scopes=["*"], sandbox=True)
    made = Api(key).json("/publications", body(row, image))
    assert (made.status_code, made.json()["sandbox"]) == (202, True)


def test_a_scope_for_each_direction(cast: Cast, row: Connection, product: CatalogProduct, image: Asset) -> None:
    writer, reader = Api(cast.key(cast.alice, "publish:write")), Api(cast.key(cast.alice, "catalog:read"))
    made = writer.json("/publications", body(row, image))
    assert made.status_code == 202
    assert writer.get("/publications").status_code == 403
    assert reader.get(f"/publications/{made.json()['publicationId']}").status_code == 200
    assert reader.json("/publications", body(row, image, slot="2")).status_code == 403
    assert Publication.unscoped.count() == 1
