"""The page behind the link of an invitation: accepting as somebody who has an account, or with a new one."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_WORDS, Role
from accounts.actions.invitations import accept
from accounts.kit.errors import Conflict
from accounts.models import Invitation, User
from accounts.queries.invitations import invitation_behind
from dashboard import known_browsers
from dashboard.access import everyone
from dashboard.session import client_ip, request_id, switch_organization
from dashboard.sign_up import create_confirmed_user

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class NewAccountForm(forms.Form):
    """A new person; the address is that of the invitation, and the link in their mail has proved it."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 10 characters, and not one of the common ones."),
    )

    def __init__(self, email: str, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.email = email

    def clean(self) -> dict[str, str]:
        if password := self.cleaned_data.get("password"):
            person = User(email=self.email, name=self.cleaned_data.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


@everyone
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Raises NotFound once the invitation has expired, was accepted or revoked."""
    row = invitation_behind(token)
    response = _answer(request, row, token)
    patch_cache_control(response, private=True, no_store=True)
    # The address is the key. With no-referrer browsers send a form with `Origin: null`, which is refused as forged.
    response["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    if isinstance(request.user, User):
        return _known(request, request.user, row, token)
    if User.objects.filter(email__iexact=row.email).exists():
        return _page(request, row, None)
    form = NewAccountForm(row.email, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, row, form, status=400 if form.errors else 200)
    try:
        with transaction.atomic():
            user = create_confirmed_user(row.email, form.cleaned_data["password"], name=form.cleaned_data["name"])
            actor = _accept(request, user, token)
    except IntegrityError:  # the account was made at this very moment
        return redirect("invitation", token)
    login(request, user, backend=_BACKEND)
    record_authentication(request, user, "password")
    UserSession.objects.create_from_request(request)
    response = _welcome(request, actor)
    known_browsers.welcome(request, response, user, silently=True)
    return response


def _known(request: HttpRequest, user: User, row: Invitation, token: str) -> HttpResponse:
    if request.method == "GET":
        return _page(request, row, None)
    try:
        actor = _accept(request, user, token)
    except Conflict:
        return _page(request, row, None, status=409)
    return _welcome(request, actor)


def _accept(request: HttpRequest, user: User, token: str) -> Actor:
    return accept(user, token=token, ip=client_ip(request), request_id=request_id(request))


def _welcome(request: HttpRequest, actor: Actor) -> HttpResponse:
    switch_organization(request, actor.organization.pk)
    messages.success(
        request,
        gettext("Welcome to {name}. You are {with_article} here.").format(
            name=actor.organization.name, with_article=actor.role.with_article
        ),
    )
    return redirect("home")


def _page(request: HttpRequest, row: Invitation, form: NewAccountForm | None, *, status: int = 200) -> HttpResponse:
    role = Role(row.role)
    context = {
        "row": row,
        "role": role.with_article,
        "role_words": gettext(ROLE_WORDS[role]),
        "inviting": row.organization,
        "form": form,
        "mine": isinstance(request.user, User) and request.user.email.lower() == row.email.lower(),
        "login_url": reverse("account_login", query={"next": request.path}),
    }
    return render(request, "pages/invitation.html", context, status=status)
