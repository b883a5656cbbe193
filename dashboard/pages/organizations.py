"""All of one's organizations: how each is, and switching between them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import NotFound
from accounts.models import Organization, User
from accounts.queries.approvals import to_decide_in_each
from accounts.queries.credits import balance_of
from accounts.queries.memberships import memberships_of
from dashboard.access import signed_in
from dashboard.pages.home import LOW_CREDITS
from dashboard.session import actors_of, switch_organization
from integrations.queries.connections import broken_in_each
from integrations.queries.publishing_needs import waiting_runs_in_each
from processing.queries.usage import failed_in_each, running_in_each


@dataclass(frozen=True, slots=True)
class Row:
    """One organization. `actor`: None where it asks for two-factor authentication and the person has none yet."""

    organization: Organization
    actor: Actor | None
    broken: int
    waiting: int
    failed: int
    runs: int
    running: int
    credits: int

    @property
    def low(self) -> bool:
        return self.actor is not None and self.actor.may(Permission.CREDITS_READ) and self.credits < LOW_CREDITS

    @property
    def needs(self) -> int:
        """How many kinds of things want somebody: what needs more stands first."""
        return sum(map(bool, (self.broken, self.waiting, self.failed, self.runs, self.low)))


@require_safe
@signed_in
def page(request: HttpRequest, user: User) -> HttpResponse:
    """The organizations that need something first, then by name. For who has one alone there is Home."""
    own = memberships_of(user)
    if len(own) < 2:
        return redirect("home")
    rows = _rows([each.organization for each in own], actors_of(request, own))
    context = {
        "rows": sorted(rows, key=lambda row: -row.needs),
        "quiet": not any(row.needs for row in rows),
        "metered": not settings.CREDITS_UNLIMITED,
        "failed_url": f"{reverse('jobs')}?status=failed",
        "running_url": f"{reverse('jobs')}?status=running",
    }
    return render(request, "pages/organizations.html", context)


def _rows(organizations: Sequence[Organization], actors: Sequence[Actor]) -> list[Row]:
    by_id = {actor.organization.pk: actor for actor in actors}
    broken, waiting = broken_in_each(actors), to_decide_in_each(actors)
    failed, running, runs = failed_in_each(actors), running_in_each(actors), waiting_runs_in_each(actors)
    return [
        Row(
            each,
            by_id.get(each.pk),
            broken=broken.get(each.pk, 0),
            waiting=waiting.get(each.pk, 0),
            failed=failed.get(each.pk, 0),
            runs=runs.get(each.pk, 0),
            running=running.get(each.pk, 0),
            credits=balance_of(each),
        )
        for each in organizations
    ]


@require_POST
@signed_in
def switch(request: HttpRequest, user: User) -> HttpResponse:
    try:
        wanted = uuid.UUID(request.POST.get("organization", ""))
    except ValueError:
        raise NotFound(gettext("There is no such organization.")) from None
    if not switch_organization(request, wanted):
        raise NotFound(gettext("There is no such organization."))
    there = request.POST.get("next", "")
    if there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("home")
