"""One HTTP exchange with a marketplace over the guarded outbound client: bounded, paced, told to the log of a
publication. Redirects are not followed: keys go to the address that was typed alone."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from accounts.kit import outbound
from integrations.base import Account, Blame, Exchange, MarketplaceError

SECONDS = 30.0
_MOST_BYTES = 32_000_000
_LONGEST_TOLD = 4000
_SURROGATE = re.compile(rb"\\ud[89a-f]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx2.Headers
    data: bytes

    @property
    def json(self) -> Any:
        """None for HTML, for half an answer and for everything else that is no JSON.

        Halves of surrogate pairs, which are no text, become question marks: no database takes them.
        """
        if "json" not in self.headers.get("content-type", "").lower():
            return None
        try:
            found = json.loads(self.data.removeprefix(b"\xef\xbb\xbf"))
        except (ValueError, RecursionError):
            return None
        return _text_alone(found) if _SURROGATE.search(self.data) else found


def exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
    *,
    who: str = "The shop",
    seconds: float = SECONDS,
) -> Answer:
    """`who` answers, as a sentence begins. Raises MarketplaceError where no whole answer comes."""
    try:
        with (
            outbound.client(seconds=seconds) as client,
            client.stream(method, url, headers={"Accept": "application/json", **headers}, content=content) as response,
        ):
            data = bytearray()
            for part in response.iter_bytes():
                data += part
                if len(data) > _MOST_BYTES:
                    raise too_long(who)
            return Answer(response.status_code, response.headers, bytes(data))
    except outbound.OutboundError as error:
        raise not_allowed(error.detail) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise unreachable(error, seconds=seconds, who=who) from None


def logged(
    account: Account,
    told: str,
    send: Callable[[], Answer],
    *,
    private: bool = False,
    keys: bool = False,
    token: str = "",
) -> Answer:
    """At the account's pace and into its log. `told`: the request as a log may show it; `private`: the answer is none
    for a log. In every answer the account's credentials and the `token` of the call are hidden, for what a shop says is
    quoted in many places; `keys`: not in this one, which is private and made of keys."""
    if account.before_call:
        account.before_call()
    began = time.monotonic()
    status, text = None, ""
    try:
        answer = send()
        if not keys:
            answer = replace(answer, data=_hidden(account, answer.data, token))
        status, text = (
            answer.status,
            "(not kept)" if private or keys else answer.data[:_LONGEST_TOLD].decode(errors="replace"),
        )
        return answer
    except MarketplaceError as error:
        text = error.detail
        raise
    finally:
        if account.after_call:
            milliseconds = round((time.monotonic() - began) * 1000)
            told, text = (account.hide(each, token)[:_LONGEST_TOLD] for each in (told, text))
            account.after_call(Exchange(told, status, text, milliseconds))


def _hidden(account: Account, data: bytes, token: str) -> bytes:
    """Of any kind: one byte is one sign here, and credentials are ASCII."""
    return account.hide(data.decode("latin-1"), token).replace("••••••", "******").encode("latin-1")


def _text_alone(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_text_alone(each) for each in value]
    if isinstance(value, dict):
        return {_text_alone(name): _text_alone(each) for name, each in value.items()}
    return value


def not_allowed(detail: str) -> MarketplaceError:
    """Our own guard: not an address of the public internet."""
    return MarketplaceError("address_refused", detail, blame=Blame.CREDENTIALS, permanent=True, field="address")


def too_long(who: str) -> MarketplaceError:
    return MarketplaceError(
        "too_long", f"{who} does not come to the end of its answer. Is this the right address?", blame=Blame.SHOP,
        permanent=True, field="address",
    )  # fmt: skip


def unreachable(error: Exception, *, seconds: float, who: str) -> MarketplaceError:
    """No answer at all, or not the whole of it."""
    if "certificate" in str(error).lower():
        return MarketplaceError(
            "certificate",
            "The certificate at this address is not one that can be trusted: it is self-signed, has run out, or is for "
            "another name. Have its host renew it; keys are not sent over such a connection.",
            blame=Blame.SHOP, permanent=True, field="address",
        )  # fmt: skip
    if isinstance(error, httpx2.TimeoutException):
        return MarketplaceError(
            "timeout", f"{who} did not answer within {seconds:g} seconds. Try again; if it stays so, ask its host.",
            blame=Blame.NETWORK, permanent=False,
        )  # fmt: skip
    if isinstance(error, httpx2.ConnectError | httpx2.InvalidURL):
        return MarketplaceError(
            "unreachable", "There is no server at this address, or it cannot be reached from here. Check the spelling.",
            blame=Blame.NETWORK, permanent=False, field="address",
        )  # fmt: skip
    return MarketplaceError(
        "broken_off", f"{who} broke off in the middle of its answer. Try again.", blame=Blame.NETWORK, permanent=False
    )
