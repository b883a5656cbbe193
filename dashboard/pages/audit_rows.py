"""Entries of the audit log as a page or a CSV shows them, and what the address asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from accounts.queries.audit import audit_log
from dashboard.audit_words import words_for
from dashboard.day_range import DayRange, day_range_of
from dashboard.listing import asked

# Where an entry names what it is about.
_NAMES = ("name", "title", "email", "prefix", "url")
_PLACES = {
    "session": gettext_noop("Browser"),
    "command": gettext_noop("Operator's command"),
    "delivery": gettext_noop("By itself"),
    "check": gettext_noop("By itself"),
    "review link": gettext_noop("Review link"),
}


@dataclass(frozen=True, slots=True)
class AuditFilters:
    typed: dict[str, str]
    days: DayRange

    def entries(self, actor: Actor) -> QuerySet[AuditEntry]:
        return audit_log(
            actor, who=self.typed["who"], action=self.typed["action"], since=self.days.since, until=self.days.until
        )

    def address(self, route: str) -> str:
        """The same entries somewhere else."""
        return reverse(route, query={name: value for name, value in (self.typed | self.days.typed).items() if value})


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was (None: not said) and what it is."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    entry: AuditEntry

    @property
    def words(self) -> str:
        return words_for(self.entry.action)

    @property
    def target(self) -> str:
        """What it was done to: by its name where the entry knows one."""
        details = self.entry.details
        return next((str(details[name]) for name in _NAMES if details.get(name)), "")

    @property
    def kind(self) -> str:
        return self.entry.target_kind.replace("_", " ")

    @property
    def who(self) -> str:
        return self.entry.user.display_name if self.entry.user else ""

    @property
    def place(self) -> str:
        """The credential in words, empty for an API key."""
        place = _PLACES.get(self.entry.credential)
        return gettext(place) if place else ""

    @property
    def changes(self) -> list[Change]:
        return list(_changes(self.entry.details))


def filters_of(request: HttpRequest) -> AuditFilters:
    return AuditFilters(typed=asked(request, "who", "action"), days=day_range_of(request))


def _changes(details: dict[str, Any]) -> Iterator[Change]:
    before, after = _fields(details.get("before")), _fields(details.get("after"))
    for field in dict.fromkeys((*before, *after)):
        yield Change(_words(field), _text(before.get(field)), _text(after.get(field)))
    for field, value in details.items():
        if field not in {"before", "after"}:
            yield Change(_words(field), None, _text(value))


def _fields(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {} if value is None else {"value": value}


def _words(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _text(value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(inner)}" for name, inner in value.items()) or "none"
    return str(value)
