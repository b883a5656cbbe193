"""One member: role, removing, leaving."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_WORDS, Permission, Role
from accounts.actions import members as actions
from accounts.kit.errors import Conflict, InvalidInput
from accounts.models import Membership
from accounts.queries import members as queries
from dashboard.access import member
from dashboard.reauthentication import ask_first
from processing.actions import leaving


class RoleForm(forms.Form):
    """The roles that the actor may give."""

    role = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, actor: Actor, data: object = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["role"].choices = role_choices(actor)  # type: ignore[attr-defined]


def role_choices(actor: Actor) -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {gettext(ROLE_WORDS[role])}") for role in Role if actor.role.covers(role)]


@require_http_methods(["GET", "POST"])
@member(Permission.MEMBERS_READ)
def page(request: HttpRequest, actor: Actor, membership_id: int) -> HttpResponse:
    """Everybody reads it; a POST changes the role."""
    row = queries.member(actor, membership_id)
    if request.method == "GET":
        return _page(request, actor, row, RoleForm(actor, initial={"role": row.role}))
    actor.require(Permission.MEMBERS_WRITE)
    form = RoleForm(actor, request.POST)
    if not form.is_valid():
        return _page(request, actor, row, form, status=400)
    if form.cleaned_data["role"] == Role.OWNER and (asked := ask_first(request)):
        return asked
    try:
        actions.change_role(actor, membership_id=membership_id, role=form.cleaned_data["role"])
    except (InvalidInput, Conflict) as error:
        form.add_error("role", error.detail)
        return _page(request, actor, row, form, status=error.status)
    role = Role(form.cleaned_data["role"])
    messages.success(
        request,
        gettext("{display_name} is {with_article} now.").format(
            display_name=row.user.display_name, with_article=role.with_article
        ),
    )
    return redirect("team")


@require_POST
@member(Permission.MEMBERS_WRITE)
def remove(request: HttpRequest, actor: Actor, membership_id: int) -> HttpResponse:
    row = queries.member(actor, membership_id)
    try:
        leaving.remove_member(actor, membership_id=membership_id)
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect("team_member", membership_id)
    messages.success(
        request,
        gettext("{display_name} is removed, and every key they made here has ended.").format(
            display_name=row.user.display_name
        ),
    )
    return redirect("team")


@require_POST
@member()
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    try:
        leaving.leave(actor)
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect("team_member", queries.own_membership(actor).pk)
    messages.success(request, gettext("You have left {name}.").format(name=actor.organization.name))
    return redirect("home")


def _page(request: HttpRequest, actor: Actor, row: Membership, form: RoleForm, *, status: int = 200) -> HttpResponse:
    role = Role(row.role)
    mine = actor.user is not None and row.user_id == actor.user.pk
    context = {
        "row": row,
        "role_label": role.label,
        "role_words": gettext(ROLE_WORDS[role]),
        "keys": queries.working_keys_of(actor, row),
        "mine": mine,
        "changeable": actor.may(Permission.MEMBERS_WRITE) and actor.role.covers(role),
        "form": form,
    }
    return render(request, "pages/team_member.html", context, status=status)
