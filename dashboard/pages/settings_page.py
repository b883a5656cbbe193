"""Settings: the person's own profile and appearance."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.actions.profile import edit_profile
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.time_zones import zones


class ProfileForm(forms.Form):
    name = forms.CharField(
        required=False,
        max_length=150,
        help_text=gettext_lazy("Others see it beside what you do. Empty: the first part of your e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), required=False, help_text=gettext_lazy("Dates and days are shown in it.")
    )

    def __init__(self, data: object = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=gettext("Language"),
                required=False,
                choices=[("", gettext("That of the browser")), *settings.LANGUAGES],
                help_text=gettext("Of pages and e-mails."),
            )
        self.fields["time_zone"].choices = [("", gettext("That of the browser")), *zones()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A POST saves the profile."""
    person = actor.user
    assert person is not None
    if request.method == "GET":
        form = ProfileForm(initial={"name": person.name, "time_zone": person.time_zone, "language": person.language})
        return render(request, "pages/settings.html", {"form": form})
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            edit_profile(
                actor,
                name=form.cleaned_data["name"],
                time_zone=form.cleaned_data["time_zone"],
                language=form.cleaned_data.get("language"),
            )
        except InvalidInput as error:
            for item in error.errors:
                form.add_error(item.field, item.detail)
        else:
            messages.success(request, gettext("Your profile is saved."))
            return redirect("settings")
    return render(request, "pages/settings.html", {"form": form}, status=400)
