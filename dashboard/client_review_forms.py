"""The forms of reviews by clients: asking for one, a new link, more time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.invitations import addresses_in
from accounts.kit.errors import PackshotError
from processing.actions.client_reviews import DAYS, MOST_ADDRESSES, MOST_DAYS


class _Taking(forms.Form):
    def take(self, error: PackshotError) -> None:
        """Puts what an action refused beside the field that it names."""
        for item in error.errors:
            self.add_error(item.field if item.field in self.fields else None, item.detail)
        if not error.errors:
            self.add_error(None, error.detail)


def _emails(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Send the link to"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=help_text,
    )


def _days(label: Any) -> forms.IntegerField:
    words = _("Use a whole number of days from 1 to %(most)s.") % {"most": MOST_DAYS}
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": words, "min_value": words, "max_value": words, "required": words},
    )


class AskForm(_Taking):
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Your client reads it first, such as “Autumn collection, first choice”."),
        error_messages={"required": _("Give the review a title; your client reads it first.")},
    )
    message = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What to look at. It stands above the images and in the e-mail."),
    )
    days = _days(_("Works for so many days"))
    emails = _emails(_("One or several addresses, or none: you get the link to pass on yourself."))
    downloads = forms.BooleanField(
        label=_("Let them download the images"),
        required=False,
        help_text=_("Else they see them at up to 1280 pixels."),
    )

    def addresses(self) -> list[str]:
        return addresses_in(self.cleaned_data["emails"])


class RenewForm(_Taking):
    emails = _emails(
        _("At most %(most)s addresses, or none: you get the link to pass on yourself.") % {"most": MOST_ADDRESSES}
    )

    def addresses(self) -> list[str]:
        return addresses_in(self.cleaned_data["emails"])


class ExtendForm(_Taking):
    days = _days(_("Days from now"))
