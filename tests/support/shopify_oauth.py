"""Shopify's side of an installation: the consent, the code, tokens that end, refresh tokens that rotate."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "0123456789abcdef", "hush-hush-client-secret"

# Of an app of the shop's own organization.
OWN_ID, OWN_SECRET = "fedcba9876543210", "shpss_" + "e5" * 16


@dataclass
class App:
    """`refreshes`: how often a refresh token was taken. `before`: the refresh token that its key replaced."""

    codes: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    ends: dict[str, float] = field(default_factory=dict)
    replaced_by: dict[str, str] = field(default_factory=dict)
    refreshes: int = 0
    delay: float = 0.0
    clock: Callable[[], float] = time.time

    def consent(self, authorize: str, shop: str, secret: str = CLIENT_SECRET) -> str:
        """The owner agrees: the address that the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(authorize).query))
        assert asked["client_id"] == CLIENT_ID
        code = secrets.token_hex(8)
        self.codes.add(code)
        back = {"code": code, "host": "YWRtaW4", "shop": shop, "state": asked["state"],
                "timestamp": str(int(self.clock()))}  # fmt: skip
        return f"{asked['redirect_uri']}?{urlencode(signed(back, secret))}"

    def grant(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any], list[str]]:
        """Status, body, and the access tokens that are good from now on."""
        if asked.get("grant_type") == "client_credentials":
            if (asked["client_id"], asked["client_secret"]) != (OWN_ID, OWN_SECRET):
                return 400, {"error": "application_cannot_be_found"}, []
            self.refreshes += 1
            access = "shpat_" + secrets.token_hex(16)
            self.ends[access] = self.clock() + 86399
            return 200, {"access_token": access, "scope": "write_products,write_files", "expires_in": 86399}, [access]
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 400, {"error": "application_cannot_be_found"}, []
        if asked.get("grant_type") == "refresh_token":
            if asked["refresh_token"] not in self.refresh:
                return 400, {"error": "invalid_grant"}, []
            self.refreshes += 1
            time.sleep(self.delay)
            return self._granted(replaces=asked["refresh_token"])
        if asked.get("code") not in self.codes or asked.get("expiring") != "1":
            return 400, {"error": "invalid_request"}, []
        self.codes.discard(asked["code"])
        return self._granted()

    def _granted(self, replaces: str = "") -> tuple[int, dict[str, Any], list[str]]:
        access, refresh = "shpat_" + secrets.token_hex(16), "shprt_" + secrets.token_hex(16)
        self.refresh.add(refresh)
        self.ends[access] = self.clock() + 3600
        if replaces:
            self.replaced_by[access] = replaces
            self.replaced_by[refresh] = replaces
        body = {"access_token": access, "scope": "write_products,write_files", "expires_in": 3600,
                "refresh_token": refresh, "refresh_token_expires_in": 7776000}  # fmt: skip
        return 200, body, [access]

    def used(self, access: str) -> None:
        """The refresh token before is good until its replacement is used."""
        self.refresh.discard(self.replaced_by.get(access, ""))

    def ended(self, access: str) -> bool:
        return self.ends.get(access, self.clock() + 1) < self.clock()


def signed(query: dict[str, str], secret: str = CLIENT_SECRET) -> dict[str, str]:
    text = "&".join(f"{name}={query[name]}" for name in sorted(query))
    return {**query, "hmac": hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}
