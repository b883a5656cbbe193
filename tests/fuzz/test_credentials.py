"""Keys, tokens and signatures that are almost right, or nothing of the kind: all of them are refused."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

import jwt
import pytest
from django.test import Client
from hypothesis import strategies as st

from accounts.access import access_tokens, json_web_tokens
from accounts.kit import encryption
from accounts.models import ApiKey
from integrations.models import InboundDelivery, InboundHook
from tests.support.cast import Cast
from tests.support.catalog import stocked
from tests.support.fuzzing import edited, edits, efforts, odd_json, odd_text, search

pytestmark = pytest.mark.django_db
_SCHEMES = st.sampled_from(["Bearer ", "Token ", "AccessToken ", "Basic ", "bearer\t", "", "Bearer Bearer "])
_DOORS = st.sampled_from(["/api/v1/jobs", "/v3/file-ops/usage/", "/v1/faceswap/jobs/", "/api/v1/user/credits"])


def _signed(claims: Any, algorithm: str, key: str) -> str:
    """A token of somebody else's making."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    if algorithm == "HS256" and isinstance(claims, dict) and key:
        with suppress(TypeError):  # claims that its own rules refuse
            return jwt.encode(claims, key * 8, algorithm="HS256")
    return f"{head.decode()}.{body.decode()}.{'x' if key else ''}"


_CLAIMS = st.dictionaries(st.sampled_from(["iss", "sub", "iat", "exp", "ends", "paths", "jti"]), odd_json, max_size=7)
_FORGED = st.builds(_signed, st.one_of(_CLAIMS, odd_json), st.sampled_from(["HS256", "none", "RS256", ""]),
                    st.sampled_from(["", "guess", "secret"]))  # fmt: skip


def _header(text: str) -> str:
    """As a server hands it on: bytes of a header, read as Latin-1."""
    return text.encode("utf-8", "replace").decode("latin-1").replace("\r", "").replace("\n", "")


@efforts
def test_no_credential_but_the_right_one_opens_anything(cast: Cast, settings: Any, effort: str) -> None:
    settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR = settings.RATE_LIMIT_IP_PER_MINUTE = 10_000_000
    client, key = Client(), cast.key()
    row = ApiKey.unscoped.get()
    good = [key, json_web_tokens.issue(row.pk), access_tokens.issue(row.pk, paths=["*"], seconds=60)]
    almost = st.tuples(st.sampled_from(good), edits).map(
        lambda pair: edited(pair[0].encode(), pair[1]).decode("latin-1")
    )
    given = st.tuples(_DOORS, _SCHEMES, st.one_of(almost, _FORGED, odd_text))

    def holds(example: tuple[str, str, str]) -> None:
        path, scheme, credential = example
        if credential.strip() in good or credential.strip().split(" ")[-1] in good:
            return
        for headers in ({"authorization": _header(scheme + credential)}, {"x-api-key": _header(credential)}):
            if not next(iter(headers.values())).strip():
                continue
            answer = client.get(path, headers=headers)
            assert answer.status_code == 401, (headers, answer.status_code)
            assert not [each for each in good if each in answer.content.decode()]

    assert search(given, holds, effort=effort, few=50) >= 10
    assert client.get("/api/v1/jobs", headers={"x-api-key": key}).status_code == 200


@efforts
def test_no_delivery_is_believed_without_its_signature(cast: Cast, effort: str) -> None:
    names = st.sampled_from([
        "x-wc-webhook-signature", "x-wc-webhook-topic", "x-wc-webhook-id", "x-wc-webhook-delivery-id", "content-type",
        "x-shopify-hmac-sha256", "x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id",
        "x-shopify-triggered-at", "content-length-of-mine",
    ])  # fmt: skip
    hooks = {}
    for marketplace in ("woocommerce", "shopify"):
        row = stocked(cast.alice, marketplace=marketplace)
        hooks[marketplace] = InboundHook.unscoped.create(
            organization=cast.alice.organization, connection=row, secret=encryption.encrypt("a-secret-of-the-hook")
        ).token
    client = Client()
    body = st.one_of(st.binary(max_size=200), odd_json.map(lambda value: json.dumps(value).encode()))
    given = st.tuples(st.sampled_from(sorted(hooks)), st.dictionaries(names, odd_text, max_size=6), body)

    def holds(example: tuple[str, dict[str, str], bytes]) -> None:
        marketplace, headers, sent = example
        headers = {name: _header(value) for name, value in headers.items()}
        kind = headers.pop("content-type", "application/json")
        for path in (f"/hooks/{marketplace}/{hooks[marketplace]}/", f"/hooks/{marketplace}/"):
            answer = client.post(path, sent, content_type=kind, headers=headers)
            assert answer.status_code in {200, 400, 401, 404, 413}, answer.status_code
        assert not InboundDelivery.unscoped.exists()

    assert search(given, holds, effort=effort, few=40) >= 10
