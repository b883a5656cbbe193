"""Presets copied into another of one's organizations: which, where to, under which names; then the copies."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from accounts.queries.memberships import memberships_of
from accounts.queries.teams import own_teams
from dashboard.access import member
from dashboard.preset_team_field import chosen_team
from dashboard.session import actors_of
from processing.actions.copy_presets import Copy, copy_presets, plan_copies


@require_http_methods(["GET", "POST"])
@member(Permission.PRESETS_WRITE)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Says what would become of each of `preset`; a POST copies what can go."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _ids(asked.getlist("preset"))
    others = [
        each
        for each in actors_of(request, memberships_of(actor.user) if actor.user else [])
        if each.organization != actor.organization and each.may(Permission.PRESETS_WRITE)
    ]
    there = next((each for each in others if str(each.organization.pk) == asked.get("to")), None)
    if request.method == "GET":
        there = there or next(iter(others), None)
        return _page(request, actor, chosen, others, there)
    if there is None:
        problems = {"to": gettext("Choose one of your organizations.")}
        return _page(request, actor, chosen, others, None, problems=problems, status=400)
    try:
        copies = copy_presets(actor, there, preset_ids=chosen, team_id=chosen_team(asked.get("team", "")))
    except (InvalidInput, Conflict) as error:
        problems = {error.field or "": error.detail}
        return _page(request, actor, chosen, others, there, problems=problems, status=error.status)
    _tell(request, copies, there)
    return redirect("presets")


def _page(
    request: HttpRequest,
    actor: Actor,
    chosen: Sequence[uuid.UUID],
    others: Sequence[Actor],
    there: Actor | None,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    plan = plan_copies(actor, there, preset_ids=chosen) if there else []
    context = {
        "chosen": chosen,
        "others": others,
        "there": there,
        "teams": [(str(team.pk), team.name) for team in own_teams(there)] if there else [],
        "team": asked.get("team", ""),
        "plan": plan,
        "going": sum(not each.problem for each in plan),
        "problems": problems or {},
    }
    part = "#plan" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/preset_copies.html{part}", context, status=status)


def _tell(request: HttpRequest, copies: Sequence[Copy], there: Actor) -> None:
    gone = sum(not each.problem for each in copies)
    if gone:
        words = ngettext("1 copied to %(there)s.", "%(count)s copied to %(there)s.", gone)
        messages.success(request, words % {"count": gone, "there": there.organization.name})
    stayed = [each.preset.title for each in copies if each.problem]
    if stayed:
        messages.warning(request, gettext("Not copied: %(names)s.") % {"names": ", ".join(stayed)})
    if not copies:
        messages.warning(request, gettext("Nothing was copied: these presets are not here any more."))


def _ids(texts: Sequence[str]) -> list[uuid.UUID]:
    """Raises InvalidInput for what is no id."""
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError:
        raise InvalidInput(gettext("Choose presets on the presets page."), field="preset") from None
