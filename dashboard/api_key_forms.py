"""The forms of API keys: make, edit, rotate. What a form lets through is still for the action to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.access.permissions import ALL_SCOPES, SCOPE_WORDS, SCOPES
from accounts.kit.errors import PackshotError
from accounts.models import ApiKey

_LIFETIMES = [
    ("", "Never"),
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("365", "In a year"),
    ("on", "On the day below"),
]
_OVERLAPS = [
    ("0", "At once"),
    ("1", "In an hour"),
    ("24", "In 24 hours"),
    ("168", "In 7 days"),
    ("720", "In 30 days"),
    ("on", "On the day below"),
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
            self.add_error(name, "Choose the day.")


class _WithExpiry(_KeyForm):
    lifetime = forms.ChoiceField(label="Expires", required=False, choices=_LIFETIMES)
    expires_on = forms.DateField(
        label="Day of expiry",
        required=False,
        widget=_DayInput,
        help_text="Only for “On the day below”. The key works until the end of that day.",
        error_messages={"invalid": "Write the day as in 2027-01-31."},
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
            (ALL_SCOPES, "Everything: all scopes, also those of later versions"),
            *[(scope.value, f"{scope.value}: {SCOPE_WORDS[scope]}") for scope in SCOPES],
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="Give a key no more than its program needs. It can never do more than your own role.",
    )


def _name_field() -> forms.CharField:
    return forms.CharField(
        max_length=100,
        help_text="What will use it, such as “Shop import”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MakeForm(_WithExpiry):
    name = _name_field()
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            ("live", "Live: images for your shop, paid with credits"),
            ("test", "Test: free, every image carries a watermark, nothing is published"),
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
            choices = [(_KEEP, f"As now: {until:%-d %b %Y, %H:%M}"), *_LIFETIMES]
            self.fields["lifetime"] = forms.ChoiceField(label="Expires", required=False, choices=choices)

    @classmethod
    def of(cls, key: ApiKey) -> EditForm:
        """The form as it is first shown."""
        lifetime = _KEEP if key.expires_at else ""
        return cls(key, initial={"name": key.name, "scopes": key.scopes, "lifetime": lifetime})

    def expires_at(self) -> datetime | None:
        return self.key.expires_at if self.cleaned_data["lifetime"] == _KEEP else super().expires_at()


class RotateForm(_WithExpiry):
    overlap = forms.ChoiceField(
        label="The old key ends",
        choices=_OVERLAPS,
        initial="24",
        help_text="Until then both keys work, so that no program stops while you change it.",
    )
    ends_on = forms.DateField(
        label="Last day of the old key",
        required=False,
        widget=_DayInput,
        help_text="Only for “On the day below”, within 90 days.",
        error_messages={"invalid": "Write the day as in 2027-01-31."},
    )
    lifetime = forms.ChoiceField(label="The new key expires", required=False, choices=_LIFETIMES)
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
