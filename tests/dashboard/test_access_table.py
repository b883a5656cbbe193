"""Every page, action and call × everybody: the real answers are those of access_table.txt, which is written by hand and
knows nothing of what the routes declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import ROLE_PERMISSIONS, SCOPES, Permission, Role
from tests.support.access_walk import Caller, Row, address, people, program, routes, table
from tests.support.cast import make_cast
from tests.support.one_of_each import one_of_each

# From the narrowest: each may all that those before it may (asked below).
ROLES = (Role.VIEWER, Role.EDITOR, Role.ADMIN, Role.OWNER)
WORDS = {"everyone", "signing-in", "signed-in", "member", "staff"}
# Their ids would have to belong together, or to be made on the way: even the owner finds nothing.
NOT_EVEN_OWN = {
    "GET /studio/preview/<uuid:job_id>/",
    "GET /library/<uuid:image_id>/cut/preview/<uuid:job_id>/",
    "GET /library/<uuid:image_id>/edit/preview/<uuid:job_id>/",
    "POST /library/<uuid:image_id>/edit/<slug:operation>/preview/",
    "POST /compliance/<uuid:check_id>/fix/",
    "GET /compliance/<uuid:check_id>/evidence.<str:form>",
    "POST /catalog/check/",
    "GET /integrations/connect/<slug:marketplace>/returned/",
    "GET /integrations/shopify/install/",
    "POST /integrations/shopify/install/",
    "POST /publish/",
    "POST /providers/test/",
    "POST /providers/pause/",
    "POST /providers/resume/",
    "POST /providers/remove/",
    "POST /system/workers/drain/",
    "POST /team/teams/<uuid:team_id>/spends/<int:membership_id>/",
    # A viewer has asked for nothing, and decides nothing.
    "POST /approvals/<uuid:approval_id>/",
}
# What these name belongs to nobody.
OF_NOBODY = {"marketplace", "operation", "channel", "path", "slug", "token", "mark"}

Answer = Any
Good = Callable[[Answer], bool]


def led_to_sign_in(answer: Answer) -> bool:
    return answer.status_code == 302 and str(answer["Location"]).startswith("/accounts/login/")


def is_let_in(answer: Answer) -> bool:
    return answer.status_code not in {401, 403, 404, 405} and answer.status_code < 500 and not led_to_sign_in(answer)


def answers(*codes: int) -> Good:
    return lambda answer: answer.status_code in codes


def names_rows(row: Row) -> bool:
    return any(name not in OF_NOBODY for name in row.names)


def undressed(answer: Answer) -> str:
    """What a page must tell browsers on every answer, refusals too, and does not; empty where all is well."""
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = {
        "no policy without default-src 'none'": "default-src 'none'" in policy,
        "a policy with unsafe-…": "unsafe-" not in policy and "*" not in policy,
        "no frame-ancestors 'none'": "frame-ancestors 'none'" in policy or "sandbox" in policy,
        "no X-Frame-Options": answer.headers.get("X-Frame-Options") == "DENY",
        "no nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "no Referrer-Policy": answer.headers.get("Referrer-Policy", "") in {"same-origin", "no-referrer"},
    }
    return ", ".join(what for what, holds in wanted.items() if not holds)


class Walk:
    """Notes what is not as it should be, and goes on."""

    def __init__(self, ids: dict[str, str]) -> None:
        self.ids = ids
        self.wrong: list[str] = []

    def expect(self, row: Row, who: str, caller: Caller, good: Good) -> None:
        answer = caller.ask(row.method, address(row.route, self.ids))
        if not row.scope and (bare := undressed(answer)):
            self.wrong.append(f"{row.method} {row.route}: the answer {answer.status_code} has {bare}")
        if not good(answer):
            there = f" to {answer['Location']}" if answer.has_header("Location") else ""
            self.wrong.append(f"{row.method} {row.route} ({row.who}): {who} got {answer.status_code}{there}")


def test_each_role_may_all_that_a_narrower_one_may() -> None:
    for narrow, wide in pairwise(ROLES):
        assert ROLE_PERMISSIONS[narrow] < ROLE_PERMISSIONS[wide]


def test_every_address_has_one_row_and_every_row_an_address() -> None:
    rows = table()
    twice = [each for each, count in Counter((row.method, row.route) for row in rows).items() if count > 1]
    assert not twice, f"access_table.txt says it more than once of {twice}"
    missing = sorted(set(routes()) - {row.route for row in rows})
    assert not missing, f"access_table.txt does not say who may use {missing}: write a line for each"
    gone = sorted({row.route for row in rows} - set(routes()))
    assert not gone, f"There is nothing at {gone}: take their lines out of access_table.txt"
    for row in rows:
        assert row.who in WORDS or Permission(row.scope or row.who)
        assert not row.scope or Permission(row.scope) in SCOPES


@pytest.mark.django_db
def test_pages_answer_as_the_table_says() -> None:
    cast = make_cast()
    walk = Walk(one_of_each(cast.alice, cast.bob))
    callers = people(cast)
    known = {(row.method, row.route) for row in table()}
    for row in table():
        if row.route == "/admin/…" or row.scope:
            continue
        if row.who in {"everyone", "signing-in"}:
            walk.expect(row, "nobody", callers.nobody, led_to_sign_in if row.who == "signing-in" else open_to_all)
            continue
        walk.expect(row, "nobody", callers.nobody, led_to_sign_in)
        if row.who == "signed-in":
            walk.expect(row, "a member of nothing", callers.homeless, open_to_all)
        elif row.who == "staff":
            walk.expect(row, "an owner", callers.roles[Role.OWNER], answers(404))
            walk.expect(row, "an operator", callers.operator, of_ones_own(row))
        else:
            of_a_member(walk, row, callers.roles)
            walk.expect(row, "a member of nothing", callers.homeless, answers(404))
            if names_rows(row):
                # A wrong form is said before what it is about is looked for: that tells nobody anything.
                walk.expect(
                    row, "a stranger", callers.stranger, answers(404, 400) if row.method == "POST" else answers(404)
                )
    for route, methods in routes().items():
        for method in methods:
            if (method, route) not in known:
                nowhere = Row(method, route, "in no line")
                walk.expect(nowhere, "an owner", callers.roles[Role.OWNER], answers(405, 404))
    assert not walk.wrong, "\n".join(walk.wrong)


def open_to_all(answer: Answer) -> bool:
    """Codes, tokens and signatures of those who have no session are in what they send; here there are none."""
    return answer.status_code in {200, 302, 400, 401, 404, 503} and not led_to_sign_in(answer)


def of_a_member(walk: Walk, row: Row, roles: dict[Role, Caller]) -> None:
    refused = [role for role in ROLES if row.permission and row.permission not in ROLE_PERMISSIONS[role]]
    for role in refused:
        walk.expect(row, role, roles[role], answers(403))
    allowed = ROLES[len(refused)]
    walk.expect(row, allowed, roles[allowed], of_ones_own(row))


def of_ones_own(row: Row) -> Good:
    return answers(404) if f"{row.method} {row.route}" in NOT_EVEN_OWN else is_let_in


@pytest.mark.django_db
def test_operators_pages_do_not_exist_for_others() -> None:
    cast = make_cast()
    callers = people(cast)
    for path in ("/admin/", "/admin/accounts/organization/", "/admin/accounts/user/1/change/", "/admin/jsi18n/"):
        assert led_to_sign_in(callers.nobody.ask("GET", path)), path
        assert callers.roles[Role.OWNER].ask("GET", path).status_code == 404, path
        assert callers.roles[Role.OWNER].ask("POST", path).status_code == 404, path
    assert callers.operator.ask("GET", "/admin/").status_code == 200


@pytest.mark.django_db
def test_calls_answer_as_the_table_says() -> None:
    """Both gates: the scope of the key AND the role of who has made it, in the sandbox too."""
    cast = make_cast()
    walk = Walk(one_of_each(cast.alice, cast.bob))
    callers = people(cast)
    stranger = program(cast.charlie, "*")
    of_role = keys_of_roles(callers.actors)
    alone = {scope: program(cast.alice, scope) for scope in SCOPES}
    in_sandbox = {scope: program(cast.alice, scope, sandbox=True) for scope in SCOPES}
    lacking = {scope: program(cast.alice, *(other for other in SCOPES if other != scope)) for scope in SCOPES}
    for row in table():
        if not row.scope:
            continue
        scope = Permission(row.scope)
        token = row.route.startswith("/v3/")
        walk.expect(row, "nobody", callers.nobody, lambda got, token=token: asks_for_a_key(got, token=token))  # type: ignore[misc]
        walk.expect(row, "a key without the scope", lacking[scope], lambda got, scope=scope: lacks(got, scope))  # type: ignore[misc]
        refused = [role for role in ROLES if scope not in ROLE_PERMISSIONS[role]]
        for role in refused:
            walk.expect(row, f"a key made by {role.with_article}", of_role[role], answers(403))
        walk.expect(row, "a key of the narrowest role", of_role[ROLES[len(refused)]], passes)
        walk.expect(row, "a key with this scope alone", alone[scope], passes)
        walk.expect(row, "a key of the sandbox", in_sandbox[scope], passes)
        if names_rows(row):
            walk.expect(row, "a key of a stranger", stranger, answers(404))
    assert not walk.wrong, "\n".join(walk.wrong)


def asks_for_a_key(answer: Answer, *, token: bool) -> bool:
    how = answer.headers.get("WWW-Authenticate", "")
    return answer.status_code == 401 and how.startswith("Token" if token else "Bearer") and "X-Request-Id" in answer


def lacks(answer: Answer, scope: Permission) -> bool:
    return answer.status_code == 403 and f'scope="{scope}"' in answer.headers.get("WWW-Authenticate", "")


def passes(answer: Answer) -> bool:
    return answer.status_code in {200, 202, 204, 400, 404, 409}


def keys_of_roles(actors: dict[Role, Actor]) -> dict[Role, Caller]:
    """Keys with every scope, made when their makers were owners; they have these roles now."""
    keys: dict[Role, Caller] = {}
    for role, actor in actors.items():
        assert actor.user
        keys[role] = program(member_actor(actor.user, actor.organization, Role.OWNER), "*")
    return keys
