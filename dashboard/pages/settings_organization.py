"""Settings: what the organization is called."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.organizations import edit_organization
from accounts.kit.errors import InvalidInput
from dashboard.access import member


class OrganizationForm(forms.Form):
    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    slug = forms.CharField(
        label="Short name",
        max_length=60,
        help_text="Lower-case letters, digits and hyphens; every organization has its own.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "POST"])
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody reads it; a POST of an owner saves it."""
    if request.method == "GET":
        there = actor.organization
        form = OrganizationForm(initial={"name": there.name, "slug": there.slug})
        return render(request, "pages/settings_organization.html", {"form": form})
    actor.require(Permission.ORGANIZATION_WRITE)
    form = OrganizationForm(request.POST)
    if form.is_valid():
        try:
            edit_organization(actor, name=form.cleaned_data["name"], slug=form.cleaned_data["slug"])
        except InvalidInput as error:
            for item in error.errors:
                form.add_error(item.field, item.detail)
        else:
            messages.success(request, "The organization is saved.")
            return redirect("settings_organization")
    return render(request, "pages/settings_organization.html", {"form": form}, status=400)
