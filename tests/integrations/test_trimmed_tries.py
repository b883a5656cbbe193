"""Requests and answers of old tries go, the tries themselves stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from integrations.actions.publishing.trim import trim
from integrations.models import Publication, PublicationAttempt
from tests.support.cast import Cast
from tests.support.catalog import stocked

pytestmark = pytest.mark.django_db
CALLS = [{"request": "PUT /products/1", "status": 200, "answer": "{}", "milliseconds": 3}]


def test_only_old_ones_of_what_has_ended(cast: Cast, settings: Settings) -> None:
    settings.PUBLISH_LOG_DAYS = 30
    row = stocked(cast.bob)

    def tried(product: str, days: int, status: str = "confirmed") -> PublicationAttempt:
        made = Publication.unscoped.create(
            organization=cast.bob.organization, connection=row, product=product, slot="main", filename="mug.jpg",
            sha256="0" * 64, status=status,
        )  # fmt: skip
        one = PublicationAttempt.unscoped.create(
            organization=cast.bob.organization, publication=made, task="publish", number=1, exchanges=CALLS
        )
        PublicationAttempt.unscoped.filter(pk=one.pk).update(created_at=timezone.now() - timedelta(days=days))
        return one

    old, young, on_its_way = tried("1", 31), tried("2", 29), tried("3", 31, "submitted")
    for _ in range(2):
        trim()
        for one in (old, young, on_its_way):
            one.refresh_from_db()
        assert [(each.exchanges, each.trimmed) for each in (old, young, on_its_way)] == [
            ([], True), (CALLS, False), (CALLS, False),
        ]  # fmt: skip
    assert old.number == 1
