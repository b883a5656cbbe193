"""Own compliance profiles: the list, cloning a built-in one, and the rules of one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from dashboard.compliance_profile_form import SEVERITIES, field_of, read, rows
from processing.actions.compliance_default import choose_default
from processing.actions.compliance_profiles import change_profile, clone_profile, delete_profile
from processing.compliance import profiles as built_in
from processing.models import ComplianceProfile
from processing.queries.compliance import key_of, own_profile, own_profiles
from processing.queries.judging import default_profile

_TYPE_LENGTH = 60


@require_http_methods(["GET", "POST"])
@member(Permission.COMPLIANCE_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A POST clones a built-in profile."""
    if request.method == "GET":
        return _list(request, actor)
    title, base = request.POST.get("title", ""), request.POST.get("base", "")
    marketplace, _, slot = base.partition("/")
    try:
        made = clone_profile(actor, title=title, marketplace=marketplace, slot=slot)
    except InvalidInput as error:
        return _list(request, actor, typed={"title": title, "base": base}, problem=error.detail, status=400)
    messages.success(
        request,
        gettext("The profile {title} is there. Change what your shop does differently.").format(title=made.title),
    )
    return redirect("compliance_profile", made.pk)


@require_http_methods(["GET", "POST"])
@member(Permission.COMPLIANCE_READ)
def edit(request: HttpRequest, actor: Actor, profile_id: uuid.UUID) -> HttpResponse:
    """The rules of one, `?type=` those for a product type alone. A POST saves them as a new version."""
    profile = own_profile(actor, profile_id)
    kind = " ".join(request.GET.get("type", "").lower().split())[:_TYPE_LENGTH]
    if request.method == "GET":
        return _edit(request, profile, kind)
    typed = {name: str(value).strip() for name, value in request.POST.items()}
    base = built_in.find(profile.marketplace, profile.slot)
    changes = dict(profile.changes)
    block = {} if "remove_type" in typed else read(base, typed)
    if kind:
        types = {**changes.get("productTypes", {}), kind: block}
        changes["productTypes"] = {name: each for name, each in types.items() if each}
    else:
        changes.pop("rules", None)
        changes |= block
    try:
        saved = change_profile(
            actor, profile_id=profile_id, changes={name: each for name, each in changes.items() if each}
        )
    except InvalidInput as error:
        errors = {field_of(each.field): each.detail for each in error.errors}
        return _edit(request, profile, kind, typed=typed, errors=errors, status=400)
    if saved.version == profile.version:
        messages.info(request, gettext("Nothing was changed."))
    else:
        messages.success(
            request, gettext("Saved as version {version}. Checks use it from now on.").format(version=saved.version)
        )
    query = f"?{urlencode({'type': kind})}" if kind and "remove_type" not in typed else ""
    return redirect(reverse("compliance_profile", args=[profile_id]) + query)


@require_POST
@member(Permission.PRESETS_WRITE)
def delete(request: HttpRequest, actor: Actor, profile_id: uuid.UUID) -> HttpResponse:
    gone = delete_profile(actor, profile_id=profile_id)
    messages.success(
        request, gettext("The profile {title} is deleted. What it has checked stays.").format(title=gone.title)
    )
    return redirect("compliance_profiles")


@require_POST
@member(Permission.PRESETS_WRITE)
def default(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Chooses by which profile images are judged that no marketplace's preset has made."""
    try:
        choose_default(actor, profile=request.POST.get("profile", ""))
    except InvalidInput as error:
        return _list(request, actor, default_problem=error.detail, status=400)
    messages.success(request, gettext("Saved. Images that are made from now on go by it."))
    return redirect("compliance_profiles")


def _list(
    request: HttpRequest,
    actor: Actor,
    *,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
    default_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    bases = [(key_of(*each), profile.title) for each, profile in built_in.PROFILES.items()]
    titles = dict(bases)
    context = {
        "profiles": [
            {"profile": own, "base": titles.get(key_of(own.marketplace, own.slot), ""), "changes": _count(own.changes)}
            for own in own_profiles(actor)
        ],
        "bases": bases,
        "default": default_profile(actor),
        "default_problem": default_problem,
        "typed": typed or {},
        "problem": problem,
    }
    return render(request, "pages/compliance_profiles.html", context, status=status)


def _count(changes: Mapping[str, Any]) -> int:
    """How many rules differ, those of product types among them."""
    blocks = [changes, *changes.get("productTypes", {}).values()]
    return sum(len(block.get("rules", {})) + len(block.get("add", [])) for block in blocks)


def _edit(
    request: HttpRequest,
    profile: ComplianceProfile,
    kind: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    base = built_in.find(profile.marketplace, profile.slot)
    types: Mapping[str, Any] = profile.changes.get("productTypes", {})
    block = types.get(kind, {}) if kind else profile.changes
    context = {
        "profile": profile,
        "base": base,
        "rows": rows(base, block, typed=typed or {}, errors=errors or {}),
        "severities": SEVERITIES,
        "errors": errors or {},
        "kind": kind,
        "kinds": sorted({*types, *([kind] if kind else [])}),
        "versions": profile.versions.select_related("created_by").order_by("-version")[:10],
    }
    return render(request, "pages/compliance_profile.html", context, status=status)
