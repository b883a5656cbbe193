"""The API tester: any call of the OpenAPI document as a form. What is sent, the browser sends, with the pasted key."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.addresses import base
from dashboard.document_calls import every_call, grouped

_FIRST = "process"


@require_safe
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`?call=` is an operationId; htmx gets the call alone, so that a pasted key stays in the page."""
    calls = every_call(request)
    wanted = request.GET.get("call", _FIRST)
    call = next((each for each in calls if each.id == wanted), None)
    if call is None:
        raise Http404
    context = {"call": call, "groups": grouped(calls), "count": len(calls), "server": base(request)}
    template = "parts/tester/call.html" if request.headers.get("HX-Request") else "pages/api_tester.html"
    return render(request, template, context)
