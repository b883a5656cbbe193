"""An OpenID Connect provider: discovery, the authorization code flow with PKCE, userinfo. It says yes to everybody."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt

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

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there = urlsplit(self.path)
            if there.path == "/.well-known/openid-configuration":
                self.say(200, running.discovery())
            elif there.path == "/userinfo":
                found = running.tokens.get(self.headers["Authorization"].removeprefix("Bearer "))
                self.say(200 if found else 401, found or {})
            elif there.path == "/authorize":
                self.send_response(302)
                query = {name: values[0] for name, values in parse_qs(there.query).items()}
                self.send_header("Location", running.authorize(query))
                self.end_headers()
            else:
                self.say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(*running.token(form, self.headers.get("Authorization", "")))

        def say(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
