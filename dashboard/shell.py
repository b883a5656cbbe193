"""What every page needs around it: navigation, the person's organizations, credits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.models import Organization, User
from accounts.queries.memberships import memberships_of
from accounts.queries.notices import current_notices
from dashboard.session import actor_of, request_id

P = Permission
_IN_THE_SWITCHER = 20
_Item = tuple[str, str, str, str, Permission | None]
# (group, [(label, route, icon, key, permission)]). A page appears here once it exists.
_NAVIGATION: tuple[tuple[str, tuple[_Item, ...]], ...] = (
    (
        "",
        (
            (gettext_noop("Home"), "home", "house", "home", None),
            (gettext_noop("Studio"), "studio", "images", "studio", P.IMAGES_READ),
            (gettext_noop("Review"), "review", "scan-eye", "review", P.IMAGES_READ),
            (gettext_noop("Library"), "library", "layout-grid", "library", P.IMAGES_READ),
            (gettext_noop("Jobs"), "jobs", "list-checks", "jobs", P.JOBS_READ),
            (gettext_noop("Catalog"), "catalog", "package", "catalog", P.CATALOG_READ),
            (gettext_noop("Integrations"), "integrations", "store", "integrations", P.CATALOG_READ),
            (gettext_noop("Compliance"), "compliance", "shield-check", "compliance", P.COMPLIANCE_READ),
            (gettext_noop("Presets"), "presets", "sliders-horizontal", "presets", P.IMAGES_READ),
        ),
    ),
    (
        gettext_noop("API"),
        (
            (gettext_noop("Access"), "api_access", "plug", "api_access", None),
            (gettext_noop("Keys"), "api_keys", "key-round", "api_keys", P.KEYS_READ),
            (gettext_noop("Tester"), "api_tester", "flask-conical", "api_tester", P.IMAGES_READ),
            (gettext_noop("Webhooks"), "webhooks", "webhook", "webhooks", P.WEBHOOKS_WRITE),
            (gettext_noop("Face swap"), "providers", "scan-face", "providers", P.PROVIDERS_WRITE),
            (gettext_noop("Usage"), "usage", "chart-column", "usage", P.CREDITS_READ),
        ),
    ),
    (
        gettext_noop("Organization"),
        (
            (gettext_noop("Team"), "team", "users", "team", P.MEMBERS_READ),
            (gettext_noop("Approvals"), "approvals", "user-check", "approvals", P.IMAGES_READ),
            (gettext_noop("Client reviews"), "client_reviews", "message-square-check", "client_reviews", P.IMAGES_READ),
            (gettext_noop("Audit"), "audit", "scroll-text", "audit", P.AUDIT_READ),
            (gettext_noop("Settings"), "settings", "settings", "settings", None),
        ),
    ),
)
_FOR_OPERATORS: tuple[tuple[str, tuple[_Item, ...]], ...] = (
    (
        gettext_noop("Operator"),
        (
            (gettext_noop("System"), "system", "activity", "system", None),
            (gettext_noop("Admin"), "admin:index", "database", "admin", None),
        ),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    actor = actor_of(request)
    context: dict[str, Any] = {
        "actor": actor,
        "organization": actor.organization if actor else None,
        "notices": current_notices(),
        "request_id": request_id(request),
        "navigation": [],
        "organizations": [],
    }
    if actor is None or not isinstance(request.user, User):
        return context
    route = request.resolver_match.url_name if request.resolver_match else ""
    own = [membership.organization for membership in memberships_of(request.user)]
    context["organizations"] = _offered(own, actor.organization)
    context["organizations_more"] = len(own) - len(context["organizations"])
    groups = (*_NAVIGATION, *(_FOR_OPERATORS if request.user.is_staff else ()))
    context["navigation"] = [
        {"label": gettext(group) if group else "", "items": links}
        for group, items in groups
        if (links := _links(actor, items, route or ""))
    ]
    _give_letters(context["navigation"])
    return context


def _offered(own: list[Organization], here: Organization) -> list[Organization]:
    """What the switcher offers: all of a few. Of many the first, and always the current one; a page has the others."""
    first = own[:_IN_THE_SWITCHER]
    return first if here in first else [here, *first[:-1]]


def _give_letters(groups: list[dict[str, Any]]) -> None:
    """The key after `g` that opens a page: its first letter, for the first page that begins with it."""
    taken: set[str] = set()
    for link in (link for group in groups for link in group["items"]):
        letter = link["label"][0].lower()
        link["letter"] = "" if letter in taken else letter
        taken.add(letter)


def _links(actor: Actor, items: tuple[_Item, ...], route: str) -> list[dict[str, Any]]:
    """The entries of a group that this actor may open."""
    return [
        {"label": gettext(label), "url": reverse(name), "icon": icon, "key": key, "current": _is_current(name, route)}
        for label, name, icon, key, permission in items
        if permission is None or actor.may(permission)
    ]


def _is_current(name: str, route: str) -> bool:
    """A page's parts and details belong to it: `jobs`, `job`, `job_images`."""
    if name == "integrations" and route.startswith(("publish", "publication")):
        return True
    return route == name or (name != "home" and route.startswith(name.removesuffix("s")))
