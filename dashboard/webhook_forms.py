"""Forms of the Webhooks pages."""

from __future__ import annotations

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.actions.webhook_secrets import OVERLAP_HOURS
from accounts.kit.errors import InvalidInput
from accounts.kit.webhook_events import ALL_EVENTS, CHOICES, EVENTS

_WORDS = {
    0: gettext_lazy("End it at once"),
    24: gettext_lazy("24 hours"),
    72: gettext_lazy("3 days"),
    168: gettext_lazy("7 days"),
}


class EventsForm(forms.Form):
    events = forms.MultipleChoiceField(
        choices=[
            (ALL_EVENTS, gettext_lazy("Everything: all events, also those of later versions")),
            *[(name, format_lazy("{name}: {words}", name=name, words=gettext_lazy(EVENTS[name]))) for name in CHOICES],
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose what the receiver works on. Less is easier to look through."),
        error_messages={"required": gettext_lazy("Choose at least one event.")},
    )

    def take(self, error: InvalidInput) -> None:
        """Puts what an action refused beside its field."""
        for item in error.errors or ():
            self.add_error(item.field if item.field in self.fields else None, item.detail)
        if not error.errors:
            self.add_error(None, error.detail)


class EndpointForm(EventsForm):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        help_text=gettext_lazy("Where events are sent by POST, such as https://example.com/hooks/packshot."),
        widget=forms.TextInput(
            attrs={"type": "url", "placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Name the address that is to be called.")},
    )
    field_order = ["url", "events"]


class RotateForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label=gettext_lazy("The old secret goes on for"),
        coerce=int,
        choices=[(hours, _WORDS[hours]) for hours in OVERLAP_HOURS],
        initial=24,
        help_text=gettext_lazy(
            "Until then every event carries two signatures: put the new secret into your receiver in the "
            "meantime, and nothing is refused."
        ),
    )
