"""POST /api/v1/compliance: findings by the rules of a marketplace, free, and nothing left behind by a refusal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from accounts.models import Organization
from processing.models import Asset, ComplianceProfile, ComplianceWaiver, Job
from tests.support.api import Api, errors, part
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def picture(side: int = 600, *, fill: float = 0.9, backdrop: str = "#ffffff", format: str = "PNG") -> Any:
    image = Image.new("RGB", (side, side), backdrop)
    edge = round(side * (1 - fill) / 2)
    ImageDraw.Draw(image).rectangle((edge, edge, side - edge - 1, side - edge - 1), fill="#6a3524")
    buffer = io.BytesIO()
    image.save(buffer, format, quality=95)
    return part(buffer.getvalue(), f"box.{'jpg' if format == 'JPEG' else format.lower()}")


@pytest.fixture
def api(cast: Cast, worker: None) -> Api:
    return Api(cast.key(None, "compliance:read"))


def findings(answer: Any) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return {each["rule"]: each for each in answer.json()["findings"]}


def test_an_image_is_judged_by_the_rules_of_amazon(cast: Cast, api: Api) -> None:
    answer = api.form("/compliance", {"image": picture(fill=0.5, backdrop="#e0e0e0")})
    found = findings(answer)
    body = answer.json()
    assert set(body) == {"success", "marketplace", "slot", "profileVersion", "verdict", "score", "findings"}
    assert (body["marketplace"], body["slot"], body["verdict"]) == ("amazon", "main", "fail")
    assert 0 <= body["score"] < 50
    for finding in found.values():
        assert set(finding) == {
            "rule", "status", "severity", "measured", "wanted", "detail", "source", "checkedOn", "fix", "region",
        }  # fmt: skip
    assert (found["fill"]["status"], found["fill"]["severity"]) == ("fail", "required")
    assert found["background"]["status"] == "fail"
    assert found["size"]["status"] == "pass"
    assert found["size_zoom"]["status"] == "warn"
    assert answer["X-Credits-Charged"] == "0" if answer.has_header("X-Credits-Charged") else True
    assert Organization.objects.get(pk=cast.alice.organization.pk).credit_balance == 100


def test_a_rule_of_next_year_warns_until_its_day(api: Api) -> None:
    for day, status in (("2027-01-30", "warn"), ("2027-01-31", "fail")):
        answer = api.form("/compliance", {"image": picture(400), "marketplace": "google", "asOf": day})
        assert findings(answer)["size_2027"]["status"] == status


def test_what_goes_with_it_is_removed_after_a_day(cast: Cast, api: Api) -> None:
    assert api.form("/compliance", {"image": picture()}).status_code == 200
    (asset,) = Asset.unscoped.all()
    assert asset.expires_at is not None
    assert Job.unscoped.get().purpose == Job.Purpose.CHECK
    assert Api(cast.key()).get("/jobs").json()["jobs"] == []  # no image was made


def test_an_own_profile_stands_for_a_marketplace(cast: Cast, api: Api) -> None:
    ComplianceProfile.unscoped.create(
        organization=cast.alice.organization, slug="our-amazon", title="Our Amazon", marketplace="amazon", slot="main",
        changes={"rules": {"fill": {"thresholds": {"min": 40}}}},
    )  # fmt: skip
    answer = api.form("/compliance", {"image": picture(fill=0.5), "marketplace": "our-amazon"})
    assert findings(answer)["fill"]["status"] == "pass"
    assert answer.json()["marketplace"] == "our-amazon"
    strange = Api(cast.key(cast.charlie, "compliance:read"))
    refused = strange.form("/compliance", {"image": picture(), "marketplace": "our-amazon"})
    assert refused.status_code == 400
    assert "our-amazon" in errors(refused)["marketplace"]


def test_a_waived_finding_counts_as_in_order(cast: Cast, api: Api) -> None:
    image = picture(fill=0.5)
    before = api.form("/compliance", {"image": image})
    sha256 = Asset.unscoped.get().blob.sha256
    ComplianceWaiver.unscoped.create(
        organization=cast.alice.organization, sha256=sha256, profile="amazon/main", rule="fill", reason="A set of two."
    )
    image.seek(0)
    after = api.form("/compliance", {"image": image})
    assert findings(after)["fill"]["status"] == "pass"
    assert findings(after)["fill"]["detail"] == "Marked as not applicable: A set of two."
    assert after.json()["score"] > before.json()["score"]


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({}, "image", "Send an image"),
        ({"marketplace": "allegro"}, "marketplace", "There is no profile allegro. There are: amazon, shopify"),
        ({"slot": "third"}, "slot", "There are: main, additional"),
        ({"asOf": "tomorrow"}, "asOf", "asOf must be a date such as"),
        ({"fileId": "7"}, "fileId", "fileId must be"),
        ({"colour": "red"}, "colour", "There is no field colour."),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(api: Api, fields: dict[str, str], field: str, says: str) -> None:
    image = {} if not fields or "fileId" in fields else {"image": picture()}
    answer = api.form("/compliance", image | fields)
    assert answer.status_code == 400
    assert says in errors(answer)[field]
    assert not Job.unscoped.exists()
    assert not Asset.unscoped.exists()


def test_the_scope_is_needed_and_enough(cast: Cast, api: Api) -> None:
    refused = Api(cast.key(None, "images:write")).form("/compliance", {"image": picture()})
    assert refused.status_code == 403
    assert "compliance:read" in refused.json()["detail"]
    assert not Asset.unscoped.exists()


def test_a_broken_file_is_refused(api: Api) -> None:
    answer = api.form("/compliance", {"image": part(b"no image", "a.jpg")})
    assert answer.status_code in (400, 415)
    assert not Job.unscoped.exists()


def test_another_organizations_file_is_not_there(cast: Cast, api: Api) -> None:
    theirs = Api(cast.key(cast.charlie)).form("/files", {"image": picture()}).json()["fileId"]
    assert api.form("/compliance", {"fileId": theirs}).status_code == 404


def test_the_same_call_twice_is_one_check(cast: Cast, api: Api) -> None:
    image = picture()
    first = api.form("/compliance", {"image": image}, idempotency_key="one")
    image.seek(0)
    again = api.form("/compliance", {"image": image}, idempotency_key="one")
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert Job.unscoped.count() == 1


def test_without_a_key(api: Api, settings: Any) -> None:
    settings.LEGACY_PUBLIC_ENDPOINTS = True
    answer = api.client.post("/api/compliance", {"image": picture(fill=0.5)})
    assert answer.status_code == 200, answer.content
    assert answer.json()["verdict"] == "fail"
    assert answer.has_header("Deprecation")
