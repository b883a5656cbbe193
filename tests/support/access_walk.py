"""Asks every address as everybody, and undoes what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Permission, Role
from accounts.actions.api_keys import create_api_key
from accounts.models import Membership, User
from dashboard.access import declared_routes
from tests.support.cast import Cast, user
from tests.support.signing_in import just_signed_in

TABLE = Path(__file__).resolve().parents[1] / "dashboard" / "access_table.txt"
_ID = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Row:
    """`who`: everyone, signing-in, signed-in, member, staff, a permission of members, or `key` and a scope."""

    method: str
    route: str
    who: str

    @property
    def scope(self) -> str:
        """Of a call of the API; empty for a page."""
        return self.who.removeprefix("key ") if self.who.startswith("key ") else ""

    @property
    def permission(self) -> Permission | None:
        """What a member needs."""
        return Permission(self.who) if ":" in self.who and not self.scope else None

    @property
    def names(self) -> list[str]:
        """Of what its address names, such as job_id."""
        return [found[2] for found in _ID.finditer(self.route)]


def table() -> list[Row]:
    rows: list[Row] = []
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            methods, route, who = re.split(r"\s{2,}", line.strip())
            rows += [Row(method, route, who) for method in methods.split()]
    return rows


def routes() -> dict[str, list[str]]:
    """Every address with the methods to ask it by: those of its calls of the API, GET and POST of a page. What it
    declares about who may use it is left aside. The operators' admin is one address."""
    found: dict[str, list[str]] = {}
    for path, methods, _ in declared_routes():
        route = _readable(path)
        if not methods or not set(methods.split(",")) <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}:
            methods = "GET,POST"  # what stands there is the name of a page
        known = found.setdefault(route, [])
        known += [method for method in methods.split(",") if method not in known]
    return found


def _readable(path: str) -> str:
    if path.startswith("admin/"):
        return "/admin/…"
    if path == "^(?:api|v1|v3)/":
        return "/(api|v1|v3)/…"
    return "/" + re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", path).translate({ord("^"): None, ord("$"): None}).replace(
        "uuidstr:", "uuid:"
    )


def address(route: str, ids: dict[str, str]) -> str:
    """With ids of rows that are there."""
    if route == "/(api|v1|v3)/…":
        return "/api/nothing"
    return _ID.sub(lambda found: ids.get(f"{found[1]}:{found[2]}") or ids[found[2]], route)


class Caller:
    """A browser, or a program with a key; each request begins as the first one did, and changes nothing."""

    def __init__(self, person: User | None = None, key: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.key = key
        if person:
            self.client.force_login(person)
            just_signed_in(self.client, person)
        self._cookies = self.client.cookies.output(header="", sep=";")

    def ask(self, method: str, path: str) -> Any:
        self.client.cookies = SimpleCookie(self._cookies)
        headers = {}
        if self.key:
            headers = {"Authorization": f"Token {self.key}"} if path.startswith("/v3/") else {"x-api-key": self.key}
        with transaction.atomic():
            answer = self.client.generic(method, path, headers=headers)
            transaction.set_rollback(True)
        return answer


@dataclass(frozen=True)
class Callers:
    nobody: Caller
    homeless: Caller
    stranger: Caller
    operator: Caller
    roles: dict[Role, Caller]
    actors: dict[Role, Actor]


def people(cast: Cast) -> Callers:
    """`homeless`: signed in, a member of nothing. `stranger`: the owner of another organization."""
    admin = user("anna")
    Membership.unscoped.create(organization=cast.alice.organization, user=admin, role=Role.ADMIN)
    operator = user("oscar")
    User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True)
    Membership.unscoped.create(organization=cast.charlie.organization, user=operator, role=Role.VIEWER)
    actors = {
        Role.VIEWER: cast.victor,
        Role.EDITOR: cast.bob,
        Role.ADMIN: member_actor(admin, cast.alice.organization, Role.ADMIN),
        Role.OWNER: cast.alice,
    }
    return Callers(
        nobody=Caller(),
        homeless=Caller(user("nora")),
        stranger=Caller(cast.charlie.user),
        operator=Caller(User.objects.get(pk=operator.pk)),
        roles={role: Caller(actor.user) for role, actor in actors.items()},
        actors=actors,
    )


def program(actor: Actor, *scopes: str, sandbox: bool = False) -> Caller:
    return Caller(key=create_api_key(actor, name="Walk", scopes=list(scopes), sandbox=sandbox)[1])
