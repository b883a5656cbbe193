"""Invitations: inviting, what waits to be accepted, sending again, revoking."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission, Role
from accounts.actions import invitations as actions
from accounts.actions.invitations import Judged
from accounts.kit.errors import Conflict, InvalidInput
from accounts.queries.invitations import invitations
from accounts.queries.teams import teams
from dashboard.access import member
from dashboard.listing import listing
from dashboard.pages.team_member import role_choices
from dashboard.reauthentication import ask_first

PAGE_SIZE = 50


class InviteForm(forms.Form):
    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "One or many, between commas, spaces or lines. Each gets a link of its own that works for 7 days."
        ),
        error_messages={"required": gettext_lazy("Type at least one e-mail address.")},
    )
    role = forms.ChoiceField(widget=forms.RadioSelect)
    teams = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who accepts is put into these."),
        error_messages={"invalid_choice": gettext_lazy("One of these teams is not there any more. Choose again.")},
    )

    def __init__(self, actor: Actor, data: object = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["role"].choices = role_choices(actor)  # type: ignore[attr-defined]
        found = [(str(row.pk), row.name) for row in teams(actor)]
        self.fields["teams"].choices = found  # type: ignore[attr-defined]
        if not found:
            del self.fields["teams"]


@require_http_methods(["GET", "POST"])
@member(Permission.MEMBERS_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page, or with htmx the list alone; a POST invites, and answers for every address that was typed."""
    if request.method == "GET":
        return _page(request, actor, InviteForm(actor, initial={"role": Role.EDITOR}))
    form = InviteForm(actor, request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=400)
    role = form.cleaned_data["role"]
    if role == Role.OWNER and (asked := ask_first(request)):
        return asked
    try:
        chosen = form.cleaned_data.get("teams", [])
        judged = actions.invite(
            actor,
            emails=actions.addresses_in(form.cleaned_data["emails"]),
            role=role,
            team_ids=[uuid.UUID(each) for each in chosen],
        )
    except InvalidInput as error:
        for item in error.errors:
            form.add_error(item.field, item.detail)
        return _page(request, actor, form, status=400)
    except Conflict as error:
        form.add_error(None, error.detail)
        return _page(request, actor, form, status=409)
    refused = [each for each in judged if not each.invited]
    invited = len(judged) - len(refused)
    if not refused:
        words = ngettext(
            "{count} person is invited. The e-mails are on their way.",
            "{count} people are invited. The e-mails are on their way.",
            invited,
        )
        messages.success(request, words.format(count=invited))
        return redirect("team_invitations")
    # What was refused stays in the field, to be mended.
    form = InviteForm(
        actor, initial={"emails": "\n".join(each.email for each in refused), "role": role, "teams": chosen}
    )
    return _page(request, actor, form, refused=refused, invited=invited, status=200 if invited else 400)


@require_POST
@member(Permission.MEMBERS_WRITE)
def again(request: HttpRequest, actor: Actor, invitation_id: uuid.UUID) -> HttpResponse:
    try:
        row = actions.send_again(actor, invitation_id=invitation_id)
    except (Conflict, InvalidInput) as error:
        messages.error(request, error.detail)
    else:
        messages.success(
            request,
            gettext("A new link is on its way to {email}. The one before opens nothing any more.").format(
                email=row.email
            ),
        )
    return redirect("team_invitations")


@require_POST
@member(Permission.MEMBERS_WRITE)
def revoke(request: HttpRequest, actor: Actor, invitation_id: uuid.UUID) -> HttpResponse:
    try:
        row = actions.revoke(actor, invitation_id=invitation_id)
    except InvalidInput as error:
        messages.error(request, error.detail)
    else:
        messages.success(
            request,
            gettext("The invitation of {email} is revoked. Its link opens nothing any more.").format(email=row.email),
        )
    return redirect("team_invitations")


def _page(
    request: HttpRequest,
    actor: Actor,
    form: InviteForm,
    *,
    refused: list[Judged] | None = None,
    invited: int = 0,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    shown = listing(request, invitations(actor), size=PAGE_SIZE)
    context = {
        "form": form,
        "refused": [f"{each.email}: {each.words}" for each in refused or ()],
        "refused_title": _refused_title(invited),
        "listing": shown,
        "rows": [{"row": row, "expired": row.expires_at <= now} for row in shown.rows],
    }
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/team_invitations.html{part}", context, status=status)


def _refused_title(invited: int) -> str:
    if not invited:
        return gettext("Nobody was invited:")
    return ngettext(
        "{count} person is invited. These were not:", "{count} people are invited. These were not:", invited
    ).format(count=invited)
