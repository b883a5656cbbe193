"""Shops whose answers are spoilt while an image is brought to them: the publication ends or waits with a sentence, no
key is in it, and none is called done that customers do not see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from integrations.actions.catalog_rows import Reading, store
from integrations.actions.publish import Wanted, publish
from integrations.base import RemoteProduct
from integrations.models import CatalogSync, Connection, Publication
from integrations.models.connection import sealed
from processing.actions.assets import save_upload
from processing.models import Asset
from tests.support.cast import Cast
from tests.support.fuzzing import changed, changes, edited, edits, efforts, odd_json, search
from tests.support.garbling import Spoilt, echo, spoilt_shops
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost, picture_host
from tests.support.publications import worked

pytestmark = pytest.mark.django_db
_TURNS = 6
# Instead of the answer, or as its status.
_STATUSES = st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503])
_INSTEAD = st.one_of(
    st.tuples(st.just("changed"), changes),
    st.tuples(st.just("bytes"), edits),
    st.tuples(st.just("other"), odd_json),
    st.tuples(st.just("recorded"), st.tuples(st.integers(0, 50), st.one_of(st.just([]), changes))),
    st.tuples(st.just("echo"), st.integers(0, 5)),
)
# Of which answer on, of how many, whether nothing is done there, with which status and what in its place.
_Spoiling = tuple[int, int, bool, int | None, tuple[str, Any]]
_SPOILT = st.tuples(
    st.integers(0, 9), st.sampled_from([1, 1, 2, 50]), st.booleans(), st.one_of(st.none(), _STATUSES), _INSTEAD
)


@pytest.fixture
def pictures(settings: Settings) -> Iterator[PictureHost]:
    with picture_host() as running:
        settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
        settings.BASE_URL = running.address
        yield running


@pytest.fixture
def shops(settings: Settings, pictures: PictureHost, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Spoilt]]:
    with spoilt_shops(settings, monkeypatch) as running:
        yield running


def _connected(actor: Actor, shop: Spoilt, product: str) -> Connection:
    """With this product in its catalog."""
    account = shop.account()
    row = Connection.unscoped.create(
        organization=actor.organization, marketplace=shop.marketplace, name="Spoilt", address=account.address,
        credentials=sealed(account.credentials), masked="…", shared=True, maker=actor.user, calls_per_minute=60_000,
    )  # fmt: skip
    sync = CatalogSync.unscoped.create(organization=actor.organization, connection=row)
    store(Reading.of(sync), [RemoteProduct(product, "Mug", "MUG", "publish", "https://shop.example/mug")])
    return row


def _spoils(shop: Spoilt, how: _Spoiling) -> None:
    first, count, idle, status, (what, with_what) = how

    def there(number: int) -> bool:
        return first <= number < first + count

    def spoil(number: int, was: int, body: bytes) -> tuple[int, bytes]:
        return (status or was, _other(shop, what, with_what, body)) if there(number) else (was, body)

    shop.mouth.spoil = spoil
    shop.mouth.idle = lambda number: idle and there(number)


def _other(shop: Spoilt, what: str, with_what: Any, body: bytes) -> bytes:
    if what == "bytes":
        return edited(body, with_what)
    if what == "other":
        return json.dumps(with_what).encode()
    if what == "echo":
        return json.dumps(echo(shop.secrets[with_what % len(shop.secrets)])).encode()
    if what == "recorded":
        number, then = with_what
        body, with_what = shop.recorded[number % len(shop.recorded)], then
    try:
        value = json.loads(body)
    except ValueError:
        return body
    for change in with_what:
        value = changed(value, *change)
    return json.dumps(value).encode()


def _brought(actor: Actor, shop: Spoilt, product: str, image: Asset, pictures: PictureHost) -> Publication:
    row = _connected(actor, shop, product)
    wanted = Wanted(image_id=image.pk, connection_id=row.pk, product=product, override_reason="a test")
    made = publish(actor, wanted=wanted)
    for _ in range(_TURNS):
        made = worked(made, pictures)
        if not made.open:
            break
        shop.time_passes()
    return made


@efforts
def test_no_spoilt_answer_is_a_defect_a_leak_or_a_success(
    cast: Cast, shops: list[Spoilt], pictures: PictureHost, effort: str
) -> None:
    photo = product_photo(5, size=(600, 600))
    image = save_upload(cast.bob, data=photo, name="mug.jpg")
    for shop in shops:
        product = shop.add()
        with transaction.atomic():
            assert _brought(cast.bob, shop, product, image, pictures).status == "confirmed"
            transaction.set_rollback(True)
        assert shop.shows(product, photo)
        assert shop.secrets

    def holds(example: tuple[int, _Spoiling]) -> None:
        which, how = example
        shop = shops[which % len(shops)]
        shop.mouth.hush()
        product = shop.add()
        _spoils(shop, how)
        try:
            with transaction.atomic():
                made = _brought(cast.bob, shop, product, image, pictures)
                tries = [[each.problem, each.issues, each.exchanges] for each in made.attempts.all()]
                told = json.dumps([made.issues, made.note, made.remote_url, made.memory, tries])
                transaction.set_rollback(True)
        finally:
            shop.mouth.hush()
        assert not [each for each in shop.secrets if each in told], told
        assert made.lease_until is None
        if made.status == "confirmed":
            assert shop.shows(product, photo), (shop.marketplace, how)
        elif made.status != "submitted":
            assert made.issues, (shop.marketplace, how, made.status)

    assert search(st.tuples(st.integers(0, 3), _SPOILT), holds, effort=effort, few=20) >= 10
