"""The form that begins a sign-in at a shop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import PackshotError
from dashboard.sharing_field import chosen, sharing_field
from integrations.actions.connection_settings import Wanted
from integrations.base import Marketplace


class SignInForm(forms.Form):
    """Its ids differ from those of the form for typed keys on the same page."""

    def __init__(self, actor: Actor, marketplace: Marketplace, data: Any = None) -> None:
        super().__init__(data, auto_id="sign_in_%s")
        self.fields["address"] = forms.CharField(
            label=marketplace.address_label,
            max_length=500,
            help_text=marketplace.address_help,
            widget=forms.TextInput(attrs={"placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}),
            error_messages={"required": gettext("Type the shop's address.")},
        )
        self.fields["name"] = forms.CharField(
            max_length=100, required=False, help_text=gettext("Leave it empty to use the address.")
        )
        self.fields["sharing"] = sharing_field(actor)

    def wanted(self) -> Wanted:
        """Of a valid form."""
        found = self.cleaned_data
        shared, team_id = chosen(found["sharing"])
        return Wanted(found["name"], found["address"], {}, shared=shared, team_id=team_id)

    def take(self, error: PackshotError) -> None:
        for item in error.errors:
            self.add_error(item.field if item.field in self.fields else None, item.detail)
        if not error.errors:
            self.add_error(None, error.detail)
