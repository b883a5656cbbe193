"""The balance, in the shape of family 2: its clients ask here."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from accounts.access.permissions import Permission
from accounts.queries.credits import balance_as_read
from dashboard.api.answers import CreditBalance, HeySwapFailure
from dashboard.api.auth import Requires, caller

router = Router(tags=["Credits"])


@router.get(
    "/user/credits",
    auth=Requires(Permission.CREDITS_READ),
    operation_id="readCredits",
    summary="Read the credit balance",
    description="What can still be spent; credits reserved by running jobs are taken off already. Errors of this call "
    "have the shape `{success, message}`.",
    response={200: CreditBalance, 401: HeySwapFailure, 403: HeySwapFailure, 429: HeySwapFailure},
)
def read(request: HttpRequest) -> CreditBalance:
    actor = caller(request)
    assert actor.user is not None  # every key has a maker
    return CreditBalance(credits=balance_as_read(actor), user_id=actor.user.pk)
