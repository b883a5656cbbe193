"""Entries of the ledger in the words of a page or a CSV: what each was for, and who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.models import LedgerEntry
from dashboard.pages.jobs import TITLES
from processing.models import Job

_Kind = LedgerEntry.Kind


@dataclass(frozen=True, slots=True)
class LedgerRow:
    entry: LedgerEntry
    job: Job | None

    @property
    def words(self) -> str:
        """What the entry is for."""
        entry = self.entry
        if entry.kind == _Kind.GRANT:
            return entry.note or gettext("Credits added")
        if entry.kind == _Kind.EXPIRY:
            return entry.note
        if self.job is None:
            return gettext("A job that is gone")
        return self.job.preset_label or gettext(TITLES.get(self.job.operation, self.job.operation))

    @property
    def note(self) -> str:
        """The operation, where the words are a label, and how many photos."""
        if self.job is None:
            return ""
        title = gettext(TITLES.get(self.job.operation, self.job.operation)) if self.job.preset_label else ""
        photos = (
            gettext("{image_count:,} photos").format(image_count=self.job.image_count)
            if self.job.image_count > 1
            else ""
        )
        return " · ".join(word for word in (title, photos) if word)

    @property
    def taken(self) -> int:
        """The amount without its sign."""
        return abs(self.entry.amount)

    @property
    def who(self) -> str:
        """The key's prefix, else the person's address."""
        if self.job is None:
            return ""
        if self.job.api_key:
            return self.job.api_key.prefix
        return self.job.created_by.email if self.job.created_by else ""


def ledger_rows(actor: Actor, entries: Sequence[LedgerEntry]) -> list[LedgerRow]:
    """With their jobs, in one query."""
    wanted = {entry.job_id for entry in entries if entry.job_id}
    jobs = Job.objects.of(actor).select_related("api_key", "created_by").in_bulk(wanted) if wanted else {}
    return [LedgerRow(entry, jobs.get(entry.job_id) if entry.job_id else None) for entry in entries]
