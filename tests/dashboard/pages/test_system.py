from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.access.actor import Actor
from tests.support.cast import Cast


def test_for_operators_alone(cast: Cast, as_: Callable[[Actor], Client], client: Client) -> None:
    assert client.get("/system/").status_code == 302
    assert as_(cast.alice).get("/system/").status_code == 404
    assert cast.alice.user is not None
    cast.alice.user.is_staff = True
    cast.alice.user.save(update_fields=["is_staff"])
    page = as_(cast.alice).get("/system/").content.decode()
    assert "No worker is ready." in page
    assert "onnxruntime" in page
