"""A person's own settings."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.actions import audit
from accounts.kit.errors import InvalidInput
from accounts.models import User


@transaction.atomic
def edit_profile(actor: Actor, *, name: str, time_zone: str, language: str | None = None) -> User:
    """`time_zone`: a name such as Europe/Berlin; `language`: a code such as de, None leaves it as it is.

    Empty: that of the browser.
    """
    user = _person(actor)
    name = " ".join(name.split())
    if len(name) > 150:
        raise InvalidInput(gettext("Use a name of at most 150 characters."), field="name")
    if time_zone and time_zone not in zoneinfo.available_timezones():
        raise InvalidInput(gettext("Choose one of the time zones, or none."), field="time_zone")
    language = user.language if language is None else language
    if language and language not in dict(settings.LANGUAGES):
        raise InvalidInput(gettext("Choose one of the languages, or none."), field="language")
    before = {"name": user.name, "time_zone": user.time_zone, "language": user.language}
    after = {"name": name, "time_zone": time_zone, "language": language}
    changed = [field for field in before if before[field] != after[field]]
    if changed:
        user.name, user.time_zone, user.language = name, time_zone, language
        user.save(update_fields=changed)
        audit.record(
            actor,
            "profile.changed",
            target_kind="person",
            target_id=user.pk,
            details={
                "email": user.email,
                "before": {field: before[field] for field in changed},
                "after": {field: after[field] for field in changed},
            },
        )
    return user


@transaction.atomic
def end_sessions(actor: Actor) -> User:
    """Every session of the person is worth nothing from now on; the caller keeps the one at hand alive."""
    user = _person(actor)
    user.session_generation += 1
    user.save(update_fields=["session_generation"])
    audit.record(actor, "sessions.ended", target_kind="person", target_id=user.pk, details={"email": user.email})
    return user


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise ValueError("only a person has a profile")
    return User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
