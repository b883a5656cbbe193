"""One call to a WooCommerce shop over the guarded outbound HTTP: signed, bounded, and its answer judged."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from integrations import wire
from integrations.base import Account
from integrations.woocommerce import diagnosis
from integrations.woocommerce.oauth import signed

# Keys travel in the header unless the check has found that the shop's host drops it.
AUTH = "auth"
IN_QUERY = "query"


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer with a good status, and how many things and pages a list has in all."""

    body: Any
    total: int | None
    pages: int | None


def call(
    account: Account,
    method: str,
    path: str,
    parameters: Mapping[str, str] | None = None,
    body: object = None,
    *,
    seconds: float = wire.SECONDS,
) -> Answer:
    """`path`: below /wp-json/wc/v3/. Redirects are not followed: keys go to the address that was typed alone.

    Raises MarketplaceError.
    """
    url = f"{account.address}/wp-json/wc/v3/{path}"
    query, headers = _authorized(account, method, url, dict(parameters or {}))
    if body is not None:
        headers["Content-Type"] = "application/json"
    content = json.dumps(body).encode() if body is not None else None
    # The keys are in the query and in the headers: neither is told.
    told = "\n".join([f"{method} {_with(url, parameters or {})}", *([json.dumps(body)] if body is not None else [])])
    answer = wire.logged(
        account,
        told,
        lambda: wire.exchange(method, _with(url, query), headers, content, seconds=seconds),
        token=headers.get("Authorization", "").removeprefix("Basic "),
    )
    if answer.status >= 300 or answer.json is None:
        raise diagnosis.refusal(account, answer)
    return Answer(
        answer.json, _number(answer.headers.get("x-wp-total")), _number(answer.headers.get("x-wp-totalpages"))
    )


def _authorized(
    account: Account, method: str, url: str, query: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    key, secret = account.credentials["consumer_key"], account.credentials["consumer_secret"]
    if url.startswith("http://"):
        return signed(method, url, query, key=key, secret=secret), {}
    if account.options.get(AUTH) == IN_QUERY:
        return {**query, "consumer_key": key, "consumer_secret": secret}, {}
    basic = base64.b64encode(f"{key}:{secret}".encode()).decode("ascii")
    return query, {"Authorization": f"Basic {basic}"}


def _with(url: str, query: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(query, quote_via=quote)}" if query else url


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
