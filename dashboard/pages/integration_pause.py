"""Pausing a shop, and going on: what waits for it goes out then."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from integrations.actions import pausing


@require_POST
@member(Permission.PUBLISH_WRITE)
def pause(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    row = pausing.pause(actor, connection_id=connection_id)
    messages.success(
        request, gettext("Nothing new is published to {name} until somebody resumes.").format(name=row.name)
    )
    return redirect("integration", connection_id)


@require_POST
@member(Permission.PUBLISH_WRITE)
def resume(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    row = pausing.resume(actor, connection_id=connection_id)
    messages.success(request, gettext("What has waited goes out to {name} now.").format(name=row.name))
    return redirect("integration", connection_id)
