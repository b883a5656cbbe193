"""What tests of the Studio do: photos on the strip, the form as the page shows it, changes, processing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.access.actor import Actor
from processing.actions.studio import add_photo
from processing.models import StudioPhoto
from tests.support.photos import product_photo

As = Callable[[Actor], Client]
HTMX = {"HX-Request": "true"}


def put(actor: Actor, count: int) -> list[StudioPhoto]:
    return [add_photo(actor, data=product_photo(seed), name=f"cup-{seed}.jpg") for seed in range(count)]


def send(client: Client, data: bytes, name: str = "cup.jpg", **fields: str) -> Any:
    return client.post("/studio/photos/", {"image": SimpleUploadedFile(name, data), **fields}, headers=HTMX)


def form(client: Client, **changes: object) -> dict[str, Any]:
    """The form as the page shows it, with changes."""
    choices = client.get("/studio/").context["choices"]
    shown = {"preset": choices.preset, "shown_preset": choices.preset, "label": choices.label}
    whole: dict[str, Any] = shown | choices.values | changes
    return whole


def change(client: Client, **changes: object) -> Any:
    return client.post("/studio/settings/", form(client, **changes), headers=HTMX)


def process(client: Client, **changes: object) -> Any:
    return client.post("/studio/process/", form(client, **changes), headers=HTMX)


def error_of(answer: Any, field: str) -> str:
    """What stands beside a field of the form."""
    slot = re.search(rf'id="error-{field}".*?</div>', answer.content.decode(), re.DOTALL)
    assert slot is not None
    return " ".join(re.sub(r"<[^>]*>", "", slot[0].partition(">")[2]).split())
