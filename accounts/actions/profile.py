"""A person's own settings."""

from __future__ import annotations

import zoneinfo

from django.db import transaction

from accounts.access.actor import Actor
from accounts.actions import audit
from accounts.kit.errors import InvalidInput
from accounts.models import User


@transaction.atomic
def edit_profile(actor: Actor, *, name: str, time_zone: str) -> User:
    """`time_zone`: a name such as Europe/Berlin; empty: that of the browser."""
    user = _person(actor)
    name = " ".join(name.split())
    if len(name) > 150:
        raise InvalidInput("Use a name of at most 150 characters.", field="name")
    if time_zone and time_zone not in zoneinfo.available_timezones():
        raise InvalidInput("Choose one of the time zones, or none.", field="time_zone")
    before = {"name": user.name, "time_zone": user.time_zone}
    after = {"name": name, "time_zone": time_zone}
    changed = [field for field in before if before[field] != after[field]]
    if changed:
        user.name, user.time_zone = name, time_zone
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
