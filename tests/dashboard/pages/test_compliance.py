"""The compliance pages: check, verdicts, fix all, mark as not applicable, evidence, own profiles."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.models import Asset, ComplianceProfile, ComplianceWaiver, Job, JobImage
from tests.support.cast import Cast

As = Callable[[Actor], Client]
RunAll = Callable[[], int]


def picture(*, fill: float = 0.5, side: int = 700) -> SimpleUploadedFile:
    image = Image.new("RGB", (side, side), "#d8dde2")
    edge = round(side * (1 - fill) / 2)
    ImageDraw.Draw(image).ellipse((edge, edge, side - edge - 1, side - edge - 1), fill="#6a3524")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return SimpleUploadedFile("cup.png", buffer.getvalue())


@pytest.fixture
def check(cast: Cast, as_: As, run_all: RunAll) -> str:
    """The address of a finished check that fails Amazon's rules."""
    sent = as_(cast.bob).post("/compliance/", {"image": picture()})
    assert sent.status_code == 302, sent.content
    run_all()
    address: str = sent["Location"]
    return address


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", answer.content.decode()))


def score(answer: Any) -> int:
    found = re.search(r"(\d+) of 100", text(answer))
    assert found
    return int(found[1])


def test_an_empty_page_says_what_it_is_for(cast: Cast, as_: As) -> None:
    answer = as_(cast.victor).get("/compliance/")
    assert answer.status_code == 200
    assert "No checks yet" in text(answer)


def test_a_check_has_a_verdict_for_every_marketplace(cast: Cast, as_: As, check: str) -> None:
    said = text(as_(cast.victor).get(check))
    for name in ("Amazon", "Shopify", "WooCommerce", "eBay", "Etsy", "Walmart", "Google"):
        assert name in said
    assert re.search(r"Fails \d of 18 rules", said)
    assert "wanted: at least 85 % of the frame" in said
    further = text(as_(cast.victor).get(f"{check}?profile=amazon/additional"))
    assert "Amazon additional image" in further
    assert "Amazon" in text(as_(cast.victor).get("/compliance/"))


def test_a_waiting_check_says_so_and_goes_on_by_itself(cast: Cast, as_: As, run_all: RunAll) -> None:
    client = as_(cast.bob)
    address = client.post("/compliance/", {"image": picture()})["Location"]
    assert b'hx-trigger="every' in client.get(address).content
    run_all()
    done = client.get(address, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, address)


def test_fix_all_makes_a_version_that_passes(cast: Cast, as_: As, check: str, run_all: RunAll) -> None:
    client = as_(cast.bob)
    started = client.post(f"{check}fix/", {"profile": "amazon/main"})
    assert started.status_code == 302
    waiting = client.get(started["Location"])
    assert "This page goes on by itself" in text(waiting)
    run_all()
    once, twice = client.get(started["Location"]), client.get(started["Location"])
    assert once["Location"] == twice["Location"]
    run_all()
    said = text(client.get(once["Location"]))
    assert "nothing required is broken" in said, said
    work = Job.unscoped.get(purpose=Job.Purpose.WORK)
    assert work.credits_charged == 1


def test_a_viewer_may_check_but_not_fix(cast: Cast, as_: As, check: str) -> None:
    client = as_(cast.victor)
    assert b"Fix all" not in client.get(check).content
    assert client.post(f"{check}fix/", {"profile": "amazon/main"}).status_code == 403
    assert client.post(f"{check}mark/", {"profile": "amazon/main", "rule": "fill", "reason": "x"}).status_code == 403
    assert not Job.unscoped.filter(purpose=Job.Purpose.WORK).exists()
    assert not ComplianceWaiver.unscoped.exists()


def test_a_finding_is_marked_with_a_reason_and_taken_back(cast: Cast, as_: As, check: str) -> None:
    client = as_(cast.bob)
    mark = {"profile": "amazon/main", "rule": "fill"}
    refused = client.post(f"{check}mark/", mark | {"reason": "  "})
    assert refused.status_code == 400
    assert "Say why it does not apply" in text(refused)
    assert not ComplianceWaiver.unscoped.exists()

    before = score(client.get(check))
    assert client.post(f"{check}mark/", mark | {"reason": "A set of two."}).status_code == 302
    page = client.get(check)
    assert "A set of two." in text(page)
    assert "Not applicable" in text(page)
    assert AuditEntry.unscoped.filter(action="compliance.waived").exists()
    after = score(page)
    assert after >= before
    # The same bytes under another name: it is kept with the hash.
    assert client.post(f"{check}mark/", mark | {"undo": "1"}).status_code == 302
    assert not ComplianceWaiver.unscoped.exists()


def test_a_rule_that_is_kept_cannot_be_marked(cast: Cast, as_: As, check: str) -> None:
    mark = {"profile": "amazon/main", "rule": "size", "reason": "x"}
    assert as_(cast.bob).post(f"{check}mark/", mark).status_code == 404


def test_evidence_names_rules_values_hash_and_day(cast: Cast, as_: As, check: str) -> None:
    answer = as_(cast.victor).get(f"{check}evidence.json?profile=amazon/main")
    assert "attachment" in answer["Content-Disposition"]
    facts = json.loads(answer.content)
    asset = Asset.unscoped.get()
    assert facts["sha256"] == asset.blob.sha256
    assert (facts["profile"], facts["verdict"], facts["width"]) == ("amazon/main", "fail", 700)
    assert facts["profileVersion"]
    assert facts["asOf"]
    fill = next(each for each in facts["findings"] if each["rule"] == "fill")
    assert fill["values"]
    page = as_(cast.victor).get(f"{check}evidence.html?profile=amazon/main")
    assert asset.blob.sha256 in text(page)
    assert as_(cast.victor).get(f"{check}evidence.html?profile=nonsense").status_code == 404


def test_it_can_be_judged_as_of_another_day(cast: Cast, as_: As, check: str, run_all: RunAll) -> None:
    client = as_(cast.victor)
    refused = client.post(f"{check}again/", {"asOf": "soon", "profile": "google/main"})
    assert refused.status_code == 400
    assert "Give the date as" in text(refused)
    sent = client.post(f"{check}again/", {"asOf": "2027-02-01", "profile": "google/main"})
    run_all()
    assert "judged as of 2027-02-01" in text(client.get(sent["Location"]))


@pytest.mark.parametrize("name", ["", "fix/", "mark/", "again/", "evidence.json"])
def test_another_organizations_check_is_not_there(cast: Cast, as_: As, check: str, name: str) -> None:
    client = as_(cast.charlie)
    post = name in {"fix/", "mark/", "again/"}
    assert (client.post if post else client.get)(check + name).status_code == 404


def test_nothing_chosen_and_no_image(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    assert "Choose an image first" in text(client.post("/compliance/", {}))
    assert client.post("/compliance/", {"image": SimpleUploadedFile("a.jpg", b"nothing")}).status_code in (400, 415)
    assert client.post("/compliance/", {"asset": "7"}).status_code == 400
    assert not JobImage.unscoped.exists()


def test_an_own_profile_is_cloned_changed_and_used(cast: Cast, as_: As, run_all: RunAll) -> None:
    client = as_(cast.bob)
    made = client.post("/compliance/profiles/", {"title": "Our Amazon", "base": "amazon/main"})
    profile = ComplianceProfile.unscoped.get()
    assert made["Location"] == f"/compliance/profiles/{profile.pk}/"
    page = client.get(made["Location"]).content.decode()
    assert 'name="fill.min"' in page

    form = dict(re.findall(r'<input class="input" id="f-[^"]*" name="([^"]*)" value="([^"]*)"', page))
    refused = client.post(made["Location"], form | {"fill.min": "a lot"})
    assert refused.status_code == 400
    assert "min must be a number from" in text(refused)
    assert 'value="a lot"' in refused.content.decode()
    profile.refresh_from_db()
    assert (profile.version, profile.changes) == (1, {})

    assert client.post(made["Location"], form | {"fill.min": "40", "background": "off"}).status_code == 302
    profile.refresh_from_db()
    assert profile.version == 2
    assert profile.changes == {"rules": {"fill": {"thresholds": {"min": 40.0}}, "background": None}}
    assert [each.version for each in profile.versions.order_by("version")] == [1, 2]
    assert client.post(made["Location"], form | {"fill.min": "40", "background": "off"}).status_code == 302
    profile.refresh_from_db()
    assert profile.version == 2

    shoes = f"{made['Location']}?type=Shoes"
    client.post(shoes, form | {"fill.min": "90"})
    profile.refresh_from_db()
    assert profile.changes["productTypes"] == {"shoes": {"rules": {"fill": {"thresholds": {"min": 90.0}}}}}
    assert "Our Amazon" in text(client.get("/compliance/profiles/"))

    address = client.post("/compliance/", {"image": picture()})["Location"]
    run_all()
    own = text(client.get(f"{address}?profile=our-amazon"))
    assert "wanted: at least 40 % of the frame" in own
    assert client.post(f"/compliance/profiles/{profile.pk}/delete/").status_code == 302
    assert "Our Amazon" in text(client.get(address))  # what it has checked stays


@pytest.mark.parametrize(
    ("title", "base", "says"),
    [("", "amazon/main", "Give the profile a name"), ("Amazon", "amazon/main", "A marketplace has this name"),
     ("Mine", "allegro/main", "There is no marketplace allegro")],
)  # fmt: skip
def test_a_profile_that_cannot_be_made(cast: Cast, as_: As, title: str, base: str, says: str) -> None:
    answer = as_(cast.bob).post("/compliance/profiles/", {"title": title, "base": base})
    assert answer.status_code == 400
    assert says in text(answer)
    assert not ComplianceProfile.unscoped.exists()


def test_a_viewer_and_a_stranger_change_no_profile(cast: Cast, as_: As) -> None:
    as_(cast.bob).post("/compliance/profiles/", {"title": "Ours", "base": "etsy/main"})
    profile = ComplianceProfile.unscoped.get()
    address = f"/compliance/profiles/{profile.pk}/"
    assert as_(cast.victor).post("/compliance/profiles/", {"title": "X", "base": "etsy/main"}).status_code == 403
    assert as_(cast.victor).post(address, {"ratio": "off"}).status_code == 403
    assert as_(cast.charlie).get(address).status_code == 404
    assert as_(cast.charlie).post(f"{address}delete/").status_code == 404
    profile.refresh_from_db()
    assert (profile.version, profile.changes) == (1, {})
