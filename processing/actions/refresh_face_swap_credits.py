"""Asks accounts at the face-swap provider for their credits now and then, so that the pool and the page know them."""

from __future__ import annotations

import uuid

import structlog

from accounts.kit.encryption import Undecipherable
from processing.actions import face_swap_pool
from processing.models import FaceSwapAccount
from processing.providers import insightfaceswap
from processing.providers.base import Login, Provider, ProviderFailed

log = structlog.get_logger(__name__)

_HELD_SECONDS = 120.0


def refresh_next() -> bool:
    """Asks one account that is due and that no swap uses; False where there is none, or no provider."""
    provider = insightfaceswap.provider()
    if provider is None:
        return False
    holder = uuid.uuid4()
    account = face_swap_pool.take_due_for_a_check(holder=holder, seconds=_HELD_SECONDS)
    if account is None:
        return False
    try:
        _ask(provider, account)
    finally:
        face_swap_pool.release(holder)
    return True


def _ask(provider: Provider, account: FaceSwapAccount) -> None:
    try:
        found = provider.check(Login(account.readable_token(), account.server, account.channel))
    except Undecipherable:
        log.warning("face_swap_token_unreadable", account=str(account.pk))
    except ProviderFailed as error:
        face_swap_pool.failed(account, error)
    else:
        face_swap_pool.worked(account, found)
