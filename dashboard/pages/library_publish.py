"""Chosen images on their way to shops: one to the publish form, several to the matching of names."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from dashboard.access import member
from dashboard.pages.library_chosen import chosen


@require_POST
@member(Permission.PUBLISH_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    images = chosen(request, actor)
    if len(images) == 1:
        return redirect(f"{reverse('publish')}?{urlencode({'image': images[0].output_id})}")
    # The browser sends the same form there.
    return redirect("catalog_match", preserve_request=True)
