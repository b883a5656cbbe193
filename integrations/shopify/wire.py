"""One HTTP exchange with Shopify."""

from __future__ import annotations

from collections.abc import Mapping

from integrations import wire
from integrations.base import Account
from integrations.wire import Answer

WHO = "Shopify"


def exchange(
    account: Account,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    seconds: float = wire.SECONDS,
    logged: str,
    private: bool = False,
    keys: bool = False,
    token: str = "",
) -> Answer:
    """`logged`: the request as the log shows it, without a secret; `private`, `keys`, `token`: as
    integrations.wire.logged has them.

    Raises MarketplaceError where no answer came.
    """
    return wire.logged(
        account,
        logged,
        lambda: wire.exchange(method, url, headers or {}, content, who=WHO, seconds=seconds),
        private=private,
        keys=keys,
        token=token,
    )
