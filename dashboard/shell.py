"""What every page needs around it: navigation, the person's organizations, credits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext, gettext_noop

from accounts.access.permissions import Permission
from accounts.models import Organization, User
from accounts.queries.memberships import memberships_of
from accounts.queries.notices import current_notices
from dashboard.remembered import Unchanging
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


@dataclass(frozen=True, slots=True)
class Link:
    """`letter`: the key after `g` that opens it; empty where another page has it."""

    label: str
    url: str
    icon: str
    key: str
    current: bool
    letter: str


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: tuple[Link, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Navigation(Unchanging):
    groups: tuple[Group, ...]

    def __iter__(self) -> Iterator[Group]:
        return iter(self.groups)


_NOWHERE = Navigation(())


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. What only whole pages show is looked up when one shows it: a part of a page, which is
    asked for again and again, pays nothing for it."""
    actor = actor_of(request)
    context: dict[str, Any] = {
        "actor": actor,
        "organization": actor.organization if actor else None,
        "notices": current_notices(),
        "request_id": request_id(request),
        "navigation": _NOWHERE,
        "organizations": [],
    }
    if actor is None or not isinstance(request.user, User):
        return context
    route = request.resolver_match.url_name if request.resolver_match else ""
    user, here = request.user, actor.organization
    own = cache(lambda: [membership.organization for membership in memberships_of(user)])
    # Templates call what can be called; a stand-in for the number would be none to the plural rules of most languages.
    context["organizations"] = cache(lambda: _offered(own(), here))
    context["organizations_more"] = lambda: max(len(own()) - _IN_THE_SWITCHER, 0)
    context["navigation"] = _navigation(
        actor.permissions, user.is_staff, route or "", get_language(), get_script_prefix()
    )
    return context


@lru_cache(maxsize=512)
def _navigation(
    permissions: frozenset[Permission], staff: bool, route: str, language: str | None, prefix: str
) -> Navigation:
    """What these permissions open. `language`, `prefix`: what the words and addresses depend on."""
    groups, taken = [], set()
    for group, items in (*_NAVIGATION, *(_FOR_OPERATORS if staff else ())):
        links = []
        for label, name, icon, key, permission in items:
            if permission is not None and permission not in permissions:
                continue
            words = gettext(label)
            # The key after `g`: its first letter, for the first page that begins with it.
            letter = words[0].lower()
            links.append(
                Link(words, reverse(name), icon, key, _is_current(name, route), "" if letter in taken else letter)
            )
            taken.add(letter)
        if links:
            groups.append(Group(gettext(group) if group else "", tuple(links)))
    return Navigation(tuple(groups))


def _offered(own: list[Organization], here: Organization) -> list[Organization]:
    """What the switcher offers: all of a few. Of many the first, and always the current one; a page has the others."""
    first = own[:_IN_THE_SWITCHER]
    return first if here in first else [here, *first[:-1]]


def _is_current(name: str, route: str) -> bool:
    """A page's parts and details belong to it: `jobs`, `job`, `job_images`."""
    if name == "integrations" and route.startswith(("publish", "publication")):
        return True
    return route == name or (name != "home" and route.startswith(name.removesuffix("s")))
