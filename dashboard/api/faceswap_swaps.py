"""Face-swap family: submit a swap."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Router

from accounts.access.permissions import Permission
from dashboard.api import credits_headers
from dashboard.api.auth import Requires, caller
from dashboard.api.faceswap_answers import FaceSwapCreated, created_answer, failures
from dashboard.api.faceswap_fields import read_face_swap
from dashboard.api.request_docs import face_swap_docs
from processing.actions.submit_face_swap import submit_face_swap
from processing.queries import face_swaps as queries

router = Router(tags=["Swaps"])
_ABOUT = (
    "Lays the face of one picture onto another. The answer comes at once; ask for the job, or be called at `replyUrl`. "
    "Each account makes one swap at a time; when none is free the answer is 429 with `Retry-After`. Costs 1 credit of "
    "your organization and one of the account; a swap that fails is not charged. 409 where the installation has no "
    "provider."
)


def _view(verb: str) -> Callable[[HttpRequest, HttpResponse], FaceSwapCreated]:
    def view(request: HttpRequest, response: HttpResponse) -> FaceSwapCreated:
        actor = caller(request)
        new = read_face_swap(request, verb)
        made = new.claim.job_id if new.claim else None
        # Made by an earlier call with this Idempotency-Key, which was interrupted before its answer.
        swap = queries.swap(actor, made) if made else submit_face_swap(actor, new)
        credits_headers.put_uncharged(request, response)
        return created_answer(swap)

    return view


for _verb, _summary, _words in (
    ("picsi", "Swap a face", _ABOUT),
    ("swap", "Swap a face, the older call", f"As POST /v1/faceswap/picsi. {_ABOUT}"),
):
    router.add_api_operation(
        f"/{_verb}",
        ["POST"],
        _view(_verb),
        auth=Requires(Permission.IMAGES_WRITE, answers_credits=True),
        operation_id=f"faceSwap{_verb.capitalize()}",
        summary=_summary,
        description=_words,
        response={200: FaceSwapCreated, **failures(400, 401, 402, 403, 404, 409, 413, 415, 422, 429)},
        openapi_extra=face_swap_docs(),
    )
