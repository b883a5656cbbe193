"""API keys: make, edit, rotate, revoke."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import ALL_SCOPES, SCOPES, Permission
from accounts.actions import audit
from accounts.kit import api_keys
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.limits.plan import refuse_beyond_plan
from accounts.models import ApiKey, Budget, Organization

LONGEST_OVERLAP = timedelta(days=90)
_LONGEST_LIFE = timedelta(days=3660)
# A page sends the moment at which it was filled in.
_SLACK = timedelta(minutes=5)


@transaction.atomic
def create_api_key(
    actor: Actor, *, name: str, scopes: list[str], expires_at: datetime | None = None, sandbox: bool = False
) -> tuple[ApiKey, str]:
    """The stored row and the key itself, which nobody can ever read again."""
    actor.require(Permission.KEYS_WRITE)
    Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
    standing = ApiKey.objects.of(actor).filter(revoked_at=None, rotated_at=None)
    refuse_beyond_plan(actor, "api_keys", count=lambda: sum(each.usable() for each in standing))
    row, key = _insert(
        actor, name=_name(name), scopes=_scopes(actor, scopes), expires_at=_expiry(expires_at), sandbox=sandbox
    )
    _record(actor, "created", row, {"name": row.name, "scopes": row.scopes, "expires_at": _text(expires_at)})
    return row, key


@transaction.atomic
def edit_api_key(
    actor: Actor, *, key_id: uuid.UUID, name: str, scopes: list[str], expires_at: datetime | None
) -> ApiKey:
    """Changes what a key is called, may do and how long it lives. Raises Conflict for a key that has ended."""
    row = _own(actor, key_id)
    _refuse_ended(row, "changed")
    before = {"name": row.name, "scopes": row.scopes, "expires_at": _text(row.expires_at)}
    row.name = _name(name)
    row.scopes = _scopes(actor, scopes, already=row.scopes)
    if expires_at != row.expires_at:
        row.expires_at = _expiry(expires_at)
    after = {"name": row.name, "scopes": row.scopes, "expires_at": _text(row.expires_at)}
    changed = [field for field in before if before[field] != after[field]]
    if changed:
        row.save(update_fields=changed)
        _record(
            actor,
            "edited",
            row,
            {
                "before": {field: before[field] for field in changed},
                "after": {field: after[field] for field in changed},
            },
        )
    return row


@transaction.atomic
def rotate_api_key(
    actor: Actor, *, key_id: uuid.UUID, ends_at: datetime | None, expires_at: datetime | None
) -> tuple[ApiKey, ApiKey, str]:
    """The old row, the new one and the new key. The old key works until `ends_at` (None: it ends at once).

    The new key has the name, the scopes and the kind of the old one; its maker is the actor, whose role must cover the
    scopes. Raises Conflict for a key that has ended or was rotated before.
    """
    row = _own(actor, key_id)
    _refuse_ended(row, "rotated")
    now = timezone.now()
    if ends_at is not None and ends_at < now - _SLACK:
        raise InvalidInput(gettext("Choose an end in the future, or let the old key end at once."), field="endsAt")
    if ends_at is not None and ends_at > now + LONGEST_OVERLAP:
        raise InvalidInput(
            gettext("Choose an end within {days} days.").format(days=LONGEST_OVERLAP.days), field="endsAt"
        )
    successor, key = _insert(
        actor,
        name=row.name,
        scopes=_scopes(actor, row.scopes),
        expires_at=_expiry(expires_at),
        sandbox=row.sandbox,
        team=row.team_id,
    )
    # Its budget goes over: what the old key still spends counts there too.
    Budget.objects.of(actor).filter(api_key=row).update(api_key=successor)
    row.rotated_at = now
    row.ends_at = max(ends_at or now, now)
    row.replaced_by = successor
    row.save(update_fields=["rotated_at", "ends_at", "replaced_by"])
    _record(
        actor,
        "rotated",
        row,
        {"ends_at": _text(row.ends_at), "replaced_by": successor.prefix, "expires_at": _text(successor.expires_at)},
    )
    _record(actor, "created", successor, {"name": row.name, "scopes": successor.scopes, "replaces": row.prefix})
    return row, successor, key


@transaction.atomic
def revoke_api_key(actor: Actor, *, key_id: uuid.UUID) -> ApiKey:
    """Ends a key at once. Revoking it again changes nothing."""
    row = _own(actor, key_id)
    if row.revoked_at is None:
        was = row.status()
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        _record(actor, "revoked", row, {"name": row.name, "before": {"status": was}, "after": {"status": "revoked"}})
    return row


def _own(actor: Actor, key_id: uuid.UUID) -> ApiKey:
    """The key, locked until the end of the transaction, so that of two changes the second sees the first."""
    actor.require(Permission.KEYS_WRITE)
    row = ApiKey.objects.of(actor).select_for_update().filter(pk=key_id).first()
    if row is None:
        raise NotFound(gettext("There is no such API key."))
    return row


def _refuse_ended(row: ApiKey, verb: str) -> None:
    status = row.status()
    if status == "rotated":
        raise Conflict(
            gettext("The key {prefix}… was rotated before. Look for the key that took its place.").format(
                prefix=row.prefix
            )
        )
    if not row.usable():
        raise Conflict(
            gettext("The key {prefix}… is {status} and cannot be {verb}. Make a new one.").format(
                prefix=row.prefix, status=status, verb=verb
            )
        )


def _insert(
    actor: Actor,
    *,
    name: str,
    scopes: list[str],
    expires_at: datetime | None,
    sandbox: bool,
    team: uuid.UUID | None = None,
) -> tuple[ApiKey, str]:
    if actor.user is None:
        raise ValueError("a key needs a person as its maker")
    key = api_keys.generate(test=sandbox)
    row = ApiKey.unscoped.create(
        organization=actor.organization,
        name=name,
        prefix=api_keys.public_prefix(key),
        digest=api_keys.digest(key, pepper=settings.API_KEY_PEPPER),
        scopes=scopes,
        sandbox=sandbox,
        maker=actor.user,
        expires_at=expires_at,
        team_id=team,
    )
    return row, key


def _name(name: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not 1 <= len(name) <= 100:
        raise InvalidInput(gettext("Give the key a name of at most 100 characters."), field="name")
    return name


def _scopes(actor: Actor, scopes: list[str], *, already: Iterable[str] = ()) -> list[str]:
    """As they are stored. Nobody hands out more than their own role holds; what a key has already may stay."""
    if not scopes:
        raise InvalidInput(gettext("Choose at least one scope."), field="scopes")
    known = {scope.value for scope in SCOPES}
    unknown = [scope for scope in scopes if scope != ALL_SCOPES and scope not in known]
    if unknown:
        raise InvalidInput(
            gettext("{unknown} is not a scope. The scopes are {names} and *.").format(
                unknown=unknown[0], names=", ".join(s.value for s in SCOPES)
            ),
            field="scopes",
        )
    wanted = [ALL_SCOPES] if ALL_SCOPES in scopes else sorted(set(scopes))
    held = {scope.value for scope in SCOPES if actor.may(scope)}
    allowed = held | set(already) | ({ALL_SCOPES} if held == known else set())
    beyond = [scope for scope in wanted if scope not in allowed]
    if beyond:
        raise InvalidInput(
            gettext(
                "Your role, {value}, does not reach as far as {beyond}. Choose other scopes, or ask an admin."
            ).format(value=actor.role.value, beyond=", ".join(beyond)),
            field="scopes",
        )
    return wanted


def _expiry(expires_at: datetime | None) -> datetime | None:
    if expires_at is None:
        return None
    if expires_at <= timezone.now():
        raise InvalidInput(gettext("Choose an expiry in the future."), field="expiresAt")
    if expires_at > timezone.now() + _LONGEST_LIFE:
        raise InvalidInput(gettext("Choose an expiry within ten years, or none."), field="expiresAt")
    return expires_at


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _record(actor: Actor, what: str, row: ApiKey, details: dict[str, object]) -> None:
    audit.record(
        actor,
        f"api_key.{what}",
        target_kind="api_key",
        target_id=row.pk,
        details={"prefix": row.prefix, "sandbox": row.sandbox} | details,
    )
