"""Buttons of the system page for a stuck job of any organization."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_PERMISSIONS, Role
from accounts.kit.errors import NotFound
from accounts.models import User
from dashboard.access import staff
from dashboard.session import client_ip, request_id
from processing.actions.cancel import cancel_job
from processing.actions.operate import queue_again
from processing.models import Job


@require_POST
@staff
def again(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    count = queue_again(_operator(request, job_id), job_id=job_id)
    text = ngettext("%(count)s photo is back in the queue.", "%(count)s photos are back in the queue.", count)
    messages.success(request, text % {"count": count})
    return redirect("system")


@require_POST
@staff
def cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """What was finished is charged, the rest given back, as where its people cancel it."""
    job = cancel_job(_operator(request, job_id), job_id=job_id)
    given_back = job.credits_reserved - job.credits_charged
    messages.success(request, gettext("The job is canceled. Credits given back: %(count)s.") % {"count": given_back})
    return redirect("system")


def _operator(request: HttpRequest, job_id: uuid.UUID) -> Actor:
    """The operator, acting in the job's organization: its audit log says who did it."""
    assert isinstance(request.user, User)
    job = Job.unscoped.select_related("organization").filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    return Actor(
        job.organization,
        request.user,
        Role.OWNER,
        ROLE_PERMISSIONS[Role.OWNER],
        ip=client_ip(request),
        request_id=request_id(request),
    )
