"""The forms of a connection, drawn from what its marketplace asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access.actor import Actor
from accounts.kit.errors import PackshotError
from dashboard.sharing_field import as_chosen, chosen, sharing_field
from integrations.actions.connection_settings import LEAST_CALLS, MOST_CALLS, MOST_DAYS, Wanted
from integrations.base import Credential, Marketplace, MarketplaceError
from integrations.models import Connection


class ConnectionForm(forms.Form):
    """Of a new connection, or of `row`: then the address is fixed and empty keys stay as they are."""

    def __init__(
        self, actor: Actor, marketplace: Marketplace, data: Any = None, *, row: Connection | None = None
    ) -> None:
        super().__init__(data, initial=_initial(row) if row else {"sharing": "me"})
        self._names = [each.name for each in marketplace.credentials]
        self.fields["name"] = forms.CharField(
            max_length=100,
            required=row is not None,
            help_text=gettext("By which you tell it from others.")
            if row
            else gettext("Leave it empty to use the address."),
            error_messages={"required": gettext("Give it a name by which you tell it from others.")},
        )
        if row is None:
            self.fields["address"] = forms.CharField(
                label=marketplace.address_label,
                max_length=500,
                help_text=marketplace.address_help,
                widget=forms.TextInput(
                    attrs={"placeholder": marketplace.address_placeholder, "autocomplete": "off", "spellcheck": "false"}
                ),
                error_messages={"required": gettext("Type the shop's address.")},
            )
        for each in marketplace.credentials:
            self.fields[each.name] = _field(each, stored=row is not None)
        self.fields["sharing"] = sharing_field(actor, row)
        if row is not None:
            self.fields["calls_per_minute"] = forms.IntegerField(
                label=gettext("Calls a minute"),
                min_value=LEAST_CALLS,
                max_value=MOST_CALLS,
                help_text=gettext("At most this many, so that a small server keeps time for its customers."),
            )
            zone = actor.organization.time_zone
            self.fields["nightly"] = forms.BooleanField(
                label=gettext("Read the catalog every night"),
                required=False,
                help_text=gettext("What has changed, and everything once a week."),
            )
            self.fields["nightly_at"] = _time(
                gettext("Read at"), gettext("By the clock of {zone}, the organization's time zone.").format(zone=zone)
            )
            self.fields["quiet_from"] = _time(
                gettext("Quiet hours from"),
                gettext("Until their end nothing is asked of the shop: no sync, no check, no publication."),
            )
            self.fields["quiet_until"] = _time(gettext("Quiet hours until"), gettext("Leave both empty for none."))
            if marketplace.publisher.files_stay:
                self.fields["remove_after_days"] = _removal()

    def wanted(self) -> Wanted:
        """Of a valid form."""
        found = self.cleaned_data
        shared, team_id = chosen(found["sharing"])
        return Wanted(
            name=found["name"],
            address=found.get("address", ""),
            credentials={name: found.get(name, "") for name in self._names},
            shared=shared,
            team_id=team_id,
            calls_per_minute=found.get("calls_per_minute"),
            nightly=found.get("nightly", True),
            nightly_at=found.get("nightly_at") or "03:00",
            quiet_from=found.get("quiet_from", ""),
            quiet_until=found.get("quiet_until", ""),
            remove_after_days=found.get("remove_after_days"),
        )

    def take(self, error: PackshotError | MarketplaceError) -> None:
        """Puts a refusal, ours or the shop's, beside its field."""
        if isinstance(error, MarketplaceError):
            self._put(error.field, error.detail)
            return
        for item in error.errors:
            self._put(item.field, item.detail)
        if not error.errors:
            self.add_error(None, error.detail)

    def _put(self, field: str, detail: str) -> None:
        self.add_error(field if field in self.fields else None, detail)


def _initial(row: Connection) -> dict[str, Any]:
    names = ("name", "calls_per_minute", "nightly", "nightly_at", "quiet_from", "quiet_until", "remove_after_days")
    return {name: getattr(row, name) for name in names} | {"sharing": as_chosen(row)}


def _time(label: str, words: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=5, help_text=words, widget=forms.TextInput(attrs={"type": "time"})
    )


def _removal() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Remove replaced images after (days)"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_(
            "Images that were published from here, and that no product shows any more, are deleted from the shop's "
            "media library then. Leave it empty to keep them all."
        ),
    )


def _field(credential: Credential, *, stored: bool) -> forms.Field:
    attributes = {"placeholder": credential.placeholder, "autocomplete": "off", "spellcheck": "false"}
    # What was typed comes back with an error beside it: the page is private and never stored.
    widget = (
        forms.PasswordInput(attrs=attributes | {"autocomplete": "new-password"}, render_value=True)
        if credential.secret
        else forms.TextInput(attrs=attributes)
    )
    return forms.CharField(
        label=f"{credential.label} (optional)" if credential.optional else credential.label,
        required=not stored and not credential.optional,
        max_length=2000,
        widget=widget,
        help_text=gettext("Leave it empty to keep the stored one.") if stored else credential.where,
        error_messages={"required": gettext("Type the {label}.").format(label=credential.label.lower())},
    )
