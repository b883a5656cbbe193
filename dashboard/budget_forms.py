"""The forms of budgets: of a team, and of an API key together with its team."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import PackshotError
from accounts.models import ApiKey, Budget
from accounts.queries.teams import teams


def _credits(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy(label),
        required=False,
        help_text=gettext_lazy(help_text),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Use a whole number such as 2000, or leave it empty.")},
    )


class BudgetForm(forms.Form):
    """Empty fields are no limit."""

    soft = _credits(
        gettext_noop("Tell people at"),
        gettext_noop("Credits in a month. Owners, admins and the leads get an e-mail. Empty: nobody."),
    )
    hard = _credits(
        gettext_noop("Refuse beyond"), gettext_noop("Credits in a month, in UTC. Empty: nothing is refused.")
    )

    @staticmethod
    def values(budget: Budget | None) -> dict[str, int | None]:
        return {"soft": budget.soft, "hard": budget.hard} if budget else {}

    def take(self, error: PackshotError) -> None:
        """Puts what an action refused beside the fields that it names."""
        for item in error.errors:
            self.add_error(item.field if item.field in self.fields else None, item.detail)
        if not error.errors:
            self.add_error(None, error.detail)


class KeyBudgetForm(BudgetForm):
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        required=False,
        help_text=gettext_lazy("What the key's calls cost counts on the budget of this team too."),
    )
    soft = _credits(
        gettext_noop("Tell people at"),
        gettext_noop("Credits in a month. Owners, admins and the key's maker get an e-mail. Empty: nobody."),
    )
    field_order = ["team", "soft", "hard"]

    def __init__(self, actor: Actor, key: ApiKey, data: object = None, *, budget: Budget | None = None) -> None:
        initial = {"team": str(key.team_id or "")} | self.values(budget)
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        found = teams(actor)[:500] if actor.may(Permission.MEMBERS_READ) else []
        choices = [("", gettext("None: the organization's credits alone")), *((str(row.pk), row.name) for row in found)]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]

    def team_id(self) -> uuid.UUID | None:
        chosen = self.cleaned_data["team"]
        return uuid.UUID(chosen) if chosen else None
