"""Markup in every text that people, programs and shops can store is shown as text on every page that shows it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from accounts.access.permissions import Role
from accounts.models.owned import Owned
from tests.support.access_walk import address, people, table
from tests.support.cast import make_cast
from tests.support.one_of_each import one_of_each

MARKUP = "<img src=x onerror=alert(1)>\"'</script>{{7*7}}"
# Texts that somebody chooses or a shop sends; the other columns are names of ours, addresses, hashes and secrets.
TEXTS = {
    "name", "title", "message", "comment", "text", "label", "preset_label", "filename", "note", "stopped_because",
    "alt", "done_by", "answered_by", "disabled_reason", "reason", "trouble", "override_reason", "words",
    "engine", "problem", "body", "answer", "masked", "remote_id",
}  # fmt: skip


def poison() -> int:
    """How many columns hold markup now."""
    columns = 0
    for model in apps.get_models():
        if not (issubclass(model, Owned) or model.__name__ in {"User", "Organization", "Notice"}):
            continue
        for field in model._meta.concrete_fields:
            room = field.max_length or 1000
            if field.name not in TEXTS or field.choices or not isinstance(field, models.CharField | models.TextField):
                continue
            if room >= len(MARKUP) and not field.unique and model.__name__ not in {"ApiKey", "WebhookEvent"}:
                columns += 1
                for row in model._base_manager.all():
                    # Some are unique within something: the number keeps them apart.
                    model._base_manager.filter(pk=row.pk).update(**{field.name: f"{MARKUP}{row.pk}"[:room]})
    return columns


@pytest.mark.django_db
def test_markup_is_text_on_every_page() -> None:
    cast = make_cast()
    ids = one_of_each(cast.alice, cast.bob)
    owner = people(cast).roles[Role.OWNER]
    assert poison() > 20
    shown, raw = 0, []
    for row in table():
        if row.method != "GET" or row.scope or row.route.startswith(("/admin", "/accounts", "/docs", "/api")):
            continue
        answer = owner.ask("GET", address(row.route, ids))
        if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
            continue
        body = answer.content.decode()
        assert answer.status_code != 500, row.route
        shown += "&lt;img src=x onerror" in body
        if "<img src=x onerror" in body or "\"'</script>" in body or 'onerror=alert(1)>"' in body:
            raw.append(row.route)
    assert not raw
    assert shown > 15
