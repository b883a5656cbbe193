"""Which products show an image from here, and what it was judged: kept with the product, whatever happens to either."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.access.actor import Actor
from integrations.actions.publish import Wanted, publish, revert
from integrations.actions.publishing import settle
from integrations.actions.publishing.claim import claim
from integrations.actions.sync import start
from integrations.models import CatalogProduct, Connection, Publication
from integrations.publishing import Issue
from processing.actions.assets import save_upload
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import worked
from tests.support.shops import turns
from tests.support.verdicts import judged

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def shown(client: Client, state: str) -> int:
    """How many products the catalog has in that state."""
    page = client.get("/catalog/", {"state": state}, headers={"HX-Request": "true", "HX-Target": "catalog-list"})
    assert page.status_code == 200
    return page.content.decode().count('class="row-link"')


def test_it_is_there_from_the_confirmation_until_the_old_image_is_asked_back(
    cast: Cast, as_: SignIn, pictures: PictureHost, row: Connection
) -> None:
    client = as_(cast.victor)
    image = save_upload(cast.bob, data=product_photo(), name="mug.jpg")
    judged(image, cast.bob, "fail")
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", override_reason="It is meant so."))
    assert (shown(client, "ours"), shown(client, "fail")) == (0, 0)
    assert worked(made, pictures).status == "confirmed"
    assert (shown(client, "ours"), shown(client, "fail")) == (1, 1)
    # What another image of the product does is nothing to the main one, and no more is a dry run.
    further = save_upload(cast.bob, data=product_photo(2), name="further.jpg")
    judged(further, cast.bob, "pass")
    judged(further, cast.bob, "pass", key="woocommerce/additional")
    worked(publish(cast.bob, wanted=Wanted(further.pk, row.pk, "1", slot="2")), pictures)
    worked(publish(cast.bob, wanted=Wanted(further.pk, row.pk, "1", dry_run=True)), pictures)
    assert (shown(client, "ours"), shown(client, "fail")) == (1, 1)
    assert worked(publish(cast.bob, wanted=Wanted(further.pk, row.pk, "1")), pictures).status == "confirmed"
    assert (shown(client, "ours"), shown(client, "fail")) == (1, 0)
    last = Publication.unscoped.filter(slot="main", dry_run=False).latest("pk")
    revert(cast.bob, publication_id=last.pk)
    assert (shown(client, "ours"), shown(client, "fail")) == (1, 1), "the one before is the last again"
    taken = claim(last.pk)
    assert taken is not None
    settle.fail(taken, Issue("shop_away", "The shop does not answer."))
    assert (shown(client, "ours"), shown(client, "fail")) == (1, 0), "it could not be put back"


def test_a_product_that_comes_back_and_what_was_there_before_the_column(
    cast: Cast, as_: SignIn, pictures: PictureHost, row: Connection
) -> None:
    client = as_(cast.victor)
    image = save_upload(cast.bob, data=product_photo(), name="mug.jpg")
    judged(image, cast.bob, "pass")
    for product in ("1", "2"):
        worked(publish(cast.bob, wanted=Wanted(image.pk, row.pk, product)), pictures)
    assert shown(client, "ours") == 2
    CatalogProduct.unscoped.filter(remote_id="1").delete()
    assert shown(client, "ours") == 1
    turns(start(cast.bob, connection_id=row.pk, everything=True))
    assert shown(client, "ours") == 2
    CatalogProduct.unscoped.update(ours="")
    assert shown(client, "ours") == 0
    import_module("integrations.migrations.0016_product_ours_filled").fill(apps, connection.schema_editor())
    assert shown(client, "ours") == 2
    assert set(CatalogProduct.unscoped.values_list("ours", flat=True)) == {"pass"}
