"""The organization's logo: putting one up, taking it away, and the picture itself, which is open to everybody."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import everyone, member
from dashboard.pages.settings_organization import page_with_logo_problem
from processing.actions import blobs
from processing.actions.logo import MOST_BYTES, remove_logo, set_logo
from processing.models import Asset


@require_POST
@member(Permission.ORGANIZATION_WRITE)
def change(request: HttpRequest, actor: Actor) -> HttpResponse:
    file = request.FILES.get("logo")
    if file is None:
        return page_with_logo_problem(request, actor, _("Choose a file first."))
    if (file.size or 0) > MOST_BYTES:
        words = _("The file has more than %(most)s MB. Send a smaller one.") % {"most": MOST_BYTES // 1_000_000}
        return page_with_logo_problem(request, actor, words)
    try:
        set_logo(actor, data=file.read())
    except InvalidInput as error:
        return page_with_logo_problem(request, actor, error.detail)
    messages.success(request, _("The logo is saved."))
    return redirect("settings_organization")


@require_POST
@member(Permission.ORGANIZATION_WRITE)
def remove(request: HttpRequest, actor: Actor) -> HttpResponse:
    remove_logo(actor)
    messages.success(request, _("The logo is taken away."))
    return redirect("settings_organization")


@require_safe
@everyone
def picture(request: HttpRequest, logo_id: uuid.UUID) -> HttpResponseBase:
    """Another logo is another address, so this one never changes."""
    asset = Asset.unscoped.select_related("blob").filter(pk=logo_id, kind=Asset.Kind.LOGO).first()
    if asset is None:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(blobs.read(asset.blob), content_type="image/webp", headers=headers)
