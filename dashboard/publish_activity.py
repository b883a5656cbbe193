"""The activity of publishing: which tries an address asks for, and how one stands in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from dashboard.listing import asked
from dashboard.publication_words import State, outcome_of, shop_kind, slot_words, task_words
from integrations.models import Publication, PublicationAttempt
from integrations.queries.publications import PublicationFilter, attempts


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One try, its publication and connection loaded."""

    row: PublicationAttempt

    @property
    def publication(self) -> Publication:
        return self.row.publication

    @property
    def place(self) -> str:
        return slot_words(self.publication.slot, self.publication.variant)

    @property
    def kind(self) -> str:
        return shop_kind(self.publication)

    @property
    def task(self) -> str:
        return task_words(self.row)

    @property
    def outcome(self) -> State:
        return outcome_of(self.row)

    @property
    def last(self) -> dict[str, Any]:
        """The last call to the shop; empty where there was none."""
        return self.row.exchanges[-1] if self.row.exchanges else {}

    @property
    def picture(self) -> str:
        """The address of a small picture of what was published."""
        publication = self.publication
        asset_id = publication.sent_image_id or publication.image_id
        return reverse("image_thumbnail", args=[asset_id, 96]) if asset_id else ""

    @property
    def issues(self) -> list[str]:
        return [each.get("detail", "") for each in self.row.issues]


@dataclass(frozen=True, slots=True)
class Activity:
    """`problem`: why everything is shown although something else was asked for."""

    typed: dict[str, str]
    rows: QuerySet[PublicationAttempt]
    problem: str = ""

    @property
    def filtered(self) -> bool:
        return any(self.typed.values())

    def address(self, route: str) -> str:
        """The same tries somewhere else."""
        return reverse(route, query={name: value for name, value in self.typed.items() if value})


def activity_of(request: HttpRequest, actor: Actor) -> Activity:
    typed = asked(request, "shop", "state", "find", "by", "run")
    wanted = PublicationFilter(
        connection=typed["shop"], state=typed["state"], product=typed["find"], actor=typed["by"], run=typed["run"]
    )
    try:
        return Activity(typed, attempts(actor, wanted))
    except InvalidInput as error:
        return Activity(typed, attempts(actor), error.detail)
