"""GitHub, GitLab and Google as far as somebody signs in through them: their addresses and the shapes of their answers.

Shapes: docs.github.com (OAuth apps; REST "Get the authenticated user", "List email addresses"), docs.gitlab.com (OAuth
2.0; "Get the current user"), developers.google.com (OpenID Connect).
"""

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
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from tests.support.serving import Said, serving

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

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        there = urlsplit(target)
        if method == "POST":
            return _json(*running.token({name: values[0] for name, values in parse_qs(body.decode()).items()}))
        query = {name: values[0] for name, values in parse_qs(there.query).items()}
        if there.path.endswith(("/authorize", "/auth")):
            return Said(302, b"", {"Location": running.authorize(query)})
        _, _, sent = headers.get("authorization", "").partition(" ")
        return _json(*running.answer(there.path, sent or query.get("access_token", "")))

    with serving(answer) as running.port:
        yield running


def _json(status: int, body: object) -> Said:
    return Said(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
