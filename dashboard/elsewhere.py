"""A link into another of one's organizations: the page that is not here says where it is, and offers to switch."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.kit.errors import NotFound, PackshotError
from accounts.models import ApiKey, Membership, Organization, Team, User, WebhookDelivery, WebhookEndpoint
from accounts.models.owned import Owned
from accounts.queries.api_keys import api_key
from accounts.queries.members import member
from accounts.queries.memberships import membership_in, membership_with
from accounts.queries.teams import team
from accounts.queries.webhooks import delivery, endpoint
from integrations.models import CatalogProduct, Connection, Publication, PublishRun
from integrations.queries.connections import connection
from integrations.queries.product_page import found_product
from integrations.queries.publications import publication, run
from processing.models import Asset, ClientReview, ComplianceProfile, Job, JobImage, Preset
from processing.queries.assets import asset
from processing.queries.client_reviews import client_review
from processing.queries.compliance import check, own_profile
from processing.queries.library import library_image
from processing.queries.presets import own_preset
from processing.queries.review import review_image, review_job


class InAnotherOrganization(NotFound):
    """The address names another of the person's organizations than the one they work in."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(gettext("This is in {name}.").format(name=organization.name))
        self.organization = organization


@dataclass(frozen=True, slots=True)
class _Thing:
    """`field`: what the address calls its id. `find` raises where the person sees no such thing there either."""

    field: str
    model: type[Owned]
    find: Callable[[Actor, Any], object]


_JOB = _Thing("job_id", Job, review_job)
_IMAGE = _Thing("image_id", JobImage, library_image)
_CHECK = _Thing("check_id", JobImage, check)
_KEY = _Thing("key_id", ApiKey, api_key)
_ENDPOINT = _Thing("endpoint_id", WebhookEndpoint, endpoint)
_DELIVERY = _Thing("delivery_id", WebhookDelivery, delivery)
# The pages that people send each other, and that e-mails lead to, by the names of their routes.
_PAGES: dict[str, _Thing] = {
    **dict.fromkeys(("job", "job_zip"), _JOB),
    **dict.fromkeys(("library_image", "library_cut", "library_compare", "edit_choose", "edit"), _IMAGE),
    **dict.fromkeys(("compliance_check", "compliance_evidence", "compliance_fixed"), _CHECK),
    "compliance_profile": _Thing("profile_id", ComplianceProfile, own_profile),
    "catalog_product": _Thing("product_id", CatalogProduct, found_product),
    "integration": _Thing("connection_id", Connection, connection),
    "publish_run": _Thing("run_id", PublishRun, run),
    "publication": _Thing("publication_id", Publication, publication),
    "presets_edit": _Thing("preset_id", Preset, own_preset),
    "recipes_edit": _Thing("recipe_id", Preset, own_preset),
    **dict.fromkeys(("client_review", "client_review_csv"), _Thing("review_id", ClientReview, client_review)),
    "api_key": _KEY,
    "webhooks_endpoint": _ENDPOINT,
    "webhooks_delivery": _DELIVERY,
    "team_team": _Thing("team_id", Team, team),
    "team_member": _Thing("membership_id", Membership, member),
    "image": _Thing("asset_id", Asset, asset),
}
# Those that name it behind the question mark.
_ASKED: dict[str, tuple[_Thing, ...]] = {
    "review": (_Thing("image", JobImage, review_image), _Thing("job", Job, review_job)),
}


def organization_elsewhere(request: HttpRequest, error: PackshotError) -> Organization | None:
    """The organization to switch to, for a GET by one of its members; None for everybody else.

    Also where the page is refused: what somebody may not open here they may have there.
    """
    if isinstance(error, InAnotherOrganization):
        return error.organization
    user = getattr(request, "user", None)
    if request.method != "GET" or error.status not in {403, 404} or not isinstance(user, User):
        return None
    here = getattr(request, "_actor", None)
    for thing, row_id in _named(request):
        found = membership_with(user, thing.model, row_id)
        if found and not (here and here.organization.pk == found.organization_id) and _sees(found, thing, row_id):
            return found.organization
    return None


def refuse_another(request: HttpRequest, actor: Actor) -> None:
    """Raises InAnotherOrganization where `organization` in the address is the id of another one of the person's:
    e-mails lead so to pages without an id. What is none of theirs means nothing."""
    wanted = _uuid(request.GET.get("organization", "")) if request.method == "GET" else None
    if wanted is None or wanted == actor.organization.pk or actor.user is None:
        return
    found = membership_in(actor.user, wanted)
    if found and found.organization_id == wanted:
        raise InAnotherOrganization(found.organization)


def _named(request: HttpRequest) -> Iterator[tuple[_Thing, object]]:
    """What the address names, and its id."""
    match = request.resolver_match
    if match is None:
        return
    if thing := _PAGES.get(match.url_name or ""):
        yield thing, match.kwargs.get(thing.field)
    for thing in _ASKED.get(match.url_name or "", ()):
        if row_id := _uuid(request.GET.get(thing.field, "")):
            yield thing, row_id


def _sees(membership: Membership, thing: _Thing, row_id: object) -> bool:
    try:
        thing.find(member_actor(membership.user, membership.organization, Role(membership.role)), row_id)
    except PackshotError:
        return False
    return True


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
