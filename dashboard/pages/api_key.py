"""One API key: its name, scopes and expiry; rotating it with an overlap."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions.api_keys import edit_api_key, rotate_api_key
from accounts.kit.errors import Conflict, InvalidInput
from accounts.models import ApiKey
from accounts.queries.api_keys import api_key
from dashboard.access import member
from dashboard.api_key_forms import EditForm, RotateForm
from dashboard.pages.api_keys import show_once


@require_http_methods(["GET", "POST"])
@member(Permission.KEYS_WRITE)
def page(request: HttpRequest, actor: Actor, key_id: uuid.UUID) -> HttpResponse:
    key = api_key(actor, key_id)
    if request.method == "GET":
        return _page(request, key, EditForm.of(key))
    form = EditForm(key, request.POST)
    if not form.is_valid():
        return _page(request, key, form, status=400)
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
        return _page(request, key, form, status=error.status)
    messages.success(request, f"The key {key.prefix}… is saved. What has changed holds from its next call.")
    return redirect("api_keys")


@require_POST
@member(Permission.KEYS_WRITE)
def rotate(request: HttpRequest, actor: Actor, key_id: uuid.UUID) -> HttpResponse:
    """Shows the key that takes the old one's place, this once, in its answer."""
    key = api_key(actor, key_id)
    form = RotateForm(request.POST)
    if not form.is_valid():
        return _page(request, key, EditForm.of(key), rotate=form, status=400)
    try:
        old, new, secret = rotate_api_key(actor, key_id=key_id, ends_at=form.ends_at(), expires_at=form.expires_at())
    except (InvalidInput, Conflict) as error:
        form.take(error)
        return _page(request, key, EditForm.of(key), rotate=form, status=error.status)
    until = f"works until {old.ends_at:%-d %b %Y, %H:%M} UTC" if old.ends_at and old.usable() else "has ended"
    return show_once(request, actor, new, secret, text=f"{new.name}. The old key {old.prefix}… {until}.")


def _page(
    request: HttpRequest, key: ApiKey, form: EditForm, *, rotate: RotateForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "key": key,
        "key_status": key.status(),
        "changeable": key.usable() and not key.rotated_at,
        "form": form,
        "rotate": rotate or RotateForm(),
    }
    return render(request, "pages/api_key.html", context, status=status)
