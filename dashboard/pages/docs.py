"""The documentation, rendered in the product and open to everyone: guides, one template each, and the API reference,
made from the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access.permissions import SCOPE_WORDS
from accounts.kit.webhook_events import EVENTS
from dashboard.access import everyone
from dashboard.addresses import base
from dashboard.api.families import FAMILIES, MAIN
from dashboard.api.openapi import document
from dashboard.api.openapi_webhooks import ABOUT
from dashboard.api.reference import calls_of, events_of
from dashboard.asvs import sections
from dashboard.error_list import every_error
from dashboard.pages.docs_capacity import capacity
from integrations.amazon.stores import REGIONS, STORES


@dataclass(frozen=True, slots=True)
class Guide:
    slug: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the reference: the calls of some tags of a family, or the events."""

    slug: str
    title: str
    summary: str
    family: str = ""
    tags: tuple[str, ...] = ()


GUIDES = (
    Guide("start", "Get started", "From a fresh checkout to the first finished image."),
    Guide("api", "Call the API", "Keys, one call for one image, jobs for many, files and credits."),
    Guide("tester", "Try the API", "Any call as a form, its answer, and code that makes the same call."),
    Guide("webhooks", "Webhooks", "Be told when a job has ended: receive, verify, answer."),
    Guide("compliance", "Compliance", "Check an image against seven marketplaces' rules or your own, and mend it."),
    Guide("edit", "Edit an image", "Backgrounds, light, size and text, with a preview, each as a new version."),
    Guide("cut", "Refine a cut", "Bring back what was lost and take away what should go, by clicks and a brush."),
    Guide("shops", "Shops", "Connect a WooCommerce shop, and what to do when it does not let Packshot in."),
    Guide("shopify", "Shopify", "Connect by a token or by signing in, and what becomes of an image."),
    Guide(
        "amazon", "Amazon", "Connect your listings by keys or by a bridge of your own, and what becomes of an image."
    ),
    Guide(
        "names", "Names and matching", "Files find their products by name: templates, tables, and names of downloads."
    ),
    Guide("publishing", "Publishing", "Images into listings, what each state means, runs, and the way back."),
    Guide("recipes", "Recipes", "Several operations one after the other, as one job."),
    Guide("usage", "Usage and credits", "What is counted, what is charged, and how to read both."),
    Guide("client-reviews", "Client reviews", "Show images to a client by a link, and hear what they say of each."),
    Guide("team", "Team and roles", "Who belongs to the organization, and what each may do."),
    Guide("security", "Security of accounts", "Two-factor authentication, passkeys, and what guards a sign-in."),
    Guide(
        "threats",
        "Threats and answers",
        "Who may want what, what is in the way, and OWASP ASVS with the tests that show it.",
    ),
    Guide("errors", "Errors", "Every error code, what it means and what to do."),
    Guide("rate-limits", "Rate limits", "How many calls, how to see what is left, how to wait."),
    Guide("idempotency", "Idempotency", "Send a call again without working or paying twice."),
    Guide("waiting", "Waiting for images", "Wait for the answer, ask for it later, or be called."),
    Guide("moving", "Move from another service", "Programs for HeySwap, BackgroundCut v3 or useapi work as they are."),
    Guide("face-swaps", "Face swaps", "Your own accounts at the provider, a swap from call to picture, and its end."),
    Guide("without-a-key", "Without a key", "Small images to try it out, and why these calls will end."),
    Guide("operate", "Run it", "Processes, data folder, models, growing beyond one machine."),
    Guide("production", "Beyond one machine", "Compose, systemd, a proxy in front, and machines without a network."),
    Guide("backups", "Backups", "Every row and image as of one moment, the way back, and how to rehearse it."),
    Guide("faults", "When a part is away", "What people see while a part is down, and what is never lost."),
    Guide("capacity", "Capacity and cost", "What 1,000 images cost, and what 10, 100 or 1,000 a second need."),
    Guide("measurements", "Measurements", "Quality of cut-outs and speed, with how they were measured."),
)
CHAPTERS = (
    *(Chapter(slugify(tag), tag, words, tags=(tag,)) for tag, words in MAIN.tags.items()),
    Chapter("events", "Events", f"What is sent to your webhooks.\n\n{ABOUT}"),
    *(
        Chapter(family.slug, family.name, family.about, family.slug, tuple(family.tags))
        for family in FAMILIES
        if family.slug
    ),
)


@require_safe
@everyone
def page(request: HttpRequest) -> HttpResponse:
    first_call = (
        f'curl {base(request)}/api/v1/process \\\n  -H "x-api-key: <YOUR_API_KEY>" \\\n'
        "  -F image=@photo.jpg -F preset=amazon-main"
    )
    return render(request, "docs/index.html", _around("") | {"first_call": first_call})


@require_safe
@everyone
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((guide for guide in GUIDES if guide.slug == slug), None)
    if found is None:
        raise Http404
    context = {
        "guide": found,
        "events": EVENTS,
        "address": base(request),
        "public_call": f"curl {base(request)}/api/process -F image=@photo.jpg -F margin=0.1",
        "wait": settings.API_WAIT_SECONDS,
        "proof_minutes": settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60,
        "idle": _idle(),
        "attempts": settings.JOB_ATTEMPTS,
        "job_seconds": settings.JOB_SECONDS,
        "family_wait": settings.FAMILY_WAIT_SECONDS,
        "space": {
            "minutes": settings.SPACE_FILE_MINUTES,
            "gigabytes": settings.SPACE_QUOTA_BYTES // 1_000_000_000,
        },
        "swaps": {
            "days": settings.FACE_SWAP_KEEP_DAYS,
            "hours": settings.FACE_SWAP_CREDITS_HOURS,
            "seconds": settings.FACE_SWAP_SECONDS,
        },
        "limits": {
            "key": settings.RATE_LIMIT_KEY_PER_MINUTE,
            "ip": settings.RATE_LIMIT_IP_PER_MINUTE,
            "failed": settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR,
        },
        "shopify_bulk_from": settings.SHOPIFY_BULK_FROM,
        "amazon_stores": _amazon_stores() if slug == "amazon" else (),
        "scopes": [(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        "capacity": capacity(request) if slug == "capacity" else {},
        "error_list": every_error() if slug == "errors" else (),
        "asvs": sections() if slug == "threats" else (),
    }
    return render(request, f"docs/{slug}.html", _around(reverse("docs_guide", args=[slug])) | context)


@require_safe
@everyone
def reference(request: HttpRequest, slug: str) -> HttpResponse:
    chapter = next((chapter for chapter in CHAPTERS if chapter.slug == slug), None)
    if chapter is None:
        raise Http404
    found = document(request, chapter.family)
    calls = [call for tag in chapter.tags for call in calls_of(found, tag)] if chapter.tags else events_of(found)
    context = {"chapter": chapter, "calls": calls, "address": base(request)}
    return render(request, "docs/reference.html", _around(reverse("docs_reference", args=[slug])) | context)


def _idle() -> str:
    """SESSION_IDLE_MINUTES in words; empty where it is off."""
    minutes = settings.SESSION_IDLE_SECONDS // 60
    for words, length in (("days", 1440), ("hours", 60)):
        if minutes >= 2 * length and minutes % length == 0:
            return f"{minutes // length} {words}"
    return f"{minutes} minutes" if minutes else ""


def _amazon_stores() -> list[tuple[str, str]]:
    return [
        (words, ", ".join(store.domain for store in STORES if store.region == region))
        for region, words in REGIONS.items()
    ]


def _around(here: str) -> dict[str, Any]:
    """The list of all pages beside each of them."""
    guides = [(guide.title, reverse("docs_guide", args=[guide.slug]), guide.summary) for guide in GUIDES]
    chapters = [
        (chapter.title, reverse("docs_reference", args=[chapter.slug]), chapter.summary) for chapter in CHAPTERS
    ]
    own = sum(not chapter.family for chapter in CHAPTERS)
    groups = (("Guides", guides), ("API reference", chapters[:own]), ("Other families", chapters[own:]))
    return {"groups": groups, "here": here}
