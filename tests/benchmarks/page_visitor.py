"""The owner of a measured organization: their session and key, and how many queries their pages ask."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.access.actor import member_actor
from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.models import Membership, User


class Visitor:
    """Signed in, and an operator: the system page is a page too."""

    def __init__(self, email: str) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        User.objects.filter(email=email).update(is_staff=True)
        user = User.objects.get(email=email)
        membership = Membership.unscoped.select_related("organization").get(user=user)
        self.actor = member_actor(user, membership.organization, Role.OWNER)
        self.key = create_api_key(self.actor, name="Measuring", scopes=["*"])[1]
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)

    def headers(self, path: str) -> dict[str, str]:
        if path.startswith("/api/"):
            return {"x-api-key": self.key}
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}

    def queries(self, path: str) -> int:
        """Of the second call: the first one fills caches."""
        self._ask(path)
        count = 0

        def counted(execute: Any, *query: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*query)

        with connection.execute_wrapper(counted):
            self._ask(path)
        return count

    def _ask(self, path: str) -> None:
        self.client.get(path, headers={"x-api-key": self.key} if path.startswith("/api/") else {})
