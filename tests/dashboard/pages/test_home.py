from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.access.actor import Actor
from processing.actions.assets import save_upload
from processing.actions.claim import claim_next
from processing.actions.finish import fail
from processing.actions.submit import Request, submit
from tests.support.cast import Cast
from tests.support.photos import product_photo

As = Callable[[Actor], Client]


def test_signed_out_it_says_what_it_is(client: Client, db: None) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "/accounts/login/" in page.content.decode()


def test_a_new_organization_sees_three_steps(cast: Cast, as_: As) -> None:
    page = as_(cast.alice).get("/").content.decode()
    assert "Three steps" in page


def test_what_failed_needs_me(cast: Cast, as_: As) -> None:
    source = save_upload(cast.alice, data=product_photo(), name="a.jpg")
    job = submit(cast.alice, Request(sources=[source], preset_label="Shoes"))
    claim = claim_next("w")
    assert claim is not None
    fail(claim, code="no_subject", detail="No product was found in this photo.")
    page = as_(cast.alice).get("/").content.decode()
    assert "Shoes failed" in page
    assert f"/jobs/{job.pk}/" in page
    assert "Shoes failed" not in as_(cast.charlie).get("/").content.decode()
