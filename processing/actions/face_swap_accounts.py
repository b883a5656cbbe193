"""Face-swap accounts: add or change, pause, go on, remove. Tokens never reach the audit log."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit import api_keys, encryption
from accounts.kit.errors import Conflict, FieldError, InvalidInput, NotFound
from accounts.models import Organization
from processing.models import FaceSwapAccount

LONGEST = 200
MOST_ACCOUNTS = 100


@transaction.atomic
def keep_account(actor: Actor, *, channel: str, server: str, discord: str) -> FaceSwapAccount:
    """Adds the account of this channel, or changes the one that is there. `discord`: the token.

    Raises InvalidInput for what is empty, too long, or a token that another of the organization's accounts uses.
    """
    actor.require(Permission.PROVIDERS_WRITE)
    _check({"discord": discord, "server": server, "channel": channel})
    # The organization's row lock: of two calls with one token only the first gets it.
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    digest = api_keys.digest(discord, pepper=settings.API_KEY_PEPPER)
    accounts = FaceSwapAccount.objects.of(actor)
    known = accounts.select_for_update().filter(channel=channel).first()
    if other := accounts.filter(digest=digest).exclude(channel=channel).first():
        raise InvalidInput(
            gettext(
                "discord is already used by the account of the channel {channel}. Each account needs its own."
            ).format(channel=other.channel),
            field="discord",
        )
    if known is None:
        if accounts.count() >= MOST_ACCOUNTS:
            raise Conflict(
                gettext("An organization has at most {most_accounts} face-swap accounts. Remove one first.").format(
                    most_accounts=MOST_ACCOUNTS
                )
            )
        made = FaceSwapAccount.unscoped.create(
            organization=actor.organization,
            channel=channel,
            server=server,
            token=encryption.encrypt(discord),
            digest=digest,
            created_by=actor.user,
        )
        _audit(actor, "face_swap_account.added", made, server=server)
        return made
    changed = {"server": known.server != server, "discord": known.digest != digest}
    known.server = server
    known.token = encryption.encrypt(discord)
    known.digest = digest
    if changed["discord"]:  # another person at the provider, with other credits
        known.credits_total = known.credits_used = known.credits_at = None
        known.check_at = timezone.now()
    known.save(update_fields=["server", "token", "digest", "credits_total", "credits_used", "credits_at", "check_at"])
    _audit(actor, "face_swap_account.changed", known, changed=[name for name, is_new in changed.items() if is_new])
    return known


@transaction.atomic
def pause_account(actor: Actor, *, channel: str) -> FaceSwapAccount:
    """No further swap is given to it; one that is running goes on."""
    account = locked(actor, channel)
    _turn(actor, account, FaceSwapAccount.Status.PAUSED, "face_swap_account.paused")
    return account


@transaction.atomic
def resume_account(actor: Actor, *, channel: str) -> FaceSwapAccount:
    account = locked(actor, channel)
    _turn(actor, account, FaceSwapAccount.Status.ACTIVE, "face_swap_account.resumed")
    return account


@transaction.atomic
def remove_account(actor: Actor, *, channel: str) -> FaceSwapAccount:
    """Forgets the account and its token for good."""
    account = locked(actor, channel)
    _audit(actor, "face_swap_account.removed", account, server=account.server)
    account.delete()
    return account


def locked(actor: Actor, channel: str) -> FaceSwapAccount:
    """The caller is in a transaction. Raises NotFound."""
    actor.require(Permission.PROVIDERS_WRITE)
    found = FaceSwapAccount.objects.of(actor).select_for_update().filter(channel=channel).first()
    if found is None:
        raise NotFound(gettext("There is no face-swap account for this channel."))
    return found


def _turn(actor: Actor, account: FaceSwapAccount, status: FaceSwapAccount.Status, action: str) -> None:
    if account.status == status:
        return
    account.status = status
    account.save(update_fields=["status"])
    _audit(actor, action, account)


def _check(values: dict[str, str]) -> None:
    errors = []
    for name, value in values.items():
        if not value.strip():
            errors.append(FieldError(name, f"{name} is missing: it must be text that is not empty."))
        elif len(value) > LONGEST:
            errors.append(FieldError(name, f"{name} must be text of at most {LONGEST} characters."))
        elif not value.isprintable():
            errors.append(FieldError(name, f"{name} holds characters that cannot be printed."))
    if errors:
        raise InvalidInput(" ".join(error.detail for error in errors), errors=tuple(errors))


def _audit(actor: Actor, action: str, account: FaceSwapAccount, **details: object) -> None:
    audit.record(
        actor,
        action,
        target_kind="face_swap_account",
        target_id=account.pk,
        details={"channel": account.channel, **details},
    )
