"""Settings: what the organization is called, and whose clock it follows."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.organizations import edit_organization
from accounts.actions.two_factor import require_two_factor
from accounts.kit.errors import Conflict, InvalidInput
from accounts.queries.two_factor import has_two_factor
from dashboard.access import member
from dashboard.image_retention_form import ImageRetentionForm
from dashboard.reauthentication import confirmed
from dashboard.time_zones import zones
from integrations.actions import nightly
from processing.queries.image_retention import Due, days_kept


class OrganizationForm(forms.Form):
    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=60,
        help_text=gettext_lazy("Lower-case letters, digits and hyphens; every organization has its own."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=zones,
        help_text=gettext_lazy("Shops are read in its night, and their quiet hours follow its clock."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the time zones.")},
    )


@require_http_methods(["GET", "POST"])
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody reads it; a POST of an owner saves it."""
    if request.method == "GET":
        return _page(request, actor, _form_of(actor))
    actor.require(Permission.ORGANIZATION_WRITE)
    form = OrganizationForm(request.POST)
    if form.is_valid():
        try:
            edited = edit_organization(
                actor,
                name=form.cleaned_data["name"],
                slug=form.cleaned_data["slug"],
                time_zone=form.cleaned_data["time_zone"] or None,
            )
        except InvalidInput as error:
            for item in error.errors:
                form.add_error(item.field, item.detail)
        else:
            if edited.time_zone != actor.organization.time_zone:
                nightly.work_out_again(actor)
            messages.success(request, gettext("The organization is saved."))
            return redirect("settings_organization")
    return _page(request, actor, form, status=400)


@require_POST
@member(Permission.ORGANIZATION_WRITE)
@confirmed
def two_factor(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`required`: 1 or 0."""
    required = request.POST.get("required") == "1"
    try:
        require_two_factor(actor, required=required)
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect("settings_organization")
    messages.success(
        request,
        gettext("Everybody needs two-factor authentication here from now on.")
        if required
        else gettext("Two-factor authentication is up to each member now."),
    )
    return redirect("settings_organization")


def page_with_logo_problem(request: HttpRequest, actor: Actor, problem: str) -> HttpResponse:
    return _page(request, actor, _form_of(actor), logo_problem=problem, status=400)


def page_with_images(
    request: HttpRequest, actor: Actor, images: ImageRetentionForm, *, going: Due | None = None
) -> HttpResponse:
    """`going`: what the rule deletes as soon as somebody has agreed to it."""
    return _page(request, actor, _form_of(actor), images=images, going=going, status=409 if going else 400)


def _form_of(actor: Actor) -> OrganizationForm:
    there = actor.organization
    return OrganizationForm(initial={"name": there.name, "slug": there.slug, "time_zone": there.time_zone})


def _page(
    request: HttpRequest,
    actor: Actor,
    form: OrganizationForm,
    *,
    logo_problem: str = "",
    images: ImageRetentionForm | None = None,
    going: Due | None = None,
    status: int = 200,
) -> HttpResponse:
    days = days_kept(actor)
    context = {
        "days_kept": days,
        "images_form": images or ImageRetentionForm(initial={"days": days}, auto_id="id_images_%s"),
        "going": going,
        "logo_problem": logo_problem,
        "form": form,
        "has_two_factor": actor.user is not None and has_two_factor(actor.user),
    }
    return render(request, "pages/settings_organization.html", context, status=status)
