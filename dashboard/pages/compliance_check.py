"""One compliance check: verdicts by marketplace, findings, mending them, marking them, evidence."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InsufficientCredits, InvalidInput, NotFound
from dashboard.access import member
from dashboard.compliance_words import in_order, tabs
from dashboard.pages.compliance import as_of
from processing.actions.check import submit_check
from processing.actions.fix import check_again, fix_all
from processing.actions.waivers import unwaive, waive
from processing.models import JobImage, Status
from processing.queries import compliance as queries
from processing.queries.compliance import Judged
from processing.queries.jobs import own_job


@require_GET
@member(Permission.COMPLIANCE_READ)
def page(request: HttpRequest, actor: Actor, check_id: uuid.UUID) -> HttpResponse:
    """`?profile=` chooses what is shown; htmx asks for the waiting part until the check is done."""
    image = queries.check(actor, check_id)
    return _page(request, actor, image, profile=request.GET.get("profile", ""))


@require_POST
@member(Permission.COMPLIANCE_READ)
def again(request: HttpRequest, actor: Actor, check_id: uuid.UUID) -> HttpResponse:
    """The same image as of another day, and by the profiles that there are now."""
    image = queries.check(actor, check_id)
    key = request.POST.get("profile", "")
    try:
        day = as_of(request.POST.get("asOf", ""))
        if image.source is None:
            raise InvalidInput(gettext("The image was deleted. Upload it again to check it."))
    except InvalidInput as error:
        return _page(request, actor, image, profile=key, problem=error.detail, status=400)
    new = submit_check(actor, image.source, profiles=queries.every_key(actor), as_of=day)
    return _to(new.pk, key)


@require_POST
@member(Permission.IMAGES_WRITE)
def fix(request: HttpRequest, actor: Actor, check_id: uuid.UUID) -> HttpResponse:
    """Submits the job that mends, and goes on to wait for it."""
    image = queries.check(actor, check_id)
    key = request.POST.get("profile", "")
    try:
        job = fix_all(actor, image, key=key)
    except (Conflict, InsufficientCredits, InvalidInput) as error:
        return _page(request, actor, image, profile=key, problem=error.detail, status=error.status)
    return redirect(f"{reverse('compliance_fixed', args=[image.pk, job.pk])}?{urlencode({'profile': key})}")


@require_GET
@member(Permission.IMAGES_WRITE)
def fixed(request: HttpRequest, actor: Actor, check_id: uuid.UUID, job_id: uuid.UUID) -> HttpResponse:
    """Waits for the job that mends, then has its image checked and goes there."""
    image = queries.check(actor, check_id)
    job = own_job(actor, job_id)
    key = request.GET.get("profile", "")
    if (new := check_again(actor, mended=job, like=image)) is not None:
        return _to(new.pk, key, partial=bool(request.headers.get("HX-Request")))
    context = {"image": image, "job": job, "profile": key, "address": request.get_full_path()}
    part = "#waiting" if request.headers.get("HX-Request") else ""
    return render(request, f"pages/compliance_fixed.html{part}", context)


@require_POST
@member(Permission.IMAGES_WRITE)
def mark(request: HttpRequest, actor: Actor, check_id: uuid.UUID) -> HttpResponse:
    """Marks a finding as not applicable, or takes that back."""
    image = queries.check(actor, check_id)
    key, rule = request.POST.get("profile", ""), request.POST.get("rule", "")
    if "undo" in request.POST:
        unwaive(actor, image, key=key, rule=rule)
        messages.success(request, gettext("The finding counts again."))
        return _to(check_id, key)
    reason = request.POST.get("reason", "")
    try:
        waive(actor, image, key=key, rule=rule, reason=reason)
    except InvalidInput as error:
        marking = {"rule": rule, "reason": reason, "problem": error.detail}
        return _page(request, actor, image, profile=key, marking=marking, status=400)
    messages.success(request, gettext("Marked as not applicable for this image."))
    return _to(check_id, key)


@require_GET
@member(Permission.COMPLIANCE_READ)
def evidence(request: HttpRequest, actor: Actor, check_id: uuid.UUID, form: str) -> HttpResponse:
    """What was found, with rule version, values, hash and date, to keep: as JSON or as a page to print."""
    image = queries.check(actor, check_id)
    found = _chosen(queries.judged(actor, image), request.GET.get("profile", ""))
    if found is None or image.report is None:
        raise Http404
    facts = {
        "name": image.name,
        "sha256": image.report["sha256"],
        "width": image.report["width"],
        "height": image.report["height"],
        "asOf": image.report["asOf"],
        "checkedAt": (image.finished_at or timezone.now()).isoformat(),
        "profile": found.key,
        "title": found.title,
        "profileVersion": found.profile_version,
        "verdict": found.verdict,
        "score": found.score,
        "findings": found.findings,
    }
    stem = f"evidence-{found.key.replace('/', '-')}-{facts['sha256'][:12]}"
    if form == "json":
        response: HttpResponse = JsonResponse(facts, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = f'attachment; filename="{stem}.json"'
        return response
    return render(request, "pages/compliance_evidence.html", {"facts": facts, "found": in_order(found), "image": image})


def _page(
    request: HttpRequest,
    actor: Actor,
    image: JobImage,
    *,
    profile: str,
    problem: str = "",
    marking: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"image": image, "problem": problem, "marking": marking or {}, "profile": profile}
    if image.status != Status.SUCCEEDED:
        part = "#waiting" if request.headers.get("HX-Request") else ""
        return render(request, f"pages/compliance_check.html{part}", context, status=status)
    if request.headers.get("HX-Request"):
        return _to(image.pk, profile, partial=True)
    found = queries.judged(actor, image)
    chosen = _chosen(found, profile)
    if chosen is None:
        raise NotFound(gettext("This check has not looked at that profile."))
    context |= {
        "report": image.report,
        "tabs": tabs(found, key=chosen.key),
        "found": in_order(chosen),
        "cannot": {each["key"]: each["why"] for each in chosen.plan["cannot"]},
        "passed": sum(each["status"] == "pass" or bool(each["waived"]) for each in chosen.findings),
    }
    return render(request, "pages/compliance_check.html", context, status=status)


def _chosen(found: list[Judged], key: str) -> Judged | None:
    """The profile that is asked for; the first one when none is."""
    return next((each for each in found if each.key == key or not key), None)


def _to(check_id: uuid.UUID, key: str, *, partial: bool = False) -> HttpResponse:
    address = reverse("compliance_check", args=[check_id]) + (f"?{urlencode({'profile': key})}" if key else "")
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if partial else redirect(address)
