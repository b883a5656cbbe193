"""The forms of API keys: make, edit, rotate. What a form lets through is still for the action to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import dateformat, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from accounts.access.permissions import ALL_SCOPES, SCOPE_WORDS, SCOPES
from accounts.kit.errors import PackshotError
from accounts.models import ApiKey

_LIFETIMES = [
    ("", gettext_lazy("Never")),
    ("30", gettext_lazy("In 30 days")),
    ("90", gettext_lazy("In 90 days")),
    ("365", gettext_lazy("In a year")),
    ("on", gettext_lazy("On the day below")),
]
_OVERLAPS = [
    ("0", gettext_lazy("At once")),
    ("1", gettext_lazy("In an hour")),
    ("24", gettext_lazy("In 24 hours")),
    ("168", gettext_lazy("In 7 days")),
    ("720", gettext_lazy("In 30 days")),
    ("on", gettext_lazy("On the day below")),
]
_KEEP = "keep"
# Where an action's fields stand on the page.
_PLACES = {"expiresAt": "expires_on", "endsAt": "ends_on"}


class _DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _KeyForm(forms.Form):
    def take(self, error: PackshotError) -> None:
        """Puts what an action refused beside the fields that it names."""
        for item in error.errors:
            name = _PLACES.get(item.field, item.field)
            self.add_error(name if name in self.fields else None, item.detail)
        if not error.errors:
            self.add_error(None, error.detail)

    def _day(self, choice: str, name: str) -> None:
        if self.cleaned_data.get(choice) == "on" and not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, gettext("Choose the day."))


class _WithExpiry(_KeyForm):
    lifetime = forms.ChoiceField(label=gettext_lazy("Expires"), required=False, choices=_LIFETIMES)
    expires_on = forms.DateField(
        label=gettext_lazy("Day of expiry"),
        required=False,
        widget=_DayInput,
        help_text=gettext_lazy("Only for “On the day below”. The key works until the end of that day."),
        error_messages={"invalid": gettext_lazy("Write the day as in 2027-01-31.")},
    )

    def clean(self) -> dict[str, Any]:
        self._day("lifetime", "expires_on")
        return self.cleaned_data

    def expires_at(self) -> datetime | None:
        wanted = self.cleaned_data["lifetime"]
        if wanted == "on":
            return _end_of(self.cleaned_data["expires_on"])
        return timezone.now() + timedelta(days=int(wanted)) if wanted else None


def _scopes_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=[
            (ALL_SCOPES, gettext_lazy("Everything: all scopes, also those of later versions")),
            *[
                (
                    scope.value,
                    format_lazy("{scope}: {words}", scope=scope.value, words=gettext_lazy(SCOPE_WORDS[scope])),
                )
                for scope in SCOPES
            ],
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Give a key no more than its program needs. It can never do more than your own role."),
    )


def _name_field() -> forms.CharField:
    return forms.CharField(
        max_length=100,
        help_text=gettext_lazy("What will use it, such as “Shop import”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MakeForm(_WithExpiry):
    name = _name_field()
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            ("live", gettext_lazy("Live: images for your shop, paid with credits")),
            ("test", gettext_lazy("Test: free, every image carries a watermark, nothing is published")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="live",
    )
    scopes = _scopes_field()
    field_order = ["name", "kind", "scopes", "lifetime", "expires_on"]

    @property
    def sandbox(self) -> bool:
        return bool(self.cleaned_data["kind"] == "test")


class EditForm(_WithExpiry):
    name = _name_field()
    scopes = _scopes_field()
    field_order = ["name", "scopes", "lifetime", "expires_on"]

    def __init__(
        self, key: ApiKey, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.key = key
        if key.expires_at:
            until = timezone.localtime(key.expires_at)
            choices = [
                (_KEEP, gettext("As now: {until}").format(until=dateformat.format(until, "j M Y, H:i"))),
                *_LIFETIMES,
            ]
            self.fields["lifetime"] = forms.ChoiceField(label=gettext("Expires"), required=False, choices=choices)

    @classmethod
    def of(cls, key: ApiKey) -> EditForm:
        """The form as it is first shown."""
        lifetime = _KEEP if key.expires_at else ""
        return cls(key, initial={"name": key.name, "scopes": key.scopes, "lifetime": lifetime})

    def expires_at(self) -> datetime | None:
        return self.key.expires_at if self.cleaned_data["lifetime"] == _KEEP else super().expires_at()


class RotateForm(_WithExpiry):
    overlap = forms.ChoiceField(
        label=gettext_lazy("The old key ends"),
        choices=_OVERLAPS,
        initial="24",
        help_text=gettext_lazy("Until then both keys work, so that no program stops while you change it."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day of the old key"),
        required=False,
        widget=_DayInput,
        help_text=gettext_lazy("Only for “On the day below”, within 90 days."),
        error_messages={"invalid": gettext_lazy("Write the day as in 2027-01-31.")},
    )
    lifetime = forms.ChoiceField(label=gettext_lazy("The new key expires"), required=False, choices=_LIFETIMES)
    field_order = ["overlap", "ends_on", "lifetime", "expires_on"]

    def clean(self) -> dict[str, Any]:
        self._day("overlap", "ends_on")
        return super().clean()

    def ends_at(self) -> datetime | None:
        """When the old key ends; None for at once."""
        wanted = self.cleaned_data["overlap"]
        if wanted == "on":
            return _end_of(self.cleaned_data["ends_on"])
        return timezone.now() + timedelta(hours=int(wanted)) if wanted != "0" else None


def first_form() -> MakeForm:
    """With the scopes that most programs need."""
    return MakeForm(initial={"scopes": ["images:write", "images:read"], "kind": "live"})


def _end_of(day: date) -> datetime:
    """The end of a day in the viewer's zone."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
