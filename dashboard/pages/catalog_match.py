"""Images or file names matched to products of a shop: what fits, what fits several places, what fits none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard import match_request, match_rows
from dashboard.access import member
from dashboard.match_request import MatchRequest
from dashboard.product_names import PRODUCT_TEMPLATES
from integrations.matching.templates import TEMPLATES
from integrations.models import Connection
from integrations.queries.able import able
from integrations.queries.connections import connections
from integrations.queries.match import MOST, match_products
from processing.queries.library import library_labels

# Each row may send two fields, and a form has 2,000 at most.
_MOST_TO_RENAME = 900
_RUN = {"name": "", "first": "10", "most_failures": "20", "override_reason": "", "dry_run": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CATALOG_READ)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; with images or names and a shop the three lists. Nothing is changed by it."""
    return shown(request, actor)


def shown(
    request: HttpRequest,
    actor: Actor,
    *,
    problem: str = "",
    problems: Sequence[str] = (),
    chosen: frozenset[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with what the request asks for. `chosen`: what was ticked, where the page comes back with `problem`,
    and `problems` of single images."""
    try:
        wanted = match_request.read(request, actor)
    except InvalidInput as error:
        wanted = _as_typed(request, actor)
        return render(request, "pages/catalog_match.html", _form(actor, wanted, error), status=400)
    if not wanted.wishes or wanted.connection is None:
        return render(request, "pages/catalog_match.html", _form(actor, wanted, None))
    takes = able(wanted.connection)
    matched = match_products(actor, connection=wanted.connection, wishes=wanted.wishes, able=takes)
    lists = match_rows.lists(actor, matched, wanted.images, renamed=wanted.renamed, chosen=chosen)
    context = _form(actor, wanted, None) | {
        "lists": lists,
        "problem": problem,
        "problems": problems,
        "able": takes,
        "images": ",".join(str(image.pk) for image in wanted.images),
        "may_rename": len(wanted.wishes) <= _MOST_TO_RENAME,
        "run": _run_fields(request),
        "names_of_files": PRODUCT_TEMPLATES,
        "zip_names": request.POST.get("names_of_files", _usual_names(wanted.connection)),
    }
    return render(request, "pages/catalog_match.html", context, status=status)


def _form(actor: Actor, wanted: MatchRequest, error: InvalidInput | None) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "labels": library_labels(actor),
        "templates": TEMPLATES,
        "most": MOST,
        "error": error,
    }


def _as_typed(request: HttpRequest, actor: Actor) -> MatchRequest:
    """What the form held, as far as it can be shown again."""
    given = {name: request.POST.get(name, request.GET.get(name, "")) for name in match_request.FIELDS}
    return MatchRequest(given, None, list(connections(actor)), request.POST.get("names", ""))


def _usual_names(connection: Connection) -> str:
    return PRODUCT_TEMPLATES[0 if connection.marketplace.startswith("amazon") else 1][0]


def _run_fields(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, start) for name, start in _RUN.items()}
