"""One GraphQL call to a Shopify shop: the token of the moment, the throttle kept, the answer judged."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.kit.outbound import OutboundError
from integrations.base import Account, MarketplaceError
from integrations.shopify import diagnosis, tokens, wire
from integrations.shopify.address import named_in, speaks_for_shopify
from integrations.wire import Answer, not_allowed

# A short wait for the bucket to fill is waited here; a longer one is the caller's to plan.
_LONGEST_WAIT = 10.0
_TRIES = 4
_NAME = re.compile(r"\s*(?:query|mutation)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Said:
    """`data` of an answer without errors. `version`: of the interface that answered."""

    data: dict[str, Any]
    version: str


def ask(
    account: Account, document: str, variables: Mapping[str, object] | None = None, *, private: bool = False
) -> dict[str, Any]:
    """The data. `private`: the answer holds what no log may show. Raises MarketplaceError."""
    return call(account, document, variables, private=private).data


def call(
    account: Account, document: str, variables: Mapping[str, object] | None = None, *, private: bool = False
) -> Said:
    """Raises MarketplaceError."""
    try:
        known = speaks_for_shopify(account.address)
    except OutboundError as error:
        raise not_allowed(error.detail) from None
    if not known:
        raise diagnosis.own_domain(_real_name(account))
    token = tokens.current(account)
    renewed = False
    for _ in range(_TRIES):
        answer = _post(account, token, document, variables or {}, private)
        if answer.status == 401 and not renewed:
            renewed, before = True, token
            token = tokens.after_refusal(account, token)
            if token != before:
                continue
        said = _judged(answer)
        if isinstance(said, Said):
            return said
        time.sleep(said)
    raise diagnosis.throttled(int(_LONGEST_WAIT))


def _post(account: Account, token: str, document: str, variables: Mapping[str, object], private: bool) -> Answer:
    url = f"{account.address}/admin/api/{settings.SHOPIFY_API_VERSION}/graphql.json"
    found = _NAME.match(document)
    return wire.exchange(
        account,
        "POST",
        url,
        headers={"X-Shopify-Access-Token": token, "Content-Type": "application/json"},
        content=json.dumps({"query": document, "variables": variables}).encode(),
        logged=f"POST {url} {found[1] if found else ''} {json.dumps(variables)}",
        private=private,
        token=token,
    )


def _judged(answer: Answer) -> Said | float:
    """What was said, or the seconds to wait before asking again."""
    body = answer.json
    errors = body.get("errors") if isinstance(body, dict) else None
    if isinstance(errors, list) and errors:
        refused = diagnosis.said_no(errors)
        wait = _until_restored(body)
        if refused.code != "throttled" or wait is None:
            raise refused
        if wait > _LONGEST_WAIT:
            raise diagnosis.throttled(int(wait) + 1)
        return wait
    if answer.status >= 300 or not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise diagnosis.refusal(answer.status, answer.headers)
    return Said(body["data"], answer.headers.get("x-shopify-api-version", ""))


def _until_restored(body: Mapping[str, Any]) -> float | None:
    """Seconds until the leaky bucket holds what the refused call needs; None where the shop does not say."""
    try:
        cost = body["extensions"]["cost"]
        status = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return max(0.05, missing / max(1.0, float(status["restoreRate"])))
    except (KeyError, TypeError, ValueError):
        return None


def _real_name(account: Account) -> str:
    """The shop's name, where the address is one of its customers'. No token is sent."""
    try:
        url = f"{account.address}/admin"
        answer = wire.exchange(account, "GET", url, seconds=10, logged=f"GET {url}")
    except MarketplaceError:
        return ""
    return named_in(answer.headers.get("location", ""))
