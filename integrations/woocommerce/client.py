"""One call to a WooCommerce shop over the guarded outbound HTTP: signed, bounded, and its answer judged."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from accounts.kit import outbound
from integrations.base import Account, Exchange, MarketplaceError
from integrations.woocommerce import diagnosis
from integrations.woocommerce.oauth import signed

_SECONDS = 30.0
_MOST_BYTES = 32_000_000
_MOST_TOLD = 4000
# Keys travel in the header unless the check has found that the shop's host drops it.
AUTH = "auth"
IN_QUERY = "query"


Exchanged = tuple[int, httpx2.Headers, bytes]


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
    seconds: float = _SECONDS,
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
    status, answer_headers, data = noted(
        account, told, lambda: exchange(method, _with(url, query), headers, content, seconds=seconds)
    )
    parsed = diagnosis.json_or_none(answer_headers.get("content-type", ""), data)
    if status >= 300 or parsed is None:
        raise diagnosis.refusal(account, status, answer_headers, data)
    return Answer(parsed, _number(answer_headers.get("x-wp-total")), _number(answer_headers.get("x-wp-totalpages")))


def noted(account: Account, told: str, send: Callable[[], Exchanged]) -> Exchanged:
    """One exchange at the account's pace and with its log. `told`: the request as a log may show it."""
    if account.before_call:
        account.before_call()
    began = time.monotonic()
    status, answer = None, ""
    try:
        status, headers, data = send()
        answer = data[:_MOST_TOLD].decode(errors="replace")
        return status, headers, data
    except MarketplaceError as error:
        answer = error.detail
        raise
    finally:
        if account.after_call:
            account.after_call(
                Exchange(account.hide(told), status, account.hide(answer), round((time.monotonic() - began) * 1000))
            )


def exchange(
    method: str, url: str, headers: Mapping[str, str], content: bytes | None = None, *, seconds: float = _SECONDS
) -> Exchanged:
    """Status, headers and body of one exchange. Raises MarketplaceError where there is none."""
    try:
        with (
            outbound.client(seconds=seconds) as client,
            client.stream(method, url, headers={"Accept": "application/json", **headers}, content=content) as response,
        ):
            data = b""
            for part in response.iter_bytes():
                data += part
                if len(data) > _MOST_BYTES:
                    raise diagnosis.too_long()
            return response.status_code, response.headers, data
    except outbound.OutboundError as error:
        raise diagnosis.not_allowed(error.detail) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise diagnosis.unreachable(error, seconds=seconds) from None


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
