"""API access: what a developer needs to start, with this server's addresses and examples that run as they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from accounts.access.actor import Actor
from dashboard.access import member
from dashboard.addresses import base
from processing.operations.registry import OPERATIONS

PLACEHOLDER = "<YOUR_API_KEY>"


@dataclass(frozen=True, slots=True)
class Example:
    """`name`: of its file in templates/parts/api_access, and its id on the page."""

    name: str
    title: str
    needs: str


EXAMPLES = (
    Example("curl", "curl", gettext_noop("Any shell.")),
    Example(
        "javascript",
        gettext_noop("JavaScript Example"),
        gettext_noop("Node 20 or newer, nothing to install. Save it as example.mjs."),
    ),
    Example(
        "python",
        gettext_noop("Python Example"),
        gettext_noop("Python 3.9 or newer, with requests: pip install requests."),
    ),
    Example(
        "async_webhook",
        gettext_noop("Async + Webhook Example"),
        gettext_noop(
            "Python 3.9 or newer, with requests. Submits a job, receives its event, verifies the signature. The secret "
            "is the default secret on the Webhooks page; the address must be one that this server can reach."
        ),
    ),
    Example("php", gettext_noop("PHP Example"), gettext_noop("PHP 8 with its curl extension. Save it as example.php.")),
)


@require_GET
@member()
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    address = base(request)
    context = {
        "address": address,
        "examples": [
            {"example": example, "code": code_of(example, address), "id": f"example-{example.name}"}
            for example in EXAMPLES
        ],
        "lines": _lines(address),
        "placeholder": PLACEHOLDER,
        "calls_a_minute": settings.RATE_LIMIT_KEY_PER_MINUTE,
    }
    return render(request, "pages/api_access.html", context)


def _dedicated() -> list[str]:
    """The calls of further operations, by name."""
    return [each.path for each in OPERATIONS.values() if each.path and each.name != "process"]


def code_of(example: Example, address: str) -> str:
    """The example as it is copied, for this server."""
    return render_to_string(f"parts/api_access/{example.name}.txt", {"address": address}).strip()


def _lines(address: str) -> list[tuple[str, list[str]]]:
    """What stands on top: words and the values that can be copied."""
    api = f"{address}/api/v1"
    return [
        (gettext("Base URL:"), [address]),
        (gettext("Process endpoint:"), [f"{api}/process"]),
        (gettext("Compliance endpoint:"), [f"{api}/compliance"]),
        (gettext("Async jobs:"), [f"{api}/jobs"]),
        (
            gettext("Dedicated endpoints:"),
            [f"{api}{path}" for path in (*_dedicated(), "/image/remove-background")],
        ),
        (gettext("Auth header:"), [f"x-api-key: {PLACEHOLDER}"]),
        (gettext("Idempotency (recommended for POST):"), ["Idempotency-Key: a-new-uuid-for-each-request"]),
    ]
