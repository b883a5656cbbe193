"""Behind the link at the end of e-mails: no more of this kind, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access.notification_kinds import KINDS
from accounts.actions.notification_choices import behind, unsubscribe
from dashboard.access import everyone
from dashboard.session import client_ip, request_id


# Mail programs send the POST themselves (RFC 8058) and have no cookie: the signed link is the credential. A GET
# changes nothing, because programs that look for harmful links follow each of them.
@csrf_exempt
@everyone
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    member, kind = behind(token)
    if request.method == "POST":
        unsubscribe(token, ip=client_ip(request), request_id=request_id(request))
    context = {
        "ended": request.method == "POST",
        "from_organization": member.organization,
        "kind": KINDS[kind].title if kind else None,
    }
    response = render(request, "pages/unsubscribe.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response
