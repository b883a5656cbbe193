"""Approvals: what waits for a second person, since when and until when; what became of the rest; the rules."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.approvals import set_rules
from accounts.kit.errors import Conflict, InvalidInput, NotPermitted
from accounts.models import Approval
from accounts.queries import approvals as queries
from dashboard.access import member
from dashboard.listing import listing
from integrations.actions.approvals import decide as decide_on
from processing.models import ClientReview
from processing.queries import client_reviews as client_queries

PAGE_SIZE = 50
MOST_WAITING = 100
_ROUTES = {Approval.Kind.PUBLICATION: "publication", Approval.Kind.RUN: "publish_run", Approval.Kind.JOB: "job"}


class RulesForm(forms.Form):
    publishing = forms.BooleanField(
        label=gettext_lazy("Publishing needs a second person"),
        required=False,
        help_text=gettext_lazy("What editors and their API keys publish."),
    )
    spending_above = forms.IntegerField(
        label=gettext_lazy("So do jobs that cost more than"),
        required=False,
        help_text=gettext_lazy("Credits of one job. Empty: none does."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Use a whole number such as 100, or leave it empty.")},
    )


@require_safe
@member(Permission.IMAGES_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list of what was decided."""
    there = actor.organization
    initial = {"publishing": there.approve_publishing, "spending_above": there.approve_spending_above}
    return _page(request, actor, RulesForm(initial=initial))


@require_POST
@member(Permission.IMAGES_READ)
def decide(request: HttpRequest, actor: Actor, approval_id: uuid.UUID) -> HttpResponse:
    """Approves with `approve` in the form, else refuses, or withdraws one's own."""
    approve = "approve" in request.POST
    try:
        row = decide_on(actor, approval_id=approval_id, approve=approve, comment=request.POST.get("comment", ""))
    except (Conflict, InvalidInput, NotPermitted) as error:
        messages.error(request, error.detail)
    else:
        done = {
            "approved": gettext("{title} is approved and on its way."),
            "refused": gettext("{title} is refused."),
            "withdrawn": gettext("{title} is withdrawn."),
        }
        messages.success(request, done[row.status].format(title=row.title))
    return redirect("approvals")


@require_POST
@member(Permission.ORGANIZATION_WRITE)
def rules(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = RulesForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_rules(actor, publishing=given["publishing"], spending_above=given["spending_above"])
        except InvalidInput as error:
            for item in error.errors:
                form.add_error(item.field, item.detail)
        else:
            messages.success(request, gettext("The rules are saved. They hold for what is asked for from now on."))
            return redirect("approvals")
    return _page(request, actor, form, status=400)


def _page(request: HttpRequest, actor: Actor, form: RulesForm, *, status: int = 200) -> HttpResponse:
    done = listing(request, queries.approvals(actor, pending=False), size=PAGE_SIZE)
    asked = client_queries.reviews_for(actor, [row.pk for row in done.rows])
    context = {"listing": done, "rows": [_shown(actor, row, asked) for row in done.rows]}
    if request.headers.get("HX-Target") == "approvals-list":
        return render(request, "pages/approvals.html#list", context)
    waiting = list(queries.approvals(actor, pending=True).order_by("expires_at")[: MOST_WAITING + 1])
    more, waiting = len(waiting) > MOST_WAITING, waiting[:MOST_WAITING]
    asked = client_queries.reviews_for(actor, [row.pk for row in waiting])
    context |= {"waiting": [_shown(actor, row, asked) for row in waiting], "more": more, "form": form}
    return render(request, "pages/approvals.html", context, status=status)


def _shown(actor: Actor, row: Approval, asked: dict[uuid.UUID, list[ClientReview]]) -> dict[str, object]:
    own = actor.user is not None and row.asked_by_id == actor.user.pk
    return {
        "row": row,
        "own": own,
        "decides": not own and actor.may(Permission.APPROVALS_WRITE),
        "clients": asked.get(row.pk, []),
        "asks_client": row.kind != Approval.Kind.JOB and actor.may(Permission.REVIEWS_WRITE),
        "url": reverse(_ROUTES[Approval.Kind(row.kind)], args=[row.target_id]),
    }
