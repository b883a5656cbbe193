"""The form of the rule that an organization's images are deleted after some days."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class ImageRetentionForm(forms.Form):
    """`agreed`: for how many days somebody has agreed to what is deleted at once; other days ask again."""

    days = forms.IntegerField(
        label=gettext_lazy("Delete images after so many days"),
        required=False,
        help_text=gettext_lazy("Counted from the end of the last job that made or used an image. Empty: images stay."),
        error_messages={
            "invalid": gettext_lazy("Use a whole number of days from 1 to 3,650, or leave it empty."),
        },
        # As text: what is no number is shown again too.
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "maxlength": "20"}),
    )
    agreed = forms.IntegerField(required=False, widget=forms.HiddenInput)
