"""/wc-auth/v1/authorize: WooCommerce makes a key and sends it, from server to server, to an https address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings

from accounts.kit.errors import InvalidInput
from accounts.kit.outbound import OutboundError
from integrations.hand_over import HandOver
from integrations.woocommerce.addresses import tidy_address

_NOT_KEYS = "This is not what WooCommerce sends."


class WooCommerceHandOver(HandOver):
    def tidy(self, address: str) -> str:
        try:
            return tidy_address(address)
        except OutboundError as error:
            raise InvalidInput(error.detail, field="address") from None

    def where(self, address: str, *, state: str, back: str, callback: str) -> str:
        query = {
            "app_name": settings.SITE_NAME, "scope": "read_write", "user_id": state, "return_url": back,
            "callback_url": callback,
        }  # fmt: skip
        return f"{address}/wc-auth/v1/authorize?{urlencode(query)}"

    def received(self, raw: bytes) -> tuple[str, Mapping[str, str]]:
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise InvalidInput(_NOT_KEYS) from None
        names = ("user_id", "consumer_key", "consumer_secret")
        if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in names):
            raise InvalidInput(_NOT_KEYS)
        return body["user_id"], {name: body[name] for name in names[1:]}
