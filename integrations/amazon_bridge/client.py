"""One call to a seller's bridge: a small HTTP service of two calls, described in the documentation (Amazon)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from integrations.amazon import diagnosis
from integrations.base import Account, Blame, MarketplaceError
from integrations.wire import Answer, exchange, logged

_LONGEST_WAIT = 3600
# A bridge may ask Amazon before it answers.
_SECONDS = 60.0


def get(account: Account, path: str, query: Mapping[str, str]) -> Any:
    """Raises MarketplaceError."""
    return _send(account, "GET", f"{path}?{urlencode(query, quote_via=quote)}" if query else path, None)


def post(account: Account, path: str, body: Mapping[str, Any]) -> Any:
    """Raises MarketplaceError."""
    return _send(account, "POST", path, body)


def _send(account: Account, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
    headers = {"Authorization": f"Bearer {account.credentials['token']}"}
    content = None
    shown = f"{method} {path}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        content = json.dumps(body).encode()
        shown += f"\n{json.dumps(body)}"
    url = f"{account.address}{path}"
    answer = logged(account, shown, lambda: exchange(method, url, headers, content, who="The bridge", seconds=_SECONDS))
    if answer.status >= 300 or answer.json is None:
        raise _refusal(account, answer)
    return answer.json


def not_a_bridge(account: Account) -> MarketplaceError:
    return MarketplaceError(
        "not_a_bridge",
        f"There is a server at {account.address}, but it does not answer as a bridge does. The documentation says "
        "which two calls a bridge has to answer.",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def _refusal(account: Account, answer: Answer) -> MarketplaceError:
    if answer.status in {429, 503}:
        text = answer.headers.get("retry-after", "")
        seconds = min(int(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else None
        return MarketplaceError(
            "throttled", "The bridge takes no more calls for the moment. They go on by themselves.", blame=Blame.SHOP,
            permanent=False, retry_after=seconds,
        )  # fmt: skip
    if answer.status >= 500:
        return MarketplaceError(
            "bridge_error",
            f"The bridge answered with an error of its own (status {answer.status}). Its log says more.",
            blame=Blame.SHOP, permanent=False,
        )  # fmt: skip
    if answer.status in {401, 403}:
        return MarketplaceError(
            "wrong_token", "The bridge does not know this token. Copy it again from the bridge's settings.",
            blame=Blame.CREDENTIALS, permanent=True, field="token",
        )  # fmt: skip
    if 300 <= answer.status < 400:
        return MarketplaceError(
            "moved", "This address sends visitors on to another one. Type that: the token is sent nowhere else.",
            blame=Blame.CREDENTIALS, permanent=True, field="address",
        )  # fmt: skip
    if answer.status < 300 and "json" in answer.headers.get("content-type", ""):
        return diagnosis.half_answer()
    body = answer.json
    if answer.status in {400, 409, 422} and isinstance(body, dict):
        said = account.hide(str(body.get("message") or body.get("detail") or body.get("error") or ""))
        return MarketplaceError(
            "refused", f"The bridge refused this: {said[:200] or f'status {answer.status}'}", blame=Blame.SHOP,
            permanent=True, said=said[:200],
        )  # fmt: skip
    return not_a_bridge(account)
