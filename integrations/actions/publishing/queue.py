"""Sending publications to the workers."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.kit import tasks
from integrations.models import Publication


def send_after_commit(row: Publication) -> None:
    transaction.on_commit(lambda: send(row.pk))


def send(publication_id: uuid.UUID) -> None:
    tasks.send("integrations.publication", str(publication_id), queue="io")
