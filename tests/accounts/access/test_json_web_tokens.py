from __future__ import annotations

import time

import jwt
import pytest

from accounts.access import json_web_tokens
from accounts.access.credentials import Unauthorized, actor_for_key, actor_for_token
from accounts.actions.api_keys import revoke_api_key
from accounts.models import ApiKey
from tests.support.cast import Cast


def _token(cast: Cast, *scopes: str) -> str:
    actor = actor_for_key(cast.key(cast.alice, *scopes))
    assert actor.api_key is not None
    return json_web_tokens.issue(actor.api_key.pk)


def test_a_token_may_what_its_key_may(cast: Cast) -> None:
    actor = actor_for_token(_token(cast, "jobs:read"))
    assert actor.organization == cast.alice.organization
    assert [permission.value for permission in actor.permissions] == ["jobs:read"]


def test_it_dies_with_its_key(cast: Cast) -> None:
    token = _token(cast, "jobs:read")
    revoke_api_key(cast.alice, key_id=ApiKey.unscoped.get().pk)
    with pytest.raises(Unauthorized, match="revoked"):
        actor_for_token(token)


def test_it_follows_a_change_of_scopes(cast: Cast) -> None:
    token = _token(cast, "jobs:read", "images:write")
    ApiKey.unscoped.update(scopes=["images:write"])
    assert [permission.value for permission in actor_for_token(token).permissions] == ["images:write"]


@pytest.mark.parametrize("seconds", [0, 1, 3600])
def test_it_expires_to_the_second(cast: Cast, seconds: int) -> None:
    actor = actor_for_key(cast.key(cast.alice, "jobs:read"))
    assert actor.api_key is not None
    ended = json_web_tokens.issue(actor.api_key.pk, at=time.time() - json_web_tokens.LIFETIME - seconds)
    with pytest.raises(Unauthorized, match="expired"):
        actor_for_token(ended)
    assert actor_for_token(json_web_tokens.issue(actor.api_key.pk, at=time.time() - json_web_tokens.LIFETIME + 30))


def test_foreign_and_unsigned_tokens_are_refused(cast: Cast) -> None:
    good = _token(cast, "jobs:read")
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    for bad in (
        jwt.encode(claims, "x" * 32, algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        "a.b.c",
        "ä.b.c",
    ):
        with pytest.raises(Unauthorized):
            actor_for_token(bad)
