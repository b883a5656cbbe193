"""Idempotency-Key, one call after another. Simultaneous calls: tests/concurrency/test_idempotency.py."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.access import json_web_tokens
from accounts.access.credentials import actor_for_key
from accounts.actions.api_keys import create_api_key
from accounts.limits import idempotency
from accounts.models import ApiKey, IdempotentCall, Organization
from processing.actions.cancel import cancel_job
from processing.actions.sweep import sweep
from processing.models import Asset, Job
from tests.support.api import Api, photo
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def key() -> str:
    return uuid.uuid4().hex


def once(api: Api, value: str, fields: dict[str, Any] | None = None, path: str = "/jobs") -> Any:
    return api.form(path, {"image": photo(), "margin": "0.1"} | (fields or {}), **{"Idempotency-Key": value})


def test_the_same_call_gets_the_same_answer_and_does_its_work_once(api: Api) -> None:
    value = key()
    first, second = once(api, value), once(api, value)
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert second["X-Request-Id"] != first["X-Request-Id"]
    assert Job.unscoped.count() == 1
    assert Organization.objects.get(pk=Job.unscoped.get().organization_id).credit_balance == 99


@pytest.mark.parametrize(("first", "second"), [("abc", '"abc"'), ('"a b\\"c"', '"a b\\"c"')])
def test_bare_and_quoted_are_the_same_key(api: Api, first: str, second: str) -> None:
    once(api, first)
    assert once(api, second)["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("value", ["", '""', "ä", "two words", '"open', "x" * 256])
def test_a_key_of_no_good_form_is_refused_by_name(api: Api, value: str) -> None:
    answer = once(api, value)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not Job.unscoped.exists()


@pytest.mark.parametrize(
    "other", [{"margin": "0.2"}, {"presetLabel": "x"}, {"image": photo(7)}, {"image": [photo(), photo(1)]}]
)
def test_another_request_under_the_same_key_is_422(api: Api, other: dict[str, Any]) -> None:
    value = key()
    once(api, value)
    answer = once(api, value, other)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert once(api, value, path="/process").status_code == 422
    assert Job.unscoped.count() == 1


def test_keys_of_two_api_keys_are_two(cast: Cast, api: Api) -> None:
    value = key()
    mine = once(api, value)
    other = once(Api(cast.key()), value)
    strange = once(Api(cast.key(cast.charlie)), value)
    assert len({answer.json()["jobId"] for answer in (mine, other, strange)}) == 3


def test_a_json_web_token_shares_the_keys_of_its_api_key(cast: Cast) -> None:
    from accounts.access import json_web_tokens

    row, secret = create_api_key(cast.alice, name="Shop", scopes=["*"])
    value = key()
    once(Api(secret), value)
    headers = {"Authorization": f"Bearer {json_web_tokens.issue(row.pk)}", "Idempotency-Key": value}
    again = Client().post("/api/v1/jobs", {"image": photo(), "margin": "0.1"}, headers=headers)
    assert again["Idempotent-Replayed"] == "true"


def test_a_finished_image_is_sent_again_as_it_was(api: Api, worker: None) -> None:
    value = key()
    first = api.form("/process", {"image": photo()}, **{"Idempotency-Key": value, "Accept": "image/*"})
    second = api.form("/process", {"image": photo()}, **{"Idempotency-Key": value, "Accept": "image/*"})
    assert first["Content-Type"] == "image/jpeg"
    assert second.content == first.content
    assert second["X-Job-Id"] == first["X-Job-Id"]
    assert second["X-Credits-Remaining"] == "99"
    Asset.unscoped.filter(pk=first["X-File-Id"]).delete()
    gone = api.form("/process", {"image": photo()}, **{"Idempotency-Key": value, "Accept": "image/*"})
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


def test_a_refusal_for_good_is_stored_too(api: Api) -> None:
    value = key()
    first = once(api, value, {"margin": "7"})
    assert (first.status_code, once(api, value, {"margin": "7"})["Idempotent-Replayed"]) == (400, "true")


def test_a_refusal_that_may_pass_frees_the_key(cast: Cast) -> None:
    Organization.objects.update(credit_balance=0)
    api, value = Api(cast.key()), key()
    assert once(api, value).status_code == 402
    assert not IdempotentCall.objects.exists()
    Organization.objects.update(credit_balance=5)
    answer = once(api, value)
    assert (answer.status_code, "Idempotent-Replayed" in answer) == (202, False)


def test_a_missing_scope_claims_nothing(cast: Cast) -> None:
    assert once(Api(cast.key(cast.alice, "jobs:read")), key()).status_code == 403
    assert not IdempotentCall.objects.exists()


def test_while_the_first_one_runs_the_second_is_told_to_wait(cast: Cast, api: Api) -> None:
    value = key()
    claimed_by_another_process(cast, value, api)
    answer = once(api, value)
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    assert answer.json()["code"] == "idempotency_in_progress"
    assert not Job.unscoped.exists()


def claimed_by_another_process(cast: Cast, value: str, api: Api) -> IdempotentCall:
    """As if the call were in the middle of its work: the fingerprint is that of a call that went through."""
    once(api, value)
    Job.unscoped.all().delete()
    row = IdempotentCall.objects.get(key=value)
    row.status, row.job_id = None, None
    row.lease_expires_at = timezone.now() + timedelta(seconds=30)
    row.save(update_fields=["status", "job_id", "lease_expires_at"])
    return row


def test_a_crash_before_the_job_frees_the_key(cast: Cast, api: Api) -> None:
    value = key()
    row = claimed_by_another_process(cast, value, api)
    IdempotentCall.objects.update(lease_expires_at=timezone.now())
    assert once(api, value).status_code == 202
    # The one that was given up comes to life again: it may not write its job any more.
    with pytest.raises(idempotency.StillRunning):
        idempotency.attach(idempotency.Claim(row.pk, row.token), uuid.uuid4())
    assert Job.unscoped.count() == 1


def test_a_crash_after_the_job_gives_the_next_call_that_job(api: Api) -> None:
    value = key()
    first = once(api, value)
    IdempotentCall.objects.update(status=None, headers={}, body="")
    second = once(api, value)
    assert (second.status_code, second.json()) == (202, first.json())
    assert Job.unscoped.count() == 1


def test_an_image_call_that_crashed_gets_its_image_later(api: Api, run_all: Any) -> None:
    value = key()
    headers = {"Idempotency-Key": value}
    early = api.form("/process", {"image": photo()}, **headers, **ASYNC)
    assert early.status_code == 202
    IdempotentCall.objects.update(status=None, headers={}, body="")
    assert api.form("/process", {"image": photo()}, **headers).status_code == 409
    run_all()
    late = api.form("/process", {"image": photo()}, **headers)
    assert (late.status_code, late.json()["jobId"]) == (200, early.json()["jobId"])
    assert late.json()["credits"] == {"charged": 1, "remaining": 99}


def test_a_job_that_was_canceled_frees_the_key(cast: Cast, api: Api) -> None:
    value = key()
    early = api.form("/process", {"image": photo()}, **{"Idempotency-Key": value}, **ASYNC)
    IdempotentCall.objects.update(status=None, headers={}, body="")
    cancel_job(cast.alice, job_id=uuid.UUID(early.json()["jobId"]))
    assert api.form("/process", {"image": photo()}, **{"Idempotency-Key": value}).status_code == 409
    again = api.form("/process", {"image": photo()}, **{"Idempotency-Key": value}, **ASYNC)
    assert again.json()["jobId"] != early.json()["jobId"]


def test_a_key_lives_for_a_day(api: Api) -> None:
    value = key()
    once(api, value)
    IdempotentCall.objects.update(expires_at=timezone.now())
    assert "Idempotent-Replayed" not in once(api, value)
    assert Job.unscoped.count() == 2
    IdempotentCall.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    assert not IdempotentCall.objects.exists()


def test_uploads_are_idempotent_and_answers_are_kept_encrypted(api: Api) -> None:
    value = key()
    first = api.form("/files", {"image": photo()}, **{"Idempotency-Key": value})
    second = api.form("/files", {"image": photo()}, **{"Idempotency-Key": value})
    assert second.json() == first.json()
    assert first.json()["fileId"] not in IdempotentCall.objects.get().body


def test_every_post_of_the_api_knows_the_header(cast: Cast, settings: Any) -> None:
    """A POST that forgot to read its body by `read_body` would ignore it."""
    from dashboard.access import declared_routes

    settings.LEGACY_PUBLIC_ENDPOINTS = True
    actor = actor_for_key(cast.key())
    assert actor.api_key is not None
    bearer = {"Authorization": f"Bearer {json_web_tokens.issue(actor.api_key.pk)}"}  # the one that every POST takes
    posts = {path for path, methods, _ in declared_routes() if path.startswith("api/") and "POST" in methods}
    assert posts
    for path in posts:
        cache.clear()
        address = "/" + re.sub(r"<\w+:\w+>", str(uuid.uuid4()), path)
        answer = Client().post(
            address, "{}", content_type="application/json", headers={**bearer, "Idempotency-Key": '"open'}
        )
        assert answer.status_code == 400, path
        assert "Idempotency-Key" in answer.content.decode(), path


def test_revoked_keys_get_no_stored_answer(cast: Cast) -> None:
    secret, value = cast.key(), key()
    once(Api(secret), value)
    ApiKey.unscoped.filter(pk=actor_for_key(secret).api_key.pk).update(revoked_at=timezone.now())  # type: ignore[union-attr]
    assert once(Api(secret), value).status_code == 401
