"""/publications/<id>/ and the activity on /integrations/: where things stand, what was tried, and the way back."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from integrations.models import CatalogProduct, Connection, Publication
from processing.models import Asset
from tests.support.cast import Cast
from tests.support.listed import output_of, product_of, shop_of
from tests.support.tried import SHOWN, publication_of, try_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _shops_can_fetch_images(settings: Settings) -> None:
    settings.BASE_URL = "https://images.example.com"


@pytest.fixture
def product(cast: Cast) -> CatalogProduct:
    return product_of(shop_of(cast.bob), images=2)


@pytest.fixture
def image(cast: Cast) -> Asset:
    return output_of(cast.bob)


def page_of(client: Client, row: Publication) -> str:
    answer = client.get(f"/publications/{row.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "says", "offers"),
    [
        ({}, "as soon as a worker is free", ["revert"]),
        ({"held": True}, "It waits until somebody has looked", ["revert"]),
        ({"status": "sending", "lease_until": timezone.now()}, "The shop is being asked", []),
        ({"status": "submitted", "before": SHOWN}, "does not show it yet", ["revert"]),
        ({"status": "confirmed"}, "The shop shows the image in its place.", ["revert"]),
        ({"status": "rejected"}, "Nothing was changed in the shop.", ["again"]),
        ({"status": "failed"}, "It is not tried again by itself.", ["again", "revert"]),
        ({"status": "reverted"}, "The shop shows what it showed before.", []),
        ({"status": "queued", "task": "restore", "before": SHOWN}, "Waits to be put back", []),
        ({"status": "confirmed", "dry_run": True}, "nothing was changed in the shop", []),
        ({"status": "confirmed", "sandbox": True}, "A test key has asked", []),
    ],
    ids=["queued", "held", "sending", "submitted", "live", "refused", "failed", "back", "going back", "dry", "test"],
)
def test_each_state_says_what_happens_next(
    cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset, fields: dict[str, Any], says: str, offers: list[str]
) -> None:
    row = publication_of(cast.bob, product, image, **fields)
    page = page_of(as_(cast.bob), row)
    assert says in page
    assert sorted(re.findall(rf'action="/publications/{row.pk}/(\w+)/"', page)) == offers
    assert ('hx-trigger="every' in page) == row.open
    assert f'action="/publications/{row.pk}/' not in page_of(as_(cast.victor), row)
    for offered in ("again", "revert"):
        answer = as_(cast.bob).post(f"/publications/{row.pk}/{offered}/")
        after = Publication.unscoped.get(pk=row.pk)
        changed = (after.status, after.task) != (row.status, row.task) or after.reverted_at != row.reverted_at
        assert changed == (offered in offers), (offered, answer.content.decode()[-500:])
        if changed:
            break


def test_a_rejected_one_is_tried_again_with_a_reason(
    cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset
) -> None:
    issue = {"code": "size", "detail": "The image is <b>too</b> small.", "severity": "error", "said": ""}
    row = publication_of(cast.bob, product, image, status="rejected", verdict="fail", issues=[issue])
    client = as_(cast.bob)
    page = page_of(client, row)
    assert "The image is &lt;b&gt;too&lt;/b&gt; small." in page
    assert 'name="override_reason"' in page
    long = client.post(f"/publications/{row.pk}/again/", {"override_reason": "because " * 90})
    assert long.status_code == 400
    assert "because because" in long.content.decode()
    assert Publication.unscoped.get().status == "rejected"
    assert client.post(f"/publications/{row.pk}/again/", {"override_reason": "A stamp."}).status_code == 302
    assert Publication.unscoped.get().override_reason == "A stamp."


def test_strangers_and_lookers(cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset) -> None:
    row = publication_of(cast.bob, product, image, status="confirmed")
    for actor, reading, writing in ((cast.victor, 200, 403), (cast.charlie, 404, 404)):
        assert as_(actor).get(f"/publications/{row.pk}/").status_code == reading
        for offered in ("again", "revert"):
            assert as_(actor).post(f"/publications/{row.pk}/{offered}/").status_code == writing
    Connection.unscoped.update(shared=False)
    assert as_(cast.victor).get(f"/publications/{row.pk}/").status_code == 404
    assert Publication.unscoped.get().status == "confirmed"


def test_the_tries_with_what_was_asked_and_answered(
    cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset
) -> None:
    row = publication_of(cast.bob, product, image, status="confirmed")
    try_of(row, outcome="queued", problem="The shop did not answer in time.", exchanges=[])
    try_of(row)
    page = page_of(as_(cast.bob), row)
    for words in ("The shop did not answer in time.", "PUT /products/1 images=2", "Tried again later", "Bob"):
        assert words in page, words
    assert f'href="/jobs/{row.job_id}/"' in page
    assert 'href="https://shop.example.com/1"' in page


def test_an_address_of_the_shop_is_a_link_only_where_it_is_one_of_the_web(
    cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset
) -> None:
    shown = SHOWN | {"image": SHOWN["image"] | {"url": "javascript:alert(2)"}}
    row = publication_of(cast.bob, product, image, status="confirmed", remote_url="javascript:alert(1)", before=shown)
    assert "javascript:alert" not in page_of(as_(cast.bob), row)


def test_the_activity(cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset) -> None:
    client = as_(cast.bob)
    page = client.get("/integrations/").content.decode()
    for words in ("Direct Publish", "Select an output image to publish", "Recent Publish Activity",
                  "No publish events yet.", "Showing 0-0 of 0"):  # fmt: skip
        assert words in page, words
    live = publication_of(cast.bob, product, image, status="confirmed")
    failed = publication_of(cast.bob, product, image, status="failed", slot="2")
    issue = {"code": "x", "detail": "=The shop said no.", "severity": "error", "said": ""}
    for _ in range(21):
        try_of(live)
    try_of(failed, issues=[issue], exchanges=[])
    other = product_of(shop_of(cast.bob, name="Second", address="http://localhost:8"), "2", title="Plate")

    def listed(query: dict[str, str], actor: Actor = cast.bob) -> str:
        answer = as_(actor).get("/integrations/", query, headers={"HX-Request": "true", "HX-Target": "activity-list"})
        assert answer.status_code == 200
        found = re.search(r"Showing ([^<]+)<", answer.content.decode())
        assert found
        return found[1]

    def downloaded(query: str) -> list[list[str]]:
        answer = client.get(f"/integrations/activity.csv?{query}")
        assert answer.status_code == 200
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return list(csv.reader(text.splitlines()))[1:]

    page = client.get("/integrations/").content.decode()
    assert f'href="/publications/{live.pk}/"' in page
    assert "Showing 1-20 of 22" in page
    for query, figures, count in (
        ("", "1-20 of 22", 22),
        ("state=failed", "1-1 of 1", 1),
        (f"shop={live.connection_id}", "1-20 of 22", 22),
        (f"shop={other.connection_id}", "0-0 of 0", 0),
        ("find=plate", "0-0 of 0", 0),
        ("find=MUG", "1-20 of 22", 22),
    ):
        given = dict(each.split("=") for each in query.split("&") if each)
        assert listed(given) == figures, query
        assert len(downloaded(query)) == count, query
    (line,) = downloaded("state=failed")
    assert "'=The shop said no." in line
    assert "bob@example.com" in line
    assert client.get("/integrations/activity.csv?state=live").status_code == 400
    assert "Shown is everything." in client.get("/integrations/?state=live").content.decode()
    assert listed({}, cast.charlie) == "0-0 of 0"
    Connection.unscoped.update(shared=False)
    assert listed({}, cast.victor) == "0-0 of 0"


def test_the_home_page_tells_what_was_not_published(
    cast: Cast, as_: SignIn, product: CatalogProduct, image: Asset
) -> None:
    issue = {"code": "x", "detail": "The shop said no.", "severity": "error", "said": ""}
    row = publication_of(cast.bob, product, image, status="rejected", issues=[issue])
    old = timezone.now() - timedelta(days=8)
    publication_of(cast.bob, product, image, slot="2", status="failed", finished_at=old)

    def told(actor: Actor) -> list[str]:
        page = as_(actor).get("/").content.decode()
        assert ("The shop said no." in page) == (f"/publications/{row.pk}/" in page)
        return re.findall(r'href="/publications/([0-9a-f-]+)/"', page)

    assert told(cast.bob) == [str(row.pk)]
    assert told(cast.victor) == told(cast.charlie) == []
    publication_of(cast.bob, product, image, status="confirmed")
    assert told(cast.bob) == []
