"""The log of one try: what was called, what was answered, how long it took and how it ended."""

from __future__ import annotations

import time
from typing import Any

from integrations.actions.publishing.stored import exchange_to_json
from integrations.base import Exchange
from integrations.models import Publication, PublicationAttempt

_MOST = 60
LOST = "lost"


class Try:
    """Its row is there from the beginning, so that one that never ended is seen too."""

    def __init__(self, row: Publication) -> None:
        restoring = row.task == Publication.Task.RESTORE
        earlier = PublicationAttempt.unscoped.filter(publication=row, outcome="")
        earlier.update(outcome=LOST, problem="The worker ended before this try did. It was taken up again.")
        self._exchanges: list[dict[str, Any]] = []
        self._began = time.monotonic()
        self._row = PublicationAttempt.unscoped.create(
            organization_id=row.organization_id,
            publication=row,
            task="preview" if row.dry_run else row.task,
            number=row.attempt,
            actor_id=row.reverted_by_id if restoring else row.created_by_id,
            api_key_id=row.reverted_key_id if restoring else row.api_key_id,
        )

    def note(self, exchange: Exchange) -> None:
        """For `Account.after_call`."""
        if len(self._exchanges) < _MOST:
            self._exchanges.append(exchange_to_json(exchange))

    def end(self, row: Publication) -> None:
        issues = row.issues
        self._row.exchanges, self._row.issues = self._exchanges, issues
        self._row.outcome = row.status if row.lease_until is None else LOST
        self._row.problem = issues[0]["detail"][:500] if issues else ""
        self._row.milliseconds = round((time.monotonic() - self._began) * 1000)
        self._row.save(update_fields=["exchanges", "issues", "outcome", "problem", "milliseconds"])
