"""What a connection's form asks for, checked as far as it can be without asking the shop."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from accounts.models import Team
from integrations.base import Marketplace
from integrations.models import Connection
from integrations.queries import connections as queries

_LONGEST_NAME = 100
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
LEAST_CALLS, MOST_CALLS = 10, 6000
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form holds. An empty credential of an existing connection stands for the stored one.

    `quiet_from`, `quiet_until`, `nightly_at`: "HH:MM" by the organization's clock; the first two both or neither.
    `remove_after_days`: after which replaced images of ours are removed from the shop; None: never.
    """

    name: str
    address: str
    credentials: Mapping[str, str]
    shared: bool = False
    calls_per_minute: int | None = None
    team_id: uuid.UUID | None = None
    quiet_from: str = ""
    quiet_until: str = ""
    nightly: bool = True
    nightly_at: str = "03:00"
    remove_after_days: int | None = None


def name_of(wanted: Wanted, otherwise: str) -> str:
    name = " ".join(wanted.name.split()) or otherwise
    if not name or not name.isprintable():
        raise InvalidInput(gettext("Give it a name by which you tell it from others."), field="name")
    return name[:_LONGEST_NAME]


def pace_of(wanted: Wanted, otherwise: int) -> int:
    pace = wanted.calls_per_minute if wanted.calls_per_minute is not None else otherwise
    if not LEAST_CALLS <= pace <= MOST_CALLS:
        raise InvalidInput(
            gettext("Choose {least_calls} to {most_calls:,} calls a minute.").format(
                least_calls=LEAST_CALLS, most_calls=MOST_CALLS
            ),
            field="calls_per_minute",
        )
    return pace


def team_of(actor: Actor, wanted: Wanted, row: Connection | None) -> Team | None:
    """One of the actor's own, any for who manages the members, and the one that it is shared with already."""
    if wanted.team_id is None or wanted.shared:
        return None
    found = queries.teams_to_share_with(actor, row).filter(pk=wanted.team_id).first()
    if found is None:
        raise InvalidInput(gettext("Choose one of your teams."), field="sharing")
    return found


def check_times(wanted: Wanted) -> None:
    for field in ("quiet_from", "quiet_until", "nightly_at"):
        text = getattr(wanted, field)
        if text and not _TIME.fullmatch(text):
            raise InvalidInput(gettext("Type a time of the day, such as 22:30."), field=field)
    if bool(wanted.quiet_from) != bool(wanted.quiet_until):
        missing = "quiet_until" if wanted.quiet_from else "quiet_from"
        raise InvalidInput(gettext("Quiet hours need a beginning and an end."), field=missing)
    if wanted.quiet_from and wanted.quiet_from == wanted.quiet_until:
        raise InvalidInput(gettext("Choose another end: the shop would never be asked."), field="quiet_until")
    if not wanted.nightly_at:
        raise InvalidInput(gettext("Type a time of the day, such as 03:00."), field="nightly_at")


def check_removal(kind: Marketplace, wanted: Wanted) -> None:
    if wanted.remove_after_days is None:
        return
    if not kind.publisher.files_stay:
        raise InvalidInput(gettext("Replaced images do not stay in this kind of shop."), field="remove_after_days")
    if not 1 <= wanted.remove_after_days <= MOST_DAYS:
        raise InvalidInput(
            gettext("Choose 1 to {most_days:,} days.").format(most_days=MOST_DAYS), field="remove_after_days"
        )
