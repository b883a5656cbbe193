"""`X-Credits-Charged` and `X-Credits-Remaining`, on every answer of an image operation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from accounts.access.actor import Actor
from accounts.queries.credits import balance

CHARGED = "X-Credits-Charged"
REMAINING = "X-Credits-Remaining"


def put(response: HttpResponseBase, *, charged: int, remaining: int) -> None:
    response[CHARGED] = str(charged)
    response[REMAINING] = str(remaining)


def put_uncharged(request: HttpRequest, response: HttpResponseBase) -> None:
    """For a refusal or a job that goes on: nothing is charged so far, and that is said once it is known who asked."""
    actor: Actor | None = getattr(request, "pays", None)
    if actor is not None and not response.has_header(CHARGED):
        put(response, charged=0, remaining=balance(actor))
