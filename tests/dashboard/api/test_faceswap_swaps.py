"""Face-swap family: swaps over the API, made with a local Discord."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.webhook_secrets import organization_secret
from accounts.models import AuditEntry, WebhookAttempt, WebhookDelivery
from accounts.queries.credits import balance
from processing.actions.face_swap_accounts import pause_account, remove_account
from processing.actions.sweep import sweep
from processing.models import Asset, FaceSwap, FaceSwapAccount, FaceSwapPolicy, Job
from tests.support.api import Api, photo
from tests.support.cast import Cast
from tests.support.discord import Discord, account, discord_in_place, make_swaps
from tests.support.receiver import deliver_due, receiver

BASE = "/v1/faceswap"


class Swaps:
    def __init__(self, key: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}"}

    def swap(self, call: str = "picsi", headers: dict[str, str] | None = None, **fields: Any) -> Any:
        pictures = {"source_image": photo(1, name="face.jpg"), "target_image": photo(2, name="model.jpg")}
        sent = {name: value for name, value in (pictures | fields).items() if value is not None}
        return self.client.post(f"{BASE}/{call}", sent, headers=self.headers | (headers or {}))

    def get(self, path: str) -> Any:
        return self.client.get(f"{BASE}{path}", headers=self.headers)

    def job(self, jobid: str) -> dict[str, Any]:
        answer = self.get(f"/jobs/?jobid={jobid}")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def world(settings: Any) -> Iterator[Discord]:
    with discord_in_place(settings) as running:
        yield running


@pytest.fixture
def api(cast: Cast, world: Discord) -> Swaps:
    return Swaps(cast.key())


def row(cast: Cast, channel: str = "11") -> FaceSwapAccount:
    return FaceSwapAccount.objects.of(cast.alice).get(channel=channel)


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert set(answer.json()) == {"error", "code"}
    assert answer.json()["code"] == status
    return str(answer.json()["error"])


def test_from_first_to_last(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world, used=18)
    made = api.swap(replyRef="order-17")
    assert made.status_code == 200
    assert made.json() == {
        "jobid": made.json()["jobid"],
        "status": "created",
        "channel": "11",
        "replyRef": "order-17",
    }
    assert made["X-Credits-Charged"] == "0"
    jobid = made.json()["jobid"]
    waiting = api.job(jobid)
    assert (waiting["status"], waiting["verb"], waiting["attachments"]) == ("created", "faceswap-picsi", [])
    assert balance(cast.alice) == 99
    assert make_swaps() == 1
    done = api.job(jobid)
    assert (done["status"], done["error"], done["code"], done["replyRef"]) == ("completed", None, 200, "order-17")
    (picture,) = done["attachments"]
    assert (picture["filename"], picture["width"], picture["height"]) == ("model.jpg", 90, 70)
    assert picture["url"].endswith(".jpg")
    whole = api.client.get(picture["url"].replace("http://testserver", ""))
    assert len(whole.content) == picture["size"]
    assert b"compositeWithTrainedAlgorithmicMedia" in whole.content
    assert done["updated"] > done["created"]
    assert done["created"].endswith("+00:00")
    assert balance(cast.alice) == 99
    found = row(cast)
    assert (found.credits_total, found.credits_used, found.held_by, found.failures) == (50, 19, None, 0)
    assert [each["jobid"] for each in api.get("/jobs").json()["jobs"]] == [jobid]
    assert Api(cast.key()).get(f"/jobs/{jobid}").json()["operation"] == "face_swap"
    sent = AuditEntry.objects.of(cast.alice).get(action="face_swap.submitted")
    assert sent.details["channel"] == "11"
    assert "token" not in json.dumps(sent.details)


def test_the_pages_show_it(api: Swaps, cast: Cast, world: Discord, as_: Any) -> None:
    account(cast, world)
    jobid = api.swap().json()["jobid"]
    make_swaps()
    browser = as_(cast.alice)
    assert "Face swapped" in browser.get("/jobs/").content.decode()
    assert browser.get(f"/jobs/{jobid}/").status_code == 200
    assert browser.get("/library/").status_code == 200
    assert browser.post(f"/jobs/{jobid}/again/").status_code in {302, 409}
    assert Job.objects.of(cast.alice).count() == 1


def test_addresses_instead_of_files_and_the_older_call(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    url = f"{world.base}/cdn/x.jpg"
    body = json.dumps({"source_image": url, "target_image": url, "channel": "11", "consent": True})
    made = api.client.post(f"{BASE}/swap", body, content_type="application/json", headers=api.headers)
    assert (made.status_code, made.json()["replyRef"]) == (200, None)
    assert api.job(made.json()["jobid"])["verb"] == "faceswap-swap"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"source_image": None}, "source_image is missing"),
        ({"target_image": None}, "target_image is missing"),
        ({"target_image": "http://10.0.0.1/x.jpg"}, "target_image"),
        ({"replyUrl": "ftp://example.com"}, "replyUrl"),
        ({"replyRef": "x" * 1025}, "at most 1024"),
        ({"replyUrl": "https://example.com/" + "x" * 1024}, "at most 1024"),
        ({"color": "red"}, "no field color"),
        ({"consent": "perhaps"}, "consent"),
    ],
)
def test_what_is_wrong_is_named(api: Swaps, cast: Cast, world: Discord, fields: dict[str, Any], says: str) -> None:
    account(cast, world)
    assert says in refused(api.swap(**fields), 400)
    assert not Job.unscoped.exists()
    assert not Asset.unscoped.exists()
    assert row(cast).held_by is None


def test_without_provider_accounts_or_credits(api: Swaps, cast: Cast, world: Discord, settings: Any) -> None:
    assert "No face-swap account" in refused(api.swap(), 404)
    account(cast, world)
    assert "no face-swap account for this channel" in refused(api.swap(channel="12"), 404)
    pause_account(cast.alice, channel="11")
    answer = api.swap()
    assert "paused" in refused(answer, 429)
    assert int(answer["Retry-After"]) > 0
    settings.DISCORD_API_URL = ""
    assert "makes no face swaps" in refused(api.swap(), 409)
    assert balance(cast.alice) == 100
    assert not Job.unscoped.exists()


def test_consent_where_it_is_demanded(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    FaceSwapPolicy.unscoped.create(organization=cast.alice.organization, consent_required=True)
    for said in (None, "false"):
        assert "consent is missing" in refused(api.swap(consent=said), 400)
    assert api.swap(consent="true").status_code == 200
    assert AuditEntry.objects.of(cast.alice).get(action="face_swap.submitted").details["consent"] is True


def test_one_call_at_a_time_for_each_account(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    account(cast, world, "12")
    channels = {api.swap().json()["channel"] for _ in range(2)}
    assert channels == {"11", "12"}
    busy = api.swap()
    assert "busy" in refused(busy, 429)
    assert busy["Retry-After"] == "5"
    refused(api.swap(channel="11"), 429)
    assert balance(cast.alice) == 98
    make_swaps()
    assert api.swap(channel="11").json()["channel"] == "11"


@pytest.mark.parametrize("mood", ["unauthorized", "slow_down", "down", "error", "spent"])
def test_an_account_in_trouble_cools_and_another_takes_over(api: Swaps, cast: Cast, world: Discord, mood: str) -> None:
    account(cast, world, mood=mood, total=50)
    jobid = api.swap().json()["jobid"]
    well = account(cast, world, "12")
    make_swaps()
    done = api.job(jobid)
    assert (done["status"], done["channel"], well.swaps) == ("completed", "12", 1)
    troubled = row(cast)
    assert troubled.cools
    assert troubled.trouble
    assert "token" not in troubled.trouble.replace("this token", "")
    assert (troubled.held_by, troubled.failures) == (None, 1)
    assert api.swap().json()["channel"] == "12", "not the one that cools"


def test_a_chosen_account_is_the_only_one(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world, mood="down")
    jobid = api.swap(channel="11").json()["jobid"]
    account(cast, world, "12")
    make_swaps()
    failed = api.job(jobid)
    assert (failed["status"], failed["error"]) == ("failed", "Discord answered with status 500.")
    assert balance(cast.alice) == 100


@pytest.mark.parametrize(("mood", "says"), [("moderated", "moderation"), ("no_face", "no face")])
def test_a_refusal_is_the_pictures_not_the_accounts(
    api: Swaps, cast: Cast, world: Discord, mood: str, says: str
) -> None:
    account(cast, world, mood=mood)
    account(cast, world, "12", mood=mood)
    jobid = api.swap().json()["jobid"]
    make_swaps()
    failed = api.job(jobid)
    assert failed["status"] == "failed"
    assert says in failed["error"]
    assert balance(cast.alice) == 100
    assert not FaceSwapAccount.objects.of(cast.alice).exclude(held_by=None, cools_until=None).exists()


def test_credits_run_out_and_come_back_with_the_day(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world, total=2)
    FaceSwapAccount.unscoped.update(credits_total=2, credits_used=1, credits_at=timezone.now())
    assert api.swap().status_code == 200
    assert row(cast).credits_left == 0, "counted when it is taken"
    world.people["token of 11"].used = 1
    make_swaps()
    answer = api.swap()
    assert "no credits left" in refused(answer, 429)
    assert int(answer["Retry-After"]) > 60
    FaceSwapAccount.unscoped.update(credits_at=timezone.now() - timedelta(hours=25))
    assert api.swap().status_code == 200
    assert row(cast).credits_used == 1


def test_cancel(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    jobid = api.swap().json()["jobid"]
    assert api.client.head(f"{BASE}/jobs/cancel/?jobid={jobid}", headers=api.headers).status_code == 405
    assert api.job(jobid)["status"] == "created"
    canceled = api.get(f"/jobs/cancel/?jobid={jobid}")
    assert (canceled.status_code, canceled.json()["status"]) == (200, "cancelled")
    assert make_swaps() == 0
    assert balance(cast.alice) == 100
    assert "already" in refused(api.get(f"/jobs/cancel/?jobid={jobid}"), 409)
    assert api.swap().status_code == 200, "it had not begun, so the account is free"
    Job.unscoped.filter(status="queued").update(started_at=timezone.now())
    running = FaceSwap.objects.of(cast.alice).latest("pk")
    api.get(f"/jobs/cancel/?jobid={running.job_id}")
    refused(api.swap(), 429)
    assert row(cast).cools, "the provider may still be at it"


def test_jobs_of_others_and_no_jobs(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    jobid = api.swap().json()["jobid"]
    stranger = Swaps(cast.key(cast.charlie))
    for path in ("/jobs/", "/jobs/cancel/"):
        refused(stranger.get(f"{path}?jobid={jobid}"), 404)
        refused(api.get(f"{path}?jobid=nonsense"), 404)
        assert "jobid is missing" in refused(api.get(path), 400)
    assert stranger.get("/jobs").json() == {"jobs": [], "nextCursor": None}
    assert stranger.get(f"/jobs?cursor={jobid}").json()["jobs"] == []
    assert api.job(jobid)["status"] == "created"


def test_jobs_page_by_page(api: Swaps, cast: Cast, world: Discord) -> None:
    for number in range(5):
        account(cast, world, f"5{number}")
    sent = [api.swap().json()["jobid"] for _ in range(5)][::-1]
    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"/jobs?limit=2&cursor={cursor}").json()
        pages.append([each["jobid"] for each in answer["jobs"]])
        cursor = answer["nextCursor"]
    assert pages == [sent[:2], sent[2:4], sent[4:]]
    assert [each["jobid"] for each in api.get("/jobs").json()["jobs"]] == sent
    assert api.get("/jobs?limit=5").json()["nextCursor"] is None
    for query, named in (("limit=0", "limit"), ("limit=101", "limit"), ("cursor=7", "cursor"), ("page=2", "page")):
        assert named in refused(api.get(f"/jobs?{query}"), 400)


def test_the_reply_is_the_jobs_body_signed(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    with receiver() as there:
        jobid = api.swap(replyUrl=there.url(), replyRef="r").json()["jobid"]
        make_swaps()
        assert deliver_due() == 1
        (got,) = there.seen
    secret = organization_secret(cast.alice.organization.pk).secrets_in_use()[0]
    body = got.verified(secret)
    now = api.job(jobid)
    for each in (body, now):
        each["attachments"][0]["url"] = ""
    assert body == now
    assert WebhookDelivery.unscoped.get().status == "succeeded"
    assert WebhookAttempt.unscoped.count() == 1


def test_a_removed_account_and_an_unreadable_token_are_passed_over(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    jobid = api.swap().json()["jobid"]
    remove_account(cast.alice, channel="11")
    account(cast, world, "12")
    make_swaps()
    assert (api.job(jobid)["status"], api.job(jobid)["channel"]) == ("completed", "12")
    FaceSwapAccount.unscoped.update(token="unreadable")
    jobid = api.swap().json()["jobid"]
    make_swaps()
    assert "cannot be read" in api.job(jobid)["error"]


def test_the_same_call_twice_is_one_swap(api: Swaps, cast: Cast, world: Discord) -> None:
    account(cast, world)
    first, again = (api.swap(headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Job.unscoped.count() == 1


def test_old_swaps_and_their_pictures_go(api: Swaps, cast: Cast, world: Discord, settings: Any) -> None:
    account(cast, world)
    jobid = api.swap().json()["jobid"]
    make_swaps()
    assert Asset.unscoped.count() == 3
    sweep()
    assert api.job(jobid)["status"] == "completed"
    past = timezone.now() - timedelta(days=32)
    Job.unscoped.update(finished_at=past)
    Asset.unscoped.update(expires_at=past)
    sweep()
    assert not Job.unscoped.exists()
    assert not Asset.unscoped.exists()
    assert api.get(f"/jobs/?jobid={jobid}").status_code == 404
