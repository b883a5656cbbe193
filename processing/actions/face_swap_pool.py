"""The pool of face-swap accounts: who makes the next call. The account's row is the lock.

An account is taken by one UPDATE that repeats every condition, so of many at once only one gets it and none goes over
its credits. A job holds its account until the job ends, however it ends: no crash leaves one behind.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, Min, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext

from accounts.kit.errors import NotFound, PackshotError
from processing.models import FaceSwapAccount
from processing.providers.base import OutOfCredits, ProviderCredits, ProviderFailed

# Credits come back every day at the provider; a count older than this says nothing any more.
_RENEWED_AFTER = timedelta(hours=24)
_LONGEST_COOLING = 3600.0
# A call that is canceled while it runs is over at the provider after this long at the latest.
_AFTER_CANCEL = timedelta(seconds=30)
_BUSY_SECONDS = 5
_LOOKED_AT = 10


class NoAccountFree(PackshotError):
    """Every face-swap account is busy, cooling down, paused or out of credits. Retry-After says when to try again."""

    code = "no_account_free"
    status = 429
    title = "No account is free"
    retryable = True

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def take(
    organization_id: uuid.UUID, *, holder: uuid.UUID, channel: str = "", but: Collection[uuid.UUID] = ()
) -> FaceSwapAccount:
    """A random account that may make a call now, held by `holder` and one credit of it counted.

    `channel`: that account and no other. Raises NoAccountFree (429), NotFound for a channel that has none.
    """
    accounts = FaceSwapAccount.unscoped.filter(organization_id=organization_id)
    if channel:
        accounts = accounts.filter(channel=channel)
    if not accounts.exists():
        raise NotFound(
            gettext("There is no face-swap account for this channel.")
            if channel
            else gettext("No face-swap account is configured yet. POST /v1/faceswap/account/{channel} adds one.")
        )
    now = timezone.now()
    usable = accounts.filter(_usable(now)).exclude(pk__in=but)
    free = list(usable.values_list("pk", flat=True))
    random.shuffle(free)
    for account_id in free:
        if _hold(usable.filter(pk=account_id), now, holder=holder, used=_counted(now)):
            return FaceSwapAccount.unscoped.get(pk=account_id)
    raise NoAccountFree(_why(accounts, now), retry_after=_wait(accounts, now))


def take_for_a_test(account: FaceSwapAccount, *, holder: uuid.UUID, seconds: float) -> bool:
    """Holds this one for a moment, whatever its credits; False while it is busy."""
    now = timezone.now()
    idle = FaceSwapAccount.unscoped.filter(_idle(now), pk=account.pk)
    return _hold(idle, now, holder=holder, used=F("credits_used"), until=now + timedelta(seconds=seconds))


def take_due_for_a_check(*, holder: uuid.UUID, seconds: float) -> FaceSwapAccount | None:
    """An idle account of any organization whose credits are due, held for a moment; None where there is none.

    When they are due next is decided with it: however this ends, nobody asks again before.
    """
    now = timezone.now()
    due = FaceSwapAccount.unscoped.filter(
        _idle(now), _not_cooling(now), status=FaceSwapAccount.Status.ACTIVE, check_at__lte=now
    )
    for account_id in due.order_by("check_at").values_list("pk", flat=True)[:_LOOKED_AT]:
        if due.filter(pk=account_id).update(
            held_by=holder, held_until=now + timedelta(seconds=seconds), check_at=next_check(now)
        ):
            return FaceSwapAccount.unscoped.get(pk=account_id)
    return None


def next_check(now: datetime) -> datetime:
    """Spread over a fifth to either side: many accounts added at once are not all asked at once for ever."""
    return now + timedelta(hours=settings.FACE_SWAP_CREDITS_HOURS * random.uniform(0.8, 1.2))  # noqa: S311


def held_by(holder: uuid.UUID) -> FaceSwapAccount | None:
    return FaceSwapAccount.unscoped.filter(held_by=holder).first()


def worked(account: FaceSwapAccount, credits: ProviderCredits | None) -> None:
    """A call has ended well. `credits`: as the provider has just said."""
    _same(account).update(failures=0, trouble="", cools_until=None)
    learn(account, credits)


def learn(account: FaceSwapAccount, credits: ProviderCredits | None) -> None:
    if credits:
        now = timezone.now()
        _same(account).update(
            credits_total=credits.total, credits_used=credits.used, credits_at=now, check_at=next_check(now)
        )


def failed(account: FaceSwapAccount, error: ProviderFailed) -> None:
    """It cools down, longer with every failure in a row, and is nobody's any more."""
    now = timezone.now()
    spent = {"credits_used": F("credits_total"), "credits_at": now} if isinstance(error, OutOfCredits) else {}
    seconds = min(error.cools * 2 ** min(account.failures, 6), max(error.cools, _LONGEST_COOLING))
    FaceSwapAccount.unscoped.filter(pk=account.pk, held_by=account.held_by).update(
        failures=F("failures") + 1,
        trouble=error.detail[:300],
        cools_until=now + timedelta(seconds=seconds),
        held_by=None,
        held_until=None,
        **spent,
    )


def release(holder: uuid.UUID, *, interrupted: bool = False) -> None:
    """`interrupted`: the provider may still be at it, so the account waits a moment."""
    until = timezone.now() + _AFTER_CANCEL
    rest = {"cools_until": until} if interrupted else {}
    FaceSwapAccount.unscoped.filter(held_by=holder).update(held_by=None, held_until=None, **rest)


def _same(account: FaceSwapAccount) -> QuerySet[FaceSwapAccount]:
    """Its row, unless it was given the token of another account at the provider meanwhile."""
    return FaceSwapAccount.unscoped.filter(pk=account.pk, digest=account.digest)


def _hold(
    one: QuerySet[FaceSwapAccount], now: datetime, *, holder: uuid.UUID, used: object, until: datetime | None = None
) -> bool:
    return bool(
        one.update(
            held_by=holder,
            held_until=until,
            last_used_at=now,
            credits_used=used,
            credits_at=Case(When(credits_total=None, then=None), default=Value(now))
            if until is None
            else F("credits_at"),
        )
    )


def _idle(now: datetime) -> Q:
    return Q(held_by=None) | Q(held_until__lte=now)


def _not_cooling(now: datetime) -> Q:
    return Q(cools_until=None) | Q(cools_until__lte=now)


def _usable(now: datetime) -> Q:
    return (
        Q(status=FaceSwapAccount.Status.ACTIVE)
        & _idle(now)
        & _not_cooling(now)
        & (Q(credits_total=None) | Q(credits_used__lt=F("credits_total")) | Q(credits_at__lte=now - _RENEWED_AFTER))
    )


def _counted(now: datetime) -> Case:
    return Case(
        When(credits_total=None, then=None),
        When(credits_at__lte=now - _RENEWED_AFTER, then=Value(1)),
        default=F("credits_used") + 1,
    )


def _why(accounts: QuerySet[FaceSwapAccount], now: datetime) -> str:
    active = accounts.filter(status=FaceSwapAccount.Status.ACTIVE)
    if not active.exists():
        return "Every face-swap account is paused."
    if active.exclude(_idle(now)).exists():
        return "Every face-swap account is busy or has no credits left. Try again in a moment."
    return "Every face-swap account is cooling down or has no credits left."


def _wait(accounts: QuerySet[FaceSwapAccount], now: datetime) -> int:
    """Seconds until one may be free."""
    active = accounts.filter(status=FaceSwapAccount.Status.ACTIVE)
    if active.exclude(_idle(now)).exists():
        return _BUSY_SECONDS
    cooled = active.filter(cools_until__gt=now).aggregate(first=Min("cools_until"))["first"]
    return max(1, round((cooled - now).total_seconds())) if cooled else 3600
