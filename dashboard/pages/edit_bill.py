"""What pressing the edit page's button costs, or why it cannot be pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.price_words import too_dear
from accounts.queries.credits import balance
from processing.operations.base import Operation
from processing.operations.registry import price


@dataclass(frozen=True, slots=True)
class Bill:
    """`reason` is empty when it can be pressed; `metered` is off where credits are not counted."""

    cost: int
    left: int
    metered: bool
    reason: str


def bill(actor: Actor, operation: Operation[Any]) -> Bill:
    cost, left = price(operation.name, {}), balance(actor)
    metered = not settings.CREDITS_UNLIMITED
    reason = ""
    if not actor.may(Permission.IMAGES_WRITE):
        reason = gettext("Your role, {role}, may look but not edit. Ask an admin of {name}.").format(
            role=actor.role.label.lower(), name=actor.organization.name
        )
    elif metered and cost > left:
        reason = too_dear(cost, left)
    return Bill(cost, left, metered, reason)
