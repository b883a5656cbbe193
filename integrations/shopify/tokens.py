"""The token of the moment. One typed by hand stays; one from an installation ends after an hour and is exchanged; an
app of the shop's own organization is given one for a day, for its client ID and secret.

An exchange of an installation's rotates the refresh token too. Shopify takes the one before until the new one is first
used, so that a crash between its answer and our commit loses nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from integrations.base import Account, Blame, MarketplaceError
from integrations.shopify import diagnosis, wire

CLIENT_ID, SECRET = "client_id", "api_secret"
# What an installation, or an app of one's own, was given; `granted` is its access token again, by which one that was
# typed is told from it.
GRANTED = ("granted", "scope", "refresh_token", "expires_at")
# Exchanged this long before its end, so that none ends on its way.
_EARLY = 300.0
# Short: other workers wait for the new token, and a lease ends (integrations/actions/account.py).
_SECONDS = 8.0


def current(account: Account) -> str:
    """The token to send. Raises MarketplaceError where it has ended and no new one is given."""
    if not _ends_soon(account.credentials):
        return account.credentials["access_token"]
    # What another worker has stored meanwhile is good.
    return _renewed(account, lambda found: refreshed(account, found) if _ends_soon(found) else found)


def after_refusal(account: Account, refused: str) -> str:
    """The token to try after the shop has refused one; the same where there is no other."""
    if not account.renew or not _renewable(account.credentials):
        return refused
    return _renewed(account, lambda found: refreshed(account, found) if found.get("access_token") == refused else found)


def _renewed(account: Account, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> str:
    """Of an account that is only tried, nothing is stored."""
    found = account.renew(change) if account.renew else change(account.credentials)
    return found["access_token"]


def refreshed(account: Account, stored: Mapping[str, str]) -> Mapping[str, str]:
    """New credentials for the stored ones. Raises MarketplaceError."""
    if stored.get("refresh_token"):
        grant = {**_app(), "grant_type": "refresh_token", "refresh_token": stored["refresh_token"]}
        gone = _install_again("the stored one has ended, or the app was removed from the shop")
        return {**stored, **_granted(account, grant, gone)}
    own = {"client_id": stored[CLIENT_ID], "client_secret": stored[SECRET], "grant_type": "client_credentials"}
    return {**stored, **_granted(account, own, _wrong_app())}


def exchanged(account: Account, code: str) -> Mapping[str, str]:
    """Credentials for the code that an installation has brought. Raises MarketplaceError."""
    grant = {**_app(), "code": code, "expiring": "1"}
    return _granted(account, grant, _install_again("the code has been used already, or is too old"))


def _app() -> dict[str, str]:
    if not settings.SHOPIFY_CLIENT_ID or not settings.SHOPIFY_CLIENT_SECRET:
        raise MarketplaceError(
            "no_app", "This installation is no Shopify app any more: SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET are "
            "not set. Its operator sets them.", blame=Blame.US, permanent=True,
        )  # fmt: skip
    return {"client_id": settings.SHOPIFY_CLIENT_ID, "client_secret": settings.SHOPIFY_CLIENT_SECRET}


def _granted(account: Account, grant: Mapping[str, str], refused: MarketplaceError) -> dict[str, str]:
    url = f"{account.address}/admin/oauth/access_token"
    answer = wire.exchange(
        # Not a call of the Admin API: its pace is not kept, for others wait for the token.
        replace(account, before_call=None),
        "POST",
        url,
        headers={"Content-Type": "application/json"},
        content=json.dumps(grant).encode(),
        seconds=_SECONDS,
        logged=f"POST {url}",
        keys=True,
    )
    if answer.status in {400, 401, 403}:
        raise refused
    body = answer.json
    if answer.status >= 300 or not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        raise diagnosis.refusal(answer.status, answer.headers)
    return _stored(body)


def _stored(body: Mapping[str, Any]) -> dict[str, str]:
    token = str(body["access_token"])
    found = {"access_token": token, "granted": token, "scope": str(body.get("scope", ""))}
    if body.get("refresh_token"):
        found["refresh_token"] = str(body["refresh_token"])
    if body.get("expires_in"):
        found["expires_at"] = str(int(time.time() + float(body["expires_in"])))
    return found


def _renewable(credentials: Mapping[str, str]) -> bool:
    return bool(credentials.get("refresh_token") or credentials.get(CLIENT_ID))


def _ends_soon(credentials: Mapping[str, str]) -> bool:
    """Also where there is none yet."""
    if not _renewable(credentials):
        return False
    ends = credentials.get("expires_at", "")
    return not credentials.get("access_token") or (ends.isdecimal() and int(ends) - _EARLY < time.time())


def _install_again(why: str) -> MarketplaceError:
    return MarketplaceError(
        "install_again", f"Shopify gives no token: {why}. Connect the shop again by signing in at Shopify.",
        blame=Blame.CREDENTIALS, permanent=True, field="access_token",
    )  # fmt: skip


def _wrong_app() -> MarketplaceError:
    return MarketplaceError(
        "wrong_app",
        "Shopify gives no token for this client ID and secret. Copy both again, see that the app is installed in this "
        "shop, and that app and shop belong to the same organization at Shopify.",
        blame=Blame.CREDENTIALS, permanent=True, field=CLIENT_ID,
    )  # fmt: skip
