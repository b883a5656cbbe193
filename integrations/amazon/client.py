"""One call of the Selling Partner API: with a token, at the pace of its usage plan, and its answer judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from integrations.amazon import diagnosis, login, stores
from integrations.amazon.usage_plans import buckets
from integrations.base import Account, MarketplaceError
from integrations.wire import Answer, exchange, logged

_LONGEST_SHOWN = 4000


@dataclass(frozen=True, slots=True)
class Call:
    """`operation`: its id in Amazon's model. `path`: with `{seller}` for the seller's id and `{sku}` for `sku`."""

    operation: str
    path: str
    query: Mapping[str, str]
    method: str = "GET"
    sku: str = ""
    body: Mapping[str, Any] | None = None
    region: str = ""

    @property
    def shown(self) -> str:
        """For the log of a publication."""
        text = f"{self.method} {self.path.replace('{sku}', quote(self.sku, safe=''))}"
        text += f"?{_query(self.query)}" if self.query else ""
        return text + (f"\n{json.dumps(self.body)}" if self.body is not None else "")


def send(account: Account, call: Call) -> Any:
    """The JSON of a good answer. A token that has run out is renewed once. Raises MarketplaceError."""
    try:
        return _send(account, call)
    except MarketplaceError as error:
        if error.code != diagnosis.TOKEN_REFUSED:
            raise
    login.forget(account)
    return _send(account, call)


def _send(account: Account, call: Call) -> Any:
    seller = account.credentials["seller_id"]
    token = login.access_token(account)
    buckets.wait(seller, call.operation)
    answer = logged(
        account,
        call.shown,
        lambda: exchange(call.method, _url(account, call), *_content(call, token), who="Amazon"),
        token=token,
    )
    buckets.learned(seller, call.operation, answer.headers.get("x-amzn-ratelimit-limit", ""))
    if answer.status == 429:
        raise diagnosis.throttled(buckets.refused(seller, call.operation), _retry_after(answer))
    if answer.status >= 300 or answer.json is None:
        raise diagnosis.refusal(account, answer)
    return answer.json


def _content(call: Call, token: str) -> tuple[dict[str, str], bytes | None]:
    headers = {"x-amz-access-token": token, "User-Agent": "Packshot/1.0 (Language=Python)"}
    if call.body is None:
        return headers, None
    return headers | {"Content-Type": "application/json"}, json.dumps(call.body).encode()


def _url(account: Account, call: Call) -> str:
    region = call.region or stores.read(account.address)[0].region
    # A slash in a SKU is a part of it: everything is encoded.
    seller = quote(account.credentials["seller_id"], safe="")
    path = call.path.replace("{seller}", seller).replace("{sku}", quote(call.sku, safe=""))
    url = settings.AMAZON_SPAPI_ENDPOINT.replace("{region}", region) + path
    return f"{url}?{_query(call.query)}" if call.query else url


def _query(query: Mapping[str, str]) -> str:
    # Lists are separated by plain commas; a comma inside of a value would be encoded by who made the list.
    return urlencode(query, quote_via=quote, safe=",")


def _retry_after(answer: Answer) -> int:
    text = answer.headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() else 0
