"""The token of the moment. One typed by hand stays; one from an installation ends after an hour and is exchanged.

An exchange rotates the refresh token too. Shopify takes the one before until the new one is first used, so that a crash
between its answer and our commit loses nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from integrations.base import Account, Blame, MarketplaceError
from integrations.shopify import diagnosis, wire

# What an installation has brought; `granted` is its access token again, by which one that was typed is told from it.
GRANTED = ("granted", "scope", "refresh_token", "expires_at")
# Exchanged this long before its end, so that none ends on its way.
_EARLY = 300.0
# Short: the connection's row is locked meanwhile.
_SECONDS = 8.0


def current(account: Account) -> str:
    """The token to send. Raises MarketplaceError where it has ended and no new one is given."""
    if account.renew and _ends_soon(account.credentials):
        # What another worker has stored meanwhile is good.
        changed = account.renew(lambda found: refreshed(account, found) if _ends_soon(found) else found)
        return changed["access_token"]
    return account.credentials["access_token"]


def after_refusal(account: Account, refused: str) -> str:
    """The token to try after the shop has refused one; the same where there is no other."""
    if not account.renew or not account.credentials.get("refresh_token"):
        return refused
    changed = account.renew(lambda found: refreshed(account, found) if found["access_token"] == refused else found)
    return changed["access_token"]


def refreshed(account: Account, stored: Mapping[str, str]) -> Mapping[str, str]:
    """New credentials for the stored ones. Raises MarketplaceError."""
    grant = {"grant_type": "refresh_token", "refresh_token": stored["refresh_token"]}
    return {**stored, **_granted(account, grant, "the stored one has ended, or the app was removed from the shop")}


def exchanged(account: Account, code: str) -> Mapping[str, str]:
    """Credentials for the code that an installation has brought. Raises MarketplaceError."""
    return _granted(account, {"code": code, "expiring": "1"}, "the code has been used already, or is too old")


def _granted(account: Account, grant: Mapping[str, str], why: str) -> dict[str, str]:
    if not settings.SHOPIFY_CLIENT_ID or not settings.SHOPIFY_CLIENT_SECRET:
        raise MarketplaceError(
            "no_app", "This installation is no Shopify app any more: SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET are "
            "not set. Its operator sets them.", blame=Blame.US, permanent=True,
        )  # fmt: skip
    url = f"{account.address}/admin/oauth/access_token"
    secrets = {"client_id": settings.SHOPIFY_CLIENT_ID, "client_secret": settings.SHOPIFY_CLIENT_SECRET}
    answer = wire.exchange(
        # Not a call of the Admin API: its pace is not kept, and nothing is waited for under the row's lock.
        replace(account, before_call=None),
        "POST",
        url,
        headers={"Content-Type": "application/json"},
        content=json.dumps({**secrets, **grant}).encode(),
        seconds=_SECONDS,
        logged=f"POST {url}",
        private=True,
    )
    if answer.status in {400, 401, 403}:
        raise MarketplaceError(
            "install_again", f"Shopify gives no token: {why}. Connect the shop again by signing in at Shopify.",
            blame=Blame.CREDENTIALS, permanent=True, field="access_token",
        )  # fmt: skip
    body = diagnosis.json_or_none(answer.headers.get("content-type", ""), answer.data)
    if answer.status >= 300 or not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        raise diagnosis.refusal(answer.status, answer.headers)
    return _stored(body)


def _stored(body: Mapping[str, Any]) -> dict[str, str]:
    token = str(body["access_token"])
    found = {"access_token": token, "granted": token, "scope": str(body.get("scope", ""))}
    if body.get("refresh_token"):
        found["refresh_token"] = str(body["refresh_token"])
        found["expires_at"] = str(int(time.time() + float(body.get("expires_in") or 3600)))
    return found


def _ends_soon(credentials: Mapping[str, str]) -> bool:
    ends = credentials.get("expires_at", "")
    return bool(credentials.get("refresh_token")) and ends.isdecimal() and int(ends) - _EARLY < time.time()
