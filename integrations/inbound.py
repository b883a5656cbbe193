"""What a marketplace offers so that its shops can tell us what changed.

The door (dashboard/hooks/inbound.py) reads the raw body, has it authenticated and stored, and answers. What a delivery
says is worked on later, and never taken from its body: the product is asked for, so that deliveries may come late,
twice or in any order.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from integrations.base import Account


class BadSignature(Exception):
    """Not from the shop, or changed on the way. It is answered with 401, and nothing of it is kept."""


class Change(StrEnum):
    """What a delivery is about."""

    NOTHING = "nothing"  # known, and of no consequence here
    PRODUCT = "product"  # made, changed or deleted: it is asked for
    UNINSTALLED = "uninstalled"  # the keys are worth nothing any more
    PERSONAL_DATA = "personal_data"  # a request about customers, of whom nothing is kept here: noted


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery whose signature is good. `topic`: the marketplace's own word for it.

    `key`: the same for the same delivery sent twice, other for every other one of the connection; empty for what is
    answered and not kept, such as a ping. `remote_id`: the product. `happened_at`: as the shop says, where it does.
    """

    topic: str
    change: Change
    key: str
    remote_id: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a shop tells us about. `mended`: it was missing or switched off, and was set up just now."""

    topic: str
    mended: bool = False


class Inbound(ABC):
    """One marketplace's side. What reaches the shop raises MarketplaceError, and nothing else."""

    @abstractmethod
    def authenticate(self, raw: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> Delivery:
        """`headers`: by lower-case names. `secrets`: any of them may have signed. Raises BadSignature."""

    @abstractmethod
    def keep_subscribed(self, account: Account, address: str, secret: str) -> tuple[Subscription, ...]:
        """Every topic that is needed is sent to `address`: what is missing or switched off is set up again, and what
        else was sent there by us is taken away. Called after connecting and with every regular check.
        """

    @abstractmethod
    def unsubscribe(self, account: Account, address: str) -> None:
        """Takes away what is sent to `address`."""

    def secrets(self, account: Account, own: str) -> tuple[str, ...]:
        """Those that may sign deliveries of one connection. `own`: made by us for it, as `keep_subscribed` was given
        it; a marketplace that signs with something else answers that."""
        return (own,)

    def app_secrets(self) -> tuple[str, ...]:
        """Those of deliveries to /hooks/<marketplace>/, one address for all shops; empty where there is no such."""
        return ()

    def shop(self, headers: Mapping[str, str]) -> str:
        """For the address of all shops: the `address` of the connections that a delivery is for."""
        return ""


def signed_by(raw: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """Whether `signature` is the base64 HMAC-SHA256 of the body with one of the secrets, compared in constant time."""
    given = signature.encode("utf-8", "surrogateescape")
    found = False
    for secret in secrets:
        made = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest())
        found |= bool(secret) and hmac.compare_digest(made, given)
    return found
