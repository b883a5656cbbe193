"""The role matrix: read from the table that decides, so that it cannot say anything else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from accounts.access.permissions import MEMBER_WORDS, ROLE_PERMISSIONS, ROLE_WORDS, SCOPE_WORDS, Permission, Role
from accounts.queries.members import members_by_role
from dashboard.access import member


@require_GET
@member(Permission.MEMBERS_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    counts = members_by_role(actor)
    context = {
        "roles": [{"role": role, "words": gettext(ROLE_WORDS[role]), "people": counts[role]} for role in Role],
        "groups": [
            (
                gettext("People and programs"),
                [_row(permission, gettext(words)) for permission, words in SCOPE_WORDS.items()],
            ),
            (gettext("People alone"), [_row(permission, gettext(words)) for permission, words in MEMBER_WORDS.items()]),
        ],
    }
    return render(request, "pages/team_roles.html", context)


def _row(permission: Permission, words: str) -> dict[str, object]:
    return {
        "permission": permission.value,
        "words": words,
        "allowed": [(role, permission in ROLE_PERMISSIONS[role]) for role in Role],
    }
