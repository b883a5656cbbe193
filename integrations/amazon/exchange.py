"""One HTTP exchange with Amazon, or with a bridge, over the guarded outbound client. Redirects are not followed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from accounts.kit import outbound
from integrations.amazon import diagnosis

SECONDS = 30.0
_MOST_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx2.Headers
    data: bytes

    @property
    def json(self) -> Any:
        """None for HTML, for half an answer and for everything else that is no JSON."""
        if "json" not in self.headers.get("content-type", "").lower():
            return None
        try:
            return json.loads(self.data)
        except ValueError:
            return None


def exchange(
    method: str, url: str, headers: Mapping[str, str], content: bytes | None = None, *, seconds: float = SECONDS
) -> Answer:
    """Raises MarketplaceError where no whole answer comes."""
    try:
        with (
            outbound.client(seconds=seconds) as client,
            client.stream(method, url, headers={"Accept": "application/json", **headers}, content=content) as response,
        ):
            data = bytearray()
            for part in response.iter_bytes():
                data += part
                if len(data) > _MOST_BYTES:
                    raise diagnosis.too_long()
            return Answer(response.status_code, response.headers, bytes(data))
    except outbound.OutboundError as error:
        raise diagnosis.not_allowed(error.detail) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise diagnosis.unreachable(error, seconds=seconds) from None
