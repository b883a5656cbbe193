"""Settings: taking everything of the organization along, handing it over, closing it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.closing import close_organization, keep_organization, note_export
from accounts.actions.members import hand_over as hand_over_to
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.organization_export import export_entries
from dashboard.reauthentication import confirmed
from dashboard.zip_stream import stream


class HandOverForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("E-mail address of a member"),
        max_length=254,
        help_text=gettext_lazy("They become the owner and you an admin, at once."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "email"}),
    )


class CloseForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the organization"),
        max_length=200,
        help_text=gettext_lazy("Type it as it stands above."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@require_safe
@member(Permission.ORGANIZATION_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _page(request)


@require_POST
@member(Permission.ORGANIZATION_WRITE)
@confirmed
def export(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Everything in one ZIP, made while it is sent."""
    note_export(actor)
    response = StreamingHttpResponse(stream(export_entries(actor)), content_type="application/zip")
    name = f"{actor.organization.slug}-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@member(Permission.ORGANIZATION_WRITE)
@confirmed
def hand_over(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            row = hand_over_to(actor, email=form.cleaned_data["email"])
        except InvalidInput as error:
            form.add_error("email", error.detail)
        else:
            messages.success(
                request,
                gettext("{display_name} owns {name} now. You are an admin.").format(
                    display_name=row.user.display_name, name=actor.organization.name
                ),
            )
            return redirect("team")
    return _page(request, hand_over=form, status=400)


@require_POST
@member(Permission.ORGANIZATION_WRITE)
@confirmed
def close(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            close_organization(actor, name=form.cleaned_data["name"])
        except (InvalidInput, Conflict) as error:
            form.add_error("name", error.detail)
        else:
            return redirect("settings_closing")
    return _page(request, close=form, status=400)


@require_POST
@member(Permission.ORGANIZATION_WRITE)
def keep(request: HttpRequest, actor: Actor) -> HttpResponse:
    try:
        row = keep_organization(actor)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, gettext("{name} stays. Everything works again.").format(name=row.name))
    return redirect("settings_closing")


def _page(
    request: HttpRequest, *, hand_over: HandOverForm | None = None, close: CloseForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "hand_over": hand_over or HandOverForm(auto_id="id_hand_over_%s"),
        "closing_days": settings.CLOSING_DAYS,
        "close": close or CloseForm(auto_id="id_close_%s"),
    }
    return render(request, "pages/settings_closing.html", context, status=status)
