"""One API key: its name, scopes and expiry; rotating it with an overlap."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.api_keys import edit_api_key, rotate_api_key
from accounts.actions.budgets import set_key_budget
from accounts.kit.errors import Conflict, InvalidInput
from accounts.models import ApiKey
from accounts.queries.api_keys import api_key
from accounts.queries.budgets import standing_of_key
from dashboard.access import member
from dashboard.api_key_forms import EditForm, RotateForm
from dashboard.budget_forms import KeyBudgetForm
from dashboard.pages.api_keys import show_once
from dashboard.reauthentication import confirmed


@require_http_methods(["GET", "POST"])
@member(Permission.KEYS_WRITE)
def page(request: HttpRequest, actor: Actor, key_id: uuid.UUID) -> HttpResponse:
    key = api_key(actor, key_id)
    if request.method == "GET":
        return _page(request, actor, key, EditForm.of(key))
    form = EditForm(key, request.POST)
    if not form.is_valid():
        return _page(request, actor, key, form, status=400)
    try:
        edit_api_key(
            actor,
            key_id=key_id,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(),
        )
    except (InvalidInput, Conflict) as error:
        form.take(error)
        return _page(request, actor, key, form, status=error.status)
    messages.success(
        request,
        gettext("The key {prefix}… is saved. What has changed holds from its next call.").format(prefix=key.prefix),
    )
    return redirect("api_keys")


@require_POST
@member(Permission.KEYS_WRITE)
@confirmed
def rotate(request: HttpRequest, actor: Actor, key_id: uuid.UUID) -> HttpResponse:
    """Shows the key that takes the old one's place, this once, in its answer."""
    key = api_key(actor, key_id)
    form = RotateForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, key, EditForm.of(key), rotate=form, status=400)
    try:
        old, new, secret = rotate_api_key(actor, key_id=key_id, ends_at=form.ends_at(), expires_at=form.expires_at())
    except (InvalidInput, Conflict) as error:
        form.take(error)
        return _page(request, actor, key, EditForm.of(key), rotate=form, status=error.status)
    if old.ends_at and old.usable():
        words = gettext("{name}. The old key {prefix}… works until {ends_at} UTC.")
    else:
        words = gettext("{name}. The old key {prefix}… has ended.")
    words = words.format(
        name=new.name, prefix=old.prefix, ends_at=old.ends_at and dateformat.format(old.ends_at, "j M Y, H:i")
    )
    return show_once(request, actor, new, secret, text=words)


@require_POST
@member(Permission.KEYS_WRITE)
def budget(request: HttpRequest, actor: Actor, key_id: uuid.UUID) -> HttpResponse:
    """The team whose budget it counts on, and its own budget."""
    key = api_key(actor, key_id)
    form = KeyBudgetForm(actor, key, request.POST)
    if not form.is_valid():
        return _page(request, actor, key, EditForm.of(key), budget=form, status=400)
    soft, hard = form.cleaned_data["soft"], form.cleaned_data["hard"]
    try:
        set_key_budget(actor, key_id=key_id, team_id=form.team_id(), soft=soft, hard=hard)
    except InvalidInput as error:
        form.take(error)
        return _page(request, actor, key, EditForm.of(key), budget=form, status=400)
    messages.success(request, gettext("The team and the budget are saved. They hold from the key's next call."))
    return redirect("api_key", key_id)


def _page(
    request: HttpRequest,
    actor: Actor,
    key: ApiKey,
    form: EditForm,
    *,
    rotate: RotateForm | None = None,
    budget: KeyBudgetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    standing = standing_of_key(actor, key.pk)
    context = {
        "standing": standing,
        "budget_form": budget or KeyBudgetForm(actor, key, budget=standing.budget if standing else None),
        "key": key,
        "key_status": key.status(),
        "changeable": key.usable() and not key.rotated_at,
        "form": form,
        "rotate": rotate or RotateForm(),
    }
    return render(request, "pages/api_key.html", context, status=status)
