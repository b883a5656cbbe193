"""The calls of the image operations: one for each file in processing/operations that names a path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic.alias_generators import to_camel

from accounts.access.permissions import Permission
from dashboard.api.answers import Accepted, ImageAnswer, problems
from dashboard.api.auth import Requires
from dashboard.api.image_call import image_call
from dashboard.api.request_docs import image_call_docs
from processing.operations.base import Operation
from processing.operations.registry import OPERATIONS

router = Router(tags=["Images"], by_alias=True)

_WAITS = (
    "The call waits for its job and answers with the image's address and figures, or with the image itself for "
    "`Accept: image/*`. A job that takes longer than 60 seconds (or than `Prefer: wait=N`) goes on by itself: the "
    "answer is then 202."
)

Answered = HttpResponse | Status[ImageAnswer] | Status[Accepted]


def _view(name: str) -> Callable[[HttpRequest, HttpResponse], Answered]:
    def view(request: HttpRequest, response: HttpResponse) -> Answered:
        return image_call(request, response, name)

    return view


def _price(operation: Operation[Any]) -> str:
    price = f"{operation.cost} credit{'s' if operation.cost > 1 else ''}"
    return f"Costs {price}; a call that fails is never charged."


# The main operation first: documents, collections and the tester list them in this order.
for _operation in sorted(OPERATIONS.values(), key=lambda each: (each.name != "process", each.name)):
    if _operation.path:
        router.add_api_operation(
            _operation.path,
            ["POST"],
            _view(_operation.name),
            auth=Requires(Permission(_operation.scope), answers_credits=True),
            operation_id=to_camel(_operation.name),
            summary=_operation.summary,
            description=f"{_operation.description} {_WAITS} {_price(_operation)}",
            response={200: ImageAnswer, 202: Accepted, **problems(400, 401, 402, 403, 404, 409, 413, 415, 429)},
            openapi_extra=image_call_docs(_operation),
            by_alias=True,
        )
