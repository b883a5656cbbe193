"""One HTTP exchange with Shopify over the guarded outbound client: bounded, and told to the log of a publication."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from accounts.kit import outbound
from integrations.base import Account, Exchange
from integrations.shopify import diagnosis

_MOST_BYTES = 32_000_000
_LONGEST_LOGGED = 4000


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers`: names in lower case."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def exchange(
    account: Account,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    seconds: float = 30.0,
    logged: str,
    private: bool = False,
) -> Answer:
    """`logged`: the request as the log shows it, without a secret; `private`: the answer's text is not for the log.

    Redirects are not followed. Raises MarketplaceError where no answer came.
    """
    if account.before_call:
        account.before_call()
    began = time.monotonic()
    try:
        answer = _exchange(method, url, headers or {}, content, seconds)
    except outbound.OutboundError as error:
        _tell(account, logged, None, error.detail, began)
        raise diagnosis.not_allowed(error.detail) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        _tell(account, logged, None, type(error).__name__, began)
        raise diagnosis.unreachable(error, seconds=seconds) from None
    _tell(account, logged, answer.status, "(not kept)" if private else answer.data.decode(errors="replace"), began)
    return answer


def _exchange(method: str, url: str, headers: Mapping[str, str], content: bytes | None, seconds: float) -> Answer:
    with (
        outbound.client(seconds=seconds) as client,
        client.stream(method, url, headers={"Accept": "application/json", **headers}, content=content) as response,
    ):
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            if len(data) > _MOST_BYTES:
                raise diagnosis.too_long()
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, bytes(data))


def _tell(account: Account, request: str, status: int | None, answer: str, began: float) -> None:
    if account.after_call:
        milliseconds = round((time.monotonic() - began) * 1000)
        account.after_call(Exchange(request[:_LONGEST_LOGGED], status, answer[:_LONGEST_LOGGED], milliseconds))
