"""The demo organization of a first start."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction

from accounts.access.permissions import ALL_SCOPES
from accounts.actions.api_keys import create_api_key
from accounts.actions.organizations import create_organization
from dashboard.sign_up import create_confirmed_user


@dataclass(frozen=True, slots=True)
class Demo:
    email: str
    password: str
    api_key: str


@transaction.atomic
def make_demo_organization() -> Demo:
    """A person who owns a demo organization and runs this installation (staff), with a live key."""
    password = secrets.token_urlsafe(9)
    user = create_confirmed_user("demo@example.com", password, name="Demo")
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    actor = create_organization(user, name="Demo shop", credit_grant=1000, is_demo=True)
    _, key = create_api_key(actor, name="Demo key", scopes=[ALL_SCOPES])
    return Demo(email=user.email, password=password, api_key=key)
