"""Settings: after how many days the organization's images are deleted. What goes at once is agreed to first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.image_retention_form import ImageRetentionForm
from dashboard.pages.settings_organization import page_with_images
from dashboard.reauthentication import confirmed
from integrations.actions.image_retention import set_rule
from processing.actions.image_retention import WouldDelete


@require_POST
@member(Permission.ORGANIZATION_WRITE)
@confirmed
def change(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`days`: empty keeps images; `agreed`: the same number again where images go at once."""
    form = ImageRetentionForm(request.POST, auto_id="id_images_%s")
    if not form.is_valid():
        return page_with_images(request, actor, form)
    days = form.cleaned_data["days"]
    try:
        set_rule(actor, days=days, agreed=form.cleaned_data["agreed"] == days)
    except InvalidInput as error:
        form.add_error("days", error.detail)
        return page_with_images(request, actor, form)
    except WouldDelete as asked:
        return page_with_images(request, actor, form, going=asked.found)
    if days is None:
        words = gettext("Images stay from now on.")
    else:
        words = ngettext("Images are deleted after {days} day now.", "Images are deleted after {days} days now.", days)
    messages.success(request, words.format(days=days))
    return redirect("settings_organization")
