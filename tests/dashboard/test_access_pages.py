"""Every page and action of the dashboard × anonymous, each role, somebody else's ids: what its route declares holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_PERMISSIONS, Permission, Role
from dashboard.access import declared_routes
from tests.support.cast import Cast

As = Callable[[Actor], Client]
_VALUES = {
    "uuid": "01900000-0000-7000-8000-00000000dead",
    "int": "320",
    "str": "pdf",
    "path": "1",
    "slug": "nothing-here",
}


def addresses(*kinds: str) -> list[tuple[str, Permission | None]]:
    """With values of the right kind that belong to nobody."""
    return [
        (re.sub(r"<(\w+):\w+>", lambda found: _VALUES[found[1]], f"/{route}"), access.permission)
        for route, _, access in declared_routes()
        if access and access.kind in kinds and not route.startswith("^")
    ]


def test_anonymous_visitors_are_asked_to_sign_in_everywhere(db: None) -> None:
    client = Client()
    found = addresses("member", "staff")
    assert len(found) > 60
    for path, _ in found:
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code in {302, 405}, path
            assert answer.status_code == 405 or answer["Location"].startswith("/accounts/login/"), path


def test_a_role_without_the_permission_is_refused_everywhere(cast: Cast, as_: As) -> None:
    for role in (Role.VIEWER, Role.EDITOR, Role.ADMIN):
        client = as_(cast.bob_as(role))
        for path, permission in addresses("member"):
            if permission is None or permission in ROLE_PERMISSIONS[role]:
                continue
            codes = {client.get(path).status_code, client.post(path).status_code}
            assert codes <= {403, 405}, (role, path, codes)
            assert 403 in codes, (role, path, codes)


def test_ids_of_others_are_not_found_and_never_an_error(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    for path, _ in addresses("member"):
        if _VALUES["uuid"] in path:
            codes = {client.get(path).status_code, client.post(path).status_code}
            assert codes <= {400, 404, 405}, (path, codes)
            assert codes & {400, 404}, (path, codes)


def test_operators_pages_do_not_exist_for_owners(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    for path, _ in addresses("staff"):
        assert client.get(path).status_code == 404, path
