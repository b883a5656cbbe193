"""Settings: which e-mails the person gets from the organization they are in, and when."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.notification_kinds import KINDS, Delivery, Kind
from accounts.actions.digests import MORNING
from accounts.actions.notification_choices import choose
from accounts.queries.notifications import own_choices
from dashboard.access import member

DELIVERIES: dict[Delivery, Promise] = {
    Delivery.NOW: gettext_lazy("At once"),
    Delivery.DAILY: gettext_lazy("Once a day"),
    Delivery.NONE: gettext_lazy("Never"),
}


class ChoicesForm(forms.Form):
    """A field for each kind that the role is told of."""

    def __init__(self, choices: dict[Kind, Delivery], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for kind, delivery in choices.items():
            self.fields[kind.value] = forms.ChoiceField(
                label=str(KINDS[kind].title),
                choices=[(each.value, words) for each, words in DELIVERIES.items()],
                initial=delivery.value,
                error_messages={"required": _("Choose when."), "invalid_choice": _("Choose one of the three.")},
            )


@dataclass(frozen=True, slots=True)
class Row:
    kind: Kind
    title: Promise | str
    text: Promise | str
    # Value, words, chosen.
    options: list[tuple[str, Promise, bool]]
    errors: list[str]


@require_http_methods(["GET", "POST"])
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A POST saves all of the choices or, where one is wrong, none."""
    choices = own_choices(actor)
    form = ChoicesForm(choices, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        choose(actor, {Kind(name): Delivery(value) for name, value in form.cleaned_data.items()})
        messages.success(request, _("Your choice of e-mails is saved."))
        return redirect("settings_notifications")
    person = actor.user
    assert person is not None
    context = {
        "form": form,
        "rows": [_row(form, kind) for kind in choices],
        "deliveries": DELIVERIES.values(),
        "morning": MORNING,
        "zone": person.time_zone or actor.organization.time_zone,
        "own_zone": bool(person.time_zone),
    }
    return render(request, "pages/settings_notifications.html", context, status=400 if form.is_bound else 200)


def _row(form: ChoicesForm, kind: Kind) -> Row:
    field = form[kind.value]
    chosen = field.value()
    options = [(each.value, words, each.value == chosen) for each, words in DELIVERIES.items()]
    return Row(kind, KINDS[kind].title, KINDS[kind].text, options, [str(each) for each in field.errors])
