"""A delivery of a shop at our door: whose it is, whether it is genuine, and keeping it once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import NotFound
from integrations import registry
from integrations.actions.account import account_of
from integrations.actions.inbound_work import SEND_AGAIN
from integrations.base import MarketplaceError
from integrations.inbound import Delivery, Inbound
from integrations.models import Connection, InboundDelivery, InboundHook

# The largest body that is read: a product with a long description and a thousand variants.
MOST_BYTES = 2_000_000
_MOST_HEADER = 500
_SECRET_HEADERS = ("authorization", "cookie")


class NotReadable(Exception):
    """The signature cannot be checked at the moment: the shop should send it again."""


def receive(*, marketplace: str, token: str, raw: bytes, headers: Mapping[str, str]) -> None:
    """A delivery to the address of one connection. `headers`: by lower-case names.

    Raises NotFound for an address that is nobody's, BadSignature, NotReadable; nothing is kept then.
    """
    kind = _inbound(marketplace)
    hook = (
        InboundHook.unscoped.select_related("connection")
        .filter(token=token, connection__marketplace=marketplace, connection__disconnected_at=None)
        .first()
    )
    if hook is None:
        raise NotFound(gettext("There is no such address."))
    try:
        secrets = kind.secrets(account_of(hook.connection), hook.opened())
    except (Undecipherable, MarketplaceError):
        raise NotReadable from None
    _keep(hook.connection, kind.authenticate(raw, headers, secrets), raw, headers)


def receive_for_all(*, marketplace: str, raw: bytes, headers: Mapping[str, str]) -> None:
    """A delivery to the one address of a marketplace's app: for every connection of the shop that it names.

    Raises NotFound where the marketplace has no such address, BadSignature.
    """
    kind = _inbound(marketplace)
    secrets = kind.app_secrets()
    if not secrets:
        raise NotFound(gettext("There is no such address."))
    delivery = kind.authenticate(raw, headers, secrets)
    rows = Connection.unscoped.filter(marketplace=marketplace, address=kind.shop(headers), disconnected_at=None)
    for row in rows:
        _keep(row, delivery, raw, headers)


def _inbound(marketplace: str) -> Inbound:
    kind = registry.find(marketplace).inbound
    if kind is None:
        raise NotFound(gettext("There is no such address."))
    return kind


def _keep(connection: Connection, delivery: Delivery, raw: bytes, headers: Mapping[str, str]) -> None:
    """One that is known already is the same delivery, sent again.

    The keeper sends it to the queue in its next round: the answer must not wait for a queue, and what a shop tells
    several times within seconds is asked for once.
    """
    if not delivery.key:
        return
    now = timezone.now()
    try:
        with transaction.atomic():
            InboundDelivery.unscoped.create(
                organization_id=connection.organization_id,
                connection=connection,
                topic=delivery.topic[:100],
                change=delivery.change.value,
                remote_id=delivery.remote_id[:100],
                key=delivery.key[:200],
                happened_at=delivery.happened_at,
                received_at=now,
                headers={name: value[:_MOST_HEADER] for name, value in headers.items() if name not in _SECRET_HEADERS},
                body=raw,
                sent_at=now - SEND_AGAIN,
            )
    except IntegrityError:
        return
