"""An OpenID Connect provider: discovery, the authorization code flow with PKCE, userinfo. It says yes to everybody."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt

from tests.support.serving import Said, serving

CLIENT_ID, SECRET = "packshot", "a secret of the client"


@dataclass
class IdentityProvider:
    """`person`: the claims of whoever signs in there now."""

    port: int = 0
    person: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes back to."""
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        self.asked.append(query)
        code = secrets.token_hex(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        basic = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        query = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if authorization != f"Basic {basic}" or query is None or query["code_challenge"] != challenge.decode():
            return 400, {"error": "invalid_grant"}
        token = secrets.token_hex(8)
        self.tokens[token] = dict(self.person)
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "exp": int(time.time()) + 60, "iat": int(time.time())}
        signed = jwt.encode(claims | self.person, "k" * 32, headers={"kid": "1"})
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": signed}


def back_from(address: str) -> str:
    """What a browser does with the provider's page: it is sent back at once. Answers with that address."""

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *args: Any, **kwargs: Any) -> None:
            return None

    try:
        build_opener(Stay).open(address, timeout=10)
    except HTTPError as answer:
        return answer.headers["Location"]
    raise AssertionError("the provider did not send the browser back")


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    running = IdentityProvider()

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        there = urlsplit(target)
        if method == "POST":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            return _json(*running.token(form, headers.get("authorization", "")))
        if there.path == "/.well-known/openid-configuration":
            return _json(200, running.discovery())
        if there.path == "/userinfo":
            found = running.tokens.get(headers["authorization"].removeprefix("Bearer "))
            return _json(200 if found else 401, found or {})
        if there.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(there.query).items()}
            return Said(302, b"", {"Location": running.authorize(query)})
        return _json(404, {})

    with serving(answer) as running.port:
        yield running


def _json(status: int, body: object) -> Said:
    return Said(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
