"""A connection's subscriptions at its shop: made after connecting, looked at with every regular check."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.kit import encryption
from accounts.kit.encryption import Undecipherable
from integrations import registry
from integrations.base import Account, MarketplaceError
from integrations.models import Connection, InboundHook
from integrations.reachability import base_url_is_public


def keep(row: Connection, account: Account) -> None:
    """Has the shop tell us what changes, where it can reach us. What does not work out is noted, never raised."""
    inbound = registry.find(row.marketplace).inbound
    if inbound is None or not base_url_is_public():
        return
    hook = _hook(row)
    try:
        secret = hook.opened()
    except Undecipherable:
        secret = _renew_secret(hook)
        # The shop still signs with the lost one.
        try:
            inbound.unsubscribe(account, address(hook))
        except MarketplaceError as error:
            _note(hook, error.detail)
            return
    try:
        found = inbound.keep_subscribed(account, address(hook), secret)
    except MarketplaceError as error:
        _note(hook, error.detail)
        return
    now = timezone.now()
    before = {each["topic"]: each["mended_at"] for each in hook.topics}
    hook.topics = [
        {"topic": each.topic, "mended_at": now.isoformat() if each.mended else before.get(each.topic)} for each in found
    ]
    _note(hook, "")


def end(row: Connection, account: Account) -> None:
    """Takes the subscriptions away, as far as the shop still lets us."""
    inbound = registry.find(row.marketplace).inbound
    hook = InboundHook.unscoped.filter(connection=row).first()
    if inbound is None or hook is None:
        return
    try:
        inbound.unsubscribe(account, address(hook))
    except MarketplaceError as error:
        _note(hook, error.detail)


def address(hook: InboundHook) -> str:
    """Where the shop sends to."""
    return settings.BASE_URL + reverse("inbound_one_shop", args=[hook.connection.marketplace, hook.token])


def _hook(row: Connection) -> InboundHook:
    return InboundHook.unscoped.select_related("connection").get_or_create(
        connection=row,
        defaults={"organization_id": row.organization_id, "secret": encryption.encrypt(get_random_string(40))},
    )[0]


def _renew_secret(hook: InboundHook) -> str:
    secret = get_random_string(40)
    hook.secret = encryption.encrypt(secret)
    hook.save(update_fields=["secret"])
    return secret


@transaction.atomic
def _note(hook: InboundHook, problem: str) -> None:
    hook.problem, hook.checked_at = problem[:500], timezone.now()
    hook.save(update_fields=["topics", "problem", "checked_at"])
