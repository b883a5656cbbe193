"""Login with Amazon: an access token for an hour from the refresh token, kept in this process's memory alone."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from urllib.parse import urlencode

from django.conf import settings

from integrations.amazon import diagnosis
from integrations.base import Account
from integrations.wire import exchange

_EARLY_SECONDS = 120.0
_MOST_KEPT = 500

_kept: dict[str, tuple[str, float]] = {}
_lock = threading.Lock()


def access_token(account: Account) -> str:
    """Raises MarketplaceError that names the wrong field."""
    key = _key(account)
    with _lock:
        token, until = _kept.get(key, ("", 0.0))
    if time.monotonic() < until:
        return token
    token, seconds = _ask(account)
    with _lock:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = token, time.monotonic() + max(0.0, seconds - _EARLY_SECONDS)
    return token


def forget(account: Account) -> None:
    """The token was refused: the next call asks for another one."""
    with _lock:
        _kept.pop(_key(account), None)


def _ask(account: Account) -> tuple[str, float]:
    keys = account.credentials
    form = {
        "grant_type": "refresh_token",
        "refresh_token": keys["refresh_token"],
        "client_id": keys["client_id"],
        "client_secret": keys["client_secret"],
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = exchange("POST", settings.AMAZON_LWA_ENDPOINT, headers, urlencode(form).encode(), who="Amazon")
    body = answer.json
    if answer.status != 200:
        raise diagnosis.login_refused(answer)
    if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        raise diagnosis.half_answer()
    lasts = body.get("expires_in")
    return body["access_token"], float(lasts) if isinstance(lasts, int) else 3600.0


def _key(account: Account) -> str:
    """All of the keys: a changed one must not live on its predecessor's token."""
    keys = account.credentials
    parts = [settings.AMAZON_LWA_ENDPOINT, keys["client_id"], keys["client_secret"], keys["refresh_token"]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
