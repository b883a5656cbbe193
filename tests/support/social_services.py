"""GitHub, GitLab and Google as far as somebody signs in through them: their addresses and the shapes of their answers.

Shapes: docs.github.com (OAuth apps; REST "Get the authenticated user", "List email addresses"), docs.gitlab.com (OAuth
2.0; "Get the current user"), developers.google.com (OpenID Connect).
"""

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
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT_ID, SECRET = "packshot", "a secret of the client"
GOOGLE_ISSUER = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever sits before the browser. `confirmed`: whether the service says that the address is theirs."""

    number: int
    name: str
    email: str
    confirmed: bool = True


@dataclass
class SocialService:
    """`refuses`: the person does not let us in. `broken`: the service takes no code."""

    port: int = 0
    person: Person = field(default_factory=lambda: Person(1, "Dora Day", "dora@example.com"))
    refuses: bool = False
    broken: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def authorize(self, query: dict[str, str]) -> str:
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        self.asked.append(query)
        if self.refuses:
            answer = {"error": "access_denied", "error_description": "The user has denied access."}
        else:
            answer = {"code": secrets.token_hex(8)}
            self.codes[answer["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(answer | {'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        query = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        right = (form["client_id"], form["client_secret"]) == (CLIENT_ID, SECRET)
        if self.broken or not right or query is None or query["code_challenge"] != challenge.decode():
            # GitHub says so with status 200.
            return 200, {"error": "bad_verification_code", "error_description": "The code is incorrect or expired."}
        token = secrets.token_hex(8)
        self.tokens.add(token)
        answer: dict[str, Any] = {"access_token": token, "token_type": "bearer", "scope": "read"}
        if "openid" in query["scope"]:
            answer["id_token"] = jwt.encode(self._google(), "k" * 32, headers={"kid": "1"})
        return 200, answer

    def answer(self, path: str, token: str) -> tuple[int, Any]:
        if token not in self.tokens:
            return 401, {"message": "Bad credentials"}
        who = self.person
        return {
            # The address is only there where the person shows it to everybody.
            "/api/v3/user": (200, {"id": who.number, "login": "dora", "name": who.name, "email": None}),
            "/api/v3/user/emails": (
                200,
                [
                    {"email": "old@example.com", "primary": False, "verified": True, "visibility": None},
                    {"email": who.email, "primary": True, "verified": who.confirmed, "visibility": "private"},
                ],
            ),
            "/api/v4/user": (200, {"id": who.number, "username": "dora", "name": who.name, "email": who.email}),
        }.get(path, (404, {"message": "Not Found"}))

    def _google(self) -> dict[str, Any]:
        who, now = self.person, int(time.time())
        return {
            "iss": GOOGLE_ISSUER,
            "azp": CLIENT_ID,
            "aud": CLIENT_ID,
            "sub": str(who.number),
            "email": who.email,
            "email_verified": who.confirmed,
            "name": who.name,
            "given_name": who.name.split()[0],
            "family_name": who.name.split()[-1],
            "iat": now,
            "exp": now + 3600,
        }


@contextmanager
def social_service() -> Iterator[SocialService]:
    running = SocialService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(there.query).items()}
            if there.path.endswith(("/authorize", "/auth")):
                self.send_response(302)
                self.send_header("Location", running.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            _, _, sent = self.headers.get("Authorization", "").partition(" ")
            self.say(*running.answer(there.path, sent or query.get("access_token", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(*running.token({name: values[0] for name, values in parse_qs(body).items()}))

        def say(self, status: int, body: Any) -> None:
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
