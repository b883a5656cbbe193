"""The calls without a key: small, short-lived, on their way out, and not there at all unless they are wanted."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from accounts.models import ApiKey, AuditEntry, IdempotentCall, LedgerEntry, Membership, Organization
from processing.actions.sweep import sweep
from processing.models import Asset, Blob, Job, JobImage
from tests.support.api import Api, photo
from tests.support.cast import Cast
from tests.support.photos import opened

ADDRESS = "/api/process"
FILES = Path(default_storage.path(str(PUBLIC_ORGANIZATION_ID)))
SOME_FILE = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"


@pytest.fixture(autouse=True)
def _switched_on(settings: Any) -> None:
    settings.LEGACY_PUBLIC_ENDPOINTS = True


@pytest.fixture
def made(worker: None, client: Client) -> Any:
    shutil.rmtree(FILES, ignore_errors=True)  # those of tests whose rows are rolled back
    answer = client.post(
        ADDRESS,
        {"image": photo(), "width": "1000", "height": "500", "margin": "0.1", "edges": "fast"},
        headers={"Idempotency-Key": "once"},
    )
    assert answer.status_code == 200, answer.content
    return answer


@pytest.mark.django_db(transaction=True)
def test_a_small_image_without_a_key(made: Any, client: Client) -> None:
    body = made.json()
    output = body["output"]
    assert (output["width"], output["height"]) == (707, 353)
    assert [warning["code"] for warning in body["warnings"]][-1] == "reduced"
    assert "1000 × 500" in body["warnings"][-1]["detail"]
    assert body["credits"] == {"charged": 0, "remaining": 0}
    image = client.get(output["url"].removeprefix("http://testserver"))
    assert opened(image.content).size == (707, 353)
    assert int(image["Cache-Control"].partition("max-age=")[2]) <= 3600
    assert not LedgerEntry.unscoped.exists()
    again = client.post(
        ADDRESS,
        {"image": photo(), "width": "1000", "height": "500", "margin": "0.1", "edges": "fast"},
        headers={"Idempotency-Key": "once"},
    )
    assert (again.json(), again["Idempotent-Replayed"]) == (body, "true")
    assert Job.unscoped.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("fields", "size", "reduced"),
    [
        ({"width": "500", "height": "500"}, (500, 500), False),
        ({"width": "501", "height": "500"}, (500, 499), True),
        ({"preset": "amazon-main"}, (500, 500), True),
        ({}, (120, 100), False),
        ({"width": "10000", "height": "26"}, (9805, 25), True),
    ],
)
def test_the_size(client: Client, fields: dict[str, str], size: tuple[int, int], reduced: bool) -> None:
    answer = client.post(ADDRESS, {"image": photo(), "edges": "fast", **fields}).json()
    assert (answer["output"]["width"], answer["output"]["height"]) == size
    assert size[0] * size[1] <= 250_000
    assert ("reduced" in {warning["code"] for warning in answer["warnings"]}) is reduced


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "data", "status"),
    [
        ("post", {}, 400),
        ("get", {}, 405),
        ("post", {"width": "0"}, 400),
        ("post", {"fileId": str(PUBLIC_ORGANIZATION_ID)}, 400),
    ],
)
def test_every_answer_says_that_they_end(client: Client, method: str, data: dict[str, str], status: int) -> None:
    answer = getattr(client, method)(ADDRESS, data)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer["Deprecation"].startswith("@")
    since = datetime.fromtimestamp(int(answer["Deprecation"][1:]), UTC)
    ends = datetime.strptime(answer["Sunset"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert since < timezone.now() < ends
    assert '<http://testserver/api/v1/process>; rel="successor-version"' in answer["Link"]
    guide = answer["Link"].partition("<")[2].partition(">")[0]
    assert client.get(guide.removeprefix("http://testserver")).status_code == 200
    assert not Asset.unscoped.exists()
    assert not Job.unscoped.exists()


def what_is_left() -> list[object]:
    rows = [
        row
        for model in (Asset, Blob, Job, JobImage, AuditEntry, LedgerEntry)
        for row in model.unscoped.filter(organization=PUBLIC_ORGANIZATION_ID)
    ]
    return [*rows, *IdempotentCall.objects.all(), *(path for path in FILES.rglob("*") if path.is_file())]


@pytest.mark.django_db(transaction=True)
def test_nothing_survives_the_hour(made: Any, client: Client) -> None:
    url = made.json()["output"]["url"].removeprefix("http://testserver")
    sweep()
    assert client.get(url).status_code == 200
    assert len(what_is_left()) > 5
    # An hour less a round of the sweeper goes by.
    past = timedelta(minutes=59)
    Job.unscoped.update(created_at=timezone.now() - past)
    AuditEntry.unscoped.update(created_at=timezone.now() - past)
    for asset in Asset.unscoped.all():
        assert asset.expires_at
        Asset.unscoped.filter(pk=asset.pk).update(
            created_at=asset.created_at - past, expires_at=asset.expires_at - past
        )
    assert client.get(url).status_code == 404, "the address ends by itself"
    sweep()
    assert what_is_left() == []
    assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_others_keep_is_not_touched(cast: Cast, run_all: Any, client: Client) -> None:
    job = Api(cast.key()).form("/jobs", {"image": photo()}).json()["jobId"]
    run_all()
    Job.unscoped.update(created_at=timezone.now() - timedelta(hours=2))
    sweep()
    assert Job.objects.of(cast.alice).filter(pk=job).exists()
    assert Asset.objects.of(cast.alice).count() == 2


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_in(made: Any, cast: Cast) -> None:
    """Not by a membership, not by a key, and not with an id."""
    assert cast.alice.user is not None
    public = Organization.objects.get(pk=PUBLIC_ORGANIZATION_ID)
    with pytest.raises(IntegrityError, match="nobody_belongs"), transaction.atomic():
        Membership.unscoped.create(organization=public, user=cast.alice.user, role="viewer")
    with pytest.raises(IntegrityError, match="no_key_opens"), transaction.atomic():
        ApiKey.unscoped.create(
            organization=public, maker=cast.alice.user, name="x", prefix="x", digest="x", scopes=["*"]
        )
    api = Api(cast.key())
    body = made.json()
    assert api.get(f"/jobs/{body['jobId']}").status_code == 404
    assert api.get(f"/files/{body['output']['fileId']}").status_code == 404
    assert api.json("/process", {"fileId": body["output"]["fileId"]}).status_code == 404
    assert api.get("/jobs").json()["jobs"] == []
    assert api.get("/files").json()["files"] == []
    browser = Client()
    browser.force_login(cast.alice.user)
    assert "Callers without a key" not in browser.get("/").content.decode()
    assert browser.get(f"/jobs/{body['jobId']}/").status_code == 404


@pytest.mark.django_db
def test_an_organization_called_public_is_another(cast: Cast) -> None:
    from accounts.access.public import public_actor
    from accounts.actions.organizations import create_organization

    assert cast.charlie.user is not None
    theirs = create_organization(cast.charlie.user, name="_public").organization
    ours = public_actor(ip=None, request_id="", endpoint="").organization
    assert (theirs.slug, ours.slug, ours.pk) == ("public", "_public", PUBLIC_ORGANIZATION_ID)


@pytest.mark.django_db
def test_not_in_time(client: Client, settings: Any) -> None:
    settings.API_WAIT_SECONDS = 0
    answer = client.post(ADDRESS, {"image": photo()})
    assert (answer.status_code, answer.json()["code"]) == (504, "not_in_time")
    assert Job.unscoped.get().status == "canceled"


@pytest.mark.django_db
def test_calls_are_counted_by_address(client: Client, settings: Any) -> None:
    settings.RATE_LIMIT_IP_PER_MINUTE = 2
    for _ in range(2):
        assert client.post(ADDRESS).status_code == 400
    limited = client.post(ADDRESS)
    assert (limited.status_code, limited.json()["code"]) == (429, "rate_limited")
    assert limited["Sunset"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "get", "delete"])
def test_switched_off(client: Client, settings: Any, method: str) -> None:
    settings.LEGACY_PUBLIC_ENDPOINTS = False
    answer = getattr(client, method)(ADDRESS, {"image": photo()} if method == "post" else None)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not {"Deprecation", "Sunset", "Link"} & set(answer.headers)
    assert not Organization.objects.filter(pk=PUBLIC_ORGANIZATION_ID).exists()


@pytest.mark.django_db
def test_there_are_no_others(client: Client) -> None:
    assert client.post("/api/publish").status_code == 404
