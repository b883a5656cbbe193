"""A test of a face-swap account: whether the provider lets it in, and its credits."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import Conflict
from processing.actions import face_swap_pool
from processing.models import FaceSwapAccount
from processing.providers import insightfaceswap
from processing.providers.base import Login, ProviderFailed
from processing.queries.face_swap_accounts import account as find_account

_HELD_SECONDS = 120.0


def try_account(actor: Actor, *, channel: str) -> FaceSwapAccount:
    """The account as it is after it. Raises ProviderFailed, and Conflict while a swap is being made with it."""
    actor.require(Permission.PROVIDERS_WRITE)
    account = find_account(actor, channel)
    provider = insightfaceswap.provider()
    if provider is None:
        raise Conflict(gettext("This installation has no provider to test with. Its operator sets DISCORD_API_URL."))
    holder = uuid.uuid4()
    if not face_swap_pool.take_for_a_test(account, holder=holder, seconds=_HELD_SECONDS):
        raise Conflict(
            gettext("The account of the channel {channel} is busy with a swap. Test it in a moment.").format(
                channel=channel
            )
        )
    try:
        found = provider.check(Login(account.readable_token(), account.server, account.channel))
    except Undecipherable:
        face_swap_pool.release(holder)
        raise Conflict(
            gettext("The token cannot be read: FIELD_ENCRYPTION_KEYS has changed. Add the account again.")
        ) from None
    except ProviderFailed as error:
        account.refresh_from_db()
        face_swap_pool.failed(account, error)
        raise
    face_swap_pool.worked(account, found)
    face_swap_pool.release(holder)
    audit.record(
        actor,
        "face_swap_account.tested",
        target_kind="face_swap_account",
        target_id=account.pk,
        details={"channel": channel},
    )
    account.refresh_from_db()
    return account
