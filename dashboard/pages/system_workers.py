"""A worker that takes no further photo, before it is stopped, and one that takes them again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.kit.errors import NotPermitted
from dashboard.access import staff
from dashboard.session import actor_of
from processing.actions.operate import set_draining


@require_POST
@staff
def drain(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        raise NotPermitted(gettext("Join an organization first: its audit log keeps what you do here."))
    draining = request.POST.get("draining") == "1"
    set_draining(actor, worker=request.POST.get("worker", ""), draining=draining)
    messages.success(
        request,
        gettext("The worker finishes what it has and takes no further photo.")
        if draining
        else gettext("The worker takes photos again."),
    )
    return redirect("system")
