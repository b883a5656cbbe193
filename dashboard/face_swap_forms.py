"""The form of the face-swap accounts page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from accounts.kit.errors import InvalidInput
from processing.actions.face_swap_accounts import LONGEST


def _plain(**more: str) -> dict[str, str]:
    return {"autocomplete": "off", "spellcheck": "false", **more}


class AccountForm(forms.Form):
    channel = forms.CharField(
        label=gettext_lazy("Channel"),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "The id of the Discord channel in which the bot answers. A channel that is in the list is changed."
        ),
        widget=forms.TextInput(attrs=_plain()),
        error_messages={"required": gettext_lazy("Name the channel.")},
    )
    server = forms.CharField(
        label=gettext_lazy("Server"),
        max_length=LONGEST,
        help_text=gettext_lazy("The id of the Discord server that the channel belongs to."),
        widget=forms.TextInput(attrs=_plain()),
        error_messages={"required": gettext_lazy("Name the server.")},
    )
    discord = forms.CharField(
        label=gettext_lazy("Discord token"),
        max_length=LONGEST,
        help_text=gettext_lazy("Kept encrypted and shown masked. Every account needs a token of its own."),
        widget=forms.PasswordInput(attrs=_plain(autocomplete="new-password")),
        error_messages={"required": gettext_lazy("Paste the token of the Discord account.")},
    )

    def take(self, error: InvalidInput) -> None:
        """Puts what the action refused beside its field."""
        for item in error.errors:
            self.add_error(item.field if item.field in self.fields else None, item.detail)
