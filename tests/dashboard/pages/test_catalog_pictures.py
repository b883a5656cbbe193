"""Pictures of the catalog: fetched once by us, kept, and never asked for again and again where a shop fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from accounts.access.actor import Actor
from integrations.actions import catalog_pictures
from integrations.actions.catalog_pictures import remove
from integrations.actions.connections import disconnect
from integrations.models import CatalogImage, CatalogPicture
from tests.support.cast import Cast
from tests.support.catalog import product, stocked
from tests.support.photos import product_photo
from tests.support.remote import Remote, remote, says, whole

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def host(settings: Settings) -> Iterator[Remote]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with remote(says(whole(product_photo(1)))) as running:
        yield running


def address(image: CatalogImage | None = None) -> str:
    return f"/catalog/pictures/{(image or CatalogImage.unscoped.get()).pk}.webp"


def test_a_picture_is_fetched_once_and_stays_small(cast: Cast, as_: SignIn, host: Remote) -> None:
    row = stocked(cast.bob, product(1, "MUG", images=(host.url("/big.jpg"),)))
    client = as_(cast.victor)
    page = client.get("/catalog/").content.decode()
    assert address() in page
    assert host.url() not in page
    assert not host.seen
    first, second = client.get(address()), client.get(address())
    assert (first.status_code, first["Content-Type"]) == (200, "image/webp")
    assert first["Cache-Control"] == "private, max-age=86400, immutable"
    assert first.content == second.content
    assert len(first.content) < 40_000
    assert host.paths == ["/big.jpg"]
    kept = CatalogPicture.unscoped.get()
    assert default_storage.exists(kept.path)
    assert as_(cast.charlie).get(address()).status_code == 404
    remove(row.pk)
    assert not default_storage.exists(kept.path)
    assert not CatalogPicture.unscoped.exists()


def test_a_disconnected_shop_leaves_no_pictures(
    cast: Cast, as_: SignIn, host: Remote, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = stocked(cast.bob, product(1, images=(host.url("/a.jpg"),)))
    as_(cast.bob).get(address())
    with django_capture_on_commit_callbacks() as callbacks:
        disconnect(cast.bob, connection_id=row.pk)
    assert len(callbacks) >= 1
    assert not CatalogImage.unscoped.exists()


def test_somebodys_own_shop_shows_its_pictures_to_nobody_else(cast: Cast, as_: SignIn, host: Remote) -> None:
    stocked(cast.bob, product(1, images=(host.url("/a.jpg"),)), shared=False)
    assert as_(cast.victor).get(address()).status_code == 404
    assert not host.seen
    assert as_(cast.bob).get("/catalog/pictures/999999.webp").status_code == 404


def test_a_shop_that_fails_is_not_asked_again_at_once(cast: Cast, as_: SignIn, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with remote(says(whole(b"<html>", status="404 Not Found"))) as gone:
        stocked(cast.bob, product(1, images=(gone.url("/a.jpg"),)))
        client = as_(cast.bob)
        for _ in range(3):
            shown = client.get(address())
            assert (shown.status_code, shown["Content-Type"]) == (200, "image/svg+xml")
        assert len(gone.seen) == 1
        CatalogPicture.unscoped.update(not_before=timezone.now() - timedelta(seconds=1))
        client.get(address())
        assert len(gone.seen) == 2
        picture = CatalogPicture.unscoped.get()
        assert (picture.failures, picture.fetched_at) == (2, None)
        assert picture.not_before > timezone.now() + timedelta(minutes=50)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/a.jpg", "http://10.0.0.1/a.jpg", "file:///etc/passwd", "nonsense", ""]
)
def test_addresses_of_the_inside_are_never_asked(cast: Cast, as_: SignIn, url: str) -> None:
    stocked(cast.bob, product(1, images=(url,)))
    assert as_(cast.bob).get(address())["Content-Type"] == "image/svg+xml"


def test_what_is_no_picture_is_not_shown(cast: Cast, as_: SignIn, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with remote(says(whole(b"<script>alert(1)</script>"))) as odd:
        stocked(cast.bob, product(1, images=(odd.url("/a.jpg"),)))
        shown = as_(cast.bob).get(address())
        assert shown["Content-Type"] == "image/svg+xml"
        assert b"alert" not in shown.content


def test_an_old_copy_is_fetched_again(cast: Cast, as_: SignIn, host: Remote) -> None:
    stocked(cast.bob, product(1, images=(host.url("/a.jpg"),)))
    client = as_(cast.bob)
    first = client.get(address()).content
    CatalogPicture.unscoped.update(fetched_at=timezone.now() - timedelta(days=31))
    assert client.get(address()).content == first
    assert len(host.seen) == 2


def test_an_old_copy_serves_while_the_shop_fails(cast: Cast, as_: SignIn, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    photo = whole(product_photo(1))
    answers = [photo, whole(b"", status="503 Service Unavailable")]
    with remote(lambda connection, head: connection.sendall(answers.pop(0))) as shop:
        stocked(cast.bob, product(1, images=(shop.url("/a.jpg"),)))
        client = as_(cast.bob)
        first = client.get(address()).content
        CatalogPicture.unscoped.update(fetched_at=timezone.now() - timedelta(days=31))
        assert client.get(address()).content == client.get(address()).content == first
        assert len(shop.seen) == 2


def test_few_are_fetched_at_once_and_the_others_are_told_to_wait(cast: Cast, as_: SignIn, host: Remote) -> None:
    stocked(cast.bob, product(1, images=(host.url("/a.jpg"),)))
    client = as_(cast.bob)
    taken = 0
    while catalog_pictures._slots.acquire(blocking=False):
        taken += 1
    try:
        waits = client.get(address())
        assert (waits.status_code, waits["Retry-After"]) == (503, "1")
        assert "no-store" in waits["Cache-Control"]
        assert not host.seen
    finally:
        for _ in range(taken):
            catalog_pictures._slots.release()
    assert client.get(address()).status_code == 200
