"""The calls without a key, put together. See legacy.py for when they are there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Status
from pydantic.alias_generators import to_camel

from accounts.access.actor import Actor
from accounts.access.public import public_actor
from accounts.kit.errors import InvalidInput
from dashboard.access import everyone
from dashboard.api.answers import ComplianceAnswer, ImageAnswer, WarningNote, problems
from dashboard.api.call import call_of
from dashboard.api.compliance_call import compliance_call
from dashboard.api.compliance_request import read_compliance
from dashboard.api.errors import NotInTime
from dashboard.api.image_call import answered, waited_for, waited_for_end
from dashboard.api.image_request import read_image_call
from dashboard.api.job_answers import image_answer
from dashboard.api.legacy import SUCCESSORS
from dashboard.api.request_docs import public_call_docs, public_compliance_docs
from dashboard.api.v1 import api as v1
from dashboard.session import client_ip, request_id
from processing.actions.give_up import give_up
from processing.actions.public_work import LIVES, Reduced, for_public
from processing.operations.base import Operation
from processing.operations.registry import OPERATIONS

api = NinjaAPI(title="Calls without a key", version="1.0.0", urls_namespace="legacy", openapi_url=None, docs_url=None)
v1.answer_errors(api)


def _view(name: str) -> Callable[..., HttpResponse | Status[ImageAnswer]]:
    @everyone
    def view(request: HttpRequest, response: HttpResponse) -> HttpResponse | Status[ImageAnswer]:
        return _image(request, response, name)

    return view


def _actor(request: HttpRequest) -> Actor:
    actor = public_actor(ip=client_ip(request), request_id=request_id(request), endpoint=call_of(request).endpoint)
    request.auth = actor  # type: ignore[attr-defined]
    return actor


def _image(request: HttpRequest, response: HttpResponse, operation: str) -> HttpResponse | Status[ImageAnswer]:
    actor = _actor(request)
    photos, reduced = for_public(actor, read_image_call(request, operation))
    seconds = settings.API_WAIT_SECONDS
    job = waited_for(actor, replace(photos, within=seconds), seconds=seconds)
    if not job.ended:
        if give_up(actor, job_id=job.pk):
            raise NotInTime("The image was not finished in time. Nothing is kept; send it again.")
        job = waited_for_end(actor, job)
    answer = image_answer(request, job, remaining=0)
    if reduced:
        answer.warnings.append(_warning(reduced))
    return answered(request, response, answer, job)


def _warning(reduced: Reduced) -> WarningNote:
    wanted, made = (" × ".join(map(str, size)) for size in (reduced.wanted, reduced.made))
    return WarningNote(
        code="reduced",
        detail=f"Without a key an image has 0.25 megapixel at most: it was made {made} instead of {wanted} pixels. "
        "Send a key for its whole size.",
    )


@api.post(
    "/compliance",
    auth=None,
    operation_id="checkComplianceWithoutKey",
    summary="Check an image against a marketplace's rules without a key",
    description="As POST /api/v1/compliance, to try it out. The image is removed within the hour; there are no files "
    "and no profiles of your own here.",
    response={200: ComplianceAnswer, **problems(400, 409, 413, 415, 422, 429, 504)},
    deprecated=True,
    by_alias=True,
    tags=["Without a key"],
    openapi_extra=public_compliance_docs(),
)
@everyone
def check(request: HttpRequest) -> ComplianceAnswer:
    actor = _actor(request)
    asked = read_compliance(request, actor)
    if isinstance(asked.source, uuid.UUID):
        raise InvalidInput("Without a key there are no files. Send the image itself.", field="fileId")
    return compliance_call(request, actor, asked, kept=LIVES)


def _add(operation: Operation[Any]) -> None:
    api.default_router.add_api_operation(
        operation.path,
        ["POST"],
        _view(operation.name),
        auth=None,
        operation_id=f"{to_camel(operation.name)}WithoutKey",
        summary=f"{operation.summary} without a key",
        description=f"As POST /api/v1{operation.path}, to try it out: no key, nothing is charged. The image has 0.25 "
        "megapixel at most (a larger one is made smaller in its own ratio, with the warning `reduced`), and "
        "everything is removed within the hour. There are no files and no presets of your own here.",
        response={200: ImageAnswer, **problems(400, 409, 413, 415, 422, 429, 504)},
        deprecated=True,
        by_alias=True,
        tags=["Without a key"],
        openapi_extra=public_call_docs(operation),
    )


for _operation in OPERATIONS.values():
    if f"/api{_operation.path}" in SUCCESSORS:
        _add(_operation)
