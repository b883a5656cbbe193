"""The e-mails about credits: a low balance, a budget that has reached a limit. Sent by a worker, after the commit."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.access.permissions import Role
from accounts.actions.notifications import tell
from accounts.kit import tasks
from accounts.kit.letters import address_of
from accounts.models import BudgetMonth, Membership, Organization


def tell_that_it_is_low(organization_id: uuid.UUID) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_low_balance", str(organization_id), queue="io"))


def tell_of_budget(row: BudgetMonth) -> None:
    transaction.on_commit(partial(tasks.send, "accounts.mail_budget", row.pk, queue="io"))


def mail_low_balance(organization_id: uuid.UUID) -> None:
    """To owners and admins."""
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization:
        _mail("credits_low", organization, Q(pk__in=[]), {"balance": organization.credit_balance})


def mail_budget(month_id: int) -> None:
    """To owners and admins, the leads of the team, the maker of the key."""
    row = BudgetMonth.unscoped.select_related("organization", "budget__team", "budget__api_key").filter(pk=month_id)
    month = row.first()
    if month is None:
        return
    budget = month.budget
    also = Q(places__team=budget.team, places__lead=True) if budget.team else Q(user=budget.api_key.maker_id)  # type: ignore[union-attr]
    used_up = budget.hard is not None and month.spent >= budget.hard
    _mail("budget_reached", month.organization, also, {"month": month, "used_up": used_up})


def _mail(name: str, organization: Organization, also: Q, context: dict[str, object]) -> None:
    people = Membership.unscoped.filter(organization=organization).filter(Q(role__in=(Role.OWNER, Role.ADMIN)) | also)
    tell(Kind.CREDITS, people, name, context, address=address_of(reverse("usage_credits"), of=organization.pk))
