from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from accounts.access.permissions import Permission
from dashboard.api.answers import ComplianceAnswer, problems
from dashboard.api.auth import Requires, caller
from dashboard.api.compliance_call import compliance_call
from dashboard.api.compliance_request import read_compliance
from dashboard.api.request_docs import compliance_docs

router = Router(tags=["Compliance"], by_alias=True)


@router.post(
    "/compliance",
    auth=Requires(Permission.COMPLIANCE_READ),
    operation_id="checkCompliance",
    summary="Check an image against a marketplace's rules",
    description="Measures the image on its pixels and judges it by the rules of a marketplace: each finding says what "
    "was measured, what is wanted, who says so, and whether an operation can mend it. Free. Waits up to 60 seconds; "
    "after that the answer is 504. An image that is sent along is removed after 24 hours.",
    response={200: ComplianceAnswer, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 504)},
    openapi_extra=compliance_docs(),
)
def check(request: HttpRequest) -> ComplianceAnswer:
    actor = caller(request)
    return compliance_call(request, actor, read_compliance(request, actor))
