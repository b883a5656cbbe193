"""The room that an organization's plan leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict
from accounts.models import Plan

What = Literal["members", "api_keys", "connections"]
_WORDS: dict[What, tuple[str, str]] = {
    "members": ("member", "members, with those who are invited"),
    "api_keys": ("API key that works", "API keys that work"),
    "connections": ("connected shop", "connected shops"),
}


def refuse_beyond_plan(actor: Actor, what: What, *, count: Callable[[], int], more: int = 1) -> None:
    """Raises Conflict where the plan has no room for `more`. `count` says how many are there, and is asked
    only where there is a limit. The caller holds what keeps it true."""
    plan = Plan.objects.filter(organization=actor.organization.pk).first()
    most: int | None = getattr(plan, what) if plan else None
    if plan is None or most is None or (there := count()) + more <= most:
        return
    words = _WORDS[what][0 if most == 1 else 1]
    raise Conflict(
        gettext(
            "The plan {name} has room for {most:,} {words}, and {there:,} are there. Ask for a larger plan."
        ).format(name=plan.name, most=most, words=words, there=there)
    )
