"""A link into another of one's organizations: the page that was not found says where it is."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from accounts.models import ApiKey, Membership, Organization, User, WebhookEndpoint
from accounts.models.owned import Owned
from accounts.queries.memberships import own_organization_with
from processing.models import Job, JobImage, Preset

# The pages that people send each other, by the name of what their address holds.
_PAGES: dict[str, tuple[str, type[Owned]]] = {
    "job": ("job_id", Job),
    "library_image": ("image_id", JobImage),
    "presets_edit": ("preset_id", Preset),
    "api_key": ("key_id", ApiKey),
    "webhooks_endpoint": ("endpoint_id", WebhookEndpoint),
    "team_member": ("membership_id", Membership),
}


def organization_elsewhere(request: HttpRequest) -> Organization | None:
    """The organization to switch to, for a GET by one of its members; None for everybody else."""
    match = request.resolver_match
    user = getattr(request, "user", None)
    if request.method != "GET" or match is None or match.url_name not in _PAGES or not isinstance(user, User):
        return None
    name, model = _PAGES[match.url_name]
    row_id: uuid.UUID | int | None = match.kwargs.get(name)
    return own_organization_with(user, model, row_id)
