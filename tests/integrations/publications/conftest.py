"""A shop with two products, and an image on its way to the first one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integrations.actions.publish import Wanted, publish
from integrations.models import Connection, Publication
from processing.actions.assets import save_upload
from processing.models import Asset
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.shops import synced_with
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import Shop, shop


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        running.add(1, images=2, variants=2)
        running.add(2, images=1)
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    return synced_with(peer, cast.bob)


@pytest.fixture
def image(cast: Cast) -> Asset:
    image = save_upload(cast.bob, data=product_photo(), name="mug.jpg")
    judged(image, cast.bob, "pass")
    judged(image, cast.bob, "pass", key="woocommerce/additional")
    return image


@pytest.fixture
def wanted(row: Connection, image: Asset) -> Wanted:
    return Wanted(image_id=image.pk, connection_id=row.pk, product="1")


@pytest.fixture
def made(cast: Cast, wanted: Wanted) -> Publication:
    return publish(cast.bob, wanted=wanted)
