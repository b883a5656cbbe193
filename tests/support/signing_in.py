"""What a real sign-in leaves in the session beside the person: when and how it was proved who they are."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client

from accounts.models import User
from dashboard.idle_sessions import ACTIVE_AT


def just_signed_in(client: Client, user: User, *, minutes_ago: float = 0) -> None:
    """As if the password had been typed `minutes_ago`."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="password")
    records = request.session["account_authentication_methods"]
    records[-1]["at"] = time.time() - minutes_ago * 60
    request.session["account_authentication_methods"] = records[-1:]
    request.session[ACTIVE_AT] = int(time.time())
    request.session.save()
