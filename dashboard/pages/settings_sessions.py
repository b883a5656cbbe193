"""Settings: where the person is signed in, and signing out everywhere else."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.actions.profile import end_sessions
from dashboard.access import member
from dashboard.user_agent import words_for_browser


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    row: UserSession
    current: bool

    @property
    def browser(self) -> str:
        return words_for_browser(self.row.user_agent)


@require_http_methods(["GET", "POST"])
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A POST signs the person out of every browser but this one."""
    if request.method == "POST":
        user = end_sessions(actor)
        update_session_auth_hash(request, user)
        request.user = user
        UserSession.objects.create_from_request(request)
        messages.success(request, gettext("You are signed out everywhere else."))
        return redirect("settings_sessions")
    here = request.session.session_key
    rows = UserSession.objects.purge_and_list(actor.user)
    sessions = [Session(row, row.session_key == here) for row in sorted(rows, key=lambda row: -row.pk)]
    sessions.sort(key=lambda session: not session.current)
    return render(request, "pages/settings_sessions.html", {"sessions": sessions})
