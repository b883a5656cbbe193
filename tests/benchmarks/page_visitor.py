"""The owner of a measured organization: their session and key, and what pages cost: queries and processor time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.access.actor import member_actor
from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.models import Membership, User
from tests.benchmarks.page_addresses import is_call

_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor, which hardly depend on who else works on the machine. `database`: of the connection's
    own process; None where that is on another machine."""

    queries: int
    web: float
    database: float | None


class Visitor:
    """Signed in, and an operator: the system page is a page too."""

    def __init__(self, email: str) -> None:
        User.objects.filter(email=email).update(is_staff=True, is_superuser=True)
        user = User.objects.get(email=email)
        membership = Membership.unscoped.select_related("organization").get(user=user)
        self.actor = member_actor(user, membership.organization, Role.OWNER)
        self.key = create_api_key(self.actor, name="Measuring", scopes=["*"])[1]
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        self.client.force_login(user)

    def headers(self, path: str) -> dict[str, str]:
        if is_call(path):
            return self._credentials(path)
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}

    def cost(self, path: str) -> Cost:
        """Of later calls: the first one fills caches."""
        self.ask(path)
        web, database = [], []
        for _ in range(_LOOKS):
            began, began_there = time.thread_time(), _database_seconds()
            self.ask(path)
            web.append(time.thread_time() - began)
            database.append(None if began_there is None else (_database_seconds() or 0) - began_there)
        measured = [seconds for seconds in database if seconds is not None]
        return Cost(
            self.queries(path),
            round(1000 * median(web), 1),
            round(1000 * median(measured), 1) if measured else None,
        )

    def ask(self, path: str) -> int:
        """The answer's status."""
        answer: Any = self.client.get(path, headers=self._credentials(path) if is_call(path) else {})
        _ = answer.getvalue() if answer.streaming else answer.content
        return int(answer.status_code)

    def _credentials(self, path: str) -> dict[str, str]:
        return {"Authorization": f"Token {self.key}"} if path.startswith("/v3/") else {"x-api-key": self.key}

    def queries(self, path: str) -> int:
        count = 0

        def counted(execute: Any, *query: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*query)

        with connection.execute_wrapper(counted):
            self.ask(path)
        return count


def _database_seconds() -> float | None:
    """Of processor, by the process behind this connection."""
    connection.ensure_connection()
    own: Any = connection.connection
    try:
        return int(Path(f"/proc/{own.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return None
