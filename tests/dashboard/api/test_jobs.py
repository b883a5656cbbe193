"""/api/v1/jobs: batches, states, lists, cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Organization
from processing.actions.claim import claim_next
from processing.models import Asset, Job, JobImage
from tests.support.api import Api, errors, part, photo
from tests.support.cast import Cast
from tests.support.photos import opened, product_photo

QUICK = {"edges": "fast", "width": "60"}
RunAll = Callable[[], int]


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def submit(api: Api, **fields: Any) -> str:
    answer = api.form("/jobs", {"image": photo(), **QUICK, **fields})
    assert answer.status_code == 202, answer.content
    job_id: str = answer.json()["jobId"]
    return job_id


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance


def test_one_image_from_submit_to_end(cast: Cast, api: Api, run_all: RunAll) -> None:
    answer = api.form("/jobs", {"image": photo(), "operation": "process", "presetLabel": "spring", **QUICK})
    assert answer.status_code == 202
    accepted = answer.json()
    assert set(accepted) == {"jobId", "status", "statusUrl"}
    assert accepted["status"] == "queued"
    assert answer["Location"] == accepted["statusUrl"] == f"http://testserver/api/v1/jobs/{accepted['jobId']}"

    waiting = api.get(f"/jobs/{accepted['jobId']}").json()
    assert set(waiting) == {
        "jobId", "operation", "status", "progress", "presetLabel", "steps", "outputs", "error", "warnings", "credits",
        "createdAt", "startedAt", "finishedAt",
    }  # fmt: skip
    assert (waiting["status"], waiting["progress"], waiting["outputs"]) == ("queued", 0, [])
    assert (waiting["startedAt"], waiting["finishedAt"], waiting["error"]) == (None, None, None)
    assert waiting["credits"] == {"charged": 0, "remaining": 99}

    claim_next("a worker")
    assert api.get(f"/jobs/{accepted['jobId']}").json()["status"] == "running"
    JobImage.unscoped.update(status="queued")
    run_all()
    done = api.get(f"/jobs/{accepted['jobId']}").json()
    assert (done["status"], done["progress"], done["presetLabel"]) == ("succeeded", 100, "spring")
    assert [step["name"] for step in done["steps"]] == ["decode", "segment", "refine", "compose", "encode"]
    assert all(step["ms"] >= 0 for step in done["steps"])
    assert done["createdAt"] <= done["startedAt"] <= done["finishedAt"]
    assert done["createdAt"].endswith("Z")
    assert done["credits"] == {"charged": 1, "remaining": 99}
    (output,) = done["outputs"]
    assert (output["index"], output["width"], output["format"], output["name"]) == (0, 60, "jpg", "mug.jpg")
    assert opened(api.client.get(output["url"]).content).width == 60


def test_a_batch_keeps_its_order_and_pays_for_what_succeeded(cast: Cast, api: Api, run_all: RunAll) -> None:
    images = [photo(1, name="a.jpg"), part(b"no picture", "b.jpg"), photo(2, name="c.jpg"), photo(1, name="d.jpg")]
    answer = api.form("/jobs", {"image": images, **QUICK})
    assert answer.status_code == 202, answer.content
    assert balance(cast) == 97
    assert run_all() == 3
    done = api.get(f"/jobs/{answer.json()['jobId']}").json()
    assert (done["status"], done["error"]) == ("succeeded", None)
    assert done["credits"] == {"charged": 3, "remaining": 97}
    assert [(output["index"], output["name"]) for output in done["outputs"]] == [
        (0, "a.jpg"), (1, "b.jpg"), (2, "c.jpg"), (3, "d.jpg"),
    ]  # fmt: skip
    assert done["outputs"][1]["error"]["code"] == "unsupported_type"
    assert "url" in done["outputs"][2]
    assert done["outputs"][0]["sha256"] == done["outputs"][3]["sha256"]


def test_a_batch_without_a_single_photo_is_refused(cast: Cast, api: Api) -> None:
    answer = api.form("/jobs", {"image": [part(b"one"), part(b"two")]})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")
    assert not Job.unscoped.exists()
    assert not Asset.unscoped.exists()
    assert balance(cast) == 100


def test_earlier_uploads_as_a_batch(api: Api, run_all: RunAll) -> None:
    first, second = (api.form("/files", {"image": photo(seed, name=f"{seed}.jpg")}).json()["fileId"] for seed in (1, 2))
    by_json = api.json("/jobs", {"fileId": [first, second], **QUICK})
    by_form = api.form("/jobs", {"fileId": [second, first], **QUICK})
    alone = api.json("/jobs", {"fileId": first, **QUICK})
    assert run_all() == 5
    names = [
        [output["name"] for output in api.get(f"/jobs/{answer.json()['jobId']}").json()["outputs"]]
        for answer in (by_json, by_form, alone)
    ]
    assert names == [["1.jpg", "2.jpg"], ["2.jpg", "1.jpg"], ["1.jpg"]]


def test_a_failed_job_says_why(cast: Cast, api: Api, run_all: RunAll) -> None:
    job_id = submit(api)
    Asset.unscoped.get().delete()
    run_all()
    done = api.get(f"/jobs/{job_id}").json()
    assert (done["status"], done["credits"]["charged"]) == ("failed", 0)
    assert done["error"]["code"] == done["outputs"][0]["error"]["code"] == "source_deleted"
    assert balance(cast) == 100


def test_the_list_pages_and_filters(cast: Cast, api: Api, run_all: RunAll) -> None:
    old = [submit(api, image=photo(seed), presetLabel="old") for seed in range(3)]
    run_all()
    new = submit(api, image=photo(9), presetLabel="new")
    submit(Api(cast.key(cast.charlie)), image=photo(10))

    def ids(query: str) -> list[str]:
        return [job["jobId"] for job in api.get(f"/jobs{query}").json()["jobs"]]

    assert ids("") == [new, *old[::-1]]
    assert ids("?status=succeeded") == old[::-1]
    assert ids("?status=queued&presetLabel=new") == [new]
    assert ids("?presetLabel=ne") == []
    first = api.get("/jobs?limit=3").json()
    second = api.get(f"/jobs?limit=3&cursor={first['nextCursor']}").json()
    assert [job["jobId"] for job in first["jobs"] + second["jobs"]] == [new, *old[::-1]]
    assert second["nextCursor"] is None
    assert first["jobs"][1] == api.get(f"/jobs/{old[2]}").json()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("status=done", "status"),
        ("cursor=12", "cursor"), ("page=2", "page"), ("limit=1&limit=2", "limit"), ("presetLabel=%00", "presetLabel"),
    ],
)  # fmt: skip
def test_the_list_refuses_what_it_does_not_know(api: Api, query: str, field: str) -> None:
    answer = api.get(f"/jobs?{query}")
    assert answer.status_code == 400
    assert list(errors(answer)) == [field]


def test_canceling_gives_the_rest_back(cast: Cast, api: Api, run_all: RunAll) -> None:
    answer = api.form("/jobs", {"image": [photo(1), photo(2)], **QUICK})
    address = f"/jobs/{answer.json()['jobId']}"
    assert balance(cast) == 98
    canceled = api.delete(address)
    assert canceled.status_code == 200
    assert (canceled.json()["status"], canceled.json()["credits"]["charged"]) == ("canceled", 0)
    assert balance(cast) == 100
    assert run_all() == 0
    again = api.delete(address)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    done = submit(api)
    run_all()
    assert api.delete(f"/jobs/{done}").status_code == 409
    assert balance(cast) == 99


def test_other_organizations_jobs_do_not_exist(cast: Cast, api: Api) -> None:
    job_id = submit(api)
    stranger = Api(cast.key(cast.charlie))
    for answer in (stranger.get(f"/jobs/{job_id}"), stranger.delete(f"/jobs/{job_id}")):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api.get(f"/jobs/{job_id}").json()["status"] == "queued"
    assert api.get("/jobs/01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60").status_code == 404
    assert api.get("/jobs/12").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"operation": "paint"}, "operation"),
        ({"webhookUrl": "ftp://example.com/hook"}, "webhookUrl"),
        ({"webhookUrl": "http://10.0.0.1/hook"}, "webhookUrl"),
        ({"fileId": ["12", "13"]}, "fileId"),
        ({"width": "0"}, "width"),
        ({"scale": "2"}, "scale"),
    ],
)
def test_refusals_make_no_job(cast: Cast, api: Api, fields: dict[str, Any], field: str) -> None:
    answer = api.form("/jobs", fields if "fileId" in fields else {"image": photo(), **fields})
    assert (answer.status_code, list(errors(answer))) == (400, [field])
    assert not Job.unscoped.exists()
    assert balance(cast) == 100


def test_a_webhook_address_is_kept_with_the_job(api: Api) -> None:
    submit(api, webhookUrl="https://example.com/hook")
    assert Job.unscoped.get().webhook_url == "https://example.com/hook"


def test_too_many_images_for_one_job(cast: Cast, api: Api, settings: Any) -> None:
    settings.MAX_BATCH_IMAGES = 2
    answer = api.form("/jobs", {"image": [photo(seed) for seed in range(3)]})
    assert (answer.status_code, list(errors(answer))) == (400, ["image"])
    assert not Asset.unscoped.exists()


def test_a_batch_that_the_balance_does_not_cover(cast: Cast, api: Api) -> None:
    Organization.objects.update(credit_balance=1)
    answer = api.form("/jobs", {"image": [photo(1), photo(2)]})
    assert (answer.status_code, answer.json()["code"]) == (402, "insufficient_credits")
    assert not Asset.unscoped.exists()
    # What cannot be worked on is not reckoned in.
    assert api.form("/jobs", {"image": [photo(1), part(product_photo()[:500])]}).status_code == 202
    assert balance(cast) == 0
