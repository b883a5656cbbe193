"""Every finished image gets its verdict without being asked: by which profile, when, and what is lost is taken up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.access.actor import Actor
from accounts.models import LedgerEntry
from processing.actions.compliance_profiles import change_profile, clone_profile
from processing.actions.judge_output import judge_next
from processing.actions.submit import Request, submit
from processing.models import ComplianceDefault, Job, JobImage
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.finished import Photo, end, job_of
from tests.support.listing_photos import jpeg, listing

As = Callable[[Actor], Client]
RunAll = Callable[[], int]


def judge_all() -> int:
    count = 0
    while judge_next():
        count += 1
    return count


def image_of(job: Job) -> JobImage:
    return job.images.get()


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_by_the_preset_of_a_marketplace_else_by_the_default(cast: Cast) -> None:
    ebay = image_of(job_of(cast.alice, Photo(), preset="ebay"))
    further = image_of(job_of(cast.alice, Photo(), preset="amazon-additional"))
    own = image_of(job_of(cast.alice, Photo(), parameters={"width": 50}))
    ComplianceDefault.unscoped.create(organization=cast.alice.organization, profile="etsy/main")
    chosen = image_of(job_of(cast.alice, Photo(), parameters={"width": 50}))
    ComplianceDefault.unscoped.update(profile="")
    none = image_of(job_of(cast.alice, Photo(), preset="transparent-cutout"))
    mask = image_of(job_of(cast.alice, Photo(), preset="ebay", parameters={"output": "mask"}))
    assert [each.judged_by for each in (ebay, further, own, chosen, none, mask)] == [
        "ebay/main", "amazon/additional", "amazon/main", "etsy/main", "", "",
    ]  # fmt: skip
    before = LedgerEntry.unscoped.count()
    assert judge_all() == 4
    for image in (ebay, further, own, chosen, none, mask):
        image.refresh_from_db()
    assert ebay.verdict == "fail", "60 pixels are too few for eBay"
    assert ebay.judged_version.startswith("20")
    assert ebay.report
    assert list(ebay.report["reports"]) == ["ebay/main"]
    assert (none.verdict, mask.verdict) == ("", "")
    assert LedgerEntry.unscoped.count() == before, "a verdict is free"
    assert not Job.unscoped.exclude(purpose=Job.Purpose.WORK).exists(), "and leaves no job behind"


def test_a_good_image_passes(cast: Cast, as_: As, run_all: RunAll) -> None:
    photo = SimpleUploadedFile("box.jpg", jpeg(listing((600, 600), fill=0.7)))
    sent = Api(cast.key()).form("/jobs", {"image": photo, "preset": "woocommerce"})
    assert sent.status_code == 202
    assert judge_next() is False, "not before its job has ended"
    run_all()
    job = Job.unscoped.get()
    waiting = text(as_(cast.victor).get(f"/jobs/{job.pk}/"))
    assert "Is being judged" in waiting
    assert judge_all() == 1
    image = image_of(job)
    client = as_(cast.victor)
    assert image.verdict in ("pass", "warn")
    words = {"pass": "Passes WooCommerce", "warn": "WooCommerce warns"}[image.verdict]
    for address in (
        "/library/",
        f"/library/{image.pk}/",
        f"/library/{image.pk}/verdict/",
        "/jobs/",
        f"/jobs/{job.pk}/",
    ):
        assert words in text(client.get(address)), address
    answer = Api(cast.key()).get(f"/jobs/{job.pk}").json()
    assert not {"verdict", "compliance", "report"} & {*answer, *answer["outputs"][0]}, "the API's job is as it was"


def test_the_studio_shows_it(cast: Cast, as_: As) -> None:
    image = image_of(job_of(cast.bob, Photo(), preset="ebay"))
    judge_all()
    client = as_(cast.bob)
    client.post(f"/review/{image.pk}/mend/")
    page = text(client.get("/studio/"))
    assert page.count("Fails eBay") >= 2, "on the strip and beside the chosen photo"


def test_the_library_filters_by_it(cast: Cast, as_: As) -> None:
    failed = image_of(job_of(cast.alice, Photo("small.jpg"), preset="ebay"))
    waiting = image_of(job_of(cast.alice, Photo("new.jpg", 1), preset="ebay"))
    JobImage.unscoped.filter(pk=failed.pk).update(verdict="fail")
    client = as_(cast.victor)
    found = {
        asked: [str(shot.image.pk) for shot in client.get(f"/library/?compliance={asked}").context["shots"]]
        for asked in ("pass", "warn", "fail", "none")
    }
    assert found == {"pass": [], "warn": [], "fail": [str(failed.pk)], "none": [str(waiting.pk)]}
    refused = client.get("/library/?compliance=perhaps&q=small")
    assert refused.status_code == 400
    assert 'value="small"' in text(refused)


def test_photos_go_first_and_what_has_waited_long_is_judged_anyway(cast: Cast) -> None:
    image = image_of(job_of(cast.alice, Photo(), preset="ebay"))
    assert judge_next(busy=True) is False
    job_of(cast.alice, Photo("next.jpg", 1, ended="queued"))
    assert judge_next() is False
    Job.unscoped.filter(pk=image.job_id).update(finished_at=timezone.now() - timedelta(minutes=5))
    assert judge_next(busy=True) is True
    assert JobImage.unscoped.get(pk=image.pk).verdict == "fail"


def test_what_a_crash_took_is_taken_up_and_given_up_in_the_end(cast: Cast, settings: Settings) -> None:
    image = image_of(job_of(cast.alice, Photo(), preset="ebay"))
    row = JobImage.unscoped.filter(pk=image.pk)
    row.update(judge_attempt=1, judge_lease_expires_at=timezone.now() + timedelta(minutes=1))
    assert judge_next() is False, "another worker is at it"
    row.update(judge_lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert judge_next() is True
    assert row.get().verdict == "fail"
    row.update(verdict="waiting", judge_attempt=settings.JOB_ATTEMPTS, judge_lease_expires_at=None)
    assert judge_next() is False
    assert row.get().verdict == ""


def test_it_can_be_turned_off(cast: Cast, as_: As, settings: Settings) -> None:
    settings.COMPLIANCE_BADGES = False
    image = image_of(job_of(cast.alice, Photo(), preset="ebay"))
    assert (image.verdict, image.judged_by) == ("", "")
    assert judge_all() == 0
    assert "Not checked" in text(as_(cast.alice).get(f"/library/{image.pk}/"))


def test_a_deleted_image_is_not_judged(cast: Cast, as_: As) -> None:
    image = image_of(job_of(cast.alice, Photo(), preset="ebay"))
    as_(cast.alice).post("/library/delete/", {"image": [str(image.pk)], "confirmed": "1"})
    judge_all()
    image.refresh_from_db()
    assert image.verdict == ""


@pytest.fixture
def own(cast: Cast) -> JobImage:
    """An image that an own profile has judged."""
    profile = clone_profile(cast.alice, title="House", marketplace="ebay", slot="main")
    ComplianceDefault.unscoped.create(organization=cast.alice.organization, profile=profile.slug)
    image = image_of(job_of(cast.alice, Photo(), parameters={"width": 50}))
    judge_all()
    image.refresh_from_db()
    return image


def test_the_badge_says_which_version_has_judged(cast: Cast, as_: As, own: JobImage) -> None:
    client = as_(cast.alice)
    assert own.judged_version.endswith("+house.1")
    page = text(client.get(f"/library/{own.pk}/"))
    assert f"House, version {own.judged_version}" in page
    assert "The profile is at version" not in page
    changed = change_profile(
        cast.alice,
        profile_id=client.get("/compliance/profiles/").context["profiles"][0]["profile"].pk,
        changes={"rules": {"size": None}},
    )
    page = text(client.get(f"/library/{own.pk}/"))
    assert own.judged_version in page
    assert f"+house.{changed.version} now" in page
    client.post(f"/compliance/profiles/{changed.pk}/delete/")
    assert "This profile was deleted since" in text(client.get(f"/library/{own.pk}/"))


def test_a_later_check_and_what_is_marked_there_count(cast: Cast, as_: As, run_all: RunAll, own: JobImage) -> None:
    client = as_(cast.alice)
    JobImage.unscoped.filter(pk=own.pk).update(verdict="pass", judged_version="old")
    sent = client.post("/compliance/", {"asset": str(own.output_id)})
    run_all()
    own.refresh_from_db()
    assert (own.verdict, own.judged_version.endswith("+house.1")) == ("fail", True)
    assert own.report
    broken = [each["key"] for each in own.report["reports"]["house"]["findings"] if each["status"] != "pass"]
    for rule in broken:
        client.post(f"{sent['Location']}mark/", {"profile": "house", "rule": rule, "reason": "It is a sketch."})
    own.refresh_from_db()
    assert own.verdict == "pass"
    client.post(f"{sent['Location']}mark/", {"profile": "house", "rule": broken[0], "undo": "1"})
    own.refresh_from_db()
    assert own.verdict != "pass"


def test_the_default_profile_is_chosen_on_the_page(cast: Cast, as_: As) -> None:
    clone_profile(cast.alice, title="House", marketplace="ebay", slot="main")
    client = as_(cast.bob)
    assert '<option value="amazon/main" selected>' in text(client.get("/compliance/profiles/"))
    client.post("/compliance/profiles/default/", {"profile": "house"})
    assert image_of(job_of(cast.alice, Photo(), parameters={"width": 50})).judged_by == "house"
    assert '<option value="house" selected>' in text(client.get("/compliance/profiles/"))
    refused = client.post("/compliance/profiles/default/", {"profile": "nowhere/main"})
    assert refused.status_code == 400
    assert "There is no such profile" in text(refused)
    assert as_(cast.victor).post("/compliance/profiles/default/", {"profile": ""}).status_code == 403
    as_(cast.charlie).post("/compliance/profiles/default/", {"profile": ""})
    assert ComplianceDefault.objects.of(cast.alice).get().profile == "house"
    client.post("/compliance/profiles/default/", {"profile": ""})
    assert image_of(job_of(cast.alice, Photo(), parameters={"width": 60})).verdict == ""


def test_what_is_made_of_an_image_goes_by_the_same_profile(cast: Cast) -> None:
    etsy = image_of(job_of(cast.alice, Photo(), preset="etsy"))
    assert etsy.output
    made = submit(cast.alice, Request(sources=[etsy.output], operation="upscale", parameters={"scale": 2})).images.get()
    end(made, Photo(seed=5))
    made.refresh_from_db()
    assert made.judged_by == "etsy/main"
